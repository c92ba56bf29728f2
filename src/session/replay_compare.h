/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing the machine with a whole snapshot of a recording. */
#ifndef KM_SESSION_REPLAY_COMPARE_H
#define KM_SESSION_REPLAY_COMPARE_H

#include "session/replay.h"

/*
 * Every list entry by entry, every counter, every page block, the state hash.
 * What drift lines have named since the last snapshot is left out, and then
 * the hash as well.  The first difference is in r->difference.
 */
enum replay_outcome replay_compare(struct replay *r, const struct recording_block *snapshot, struct status *st);

/* Compares a CHECK line: pages on lists and their counter. */
enum replay_outcome replay_compare_check(struct replay *r, struct recording_cursor c);

/* A counter of a zone of the machine, by COUNTER_*. */
u32 replay_compare_counter(const struct zone *zone, unsigned counter);

#endif
