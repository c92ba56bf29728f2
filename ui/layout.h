/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where panels are.  They share their frames: a border belongs to both sides.
 * The place of a panel depends on what there is to show, so it is worked out
 * at each drawing; all panels are in the table at all times, in the order in
 * which the keys go round, those that are not shown with an empty rectangle.
 */
#ifndef KM_UI_LAYOUT_H
#define KM_UI_LAYOUT_H

#include "ui/panel.h"
#include "ui/panel_addresses.h"
#include "ui/panel_caches.h"
#include "ui/panel_events.h"
#include "ui/panel_free_lists.h"
#include "ui/panel_list.h"
#include "ui/panel_map.h"
#include "ui/panel_text.h"
#include "ui/panel_trend.h"
#include "ui/panel_zones.h"

/* The smallest terminal; one row of it is the prompt's. */
#define LAYOUT_MIN_COLS 80
#define LAYOUT_MIN_ROWS 24

#define LAYOUT_PANELS 9

enum { LAYOUT_NO_FOCUS = -1 };

struct layout_place {
	const struct panel *panel;
	struct rect inside; /* of the frame; rows is 0 if the panel is not shown */
};

struct layout {
	int rows, cols; /* of the screen without the prompt's row */
	bool too_small;
	struct layout_place place[LAYOUT_PANELS];
	int count;
};

/* Starts with a screen of this size; `rows` is without the row of the prompt. */
void layout_make(struct layout *l, int rows, int cols);

/*
 * Works the places out for what `v` shows; layout_draw() does it too.
 * `focus`: the panel with the keys, or LAYOUT_NO_FOCUS.
 */
void layout_place(struct layout *l, struct view *v, int focus);

/* Draws the status line and all panels, or the page that says the terminal is too small. */
void layout_draw(struct layout *l, struct view *v, struct grid *g, int focus);

/* Gives a key to a panel. true: it was the panel's. */
bool layout_key(const struct layout *l, struct view *v, int index, int key);

/* The panel that PgUp and PgDn of the prompt scroll: the text if it does not fit, else the events. */
int layout_scroller(const struct layout *l, const struct view *v);

#endif
