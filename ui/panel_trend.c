/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_trend.h"

#include "base/text.h"
#include "machine/early.h"
#include "ui/wrap.h"

#include <limits.h>

/* Columns in front of a plot: the figures at its upper and lower end. */
#define LABEL 9

/* Rows of a chart: at least, and at most. A row of it is its title. */
#define CHART_LEAST 4
#define CHART_MOST 9

/* A command takes at most so many columns. */
#define COMMAND_MOST 6

/* Steps of a cell, from below. */
#define EIGHTHS 8

/* A series to be drawn. */
struct chart {
	const struct view *v;
	enum trend_series series;
	size_t points;
	s64 least, most; /* of all points that say something */
	s64 low, high; /* the ends of the scale */
	s64 now;
	bool empty; /* no point says anything */
};

/* Values of the commands that share a column; least > most: none says anything. */
struct column {
	s64 least, most;
};

static size_t count_points(const struct view *v)
{
	return trend_points(&v->session->trend, session_number(v->session));
}

static struct trend_point get_point(const struct view *v, enum trend_series series, size_t n)
{
	return trend_point(&v->session->trend, view_phys(v), session_number(v->session), n, v->zone, series,
			   v->trend_order);
}

/* The values of points [from, to). */
static struct column gather(const struct view *v, enum trend_series series, size_t from, size_t to)
{
	struct column c = { INT64_MAX, INT64_MIN };

	for (size_t n = from; n < to; n++) {
		s64 value = get_point(v, series, n).value;

		if (value < 0)
			continue;
		if (value < c.least)
			c.least = value;
		if (value > c.most)
			c.most = value;
	}
	return c;
}

static struct chart make_chart(const struct view *v, enum trend_series series)
{
	struct chart c = { .v = v, .series = series, .points = count_points(v) };
	struct column all = gather(v, series, 0, c.points);

	c.now = get_point(v, series, c.points - 1).value;
	c.empty = all.least > all.most;
	c.least = all.least;
	c.most = all.most;
	c.high = trend_is_index(series) ? 1000 : c.most;
	c.low = trend_is_index(series) ? 0 : c.least;
	/* What never changed stands at full height, not on the ground. */
	if (c.low == c.high && c.low > 0)
		c.low = 0;
	return c;
}

/* ----------------------------------------------------------------- drawing */

/* How high a value stands in a plot of `rows` rows, in eighths of a row. The least of a scale is still visible. */
static int height(const struct chart *c, s64 value, int rows)
{
	int all = rows * EIGHTHS;

	if (trend_is_index(c->series))
		return (int)((value * all + 999) / 1000);
	if (c->high == c->low)
		return value > 0 ? all : 0;
	return (value > 0) + (int)((value - c->low) * (all - 1) / (c->high - c->low));
}

/* Much that is free is good, a high index is not. */
static enum style chart_style(const struct chart *c)
{
	return trend_is_index(c->series) ? STYLE_USED : STYLE_FREE;
}

/* A column of the plot: solid up to the least of its values, light up to the most. */
static void draw_column(const struct chart *c, struct grid *g, struct rect r, int x, struct column values)
{
	enum style style = chart_style(c);
	int solid, light;

	if (values.least > values.most)
		return;
	solid = height(c, values.least, r.rows);
	light = height(c, values.most, r.rows);
	for (int row = 0; row < r.rows; row++) {
		int y = r.y + r.rows - 1 - row, full = solid - row * EIGHTHS, some = light - row * EIGHTHS;

		if (full > 0)
			grid_glyph(g, y, x, style, c->v->glyphs,
				   (enum glyph)(GLYPH_BAR_1 + (full < EIGHTHS ? full : EIGHTHS) - 1));
		else if (some > EIGHTHS / 2)
			grid_glyph(g, y, x, style, c->v->glyphs, GLYPH_LITTLE_USED);
	}
}

/* Which points share column `x` of `cols`. */
static void column_points(size_t points, int cols, int x, size_t *from, size_t *to)
{
	size_t wide = (size_t)cols / points;

	if (wide > COMMAND_MOST)
		wide = COMMAND_MOST;
	if (wide > 0) {
		*from = (size_t)x / wide;
		*to = *from < points ? *from + 1 : *from;
		return;
	}
	*from = points * (size_t)x / (size_t)cols;
	*to = points * (size_t)(x + 1) / (size_t)cols;
}

/* Columns that points take. */
static int used_cols(size_t points, int cols)
{
	size_t wide = (size_t)cols / points;

	return wide == 0 ? cols : (int)(points * (wide > COMMAND_MOST ? COMMAND_MOST : wide));
}

/* Appends "  (165088 to 223008)" if there is room for it in `cols` columns. */
static void put_range(const struct chart *c, int cols, struct strbuf *out)
{
	struct strbuf range = STRBUF_INIT;

	strbuf_puts(&range, "  (");
	trend_format(c->series, c->least, &range);
	strbuf_printf(&range, " %s ", _("to"));
	trend_format(c->series, c->most, &range);
	strbuf_putc(&range, ')');
	if (grid_width(strbuf_str(out)) + grid_width(strbuf_str(&range)) <= cols)
		strbuf_puts(out, strbuf_str(&range));
	strbuf_free(&range);
}

/* "free pages  now 222976  (165088 to 223008)". */
static void draw_title(const struct chart *c, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	int x = r.x + 1;

	x += grid_put_cut(g, r.y, x, r.cols - 1, STYLE_TITLE, c->v->glyphs, trend_name(c->series));
	if (c->series == TREND_EXTFRAG && c->now < 0) {
		strbuf_puts(&text, _("  none now: a block is free"));
	} else {
		strbuf_printf(&text, "  %s ", _("now"));
		trend_format(c->series, c->now, &text);
	}
	if (!c->empty)
		put_range(c, r.x + r.cols - x, &text);
	grid_put_cut(g, r.y, x, r.x + r.cols - x, STYLE_TEXT, c->v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

static void draw_label(const struct chart *c, struct grid *g, int y, int x, s64 value)
{
	struct strbuf text = STRBUF_INIT;

	trend_format(c->series, value, &text);
	grid_put_right(g, y, x, LABEL - 2, STYLE_DIM, c->v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
	grid_glyph(g, y, x + LABEL - 1, STYLE_DIM, c->v->glyphs, GLYPH_TEE_RIGHT);
}

static void draw_chart(const struct chart *c, struct grid *g, struct rect r)
{
	struct rect plot = { r.y + 1, r.x + LABEL, r.rows - 1, r.cols - LABEL - 1 };
	int cols = used_cols(c->points, plot.cols);

	draw_title(c, g, r);
	for (int y = 0; y < plot.rows; y++)
		grid_glyph(g, plot.y + y, plot.x - 1, STYLE_DIM, c->v->glyphs, GLYPH_VLINE);
	if (c->empty)
		return;
	draw_label(c, g, plot.y, r.x, c->high);
	if (c->low != c->high && plot.rows > 1)
		draw_label(c, g, plot.y + plot.rows - 1, r.x, c->low);
	for (int x = 0; x < cols; x++) {
		size_t from, to;

		column_points(c->points, plot.cols, x, &from, &to);
		draw_column(c, g, plot, plot.x + x, gather(c->v, c->series, from, to));
	}
}

/* The numbers of the first command and of the last, below the charts. */
static void draw_axis(const struct view *v, struct grid *g, int y, struct rect r)
{
	size_t points = count_points(v);
	int room = r.cols - LABEL - 1, cols = used_cols(points, room), width;
	struct strbuf text = STRBUF_INIT;

	grid_put_right(g, y, r.x, LABEL - 1, STYLE_DIM, v->glyphs, _("after"));
	grid_put(g, y, r.x + LABEL, room, STYLE_DIM, "#0");
	strbuf_printf(&text, "#%zu", session_number(v->session));
	width = grid_width(strbuf_str(&text));
	if (points > 1)
		grid_put(g, y, r.x + LABEL + (cols > width + 3 ? cols - width : 3), room, STYLE_DIM, strbuf_str(&text));
	strbuf_free(&text);
}

/* How many charts there are in `rows` rows, and how high each is. */
static int split_rows(const struct view *v, int rows, int *chart_rows)
{
	int charts = (rows - 1) / CHART_LEAST, series = (int)trend_series_count(view_phys(v));

	if (charts > series)
		charts = series;
	if (charts < 1)
		charts = 1;
	*chart_rows = (rows - 1) / charts;
	return charts;
}

static int trend_rows(const struct view *v, int cols)
{
	(void)cols;
	return (int)trend_series_count(view_phys(v)) * CHART_MOST + 1;
}

/* Before the page allocator runs no zone has a page. */
static void draw_early(struct grid *g, struct rect r)
{
	const char *rest = _("All memory still belongs to boot. After mem_init this plots, command by command, what a "
			     "zone has free."),
		   *line;
	size_t bytes;

	for (int y = r.y; y < r.y + r.rows && wrap_next(&rest, r.cols - 2, &line, &bytes); y++)
		grid_put_bytes(g, y, r.x + 1, r.cols - 2, STYLE_DIM, line, bytes);
}

static void trend_draw(const struct view *v, struct grid *g, struct rect r)
{
	int rows, charts = split_rows(v, r.rows, &rows), y = r.y;

	if (early_is(&v->session->machine)) {
		draw_early(g, r);
		return;
	}
	for (int i = 0; i < charts; i++, y += rows) {
		struct chart c = make_chart(
		    v, (enum trend_series)((v->trend_series + (unsigned)i) % trend_series_count(view_phys(v))));

		if (rows > 1)
			draw_chart(&c, g, (struct rect){ y, r.x, rows, r.cols });
		else
			draw_title(&c, g, (struct rect){ y, r.x, rows, r.cols });
	}
	if (r.rows > 1)
		draw_axis(v, g, r.y + r.rows - 1, r);
}

static void trend_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	char zone[VIEW_ZONE_NAME];
	int rows;

	if (early_is(&v->session->machine)) {
		strbuf_puts(left, _("trend: no pages yet"));
		return;
	}
	strbuf_printf(left, _("trend of %s, order %u"), view_zone_name(v, v->zone, zone), v->trend_order);
	if (split_rows(v, r.rows, &rows) < (int)trend_series_count(view_phys(v)))
		strbuf_puts(right, _("s: another"));
}

/* -------------------------------------------------------------------- keys */

static bool trend_key(struct view *v, struct rect r, int key)
{
	const struct phys_config *c = view_phys(v)->config;

	(void)r;
	switch (key) {
	case KEY_UP_:
		v->zone -= v->zone > 0;
		break;
	case KEY_DOWN_:
		v->zone += v->zone + 1 < c->zones;
		break;
	case KEY_LEFT_:
		v->trend_order -= v->trend_order > 0;
		break;
	case KEY_RIGHT_:
		v->trend_order += v->trend_order + 1 < c->orders;
		break;
	case KEY_HOME_:
		v->trend_order = 0;
		break;
	case KEY_END_:
		v->trend_order = c->orders - 1;
		break;
	case 's':
		v->trend_series = (v->trend_series + 1) % trend_series_count(view_phys(v));
		break;
	default:
		return false;
	}
	return true;
}

const struct panel panel_trend = {
	.name = "trend",
	.title = N_("trend"),
	.rows = trend_rows,
	.draw = trend_draw,
	.caption = trend_caption,
	.key = trend_key,
	.help = N_("Up Down zone, Left Right order, s next figure"),
};
