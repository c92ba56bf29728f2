/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines on slab caches of a recording, against the model: it prints each
 * line as the recorder would, and word after word must be the same.
 */
#ifndef KM_SESSION_REPLAY_CACHE_COMPARE_H
#define KM_SESSION_REPLAY_CACHE_COMPARE_H

#include "session/replay.h"

/* Is this one of the lines on caches: CACHE, C, AC, SH, CPU, NODE, SL? */
bool replay_cache_compare_takes(enum line_kind kind);

/* Before the lines of a snapshot or an operation. */
void replay_cache_compare_begin(struct replay *r);

/* One such line; `c` stands behind its first word. */
enum replay_outcome replay_cache_compare_line(struct replay *r, enum line_kind kind, struct recording_cursor c);

/* A `c cache` line, behind `cache`: takes it into what is told. */
enum replay_outcome replay_cache_compare_change(struct replay *r, struct recording_cursor c);

/*
 * A row of slabinfo: the statistics that a kernel built for debugging has of a
 * cache that was made since the recording began; `c` stands before it.
 */
enum replay_outcome replay_cache_compare_statistics(struct replay *r, struct recording_cursor c);

/*
 * After the lines: did a cache change of which no line told, has one slabs that
 * no SL line named?  `line` is where the snapshot or operation ends.
 */
enum replay_outcome replay_cache_compare_end(struct replay *r, u64 line, bool snapshot);

/* Takes the present counts of a cache, or of all caches, as what the recording tells. */
void replay_cache_compare_tell(struct replay *r, struct replay_cache *entry);
void replay_cache_compare_told(struct replay *r);

/* Does the CACHE line, from the cache's name on, tell what follows from size, alignment and flags of this cache? */
bool replay_cache_same_geometry(const struct replay *r, const struct kmem_cache *cache, const char *line);

/* Compares that; `line` as above. */
enum replay_outcome replay_cache_compare_geometry(struct replay *r, const struct kmem_cache *cache,
						  const struct recording_cursor *c);

#endif
