/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/zone_take.h"

#include "phys/buddy.h"
#include "phys/fallback.h"

static pfn_t take_of(struct phys *p, unsigned zone, unsigned order, unsigned from, unsigned *type)
{
	*type = from;
	return buddy_take(p, zone, order, from);
}

pfn_t zone_take(struct phys *p, unsigned zone, const struct request *rq, u32 uncounted, unsigned *type)
{
	const struct zone *z = &p->zone[zone];
	bool cma = rq->type == MT_MOVABLE;
	pfn_t pfn;

	/* CMA is lent early, so that its pages and the others are used alike. */
	if (cma && z->free_cma > (z->free + uncounted) / 2) {
		EMIT(p->observer, CMA_FIRST, zone, z->free_cma, z->free);
		pfn = take_of(p, zone, rq->order, MT_CMA, type);
		if (pfn != PFN_NONE)
			return pfn;
	}
	pfn = take_of(p, zone, rq->order, rq->type, type);
	if (pfn == PFN_NONE && cma && z->free_cma)
		pfn = take_of(p, zone, rq->order, MT_CMA, type);
	if (pfn == PFN_NONE && p->config->types > 1 &&
	    fallback_steal(p, zone, rq->order, rq->type, rq->no_mixing, rq->wakes_kswapd))
		pfn = take_of(p, zone, rq->order, rq->type, type);
	return pfn;
}
