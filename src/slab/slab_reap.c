/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_reap.h"

#include "phys/blocklist.h"
#include "slab/kmem_cache.h"
#include "slab/slab_alien.h"
#include "slab/slab_array.h"
#include "slab/slab_grow.h"
#include "slab/slab_lists.h"

#define REAP_SECONDS 4 /* between two looks at the lists of a cache */

/* ------------------------------------------------------------- shrinking */

static void empty_array(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array)
{
	if (array->avail)
		slab_array_give_back(s, cache, array, array->avail);
}

/* The other CPUs are asked first, then this one does it, then what they share. */
static void empty_arrays(struct slab_system *s, struct kmem_cache *cache)
{
	const struct phys_config *c = s->phys->config;
	unsigned here = s->phys->state->cpu;

	for (unsigned cpu = 0; cpu < c->cpus; cpu++)
		if (cpu != here)
			empty_array(s, cache, slab_cpu_array(s, cache, cpu));
	empty_array(s, cache, slab_cpu_array(s, cache, here));
	for (unsigned n = 0; n < c->nodes; n++)
		slab_alien_drain_all(s, cache, n);
	for (unsigned n = 0; n < c->nodes; n++)
		empty_array(s, cache, slab_shared_array(s, cache, n));
}

/* Gives back up to `most` free slabs, from the tail. Returns how many. */
static u32 give_back_free(struct slab_system *s, struct kmem_cache *cache, struct kmem_cache_node *node, u32 most)
{
	struct block_list *list = &node->list[SLAB_LIST_FREE];
	u32 given = 0;

	arena_touch(s->phys->arena, node);
	for (; given < most && list->count; given++) {
		struct page *page = page_touch(s->phys, page_find(s->phys, list->tail));

		slab_lists_remove(s, node, page);
		node->free_objects -= cache->num;
		slab_grow_undo(s, cache, node, page);
	}
	return given;
}

int slab_reap_shrink(struct slab_system *s, struct kmem_cache *cache)
{
	int busy = 0;

	EMIT(s->phys->observer, CACHE_SHRINK, slab_slot(s, cache));
	empty_arrays(s, cache);
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		struct kmem_cache_node *node = slab_node(s, cache, n);

		give_back_free(s, cache, node, UINT32_MAX);
		busy |= node->list[SLAB_LIST_FULL].count || node->list[SLAB_LIST_PARTIAL].count;
	}
	return busy;
}

bool slab_reap_empty(struct slab_system *s, struct kmem_cache *cache)
{
	if (slab_reap_shrink(s, cache))
		return false;
	/* Whoever destroys a cache waits for the grace period. */
	slab_grow_end_of_grace(s, cache);
	return true;
}

/* ------------------------------------------------------------- as time passes */

/* A fifth of what an array can hold goes back, but only if nobody has used it for a whole round. */
static void drain(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array)
{
	u32 count = (array->limit + 4) / 5;

	if (!array->avail)
		return;
	if (array->touched) {
		arena_touch(s->phys->arena, array);
		array->touched = 0;
		EMIT(s->phys->observer, SLAB_REAP_LATER, slab_slot(s, cache));
		return;
	}
	if (count > array->avail)
		count = (array->avail + 1) / 2;
	EMIT(s->phys->observer, SLAB_REAP, slab_slot(s, cache), count);
	slab_array_give_back(s, cache, array, count);
}

static void reap(struct slab_system *s, struct kmem_cache *cache)
{
	unsigned here = slab_lists_here(s);
	struct kmem_cache_node *node = slab_node(s, cache, here);
	u32 slabs = (node->free_limit + 5 * cache->num - 1) / (5 * cache->num);

	slab_alien_reap(s, cache);
	drain(s, cache, slab_cpu_array(s, cache, s->phys->state->cpu));
	if (node->next_reap > s->state->ticks)
		return;
	arena_touch(s->phys->arena, node);
	node->next_reap = s->state->ticks + REAP_SECONDS * s->config->hz;
	drain(s, cache, slab_shared_array(s, cache, here));
	if (node->free_touched) {
		node->free_touched = 0;
		return;
	}
	arena_touch(s->phys->arena, cache);
	cache->slab.reaped += give_back_free(s, cache, node, slabs);
}

void slab_reap_pass(struct slab_system *s)
{
	for (struct kmem_cache *c = kmem_cache_first(s); c && !slab_is_down(s); c = kmem_cache_next(s, c))
		reap(s, c);
}
