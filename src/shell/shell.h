/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command language: a line in, its effect on a session and its text out.
 * The shell does no I/O but for files that a command names; it writes to a
 * string, and whoever called shows that.
 */
#ifndef KM_SHELL_SHELL_H
#define KM_SHELL_SHELL_H

#include "base/status.h"
#include "base/strbuf.h"
#include "session/session.h"

/* What a caller must do after a line. */
enum shell_outcome {
	SHELL_DONE,
	SHELL_ERROR, /* the line had an error; its text is in the output; nothing was changed */
	SHELL_MORE, /* the line is not complete: an open brace or string; call again with both joined by '\n'. The
		     * output says what is open, and where it began */
	SHELL_QUIT,
	SHELL_RETURN, /* done, and the rest of the text is left out */
	SHELL_PAUSE, /* `pause`: wait for the user, then shell_resume() */
};

/* What the host of the shell offers; any may be NULL. */
struct shell_host {
	void *context;
	/* `say`: text that explains. Without it the text goes to the output. */
	void (*say)(void *context, const char *text);
	/* `expect`: told of each result. `text` is the expression as written. */
	void (*expect)(void *context, bool holds, const char *text, const char *detail, const char *file,
		       unsigned line);
	/* `set NAME VALUE` of a setting that is the host's (theme, glyphs, mouse, step ...); false: unknown or refused.
	 */
	bool (*set)(void *context, const char *name, const char *value, struct status *st);
	/* A statement of a script is about to run; `text` as written. The screen shows it being typed. */
	void (*statement)(void *context, const char *text);
	/*
	 * A text lacks its end: appends '\n' and the next line to `text`; false: there is none, and that is an error.
	 * Without it the outcome is SHELL_MORE.
	 */
	bool (*more)(void *context, struct strbuf *text);
	/* `why` is to tell the steps of command `number`; true: the host shows them itself, so nothing is printed. */
	bool (*explain)(void *context, size_t number);
	/* `walk` is to show the page tables on the way to an address; true: the host does so, and nothing is printed.
	 */
	bool (*walk)(void *context, u64 address);
	/* Told is what lies at an address of the machine: the host may show it as well. */
	void (*look)(void *context, u64 address);
	/* Called now and then in long commands; false: the user wants to stop. */
	bool (*goes_on)(void *context);
};

struct shell;

/* `session` is not owned. NULL: out of memory. Installs itself as the session's `run`. */
struct shell *shell_new(struct session *session, const struct shell_host *host);
void shell_free(struct shell *sh);

/*
 * Runs one statement, or several separated by ';' or newlines.  Appends to
 * `out` what it prints, and for an error: the message with file, line and
 * column if `file` is not NULL, the line, a caret under the place, and the
 * nearest right word.
 *
 * What `source`, `include` or `pause` leave to be done waits for
 * shell_resume(), as shell_in_script() tells.  After an error nothing waits
 * but what had waited before.
 */
enum shell_outcome shell_run(struct shell *sh, const char *text, const char *file, unsigned line, struct strbuf *out);

/*
 * Runs the next statement that waits, after a pause or in a script. SHELL_DONE
 * if there is none.  After an error the scripts are left, unless the session
 * is to keep going.
 */
enum shell_outcome shell_resume(struct shell *sh, struct strbuf *out);
bool shell_is_paused(const struct shell *sh);

/*
 * Starts a script: shell_resume() runs one statement of it, and shell_in_script()
 * tells whether there are more.  false: it cannot be read.
 */
bool shell_start_script(struct shell *sh, const char *path, struct status *st);

bool shell_in_script(const struct shell *sh);

/* How many expects did not hold so far. */
unsigned shell_failed_expects(const struct shell *sh);

/* Leaves the scripts that are running or paused. */
void shell_stop_script(struct shell *sh);

/*
 * Completions of `line` at byte `cursor`: a NULL-terminated array of strings,
 * each to stand for the word from byte *start on; all malloc'd, the caller's.
 * NULL: none.
 */
char **shell_complete(const struct shell *sh, const char *line, size_t cursor, size_t *start);

/* Help for `topic` (NULL: the overview) is appended to `out`; false: unknown, with the nearest in `st`. */
bool shell_help(const struct shell *sh, const char *topic, struct strbuf *out, struct status *st);

#endif
