/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shrinkers: whoever keeps objects that can be made again (names of files,
 * inodes) registers, and is asked to give some up when pages are reclaimed, in
 * proportion to how hard the lists are scanned.  2.6.18 reckons by the share of
 * pages that were looked at, 6.1 by the priority of the pass; what is less than
 * a batch is put off (M. Gorman, Understanding the Linux Virtual Memory Manager,
 * "Reclaiming Pages from Slab"; include/linux/shrinker.h and
 * Documentation/admin-guide/mm/shrinker_debugfs of 6.1).
 *
 * Who they are is part of the machine's state.  The functions that are called
 * are p->shrinker_calls: whoever lays out owners sets them, again on a clone.
 */
#ifndef KM_PHYS_SHRINKER_H
#define KM_PHYS_SHRINKER_H

#include "phys/reclaim.h"

#define SHRINKER_BATCH 128 /* objects that are asked for at once: SHRINK_BATCH */
#define SHRINKER_SEEKS 2 /* DEFAULT_SEEKS */
#define SHRINKER_STOP UINT64_MAX /* SHRINK_STOP, of 2.6.18 -1: the owner can do nothing for this request */

/* Registers one more, behind all others; the machine has reclaim. false: the table is full. */
bool shrinker_register(struct phys *p, u32 owner, u32 seeks);

/* It leaves. Nothing if it is not registered. */
void shrinker_unregister(struct phys *p, u32 owner);

/* The shrinker of an owner; NULL: it has none. */
const struct shrinker *shrinker_of(const struct phys *p, u32 owner);

/* All of these return how many pages came free. */

/* 2.6: after `scanned` of `pages` pages on the lists were looked at. */
u64 shrinker_run_by_share(struct phys *p, gfp_t gfp, u64 scanned, u64 pages);

/* 6.1: in a pass of this priority. */
u64 shrinker_run_by_priority(struct phys *p, gfp_t gfp, unsigned priority);

/* drop_caches: asks all of them for all they have, as long as enough comes. */
u64 shrinker_drop(struct phys *p);

/* Does any of them hold something for a request with this mask? */
bool shrinker_can_help(struct phys *p, gfp_t gfp);

#endif
