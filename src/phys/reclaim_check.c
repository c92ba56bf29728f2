/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/reclaim_check.h"

#include "base/text.h"
#include "phys/lru.h"
#include "phys/mapping.h"

#include <inttypes.h>
#include <string.h>

/* What is counted anew. */
struct census {
	u32 lru[PHYS_ZONES][LRU_LISTS];
	u32 anon[PHYS_ZONES], file[PHYS_ZONES], dirty[PHYS_ZONES], writeback[PHYS_ZONES];
	u32 swapcached[PHYS_ZONES];
	u64 slots;
};

static bool bad(struct status *st, const char *what, u64 is, u64 should)
{
	return status_fail(st, STATUS_INVALID, _("%s is %" PRIu64 ", but should be %" PRIu64), what, is, should);
}

static bool bad_page(struct status *st, pfn_t pfn, const char *what)
{
	return status_fail(st, STATUS_INVALID, _("page 0x%" PRIx32 ": %s"), pfn, what);
}

/* ------------------------------------------------------------- lists */

static bool check_member(const struct phys *p, unsigned vec, unsigned list, pfn_t pfn, pfn_t before, struct status *st)
{
	int zone = pfn < p->config->max_pfn ? phys_zone_of(p, pfn) : -1;

	if (zone < 0 || !lru_has(p, pfn))
		return bad_page(st, pfn, _("it is on an LRU list, but no page of a file or a process"));
	if (lru_vec_of(p, (unsigned)zone) != vec || lru_of(p, page_find(p, pfn)) != list)
		return bad_page(st, pfn, _("it is on another LRU list than its flags say"));
	if (blocklist_tag(p, 0, pfn) != (TAG_OWNED | list))
		return bad_page(st, pfn, _("its tag is not that of its LRU list"));
	if (blocklist_prev(p, 0, pfn) != before)
		return bad_page(st, pfn, _("its link back on the LRU list is wrong"));
	return true;
}

static bool check_list(const struct phys *p, unsigned vec, unsigned l, struct census *c, struct status *st)
{
	const struct block_list *list = &p->lruvec[vec].list[l];
	pfn_t before = PFN_NONE;
	u32 count = 0;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(p, 0, pfn)) {
		if (count++ == list->count)
			return bad(st, _("the length of an LRU list, at least,"), count, list->count);
		if (!check_member(p, vec, l, pfn, before, st))
			return false;
		c->lru[phys_zone_of(p, pfn)][l]++;
		before = pfn;
	}
	if (count != list->count)
		return bad(st, _("the count of an LRU list"), list->count, count);
	return list->tail == before || bad(st, _("the tail of an LRU list"), list->tail, before);
}

/* ------------------------------------------------------------- owners */

/* A page in memory: its descriptor names the owner, and it is on a list. */
static bool check_present(const struct phys *p, unsigned owner, u32 index, pfn_t pfn, struct census *c,
			  struct status *st)
{
	const struct owner *o = &p->reclaim->owner[owner];
	const struct page *page = pfn < p->config->max_pfn ? page_find(p, pfn) : NULL;
	unsigned zone;

	if (!page || page->kind != (o->kind == OWNER_FILE ? PAGE_FILE : PAGE_ANON) || page->lru.mapping != owner ||
	    page->lru.index != index)
		return status_fail(st, STATUS_INVALID, _("page %u of %s is said to be in 0x%" PRIx32 ", but is not"),
				   index, o->name, pfn);
	if (page->lru.flags & LRU_ISOLATED)
		return bad_page(st, pfn, _("it is on no LRU list"));
	if (!(p->frame[pfn].flags & FRAME_MOVABLE))
		return bad_page(st, pfn, _("it is on an LRU list, but does not count as movable"));
	zone = (unsigned)phys_zone_of(p, pfn);
	if (o->kind == OWNER_FILE) {
		c->file[zone]++;
		c->dirty[zone] += page->lru.flags & LRU_DIRTY ? 1 : 0;
	} else {
		c->anon[zone]++;
	}
	c->writeback[zone] += page->lru.flags & LRU_WRITEBACK ? 1 : 0;
	if (page->lru.flags & LRU_SWAPCACHE) {
		c->slots++;
		c->swapcached[zone]++;
		if (page->lru.swap >= p->reclaim->swap_pages || !p->swap_map[page->lru.swap])
			return bad_page(st, pfn, _("its slot in the swap area is free"));
	}
	return true;
}

static bool check_owner(const struct phys *p, unsigned owner, struct census *c, struct status *st)
{
	const struct owner *o = &p->reclaim->owner[owner];
	u32 present = 0, swapped = 0, dirty = 0;

	if (o->kind > OWNER_PROCESS)
		return bad(st, _("the kind of an owner, at most,"), o->kind, OWNER_PROCESS);
	if (!memchr(o->name, '\0', sizeof o->name))
		return status_fail(st, STATUS_INVALID, _("the name of owner %u does not end"), owner);
	if (o->size > RECLAIM_PAGES)
		return bad(st, _("the size of an owner, at most,"), o->size, RECLAIM_PAGES);
	for (u32 index = 0; index < o->size; index++) {
		const struct place *place = mapping_place(p, owner, index);

		if (place->state == PLACE_MEMORY) {
			present++;
			if (!check_present(p, owner, index, place->value, c, st))
				return false;
			dirty += o->kind == OWNER_FILE && (page_find(p, place->value)->lru.flags & LRU_DIRTY) ? 1 : 0;
		} else if (place->state == PLACE_SWAP) {
			swapped++;
			c->slots++;
			if (place->value >= p->reclaim->swap_pages || !p->swap_map[place->value])
				return bad(st, _("a page in the swap area has a slot that is free:"), place->value, 0);
		}
	}
	if (o->present != present)
		return bad(st, _("the number of an owner's pages in memory"), o->present, present);
	if (o->swapped != swapped)
		return bad(st, _("the number of an owner's pages in swap"), o->swapped, swapped);
	return o->dirty == dirty || bad(st, _("the number of a file's dirty pages"), o->dirty, dirty);
}

/* ------------------------------------------------------------- counters */

static bool check_zone(const struct phys *p, unsigned zone, const struct census *c, struct status *st)
{
	const struct zone_pages *z = &p->zone_pages[zone];

	for (unsigned l = 0; l < LRU_LISTS; l++)
		if (z->lru[l] != c->lru[zone][l])
			return bad(st, _("a zone's number of pages on an LRU list"), z->lru[l], c->lru[zone][l]);
	if (z->anon != c->anon[zone])
		return bad(st, _("a zone's number of anonymous pages"), z->anon, c->anon[zone]);
	if (z->file != c->file[zone])
		return bad(st, _("a zone's number of file pages"), z->file, c->file[zone]);
	if (z->dirty != c->dirty[zone])
		return bad(st, _("a zone's number of dirty pages"), z->dirty, c->dirty[zone]);
	if (z->swapcached != c->swapcached[zone])
		return bad(st, _("a zone's number of pages in the swap cache"), z->swapcached, c->swapcached[zone]);
	return z->writeback == c->writeback[zone] ||
	       bad(st, _("a zone's number of pages under writeback"), z->writeback, c->writeback[zone]);
}

/* The pages that are being written, in their order. */
static bool check_writes(const struct phys *p, struct status *st)
{
	const struct reclaim *r = p->reclaim;
	u32 count = 0, last = 0;

	for (u32 at = r->write_first; at; at = page_find(p, at - 1)->lru.word[LRU_WORD_NEXT_WRITE]) {
		if (count++ == r->writing)
			return bad(st, _("the number of pages being written, at least,"), count, r->writing);
		if (at > p->config->max_pfn || !lru_has(p, at - 1) ||
		    !(page_find(p, at - 1)->lru.flags & LRU_WRITEBACK))
			return bad_page(st, at - 1, _("it is not being written, though it is in that queue"));
		last = at;
	}
	if (count != r->writing || count != reclaim_writeback(p))
		return bad(st, _("the number of pages being written"), r->writing, reclaim_writeback(p));
	return r->write_last == last || bad(st, _("the last page being written"), r->write_last, last);
}

bool reclaim_check(const struct phys *p, struct status *st)
{
	struct census c = { 0 };

	if (!reclaim_exists(p))
		return true;
	for (unsigned v = 0; v < lru_vecs(p); v++)
		for (unsigned l = 0; l < LRU_LISTS; l++)
			if (!check_list(p, v, l, &c, st))
				return false;
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++)
		if (!check_owner(p, n, &c, st))
			return false;
	for (unsigned z = 0; z < p->config->zones; z++)
		if (!check_zone(p, z, &c, st))
			return false;
	if (p->reclaim->swap_used != c.slots)
		return bad(st, _("the number of used slots of the swap area"), p->reclaim->swap_used, c.slots);
	if (p->reclaim->current > RECLAIM_OWNERS || p->reclaim->in_reclaim)
		return bad(st, _("the process that asks, at most,"), p->reclaim->current, RECLAIM_OWNERS);
	return check_writes(p, st);
}
