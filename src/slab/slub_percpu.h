/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB: what a CPU holds of a cache.  One slab is its own: it takes from and
 * gives to a list of its objects without any lock.  With several CPUs it keeps
 * some partial slabs besides, so as not to need the node's list each time.
 */
#ifndef KM_SLAB_SLUB_PERCPU_H
#define KM_SLAB_SLUB_PERCPU_H

#include "slab/slub_slab.h"

/* What the CPU that runs holds, about to be written. */
static inline struct kmem_cache_cpu *slub_percpu_this(struct slab_system *s, const struct kmem_cache *cache)
{
	struct kmem_cache_cpu *c = slab_cpu(s, cache, s->phys->state->cpu);

	arena_touch(s->phys->arena, c);
	return c;
}

/* No CPU holds anything. */
void slub_percpu_init(struct slab_system *s, const struct kmem_cache *cache);

/* The slab becomes this CPU's, with `freelist` as the CPU's list; it had none. */
void slub_percpu_set(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 freelist);

/* The same with all free objects of a slab that was nobody's: they count as in use. Returns the first of them. */
u64 slub_percpu_own(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* The CPU lets go of its slab, which has no object left. */
void slub_percpu_drop(struct slab_system *s, const struct kmem_cache *cache);

/* Takes the first of this CPU's partial slabs; PFN_NONE: it keeps none. */
pfn_t slub_percpu_take(struct slab_system *s, const struct kmem_cache *cache);

/*
 * This CPU keeps a frozen slab as partial one, first in line.  may_drain: if it keeps enough
 * already, all of those go to the node first.
 */
void slub_percpu_keep(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, bool may_drain);

/* All CPUs give their slabs to the node, or to the page allocator, each by its own hand. */
void slub_percpu_flush(struct slab_system *s, const struct kmem_cache *cache);

#endif
