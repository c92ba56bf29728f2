/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/vmap_area.h"

#include "base/text.h"
#include "slab/kmem_cache.h"

#include <inttypes.h>

/* ------------------------------------------------------------- lists */

static u32 number_of(const struct virt_system *v, const struct vmap_area *area)
{
	return area ? (u32)(area - v->area) + 1 : VIRT_NO_AREA;
}

static struct vmap_area *touch(struct virt_system *v, struct vmap_area *area)
{
	arena_touch(v->slab->phys->arena, area);
	return area;
}

/* An area that was in no list, unused; NULL: there are VIRT_AREAS. */
static struct vmap_area *new_area(struct virt_system *v, u64 start, u64 end)
{
	struct virt_state *s = v->state;
	struct vmap_area *area = vmap_area_at(v, s->first[VMAP_UNUSED]);

	if (area)
		s->first[VMAP_UNUSED] = area->next;
	else if (s->areas_used < VIRT_AREAS)
		area = &v->area[s->areas_used++];
	else
		return NULL;
	*touch(v, area) = (struct vmap_area){ .start = start, .end = end, .owner = v->slab->phys->state->owner };
	return area;
}

static void drop_area(struct virt_system *v, struct vmap_area *area)
{
	*touch(v, area) = (struct vmap_area){ .next = v->state->first[VMAP_UNUSED] };
	v->state->first[VMAP_UNUSED] = number_of(v, area);
}

static void list_remove(struct virt_system *v, struct vmap_area *area)
{
	struct vmap_area *prev = vmap_area_at(v, area->prev), *next = vmap_area_at(v, area->next);
	struct virt_state *s = v->state;

	if (prev)
		touch(v, prev)->next = area->next;
	else
		s->first[area->state] = area->next;
	if (next)
		touch(v, next)->prev = area->prev;
	else
		s->last[area->state] = area->prev;
	s->count[area->state]--;
}

/* Puts an area that is in no list into that of `state`, behind `prev` (NULL: first). */
static void list_insert(struct virt_system *v, struct vmap_area *area, enum vmap_state state, struct vmap_area *prev)
{
	struct virt_state *s = v->state;
	u32 next = prev ? prev->next : s->first[state];

	touch(v, area);
	area->state = state;
	area->prev = number_of(v, prev);
	area->next = next;
	if (prev)
		touch(v, prev)->next = number_of(v, area);
	else
		s->first[state] = number_of(v, area);
	if (next)
		touch(v, vmap_area_at(v, next))->prev = number_of(v, area);
	else
		s->last[state] = number_of(v, area);
	s->count[state]++;
}

/* The last area of a list that begins at or below `start`; NULL: none does. The last one of all is tried first. */
static struct vmap_area *below(const struct virt_system *v, enum vmap_state state, u64 start)
{
	struct vmap_area *found = vmap_area_at(v, v->state->last[state]);

	while (found && found->start > start)
		found = vmap_area_at(v, found->prev);
	return found;
}

static void list_sort_in(struct virt_system *v, struct vmap_area *area, enum vmap_state state)
{
	list_insert(v, area, state, below(v, state, area->start));
}

/* ------------------------------------------------------------- places */

/* Addresses are as wide as the machine's words. */
static u64 in_width(const struct virt_system *v, u64 address)
{
	return v->slab->config->word == 4 ? address & UINT32_MAX : address;
}

static u64 aligned(const struct virt_system *v, u64 address, u64 align)
{
	return in_width(v, (address + align - 1) & ~(align - 1));
}

/*
 * The search of 2.6. The end of the range is compared only behind an area that
 * was stepped over, and sums wrap around as they do there.
 */
static bool find_gap(const struct virt_system *v, u64 size, u64 align, u64 start, u64 end, struct vmap_place *at)
{
	u64 place = aligned(v, start, align);
	u32 prev = VIRT_NO_AREA;

	for (const struct vmap_area *a = vmap_area_first(v, VMAP_BUSY); a; a = vmap_area_next(v, a)) {
		if (a->start < place) {
			if (in_width(v, a->start + (a->end - a->start)) >= place)
				place = aligned(v, a->end, align);
			prev = number_of(v, a);
			continue;
		}
		if (in_width(v, place + size) < place)
			return false;
		if (in_width(v, place + size) <= a->start)
			break;
		place = aligned(v, a->end, align);
		if (place > in_width(v, end - size))
			return false;
		prev = number_of(v, a);
	}
	*at = (struct vmap_place){ place, size, prev };
	return true;
}

/* The lowest free area that can hold it. */
static bool find_free(const struct virt_system *v, u64 size, u64 align, u64 start, u64 end, struct vmap_place *at)
{
	for (const struct vmap_area *a = vmap_area_first(v, VMAP_FREE); a; a = vmap_area_next(v, a)) {
		u64 from = a->start > start ? a->start : start;
		u64 place = (from + align - 1) & ~(align - 1);

		if (place < from || place > a->end || a->end - place < size)
			continue;
		/* This is the lowest one that fits: if it lies too high, all others do. */
		*at = (struct vmap_place){ place, size, VIRT_NO_AREA };
		return place <= end && end - place >= size;
	}
	return false;
}

bool vmap_area_find(const struct virt_system *v, u64 size, u64 align, u64 start, u64 end, struct vmap_place *place)
{
	if (v->config->rule == VMAP_LIST)
		return find_gap(v, size, align, start, end, place);
	return find_free(v, size, align, start, end, place);
}

/* ------------------------------------------------------------- areas come and go */

struct vmap_area *vmap_area_of(const struct virt_system *v, enum vmap_state state, u64 address)
{
	struct vmap_area *area = below(v, state, address);

	/* A list of 2.6 need not be in order: then the last one that begins below may not be the nearest. */
	while (area && v->config->rule == VMAP_LIST &&
	       (area->start > address || address - area->start >= in_width(v, area->end - area->start)))
		area = vmap_area_at(v, area->prev);
	return area && address - area->start < in_width(v, area->end - area->start) ? area : NULL;
}

struct vmap_area *vmap_area_load(struct virt_system *v, enum vmap_state state, u64 start, u64 end)
{
	struct vmap_area *area = new_area(v, start, end);

	if (!area)
		return NULL;
	if (v->config->rule == VMAP_LIST)
		list_insert(v, area, state, vmap_area_at(v, v->state->last[state]));
	else
		list_sort_in(v, area, state);
	if (state == VMAP_LAZY)
		v->state->lazy_pages += (end - start) >> v->slab->phys->config->page_shift;
	return area;
}

struct vmap_area *vmap_area_at_start(const struct virt_system *v, u64 start)
{
	struct vmap_area *area = vmap_area_at(v, v->state->last[VMAP_BUSY]);

	while (area && area->start != start)
		area = vmap_area_at(v, area->prev);
	return area;
}

void vmap_area_free_object(struct virt_system *v, u64 object)
{
	struct slab_system *slab = v->slab;

	if (v->state->area_cache && object && object != VIRT_OBJECT_UNKNOWN)
		kmem_cache_free(slab, &slab->cache[v->state->area_cache - 1], object);
}

/* Takes [at, end) out of the free area that holds it. false: an area would be needed, and there are VIRT_AREAS. */
static bool cut(struct virt_system *v, u64 at, u64 end)
{
	struct vmap_area *area = vmap_area_of(v, VMAP_FREE, at), *left;

	if (area->start == at && area->end == end) {
		u64 object = area->vmap_area;

		list_remove(v, area);
		drop_area(v, area);
		vmap_area_free_object(v, object);
	} else if (area->start == at) {
		touch(v, area)->start = end;
	} else if (area->end == end) {
		touch(v, area)->end = at;
	} else {
		left = new_area(v, area->start, at);
		if (!left)
			return false;
		left->vmap_area = v->state->spare_node;
		v->state->spare_node = 0;
		touch(v, area)->start = end;
		list_insert(v, left, VMAP_FREE, vmap_area_at(v, area->prev));
	}
	return true;
}

struct vmap_area *vmap_area_take(struct virt_system *v, const struct vmap_place *place, u64 object)
{
	u64 end = in_width(v, place->start + place->size);
	struct vmap_area *area = new_area(v, place->start, end);

	if (!area)
		return NULL;
	if (v->config->rule == VMAP_FREE_AREAS && !cut(v, place->start, end)) {
		drop_area(v, area);
		return NULL;
	}
	area->vmap_area = object;
	if (v->config->rule == VMAP_LIST)
		list_insert(v, area, VMAP_BUSY, vmap_area_at(v, place->prev));
	else
		list_sort_in(v, area, VMAP_BUSY);
	return area;
}

/*
 * Puts an area that is in no list among the lazy or the free ones.  With a
 * neighbour there it becomes one, and the object of the one that goes is given back.
 */
static void merge(struct virt_system *v, struct vmap_area *area, enum vmap_state state)
{
	struct vmap_area *prev = below(v, state, area->start);
	struct vmap_area *next = prev ? vmap_area_next(v, prev) : vmap_area_first(v, state);
	bool linked = false;

	if (next && next->start == area->end) {
		u64 object = area->vmap_area;

		touch(v, next)->start = area->start;
		drop_area(v, area);
		vmap_area_free_object(v, object);
		area = next;
		linked = true;
	}
	if (prev && prev->end == area->start) {
		u64 object = area->vmap_area;

		if (linked)
			list_remove(v, area);
		touch(v, prev)->end = area->end;
		drop_area(v, area);
		vmap_area_free_object(v, object);
		return;
	}
	if (!linked)
		list_insert(v, area, state, prev);
}

void vmap_area_give_back(struct virt_system *v, struct vmap_area *area)
{
	u64 pages = (area->end - area->start) >> v->slab->phys->config->page_shift;

	list_remove(v, area);
	if (v->config->rule == VMAP_LIST) {
		drop_area(v, area);
		return;
	}
	v->state->lazy_pages += pages;
	EMIT(v->slab->phys->observer, AREA_LAZY, area->start, pages, v->state->lazy_pages);
	merge(v, area, VMAP_LAZY);
}

u64 vmap_area_purge(struct virt_system *v)
{
	u64 pages = v->state->lazy_pages;
	struct vmap_area *area;

	EMIT(v->slab->phys->observer, AREA_PURGE, v->state->count[VMAP_LAZY], pages);
	while ((area = vmap_area_first(v, VMAP_LAZY)) != NULL) {
		list_remove(v, area);
		merge(v, area, VMAP_FREE);
	}
	v->state->lazy_pages = 0;
	return pages;
}

/* ------------------------------------------------------------- checks */

static bool check_list(const struct virt_system *v, enum vmap_state state, struct status *st)
{
	const struct vmap_area *before = NULL;
	u32 count = 0;

	for (const struct vmap_area *a = vmap_area_first(v, state); a; a = vmap_area_next(v, a)) {
		/* A list that runs in a circle is found by this, too. */
		if (++count > v->state->count[state])
			break;
		if (a->state != state || a->prev != number_of(v, before))
			return status_fail(st, STATUS_INVALID, _("the area at 0x%" PRIx64 " is linked wrongly"),
					   a->start);
		/* 2.6 puts areas in the list that wrap around, or begin behind such a one. */
		if (v->config->rule != VMAP_LIST && before && (before->start > a->start || before->end > a->start))
			return status_fail(st, STATUS_INVALID,
					   _("the area at 0x%" PRIx64 " overlaps that at 0x%" PRIx64), a->start,
					   before->start);
		before = a;
	}
	if (count != v->state->count[state] || v->state->last[state] != number_of(v, before))
		return status_fail(st, STATUS_INVALID, _("a list of areas holds %u, but should hold %u"),
				   (unsigned)count, (unsigned)v->state->count[state]);
	return true;
}

bool vmap_area_check(const struct virt_system *v, struct status *st)
{
	u64 lazy = 0;

	for (unsigned state = VMAP_BUSY; state < VMAP_STATES; state++)
		if (!check_list(v, state, st))
			return false;
	for (const struct vmap_area *a = vmap_area_first(v, VMAP_LAZY); a; a = vmap_area_next(v, a))
		lazy += (a->end - a->start) >> v->slab->phys->config->page_shift;
	return lazy == v->state->lazy_pages ||
	       status_fail(st, STATUS_INVALID, _("%" PRIu64 " pages are lazy, but %" PRIu64 " are counted"), lazy,
			   v->state->lazy_pages);
}
