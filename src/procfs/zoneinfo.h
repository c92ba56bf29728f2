/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /proc/zoneinfo: sizes, watermarks, reserves and per-CPU lists of each zone.
 * Counters of what a machine has not are 0 (see vmstat.h).
 */
#ifndef KM_PROCFS_ZONEINFO_H
#define KM_PROCFS_ZONEINFO_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* For a machine of which vmstat_exists(). */
void zoneinfo_print(const struct machine *m, struct strbuf *out);

#endif
