/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of slab caches as they were at some time, so that what changed can be marked. */
#ifndef KM_UI_CACHE_COUNTS_H
#define KM_UI_CACHE_COUNTS_H

#include "slab/rules.h"

struct cache_count {
	bool used; /* there was a cache in the slot */
	u64 active, objects, slabs;
};

/* All zero: nothing is known. */
struct cache_counts {
	struct cache_count *item; /* by slot */
	u32 count, capacity;
};

/* The figures of all caches now.  Out of memory: nothing is known. */
void cache_counts_take(struct cache_counts *c, const struct slab_system *s);

/* Gives `to` what `from` knows, which knows nothing then. */
void cache_counts_move(struct cache_counts *to, struct cache_counts *from);

void cache_counts_free(struct cache_counts *c);

/* What is known of the cache in a slot; NULL: nothing. */
const struct cache_count *cache_counts_find(const struct cache_counts *c, u32 slot);

#endif
