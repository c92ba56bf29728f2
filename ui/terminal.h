/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal as a device: opened for the screen, given back as it was on
 * every way out, a crash included, and the signals that concern it.
 *
 * There is one terminal in a process and signal handlers have no context, so
 * its state is kept here and not by the caller.
 */
#ifndef KM_UI_TERMINAL_H
#define KM_UI_TERMINAL_H

#include "base/status.h"
#include "base/types.h"

/* What signals said since the last question. */
enum {
	TERMINAL_RESIZED = 1, /* the size may have changed */
	TERMINAL_STOP = 2, /* SIGTSTP: the caller should call terminal_suspend() */
	TERMINAL_CONTINUED = 4, /* it was stopped and goes on: everything must be drawn again */
	TERMINAL_INTERRUPTED = 8, /* SIGINT */
	TERMINAL_ENDED = 16, /* SIGTERM, SIGHUP or SIGQUIT: the caller should end, see terminal_end_signal() */
};

/*
 * Opens the terminal of stdin and stdout in full-screen mode.  false with a
 * message: its type is unknown or it cannot place the cursor; nothing is
 * changed then.
 */
bool terminal_open(struct status *st);

/* Gives the terminal and the signals back as they were. Does nothing if it is not open. */
void terminal_close(void);

/* Readable when terminal_signals() has something to say. */
int terminal_signal_fd(void);

/* TERMINAL_* bits that came in since the last call. */
unsigned terminal_signals(void);

/* The signal that asked the program to end; 0: none. */
int terminal_end_signal(void);

/* Stops the process, as ^Z does, with the terminal given back meanwhile; returns when it goes on. */
void terminal_suspend(void);

/* Takes the terminal again after something else has used it: modes, and a full redraw. */
void terminal_resume(void);

/* Asks for the size, and makes curses know it. */
void terminal_size(int *rows, int *cols);

/* Has it line drawing characters of its own? */
bool terminal_draws_lines(void);

/* Mouse reports on or off; off at the start. */
void terminal_mouse(bool on);

#endif
