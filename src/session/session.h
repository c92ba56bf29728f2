/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: a machine, the variables, and everything that was done, so that
 * one can go back.  The text of the commands is the truth: the same commands
 * on the same machine give the same state.
 */
#ifndef KM_SESSION_SESSION_H
#define KM_SESSION_SESSION_H

#include "machine/machine.h"
#include "session/eventlog.h"
#include "session/journal.h"
#include "session/value.h"

/* One command that was done. */
struct command {
	char *text; /* as typed, without the newline */
	struct eventlog events; /* what happened, the first of it if there was much */
	u64 hash; /* of the state after it */
	struct vars before; /* the variables before it */
	bool checkpoint; /* the arena has a checkpoint from before it */
};

struct session {
	struct machine machine;
	struct machine_desc desc; /* to boot again from */
	struct vars vars;
	struct command *commands; /* commands[0 .. done-1] were done, up to `count` can be redone */
	size_t done, count, capacity;
	struct eventlog *recording; /* where events go while a command runs; else NULL */
	struct observer observer; /* the machine's: fills `recording`, then calls `watcher` */
	struct observer *watcher; /* the screen, when it steps; may be NULL */
	struct journal journal;
	u64 seed;
	/*
	 * Runs a command's text again for redo and goto: given by the shell.
	 * It must not call session_begin() itself; session does.
	 */
	bool (*run)(void *context, const char *text, struct status *st);
	void *run_context;
};

/* Boots the machine and starts an empty session. */
bool session_open(struct session *s, const struct machine_desc *desc, u64 seed, struct status *st);
void session_close(struct session *s);

/*
 * A command that may change state runs between these two.  `text` is what will
 * be journalled.  session_end(keep = false) takes every change back: a
 * command that failed changes nothing.  With keep, what could have been redone
 * is forgotten, the command gets number session_number(), and is journalled.
 */
bool session_begin(struct session *s, const char *text, struct status *st);
bool session_end(struct session *s, bool keep, struct status *st);

/* Number of the last command done; 0 at the start. Commands count from 1. */
size_t session_number(const struct session *s);

/* The n-th command (1 ...), done or to be redone; NULL: there is none. */
const struct command *session_command(const struct session *s, size_t n);

/* Goes to the state after command n (0: the start), back or forth. */
bool session_goto(struct session *s, size_t n, struct status *st);
bool session_undo(struct session *s, size_t count, struct status *st);
bool session_redo(struct session *s, size_t count, struct status *st);

/* Boots `desc` (NULL: the same again) and forgets all commands. */
bool session_reset(struct session *s, const struct machine_desc *desc, struct status *st);

/* Writes the session to `path` in the form of a journal, which `source` and `kmemlab run` read. Atomic. */
bool session_save(const struct session *s, const char *path, struct status *st);

#endif
