/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB: a cache grows by a slab, and gives one back. */
#ifndef KM_SLAB_SLAB_GROW_H
#define KM_SLAB_SLAB_GROW_H

#include "slab/slab.h"

/* Makes a slab, at the tail of the free list. false: there are no pages for it, or the kernel refuses the mask. */
bool slab_grow(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);

/*
 * Gives back a slab of which nothing is in use: it is on no list any more and
 * counted as free no longer.  One of objects that may be read under RCU stays
 * until a grace period is over.
 */
void slab_grow_undo(struct slab_system *s, struct kmem_cache *cache, struct kmem_cache_node *node, struct page *page);

/* A grace period of RCU is over: the slabs of this cache that wait for it are given back. */
void slab_grow_end_of_grace(struct slab_system *s, struct kmem_cache *cache);

#endif
