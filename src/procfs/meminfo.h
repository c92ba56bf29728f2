/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/meminfo. Lines about what a machine has not (files, processes, slabs, swap) are 0. */
#ifndef KM_PROCFS_MEMINFO_H
#define KM_PROCFS_MEMINFO_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* For a machine of which vmstat_exists(). */
void meminfo_print(const struct machine *m, struct strbuf *out);

#endif
