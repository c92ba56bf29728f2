/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_load.h"

#include "base/text.h"
#include "phys/load.h"
#include "slab/slub_percpu.h"

#include <inttypes.h>

/* The order of a slab with so many objects; -1: the cache makes none. */
static int order_of(const struct kmem_cache *cache, u32 objects)
{
	if (objects == cache->num)
		return (int)cache->order;
	return objects == cache->slub.min_num ? (int)cache->slub.min_order : -1;
}

static bool are_indexes(const u32 *index, u32 count, u32 objects)
{
	if (count > objects)
		return false;
	for (u32 n = 0; n < count; n++)
		if (index[n] >= objects)
			return false;
	return true;
}

/* Chains these objects; the first of them, 0: there is none. */
static u64 chain(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, const u32 *index, u32 count)
{
	u64 next = 0;

	for (u32 n = count; n-- > 0;) {
		u64 object = slub_object_at(s, cache, pfn, index[n]);

		slub_object_link(s, cache, object, next);
		next = object;
	}
	return next;
}

static bool is_sound(const struct slab_system *s, const struct kmem_cache *cache, const struct slub_load *l)
{
	bool own = l->list == SLAB_LIST_CPU && !l->kept;

	return order_of(cache, l->objects) >= 0 && l->inuse <= l->objects && l->cpu < s->phys->config->cpus &&
	       l->list < SLAB_LISTS && l->list != SLAB_LIST_FREE && are_indexes(l->free, l->free_count, l->objects) &&
	       are_indexes(l->at_hand, l->at_hand_count, l->inuse < l->objects ? l->objects : l->inuse) &&
	       (own || !l->at_hand_count) && (!own || slab_cpu(s, cache, l->cpu)->slab == PFN_NONE);
}

static void place(struct slab_system *s, struct kmem_cache *cache, const struct slub_load *l)
{
	struct phys_state *state = s->phys->state;
	struct kmem_cache_cpu *c = slab_cpu(s, cache, l->cpu);
	u32 here = state->cpu;

	if (l->list == SLAB_LIST_PARTIAL || l->list == SLAB_LIST_FULL)
		slub_slab_add(s, cache, l->pfn, l->list, AT_TAIL);
	if (l->list != SLAB_LIST_CPU)
		return;
	state->cpu = l->cpu;
	if (!l->kept) {
		slub_percpu_set(s, cache, l->pfn, chain(s, cache, l->pfn, l->at_hand, l->at_hand_count));
	} else {
		struct page_slab *slab = slub_slab_write(s, l->pfn);

		arena_touch(s->phys->arena, c);
		blocklist_add(s->phys, &c->partial, 0, l->pfn, TAG_OWNED | SLAB_LIST_CPU, AT_TAIL);
		slab->list = SLAB_LIST_CPU;
		slab->frozen = 1;
	}
	state->cpu = here;
}

bool slub_load_slab(struct slab_system *s, struct kmem_cache *cache, const struct slub_load *l, struct status *st)
{
	int order = order_of(cache, l->objects);
	struct page_slab *slab;

	if (!is_sound(s, cache, l))
		return status_fail(st, STATUS_INVALID, _("cache %s: what is told of frame 0x%" PRIx32 " makes no slab"),
				   cache->name, l->pfn);
	if (!load_used_block(s->phys, l->pfn, (unsigned)order, 0, st))
		return false;
	if (!page_own(s->phys, l->pfn, (unsigned)order, PAGE_SLAB))
		return status_fail(st, STATUS_NO_MEMORY, _("cache %s: there are too few descriptors of pages"),
				   cache->name);
	slab = slub_slab_write(s, l->pfn);
	*slab = (struct page_slab){
		.cache = slab_slot(s, cache),
		.objects = (u16)l->objects,
		.inuse = (u16)l->inuse,
		.freelist = chain(s, cache, l->pfn, l->free, l->free_count),
	};
	slub_slab_count(s, cache, l->pfn);
	place(s, cache, l);
	return true;
}
