/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_array.h"

#include "phys/blocklist.h"
#include "slab/kmem_cache.h"
#include "slab/slab_alien.h"
#include "slab/slab_grow.h"
#include "slab/slab_lists.h"
#include "slab/slab_store.h"

#include <string.h>

/* An array that was not used since the reaper came by is refilled with no more than this. */
#define REFILL_UNTOUCHED 16

static const struct slab_store *store_of(const struct slab_system *s)
{
	return s->config->rules->store;
}

/* ------------------------------------------------------------- from slabs to the array */

/* The statistics of a cache, about to be written; NULL: the kernel was built without them. */
static struct slab_statistics *statistics(struct slab_system *s, struct kmem_cache *cache)
{
	if (__builtin_expect(!s->config->debug, 1))
		return NULL;
	arena_touch(s->phys->arena, cache);
	return &cache->slab.statistics;
}

static void count_taken(struct slab_system *s, struct kmem_cache *cache, u32 taken)
{
	struct slab_statistics *n = statistics(s, cache);

	if (!n)
		return;
	n->allocs += taken;
	n->active += taken;
	n->high = n->active > n->high ? n->active : n->high;
}

/* Takes up to `most` objects of a slab; returns how many. */
static u32 take_from(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, struct page *page,
		     u32 most)
{
	u32 taken = 0;

	while (taken < most && page->slab.inuse < cache->num) {
		u64 object = store_of(s)->take(s, cache, page);

		if (!object)
			break;
		array->entry[array->avail++] = object;
		taken++;
	}
	count_taken(s, cache, taken);
	return taken;
}

/* The slab that a refill takes from next; NULL: there is none. */
static struct page *slab_with_free(struct slab_system *s, struct kmem_cache_node *node)
{
	pfn_t pfn = node->list[SLAB_LIST_PARTIAL].head;

	if (pfn == PFN_NONE) {
		node->free_touched = 1;
		pfn = node->list[SLAB_LIST_FREE].head;
	}
	return pfn == PFN_NONE ? NULL : page_touch(s->phys, page_find(s->phys, pfn));
}

/* Refills the empty array from a node's slabs. */
static void refill_from_slabs(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array,
			      struct kmem_cache_node *node, u32 wanted)
{
	struct page *page;

	arena_touch(s->phys->arena, node);
	while (wanted && !slab_is_down(s) && (page = slab_with_free(s, node)) != NULL) {
		enum slab_list from = page->slab.list;
		u32 taken = take_from(s, cache, array, page, wanted);

		node->free_objects -= taken;
		wanted -= taken;
		EMIT(s->phys->observer, SLAB_REFILL, slab_slot(s, cache), page->pfn, slab_lists_number(from), taken);
		slab_lists_move(s, cache, node, page,
				store_of(s)->is_spent(s, cache, page) ? SLAB_LIST_FULL : SLAB_LIST_PARTIAL, AT_HEAD);
		if (!taken)
			break;
	}
}

/* Takes objects from the top of the shared array. false: there is none. */
static bool refill_from_shared(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, u32 wanted)
{
	struct array_cache *shared = slab_shared_array(s, cache, slab_lists_here(s));
	u32 count = shared->avail < wanted ? shared->avail : wanted;

	if (!count)
		return false;
	arena_touch(s->phys->arena, shared);
	shared->avail -= count;
	memcpy(array->entry, shared->entry + shared->avail, count * sizeof array->entry[0]);
	array->avail = count;
	array->touched = 1;
	EMIT(s->phys->observer, SLAB_FROM_SHARED, slab_slot(s, cache), count, shared->avail);
	return true;
}

/* One object of the nearest node that has any, which leaves the array at once. */
static void take_from_afar(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array)
{
	unsigned nodes = s->phys->config->nodes, here = slab_lists_here(s);
	struct slab_statistics *count = statistics(s, cache);

	for (unsigned step = 0; step < nodes && !array->avail; step++) {
		unsigned n = (here + step) % nodes;

		refill_from_slabs(s, cache, array, slab_node(s, cache, n), 1);
		if (array->avail)
			EMIT(s->phys->observer, SLAB_FROM_AFAR, slab_slot(s, cache), n);
	}
	if (count)
		count->node_allocs += array->avail;
}

/* The node of the CPU has no object, and no pages for a slab: others help, unless the mask forbids it. */
static bool borrow(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, gfp_t gfp)
{
	if (gfp & s->phys->gfp->thisnode)
		return false;
	take_from_afar(s, cache, array);
	if (!array->avail && !slab_is_down(s) && slab_grow(s, cache, gfp))
		take_from_afar(s, cache, array);
	return array->avail != 0;
}

/* How pages for a slab are asked for that must lie on the CPU's node: without waiting, for others may help. */
static gfp_t exact_node(const struct slab_system *s, gfp_t gfp)
{
	const struct gfp_bits *g = s->phys->gfp;

	return (gfp | g->thisnode | g->nowarn) & ~(g->wait | g->kswapd | g->nofail);
}

/* Fills the empty array; false: it stays empty. */
static bool refill(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, gfp_t gfp)
{
	struct kmem_cache_node *here = slab_node(s, cache, slab_lists_here(s));
	bool abroad = s->phys->config->nodes > 1 && store_of(s)->nodes_keep_pages, grown;
	u32 wanted = array->batchcount;

	if (!array->touched && wanted > REFILL_UNTOUCHED)
		wanted = REFILL_UNTOUCHED;
	EMIT(s->phys->observer, SLAB_ARRAY_EMPTY, slab_slot(s, cache), s->phys->state->cpu, wanted);
	if (refill_from_shared(s, cache, array, wanted))
		return true;
	if (!store_of(s)->grows_at_once || here->free_objects)
		refill_from_slabs(s, cache, array, here, wanted);
	if (array->avail)
		return true;
	if (slab_is_down(s))
		return false;
	grown = slab_grow(s, cache, abroad ? exact_node(s, gfp) : gfp);
	/* Reclaim, on the way to its pages, may have freed objects of this very cache. */
	if (grown && !array->avail)
		refill_from_slabs(s, cache, array, here, wanted);
	return array->avail || (abroad && !slab_is_down(s) && borrow(s, cache, array, gfp));
}

static void count_alloc(struct slab_system *s, struct kmem_cache *cache, bool hit)
{
	struct slab_statistics *n = statistics(s, cache);

	if (!n)
		return;
	n->alloc_hit += hit;
	n->alloc_miss += !hit;
}

u64 slab_array_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	unsigned cpu = s->phys->state->cpu;
	struct array_cache *array = slab_cpu_array(s, cache, cpu);
	u64 object;

	arena_touch(s->phys->arena, array);
	count_alloc(s, cache, array->avail != 0);
	if (__builtin_expect(array->avail == 0, 0) && !refill(s, cache, array, gfp)) {
		EMIT(s->phys->observer, SLAB_NULL, slab_slot(s, cache));
		return 0;
	}
	array->touched = 1;
	object = array->entry[--array->avail];
	EMIT(s->phys->observer, SLAB_TAKEN, slab_slot(s, cache), object, cpu, array->avail);
	return object;
}

/* ------------------------------------------------------------- from the array to slabs */

/* The slab has too many companions that are free: it goes back at once. */
static bool exceeds_limit(const struct slab_system *s, const struct kmem_cache_node *node)
{
	return !store_of(s)->keeps_to_limit_late && node->free_objects > node->free_limit;
}

/* Gives the slab back that has just been emptied, and tells why. */
static void give_slab_back(struct slab_system *s, struct kmem_cache *cache, struct kmem_cache_node *node,
			   struct page *page)
{
	EMIT(s->phys->observer, SLAB_OVER_LIMIT, slab_slot(s, cache), node->free_objects, node->free_limit);
	slab_lists_remove(s, node, page);
	node->free_objects -= cache->num;
	slab_grow_undo(s, cache, node, page);
}

/* One object goes back to its slab. */
static void give_object_back(struct slab_system *s, struct kmem_cache *cache, u64 object)
{
	pfn_t pfn = slab_of(s, object);
	struct kmem_cache_node *node;
	struct page *page;
	u32 index;

	if (pfn == PFN_NONE || kmem_cache_of(s, object) != cache) {
		s->config->rules->stray(s, cache, object);
		return;
	}
	page = page_touch(s->phys, page_find(s->phys, pfn));
	node = slab_lists_node(s, cache, page);
	arena_touch(s->phys->arena, node);
	index = kmem_cache_index(cache, (u32)(object - slab_store_base(s, page) - page->slab.s_mem));
	if (index >= cache->num || page->slab.list == SLAB_LIST_CPU || !store_of(s)->put(s, cache, page, index)) {
		EMIT(s->phys->observer, SLAB_NOT_IN_USE, slab_slot(s, cache), object, pfn);
		down_by(s->phys, DOWN_BROKEN);
		return;
	}
	node->free_objects++;
	if (statistics(s, cache))
		cache->slab.statistics.active--;
	EMIT(s->phys->observer, SLAB_OBJECT_BACK, slab_slot(s, cache), object, pfn, cache->num - page->slab.inuse);
	if (page->slab.inuse)
		slab_lists_move(s, cache, node, page, SLAB_LIST_PARTIAL, AT_TAIL);
	else if (exceeds_limit(s, node))
		give_slab_back(s, cache, node, page);
	else
		slab_lists_move(s, cache, node, page, SLAB_LIST_FREE, AT_HEAD);
}

/* Gives slabs back from the tail of the free list that exceed the limit, the one at the tail last (6.1). */
static void keep_to_limit(struct slab_system *s, struct kmem_cache *cache, struct kmem_cache_node *node)
{
	struct block_list *list = &node->list[SLAB_LIST_FREE];
	u32 over = node->free_objects > node->free_limit ? node->free_objects - node->free_limit : 0;
	u32 slabs = (over + cache->num - 1) / cache->num;
	pfn_t pfn = list->tail, next;

	slabs = slabs < list->count ? slabs : list->count;
	if (!slabs)
		return;
	arena_touch(s->phys->arena, node);
	for (u32 n = 1; n < slabs; n++)
		pfn = blocklist_prev(s->phys, 0, pfn);
	for (; slabs; slabs--) {
		next = blocklist_next(s->phys, 0, pfn);
		give_slab_back(s, cache, node, page_touch(s->phys, page_find(s->phys, pfn)));
		pfn = next;
	}
}

void slab_array_give_back(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, u32 count)
{
	arena_touch(s->phys->arena, array);
	for (u32 n = 0; n < count; n++)
		give_object_back(s, cache, array->entry[n]);
	array->avail -= count;
	memmove(array->entry, array->entry + count, array->avail * sizeof array->entry[0]);
	for (unsigned n = 0; store_of(s)->keeps_to_limit_late && n < s->phys->config->nodes; n++)
		keep_to_limit(s, cache, slab_node(s, cache, n));
}

/* Moves the oldest objects to the shared array, as many as it has room for. false: for none. */
static bool flush_to_shared(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array)
{
	struct array_cache *shared = slab_shared_array(s, cache, slab_lists_here(s));
	u32 room = shared->limit - shared->avail;
	u32 count = array->batchcount < room ? array->batchcount : room;

	if (!count)
		return false;
	arena_touch(s->phys->arena, shared);
	memcpy(shared->entry + shared->avail, array->entry, count * sizeof array->entry[0]);
	shared->avail += count;
	array->avail -= count;
	memmove(array->entry, array->entry + count, array->avail * sizeof array->entry[0]);
	EMIT(s->phys->observer, SLAB_TO_SHARED, slab_slot(s, cache), count, shared->avail);
	return true;
}

/* Slabs without an object in use, where the CPU is. */
static void count_freeable(struct slab_system *s, struct kmem_cache *cache)
{
	u32 free = slab_node(s, cache, slab_lists_here(s))->list[SLAB_LIST_FREE].count;
	struct slab_statistics *n = statistics(s, cache);

	if (n && n->max_freeable < free)
		n->max_freeable = free;
}

static void flush(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array)
{
	EMIT(s->phys->observer, SLAB_ARRAY_FULL, slab_slot(s, cache), s->phys->state->cpu, array->limit,
	     array->batchcount);
	if (!flush_to_shared(s, cache, array))
		slab_array_give_back(s, cache, array, array->batchcount);
	count_freeable(s, cache);
}

static void count_free(struct slab_system *s, struct kmem_cache *cache, bool hit)
{
	struct slab_statistics *n = statistics(s, cache);

	if (!n)
		return;
	n->free_hit += hit;
	n->free_miss += !hit;
}

void slab_array_free(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	unsigned cpu = s->phys->state->cpu;
	struct array_cache *array = slab_cpu_array(s, cache, cpu);

	if (s->phys->config->nodes > 1 && slab_alien_free(s, cache, address))
		return;
	arena_touch(s->phys->arena, array);
	count_free(s, cache, array->avail < array->limit);
	if (__builtin_expect(array->avail == array->limit, 0)) {
		flush(s, cache, array);
		if (slab_is_down(s))
			return;
	}
	array->entry[array->avail++] = address;
	EMIT(s->phys->observer, SLAB_PUT, slab_slot(s, cache), address, cpu, array->avail);
}
