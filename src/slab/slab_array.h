/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB: the array of objects that each CPU has of a cache.  It is a stack: what
 * was freed last, and is still in the processor's cache, is handed out first.
 * An empty one is refilled from the slabs, or from what CPUs share; from a full
 * one the oldest go back.
 */
#ifndef KM_SLAB_SLAB_ARRAY_H
#define KM_SLAB_SLAB_ARRAY_H

#include "slab/slab.h"

/* An object from the array of the CPU that runs; 0: there is none to be had. */
u64 slab_array_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);

/* Puts an object on that array. */
void slab_array_free(struct slab_system *s, struct kmem_cache *cache, u64 address);

/* Gives the `count` oldest objects of an array to their slabs. */
void slab_array_give_back(struct slab_system *s, struct kmem_cache *cache, struct array_cache *array, u32 count);

#endif
