/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain prompt: readline on a terminal, and text below each line. */
#ifndef KM_UI_PLAIN_H
#define KM_UI_PLAIN_H

#include "session/session.h"

struct plain_options {
	const char *script; /* to be played, or NULL */
	const char *notice; /* sentences to begin with, or NULL */
};

/*
 * Runs until the user leaves; stdin and stdout are a terminal, and the locale
 * is set.  Returns the exit status: 0, 2 with a message when the script cannot
 * be played or there is no memory, or 128 and the signal that ended it.
 */
int plain_run(struct session *session, const struct plain_options *options);

#endif
