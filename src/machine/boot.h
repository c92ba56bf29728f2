/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boot: from a description to a configuration, and to the memory that is left
 * for the page allocator.  What a booting kernel allocates from the page
 * allocator afterwards is not modelled.
 */
#ifndef KM_MACHINE_BOOT_H
#define KM_MACHINE_BOOT_H

#include "machine/boot_steps.h"
#include "machine/desc.h"
#include "phys/phys.h"

#define BOOT_RANGES 128

/* How frames reach the page allocator. */
enum boot_way {
	BOOT_BLOCKS_AT_TAIL, /* in the largest aligned blocks, put at the tail (6.1, low memory) */
	BOOT_SINGLE_TO_BUDDY, /* one by one to the buddy lists (6.1, high memory) */
	BOOT_SINGLE_TO_PCP, /* one by one through the per-CPU list */
	BOOT_GROUPS_OF_32, /* 32 free frames in an aligned group as a block, others through the hot list (2.6, low
			      memory) */
	BOOT_CMA, /* a page block at a time, as the blocks of a contiguous memory area */
	BOOT_LARGEST_BLOCKS, /* in the largest aligned blocks that fit, whatever the order (textbooks) */
};

/* Frames of one zone that are given to the page allocator together. */
struct boot_range {
	pfn_t start, end;
	enum boot_way way;
	bool late; /* after the watermarks were computed */
};

/* What boot gives to the page allocator, in this order. */
struct boot_plan {
	struct boot_range range[BOOT_RANGES];
	unsigned count;
	u32 min_free_kbytes;
	struct desc_range swiotlb; /* memory that devices' transfers are bounced through; nothing: there is none */
};

/*
 * Computes configuration and plan from a description by the rules of its
 * kernel.  false with a message that says what to change.
 */
bool boot_configure(const struct machine_desc *desc, struct phys_config *c, struct boot_plan *plan, struct status *st);

/*
 * Makes the plan from what the steps left, and computes from it the sizes of
 * the zones of `c`: managed pages, watermarks, reserves, per-CPU lists.  false
 * with a message: memory is too fragmented.
 */
bool boot_plan_make(const struct machine_desc *desc, struct phys_config *c, const struct boot_steps *steps,
		    const struct boot_progress *progress, struct boot_plan *plan, struct status *st);

/* Sets up a fresh machine for boot_hand_over(): tunables, and zones that got nothing yet. */
void boot_begin(struct phys *p, const struct machine_desc *desc);

/*
 * Carries the plan out on a machine that has no free page: gives the ranges to
 * the page allocator, sets the sizes of the zones to those in `sizes`, then
 * gives what is freed late.  The observer is told.  Not for a machine that
 * goes on from a server's state: its zones have their sizes.
 */
void boot_hand_over(struct phys *p, const struct machine_desc *desc, const struct phys_config *sizes,
		    const struct boot_plan *plan);

#endif
