/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Panels: constant tables of operations that read a view and draw to a grid.
 * They change nothing but the view's own cursor, zoom and scroll.
 */
#ifndef KM_UI_PANEL_H
#define KM_UI_PANEL_H

#include "session/session.h"
#include "ui/glyphs.h"
#include "ui/grid.h"

/* What the last command found: counts before it, so that what changed can be marked. */
struct view_before {
	bool valid;
	u32 nr_free[PHYS_ZONES][PHYS_ORDERS];
	u32 list_count[PHYS_ZONES][PHYS_ORDERS][MT_COUNT];
	u32 pcp_count[PHYS_ZONES][2];
	u32 free[PHYS_ZONES];
	u8 *map; /* a byte a frame or a coarser cell, see view.c; may be NULL */
};

/* What a user looks at: the session and where the eye is. */
struct view {
	const struct session *session;
	enum glyph_set glyphs;
	unsigned zone, order, type; /* the list chosen; type MT_COUNT: all types */
	bool by_type; /* free lists by migratetype */
	pfn_t cursor; /* of the map */
	unsigned map_shift; /* frames of a map cell, as a power of two; UINT_MAX: so that all fits */
	size_t list_scroll, events_scroll, text_scroll;
	size_t event_shown; /* while stepping: events up to this one; SIZE_MAX: all */
	bool stepping;
	const char *say; /* the lesson's text, or NULL */
	const char *output; /* what the last command printed */
	struct view_before before;
};

/* Keys of the screen: characters as themselves, the rest from 0x110000 on. */
enum key {
	KEY_UP_ = 0x110000, KEY_DOWN_, KEY_LEFT_, KEY_RIGHT_, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME_, KEY_END_,
	KEY_TAB, KEY_BACKTAB, KEY_ENTER_, KEY_F1_, KEY_F2_, KEY_F3_, KEY_F4_, KEY_F5_, KEY_F6_, KEY_F7_, KEY_F8_,
	KEY_F9_, KEY_F10_, KEY_F11_, KEY_F12_,
};

struct panel {
	const char *name; /* "free", for `set panel` and tests */
	const char *title; /* N_() text for the frame */
	int min_rows, min_cols; /* inside the frame, below which it is not shown */
	void (*draw)(const struct view *v, struct grid *g, struct rect inside);
	bool (*key)(struct view *v, int key); /* true: it was the panel's; may be NULL */
	const char *help; /* N_() text: its keys */
};

extern const struct panel panel_free_lists, panel_list, panel_map, panel_events, panel_text;

#endif
