/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB under DEBUG_SLAB: what lies in and around objects, and what is looked
 * at.  A slot, from one object to the next, is: red zone, the object itself,
 * red zone, who used it last.  Arrays and slabs know slots; users get what is
 * cache->slab.obj_offset behind.
 */
#ifndef KM_SLAB_SLAB_DEBUG_H
#define KM_SLAB_SLAB_DEBUG_H

#include "slab/slab.h"

#define SLAB_POISON_FREE 0x6b /* an object that is free is full of it */
#define SLAB_POISON_INUSE 0x5a /* the same when it is handed out */
#define SLAB_POISON_END 0xa5 /* its last byte in both cases */

/* A slot of a new slab. */
void slab_debug_new(struct slab_system *s, const struct kmem_cache *cache, u64 slot);

/* A slot is handed out; returns the address for the user. */
u64 slab_debug_alloc(struct slab_system *s, const struct kmem_cache *cache, u64 slot);

/* An address comes back; returns its slot. 0: the kernel is down, because no object begins there. */
u64 slab_debug_free(struct slab_system *s, const struct kmem_cache *cache, u64 address);

/* Fills a free object with poison, over what the allocator kept in it (6.1). */
void slab_debug_poison(struct slab_system *s, const struct kmem_cache *cache, u64 slot);

/* A free slot of a slab that is given up. */
void slab_debug_end(struct slab_system *s, const struct kmem_cache *cache, u64 slot);

/* Writes what must lie in every slot of a cache whose slabs and arrays were loaded, not made. */
void slab_debug_adopt(struct slab_system *s, const struct kmem_cache *cache);

#endif
