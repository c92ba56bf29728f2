/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB of 2.6.18: how many objects lie in a slab of how many pages, and where. */
#ifndef KM_SLAB_SLAB_GEOMETRY_2_6_H
#define KM_SLAB_SLAB_GEOMETRY_2_6_H

#include "slab/slab.h"

/* See struct slab_rules: geometry. */
bool slab_geometry_2_6(const struct slab_system *s, struct kmem_cache *cache);

/* The same without debugging: of a cache with `size`, `align` and `flags` as they are to be. */
bool slab_geometry_2_6_plain(const struct slab_system *s, struct kmem_cache *cache);

#endif
