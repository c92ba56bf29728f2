/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A grid of character cells: what panels draw to.  Curses is one backend of
 * it; tests print it as text.
 */
#ifndef KM_UI_GRID_H
#define KM_UI_GRID_H

#include "base/types.h"
#include "ui/glyphs.h"

/* Styles by meaning; the theme makes colours and attributes of them. */
enum style {
	STYLE_TEXT,
	STYLE_DIM, /* of less importance */
	STYLE_TITLE,
	STYLE_FRAME, /* lines between panels */
	STYLE_FOCUS, /* the title and lines of the panel that has the keys */
	STYLE_STATUS, /* the status line at the top */
	STYLE_PROMPT,
	STYLE_SAY, /* text of a lesson */
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_GOOD,
	STYLE_CHANGED, /* the last operation changed it */
	STYLE_SELECTED, /* the row or item chosen */
	STYLE_CURSOR, /* the cursor of the map */
	STYLE_KEY, /* a key in the help */
	STYLE_FREE, /* frames, by state */
	STYLE_PCP,
	STYLE_USED,
	STYLE_RESERVED,
	STYLE_HOLE,
	STYLE_UNMOVABLE, /* page blocks, by migratetype */
	STYLE_MOVABLE,
	STYLE_RECLAIMABLE,
	STYLE_HIGHATOMIC,
	STYLE_CMA,
	STYLE_LINK, /* the line from an address to the frames behind it */
	STYLE_COUNT
};

#define CELL_BYTES 24 /* a base character and its combining ones, UTF-8 */

struct cell {
	char text[CELL_BYTES]; /* "" in the right half of a wide character; zeroes behind its end */
	u8 width; /* columns: 1, or 2 for a wide character, 0 for its right half */
	u8 style;
};

struct grid {
	int rows, cols;
	struct cell *cells;
};

struct rect {
	int y, x, rows, cols;
};

/* All cells blank.  false: out of memory; the grid then has no cells. */
bool grid_init(struct grid *g, int rows, int cols);
void grid_free(struct grid *g);
void grid_clear(struct grid *g);
struct cell *grid_cell(struct grid *g, int y, int x); /* NULL outside */

/*
 * Writes UTF-8 `text` from (y, x) on, at most `cols` columns and never outside
 * the grid; a wide character that does not fit whole is left out.  Bytes that
 * are not UTF-8, and control characters, show as '?'.  Returns the columns used.
 */
int grid_put(struct grid *g, int y, int x, int cols, enum style style, const char *text);
int grid_put_bytes(struct grid *g, int y, int x, int cols, enum style style, const char *text, size_t bytes);
int grid_printf(struct grid *g, int y, int x, int cols, enum style style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Like grid_put(), but text that is too long ends in the ellipsis of `set`. */
int grid_put_cut(struct grid *g, int y, int x, int cols, enum style style, enum glyph_set set, const char *text);

/* Like grid_put_cut(), with the text at the right end of the `cols` columns. Returns the columns of the text. */
int grid_put_right(struct grid *g, int y, int x, int cols, enum style style, enum glyph_set set, const char *text);

/* Puts a glyph into one cell: the only way to show one of GLYPHS_LINES. */
void grid_glyph(struct grid *g, int y, int x, enum style style, enum glyph_set set, enum glyph what);

/* Fills a rectangle with one character, or glyph, of one column. */
void grid_fill(struct grid *g, struct rect r, enum style style, const char *ch);

/* Gives the cells of a rectangle another style. */
void grid_restyle(struct grid *g, struct rect r, enum style style);

/* Columns that `text` takes. */
int grid_width(const char *text);
int grid_width_bytes(const char *text, size_t bytes);

/* Bytes of the longest start of `text` that takes at most `cols` columns. */
size_t grid_fit(const char *text, size_t bytes, int cols);

#endif
