/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB: slabs.  One is got from the page allocator, with all its objects
 * chained in the order of their addresses; it is a CPU's own (frozen), on a
 * list of its node, or, when all objects are in use, on no list; and it is
 * given back when it is empty and its node keeps enough.
 */
#ifndef KM_SLAB_SLUB_SLAB_H
#define KM_SLAB_SLUB_SLAB_H

#include "phys/blocklist.h"
#include "slab/slub_object.h"

/* In page_slab.word[]: 1: it was given up, and waits for RCU. */
enum { SLUB_WAITS };

/* The descriptor of the slab at `pfn`, to be read, and about to be written. */
static inline const struct page_slab *slub_slab_of(const struct slab_system *s, pfn_t pfn)
{
	return &page_find(s->phys, pfn)->slab;
}

static inline struct page_slab *slub_slab_write(struct slab_system *s, pfn_t pfn)
{
	return &page_touch(s->phys, page_find(s->phys, pfn))->slab;
}

/* The node that a slab lies on, and that of the CPU that runs. */
unsigned slub_slab_node(const struct slab_system *s, pfn_t pfn);
unsigned slub_slab_this_node(const struct slab_system *s);

/* What the cache keeps on a node, about to be written. */
struct kmem_cache_node *slub_slab_node_write(struct slab_system *s, const struct kmem_cache *cache, unsigned node);

/*
 * A new slab: of the cache's order, or of the least that holds an object where
 * that is refused.  It is on no list and not counted yet.  PFN_NONE: no pages.
 */
pfn_t slub_slab_new(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp);

/* Counts a slab and its objects on its node. */
void slub_slab_count(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/*
 * Counts it no more, and gives its pages back; with SLAB_TYPESAFE_BY_RCU only
 * when a grace period is over (slab_rules.end_of_grace).  It is on no list.
 */
void slub_slab_discard(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);
void slub_slab_end_of_grace(struct slab_system *s, struct kmem_cache *cache);

/* Puts a slab on a list of its node, or takes it off. `list` is SLAB_LIST_PARTIAL, or SLAB_LIST_FULL. */
void slub_slab_add(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, enum slab_list list,
		   enum list_end end);
void slub_slab_remove(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, enum slab_list list);

/*
 * Is it full, and therefore on no list that objects are taken from?  One whose
 * list of free objects was cut short by a stray write has none, and is on one.
 */
static inline bool slub_slab_is_full(const struct page_slab *slab)
{
	return !slab->freelist && !slab->frozen && slab->list != SLAB_LIST_PARTIAL;
}

/* Does the node of this slab keep enough slabs, so that an empty one more is given back? */
bool slub_slab_enough(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* Gives back an empty slab that is on no list, because its node keeps enough. */
void slub_slab_surplus(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

#endif
