/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Themes: what the styles of the grid look like.  A theme is a constant table;
 * colours are numbers of the terminal's palette, so that the user's own
 * choice of colours stays in force, and the background is never set but to mark.
 */
#ifndef KM_UI_THEME_H
#define KM_UI_THEME_H

#include "base/types.h"
#include "ui/grid.h"

enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_UNDERLINE = 4,
	THEME_REVERSE = 8,
};

#define THEME_DEFAULT (-1) /* the terminal's own colour */

struct theme_look {
	short colour, background; /* of a palette of `colours`, or THEME_DEFAULT */
	unsigned attrs; /* THEME_* */
};

struct theme;

/* The n-th theme's name; NULL behind the last. The first is the one used without a choice. */
const char *theme_name(size_t n);

/* NULL: there is none of that name. */
const struct theme *theme_find(const char *name);

/* Does it work without colours? */
bool theme_is_mono(const struct theme *theme);

/* How a style looks where the terminal has `colours` colours (8, 16, 88, 256 ...). */
struct theme_look theme_look(const struct theme *theme, enum style style, int colours);

#endif
