/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking a block from a zone's buddy lists, with help from other migratetypes. */
#ifndef KM_PHYS_ZONE_TAKE_H
#define KM_PHYS_ZONE_TAKE_H

#include "phys/watermark.h"

/*
 * A block of rq->order for rq->type from the buddy lists.  uncounted: pages
 * taken before in the same refill, which the kernel counts off only at its
 * end.  *type: whose list it came from at last.  PFN_NONE: there is none.
 */
pfn_t zone_take(struct phys *p, unsigned zone, const struct request *rq, u32 uncounted, unsigned *type);

#endif
