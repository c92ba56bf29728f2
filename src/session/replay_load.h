/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading the machine from a snapshot of a recording. */
#ifndef KM_SESSION_REPLAY_LOAD_H
#define KM_SESSION_REPLAY_LOAD_H

#include "session/replay.h"

/* Is a line of this kind part of what a snapshot is loaded from, or compared with? */
bool replay_load_wants(enum line_kind kind);

/*
 * Makes the machine anew and loads it from the snapshot, then compares it with
 * the snapshot: its counters and its hash must follow from its lists, else
 * REPLAY_BAD.  REPLAY_DIFFERS: what follows from size, alignment and flags of a
 * slab cache is not what the snapshot has.
 */
enum replay_outcome replay_load(struct replay *r, const struct replay_header *header,
				const struct recording_block *snapshot, struct status *st);

#endif
