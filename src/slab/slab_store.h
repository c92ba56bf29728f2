/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB: how a slab keeps its free objects.  2.6 has a descriptor and a chain of
 * indexes, 6.1 a list of indexes.  Both lie in the bytes of pages, where
 * anything may have been written over them: what is read there is checked, and
 * what cannot be is an oops.
 *
 * `page` is the descriptor of the slab's first page, already touched.
 */
#ifndef KM_SLAB_SLAB_STORE_H
#define KM_SLAB_SLAB_STORE_H

#include "slab/rules.h"

struct slab_report; /* what debugging prints, slab/slab_report.h */

struct slab_store {
	bool colour_first; /* the colour is counted up before pages are asked for, and begins with 0 (2.6) */
	bool grows_at_once; /* a refill that knows of no free object looks at no list (6.1) */
	bool keeps_to_limit_late; /* what exceeds free_limit is given back after all objects were freed (6.1) */
	bool always_shared; /* there is a shared array, if only an empty one, with one CPU as well (2.6) */
	bool arrays_by_kmalloc; /* CPUs' arrays are objects of kmalloc(), not per-CPU memory (2.6) */
	bool nodes_keep_pages; /* a slab is on the lists of its pages' node, whoever asked for it (6.1) */
	bool rcu_keeps_management; /* it is freed with the pages, after the grace period (2.6) */

	/* May the cache grow with this mask? false: no, and the kernel may be down. *gfp: what is passed on. */
	bool (*may_grow)(struct slab_system *s, const struct kmem_cache *cache, gfp_t *gfp);
	/* The same, when the colour was chosen. */
	bool (*zone_fits)(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp);
	const struct slab_report *report;
	/*
	 * Says where in a new slab things will lie: s_mem, and freelist if it is
	 * 0, not the address of off-slab management.  Its colour is set.
	 */
	void (*place)(const struct slab_system *s, const struct kmem_cache *cache, struct page *page);
	/* Writes the management of a new slab: all objects are free. */
	void (*lay_out)(struct slab_system *s, const struct kmem_cache *cache, struct page *page);
	/* The next free object, which counts as in use then; 0: there is none that can be. */
	u64 (*take)(struct slab_system *s, const struct kmem_cache *cache, struct page *page);
	/* An object comes back. false: it cannot. */
	bool (*put)(struct slab_system *s, const struct kmem_cache *cache, struct page *page, u32 index);
	/* Is nothing left in it? */
	bool (*is_spent)(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page);
	/* Calls `see` for each free object's index in the order in which they will be taken. false: they are wrong. */
	bool (*walk)(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page,
		     void *context, void (*see)(void *context, u32 index));
};

extern const struct slab_store slab_store_2_6, slab_store_6_1;

/* Address of the first byte of a slab, and of its object `index`. */
static inline u64 slab_store_base(const struct slab_system *s, const struct page *page)
{
	return slab_address(s, page->pfn);
}

static inline u64 slab_store_object(const struct slab_system *s, const struct kmem_cache *cache,
				    const struct page *page, u32 index)
{
	return slab_store_base(s, page) + page->slab.s_mem + (u64)index * cache->size;
}

#endif
