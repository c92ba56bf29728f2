/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_geometry.h"

#include "slab/kmem_cache.h"

#define MIN_PARTIAL 5 /* slabs that a node keeps, at least and at most */
#define MAX_PARTIAL 10
#define DEFRAG_RATIO 1000 /* of 1024: how often a CPU looks on other nodes before it takes pages */
#define SIZE_LIMIT (UINT64_C(1) << 31) /* larger than any slab: computing with less than this cannot overflow */

const struct slab_flags slub_flags_6_1 = {
	.debug_checks = SLUB_CONSISTENCY_CHECKS,
	.red_zone = SLUB_RED_ZONE,
	.poison = SLUB_POISON,
	.kmalloc = SLUB_KMALLOC,
	.hwcache_align = SLUB_HWCACHE_ALIGN,
	.cache_dma = SLUB_CACHE_DMA,
	.cache_dma32 = SLUB_CACHE_DMA32,
	.store_user = SLUB_STORE_USER,
	.reclaim_account = SLUB_RECLAIM_ACCOUNT,
	.panic = SLUB_PANIC,
	.destroy_by_rcu = SLUB_TYPESAFE_BY_RCU,
	.mem_spread = SLUB_MEM_SPREAD,
	.trace = SLUB_TRACE,
	.debug_objects = SLUB_DEBUG_OBJECTS,
	.no_leak_trace = SLUB_NOLEAKTRACE,
	.account = SLUB_ACCOUNT,
	.cmpxchg_double = SLUB_CMPXCHG_DOUBLE,
	.no_user_flags = SLUB_NO_USER_FLAGS,
	.poison_internal = SLUB_OBJECT_POISON,
};

/* What slub_debug without letters turns on. */
#define DEBUG_DEFAULT (SLUB_CONSISTENCY_CHECKS | SLUB_RED_ZONE | SLUB_POISON | SLUB_STORE_USER)

static u64 align_up(u64 n, u64 to)
{
	return (n + to - 1) & ~(to - 1);
}

/* The index of the highest bit; of 0: 0. */
static unsigned highest_bit(u64 n)
{
	return n ? 63 - (unsigned)__builtin_clzll(n) : 0;
}

/* get_order() */
static unsigned order_of(unsigned page_shift, u64 bytes)
{
	return bytes <= UINT64_C(1) << page_shift ? 0 : highest_bit(bytes - 1) + 1 - page_shift;
}

/* The first order up to `most` that wastes no more than a share of 1/fraction; most + 1: none. */
static unsigned order_with(unsigned page_shift, u64 size, unsigned objects, unsigned most, unsigned fraction)
{
	unsigned order = order_of(page_shift, objects * size);

	/* A page of very small objects would hold more than can be counted. */
	if ((UINT64_C(1) << page_shift) / size > SLUB_MAX_OBJECTS)
		return order_of(page_shift, size * SLUB_MAX_OBJECTS) - 1;
	for (; order <= most; order++) {
		u64 bytes = UINT64_C(1) << (page_shift + order);

		if (bytes % size <= bytes / fraction)
			return order;
	}
	return most + 1;
}

/* Objects that a slab should have, so that CPUs seldom meet at the node's lists. */
static unsigned wanted_objects(unsigned cpu_ids)
{
	return 4 * (highest_bit(cpu_ids) + 2);
}

unsigned slub_geometry_order(unsigned page_shift, unsigned orders, unsigned cpu_ids, u64 size)
{
	unsigned highest = SLUB_MAX_ORDER < orders ? SLUB_MAX_ORDER : orders - 1;
	u64 most = (UINT64_C(1) << (page_shift + highest)) / size;
	unsigned objects = wanted_objects(cpu_ids), order;

	if (objects > most)
		objects = (unsigned)most;
	/* Rather fewer objects than more waste. */
	for (; objects > 1; objects--) {
		for (unsigned fraction = 16; fraction >= 4; fraction /= 2) {
			order = order_with(page_shift, size, objects, highest, fraction);
			if (order <= highest)
				return order;
		}
	}
	order = order_with(page_shift, size, 1, highest, 1);
	if (order <= highest)
		return order;
	order = order_of(page_shift, size);
	return order < orders ? order : orders;
}

u32 slub_geometry_flags(const struct slab_config *config, u32 flags)
{
	flags &= SLUB_FLAGS_KEPT;
	if (!config->debug || (flags & SLUB_NO_USER_FLAGS))
		return flags;
	/* kmemleak's own caches do not store who uses them. */
	return flags | (flags & SLUB_NOLEAKTRACE ? DEBUG_DEFAULT & ~SLUB_STORE_USER : DEBUG_DEFAULT);
}

u32 slub_geometry_track(unsigned word)
{
	/* address, handle of the stack, CPU, process, ticks: padded to words */
	return (u32)align_up(word + 3 * sizeof(u32), word) + word;
}

u32 slub_geometry_info_end(const struct slab_config *config, const struct kmem_cache *cache)
{
	return cache->slub.inuse + (slub_geometry_pointer_outside(cache) ? config->word : 0);
}

u32 slub_geometry_padding(const struct slab_config *config, const struct kmem_cache *cache)
{
	u32 end = slub_geometry_info_end(config, cache);

	if (!(cache->flags & SLUB_STORE_USER))
		return end;
	/* Behind the records lies what was asked of kmalloc(). */
	return end + SLUB_TRACK_USERS * slub_geometry_track(config->word) +
	       (cache->flags & SLUB_KMALLOC ? (u32)sizeof(u32) : 0);
}

bool slub_geometry_has_cpu_partial(const struct slab_config *config, u32 flags)
{
	return config->cpu_ids > 1 && !(flags & SLUB_DEBUG_FLAGS);
}

/* The layout of an object: payload, right red zone, free pointer, tracks, padding; before it all the left red zone. */
static u64 lay_out(const struct slab_config *config, struct kmem_cache *cache)
{
	const u32 word = config->word, flags = cache->flags;
	u64 size = align_up(cache->object_size, word);

	/* There is a red zone behind each object, if need be an additional word. */
	if ((flags & SLUB_RED_ZONE) && size == cache->object_size)
		size += word;
	cache->slub.inuse = (u32)size;
	/* Where the object must stay as it is while it is free, the pointer lies behind it. */
	if ((flags & (SLUB_TYPESAFE_BY_RCU | SLUB_POISON)) || cache->ctor != CTOR_NONE ||
	    ((flags & SLUB_RED_ZONE) && cache->object_size < word) ||
	    ((flags & SLUB_STORE_USER) && (flags & SLUB_KMALLOC))) {
		cache->slub.offset = (u32)size;
		size += word;
	} else {
		/* In the middle: small overruns of a neighbour do not reach it. */
		cache->slub.offset = cache->object_size / 2 & ~(word - 1);
	}
	if (flags & SLUB_STORE_USER)
		size += SLUB_TRACK_USERS * slub_geometry_track(word) + (flags & SLUB_KMALLOC ? sizeof(u32) : 0);
	cache->slub.red_left_pad = 0;
	if (flags & SLUB_RED_ZONE) {
		cache->slub.red_left_pad = (u32)align_up(word, cache->align);
		size += word + cache->slub.red_left_pad;
	}
	return align_up(size, cache->align);
}

static void set_allocflags(const struct slab_system *s, struct kmem_cache *cache)
{
	const struct gfp_bits *gfp = s->phys->gfp;

	cache->allocflags = cache->order ? gfp->comp : 0;
	if (cache->flags & SLUB_CACHE_DMA)
		cache->allocflags |= gfp->dma;
	if (cache->flags & SLUB_CACHE_DMA32)
		cache->allocflags |= gfp->dma32;
	if (cache->flags & SLUB_RECLAIM_ACCOUNT)
		cache->allocflags |= gfp->reclaimable;
}

void slub_geometry_set_cpu_partial(struct kmem_cache *cache, u32 objects)
{
	cache->slub.cpu_partial = objects;
	/* A slab on the list is taken to be half full. */
	cache->slub.cpu_partial_slabs = (u32)((2 * (u64)objects + cache->num - 1) / cache->num);
}

/* How many free slabs a node keeps, and how much a CPU keeps for itself. */
static void set_partial(const struct slab_config *config, struct kmem_cache *cache, u32 page)
{
	u32 keep = highest_bit(cache->size) / 2, objects = 0;

	cache->slub.min_partial = keep < MIN_PARTIAL ? MIN_PARTIAL : keep > MAX_PARTIAL ? MAX_PARTIAL : keep;
	if (slub_geometry_has_cpu_partial(config, cache->flags))
		objects = cache->size >= page ? 6 : cache->size >= 1024 ? 24 : cache->size >= 256 ? 52 : 120;
	slub_geometry_set_cpu_partial(cache, objects);
	cache->slub.defrag_ratio = DEFRAG_RATIO;
}

bool slub_geometry(const struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_config *config = s->config;
	const struct phys_config *c = s->phys->config;
	u64 size;

	if (!cache->object_size || cache->object_size >= SIZE_LIMIT || cache->align >= SIZE_LIMIT)
		return false;
	cache->align = kmem_cache_alignment(s, cache->flags, cache->align, cache->object_size);
	cache->flags = slub_geometry_flags(config, cache->flags);
	if ((cache->flags & SLUB_POISON) && !(cache->flags & SLUB_TYPESAFE_BY_RCU) && cache->ctor == CTOR_NONE)
		cache->flags |= SLUB_OBJECT_POISON;
	/* Two words at once would pass by the checks. */
	if (!(cache->flags & (SLUB_CONSISTENCY_CHECKS | SLUB_STORE_USER | SLUB_TRACE)))
		cache->flags |= SLUB_CMPXCHG_DOUBLE;
	size = lay_out(config, cache);
	if (size >= SIZE_LIMIT)
		return false;
	cache->size = (u32)size;
	cache->order = slub_geometry_order(c->page_shift, c->orders, config->cpu_ids, size);
	if (cache->order >= c->orders)
		return false;
	cache->num = (u32)((UINT64_C(1) << (c->page_shift + cache->order)) / size);
	cache->slub.min_order = order_of(c->page_shift, size);
	cache->slub.min_num = (u32)((UINT64_C(1) << (c->page_shift + cache->slub.min_order)) / size);
	set_allocflags(s, cache);
	set_partial(config, cache, 1u << c->page_shift);
	return true;
}
