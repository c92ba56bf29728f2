/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/writeback.h"

#include "phys/lru.h"
#include "phys/mapping.h"

#define EXPIRE_MS 30000 /* dirty_expire_centisecs is 3000 */

/* ------------------------------------------------------------- single pages */

static u64 kib_of_page(const struct phys *p)
{
	return p->config->page_shift > 10 ? UINT64_C(1) << (p->config->page_shift - 10) : 1;
}

void writeback_start(struct phys *p, pfn_t pfn)
{
	struct reclaim *r = p->reclaim;
	unsigned zone = (unsigned)phys_zone_of(p, pfn);
	bool swap = page_find(p, pfn)->kind == PAGE_ANON;

	mapping_set_clean(p, pfn);
	lru_change(p, pfn, LRU_WRITEBACK, 0);
	page_find(p, pfn)->lru.word[LRU_WORD_NEXT_WRITE] = 0;
	if (r->write_last)
		page_touch(p, page_find(p, r->write_last - 1))->lru.word[LRU_WORD_NEXT_WRITE] = pfn + 1;
	else
		r->write_first = pfn + 1;
	r->write_last = pfn + 1;
	r->writing++;
	p->zone_pages[zone].writeback++;
	reclaim_count(p, zone, VM_PGPGOUT, kib_of_page(p));
	if (swap)
		reclaim_count(p, zone, VM_PSWPOUT, 1);
	EMIT(p->observer, WRITE_BEGUN, pfn);
}

static void finish_one(struct phys *p, pfn_t pfn)
{
	u32 flags = page_find(p, pfn)->lru.flags;
	unsigned zone = (unsigned)phys_zone_of(p, pfn);

	lru_change(p, pfn, 0, LRU_WRITEBACK | LRU_RECLAIM);
	p->zone_pages[zone].writeback--;
	if (page_find(p, pfn)->kind == PAGE_FILE)
		reclaim_count(p, zone, VM_WRITTEN, 1);
	if (flags & LRU_RECLAIM)
		lru_rotate(p, pfn);
}

u32 writeback_finish(struct phys *p)
{
	struct reclaim *r = p->reclaim;
	u32 pages = r->writing;

	while (r->write_first) {
		pfn_t pfn = r->write_first - 1;

		r->write_first = page_find(p, pfn)->lru.word[LRU_WORD_NEXT_WRITE];
		r->writing--;
		finish_one(p, pfn);
	}
	r->write_last = 0;
	if (pages)
		EMIT(p->observer, WRITES_ENDED, pages);
	return pages;
}

/* ------------------------------------------------------------- files */

/* Begins to write what is dirty of a file. */
static void start_file(struct phys *p, unsigned file)
{
	struct owner *o = &p->reclaim->owner[file];

	for (u32 index = 0; index < o->size && o->dirty; index++) {
		const struct place *place = mapping_place(p, file, index);

		if (place->state == PLACE_MEMORY && (page_find(p, place->value)->lru.flags & LRU_DIRTY))
			writeback_start(p, place->value);
	}
}

u32 writeback_file(struct phys *p, unsigned file)
{
	/* A page that was changed while it is written must be written again. */
	writeback_finish(p);
	start_file(p, file);
	return writeback_finish(p);
}

u32 writeback_all(struct phys *p)
{
	u32 pages = writeback_finish(p);

	for (unsigned n = 0; n < RECLAIM_OWNERS; n++)
		if (p->reclaim->owner[n].kind == OWNER_FILE && p->reclaim->owner[n].dirty)
			pages += writeback_file(p, n);
	return pages;
}

/* ------------------------------------------------------------- limits */

/* 6.1: what could hold dirty pages: free pages and page cache of low memory, without what zones keep back. */
static u64 dirtyable(const struct phys *p)
{
	u64 pages = 0;

	for (unsigned z = 0; z < p->config->zones; z++) {
		const struct zone *zone = &p->zone[z];
		u64 kept = 0, has = zone->free;

		if (p->config->zone[z].start_pfn >= p->config->direct_map_end)
			continue;
		for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
			kept = zone->lowmem_reserve[t] > kept ? zone->lowmem_reserve[t] : kept;
		kept += zone->wmark[WMARK_HIGH];
		has = has > kept ? has - kept : 0;
		pages += has + p->zone_pages[z].lru[LRU_INACTIVE_FILE] + p->zone_pages[z].lru[LRU_ACTIVE_FILE];
	}
	return pages;
}

/* 2.6: all pages, but no larger share of them than half of what no process has mapped. */
static void limits_2_6(const struct phys *p, u64 *limit, u64 *background)
{
	const struct reclaim *r = p->reclaim;
	u64 total = 0, unmapped, ratio = r->dirty_ratio, low = r->dirty_background_ratio;

	for (unsigned z = 0; z < p->config->zones; z++)
		total += p->zone[z].managed;
	unmapped = 100 - reclaim_anon(p) * 100 / total;
	if (ratio > unmapped / 2)
		ratio = unmapped / 2;
	if (ratio < 5)
		ratio = 5;
	if (low >= ratio)
		low = ratio / 2;
	*limit = total * ratio / 100;
	*background = total * low / 100;
}

void writeback_limits(const struct phys *p, u64 *limit, u64 *background)
{
	const struct reclaim *r = p->reclaim;
	u64 pages;

	if (reclaim_by_zone(p)) {
		limits_2_6(p, limit, background);
		return;
	}
	pages = dirtyable(p);
	*limit = pages * r->dirty_ratio / 100;
	*background = pages * r->dirty_background_ratio / 100;
	if (*background >= *limit)
		*background = *limit / 2;
}

void writeback_balance(struct phys *p, unsigned file)
{
	u64 limit, background, dirty = reclaim_dirty(p) + reclaim_writeback(p);

	/* To add up what there is would cost more than it brings after each page. */
	if (dirty % RECLAIM_CLUSTER)
		return;
	writeback_limits(p, &limit, &background);
	if (dirty <= limit)
		return;
	EMIT(p->observer, DIRTY_LIMIT, file, dirty, limit);
	writeback_file(p, file);
}

void writeback_tick(struct phys *p)
{
	struct reclaim *r = p->reclaim;
	u64 limit, background;

	writeback_finish(p);
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		const struct owner *o = &r->owner[n];

		if (o->kind != OWNER_FILE || !o->dirty)
			continue;
		writeback_limits(p, &limit, &background);
		if (r->now_ms - o->dirty_ms < EXPIRE_MS && reclaim_dirty(p) <= background)
			continue;
		EMIT(p->observer, FLUSHER, n, o->dirty);
		writeback_file(p, n);
	}
}
