/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the shell share while a statement runs. */
#ifndef KM_SHELL_CONTEXT_H
#define KM_SHELL_CONTEXT_H

#include "shell/diag.h"
#include "shell/shell.h"

/* Bytes that one statement may print. */
#define CONTEXT_OUTPUT_MAX ((size_t)16 << 20)

struct node;
struct scripts;

/* How a statement goes on: with what comes next, or out of what it stands in. */
enum context_flow {
	FLOW_ON,
	FLOW_BREAK, /* out of the innermost loop */
	FLOW_CONTINUE, /* to that loop's next round */
	FLOW_RETURN, /* out of the whole text */
};

struct context {
	struct session *session;
	struct shell_host host;
	struct scripts *scripts;
	const struct source *source; /* of the statement that runs */
	struct strbuf *out;
	struct diag *diag;
	unsigned *failed; /* how many expects failed so far */
	bool again; /* done again for undo, redo, goto: nobody is told */
	const struct node *shown; /* the call that is a statement, whose result is printed; NULL: none */
	unsigned loops; /* inside how many repeats and fors: results are not shown */
	enum context_flow flow;
	size_t said, said_end; /* the part of `out` that the kernel printed when it refused the statement; it stays */
	bool down; /* the kernel met a BUG in this statement: nothing more of it runs */
	enum shell_outcome outcome; /* of the statement, if it succeeds */
	u32 ticks;
	/* Reports in the kernel's log so far. It keeps them rare; a statement takes no time there. */
	unsigned sleeps_told, failures_told, ooms_told, hangs_told;
};

/*
 * To be called in all loops whose length the user decides.  false: the user
 * wants to stop, or a limit is reached; the diag says so, at `offset`.
 */
bool context_goes_on(struct context *cx, size_t offset);

#endif
