/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doing a recorded operation, and comparing its result. */
#ifndef KM_SESSION_REPLAY_OPS_H
#define KM_SESSION_REPLAY_OPS_H

#include "session/replay_op.h"

/*
 * Does the operation of which `block` holds the lines, the `op` line first,
 * and compares what it returned with the `r` lines.  REPLAY_NOT_MODELLED, and
 * nothing is changed, if there is no such operation in the model.
 */
enum replay_outcome replay_ops_run(struct replay *r, const struct recording_block *block, struct status *st);

/*
 * Takes a comment that is more than one: "handles a..b are migratable now".
 * false with a message.
 */
bool replay_ops_comment(struct replay *r, struct recording_cursor c);

#endif
