/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub.h"

#include "slab/kmalloc.h"
#include "slab/slub_check.h"
#include "slab/slub_debug.h"
#include "slab/slub_info.h"
#include "slab/slub_node.h"
#include "slab/slub_percpu.h"
#include "slab/slub_report.h"
#include "slab/slub_track.h"

/* ------------------------------------------------------------- allocation */

/* Objects that came back to the CPU's slab while it took from its own list: all of them are the CPU's now. */
static u64 take_returned(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	struct page_slab *slab = slub_slab_write(s, pfn);
	u64 freelist = slab->freelist;
	u32 free = (u32)(slab->objects - slab->inuse);

	slab->inuse = slab->objects;
	slab->freelist = 0;
	if (freelist)
		EMIT(s->phys->observer, SLUB_RETURNED, slab_slot(s, cache), pfn, free);
	return freelist;
}

/* A new slab, all of whose objects are this CPU's. */
static u64 take_new(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	pfn_t pfn;

	EMIT(s->phys->observer, SLUB_NO_PARTIAL, slab_slot(s, cache));
	pfn = slub_slab_new(s, cache, gfp);
	if (pfn == PFN_NONE) {
		EMIT(s->phys->observer, SLUB_NO_MEMORY, slab_slot(s, cache));
		slub_report_no_memory(s, cache, gfp);
		return 0;
	}
	if (cache->flags & SLUB_DEBUG_FLAGS)
		return slub_debug_take_new(s, cache, pfn);
	slub_slab_count(s, cache, pfn);
	return slub_percpu_own(s, cache, pfn);
}

/* The head of the list that the CPU takes over is handed out, the rest stays at hand. */
static u64 load_list(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	u64 next = slub_object_next(s, cache, object);

	slub_percpu_this(s, cache)->freelist = next;
	EMIT(s->phys->observer, SLUB_HAND_OUT, object);
	return slab_is_down(s) ? 0 : object;
}

/* From the CPU's own slabs; 0: none has a free object, and the CPU has none any more. */
static u64 take_own(struct slab_system *s, const struct kmem_cache *cache)
{
	const struct kmem_cache_cpu *c = slub_percpu_this(s, cache);
	pfn_t pfn;

	for (;;) {
		if (c->slab != PFN_NONE) {
			u64 object = take_returned(s, cache, c->slab);

			if (object)
				return object;
			slub_percpu_drop(s, cache);
		}
		pfn = slub_percpu_take(s, cache);
		if (pfn == PFN_NONE)
			return 0;
		slub_percpu_set(s, cache, pfn, 0);
	}
}

static u64 alloc_slow(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	bool debug = cache->flags & SLUB_DEBUG_FLAGS;
	u64 object = debug ? 0 : take_own(s, cache);

	if (!object)
		object = slub_node_take(s, cache);
	if (!object)
		object = take_new(s, cache, gfp);
	if (!object || slab_is_down(s))
		return 0;
	if (!debug)
		return load_list(s, cache, object);
	slub_track_set(s, cache, object, TRACK_ALLOC);
	EMIT(s->phys->observer, SLUB_HAND_OUT, object);
	return object;
}

u64 slub_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	struct kmem_cache_cpu *c = slab_cpu(s, cache, s->phys->state->cpu);
	u64 object = c->freelist, next;

	if (__builtin_expect(!object, 0))
		return alloc_slow(s, cache, gfp);
	next = slub_object_next(s, cache, object);
	if (__builtin_expect(!next && slab_is_down(s), 0))
		return 0;
	arena_touch(s->phys->arena, c);
	c->freelist = next;
	EMIT(s->phys->observer, SLUB_HIT, slab_slot(s, cache), s->phys->state->cpu, object, c->slab);
	return object;
}

/* ------------------------------------------------------------- freeing */

/* An empty slab that the node does not want: it leaves its list, if it is on one, and goes back. */
static void free_empty(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	if (slub_slab_of(s, pfn)->list == SLAB_LIST_PARTIAL)
		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
	slub_slab_surplus(s, cache, pfn);
}

/*
 * To a slab that is not this CPU's own.  `linked` is the cache that the caller
 * named, by whose offset the free pointer is written.
 */
static void free_slow(struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache *linked, pfn_t pfn,
		      u64 object)
{
	struct page_slab *slab = slub_slab_write(s, pfn);
	bool was_full = slub_slab_is_full(slab);

	slub_object_link(s, linked, object, slab->freelist);
	if (slab_is_down(s))
		return;
	slab->freelist = object;
	slab->inuse--;
	EMIT(s->phys->observer, SLUB_FREE_SLOW, slab_slot(s, cache), object, pfn, slab->objects - slab->inuse);
	if (slab->frozen)
		return;
	if (was_full && slub_geometry_has_cpu_partial(s->config, cache->flags))
		slub_percpu_keep(s, cache, pfn, true);
	else if (!slab->inuse && slub_slab_enough(s, cache, pfn))
		free_empty(s, cache, pfn);
	else if (was_full)
		slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, AT_TAIL);
}

/* Does the address lie in the slab at `pfn`? PFN_NONE: no. */
static bool is_in_slab(const struct slab_system *s, pfn_t pfn, u64 address)
{
	return pfn != PFN_NONE &&
	       slab_physical(s, address) >> s->phys->config->page_shift >> s->phys->frame[pfn].order ==
		   pfn >> s->phys->frame[pfn].order;
}

void slub_free(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	struct kmem_cache_cpu *c = slab_cpu(s, cache, s->phys->state->cpu);

	if (cache->flags & SLUB_DEBUG_FLAGS) {
		slub_debug_free(s, cache, slab_of(s, address), address);
		return;
	}
	if (!is_in_slab(s, c->slab, address)) {
		free_slow(s, cache, cache, slab_of(s, address), address);
		return;
	}
	slub_object_link(s, cache, address, c->freelist);
	arena_touch(s->phys->arena, c);
	c->freelist = address;
	EMIT(s->phys->observer, SLUB_FREE_CPU, slab_slot(s, cache), address, s->phys->state->cpu);
}

/* kmem_cache_free() of what is in no slab of this cache: without checks nobody looks. */
static void free_stray(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	pfn_t pfn = slab_of(s, address);
	struct kmem_cache *other = pfn == PFN_NONE ? NULL : &s->cache[slub_slab_of(s, pfn)->cache];

	if (!cache || !other) {
		slub_report_no_slab(s, cache, address);
		return;
	}
	if (cache->flags & SLUB_CONSISTENCY_CHECKS) {
		slub_report_wrong_cache(s, cache, other, address);
		slub_free(s, other, address);
	} else if (other->flags & SLUB_DEBUG_FLAGS) {
		slub_debug_free(s, other, pfn, address);
	} else {
		free_slow(s, other, cache, pfn, address);
	}
}

/* ------------------------------------------------------------- caches */

static struct kmem_cache *bootstrap(struct slab_system *s)
{
	struct kmem_cache *caches =
			      kmem_cache_create_early(s, "kmem_cache", s->config->cache_bytes, 0, SLUB_HWCACHE_ALIGN),
			  *nodes = kmem_cache_create_early(s, "kmem_cache_node", s->config->node_bytes, 0,
							   SLUB_HWCACHE_ALIGN);

	if (!caches || !nodes)
		return NULL;
	/* Nobody shares these. */
	caches->refcount = nodes->refcount = UINT32_MAX;
	s->state->node_cache = slab_slot(s, nodes) + 1;
	return caches;
}

static void tear_down(struct slab_system *s, struct kmem_cache *cache)
{
	/* The kernel waits until nobody can be looking at its objects any more. */
	slub_slab_end_of_grace(s, cache);
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		struct kmem_cache_node *node = slub_slab_node_write(s, cache, n);

		if (node->at)
			kmem_cache_free(s, &s->cache[s->state->node_cache - 1], node->at);
		node->at = 0;
	}
}

static bool set_up(struct slab_system *s, struct kmem_cache *cache)
{
	slub_percpu_init(s, cache);
	if (cache->flags & SLUB_STORE_USER)
		slub_track_boot(s);
	/* The first ones lie in memory that boot set aside. */
	for (unsigned n = 0; s->state->up && s->state->node_cache && n < s->phys->config->nodes; n++) {
		struct kmem_cache_node *node = slub_slab_node_write(s, cache, n);

		node->at = kmem_cache_alloc(s, &s->cache[s->state->node_cache - 1], kmem_cache_gfp_kernel(s));
		if (!node->at) {
			tear_down(s, cache);
			return false;
		}
	}
	return true;
}

static u32 add_flags(const struct slab_system *s, const char *name, u64 size, u32 flags)
{
	(void)name;
	(void)size;
	return slub_geometry_flags(s->config, flags);
}

static void shared(struct slab_system *s, struct kmem_cache *cache, u64 size)
{
	u32 inuse = (u32)((size + s->config->word - 1) & ~(u64)(s->config->word - 1));

	if (inuse > cache->slub.inuse)
		cache->slub.inuse = inuse;
}

/* ------------------------------------------------------------- rules */

static const u32 kmalloc_sizes[] = { 8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192, 0 };

static const struct kmalloc_rules kmalloc_6_1 = {
	.prefix = { "kmalloc-", "kmalloc-rcl-", "dma-kmalloc-" },
	.suffix = { "", "", "" },
	.short_names = true,
	.sizes = kmalloc_sizes,
	.flags = SLUB_KMALLOC,
	.type_flags = { 0, SLUB_RECLAIM_ACCOUNT, SLUB_CACHE_DMA },
	.powers_aligned = true,
	.least_align = 8,
	.usersize = true,
	.most = 8192,
	.pages_above = true,
	.zero = 16,
};

const struct slab_rules slub_rules_6_1 = {
	.name = "SLUB of 6.1",
	.allocator = SLAB_SLUB,
	.flag = &slub_flags_6_1,
	.flags_permitted = SLUB_FLAGS_KEPT | SLUB_MEM_SPREAD,
	.flags_kept = SLUB_FLAGS_KEPT,
	.names_copied = true,
	.zeroes = true,
	.never_merge =
	    SLUB_RED_ZONE | SLUB_POISON | SLUB_STORE_USER | SLUB_TRACE | SLUB_TYPESAFE_BY_RCU | SLUB_NOLEAKTRACE,
	.merge_same = SLUB_RECLAIM_ACCOUNT | SLUB_CACHE_DMA | SLUB_CACHE_DMA32 | SLUB_ACCOUNT,
	.kmalloc = &kmalloc_6_1,
	.bootstrap = bootstrap,
	.refuses = slub_report_refusal,
	.add_flags = add_flags,
	.shared = shared,
	.report_busy = slub_report_busy,
	.stray = free_stray,
	.end_of_grace = slub_slab_end_of_grace,
	.geometry = slub_geometry,
	.set_up = set_up,
	.tear_down = tear_down,
	.alloc = slub_alloc,
	.free = slub_free,
	.shrink = slub_node_shrink,
	.empty = slub_node_empty,
	.info = slub_info_row,
	.hash = slub_info_hash,
	.check = slub_check,
	.objects = slub_info_objects,
};
