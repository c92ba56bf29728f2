/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB of 2.6.18: struct slab and the array of kmem_bufctl_t behind it, before
 * the objects or off the slab.  `free` is the index of the first free object;
 * an entry of the array is the index of the next one.
 */
#ifndef KM_SLAB_SLAB_STORE_2_6_H
#define KM_SLAB_SLAB_STORE_2_6_H

#include "slab/slab_store.h"

/* What entries of the array say beside an index. */
#define BUFCTL_END 0xffffffffu /* no further one */
#define BUFCTL_FREE 0xfffffffeu /* DEBUG_SLAB: the object is in use (or in an array) */

/* Fields of struct slab, in bytes from its start; of 32 bits, but s_mem is a pointer. */
struct slab_store_2_6_fields {
	u32 colour, s_mem, inuse, free, node;
};

struct slab_store_2_6_fields slab_store_2_6_fields(const struct slab_config *config);

/* Address of struct slab, and of the array's entry `index`. */
u64 slab_store_2_6_bufctl(const struct slab_system *s, const struct page *page, u32 index);

#endif
