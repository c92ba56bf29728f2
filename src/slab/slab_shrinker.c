/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_shrinker.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/shrinker.h"
#include "slab/kmalloc.h"
#include "slab/object.h"
#include "slab/slab_pages.h"

#include <inttypes.h>

/* Bytes of a list_head: two objects that have room for one do not begin within the same so many bytes. */
static size_t list_head(const struct slab_config *config)
{
	return 2 * (size_t)config->word;
}

static size_t links_of_page(const struct slab_config *config, const struct phys_config *phys)
{
	return ((size_t)1 << phys->page_shift) / list_head(config);
}

size_t slab_shrinker_arena_size(const struct slab_config *config, const struct phys_config *phys)
{
	return arena_chunks(SLAB_CACHES * sizeof(struct slab_unused)) +
	       arena_chunks(phys_page_slots(phys) * links_of_page(config, phys) * sizeof(struct slab_unused_link));
}

bool slab_shrinker_init(struct slab_system *s)
{
	struct arena *arena = s->phys->arena;

	s->unused = arena_array(arena, SLAB_CACHES, sizeof *s->unused);
	s->unused_link =
	    arena_array(arena, s->phys->page_slots * links_of_page(s->config, s->phys->config), sizeof *s->unused_link);
	return s->unused && s->unused_link;
}

/* ------------------------------------------------------------- the list */

/* The link of the object that begins at an address of a slab. */
static struct slab_unused_link *link_at(const struct slab_system *s, u64 address)
{
	const struct phys_config *c = s->phys->config;
	u64 at = slab_physical(s, address), in_page = at & ((UINT64_C(1) << c->page_shift) - 1);
	size_t slot = (size_t)(page_find(s->phys, (pfn_t)(at >> c->page_shift)) - s->phys->page);

	return &s->unused_link[slot * links_of_page(s->config, c) + (size_t)in_page / list_head(s->config)];
}

static struct slab_unused_link *link_write(struct slab_system *s, u64 address)
{
	struct slab_unused_link *link = link_at(s, address);

	arena_touch(s->phys->arena, link);
	return link;
}

static struct slab_unused *list_write(struct slab_system *s, const struct kmem_cache *cache)
{
	struct slab_unused *list = slab_shrinker_list(s, cache);

	arena_touch(s->phys->arena, list);
	return list;
}

bool slab_shrinker_has_room(const struct slab_system *s, const struct kmem_cache *cache)
{
	return cache->object_size >= list_head(s->config);
}

u64 slab_shrinker_next(const struct slab_system *s, u64 object)
{
	return link_at(s, object)->newer;
}

bool slab_shrinker_add(struct slab_system *s, struct kmem_cache *cache, u64 object)
{
	struct slab_unused *list = list_write(s, cache);
	struct slab_unused_link *link = link_at(s, object);

	if (link->older)
		return false;
	arena_touch(s->phys->arena, link);
	*link = (struct slab_unused_link){ list->newest, SLAB_UNUSED_END };
	if (list->newest == SLAB_UNUSED_END)
		list->oldest = object;
	else
		link_write(s, list->newest)->newer = object;
	list->newest = object;
	list->count++;
	EMIT(s->phys->observer, UNUSED_ADDED, slab_slot(s, cache), object, list->count);
	return true;
}

static bool unlink_object(struct slab_system *s, struct kmem_cache *cache, u64 object)
{
	struct slab_unused *list = list_write(s, cache);
	struct slab_unused_link was = *link_at(s, object);

	if (!was.older)
		return false;
	*link_write(s, object) = (struct slab_unused_link){ 0, 0 };
	if (was.older == SLAB_UNUSED_END)
		list->oldest = was.newer;
	else
		link_write(s, was.older)->newer = was.newer;
	if (was.newer == SLAB_UNUSED_END)
		list->newest = was.older;
	else
		link_write(s, was.newer)->older = was.older;
	list->count--;
	return true;
}

bool slab_shrinker_take(struct slab_system *s, struct kmem_cache *cache, u64 object)
{
	if (!unlink_object(s, cache, object))
		return false;
	EMIT(s->phys->observer, UNUSED_TAKEN, slab_slot(s, cache), object, slab_shrinker_list(s, cache)->count);
	return true;
}

void slab_shrinker_freed(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	struct object_info info;

	if (!link_at(s, address)->older)
		return;
	/* An address inside an object is nobody's to free: the allocator will say so. */
	if (object_at(s, address, &info) && info.address == address && unlink_object(s, cache, address))
		EMIT(s->phys->observer, UNUSED_FREED, slab_slot(s, cache), address,
		     slab_shrinker_list(s, cache)->count);
}

/* ------------------------------------------------------------- being asked */

static u64 count_unused(void *context, u32 owner)
{
	const struct slab_system *s = context;
	u64 count = s->unused[owner].count, pressure = s->phys->reclaim->vfs_cache_pressure;

	/* 2.6 divides first: of less than a hundred it says nothing. */
	return reclaim_by_zone(s->phys) ? count / 100 * pressure : count * pressure / 100;
}

static u64 pages_of_slabs(const struct slab_system *s)
{
	return slab_pages_all_reclaimable(s) + slab_pages_all_unreclaimable(s);
}

static u64 give_up(void *context, u32 owner, gfp_t gfp, u64 wanted, u64 *pages)
{
	struct slab_system *s = context;
	struct kmem_cache *cache = &s->cache[owner];
	const struct slab_unused *list = slab_shrinker_list(s, cache);
	u64 before = pages_of_slabs(s), given = 0;

	if (!(gfp & s->phys->gfp->fs))
		return SHRINKER_STOP;
	for (; given < wanted && list->count && !slab_is_down(s); given++) {
		u64 object = list->oldest;

		unlink_object(s, cache, object);
		EMIT(s->phys->observer, UNUSED_GIVEN_UP, owner, object, list->count);
		kmem_cache_free(s, cache, object);
	}
	*pages += before - pages_of_slabs(s);
	return given;
}

void slab_shrinker_connect(struct slab_system *s)
{
	s->phys->shrinker_calls = (struct shrinker_calls){ .count = count_unused, .scan = give_up, .context = s };
}

/* ------------------------------------------------------------- registering */

/*
 * What the kernel allocates: 2.6 the struct shrinker itself (two numbers, a
 * function, a list_head), 6.1 the number of objects that were put off.
 */
static u64 own_bytes(const struct slab_system *s)
{
	return reclaim_by_zone(s->phys) ? 20 : s->config->word;
}

bool slab_shrinker_register(struct slab_system *s, struct kmem_cache *cache, u32 seeks)
{
	u32 slot = slab_slot(s, cache);
	gfp_t gfp = kmem_cache_gfp_kernel(s);
	struct slab_unused *list;
	u64 at = 0;

	if (kmalloc_cache(s, own_bytes(s), gfp)) {
		at = reclaim_by_zone(s->phys) ? kmalloc_alloc(s, own_bytes(s), gfp)
					      : kmalloc_zeroed(s, own_bytes(s), gfp);
		if (!at)
			return false;
	}
	if (!shrinker_register(s->phys, slot, seeks)) {
		kmalloc_free(s, at);
		return false;
	}
	list = list_write(s, cache);
	*list = (struct slab_unused){ .oldest = SLAB_UNUSED_END, .newest = SLAB_UNUSED_END, .at = at };
	arena_touch(s->phys->arena, cache);
	cache->shrinker = 1;
	EMIT(s->phys->observer, SHRINKER_MADE, slot, seeks, at);
	return true;
}

void slab_shrinker_unregister(struct slab_system *s, struct kmem_cache *cache)
{
	const struct slab_unused *list = slab_shrinker_list(s, cache);
	u32 unused = list->count;
	u64 at = list->at;

	if (!cache->shrinker)
		return;
	while (list->count)
		unlink_object(s, cache, list->oldest);
	shrinker_unregister(s->phys, slab_slot(s, cache));
	*list_write(s, cache) = (struct slab_unused){ .oldest = 0 };
	arena_touch(s->phys->arena, cache);
	cache->shrinker = 0;
	EMIT(s->phys->observer, SHRINKER_GONE, slab_slot(s, cache), unused);
	kmalloc_free(s, at);
}

struct kmem_cache *slab_shrinker_by_address(const struct slab_system *s, u64 address)
{
	for (struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c))
		if (c->shrinker && address && slab_shrinker_list(s, c)->at == address)
			return c;
	return NULL;
}

/* ------------------------------------------------------------- hash and invariants */

u64 slab_shrinker_hash(const struct slab_system *s)
{
	u64 h = HASH_INIT;

	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c)) {
		const struct slab_unused *list = slab_shrinker_list(s, c);

		if (!c->shrinker)
			continue;
		h = hash_word(hash_word(h, list->at), list->count);
		for (u64 at = list->oldest; at != SLAB_UNUSED_END; at = slab_shrinker_next(s, at))
			h = hash_word(h, at);
	}
	return h;
}

/* Are the lists of free objects to be believed? */
static bool is_sound(const struct slab_system *s)
{
	return !s->state->poked && !s->state->strayed && !slab_is_down(s);
}

static bool check_object(const struct slab_system *s, const struct kmem_cache *cache, u64 object, u64 before,
			 struct status *st)
{
	struct object_info info;

	if (kmem_cache_of(s, object) != cache)
		return status_fail(st, STATUS_INVALID,
				   _("cache %s: 0x%" PRIx64 " is on its list of unused objects, but not in its slabs"),
				   cache->name, object);
	if (is_sound(s) && (!object_at(s, object, &info) || info.address != object || info.state != OBJECT_USED))
		return status_fail(st, STATUS_INVALID,
				   _("cache %s: 0x%" PRIx64 " is on its list of unused objects, but was freed"),
				   cache->name, object);
	return link_at(s, object)->older == before ||
	       status_fail(st, STATUS_INVALID, _("cache %s: of the unused object 0x%" PRIx64 " the link back is wrong"),
			   cache->name, object);
}

static bool check_list(const struct slab_system *s, const struct kmem_cache *cache, struct status *st)
{
	const struct slab_unused *list = slab_shrinker_list(s, cache);
	u64 before = SLAB_UNUSED_END;
	u32 count = 0;

	for (u64 at = list->oldest; at != SLAB_UNUSED_END && count <= list->count; at = slab_shrinker_next(s, at)) {
		if (!check_object(s, cache, at, before, st))
			return false;
		before = at;
		count++;
	}
	return (count == list->count && before == list->newest) ||
	       status_fail(st, STATUS_INVALID,
			   _("cache %s: its list of unused objects has %u and ends with 0x%" PRIx64
			     ", but %u are counted and 0x%" PRIx64 " is said to be the last"),
			   cache->name, (unsigned)count, before, (unsigned)list->count, list->newest);
}

bool slab_shrinker_check(const struct slab_system *s, struct status *st)
{
	u32 registered = 0, known = s->phys->reclaim ? s->phys->reclaim->shrinkers : 0;

	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c)) {
		if (!c->shrinker)
			continue;
		registered++;
		if (!shrinker_of(s->phys, slab_slot(s, c)))
			return status_fail(st, STATUS_INVALID, _("cache %s: reclaim does not know its shrinker"),
					   c->name);
		if (!check_list(s, c, st))
			return false;
	}
	return registered == known ||
	       status_fail(st, STATUS_INVALID, _("%u caches have shrinkers, but reclaim knows of %u"),
			   (unsigned)registered, (unsigned)known);
}
