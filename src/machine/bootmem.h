/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory before there is a page allocator: what boot has taken of the RAM.
 * Both boot allocators work on it, bootmem (2.6) from the bottom up and
 * memblock (6.1) from the top down.  All figures are bytes.
 */
#ifndef KM_MACHINE_BOOTMEM_H
#define KM_MACHINE_BOOTMEM_H

#include "machine/desc.h"
#include "phys/phys.h"

#define BOOTMEM_TAKEN 96
#define BOOTMEM_GAPS (BOOTMEM_TAKEN + PHYS_RANGES)

struct bootmem {
	const struct phys_config *config; /* memory: where there is RAM. Not owned */
	struct desc_range taken[BOOTMEM_TAKEN]; /* ascending, apart from each other */
	unsigned count;
	u64 last; /* bootmem: where the last request was granted */
	u64 rest; /* bootmem: where what was handed out last ends */
	bool failed; /* a request could not be granted */
};

void bootmem_init(struct bootmem *b, const struct phys_config *config);

/* Takes [start, end), whatever of it is taken already. */
void bootmem_reserve(struct bootmem *b, u64 start, u64 end);

/* Gives [start, end) back. */
void bootmem_release(struct bootmem *b, u64 start, u64 end);

/*
 * memblock: the highest free place of [from, limit).  Returns its address; 0,
 * and `failed` is set, if there is none.
 */
u64 bootmem_take_high(struct bootmem *b, u64 bytes, u64 align, u64 from, u64 limit);

/*
 * bootmem: the first free pages from `goal` on, or from where the last request
 * was granted if that is higher; from 0 if there are none.  A request that is
 * not for aligned pages begins in the rest of the last page handed out, if
 * that is the one before.  Returns as above.
 */
u64 bootmem_take_low(struct bootmem *b, u64 bytes, u64 align, u64 goal);

/* The free ranges, ascending; how many. */
unsigned bootmem_gaps(const struct bootmem *b, struct desc_range gap[BOOTMEM_GAPS]);

#endif
