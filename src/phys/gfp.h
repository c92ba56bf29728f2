/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GFP masks.  A mask is a number of the machine's kernel; the same flag has
 * another value in another kernel.  struct gfp_bits holds the values of one
 * kernel, 0 where it has no such flag, so `mask & bits->high` is right for all.
 */
#ifndef KM_PHYS_GFP_H
#define KM_PHYS_GFP_H

#include "base/strbuf.h"
#include "base/types.h"

typedef u32 gfp_t;

enum gfp_kernel {
	GFP_2_6, /* 2.6.18 */
	GFP_6_1,
};

struct gfp_bits {
	gfp_t dma, highmem, dma32, movable, reclaimable;
	gfp_t wait; /* may sleep: __GFP_WAIT, later __GFP_DIRECT_RECLAIM */
	gfp_t kswapd; /* wakes kswapd; 0 in 2.6, where every request does */
	gfp_t high; /* may use a part of the reserve */
	gfp_t atomic; /* 6.1: urgent; 0 in 2.6 */
	gfp_t io, fs; /* reclaim may start disk I/O, may call into file systems */
	gfp_t retry; /* tries harder, but may fail: __GFP_REPEAT, later __GFP_RETRY_MAYFAIL */
	gfp_t cold, nowarn, nofail, noretry, zero, comp, memalloc, nomemalloc, thisnode, hardwall;
};

/* The flags that choose the zone are the same four bits in every kernel: DMA, HIGHMEM, DMA32, MOVABLE. */
#define GFP_ZONE_BITS 0xfu

/* A name and its value, e.g. GFP_KERNEL 0xcc0. */
struct gfp_name {
	const char *name;
	gfp_t value;
};

const struct gfp_bits *gfp_bits(enum gfp_kernel kernel);

/* All names of a kernel, the composed ones first; *count of them. */
const struct gfp_name *gfp_names(enum gfp_kernel kernel, size_t *count);

/* The value of `name`; false if this kernel has no such name. */
bool gfp_by_name(enum gfp_kernel kernel, const char *name, gfp_t *value);

/* What a kernel that lacks a name offers in its place. */
struct gfp_elsewhere {
	const char *name;
	const char *kernels; /* that have it: "2.6.18", "2.6.24 to 4.13" */
	const char *instead; /* the nearest name of the kernel asked about; NULL: none */
	const char *why; /* N_(): what became of it */
};

/* About a name that `kernel` does not have, but another one has; NULL: no kernel that we know has it. */
const struct gfp_elsewhere *gfp_elsewhere(enum gfp_kernel kernel, const char *name);

/* Appends the mask as names joined by '|': the composed name that covers most, then single flags; unknown bits in hex.
 */
void gfp_format(enum gfp_kernel kernel, gfp_t mask, struct strbuf *out);

#endif
