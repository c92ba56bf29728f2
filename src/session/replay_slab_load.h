/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading what is in slab caches: slabs with their free lists in the kernel's bytes, what CPUs and nodes hold. */
#ifndef KM_SESSION_REPLAY_SLAB_LOAD_H
#define KM_SESSION_REPLAY_SLAB_LOAD_H

#include "session/replay.h"

/* Loads an SL line; other lines are passed over.  false with a message: it is impossible, or there is no memory. */
bool replay_slab_load(struct replay *r, enum line_kind kind, struct recording_cursor c);

/* The same for AC, SH and CPU lines. The slabs of the cache are loaded, except those that CPUs hold (SLUB). */
bool replay_slab_load_held(struct replay *r, enum line_kind kind, struct recording_cursor c);

/* The same for NODE lines. Everything else is loaded. */
bool replay_slab_load_node(struct replay *r, enum line_kind kind, struct recording_cursor c);

#endif
