/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts that are being run: what was typed, and the scripts it started,
 * each at the statement that comes next.
 */
#ifndef KM_SHELL_SCRIPT_H
#define KM_SHELL_SCRIPT_H

#include "shell/ast.h"
#include "shell/diag.h"
#include "session/session.h"

/* Scripts that may include one another. */
#define SCRIPT_DEPTH 16

/* Appends a newline and one more line to a text that lacks its end; false: there is none. */
typedef bool script_more(void *context, struct strbuf *text);

struct script_frame {
	char *name; /* as it was named; NULL: typed */
	char *path; /* of the file, to notice one that includes itself; NULL: none */
	struct strbuf text;
	struct source source;
	script_more *more; /* NULL: the text is all there is */
	void *more_context;
	struct ast ast;
	struct node *next; /* statement that comes next; NULL: none, once parsed */
	bool script; /* a file that was started, and not what a caller handed in */
	bool parsed;
};

struct scripts {
	struct script_frame frame[SCRIPT_DEPTH];
	unsigned depth;
};

/* Begins a text; `file` may be NULL. false: out of memory, or too deep; nothing is begun. */
bool script_push_text(struct scripts *s, const char *text, const char *file, unsigned line, struct status *st);

/*
 * Begins the script called `name`: a file, beside the script that names it or
 * in the present folder, or a lesson that is built in.  false with a message:
 * there is none, it runs already, or too deep; nothing is begun.
 */
bool script_push_file(struct scripts *s, const char *name, struct status *st);

/*
 * Boots the machine that the header of the youngest text asks for, if it names
 * one, and tells so.  false: it cannot be; the text is then ended.
 */
bool script_boot(struct scripts *s, struct session *session, struct strbuf *out, struct status *st);

/* The youngest text. There must be one. */
struct script_frame *script_top(struct scripts *s);

/* Parses the youngest text, if that was not done. false: the diag says why, and about which frame. */
bool script_parse(struct script_frame *frame, struct diag *diag);

/* Ends the youngest text; ends those that have no statement left; ends all above `depth`. */
void script_pop(struct scripts *s);
void script_pop_finished(struct scripts *s);
void script_pop_to(struct scripts *s, unsigned depth);

#endif
