/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_grow.h"

#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "slab/slab_debug.h"
#include "slab/slab_lists.h"
#include "slab/slab_pages.h"
#include "slab/slab_store.h"

/*
 * Each new slab begins its objects a little later than the one before, so that
 * the same field of objects of different slabs does not lie in the same lines
 * of the processor's cache.  Returns bytes.
 */
static u32 next_colour(struct slab_system *s, const struct kmem_cache *cache, struct kmem_cache_node *node)
{
	u32 colour = node->colour_next;

	arena_touch(s->phys->arena, node);
	if (s->config->rules->store->colour_first) {
		node->colour_next = colour + 1 < cache->slab.colour ? colour + 1 : 0;
	} else {
		colour = node->colour_next = colour + 1 < cache->slab.colour ? colour + 1 : 0;
		if (colour >= cache->slab.colour)
			colour = 0;
	}
	if (cache->slab.colour > 1)
		EMIT(s->phys->observer, SLAB_COLOUR, slab_slot(s, cache), colour, cache->slab.colour,
		     colour * cache->slab.colour_off);
	return colour * cache->slab.colour_off;
}

static struct page *get_pages(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	struct phys *p = s->phys;
	pfn_t pfn;

	pfn = page_alloc(p, gfp | cache->allocflags, cache->order);
	if (pfn == PFN_NONE) {
		EMIT(p->observer, SLAB_NO_PAGES, slab_slot(s, cache));
		return NULL;
	}
	if (!page_own(p, pfn, cache->order, PAGE_SLAB)) {
		page_give_back(p, pfn, cache->order, PAGE_HOT);
		return NULL;
	}
	slab_pages_taken(s, cache, pfn, cache->order);
	return page_touch(p, page_find(p, pfn));
}

/* The node on whose lists a new slab goes. */
static unsigned node_of(const struct slab_system *s, pfn_t pfn)
{
	int zone;

	if (s->phys->config->nodes == 1 || !s->config->rules->store->nodes_keep_pages)
		return slab_lists_here(s);
	zone = phys_zone_of(s->phys, pfn);
	return zone < 0 ? 0 : s->phys->config->zone[zone].node;
}

static void put_pages(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	slab_pages_given_back(s, cache, pfn, cache->order);
	page_disown(s->phys, pfn, cache->order);
	page_give_back(s->phys, pfn, cache->order, PAGE_HOT);
}

/* Gets memory for the management of a slab that keeps it elsewhere. false: there is none. */
static bool get_management(struct slab_system *s, const struct kmem_cache *cache, struct page *page, gfp_t gfp)
{
	struct kmem_cache *from;

	page->slab.freelist = 0;
	if (!cache->slab.offslab)
		return true;
	if (cache->slab.management_cache == SLAB_NONE)
		return false;
	from = &s->cache[cache->slab.management_cache - 1];
	EMIT(s->phys->observer, SLAB_OFF_SLAB, slab_slot(s, cache), slab_slot(s, from), cache->slab.management);
	/* That need not lie where the objects must. */
	page->slab.freelist = kmem_cache_alloc(s, from, gfp & ~s->phys->gfp->dma);
	return page->slab.freelist != 0;
}

static void put_management(struct slab_system *s, const struct kmem_cache *cache, u64 address)
{
	if (cache->slab.offslab && cache->slab.management_cache != SLAB_NONE && address)
		kmem_cache_free(s, &s->cache[cache->slab.management_cache - 1], address);
}

static void fill_in(struct slab_system *s, struct kmem_cache *cache, struct page *page, u32 colour)
{
	const struct slab_store *store = s->config->rules->store;

	page->slab.cache = slab_slot(s, cache);
	page->slab.objects = (u16)cache->num;
	page->slab.inuse = 0;
	page->slab.colour = (u16)colour;
	page->slab.owner = s->phys->state->owner;
	store->place(s, cache, page);
	for (u32 n = 0; s->config->debug && n < cache->num; n++)
		slab_debug_new(s, cache, slab_store_object(s, cache, page, n));
	store->lay_out(s, cache, page);
	for (u32 n = 0; !s->config->debug && cache->ctor != CTOR_NONE && n < cache->num; n++)
		kmem_cache_construct(s, cache, slab_store_object(s, cache, page, n));
}

bool slab_grow(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	const struct slab_store *store = s->config->rules->store;
	struct kmem_cache_node *node = slab_node(s, cache, slab_lists_here(s));
	struct page *page;
	u32 colour = 0;

	EMIT(s->phys->observer, SLAB_GROW, slab_slot(s, cache), cache->order);
	if (!store->may_grow(s, cache, &gfp))
		return false;
	if (store->colour_first) {
		colour = next_colour(s, cache, node);
		if (!store->zone_fits(s, cache, gfp))
			return false;
	}
	page = get_pages(s, cache, gfp);
	if (!page)
		return false;
	page->slab.node = node_of(s, page->pfn);
	node = slab_lists_node(s, cache, page);
	arena_touch(s->phys->arena, node);
	if (!store->colour_first)
		colour = next_colour(s, cache, node);
	if (!get_management(s, cache, page, gfp)) {
		put_pages(s, cache, page->pfn);
		return false;
	}
	page_touch(s->phys, page);
	fill_in(s, cache, page, colour);
	slab_lists_add(s, node, page, SLAB_LIST_FREE, AT_TAIL);
	node->nr_slabs++;
	node->free_objects += cache->num;
	arena_touch(s->phys->arena, cache);
	cache->slab.grown++;
	EMIT(s->phys->observer, SLAB_NEW, slab_slot(s, cache), page->pfn, cache->num);
	return true;
}

/* The pages of a slab that is counted no longer, and its management if `management`. */
static void give_back(struct slab_system *s, struct kmem_cache *cache, struct page *page, bool management)
{
	u64 elsewhere = page->slab.freelist;
	pfn_t pfn = page->pfn;

	EMIT(s->phys->observer, SLAB_GIVEN_BACK, slab_slot(s, cache), pfn, UINT64_C(1) << cache->order);
	put_pages(s, cache, pfn);
	if (management)
		put_management(s, cache, elsewhere);
}

void slab_grow_undo(struct slab_system *s, struct kmem_cache *cache, struct kmem_cache_node *node, struct page *page)
{
	const struct slab_rules *r = s->config->rules;

	/* The list of free objects lies in one of them: it counts as damage if it is still seen. */
	if (s->config->debug && cache->slab.objfreelist)
		slab_debug_poison(s, cache, page->slab.freelist - cache->slab.obj_offset);
	for (u32 n = 0; s->config->debug && n < cache->num; n++)
		slab_debug_end(s, cache, slab_store_object(s, cache, page, n));
	if (cache->flags & r->flag->destroy_by_rcu) {
		slab_lists_add(s, node, page, SLAB_LIST_CPU, AT_TAIL);
		EMIT(s->phys->observer, SLAB_WAITS_FOR_RCU, slab_slot(s, cache), page->pfn);
		if (!r->store->rcu_keeps_management)
			put_management(s, cache, page->slab.freelist);
		return;
	}
	node->nr_slabs--;
	give_back(s, cache, page, true);
}

void slab_grow_end_of_grace(struct slab_system *s, struct kmem_cache *cache)
{
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		struct kmem_cache_node *node = slab_node(s, cache, n);
		struct block_list *waiting = &node->list[SLAB_LIST_CPU];

		if (waiting->count)
			arena_touch(s->phys->arena, node);
		while (waiting->count) {
			struct page *page = page_touch(s->phys, page_find(s->phys, waiting->head));

			slab_lists_remove(s, node, page);
			node->nr_slabs--;
			give_back(s, cache, page, s->config->rules->store->rcu_keeps_management);
		}
	}
}
