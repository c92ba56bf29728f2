/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/kmem_cache.h"

#include "base/text.h"
#include "phys/blocklist.h"
#include "slab/kmalloc.h"
#include "slab/object.h"
#include "slab/slab_pages.h"
#include "slab/slab_shrinker.h"

#include <inttypes.h>
#include <string.h>

/* The cache of a number that counts from 1; NULL for SLAB_NONE. */
static struct kmem_cache *at_slot(const struct slab_system *s, u32 number)
{
	return number == SLAB_NONE ? NULL : &s->cache[number - 1];
}

static u32 number_of(const struct slab_system *s, const struct kmem_cache *cache)
{
	return slab_slot(s, cache) + 1;
}

gfp_t kmem_cache_gfp_kernel(const struct slab_system *s)
{
	const struct gfp_bits *g = s->phys->gfp;

	return g->wait | g->kswapd | g->io | g->fs;
}

/* ------------------------------------------------------------- slots and the chain */

struct kmem_cache *kmem_cache_slot(struct slab_system *s, const char *name)
{
	struct kmem_cache *cache = NULL;

	for (u32 n = 0; n < s->state->slots_used && !cache; n++)
		cache = s->cache[n].used ? NULL : &s->cache[n];
	if (!cache) {
		if (s->state->slots_used == SLAB_CACHES)
			return NULL;
		cache = &s->cache[s->state->slots_used++];
	}
	arena_touch(s->phys->arena, cache);
	memset(cache, 0, sizeof *cache);
	strncpy(cache->name, name, sizeof cache->name - 1);
	cache->used = 1;
	cache->refcount = 1;
	cache->owner = s->phys->state->owner;
	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		struct kmem_cache_node *node = slab_node(s, cache, n);

		arena_touch(s->phys->arena, node);
		memset(node, 0, sizeof *node);
		for (unsigned l = 0; l < SLAB_LISTS; l++)
			blocklist_init(&node->list[l]);
	}
	return cache;
}

/* Takes a cache out of the chain, or puts it at its head. */
static void chain_remove(struct slab_system *s, struct kmem_cache *cache)
{
	struct kmem_cache *next = at_slot(s, cache->next), *prev = at_slot(s, cache->prev);

	arena_touch(s->phys->arena, cache);
	if (next) {
		arena_touch(s->phys->arena, next);
		next->prev = cache->prev;
	}
	if (prev) {
		arena_touch(s->phys->arena, prev);
		prev->next = cache->next;
	} else {
		s->state->chain = cache->next;
	}
	cache->next = cache->prev = SLAB_NONE;
}

static void chain_add(struct slab_system *s, struct kmem_cache *cache)
{
	struct kmem_cache *next = at_slot(s, s->state->chain);

	arena_touch(s->phys->arena, cache);
	cache->next = s->state->chain;
	cache->prev = SLAB_NONE;
	if (next) {
		arena_touch(s->phys->arena, next);
		next->prev = number_of(s, cache);
	}
	s->state->chain = number_of(s, cache);
}

void kmem_cache_link(struct slab_system *s, struct kmem_cache *cache)
{
	chain_add(s, cache);
	s->state->caches++;
}

/* A slot that is in no chain becomes empty. */
static void free_slot(struct slab_system *s, struct kmem_cache *cache)
{
	arena_touch(s->phys->arena, cache);
	memset(cache, 0, sizeof *cache);
}

void kmem_cache_unlink(struct slab_system *s, struct kmem_cache *cache)
{
	chain_remove(s, cache);
	s->state->caches--;
	free_slot(s, cache);
}

struct kmem_cache *kmem_cache_first(const struct slab_system *s)
{
	return s->state ? at_slot(s, s->state->chain) : NULL;
}

struct kmem_cache *kmem_cache_next(const struct slab_system *s, const struct kmem_cache *cache)
{
	return at_slot(s, cache->next);
}

struct kmem_cache *kmem_cache_by_name(const struct slab_system *s, const char *name)
{
	struct kmem_cache *cache = kmem_cache_first(s);

	while (cache && strcmp(cache->name, name) != 0)
		cache = kmem_cache_next(s, cache);
	return cache;
}

struct kmem_cache *kmem_cache_by_address(const struct slab_system *s, u64 address)
{
	struct kmem_cache *cache = kmem_cache_first(s);

	while (cache && (!address || cache->at != address))
		cache = kmem_cache_next(s, cache);
	return cache;
}

/* The descriptor of the slab that this address is in; NULL: it is in none. */
static inline const struct page *slab_at(const struct slab_system *s, u64 address)
{
	const struct phys_config *c = s->phys->config;
	u64 pfn = (address - c->page_offset) >> c->page_shift;
	const struct page *page;

	if (!c->page_offset || address < c->page_offset || pfn >= c->direct_map_end || pfn >= c->max_pfn)
		return NULL;
	page = page_find(s->phys, (pfn_t)pfn);
	if (!page || page->kind != PAGE_SLAB)
		return NULL;
	return page->head == page->pfn ? page : page_find(s->phys, page->head);
}

struct kmem_cache *kmem_cache_of(const struct slab_system *s, u64 address)
{
	const struct page *page = s->state ? slab_at(s, address) : NULL;

	return page ? &s->cache[page->slab.cache] : NULL;
}

/* ------------------------------------------------------------- merging */

bool kmem_cache_is_alone(const struct slab_system *s, const struct kmem_cache *cache)
{
	return cache->ctor != CTOR_NONE || cache->usersize || (int32_t)cache->refcount < 0 ||
	       (cache->flags & s->config->rules->never_merge);
}

u32 kmem_cache_alignment(const struct slab_system *s, u32 flags, u32 align, u32 size)
{
	const struct slab_config *c = s->config;
	u32 line = s->state->up ? c->cache_line : c->cache_line_at_boot;

	if (flags & c->rules->flag->hwcache_align) {
		while (line > 1 && size <= line / 2)
			line /= 2;
		align = line > align ? line : align;
	}
	/* At least as a number of 64 bits is aligned, also where a pointer has 32. */
	align = align < 8 ? 8 : align;
	return (align + c->word - 1) & ~(c->word - 1);
}

/* An older cache that serves such objects as well; the oldest one. NULL: none. */
static struct kmem_cache *find_like(const struct slab_system *s, const char *name, u64 bytes, u64 align_wanted,
				    u32 flags, enum slab_ctor ctor)
{
	const struct slab_rules *r = s->config->rules;
	u32 word = s->config->word, align, size;
	struct kmem_cache *found = NULL;

	if (!r->merge_same || s->config->no_merge || ctor != CTOR_NONE)
		return NULL;
	size = ((u32)bytes + word - 1) & ~(word - 1);
	align = kmem_cache_alignment(s, flags, (u32)align_wanted, size);
	size = (size + align - 1) & ~(align - 1);
	if (r->add_flags)
		flags = r->add_flags(s, name, bytes, flags);
	if (flags & r->never_merge)
		return NULL;
	for (struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c)) {
		if (kmem_cache_is_alone(s, c) || size > c->size ||
		    (flags & r->merge_same) != (c->flags & r->merge_same))
			continue;
		if ((c->size & ~(align - 1)) != c->size || c->size - size >= word)
			continue;
		if (r->merge_aligned && (align > c->align || c->align % align))
			continue;
		found = c;
	}
	return found;
}

/* The new name shares a cache. */
static struct kmem_cache *share(struct slab_system *s, struct kmem_cache *cache, u64 size)
{
	arena_touch(s->phys->arena, cache);
	cache->refcount++;
	if (size > cache->object_size)
		cache->object_size = (u32)size;
	if (s->config->rules->shared)
		s->config->rules->shared(s, cache, size);
	EMIT(s->phys->observer, CACHE_SHARED, slab_slot(s, cache), size, cache->size, cache->refcount);
	return cache;
}

/* ------------------------------------------------------------- create and destroy */

u32 kmem_cache_reciprocal(u32 size)
{
	return (u32)(((UINT64_C(1) << 32) + size - 1) / size);
}

/* Memory for what the kernel keeps of a cache. A machine without the cache that it comes from has none: 0. */
static bool own_memory(struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_rules *r = s->config->rules;
	struct kmem_cache *descriptors = at_slot(s, s->state->cache_of_caches);
	size_t name = strlen(cache->name) + 1;

	if (r->names_copied && kmalloc_cache(s, name, kmem_cache_gfp_kernel(s))) {
		cache->name_at = kmalloc_alloc(s, name, kmem_cache_gfp_kernel(s));
		if (!cache->name_at)
			return false;
	}
	if (descriptors) {
		cache->at = kmem_cache_zalloc(s, descriptors, kmem_cache_gfp_kernel(s));
		if (!cache->at)
			return false;
	}
	return true;
}

static void give_back_own(struct slab_system *s, u64 name_at, u64 at)
{
	if (name_at)
		kmalloc_free(s, name_at);
	/* One that was loaded may have an address, but no cache that its memory came from; one of boot lies in the
	 * image. */
	if (at && s->state->cache_of_caches != SLAB_NONE && slab_of(s, at) != PFN_NONE)
		kmem_cache_free(s, at_slot(s, s->state->cache_of_caches), at);
}

static struct kmem_cache *make(struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_rules *r = s->config->rules;

	if (own_memory(s, cache) && r->geometry(s, cache)) {
		cache->reciprocal = kmem_cache_reciprocal(cache->size);
		if (r->set_up(s, cache)) {
			kmem_cache_link(s, cache);
			EMIT(s->phys->observer, CACHE_MADE, slab_slot(s, cache), cache->size, cache->num, cache->order);
			return cache;
		}
	}
	give_back_own(s, cache->name_at, cache->at);
	free_slot(s, cache);
	return NULL;
}

struct kmem_cache *kmem_cache_create(struct slab_system *s, const char *name, u64 size, u64 align, u32 flags,
				     enum slab_ctor ctor)
{
	const struct slab_rules *r = s->config->rules;
	struct kmem_cache *cache;

	if (r->refuses(s, name, size, align, flags))
		return NULL;
	flags &= s->config->debug ? r->flags_kept : r->flags_kept & ~r->flags_debug;
	cache = find_like(s, name, size, align, flags, ctor);
	if (cache)
		return share(s, cache, size);
	cache = kmem_cache_slot(s, name);
	if (!cache)
		return NULL;
	cache->object_size = (u32)size;
	cache->align = (u32)align;
	cache->flags = flags;
	cache->ctor = ctor;
	return make(s, cache);
}

struct kmem_cache *kmem_cache_create_early(struct slab_system *s, const char *name, u32 size, u32 align, u32 flags)
{
	const struct slab_rules *r = s->config->rules;
	struct kmem_cache *cache = kmem_cache_slot(s, name);

	if (!cache)
		return NULL;
	cache->object_size = size;
	cache->align = align;
	cache->flags = flags;
	if (!r->geometry(s, cache) || !r->set_up(s, cache)) {
		free_slot(s, cache);
		return NULL;
	}
	cache->reciprocal = kmem_cache_reciprocal(cache->size);
	kmem_cache_place_early(s, cache);
	kmem_cache_link(s, cache);
	return cache;
}

void kmem_cache_place_early(struct slab_system *s, struct kmem_cache *cache)
{
	u32 apart =
	    (s->config->cache_bytes + s->config->cache_line - 1) / s->config->cache_line * s->config->cache_line;

	if (s->config->early)
		cache->at = s->config->early + (u64)slab_slot(s, cache) * apart;
}

bool kmem_cache_init(struct slab_system *s, struct status *st)
{
	struct kmem_cache *first;

	if (!s->config->rules)
		return true;
	first = s->config->rules->bootstrap(s);
	if (first) {
		s->state->cache_of_caches = number_of(s, first);
		if (kmalloc_init(s)) {
			s->state->up = 1;
			return true;
		}
	}
	return status_fail(st, STATUS_INVALID, _("the kernel's first caches of objects cannot be made"));
}

bool kmem_cache_destroy(struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_rules *r = s->config->rules;
	u64 at, name_at;

	arena_touch(s->phys->arena, cache);
	if (r->merge_same && (int32_t)--cache->refcount > 0) {
		EMIT(s->phys->observer, CACHE_UNSHARED, slab_slot(s, cache), cache->refcount);
		return true;
	}
	/* Owners unregister before their cache goes: nobody may ask for what is not there. */
	slab_shrinker_unregister(s, cache);
	if (r->unlinked_first)
		chain_remove(s, cache);
	if (!r->empty(s, cache)) {
		r->report_busy(s, cache);
		if (r->unlinked_first)
			chain_add(s, cache);
		EMIT(s->phys->observer, CACHE_BUSY, slab_slot(s, cache));
		return false;
	}
	EMIT(s->phys->observer, CACHE_GONE, slab_slot(s, cache));
	r->tear_down(s, cache);
	at = cache->at;
	name_at = cache->name_at;
	if (!r->unlinked_first)
		chain_remove(s, cache);
	s->state->caches--;
	free_slot(s, cache);
	give_back_own(s, name_at, at);
	return true;
}

int kmem_cache_shrink(struct slab_system *s, struct kmem_cache *cache)
{
	return s->config->rules->shrink(s, cache);
}

void kmem_cache_reap(struct slab_system *s)
{
	if (s->config->rules->reap)
		s->config->rules->reap(s);
}

void kmem_cache_end_of_grace(struct slab_system *s)
{
	for (struct kmem_cache *c = kmem_cache_first(s); c && s->config->rules->end_of_grace; c = kmem_cache_next(s, c))
		s->config->rules->end_of_grace(s, c);
}

/* ------------------------------------------------------------- objects */

u64 kmem_cache_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	u64 address = s->config->rules->alloc(s, cache, gfp);

	if (address && s->phys->state->owner)
		object_note(s, address);
	if (address && (gfp & s->phys->gfp->zero) && s->config->rules->zeroes)
		page_fill(s->phys, slab_physical(s, address), 0, cache->object_size);
	return address;
}

u64 kmem_cache_zalloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	u64 address;

	if (s->config->rules->zeroes)
		return kmem_cache_alloc(s, cache, gfp | s->phys->gfp->zero);
	address = kmem_cache_alloc(s, cache, gfp);
	if (address)
		page_fill(s->phys, slab_physical(s, address), 0, cache->object_size);
	return address;
}

void kmem_cache_free(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	const struct page *page = slab_at(s, address);

	if (__builtin_expect(page && s->cache[page->slab.cache].shrinker, 0))
		slab_shrinker_freed(s, &s->cache[page->slab.cache], address);
	if (__builtin_expect(page && page->slab.cache == slab_slot(s, cache), 1))
		s->config->rules->free(s, cache, address);
	else
		s->config->rules->stray(s, cache, address);
}

void kmem_cache_construct(struct slab_system *s, const struct kmem_cache *cache, u64 address)
{
	u64 at = slab_physical(s, address);

	switch ((enum slab_ctor)cache->ctor) {
	case CTOR_ZERO:
		page_fill(s->phys, at, 0, cache->object_size);
		break;
	case CTOR_PATTERN:
		page_fill(s->phys, at, KMEM_CACHE_PATTERN, cache->object_size);
		break;
	case CTOR_COUNT_UP:
		for (u32 n = 0; n < cache->object_size; n++)
			page_store(s->phys, at + n, n & 0xff, 1);
		break;
	case CTOR_NONE:
	case CTOR_KINDS:
		break;
	}
}

/* ------------------------------------------------------------- invariants */

/* Links and counters of the chain; slots that are not in it are empty. */
static bool check_chain(const struct slab_system *s, struct status *st)
{
	u32 used = 0, count = 0, before = SLAB_NONE;

	if (s->state->slots_used > SLAB_CACHES)
		return status_fail(st, STATUS_INVALID, _("%u slots of caches were used, of %u"),
				   (unsigned)s->state->slots_used, SLAB_CACHES);
	for (u32 n = 0; n < s->state->slots_used; n++)
		used += s->cache[n].used;
	for (u32 at = s->state->chain; at != SLAB_NONE; at = s->cache[at - 1].next) {
		if (at > s->state->slots_used || !s->cache[at - 1].used || count == used)
			return status_fail(st, STATUS_INVALID,
					   _("the chain of caches leads to slot %u, which is not in it"),
					   (unsigned)at - 1);
		if (s->cache[at - 1].prev != before)
			return status_fail(st, STATUS_INVALID,
					   _("cache %s: the one before it in the chain is not slot %d"),
					   s->cache[at - 1].name, (int)s->cache[at - 1].prev - 1);
		before = at;
		count++;
	}
	return (count == used && count == s->state->caches) ||
	       status_fail(st, STATUS_INVALID, _("the chain has %u caches, %u slots are in use, and %u are counted"),
			   (unsigned)count, (unsigned)used, (unsigned)s->state->caches);
}

/* Every page of kind PAGE_SLAB belongs to a cache, and each cache has as many slabs as it counts. */
static bool check_slabs(const struct slab_system *s, struct status *st)
{
	const struct phys *p = s->phys;
	u32 slabs[SLAB_CACHES] = { 0 };

	for (u32 n = 0; n < p->state->page_used; n++) {
		const struct page *page = &p->page[n];
		u32 slot;

		if (page->pfn == PFN_NONE || page->kind != PAGE_SLAB || page->head != page->pfn)
			continue;
		slot = page->slab.cache;
		if (slot >= s->state->slots_used || !s->cache[slot].used)
			return status_fail(st, STATUS_INVALID,
					   _("the slab at frame 0x%" PRIx32 " is of cache slot %u, which is empty"),
					   page->pfn, (unsigned)slot);
		if (p->frame[page->pfn].order > s->cache[slot].order)
			return status_fail(st, STATUS_INVALID,
					   _("the slab at frame 0x%" PRIx32 " has order %u, but its cache %s has %u"),
					   page->pfn, p->frame[page->pfn].order, s->cache[slot].name,
					   (unsigned)s->cache[slot].order);
		slabs[slot]++;
	}
	for (u32 slot = 0; slot < s->state->slots_used; slot++) {
		u32 count = 0;

		/* Some are counted, but not known; some are counted no more, but wait for RCU. */
		for (unsigned n = 0; s->cache[slot].used && n < p->config->nodes; n++) {
			const struct kmem_cache_node *node = slab_node(s, &s->cache[slot], n);

			count += node->nr_slabs - node->untold_slabs + node->list[SLAB_LIST_NONE].count;
		}
		if (count != slabs[slot])
			return status_fail(st, STATUS_INVALID, _("cache %s: there are %u slabs, but it counts %u"),
					   s->cache[slot].name, (unsigned)slabs[slot], (unsigned)count);
	}
	return true;
}

bool kmem_cache_check(const struct slab_system *s, struct status *st)
{
	if (!s->state || !s->config->rules)
		return true;
	if (!check_chain(s, st) || !check_slabs(s, st) || !slab_pages_check(s, st))
		return false;
	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		if (!s->config->rules->check(s, c, st))
			return false;
	return slab_shrinker_check(s, st);
}
