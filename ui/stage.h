/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is on the screen: panels, which of them has the keys, the prompt or
 * what is asked in its place, and pages above all that.  It draws all of it to
 * the grid, and takes the keys that only move the eye.
 */
#ifndef KM_UI_STAGE_H
#define KM_UI_STAGE_H

#include "ui/backend_curses.h"
#include "ui/grid.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/panel.h"

/* What the line at the bottom is for. */
enum stage_mode {
	STAGE_PROMPT, /* typing */
	STAGE_RUNNING, /* a command runs */
	STAGE_STEPPING, /* it waits at an event */
	STAGE_PAUSED, /* a lesson waits */
	STAGE_TYPING, /* a lesson types a command */
};

struct stage {
	struct view view;
	struct layout layout;
	struct grid grid;
	struct backend_curses backend;
	enum stage_mode mode;
	int focus; /* index of the panel of the layout that has the keys, or LAYOUT_NO_FOCUS: the prompt */
	bool steps; /* operations stop at events: for the hints */
	bool help; /* the page of keys is shown */
	size_t help_scroll;
	char command[256]; /* what runs, for the line at the bottom */
};

/* The terminal is open. */
void stage_open(struct stage *s, const struct session *session, enum glyph_set glyphs, const struct theme *theme,
		bool colour);
void stage_close(struct stage *s);

/* Asks for the terminal's size and lays the panels out. false: out of memory. */
bool stage_resize(struct stage *s);

/* Draws everything and shows it. */
void stage_draw(struct stage *s);

/*
 * A key that may move the eye.  true: it did; false: it is for somebody else,
 * and the keys are the prompt's again if it was nobody's here.
 */
bool stage_key(struct stage *s, const struct keys_event *event);

/* The panels' keys are the prompt's again. */
void stage_to_prompt(struct stage *s);

#endif
