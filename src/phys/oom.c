/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/oom.h"

#include "base/root.h"
#include "phys/down.h"
#include "phys/mapping.h"

#define NEVER INT64_MIN
#define OOM_DISABLE (-17) /* 2.6: oom_adj of a process that must not be killed */

s32 oom_adj_least(const struct phys *p)
{
	return reclaim_by_zone(p) ? OOM_DISABLE : -1000;
}

s32 oom_adj_most(const struct phys *p)
{
	return reclaim_by_zone(p) ? 15 : 1000;
}

/* All that could be given to processes, in pages. */
static u64 total_pages(const struct phys *p)
{
	u64 pages = p->reclaim->swap_pages;

	for (unsigned z = 0; z < p->config->zones; z++)
		pages += p->zone[z].managed;
	return pages;
}

/* ------------------------------------------------------------- points */

static s64 points_2_6(const struct phys *p, const struct owner *o)
{
	/* In units of about 10 seconds, and of about 17 minutes. */
	u64 computed = root_of((o->cpu_ms / 10) >> 10);
	u64 ran = root_of(root_of(((p->reclaim->now_ms - o->start_ms) / 1000) >> 10));
	s64 points = o->size;

	if (!points)
		return 0;
	points /= computed ? (s64)computed : 1;
	points /= ran ? (s64)ran : 1;
	if (o->nice > 0)
		points *= 2;
	/* The superuser's: once for the right to administer, once for the right to touch hardware. */
	if (!o->uid)
		points /= 16;
	if (o->oom_adj > 0)
		points = (points ? points : 1) * ((s64)1 << o->oom_adj);
	else
		points >>= -o->oom_adj;
	return points;
}

static s64 points_6_1(const struct phys *p, const struct owner *o)
{
	return (s64)o->present + o->swapped + (s64)o->oom_adj * (s64)(total_pages(p) / 1000);
}

s64 oom_points(const struct phys *p, unsigned process)
{
	const struct owner *o = &p->reclaim->owner[process];

	if (o->oom_adj == oom_adj_least(p))
		return NEVER;
	return reclaim_by_zone(p) ? points_2_6(p, o) : points_6_1(p, o);
}

s64 oom_score(const struct phys *p, unsigned process)
{
	s64 points = oom_points(p, process);

	if (reclaim_by_zone(p) || points == NEVER)
		return points == NEVER ? 0 : points;
	/* Of 2000 for all of memory, two thirds are shown, so that it never was less than with an older kernel. */
	return (1000 + points * 1000 / (s64)total_pages(p)) * 2 / 3;
}

/* ------------------------------------------------------------- choosing and killing */

/* The one with the most points; of equals the first (2.6.18) or the last (6.1). */
static unsigned choose(struct phys *p, s64 *most)
{
	unsigned chosen = OWNER_NOBODY;

	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		s64 points;

		if (p->reclaim->owner[n].kind != OWNER_PROCESS)
			continue;
		points = oom_points(p, n);
		EMIT(p->observer, OOM_POINTS, n, points == NEVER ? 0 : (u64)points);
		if (points == NEVER)
			continue;
		if (chosen == OWNER_NOBODY || points > *most || (points == *most && !reclaim_by_zone(p))) {
			chosen = n;
			*most = points;
		}
	}
	return chosen;
}

static void tell(struct phys *p, const struct oom_report *report)
{
	if (p->oom)
		p->oom(p->oom_context, report);
}

enum oom_result oom_kill(struct phys *p, gfp_t gfp, unsigned order)
{
	struct reclaim *r = p->reclaim;
	struct oom_report report = { .gfp = gfp, .order = order, .victim = OWNER_NOBODY };

	EMIT(p->observer, OOM_BEGINS, order, gfp);
	if (r->panic_on_oom) {
		report.result = OOM_PANIC;
		tell(p, &report);
		EMIT(p->observer, OOM_PANICS, 0);
		down_by(p, DOWN_PANIC);
		return OOM_PANIC;
	}
	if (r->oom_kill_allocating_task && r->current && oom_points(p, r->current - 1) != NEVER) {
		report.victim = r->current - 1;
		report.asker = true;
	} else {
		report.victim = choose(p, &report.points);
	}
	if (report.victim == OWNER_NOBODY) {
		report.result = OOM_NO_VICTIM;
		tell(p, &report);
		EMIT(p->observer, OOM_NOBODY, 0);
		down_by(p, DOWN_PANIC);
		return OOM_NO_VICTIM;
	}
	tell(p, &report);
	EMIT(p->observer, OOM_KILLS, report.victim, (u64)report.points);
	r->owner[report.victim].killed = 1;
	reclaim_count(p, 0, VM_OOM_KILL, 1);
	mapping_end(p, report.victim);
	return OOM_KILLED;
}
