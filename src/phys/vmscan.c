/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/vmscan.h"

#include "phys/kswapd.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/request.h"
#include "phys/shrinker.h"
#include "phys/vmscan_node.h"
#include "phys/vmscan_zone.h"
#include "phys/writeback.h"

/* ------------------------------------------------------------- one page */

bool vmscan_may_write(const struct phys *p, const struct scan *sc, const struct page *page)
{
	/* To write to the swap area no file system is asked. */
	return (sc->gfp & p->gfp->fs) || ((page->lru.flags & LRU_SWAPCACHE) && (sc->gfp & p->gfp->io));
}

void vmscan_pageout(struct phys *p, pfn_t pfn)
{
	lru_change(p, pfn, LRU_RECLAIM, 0);
	reclaim_count(p, (unsigned)phys_zone_of(p, pfn), VM_VMSCAN_WRITE, 1);
	writeback_start(p, pfn);
}

void vmscan_count(struct phys *p, const struct scan *sc, unsigned zone, bool file, bool freed)
{
	if (freed) {
		reclaim_count(p, zone, sc->kswapd ? VM_PGSTEAL_KSWAPD : VM_PGSTEAL_DIRECT, 1);
		reclaim_count(p, zone, file ? VM_PGSTEAL_FILE : VM_PGSTEAL_ANON, 1);
	} else {
		reclaim_count(p, zone, sc->kswapd ? VM_PGSCAN_KSWAPD : VM_PGSCAN_DIRECT, 1);
		reclaim_count(p, zone, file ? VM_PGSCAN_FILE : VM_PGSCAN_ANON, 1);
	}
}

void vmscan_settle(struct phys *p, struct scan *sc, pfn_t pfn, enum fate fate)
{
	unsigned zone = (unsigned)phys_zone_of(p, pfn);
	bool file = page_find(p, pfn)->kind == PAGE_FILE;

	switch (fate) {
	case FATE_FREE:
		vmscan_count(p, sc, zone, file, true);
		sc->reclaimed++;
		EMIT(p->observer, RECLAIM_FREE, pfn, page_find(p, pfn)->lru.mapping);
		mapping_evict(p, pfn);
		break;
	case FATE_ACTIVATE:
		lru_change(p, pfn, LRU_IS_ACTIVE, 0);
		reclaim_count(p, zone, VM_PGACTIVATE, 1);
		lru_put(p, pfn, AT_HEAD);
		break;
	case FATE_KEEP:
		lru_put(p, pfn, AT_HEAD);
		break;
	}
}

void vmscan_wait(struct phys *p, bool kswapd)
{
	struct reclaim *r = p->reclaim;

	if (r->flush_wanted) {
		r->flush_wanted = 0;
		EMIT(p->observer, FLUSHER_ALL, reclaim_dirty(p));
		writeback_all(p);
	} else {
		writeback_finish(p);
	}
	if (!kswapd && r->kswapd_mode == KSWAPD_AUTO)
		kswapd_run(p);
}

/* ------------------------------------------------------------- direct reclaim */

u64 vmscan_direct(struct phys *p, gfp_t gfp, unsigned order, unsigned highest_zone)
{
	struct scan sc = {
		.gfp = gfp,
		.order = order,
		.highest_zone = highest_zone,
		.wanted = RECLAIM_CLUSTER,
		.may_write = reclaim_by_zone(p),
		.may_swap = true,
	};
	const u8 *list = request_zonelist(p, highest_zone);

	reclaim_count(p, *list, VM_ALLOCSTALL, 1);
	EMIT(p->observer, DIRECT_RECLAIM, sc.wanted);
	p->reclaim->in_reclaim++;
	if (reclaim_by_zone(p))
		vmscan_zone_direct(p, &sc);
	else
		vmscan_node_direct(p, &sc);
	p->reclaim->in_reclaim--;
	EMIT(p->observer, DIRECT_RECLAIMED, sc.reclaimed, sc.scanned);
	return sc.reclaimed;
}

bool vmscan_can_help(struct phys *p, gfp_t gfp)
{
	if (!reclaim_exists(p))
		return false;
	for (unsigned l = 0; l < LRU_LISTS; l++)
		if (reclaim_lru(p, (enum lru_list)l))
			return true;
	return shrinker_can_help(p, gfp);
}

/* ------------------------------------------------------------- dropping the page cache */

bool vmscan_drop_clean(struct phys *p, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);

	if (!page || page->kind != PAGE_FILE || (page->lru.flags & (LRU_DIRTY | LRU_WRITEBACK)))
		return false;
	if (!(page->lru.flags & LRU_ISOLATED))
		lru_take(p, pfn);
	mapping_evict(p, pfn);
	return true;
}

u64 vmscan_drop_caches(struct phys *p)
{
	u64 dropped = 0;

	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		const struct owner *o = &p->reclaim->owner[n];

		for (u32 index = 0; o->kind == OWNER_FILE && index < o->size; index++) {
			const struct place *place = mapping_place(p, n, index);

			if (place->state == PLACE_MEMORY)
				dropped += vmscan_drop_clean(p, place->value);
		}
	}
	reclaim_count(p, 0, VM_DROP_PAGECACHE, 1);
	EMIT(p->observer, DROPPED, dropped, reclaim_dirty(p));
	return dropped;
}
