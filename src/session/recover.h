/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions that were killed: finding their journals, and doing again what they did. */
#ifndef KM_SESSION_RECOVER_H
#define KM_SESSION_RECOVER_H

#include "session/session.h"

#define RECOVER_KEEP 20 /* journals that are kept of earlier sessions */

/* Journals in the state folder that are neither closed nor in use. */
struct recover_lost {
	char *path; /* the newest; NULL: there is none; to be freed */
	size_t commands; /* at which it stood when it ended */
	size_t others; /* older ones */
};

/* Finds them, and removes all but the newest RECOVER_KEEP journals of earlier sessions. */
void recover_find(struct recover_lost *lost);

/*
 * Makes `s`, in which nothing was done yet, the session whose journal is at
 * `path` (NULL: the newest lost one): boots its machine, does its commands
 * again and compares the state with the hashes in it.  Appends to `notes`
 * sentences, a line each, that tell what was done.  The journal is then marked
 * as closed.
 *
 * false with a message: there is none, it cannot be read, a command failed, or
 * the state is another.  What was done up to there stays, and so does the
 * journal.
 */
bool recover_session(struct session *s, const char *path, struct strbuf *notes, struct status *st);

#endif
