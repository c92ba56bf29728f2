/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reclaim: looking at pages from the tail of the inactive lists and freeing
 * those that are not in use.  What both kernels have in common; the rules of
 * each are in vmscan_zone.c (2.6.18) and vmscan_node.c (6.1).
 *
 * Passes of rising effort: priority 12 looks at 1/4096 of each list, priority 0
 * at all of it.  Sources: M. Gorman, Understanding the Linux Virtual Memory
 * Manager, ch. 10; Documentation/admin-guide/mm/concepts ("Reclaim") and
 * Documentation/admin-guide/sysctl/vm.
 */
#ifndef KM_PHYS_VMSCAN_H
#define KM_PHYS_VMSCAN_H

#include "phys/reclaim.h"

/* What a run of reclaim may do, and what came of it. */
struct scan {
	gfp_t gfp; /* of the request */
	unsigned order;
	unsigned highest_zone; /* pages of zones of a higher type do not help */
	unsigned priority;
	bool kswapd; /* on behalf of all, not of a request */
	bool may_write; /* pages to disk */
	bool may_swap;
	u64 wanted; /* pages */
	u64 scanned, reclaimed; /* pages, so far */
	/* 6.1: */
	bool deactivate[2]; /* may anonymous and file pages be moved to the inactive list? */
	bool force_deactivate, skipped_deactivate;
	bool file_is_tiny; /* nearly nothing of it is page cache: take anonymous pages */
	bool cache_trim; /* there is plenty of page cache that was used once: take that alone */
	u32 dirty, taken; /* pages of files of the last look: dirty, and all */
};

/* What becomes of a page that was looked at. */
enum fate { FATE_FREE, FATE_KEEP, FATE_ACTIVATE };

/* May it be given to the file system, or written to the swap area, by this request? */
bool vmscan_may_write(const struct phys *p, const struct scan *sc, const struct page *page);

/* Begins to write a page, which is then to be taken as soon as it is written. */
void vmscan_pageout(struct phys *p, pfn_t pfn);

/* Counts pages looked at, and pages freed, in a zone. */
void vmscan_count(struct phys *p, const struct scan *sc, unsigned zone, bool file, bool freed);

/* Does to a page that is on no list what was decided. */
void vmscan_settle(struct phys *p, struct scan *sc, pfn_t pfn, enum fate fate);

/* The one who reclaims sleeps a moment: time passes, writes end; kswapd runs, if it was woken and it is not kswapd. */
void vmscan_wait(struct phys *p, bool kswapd);

/*
 * Direct reclaim: a request frees pages itself, 32 of them, in zones of type
 * `highest_zone` and below.  Returns how many were freed; 0: no progress.
 */
u64 vmscan_direct(struct phys *p, gfp_t gfp, unsigned order, unsigned highest_zone);

/* Could reclaim free pages for a request: has this machine any? */
bool vmscan_can_help(struct phys *p, gfp_t gfp);

/* drop_caches: frees the clean pages of files that nobody uses; returns how many. */
u64 vmscan_drop_caches(struct phys *p);

/* Frees one clean page of a file, if it is one and not being written, whatever its list; for compaction and CMA. */
bool vmscan_drop_clean(struct phys *p, pfn_t pfn);

#endif
