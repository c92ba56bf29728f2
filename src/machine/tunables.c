/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/tunables.h"

#include "base/text.h"
#include "event/event.h"
#include "machine/sizing.h"
#include "phys/reclaim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Kernels, as bits of boot rules. */
enum { IN_2_6 = 1 << BOOT_2_6, IN_6_1 = 1 << BOOT_6_1 };

struct tunable {
	const char *name; /* path below /proc/sys */
	unsigned kernels;
	unsigned values; /* numbers that the file holds */
	u32 least, most; /* what is written must lie between them; kernels keep it in an int */
	u32 *(*place)(const struct phys *p); /* NULL: this machine has none */
	void (*apply)(struct machine *m);
};

static u32 *min_free_kbytes(const struct phys *p)
{
	return &p->state->min_free_kbytes;
}

static u32 *watermark_scale_factor(const struct phys *p)
{
	return &p->state->watermark_scale_factor;
}

static u32 *watermark_boost_factor(const struct phys *p)
{
	return &p->state->watermark_boost_factor;
}

static u32 *lowmem_reserve_ratio(const struct phys *p)
{
	return p->state->lowmem_reserve_ratio;
}

static u32 *percpu_pagelist_fraction(const struct phys *p)
{
	return &p->state->percpu_pagelist_fraction;
}

#define PLACE_IN_RECLAIM(name)                                \
	static u32 *name(const struct phys *p)                \
	{                                                     \
		return p->reclaim ? &p->reclaim->name : NULL; \
	}

PLACE_IN_RECLAIM(swappiness)
PLACE_IN_RECLAIM(dirty_ratio)
PLACE_IN_RECLAIM(dirty_background_ratio)
PLACE_IN_RECLAIM(panic_on_oom)
PLACE_IN_RECLAIM(oom_kill_allocating_task)
PLACE_IN_RECLAIM(vfs_cache_pressure)

/* The configuration with the zones as they are now, for the rules of sizing.h. */
static struct phys_config present_config(const struct machine *m)
{
	struct phys_config c = m->config;

	for (unsigned z = 0; z < c.zones; z++) {
		const struct zone *zone = &m->phys.zone[z];

		c.zone[z].managed = zone->managed;
		for (unsigned w = 0; w < WMARK_COUNT; w++)
			c.zone[z].wmark[w] = zone->wmark[w] + zone->boost;
	}
	return c;
}

static void apply_pcp(struct machine *m, struct phys_config *c)
{
	sizing_pcp(c, sizing_rule(m->desc.boot), m->phys.state->percpu_pagelist_fraction);
	for (unsigned z = 0; z < c->zones; z++) {
		for (unsigned cpu = 0; cpu < c->cpus; cpu++) {
			for (unsigned s = 0; s < 2; s++) {
				struct pcp_set *set = &phys_pcp(&m->phys, z, cpu)->set[s];

				set->high = c->zone[z].pcp_high[s];
				set->batch = c->zone[z].pcp_batch[s];
			}
		}
		EMIT(m->phys.observer, PCP_SIZES, z, c->zone[z].pcp_high[0], c->zone[z].pcp_batch[0]);
	}
}

static void apply_fraction(struct machine *m)
{
	struct phys_config c = present_config(m);

	apply_pcp(m, &c);
}

/* A boost ends when watermarks are computed anew. */
static void apply_watermarks(struct machine *m)
{
	const struct sizing_rule *rule = sizing_rule(m->desc.boot);
	const struct phys_state *s = m->phys.state;
	struct phys_config c = present_config(m);

	sizing_watermarks(&c, rule, s->min_free_kbytes, s->watermark_scale_factor);
	for (unsigned z = 0; z < c.zones; z++) {
		const u32 *mark = c.zone[z].wmark;

		memcpy(m->phys.zone[z].wmark, mark, sizeof m->phys.zone[z].wmark);
		m->phys.zone[z].boost = 0;
		EMIT(m->phys.observer, WMARKS_SET, z, mark[WMARK_MIN], mark[WMARK_LOW], mark[WMARK_HIGH]);
	}
	if (rule->pcp_high_by_wmark)
		apply_pcp(m, &c);
}

static void apply_reserve(struct machine *m)
{
	struct phys_state *s = m->phys.state;
	struct phys_config c = present_config(m);

	/* 2.6 does not know how to keep no reserve. */
	for (unsigned type = 0; type < PHYS_ZONE_TYPES && m->desc.boot == BOOT_2_6; type++)
		if (!s->lowmem_reserve_ratio[type])
			s->lowmem_reserve_ratio[type] = 1;
	sizing_lowmem_reserve(&c, s->lowmem_reserve_ratio);
	for (unsigned z = 0; z < c.zones; z++) {
		const struct zone_config *zc = &c.zone[z];

		memcpy(m->phys.zone[z].lowmem_reserve, zc->lowmem_reserve, sizeof zc->lowmem_reserve);
		for (unsigned above = z + 1; above < c.zones; above++)
			if (c.zone[above].node == zc->node)
				EMIT(m->phys.observer, RESERVE_SET, z, above, zc->lowmem_reserve[c.zone[above].type]);
	}
}

/* Nothing is computed: the factor counts when the next boost comes. */
static void apply_boost(struct machine *m)
{
	EMIT(m->phys.observer, BOOST_FACTOR, m->phys.state->watermark_boost_factor);
}

/* It is looked up when it is needed. */
static void apply_nothing(struct machine *m)
{
	(void)m;
}

static const struct tunable tunables[] = {
	{ "vm/min_free_kbytes", IN_2_6 | IN_6_1, 1, 0, INT32_MAX, min_free_kbytes, apply_watermarks },
	{ "vm/watermark_scale_factor", IN_6_1, 1, 1, 3000, watermark_scale_factor, apply_watermarks },
	{ "vm/watermark_boost_factor", IN_6_1, 1, 0, INT32_MAX, watermark_boost_factor, apply_boost },
	{ "vm/lowmem_reserve_ratio", IN_2_6, 3, 0, INT32_MAX, lowmem_reserve_ratio, apply_reserve },
	{ "vm/lowmem_reserve_ratio", IN_6_1, 4, 0, INT32_MAX, lowmem_reserve_ratio, apply_reserve },
	{ "vm/percpu_pagelist_fraction", IN_2_6, 1, 8, INT32_MAX, percpu_pagelist_fraction, apply_fraction },
	{ "vm/percpu_pagelist_high_fraction", IN_6_1, 1, 8, INT32_MAX, percpu_pagelist_fraction, apply_fraction },
	{ "vm/swappiness", IN_2_6, 1, 0, 100, swappiness, apply_nothing },
	{ "vm/swappiness", IN_6_1, 1, 0, 200, swappiness, apply_nothing },
	{ "vm/dirty_ratio", IN_2_6 | IN_6_1, 1, 0, 100, dirty_ratio, apply_nothing },
	{ "vm/dirty_background_ratio", IN_2_6 | IN_6_1, 1, 0, 100, dirty_background_ratio, apply_nothing },
	{ "vm/panic_on_oom", IN_2_6 | IN_6_1, 1, 0, 2, panic_on_oom, apply_nothing },
	{ "vm/oom_kill_allocating_task", IN_6_1, 1, 0, 1, oom_kill_allocating_task, apply_nothing },
	{ "vm/vfs_cache_pressure", IN_2_6 | IN_6_1, 1, 0, INT32_MAX, vfs_cache_pressure, apply_nothing },
};

static bool has(const struct machine *m, const struct tunable *t)
{
	return (t->kernels >> m->desc.boot & 1) && t->place(&m->phys);
}

const char *tunables_name(const struct machine *m, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(tunables); i++)
		if (has(m, &tunables[i]) && n-- == 0)
			return tunables[i].name;
	return NULL;
}

static const struct tunable *find(const struct machine *m, const char *name, struct status *st)
{
	for (size_t i = 0; i < ARRAY_SIZE(tunables); i++)
		if (has(m, &tunables[i]) && strcmp(tunables[i].name, name) == 0)
			return &tunables[i];
	status_fail(st, STATUS_INVALID, _("the kernel of this machine has no /proc/sys/%s"), name);
	return NULL;
}

/* 0 says "not set" where the kernel has a word for it. */
static bool is_allowed(const struct machine *m, const struct tunable *t, unsigned long value)
{
	if (value == 0 && t->place == percpu_pagelist_fraction)
		return m->desc.boot != BOOT_2_6;
	return value >= t->least && value <= t->most;
}

/* Reads one number after the other, as many as there are; *count says how many. */
static bool read_values(const struct machine *m, const struct tunable *t, const char *text, u32 *values,
			unsigned *count, struct status *st)
{
	for (*count = 0; *count < t->values; ++*count) {
		unsigned long value;
		char *end;

		text += strspn(text, " \t\n");
		if (!*text && *count)
			break;
		errno = 0;
		value = strtoul(text, &end, 0);
		if (*text < '0' || *text > '9' || errno || (*end && !strchr(" \t\n", *end)))
			return status_fail(st, STATUS_INVALID, _("EINVAL: /proc/sys/%s takes numbers, not \"%s\""),
					   t->name, text);
		if (!is_allowed(m, t, value))
			return status_fail(st, STATUS_INVALID,
					   _("EINVAL: /proc/sys/%s takes numbers from %u to %u, not %lu"), t->name,
					   t->least, t->most, value);
		values[*count] = (u32)value;
		text = end;
	}
	return true;
}

bool tunables_set(struct machine *m, const char *name, const char *value, struct status *st)
{
	const struct tunable *t = find(m, name, st);
	u32 values[PHYS_ZONE_TYPES];
	unsigned count;
	bool same;

	if (!t || !read_values(m, t, value, values, &count, st))
		return false;
	same = memcmp(t->place(&m->phys), values, count * sizeof *values) == 0;
	memcpy(t->place(&m->phys), values, count * sizeof *values);
	/* Other files have their effect even if they hold the value already: a boost ends. */
	if (!same || t->place != percpu_pagelist_fraction)
		t->apply(m);
	return true;
}

bool tunables_get(const struct machine *m, const char *name, struct strbuf *out, struct status *st)
{
	const struct tunable *t = find(m, name, st);

	if (!t)
		return false;
	for (unsigned i = 0; i < t->values; i++)
		strbuf_printf(out, "%s%u", i ? "\t" : "", (unsigned)t->place(&m->phys)[i]);
	strbuf_putc(out, '\n');
	return true;
}
