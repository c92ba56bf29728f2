/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grid as text, compared with the picture of it in a file. */
#ifndef KM_TESTS_PANEL_PICTURE_H
#define KM_TESTS_PANEL_PICTURE_H

#include "base/strbuf.h"
#include "machine/desc.h"
#include "ui/grid.h"
#include "ui/view.h"

/* Prints what is wrong, and counts it. */
void picture_fail(const char *what, const char *why);
int picture_failures(void);

/* Appends the characters of all cells, or a letter for the style of each. */
void picture_text(struct grid *g, bool styles, struct strbuf *out);

/* Compares with a file, or with UPDATE in the environment writes it. */
void picture_compare(const char *path, const struct strbuf *got);

/*
 * Draws the screen of this size, `focus` as in ui/layout.h, and compares it
 * with tests/panel/NAME-SIZE.txt: the text first, then a letter for the style
 * of each cell.  The line drawing set must have the same cells as UTF-8.
 */
void picture_take(const char *name, struct view *view, int focus, int cols, int rows);

/* Applies settings with spaces between them; NULL: none. */
bool picture_settings(struct machine_desc *desc, const char *settings, struct status *st);

#endif
