/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB: building a cache's slabs by hand, for recordings and tests. */
#ifndef KM_SLAB_SLUB_LOAD_H
#define KM_SLAB_SLUB_LOAD_H

#include "slab/slub_object.h"

/* A slab as a snapshot has it. */
struct slub_load {
	pfn_t pfn;
	u32 objects; /* that it has: the cache's number, or the least */
	u32 inuse; /* as its descriptor says */
	enum slab_list list; /* SLAB_LIST_NONE: full; SLAB_LIST_CPU: a CPU's, see below */
	unsigned cpu;
	bool kept; /* one of the partial slabs that the CPU keeps; else its own */
	const u32 *free; /* indexes of the objects on its list of free ones */
	u32 free_count;
	const u32 *at_hand; /* the same of the CPU's list, if it is its own slab */
	u32 at_hand_count;
};

/*
 * Adds a slab whose pages are free of any use: they become a block in use.
 * Slabs of a list come in its order, head first.  false with a message: the
 * pages are in use, or the figures make no slab.
 */
bool slub_load_slab(struct slab_system *s, struct kmem_cache *cache, const struct slub_load *slab, struct status *st);

#endif
