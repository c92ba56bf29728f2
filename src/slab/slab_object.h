/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB: an object from the array, with what debugging does to it. See struct slab_rules: alloc and free. */
#ifndef KM_SLAB_SLAB_OBJECT_H
#define KM_SLAB_SLAB_OBJECT_H

#include "slab/slab.h"

u64 slab_object_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);
void slab_object_free(struct slab_system *s, struct kmem_cache *cache, u64 address);

#endif
