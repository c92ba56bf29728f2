/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB: how large a cache's objects become, where their free pointer lies, and
 * how many pages a slab has.  All of it follows from what was asked for and
 * from the number of CPUs.
 */
#ifndef KM_SLAB_SLUB_GEOMETRY_H
#define KM_SLAB_SLUB_GEOMETRY_H

#include "slab/rules.h"

/* Flags of kmem_cache_create() in 6.1, both allocators'; SLUB's own ones at the end. */
enum slub_flag {
	SLUB_CONSISTENCY_CHECKS = 0x100,
	SLUB_RED_ZONE = 0x400,
	SLUB_POISON = 0x800,
	SLUB_KMALLOC = 0x1000,
	SLUB_HWCACHE_ALIGN = 0x2000,
	SLUB_CACHE_DMA = 0x4000,
	SLUB_CACHE_DMA32 = 0x8000,
	SLUB_STORE_USER = 0x10000,
	SLUB_RECLAIM_ACCOUNT = 0x20000,
	SLUB_PANIC = 0x40000,
	SLUB_TYPESAFE_BY_RCU = 0x80000,
	SLUB_MEM_SPREAD = 0x100000,
	SLUB_TRACE = 0x200000,
	SLUB_DEBUG_OBJECTS = 0x400000,
	SLUB_NOLEAKTRACE = 0x800000,
	SLUB_ACCOUNT = 0x4000000,
	SLUB_NO_USER_FLAGS = 0x10000000,
	SLUB_CMPXCHG_DOUBLE = 0x40000000, /* the processor swaps two words at once */
};

#define SLUB_OBJECT_POISON 0x80000000u /* objects are filled, not only the gaps beside them */

/* Any of these: every object passes through the node's lists, and is checked there. */
#define SLUB_DEBUG_FLAGS (SLUB_CONSISTENCY_CHECKS | SLUB_RED_ZONE | SLUB_POISON | SLUB_STORE_USER | SLUB_TRACE)

/* What a cache can be asked to have; the rest is for others. */
#define SLUB_FLAGS_KEPT                                                                                     \
	(SLUB_DEBUG_FLAGS | SLUB_KMALLOC | SLUB_HWCACHE_ALIGN | SLUB_CACHE_DMA | SLUB_CACHE_DMA32 |         \
	 SLUB_RECLAIM_ACCOUNT | SLUB_PANIC | SLUB_TYPESAFE_BY_RCU | SLUB_DEBUG_OBJECTS | SLUB_NOLEAKTRACE | \
	 SLUB_ACCOUNT | SLUB_NO_USER_FLAGS)

#define SLUB_MAX_ORDER 3 /* slub_max_order: of a slab of several objects */
#define SLUB_MAX_OBJECTS 32767 /* of a slab */
#define SLUB_TRACK_USERS 2 /* who allocated, who freed: records behind an object with SLAB_STORE_USER */

extern const struct slab_flags slub_flags_6_1;

/* slab_rules.geometry. flags: those of slub_debug are added, unknown ones are dropped. */
bool slub_geometry(const struct slab_system *s, struct kmem_cache *cache);

/*
 * Pages of a slab for objects of `size` bytes, as an order, on a machine with
 * so many CPUs; `orders` where no slab holds one.
 */
unsigned slub_geometry_order(unsigned page_shift, unsigned orders, unsigned cpu_ids, u64 size);

/* The flags that a cache gets: slub_debug's for all caches, without what a cache cannot have. */
u32 slub_geometry_flags(const struct slab_config *config, u32 flags);

/* Bytes of one record of who it was (struct track). */
u32 slub_geometry_track(unsigned word);

/* Does a CPU keep partial slabs of it? Kernels for one CPU are built without that. */
bool slub_geometry_has_cpu_partial(const struct slab_config *config, u32 flags);

/* A CPU is to keep so many objects of the cache in partial slabs; how many slabs that are follows. */
void slub_geometry_set_cpu_partial(struct kmem_cache *cache, u32 objects);

/* Where the records of users begin in an object, and where the padding: bytes from its start. */
u32 slub_geometry_info_end(const struct slab_config *config, const struct kmem_cache *cache);
u32 slub_geometry_padding(const struct slab_config *config, const struct kmem_cache *cache);

/* Is the free pointer behind the object, so that both can be there at a time? */
static inline bool slub_geometry_pointer_outside(const struct kmem_cache *cache)
{
	return cache->slub.offset >= cache->slub.inuse;
}

/* Bytes from an object to the left red zone of the next one. */
static inline u32 slub_geometry_from_object(const struct kmem_cache *cache)
{
	return cache->size - cache->slub.red_left_pad;
}

#endif
