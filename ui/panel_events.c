/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_events.h"

#include "base/text.h"
#include "machine/early.h"
#include "ui/wrap.h"

#include <limits.h>
#include <inttypes.h>
#include <string.h>

/* Columns in front of a sentence: a mark, the number, a space. */
#define GUTTER 6

/* Rows are counted up to here; no screen has more. */
#define ROWS_ENOUGH 200

/*
 * Which lines are left out where there is no room for all: from 1 on what says
 * little, from 2 on also how it was looked for.
 */
enum brief { BRIEF_NO, BRIEF_LITTLE, BRIEF_LEAST };

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
	case EV_SCAN_FILES:
	case EV_SCAN_EQUALLY:
	case EV_SCAN_ANON:
	case EV_SCAN_TRIM:
	case EV_SCAN_SHARES:
	case EV_SWAP_TENDENCY:
	case EV_STAYS_ACTIVE:
	case EV_OOM_POINTS:
	case EV_SLAB_COLOUR:
		return STYLE_DIM;
	case EV_SLAB_TAKEN:
	case EV_SLAB_PUT:
	case EV_SLUB_HIT:
	case EV_SLUB_HAND_OUT:
	case EV_SLUB_FREE_CPU:
	case EV_HANDED_OUT:
	case EV_CMA_HANDED_OUT:
	case EV_RECLAIM_FREE:
	case EV_FREE:
		return STYLE_GOOD;
	case EV_WMARK_LOW:
	case EV_WMARK_ORDER:
	case EV_WMARK_NO_BLOCK:
	case EV_ZONE_EMPTY:
	case EV_SLOW_PATH:
	case EV_FALLBACK:
	case EV_BOOST:
	case EV_KSWAPD_WOKEN:
	case EV_DIRECT_RECLAIM:
	case EV_DIRTY_LIMIT:
	case EV_UNRECLAIMABLE:
	case EV_SLAB_ARRAY_EMPTY:
	case EV_SLAB_ARRAY_FULL:
	case EV_SLAB_GROW:
	case EV_SLUB_USED_UP:
	case EV_SLUB_NO_PARTIAL:
	case EV_SLUB_SMALLER:
	case EV_MEMPOOL_FROM_RESERVE:
	case EV_MEMPOOL_WAITS:
		return STYLE_WARNING;
	case EV_ORDER_TOO_BIG:
	case EV_CANNOT_WAIT:
	case EV_NOTHING_TO_RECLAIM:
	case EV_FAILED:
	case EV_OOM_KILLS:
	case EV_OOM_NOBODY:
	case EV_OOM_PANICS:
	case EV_KMALLOC_TOO_LARGE:
	case EV_SLAB_NULL:
	case EV_SLAB_POISON_BROKEN:
	case EV_SLAB_RED_BROKEN:
	case EV_SLAB_FREED_TWICE:
	case EV_SLAB_NO_OBJECT:
	case EV_SLAB_STRAYED:
	case EV_SLAB_NOT_IN_USE:
	case EV_SLUB_NO_MEMORY:
	case EV_MEMPOOL_EMPTY:
		return STYLE_ERROR;
	default:
		return STYLE_TEXT;
	}
}

static int sentence_cols(int cols)
{
	return cols > GUTTER + 11 ? cols - GUTTER - 1 : 10;
}

/* How soon a line is left out; BRIEF_NO: never. */
static enum brief line_brief(const struct view *v, size_t n)
{
	const struct fold *f = &v->lines.folds[n];

	if (f->kind == FOLD_ROUNDS)
		return BRIEF_NO;
	switch (view_events(v)->events[f->first].kind) {
	case EV_REQUEST: /* stands in the command */
	case EV_ZONE_TRY:
	case EV_WMARK_OK:
	case EV_BUDDY_BUSY:
	case EV_BUDDY_SPLIT:
	case EV_BUDDY_OUTSIDE:
	case EV_BUDDY_TYPE:
	case EV_SCAN_FILES:
	case EV_SCAN_EQUALLY:
	case EV_SCAN_TRIM:
	case EV_SCAN_SHARES:
	case EV_SWAP_TENDENCY:
	case EV_SLAB_COLOUR:
		return BRIEF_LITTLE;
	case EV_LIST_EMPTY:
	case EV_LARGEST:
	case EV_STEAL_COUNT:
	case EV_FREE:
	case EV_STAYS_ACTIVE:
	case EV_DEACTIVATED:
	case EV_OOM_POINTS:
		return BRIEF_LEAST;
	default:
		return BRIEF_NO;
	}
}

static bool line_shown(const struct view *v, size_t n, enum brief brief)
{
	enum brief at = line_brief(v, n);

	return at == BRIEF_NO || at > brief;
}

/* The n-th line's sentence into `out`, which is emptied first. */
static const char *sentence(const struct view *v, size_t n, struct strbuf *out)
{
	struct event_names names = machine_names(&v->session->machine);

	strbuf_clear(out);
	fold_sentence(&v->lines.folds[n], view_events(v)->events, &names, out);
	return strbuf_str(out);
}

static int line_rows(const struct view *v, size_t n, int cols, struct strbuf *scratch)
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

/* Rows that the lines shown take, counted to one more than `rows`; *lines is how many those are. */
static int count_rows(const struct view *v, int rows, int cols, enum brief brief, size_t *lines)
{
	struct strbuf scratch = STRBUF_INIT;
	int used = 0;

	*lines = 0;
	for (size_t n = 0; n < v->lines.count && used <= rows; n++) {
		if (!line_shown(v, n, brief))
			continue;
		used += line_rows(v, n, cols, &scratch);
		++*lines;
	}
	strbuf_free(&scratch);
	return used;
}

/* What is to be left out in `rows` rows. */
static enum brief choose_brief(const struct view *v, int rows, int cols)
{
	size_t lines;

	if (v->stepping || v->events_all || v->events_scroll > 0)
		return BRIEF_NO;
	for (enum brief brief = BRIEF_NO; brief <= BRIEF_LEAST; brief++)
		if (count_rows(v, rows, cols, brief, &lines) <= rows)
			return lines ? brief : BRIEF_NO;
	return BRIEF_LEAST;
}

/* The first line to be shown so that the last one ends the panel of `rows` rows. */
static size_t last_page(const struct view *v, int rows, int cols)
{
	struct strbuf scratch = STRBUF_INIT;
	size_t first = v->lines.count;

	while (first > 0) {
		rows -= line_rows(v, first - 1, cols, &scratch);
		if (rows < 0)
			break;
		first--;
	}
	strbuf_free(&scratch);
	return first < v->lines.count || first == 0 ? first : first - 1;
}

/* Events that were told but not kept, where nothing that comes later is. */
static u64 left_out(const struct view *v)
{
	const struct eventlog *log = view_events(v);

	return log && !v->stepping && !log->gap ? eventlog_lost(log) : 0;
}

/* What is shown of the lines. */
struct shown {
	int rows; /* for lines */
	enum brief brief;
	size_t first, behind, count; /* lines: the first, the one behind the last, how many of them are shown */
};

/*
 * Lines from the first on that fit as a whole; at least one, if there is a row,
 * which may then be cut.
 */
static void fill_page(const struct view *v, struct shown *p, int cols)
{
	struct strbuf scratch = STRBUF_INIT;
	int rows = p->rows;

	for (p->behind = p->first; p->behind < v->lines.count && rows > 0; p->behind++) {
		if (!line_shown(v, p->behind, p->brief))
			continue;
		rows -= line_rows(v, p->behind, cols, &scratch);
		if (rows < 0 && p->count > 0)
			break;
		p->count++;
	}
	strbuf_free(&scratch);
}

static struct shown make_page(const struct view *v, struct rect r)
{
	struct shown p = { .rows = r.rows - head_rows(v, r.cols) - (left_out(v) > 0) };
	size_t last;

	p.brief = choose_brief(v, p.rows, r.cols);
	if (p.brief == BRIEF_NO) {
		last = last_page(v, p.rows, r.cols);
		/* In the middle of an operation the present is at the end. */
		p.first = v->stepping || v->events_scroll > last ? last : v->events_scroll;
	}
	fill_page(v, &p, r.cols);
	return p;
}

static int events_rows(const struct view *v, int cols)
{
	size_t lines;

	return head_rows(v, cols) + (left_out(v) > 0) + count_rows(v, ROWS_ENOUGH, cols, BRIEF_NO, &lines);
}

struct primer {
	const char *command, *does;
};

/* What could be typed first. */
static const struct primer primer[] = {
	{ "p = alloc_pages(GFP_KERNEL, 3)", N_("take 8 pages, a block of order 3") },
	{ "__free_pages(p, 3)", N_("give them back") },
	{ "undo", N_("go back a command") },
	{ "cat /proc/buddyinfo", N_("what the kernel would say") },
	{ "help", N_("all commands; F1: all keys") },
};

/* And before the page allocator runs. A request stands between what comes before it and the end of boot. */
static const struct primer early_primer[] = {
	{ "steps", N_("what boot does, step by step") },
	{ "step", N_("do the next step") },
	{ NULL, NULL },
	{ "mem_init", N_("all other steps: boot is over") },
	{ "help", N_("all commands; F1: all keys") },
};

static int draw_primer_line(const struct view *v, struct grid *g, struct rect r, int y, const char *command,
			    const char *does)
{
	int command_cols = 34;

	grid_put(g, y, r.x + 3, r.cols - 4, STYLE_KEY, command);
	grid_put_cut(g, y, r.x + 3 + command_cols, r.cols - 4 - command_cols, STYLE_DIM, v->glyphs, does);
	return y + 1;
}

/* The request that the kernel's boot-time allocator understands. Returns the row behind. */
static int draw_early_request(const struct view *v, struct grid *g, struct rect r, int y)
{
	struct strbuf does = STRBUF_INIT;
	struct boot_steps steps;

	early_steps(&v->session->machine, &steps);
	strbuf_printf(&does, _("take memory, after step %u"), steps.known);
	y = draw_primer_line(v, g, r, y,
			     view_phys(v)->config->gfp == GFP_2_6 ? "buf = alloc_bootmem(100K)"
								  : "buf = memblock_alloc(100K, 64)",
			     strbuf_str(&does));
	strbuf_free(&does);
	return y;
}

/* Returns the row behind. */
static int draw_primer(const struct view *v, struct grid *g, struct rect r, int y)
{
	bool early = early_is(&v->session->machine);
	const struct primer *lines = early ? early_primer : primer;
	size_t count = early ? ARRAY_SIZE(early_primer) : ARRAY_SIZE(primer);

	if (y < r.y + r.rows)
		grid_put_cut(g, y++, r.x + 1, r.cols - 2, STYLE_TEXT, v->glyphs,
			     _("Try one of these at the prompt below:"));
	for (size_t i = 0; i < count && y < r.y + r.rows; i++)
		y = lines[i].command ? draw_primer_line(v, g, r, y, lines[i].command, _(lines[i].does))
				     : draw_early_request(v, g, r, y);
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

/* What undo took back, which is what is marked, and where one is now. Returns the row behind. */
static int draw_back(const struct view *v, struct grid *g, struct rect r)
{
	const struct session *s = v->session;
	size_t now = session_number(s), last = v->before.number;
	const struct command *c = session_command(s, last), *before = session_command(s, now);
	struct strbuf text = STRBUF_INIT;
	const char *rest, *line;
	size_t bytes;
	int y = r.y;

	if (last - now > 1)
		strbuf_printf(&text, _("Taken back: #%zu to #%zu"), now + 1, last);
	else
		strbuf_printf(&text, _("Taken back: #%zu  %.*s"), last, c ? (int)strcspn(c->text, "\n") : 0,
			      c ? c->text : "");
	grid_put_cut(g, y++, r.x + 1, r.cols - 2, STYLE_TITLE, v->glyphs, strbuf_str(&text));
	strbuf_clear(&text);
	strbuf_puts(&text, _("What that had changed is marked. The machine is as it was "));
	if (before)
		strbuf_printf(&text, _("after #%zu  %.*s"), now, (int)strcspn(before->text, "\n"), before->text);
	else
		strbuf_puts(&text, _("when it had booted."));
	rest = strbuf_str(&text);
	while (y < r.y + r.rows && wrap_next(&rest, r.cols - 2, &line, &bytes))
		grid_put_bytes(g, y++, r.x + 1, r.cols - 2, STYLE_TEXT, line, bytes);
	strbuf_free(&text);
	return y;
}

/* Draws the command and what it printed. Returns the row behind. */
static int draw_head(const struct view *v, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	int y = r.y, used;

	if (view_went_back(v))
		return draw_back(v, g, r);
	if (!view_command(v)) {
		grid_put_cut(g, y++, r.x + 1, r.cols - 2, STYLE_TEXT, v->glyphs,
			     early_is(&v->session->machine)
				 ? _("Boot has stopped before its first step.")
				 : _("The machine has booted; nothing was asked of it yet."));
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

/* The number of a step, in thousands where it has no room else. */
static void draw_number(struct grid *g, struct rect r, int y, enum style style, u64 number)
{
	if (number <= 9999)
		grid_printf(g, y, r.x + 1, GUTTER - 2, style, "%4" PRIu64, number);
	else
		grid_printf(g, y, r.x + 1, GUTTER - 2, style, "%3" PRIu64 "k", number / 1000 % 1000);
}

/* Draws line n from row y on, down to row `end`. Returns the row behind. */
static int draw_line(const struct view *v, struct grid *g, struct rect r, int y, int end, size_t n, const char *text)
{
	const struct fold *f = &v->lines.folds[n];
	bool current = v->stepping && n + 1 == v->lines.count;
	enum style style = current                  ? STYLE_SELECTED
			   : f->kind == FOLD_ROUNDS ? STYLE_TEXT
						    : kind_style(view_events(v)->events[f->first].kind);
	const char *line;
	size_t bytes;

	if (current) {
		int high = wrap_count(text, sentence_cols(r.cols));

		grid_fill(g, (struct rect){ y, r.x, high < end - y ? high : end - y, r.cols }, style, " ");
		grid_glyph(g, y, r.x, style, v->glyphs, GLYPH_ARROW);
	}
	draw_number(g, r, y, current ? STYLE_SELECTED : STYLE_DIM, eventlog_number(view_events(v), f->first));
	for (; y < end && wrap_next(&text, sentence_cols(r.cols), &line, &bytes); y++)
		grid_put_bytes(g, y, r.x + GUTTER, sentence_cols(r.cols), style, line, bytes);
	if (*text)
		grid_glyph(g, y - 1, r.x + r.cols - 1, style, v->glyphs, GLYPH_ELLIPSIS);
	return y;
}

static void events_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	struct shown p = make_page(v, r);
	int y = draw_head(v, g, r), end = y + p.rows;

	for (size_t n = p.first; n < p.behind; n++)
		if (line_shown(v, n, p.brief))
			y = draw_line(v, g, r, y, end, n, sentence(v, n, &text));
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

/* "step 3-17 of 40" */
static void put_range(const struct view *v, const struct fold *first, const struct fold *last, struct strbuf *out)
{
	const struct eventlog *log = view_events(v);

	strbuf_printf(out, _("step %llu-%llu of %llu"), (unsigned long long)eventlog_number(log, first->first),
		      (unsigned long long)eventlog_number(log, last->first + last->count - 1),
		      (unsigned long long)(v->stepping ? view_events_shown(v) : log->total));
}

static void events_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	struct shown p;

	strbuf_puts(left, _("what happened"));
	if (!v->lines.count)
		return;
	p = make_page(v, r);
	if (p.brief != BRIEF_NO)
		strbuf_printf(right, _("%zu of %zu lines, PgDn: all"), p.count, v->lines.count);
	else if (p.count > 0 && p.count < v->lines.count)
		put_range(v, &v->lines.folds[p.first], &v->lines.folds[p.behind - 1], right);
}

/* From the lines that tell most to all of them, and back from their top. */
static bool switch_brief(struct view *v, const struct shown *p, int key)
{
	if (p->brief != BRIEF_NO) {
		v->events_all = true;
		v->events_scroll = 0;
		return key != KEY_END_;
	}
	if (v->events_all && v->events_scroll == 0 && (key == KEY_UP_ || key == KEY_PAGE_UP || key == KEY_HOME_)) {
		v->events_all = false;
		return true;
	}
	return false;
}

static bool events_key(struct view *v, struct rect r, int key)
{
	struct shown p = make_page(v, r);
	size_t scroll = 0;

	if (!panel_scroll(&scroll, 1, 1, key))
		return false;
	if (switch_brief(v, &p, key))
		return true;
	p = make_page(v, r);
	v->events_scroll = p.first;
	return panel_scroll(&v->events_scroll, last_page(v, p.rows, r.cols) + p.count, (int)p.count, key);
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
