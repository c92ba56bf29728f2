/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's own text about its memory, byte for byte; and what writing to its files does. */
#ifndef KM_PROCFS_PROCFS_H
#define KM_PROCFS_PROCFS_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/*
 * Appends the content of `path` ("/proc/buddyinfo").  false with a message: no
 * such file on this machine, with the files there are; or it can only be
 * written.
 */
bool procfs_read(const struct machine *m, const char *path, struct strbuf *out, struct status *st);

/*
 * Writes `text`, as `echo` would, to a file below /proc/sys/vm.  false with a
 * message: no such file, or the kernel refuses (EACCES: it cannot be written;
 * EINVAL: not with this text); the machine is then unchanged, unless the host
 * ran out of memory.
 */
bool procfs_write(struct machine *m, const char *path, const char *text, struct status *st);

/* Appends the n-th path that this machine has, whether to read or to write; false: no more. */
bool procfs_path(const struct machine *m, size_t n, struct strbuf *path);

/* sysrq-m: what `echo m > /proc/sysrq-trigger` makes the kernel print. */
void procfs_show_mem(const struct machine *m, struct strbuf *out);

/* The same without the line that names sysrq, as it follows the report of a failed allocation. */
void procfs_mem_info(const struct machine *m, struct strbuf *out);

#endif
