/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a request for pages may do, attempt by attempt. */
#ifndef KM_PHYS_REQUEST_H
#define KM_PHYS_REQUEST_H

#include "phys/phys.h"

/* What a request may do, from its gfp mask and how often it has tried. */
struct request {
	gfp_t gfp;
	unsigned order;
	unsigned type; /* migratetype asked for */
	unsigned highest_zone; /* the highest zone type it allows */
	unsigned reserve_index; /* which lowmem_reserve counts against it */
	enum wmark mark; /* down to which it may go */
	bool may_use_high; /* half of the reserve: __GFP_HIGH; since 6.1 also a realtime task */
	bool may_use_harder; /* a further quarter of what is left: it cannot wait; in 2.6 also a realtime task */
	bool use_highatomic; /* high-order atomic: the reserve is made for it, and it may use it */
	bool cannot_block; /* may use the high-atomic reserve as a last resort */
	bool no_watermarks; /* everything */
	bool no_mixing; /* do not mix page types */
	bool wakes_kswapd;
	bool cold;
};

/* The node that a request begins with: that which was asked for, else that of the CPU that runs. */
static inline unsigned request_node(const struct phys *p)
{
	if (p->config->nodes == 1)
		return 0;
	return p->asked_node ? p->asked_node - 1 : p->state->cpu * p->config->nodes / p->config->cpus;
}

/* The zones that a request may use, in the order to try them; ends with ZONELIST_END. */
static inline const u8 *request_zonelist(const struct phys *p, unsigned highest_zone)
{
	return p->zonelist[request_node(p)][highest_zone];
}

/* Fills `rq` for the first attempt: no concession, down to the low watermark. */
void request_first(const struct phys *p, gfp_t gfp, unsigned order, struct request *rq);

/* Makes it the second attempt: the min watermark, less what the mask allows. */
void request_dig(const struct phys *p, struct request *rq);

/* Makes it the last attempt, for those who may: no watermark counts. */
void request_drain(struct request *rq);

/* May the task use everything, because it frees memory itself? */
bool request_may_drain(const struct phys *p, const struct request *rq);

#endif
