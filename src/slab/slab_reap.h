/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB: memory goes back: shrinking, before a cache is destroyed, and as time passes. */
#ifndef KM_SLAB_SLAB_REAP_H
#define KM_SLAB_SLAB_REAP_H

#include "slab/slab.h"

/* See struct slab_rules. */
int slab_reap_shrink(struct slab_system *s, struct kmem_cache *cache);
bool slab_reap_empty(struct slab_system *s, struct kmem_cache *cache);

/* One pass of the reaper, that of the CPU that runs, over all caches. */
void slab_reap_pass(struct slab_system *s);

#endif
