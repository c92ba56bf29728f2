/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_text.h"

#include "base/text.h"
#include "ui/wrap.h"

#include <string.h>

#define TAB_COLS 8

/* Columns by which the rest of a line of output is set off. */
#define HANG 4

/* The output to be shown here: not what stands beside the events already. */
static const char *output(const struct view *v)
{
	/* While a command runs, what is there is of the one before. */
	return v->output && *v->output && !v->session->recording && !view_result(v) ? v->output : NULL;
}

static const char *lesson(const struct view *v)
{
	return v->say && *v->say ? v->say : NULL;
}

/* Text keeps a column from the frame. */
static int text_cols(int cols)
{
	return cols > 2 ? cols - 2 : 1;
}

/* Where text is drawn; a NULL grid only counts the rows. */
struct pen {
	struct grid *g;
	struct rect r;
	int row; /* the next, from the top of the panel; negative: above it */
};

/*
 * One line of the text.  Output is made of tables: what does not fit goes on
 * below, set off by `hang` columns.
 */
static void draw_line(struct pen *p, enum style style, const char *text, int hang)
{
	int cols = text_cols(p->r.cols), indent = 0;
	const char *line;
	size_t bytes;

	if (!*text)
		p->row++;
	while (wrap_next(&text, cols - indent, &line, &bytes)) {
		if (p->g && p->row >= 0 && p->row < p->r.rows)
			grid_put_bytes(p->g, p->r.y + p->row, p->r.x + 1 + indent, cols - indent, style, line, bytes);
		p->row++;
		indent = hang < cols / 2 ? hang : 0;
	}
}

static void expand_tabs(const char *text, size_t length, struct strbuf *line)
{
	const char *end = text + length;
	int column = 0;

	while (text < end) {
		const char *tab = memchr(text, '\t', (size_t)(end - text));
		size_t bytes = (size_t)((tab ? tab : end) - text);

		strbuf_add(line, text, bytes);
		if (!tab)
			return;
		column = (column + grid_width_bytes(text, bytes)) % TAB_COLS;
		strbuf_printf(line, "%*s", TAB_COLS - column, "");
		column = 0;
		text = tab + 1;
	}
}

static void draw_part(struct pen *p, enum style style, const char *text, int hang)
{
	struct strbuf line = STRBUF_INIT;

	while (*text) {
		size_t length = strcspn(text, "\n");

		strbuf_clear(&line);
		expand_tabs(text, length, &line);
		text += length + (text[length] == '\n');
		draw_line(p, style, strbuf_str(&line), hang);
	}
	strbuf_free(&line);
}

/* Of an error the first line is the message, the others say where. */
static void draw_output(const struct view *v, struct pen *p)
{
	const char *text = output(v);
	size_t length = strcspn(text, "\n");
	struct strbuf message = STRBUF_INIT;

	if (!v->refused) {
		draw_part(p, STYLE_TEXT, text, HANG);
		return;
	}
	strbuf_add(&message, text, length);
	draw_part(p, STYLE_ERROR, strbuf_str(&message), 0);
	draw_part(p, STYLE_TEXT, text + length + (text[length] == '\n'), 0);
	strbuf_free(&message);
}

static void draw_all(const struct view *v, struct pen *p)
{
	if (lesson(v))
		draw_part(p, STYLE_SAY, lesson(v), 0);
	if (lesson(v) && output(v))
		p->row++;
	if (output(v))
		draw_output(v, p);
}

int panel_text_width(const struct view *v)
{
	const char *text = output(v);
	int widest = 0;

	while (text && *text) {
		size_t length = strcspn(text, "\n");
		int width = grid_width_bytes(text, length) + 2;

		if (width > widest)
			widest = width;
		text += length + (text[length] == '\n');
	}
	return widest;
}

static int text_rows(const struct view *v, int cols)
{
	struct pen p = { .r.cols = cols };

	draw_all(v, &p);
	return p.row;
}

static void text_draw(const struct view *v, struct grid *g, struct rect r)
{
	size_t total = (size_t)text_rows(v, r.cols), first = panel_first(v->text_scroll, total, r.rows);
	struct pen p = { g, r, -(int)first };

	draw_all(v, &p);
	panel_arrows(g, r, v->glyphs, first, total);
}

static void text_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	size_t total = (size_t)text_rows(v, r.cols);

	strbuf_puts(left, lesson(v) ? _("lesson") : v->refused ? _("error") : _("output"));
	panel_range(panel_first(v->text_scroll, total, r.rows), total, r.rows, right);
}

static bool text_key(struct view *v, struct rect r, int key)
{
	return panel_scroll(&v->text_scroll, (size_t)text_rows(v, r.cols), r.rows, key);
}

const struct panel panel_text = {
	.name = "text",
	.title = N_("text"),
	.rows = text_rows,
	.draw = text_draw,
	.caption = text_caption,
	.key = text_key,
	.help = N_("Up Down PgUp PgDn scroll"),
};
