/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB of 6.1: a list of indexes, a byte each, in the order in which they will
 * be taken; those before `active` (page->slab.inuse) are of objects in use.  It
 * lies in a free object, elsewhere, or at the slab's end: page->slab.freelist
 * is its address, 0 while a slab that keeps it in an object has none free.
 */
#ifndef KM_SLAB_SLAB_STORE_6_1_H
#define KM_SLAB_SLAB_STORE_6_1_H

#include "slab/slab_store.h"

/* The index at `position` of the list. */
u32 slab_store_6_1_index(const struct slab_system *s, const struct page *page, u32 position);

#endif
