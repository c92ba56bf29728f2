/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a recording: what it tells of the slab allocator becomes a configuration of it. */
#ifndef KM_SESSION_REPLAY_HEADER_SLAB_H
#define KM_SESSION_REPLAY_HEADER_SLAB_H

#include "session/recording_parse.h"
#include "slab/rules.h"

/* Takes what a K line has of it; `c` stands behind the K.  false with a message. */
bool replay_header_slab_line(struct slab_config *config, const struct recording_cursor *c);

/* After the last line. `phys` is complete. A recording that names no allocator has none. */
void replay_header_slab_finish(struct slab_config *config, const struct phys_config *phys);

/*
 * What the kernel took for the cache line when it made its first caches, from
 * the CACHE lines of a snapshot: while it boots it may not know its processor
 * in full yet.
 */
void replay_header_slab_boot(struct slab_config *config, const struct recording_block *snapshot);

#endif
