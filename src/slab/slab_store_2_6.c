/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_store_2_6.h"

#include "slab/slab_report.h"

#include <inttypes.h>

/* What GFP masks of slab requests may hold: a bit for the DMA zone, and how the request may be served. */
static gfp_t known_flags(const struct slab_system *s)
{
	const struct gfp_bits *g = s->phys->gfp;
	gfp_t no_grow = 0x2000, hardwall = 0x20000;

	return g->dma | g->wait | g->high | g->io | g->fs | g->cold | g->nowarn | g->retry | g->nofail | g->noretry |
	       g->comp | g->nomemalloc | no_grow | hardwall;
}

struct slab_store_2_6_fields slab_store_2_6_fields(const struct slab_config *config)
{
	u32 word = config->word;

	/* Two links come first. */
	return (struct slab_store_2_6_fields){
		.colour = 2 * word,
		.s_mem = 3 * word,
		.inuse = 4 * word,
		.free = 4 * word + 4,
		.node = 4 * word + 8,
	};
}

u64 slab_store_2_6_bufctl(const struct slab_system *s, const struct page *page, u32 index)
{
	return page->slab.freelist + s->config->slab_bytes + (u64)index * s->config->index_bytes;
}

static u32 load(const struct slab_system *s, u64 address)
{
	return (u32)page_load(s->phys, slab_physical(s, address), 4);
}

static void store(struct slab_system *s, u64 address, u32 value)
{
	page_store(s->phys, slab_physical(s, address), value, 4);
}

static void set_inuse(struct slab_system *s, struct page *page, u32 inuse)
{
	page->slab.inuse = (u16)inuse;
	store(s, page->slab.freelist + slab_store_2_6_fields(s->config).inuse, inuse);
}

static bool may_grow(struct slab_system *s, const struct kmem_cache *cache, gfp_t *gfp)
{
	(void)cache;
	if (*gfp & ~known_flags(s)) {
		EMIT(s->phys->observer, SLAB_BAD_GFP, *gfp & ~known_flags(s));
		slab_bug(s, "mm/slab.c", 2602);
		return false;
	}
	return true;
}

static bool zone_fits(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	gfp_t dma = s->phys->gfp->dma;

	if ((gfp & dma) == (cache->allocflags & dma))
		return true;
	EMIT(s->phys->observer, SLAB_WRONG_ZONE, slab_slot(s, cache), gfp);
	slab_bug(s, "mm/slab.c", gfp & dma ? 2519 : 2521);
	return false;
}

static void place(const struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	page->slab.s_mem = page->slab.colour;
	if (page->slab.freelist)
		return;
	page->slab.freelist = slab_store_base(s, page) + page->slab.colour;
	page->slab.s_mem += cache->slab.management;
}

static void lay_out(struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	struct slab_store_2_6_fields f = slab_store_2_6_fields(s->config);
	u64 at = page->slab.freelist;

	/* Where the objects begin: a descriptor in the slab is part of it. */
	store(s, at + f.colour, page->slab.s_mem);
	page_store(s->phys, slab_physical(s, at + f.s_mem), slab_store_base(s, page) + page->slab.s_mem,
		   s->config->word);
	store(s, at + f.free, 0);
	store(s, at + f.node, page->slab.node);
	set_inuse(s, page, 0);
	for (u32 n = 0; n < cache->num; n++)
		store(s, slab_store_2_6_bufctl(s, page, n), n + 1 < cache->num ? n + 1 : BUFCTL_END);
}

static u64 take(struct slab_system *s, const struct kmem_cache *cache, struct page *page)
{
	u64 free_at = page->slab.freelist + slab_store_2_6_fields(s->config).free;
	u32 index = load(s, free_at);

	if (page->slab.inuse >= cache->num)
		return 0;
	if (index >= cache->num) {
		slab_oops(s, slab_store_object(s, cache, page, index));
		return 0;
	}
	store(s, free_at, load(s, slab_store_2_6_bufctl(s, page, index)));
	if (s->config->debug)
		store(s, slab_store_2_6_bufctl(s, page, index), BUFCTL_FREE);
	set_inuse(s, page, page->slab.inuse + 1u);
	return slab_store_object(s, cache, page, index);
}

static bool put(struct slab_system *s, const struct kmem_cache *cache, struct page *page, u32 index)
{
	u64 free_at = page->slab.freelist + slab_store_2_6_fields(s->config).free;
	u32 first = load(s, free_at);

	if (s->config->debug && load(s, slab_store_2_6_bufctl(s, page, index)) != BUFCTL_FREE) {
		EMIT(s->phys->observer, SLAB_FREED_FREE, slab_slot(s, cache), slab_store_object(s, cache, page, index));
		slab_printk(s, "slab: double free detected in cache '%s', objp %0*" PRIx64, cache->name,
			    (int)s->config->word * 2, slab_store_object(s, cache, page, index));
		slab_bug(s, "mm/slab.c", 0);
		return false;
	}
	/* More came back than was ever taken: the kernel's counter would wrap around. */
	if (page->slab.inuse == 0)
		return false;
	store(s, slab_store_2_6_bufctl(s, page, index), first);
	store(s, free_at, index);
	set_inuse(s, page, page->slab.inuse - 1u);
	return true;
}

static bool is_spent(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page)
{
	(void)cache;
	return load(s, page->slab.freelist + slab_store_2_6_fields(s->config).free) == BUFCTL_END;
}

static bool walk(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page, void *context,
		 void (*see)(void *context, u32 index))
{
	u32 index = load(s, page->slab.freelist + slab_store_2_6_fields(s->config).free);

	for (u32 n = page->slab.inuse; n < cache->num; n++) {
		if (index >= cache->num)
			return false;
		see(context, index);
		index = load(s, slab_store_2_6_bufctl(s, page, index));
	}
	return index == BUFCTL_END;
}

const struct slab_store slab_store_2_6 = {
	.colour_first = true,
	.always_shared = true,
	.arrays_by_kmalloc = true,
	.rcu_keeps_management = true,
	.may_grow = may_grow,
	.zone_fits = zone_fits,
	.report = &slab_report_2_6,
	.place = place,
	.lay_out = lay_out,
	.take = take,
	.put = put,
	.is_spent = is_spent,
	.walk = walk,
};
