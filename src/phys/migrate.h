/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving pages in use to other frames, where their owner can follow. */
#ifndef KM_PHYS_MIGRATE_H
#define KM_PHYS_MIGRATE_H

#include "phys/phys.h"

enum migrate_result {
	MIGRATE_DONE,
	MIGRATE_NO_MEMORY, /* there is no frame to move to */
};

/*
 * Moves every movable page of [start, end) elsewhere, in groups of 32 as the
 * kernel does, the last of a group first.  Pages that cannot move stay.
 */
enum migrate_result migrate_range(struct phys *p, unsigned zone, pfn_t start, pfn_t end);

/* Is `pfn` a single page in use that can be moved? */
bool migrate_is_movable(const struct phys *p, pfn_t pfn);

/*
 * Is `pfn` on an LRU list, so that it is tried, but of an owner who cannot let
 * it go?  So are the pages that hold the kernel's first file system.
 */
bool migrate_is_stuck(const struct phys *p, pfn_t pfn);

/* A stuck page was tried: it waits to be put back on its list, and counts as movable again when it is. */
void migrate_give_up(struct phys *p, pfn_t pfn);

/* lru_add_drain_all(): puts all waiting pages back on their lists. */
void migrate_lru_drain(struct phys *p);

/* Moves one page to `to`, a frame that was handed out, and tells its owner. The old frame is freed. */
void migrate_page(struct phys *p, pfn_t from, pfn_t to);

#endif
