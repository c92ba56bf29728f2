/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /proc/iomem: what lies where in the physical address space, as far as the
 * description of the machine knows it: RAM and what the firmware keeps
 * (machine/memory_map.h), the ROM and the video memory of a PC, the parts of the
 * kernel.  Devices are not described, so their lines are missing.
 *
 * A line for each, those inside of another set in by two blanks.  2.6.18 says
 * "reserved" and knows code and data of the kernel, 6.1 says "Reserved" and knows
 * four parts.  Each kernel leaves out what its addresses do not reach.
 */
#ifndef KM_PROCFS_IOMEM_H
#define KM_PROCFS_IOMEM_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Has the machine a kernel, and a memory that was not pasted from a server? */
bool iomem_exists(const struct machine *m);

/* Appends the file as the machine's kernel prints it for root. */
void iomem_print(const struct machine *m, struct strbuf *out);

#endif
