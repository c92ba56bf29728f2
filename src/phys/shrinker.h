/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shrinkers: whoever keeps objects that can be made again (names of files,
 * inodes) registers a pair of functions, and is asked to give some up when
 * pages are reclaimed, in proportion to how hard the lists are scanned.
 */
#ifndef KM_PHYS_SHRINKER_H
#define KM_PHYS_SHRINKER_H

#include "phys/reclaim.h"

#define SHRINKER_BATCH 128 /* objects that are asked for at once */

/*
 * Registers; the name and the context outlive `p`.  A machine that is cloned
 * has none at first: who registered with the one registers with the other, in
 * the same order.  false: the table is full.
 */
bool shrinker_register(struct phys *p, const struct shrinker *shrinker);

/* Both return how many blocks of pages were given back in the end. */

/* 2.6: after `scanned` of `pages` pages on the lists were looked at. */
u64 shrinker_run_by_share(struct phys *p, gfp_t gfp, u64 scanned, u64 pages);

/* 6.1: in a pass of this priority. */
u64 shrinker_run_by_priority(struct phys *p, gfp_t gfp, unsigned priority);

/* drop_caches: asks all of them for all they have, until no more than a few come. Returns as the others. */
u64 shrinker_drop(struct phys *p);

/* Does any of them hold something for a request with this mask? */
bool shrinker_can_help(struct phys *p, gfp_t gfp);

#endif
