/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page tables that boot made: the direct map, the kernel's image on x86_64,
 * and the tables of fixed addresses.
 *
 * Sources: Gorman, "Understanding the Linux Virtual Memory Manager", chapter 3
 * (2.6: every 4 MiB of low memory is a big page); the DirectMap lines of the
 * recorded /proc/meminfo, which 6.1's sizes of pages and splits equal; the boot
 * memory that recorded boots took for tables.  Where the kernel's image holds
 * tables it is told by its sections where that is known; the others are put
 * into its zeroed data.
 */
#ifndef KM_MACHINE_BOOT_TABLES_H
#define KM_MACHINE_BOOT_TABLES_H

#include "base/status.h"

struct machine;

/* Makes them, when boot memory was handed over.  false with a message: there is no room for them. */
bool boot_tables_make(struct machine *m, struct status *st);

#endif
