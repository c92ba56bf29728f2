/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that an operation of a recording moves to other frames: the handles follow them, `m` lines tell them. */
#ifndef KM_SESSION_REPLAY_MOVES_H
#define KM_SESSION_REPLAY_MOVES_H

#include "session/replay_op.h"

/* Makes r's machine tell its moves to r; for every new machine. */
void replay_moves_watch(struct replay *r);

/* Compares the moves of the operation with its `m` lines, in their order. */
enum replay_outcome replay_moves_compare(struct replay_op *op);

replay_op_function replay_moves_compact_memory;

#endif
