/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB: the partial slabs of a node, and how a cache is emptied. */
#ifndef KM_SLAB_SLUB_NODE_H
#define KM_SLAB_SLUB_NODE_H

#include "slab/slub_slab.h"

/*
 * An object from a partial slab of this CPU's node, or of another one that has
 * more than it keeps; 0: there is none.  The slab becomes the CPU's, which may
 * keep some more for later; with debugging it stays where it is.
 */
u64 slub_node_take(struct slab_system *s, const struct kmem_cache *cache);

/* slab_rules.shrink: empty slabs go back, the fullest come first. */
int slub_node_shrink(struct slab_system *s, struct kmem_cache *cache);

/* slab_rules.empty: says which objects are in use. */
bool slub_node_empty(struct slab_system *s, struct kmem_cache *cache);

#endif
