/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB: the lists full, partial and free of a cache's slabs. */
#ifndef KM_SLAB_SLAB_LISTS_H
#define KM_SLAB_SLAB_LISTS_H

#include "phys/blocklist.h"
#include "slab/slab.h"

/* The node of the CPU that runs. */
static inline unsigned slab_lists_here(const struct slab_system *s)
{
	const struct phys_config *c = s->phys->config;

	return c->nodes == 1 ? 0 : s->phys->state->cpu * c->nodes / c->cpus;
}

/* What a cache has on the node whose lists a slab is on. */
static inline struct kmem_cache_node *slab_lists_node(const struct slab_system *s, const struct kmem_cache *cache,
						      const struct page *page)
{
	return slab_node(s, cache, page->slab.node);
}

/* Puts a slab that is on no list, or takes it off the one that it is on. `page` and the node are touched already. */
static inline void slab_lists_add(struct slab_system *s, struct kmem_cache_node *node, struct page *page,
				  enum slab_list to, enum list_end end)
{
	blocklist_add(s->phys, &node->list[to], 0, page->pfn, (u16)(TAG_OWNED | to), end);
	page->slab.list = (u8)to;
}

static inline void slab_lists_remove(struct slab_system *s, struct kmem_cache_node *node, struct page *page)
{
	blocklist_remove(s->phys, &node->list[page->slab.list], 0, page->pfn);
	page->slab.list = SLAB_LIST_NONE;
}

/* From the list that it is on to another one, or to the end of the same. Tells if that is another one. */
void slab_lists_move(struct slab_system *s, const struct kmem_cache *cache, struct kmem_cache_node *node,
		     struct page *page, enum slab_list to, enum list_end end);

/* The list as numbers of events have it: 0 full, 1 partial, 2 free. */
static inline unsigned slab_lists_number(enum slab_list list)
{
	return (unsigned)list - SLAB_LIST_FULL;
}

#endif
