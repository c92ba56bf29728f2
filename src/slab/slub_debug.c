/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_debug.h"

#include "slab/slub_consistency.h"
#include "slab/slub_report.h"
#include "slab/slub_slab.h"
#include "slab/slub_track.h"

#include <inttypes.h>

/* ------------------------------------------------------------- filling */

/* Red zones and payload as they are in an object in use, or in a free one. */
static void fill_object(struct slab_system *s, const struct kmem_cache *cache, u64 object, u8 red)
{
	u64 at = slab_physical(s, object);

	if (cache->flags & SLUB_RED_ZONE)
		page_fill(s->phys, at - cache->slub.red_left_pad, red, cache->slub.red_left_pad);
	if (cache->flags & SLUB_OBJECT_POISON) {
		page_fill(s->phys, at, POISON_FREE, cache->object_size - 1);
		page_fill(s->phys, at + cache->object_size - 1, POISON_END, 1);
	}
	if (cache->flags & SLUB_RED_ZONE)
		page_fill(s->phys, at + cache->object_size, red, cache->slub.inuse - cache->object_size);
}

void slub_debug_set_up_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	if (cache->flags & SLUB_POISON)
		page_fill(s->phys, (u64)pfn << s->phys->config->page_shift, POISON_INUSE,
			  (size_t)1 << (s->phys->config->page_shift + s->phys->frame[pfn].order));
}

void slub_debug_set_up_object(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	if (!(cache->flags & (SLUB_STORE_USER | SLUB_RED_ZONE | SLUB_OBJECT_POISON)))
		return;
	fill_object(s, cache, object, SLUB_RED_INACTIVE);
	slub_track_clear(s, cache, object);
}

/* SLAB_TRACE: a line for each allocation and each free. */
static void trace(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, bool alloc)
{
	const struct page_slab *slab = slub_slab_of(s, pfn);

	if (!(cache->flags & SLUB_TRACE))
		return;
	slab_printk(s, "TRACE %s %s 0x%016" PRIx64 " inuse=%u fp=0x%016" PRIx64, cache->name, alloc ? "alloc" : "free",
		    object, slab->inuse, slab->freelist);
	if (!alloc)
		slub_report_dump(s, "Object   ", object, cache->object_size);
}

/* ------------------------------------------------------------- taking */

/* Takes the head of the slab's list, if it is sound. */
static bool take_head(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 *object)
{
	struct page_slab *slab = slub_slab_write(s, pfn);

	*object = slab->freelist;
	slab->freelist = slub_object_next(s, cache, *object);
	slab->inuse++;
	if (slab_is_down(s))
		return false;
	if ((cache->flags & SLUB_CONSISTENCY_CHECKS) && !slub_consistency_alloc(s, cache, pfn, *object)) {
		/* The rest of the slab is not to be trusted, either. */
		slub_report_fix(s, cache, "Marking all objects used");
		slab->inuse = slab->objects;
		slab->freelist = 0;
		EMIT(s->phys->observer, SLUB_WRITTEN_OFF, slab_slot(s, cache), pfn);
		return false;
	}
	trace(s, cache, pfn, *object, true);
	/* Records of what was asked of kmalloc() lie behind those of users; the model's kmalloc() asks for all. */
	if ((cache->flags & SLUB_STORE_USER) && (cache->flags & SLUB_KMALLOC))
		page_store(s->phys, slab_physical(s, *object) + slub_geometry_padding(s->config, cache) - sizeof(u32),
			   cache->object_size, sizeof(u32));
	fill_object(s, cache, *object, SLUB_RED_ACTIVE);
	return true;
}

/* A full slab is on a list only where its users are stored, so that they can be told. */
static void add_full(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	if (cache->flags & SLUB_STORE_USER)
		slub_slab_add(s, cache, pfn, SLAB_LIST_FULL, AT_HEAD);
}

u64 slub_debug_take(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	const struct page_slab *slab = slub_slab_of(s, pfn);
	u64 object;

	if (!take_head(s, cache, pfn, &object)) {
		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
		return 0;
	}
	if (slab->inuse == slab->objects) {
		slub_slab_remove(s, cache, pfn, SLAB_LIST_PARTIAL);
		add_full(s, cache, pfn);
	}
	return object;
}

u64 slub_debug_take_new(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	const struct page_slab *slab = slub_slab_of(s, pfn);
	u64 object;
	bool sound = take_head(s, cache, pfn, &object);

	slub_slab_count(s, cache, pfn);
	if (!sound)
		return 0;
	if (slab->inuse == slab->objects)
		add_full(s, cache, pfn);
	else
		slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, AT_HEAD);
	return object;
}

/* ------------------------------------------------------------- giving back */

/* The object becomes the head of its slab's list; the slab moves as that makes it. */
static void put_back(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	struct page_slab *slab = slub_slab_write(s, pfn);
	bool surplus, was_full = slub_slab_is_full(slab);

	slab->inuse--;
	slub_object_link(s, cache, object, slab->freelist);
	slab->freelist = object;
	EMIT(s->phys->observer, SLUB_FREE_SLOW, slab_slot(s, cache), object, pfn, slab->objects - slab->inuse);
	surplus = !slab->inuse && slub_slab_enough(s, cache, pfn);
	if (slab->list == SLAB_LIST_FULL || (surplus && slab->list == SLAB_LIST_PARTIAL))
		slub_slab_remove(s, cache, pfn, slab->list);
	if (surplus)
		slub_slab_surplus(s, cache, pfn);
	else if (was_full)
		slub_slab_add(s, cache, pfn, SLAB_LIST_PARTIAL, AT_TAIL);
}

void slub_debug_free(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	u32 handle = cache->flags & SLUB_STORE_USER ? slub_track_save(s, TRACK_FREE) : 0;
	const struct page_slab *slab = slub_slab_of(s, pfn);
	bool checks = cache->flags & SLUB_CONSISTENCY_CHECKS, sound;

	sound = !checks || slub_consistency_slab(s, cache, pfn);
	if (sound && !slab->inuse) {
		slub_report_slab(s, cache, pfn, "Slab has %d allocated objects but %d are to be freed", slab->inuse, 1);
		sound = false;
	}
	sound = sound && (!checks || slub_consistency_free(s, cache, pfn, object));
	if (!sound) {
		slub_report_fix(s, cache, "Object at 0x%016" PRIx64 " not freed", object);
		EMIT(s->phys->observer, SLUB_NOT_FREED, slab_slot(s, cache), object);
		return;
	}
	slub_track_write(s, cache, object, TRACK_FREE, handle);
	trace(s, cache, pfn, object, false);
	fill_object(s, cache, object, SLUB_RED_INACTIVE);
	put_back(s, cache, pfn, object);
}

void slub_debug_last_check(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	if (!(cache->flags & SLUB_CONSISTENCY_CHECKS))
		return;
	slub_consistency_padding(s, cache, pfn);
	for (u32 n = 0; n < slub_slab_of(s, pfn)->objects; n++)
		slub_consistency_object(s, cache, pfn, slub_object_at(s, cache, pfn, n), SLUB_RED_INACTIVE);
}
