/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /sys/kernel/debug/memblock: the memory that boot knows of, and what it has reserved of it. */
#ifndef KM_PROCFS_MEMBLOCK_FILES_H
#define KM_PROCFS_MEMBLOCK_FILES_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* Has this machine's kernel these files? Those that keep memblock (CONFIG_ARCH_KEEP_MEMBLOCK) do. */
bool memblock_files_exist(const struct machine *m);

void memblock_files_print_memory(const struct machine *m, struct strbuf *out);
void memblock_files_print_reserved(const struct machine *m, struct strbuf *out);

#endif
