/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel prints about its memory, at sysrq-m and when an allocation fails. */
#ifndef KM_PROCFS_SHOWMEM_H
#define KM_PROCFS_SHOWMEM_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* The report, in the form of the machine's kernel: what follows the line that says why it is printed. */
void showmem_print(const struct machine *m, struct strbuf *out);

/* That line, where sysrq-m is the reason. */
void showmem_print_sysrq(const struct machine *m, struct strbuf *out);

#endif
