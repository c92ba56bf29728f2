/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full screen: everything that a user does with kmemlab on a terminal, until leaving it. */
#ifndef KM_UI_SCREEN_H
#define KM_UI_SCREEN_H

#include "session/session.h"
#include "ui/glyphs.h"

struct screen_options {
	bool glyphs_given; /* else they are chosen by the locale and the terminal */
	enum glyph_set glyphs;
	bool no_colour; /* else NO_COLOR and the terminal decide */
	bool mouse;
	bool step; /* stop at events from the start */
	const char *script; /* to be played, or NULL */
	const char *notice; /* sentences to begin with (of a session that was recovered), or NULL */
};

/*
 * Runs until the user leaves; stdin and stdout are a terminal, and the locale
 * is set.  Returns the exit status: 0; 2 with a message on stderr when the
 * terminal cannot show a screen; 128 and the signal that ended it.
 */
int screen_run(struct session *session, const struct screen_options *options);

#endif
