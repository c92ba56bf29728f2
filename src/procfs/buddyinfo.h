/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/buddyinfo: free blocks by zone and order; and /proc/pagetypeinfo: the same by migratetype. */
#ifndef KM_PROCFS_BUDDYINFO_H
#define KM_PROCFS_BUDDYINFO_H

#include "base/strbuf.h"
#include "machine/machine.h"

void buddyinfo_print(const struct machine *m, struct strbuf *out);

/* For a machine that groups pages by mobility. */
void buddyinfo_print_types(const struct machine *m, struct strbuf *out);

#endif
