/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page blocks: 2^pageblock_order frames that share a migratetype. */
#ifndef KM_PHYS_PAGEBLOCK_H
#define KM_PHYS_PAGEBLOCK_H

#include "phys/phys.h"

/* A zone has its own types for the page blocks at its borders, so they are counted from its first block. */
static inline u32 pageblock_first(const struct phys *p, unsigned zone)
{
	return p->config->zone[zone].start_pfn >> p->config->pageblock_order;
}

/* Page blocks of a zone, those it shares with another zone included. */
u32 pageblock_count(const struct phys *p, unsigned zone);

/* First frame of the zone's n-th page block: may lie before the zone's start. */
pfn_t pageblock_start(const struct phys *p, unsigned zone, u32 n);

/* Migratetype of the n-th page block; MT_NONE: no memory in it. */
unsigned pageblock_type_at(const struct phys *p, unsigned zone, u32 n);
void pageblock_set_type_at(struct phys *p, unsigned zone, u32 n, unsigned type);

/* The same by a frame of the zone. Without migratetypes always MT_UNMOVABLE. */
static inline unsigned pageblock_type(const struct phys *p, unsigned zone, pfn_t pfn)
{
	if (p->config->types == 1)
		return MT_UNMOVABLE;
	return p->block_type[zone][(pfn >> p->config->pageblock_order) - pageblock_first(p, zone)];
}

void pageblock_set_type(struct phys *p, unsigned zone, pfn_t pfn, unsigned type);

/* Pages of a page block, by what they are when it changes its type. */
struct block_content {
	u32 free; /* moved to the new list */
	u32 movable; /* in use, but can be migrated or reclaimed */
};

/* Moves all free blocks of the page block at `pfn` to the tails of the lists of `type`, and counts. */
struct block_content pageblock_move_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned type);

#endif
