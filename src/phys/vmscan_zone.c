/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/vmscan_zone.h"

#include "phys/lru.h"
#include "phys/request.h"
#include "phys/shrinker.h"
#include "phys/swap.h"

/* Scanned so often without freeing one, the pages of a zone are given up. */
#define ENOUGH_SCANS 4

u64 vmscan_zone_pages(const struct phys *p, unsigned zone)
{
	return (u64)p->lruvec[zone].list[LRU_ACTIVE].count + p->lruvec[zone].list[LRU_INACTIVE].count;
}

/* Was the page used since it was looked at last? Forgets it. */
static bool test_clear_referenced(struct phys *p, pfn_t pfn)
{
	u32 used = page_find(p, pfn)->lru.flags & (LRU_REFERENCED | LRU_YOUNG);

	if (used)
		lru_change(p, pfn, 0, LRU_REFERENCED | LRU_YOUNG);
	return used != 0;
}

/* ------------------------------------------------------------- the inactive list */

static enum fate judge(struct phys *p, const struct scan *sc, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);
	bool anon = page->kind == PAGE_ANON, referenced;

	if (page->lru.flags & LRU_WRITEBACK) {
		EMIT(p->observer, KEEP_WRITEBACK, pfn);
		return FATE_KEEP;
	}
	referenced = test_clear_referenced(p, pfn);
	/* A page that no process has mapped is not saved by having been used. */
	if (referenced && anon) {
		EMIT(p->observer, ACTIVATE_USED, pfn);
		return FATE_ACTIVATE;
	}
	if (anon && !(page->lru.flags & LRU_SWAPCACHE) && !swap_add(p, pfn)) {
		EMIT(p->observer, ACTIVATE_NO_SWAP, pfn);
		return FATE_ACTIVATE;
	}
	if (!(page->lru.flags & LRU_DIRTY))
		return FATE_FREE;
	if (referenced) {
		EMIT(p->observer, KEEP_USED, pfn);
	} else if (!vmscan_may_write(p, sc, page) || !sc->may_write) {
		EMIT(p->observer, KEEP_MAY_NOT_WRITE, pfn);
	} else {
		vmscan_pageout(p, pfn);
	}
	return FATE_KEEP;
}

/* Takes up to `count` pages from the tail of a list; *taken says how many. */
static void isolate(struct phys *p, unsigned zone, enum lru_list list, u32 count, pfn_t *pages, u32 *taken)
{
	for (*taken = 0; *taken < count && p->lruvec[zone].list[list].count; ++*taken)
		pages[*taken] = lru_take_oldest(p, zone, list);
}

static void shrink_inactive(struct phys *p, struct scan *sc, unsigned zone, u32 count)
{
	pfn_t pages[RECLAIM_CLUSTER];
	u32 taken;

	isolate(p, zone, LRU_INACTIVE, count, pages, &taken);
	EMIT(p->observer, SCAN, zone, LRU_INACTIVE, taken);
	p->lruvec[zone].scanned += taken;
	for (u32 i = 0; i < taken; i++) {
		bool anon = page_find(p, pages[i])->kind == PAGE_ANON;

		/* What is mapped counts twice: objects of the kernel are under more pressure then. */
		sc->scanned += anon ? 2 : 1;
		vmscan_count(p, sc, zone, !anon, false);
		vmscan_settle(p, sc, pages[i], judge(p, sc, pages[i]));
	}
}

/* ------------------------------------------------------------- the active list */

/* Are mapped pages to be taken, too? */
static bool takes_mapped(struct phys *p, const struct scan *sc, unsigned zone)
{
	u64 total = 0, distress = 100 >> p->lruvec[zone].prev_priority, tendency;

	for (unsigned z = 0; z < p->config->zones; z++)
		total += p->zone[z].managed;
	tendency = reclaim_anon(p) * 100 / total / 2 + distress + p->reclaim->swappiness;
	EMIT(p->observer, SWAP_TENDENCY, zone, tendency, reclaim_anon(p) * 100 / total, distress,
	     p->reclaim->swappiness);
	return sc->may_swap && tendency >= 100;
}

static void shrink_active(struct phys *p, struct scan *sc, unsigned zone, u32 count)
{
	bool mapped = takes_mapped(p, sc, zone);
	pfn_t pages[RECLAIM_CLUSTER];
	u32 taken;

	isolate(p, zone, LRU_ACTIVE, count, pages, &taken);
	EMIT(p->observer, SCAN, zone, LRU_ACTIVE, taken);
	p->lruvec[zone].scanned += taken;
	reclaim_count(p, zone, VM_PGREFILL, taken);
	for (u32 i = 0; i < taken; i++) {
		bool anon = page_find(p, pages[i])->kind == PAGE_ANON;

		if (anon && (!mapped || !p->reclaim->swap_pages || test_clear_referenced(p, pages[i]))) {
			EMIT(p->observer, STAYS_ACTIVE, pages[i]);
		} else {
			lru_change(p, pages[i], 0, LRU_IS_ACTIVE);
			reclaim_count(p, zone, VM_PGDEACTIVATE, 1);
			EMIT(p->observer, DEACTIVATED, pages[i]);
		}
		lru_put(p, pages[i], AT_HEAD);
	}
}

/* ------------------------------------------------------------- a zone */

/* How many pages of a list are due: what is too few for one look is added up. */
static u32 due(u32 *waiting, u32 pages, unsigned priority)
{
	u32 count;

	*waiting += (pages >> priority) + 1;
	if (*waiting < RECLAIM_CLUSTER)
		return 0;
	count = *waiting;
	*waiting = 0;
	return count;
}

static u32 cluster_of(u32 *count)
{
	u32 now = *count < RECLAIM_CLUSTER ? *count : RECLAIM_CLUSTER;

	*count -= now;
	return now;
}

void vmscan_zone_urge(struct phys *p, unsigned zone, unsigned priority)
{
	if (priority < p->lruvec[zone].prev_priority)
		p->lruvec[zone].prev_priority = priority;
}

void vmscan_zone_begin(struct phys *p, unsigned node)
{
	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].node == node)
			p->lruvec[z].temp_priority = RECLAIM_PRIORITY;
}

void vmscan_zone_end(struct phys *p, unsigned node)
{
	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].node == node)
			p->lruvec[z].prev_priority = p->lruvec[z].temp_priority;
}

void vmscan_zone_shrink(struct phys *p, struct scan *sc, unsigned zone)
{
	struct lruvec *v = &p->lruvec[zone];
	u32 active = due(&v->scan_active, v->list[LRU_ACTIVE].count, sc->priority);
	u32 inactive = due(&v->scan_inactive, v->list[LRU_INACTIVE].count, sc->priority);

	v->temp_priority = sc->priority;
	while (active || inactive) {
		if (active)
			shrink_active(p, sc, zone, cluster_of(&active));
		if (inactive)
			shrink_inactive(p, sc, zone, cluster_of(&inactive));
	}
	if (v->scanned >= vmscan_zone_pages(p, zone) * ENOUGH_SCANS && !v->unreclaimable && sc->kswapd) {
		v->unreclaimable = 1;
		EMIT(p->observer, UNRECLAIMABLE, zone);
	}
}

/* ------------------------------------------------------------- direct reclaim */

/* One pass over the zones of the request. */
static void shrink_zones(struct phys *p, struct scan *sc, u64 *total_scanned)
{
	const u8 *list = request_zonelist(p, sc->highest_zone);
	u64 pages = 0;

	sc->scanned = 0;
	for (const u8 *zone = list; *zone != ZONELIST_END; zone++) {
		pages += vmscan_zone_pages(p, *zone);
		vmscan_zone_urge(p, *zone, sc->priority);
		if (!p->lruvec[*zone].unreclaimable || sc->priority == RECLAIM_PRIORITY)
			vmscan_zone_shrink(p, sc, *zone);
	}
	sc->reclaimed += shrinker_run_by_share(p, sc->gfp, sc->scanned, pages);
	*total_scanned += sc->scanned;
}

void vmscan_zone_direct(struct phys *p, struct scan *sc)
{
	const u8 *list = request_zonelist(p, sc->highest_zone);
	u64 total = 0;

	for (unsigned priority = RECLAIM_PRIORITY + 1; priority-- > 0;) {
		sc->priority = priority;
		EMIT(p->observer, PRIORITY, priority);
		shrink_zones(p, sc, &total);
		if (sc->reclaimed >= sc->wanted)
			break;
		if (total > sc->wanted + sc->wanted / 2)
			p->reclaim->flush_wanted = reclaim_dirty(p) != 0;
		if (sc->scanned && priority < RECLAIM_PRIORITY - 2)
			vmscan_wait(p, sc->kswapd);
	}
	for (const u8 *zone = list; *zone != ZONELIST_END; zone++)
		p->lruvec[*zone].prev_priority = sc->priority;
	sc->scanned = total;
	/* That kernel only speaks of progress if it has freed a whole cluster. */
	if (sc->reclaimed < sc->wanted)
		sc->reclaimed = 0;
}
