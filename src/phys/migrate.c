/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/migrate.h"

#include "phys/buddy.h"
#include "phys/frame.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "phys/vmscan.h"
#include "phys/writeback.h"

#define CLUSTER 32 /* pages that are collected before they are moved */

/* Where a migrated page may go: a user's movable page, in high memory if it was there. */
static gfp_t target_gfp(const struct phys *p, unsigned zone)
{
	gfp_t gfp = 0;

	gfp_by_name(p->config->gfp, "GFP_USER", &gfp);
	/* Nobody is killed for it. */
	gfp |= p->gfp->movable | p->gfp->retry;
	if (p->config->zone[zone].start_pfn >= p->config->direct_map_end)
		gfp |= p->gfp->highmem;
	return gfp;
}

/* Takes a page off its LRU list. What is written must be written first. */
static void isolate(struct phys *p, pfn_t pfn)
{
	if (page_find(p, pfn)->lru.flags & LRU_WRITEBACK)
		writeback_finish(p);
	if (!(page_find(p, pfn)->lru.flags & LRU_ISOLATED))
		lru_take(p, pfn);
}

/* The page of a file or process is in frame `to` now: there it is on the same list, as one that was just put there. */
static void settle(struct phys *p, pfn_t from, pfn_t to)
{
	unsigned old_zone = (unsigned)phys_zone_of(p, from), zone = (unsigned)phys_zone_of(p, to);
	const struct page *page = page_find(p, to);

	if (page->kind == PAGE_FILE) {
		p->zone_pages[old_zone].file--;
		p->zone_pages[zone].file++;
	} else {
		p->zone_pages[old_zone].anon--;
		p->zone_pages[zone].anon++;
	}
	if (page->kind == PAGE_FILE && (page->lru.flags & LRU_DIRTY)) {
		p->zone_pages[old_zone].dirty--;
		p->zone_pages[zone].dirty++;
	}
	mapping_moved(p, to);
	lru_put(p, to, AT_HEAD);
}

void migrate_page(struct phys *p, pfn_t from, pfn_t to)
{
	u32 owner = p->frame[from].owner, owned = p->frame[from].flags & FRAME_OWNED;

	if (owned)
		isolate(p, from);
	arena_touch(p->arena, &p->frame[to]);
	p->frame[to].owner = owner;
	p->frame[to].flags |= (FRAME_MOVABLE | owned) & 0xff;
	page_moves(p, from, to);
	if (owned)
		settle(p, from, to);
	EMIT(p->observer, MIGRATED, from, to);
	if (p->moved)
		p->moved(p->moved_context, from, to);
	page_give_back(p, from, 0, PAGE_HOT);
}

bool migrate_is_movable(const struct phys *p, pfn_t pfn)
{
	const struct frame *f = &p->frame[pfn];

	return (f->flags & (FRAME_HEAD | FRAME_MOVABLE)) == (FRAME_HEAD | FRAME_MOVABLE) && f->order == 0;
}

bool migrate_is_stuck(const struct phys *p, pfn_t pfn)
{
	return (p->frame[pfn].flags & FRAME_MOVABLE) && frame_describe(p, pfn).state == FRAME_RESERVED;
}

static void set_movable(struct phys *p, pfn_t pfn, bool movable)
{
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn].flags = (p->frame[pfn].flags & ~FRAME_MOVABLE & 0xff) | (movable ? FRAME_MOVABLE : 0);
}

void migrate_lru_drain(struct phys *p)
{
	for (u32 n = 0; n < p->state->lru_waiting; n++)
		set_movable(p, p->state->lru_batch[n], true);
	p->state->lru_waiting = 0;
}

void migrate_give_up(struct phys *p, pfn_t pfn)
{
	EMIT(p->observer, NOT_MIGRATED, pfn);
	set_movable(p, pfn, false);
	p->state->lru_batch[p->state->lru_waiting++] = pfn;
	if (p->state->lru_waiting == PHYS_LRU_BATCH)
		migrate_lru_drain(p);
}

/* Moves the pages collected, the last one first. Reclaim must not find them meanwhile. */
static bool move_cluster(struct phys *p, gfp_t gfp, const pfn_t *cluster, unsigned count)
{
	unsigned left = count;

	for (unsigned i = 0; i < count; i++)
		if (lru_has(p, cluster[i]))
			isolate(p, cluster[i]);
	while (left) {
		pfn_t to = page_alloc(p, gfp, 0);

		if (to == PFN_NONE)
			break;
		migrate_page(p, cluster[--left], to);
	}
	for (unsigned i = 0; i < left; i++)
		if (lru_has(p, cluster[i]))
			lru_put(p, cluster[i], AT_HEAD);
	return left == 0;
}

enum migrate_result migrate_range(struct phys *p, unsigned zone, pfn_t start, pfn_t end)
{
	gfp_t gfp = target_gfp(p, zone);

	for (pfn_t at = start; at < end;) {
		pfn_t cluster[CLUSTER];
		unsigned count = 0;

		while (at < end && count < CLUSTER) {
			/* What can be read again need not be moved. */
			if (migrate_is_movable(p, at) && !vmscan_drop_clean(p, at))
				cluster[count++] = at;
			at++;
		}
		if (!move_cluster(p, gfp, cluster, count))
			return MIGRATE_NO_MEMORY;
	}
	return MIGRATE_DONE;
}
