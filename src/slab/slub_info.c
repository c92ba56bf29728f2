/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_info.h"

#include "base/hash.h"
#include "slab/slub_slab.h"

#include <string.h>

#define END UINT64_MAX /* in hashes: behind each list */

/* ------------------------------------------------------------- objects */

static void set_bit(void *context, u32 index, u64 address)
{
	struct slub_bitmap *map = context;

	(void)address;
	map->word[index / 64] |= UINT64_C(1) << index % 64;
}

void slub_info_free(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, struct slub_bitmap *map)
{
	memset(map, 0, sizeof *map);
	slub_object_walk(s, cache, pfn, slub_slab_of(s, pfn)->freelist, set_bit, map);
}

void slub_info_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, void *context,
		       void (*see)(void *context, u32 index, u64 address, unsigned state))
{
	struct slub_bitmap free, at_hand;

	slub_info_free(s, cache, pfn, &free);
	memset(&at_hand, 0, sizeof at_hand);
	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++)
		if (slab_cpu(s, cache, cpu)->slab == pfn)
			slub_object_walk(s, cache, pfn, slab_cpu(s, cache, cpu)->freelist, set_bit, &at_hand);
	for (u32 n = 0; n < slub_slab_of(s, pfn)->objects; n++)
		see(context, n, slub_object_at(s, cache, pfn, n),
		    slub_bitmap_has(&at_hand, n) ? OBJECT_CPU
		    : slub_bitmap_has(&free, n)  ? OBJECT_FREE
						 : OBJECT_USED);
}

/* ------------------------------------------------------------- counts */

/* Free objects of all slabs of a list. */
static u64 free_on(const struct slab_system *s, const struct block_list *list)
{
	u64 free = 0;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
		free += slub_slab_of(s, pfn)->objects - slub_slab_of(s, pfn)->inuse;
	return free;
}

u64 slub_info_partial_free(const struct slab_system *s, const struct kmem_cache *cache, unsigned node)
{
	return free_on(s, &slab_node(s, cache, node)->list[SLAB_LIST_PARTIAL]);
}

static void count_one(void *context, u32 index, u64 address)
{
	(void)index;
	(void)address;
	++*(u64 *)context;
}

static void count_cpu(const struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_cpu *c,
		      struct slub_counts *n)
{
	n->cpu_partial += c->partial.count;
	n->cpu_partial_free += free_on(s, &c->partial);
	if (c->slab == PFN_NONE)
		return;
	n->cpu_slabs++;
	n->cpu_slab_inuse += slub_slab_of(s, c->slab)->inuse;
	n->cpu_slab_free += slub_slab_of(s, c->slab)->objects - slub_slab_of(s, c->slab)->inuse;
	slub_object_walk(s, cache, c->slab, c->freelist, count_one, &n->cpu_free);
}

struct slub_counts slub_info_counts(const struct slab_system *s, const struct kmem_cache *cache)
{
	struct slub_counts n = { 0 };

	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		n.slabs += slab_node(s, cache, node)->nr_slabs;
		n.objects += slab_node(s, cache, node)->total_objects;
		n.partial += slab_node(s, cache, node)->nr_partial;
		n.partial_free += slub_info_partial_free(s, cache, node);
	}
	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++)
		count_cpu(s, cache, slab_cpu(s, cache, cpu), &n);
	return n;
}

void slub_info_row(const struct slab_system *s, const struct kmem_cache *cache, struct slab_info *info)
{
	struct slub_counts n = slub_info_counts(s, cache);

	/* The kernel counts what CPUs hold as in use, and all slabs as active. */
	*info = (struct slab_info){
		.active_objs = n.objects - n.partial_free,
		.num_objs = n.objects,
		.active_slabs = n.slabs,
		.num_slabs = n.slabs,
		.inuse = n.objects - n.partial_free - n.cpu_slab_free - n.cpu_partial_free - n.cpu_free,
	};
}

/* ------------------------------------------------------------- the hash of recordings */

static void hash_one(void *context, u32 index, u64 address)
{
	u64 *h = context;

	(void)index;
	*h = hash_word(*h, address);
}

static u64 hash_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 freelist, u64 h)
{
	slub_object_walk(s, cache, pfn, freelist, hash_one, &h);
	return h;
}

static u64 hash_cpu(const struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_cpu *c, u64 h)
{
	if (c->slab != PFN_NONE) {
		h = hash_objects(s, cache, c->slab, c->freelist, hash_word(h, c->slab));
		h = hash_objects(s, cache, c->slab, slub_slab_of(s, c->slab)->freelist, hash_word(h, END));
	}
	h = hash_word(h, END);
	if (s->config->cpu_ids == 1)
		return h;
	for (pfn_t pfn = c->partial.head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
		h = hash_objects(s, cache, pfn, slub_slab_of(s, pfn)->freelist, hash_word(h, pfn));
	return hash_word(h, END);
}

u64 slub_info_hash(const struct slab_system *s, const struct kmem_cache *cache)
{
	u64 h = HASH_INIT;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++)
		h = hash_cpu(s, cache, slab_cpu(s, cache, cpu), h);
	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		const struct block_list *list = &slab_node(s, cache, node)->list[SLAB_LIST_PARTIAL];

		for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn)) {
			const struct page_slab *slab = slub_slab_of(s, pfn);

			h = hash_objects(s, cache, pfn, slab->freelist, hash_word(hash_word(h, pfn), slab->inuse));
		}
		h = hash_word(h, END);
	}
	return h;
}
