/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Per-CPU lists: small stocks of blocks that a CPU takes from and gives to without the zone's lock. */
#ifndef KM_PHYS_PCP_H
#define KM_PHYS_PCP_H

#include "phys/watermark.h"

/* Takes a block from the lists of the CPU that runs, refilling them if needed. PFN_NONE: the zone has none. */
pfn_t pcp_take(struct phys *p, unsigned zone, const struct request *rq);

/* The same for the further pages of a bulk allocation, which counts as one. */
pfn_t pcp_take_next(struct phys *p, unsigned zone, const struct request *rq);

/*
 * Gives a block to the lists of the CPU that runs; above the high mark some
 * go back to the buddy lists.  type: of the page block.  cold: to the cold list,
 * where there is one.
 */
void pcp_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, bool cold);

/* Empties the lists of one zone and CPU. */
void pcp_drain(struct phys *p, unsigned zone, unsigned cpu);

/* Do blocks of this order pass the per-CPU lists? */
static inline bool pcp_has_order(const struct phys *p, unsigned order)
{
	return order < p->config->pcp_orders;
}

#endif
