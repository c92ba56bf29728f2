/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB: free pointers, which lie in the free objects themselves.  Whoever
 * writes to an object that he has given back writes over one; what the
 * allocator reads here may be anything.
 */
#ifndef KM_SLAB_SLUB_OBJECT_H
#define KM_SLAB_SLUB_OBJECT_H

#include "slab/kmem_cache.h"
#include "slab/slub_geometry.h"

/* Is there memory behind these bytes of the direct map? Any address. */
static inline bool slub_object_mapped(const struct slab_system *s, u64 address, u64 bytes)
{
	const struct phys_config *c = s->phys->config;
	u64 end = (u64)(c->direct_map_end < c->max_pfn ? c->direct_map_end : c->max_pfn) << c->page_shift;

	return address >= c->page_offset && bytes <= end && slab_physical(s, address) <= end - bytes;
}

/*
 * The object behind `object` on a list of free objects, as its bytes say; it
 * need not be one, and 0 is the end.  If `object` itself is no address of memory,
 * the kernel reads from there and is down: prints that, and returns 0.
 */
u64 slub_object_next(struct slab_system *s, const struct kmem_cache *cache, u64 object);

/* The same for who only looks: 0 if `object` is no address of memory. */
u64 slub_object_peek(const struct slab_system *s, const struct kmem_cache *cache, u64 object);

/* Makes `next` the object behind `object`, which lies in memory or the kernel is down as above. */
void slub_object_link(struct slab_system *s, const struct kmem_cache *cache, u64 object, u64 next);

/* Address of the first object of the slab that begins at frame `pfn`, and of the one with this index. */
static inline u64 slub_object_first(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	return slab_address(s, pfn) + cache->slub.red_left_pad;
}

static inline u64 slub_object_at(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u32 index)
{
	return slub_object_first(s, cache, pfn) + (u64)index * cache->size;
}

/* Which object of the slab of `objects` objects at `pfn` begins at this address; `objects`: none. */
static inline u32 slub_object_index(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u32 objects,
				    u64 address)
{
	u64 offset = address - slub_object_first(s, cache, pfn);
	u32 index;

	if (offset >= (u64)objects * cache->size)
		return objects;
	index = kmem_cache_index(cache, (u32)offset);
	return (u64)index * cache->size == offset ? index : objects;
}

/*
 * Calls `see` for each object of a list that begins at `object`, for those who
 * only look.  Stops, and returns false, at what is no object of the slab at
 * `pfn`, or at more of them than it has.
 */
bool slub_object_walk(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object,
		      void (*see)(void *context, u32 index, u64 address), void *context);

#endif
