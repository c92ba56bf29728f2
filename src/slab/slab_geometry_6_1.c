/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_geometry_6_1.h"

#include "slab/kmalloc.h"
#include "slab/slab_setup.h"

#define MOST_OBJECTS 255 /* of a slab: an index has a byte */
#define LEAST_SIZE 16 /* bytes: so that a page has no more objects than that */

/* Where the list of free indexes lies. */
enum index_place { IN_OBJECT, ELSEWHERE, AT_END };

static u32 round_up(u32 x, u32 to)
{
	return (x + to - 1) / to * to;
}

/* Objects in a slab of 2^order pages; *left: bytes that are not used. */
static u32 estimate(const struct slab_system *s, const struct kmem_cache *cache, unsigned order, enum index_place place,
		    u32 *left)
{
	u32 bytes = UINT32_C(1) << (order + s->phys->config->page_shift);
	u32 each = cache->size + (place == AT_END ? s->config->index_bytes : 0);

	*left = bytes % each;
	return bytes / each;
}

/* Would a list of so many indexes be worth an object elsewhere? Sets the cache that it would come from. */
static bool is_worth_it(const struct slab_system *s, struct kmem_cache *cache, u32 num)
{
	const struct kmem_cache *from = kmalloc_cache(s, num * s->config->index_bytes, 0);

	if ((from && from->slab.offslab) ||
	    kmalloc_class_size(s, num * s->config->index_bytes) > cache->object_size / 2)
		return false;
	cache->slab.management_cache = from ? slab_slot(s, from) + 1 : SLAB_NONE;
	return true;
}

/* Chooses the order. false: none will do. *unused: bytes that are left. */
static bool choose_order(const struct slab_system *s, struct kmem_cache *cache, enum index_place place, u32 *unused)
{
	unsigned page_shift = s->phys->config->page_shift;
	/* With little memory only single pages, if an object fits in one. */
	unsigned enough = s->config->low_pages > (UINT64_C(32) << 20) >> page_shift ? 1 : 0;

	cache->num = 0;
	for (unsigned order = 0; order < s->phys->config->orders; order++) {
		u32 left, num = estimate(s, cache, order, place, &left);

		if (!num)
			continue;
		if (num > MOST_OBJECTS)
			break;
		if (place == ELSEWHERE && !is_worth_it(s, cache, num))
			continue;
		cache->num = num;
		cache->order = order;
		*unused = left;
		if (cache->flags & s->config->rules->flag->reclaim_account)
			break;
		if (order >= enough || left * 8 <= UINT32_C(1) << (order + page_shift))
			break;
	}
	return cache->num != 0;
}

/* In a free object: nothing may be written to one that a constructor or a reader under RCU relies on. */
static bool fits_in_object(const struct slab_system *s, struct kmem_cache *cache, u32 *unused)
{
	if (cache->ctor != CTOR_NONE || (cache->flags & s->config->rules->flag->destroy_by_rcu))
		return false;
	return choose_order(s, cache, IN_OBJECT, unused) && cache->num * s->config->index_bytes <= cache->object_size;
}

/* Elsewhere, unless there is room for it at the end. */
static bool fits_elsewhere(const struct slab_system *s, struct kmem_cache *cache, u32 *unused)
{
	if (cache->flags & s->config->rules->flag->no_leak_trace)
		return false;
	return choose_order(s, cache, ELSEWHERE, unused) && *unused < cache->num * s->config->index_bytes;
}

static bool choose_place(const struct slab_system *s, struct kmem_cache *cache, u32 *unused)
{
	const struct slab_flags *flag = s->config->rules->flag;

	if (fits_in_object(s, cache, unused)) {
		cache->slab.objfreelist = 1;
		cache->flags |= flag->objfreelist;
	} else if (fits_elsewhere(s, cache, unused)) {
		cache->slab.offslab = 1;
		cache->flags |= flag->off_slab;
	} else if (!choose_order(s, cache, AT_END, unused)) {
		return false;
	}
	if (!cache->slab.offslab)
		cache->slab.management_cache = SLAB_NONE;
	return true;
}

/* DEBUG_SLAB checks every cache, unless it would cost too much. */
static u32 debug_flags(const struct slab_system *s, u32 flags, u32 size)
{
	const struct slab_flags *flag = s->config->rules->flag;
	u32 with = size + 8 + 2 * 8;

	if (size < 4096 || 31 - __builtin_clz(size - 1) == 31 - __builtin_clz(with - 1))
		flags |= flag->red_zone | flag->store_user;
	if (!(flags & flag->destroy_by_rcu))
		flags |= flag->poison;
	return flags;
}

/* Room for red zones and for who used it last; returns the size. */
static u32 add_debugging(const struct slab_system *s, struct kmem_cache *cache, u32 size)
{
	const struct slab_flags *flag = s->config->rules->flag;

	if (cache->flags & flag->red_zone) {
		cache->slab.obj_offset = 8;
		size += 2 * 8;
	}
	if (cache->flags & flag->store_user)
		size += cache->flags & flag->red_zone ? 8 : s->config->word;
	return size;
}

static gfp_t added_gfp(const struct slab_system *s, const struct kmem_cache *cache)
{
	const struct slab_flags *flag = s->config->rules->flag;
	const struct gfp_bits *g = s->phys->gfp;

	return g->comp | (cache->flags & flag->cache_dma ? g->dma : 0) |
	       (cache->flags & flag->cache_dma32 ? g->dma32 : 0) |
	       (cache->flags & flag->reclaim_account ? g->reclaimable : 0);
}

bool slab_geometry_6_1(const struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_config *c = s->config;
	const struct slab_flags *flag = c->rules->flag;
	u32 line = s->state->up ? c->cache_line : c->cache_line_at_boot;
	u32 size = round_up(cache->object_size, c->word), unused = 0;

	cache->align = kmem_cache_alignment(s, cache->flags, cache->align, cache->object_size);
	if (c->debug)
		cache->flags = debug_flags(s, cache->flags, cache->object_size);
	if (cache->flags & flag->red_zone)
		size = round_up(size, 8);
	if (cache->align > 8)
		cache->flags &= ~(flag->red_zone | flag->store_user);
	size = round_up(c->debug ? add_debugging(s, cache, size) : size, cache->align);
	if (size < LEAST_SIZE)
		size = round_up(LEAST_SIZE, cache->align);
	cache->size = size;
	cache->slab.colour_off = line < cache->align ? cache->align : line;
	if (!choose_place(s, cache, &unused))
		return false;
	cache->slab.management = cache->num * c->index_bytes;
	cache->slab.colour = unused / cache->slab.colour_off;
	cache->allocflags = added_gfp(s, cache);
	slab_setup_tune(s, cache);
	return true;
}
