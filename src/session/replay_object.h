/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recorded operations on objects, of caches and of kmalloc(), have in common. */
#ifndef KM_SESSION_REPLAY_OBJECT_H
#define KM_SESSION_REPLAY_OBJECT_H

#include "session/replay_op.h"
#include "slab/slab.h"

/* Compares a result that is a BUG at <file>:<line>; the model runs on, as the recorder did. */
enum replay_outcome replay_object_bug(struct replay_op *op);

/* Compares a result, and frees what was computed. */
enum replay_outcome replay_object_compare(struct replay_op *op, struct strbuf *got);

/* Appends pfn= idx= of an object in a slab; the index is of its slot. */
void replay_object_put_place(const struct slab_system *s, const struct kmem_cache *cache, u64 address,
			     struct strbuf *out);

/* The handle h= holds the object from now on. false: the recording is at fault. */
bool replay_object_hold(struct replay_op *op, u64 address, u32 slot);

/*
 * The object that h= and obj= name, which the handle must hold, or must have
 * held if it is freed `again`.
 */
enum replay_outcome replay_object_argument(struct replay_op *op, struct replay_handle **handle, u64 *address);

#endif
