/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May a zone serve a request?  Watermarks and the pages kept back from lower zones. */
#ifndef KM_PHYS_WATERMARK_H
#define KM_PHYS_WATERMARK_H

#include "phys/phys.h"

/* What a request may do, from its gfp mask and how often it has tried. */
struct request {
	gfp_t gfp;
	unsigned order;
	unsigned type; /* migratetype asked for */
	unsigned highest_zone; /* the highest zone type it allows */
	unsigned reserve_index; /* which lowmem_reserve counts against it */
	enum wmark mark; /* down to which it may go */
	bool may_use_high; /* half of the reserve (__GFP_HIGH) */
	bool may_use_harder; /* a further quarter of what is left, because it cannot wait */
	bool use_highatomic; /* high-order atomic: the reserve is made for it, and it may use it */
	bool cannot_block; /* may use the high-atomic reserve as a last resort */
	bool no_watermarks; /* everything */
	bool no_mixing; /* do not mix page types */
	bool wakes_kswapd;
	bool cold;
};

/* Does the zone stay above its watermark if it serves this? Tells an observer the figures. */
bool watermark_check(struct phys *p, unsigned zone, const struct request *rq);

/* The same; a single page from a zone with plenty is decided at once, as in the kernel. */
static inline bool watermark_ok(struct phys *p, unsigned zone, const struct request *rq)
{
	const struct zone *z = &p->zone[zone];

	if (rq->order == 0 && !p->observer &&
	    (u64)z->free > (u64)z->wmark[rq->mark] + z->boost + z->highatomic + z->free_cma +
				   z->lowmem_reserve[rq->reserve_index])
		return true;
	return watermark_check(p, zone, rq);
}

#endif
