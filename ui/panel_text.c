/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_text.h"

#include "base/text.h"
#include "ui/wrap.h"

/* The output to be shown here: not what stands beside the events already. */
static const char *output(const struct view *v)
{
	return v->output && *v->output && !view_result(v) ? v->output : NULL;
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

static int text_rows(const struct view *v, int cols)
{
	int rows = 0;

	cols = text_cols(cols);
	if (lesson(v))
		rows += wrap_count(lesson(v), cols);
	if (lesson(v) && output(v))
		rows++;
	if (output(v))
		rows += wrap_count(output(v), cols);
	return rows;
}

/* Draws `text` from row *row on, the rows above the panel left out. Returns the row behind it. */
static int draw_part(struct grid *g, struct rect r, int row, enum style style, const char *text)
{
	const char *line;
	size_t bytes;

	while (wrap_next(&text, text_cols(r.cols), &line, &bytes)) {
		if (row >= 0 && row < r.rows)
			grid_put_bytes(g, r.y + row, r.x + 1, text_cols(r.cols), style, line, bytes);
		row++;
	}
	return row;
}

static void text_draw(const struct view *v, struct grid *g, struct rect r)
{
	int row = -(int)panel_first(v->text_scroll, (size_t)text_rows(v, r.cols), r.rows);

	if (lesson(v))
		row = draw_part(g, r, row, STYLE_SAY, lesson(v)) + 1;
	if (output(v))
		draw_part(g, r, row, STYLE_TEXT, output(v));
}

static void text_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	size_t total = (size_t)text_rows(v, r.cols);

	strbuf_puts(left, lesson(v) ? _("lesson") : _("output"));
	panel_range(panel_first(v->text_scroll, total, r.rows), total, r.rows, right);
}

static bool text_key(struct view *v, struct rect r, int key)
{
	return panel_scroll(&v->text_scroll, (size_t)text_rows(v, r.cols), r.rows, key);
}

const struct panel panel_text = {
	.name = "text",
	.title = N_("text"),
	.min_rows = 1,
	.min_cols = 20,
	.rows = text_rows,
	.draw = text_draw,
	.caption = text_caption,
	.key = text_key,
	.help = N_("Up Down PgUp PgDn scroll"),
};
