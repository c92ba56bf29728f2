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

/* Could waiting help: is there anything to reclaim or to compact, or anybody to kill? */
bool page_slow_can_help(struct phys *p, const struct request *rq);

/* Goes on with a request after its attempts without waiting. PFN_NONE: it got nothing in the end. */
pfn_t page_slow_wait(struct phys *p, struct request *rq);

#endif
