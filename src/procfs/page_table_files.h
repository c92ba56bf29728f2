/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /sys/kernel/debug/page_tables: the kernel's page tables, entries with the same
 * bits in one line (CONFIG_PTDUMP_DEBUGFS).  The form is that of dumps which were
 * published, as in reports on the kernel's mailing lists.
 */
#ifndef KM_PROCFS_PAGE_TABLE_FILES_H
#define KM_PROCFS_PAGE_TABLE_FILES_H

#include "base/strbuf.h"
#include "machine/machine.h"

/* 2.6.18 has no such file yet. */
bool page_table_files_exist(const struct machine *m);

void page_table_files_print(const struct machine *m, struct strbuf *out);

#endif
