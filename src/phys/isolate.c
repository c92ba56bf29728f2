/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/isolate.h"

#include "phys/buddy.h"
#include "phys/pageblock.h"

static pfn_t block_frames(const struct phys *p)
{
	return (pfn_t)1 << p->config->pageblock_order;
}

static bool isolate_block(struct phys *p, unsigned zone, pfn_t block)
{
	unsigned before = pageblock_type(p, zone, block);

	if (before == MT_ISOLATE)
		return false;
	pageblock_set_type(p, zone, block, MT_ISOLATE);
	p->zone[zone].isolated++;
	pageblock_move_free(p, zone, block, MT_ISOLATE);
	EMIT(p->observer, BLOCK_TYPE, block, before, MT_ISOLATE);
	return true;
}

static unsigned lowest_bit(pfn_t n)
{
	return (unsigned)__builtin_ctz(n);
}

static unsigned highest_bit(pfn_t n)
{
	return 31u - (unsigned)__builtin_clz(n);
}

/* Splits a free block that lies across the border of an isolated page block; each part goes to its own block's type. */
static void split_across(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, pfn_t border)
{
	pfn_t end = pfn + ((pfn_t)1 << order), left = border - pfn;

	buddy_remove(p, zone, pfn, order, buddy_type(p, pfn, order));
	for (pfn_t at = pfn; at < end;) {
		unsigned fits = highest_bit(left);
		unsigned part = at && lowest_bit(at) < fits ? lowest_bit(at) : fits;

		/* A part of several page blocks might hide the isolated one, and merge across the border again. */
		if (part > p->config->pageblock_order)
			part = p->config->pageblock_order;
		buddy_free(p, zone, at, part, pageblock_type(p, zone, at), false);
		at += (pfn_t)1 << part;
		left -= (pfn_t)1 << part;
		if (!left)
			left = end - at;
	}
}

/* Looks for a free block that begins before `border` and ends behind it. */
static void split_at_border(struct phys *p, unsigned zone, pfn_t block, pfn_t border)
{
	pfn_t largest = (pfn_t)1 << (p->config->orders - 1);
	pfn_t at = block & ~(largest - 1);

	if (at < p->config->zone[zone].start_pfn)
		at = p->config->zone[zone].start_pfn;
	while (at < border) {
		int order = buddy_order_at(p, at);

		if (order < 0) {
			at++;
			continue;
		}
		if (at + ((pfn_t)1 << order) > border) {
			split_across(p, zone, at, (unsigned)order, border);
			continue;
		}
		at += (pfn_t)1 << order;
	}
}

bool isolate_range(struct phys *p, unsigned zone, pfn_t start, pfn_t end)
{
	pfn_t length = block_frames(p);
	pfn_t first = start & ~(length - 1), last = (end - 1) & ~(length - 1);

	/* The outer blocks first: there a free block may reach across the border. */
	if (!isolate_block(p, zone, first))
		return false;
	if (phys_zone_of(p, first - 1) >= 0)
		split_at_border(p, zone, first, first);
	if (last != first && !isolate_block(p, zone, last)) {
		isolate_undo(p, zone, first, first + length, MT_CMA);
		return false;
	}
	if (phys_zone_of(p, last + length) >= 0)
		split_at_border(p, zone, last, last + length);
	for (pfn_t block = first + length; block < last; block += length) {
		if (isolate_block(p, zone, block))
			continue;
		isolate_undo(p, zone, first, block, MT_CMA);
		isolate_undo(p, zone, last, last + length, MT_CMA);
		return false;
	}
	return true;
}

/*
 * Two free halves that isolation kept apart merge when the block comes back;
 * moving lists would not do that.
 */
static bool put_back_whole(struct phys *p, unsigned zone, pfn_t block, unsigned type)
{
	int order = buddy_order_at(p, block);
	pfn_t buddy;

	if (order < (int)p->config->pageblock_order || order + 1 >= (int)p->config->orders)
		return false;
	buddy = block ^ ((pfn_t)1 << order);
	if (!buddy_is_free(p, buddy, (unsigned)order) || pageblock_type(p, zone, buddy) == MT_ISOLATE)
		return false;
	buddy_remove(p, zone, block, (unsigned)order, MT_ISOLATE);
	pageblock_set_type(p, zone, block, type);
	buddy_free(p, zone, block, (unsigned)order, type, true);
	return true;
}

void isolate_undo(struct phys *p, unsigned zone, pfn_t start, pfn_t end, unsigned type)
{
	pfn_t length = block_frames(p);

	for (pfn_t block = start & ~(length - 1); block < end; block += length) {
		if (pageblock_type(p, zone, block) != MT_ISOLATE)
			continue;
		if (!put_back_whole(p, zone, block, type)) {
			pageblock_move_free(p, zone, block, type);
			pageblock_set_type(p, zone, block, type);
		}
		p->zone[zone].isolated--;
		EMIT(p->observer, BLOCK_TYPE, block, MT_ISOLATE, type);
	}
}
