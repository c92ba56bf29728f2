/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB: the invariants of a cache. */
#ifndef KM_SLAB_SLUB_CHECK_H
#define KM_SLAB_SLUB_CHECK_H

#include "slab/slub_object.h"

/*
 * slab_rules.check: lists, counters, and which slab is whose.  What lies in
 * the objects themselves is the user's to damage: a list of free objects that
 * leads astray is no fault of the model.
 */
bool slub_check(const struct slab_system *s, const struct kmem_cache *cache, struct status *st);

#endif
