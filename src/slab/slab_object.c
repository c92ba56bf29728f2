/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_object.h"

#include "slab/slab_array.h"
#include "slab/slab_debug.h"

u64 slab_object_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp)
{
	u64 slot = slab_array_alloc(s, cache, gfp);

	return slot && s->config->debug ? slab_debug_alloc(s, cache, slot) : slot;
}

void slab_object_free(struct slab_system *s, struct kmem_cache *cache, u64 address)
{
	if (s->config->debug) {
		address = slab_debug_free(s, cache, address);
		if (!address)
			return;
	}
	slab_array_free(s, cache, address);
}
