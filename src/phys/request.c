/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/request.h"

#include "phys/preempt.h"

static unsigned request_type(const struct phys *p, gfp_t gfp)
{
	if (p->config->types == 1 || p->config->mobility_disabled)
		return MT_UNMOVABLE;
	if (gfp & p->gfp->movable)
		return MT_MOVABLE;
	return gfp & p->gfp->reclaimable ? MT_RECLAIMABLE : MT_UNMOVABLE;
}

void request_first(const struct phys *p, gfp_t gfp, unsigned order, struct request *rq)
{
	const struct gfp_bits *g = p->gfp;
	unsigned first;

	*rq = (struct request){
		.gfp = gfp,
		.order = order,
		.type = request_type(p, gfp),
		.highest_zone = p->config->gfp_zone[gfp & GFP_ZONE_BITS],
		.mark = WMARK_LOW,
		.wakes_kswapd = !g->kswapd || (gfp & g->kswapd),
		.cold = (gfp & g->cold) != 0,
	};
	rq->reserve_index = rq->highest_zone;
	first = *request_zonelist(p, rq->highest_zone);
	if (first != ZONELIST_END) {
		unsigned type = p->config->zone[first].type;

		if (p->config->reserve_by_first_zone)
			rq->reserve_index = type;
		/* A plain kernel request: its zone is worth keeping unmixed while there is another. */
		rq->no_mixing = p->config->fallback_nofragment && type == p->config->gfp_zone[0];
	}
}

void request_dig(const struct phys *p, struct request *rq)
{
	const struct gfp_bits *g = p->gfp;
	bool waits = (rq->gfp & g->wait) != 0;
	bool realtime = p->state->realtime && !preempt_in_interrupt(p);

	rq->mark = WMARK_MIN;
	rq->no_mixing = false;
	rq->may_use_high = (rq->gfp & g->high) != 0;
	if (p->config->watermark_rule == WATERMARK_BY_ORDER) {
		rq->may_use_harder = !waits || realtime;
		return;
	}
	/* A realtime task waits no longer than it must. */
	rq->may_use_high |= waits && realtime;
	rq->cannot_block = !waits && !(rq->gfp & g->nomemalloc);
	rq->may_use_harder = rq->cannot_block && rq->may_use_high;
	rq->use_highatomic = rq->may_use_harder && rq->order > 0;
}

bool request_may_drain(const struct phys *p, const struct request *rq)
{
	if (rq->gfp & p->gfp->nomemalloc)
		return false;
	if (rq->gfp & p->gfp->memalloc)
		return true;
	return p->state->memalloc && !preempt_in_interrupt(p);
}

void request_drain(struct request *rq)
{
	rq->no_watermarks = true;
	/* This takes the place of every other concession: the high-atomic reserve stays out of reach. */
	rq->may_use_high = rq->may_use_harder = rq->use_highatomic = rq->cannot_block = false;
}
