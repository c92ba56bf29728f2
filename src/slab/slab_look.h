/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB, read: figures of /proc/slabinfo, hashes of recordings, objects one by one, invariants. See struct slab_rules.
 */
#ifndef KM_SLAB_SLAB_LOOK_H
#define KM_SLAB_SLAB_LOOK_H

#include "slab/rules.h"

void slab_look_info(const struct slab_system *s, const struct kmem_cache *cache, struct slab_info *info);
u64 slab_look_hash(const struct slab_system *s, const struct kmem_cache *cache);
void slab_look_objects(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, void *context,
		       void (*see)(void *context, u32 index, u64 address, unsigned state));
bool slab_look_check(const struct slab_system *s, const struct kmem_cache *cache, struct status *st);

#endif
