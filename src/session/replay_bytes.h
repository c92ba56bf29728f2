/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of objects: what a recording wrote into them, and its dumps (x lines) against the model. */
#ifndef KM_SESSION_REPLAY_BYTES_H
#define KM_SESSION_REPLAY_BYTES_H

#include "session/replay.h"

/*
 * Does what a comment says that was done to an object: `fill h= byte= n=`,
 * `poke h= off= byte=`.  Other comments are nothing.  `c` stands at the first
 * word.  false with a message.
 */
bool replay_bytes_comment(struct replay *r, struct recording_cursor c);

/*
 * Compares an x line: `h=` names an object, the lines behind it have its bytes;
 * `slab h=` is the descriptor of its slab.  Where the kernel stored the address
 * of its caller, or the time, the line must only be the same wherever it is
 * told: the program that made the recording is not part of the model.
 */
enum replay_outcome replay_bytes_line(struct replay *r, struct recording_cursor c);

#endif
