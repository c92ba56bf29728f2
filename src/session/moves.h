/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that migration moved: variables that hold them follow. */
#ifndef KM_SESSION_MOVES_H
#define KM_SESSION_MOVES_H

#include "base/types.h"
#include "session/value.h"

struct moves {
	struct move *items;
	size_t count, capacity;
	bool lost; /* memory was short, and some were not noted */
};

/* Notes that the page in `from` is in `to` now. */
void moves_add(struct moves *moves, pfn_t from, pfn_t to);

/*
 * Makes every variable that holds a page which moved hold its new frame, and
 * forgets the moves.  false: out of memory; a variable may hold an old frame.
 */
bool moves_apply(struct moves *moves, struct vars *vars);

/* Forgets the moves: they were taken back. */
void moves_forget(struct moves *moves);

void moves_free(struct moves *moves);

#endif
