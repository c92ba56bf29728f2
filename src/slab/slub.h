/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB of 6.1: allocation, freeing, and the table of its rules (slub_rules_6_1
 * in slab/rules.h).
 *
 * The fast path knows only the CPU's own slab and the list of its objects.
 * When that is empty: objects that others gave back to the same slab; the
 * CPU's partial slabs; the node's; a new slab.
 */
#ifndef KM_SLAB_SLUB_H
#define KM_SLAB_SLUB_H

#include "slab/kmem_cache.h"

/* slab_rules.alloc and .free. */
u64 slub_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);
void slub_free(struct slab_system *s, struct kmem_cache *cache, u64 address);

#endif
