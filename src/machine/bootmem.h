/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory before there is a page allocator: which RAM boot knows of, and what
 * of it is taken.  Both boot allocators work on it, bootmem (2.6) from the
 * bottom up and memblock (6.1) from the top down.  All figures are bytes of
 * physical address space.  It holds no pointers, so it can lie in an arena.
 */
#ifndef KM_MACHINE_BOOTMEM_H
#define KM_MACHINE_BOOTMEM_H

#include "machine/desc.h"
#include "phys/phys.h"

#define BOOTMEM_RANGES 128
#define BOOTMEM_GAPS (BOOTMEM_RANGES + PHYS_RANGES)

/* Ascending, apart from each other. */
struct bootmem_ranges {
	struct desc_range range[BOOTMEM_RANGES];
	u64 count;
};

struct bootmem {
	struct bootmem_ranges ram, taken;
	u64 page; /* bytes of a page */
	u64 last; /* bootmem: where the last request was granted */
	u64 rest; /* bootmem: where what was handed out last ends */
};

/* Knows of no RAM yet. */
void bootmem_init(struct bootmem *b, u64 page_size);

/* Adds [start, end), whatever of it is there already. false: there are too many ranges, nothing is changed. */
bool bootmem_insert(struct bootmem_ranges *ranges, u64 start, u64 end);

/* Takes [start, end) out, whatever of it is there. Returns as above. */
bool bootmem_remove(struct bootmem_ranges *ranges, u64 start, u64 end);

/* Is all of [start, end) there? */
bool bootmem_holds(const struct bootmem_ranges *ranges, u64 start, u64 end);

/*
 * memblock: the highest free place of [from, limit), never the first page of
 * all; marks it as taken.  Returns its address; 0 if there is none.  `align`
 * is a power of two.
 */
u64 bootmem_take_high(struct bootmem *b, u64 bytes, u64 align, u64 from, u64 limit, struct observer *observer);

/*
 * bootmem: the first free pages below `limit` from `goal` on, or from where the
 * last request was granted if that is higher; from 0 if there are none.  A
 * request that is not for aligned pages begins in the rest of the last page
 * handed out, if that is the one before.  Returns as above.
 */
u64 bootmem_take_low(struct bootmem *b, u64 bytes, u64 align, u64 goal, u64 limit, struct observer *observer);

/* The free ranges, ascending; how many. */
unsigned bootmem_gaps(const struct bootmem *b, struct desc_range gap[BOOTMEM_GAPS]);

#endif
