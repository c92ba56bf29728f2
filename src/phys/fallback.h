/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happens when a migratetype has no free block left: borrowing from
 * another, converting its page block, and the reserve for high-order atomic
 * requests.  Behaviour of 6.1, as the `migratetype-steal`,
 * `highatomic` and `buddy-tight` recordings show it.
 */
#ifndef KM_PHYS_FALLBACK_H
#define KM_PHYS_FALLBACK_H

#include "phys/request.h"

/*
 * Makes a block of at least `order` available on the list of `type` by taking
 * it from another type.  whole_blocks: only whole page blocks may be taken, so
 * that the zone is not mixed.  wake: the request wakes kswapd.  false: nothing
 * can be had.
 */
bool fallback_steal(struct phys *p, unsigned zone, unsigned order, unsigned type, bool whole_blocks, bool wake);

/* Keeps the page block of `pfn`, just handed out, for high-order atomic requests, unless the reserve is full or there
 * are no types. */
void fallback_reserve_highatomic(struct phys *p, unsigned zone, pfn_t pfn);

/*
 * Gives a page block of the reserve, which reclaim could not do without, to the
 * request's type.  The last block of a zone only if `all`.  false: none had a
 * free page.
 */
bool fallback_unreserve_highatomic(struct phys *p, const struct request *rq, bool all);

#endif
