/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing dirty pages to disk.  A page that is being written stays so until
 * time passes: while a request waits, or when it is let pass.  Then all writes
 * that were begun have ended.
 *
 * Limits of Documentation/admin-guide/sysctl/vm (in 2.6: sysctl/vm.txt):
 * who makes pages dirty must wait for the disk beyond dirty_ratio; beyond
 * dirty_background_ratio, or when a file is dirty for 30 seconds, a thread of
 * the kernel writes.
 */
#ifndef KM_PHYS_WRITEBACK_H
#define KM_PHYS_WRITEBACK_H

#include "phys/reclaim.h"

/* Begins to write a dirty page. */
void writeback_start(struct phys *p, pfn_t pfn);

/* The writes that were begun have ended. Returns how many pages that were. */
u32 writeback_finish(struct phys *p);

/* Writes all dirty pages of a file, or of all files, to the end. Returns how many. */
u32 writeback_file(struct phys *p, unsigned file);
u32 writeback_all(struct phys *p);

/* Pages that may be dirty before the writer waits, and before the kernel's thread writes. */
void writeback_limits(const struct phys *p, u64 *limit, u64 *background);

/* The file got a dirty page: its writer may have to wait. */
void writeback_balance(struct phys *p, unsigned file);

/* Time has passed: what the kernel's thread writes. */
void writeback_tick(struct phys *p);

#endif
