/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/address_pages.h"

#include "base/text.h"
#include "phys/frame.h"
#include "shell/address_text.h"
#include "ui/address_look.h"
#include "ui/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns: the link to the map, the sign of what is chosen, numbers of pages, addresses, an arrow, where they lead. */
#define NUMBER_X 2
#define NUMBER_LEAST 7
#define RANGE_COLS_32 19
#define RANGE_COLS_64 31 /* the last address in brief */

/* From so many rows on, the first is a heading, and the last tells what is chosen. */
#define ROWS_FULL 5

static const struct address_choice *choice_of(const struct view *v)
{
	return &v->space->choice;
}

static bool is_ready(const struct view *v)
{
	return v->space && v->space->good && choice_of(v)->count;
}

/* The rows of the runs. */
static struct rect content(struct rect r)
{
	if (r.rows >= ROWS_FULL) {
		r.y++;
		r.rows -= 2;
	}
	return r;
}

/* ------------------------------------------------------------- rows */

static u64 page_size(const struct view *v)
{
	return UINT64_C(1) << view_phys(v)->config->page_shift;
}

static bool one_by_one(const struct view *v)
{
	return v->addresses.reach == VIEW_EACH_PAGE;
}

size_t address_pages_total(const struct view *v)
{
	const struct address_run *last;

	if (!is_ready(v))
		return 0;
	last = &choice_of(v)->run[choice_of(v)->count - 1];
	/* Of very many runs the last ones are not there. */
	return one_by_one(v) ? (size_t)((last->start - choice_of(v)->start) / page_size(v) + last->pages)
			     : choice_of(v)->count;
}

/* The row with this number: a run, or a page. */
static struct address_run find_row(const struct view *v, size_t number)
{
	return one_by_one(v) ? address_look_page(v, choice_of(v)->start + number * page_size(v))
			     : choice_of(v)->run[number];
}

/* The number of the row with the page that is chosen. */
static size_t chosen_row(const struct view *v)
{
	u64 number = (v->addresses.page - choice_of(v)->start) / page_size(v);

	if (!one_by_one(v))
		return address_look_run(v, v->addresses.page);
	return number < address_pages_total(v) ? (size_t)number : 0;
}

void address_pages_prepare(struct view *v, struct rect r)
{
	struct view_addresses *a = &v->addresses;
	size_t rows = (size_t)content(r).rows, at;

	if (!is_ready(v) || !rows)
		return;
	at = chosen_row(v);
	if (at < a->pages_scroll)
		a->pages_scroll = at;
	if (at >= a->pages_scroll + rows)
		a->pages_scroll = at - rows + 1;
	a->pages_scroll = panel_first(a->pages_scroll, address_pages_total(v), (int)rows);
}

/* ------------------------------------------------------------- drawing */

static u64 page_number(const struct view *v, u64 address)
{
	return (address - choice_of(v)->start) >> view_phys(v)->config->page_shift;
}

/* As many columns as the largest numbers need. */
static int number_cols(const struct view *v)
{
	char text[48];
	u64 pages = choice_of(v)->bytes >> view_phys(v)->config->page_shift;
	int cols = snprintf(text, sizeof text, "%" PRIu64 "-%" PRIu64, pages, pages);

	return cols < NUMBER_LEAST ? NUMBER_LEAST : cols;
}

static int range_cols(const struct view *v)
{
	return view_virt(v)->config->word == 8 ? RANGE_COLS_64 : RANGE_COLS_32;
}

static void draw_heading(const struct view *v, struct grid *g, struct rect r)
{
	int x = r.x + NUMBER_X;

	grid_put(g, r.y, x, number_cols(v), STYLE_DIM, _("page"));
	x += number_cols(v) + 1;
	grid_put(g, r.y, x, range_cols(v), STYLE_DIM, _("address"));
	x += range_cols(v) + 3;
	grid_put(g, r.y, x, r.x + r.cols - x, STYLE_DIM, _("leads to frame"));
}

/* Appends where a run leads, and how many pages of it, if there is room in `cols` columns. */
static void put_target(const struct view *v, const struct address_run *run, int cols, struct strbuf *out)
{
	char count[32];

	/* The number of the page says already what it is. */
	if (run->kind == ADDRESS_RUN_GUARD) {
		strbuf_puts(out, _("an access faults"));
		return;
	}
	address_text_run(&v->session->machine, run, out);
	snprintf(count, sizeof count, "  (%" PRIu64 ")", run->pages);
	if (run->pages > 1 && grid_width(strbuf_str(out)) + grid_width(count) <= cols)
		strbuf_puts(out, count);
}

static void draw_run(const struct view *v, struct grid *g, int y, struct rect r, const struct address_run *run,
		     bool chosen)
{
	unsigned shift = view_phys(v)->config->page_shift;
	bool mapped = run->kind == ADDRESS_RUN_MEMORY || run->kind == ADDRESS_RUN_DEVICE;
	enum style style = chosen ? STYLE_FOCUS : mapped ? STYLE_TEXT : STYLE_DIM;
	struct strbuf text = STRBUF_INIT;
	int x = r.x + NUMBER_X;

	if (chosen)
		grid_glyph(g, y, r.x + 1, STYLE_FOCUS, v->glyphs, GLYPH_FOCUS);
	if (chosen && v->addresses.linked && run->kind == ADDRESS_RUN_MEMORY)
		grid_glyph(g, y, r.x, STYLE_SELECTED, v->glyphs, GLYPH_BEHIND);
	strbuf_printf(&text, "%" PRIu64, page_number(v, run->start));
	if (run->pages > 1)
		strbuf_printf(&text, "-%" PRIu64, page_number(v, run->start) + run->pages - 1);
	grid_put(g, y, x, number_cols(v), run->kind == ADDRESS_RUN_GUARD ? STYLE_HOLE : style,
		 run->kind == ADDRESS_RUN_GUARD ? _("guard") : strbuf_str(&text));
	x += number_cols(v) + 1;
	strbuf_clear(&text);
	address_text_range(view_virt(v), run->start, run->pages << shift, view_virt(v)->config->word == 8, &text);
	grid_put(g, y, x, range_cols(v), style, strbuf_str(&text));
	x += range_cols(v) + 1;
	grid_glyph(g, y, x, mapped ? STYLE_TEXT : STYLE_HOLE, v->glyphs, mapped ? GLYPH_ARROW : GLYPH_HOLE);
	x += 2;
	strbuf_clear(&text);
	put_target(v, run, r.x + r.cols - 1 - x, &text);
	grid_put_cut(g, y, x, r.x + r.cols - 1 - x, mapped ? STYLE_TEXT : STYLE_HOLE, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

/* What the first frame of the run is: "0x3ffce used, order 0, by #1  buf = vmalloc(64K)". */
static void draw_chosen(const struct view *v, struct grid *g, struct rect r)
{
	struct address_run run = find_row(v, chosen_row(v));
	struct strbuf text = STRBUF_INIT;
	struct frame_info info;
	const struct command *c;

	if (run.kind != ADDRESS_RUN_MEMORY)
		return;
	info = frame_describe(view_phys(v), (pfn_t)run.frame);
	strbuf_printf(&text, "0x%" PRIx64 " %s", run.frame, frame_state_name(info.state));
	if (info.state >= FRAME_FREE)
		strbuf_printf(&text, _(", order %u"), info.order);
	c = info.owner ? session_command(v->session, info.owner) : NULL;
	if (info.state == FRAME_USED && c)
		strbuf_printf(&text, _(", by #%" PRIu32 "  %.*s"), info.owner, (int)strcspn(c->text, "\n"), c->text);
	if (v->addresses.linked)
		grid_glyph(g, r.y + r.rows - 1, r.x, STYLE_SELECTED, v->glyphs, GLYPH_BEHIND);
	grid_put_cut(g, r.y + r.rows - 1, r.x + 2, r.cols - 3, STYLE_DIM, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

void address_pages_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct rect rows = content(r);
	size_t first = v->addresses.pages_scroll, chosen;

	if (!is_ready(v))
		return;
	chosen = chosen_row(v);
	if (rows.y > r.y)
		draw_heading(v, g, r);
	for (int n = 0; n < rows.rows && first + (size_t)n < address_pages_total(v); n++) {
		struct address_run run = find_row(v, first + (size_t)n);

		draw_run(v, g, rows.y + n, r, &run, first + (size_t)n == chosen);
	}
	panel_arrows(g, rows, v->glyphs, first, address_pages_total(v));
	if (rows.y > r.y)
		draw_chosen(v, g, r);
}

int address_pages_chosen(const struct view *v, struct rect r)
{
	size_t at = is_ready(v) ? chosen_row(v) : SIZE_MAX, first = v->addresses.pages_scroll;
	struct rect rows = content(r);

	return at >= first && at - first < (size_t)rows.rows ? rows.y + (int)(at - first) : -1;
}

void address_pages_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	const struct address_item *item = is_ready(v) ? address_look_item(v) : NULL;
	u64 pages;

	if (!is_ready(v))
		return;
	pages = choice_of(v)->bytes >> view_phys(v)->config->page_shift;
	pages -= choice_of(v)->guard != 0;
	if (item)
		address_text_item(item, left);
	else
		strbuf_puts(left, region_name(address_look_part(v)->region.kind));
	strbuf_printf(left, " 0x%" PRIx64 ", ", choice_of(v)->start);
	strbuf_printf(left, text_of_n("%" PRIu64 " page", "%" PRIu64 " pages", pages), pages);
	if (choice_of(v)->guard)
		strbuf_puts(left, _(" and a guard page"));
	panel_range(v->addresses.pages_scroll, address_pages_total(v), content(r).rows, right);
	if (!right->length)
		strbuf_puts(right, one_by_one(v) ? _("b: pages in a row as one") : _("b: all addresses"));
}

/* ------------------------------------------------------------- keys */

/* The map's cursor goes along. */
static void choose(struct view *v, size_t number)
{
	struct address_run run = find_row(v, number);

	v->addresses.page = run.start;
	v->addresses.linked = true;
	if (run.kind == ADDRESS_RUN_MEMORY)
		v->cursor = (pfn_t)run.frame;
}

bool address_pages_key(struct view *v, struct rect r, int key)
{
	size_t at, page = (size_t)content(r).rows, last;

	if (!is_ready(v))
		return false;
	at = chosen_row(v);
	last = address_pages_total(v) - 1;
	switch (key) {
	case KEY_LEFT_:
	case KEYS_BACKSPACE:
	case 'b':
		v->addresses.reach = one_by_one(v) ? VIEW_PAGES : VIEW_SPACE;
		return true;
	case KEY_RIGHT_:
	case KEY_ENTER_:
		choose(v, at);
		v->addresses.reach = VIEW_EACH_PAGE;
		return true;
	case KEY_PAGE_UP:
		at -= at < page ? at : page;
		break;
	case KEY_PAGE_DOWN:
		at = at + page < last ? at + page : last;
		break;
	default:
		/* One row visible: what is scrolled is the choice. */
		if (!panel_scroll(&at, last + 1, 1, key))
			return false;
	}
	choose(v, at);
	return true;
}

bool address_pages_click(struct view *v, struct rect r, int y)
{
	struct rect rows = content(r);
	size_t at = v->addresses.pages_scroll + (size_t)(y - rows.y);

	if (!is_ready(v) || y < rows.y || y >= rows.y + rows.rows || at >= address_pages_total(v))
		return false;
	choose(v, at);
	return true;
}
