/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the panel of slab caches shows, worked out once a state: all caches, and the slabs of the chosen one. */
#ifndef KM_UI_CACHE_LOOK_H
#define KM_UI_CACHE_LOOK_H

#include "procfs/slabtop.h"
#include "slab/cache_slabs.h"
#include "ui/view.h"

/* A cache in the table. */
struct cache_row {
	u32 slot;
	struct slabtop_row figures;
	u64 key; /* by which it is sorted, the largest first */
};

struct cache_look {
	u64 state; /* of which the content is; see view.seen */
	enum slabtop_sort sort;
	bool all;
	u32 cache; /* view_objects.cache; of it are: */
	struct cache_slabs slabs;
	struct cache_row *rows;
	size_t row_count, row_capacity;
	size_t left_out; /* caches without slabs, not in rows */
	u64 *touched; /* addresses that events of the last operation name, sorted */
	size_t touched_count, touched_capacity;
};

/* Makes view.look hold what is chosen now.  Out of memory: less is in it, or view.look is NULL. */
void cache_look_prepare(struct view *v);

void cache_look_free(struct cache_look *c);

/* The chosen cache; NULL: there is none. */
const struct kmem_cache *cache_look_chosen(const struct view *v);

/* Which argument of an event is of this type (event/event.def), the first of them; -1: none. */
int cache_look_field(const struct event *e, char type);

/* The object of the chosen cache that an event is about, as the user has its address; 0: none. */
u64 cache_look_touched(const struct view *v, const struct event *e);

/* Where the user's part of the object begins that `address`, in a slab of the chosen cache, is in; 0: in none. */
u64 cache_look_object(const struct view *v, u64 address, u32 *index);

/* The address of object `index` of a slab as its user has it, and its state, one of OBJECT_*; 0: there is none. */
u64 cache_look_address(const struct view *v, pfn_t slab, u32 index, unsigned *state);

/* Was the object at `address` handed out, or given back, by the last operation? */
bool cache_look_is_touched(const struct view *v, u64 address);

/* The number of the command that got the object at `address` handed out last; 0: not known any more. */
size_t cache_look_getter(const struct view *v, u64 address);

/* Calls `see` for the addresses that a CPU has at hand, the one that is handed out next first. Returns how many. */
u32 cache_look_at_hand(const struct view *v, unsigned cpu, void (*see)(void *context, u64 address), void *context);

#endif
