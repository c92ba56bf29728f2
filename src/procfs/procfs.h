/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's own text about its memory, byte for byte. */
#ifndef KM_PROCFS_PROCFS_H
#define KM_PROCFS_PROCFS_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/*
 * Appends the content of `path` ("/proc/buddyinfo").  false with a message
 * that names the files there are: no such file on this machine.
 */
bool procfs_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st);

/* The n-th path that can be read, NULL behind the last: for completion and help. */
const char *procfs_path(size_t n);

/* sysrq-m: what `echo m > /proc/sysrq-trigger` makes the kernel print. */
void procfs_show_mem(const struct machine *m, struct strbuf *out);

#endif
