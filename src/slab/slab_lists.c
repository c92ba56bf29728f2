/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_lists.h"

void slab_lists_move(struct slab_system *s, const struct kmem_cache *cache, struct kmem_cache_node *node,
		     struct page *page, enum slab_list to, enum list_end end)
{
	enum slab_list from = page->slab.list;

	slab_lists_remove(s, node, page);
	slab_lists_add(s, node, page, to, end);
	if (from == to)
		return;
	if (to == SLAB_LIST_FULL)
		EMIT(s->phys->observer, SLAB_NOW_FULL, slab_slot(s, cache), page->pfn);
	else if (to == SLAB_LIST_FREE)
		EMIT(s->phys->observer, SLAB_NOW_FREE, slab_slot(s, cache), page->pfn);
	else
		EMIT(s->phys->observer, SLAB_NOW_PARTIAL, slab_slot(s, cache), page->pfn, end);
}
