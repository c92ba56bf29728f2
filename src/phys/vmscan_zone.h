/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reclaim as 2.6.18 does it, zone by zone.  Mapped pages are left on the active
 * list until it is hard to find others: half of the share of mapped pages, the
 * distress of the last reclaim and swappiness together must reach 100
 * (M. Gorman, Understanding the Linux Virtual Memory Manager, ch. 10, and
 * Documentation/sysctl/vm.txt of that kernel).
 */
#ifndef KM_PHYS_VMSCAN_ZONE_H
#define KM_PHYS_VMSCAN_ZONE_H

#include "phys/vmscan.h"

/* A pass of this priority begins: mapped pages are taken as soon as it is hard to find others, not only next time. */
void vmscan_zone_urge(struct phys *p, unsigned zone, unsigned priority);

/* One zone at the priority of `sc`. */
void vmscan_zone_shrink(struct phys *p, struct scan *sc, unsigned zone);

/* All zones of the request, at rising effort, until enough is freed. */
void vmscan_zone_direct(struct phys *p, struct scan *sc);

/* A run of reclaim on the zones of a node begins, and ends: its last priority is what the next one starts out from. */
void vmscan_zone_begin(struct phys *p, unsigned node);
void vmscan_zone_end(struct phys *p, unsigned node);

/* Pages on the lists of a zone. */
u64 vmscan_zone_pages(const struct phys *p, unsigned zone);

#endif
