/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/backend_curses.h"

#include "ui/glyphs.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define NCURSES_NOMACROS 1
#include <ncurses.h>

static attr_t curses_attrs(unsigned attrs)
{
	return (attrs & THEME_BOLD ? A_BOLD : A_NORMAL) | (attrs & THEME_DIM ? A_DIM : A_NORMAL) |
	       (attrs & THEME_UNDERLINE ? A_UNDERLINE : A_NORMAL) | (attrs & THEME_REVERSE ? A_REVERSE : A_NORMAL);
}

void backend_curses_theme(struct backend_curses *b, const struct theme *theme)
{
	b->theme = theme;
	for (int style = 0; style < STYLE_COUNT; style++) {
		struct theme_look look = theme_look(theme, (enum style)style, b->colours);

		b->attrs[style] = curses_attrs(look.attrs);
		b->pair[style] = 0;
		if (look.colour == THEME_DEFAULT && look.background == THEME_DEFAULT)
			continue;
		b->pair[style] = (short)(style + 1);
		init_pair(b->pair[style], look.colour, look.background);
	}
	backend_curses_forget(b);
}

void backend_curses_open(struct backend_curses *b, const struct theme *theme, bool colour)
{
	memset(b, 0, sizeof *b);
	/* Without start_color() curses never sends a colour. */
	if (colour && has_colors() && start_color() == OK && COLORS >= 8 && COLOR_PAIRS > STYLE_COUNT) {
		b->colours = COLORS;
		if (use_default_colors() != OK)
			assume_default_colors(COLOR_WHITE, COLOR_BLACK);
	}
	backend_curses_theme(b, theme);
}

void backend_curses_close(struct backend_curses *b)
{
	grid_free(&b->shown);
	free(b->row);
	b->row = NULL;
	b->row_cols = 0;
}

void backend_curses_forget(struct backend_curses *b)
{
	grid_free(&b->shown);
	b->shown.rows = b->shown.cols = 0;
}

/* The terminal's own line drawing for a glyph; NULL: there is none, or (arrows) few terminals have it. */
static const cchar_t *line_glyph(enum glyph g)
{
	switch (g) {
	case GLYPH_HLINE:
		return WACS_HLINE;
	case GLYPH_VLINE:
		return WACS_VLINE;
	case GLYPH_TOP_LEFT:
		return WACS_ULCORNER;
	case GLYPH_TOP_RIGHT:
		return WACS_URCORNER;
	case GLYPH_BOTTOM_LEFT:
		return WACS_LLCORNER;
	case GLYPH_BOTTOM_RIGHT:
		return WACS_LRCORNER;
	case GLYPH_TEE_LEFT:
		return WACS_LTEE;
	case GLYPH_TEE_RIGHT:
		return WACS_RTEE;
	case GLYPH_TEE_TOP:
		return WACS_TTEE;
	case GLYPH_TEE_BOTTOM:
		return WACS_BTEE;
	case GLYPH_CROSS:
		return WACS_PLUS;
	case GLYPH_MIXED:
		return WACS_CKBOARD;
	case GLYPH_FREE:
		return WACS_BULLET;
	case GLYPH_CHANGED:
		return WACS_DIAMOND;
	case GLYPH_CURSOR:
		return WACS_PLUS;
	case GLYPH_BAR_1:
	case GLYPH_BAR_2:
		return WACS_S9;
	case GLYPH_BAR_3:
		return WACS_S7;
	case GLYPH_BAR_4:
	case GLYPH_BAR_5:
		return WACS_HLINE;
	case GLYPH_BAR_6:
		return WACS_S3;
	case GLYPH_BAR_7:
		return WACS_S1;
	case GLYPH_BAR_8:
		return WACS_CKBOARD;
	default:
		return NULL;
	}
}

/* Puts one cell's characters into `out`, as many as it has columns or one that wide. Returns how many. */
static int translate(const struct backend_curses *b, const struct cell *cell, cchar_t *out)
{
	wchar_t wide[CCHARW_MAX + 1], unknown[2] = L"?";
	attr_t attrs = (attr_t)b->attrs[cell->style];
	short pair = b->pair[cell->style];
	mbstate_t state;
	enum glyph g = glyph_of_text(cell->text);
	const char *from = cell->text;
	size_t n;

	if (g != GLYPH_COUNT) {
		const cchar_t *line = line_glyph(g);

		from = glyph(GLYPHS_ASCII, g);
		if (line != NULL) {
			attr_t own;
			short unused;

			getcchar(line, wide, &own, &unused, NULL);
			setcchar(out, wide, attrs | own, pair, NULL);
			return 1;
		}
	}
	memset(&state, 0, sizeof state);
	n = mbsrtowcs(wide, &from, CCHARW_MAX, &state);
	if (n != (size_t)-1 && n > 0) {
		wide[n] = L'\0';
		/* Where curses thinks otherwise of the width, all behind it would be in the wrong place. */
		if (wcwidth(wide[0]) == cell->width && setcchar(out, wide, attrs, pair, NULL) == OK)
			return 1;
	}
	for (int i = 0; i < cell->width; i++)
		setcchar(out + i, i == 0 ? unknown : L" ", attrs, pair, NULL);
	return cell->width;
}

static void draw_row(struct backend_curses *b, const struct grid *g, int y)
{
	const struct cell *cells = &g->cells[(size_t)y * (size_t)g->cols];
	cchar_t *row = b->row;
	int count = 0;

	for (int x = 0; x < g->cols; x++)
		if (cells[x].width > 0)
			count += translate(b, &cells[x], &row[count]);
	mvadd_wchnstr(y, 0, row, count);
}

static bool row_ready(struct backend_curses *b, int cols)
{
	if (b->row_cols >= cols)
		return true;
	free(b->row);
	b->row = malloc((size_t)cols * sizeof(cchar_t));
	b->row_cols = b->row != NULL ? cols : 0;
	return b->row != NULL;
}

void backend_curses_draw(struct backend_curses *b, const struct grid *g, int y, int x)
{
	size_t bytes = (size_t)g->cols * sizeof(struct cell);
	bool known = b->shown.cells != NULL && b->shown.rows == g->rows && b->shown.cols == g->cols;

	if (!row_ready(b, g->cols) || g->cells == NULL)
		return;
	if (!known) {
		grid_free(&b->shown);
		if (!grid_init(&b->shown, g->rows, g->cols))
			memset(&b->shown, 0, sizeof b->shown);
		erase();
	}
	for (int row = 0; row < g->rows; row++) {
		const struct cell *now = &g->cells[(size_t)row * (size_t)g->cols];
		struct cell *before = b->shown.cells ? &b->shown.cells[(size_t)row * (size_t)g->cols] : NULL;

		if (known && memcmp(now, before, bytes) == 0)
			continue;
		draw_row(b, g, row);
		if (before != NULL)
			memcpy(before, now, bytes);
	}
	if (y >= 0)
		move(y, x);
	curs_set(y >= 0);
	wnoutrefresh(stdscr);
	doupdate();
}
