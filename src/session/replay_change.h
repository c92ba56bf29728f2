/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operation changed: the `c` lines of a recording against the machine. */
#ifndef KM_SESSION_REPLAY_CHANGE_H
#define KM_SESSION_REPLAY_CHANGE_H

#include "session/replay.h"

/* Compares what one `c` line says with the machine, and takes it into what is told. */
enum replay_outcome replay_change(struct replay *r, struct recording_cursor c);

/*
 * The same for an operation with leeway: lists that pages for small objects
 * come from, and how many pages are free or on lists, need not agree; *other
 * says that they do not.  Everything else must, unless it runs with anything
 * in the background.
 */
enum replay_outcome replay_change_loosely(struct replay *r, struct recording_cursor c, bool *other);

/* Is the line what a `c` or change-like `drift` line can be? Nothing is compared.  false with a message. */
bool replay_change_check(const struct phys_config *config, struct recording_cursor c);

/*
 * After all `c` lines of an operation: did anything else change?  `line` is the
 * operation's `s` line, `hash` the state hash it gives, which cannot be
 * compared once something else has changed the state.
 */
enum replay_outcome replay_change_end(struct replay *r, u64 line, u64 hash);

#endif
