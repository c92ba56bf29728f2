/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files and processes, as far as their pages are concerned: the page cache and
 * anonymous memory.  What is in the pages is not kept when they leave memory.
 *
 * New pages of files begin on the inactive list.  Anonymous pages begin on the
 * active list in 2.6.18, on the inactive one since 5.9.
 */
#ifndef KM_PHYS_MAPPING_H
#define KM_PHYS_MAPPING_H

#include "base/status.h"
#include "phys/reclaim.h"

/* The number of an owner in the table; none. */
#define OWNER_NOBODY RECLAIM_OWNERS

/* The file or process called `name`; OWNER_NOBODY: there is none. */
unsigned mapping_find(const struct phys *p, enum owner_kind kind, const char *name);

/* The process of this number; OWNER_NOBODY: there is none. */
unsigned mapping_of_pid(const struct phys *p, u32 pid);

/* The same, made if there is none. OWNER_NOBODY with a message: the table is full, or the name too long. */
unsigned mapping_make(struct phys *p, enum owner_kind kind, const char *name, struct status *st);

/* Where page `index` of an owner is. */
const struct place *mapping_place(const struct phys *p, unsigned owner, u32 index);

enum use_result {
	USE_DONE,
	USE_NO_MEMORY, /* there was none: ENOMEM */
	USE_KILLED, /* the process that asked was killed for want of memory */
};

/*
 * The pages [from, from + pages) are used: read or written in a file through
 * the page cache, or touched (and so changed) by a process.  Those that are not
 * in memory are brought in, *brought counts them.  If it does not end well, what
 * came before is done.
 */
enum use_result mapping_read(struct phys *p, unsigned file, u32 from, u32 pages, u32 *brought);
enum use_result mapping_write(struct phys *p, unsigned file, u32 from, u32 pages, u32 *brought);
enum use_result mapping_touch(struct phys *p, unsigned process, u32 from, u32 pages, u32 *brought);

/*
 * Brings the page at `index`, which is in the swap area, back into memory; the
 * request has the flags `how`, too.  PFN_NONE: there was none.
 */
pfn_t mapping_swap_in(struct phys *p, unsigned process, u32 index, gfp_t how);

/* Reclaim lets go of a page that is on no list: its place remembers it, its frame is freed. */
void mapping_evict(struct phys *p, pfn_t pfn);

/* The page is in another frame now; its descriptor has moved. */
void mapping_moved(struct phys *p, pfn_t to);

/* The file is deleted, the process ends: all its pages are freed, written or not. Returns how many. */
u32 mapping_end(struct phys *p, unsigned owner);

/* A page is dirty from now on, or clean. */
void mapping_set_dirty(struct phys *p, pfn_t pfn);
void mapping_set_clean(struct phys *p, pfn_t pfn);

#endif
