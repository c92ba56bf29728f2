/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compaction: movable pages go from the low end of a zone to free pages at its
 * high end, until the two scanners meet.  Behaviour of 6.1, as the
 * `compaction` recordings show it.
 */
#ifndef KM_PHYS_COMPACT_H
#define KM_PHYS_COMPACT_H

#include "phys/phys.h"

/*
 * What a write to /proc/sys/vm/compact_memory does: all zones of all nodes,
 * each as a whole.  Returns the pages moved.  false in `st`: no host memory;
 * the zones that were not reached are as they were.
 */
u64 compact_memory(struct phys *p, struct status *st);

#endif
