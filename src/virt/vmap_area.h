/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The set of areas of kernel addresses: in use, given back but not purged, free.
 *
 * 2.6.18 keeps one list of the areas in use, by address, and looks through it
 * for the first gap; its end is looked at only when the search has stepped over
 * an area (recording vmalloc-overrun).  5.2 and later keep the free areas, too,
 * and take the lowest that fits; an area given back becomes lazy, one with lazy
 * neighbours, and free when all lazy ones are purged together (vmalloc-fail).
 */
#ifndef KM_VIRT_VMAP_AREA_H
#define KM_VIRT_VMAP_AREA_H

#include "virt/virt.h"

/* The area with this number, from 1 on; NULL for VIRT_NO_AREA. */
static inline struct vmap_area *vmap_area_at(const struct virt_system *v, u32 number)
{
	return number ? &v->area[number - 1] : NULL;
}

/* The first area of a list, and the one behind; NULL at the end. */
static inline struct vmap_area *vmap_area_first(const struct virt_system *v, enum vmap_state state)
{
	return vmap_area_at(v, v->state->first[state]);
}

static inline struct vmap_area *vmap_area_next(const struct virt_system *v, const struct vmap_area *area)
{
	return vmap_area_at(v, area->next);
}

/* A place that was found. */
struct vmap_place {
	u64 start, size;
	u32 prev; /* the busy area behind which it stands in the list, VMAP_LIST; VIRT_NO_AREA: it is the first */
};

/*
 * The lowest place for `size` bytes, aligned to `align` (a power of two), in
 * [start, end).  false: there is none.  Nothing is changed.
 */
bool vmap_area_find(const struct virt_system *v, u64 size, u64 align, u64 start, u64 end, struct vmap_place *place);

/*
 * Makes a busy area of a place that was just found; `object` is the address of
 * its kernel object.  With VMAP_FREE_AREAS what is left of the free area stays
 * free; one that is cut in two takes the spare object, one that is used up gives
 * its object back.  NULL: there are VIRT_AREAS.
 */
struct vmap_area *vmap_area_take(struct virt_system *v, const struct vmap_place *place, u64 object);

/* Gives a kernel object of an area back to its cache; 0 is nothing. */
void vmap_area_free_object(struct virt_system *v, u64 object);

/* The busy area that begins at `start`; NULL: none. */
struct vmap_area *vmap_area_at_start(const struct virt_system *v, u64 start);

/* A busy area is given back: gone at once with VMAP_LIST, else lazy. */
void vmap_area_give_back(struct virt_system *v, struct vmap_area *area);

/* All lazy areas become free, and one with free neighbours, whose objects are given back. Pages that were lazy. */
u64 vmap_area_purge(struct virt_system *v);

/* The area of this state that holds `address`; NULL: none. */
struct vmap_area *vmap_area_of(const struct virt_system *v, enum vmap_state state, u64 address);

/* For loading a state: an area of any state, with VMAP_LIST the last in the list. NULL: there are VIRT_AREAS. */
struct vmap_area *vmap_area_load(struct virt_system *v, enum vmap_state state, u64 start, u64 end);

/* Lists are in order, areas do not overlap, counts are right. false with a message. */
bool vmap_area_check(const struct virt_system *v, struct status *st);

#endif
