/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fragmented a zone is, in numbers that the kernel computes from the
 * counts of /proc/buddyinfo alone, in thousandths.
 */
#ifndef KM_PHYS_EXTFRAG_H
#define KM_PHYS_EXTFRAG_H

#include "base/types.h"

/* The fragmentation index says nothing: a block of the order, or a larger one, is free. */
#define EXTFRAG_FITS (-1000)

/* How many requests of `order` the free blocks would serve, if no other came between. */
u64 extfrag_suitable(const u32 *nr_free, unsigned orders, unsigned order);

/*
 * Unusable free space index: which part of the free pages lies in blocks too
 * small for a request of `order`.  0: none; 1000: all, or nothing is free.
 * nr_free[orders] are the free blocks by order.
 */
unsigned extfrag_unusable(const u32 *nr_free, unsigned orders, unsigned order);

/*
 * Fragmentation index: why a request of `order` would fail.  Towards 0: there
 * is too little memory; towards 1000: it is there, in pieces.  EXTFRAG_FITS: it
 * would not fail.
 */
int extfrag_index(const u32 *nr_free, unsigned orders, unsigned order);

#endif
