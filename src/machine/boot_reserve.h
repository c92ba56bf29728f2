/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kernel takes for itself before the page allocator runs: its image, page descriptors, hash tables. */
#ifndef KM_MACHINE_BOOT_RESERVE_H
#define KM_MACHINE_BOOT_RESERVE_H

#include "machine/bootmem.h"
#include "machine/desc.h"

/*
 * Takes what the boot of Linux 2.6 takes.  *bitmap: the frames of bootmem's
 * own bitmap, which are given back last.  b->failed: the RAM is not enough.
 */
void boot_reserve_2_6(struct bootmem *b, const struct machine_desc *desc, struct phys_range *bitmap);

/*
 * Takes what the boot of Linux 6.1 takes.  *initrd: the bytes of the initial
 * RAM disk; *cma: those of the contiguous memory area.  Empty where there is none.
 */
void boot_reserve_6_1(struct bootmem *b, const struct machine_desc *desc, struct desc_range *initrd,
		      struct desc_range *cma);

#endif
