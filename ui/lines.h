/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every prompt does with readline: the history in the state folder, and
 * the shell's completions as readline wants them.
 */
#ifndef KM_UI_LINES_H
#define KM_UI_LINES_H

#include "base/types.h"

/* As shell_complete() has it: a NULL-terminated array, all of it malloc'd; NULL: none. */
typedef char **lines_complete(void *context, const char *line, size_t cursor, size_t *start);

/* Characters that end a word of the command language. */
#define LINES_WORD_BREAKS " \t\n()[]{},;=+-*/%<>|&!~^?:\"'"

/* Reads the history. `path` names its file, which need not be there; NULL: none is kept. It is not copied. */
void lines_read_history(const char *path);

/* Puts a line into the history and its file, unless it is the one before or blank. */
void lines_remember(const char *path, const char *line);

/* Cuts the file to its length, and forgets the history. */
void lines_close_history(const char *path);

/*
 * The answer to rl_attempted_completion_function for the word of
 * rl_line_buffer that readline thinks is from `from` to `to`; NULL: none.
 */
char **lines_matches(lines_complete *complete, void *context, size_t from, size_t to);

#endif
