/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the direct map is mapped. */
#ifndef KM_VIRT_DIRECT_MAP_H
#define KM_VIRT_DIRECT_MAP_H

#include "virt/page_table.h"

/*
 * How many entries map memory, by level (the first: single pages), as 6.1
 * counts them for /proc/meminfo: a big page of the image's own map that was split
 * counts as one of the direct map's.  The recorded meminfo shows it.
 */
void direct_map_count(const struct virt_system *v, u64 pages[TABLE_LEVELS]);

#endif
