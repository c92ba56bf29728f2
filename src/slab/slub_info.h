/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB: what can be seen of a cache: counts, objects one by one, the hash of recordings. */
#ifndef KM_SLAB_SLUB_INFO_H
#define KM_SLAB_SLUB_INFO_H

#include "slab/slub_object.h"

/* A bit for each object of a slab. */
struct slub_bitmap {
	u64 word[(SLUB_MAX_OBJECTS + 63) / 64];
};

static inline bool slub_bitmap_has(const struct slub_bitmap *map, u32 index)
{
	return map->word[index / 64] >> index % 64 & 1;
}

/* Which objects are on the slab's own list of free ones, as far as that is one. */
void slub_info_free(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, struct slub_bitmap *map);

/* Where the objects of a cache are. */
struct slub_counts {
	u64 slabs, objects; /* all of them */
	u64 partial, partial_free; /* slabs on the nodes' lists, and free objects of them */
	u64 cpu_slabs; /* CPUs that have a slab */
	u64 cpu_free; /* objects that CPUs have at hand */
	u64 cpu_slab_inuse, cpu_slab_free; /* of CPUs' slabs: as their descriptors say */
	u64 cpu_partial, cpu_partial_free; /* slabs that CPUs keep besides, and free objects of them */
};

struct slub_counts slub_info_counts(const struct slab_system *s, const struct kmem_cache *cache);

/* Free objects of the partial slabs of a node. */
u64 slub_info_partial_free(const struct slab_system *s, const struct kmem_cache *cache, unsigned node);

/* slab_rules.info, .hash, .objects */
void slub_info_row(const struct slab_system *s, const struct kmem_cache *cache, struct slab_info *info);
u64 slub_info_hash(const struct slab_system *s, const struct kmem_cache *cache);
void slub_info_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, void *context,
		       void (*see)(void *context, u32 index, u64 address, unsigned state));

#endif
