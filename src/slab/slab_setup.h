/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB: what a cache has besides its descriptor: arrays for CPUs, the array that they share, its lists. */
#ifndef KM_SLAB_SLAB_SETUP_H
#define KM_SLAB_SLAB_SETUP_H

#include "slab/slab.h"

/* Sizes of the arrays, by the size of an object. */
void slab_setup_tune(const struct slab_system *s, struct kmem_cache *cache);

/* See struct slab_rules: set_up and tear_down. */
bool slab_setup(struct slab_system *s, struct kmem_cache *cache);
void slab_setup_undo(struct slab_system *s, struct kmem_cache *cache);

#endif
