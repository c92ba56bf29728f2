/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/page_slow.h"

#include "phys/compact.h"
#include "phys/fallback.h"
#include "phys/kswapd.h"
#include "phys/oom.h"
#include "phys/page_alloc.h"
#include "phys/pcp.h"
#include "phys/vmscan.h"
#include "phys/vmscan_node.h"
#include "phys/watermark.h"

#define TRIES 16 /* in vain, before a kernel gives up: MAX_RECLAIM_RETRIES */
#define VAIN 4 /* rounds without a page after which all that can change by itself has changed */
#define COMPACT_TRIES 3 /* light, thorough, whole */

/* How a request that waits stands. */
struct slow {
	struct request *rq;
	u64 progress; /* pages that the last direct reclaim freed */
	unsigned idle; /* reclaims in a row that have not freed any page, or (6.1) any that helps */
	unsigned vain; /* rounds in a row in which nothing at all was freed */
	unsigned compactions;
	u64 frees; /* blocks given back at the start of the round */
};

static bool has(const struct slow *s, gfp_t flag)
{
	return (s->rq->gfp & flag) != 0;
}

/* An attempt with other rights than the request has for itself. */
static pfn_t try_with(struct phys *p, const struct slow *s, enum wmark mark, bool harder)
{
	struct request rq = *s->rq;

	rq.mark = mark;
	rq.may_use_high = rq.may_use_harder = rq.cannot_block = rq.use_highatomic = false;
	rq.may_use_harder = harder;
	return page_alloc_walk(p, &rq);
}

/* The request sleeps a moment: others run. */
static void nap(struct phys *p)
{
	EMIT(p->observer, SLEEPS, 0);
	vmscan_wait(p, false);
}

/* The same for one who would try for ever. false: in all these rounds nothing was freed, and nothing will be. */
static bool sleep_and_go_on(struct phys *p, struct slow *s)
{
	nap(p);
	s->vain = p->state->frees == s->frees ? s->vain + 1 : 0;
	s->frees = p->state->frees;
	if (s->vain < VAIN)
		return true;
	p->reclaim->hung = 1;
	EMIT(p->observer, WAITS_FOREVER, s->vain);
	return false;
}

/* Lets the killer do its work. true: somebody was killed, but not the one who asks. */
static bool kill_one(struct phys *p, const struct slow *s)
{
	u32 current = p->reclaim->current;

	if (oom_kill(p, s->rq->gfp, s->rq->order) != OOM_KILLED)
		return false;
	if (!current || !p->reclaim->owner[current - 1].killed)
		return true;
	EMIT(p->observer, ASKER_KILLED, current - 1);
	return false;
}

/* ------------------------------------------------------------- 2.6.18 */

/* From the beginning: down to low, then as deep as the request may. */
static pfn_t start_again_2_6(struct phys *p, struct slow *s)
{
	pfn_t pfn = try_with(p, s, WMARK_LOW, false);

	if (pfn != PFN_NONE)
		return pfn;
	kswapd_wake(p, s->rq);
	return page_alloc_walk(p, s->rq);
}

/* Is the request repeated until it is served? */
static bool repeats_2_6(const struct phys *p, const struct slow *s)
{
	if (has(s, p->gfp->noretry))
		return false;
	return s->rq->order <= RECLAIM_COSTLY || has(s, p->gfp->retry | p->gfp->nofail);
}

static pfn_t wait_2_6(struct phys *p, struct slow *s)
{
	pfn_t pfn;

	for (;;) {
		s->progress = vmscan_direct(p, s->rq->gfp, s->rq->order, s->rq->highest_zone);
		if (s->progress) {
			pfn = page_alloc_walk(p, s->rq);
			if (pfn != PFN_NONE)
				return pfn;
		} else if (has(s, p->gfp->fs) && !has(s, p->gfp->noretry)) {
			/* To look at all pages takes long: kswapd was at work meanwhile. Above high there is enough
			 * again. */
			nap(p);
			pfn = try_with(p, s, WMARK_HIGH, false);
			if (pfn != PFN_NONE)
				return pfn;
			if (!kill_one(p, s))
				return PFN_NONE;
			pfn = start_again_2_6(p, s);
			if (pfn != PFN_NONE)
				return pfn;
			continue;
		}
		if (!repeats_2_6(p, s)) {
			EMIT(p->observer, GIVES_UP, s->rq->order, s->rq->gfp);
			return PFN_NONE;
		}
		if (!sleep_and_go_on(p, s))
			return PFN_NONE;
	}
}

/* ------------------------------------------------------------- 6.1 */

/* Pages that CPUs and the high-atomic reserve hold back are pages, too. */
static pfn_t collect_and_try(struct phys *p, struct slow *s)
{
	EMIT(p->observer, DRAIN_ALL, 0);
	fallback_unreserve_highatomic(p, s->rq, false);
	for (unsigned z = 0; z < p->config->zones; z++)
		for (unsigned cpu = 0; cpu < p->config->cpus; cpu++)
			pcp_drain(p, z, cpu);
	return page_alloc_walk(p, s->rq);
}

static pfn_t reclaim_6_1(struct phys *p, struct slow *s)
{
	pfn_t pfn;

	s->progress = vmscan_direct(p, s->rq->gfp, s->rq->order, s->rq->highest_zone);
	if (!s->progress)
		return PFN_NONE;
	pfn = page_alloc_walk(p, s->rq);
	return pfn != PFN_NONE ? pfn : collect_and_try(p, s);
}

/* Compacts the zones of the request, one after the other, until it can be served. */
static pfn_t compact_6_1(struct phys *p, struct slow *s, bool *worked)
{
	*worked = false;
	if (!s->rq->order)
		return PFN_NONE;
	for (const u8 *zone = request_zonelist(p, s->rq->highest_zone); *zone != ZONELIST_END; zone++) {
		pfn_t pfn;

		if (compact_for(p, *zone, s->rq) == COMPACT_SKIPPED)
			continue;
		if (!*worked)
			reclaim_count(p, *zone, VM_COMPACT_STALL, 1);
		*worked = true;
		pfn = page_alloc_walk(p, s->rq);
		if (pfn != PFN_NONE) {
			reclaim_count(p, *zone, VM_COMPACT_SUCCESS, 1);
			return pfn;
		}
		reclaim_count(p, *zone, VM_COMPACT_FAIL, 1);
	}
	return PFN_NONE;
}

/* Would the request be served if all that can be reclaimed were? */
static bool reclaim_may_help(struct phys *p, struct slow *s)
{
	bool costly = s->rq->order > RECLAIM_COSTLY;

	s->idle = s->progress && !costly ? 0 : s->idle + 1;
	if (s->idle > TRIES)
		return fallback_unreserve_highatomic(p, s->rq, true);
	for (const u8 *zone = request_zonelist(p, s->rq->highest_zone); *zone != ZONELIST_END; zone++) {
		struct request rq = *s->rq;
		u64 more = vmscan_node_reclaimable(p, *zone);

		rq.mark = WMARK_MIN;
		if (watermark_within_reach(p, *zone, &rq, (s64)more)) {
			EMIT(p->observer, RECLAIM_MAY_HELP, *zone, more, s->idle);
			return true;
		}
	}
	return false;
}

/* May the killer be asked? *retry: it is not, but the request goes on. */
static bool may_kill_6_1(const struct phys *p, const struct slow *s, bool *retry)
{
	*retry = false;
	if (s->rq->order > RECLAIM_COSTLY || has(s, p->gfp->retry | p->gfp->thisnode) ||
	    s->rq->highest_zone < p->config->gfp_zone[0]) {
		EMIT(p->observer, NOT_WORTH_KILLING, s->rq->order, s->rq->gfp);
		return false;
	}
	/* Without the file system little could be reclaimed: that is no reason to kill. */
	*retry = !has(s, p->gfp->fs);
	return !*retry;
}

/* Reclaim and compaction have not helped, nor will they. true: try again. */
static bool last_resort_6_1(struct phys *p, struct slow *s, pfn_t *pfn)
{
	bool retry;

	*pfn = try_with(p, s, WMARK_HIGH, false);
	if (*pfn != PFN_NONE)
		return false;
	if (may_kill_6_1(p, s, &retry)) {
		s->idle = s->compactions = 0;
		return kill_one(p, s);
	}
	return retry && sleep_and_go_on(p, s);
}

/* __GFP_NOFAIL: a little deeper, and on. */
static bool must_not_fail(struct phys *p, struct slow *s, pfn_t *pfn)
{
	if (!has(s, p->gfp->nofail) || (p->reclaim->current && p->reclaim->owner[p->reclaim->current - 1].killed))
		return false;
	EMIT(p->observer, MUST_NOT_FAIL, 0);
	*pfn = try_with(p, s, WMARK_MIN, true);
	return *pfn == PFN_NONE && sleep_and_go_on(p, s);
}

/* One round. true: another one. */
static bool round_6_1(struct phys *p, struct slow *s, pfn_t *pfn)
{
	bool costly = s->rq->order > RECLAIM_COSTLY, compacted;

	kswapd_wake(p, s->rq);
	*pfn = reclaim_6_1(p, s);
	if (*pfn != PFN_NONE)
		return false;
	*pfn = compact_6_1(p, s, &compacted);
	if (*pfn != PFN_NONE)
		return false;
	if (has(s, p->gfp->noretry) || (costly && !has(s, p->gfp->retry))) {
		EMIT(p->observer, GIVES_UP, s->rq->order, s->rq->gfp);
		return false;
	}
	if (reclaim_may_help(p, s)) {
		nap(p);
		return true;
	}
	if (compacted && s->progress && s->compactions++ < COMPACT_TRIES) {
		EMIT(p->observer, COMPACT_AGAIN, s->compactions);
		return true;
	}
	return last_resort_6_1(p, s, pfn);
}

static pfn_t wait_6_1(struct phys *p, struct slow *s)
{
	pfn_t pfn = PFN_NONE;
	bool compacted = false;

	/* A large block is hardly made by reclaim; a small one of pages that cannot move might be made by compaction.
	 */
	if (s->rq->order > RECLAIM_COSTLY || (s->rq->order && s->rq->type != MT_MOVABLE)) {
		pfn = compact_6_1(p, s, &compacted);
		if (pfn != PFN_NONE)
			return pfn;
		if (s->rq->order > RECLAIM_COSTLY && has(s, p->gfp->noretry) && !compacted) {
			EMIT(p->observer, GIVES_UP, s->rq->order, s->rq->gfp);
			return PFN_NONE;
		}
	}
	do {
		while (round_6_1(p, s, &pfn))
			continue;
	} while (pfn == PFN_NONE && s->vain < VAIN && must_not_fail(p, s, &pfn));
	return pfn;
}

/* ------------------------------------------------------------- what both have in common */

/* Who reclaims, or may use all memory anyway, must not wait for reclaim. */
static bool may_reclaim(const struct phys *p)
{
	return !p->reclaim->in_reclaim && !p->state->memalloc;
}

pfn_t page_slow_wait(struct phys *p, struct request *rq)
{
	struct slow s = { .rq = rq, .frees = p->state->frees };

	if (!may_reclaim(p)) {
		EMIT(p->observer, IS_RECLAIMING, 0);
		return PFN_NONE;
	}
	return reclaim_by_zone(p) ? wait_2_6(p, &s) : wait_6_1(p, &s);
}

bool page_slow_exists(const struct phys *p)
{
	/* The first file or process gets the first place there is; whoever has ended leaves his name. */
	return reclaim_exists(p) && (*p->reclaim->owner[0].name || p->reclaim->shrinkers);
}
