/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures that a kernel computes from the sizes of its zones: watermarks,
 * lowmem_reserve, per-CPU lists.  Nothing here is stored in a description.
 */
#ifndef KM_MACHINE_SIZING_H
#define KM_MACHINE_SIZING_H

#include "machine/desc.h"
#include "phys/phys.h"

/* Where kernels differ. */
struct sizing_rule {
	u32 min_free_most; /* kB: min_free_kbytes is never computed higher */
	bool
	    scaled_steps; /* the steps between watermarks are at least managed * watermark_scale_factor / 10000 (4.6) */
	u32 pcp_most; /* bytes: a per-CPU batch is a quarter of this at most */
	bool pcp_high_by_wmark; /* high is the zone's low watermark shared by the CPUs (5.14); else six batches */
	bool pcp_hot_cold; /* two sets for a zone and CPU (until 2.6.24) */
};

/* The rule of a machine's kernel. A textbook machine has watermarks of 0 and no per-CPU lists. */
const struct sizing_rule *sizing_rule(enum boot_rule boot);

/* The kernel's default for min_free_kbytes by its low memory, both in kB: at least 128, at most `most`. */
u32 sizing_min_free_kbytes(u64 lowmem_kb, u32 most);

/* Low memory of the zones in `c`, in kB, as the kernel counts it for min_free_kbytes. */
u64 sizing_lowmem_kb(const struct phys_config *c);

/* Sets the watermarks of all zones. scale: watermark_scale_factor, of 10000. */
void sizing_watermarks(struct phys_config *c, const struct sizing_rule *rule, u32 min_free_kbytes, u32 scale);

/* Sets lowmem_reserve of all zones; ratio[] is indexed by the type of the zone that keeps the reserve, 0: it keeps
 * none. */
void sizing_lowmem_reserve(struct phys_config *c, const u32 ratio[PHYS_ZONE_TYPES]);

/*
 * zone_batchsize(): pages that move at once between a per-CPU list and the
 * buddy lists, for a zone of `pages`.  0 for a small zone.
 */
u32 sizing_pcp_batch(u32 pages, u64 page_size, u32 most);

/*
 * Sets high and batch of the per-CPU lists of all zones, from the watermarks
 * where the rule says so.  fraction: percpu_pagelist_fraction; 0: not set.
 */
void sizing_pcp(struct phys_config *c, const struct sizing_rule *rule, u32 fraction);

/* Are `pages` of memory too few to group them by mobility? */
bool sizing_mobility_disabled(u64 pages, unsigned pageblock_order);

/* High memory: it has no address in the direct map. */
bool sizing_is_highmem(const struct phys_config *c, const struct zone_config *z);

#endif
