/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines around panels: where frames touch they share a line, and the corners become tees. */
#ifndef KM_UI_FRAME_LINES_H
#define KM_UI_FRAME_LINES_H

#include "ui/grid.h"

/*
 * Draws the lines around the `count` rectangles `inside`; those without rows
 * are left out.  The lines of number `focus` (-1: none) are drawn as STYLE_FOCUS.
 */
void frame_lines_draw(struct grid *g, const struct rect *inside, int count, int focus, enum glyph_set set);

#endif
