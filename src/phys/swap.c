/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/swap.h"

#include "base/text.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/writeback.h"

#define LEAST 10 /* pages: what mkswap takes */

bool swap_on(struct phys *p, u32 pages, struct status *st)
{
	struct reclaim *r = p->reclaim;

	if (r->swap_pages)
		return status_fail(st, STATUS_INVALID, _("EBUSY: there is a swap area already; swapoff takes it away"));
	if (pages < LEAST || pages > RECLAIM_PAGES)
		return status_fail(st, STATUS_INVALID, _("a swap area has %d to %u pages"), LEAST, RECLAIM_PAGES);
	r->swap_pages = pages - 1;
	r->swap_next = 0;
	EMIT(p->observer, SWAP_ON, r->swap_pages);
	return true;
}

/* Brings back what a process has in the swap area, and frees the slots of pages that are in memory. */
static bool empty_slots_of(struct phys *p, unsigned owner)
{
	/* Nobody else is killed for it. */
	gfp_t how = reclaim_by_zone(p) ? p->gfp->noretry : p->gfp->retry;

	for (u32 index = 0; index < p->reclaim->owner[owner].size; index++) {
		struct place place = *mapping_place(p, owner, index);

		if (place.state == PLACE_SWAP && mapping_swap_in(p, owner, index, how) == PFN_NONE)
			return false;
		if (place.state != PLACE_MEMORY)
			continue;
		/* Bringing back others may have made reclaim write it: its slot is free only when that has ended. */
		if (page_find(p, place.value)->lru.flags & LRU_WRITEBACK)
			writeback_finish(p);
		swap_forget(p, place.value);
	}
	return true;
}

bool swap_off(struct phys *p, struct status *st)
{
	struct reclaim *r = p->reclaim;
	u32 pages = r->swap_pages;

	if (!pages)
		return status_fail(st, STATUS_INVALID, _("EINVAL: there is no swap area"));
	writeback_finish(p);
	/* Nothing may go there any more. */
	r->swap_leaving = 1;
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		if (r->owner[n].kind != OWNER_PROCESS || empty_slots_of(p, n))
			continue;
		r->swap_leaving = 0;
		return status_fail(st, STATUS_NO_MEMORY,
				   _("ENOMEM: memory does not hold what is in the swap area (%u pages)"),
				   (unsigned)r->swap_used);
	}
	r->swap_pages = r->swap_leaving = 0;
	EMIT(p->observer, SWAP_OFF, pages);
	return true;
}

u32 swap_take(struct phys *p)
{
	struct reclaim *r = p->reclaim;

	if (!swap_has_room(p))
		return SWAP_NO_SLOT;
	for (r->swap_next %= r->swap_pages; p->swap_map[r->swap_next];)
		r->swap_next = (r->swap_next + 1) % r->swap_pages;
	arena_touch(p->arena, &p->swap_map[r->swap_next]);
	p->swap_map[r->swap_next] = 1;
	r->swap_used++;
	return r->swap_next++;
}

void swap_free(struct phys *p, u32 slot)
{
	arena_touch(p->arena, &p->swap_map[slot]);
	p->swap_map[slot] = 0;
	p->reclaim->swap_used--;
}

bool swap_add(struct phys *p, pfn_t pfn)
{
	u32 slot = swap_take(p);

	if (slot == SWAP_NO_SLOT)
		return false;
	lru_change(p, pfn, LRU_SWAPCACHE | LRU_DIRTY, 0);
	page_find(p, pfn)->lru.swap = slot;
	p->zone_pages[phys_zone_of(p, pfn)].swapcached++;
	EMIT(p->observer, SWAP_SLOT, pfn, slot);
	return true;
}

void swap_forget(struct phys *p, pfn_t pfn)
{
	const struct page_lru *lru = &page_find(p, pfn)->lru;

	if (!(lru->flags & LRU_SWAPCACHE))
		return;
	if (lru->flags & LRU_WRITEBACK) {
		lru_change(p, pfn, LRU_DIRTY, 0);
		return;
	}
	swap_free(p, lru->swap);
	p->zone_pages[phys_zone_of(p, pfn)].swapcached--;
	lru_change(p, pfn, 0, LRU_SWAPCACHE | LRU_DIRTY);
	page_find(p, pfn)->lru.swap = 0;
}
