/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reclaim as 6.1 does it, node by node.  How anonymous pages and files share
 * the effort follows from swappiness and from what taking either has cost
 * lately; which of them are looked at at all, from how many there are.  Dirty
 * pages of files are not written here but left to the kernel's own thread.
 * Sources: Documentation/admin-guide/sysctl/vm (swappiness, dirty_*),
 * Documentation/mm ("Workingset detection"), Documentation/admin-guide/mm/concepts.
 */
#ifndef KM_PHYS_VMSCAN_NODE_H
#define KM_PHYS_VMSCAN_NODE_H

#include "phys/vmscan.h"

/* One node at the priority of `sc`, and the shrinkers. */
void vmscan_node_shrink(struct phys *p, struct scan *sc, unsigned node);

/* kswapd's first look: active anonymous pages grow old even where there is no need. */
void vmscan_node_age(struct phys *p, struct scan *sc, unsigned node);

/* All nodes of the request, at rising effort, until enough is freed. */
void vmscan_node_direct(struct phys *p, struct scan *sc);

/* Pages of a zone that reclaim could free: those of files, and with room in the swap area anonymous ones. */
u64 vmscan_node_reclaimable(const struct phys *p, unsigned zone);

#endif
