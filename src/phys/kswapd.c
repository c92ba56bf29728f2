/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/kswapd.h"

#include "base/types.h"
#include "phys/down.h"
#include "phys/lru.h"
#include "phys/shrinker.h"
#include "phys/vmscan.h"
#include "phys/vmscan_node.h"
#include "phys/vmscan_zone.h"
#include "phys/watermark.h"
#include "phys/writeback.h"

#define HOPELESS 16 /* runs in a row without a page: MAX_RECLAIM_RETRIES */

/* Is a zone above a watermark for a request of this order, without concessions? */
static bool above(struct phys *p, unsigned zone, enum wmark mark, unsigned order, unsigned highest)
{
	struct request rq = {
		.order = order,
		.type = MT_MOVABLE,
		.highest_zone = highest,
		.reserve_index = highest,
		.mark = mark,
	};

	return watermark_holds(p, zone, &rq);
}

/* 6.1: can a request for zones up to `highest` be served? */
static bool node_balanced(struct phys *p, unsigned node, unsigned order, unsigned highest)
{
	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].node == node && p->config->zone[z].type <= highest &&
		    above(p, z, WMARK_HIGH, order, highest))
			return true;
	return false;
}

static u64 boost_of(const struct phys *p, unsigned node)
{
	u64 boost = 0;

	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].node == node)
			boost += p->zone[z].boost;
	return boost;
}

/* ------------------------------------------------------------- waking */

static void wake(struct phys *p, unsigned node, unsigned order, unsigned highest)
{
	struct kswapd *k = &p->reclaim->kswapd[node];
	bool news = !k->awake;

	k->awake = 1;
	k->order = order > k->order ? order : k->order;
	k->highest_zone = highest > k->highest_zone ? highest : k->highest_zone;
	if (news)
		EMIT(p->observer, KSWAPD_WOKEN, node, k->order);
}

bool kswapd_is_hopeless(const struct phys *p, unsigned node)
{
	return p->reclaim && p->reclaim->kswapd[node].failures >= HOPELESS;
}

void kswapd_wake(struct phys *p, const struct request *rq)
{
	if (!reclaim_exists(p) || !rq->wakes_kswapd)
		return;
	for (const u8 *zone = request_zonelist(p, rq->highest_zone); *zone != ZONELIST_END; zone++) {
		unsigned node = p->config->zone[*zone].node;

		if (reclaim_by_zone(p)) {
			if (!above(p, *zone, WMARK_LOW, rq->order, 0))
				wake(p, node, rq->order, PHYS_ZONE_TYPES - 1);
		} else if (!kswapd_is_hopeless(p, node) &&
			   (boost_of(p, node) || !node_balanced(p, node, rq->order, rq->highest_zone))) {
			wake(p, node, rq->order, rq->highest_zone);
		}
	}
}

void kswapd_wake_boosted(struct phys *p, unsigned zone)
{
	if (reclaim_exists(p))
		wake(p, p->config->zone[zone].node, 0, p->config->zone[zone].type);
}

/* ------------------------------------------------------------- 2.6.18 */

/* Up to the highest zone that is below its high watermark all are looked at; -1: none is below. */
static int highest_low_zone(struct phys *p, unsigned node, const struct scan *sc)
{
	for (unsigned z = p->config->zones; z-- > 0;) {
		if (p->config->zone[z].node != node || (p->lruvec[z].unreclaimable && sc->priority != RECLAIM_PRIORITY))
			continue;
		if (!above(p, z, WMARK_HIGH, sc->order, 0))
			return (int)z;
	}
	return -1;
}

/* One pass over the zones. true: all are above high. */
static bool pass_zones(struct phys *p, unsigned node, struct scan *sc, unsigned last, u64 *total)
{
	u64 pages = 0;
	bool all = true;

	for (unsigned z = 0; z <= last; z++)
		pages += p->config->zone[z].node == node ? vmscan_zone_pages(p, z) : 0;
	for (unsigned z = 0; z <= last; z++) {
		if (p->config->zone[z].node != node || (p->lruvec[z].unreclaimable && sc->priority != RECLAIM_PRIORITY))
			continue;
		all &= above(p, z, WMARK_HIGH, sc->order, p->config->zone[last].type);
		sc->scanned = 0;
		vmscan_zone_urge(p, z, sc->priority);
		vmscan_zone_shrink(p, sc, z);
		sc->reclaimed += shrinker_run_by_share(p, sc->gfp, sc->scanned, pages);
		*total += sc->scanned;
	}
	return all;
}

/* Passes of rising effort. true: all zones are above high, or are left alone because all was scanned so often. */
static bool round_2_6(struct phys *p, unsigned node, struct scan *sc)
{
	u64 before = sc->reclaimed, total = 0;

	for (unsigned priority = RECLAIM_PRIORITY + 1; priority-- > 0;) {
		int last;

		sc->priority = priority;
		last = highest_low_zone(p, node, sc);
		if (last < 0)
			return true;
		EMIT(p->observer, PRIORITY, priority);
		if (pass_zones(p, node, sc, (unsigned)last, &total))
			return true;
		if (total && priority < RECLAIM_PRIORITY - 2)
			vmscan_wait(p, true);
		if (sc->reclaimed - before >= RECLAIM_CLUSTER)
			break;
	}
	return false;
}

static void balance_2_6(struct phys *p, unsigned node, struct scan *sc)
{
	bool done;

	sc->may_write = true;
	do {
		vmscan_zone_begin(p, node);
		done = round_2_6(p, node, sc);
		vmscan_zone_end(p, node);
	} while (!done);
}

/* ------------------------------------------------------------- 6.1 */

/* Pages that one pass is to free: as many as bring all zones to high at once. */
static u64 pass_goal(const struct phys *p, unsigned node, unsigned highest)
{
	u64 goal = 0;

	for (unsigned z = 0; z < p->config->zones; z++) {
		u64 high = (u64)p->zone[z].wmark[WMARK_HIGH] + p->zone[z].boost;

		if (p->config->zone[z].node == node && p->config->zone[z].type <= highest)
			goal += high > RECLAIM_CLUSTER ? high : RECLAIM_CLUSTER;
	}
	return goal;
}

/* One pass at the priority of `sc`. true: it has looked at as many pages as it was to free. */
static bool pass_node(struct phys *p, unsigned node, struct scan *sc, u64 *reclaimed)
{
	u64 before = sc->reclaimed;

	sc->scanned = 0;
	sc->wanted = pass_goal(p, node, sc->highest_zone);
	EMIT(p->observer, PRIORITY, sc->priority);
	vmscan_node_shrink(p, sc, node);
	vmscan_wait(p, true);
	*reclaimed = sc->reclaimed - before;
	/* Enough single pages are free for compaction to make a block of them. */
	if (sc->order && sc->reclaimed >= (UINT64_C(2) << sc->order))
		sc->order = 0;
	return sc->scanned >= sc->wanted;
}

static void lower_boosts(struct phys *p, unsigned node)
{
	for (unsigned z = 0; z < p->config->zones; z++) {
		if (p->config->zone[z].node != node || !p->zone[z].boost)
			continue;
		p->zone[z].boost = 0;
		EMIT(p->observer, BOOST_LOWERED, z);
	}
}

static void balance_6_1(struct phys *p, unsigned node, struct scan *sc)
{
	u64 boost = boost_of(p, node), freed = 0;
	bool done = false;

	sc->priority = RECLAIM_PRIORITY;
	while (sc->priority >= 1) {
		bool balanced = node_balanced(p, node, sc->order, sc->highest_zone), enough;

		/* Real need goes before what a boost asks for. */
		if (!balanced && boost) {
			boost = 0;
			sc->priority = RECLAIM_PRIORITY;
			continue;
		}
		done = balanced && !boost;
		if (done)
			break;
		/* For a boost nothing is written and nothing swapped, and only lightly scanned. */
		sc->may_write = !boost;
		sc->may_swap = !boost;
		vmscan_node_age(p, sc, node);
		enough = pass_node(p, node, sc, &freed);
		if (boost && !freed)
			break;
		boost -= boost < freed ? boost : freed;
		if ((!enough || !freed) && !(boost && sc->priority == RECLAIM_PRIORITY - 2))
			sc->priority--;
	}
	/* It has failed if it had work to do and freed nothing, not if others had done the work before it came. */
	if (!sc->reclaimed && !done)
		p->reclaim->kswapd[node].failures++;
	lower_boosts(p, node);
}

/* ------------------------------------------------------------- running */

static u64 run_one(struct phys *p, unsigned node)
{
	struct kswapd *k = &p->reclaim->kswapd[node];
	gfp_t gfp = 0;
	struct scan sc = { .order = k->order, .highest_zone = k->highest_zone, .kswapd = true, .may_swap = true };

	gfp_by_name(p->config->gfp, "GFP_KERNEL", &gfp);
	sc.gfp = gfp;
	reclaim_count(p, 0, VM_PAGEOUTRUN, 1);
	EMIT(p->observer, KSWAPD_RUNS, node, k->order);
	k->awake = k->order = k->highest_zone = 0;
	p->reclaim->in_reclaim++;
	if (reclaim_by_zone(p))
		balance_2_6(p, node, &sc);
	else
		balance_6_1(p, node, &sc);
	p->reclaim->in_reclaim--;
	EMIT(p->observer, KSWAPD_SLEEPS, node, sc.reclaimed);
	return sc.reclaimed;
}

u64 kswapd_run(struct phys *p)
{
	u64 freed = 0;

	for (unsigned node = 0; node < p->config->nodes; node++)
		if (p->reclaim->kswapd[node].awake && p->reclaim->kswapd_mode != KSWAPD_OFF)
			freed += run_one(p, node);
	return freed;
}

void kswapd_command_ended(struct phys *p)
{
	if (reclaim_exists(p) && !down_is(p) && p->reclaim->kswapd_mode == KSWAPD_AUTO &&
	    vmscan_can_help(p, p->gfp->io | p->gfp->fs))
		kswapd_run(p);
}

void kswapd_let_time_pass(struct phys *p, u64 ms)
{
	p->reclaim->now_ms += ms;
	EMIT(p->observer, TIME_PASSES, ms);
	writeback_tick(p);
	kswapd_run(p);
}
