/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_node.h"

#include "phys/request.h"
#include "slab/slub_debug.h"
#include "slab/slub_percpu.h"
#include "slab/slub_report.h"

#define PROMOTED 32 /* slabs with up to so many free objects are sorted when a cache is shrunk */

/* ------------------------------------------------------------- taking */

/* With several CPUs: the next ones come along, up to half of what the CPU keeps, and one. */
static void keep_some(struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_node *n)
{
	if (!slub_geometry_has_cpu_partial(s->config, cache->flags))
		return;
	for (u32 slabs = 0; n->nr_partial && slabs <= cache->slub.cpu_partial_slabs / 2; slabs++) {
		pfn_t pfn = n->list[SLAB_LIST_PARTIAL].head;

		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
		slub_percpu_keep(s, cache, pfn, false);
	}
}

/* With debugging: an object of the first slab whose next object passes the checks. */
static u64 take_checked(struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_node *n)
{
	u64 object = 0;

	/* A slab that does not pass leaves the list. */
	while (!object && n->nr_partial && !slab_is_down(s))
		object = slub_debug_take(s, cache, n->list[SLAB_LIST_PARTIAL].head);
	return object;
}

static u64 take_from(struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	const struct kmem_cache_node *n = slab_node(s, cache, node);
	pfn_t pfn = n->list[SLAB_LIST_PARTIAL].head;
	u64 object;

	if (!n->nr_partial)
		return 0;
	EMIT(s->phys->observer, SLUB_NODE_PARTIAL, slab_slot(s, cache), node, n->nr_partial, pfn);
	if (cache->flags & SLUB_DEBUG_FLAGS)
		return take_checked(s, cache, n);
	slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
	object = slub_percpu_own(s, cache, pfn);
	keep_some(s, cache, n);
	return object;
}

u64 slub_node_take(struct slab_system *s, const struct kmem_cache *cache)
{
	const struct phys_config *c = s->phys->config;
	unsigned here = slub_slab_this_node(s);
	u64 object = take_from(s, cache, here);

	if (object || c->nodes == 1)
		return object;
	/* Other nodes, the near ones first, while they have more than they keep for themselves. */
	for (const u8 *zone = request_zonelist(s->phys, PHYS_ZONE_TYPES - 1); *zone != ZONELIST_END; zone++) {
		unsigned node = c->zone[*zone].node;

		if (slab_node(s, cache, node)->nr_partial <= cache->slub.min_partial)
			continue;
		object = take_from(s, cache, node);
		if (object)
			return object;
	}
	return 0;
}

/* ------------------------------------------------------------- shrinking */

static void discard_all(struct slab_system *s, const struct kmem_cache *cache, struct block_list *list)
{
	while (list->head != PFN_NONE) {
		pfn_t pfn = list->head;

		blocklist_remove(s->phys, list, 0, pfn);
		slub_slab_discard(s, cache, pfn);
	}
}

/* Empty slabs leave; the others come back sorted: the fullest first, slabs with many free objects as they were. */
static void sort_node(struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, node);
	struct block_list *partial = &n->list[SLAB_LIST_PARTIAL], sorted[PROMOTED + 1];

	for (unsigned free = 0; free <= PROMOTED; free++)
		blocklist_init(&sorted[free]);
	for (pfn_t pfn = partial->head, next; pfn != PFN_NONE; pfn = next) {
		const struct page_slab *slab = slub_slab_of(s, pfn);
		unsigned free = slab->objects - slab->inuse;

		next = blocklist_next(s->phys, 0, pfn);
		if (free == slab->objects)
			free = 0;
		else if (free > PROMOTED)
			continue;
		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
		blocklist_add(s->phys, &sorted[free], 0, pfn, TAG_OWNED | SLAB_LIST_PARTIAL, AT_HEAD);
	}
	/* The last to come is the first on the list: those with most free objects first, each batch in its order. */
	for (unsigned free = PROMOTED; free > 0; free--) {
		while (sorted[free].tail != PFN_NONE) {
			pfn_t pfn = sorted[free].tail;

			blocklist_remove(s->phys, &sorted[free], 0, pfn);
			slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, AT_HEAD);
		}
	}
	discard_all(s, cache, &sorted[0]);
}

int slub_node_shrink(struct slab_system *s, struct kmem_cache *cache)
{
	int left = 0;

	slub_percpu_flush(s, cache);
	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		EMIT(s->phys->observer, SLUB_SHRINK, slab_slot(s, cache), node, slab_node(s, cache, node)->nr_partial);
		sort_node(s, cache, node);
		left |= slab_node(s, cache, node)->nr_slabs != 0;
	}
	return left;
}

/* ------------------------------------------------------------- emptying */

static bool empty_node(struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	struct kmem_cache_node *n = slub_slab_node_write(s, cache, node);
	struct block_list empty;

	blocklist_init(&empty);
	for (pfn_t pfn = n->list[SLAB_LIST_PARTIAL].head, next; pfn != PFN_NONE; pfn = next) {
		next = blocklist_next(s->phys, 0, pfn);
		if (slub_slab_of(s, pfn)->inuse) {
			slub_report_remaining(s, cache, pfn);
			continue;
		}
		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
		blocklist_add(s->phys, &empty, 0, pfn, TAG_OWNED | SLAB_LIST_PARTIAL, AT_HEAD);
	}
	discard_all(s, cache, &empty);
	return n->nr_slabs == 0;
}

bool slub_node_empty(struct slab_system *s, struct kmem_cache *cache)
{
	slub_percpu_flush(s, cache);
	/* The first node with objects in use ends it. */
	for (unsigned node = 0; node < s->phys->config->nodes; node++)
		if (!empty_node(s, cache, node))
			return false;
	return true;
}
