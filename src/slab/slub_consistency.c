/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_consistency.h"

#include "slab/slub_debug.h"
#include "slab/slub_info.h"
#include "slab/slub_percpu.h"
#include "slab/slub_report.h"
#include "slab/slub_slab.h"

#include <inttypes.h>

/* NULL, or the start of an object of the slab. */
static bool is_object(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	u32 objects = slub_slab_of(s, pfn)->objects;

	return !object || slub_object_index(s, cache, pfn, objects, object) < objects;
}

/* ------------------------------------------------------------- bytes */

/* The first and the last of these bytes that are not `value`; false: there is none. */
static bool find_other(const struct slab_system *s, u64 start, u64 bytes, u8 value, u64 *first, u64 *last)
{
	bool found = false;
	u8 row[256];

	for (u64 at = 0; at < bytes; at += sizeof row) {
		size_t count = bytes - at < sizeof row ? (size_t)(bytes - at) : sizeof row;

		page_read(s->phys, slab_physical(s, start + at), row, count);
		for (size_t n = 0; n < count; n++) {
			if (row[n] == value)
				continue;
			*last = start + at + n;
			if (!found)
				*first = *last;
			found = true;
		}
	}
	return found;
}

static void restore(struct slab_system *s, const struct kmem_cache *cache, const char *what, u8 value, u64 first,
		    u64 last)
{
	slub_report_fix(s, cache, "Restoring %s 0x%016" PRIx64 "-0x%016" PRIx64 "=0x%x", what, first, last, value);
	page_fill(s->phys, slab_physical(s, first), value, (size_t)(last - first + 1));
	EMIT(s->phys->observer, SLUB_RESTORED, slab_slot(s, cache), first, last, value);
}

/* All these bytes are `value`; else says so, and makes them so. */
static bool check_bytes(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, const char *what,
			u64 start, u8 value, u64 bytes)
{
	u64 first, last;

	if (!find_other(s, start, bytes, value, &first, &last))
		return true;
	slub_report_bytes(s, cache, pfn, object, what, first, last, value);
	restore(s, cache, what, value, first, last);
	return false;
}

void slub_consistency_padding(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	u64 start = slab_address(s, pfn);
	u64 bytes = UINT64_C(1) << (s->phys->config->page_shift + s->phys->frame[pfn].order);
	u64 rest = bytes % cache->size, first, last;

	if (!(cache->flags & SLUB_POISON) || !rest ||
	    !find_other(s, start + bytes - rest, rest, POISON_INUSE, &first, &last))
		return;
	slub_report_slab(s, cache, pfn, "Padding overwritten. 0x%016" PRIx64 "-0x%016" PRIx64 " @offset=%" PRIu64,
			 first, last, first - start);
	slub_report_dump(s, "Padding ", start + bytes - rest, rest);
	restore(s, cache, "slab padding", POISON_INUSE, first, last);
}

/* ------------------------------------------------------------- objects */

static bool check_red_zones(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, u8 red)
{
	u64 end = object + cache->object_size, gap = cache->slub.inuse - cache->object_size;

	if (cache->flags & SLUB_RED_ZONE)
		return check_bytes(s, cache, pfn, object, "Left Redzone", object - cache->slub.red_left_pad, red,
				   cache->slub.red_left_pad) &&
		       check_bytes(s, cache, pfn, object, "Right Redzone", end, red, gap);
	/* Damage here is repaired and forgiven. */
	if (cache->flags & SLUB_POISON)
		check_bytes(s, cache, pfn, object, "Alignment padding", end, POISON_INUSE, gap);
	return true;
}

static bool check_poison(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, u8 red)
{
	u32 padding = slub_geometry_padding(s->config, cache), end = slub_geometry_from_object(cache);

	if (!(cache->flags & SLUB_POISON))
		return true;
	if (red != SLUB_RED_ACTIVE && (cache->flags & SLUB_OBJECT_POISON) &&
	    (!check_bytes(s, cache, pfn, object, "Poison", object, POISON_FREE, cache->object_size - 1) ||
	     !check_bytes(s, cache, pfn, object, "End Poison", object + cache->object_size - 1, POISON_END, 1)))
		return false;
	check_bytes(s, cache, pfn, object, "Object padding", object + padding, POISON_INUSE, end - padding);
	return true;
}

bool slub_consistency_object(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, u8 red)
{
	if (!check_red_zones(s, cache, pfn, object, red) || !check_poison(s, cache, pfn, object, red))
		return false;
	/* What lies in the object while it is in use is its user's. */
	if (!slub_geometry_pointer_outside(cache) && red == SLUB_RED_ACTIVE)
		return true;
	if (is_object(s, cache, pfn, slub_object_peek(s, cache, object)))
		return true;
	slub_report_object(s, cache, pfn, object, "Freepointer corrupt");
	/* What was behind it is lost. */
	slub_object_link(s, cache, object, 0);
	EMIT(s->phys->observer, SLUB_CUT, slab_slot(s, cache), object);
	return false;
}

/* ------------------------------------------------------------- slabs */

static u32 most_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	return (u32)((UINT64_C(1) << (s->phys->config->page_shift + s->phys->frame[pfn].order)) / cache->size);
}

bool slub_consistency_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	const struct page_slab *slab = slub_slab_of(s, pfn);
	u32 most = most_objects(s, cache, pfn);

	if (slab->objects > most) {
		slub_report_slab(s, cache, pfn, "objects %u > max %u", slab->objects, most);
		return false;
	}
	if (slab->inuse > slab->objects) {
		slub_report_slab(s, cache, pfn, "inuse %u > max %u", slab->inuse, slab->objects);
		return false;
	}
	slub_consistency_padding(s, cache, pfn);
	return true;
}

/* A pointer on the way leads nowhere: the list ends before it. false: the whole list is lost. */
static bool cut_list(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 before)
{
	struct page_slab *slab = slub_slab_write(s, pfn);

	if (before) {
		slub_report_object(s, cache, pfn, before, "Freechain corrupt");
		slub_object_link(s, cache, before, 0);
		EMIT(s->phys->observer, SLUB_CUT, slab_slot(s, cache), before);
		return true;
	}
	slub_report_slab(s, cache, pfn, "Freepointer corrupt");
	slab->freelist = 0;
	slab->inuse = slab->objects;
	slub_report_fix(s, cache, "Freelist cleared");
	EMIT(s->phys->observer, SLUB_WRITTEN_OFF, slab_slot(s, cache), pfn);
	return false;
}

enum scan { SCAN_FOUND, SCAN_NOT_THERE, SCAN_LOST };

/* Looks for an object on its slab's list of free ones. The list, and what is counted of it, are repaired on the way. */
static enum scan scan_list(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	struct page_slab *slab = slub_slab_write(s, pfn);
	u64 at = slab->freelist, before = 0;
	int count = 0;

	for (; at && count <= slab->objects; count++) {
		if (at == object)
			return SCAN_FOUND;
		if (!is_object(s, cache, pfn, at)) {
			if (!cut_list(s, cache, pfn, before))
				return SCAN_LOST;
			break;
		}
		before = at;
		at = slub_object_peek(s, cache, at);
	}
	if (slab->inuse != slab->objects - count) {
		slub_report_slab(s, cache, pfn, "Wrong object count. Counter is %d but counted were %d", slab->inuse,
				 slab->objects - count);
		slab->inuse = (u16)(slab->objects - count);
		slub_report_fix(s, cache, "Object count adjusted");
		EMIT(s->phys->observer, SLUB_RECOUNTED, slab_slot(s, cache), pfn, slab->inuse);
	}
	return SCAN_NOT_THERE;
}

static void validate_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn)
{
	struct slub_bitmap free;

	if (!slub_consistency_slab(s, cache, pfn) || scan_list(s, cache, pfn, 0) == SCAN_LOST)
		return;
	slub_info_free(s, cache, pfn, &free);
	for (u32 n = 0; n < slub_slab_of(s, pfn)->objects; n++)
		if (!slub_consistency_object(s, cache, pfn, slub_object_at(s, cache, pfn, n),
					     slub_bitmap_has(&free, n) ? SLUB_RED_INACTIVE : SLUB_RED_ACTIVE))
			return;
}

void slub_consistency_validate(struct slab_system *s, const struct kmem_cache *cache)
{
	static const enum slab_list lists[] = { SLAB_LIST_PARTIAL, SLAB_LIST_FULL };

	slub_percpu_flush(s, cache);
	for (unsigned node = 0; node < s->phys->config->nodes; node++)
		for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
			for (pfn_t pfn = slab_node(s, cache, node)->list[lists[l]].head; pfn != PFN_NONE;
			     pfn = blocklist_next(s->phys, 0, pfn))
				validate_slab(s, cache, pfn);
}

/* ------------------------------------------------------------- taking, giving back */

bool slub_consistency_alloc(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	if (!slub_consistency_slab(s, cache, pfn))
		return false;
	if (!is_object(s, cache, pfn, object)) {
		slub_report_object(s, cache, pfn, object, "Freelist Pointer check fails");
		return false;
	}
	return slub_consistency_object(s, cache, pfn, object, SLUB_RED_INACTIVE);
}

bool slub_consistency_free(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object)
{
	if (!is_object(s, cache, pfn, object)) {
		slub_report_slab(s, cache, pfn, "Invalid object pointer 0x%016" PRIx64, object);
		return false;
	}
	if (scan_list(s, cache, pfn, object) == SCAN_FOUND) {
		slub_report_object(s, cache, pfn, object, "Object already free");
		return false;
	}
	return slub_consistency_object(s, cache, pfn, object, SLUB_RED_ACTIVE);
}
