/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/compact.h"

#include "base/text.h"
#include "phys/buddy.h"
#include "phys/extfrag.h"
#include "phys/migrate.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/reclaim.h"
#include "phys/watermark.h"

#include <stdlib.h>

#define EXTFRAG_THRESHOLD 500 /* at or below it, large blocks lack because memory does, not because it is in pieces */
#define CLUSTER 32 /* pages collected before they are moved, and the longest stride of the free scanner */

struct compaction {
	struct phys *p;
	unsigned zone;
	pfn_t migrate_pfn; /* where the migration scanner stands, going up */
	pfn_t free_pfn; /* where the free scanner stands: in a page block, the blocks going down */
	pfn_t last_block; /* page block that pages were moved from last; PFN_NONE: none yet */
	pfn_t *movable; /* collected, ascending */
	u32 movable_count; /* as many were collected */
	pfn_t *target; /* free pages taken, the last is used next */
	u32 target_count;
	u64 moved;
	const struct request *rq; /* it ends when there is a block for it; NULL: when the scanners meet */
};

static pfn_t block_frames(const struct phys *p)
{
	return (pfn_t)1 << p->config->pageblock_order;
}

static pfn_t block_start(const struct phys *p, pfn_t pfn)
{
	return pfn & ~(block_frames(p) - 1);
}

static pfn_t zone_end(const struct compaction *c)
{
	const struct zone_config *zc = &c->p->config->zone[c->zone];

	return zc->start_pfn + zc->spanned;
}

/* Is the page block this zone's from end to end?  Others are passed over. */
static bool block_exists(const struct compaction *c, pfn_t pfn)
{
	const struct zone_config *zc = &c->p->config->zone[c->zone];
	pfn_t first = block_start(c->p, pfn), last = first + block_frames(c->p) - 1;

	if (first < zc->start_pfn)
		first = zc->start_pfn;
	if (last >= zone_end(c))
		last = zone_end(c) - 1;
	return pageblock_type(c->p, c->zone, pfn) != MT_NONE && phys_described_zone(c->p, first) == (int)c->zone &&
	       phys_described_zone(c->p, last) == (int)c->zone;
}

static bool scanners_met(const struct compaction *c)
{
	unsigned shift = c->p->config->pageblock_order;

	return c->free_pfn >> shift <= c->migrate_pfn >> shift;
}

/*
 * Collects movable pages of a page block.  A block that pages were moved from
 * just before is collected to its end, so that it is not begun again and again.
 */
static void collect_from_block(struct compaction *c, pfn_t end)
{
	bool whole = c->last_block == block_start(c->p, c->migrate_pfn);

	while (c->migrate_pfn < end) {
		pfn_t pfn = c->migrate_pfn++;

		if (!migrate_is_movable(c->p, pfn) && !migrate_is_stuck(c->p, pfn))
			continue;
		c->movable[c->movable_count++] = pfn;
		if (c->movable_count >= CLUSTER && !whole)
			break;
	}
}

/* Moves the migration scanner on to the next page block that holds something, and collects. */
static void collect_movable(struct compaction *c)
{
	const struct phys *p = c->p;
	pfn_t end = block_start(p, c->migrate_pfn) + block_frames(p);

	c->movable_count = 0;
	for (; end <= c->free_pfn; end += block_frames(p)) {
		if (!block_exists(c, c->migrate_pfn)) {
			c->migrate_pfn = end;
			continue;
		}
		collect_from_block(c, end);
		break;
	}
	if (c->movable_count)
		c->last_block = block_start(p, c->migrate_pfn - 1);
}

/* May pages be moved into this block? Not into whole free blocks, nor among pages that cannot move. */
static bool is_target_block(const struct compaction *c, pfn_t start)
{
	unsigned type = pageblock_type(c->p, c->zone, start);
	int order = buddy_order_at(c->p, start);

	if (order >= (int)c->p->config->pageblock_order)
		return false;
	return type == MT_MOVABLE || type == MT_CMA;
}

/* Takes a free block for the targets, unless the zone's min watermark is in the way. */
static bool take_target(struct compaction *c, pfn_t pfn, unsigned order)
{
	struct zone *z = &c->p->zone[c->zone];
	u32 pages = (u32)1 << order;

	if ((s64)z->free - z->highatomic <= (s64)z->wmark[WMARK_MIN] + pages)
		return false;
	buddy_remove(c->p, c->zone, pfn, order, buddy_type(c->p, pfn, order));
	for (u32 i = 0; i < pages; i++)
		c->target[c->target_count++] = pfn + i;
	return true;
}

/*
 * Looks at every stride-th frame of a page block for free ones, and takes them
 * until there are as many as are to be moved.  Returns where it stopped.
 */
static pfn_t take_from_block(struct compaction *c, pfn_t at, pfn_t end, u32 stride)
{
	while (at < end) {
		int order = buddy_order_at(c->p, at);

		if (order < 0) {
			at += stride;
			continue;
		}
		if (!take_target(c, at, (unsigned)order))
			return at;
		at += (pfn_t)1 << order;
		if (c->target_count >= c->movable_count)
			return at;
		at += stride - 1;
	}
	return end;
}

/*
 * Moves the free scanner down until there are targets enough.  Where a page
 * block has none, fewer frames of the next one are looked at.
 */
static void find_targets(struct compaction *c)
{
	const struct phys *p = c->p;
	pfn_t at = c->free_pfn, start = block_start(p, at), end = start + block_frames(p);
	pfn_t low = block_start(p, c->migrate_pfn) + block_frames(p);
	u32 stride = 1;

	if (end > zone_end(c))
		end = zone_end(c);
	while (start >= low) {
		if (block_exists(c, start) && is_target_block(c, start)) {
			u32 before = c->target_count;

			at = take_from_block(c, at, end, stride);
			if (c->target_count >= c->movable_count) {
				if (at >= end)
					at = start - block_frames(p);
				break;
			}
			if (at < end)
				break;
			if (c->target_count > before)
				stride = 1;
			else if (stride < CLUSTER)
				stride *= 2;
		}
		end = start;
		start -= block_frames(p);
		at = start;
	}
	c->free_pfn = at;
}

/* Moves what was collected, the last page first. false: there are no more free pages to move to. */
static bool move_collected(struct compaction *c)
{
	struct phys *p = c->p;

	for (u32 left = c->movable_count; left--;) {
		pfn_t from = c->movable[left], to;

		if (!c->target_count)
			find_targets(c);
		if (!c->target_count)
			return false;
		if (migrate_is_stuck(p, from)) {
			migrate_give_up(p, from);
			continue;
		}
		to = c->target[--c->target_count];
		page_hand_out(p, to, 0, 0);
		migrate_page(p, from, to);
		c->moved++;
	}
	return true;
}

/* Is there what it is done for? */
static bool is_served(const struct compaction *c)
{
	return c->rq && watermark_has_block(c->p, c->zone, c->rq);
}

static void compact_zone(struct compaction *c)
{
	const struct zone_config *zc = &c->p->config->zone[c->zone];

	c->migrate_pfn = zc->start_pfn;
	c->free_pfn = block_start(c->p, zone_end(c) - 1);
	c->last_block = PFN_NONE;
	while (!scanners_met(c) && !is_served(c)) {
		collect_movable(c);
		if (!move_collected(c) && !scanners_met(c))
			break;
	}
	while (c->target_count) {
		pfn_t pfn = c->target[--c->target_count];

		page_hand_out(c->p, pfn, 0, 0);
		page_give_back(c->p, pfn, 0, PAGE_HOT);
	}
}

/* Room for what is collected. false: the host has none. */
static bool begin(struct compaction *c, struct phys *p)
{
	/* Targets may exceed what is to be moved by one block of the largest order. */
	size_t most = ((size_t)1 << p->config->pageblock_order) + ((size_t)1 << (p->config->orders - 1));

	*c = (struct compaction){ .p = p };
	c->movable = malloc(((size_t)1 << p->config->pageblock_order) * sizeof *c->movable);
	c->target = malloc(most * sizeof *c->target);
	return c->movable && c->target;
}

static void end(struct compaction *c)
{
	free(c->movable);
	free(c->target);
}

static void compact_and_tell(struct compaction *c)
{
	u64 before = c->moved;

	EMIT(c->p->observer, COMPACT_ZONE, c->zone);
	compact_zone(c);
	EMIT(c->p->observer, COMPACTED, c->zone, c->moved - before);
}

u64 compact_memory(struct phys *p, struct status *st)
{
	struct compaction c;

	if (begin(&c, p)) {
		migrate_lru_drain(p);
		for (c.zone = 0; c.zone < p->config->zones; c.zone++)
			compact_and_tell(&c);
	} else {
		status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	}
	end(&c);
	return c.moved;
}

/* Is it worth while? */
static bool is_suitable(struct phys *p, unsigned zone, const struct request *rq)
{
	struct request single = *rq;
	int index;

	single.order = 0;
	single.mark = rq->order > RECLAIM_COSTLY ? WMARK_LOW : WMARK_MIN;
	single.type = MT_MOVABLE; /* what may be moved may be moved to CMA's pages */
	if (!watermark_within_reach(p, zone, &single, -((s64)2 << rq->order))) {
		EMIT(p->observer, COMPACT_TOO_LITTLE, zone, rq->order);
		return false;
	}
	index = extfrag_index(p->zone[zone].nr_free, p->config->orders, rq->order);
	if (rq->order > RECLAIM_COSTLY && index >= 0 && index <= EXTFRAG_THRESHOLD) {
		EMIT(p->observer, COMPACT_NOT_PIECES, zone, (u64)index);
		return false;
	}
	return true;
}

enum compact_result compact_for(struct phys *p, unsigned zone, const struct request *rq)
{
	enum compact_result result = COMPACT_SKIPPED;
	struct compaction c;

	if (!is_suitable(p, zone, rq))
		return result;
	if (begin(&c, p)) {
		c.zone = zone;
		c.rq = rq;
		compact_and_tell(&c);
		result = is_served(&c) ? COMPACT_MADE : COMPACT_WHOLE;
	} else {
		p->host_short = true;
	}
	end(&c);
	return result;
}
