/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of /sys/kernel/debug/extfrag: how fragmented each zone is, by order. */
#ifndef KM_PROCFS_EXTFRAG_FILES_H
#define KM_PROCFS_EXTFRAG_FILES_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* unusable_index: which part of the free memory is of no use to a request. */
void extfrag_files_print_unusable(const struct machine *m, struct strbuf *out);

/* extfrag_index: would a request fail for lack of memory (0), or for fragmentation (1)? */
void extfrag_files_print_index(const struct machine *m, struct strbuf *out);

#endif
