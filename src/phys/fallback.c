/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/fallback.h"

#include "phys/buddy.h"
#include "phys/pageblock.h"

/* Who helps whom, the better helper first. */
static const u8 helpers[MT_PCPTYPES][2] = {
	[MT_UNMOVABLE] = { MT_RECLAIMABLE, MT_MOVABLE },
	[MT_MOVABLE] = { MT_RECLAIMABLE, MT_UNMOVABLE },
	[MT_RECLAIMABLE] = { MT_UNMOVABLE, MT_MOVABLE },
};

/* The first helper that has a free block of this order; MT_NONE: nobody. */
static unsigned helper_with(const struct zone *z, unsigned order, unsigned type)
{
	for (size_t i = 0; i < ARRAY_SIZE(helpers[type]); i++)
		if (z->list[order][helpers[type][i]].count)
			return helpers[type][i];
	return MT_NONE;
}

/*
 * May a request of this type try to take the whole page block?  Large pieces
 * may; kernel allocations always, because they would soil a movable block for
 * good.
 */
static bool may_take_whole(const struct phys *p, unsigned order, unsigned type)
{
	return order >= p->config->pageblock_order / 2 || type != MT_MOVABLE || p->config->mobility_disabled;
}

/*
 * Mixing types raises the zone's watermarks by a page block, so that reclaim
 * soon frees whole blocks.  Not in zones of less than four page blocks.
 */
static bool boost_watermarks(struct phys *p, unsigned zone)
{
	struct zone *z = &p->zone[zone];
	u32 block = (u32)1 << p->config->pageblock_order;
	u32 most = (u32)((u64)z->wmark[WMARK_HIGH] * p->state->watermark_boost_factor / 10000);

	if (!p->state->watermark_boost_factor || (u64)block * 4 > z->managed || !most)
		return false;
	if (most < block)
		most = block;
	z->boost = z->boost + block < most ? z->boost + block : most;
	EMIT(p->observer, BOOST, zone, z->boost);
	return true;
}

static void convert_block(struct phys *p, unsigned zone, pfn_t pfn, unsigned type)
{
	unsigned before = pageblock_type(p, zone, pfn);

	pageblock_set_type(p, zone, pfn, type);
	EMIT(p->observer, BLOCK_TYPE, pfn & ~(((pfn_t)1 << p->config->pageblock_order) - 1), before,
	     pageblock_type(p, zone, pfn));
}

static void move_one(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned from, unsigned to)
{
	buddy_move(p, zone, pfn, order, from, to);
	EMIT(p->observer, MOVED, pfn, buddy_list_id(order, to), pageblock_type(p, zone, pfn));
}

/* Takes the page block of a free block whole if half of it is free or alike. false: it is not to be had. */
static bool take_whole(struct phys *p, unsigned zone, pfn_t pfn, unsigned type)
{
	u32 length = (u32)1 << p->config->pageblock_order;
	unsigned old = pageblock_type(p, zone, pfn);
	struct block_content found = pageblock_move_free(p, zone, pfn, type);
	u32 alike = 0;

	if (!found.free)
		return false;
	/* What is not movable is alike to a kernel request, if the block was movable: else it cannot be told. */
	if (type == MT_MOVABLE)
		alike = found.movable;
	else if (old == MT_MOVABLE)
		alike = length - found.free - found.movable;
	EMIT(p->observer, BLOCK_MOVED, pfn & ~(length - 1), found.free, type);
	EMIT(p->observer, STEAL_COUNT, pfn & ~(length - 1), found.free, alike, length / 2);
	if (found.free + alike >= length / 2 || p->config->mobility_disabled)
		convert_block(p, zone, pfn, type);
	else
		EMIT(p->observer, BLOCK_KEPT, pfn & ~(length - 1), old);
	return true;
}

static void steal(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned from, unsigned type, bool whole,
		  bool wake)
{
	if (pageblock_type(p, zone, pfn) == MT_HIGHATOMIC) {
		move_one(p, zone, pfn, order, from, type);
		return;
	}
	if (order >= p->config->pageblock_order) {
		pfn_t end = pfn + ((pfn_t)1 << order);

		for (pfn_t at = pfn; at < end; at += (pfn_t)1 << p->config->pageblock_order)
			convert_block(p, zone, at, type);
		move_one(p, zone, pfn, order, from, type);
		return;
	}
	if (boost_watermarks(p, zone) && wake)
		p->zone[zone].flags |= ZONE_BOOSTED_WATERMARK;
	if (!whole || !take_whole(p, zone, pfn, type))
		move_one(p, zone, pfn, order, from, type);
}

/* The least order from `order` up at which a helper has a block. */
static unsigned smallest_help(const struct phys *p, unsigned zone, unsigned order, unsigned type)
{
	while (helper_with(&p->zone[zone], order, type) == MT_NONE)
		order++;
	return order;
}

bool fallback_steal(struct phys *p, unsigned zone, unsigned order, unsigned type, bool whole_blocks, bool wake)
{
	const struct zone *z = &p->zone[zone];
	unsigned least = whole_blocks && order < p->config->pageblock_order ? p->config->pageblock_order : order;

	/* The largest block first: it soils the fewest page blocks. */
	for (unsigned o = p->config->orders; o-- > least;) {
		unsigned from = helper_with(z, o, type);
		bool whole = may_take_whole(p, o, type);
		pfn_t pfn;

		if (from == MT_NONE)
			continue;
		/* A movable request that cannot take the block whole does least harm with a small one. */
		if (!whole && type == MT_MOVABLE && o > order) {
			o = smallest_help(p, zone, order, type);
			from = helper_with(z, o, type);
		}
		pfn = z->list[o][from].head;
		EMIT(p->observer, FALLBACK, zone, type, buddy_list_id(o, from), pfn);
		steal(p, zone, pfn, o, from, type, whole, wake);
		return true;
	}
	EMIT(p->observer, NO_FALLBACK, zone, type);
	return false;
}

void fallback_reserve_highatomic(struct phys *p, unsigned zone, pfn_t pfn)
{
	struct zone *z = &p->zone[zone];
	u32 block = (u32)1 << p->config->pageblock_order;

	if (p->config->types == 1 || z->highatomic >= z->managed / 100 + block)
		return;
	if (pageblock_type(p, zone, pfn) >= MT_PCPTYPES)
		return;
	z->highatomic += block;
	convert_block(p, zone, pfn, MT_HIGHATOMIC);
	pageblock_move_free(p, zone, pfn, MT_HIGHATOMIC);
	EMIT(p->observer, HIGHATOMIC_RESERVE, pfn & ~(block - 1), z->highatomic);
}

bool fallback_unreserve_highatomic(struct phys *p, const struct request *rq, bool all)
{
	u32 block = (u32)1 << p->config->pageblock_order;

	for (const u8 *zone = request_zonelist(p, rq->highest_zone); *zone != ZONELIST_END; zone++) {
		struct zone *z = &p->zone[*zone];

		for (unsigned o = 0; o < p->config->orders && (all ? z->highatomic : z->highatomic > block); o++) {
			pfn_t pfn = z->list[o][MT_HIGHATOMIC].head;

			if (pfn == PFN_NONE)
				continue;
			/* A block that spans page blocks may have come to the list with another of them. */
			if (pageblock_type(p, *zone, pfn) == MT_HIGHATOMIC)
				z->highatomic -= z->highatomic < block ? z->highatomic : block;
			convert_block(p, *zone, pfn, rq->type);
			EMIT(p->observer, HIGHATOMIC_GIVEN_UP, pfn & ~(block - 1), z->highatomic);
			/* One that reaches beyond its zone cannot be moved: it changes its type, and helps nobody. */
			if (pageblock_move_free(p, *zone, pfn, rq->type).free)
				return true;
		}
	}
	return false;
}
