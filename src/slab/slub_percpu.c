/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_percpu.h"

void slub_percpu_init(struct slab_system *s, const struct kmem_cache *cache)
{
	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		struct kmem_cache_cpu *c = slab_cpu(s, cache, cpu);

		arena_touch(s->phys->arena, c);
		*c = (struct kmem_cache_cpu){ .slab = PFN_NONE };
		blocklist_init(&c->partial);
	}
}

static void set_place(struct slab_system *s, pfn_t pfn, enum slab_list list, bool frozen)
{
	struct page_slab *slab = slub_slab_write(s, pfn);

	slab->list = (u8)list;
	slab->frozen = frozen;
}

void slub_percpu_set(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 freelist)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);

	c->slab = pfn;
	c->freelist = freelist;
	set_place(s, pfn, SLAB_LIST_CPU, true);
}

u64 slub_percpu_own(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	struct page_slab *slab = slub_slab_write(s, pfn);
	u64 freelist = slab->freelist;
	u32 free = (u32)(slab->objects - slab->inuse);

	slab->inuse = slab->objects;
	slab->freelist = 0;
	slub_percpu_set(s, cache, pfn, freelist);
	EMIT(s->phys->observer, SLUB_OWN, slab_slot(s, cache), s->phys->state->cpu, pfn, free);
	return freelist;
}

void slub_percpu_drop(struct slab_system *s, const struct kmem_cache *cache)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);

	set_place(s, c->slab, SLAB_LIST_NONE, false);
	EMIT(s->phys->observer, SLUB_USED_UP, slab_slot(s, cache), s->phys->state->cpu, c->slab);
	c->slab = PFN_NONE;
}

/* ------------------------------------------------------------- partial slabs */

pfn_t slub_percpu_take(struct slab_system *s, const struct kmem_cache *cache)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);
	pfn_t pfn = c->partial.head;

	if (pfn == PFN_NONE)
		return PFN_NONE;
	blocklist_remove(s->phys, &c->partial, 0, pfn);
	EMIT(s->phys->observer, SLUB_CPU_PARTIAL, slab_slot(s, cache), s->phys->state->cpu, pfn, c->partial.count);
	return pfn;
}

/* Empty slabs that the node does not want go back last, the last of them first. */
static void discard_chain(struct slab_system *s, const struct kmem_cache *cache, struct block_list *chain)
{
	while (chain->head != PFN_NONE) {
		pfn_t pfn = chain->head;

		blocklist_remove(s->phys, chain, 0, pfn);
		slub_slab_surplus(s, cache, pfn);
	}
}

/* All partial slabs of this CPU go to the tails of their nodes' lists. */
static void unfreeze(struct slab_system *s, const struct kmem_cache *cache)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);
	struct block_list discard;

	blocklist_init(&discard);
	while (c->partial.head != PFN_NONE) {
		pfn_t pfn = c->partial.head;

		blocklist_remove(s->phys, &c->partial, 0, pfn);
		set_place(s, pfn, SLAB_LIST_NONE, false);
		if (!slub_slab_of(s, pfn)->inuse && slub_slab_enough(s, cache, pfn))
			blocklist_add(s->phys, &discard, 0, pfn, TAG_OWNED | SLAB_LIST_CPU, AT_HEAD);
		else
			slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, AT_TAIL);
	}
	discard_chain(s, cache, &discard);
}

void slub_percpu_keep(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, bool may_drain)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);

	if (may_drain && c->partial.count >= cache->slub.cpu_partial_slabs && c->partial.count) {
		EMIT(s->phys->observer, SLUB_CPU_FULL, slab_slot(s, cache), s->phys->state->cpu, c->partial.count,
		     cache->slub.cpu_partial_slabs);
		unfreeze(s, cache);
	}
	blocklist_add(s->phys, &c->partial, 0, pfn, TAG_OWNED | SLAB_LIST_CPU, AT_HEAD);
	set_place(s, pfn, SLAB_LIST_CPU, true);
	EMIT(s->phys->observer, SLUB_CPU_KEEP, slab_slot(s, cache), s->phys->state->cpu, pfn, c->partial.count);
}

/* ------------------------------------------------------------- flushing */

/* The last object of a list, and how many there are; what is no object of the slab ends the list. */
static u64 list_end(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, u32 *count)
{
	u64 last = 0;

	*count = 0;
	for (; object && *count < slub_slab_of(s, pfn)->objects; (*count)++) {
		last = object;
		object = slub_object_next(s, cache, object);
	}
	return last;
}

/* This CPU's slab goes to its node's list: what the CPU had at hand comes first on the slab's list. */
static void deactivate(struct slab_system *s, const struct kmem_cache *cache)
{
	struct kmem_cache_cpu *c = slub_percpu_this(s, cache);
	struct page_slab *slab = slub_slab_write(s, c->slab);
	/* Others gave objects back to it: it is not this CPU's any more, and waits longer. */
	enum list_end end = slab->freelist ? AT_TAIL : AT_HEAD;
	pfn_t pfn = c->slab;
	u32 count;
	u64 last = list_end(s, cache, pfn, c->freelist, &count);

	if (last) {
		slub_object_link(s, cache, last, slab->freelist);
		slab->freelist = c->freelist;
		slab->inuse = (u16)(slab->inuse - count);
	}
	c->slab = PFN_NONE;
	c->freelist = 0;
	set_place(s, pfn, SLAB_LIST_NONE, false);
	EMIT(s->phys->observer, SLUB_DEACTIVATE, slab_slot(s, cache), s->phys->state->cpu, pfn, count);
	if (!slab->inuse && slub_slab_enough(s, cache, pfn))
		slub_slab_surplus(s, cache, pfn);
	else if (slab->freelist)
		slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, end);
}

/* CPU `cpu` gives up its own slab. */
static void give_up(struct slab_system *s, const struct kmem_cache *cache, u32 cpu)
{
	s->phys->state->cpu = cpu;
	if (slab_cpu(s, cache, cpu)->slab != PFN_NONE)
		deactivate(s, cache);
}

void slub_percpu_flush(struct slab_system *s, const struct kmem_cache *cache)
{
	u32 here = s->phys->state->cpu;

	/*
	 * The kernel lets all CPUs do it at the same time, and who comes first
	 * is chance.  As recorded: this CPU has begun when the others do it all.
	 */
	give_up(s, cache, here);
	for (u32 cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		if (cpu == here)
			continue;
		give_up(s, cache, cpu);
		unfreeze(s, cache);
	}
	s->phys->state->cpu = here;
	unfreeze(s, cache);
}
