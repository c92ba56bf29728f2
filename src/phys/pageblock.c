/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/pageblock.h"

#include "phys/buddy.h"

u32 pageblock_count(const struct phys *p, unsigned zone)
{
	const struct zone_config *z = &p->config->zone[zone];

	if (p->config->types == 1 || !z->spanned)
		return 0;
	return ((z->start_pfn + z->spanned - 1) >> p->config->pageblock_order) - pageblock_first(p, zone) + 1;
}

pfn_t pageblock_start(const struct phys *p, unsigned zone, u32 n)
{
	return (pageblock_first(p, zone) + n) << p->config->pageblock_order;
}

unsigned pageblock_type_at(const struct phys *p, unsigned zone, u32 n)
{
	return p->block_type[zone][n];
}

void pageblock_set_type_at(struct phys *p, unsigned zone, u32 n, unsigned type)
{
	arena_touch(p->arena, &p->block_type[zone][n]);
	p->block_type[zone][n] = (u8)type;
}

void pageblock_set_type(struct phys *p, unsigned zone, pfn_t pfn, unsigned type)
{
	if (p->config->types == 1)
		return;
	/* With too little memory to group by mobility everything stays unmovable. */
	if (p->config->mobility_disabled && type < MT_PCPTYPES)
		type = MT_UNMOVABLE;
	pageblock_set_type_at(p, zone, (pfn >> p->config->pageblock_order) - pageblock_first(p, zone), type);
}

struct block_content pageblock_move_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned type)
{
	const struct zone_config *zc = &p->config->zone[zone];
	struct block_content found = { 0, 0 };
	pfn_t start = pfn & ~(((pfn_t)1 << p->config->pageblock_order) - 1);
	pfn_t end = start + ((pfn_t)1 << p->config->pageblock_order);

	/* A page block never crosses its zone's borders here: cut off in front, given up behind. */
	if (start < zc->start_pfn)
		start = pfn;
	if (end > zc->start_pfn + zc->spanned)
		return found;
	for (pfn_t at = start; at < end;) {
		int order = buddy_order_at(p, at);

		if (order < 0) {
			found.movable += (p->frame[at].flags & FRAME_MOVABLE) != 0;
			at++;
			continue;
		}
		buddy_move(p, zone, at, (unsigned)order, buddy_type(p, at, (unsigned)order), type);
		found.free += (u32)1 << order;
		at += (pfn_t)1 << order;
	}
	return found;
}
