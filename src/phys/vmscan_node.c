/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/vmscan_node.h"

#include "phys/lru.h"
#include "phys/request.h"
#include "phys/shrinker.h"
#include "phys/swap.h"

enum { ANON, FILES };

u64 vmscan_node_reclaimable(const struct phys *p, unsigned zone)
{
	const u32 *lru = p->zone_pages[zone].lru;
	u64 pages = (u64)lru[LRU_INACTIVE_FILE] + lru[LRU_ACTIVE_FILE];

	if (swap_has_room(p))
		pages += (u64)lru[LRU_INACTIVE_ANON] + lru[LRU_ACTIVE_ANON];
	return pages;
}

/* ------------------------------------------------------------- one page */

/* What its use since the last look says. FATE_FREE: nothing against taking it; *clean_only: but not if it is dirty. */
static enum fate judge_use(struct phys *p, pfn_t pfn, bool *clean_only)
{
	u32 flags = page_find(p, pfn)->lru.flags;

	*clean_only = false;
	if (!(flags & (LRU_YOUNG | LRU_REFERENCED)))
		return FATE_FREE;
	lru_change(p, pfn, flags & LRU_YOUNG ? LRU_REFERENCED : 0, LRU_YOUNG | LRU_REFERENCED);
	if (flags & LRU_YOUNG) {
		/* The fault that made the page marked it, so one mark alone says little. */
		if (flags & LRU_REFERENCED) {
			EMIT(p->observer, ACTIVATE_USED, pfn);
			return FATE_ACTIVATE;
		}
		EMIT(p->observer, KEEP_USED, pfn);
		return FATE_KEEP;
	}
	*clean_only = page_find(p, pfn)->kind == PAGE_FILE;
	return FATE_FREE;
}

/* A dirty page. */
static enum fate judge_dirty(struct phys *p, struct scan *sc, pfn_t pfn, bool clean_only)
{
	const struct page *page = page_find(p, pfn);
	const struct lruvec *v = &p->lruvec[lru_vec_of(p, (unsigned)phys_zone_of(p, pfn))];

	/* kswapd writes itself only where it met nothing but dirty pages, and this one for the second time. */
	if (page->kind == PAGE_FILE && !(sc->kswapd && (page->lru.flags & LRU_RECLAIM) && v->only_dirty)) {
		lru_change(p, pfn, LRU_RECLAIM, 0);
		reclaim_count(p, (unsigned)phys_zone_of(p, pfn), VM_VMSCAN_IMMEDIATE, 1);
		EMIT(p->observer, ACTIVATE_DIRTY, pfn);
		return FATE_ACTIVATE;
	}
	if (clean_only || !vmscan_may_write(p, sc, page) || !sc->may_write)
		EMIT(p->observer, KEEP_MAY_NOT_WRITE, pfn);
	else
		vmscan_pageout(p, pfn);
	return FATE_KEEP;
}

static enum fate judge(struct phys *p, struct scan *sc, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);
	enum fate fate;
	bool clean_only;

	if (page->lru.flags & LRU_WRITEBACK) {
		lru_change(p, pfn, LRU_RECLAIM, 0);
		EMIT(p->observer, ACTIVATE_WRITEBACK, pfn);
		return FATE_ACTIVATE;
	}
	fate = judge_use(p, pfn, &clean_only);
	if (fate != FATE_FREE)
		return fate;
	if (page->kind == PAGE_ANON && !(page->lru.flags & LRU_SWAPCACHE)) {
		if (!(sc->gfp & p->gfp->io)) {
			EMIT(p->observer, KEEP_MAY_NOT_WRITE, pfn);
			return FATE_KEEP;
		}
		if (!swap_add(p, pfn)) {
			EMIT(p->observer, ACTIVATE_NO_SWAP, pfn);
			return FATE_ACTIVATE;
		}
	}
	return page->lru.flags & LRU_DIRTY ? judge_dirty(p, sc, pfn, clean_only) : FATE_FREE;
}

/* ------------------------------------------------------------- lists */

/*
 * Takes up to `count` pages from the tail of a list.  Those of zones that do not
 * help are passed over, and go to its head.
 */
static u32 isolate(struct phys *p, const struct scan *sc, unsigned node, enum lru_list list, u32 count, pfn_t *pages)
{
	u32 left = p->lruvec[node].list[list].count, taken = 0;

	while (left-- && taken < count) {
		pfn_t pfn = lru_take_oldest(p, node, list);
		unsigned zone = (unsigned)phys_zone_of(p, pfn);

		if (p->config->zone[zone].type > sc->highest_zone) {
			reclaim_count(p, zone, VM_PGSKIP, 1);
			lru_put(p, pfn, AT_HEAD);
		} else {
			pages[taken++] = pfn;
		}
	}
	return taken;
}

static void shrink_inactive(struct phys *p, struct scan *sc, unsigned node, unsigned file, u32 count)
{
	enum lru_list list = file ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
	pfn_t pages[RECLAIM_CLUSTER];
	u32 taken = isolate(p, sc, node, list, count, pages), dirty = 0, before = p->reclaim->writing;

	if (!taken)
		return;
	EMIT(p->observer, SCAN, node, list, taken);
	sc->scanned += taken;
	for (u32 i = 0; i < taken; i++) {
		vmscan_count(p, sc, (unsigned)phys_zone_of(p, pages[i]), file, false);
		dirty += file && (page_find(p, pages[i])->lru.flags & LRU_DIRTY);
		vmscan_settle(p, sc, pages[i], judge(p, sc, pages[i]));
	}
	lru_note_cost(p, node, file, p->reclaim->writing - before);
	/* Nothing but dirty pages: whoever writes them must wake up. */
	if (file && dirty == taken)
		p->reclaim->flush_wanted = 1;
	sc->dirty += dirty;
	sc->taken += file ? taken : 0;
}

/* All go to the inactive list, used or not; there they show whether they are needed. */
static void shrink_active(struct phys *p, struct scan *sc, unsigned node, unsigned file, u32 count)
{
	enum lru_list list = file ? LRU_ACTIVE_FILE : LRU_ACTIVE_ANON;
	pfn_t pages[RECLAIM_CLUSTER];
	u32 taken = isolate(p, sc, node, list, count, pages);

	if (!taken)
		return;
	EMIT(p->observer, SCAN, node, list, taken);
	for (u32 i = 0; i < taken; i++) {
		unsigned zone = (unsigned)phys_zone_of(p, pages[i]);

		/* A mark that a process has made is lost: to be kept it must be used again. */
		lru_change(p, pages[i], LRU_WORKINGSET, LRU_IS_ACTIVE | LRU_YOUNG);
		lru_put(p, pages[i], AT_HEAD);
		reclaim_count(p, zone, VM_PGREFILL, 1);
		reclaim_count(p, zone, VM_PGDEACTIVATE, 1);
		EMIT(p->observer, DEACTIVATED, pages[i]);
	}
}

/* ------------------------------------------------------------- how much of what */

/* How many pages of each list are to be looked at. */
struct plan {
	u64 left[LRU_LISTS];
	u64 whole[LRU_LISTS];
};

static void plan_equal(const struct phys *p, const struct scan *sc, unsigned node, const u64 share[2], u64 of,
		       struct plan *plan)
{
	for (unsigned l = 0; l < LRU_LISTS; l++) {
		u64 pages = lru_size(p, node, (enum lru_list)l, sc->highest_zone) >> sc->priority;

		plan->left[l] = plan->whole[l] = pages * share[l >= LRU_INACTIVE_FILE] / of;
	}
}

/* The shares of anonymous pages and of files in the effort. */
static void plan_scan(struct phys *p, const struct scan *sc, unsigned node, struct plan *plan)
{
	static const u64 files_only[2] = { 0, 1 }, anon_only[2] = { 1, 0 }, both[2] = { 1, 1 };
	const struct lruvec *v = &p->lruvec[node];
	u64 swappiness = p->reclaim->swappiness, total = v->cost[ANON] + v->cost[FILES], share[2];

	if (!sc->may_swap || !swap_has_room(p)) {
		EMIT(p->observer, SCAN_FILES, node);
		plan_equal(p, sc, node, files_only, 1, plan);
	} else if (!sc->priority && swappiness) {
		EMIT(p->observer, SCAN_EQUALLY, node);
		plan_equal(p, sc, node, both, 1, plan);
	} else if (sc->file_is_tiny) {
		EMIT(p->observer, SCAN_ANON, node);
		plan_equal(p, sc, node, anon_only, 1, plan);
	} else if (sc->cache_trim) {
		EMIT(p->observer, SCAN_TRIM, node);
		plan_equal(p, sc, node, files_only, 1, plan);
	} else {
		share[ANON] = swappiness * (2 * total + 1) / (total + v->cost[ANON] + 1);
		share[FILES] = (200 - swappiness) * (2 * total + 1) / (total + v->cost[FILES] + 1);
		EMIT(p->observer, SCAN_SHARES, node, share[ANON], share[FILES], swappiness);
		plan_equal(p, sc, node, share, share[ANON] + share[FILES], plan);
	}
}

/* Looks at up to a cluster of a list. */
static void shrink_list(struct phys *p, struct scan *sc, unsigned node, enum lru_list list, u32 count)
{
	unsigned file = list >= LRU_INACTIVE_FILE;

	if (list == LRU_INACTIVE_ANON || list == LRU_INACTIVE_FILE)
		shrink_inactive(p, sc, node, file, count);
	else if (sc->deactivate[file])
		shrink_active(p, sc, node, file, count);
	else
		sc->skipped_deactivate = true;
}

static void shrink_round(struct phys *p, struct scan *sc, unsigned node, struct plan *plan)
{
	for (unsigned l = 0; l < LRU_LISTS; l++) {
		u64 now = plan->left[l] < RECLAIM_CLUSTER ? plan->left[l] : RECLAIM_CLUSTER;

		if (!now)
			continue;
		plan->left[l] -= now;
		shrink_list(p, sc, node, (enum lru_list)l, (u32)now);
	}
}

/*
 * Enough is freed: the kind of which less is left to do is left alone, and of
 * the other as much is dropped in proportion.  false: there is no more to do.
 */
static bool scale_down(struct plan *plan)
{
	u64 files = plan->left[LRU_INACTIVE_FILE] + plan->left[LRU_ACTIVE_FILE];
	u64 anon = plan->left[LRU_INACTIVE_ANON] + plan->left[LRU_ACTIVE_ANON];
	unsigned less = files > anon ? LRU_INACTIVE_ANON : LRU_INACTIVE_FILE;
	unsigned more = files > anon ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
	u64 percent;

	if (!files || !anon)
		return false;
	percent = (files > anon ? anon : files) * 100 / (plan->whole[less] + plan->whole[less + 1] + 1);
	plan->left[less] = plan->left[less + 1] = 0;
	for (unsigned l = more; l <= more + 1; l++) {
		u64 done = plan->whole[l] - plan->left[l], keep = plan->whole[l] * (100 - percent) / 100;

		plan->left[l] = keep > done ? keep - done : 0;
	}
	return true;
}

static bool work_is_left(const struct plan *plan)
{
	return plan->left[LRU_INACTIVE_ANON] || plan->left[LRU_ACTIVE_FILE] || plan->left[LRU_INACTIVE_FILE];
}

static void shrink_lists(struct phys *p, struct scan *sc, unsigned node)
{
	u64 before = sc->reclaimed;
	bool proportional = !sc->kswapd && sc->priority == RECLAIM_PRIORITY, scaled = false;
	struct plan plan;

	plan_scan(p, sc, node, &plan);
	while (work_is_left(&plan)) {
		shrink_round(p, sc, node, &plan);
		if (sc->reclaimed - before < sc->wanted || proportional || scaled)
			continue;
		if (!scale_down(&plan))
			break;
		scaled = true;
	}
	if (swap_has_room(p) && lru_inactive_is_low(p, node, ANON, sc->highest_zone))
		shrink_active(p, sc, node, ANON, RECLAIM_CLUSTER);
}

/* ------------------------------------------------------------- a node */

static u64 activations(const struct phys *p, unsigned node, enum vm_event event)
{
	u64 sum = 0;

	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].node == node)
			sum += p->zone_pages[z].event[event];
	return sum;
}

/* Active pages are looked at where too few are inactive, or where pages of the working set come back from disk. */
static void prepare(struct phys *p, struct scan *sc, unsigned node)
{
	const struct lruvec *v = &p->lruvec[node];
	u64 inactive_file = lru_size(p, node, LRU_INACTIVE_FILE, PHYS_ZONE_TYPES);
	u64 files = inactive_file + lru_size(p, node, LRU_ACTIVE_FILE, PHYS_ZONE_TYPES);
	u64 anon = lru_size(p, node, LRU_INACTIVE_ANON, PHYS_ZONE_TYPES);
	u64 free = 0, high = 0;

	sc->deactivate[ANON] = sc->force_deactivate ||
			       v->refaults[ANON] != (u32)activations(p, node, VM_ACTIVATE_ANON) ||
			       lru_inactive_is_low(p, node, ANON, PHYS_ZONE_TYPES);
	sc->deactivate[FILES] = sc->force_deactivate ||
				v->refaults[FILES] != (u32)activations(p, node, VM_ACTIVATE_FILE) ||
				lru_inactive_is_low(p, node, FILES, PHYS_ZONE_TYPES);
	sc->cache_trim = inactive_file >> sc->priority && !sc->deactivate[FILES];
	for (unsigned z = 0; z < p->config->zones; z++) {
		if (p->config->zone[z].node != node)
			continue;
		free += p->zone[z].free;
		high += p->zone[z].wmark[WMARK_HIGH] + p->zone[z].boost;
	}
	sc->file_is_tiny = files + free <= high && !sc->deactivate[ANON] && anon >> sc->priority;
}

void vmscan_node_shrink(struct phys *p, struct scan *sc, unsigned node)
{
	struct lruvec *v = &p->lruvec[node];

	sc->dirty = sc->taken = 0;
	prepare(p, sc, node);
	shrink_lists(p, sc, node);
	sc->reclaimed += shrinker_run_by_priority(p, sc->gfp, sc->priority);
	if (sc->kswapd && sc->taken)
		v->only_dirty = sc->dirty == sc->taken;
	/* Whoever makes progress gives kswapd hope again. */
	if (sc->reclaimed)
		p->reclaim->kswapd[node].failures = 0;
}

void vmscan_node_age(struct phys *p, struct scan *sc, unsigned node)
{
	if (swap_has_room(p) && lru_inactive_is_low(p, node, ANON, PHYS_ZONE_TYPES))
		shrink_active(p, sc, node, ANON, RECLAIM_CLUSTER);
}

/* ------------------------------------------------------------- direct reclaim */

/* One pass over the nodes of the request, each once. */
static void shrink_nodes(struct phys *p, struct scan *sc)
{
	const u8 *list = request_zonelist(p, sc->highest_zone);
	int last = -1;

	for (const u8 *zone = list; *zone != ZONELIST_END; zone++) {
		unsigned node = p->config->zone[*zone].node;

		if ((int)node != last)
			vmscan_node_shrink(p, sc, node);
		last = (int)node;
	}
}

static void all_passes(struct phys *p, struct scan *sc)
{
	for (unsigned priority = RECLAIM_PRIORITY + 1; priority-- > 0;) {
		sc->priority = priority;
		EMIT(p->observer, PRIORITY, priority);
		shrink_nodes(p, sc);
		if (sc->reclaimed >= sc->wanted)
			break;
		if (priority < RECLAIM_PRIORITY - 2)
			sc->may_write = true;
		/* It only sleeps for the disk, or when it is at its wits' end. */
		if (p->reclaim->flush_wanted || p->reclaim->writing || priority <= 1)
			vmscan_wait(p, sc->kswapd);
	}
}

/* What came back is remembered, so that only what comes back from now on counts. */
static void snapshot_refaults(struct phys *p, const struct scan *sc)
{
	const u8 *list = request_zonelist(p, sc->highest_zone);

	for (const u8 *zone = list; *zone != ZONELIST_END; zone++) {
		unsigned node = p->config->zone[*zone].node;

		p->lruvec[node].refaults[ANON] = (u32)activations(p, node, VM_ACTIVATE_ANON);
		p->lruvec[node].refaults[FILES] = (u32)activations(p, node, VM_ACTIVATE_FILE);
	}
}

void vmscan_node_direct(struct phys *p, struct scan *sc)
{
	all_passes(p, sc);
	snapshot_refaults(p, sc);
	if (sc->reclaimed || !sc->skipped_deactivate)
		return;
	/* All that could help was spared on the active lists: once more, without sparing. */
	sc->force_deactivate = true;
	sc->skipped_deactivate = false;
	EMIT(p->observer, FORCE_DEACTIVATE, 0);
	all_passes(p, sc);
}
