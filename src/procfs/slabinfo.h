/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /proc/slabinfo, version 2.1. */
#ifndef KM_PROCFS_SLABINFO_H
#define KM_PROCFS_SLABINFO_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Does the machine's kernel have it? Not without an allocator of objects. */
bool slabinfo_exists(const struct machine *m);

/* Appends the file as the machine's kernel prints it, the youngest cache first. */
void slabinfo_print(const struct machine *m, struct strbuf *out);

#endif
