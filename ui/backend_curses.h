/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grid on a terminal, by curses. The terminal is open (see terminal.h). */
#ifndef KM_UI_BACKEND_CURSES_H
#define KM_UI_BACKEND_CURSES_H

#include "base/types.h"
#include "ui/grid.h"
#include "ui/theme.h"

struct backend_curses {
	struct grid shown; /* what the terminal shows; no cells: nothing is known of it */
	const struct theme *theme;
	int colours; /* that the terminal has and we may use; 0: none */
	u64 attrs[STYLE_COUNT]; /* of curses, by style */
	short pair[STYLE_COUNT];
	void *row; /* cells of curses for one row */
	int row_cols;
};

/* `colour`: may colours be used, if the terminal has any? */
void backend_curses_open(struct backend_curses *b, const struct theme *theme, bool colour);
void backend_curses_close(struct backend_curses *b);

/* Another theme, from the next drawing on. */
void backend_curses_theme(struct backend_curses *b, const struct theme *theme);

/*
 * Makes the terminal show the grid, in one update, with the cursor at (y, x),
 * or hidden if y is negative.  Out of memory, it shows what it can.
 */
void backend_curses_draw(struct backend_curses *b, const struct grid *g, int y, int x);

/* The terminal may show something else by now: the next drawing is a whole one. */
void backend_curses_forget(struct backend_curses *b);

#endif
