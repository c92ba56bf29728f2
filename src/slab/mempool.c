/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/mempool.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/gfp.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"

#include <string.h>

size_t mempool_arena_size(void)
{
	return MEMPOOL_POOLS * (sizeof(struct mempool) + MEMPOOL_MOST * sizeof(u64)) + ARENA_CHUNK;
}

bool mempool_init(struct slab_system *s)
{
	s->pool = arena_array(s->phys->arena, MEMPOOL_POOLS, sizeof *s->pool);
	s->pool_element = arena_array(s->phys->arena, (size_t)MEMPOOL_POOLS * MEMPOOL_MOST, sizeof *s->pool_element);
	return s->pool && s->pool_element;
}

bool mempool_by_address(const struct slab_system *s, u64 address, u32 *pool)
{
	for (u32 n = 0; s->pool && address && n < MEMPOOL_POOLS; n++) {
		if (s->pool[n].used && s->pool[n].at == address) {
			*pool = n;
			return true;
		}
	}
	return false;
}

/* ------------------------------------------------------------- elements */

static u64 *place(const struct slab_system *s, u32 pool, u32 n)
{
	return &s->pool_element[(size_t)pool * MEMPOOL_MOST + n];
}

u64 mempool_element(const struct slab_system *s, u32 pool, u32 n)
{
	return *place(s, pool, n);
}

static void put(struct slab_system *s, u32 pool, u64 element)
{
	struct mempool *p = &s->pool[pool];
	u64 *at = place(s, pool, p->curr_nr);

	arena_touch(s->phys->arena, p);
	arena_touch(s->phys->arena, at);
	*at = element;
	p->curr_nr++;
}

static u64 take(struct slab_system *s, u32 pool)
{
	struct mempool *p = &s->pool[pool];

	arena_touch(s->phys->arena, p);
	return *place(s, pool, --p->curr_nr);
}

/* A cache that was destroyed under its pool: the kernel follows a pointer into what was freed. */
static void lost_cache(struct slab_system *s, const struct mempool *p)
{
	EMIT(s->phys->observer, MEMPOOL_NO_CACHE, p->at);
	slab_oops(s, 0);
}

/* One element from the allocator beneath. */
static u64 get(struct slab_system *s, const struct mempool *p, gfp_t gfp)
{
	u64 address = 0;
	pfn_t pfn;

	switch ((enum mempool_kind)p->kind) {
	case MEMPOOL_PAGE:
		pfn = page_alloc(s->phys, gfp, (unsigned)p->arg);
		return pfn == PFN_NONE ? MEMPOOL_NOTHING : pfn;
	case MEMPOOL_SLAB:
		if (s->cache[p->arg].used)
			address = kmem_cache_alloc(s, &s->cache[p->arg], gfp);
		else
			lost_cache(s, p);
		break;
	case MEMPOOL_KMALLOC:
		address = kmalloc_alloc(s, p->arg, gfp);
		break;
	case MEMPOOL_KINDS:
		break;
	}
	return address ? address : MEMPOOL_NOTHING;
}

static void give(struct slab_system *s, const struct mempool *p, u64 element)
{
	struct status st = STATUS_INIT;

	switch ((enum mempool_kind)p->kind) {
	case MEMPOOL_PAGE:
		/* Somebody else gave it back already: where this would be found out, the kernel is down. */
		if (!page_free(s->phys, (pfn_t)element, (unsigned)p->arg, &st)) {
			EMIT(s->phys->observer, MEMPOOL_NOT_USED, p->at, element);
			slab_bug(s, "mm/page_alloc.c", 0);
		}
		break;
	case MEMPOOL_SLAB:
		if (s->cache[p->arg].used)
			kmem_cache_free(s, &s->cache[p->arg], element);
		else
			lost_cache(s, p);
		break;
	case MEMPOOL_KMALLOC:
		kmalloc_free(s, element);
		break;
	case MEMPOOL_KINDS:
		break;
	}
}

/* Fills the reserve. false: the allocator has no more. */
static bool fill(struct slab_system *s, u32 pool, gfp_t gfp)
{
	const struct mempool *p = &s->pool[pool];

	while (p->curr_nr < p->min_nr) {
		u64 element = get(s, p, gfp);

		if (element == MEMPOOL_NOTHING)
			return false;
		put(s, pool, element);
	}
	return true;
}

/* ------------------------------------------------------------- create, resize, destroy */

/* sizeof(mempool_t): two numbers, four pointers, a queue of waiters; locks take memory with several CPUs only. */
static u32 descriptor_bytes(const struct slab_system *s)
{
	bool smp = s->config->cpu_ids > 1;

	if (s->config->word == 4)
		return smp ? 40 : 32;
	return smp ? 72 : 56;
}

/* Memory of the kernel's own. true with address 0: this machine lacks the cache that it comes from. */
static bool own_memory(struct slab_system *s, u64 bytes, gfp_t gfp, u64 *address)
{
	*address = 0;
	if (bytes <= kmalloc_max_cache_size(s) && !kmalloc_cache(s, bytes, gfp))
		return true;
	*address = kmalloc_alloc(s, bytes, gfp);
	return *address != 0;
}

static u32 free_slot(const struct slab_system *s)
{
	u32 n = 0;

	while (n < MEMPOOL_POOLS && s->pool[n].used)
		n++;
	return n < MEMPOOL_POOLS ? n : MEMPOOL_NONE;
}

/* Gives all of it back, the elements first, from the top. */
static void release(struct slab_system *s, u32 pool)
{
	struct mempool *p = &s->pool[pool];
	u64 at, elements_at;

	while (p->curr_nr && !slab_is_down(s))
		give(s, p, take(s, pool));
	if (slab_is_down(s))
		return;
	arena_touch(s->phys->arena, p);
	at = p->at;
	elements_at = p->elements_at;
	memset(p, 0, sizeof *p);
	kmalloc_free(s, elements_at);
	kmalloc_free(s, at);
}

u32 mempool_create(struct slab_system *s, enum mempool_kind kind, u64 arg, u32 min_nr)
{
	gfp_t gfp = kmem_cache_gfp_kernel(s);
	u32 pool = free_slot(s);
	struct mempool *p = &s->pool[pool];

	if (pool == MEMPOOL_NONE)
		return MEMPOOL_NONE;
	arena_touch(s->phys->arena, p);
	*p = (struct mempool){ .used = 1, .kind = kind, .arg = arg, .owner = s->phys->state->owner };
	if (own_memory(s, descriptor_bytes(s), gfp, &p->at) &&
	    own_memory(s, (u64)min_nr * s->config->word, gfp, &p->elements_at)) {
		p->min_nr = min_nr;
		if (fill(s, pool, gfp)) {
			EMIT(s->phys->observer, MEMPOOL_MADE, p->at, p->curr_nr);
			return pool;
		}
	}
	if (!slab_is_down(s))
		EMIT(s->phys->observer, MEMPOOL_NOT_MADE, p->curr_nr, min_nr);
	release(s, pool);
	return MEMPOOL_NONE;
}

void mempool_destroy(struct slab_system *s, u32 pool)
{
	const struct mempool *p = &s->pool[pool];

	if (s->phys->config->gfp == GFP_2_6 && p->curr_nr != p->min_nr) {
		EMIT(s->phys->observer, MEMPOOL_SHORT, p->at, p->curr_nr, p->min_nr);
		slab_bug(s, "mm/mempool.c", 0);
		return;
	}
	EMIT(s->phys->observer, MEMPOOL_GONE, p->at, p->curr_nr);
	release(s, pool);
}

/* A larger array: what is in reserve is copied, the old array freed. */
static bool enlarge(struct slab_system *s, struct mempool *p, u32 min_nr, gfp_t gfp)
{
	u64 old = p->elements_at, fresh;

	if (!own_memory(s, (u64)min_nr * s->config->word, gfp, &fresh))
		return false;
	arena_touch(s->phys->arena, p);
	p->elements_at = fresh;
	p->min_nr = min_nr;
	kmalloc_free(s, old);
	return true;
}

bool mempool_resize(struct slab_system *s, u32 pool, u32 min_nr, gfp_t gfp)
{
	struct mempool *p = &s->pool[pool];

	if (!min_nr) {
		EMIT(s->phys->observer, MEMPOOL_NO_RESERVE, p->at);
		slab_bug(s, "mm/mempool.c", 0);
		return false;
	}
	EMIT(s->phys->observer, MEMPOOL_RESIZED, p->at, p->min_nr, min_nr);
	if (min_nr > p->min_nr) {
		if (!enlarge(s, p, min_nr, gfp))
			return false;
		/* Those that cannot be had come when elements are freed. */
		fill(s, pool, gfp);
		return true;
	}
	while (p->curr_nr > min_nr && !slab_is_down(s))
		give(s, p, take(s, pool));
	arena_touch(s->phys->arena, p);
	p->min_nr = min_nr;
	return true;
}

/* ------------------------------------------------------------- alloc and free */

/* The allocator, then the reserve. */
static u64 try_once(struct slab_system *s, u32 pool, gfp_t gfp, enum mempool_place *from)
{
	const struct mempool *p = &s->pool[pool];
	u64 element = get(s, p, gfp);

	*from = MEMPOOL_NOWHERE;
	if (slab_is_down(s))
		return MEMPOOL_NOTHING;
	if (element != MEMPOOL_NOTHING) {
		*from = MEMPOOL_ALLOCATOR;
	} else if (p->curr_nr) {
		element = take(s, pool);
		*from = MEMPOOL_RESERVE;
		EMIT(s->phys->observer, MEMPOOL_FROM_RESERVE, p->at, p->curr_nr);
	}
	return element;
}

u64 mempool_alloc(struct slab_system *s, u32 pool, gfp_t gfp, enum mempool_place *from, bool *waits)
{
	const struct gfp_bits *g = s->phys->gfp;
	struct mempool *p = &s->pool[pool];
	u64 element;
	gfp_t first;

	gfp |= g->nomemalloc | g->noretry | g->nowarn;
	first = gfp & ~(g->wait | g->io);
	*waits = false;
	EMIT(s->phys->observer, MEMPOOL_ASKS, p->at, first);
	element = try_once(s, pool, first, from);
	if (element != MEMPOOL_NOTHING || slab_is_down(s))
		return element;
	/* 6.1 tries once more if that was not all the caller allows; 2.6 only if he may wait. */
	if (s->phys->config->gfp == GFP_2_6 ? (gfp & g->wait) != 0 : gfp != first) {
		EMIT(s->phys->observer, MEMPOOL_ASKS_AGAIN, p->at, gfp);
		element = try_once(s, pool, gfp, from);
	}
	if (element != MEMPOOL_NOTHING || slab_is_down(s))
		return element;
	*waits = gfp & g->wait;
	if (*waits) {
		arena_touch(s->phys->arena, p);
		p->waits++;
		EMIT(s->phys->observer, MEMPOOL_WAITS, p->at, p->min_nr, s->phys->state->owner);
	} else {
		EMIT(s->phys->observer, MEMPOOL_EMPTY, p->at);
	}
	return MEMPOOL_NOTHING;
}

bool mempool_wait(struct slab_system *s, u32 pool, gfp_t gfp)
{
	struct mempool *p = &s->pool[pool];

	if (p->waiting == MEMPOOL_WAITERS)
		return false;
	arena_touch(s->phys->arena, p);
	p->waiter[p->waiting++] = (struct mempool_waiter){ s->phys->state->owner, gfp };
	return true;
}

u32 mempool_waiter(const struct slab_system *s)
{
	for (u32 n = 0; s->pool && n < MEMPOOL_POOLS; n++)
		if (s->pool[n].used && s->pool[n].waiting)
			return s->pool[n].waiter[0].command;
	return 0;
}

bool mempool_wake(struct slab_system *s, u32 pool, u32 *command, u64 *element)
{
	const struct gfp_bits *g = s->phys->gfp;
	struct mempool *p = &s->pool[pool];
	struct mempool_waiter first = p->waiter[0];
	u32 present = s->phys->state->owner;
	enum mempool_place from;

	if (!p->waiting)
		return false;
	EMIT(s->phys->observer, MEMPOOL_WAKES, p->at, first.command);
	/* What it gets is its own. */
	s->phys->state->owner = first.command;
	*element = try_once(s, pool, first.gfp | g->nomemalloc | g->noretry | g->nowarn, &from);
	s->phys->state->owner = present;
	if (*element == MEMPOOL_NOTHING || slab_is_down(s)) {
		EMIT(s->phys->observer, MEMPOOL_SLEEPS_ON, p->at, first.command);
		return false;
	}
	*command = first.command;
	arena_touch(s->phys->arena, p);
	p->waiting--;
	memmove(&p->waiter[0], &p->waiter[1], (MEMPOOL_WAITERS - 1) * sizeof p->waiter[0]);
	p->waiter[MEMPOOL_WAITERS - 1] = (struct mempool_waiter){ 0, 0 };
	EMIT(s->phys->observer, MEMPOOL_GOES_ON, p->at, first.command, *element);
	return true;
}

enum mempool_place mempool_free(struct slab_system *s, u32 pool, u64 element)
{
	const struct mempool *p = &s->pool[pool];

	if (p->curr_nr < p->min_nr) {
		put(s, pool, element);
		EMIT(s->phys->observer, MEMPOOL_TO_RESERVE, p->at, p->curr_nr, p->min_nr);
		return MEMPOOL_RESERVE;
	}
	EMIT(s->phys->observer, MEMPOOL_TO_ALLOCATOR, p->at, p->min_nr);
	give(s, p, element);
	return MEMPOOL_ALLOCATOR;
}

/* ------------------------------------------------------------- hash and invariants */

u64 mempool_hash(const struct slab_system *s)
{
	u64 h = HASH_INIT;

	for (u32 n = 0; s->pool && n < MEMPOOL_POOLS; n++) {
		const struct mempool *p = &s->pool[n];

		if (!p->used)
			continue;
		h = hash_word(hash_word(hash_word(hash_word(h, n), p->kind), p->arg), p->at);
		h = hash_word(hash_word(hash_word(h, p->elements_at), p->min_nr), p->curr_nr);
		h = hash_word(hash_word(hash_word(h, p->owner), p->waits), p->waiting);
		for (u32 i = 0; i < p->waiting && i < MEMPOOL_WAITERS; i++)
			h = hash_word(hash_word(h, p->waiter[i].command), p->waiter[i].gfp);
		for (u32 i = 0; i < p->curr_nr; i++)
			h = hash_word(h, mempool_element(s, n, i));
	}
	return h;
}

bool mempool_check(const struct slab_system *s, struct status *st)
{
	for (u32 n = 0; s->pool && n < MEMPOOL_POOLS; n++) {
		const struct mempool *p = &s->pool[n];

		if (!p->used)
			continue;
		if (p->kind >= MEMPOOL_KINDS || p->min_nr > MEMPOOL_MOST || p->curr_nr > p->min_nr)
			return status_fail(st, STATUS_INVALID, _("mempool %u of kind %u has %u elements, and keeps %u"),
					   (unsigned)n, (unsigned)p->kind, (unsigned)p->curr_nr, (unsigned)p->min_nr);
		if (p->waiting > MEMPOOL_WAITERS || (p->waiting < MEMPOOL_WAITERS && p->waiter[p->waiting].command))
			return status_fail(st, STATUS_INVALID,
					   _("mempool %u: %u tasks wait, and more are named, or fewer"), (unsigned)n,
					   (unsigned)p->waiting);
		if (p->kind == MEMPOOL_SLAB && p->arg >= SLAB_CACHES)
			return status_fail(st, STATUS_INVALID, _("mempool %u is of a cache that cannot be"),
					   (unsigned)n);
	}
	return true;
}
