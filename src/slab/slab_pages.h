/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many pages caches have, by zone: nr_slab of 2.6.18; of 6.1
 * nr_slab_reclaimable and nr_slab_unreclaimable (Documentation/filesystems/proc.rst,
 * "meminfo": Slab, SReclaimable, SUnreclaim).  Reclaimable are those of caches
 * with SLAB_RECLAIM_ACCOUNT.  6.1 counts with the others what kmalloc() gets from
 * the page allocator because it is too large for a cache.
 */
#ifndef KM_SLAB_SLAB_PAGES_H
#define KM_SLAB_SLAB_PAGES_H

#include "slab/slab.h"

/* The block of 2^order pages at `pfn` is a slab of this cache from now on, or no longer. */
void slab_pages_taken(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, unsigned order);
void slab_pages_given_back(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, unsigned order);

/* kmalloc() got such a block from the page allocator, or kfree() has given one back, whoever got it. */
void slab_pages_large_taken(struct slab_system *s, pfn_t pfn, unsigned order);
void slab_pages_large_given_back(struct slab_system *s, pfn_t pfn, unsigned order);

/* Pages in a zone; 0 on a machine without caches. */
u64 slab_pages_reclaimable(const struct slab_system *s, unsigned zone);
u64 slab_pages_unreclaimable(const struct slab_system *s, unsigned zone);

/* The same in all zones together. */
u64 slab_pages_all_reclaimable(const struct slab_system *s);
u64 slab_pages_all_unreclaimable(const struct slab_system *s);

/* The counters are those of the slabs that there are; of those of kmalloc() nothing else is known. */
bool slab_pages_check(const struct slab_system *s, struct status *st);

#endif
