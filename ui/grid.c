/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/grid.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest text that grid_printf() makes; a row of the widest terminal is shorter. */
#define PRINTF_MAX 1024

static const struct cell blank = { " ", 1, STYLE_TEXT };

bool grid_init(struct grid *g, int rows, int cols)
{
	g->rows = rows > 0 ? rows : 0;
	g->cols = cols > 0 ? cols : 0;
	g->cells = calloc((size_t)g->rows * (size_t)g->cols + 1, sizeof *g->cells);
	if (!g->cells) {
		g->rows = g->cols = 0;
		return false;
	}
	grid_clear(g);
	return true;
}

void grid_free(struct grid *g)
{
	free(g->cells);
	memset(g, 0, sizeof *g);
}

void grid_clear(struct grid *g)
{
	size_t count = (size_t)g->rows * (size_t)g->cols;

	for (size_t i = 0; i < count; i++)
		g->cells[i] = blank;
}

struct cell *grid_cell(struct grid *g, int y, int x)
{
	if (y < 0 || x < 0 || y >= g->rows || x >= g->cols)
		return NULL;
	return &g->cells[(size_t)y * (size_t)g->cols + (size_t)x];
}

/* Half of a wide character must not stay when the other half is written over. */
static void break_wide(struct grid *g, int y, int x)
{
	struct cell *c = grid_cell(g, y, x);
	struct cell *other;

	if (c->width == 1)
		return;
	other = grid_cell(g, y, c->width ? x + 1 : x - 1);
	if (other) {
		u8 style = other->style;

		*other = blank;
		other->style = style;
	}
}

static void set_cell(struct grid *g, int y, int x, enum style style, const char *text, size_t bytes, int width)
{
	struct cell *c = grid_cell(g, y, x);

	break_wide(g, y, x);
	memset(c, 0, sizeof *c);
	memcpy(c->text, text, bytes < CELL_BYTES ? bytes : CELL_BYTES - 1);
	c->width = (u8)width;
	c->style = (u8)style;
	if (width == 2) {
		break_wide(g, y, x + 1);
		c = grid_cell(g, y, x + 1);
		memset(c, 0, sizeof *c);
		c->style = (u8)style;
	}
}

/* Adds a combining character to the one in front of (y, x), written since `start`. */
static void combine(struct grid *g, int y, int start, int x, const char *text, size_t bytes)
{
	struct cell *c;
	size_t length;

	if (x == start)
		return;
	c = grid_cell(g, y, x - 1);
	if (c->width == 0)
		c = grid_cell(g, y, x - 2);
	length = strlen(c->text);
	if (length + bytes < CELL_BYTES)
		memcpy(c->text + length, text, bytes);
}

int grid_put_bytes(struct grid *g, int y, int x, int cols, enum style style, const char *text, size_t bytes)
{
	const char *end = text + bytes;
	int limit = cols > g->cols - x ? g->cols : x + cols;
	int at = x;

	if (y < 0 || y >= g->rows || x < 0)
		return 0;
	while (text < end) {
		size_t length;
		u32 c = utf8_decode(text, end, &length);
		int width = c == UTF8_BAD ? -1 : utf8_columns(c);

		if (width == 0) {
			combine(g, y, x, at, text, length);
		} else if (at + (width < 0 ? 1 : width) > limit) {
			break;
		} else if (width < 0) {
			set_cell(g, y, at++, style, "?", 1, 1);
		} else {
			set_cell(g, y, at, style, text, length, width);
			at += width;
		}
		text += length;
	}
	return at - x;
}

int grid_put(struct grid *g, int y, int x, int cols, enum style style, const char *text)
{
	return grid_put_bytes(g, y, x, cols, style, text, strlen(text));
}

int grid_printf(struct grid *g, int y, int x, int cols, enum style style, const char *format, ...)
{
	char text[PRINTF_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return grid_put(g, y, x, cols, style, text);
}

int grid_put_cut(struct grid *g, int y, int x, int cols, enum style style, enum glyph_set set, const char *text)
{
	int used;

	if (cols <= 0)
		return 0;
	if (grid_width(text) <= cols)
		return grid_put(g, y, x, cols, style, text);
	used = grid_put(g, y, x, cols - 1, style, text);
	grid_glyph(g, y, x + used, style, set, GLYPH_ELLIPSIS);
	return used + 1;
}

int grid_put_right(struct grid *g, int y, int x, int cols, enum style style, enum glyph_set set, const char *text)
{
	int width = grid_width(text);

	if (width >= cols)
		return grid_put_cut(g, y, x, cols, style, set, text);
	return grid_put(g, y, x + cols - width, width, style, text);
}

void grid_glyph(struct grid *g, int y, int x, enum style style, enum glyph_set set, enum glyph what)
{
	const char *text = glyph(set, what);

	if (grid_cell(g, y, x))
		set_cell(g, y, x, style, text, strlen(text), 1);
}

void grid_fill(struct grid *g, struct rect r, enum style style, const char *ch)
{
	for (int y = r.y; y < r.y + r.rows; y++)
		for (int x = r.x; x < r.x + r.cols; x++)
			if (grid_cell(g, y, x))
				set_cell(g, y, x, style, ch, strlen(ch), 1);
}

void grid_restyle(struct grid *g, struct rect r, enum style style)
{
	for (int y = r.y; y < r.y + r.rows; y++)
		for (int x = r.x; x < r.x + r.cols; x++)
			if (grid_cell(g, y, x))
				grid_cell(g, y, x)->style = (u8)style;
}

size_t grid_fit(const char *text, size_t bytes, int cols)
{
	const char *at = text, *end = text + bytes;

	while (at < end) {
		size_t length;
		u32 c = utf8_decode(at, end, &length);
		int width = c == UTF8_BAD ? 1 : utf8_columns(c);

		cols -= width < 0 ? 1 : width;
		if (cols < 0)
			break;
		at += length;
	}
	return (size_t)(at - text);
}

int grid_width_bytes(const char *text, size_t bytes)
{
	const char *end = text + bytes;
	int columns = 0;

	while (text < end) {
		size_t length;
		u32 c = utf8_decode(text, end, &length);
		int width = c == UTF8_BAD ? 1 : utf8_columns(c);

		columns += width < 0 ? 1 : width;
		text += length;
	}
	return columns;
}

int grid_width(const char *text)
{
	return grid_width_bytes(text, strlen(text));
}
