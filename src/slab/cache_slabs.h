/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slabs of a cache in the order in which they are looked at: what CPUs work
 * with, then list by list, each from its head; and what CPUs have at hand.
 */
#ifndef KM_SLAB_CACHE_SLABS_H
#define KM_SLAB_CACHE_SLABS_H

#include "slab/slab.h"

/* Where a slab is. */
enum cache_section {
	CACHE_AT_CPU, /* SLUB: the slab that a CPU takes objects from */
	CACHE_KEPT, /* SLUB: those that it keeps besides */
	CACHE_FULL, /* SLUB has no list of them: in the order of frames */
	CACHE_PARTIAL,
	CACHE_FREE,
	CACHE_SECTIONS
};

struct cache_slab {
	pfn_t pfn; /* its first page */
	enum cache_section section;
	unsigned cpu; /* of CACHE_AT_CPU and CACHE_KEPT */
	u32 objects, inuse, colour; /* colour in bytes */
};

/* Zeroed: none yet. The arrays are this one's. */
struct cache_slabs {
	struct cache_slab *slab;
	size_t count, capacity;
	u32 section_count[CACHE_SECTIONS];
};

/* Finds all slabs of a cache anew. Out of memory: some are missing. */
void cache_slabs_find(struct cache_slabs *c, const struct slab_system *s, const struct kmem_cache *cache);

void cache_slabs_free(struct cache_slabs *c);

/* Has the allocator such a list, if only an empty one? */
bool cache_slabs_has_list(const struct slab_system *s, enum cache_section section);

/* "full", "partial", "free", or whose slab it is; translated. Returns `out`, or a text that stays. */
const char *cache_slabs_title(enum cache_section section, unsigned cpu, char *out, size_t bytes);

/*
 * Calls `see` for the addresses that a CPU has at hand, as their users will
 * have them, the one that is handed out next first.  Returns how many.
 */
u32 cache_slabs_at_hand(const struct slab_system *s, const struct kmem_cache *cache, unsigned cpu,
			void (*see)(void *context, u64 address), void *context);

/* Bytes of an object that lie in front of what its user has. */
u32 cache_slabs_before(const struct slab_system *s, const struct kmem_cache *cache);

#endif
