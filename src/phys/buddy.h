/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The buddy system: free lists, splitting, merging. Counters follow the lists at every step. */
#ifndef KM_PHYS_BUDDY_H
#define KM_PHYS_BUDDY_H

#include "phys/blocklist.h"
#include "phys/phys.h"

/* Puts a block on a free list, or takes it off, and counts it. No merging, no event. */
void buddy_add(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, enum list_end end);
void buddy_remove(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type);

/* Moves a free block to the tail of another type's list. */
void buddy_move(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned from, unsigned to);

/*
 * Takes the head of the least order that has a block of this type, splits it
 * down to `order`, and puts each upper half on its list.  PFN_NONE: nothing.
 */
pfn_t buddy_take(struct phys *p, unsigned zone, unsigned order, unsigned type);

/*
 * Gives a block back: merges it with its free buddies as far as that goes, and
 * puts the result on the list of `type`.  at_tail: not at the head.
 */
void buddy_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, bool at_tail);

/*
 * Is the block of this order at `pfn`, a multiple of its size, a free block of
 * exactly this order?  One outside the machine is not.
 */
static inline bool buddy_is_free(const struct phys *p, pfn_t pfn, unsigned order)
{
	return pfn < p->config->max_pfn && (blocklist_tag(p, order, pfn) & TAG_FREE);
}

/* Order of the free block whose first frame is `pfn`; -1: there is none. */
static inline int buddy_order_at(const struct phys *p, pfn_t pfn)
{
	for (unsigned order = 0; order < p->config->orders; order++) {
		/* Inside a larger block; to look there would find that block. */
		if (pfn & (((pfn_t)1 << order) - 1))
			break;
		if (buddy_is_free(p, pfn, order))
			return (int)order;
	}
	return -1;
}

/* Migratetype of the list that a free block is on. */
static inline unsigned buddy_type(const struct phys *p, pfn_t pfn, unsigned order)
{
	return blocklist_tag(p, order, pfn) & TAG_LIST;
}

/* An event's free-list argument. */
static inline u64 buddy_list_id(unsigned order, unsigned type)
{
	return (u64)order << 8 | type;
}

#endif
