/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be changed while the machine runs: the files of /proc/sys/vm.
 * Watermarks, reserves and per-CPU sizes are computed anew from them, by the
 * rules of the machine's kernel.
 */
#ifndef KM_MACHINE_TUNABLES_H
#define KM_MACHINE_TUNABLES_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/* The n-th tunable that this machine's kernel has, by its path below /proc/sys ("vm/min_free_kbytes"); NULL: no more.
 */
const char *tunables_name(const struct machine *m, size_t n);

/*
 * Writes `value`, a text as it is written to the file: numbers with blanks
 * between them, the first ones may be given alone.  false with a message:
 * there is no such file, or the kernel refuses with EINVAL; nothing is changed.
 */
bool tunables_set(struct machine *m, const char *name, const char *value, struct status *st);

/* Appends what reading the file gives, with its newline.  false with a message: there is no such file. */
bool tunables_get(const struct machine *m, const char *name, struct strbuf *out, struct status *st);

#endif
