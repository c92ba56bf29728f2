/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/address_space.h"

#include "base/text.h"
#include "shell/address_text.h"
#include "ui/address_look.h"
#include "ui/keys.h"

#include <inttypes.h>
#include <string.h>

/* Columns: the link to the map, the sign of what is chosen, a name, a sign of change, addresses and their size. */
#define NAME_X 2
#define NAME_COLS 13
#define RANGE_X (NAME_X + NAME_COLS + 2)
#define RANGE_COLS_32 28
#define RANGE_COLS_64 39 /* with the last address in brief */
#define RANGE_COLS_64_FULL 45

/* So many columns for the rest make room for addresses in full, and for pages as cells. */
#define ABOUT_GOOD 44

/* Pages of an area that are drawn as cells; of larger ones the last and the guard page stand behind a sign. */
#define CELLS 16

/* From so many rows on, one tells what is chosen. */
#define ROWS_TOLD 6

/* A row: a part, or an item of it. */
struct row {
	const struct address_part *part;
	const struct address_item *item; /* NULL: the part itself */
};

static const struct address_map *map_of(const struct view *v)
{
	return &v->space->map;
}

static bool is_ready(const struct view *v)
{
	return v->space && v->space->good && map_of(v)->parts;
}

static bool is_folded(const struct view *v, const struct address_part *part)
{
	return v->addresses.folded & 1u << part->region.kind;
}

static size_t shown_items(const struct view *v, const struct address_part *part)
{
	return is_folded(v, part) ? 0 : part->count;
}

static int content_rows(struct rect r)
{
	return r.rows >= ROWS_TOLD ? r.rows - 1 : r.rows;
}

/* ------------------------------------------------------------- rows */

size_t address_space_total(const struct view *v)
{
	size_t rows = 0;

	for (unsigned n = 0; is_ready(v) && n < map_of(v)->parts; n++)
		rows += 1 + shown_items(v, &map_of(v)->part[n]);
	return rows;
}

/* The row with this number, which there is. */
static struct row find_row(const struct view *v, size_t number)
{
	const struct address_map *m = map_of(v);
	unsigned n = 0;

	for (; n + 1 < m->parts && number > shown_items(v, &m->part[n]); n++)
		number -= 1 + shown_items(v, &m->part[n]);
	return (struct row){ &m->part[n], number ? &m->item[m->part[n].first + number - 1] : NULL };
}

/* The number of the row that is chosen. */
static size_t chosen_row(const struct view *v)
{
	const struct address_part *part = address_look_part(v);
	const struct address_item *item = address_look_item(v);
	size_t number = 0;

	for (const struct address_part *p = map_of(v)->part; p < part; p++)
		number += 1 + shown_items(v, p);
	if (item && !is_folded(v, part))
		number += 1 + (size_t)(item - map_of(v)->item) - part->first;
	return number;
}

static void choose(struct view *v, struct row row)
{
	v->addresses.part = row.item == NULL;
	v->addresses.address = row.item ? row.item->start : row.part->region.start;
	v->addresses.page = v->addresses.address;
	v->addresses.pages_scroll = 0;
	v->addresses.linked = true;
}

void address_space_prepare(struct view *v, struct rect r)
{
	size_t rows = (size_t)content_rows(r), around = rows >= ROWS_TOLD ? 1 : 0, at,
	       *scroll = &v->addresses.space_scroll;

	if (!is_ready(v) || !rows)
		return;
	at = chosen_row(v);
	/* What lies beside it is to be seen, too. */
	if (at < *scroll + around)
		*scroll = at < around ? 0 : at - around;
	if (at + around >= *scroll + rows)
		*scroll = at + around - rows + 1;
	*scroll = panel_first(*scroll, address_space_total(v), (int)rows);
}

/* ------------------------------------------------------------- drawing */

static bool wide_words(const struct view *v)
{
	return view_virt(v)->config->word == 8;
}

static bool in_full(const struct view *v, struct rect r)
{
	return !wide_words(v) || r.cols >= RANGE_X + RANGE_COLS_64_FULL + ABOUT_GOOD;
}

static int range_cols(const struct view *v, struct rect r)
{
	if (!wide_words(v))
		return RANGE_COLS_32;
	return in_full(v, r) ? RANGE_COLS_64_FULL : RANGE_COLS_64;
}

/* What is empty looks empty. */
static enum style item_style(const struct view *v, const struct address_item *item)
{
	switch (item->kind) {
	case ADDRESS_FREE:
	case ADDRESS_TOP:
		return STYLE_DIM;
	case ADDRESS_LAZY:
		return STYLE_PCP;
	default:
		return address_map_is_astray(view_virt(v), item) ? STYLE_ERROR : STYLE_TEXT;
	}
}

static enum style part_style(const struct address_part *part)
{
	switch (part->region.kind) {
	case REGION_DIRECT:
	case REGION_VMALLOC:
	case REGION_PKMAP:
	case REGION_FIXMAP:
	case REGION_IMAGE:
		return STYLE_TEXT;
	default:
		return STYLE_DIM;
	}
}

/* The sign of change, the addresses, and their size at the right end. */
static void draw_range(const struct view *v, struct grid *g, int y, struct rect r, const struct row *row, char sign,
		       enum style style)
{
	u64 start = row->item ? row->item->start : row->part->region.start;
	u64 bytes = row->item ? row->item->bytes : row->part->region.last - start + 1;
	int x = r.x + RANGE_X, cols = range_cols(v, r), used;
	struct strbuf text = STRBUF_INIT;

	if (sign) {
		style = STYLE_CHANGED;
		grid_put(g, y, x - 1, 1, style, (char[]){ sign, '\0' });
	}
	address_text_range(view_virt(v), start, bytes, !in_full(v, r), &text);
	used = grid_put(g, y, x, r.cols - RANGE_X, style, strbuf_str(&text)) + 1;
	strbuf_clear(&text);
	if (row->item)
		address_text_item_size(view_virt(v), row->item, &text);
	else
		address_text_size(bytes, &text);
	/* What all but fills 64 bits needs more room, but is followed by nothing. */
	if (used + grid_width(strbuf_str(&text)) > cols)
		cols = used + grid_width(strbuf_str(&text));
	grid_put_right(g, y, x + used, cols - used, style, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

/* The pages of an area as cells, the guard page last. Returns the column behind. */
static int draw_cells(const struct view *v, struct grid *g, int y, int x, const struct address_item *item)
{
	u64 pages = item->bytes >> view_phys(v)->config->page_shift, whole = pages - 1;
	enum glyph page = item->kind == ADDRESS_IOREMAP ? GLYPH_RESERVED : GLYPH_USED;
	enum style style = item->kind == ADDRESS_IOREMAP ? STYLE_RESERVED : STYLE_USED;
	int cells = whole > CELLS ? CELLS : (int)whole;

	for (int n = 0; n < cells; n++) {
		bool cut = whole > CELLS && n == cells - 2;

		grid_glyph(g, y, x + n, cut ? STYLE_DIM : style, v->glyphs, cut ? GLYPH_ELLIPSIS : page);
	}
	grid_glyph(g, y, x + cells, STYLE_HOLE, v->glyphs, GLYPH_HOLE);
	return x + CELLS + 2;
}

/* What a part is; in brief where there is no room for all. */
static void put_part(const struct view *v, const struct address_part *part, int cols, struct strbuf *out)
{
	address_text_part(&v->session->machine, part, false, out);
	if (grid_width(strbuf_str(out)) <= cols)
		return;
	strbuf_clear(out);
	address_text_part(&v->session->machine, part, true, out);
}

static void draw_about(const struct view *v, struct grid *g, int y, struct rect r, const struct row *row,
		       enum style style)
{
	int x = r.x + RANGE_X + range_cols(v, r) + 2, end = r.x + r.cols - 1;
	struct strbuf text = STRBUF_INIT;

	if (!row->item)
		put_part(v, row->part, end - x, &text);
	else
		address_text_about(v->session, row->item, &text);
	if (row->item && row->item->area && row->item->kind != ADDRESS_LAZY && end - x >= ABOUT_GOOD)
		x = draw_cells(v, g, y, x, row->item);
	grid_put_cut(g, y, x, end - x, style, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

static void draw_row(const struct view *v, struct grid *g, int y, struct rect r, const struct row *row, bool chosen)
{
	enum style style = row->item ? item_style(v, row->item) : part_style(row->part);
	char sign = row->item ? address_look_item_sign(v, row->item) : address_look_part_sign(v, row->part);
	const char *symbol = row->item ? NULL : address_text_symbol(view_virt(v), row->part);
	struct strbuf name = STRBUF_INIT;
	int indent = row->item ? 1 : 0;

	if (row->item)
		address_text_item(row->item, &name);
	else
		strbuf_puts(&name, symbol ? symbol : address_text_name(row->part));
	if (chosen)
		grid_glyph(g, y, r.x + 1, STYLE_FOCUS, v->glyphs, GLYPH_FOCUS);
	if (chosen && v->space->choice.behind.count && v->addresses.linked)
		grid_glyph(g, y, r.x, STYLE_SELECTED, v->glyphs, GLYPH_BEHIND);
	grid_put_cut(g, y, r.x + NAME_X + indent, NAME_COLS - indent,
		     chosen   ? STYLE_FOCUS
		     : symbol ? STYLE_TITLE
			      : style,
		     v->glyphs, strbuf_str(&name));
	draw_range(v, g, y, r, row, sign, style);
	draw_about(v, g, y, r, row, style);
	strbuf_free(&name);
}

/* "16 frames behind it, in 3 pieces: HighMem 16". */
static void put_behind(const struct view *v, struct strbuf *out)
{
	const struct address_choice *c = &v->space->choice;
	u64 zone[PHYS_ZONES] = { 0 }, frames = 0;
	char name[VIEW_ZONE_NAME];
	size_t pieces = 0;

	for (size_t n = 0; n < c->count; n++) {
		if (c->run[n].kind != ADDRESS_RUN_MEMORY)
			continue;
		pieces++;
		frames += c->run[n].pages;
		if (c->run[n].zone >= 0)
			zone[c->run[n].zone] += c->run[n].pages;
	}
	if (!frames)
		return;
	strbuf_printf(out, text_of_n("%" PRIu64 " frame behind it", "%" PRIu64 " frames behind it", frames), frames);
	if (pieces > 1)
		strbuf_printf(out, _(", in %zu pieces"), pieces);
	for (unsigned z = 0; z < PHYS_ZONES; z++)
		if (zone[z])
			strbuf_printf(out, ", %s %" PRIu64, view_zone_name(v, z, name), zone[z]);
}

static void put_chosen(const struct view *v, struct strbuf *out)
{
	const struct address_item *item = address_look_item(v);

	if (!item) {
		strbuf_puts(out, region_name(address_look_part(v)->region.kind));
		return;
	}
	switch (item->kind) {
	case ADDRESS_FREE:
		strbuf_puts(out, _("nobody has these addresses"));
		break;
	case ADDRESS_LAZY:
		strbuf_puts(out, _("given back; no use before all CPUs have forgotten the addresses (purge)"));
		break;
	case ADDRESS_TOP:
		strbuf_puts(out, _("the last page of all: never mapped"));
		break;
	case ADDRESS_IOREMAP:
		strbuf_puts(out, _("a device is behind it"));
		break;
	default:
		put_behind(v, out);
		break;
	}
}

static void draw_chosen(const struct view *v, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	bool marked = v->space->choice.behind.count && v->addresses.linked;
	int x = r.x + 2, y = r.y + r.rows - 1;

	put_chosen(v, &text);
	if (marked)
		grid_glyph(g, y, r.x, STYLE_SELECTED, v->glyphs, GLYPH_BEHIND);
	grid_put_cut(g, y, x, r.cols - 3, STYLE_DIM, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

void address_space_draw(const struct view *v, struct grid *g, struct rect r)
{
	size_t total = address_space_total(v), first = v->addresses.space_scroll, chosen;
	struct rect content = r;

	if (!is_ready(v))
		return;
	chosen = chosen_row(v);
	content.rows = content_rows(r);
	for (int n = 0; n < content.rows && first + (size_t)n < total; n++) {
		struct row row = find_row(v, first + (size_t)n);

		draw_row(v, g, r.y + n, r, &row, first + (size_t)n == chosen);
	}
	panel_arrows(g, content, v->glyphs, first, total);
	if (content.rows < r.rows)
		draw_chosen(v, g, r);
}

int address_space_chosen(const struct view *v, struct rect r)
{
	size_t at = is_ready(v) ? chosen_row(v) : SIZE_MAX, first = v->addresses.space_scroll;

	return at >= first && at - first < (size_t)content_rows(r) ? r.y + (int)(at - first) : -1;
}

void address_space_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	strbuf_puts(left, _("addresses of the kernel"));
	if (is_ready(v))
		panel_range(v->addresses.space_scroll, address_space_total(v), content_rows(r), right);
}

/* ------------------------------------------------------------- keys */

/* To the pages of what is chosen, if there are any. */
static void go_in(struct view *v)
{
	if (!v->space->choice.count)
		return;
	v->addresses.reach = VIEW_PAGES;
	v->addresses.page = v->space->choice.start;
	v->addresses.pages_scroll = 0;
	v->addresses.linked = true;
}

static bool open_key(struct view *v, struct row row, int key)
{
	unsigned bit = 1u << row.part->region.kind;

	if (row.item || !row.part->count) {
		go_in(v);
		return true;
	}
	if (key == KEY_RIGHT_ && !is_folded(v, row.part))
		choose(v, (struct row){ row.part, &map_of(v)->item[row.part->first] });
	else
		v->addresses.folded ^= bit;
	return true;
}

/* From an item to its part, which folds next. */
static bool close_key(struct view *v, struct row row)
{
	if (row.item)
		choose(v, (struct row){ row.part, NULL });
	else if (row.part->count)
		v->addresses.folded |= 1u << row.part->region.kind;
	return true;
}

bool address_space_key(struct view *v, struct rect r, int key)
{
	size_t at, total;

	if (!is_ready(v))
		return false;
	at = chosen_row(v);
	total = address_space_total(v);
	switch (key) {
	case KEY_ENTER_:
	case KEY_RIGHT_:
		return open_key(v, find_row(v, at), key);
	case KEY_LEFT_:
	case KEYS_BACKSPACE:
	case 'b':
		return close_key(v, find_row(v, at));
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN: {
		size_t page = (size_t)content_rows(r);

		if (key == KEY_PAGE_UP)
			at -= at < page ? at : page;
		else
			at = at + page < total ? at + page : total - 1;
		break;
	}
	default:
		/* One row visible: what is scrolled is the choice. */
		if (!panel_scroll(&at, total, 1, key))
			return false;
	}
	choose(v, find_row(v, at));
	return true;
}

bool address_space_click(struct view *v, struct rect r, int y)
{
	size_t row = v->addresses.space_scroll + (size_t)(y - r.y);

	if (!is_ready(v) || y - r.y >= content_rows(r) || row >= address_space_total(v))
		return false;
	choose(v, find_row(v, row));
	return true;
}
