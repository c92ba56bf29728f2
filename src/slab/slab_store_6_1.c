/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_store_6_1.h"

#include "slab/slab_common.h"
#include "slab/slab_debug.h"
#include "slab/slab_report.h"

#include <inttypes.h>

u32 slab_store_6_1_index(const struct slab_system *s, const struct page *page, u32 position)
{
	return (u32)page_load(s->phys, slab_physical(s, page->slab.freelist + position), 1);
}

static void set_index(struct slab_system *s, const struct page *page, u32 position, u32 index)
{
	page_store(s->phys, slab_physical(s, page->slab.freelist + position), index, 1);
}

static bool may_grow(struct slab_system *s, const struct kmem_cache *cache, gfp_t *gfp)
{
	const struct gfp_bits *g = s->phys->gfp;

	(void)cache;
	/* Whoever asks for zeroes gets them object by object. */
	*gfp = slab_common_fix_gfp(s, *gfp) & ~(g->zero | g->dma | g->movable);
	return true;
}

static bool zone_fits(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	(void)s;
	(void)cache;
	(void)gfp;
	return true;
}

static u64 user_part(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page, u32 index)
{
	return slab_store_object(s, cache, page, index) + cache->slab.obj_offset;
}

static void place(const struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	u64 end = slab_store_base(s, page) + (UINT64_C(1) << (cache->order + s->phys->config->page_shift));

	page->slab.s_mem = page->slab.colour;
	if (cache->slab.objfreelist)
		page->slab.freelist = user_part(s, cache, page, cache->num - 1);
	else if (!cache->slab.offslab)
		page->slab.freelist = end - cache->slab.management;
}

static void lay_out(struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	for (u32 n = 0; n < cache->num; n++)
		set_index(s, page, n, n);
}

static u64 take(struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	u32 index = slab_store_6_1_index(s, page, page->slab.inuse);

	if (index >= cache->num) {
		slab_oops(s, slab_store_object(s, cache, page, index));
		return 0;
	}
	page->slab.inuse++;
	if (page->slab.inuse == cache->num && cache->slab.objfreelist) {
		if (s->config->debug)
			slab_debug_poison(s, cache, page->slab.freelist - cache->slab.obj_offset);
		page->slab.freelist = 0;
	}
	return slab_store_object(s, cache, page, index);
}

/* DEBUG_SLAB looks whether the object is in the list already. */
static bool is_listed(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page, u32 index)
{
	for (u32 n = page->slab.inuse; n < cache->num; n++)
		if (slab_store_6_1_index(s, page, n) == index)
			return true;
	return false;
}

static bool put(struct slab_system *s, const struct kmem_cache *cache, struct page *page, u32 index)
{
	if (s->config->debug && is_listed(s, cache, page, index)) {
		EMIT(s->phys->observer, SLAB_FREED_FREE, slab_slot(s, cache), slab_store_object(s, cache, page, index));
		slab_printk(s, "slab: double free detected in cache '%s', objp %0*" PRIx64, cache->name,
			    (int)s->config->word * 2, slab_store_object(s, cache, page, index));
		slab_bug(s, "mm/slab.c", 0);
		return false;
	}
	/* More came back than was ever taken: the kernel's counter would wrap around. */
	if (page->slab.inuse == 0)
		return false;
	page->slab.inuse--;
	if (!page->slab.freelist)
		page->slab.freelist = user_part(s, cache, page, index);
	set_index(s, page, page->slab.inuse, index);
	return true;
}

static bool is_spent(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page)
{
	(void)s;
	return page->slab.inuse == cache->num;
}

static bool walk(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page, void *context,
		 void (*see)(void *context, u32 index))
{
	if (!page->slab.freelist)
		return page->slab.inuse == cache->num;
	for (u32 n = page->slab.inuse; n < cache->num; n++) {
		u32 index = slab_store_6_1_index(s, page, n);

		if (index >= cache->num)
			return false;
		see(context, index);
	}
	return true;
}

const struct slab_store slab_store_6_1 = {
	.grows_at_once = true,
	.keeps_to_limit_late = true,
	.nodes_keep_pages = true,
	.may_grow = may_grow,
	.zone_fits = zone_fits,
	.report = &slab_report_6_1,
	.place = place,
	.lay_out = lay_out,
	.take = take,
	.put = put,
	.is_spent = is_spent,
	.walk = walk,
};
