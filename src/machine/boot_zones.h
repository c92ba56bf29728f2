/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a machine's RAM lies, and how it is divided into nodes and zones. */
#ifndef KM_MACHINE_BOOT_ZONES_H
#define KM_MACHINE_BOOT_ZONES_H

#include "machine/desc.h"
#include "phys/phys.h"

/* Bytes that highmem= and vmalloc= must leave as low memory at least. */
#define BOOT_ZONES_LOWMEM_LEAST (UINT64_C(64) << 20)

/*
 * Fills memory, max_pfn, direct_map_end, nodes, zones with their sizes
 * (managed = present) and gfp_zone of `c`, whose page_shift and orders are
 * set.  false with a message that says what to change.
 */
bool boot_zones_lay_out(struct phys_config *c, const struct machine_desc *desc, struct status *st);

/* Fills gfp_zone of `c`: the highest zone type that a mask allows. */
void boot_zones_map_gfp(struct phys_config *c, const struct machine_desc *desc);

/* Bytes of RAM below `end`. */
u64 boot_zones_ram_below(const struct phys_config *c, u64 end);

#endif
