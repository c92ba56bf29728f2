/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_alien.h"

#include "slab/slab_array.h"
#include "slab/slab_lists.h"

#include <string.h>

#define ROUND_SECONDS 2 /* from one round of the reaper on a CPU to the next */

/* Moves objects from the top to the array that the CPUs of `home` share, as many as it has room for; how many. */
static u32 to_shared(struct slab_system *s, struct kmem_cache *cache, struct array_cache *alien, unsigned home)
{
	struct array_cache *shared = slab_shared_array(s, cache, home);
	u32 room = shared->limit - shared->avail;
	u32 count = alien->avail < room ? alien->avail : room;

	if (!count)
		return 0;
	arena_touch(s->phys->arena, shared);
	alien->avail -= count;
	memcpy(shared->entry + shared->avail, alien->entry + alien->avail, count * sizeof alien->entry[0]);
	shared->avail += count;
	return count;
}

static void drain(struct slab_system *s, struct kmem_cache *cache, unsigned on, unsigned home)
{
	struct array_cache *alien = slab_alien_array(s, cache, on, home);
	u32 waited = alien->avail, shared;

	if (!waited)
		return;
	arena_touch(s->phys->arena, alien);
	shared = to_shared(s, cache, alien, home);
	EMIT(s->phys->observer, SLAB_ALIEN_HOME, slab_slot(s, cache), on, waited, home, shared);
	if (alien->avail)
		slab_array_give_back(s, cache, alien, alien->avail);
}

/* Counted by kernels with DEBUG_SLAB. */
static void count(struct slab_system *s, struct kmem_cache *cache, bool overflow)
{
	if (!s->config->debug)
		return;
	arena_touch(s->phys->arena, cache);
	cache->slab.statistics.node_frees++;
	cache->slab.statistics.node_overflow += overflow;
}

bool slab_alien_free(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	unsigned here = slab_lists_here(s), home;
	pfn_t pfn = slab_of(s, address);
	struct array_cache *alien;

	if (pfn == PFN_NONE)
		return false;
	home = page_find(s->phys, pfn)->slab.node;
	if (home == here)
		return false;
	alien = slab_alien_array(s, cache, here, home);
	arena_touch(s->phys->arena, alien);
	count(s, cache, alien->avail == alien->limit);
	if (alien->avail == alien->limit)
		drain(s, cache, here, home);
	if (slab_is_down(s))
		return true;
	alien->entry[alien->avail++] = address;
	EMIT(s->phys->observer, SLAB_ALIEN, slab_slot(s, cache), address, home, here, alien->avail);
	return true;
}

void slab_alien_drain_all(struct slab_system *s, struct kmem_cache *cache, unsigned on)
{
	unsigned nodes = s->phys->config->nodes;

	for (unsigned home = 0; nodes > 1 && home < nodes; home++)
		drain(s, cache, on, home);
}

void slab_alien_reap(struct slab_system *s, struct kmem_cache *cache)
{
	unsigned nodes = s->phys->config->nodes, here = slab_lists_here(s);
	u64 round = s->state->ticks / ((u64)ROUND_SECONDS * s->config->hz);

	if (nodes > 1)
		drain(s, cache, here, (unsigned)((here + round) % nodes));
}
