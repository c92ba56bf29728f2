/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compaction: movable pages go from the low end of a zone to free pages at its
 * high end, until the two scanners meet.  Behaviour of 6.1, as the
 * `compaction` recordings show it.
 */
#ifndef KM_PHYS_COMPACT_H
#define KM_PHYS_COMPACT_H

#include "phys/request.h"

/*
 * What a write to /proc/sys/vm/compact_memory does: all zones of all nodes,
 * each as a whole.  Returns the pages moved.  false in `st`: no host memory;
 * the zones that were not reached are as they were.
 */
u64 compact_memory(struct phys *p, struct status *st);

enum compact_result {
	COMPACT_SKIPPED, /* too little is free to move pages to, or it is not for want of large blocks */
	COMPACT_MADE, /* there is a block for the request */
	COMPACT_WHOLE, /* the scanners have met, and there is none */
};

/*
 * Compacts a zone until there is a block for the request.  A zone is suitable
 * if twice the block's pages are free above its watermark, and (above order 3)
 * if what is free is in pieces: its fragmentation index is above 500
 * (Documentation/admin-guide/sysctl/vm, extfrag_threshold).  Without memory of
 * the host for it, p->host_short is set.
 */
enum compact_result compact_for(struct phys *p, unsigned zone, const struct request *rq);

#endif
