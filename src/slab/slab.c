/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab.h"

#include "base/hash.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "slab/mempool.h"
#include "slab/object.h"
#include "slab/oops.h"
#include "slab/slab_shrinker.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t slab_arena_size(const struct slab_config *config, const struct phys_config *c)
{
	size_t bytes;

	if (config->allocator == SLAB_ABSENT)
		return 0;
	bytes = arena_chunks(SLAB_CACHES * sizeof(struct kmem_cache)) + arena_chunks(mempool_arena_size()) +
		arena_chunks(object_arena_size(c)) + slab_shrinker_arena_size(config, c);
	bytes += arena_chunks(SLAB_CACHES * c->nodes * sizeof(struct kmem_cache_node));
	if (config->allocator == SLAB_SLUB)
		return bytes + arena_chunks(SLAB_CACHES * c->cpus * sizeof(struct kmem_cache_cpu));
	return bytes + arena_chunks(SLAB_CACHES * slab_arrays(c) * sizeof(struct array_cache));
}

size_t slab_root_size(const struct slab_config *config)
{
	return config->allocator == SLAB_ABSENT ? 0 : sizeof(struct slab_state) + 64;
}

bool slab_init(struct slab_system *s, const struct slab_config *config, struct phys *phys, struct status *st)
{
	const struct phys_config *c = phys->config;
	struct arena *arena = phys->arena;

	memset(s, 0, sizeof *s);
	s->config = config;
	s->phys = phys;
	if (config->allocator == SLAB_ABSENT)
		return true;
	s->state = arena_root(arena, sizeof *s->state);
	s->cache = arena_array(arena, SLAB_CACHES, sizeof *s->cache);
	s->node = arena_array(arena, SLAB_CACHES * c->nodes, sizeof *s->node);
	if (config->allocator == SLAB_SLUB)
		s->cpu = arena_array(arena, SLAB_CACHES * c->cpus, sizeof *s->cpu);
	else
		s->array = arena_array(arena, SLAB_CACHES * slab_arrays(c), sizeof *s->array);
	if (!s->state || !s->cache || !s->node || (!s->cpu && !s->array) || !mempool_init(s) || !object_init(s) ||
	    !slab_shrinker_init(s))
		return status_fail(st, STATUS_NO_MEMORY, _("the state of the caches does not fit in the arena"));
	slab_shrinker_connect(s);
	return true;
}

void slab_rebase(struct slab_system *s, const struct slab_system *from, struct phys *phys)
{
	const struct arena *a = from->phys->arena, *b = phys->arena;

	*s = *from;
	s->phys = phys;
	s->printk = NULL;
	s->state = arena_same_place(a, from->state, b);
	s->cache = arena_same_place(a, from->cache, b);
	s->node = arena_same_place(a, from->node, b);
	s->cpu = arena_same_place(a, from->cpu, b);
	s->array = arena_same_place(a, from->array, b);
	s->pool = arena_same_place(a, from->pool, b);
	s->object_owner = arena_same_place(a, from->object_owner, b);
	s->pool_element = arena_same_place(a, from->pool_element, b);
	s->unused = arena_same_place(a, from->unused, b);
	s->unused_link = arena_same_place(a, from->unused_link, b);
	if (s->state)
		slab_shrinker_connect(s);
}

static u64 list_hash(const struct slab_system *s, const struct block_list *list, u64 h)
{
	return hash_word(h, phys_list_hash(s->phys, list, 0));
}

static u64 array_hash(const struct array_cache *a, u64 h)
{
	h = hash_word(hash_word(hash_word(h, a->limit), a->batchcount), a->touched);
	h = hash_word(hash_word(h, a->at), a->avail);
	for (u32 n = 0; n < a->avail; n++)
		h = hash_word(h, a->entry[n]);
	return h;
}

static u64 node_hash(const struct slab_system *s, const struct kmem_cache_node *n, u64 h)
{
	for (unsigned l = 0; l < SLAB_LISTS; l++)
		h = list_hash(s, &n->list[l], h);
	h = hash_word(hash_word(hash_word(h, n->at), n->next_reap), n->free_objects);
	h = hash_word(hash_word(hash_word(h, n->free_limit), n->colour_next), n->free_touched);
	h = hash_word(hash_word(h, n->untold_slabs), n->untold_objects);
	h = hash_word(h, n->alien_at);
	return hash_word(hash_word(hash_word(h, n->nr_slabs), n->total_objects), n->nr_partial);
}

static u64 cpu_hash(const struct slab_system *s, const struct kmem_cache_cpu *c, u64 h)
{
	h = hash_word(hash_word(h, c->slab), c->freelist);
	return list_hash(s, &c->partial, h);
}

static u64 cache_hash(const struct slab_system *s, const struct kmem_cache *cache)
{
	const struct phys_config *c = s->phys->config;
	u64 h = HASH_INIT;

	for (const char *at = cache->name; *at; at++)
		h = hash_word(h, (u8)*at);
	h = hash_word(hash_word(hash_word(h, cache->at), cache->flags), cache->object_size);
	h = hash_word(h, cache->name_at);
	h = hash_word(hash_word(hash_word(h, cache->size), cache->align), cache->ctor);
	h = hash_word(hash_word(hash_word(h, cache->refcount), cache->num), cache->order);
	h = hash_word(h, cache->owner);
	for (size_t n = 0; n < ARRAY_SIZE(cache->word); n++)
		h = hash_word(h, cache->word[n]);
	for (unsigned n = 0; n < c->nodes; n++)
		h = node_hash(s, slab_node(s, cache, n), h);
	for (unsigned n = 0; s->cpu && n < c->cpus; n++)
		h = cpu_hash(s, slab_cpu(s, cache, n), h);
	for (unsigned n = 0; s->array && n < slab_arrays(c); n++)
		h = array_hash(slab_cpu_array(s, cache, n), h);
	return h;
}

u64 slab_hash(const struct slab_system *s)
{
	const struct slab_state *state = s->state;
	u64 h = HASH_INIT;

	if (!state)
		return h;
	h = hash_word(h, state->ticks);
	h = hash_word(hash_word(hash_word(hash_word(h, state->tainted), state->warned), state->depot.made),
		      state->depot.slabs);
	h = hash_word(hash_word(hash_word(h, state->depot.used), state->depot.handle[0]), state->depot.handle[1]);
	for (unsigned z = 0; z < s->phys->config->zones; z++)
		h = hash_word(hash_word(hash_word(h, state->zone[z].slab[0]), state->zone[z].slab[1]),
			      (u32)state->zone[z].large);
	for (u32 slot = state->chain; slot; slot = s->cache[slot - 1].next)
		h = hash_word(h, cache_hash(s, &s->cache[slot - 1]));
	return hash_word(hash_word(h, mempool_hash(s)), slab_shrinker_hash(s));
}

void slab_printk(const struct slab_system *s, const char *format, ...)
{
	struct strbuf line = STRBUF_INIT;
	va_list args;

	if (!s->printk)
		return;
	va_start(args, format);
	strbuf_vprintf(&line, format, args);
	va_end(args);
	s->printk(s->printk_context, strbuf_str(&line));
	strbuf_free(&line);
}

void slab_bug(struct slab_system *s, const char *file, unsigned line)
{
	/* The first one stopped the kernel: what the model comes upon until it returns was never reached. */
	if (down_is(s->phys))
		return;
	slab_printk(s, "------------[ cut here ]------------");
	if (line)
		slab_printk(s, "kernel BUG at %s:%u!", file, line);
	else
		slab_printk(s, "kernel BUG at %s!", file);
	down_bug(s->phys, file, line);
}

void slab_oops(struct slab_system *s, u64 address)
{
	if (down_is(s->phys))
		return;
	oops_print_address(s, address);
	down_oops(s->phys, s->config->word == 4 ? address & UINT32_MAX : address);
}
