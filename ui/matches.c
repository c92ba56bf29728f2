/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/matches.h"

#include "base/strbuf.h"
#include "base/text.h"

/* A frame around `inside`, with `title` in its upper line and `note` in its lower one. */
static void draw_frame(struct grid *g, struct rect inside, enum glyph_set glyphs, const char *title, const char *note)
{
	int top = inside.y - 1, bottom = inside.y + inside.rows, left = inside.x - 1, right = inside.x + inside.cols;
	int width = grid_width(note);

	grid_fill(g, inside, STYLE_TEXT, " ");
	grid_fill(g, (struct rect){ top, left, 1, inside.cols + 2 }, STYLE_FOCUS, glyph(glyphs, GLYPH_HLINE));
	grid_fill(g, (struct rect){ bottom, left, 1, inside.cols + 2 }, STYLE_FOCUS, glyph(glyphs, GLYPH_HLINE));
	grid_fill(g, (struct rect){ inside.y, left, inside.rows, 1 }, STYLE_FOCUS, glyph(glyphs, GLYPH_VLINE));
	grid_fill(g, (struct rect){ inside.y, right, inside.rows, 1 }, STYLE_FOCUS, glyph(glyphs, GLYPH_VLINE));
	grid_glyph(g, top, left, STYLE_FOCUS, glyphs, GLYPH_TOP_LEFT);
	grid_glyph(g, top, right, STYLE_FOCUS, glyphs, GLYPH_TOP_RIGHT);
	grid_glyph(g, bottom, left, STYLE_FOCUS, glyphs, GLYPH_BOTTOM_LEFT);
	grid_glyph(g, bottom, right, STYLE_FOCUS, glyphs, GLYPH_BOTTOM_RIGHT);
	grid_printf(g, top, left + 1, inside.cols, STYLE_FOCUS, " %s ", title);
	if (width > 0 && width + 2 <= inside.cols)
		grid_printf(g, bottom, right - width - 3, width + 2, STYLE_FOCUS, " %s ", note);
}

void matches_draw(struct grid *g, int bottom, int rows, enum glyph_set glyphs, char *const *items, size_t count,
		  unsigned page)
{
	struct rect inside = { 0, 1, rows - 2, g->cols - 2 };
	struct strbuf note = STRBUF_INIT;
	size_t columns, lines, pages, first;
	int wide = 1;

	for (size_t i = 0; i < count; i++)
		if (grid_width(items[i]) > wide)
			wide = grid_width(items[i]);
	if (inside.rows < 1 || inside.cols < 3 || count == 0)
		return;
	wide = wide + 3 <= inside.cols ? wide + 2 : inside.cols - 1;
	columns = (size_t)((inside.cols - 1) / wide);
	lines = (count + columns - 1) / columns;
	if (lines < (size_t)inside.rows)
		inside.rows = (int)lines;
	inside.y = bottom - inside.rows;
	pages = (lines + (size_t)inside.rows - 1) / (size_t)inside.rows;
	if (pages > 1)
		strbuf_printf(&note, _("page %zu of %zu, Tab: next"), page % pages + 1, pages);
	draw_frame(g, inside, glyphs, _("completions"), strbuf_str(&note));
	strbuf_free(&note);
	/* Down the columns of a page first, as ls does. */
	first = page % pages * (size_t)inside.rows * columns;
	for (size_t i = first; i < count && i - first < (size_t)inside.rows * columns; i++) {
		int y = inside.y + (int)((i - first) % (size_t)inside.rows);
		int x = inside.x + 1 + (int)((i - first) / (size_t)inside.rows) * wide;

		grid_put(g, y, x, wide - 1, STYLE_TEXT, items[i]);
	}
}
