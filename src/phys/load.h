/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a state by hand: for boot, for recordings, for tests. No rule of the allocator is applied, no event told. */
#ifndef KM_PHYS_LOAD_H
#define KM_PHYS_LOAD_H

#include "phys/phys.h"

/*
 * Appends a block at the tail of a free list, and counts it.  false with a
 * message: the block is not aligned, not inside the zone, or overlaps another.
 */
bool load_free_block(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, struct status *st);

/*
 * Appends a block at the tail of a per-CPU list and counts its pages.  set: 0
 * (hot, or the only one) or 1 (cold); list: order * MT_PCPTYPES + type, or 0;
 * type: the migratetype remembered in the page.
 */
bool load_pcp_block(struct phys *p, unsigned zone, unsigned cpu, unsigned set, unsigned list, pfn_t pfn, unsigned type,
		    struct status *st);

/* Marks the frame as movable for the stealing of page blocks. */
bool load_movable(struct phys *p, pfn_t pfn, struct status *st);

/* Makes [pfn, pfn + 2^order) a block in use, held by command `owner`. */
bool load_used_block(struct phys *p, pfn_t pfn, unsigned order, u32 owner, struct status *st);

/* Makes the page `pfn` of a CMA area one that cma_alloc() gave out, in ascending order; it may be in use already. */
bool load_cma_used(struct phys *p, unsigned area, pfn_t pfn, struct status *st);

#endif
