/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB with debugging: what is written beside and into objects, and what is
 * looked for there.
 *
 * Such a cache has no CPU slabs.  Every object is taken from, and given back
 * to, a slab on a list of the node, where it can be checked.
 */
#ifndef KM_SLAB_SLUB_DEBUG_H
#define KM_SLAB_SLUB_DEBUG_H

#include "slab/slub_object.h"

enum {
	SLUB_RED_INACTIVE = 0xbb, /* a red zone of a free object */
	SLUB_RED_ACTIVE = 0xcc, /* of one in use */
	POISON_INUSE = 0x5a, /* gaps of a slab */
	POISON_FREE = 0x6b, /* a free object */
	POISON_END = 0xa5, /* its last byte */
};

/* Fills a new slab, and makes one of its objects ready. Nothing without debugging. */
void slub_debug_set_up_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);
void slub_debug_set_up_object(struct slab_system *s, const struct kmem_cache *cache, u64 object);

/*
 * Takes the next object of a partial slab, or of a new one, which then is
 * counted and put on a list.  0: it did not pass the checks; then all of the
 * slab counts as in use, and it is on no list.
 */
u64 slub_debug_take(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);
u64 slub_debug_take_new(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* Gives an object back, if the checks let it; any address in the slab. */
void slub_debug_free(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object);

/* Looks at all objects of an empty slab before its pages go. */
void slub_debug_last_check(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

#endif
