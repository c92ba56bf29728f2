/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded operations on memory pools. */
#ifndef KM_SESSION_REPLAY_MEMPOOL_H
#define KM_SESSION_REPLAY_MEMPOOL_H

#include "session/replay_op.h"

/* Each does one operation. A pool of a cache of which nobody knows what is in it is not repeated: `untold`. */
enum replay_outcome replay_mempool_create(struct replay_op *op);
enum replay_outcome replay_mempool_alloc(struct replay_op *op);
enum replay_outcome replay_mempool_free(struct replay_op *op);
enum replay_outcome replay_mempool_resize(struct replay_op *op);
enum replay_outcome replay_mempool_destroy(struct replay_op *op);

#endif
