/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages and objects that a kernel takes on the side.
 *
 * 6.1 keeps of each cache its descriptor, its name and what /sys shows of it in
 * small objects of caches that recordings do not watch.  When one of those
 * grows, pages are gone that the model knows nothing of.  The recording tells
 * what came of it, so they can be found.
 */
#ifndef KM_SESSION_REPLAY_TAKEN_H
#define KM_SESSION_REPLAY_TAKEN_H

#include "session/replay_op.h"

/*
 * After an operation that takes or frees such objects, before its changes are
 * compared: takes from watched caches the objects, and takes from the page
 * allocator or gives back the blocks, without which the machine is not what the
 * recording says.  *pages and *objects say how many; both 0 and an unchanged
 * machine if none are missing, or if they cannot be found.  false with a
 * message: no memory.
 */
bool replay_taken_find(struct replay *r, const struct recording_block *block, unsigned *pages, unsigned *objects,
		       struct status *st);

/* Is the state of pages what the recording says that it is after the operation? */
bool replay_taken_all(struct replay *r, const struct recording_block *block, struct status *st);

#endif
