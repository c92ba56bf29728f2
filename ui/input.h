/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in from the terminal: keys, read ahead and in order, and signals. */
#ifndef KM_UI_INPUT_H
#define KM_UI_INPUT_H

#include "base/types.h"
#include "ui/keys.h"

#define INPUT_AHEAD 512 /* keys that are read ahead; more wait in the terminal */

struct input {
	struct keys_event ahead[INPUT_AHEAD];
	size_t first, count;
	bool gone; /* the terminal is no more */
};

/*
 * Waits until there is a key or a signal, at most `timeout` milliseconds (-1:
 * for ever), and reads all there is.  Returns the TERMINAL_* bits that came.
 */
unsigned input_wait(struct input *in, int timeout);

/* The next key that was read; false: there is none. */
bool input_next(struct input *in, struct keys_event *event);

/* The key after that, without taking it; NULL: it is not known yet. */
const struct keys_event *input_peek(const struct input *in);

/* Is Ctrl-C among the keys that were read?  Then it is taken out, and what was typed before it too. */
bool input_interrupted(struct input *in);

#endif
