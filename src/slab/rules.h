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
	u32 kmalloc; /* 6.1: of kmalloc() */
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
	/* Flags that kmem_cache_create() may be given; those of them that it keeps. */
	u32 flags_permitted, flags_kept;
	u32 flags_debug; /* of these, the ones that only a kernel built for debugging keeps */
	bool names_copied; /* the name is copied to memory of kmalloc() */
	bool unlinked_first; /* a cache leaves the chain before it is emptied; one that stays comes to its head */
	bool zeroes; /* __GFP_ZERO is known; else zeroing is the caller's business */
	/* Like caches are one: not with these flags, only if these are the same. merge_same 0: never (2.6). */
	u32 never_merge, merge_same;
	bool merge_aligned; /* the alignment must be a part of the other's */
	const struct kmalloc_rules *kmalloc;
	const struct slab_store *store; /* SLAB: how a slab keeps its free objects (slab/slab_store.h) */
	/* The caches made before those of kmalloc(): that of caches, and what it needs. NULL: out of slots. */
	struct kmem_cache *(*bootstrap)(struct slab_system *s);

	/* What the kernel finds wrong before anything is done: prints it, or is down then. true: no cache is made. */
	bool (*refuses)(struct slab_system *s, const char *name, u64 size, u64 align, u32 flags);
	/* The flags with those that debugging adds. NULL: none. */
	u32 (*add_flags)(const struct slab_system *s, const char *name, u64 size, u32 flags);
	/* Another name, for objects of `size` bytes, shares a cache now. NULL: nothing follows. */
	void (*shared)(struct slab_system *s, struct kmem_cache *cache, u64 size);
	/* What is printed when a cache with objects in use is to be destroyed. */
	void (*report_busy)(struct slab_system *s, struct kmem_cache *cache);
	/* kmem_cache_free(), or kfree() (cache NULL), of what lies in no slab of this cache. */
	void (*stray)(struct slab_system *s, struct kmem_cache *cache, u64 address);
	/* A pass of the periodic reaper. NULL: there is none. */
	void (*reap)(struct slab_system *s);
	/* A grace period of RCU is over. NULL: nothing waits for it. */
	void (*end_of_grace)(struct slab_system *s, struct kmem_cache *cache);

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

	/* An object; 0 where the kernel returns NULL. Without zeroing; constructors have run when its slab was made. */
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

/* How kmalloc() chooses a cache. */
struct kmalloc_rules {
	const char *prefix[SLAB_KMALLOC_TYPES], *suffix[SLAB_KMALLOC_TYPES]; /* of the names; NULL: no such type */
	bool short_names; /* 1024 is written 1k */
	const u32 *sizes; /* bytes of the classes, ascending, the end is 0 */
	u32 first, second; /* the classes that are made before all others; 0: none */
	bool types_together; /* the DMA cache of a size is made beside the normal one, not after all normal ones */
	u32 flags, type_flags[SLAB_KMALLOC_TYPES]; /* of the caches */
	bool powers_aligned; /* powers of two are aligned to their size, all to `least_align` */
	u32 least_align;
	bool usersize; /* users' copies may reach all of an object */
	u32 most; /* bytes: the largest object of a cache */
	bool pages_above; /* what is larger comes from the page allocator; else there is nothing larger */
	u64 zero; /* what 0 bytes give: ZERO_SIZE_PTR; 0: an object of the least size */
};

enum { KMALLOC_NORMAL, KMALLOC_RECLAIM, KMALLOC_DMA };

extern const struct slab_rules slab_rules_2_6, slab_rules_6_1, slub_rules_6_1;

/* The rules of a kernel; NULL: no allocator, or none of that kind. */
const struct slab_rules *rules_of(enum slab_allocator allocator, enum gfp_kernel kernel);

#endif
