/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What filters share: a text as lines, and options as programs have them. */
#ifndef KM_SHELL_FILTER_LINES_H
#define KM_SHELL_FILTER_LINES_H

#include "base/status.h"
#include "base/strbuf.h"
#include "base/types.h"

#define FILTER_OPTIONS 8 /* different ones of a filter */
#define FILTER_OPERANDS 1

/* A filter at work. */
struct filter {
	char *text; /* the input, each line with a NUL behind it */
	const char **line;
	size_t lines, bytes; /* of the input */
	struct {
		char letter;
		const char *value; /* "" if the option has none */
	} option[FILTER_OPTIONS];
	unsigned options;
	const char *operand[FILTER_OPERANDS];
	unsigned operands;
	struct strbuf wrong; /* what is wrong with the arguments */
	struct strbuf *out;
	struct status *st;
};

/* Divides the input. To be ended even if it fails: out of memory. */
bool filter_begin(struct filter *f, const struct strbuf *in, struct strbuf *out, struct status *st);
void filter_end(struct filter *f);

/*
 * Reads arguments: `options` are the letters that there are, with ':' behind
 * those that have a value; "-5" stands for option `number`, if that is not 0;
 * `operands` of other arguments must be there.  false: `wrong` says why.
 */
bool filter_arguments(struct filter *f, size_t count, const char *const *arguments, const char *options, char number,
		      unsigned operands);

/* How often an option is given. */
unsigned filter_options(const struct filter *f, char letter);

/* The value of an option, the last one; NULL: it is not given. */
const char *filter_option(const struct filter *f, char letter);

/* A number that is written as text; `fallback` if that is NULL. false: it is none, as the status says. */
bool filter_number(const struct filter *f, const char *text, size_t fallback, size_t *number);

size_t filter_lines(const struct filter *f);

/* Line n, without its newline. */
const char *filter_text(const struct filter *f, size_t n);

/* Appends line n to the output. */
void filter_put(const struct filter *f, size_t n);

#endif
