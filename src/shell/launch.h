/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting a session from what the command line and the script's header ask for. */
#ifndef KM_SHELL_LAUNCH_H
#define KM_SHELL_LAUNCH_H

#include "session/session.h"
#include "shell/options.h"

/* Adds to `header`, which is empty or all zero before, what stands before the first statement of a script. */
bool launch_header(const char *script, struct journal_header *header, struct status *st);

/*
 * Opens the session.  The machine is that of the options; or else of the
 * script's header, with its settings; or else the default one.  The settings
 * of the options come last.
 */
bool launch_session(struct session *s, const struct options *o, const struct journal_header *header, struct status *st);

/*
 * For sessions that a user works in: recovers the last lost session if the
 * options ask for it, or tells of one in `notice`; starts the journal, if it
 * is wanted.  false with a message: it was asked to recover, and could not.
 * What is only not perfect is told in `notice`.
 */
bool launch_interactive(struct session *s, const struct options *o, struct strbuf *notice, struct status *st);

#endif
