/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_setup.h"

#include "slab/kmalloc.h"
#include "slab/slab_alien.h"
#include "slab/slab_store.h"

#include <string.h>

#define REAP_SECONDS 4 /* between two looks of the reaper at the lists of a cache */
#define SHARED_FACTOR 8 /* batches that the shared array holds */
#define DEBUG_LIMIT 32 /* most objects of an array under DEBUG_SLAB */

void slab_setup_tune(const struct slab_system *s, struct kmem_cache *cache)
{
	u32 page_size = UINT32_C(1) << s->phys->config->page_shift, limit = 120;

	if (cache->size > 131072)
		limit = 1;
	else if (cache->size > page_size)
		limit = 8;
	else if (cache->size > 1024)
		limit = 24;
	else if (cache->size > 256)
		limit = 54;
	if (s->config->debug && limit > DEBUG_LIMIT)
		limit = DEBUG_LIMIT;
	cache->slab.limit = limit;
	cache->slab.batchcount = (limit + 1) / 2;
	cache->slab.shared = s->phys->config->cpus > 1 && cache->size <= page_size ? SHARED_FACTOR : 0;
}

/* Memory for a part of the cache; *at is 0 if the machine has no cache to take it from. false: there is none. */
static bool get(struct slab_system *s, u32 bytes, u64 *at)
{
	gfp_t gfp = kmem_cache_gfp_kernel(s);

	*at = 0;
	if (!s->state->up || !bytes || !kmalloc_cache(s, bytes, gfp))
		return true;
	*at = kmalloc_alloc(s, bytes, gfp);
	return *at != 0;
}

static void put(struct slab_system *s, u64 *at)
{
	if (*at)
		kmalloc_free(s, *at);
	*at = 0;
}

static struct array_cache *fresh_array(struct slab_system *s, struct array_cache *array, u32 limit, u32 batchcount)
{
	arena_touch(s->phys->arena, array);
	memset(array, 0, offsetof(struct array_cache, entry));
	array->limit = limit;
	array->batchcount = batchcount;
	return array;
}

/* 6.1 has its CPUs' arrays in per-CPU memory, of which this model knows nothing. */
static bool set_up_arrays(struct slab_system *s, struct kmem_cache *cache)
{
	u32 bytes = s->config->array_bytes + cache->slab.limit * s->config->word;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		struct array_cache *array =
		    fresh_array(s, slab_cpu_array(s, cache, cpu), cache->slab.limit, cache->slab.batchcount);

		if (!get(s, s->config->rules->store->arrays_by_kmalloc ? bytes : 0, &array->at))
			return false;
	}
	return true;
}

/*
 * Arrays on node `n` for objects of each other node, and a table of them.  6.1
 * has a lock of its own in front of each.
 */
static bool set_up_aliens(struct slab_system *s, struct kmem_cache *cache, unsigned n)
{
	struct kmem_cache_node *node = slab_node(s, cache, n);
	u32 limit = cache->slab.limit > 1 ? SLAB_ALIEN_LIMIT : cache->slab.limit, nodes = s->phys->config->nodes;
	u32 bytes = s->config->array_bytes + limit * s->config->word;

	if (nodes == 1)
		return true;
	if (!s->config->rules->store->arrays_by_kmalloc)
		bytes += s->config->word;
	if (!get(s, nodes * s->config->word, &node->alien_at))
		return false;
	for (unsigned home = 0; home < nodes; home++) {
		struct array_cache *alien = fresh_array(s, slab_alien_array(s, cache, n, home), limit, 0xbaadf00d);

		if (home != n && !get(s, bytes, &alien->at))
			return false;
	}
	return true;
}

static bool set_up_node(struct slab_system *s, struct kmem_cache *cache, unsigned n)
{
	struct kmem_cache_node *node = slab_node(s, cache, n);
	u32 entries = cache->slab.shared * cache->slab.batchcount;
	struct array_cache *shared = fresh_array(s, slab_shared_array(s, cache, n), entries, 0xbaadf00d);
	u32 reap = REAP_SECONDS * s->config->hz;
	/* The first caches are made when no other CPU runs yet. */
	u32 cpus = s->state->up ? s->phys->config->cpus : 1;

	arena_touch(s->phys->arena, node);
	if (!set_up_aliens(s, cache, n))
		return false;
	if ((entries || s->config->rules->store->always_shared) &&
	    !get(s, s->config->array_bytes + entries * s->config->word, &shared->at))
		return false;
	node->next_reap = s->state->ticks + reap + cache->at % reap;
	node->free_limit = (1 + cpus) * cache->slab.batchcount + cache->num;
	return get(s, s->config->node_bytes, &node->at);
}

bool slab_setup(struct slab_system *s, struct kmem_cache *cache)
{
	bool ok = set_up_arrays(s, cache);

	for (unsigned n = 0; ok && n < s->phys->config->nodes; n++)
		ok = set_up_node(s, cache, n);
	if (!ok)
		slab_setup_undo(s, cache);
	return ok;
}

static void undo_aliens(struct slab_system *s, struct kmem_cache *cache, unsigned n)
{
	unsigned nodes = s->phys->config->nodes;

	for (unsigned home = 0; nodes > 1 && home < nodes; home++) {
		struct array_cache *alien = slab_alien_array(s, cache, n, home);

		arena_touch(s->phys->arena, alien);
		put(s, &alien->at);
	}
	put(s, &slab_node(s, cache, n)->alien_at);
}

void slab_setup_undo(struct slab_system *s, struct kmem_cache *cache)
{
	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		struct array_cache *array = slab_cpu_array(s, cache, cpu);

		arena_touch(s->phys->arena, array);
		put(s, &array->at);
	}
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		struct array_cache *shared = slab_shared_array(s, cache, n);
		struct kmem_cache_node *node = slab_node(s, cache, n);

		arena_touch(s->phys->arena, shared);
		put(s, &shared->at);
		arena_touch(s->phys->arena, node);
		undo_aliens(s, cache, n);
		put(s, &node->at);
	}
}
