/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page frame is: for panels, for errors, for the checks. */
#ifndef KM_PHYS_FRAME_H
#define KM_PHYS_FRAME_H

#include "phys/phys.h"

enum frame_state {
	FRAME_NO_MEMORY, /* a hole, or behind all memory */
	FRAME_RESERVED, /* memory that the kernel took before the allocator ran, or holds for itself */
	FRAME_FREE, /* in a block on a free list */
	FRAME_PCP, /* in a block on a per-CPU list */
	FRAME_USED, /* in a block that was handed out */
};

struct frame_info {
	enum frame_state state;
	int zone; /* -1: none */
	pfn_t block; /* first frame of the block it belongs to; itself if reserved */
	unsigned order; /* of that block */
	unsigned type; /* migratetype of the list (free), of the page block (else) */
	u32 owner; /* command that allocated it; 0: none (free or reserved) */
	unsigned list; /* FRAME_PCP: the list in the set, | TAG_COLD */
};

/* Describes frame `pfn`; any number is allowed. */
struct frame_info frame_describe(const struct phys *p, pfn_t pfn);

/* "free", "per-CPU", "used" ... translated. */
const char *frame_state_name(enum frame_state state);

/*
 * Counts the frames of [start, end) by state, in time that grows with the
 * blocks there and not with the frames: for a map whose cell is gigabytes.
 */
void frame_count(const struct phys *p, pfn_t start, pfn_t end, u64 count[FRAME_USED + 1]);

#endif
