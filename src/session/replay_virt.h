/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address space in recordings: lines VA, PK and PKN, loaded and compared. */
#ifndef KM_SESSION_REPLAY_VIRT_H
#define KM_SESSION_REPLAY_VIRT_H

#include "session/replay.h"

/*
 * Loads areas and slots from a snapshot, slab caches first. Which pages were
 * behind areas is not told: those stay without; the page tables are there.
 * false with a message.
 */
bool replay_virt_load(struct replay *r, const struct recording_block *snapshot, struct status *st);

/* One line VA, PK or PKN; `c` stands behind its first word. */
enum replay_outcome replay_virt_line(struct replay *r, struct recording_cursor c);

/* A whole snapshot: has the model areas that no line tells? */
enum replay_outcome replay_virt_left_out(struct replay *r, const struct recording_block *snapshot, struct status *st);

#endif
