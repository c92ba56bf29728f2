/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_look.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/blocklist.h"
#include "slab/kmem_cache.h"
#include "slab/slab_lists.h"
#include "slab/slab_store.h"

#include <inttypes.h>
#include <stdlib.h>

#define MOST_OBJECTS 8192 /* of a slab: 128 KiB of objects of 16 bytes; smaller ones lie in a page */

static const enum slab_list lists[] = { SLAB_LIST_FULL, SLAB_LIST_PARTIAL, SLAB_LIST_FREE };

static const struct page *slab_at(const struct slab_system *s, pfn_t pfn)
{
	return page_find(s->phys, pfn);
}

/* ------------------------------------------------------------- figures */

void slab_look_info(const struct slab_system *s, const struct kmem_cache *cache, struct slab_info *info)
{
	const struct phys_config *c = s->phys->config;
	u64 in_arrays = 0;
	unsigned aliens = slab_arrays(c) - c->cpus - c->nodes;

	*info = (struct slab_info){ .limit = cache->slab.limit,
				    .batchcount = cache->slab.batchcount,
				    .shared = cache->slab.shared };
	for (unsigned n = 0; n < c->nodes; n++) {
		const struct kmem_cache_node *node = slab_node(s, cache, n);

		for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
			const struct block_list *list = &node->list[lists[l]];

			info->num_slabs += list->count;
			info->active_slabs += lists[l] == SLAB_LIST_FREE ? 0 : list->count;
			for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
				info->active_objs += slab_at(s, pfn)->slab.inuse;
		}
		info->shared_avail += slab_shared_array(s, cache, n)->avail;
	}
	for (unsigned cpu = 0; cpu < c->cpus; cpu++)
		in_arrays += slab_cpu_array(s, cache, cpu)->avail;
	for (unsigned n = 0; n < aliens; n++)
		in_arrays += slab_alien_array(s, cache, 0, n)->avail;
	info->num_objs = info->num_slabs * cache->num;
	/* After an object was freed twice there are more at hand than were ever taken: it wraps around as in the
	 * kernel. */
	info->inuse = (u32)(info->active_objs - in_arrays - info->shared_avail);
}

/* ------------------------------------------------------------- hashes */

static u64 array_hash(const struct array_cache *array, u64 h)
{
	for (u32 n = 0; n < array->avail; n++)
		h = hash_word(h, array->entry[n]);
	return hash_word(h, UINT64_MAX);
}

static void add_index(void *context, u32 index)
{
	u64 *h = context;

	*h = hash_word(*h, index);
}

u64 slab_look_hash(const struct slab_system *s, const struct kmem_cache *cache)
{
	const struct phys_config *c = s->phys->config;
	const struct kmem_cache_node *node = slab_node(s, cache, 0);
	u64 h = HASH_INIT;

	for (unsigned cpu = 0; cpu < c->cpus; cpu++)
		h = array_hash(slab_cpu_array(s, cache, cpu), h);
	if (c->cpus > 1)
		h = array_hash(slab_shared_array(s, cache, 0), h);
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++) {
		for (pfn_t pfn = node->list[lists[l]].head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn)) {
			h = hash_word(hash_word(h, pfn), slab_at(s, pfn)->slab.inuse);
			s->config->rules->store->walk(s, cache, slab_at(s, pfn), &h, add_index);
		}
		h = hash_word(h, UINT64_MAX);
	}
	return h;
}

/* ------------------------------------------------------------- objects */

static void mark_free(void *context, u32 index)
{
	u8 *state = context;

	state[index] = OBJECT_FREE;
}

static void mark_array(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page,
		       const struct array_cache *array, u8 mark, u8 *state)
{
	for (u32 n = 0; n < array->avail; n++) {
		u64 object = array->entry[n];

		if (slab_of(s, object) == page->pfn) {
			u32 offset = (u32)(object - slab_store_base(s, page) - page->slab.s_mem);
			u32 index = kmem_cache_index(cache, offset);

			if (index < cache->num)
				state[index] = mark;
		}
	}
}

/* Fills in the state of each object of a slab. */
static void find_states(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page,
			u8 state[MOST_OBJECTS])
{
	const struct phys_config *c = s->phys->config;

	for (u32 n = 0; n < cache->num; n++)
		state[n] = OBJECT_USED;
	s->config->rules->store->walk(s, cache, page, state, mark_free);
	for (unsigned cpu = 0; cpu < c->cpus; cpu++)
		mark_array(s, cache, page, slab_cpu_array(s, cache, cpu), OBJECT_CPU, state);
	/* What CPUs share, of this node and for others. */
	for (unsigned n = c->cpus; n < slab_arrays(c); n++)
		mark_array(s, cache, page, slab_cpu_array(s, cache, n), OBJECT_SHARED, state);
}

void slab_look_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, void *context,
		       void (*see)(void *context, u32 index, u64 address, unsigned state))
{
	const struct page *page = slab_at(s, pfn);
	u8 state[MOST_OBJECTS];

	if (!page || page->kind != PAGE_SLAB || cache->num > MOST_OBJECTS)
		return;
	find_states(s, cache, page, state);
	for (u32 n = 0; n < cache->num; n++)
		see(context, n, slab_store_object(s, cache, page, n) + cache->slab.obj_offset, state[n]);
}

/* ------------------------------------------------------------- invariants */

static bool bad(const struct kmem_cache *cache, const char *what, u64 is, u64 should, struct status *st)
{
	return status_fail(st, STATUS_INVALID, _("cache %s: %s is %" PRIu64 ", but should be %" PRIu64), cache->name,
			   what, is, should);
}

static void count_index(void *context, u32 index)
{
	(void)index;
	++*(u32 *)context;
}

/* A slab: where it says it is, as full as its list, and with as many free objects as are not in use. */
static bool check_slab(const struct slab_system *s, const struct kmem_cache *cache, const struct page *page,
		       enum slab_list list, struct status *st)
{
	u32 bytes = UINT32_C(1) << (cache->order + s->phys->config->page_shift), free = 0;
	bool fits = list == SLAB_LIST_FULL      ? page->slab.inuse == cache->num
		    : list == SLAB_LIST_PARTIAL ? page->slab.inuse && page->slab.inuse < cache->num
						: page->slab.inuse == 0;

	if (page->slab.cache != slab_slot(s, cache))
		return bad(cache, _("the cache of a slab on its lists"), page->slab.cache, slab_slot(s, cache), st);
	if (page->slab.list != list)
		return bad(cache, _("the list of a slab"), page->slab.list, list, st);
	if (!fits)
		return status_fail(st, STATUS_INVALID,
				   _("cache %s: the slab at frame 0x%" PRIx32
				     " has %u of %u objects in use, but is on the wrong list"),
				   cache->name, page->pfn, page->slab.inuse, (unsigned)cache->num);
	if (page->slab.s_mem + (u64)cache->num * cache->size > bytes)
		return bad(cache, _("the end of a slab's objects, at most,"),
			   page->slab.s_mem + (u64)cache->num * cache->size, bytes, st);
	if (s->state->poked)
		return true;
	if (!s->config->rules->store->walk(s, cache, page, &free, count_index))
		return status_fail(st, STATUS_INVALID,
				   _("cache %s: the list of free objects of the slab at frame 0x%" PRIx32 " is broken"),
				   cache->name, page->pfn);
	return free + page->slab.inuse == cache->num ||
	       bad(cache, _("the number of free objects of a slab"), free, cache->num - page->slab.inuse, st);
}

static bool check_list(const struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_node *node,
		       enum slab_list list, u32 *free, struct status *st)
{
	const struct block_list *l = &node->list[list];
	pfn_t before = PFN_NONE;
	u32 count = 0;

	for (pfn_t pfn = l->head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn)) {
		const struct page *page = pfn < s->phys->config->max_pfn ? slab_at(s, pfn) : NULL;

		if (!page || page->kind != PAGE_SLAB || page->head != pfn)
			return status_fail(
			    st, STATUS_INVALID,
			    _("cache %s: a list of slabs leads to frame 0x%" PRIx32 ", which is no slab"), cache->name,
			    pfn);
		if (count++ == l->count)
			return bad(cache, _("the number of slabs on a list, at least,"), count, l->count, st);
		if (page->slab.node >= s->phys->config->nodes || slab_lists_node(s, cache, page) != node)
			return status_fail(
			    st, STATUS_INVALID,
			    _("cache %s: the slab at frame 0x%" PRIx32 " is on the lists of another node"), cache->name,
			    pfn);
		if (blocklist_prev(s->phys, 0, pfn) != before)
			return bad(cache, _("a link back between slabs"), blocklist_prev(s->phys, 0, pfn), before, st);
		if (blocklist_tag(s->phys, 0, pfn) != (TAG_OWNED | list))
			return bad(cache, _("the tag of a slab"), blocklist_tag(s->phys, 0, pfn), TAG_OWNED | list, st);
		if (list != SLAB_LIST_CPU && !check_slab(s, cache, page, list, st))
			return false;
		*free += list == SLAB_LIST_CPU ? 0 : cache->num - page->slab.inuse;
		before = pfn;
	}
	if (l->tail != before)
		return bad(cache, _("the tail of a list of slabs"), l->tail, before, st);
	return count == l->count || bad(cache, _("the number of slabs on a list"), l->count, count, st);
}

static bool check_node(const struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_node *node,
		       struct status *st)
{
	u32 free = 0, slabs = 0;

	for (unsigned l = SLAB_LIST_FULL; l <= SLAB_LIST_CPU; l++) {
		if (!check_list(s, cache, node, (enum slab_list)l, &free, st))
			return false;
		slabs += node->list[l].count;
	}
	if (node->list[SLAB_LIST_NONE].count)
		return bad(cache, _("the number of slabs on no list"), node->list[SLAB_LIST_NONE].count, 0, st);
	if (node->free_objects != free)
		return bad(cache, _("free_objects"), node->free_objects, free, st);
	if (cache->slab.colour ? node->colour_next >= cache->slab.colour : node->colour_next)
		return bad(cache, _("colour_next, at most,"), node->colour_next,
			   cache->slab.colour ? cache->slab.colour - 1 : 0, st);
	return node->nr_slabs == slabs || bad(cache, _("the number of slabs"), node->nr_slabs, slabs, st);
}

/*
 * An array holds objects of its cache; whether each of them once, the kernel does
 * not know either.  It goes down when it comes upon one whose slab is gone since.
 */
static bool check_array(const struct slab_system *s, const struct kmem_cache *cache, const struct array_cache *array,
			unsigned home, struct status *st)
{
	if (array->limit > SLAB_ARRAY)
		return bad(cache, _("the limit of an array, at most,"), array->limit, SLAB_ARRAY, st);
	if (array->avail > array->limit)
		return bad(cache, _("the number of objects in an array, at most,"), array->avail, array->limit, st);
	for (u32 n = 0; n < array->avail && !s->state->strayed && !slab_is_down(s); n++) {
		u64 object = array->entry[n];
		u32 node;

		if (kmem_cache_of(s, object) != cache)
			return status_fail(st, STATUS_INVALID,
					   _("cache %s: an array holds 0x%" PRIx64 ", which is in no slab of it"),
					   cache->name, object);
		node = slab_at(s, slab_of(s, object))->slab.node;
		if (node != home)
			return bad(cache, _("the node of an object in an array"), node, home, st);
	}
	return true;
}

/* The arrays of a node: its CPUs', the shared one, and those for others; it has none for itself. */
static bool check_arrays(const struct slab_system *s, const struct kmem_cache *cache, struct status *st)
{
	const struct phys_config *c = s->phys->config;

	for (unsigned cpu = 0; cpu < c->cpus; cpu++)
		if (!check_array(s, cache, slab_cpu_array(s, cache, cpu), cpu * c->nodes / c->cpus, st))
			return false;
	for (unsigned n = 0; n < c->nodes; n++)
		if (!check_array(s, cache, slab_shared_array(s, cache, n), n, st))
			return false;
	for (unsigned n = 0; c->nodes > 1 && n < c->nodes * c->nodes; n++) {
		unsigned on = n / c->nodes, home = n % c->nodes;
		const struct array_cache *alien = slab_alien_array(s, cache, on, home);

		if (on == home && alien->avail)
			return bad(cache, _("the number of objects in a node's array for itself"), alien->avail, 0, st);
		if (!check_array(s, cache, alien, home, st))
			return false;
	}
	return true;
}

bool slab_look_check(const struct slab_system *s, const struct kmem_cache *cache, struct status *st)
{
	const struct phys_config *c = s->phys->config;

	if (cache->num == 0 || cache->num > MOST_OBJECTS || cache->size == 0)
		return bad(cache, _("the number of objects of a slab, at most,"), cache->num, MOST_OBJECTS, st);
	if (!check_arrays(s, cache, st))
		return false;
	for (unsigned n = 0; n < c->nodes; n++)
		if (!check_node(s, cache, slab_node(s, cache, n), st))
			return false;
	return true;
}
