/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_events.h"

#include "base/text.h"
#include "ui/wrap.h"

#include <limits.h>
#include <string.h>

/* Columns in front of a sentence: a mark, the number, a space. */
#define GUTTER 6

/* Rows are counted up to here; no screen has more. */
#define ROWS_ENOUGH 200

/* How much an event matters to somebody who reads over the list. */
static enum style kind_style(enum event_kind kind)
{
	switch (kind) {
	case EV_ZONE_TRY:
	case EV_WMARK_OK:
	case EV_LIST_EMPTY:
	case EV_BUDDY_BUSY:
	case EV_BUDDY_SPLIT:
	case EV_BUDDY_OUTSIDE:
	case EV_BUDDY_TYPE:
	case EV_LARGEST:
	case EV_STEAL_COUNT:
		return STYLE_DIM;
	case EV_HANDED_OUT:
	case EV_FREE:
		return STYLE_GOOD;
	case EV_WMARK_LOW:
	case EV_WMARK_ORDER:
	case EV_WMARK_NO_BLOCK:
	case EV_ZONE_EMPTY:
	case EV_SLOW_PATH:
	case EV_FALLBACK:
	case EV_BOOST:
		return STYLE_WARNING;
	case EV_ORDER_TOO_BIG:
	case EV_CANNOT_WAIT:
	case EV_NOTHING_TO_RECLAIM:
	case EV_FAILED:
		return STYLE_ERROR;
	default:
		return STYLE_TEXT;
	}
}

static int sentence_cols(int cols)
{
	return cols > GUTTER + 11 ? cols - GUTTER - 1 : 10;
}

/* The n-th event's sentence into `out`, which is emptied first. */
static const char *sentence(const struct view *v, size_t n, struct strbuf *out)
{
	struct event_names names = machine_names(&v->session->machine);

	strbuf_clear(out);
	event_sentence(&view_events(v)->events[n], &names, out);
	return strbuf_str(out);
}

static int event_rows(const struct view *v, size_t n, int cols, struct strbuf *scratch)
{
	return wrap_count(sentence(v, n, scratch), sentence_cols(cols));
}

/* "#42  p = alloc_pages(GFP_KERNEL, 3)" */
static void put_command(const struct view *v, struct strbuf *out)
{
	const char *command = view_command(v);

	if (command)
		strbuf_printf(out, "#%zu  %.*s", session_number(v->session) + (v->session->recording != NULL),
			      (int)strcspn(command, "\n"), command);
}

/* Is the result one line that fits in the row of the command? */
static bool result_beside(const struct view *v, int cols)
{
	const char *result = view_result(v);
	size_t length = result ? strcspn(result, "\n") : 0;
	struct strbuf text = STRBUF_INIT;
	int width;

	if (!result || (result[length] && result[length + 1]))
		return false;
	put_command(v, &text);
	width = grid_width(strbuf_str(&text)) + 4 + grid_width_bytes(result, length);
	strbuf_free(&text);
	return width <= cols - 2;
}

/* Rows of the command and its result, which stay in place. */
static int head_rows(const struct view *v, int cols)
{
	const char *result = view_result(v);

	return 1 + (result && !result_beside(v, cols) ? wrap_count(result, sentence_cols(cols)) : 0);
}

/* The first event to be shown so that the last one ends the panel of `rows` rows. */
static size_t last_page(const struct view *v, int rows, int cols)
{
	struct strbuf scratch = STRBUF_INIT;
	size_t first = view_events_shown(v);

	while (first > 0) {
		rows -= event_rows(v, first - 1, cols, &scratch);
		if (rows < 0)
			break;
		first--;
	}
	strbuf_free(&scratch);
	return first < view_events_shown(v) || first == 0 ? first : first - 1;
}

/* Events that were told but not kept. */
static u64 left_out(const struct view *v)
{
	const struct eventlog *log = view_events(v);

	return log && !v->stepping ? log->total - log->count : 0;
}

/* Rows for events, and the first one in them. */
static size_t first_event(const struct view *v, struct rect r, int *rows)
{
	size_t last;

	*rows = r.rows - head_rows(v, r.cols) - (left_out(v) > 0);
	last = last_page(v, *rows, r.cols);
	/* In the middle of an operation the present is at the end. */
	return v->stepping || v->events_scroll > last ? last : v->events_scroll;
}

static int events_rows(const struct view *v, int cols)
{
	struct strbuf scratch = STRBUF_INIT;
	size_t count = view_events_shown(v);
	int rows = head_rows(v, cols) + (left_out(v) > 0);

	for (size_t i = 0; i < count && rows < ROWS_ENOUGH; i++)
		rows += event_rows(v, i, cols, &scratch);
	strbuf_free(&scratch);
	return rows;
}

/* What could be typed first. Returns the row behind. */
static int draw_primer(const struct view *v, struct grid *g, struct rect r, int y)
{
	static const struct {
		const char *command, *does;
	} lines[] = {
		{ "p = alloc_pages(GFP_KERNEL, 3)", N_("take 8 pages, a block of order 3") },
		{ "__free_pages(p, 3)", N_("give them back") },
		{ "undo", N_("go back a command") },
		{ "cat /proc/buddyinfo", N_("what the kernel would say") },
		{ "help", N_("all commands; F1: all keys") },
	};
	int command_cols = 34;

	if (y < r.y + r.rows)
		grid_put_cut(g, y++, r.x + 1, r.cols - 2, STYLE_TEXT, v->glyphs,
			     _("Try one of these at the prompt below:"));
	for (size_t i = 0; i < ARRAY_SIZE(lines) && y < r.y + r.rows; i++, y++) {
		grid_put(g, y, r.x + 3, r.cols - 4, STYLE_KEY, lines[i].command);
		grid_put_cut(g, y, r.x + 3 + command_cols, r.cols - 4 - command_cols, STYLE_DIM, v->glyphs,
			     _(lines[i].does));
	}
	return y;
}

/* Draws what the command printed, from (y, x) on. Returns the row behind. */
static int draw_result(const struct view *v, struct grid *g, struct rect r, int y, int x)
{
	const char *result = view_result(v), *line;
	size_t bytes;

	if (!result)
		return y;
	grid_glyph(g, y, x - 2, STYLE_DIM, v->glyphs, GLYPH_ARROW);
	while (y < r.y + r.rows && wrap_next(&result, sentence_cols(r.cols), &line, &bytes))
		grid_put_bytes(g, y++, x, r.x + r.cols - x, STYLE_TITLE, line, bytes);
	return y;
}

/* Draws the command and what it printed. Returns the row behind. */
static int draw_head(const struct view *v, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	int y = r.y, used;

	if (!view_command(v)) {
		grid_put_cut(g, y++, r.x + 1, r.cols - 2, STYLE_TEXT, v->glyphs,
			     _("The machine has booted; nothing was asked of it yet."));
		/* A lesson says itself what to do. */
		return v->say && *v->say ? y : draw_primer(v, g, r, y);
	}
	put_command(v, &text);
	used = grid_put_cut(g, y, r.x + 1, r.cols - 2, STYLE_TITLE, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
	if (result_beside(v, r.cols))
		return draw_result(v, g, r, y, r.x + 1 + used + 4);
	return draw_result(v, g, r, y + 1, r.x + GUTTER);
}

/* Draws event n from row y on, down to row `end`. Returns the row behind. */
static int draw_event(const struct view *v, struct grid *g, struct rect r, int y, int end, size_t n, const char *text)
{
	bool current = v->stepping && n + 1 == view_events_shown(v);
	enum style style = current ? STYLE_SELECTED : kind_style(view_events(v)->events[n].kind);
	const char *line;
	size_t bytes;

	if (current) {
		int high = wrap_count(text, sentence_cols(r.cols));

		grid_fill(g, (struct rect){ y, r.x, high < end - y ? high : end - y, r.cols }, style, " ");
		grid_glyph(g, y, r.x, style, v->glyphs, GLYPH_ARROW);
	}
	grid_printf(g, y, r.x + 1, GUTTER - 2, current ? STYLE_SELECTED : STYLE_DIM, "%4zu", n + 1);
	for (; y < end && wrap_next(&text, sentence_cols(r.cols), &line, &bytes); y++)
		grid_put_bytes(g, y, r.x + GUTTER, sentence_cols(r.cols), style, line, bytes);
	if (*text)
		grid_glyph(g, y - 1, r.x + r.cols - 1, style, v->glyphs, GLYPH_ELLIPSIS);
	return y;
}

/*
 * Events from `first` on that fit into `rows` rows as a whole; at least one,
 * if there is a row, which may then be cut.
 */
static size_t visible(const struct view *v, int rows, int cols, size_t first)
{
	struct strbuf scratch = STRBUF_INIT;
	size_t n = first;

	while (n < view_events_shown(v) && rows > 0) {
		rows -= event_rows(v, n, cols, &scratch);
		if (rows < 0 && n > first)
			break;
		n++;
	}
	strbuf_free(&scratch);
	return n - first;
}

static void events_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	int rows, y = draw_head(v, g, r), end;
	size_t n = first_event(v, r, &rows), behind = n + visible(v, rows, r.cols, n);

	end = y + rows;
	for (; n < behind; n++)
		y = draw_event(v, g, r, y, end, n, sentence(v, n, &text));
	if (left_out(v)) {
		strbuf_clear(&text);
		strbuf_printf(&text,
			      text_of_n("and %llu more event, which is not kept",
					"and %llu more events, which are not kept", left_out(v)),
			      (unsigned long long)left_out(v));
		grid_put_cut(g, y, r.x + GUTTER, r.cols - GUTTER, STYLE_DIM, v->glyphs, strbuf_str(&text));
	}
	strbuf_free(&text);
}

static void events_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	size_t first, count, total = view_events_shown(v);
	int rows;

	strbuf_puts(left, _("what happened"));
	if (!total)
		return;
	first = first_event(v, r, &rows);
	count = visible(v, rows, r.cols, first);
	if (count < total)
		strbuf_printf(right, _("event %zu-%zu of %zu"), first + 1, first + count, total);
}

static bool events_key(struct view *v, struct rect r, int key)
{
	int rows;
	size_t first = first_event(v, r, &rows), last = last_page(v, rows, r.cols);
	size_t page = visible(v, rows, r.cols, first);

	v->events_scroll = first;
	if (!panel_scroll(&v->events_scroll, last + page, (int)page, key))
		return false;
	return true;
}

const struct panel panel_events = {
	.name = "events",
	.title = N_("what happened"),
	.rows = events_rows,
	.draw = events_draw,
	.caption = events_caption,
	.key = events_key,
	.help = N_("Up Down PgUp PgDn scroll"),
};
