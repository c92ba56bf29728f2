/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contiguous memory areas in recordings: CMA lines of snapshots, and the operations on areas. */
#ifndef KM_SESSION_REPLAY_CMA_H
#define KM_SESSION_REPLAY_CMA_H

#include "session/replay_op.h"

/* Puts the areas that the first snapshot tells into the configuration.  false with a message. */
bool replay_cma_areas(struct phys_config *config, const struct recording_block *snapshot, const char *path,
		      struct status *st);

/* Loads a CMA line: what of its area is given out. */
bool replay_cma_load(struct phys *p, struct recording_cursor *c);

/* Compares a CMA line; *area is which it was. */
enum replay_outcome replay_cma_compare(struct replay *r, struct recording_cursor *c, unsigned *area);

replay_op_function replay_cma_alloc, replay_cma_release;

#endif
