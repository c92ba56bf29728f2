/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded operations on slab caches and their objects. */
#ifndef KM_SESSION_REPLAY_CACHE_OPS_H
#define KM_SESSION_REPLAY_CACHE_OPS_H

#include "session/replay_op.h"

replay_op_function replay_cache_ops_create;
replay_op_function replay_cache_ops_destroy;
replay_op_function replay_cache_ops_shrink;
replay_op_function replay_cache_ops_alloc;
replay_op_function replay_cache_ops_zalloc;
replay_op_function replay_cache_ops_free;
replay_op_function replay_cache_ops_reap;

/* Before an operation: what the kernel printed in the last one is forgotten. */
void replay_cache_ops_begin(struct replay *r);

/*
 * Compares the creations that a recording has before its first snapshot: each
 * is done with no other cache there, its CACHE line compared, and the cache
 * taken away again.
 */
enum replay_outcome replay_cache_ops_before(struct replay *r, const struct recording_block *block, size_t from,
					    size_t to, struct status *st);

#endif
