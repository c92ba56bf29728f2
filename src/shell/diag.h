/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was wrong in a text, and where: shown with the line and a caret under the place. */
#ifndef KM_SHELL_DIAG_H
#define KM_SHELL_DIAG_H

#include "base/nearest.h"
#include "base/status.h"
#include "base/strbuf.h"

/* A text of the language. Nothing in it is owned. */
struct source {
	const char *file; /* NULL: typed */
	unsigned line; /* number of its first line, from 1; 0 counts as 1 */
	const char *text;
	size_t length;
	/* Lengthens the text by a newline and one more line; false: there is none. NULL: the text is all there is. */
	bool (*more)(struct source *src);
	void *context; /* for `more` */
};

/* All zero: nothing is wrong. */
struct diag {
	struct status status;
	size_t offset; /* of the place, in bytes from the start of the text */
	bool more; /* the text only ended too early */
	unsigned loops; /* around the place, of those that were left so far */
	bool refused; /* what was typed was right, but the machine refuses it in this state */
};

/* Sets the error at `offset`, in printf form. Returns false, for `return diag_fail(...)`. */
bool diag_fail(struct diag *d, size_t offset, enum status_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds to the message, in printf form. Returns false. */
bool diag_add(struct diag *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with what a lower floor says. */
bool diag_status(struct diag *d, size_t offset, const struct status *st);

bool diag_no_memory(struct diag *d, size_t offset);

/* Adds "did you mean ...?" to the message, if there is a word that is near. Returns false. */
bool diag_suggest(struct diag *d, const struct nearest *near);

/* Line (counted from the source's first) and column, both from 1, of an offset. */
void diag_place(const struct source *src, size_t offset, unsigned *line, unsigned *column);

/* Appends the message with its place, and a newline. */
void diag_headline(const struct diag *d, const struct source *src, struct strbuf *out);

/* Appends the message, then the line it is about, then the caret; a newline behind each. */
void diag_show(const struct diag *d, const struct source *src, struct strbuf *out);

#endif
