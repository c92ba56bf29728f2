/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Single stepping: an operation stops at each of its events, in the middle of
 * itself, because the observer that is told of the event does not return
 * until the user has seen it.
 */
#ifndef KM_UI_STEP_H
#define KM_UI_STEP_H

#include "base/types.h"
#include "session/session.h"
#include "ui/panel.h"

struct step {
	bool on; /* the user wants to stop at events */
	bool run_on; /* but not at those of this operation any more */
	struct session *session;
	struct view *view;
	/* Shows the screen and waits for a key; 0: the program is to end. */
	int (*wait)(void *context);
	void *context;
	struct observer observer;
};

/* `s` must not be moved afterwards. */
void step_init(struct step *s, struct session *session, struct view *view, int (*wait)(void *context), void *context);

/* Stepping on or off, from the next event on. */
void step_set(struct step *s, bool on);

/* Around each operation: events before the end of it are shown as they come, after it all of them. */
void step_begin(struct step *s);
void step_end(struct step *s);

#endif
