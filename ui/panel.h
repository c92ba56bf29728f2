/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Panels: constant tables of operations that read a view and draw to a grid.
 * They change nothing but the view's own cursor, zoom, scroll and caches.
 */
#ifndef KM_UI_PANEL_H
#define KM_UI_PANEL_H

#include "base/strbuf.h"
#include "ui/grid.h"
#include "ui/view.h"

/* Keys of the screen: characters as themselves, the rest from 0x110000 on. */
enum key {
	KEY_UP_ = 0x110000,
	KEY_DOWN_,
	KEY_LEFT_,
	KEY_RIGHT_,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME_,
	KEY_END_,
	KEY_TAB,
	KEY_BACKTAB,
	KEY_ENTER_,
	KEY_F1_,
	KEY_F2_,
	KEY_F3_,
	KEY_F4_,
	KEY_F5_,
	KEY_F6_,
	KEY_F7_,
	KEY_F8_,
	KEY_F9_,
	KEY_F10_,
	KEY_F11_,
	KEY_F12_,
};

struct panel {
	const char *name; /* "free", for `set panel` and tests */
	const char *title; /* N_() text for the frame */
	/* Rows that it would fill if it had `cols` columns; at most INT_MAX. 0: nothing to show. */
	int (*rows)(const struct view *v, int cols);
	/* Works out what draw() shows there and is worth keeping; may be NULL. Out of memory: less is shown. */
	void (*prepare)(struct view *v, struct rect inside);
	void (*draw)(const struct view *v, struct grid *g, struct rect inside);
	/* Appends what the frame shows instead of the title (`left`), and at its right end; may be NULL. */
	void (*caption)(const struct view *v, struct rect inside, struct strbuf *left, struct strbuf *right);
	bool (*key)(struct view *v, struct rect inside, int key); /* true: it was the panel's; may be NULL */
	/* The mouse was pressed at a place of the grid inside; true: that meant something. May be NULL. */
	bool (*click)(struct view *v, struct rect inside, int y, int x);
	const char *help; /* N_() text: its keys, a line */
	const char *help_more; /* N_() text: what the page of keys says besides, lines; may be NULL */
};

/*
 * Keys that scroll: moves *scroll by a key of arrows and pages so that the
 * last row stays visible.  false: it is no such key.
 */
bool panel_scroll(size_t *scroll, size_t total, int rows, int key);

/* The row to begin with: `scroll`, cut down to the last that makes sense. */
size_t panel_first(size_t scroll, size_t total, int rows);

/* Marks at the right edge of `r` that rows above or below it are not visible. */
void panel_arrows(struct grid *g, struct rect r, enum glyph_set set, size_t first, size_t total);

/* Appends "3-9 of 21" if not all of `total` rows are visible. */
void panel_range(size_t first, size_t total, int rows, struct strbuf *out);

#endif
