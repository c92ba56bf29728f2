/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /proc/vmstat, and the names of the kernel's counters, which /proc/zoneinfo
 * has too.  What the machine does not count (page tables, memory that is locked,
 * pages handed out), it shows as 0.
 */
#ifndef KM_PROCFS_VMSTAT_H
#define KM_PROCFS_VMSTAT_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Does this machine follow a kernel that has these files? */
bool vmstat_exists(const struct machine *m);

void vmstat_print(const struct machine *m, struct strbuf *out);

/* The n-th counter of a zone, or of a node: its name; NULL behind the last. */
const char *vmstat_zone_item(const struct machine *m, unsigned n);
const char *vmstat_node_item(const struct machine *m, unsigned n);

/* Value of a zone's counter, and of a node's; what is only counted for all nodes together is node 0's. */
u64 vmstat_zone_value(const struct machine *m, unsigned zone, unsigned n);
u64 vmstat_node_value(const struct machine *m, unsigned node, unsigned n);

/* A counter by its name, summed over zones and nodes; false: this kernel has none of that name. */
bool vmstat_value(const struct machine *m, const char *name, u64 *value);

#endif
