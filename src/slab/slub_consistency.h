/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB with debugging: the checks.  What they find is reported, and repaired as
 * far as that goes.
 */
#ifndef KM_SLAB_SLUB_CONSISTENCY_H
#define KM_SLAB_SLUB_CONSISTENCY_H

#include "slab/slub_object.h"

/* Counters of a slab, and the gap at its end. */
bool slub_consistency_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* The gap at the end of a slab; repairs it. */
void slub_consistency_padding(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* An object of the slab, and the bytes around it; `red` is what its red zones should hold. */
bool slub_consistency_object(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, u8 red);

/* May this object be handed out; may it be given back? Any address. */
bool slub_consistency_alloc(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object);
bool slub_consistency_free(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object);

/* All slabs on lists of the nodes, after CPUs gave up theirs: each list of free objects, and each object. */
void slub_consistency_validate(struct slab_system *s, const struct kmem_cache *cache);

#endif
