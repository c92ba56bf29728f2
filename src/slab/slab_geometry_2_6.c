/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_geometry_2_6.h"

#include "slab/kmalloc.h"
#include "slab/slab_setup.h"

#define MOST_ORDER 5 /* of a slab */

static u32 round_up(u32 x, u32 to)
{
	return (x + to - 1) / to * to;
}

/* The cache line that counts: that of the time. */
static u32 cache_line(const struct slab_system *s)
{
	return s->state->up ? s->config->cache_line : s->config->cache_line_at_boot;
}

static u32 descriptor(const struct slab_system *s, u32 objects)
{
	return s->config->slab_bytes + s->config->index_bytes * objects;
}

/* Objects in a slab of 2^order pages; *left: bytes that are not used. */
static u32 estimate(const struct slab_system *s, const struct kmem_cache *cache, unsigned order, bool off_slab,
		    u32 *left)
{
	u32 bytes = UINT32_C(1) << (order + s->phys->config->page_shift), head = 0, num;

	if (off_slab) {
		num = bytes / cache->size;
	} else {
		num = (bytes - s->config->slab_bytes) / (cache->size + s->config->index_bytes);
		if (num && round_up(descriptor(s, num), cache->align) + num * cache->size > bytes)
			num--;
		head = round_up(descriptor(s, num), cache->align);
	}
	*left = num ? bytes - num * cache->size - head : 0;
	return num;
}

/* Chooses the order; returns the bytes that are not used. num 0: no order will do. */
static u32 choose_order(const struct slab_system *s, struct kmem_cache *cache, bool off_slab)
{
	const struct slab_config *c = s->config;
	unsigned page_shift = s->phys->config->page_shift;
	/* With little memory only single pages, if an object fits in one. */
	unsigned enough = c->low_pages > (UINT64_C(32) << 20) >> page_shift ? 1 : 0;
	/* A descriptor that is an object itself must not need another one like it. */
	u32 off_slab_most = cache->size > c->slab_bytes ? (cache->size - c->slab_bytes) / c->index_bytes : 0;
	u32 unused = 0;

	cache->num = 0;
	for (unsigned order = 0; order <= MOST_ORDER; order++) {
		u32 left, num = estimate(s, cache, order, off_slab, &left);

		if (!num)
			continue;
		if (off_slab && num > off_slab_most)
			break;
		cache->num = num;
		cache->order = order;
		unused = left;
		if (cache->flags & c->rules->flag->reclaim_account)
			break;
		if (order >= enough || left * 8 <= UINT32_C(1) << (order + page_shift))
			break;
	}
	return unused;
}

bool slab_geometry_2_6_plain(const struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_config *c = s->config;
	const struct slab_flags *flag = c->rules->flag;
	bool off_slab = cache->flags & flag->off_slab;
	u32 left = choose_order(s, cache, off_slab), head;

	if (!cache->num)
		return false;
	head = round_up(descriptor(s, cache->num), cache->align);
	if (off_slab && left >= head) {
		off_slab = false;
		left -= head;
	}
	cache->flags &= ~flag->off_slab;
	cache->slab.offslab = off_slab;
	cache->slab.management = head;
	if (off_slab) {
		struct kmem_cache *from;

		cache->flags |= flag->off_slab;
		cache->slab.management = descriptor(s, cache->num);
		from = kmalloc_cache(s, cache->slab.management, 0);
		cache->slab.management_cache = from ? slab_slot(s, from) + 1 : SLAB_NONE;
	}
	cache->slab.colour_off = cache_line(s) < cache->align ? cache->align : cache_line(s);
	cache->slab.colour = left / cache->slab.colour_off;
	cache->allocflags = cache->flags & flag->cache_dma ? s->phys->gfp->dma : 0;
	slab_setup_tune(s, cache);
	return true;
}

/* DEBUG_SLAB checks every cache, unless it would cost too much. */
static u32 debug_flags(const struct slab_system *s, u32 flags, u32 size)
{
	const struct slab_flags *flag = s->config->rules->flag;
	u32 with = size + 3 * s->config->word;

	/* Not if a page-sized object would then take twice the memory. */
	if (size < 4096 || 31 - __builtin_clz(size - 1) == 31 - __builtin_clz(with - 1))
		flags |= flag->red_zone | flag->store_user;
	if (!(flags & flag->destroy_by_rcu))
		flags |= flag->poison;
	return flags;
}

bool slab_geometry_2_6(const struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_flags *flag = s->config->rules->flag;
	u32 word = s->config->word, align = word, size, asked = cache->align;

	if (s->config->debug)
		cache->flags = debug_flags(s, cache->flags, cache->object_size);
	size = cache->object_size = round_up(cache->object_size, word);
	if (cache->flags & flag->hwcache_align) {
		align = cache_line(s);
		while (size <= align / 2)
			align /= 2;
	}
	/* A red zone of a word before the object spoils any better alignment; the caller's wins all the same. */
	if (cache->flags & (flag->red_zone | flag->store_user))
		align = word;
	if (align < asked) {
		align = asked;
		cache->flags &= ~(flag->red_zone | flag->store_user);
	}
	cache->align = align;
	if (cache->flags & flag->red_zone) {
		cache->slab.obj_offset = word;
		size += 2 * word;
	}
	if (cache->flags & flag->store_user)
		size += word;
	if (size >= UINT32_C(1) << (s->phys->config->page_shift - 3))
		cache->flags |= flag->off_slab;
	cache->size = round_up(size, align);
	/* Only DEBUG_SLAB knows which part of an object is the user's. */
	if (!s->config->debug)
		cache->object_size = cache->size;
	if (slab_geometry_2_6_plain(s, cache))
		return true;
	slab_printk(s, "kmem_cache_create: couldn't create cache %s.", cache->name);
	return false;
}
