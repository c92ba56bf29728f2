/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of completions, drawn above the prompt in columns, a page at a time. */
#ifndef KM_UI_MATCHES_H
#define KM_UI_MATCHES_H

#include "base/types.h"
#include "ui/glyphs.h"
#include "ui/grid.h"

/*
 * Draws `items` in a frame whose lowest row is `bottom`, at most `rows` high.
 * `page` counts on and on: behind the last page comes the first.
 */
void matches_draw(struct grid *g, int bottom, int rows, enum glyph_set glyphs, char *const *items, size_t count,
		  unsigned page);

#endif
