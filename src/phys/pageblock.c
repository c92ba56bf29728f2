/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/pageblock.h"

/* A zone has its own types for the page blocks at its borders, so they are counted from its first block. */
static u32 pageblock_first(const struct phys *p, unsigned zone)
{
	return p->config->zone[zone].start_pfn >> p->config->pageblock_order;
}

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

unsigned pageblock_type(const struct phys *p, unsigned zone, pfn_t pfn)
{
	if (p->config->types == 1)
		return MT_UNMOVABLE;
	return p->block_type[zone][(pfn >> p->config->pageblock_order) - pageblock_first(p, zone)];
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
