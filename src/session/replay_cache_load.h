/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading slab caches from a snapshot: the caches, their slabs and arrays, the free lists in the kernel's bytes. */
#ifndef KM_SESSION_REPLAY_CACHE_LOAD_H
#define KM_SESSION_REPLAY_CACHE_LOAD_H

#include "session/replay.h"

/*
 * Makes the caches that the snapshot has, and what is in them.  What follows
 * from size, alignment and flags is computed, not loaded: REPLAY_DIFFERS says
 * that the snapshot has something else.
 */
enum replay_outcome replay_cache_load(struct replay *r, const struct recording_block *snapshot, struct status *st);

/*
 * A CACHE line between operations, where a recording lists all caches of its
 * kernel: computes a cache of that size, alignment and flags, and compares.
 */
enum replay_outcome replay_cache_load_listed(struct replay *r, struct recording_cursor c);

/*
 * A name was merged with a cache that the model does not have, as this CACHE
 * line tells, which counts the name already.  Makes it for
 * as long as `merge` runs, which is told whether it may be called again; what it
 * returns is returned.
 */
enum replay_outcome replay_cache_load_partner(struct replay *r, struct recording_cursor c, void *context,
					      enum replay_outcome (*merge)(void *context, struct kmem_cache *partner));

#endif
