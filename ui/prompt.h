/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The prompt: readline as an editor without a terminal.  Keys go in as bytes,
 * a finished line comes out, and what readline would have shown is drawn to
 * the grid.  readline has one state in a process, so there is one prompt.
 */
#ifndef KM_UI_PROMPT_H
#define KM_UI_PROMPT_H

#include "base/status.h"
#include "base/types.h"
#include "ui/glyphs.h"
#include "ui/grid.h"
#include "ui/lines.h"

/*
 * Starts it.  `history` names the file that keeps the lines (made with its
 * folders when the first line is kept), NULL: none; it is copied.
 */
bool prompt_open(const char *history, lines_complete *complete, void *context, struct status *st);
void prompt_close(void);

/* The bytes of one key. The lists of completions closes at any key but one that completes again. */
void prompt_feed(const char *bytes, size_t length);

/* Text that was pasted: it goes in as it is, without control characters. */
void prompt_insert(const char *text, size_t length);

/* Was a line finished?  Then true, with the line (the caller's, to free), or NULL for the end of input. */
bool prompt_take(char **line);

/* Puts a line into the history and its file, unless it is the one before or blank. */
void prompt_remember(const char *line);

/* Nothing is typed, half typed or searched for. */
bool prompt_is_empty(void);

/* Throws away what is typed, searches too. */
void prompt_clear(void);

/* Makes `text` what is typed. */
void prompt_show(const char *text);

/* What stands before the line: a copy is kept. */
void prompt_set(const char *prompt);

/* The size of the screen: readline pages by it. */
void prompt_resize(int rows, int cols);

/*
 * Draws the line on row `y`, over the whole width, scrolled so that the cursor
 * is in it.  Returns the column of the cursor; *used, the columns in use.
 */
int prompt_draw(struct grid *g, int y, enum glyph_set glyphs, int *used);

/* The completions to be shown; *count is 0 if there are none. *again counts how often the same were asked for. */
char *const *prompt_matches(size_t *count, unsigned *again);

#endif
