/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_slab.h"

#include "phys/page_alloc.h"
#include "slab/slab_common.h"
#include "slab/slab_pages.h"
#include "slab/slub_debug.h"

unsigned slub_slab_node(const struct slab_system *s, pfn_t pfn)
{
	const struct phys_config *c = s->phys->config;

	return c->nodes == 1 ? 0 : c->zone[phys_zone_of(s->phys, pfn)].node;
}

unsigned slub_slab_this_node(const struct slab_system *s)
{
	const struct phys_config *c = s->phys->config;

	return c->nodes == 1 ? 0 : s->phys->state->cpu * c->nodes / c->cpus;
}

struct kmem_cache_node *slub_slab_node_write(struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	struct kmem_cache_node *n = slab_node(s, cache, node);

	arena_touch(s->phys->arena, n);
	return n;
}

/* ------------------------------------------------------------- new slabs */

/* What is left of a request's mask: how it may get memory; where is the cache's affair. */
static gfp_t page_gfp(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	const struct gfp_bits *g = s->phys->gfp;

	gfp = slab_common_fix_gfp(s, gfp);
	gfp &= g->wait | g->kswapd | g->high | g->atomic | g->io | g->fs | g->nowarn | g->retry | g->nofail |
	       g->noretry | g->memalloc | g->nomemalloc | g->thisnode | g->hardwall;
	return gfp | cache->allocflags;
}

/* Pages for a slab, and how many objects go into them. */
static pfn_t alloc_pages_of(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp, u32 *num)
{
	const struct gfp_bits *g = s->phys->gfp;
	struct observer *observer = s->phys->observer;
	u32 order = cache->order;
	gfp_t first;
	pfn_t pfn;

	gfp = page_gfp(s, cache, gfp);
	/* A larger slab is a wish: no effort for it, and no warning. */
	first = (gfp | g->nowarn | g->noretry) & ~g->nofail;
	if ((first & g->wait) && order > cache->slub.min_order)
		first = (first | g->nomemalloc) & ~(g->wait | g->kswapd);
	EMIT(observer, SLUB_GROW, slab_slot(s, cache), order, cache->num);
	*num = cache->num;
	pfn = page_alloc(s->phys, first, order);
	if (pfn == PFN_NONE) {
		order = cache->slub.min_order;
		EMIT(observer, SLUB_SMALLER, slab_slot(s, cache), cache->order, order, cache->slub.min_num);
		*num = cache->slub.min_num;
		pfn = page_alloc(s->phys, gfp, order);
	}
	if (pfn != PFN_NONE && !page_own(s->phys, pfn, order, PAGE_SLAB)) {
		page_give_back(s->phys, pfn, order, PAGE_HOT);
		return PFN_NONE;
	}
	if (pfn != PFN_NONE)
		slab_pages_taken(s, cache, pfn, order);
	return pfn;
}

/* Chains all objects, the first one first, after each was made ready. */
static void chain_objects(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u32 num)
{
	u64 object = slub_object_first(s, cache, pfn), before = 0;

	for (u32 n = 0; n < num; n++, before = object, object += cache->size) {
		slub_debug_set_up_object(s, cache, object);
		kmem_cache_construct(s, cache, object);
		if (before)
			slub_object_link(s, cache, before, object);
	}
	slub_object_link(s, cache, before, 0);
}

pfn_t slub_slab_new(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp)
{
	u32 num;
	pfn_t pfn = alloc_pages_of(s, cache, gfp, &num);

	if (pfn == PFN_NONE)
		return PFN_NONE;
	*slub_slab_write(s, pfn) = (struct page_slab){
		.freelist = slub_object_first(s, cache, pfn),
		.cache = slab_slot(s, cache),
		.objects = (u16)num,
		.owner = s->phys->state->owner,
	};
	slub_debug_set_up_slab(s, cache, pfn);
	chain_objects(s, cache, pfn, num);
	EMIT(s->phys->observer, SLUB_NEW, slab_slot(s, cache), pfn, num);
	return pfn;
}

/* ------------------------------------------------------------- counting, giving back */

void slub_slab_count(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, slub_slab_node(s, pfn));

	n->nr_slabs++;
	n->total_objects += slub_slab_of(s, pfn)->objects;
}

static void give_back(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	unsigned order = s->phys->frame[pfn].order;

	EMIT(s->phys->observer, SLUB_GIVE_BACK, slab_slot(s, cache), pfn, UINT64_C(1) << order);
	slab_pages_given_back(s, cache, pfn, order);
	page_disown(s->phys, pfn, order);
	page_give_back(s->phys, pfn, order, PAGE_HOT);
}

void slub_slab_discard(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, slub_slab_node(s, pfn));

	n->nr_slabs--;
	n->total_objects -= slub_slab_of(s, pfn)->objects;
	slub_debug_last_check(s, cache, pfn);
	if (!(cache->flags & SLUB_TYPESAFE_BY_RCU)) {
		give_back(s, cache, pfn);
		return;
	}
	blocklist_add(s->phys, &n->list[SLAB_LIST_NONE], 0, pfn, TAG_OWNED | SLAB_LIST_NONE, AT_TAIL);
	slub_slab_write(s, pfn)->word[SLUB_WAITS] = 1;
	EMIT(s->phys->observer, SLAB_WAITS_FOR_RCU, slab_slot(s, cache), pfn);
}

void slub_slab_end_of_grace(struct slab_system *s, struct kmem_cache *cache)
{
	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		struct kmem_cache_node *n = slab_node(s, cache, node);

		while (n->list[SLAB_LIST_NONE].head != PFN_NONE) {
			pfn_t pfn = n->list[SLAB_LIST_NONE].head;

			arena_touch(s->phys->arena, n);
			blocklist_remove(s->phys, &n->list[SLAB_LIST_NONE], 0, pfn);
			give_back(s, cache, pfn);
		}
	}
}

/* ------------------------------------------------------------- lists */

void slub_slab_add(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, enum slab_list list,
		   enum list_end end)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, slub_slab_node(s, pfn));

	blocklist_add(s->phys, &n->list[list], 0, pfn, (u16)(TAG_OWNED | list), end);
	n->nr_partial += list == SLAB_LIST_PARTIAL;
	slub_slab_write(s, pfn)->list = (u8)list;
	if (list == SLAB_LIST_FULL)
		EMIT(s->phys->observer, SLUB_TO_FULL, slab_slot(s, cache), pfn);
	else
		EMIT(s->phys->observer, SLUB_TO_PARTIAL, slab_slot(s, cache), pfn, end, n->nr_partial);
}

void slub_slab_remove(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, enum slab_list list)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, slub_slab_node(s, pfn));

	blocklist_remove(s->phys, &n->list[list], 0, pfn);
	n->nr_partial -= list == SLAB_LIST_PARTIAL;
	slub_slab_write(s, pfn)->list = SLAB_LIST_NONE;
}

bool slub_slab_enough(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	return slab_node(s, cache, slub_slab_node(s, pfn))->nr_partial >= cache->slub.min_partial;
}

void slub_slab_surplus(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	EMIT(s->phys->observer, SLUB_SURPLUS, slab_slot(s, cache), pfn,
	     slab_node(s, cache, slub_slab_node(s, pfn))->nr_partial, cache->slub.min_partial);
	slub_slab_discard(s, cache, pfn);
}
