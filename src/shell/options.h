/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands on the command line of the program: one table for reading it and for --help. */
#ifndef KM_SHELL_OPTIONS_H
#define KM_SHELL_OPTIONS_H

#include "base/status.h"
#include "base/strbuf.h"

enum options_mode {
	MODE_INTERACTIVE, /* a screen, a plain prompt, or commands from a pipe */
	MODE_RUN,
	MODE_CHECK,
	MODE_VERIFY,
	MODE_LIST_LESSONS,
	MODE_LIST_MACHINES,
	MODE_HELP,
	MODE_VERSION,
};

struct options {
	enum options_mode mode;
	const char *machine; /* NULL: not told */
	const char **settings; /* "key=value" each; of the options_free() */
	size_t setting_count;
	bool has_seed;
	u64 seed;
	bool plain, mouse, no_journal, recover, keep_going, verbose;
	bool no_color, color;
	const char *glyphs; /* "utf8", "lines", "ascii"; NULL: not told */
	const char *script; /* to be played: of --tour, or the file given; NULL: none */
	char **files; /* of run, check and verify */
	int file_count;
};

/*
 * Reads the command line; strings stay in `argv`, whose order may change.
 * false with a message that names the option and the nearest right one.
 */
bool options_read(struct options *o, int argc, char **argv, struct status *st);
void options_free(struct options *o);

/* The text of --help. */
void options_help(struct strbuf *out);

/* The n-th long option without its dashes, NULL behind the last; *argument (may be NULL): what it takes, or NULL. */
const char *options_name(size_t n, const char **argument);

/* The n-th word that can stand before files ("run"), NULL behind the last. */
const char *options_mode_name(size_t n);

#endif
