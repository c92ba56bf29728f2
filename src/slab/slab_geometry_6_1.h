/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB of 6.1: how many objects lie in a slab of how many pages, and where the list of free ones is. */
#ifndef KM_SLAB_SLAB_GEOMETRY_6_1_H
#define KM_SLAB_SLAB_GEOMETRY_6_1_H

#include "slab/slab.h"

/* See struct slab_rules: geometry. */
bool slab_geometry_6_1(const struct slab_system *s, struct kmem_cache *cache);

#endif
