/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/swaps. */
#ifndef KM_PROCFS_SWAPS_H
#define KM_PROCFS_SWAPS_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Appends the file as the machine's kernel prints it. The swap area is a partition, /dev/sda2. */
void swaps_print(const struct machine *m, struct strbuf *out);

#endif
