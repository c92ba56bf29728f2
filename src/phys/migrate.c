/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/migrate.h"

#include "phys/buddy.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "phys/page_alloc.h"

#define CLUSTER 32 /* pages that are collected before they are moved */

/* Where a migrated page may go: a user's movable page, in high memory if it was there. */
static gfp_t target_gfp(const struct phys *p, unsigned zone)
{
	gfp_t gfp = 0;

	gfp_by_name(p->config->gfp, "GFP_USER", &gfp);
	gfp |= p->gfp->movable;
	if (p->config->zone[zone].start_pfn >= p->config->direct_map_end)
		gfp |= p->gfp->highmem;
	return gfp;
}

void migrate_page(struct phys *p, pfn_t from, pfn_t to)
{
	u32 owner = p->frame[from].owner;

	arena_touch(p->arena, &p->frame[to]);
	p->frame[to].owner = owner;
	p->frame[to].flags |= FRAME_MOVABLE;
	page_moves(p, from, to);
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

enum migrate_result migrate_range(struct phys *p, unsigned zone, pfn_t start, pfn_t end)
{
	gfp_t gfp = target_gfp(p, zone);

	for (pfn_t at = start; at < end;) {
		pfn_t cluster[CLUSTER];
		unsigned count = 0;

		while (at < end && count < CLUSTER) {
			if (migrate_is_movable(p, at))
				cluster[count++] = at;
			at++;
		}
		while (count--) {
			pfn_t to = page_alloc(p, gfp, 0);

			if (to == PFN_NONE)
				return MIGRATE_NO_MEMORY;
			migrate_page(p, cluster[count], to);
		}
	}
	return MIGRATE_DONE;
}
