/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map of physical memory that the firmware tells the kernel: what is RAM,
 * and what it keeps for itself (lines BIOS-e820 and user of the recorded consoles).
 */
#ifndef KM_MACHINE_MEMORY_MAP_H
#define KM_MACHINE_MEMORY_MAP_H

#include "machine/desc.h"

#define MEMORY_MAP_ENTRIES (2 * DESC_RANGES + 6)

struct memory_map_entry {
	u64 start, end; /* bytes; end is the first one behind */
	bool ram; /* else reserved */
};

/* Ascending; no two overlap. */
struct memory_map {
	struct memory_map_entry entry[MEMORY_MAP_ENTRIES];
	unsigned count;
};

/* What the firmware tells. Where the description names the RAM itself, only what it names further is reserved. */
void memory_map_of_firmware(const struct machine_desc *d, struct memory_map *map);

/*
 * What the kernel makes of it: mem= cuts it, in 2.6 with all that lies above;
 * 6.1 takes page 0 of a PC as reserved.
 */
void memory_map_of_kernel(const struct machine_desc *d, struct memory_map *map);

#endif
