/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request that may wait and found nothing: it reclaims, compacts, lets the
 * out-of-memory killer kill, and tries again, by the rules of its mask.
 *
 * 2.6.18: up to order 3, or with __GFP_REPEAT, it goes on as long as reclaim
 * frees pages; with nothing freed a process is killed (M. Gorman, Understanding
 * the Linux Virtual Memory Manager, ch. 6 and 13).  6.1: Documentation/core-api/
 * memory-allocation ("GFP flags and reclaim behavior").
 *
 * A kernel may try for ever.  Here nobody else runs who could free memory in the
 * end, so a request that has tried in vain until nothing changes any more is said to
 * wait for ever, and gets NULL.
 */
#ifndef KM_PHYS_PAGE_SLOW_H
#define KM_PHYS_PAGE_SLOW_H

#include "phys/request.h"

/*
 * Does a request that may wait do so as in the kernel?  Not where there has never
 * been a file, a process or a shrinker: there the allocator is looked at alone, and
 * a request that finds nothing fails.  Once there has been one it is the kernel's
 * rule, to the end: with nobody left to kill it panics, whatever was reclaimed before.
 */
bool page_slow_exists(const struct phys *p);

/* Goes on with a request after its attempts without waiting. PFN_NONE: it got nothing in the end. */
pfn_t page_slow_wait(struct phys *p, struct request *rq);

#endif
