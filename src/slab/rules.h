/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between slab allocators: a table of rules for each kernel. */
#ifndef KM_SLAB_RULES_H
#define KM_SLAB_RULES_H

#include "slab/slab.h"

/* Flags of kmem_cache_create(), by meaning; their values are the kernel's. 0: the kernel has no such flag. */
struct slab_flags {
	u32 debug_checks; /* SLAB_DEBUG_FREE, SLAB_CONSISTENCY_CHECKS */
	u32 red_zone, poison, hwcache_align, cache_dma, cache_dma32, store_user, reclaim_account, panic;
	u32 destroy_by_rcu; /* SLAB_TYPESAFE_BY_RCU */
	u32 mem_spread, trace, debug_objects, no_leak_trace, account, no_merge, deactivated;
	u32 must_hwcache_align; /* 2.6 */
	/* What the allocator notes for itself. */
	u32 off_slab, objfreelist, cmpxchg_double, no_user_flags, poison_internal;
};

/* A row of /proc/slabinfo. */
struct slab_info {
	u64 active_objs, num_objs, active_slabs, num_slabs, shared_avail;
	u32 limit, batchcount, shared;
	u64 inuse; /* active_objs without those in CPUs' hands */
};

struct slab_rules {
	const char *name; /* "SLAB of 2.6.18" */
	enum slab_allocator allocator;
	const struct slab_flags *flag;

	/*
	 * Computes all that follows from object_size, align, flags and ctor, which
	 * are set (the geometry).  false: the kernel refuses such a cache.
	 */
	bool (*geometry)(const struct slab_system *s, struct kmem_cache *cache);

	/* Allocates and fills what a cache needs besides its descriptor: arrays, nodes. false: no memory, nothing is
	 * left. */
	bool (*set_up)(struct slab_system *s, struct kmem_cache *cache);
	/* Gives that back. All slabs are gone. */
	void (*tear_down)(struct slab_system *s, struct kmem_cache *cache);

	/* An object; 0 where the kernel returns NULL. Without zeroing and constructors. */
	u64 (*alloc)(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);
	/* `address` is in a slab of this cache, but need not be the start of an object, or in use: the kernel's checks
	 * decide. */
	void (*free)(struct slab_system *s, struct kmem_cache *cache, u64 address);

	/* Gives back all slabs that are free; returns what the kernel's function returns. */
	int (*shrink)(struct slab_system *s, struct kmem_cache *cache);
	/* The same before a cache is destroyed. false: objects are in use. */
	bool (*empty)(struct slab_system *s, struct kmem_cache *cache);

	void (*info)(const struct slab_system *s, const struct kmem_cache *cache, struct slab_info *info);
	/* The hash that recordings have in `c cache` lines, not folded. */
	u64 (*hash)(const struct slab_system *s, const struct kmem_cache *cache);
	/* Invariants of one cache. false with a message that names it. */
	bool (*check)(const struct slab_system *s, const struct kmem_cache *cache, struct status *st);

	/*
	 * Calls `see` for each object of the slab at `pfn`, by index: its address and
	 * whether it is free, in a CPU's or shared array, or in use.
	 */
	void (*objects)(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, void *context,
			void (*see)(void *context, u32 index, u64 address, unsigned state));
};

/* States of an object. */
enum { OBJECT_FREE, OBJECT_CPU, OBJECT_SHARED, OBJECT_USED };

extern const struct slab_rules slab_rules_2_6, slab_rules_6_1, slub_rules_6_1;

#endif
