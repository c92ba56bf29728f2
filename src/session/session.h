/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: a machine, the variables, and everything that was done, so that
 * one can go back.  The text of the commands is the truth: the same commands
 * on the same machine give the same state.
 *
 * Of the last commands the past is kept (a checkpoint of the machine, the
 * variables, the events), as far as the budget goes.  Behind that, going back
 * is booting again and doing the commands again.
 */
#ifndef KM_SESSION_SESSION_H
#define KM_SESSION_SESSION_H

#include "machine/machine.h"
#include "session/eventlog.h"
#include "session/journal.h"
#include "session/moves.h"
#include "session/trend.h"
#include "session/value.h"

/* Bytes that the past may take up, unless the user sets another figure. */
#define SESSION_PAST_BUDGET ((u64)256 << 20)

/* One command that was done. */
struct command {
	char *text; /* as typed, without the newline */
	struct eventlog events; /* what happened; none where the past is dropped */
	u64 hash; /* of the state after it; 0: not computed */
	struct vars before; /* the variables before it, where the past is kept */
	size_t past_bytes; /* that events and variables take up */
};

struct session {
	struct machine machine;
	struct machine_desc desc; /* to boot again from */
	u64 boots; /* how often the machine was booted: another one looks different at the same command */
	struct vars vars;
	struct command *commands; /* commands[0 .. done-1] were done, up to `count` can be redone */
	size_t done, count, capacity;
	size_t past; /* commands[past .. done-1] have a checkpoint and `before` */
	u64 past_bytes; /* the sum of theirs, without the arena's checkpoints */
	u64 past_budget; /* bytes; may be set at any time */
	u64 memory_limit; /* bytes that the machine's state may take up; 0: no limit; may be set at any time */
	bool keep_going; /* scripts go on after an error; for whoever runs them; may be set at any time */
	bool check; /* walk the invariants after each command; always in debug builds */
	struct command current; /* the one that runs */
	struct eventlog *recording; /* where events go while a command runs; else NULL */
	bool replaying; /* commands are done again: `watcher` is not told */
	bool rebuilding; /* from the start */
	struct observer observer; /* the machine's: fills `recording`, then calls `watcher` */
	struct trend trend; /* what was free after each command */
	struct moves moves; /* of pages, since session_follow() */
	struct observer *watcher; /* the screen, when it steps; may be NULL */
	struct journal journal;
	u64 seed;
	/*
	 * Runs a command's text again for redo and goto: given by the shell.
	 * It must not call session_begin() itself; session does.
	 */
	bool (*run)(void *context, const char *text, struct status *st);
	void *run_context;
	/* Told before the out-of-memory killer kills, except when something is done again; may be NULL. */
	void (*oom)(void *context, const struct oom_report *report);
	void *oom_context;
	/* Told each line that the kernel prints about objects, except when something is done again; may be NULL. */
	void (*printk)(void *context, const char *line);
	void *printk_context;
	/* Told what the kernel says of a vmalloc() that failed, with its mask, except then; may be NULL. */
	void (*warn_alloc)(void *context, const char *what, gfp_t gfp);
	void *warn_context;
};

/*
 * Boots the machine and starts an empty session, without a journal.  false
 * with a message: `s` is then empty and may be closed.  `s` must not be moved.
 */
bool session_open(struct session *s, const struct machine_desc *desc, u64 seed, struct status *st);

/* Starts a journal in the state folder. false with a message: the session goes on without. */
bool session_keep_journal(struct session *s, struct status *st);

/* Lets the variables follow the pages that moved. false with a message: out of memory. */
bool session_follow(struct session *s, struct status *st);

/* Ends the journal and gives everything back. */
void session_close(struct session *s);

/*
 * A command that may change state runs between these two.  `text` is what will
 * be journalled.  session_end(keep = false) takes every change back: a
 * command that failed changes nothing.  With keep, what could have been redone
 * is forgotten, the command gets number session_number(), and is journalled.
 *
 * session_begin() false: out of memory or above the limit; nothing is begun.
 * session_end() false: with keep, the command went above the limit or broke an
 * invariant, and was taken back; without, the state before could not be had
 * back.  The command has ended in any case.
 */
bool session_begin(struct session *s, const char *text, struct status *st);
bool session_end(struct session *s, bool keep, struct status *st);

/* Is the machine's state within the memory limit, and had the host enough? For long commands to ask. false: a message.
 */
bool session_has_room(const struct session *s, struct status *st);

/* Number of the last command done; 0 at the start. Commands count from 1. */
size_t session_number(const struct session *s);

/* The n-th command (1 ...), done or to be redone; NULL: there is none. */
const struct command *session_command(const struct session *s, size_t n);

/* Goes to the state after command n (0: the start), back or forth. */
bool session_goto(struct session *s, size_t n, struct status *st);
bool session_undo(struct session *s, size_t count, struct status *st);
bool session_redo(struct session *s, size_t count, struct status *st);

/*
 * Boots `desc` (NULL: the same again) and forgets all commands, variables, and
 * what is in the journal.  false with a message: that machine cannot be, and
 * nothing is changed.
 */
bool session_reset(struct session *s, const struct machine_desc *desc, struct status *st);

/* Writes the session to `path` in the form of a journal, which `source` and `kmemlab run` read. Atomic. */
bool session_save(const struct session *s, const char *path, struct status *st);

/* Why the journal is not written any more: a sentence, once; NULL: nothing (more) to say. */
const char *session_warning(struct session *s);

#endif
