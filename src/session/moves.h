/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that migration moved: variables that hold them follow. */
#ifndef KM_SESSION_MOVES_H
#define KM_SESSION_MOVES_H

#include "base/types.h"
#include "session/value.h"

/* A value that is in no variable, but still needed: what a loop walks, arguments that wait for others. */
struct moves_held {
	struct value *value;
	struct moves_held *outer;
};

struct moves {
	struct moves_held *held; /* the youngest */
	struct move *items;
	size_t count, capacity;
	bool lost; /* memory was short, and some were not noted */
};

/* Notes that the page in `from` is in `to` now. */
void moves_add(struct moves *moves, pfn_t from, pfn_t to);

/* Lets `v` follow as variables do, until it is released: the youngest first. Both must stay where they are. */
void moves_hold(struct moves *moves, struct moves_held *held, struct value *v);
void moves_release(struct moves *moves, struct moves_held *held);

/*
 * Makes every variable, and every value that is held, if it has a page that moved,
 * have its new frame, and forgets the moves.  false: out of memory; a variable may hold an old frame.
 */
bool moves_apply(struct moves *moves, struct vars *vars);

/* Forgets the moves: they were taken back. */
void moves_forget(struct moves *moves);

void moves_free(struct moves *moves);

#endif
