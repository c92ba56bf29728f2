/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contiguous memory allocator: areas reserved at boot, lent to movable
 * pages, and emptied when a contiguous piece is wanted.
 */
#ifndef KM_PHYS_CMA_H
#define KM_PHYS_CMA_H

#include "phys/phys.h"

/*
 * cma_alloc(): `count` pages of area number `area`, the first a multiple of
 * 2^align; PFN_NONE where the kernel returns NULL.  Borrowers are moved away.
 */
pfn_t cma_alloc(struct phys *p, unsigned area, u64 count, unsigned align);

/* cma_release(): gives pages back. Refuses what was not allocated so. */
bool cma_release(struct phys *p, pfn_t pfn, u64 count, struct status *st);

/*
 * How many pages cma_alloc() gave out together from `pfn` on; 0: none.  Of what
 * was loaded the beginnings are not known: then up to where the pages end.
 */
u32 cma_given_out(const struct phys *p, pfn_t pfn);

#endif
