/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of keys and signs (F1), and the hints in which the same keys are named where they can be pressed. */
#ifndef KM_UI_HELP_PAGE_H
#define KM_UI_HELP_PAGE_H

#include "base/types.h"
#include "ui/glyphs.h"
#include "ui/grid.h"
#include "ui/panel.h"

/* A key and what it does, both short. */
struct hint {
	const char *key, *does; /* N_() texts; NULL ends a list */
};

/* Columns that hints take when drawn. */
int help_page_hints_width(const struct hint *hints);

/* Draws hints that end before column `right`, as many as fit from column `left` on. */
void help_page_hints(struct grid *g, int y, int left, int right, const struct hint *hints);

/*
 * Draws the page into `r`, from line `scroll` on, which is cut down to the
 * last that makes sense.  `panels`: those whose keys are told, NULL at the end.
 */
void help_page_draw(struct grid *g, struct rect r, enum glyph_set set, const struct panel *const *panels,
		    size_t *scroll);

#endif
