/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_map.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"
#include "ui/cma_use.h"
#include "ui/map_cache.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Columns in front of the cells: a zone's name or an address. */
#define LABEL 9

/* Rows that the map shares with the legend and the lines about the cursor, if it has as many. */
#define ROWS_FOR_LEGEND 2
#define ROWS_FOR_FRAME 5
#define ROWS_FOR_CELL 7

/* What the rows of the panel are used for. */
struct parts {
	int map, cell, frame, legend; /* rows of each */
};

static struct parts split_rows(int rows)
{
	struct parts p = {
		.frame = rows >= ROWS_FOR_FRAME,
		.legend = rows >= ROWS_FOR_LEGEND,
		.cell = rows >= ROWS_FOR_CELL,
	};

	p.map = rows - p.frame - p.legend - p.cell;
	return p;
}

static void geometry(const struct view *v, struct rect r, struct map_geometry *g)
{
	map_cache_geometry(v, split_rows(r.rows).map, r.cols - LABEL - 1, g);
}

static int map_rows(const struct view *v, int cols)
{
	(void)v;
	(void)cols;
	return INT_MAX;
}

/* Scrolls so that the cursor is visible. */
static void map_prepare(struct view *v, struct rect r)
{
	struct map_geometry g;
	size_t row, rows;
	int cell;

	geometry(v, r, &g);
	rows = (size_t)g.rows;
	if (map_cache_find(v, &g, v->cursor, &row, &cell)) {
		if (row < v->map_scroll)
			v->map_scroll = row;
		else if (row >= v->map_scroll + rows)
			v->map_scroll = row - rows + 1;
	}
	v->map_scroll = panel_first(v->map_scroll, g.zone_row[g.zones], g.rows);
	map_cache_prepare(v, &g);
}

/* -------------------------------------------------------------------- rows */

/* An address: in the unit in which those of all rows, `step` bytes apart, are whole, if there is one. */
static void format_address(u64 bytes, u64 step, char out[UNITS_MAX])
{
	static const char suffix[] = "TGMK";

	for (unsigned i = 0; suffix[i]; i++) {
		u64 unit = units_suffix(suffix[i]);

		if (bytes % unit == 0 && step % unit == 0 && bytes / unit < 1000000) {
			snprintf(out, UNITS_MAX, "%" PRIu64 "%c", bytes / unit, suffix[i]);
			return;
		}
	}
	units_format(bytes, out);
}

static void draw_label(const struct view *v, struct grid *g, int y, struct rect r, const struct map_geometry *geo,
		       size_t row)
{
	const struct phys_config *c = view_phys(v)->config;
	unsigned z = map_cache_zone(geo, row);
	struct map_range range;
	char text[UNITS_MAX], name[VIEW_ZONE_NAME];

	if (row == geo->zone_row[z] || row == v->map_scroll) {
		view_zone_name(v, z, name);
		grid_put_cut(g, y, r.x + 1, LABEL - 1, STYLE_TITLE, v->glyphs, name);
		return;
	}
	range = map_cache_range(v, geo, row, 0);
	format_address((u64)range.start << c->page_shift, (u64)geo->cells << (geo->shift + c->page_shift), text);
	grid_put_right(g, y, r.x + 1, LABEL - 2, STYLE_DIM, v->glyphs, text);
}

static void draw_cells(const struct view *v, struct grid *g, int y, struct rect r, size_t row)
{
	const struct map_cache *m = v->map;
	const struct map_geometry *geo = &m->geometry;

	for (int x = 0; x < geo->cells; x++) {
		const struct map_cell *cell = &m->cell[(int)(row - m->first) * geo->cells + x];
		char letter[2] = { cell->letter, '\0' };

		if (cell->letter)
			grid_put(g, y, r.x + LABEL + x, 1, cell->style, letter);
		else
			grid_glyph(g, y, r.x + LABEL + x, cell->style, v->glyphs, cell->glyph);
	}
}

static void draw_cursor(const struct view *v, struct grid *g, struct rect r)
{
	const struct map_cache *m = v->map;
	enum glyph below;
	size_t row;
	int cell;

	if (!map_cache_find(v, &m->geometry, v->cursor, &row, &cell))
		return;
	if (row < m->first || row >= m->first + (size_t)m->geometry.rows)
		return;
	/* Where an operation took the cursor, the mark of what changed says more; so does that of an address. */
	below = m->cell[(int)(row - m->first) * m->geometry.cells + cell].glyph;
	if (below != GLYPH_BEHIND && (below != GLYPH_CHANGED || v->cursor != v->followed))
		below = GLYPH_CURSOR;
	grid_glyph(g, r.y + (int)(row - m->first), r.x + LABEL + cell, STYLE_CURSOR, v->glyphs, below);
}

/* ------------------------------------------------------------ lines of text */

static const struct legend {
	enum glyph glyph[3]; /* up to the first GLYPH_COUNT */
	enum style style;
	const char *letters; /* in place of glyphs, or NULL */
	const char *text;
	const char *early; /* before the page allocator runs, if that is another */
} legend[] = {
	{ { GLYPH_FREE, GLYPH_COUNT }, STYLE_FREE, NULL, N_("free"), N_("available") },
	{ { GLYPH_LITTLE_USED, GLYPH_MIXED, GLYPH_MUCH_USED }, STYLE_USED, NULL, N_("part"), NULL },
	{ { GLYPH_USED, GLYPH_COUNT }, STYLE_USED, NULL, N_("used"), NULL },
	{ { GLYPH_COUNT }, STYLE_CMA, "clC", N_("CMA"), NULL },
	{ { GLYPH_CHANGED, GLYPH_COUNT }, STYLE_CHANGED, NULL, N_("changed"), NULL },
	{ { GLYPH_LEFT, GLYPH_COUNT }, STYLE_CHANGED, NULL, N_("moved off"), NULL },
	{ { GLYPH_BEHIND, GLYPH_COUNT }, STYLE_SELECTED, NULL, N_("address"), NULL },
	{ { GLYPH_PCP, GLYPH_COUNT }, STYLE_PCP, NULL, N_("per-CPU"), NULL },
	{ { GLYPH_RESERVED, GLYPH_COUNT }, STYLE_RESERVED, NULL, N_("reserved"), N_("taken") },
	{ { GLYPH_HOLE, GLYPH_COUNT }, STYLE_HOLE, NULL, N_("no memory"), NULL },
};

static const char *legend_text(const struct view *v, const struct legend *item)
{
	return item->early && early_is(&v->session->machine) ? _(item->early) : _(item->text);
}

/* What a frame is, in the words of who has the memory now: boot, or the page allocator. */
static const char *state_name(const struct view *v, enum frame_state state)
{
	if (!early_is(&v->session->machine) || state == FRAME_NO_MEMORY)
		return frame_state_name(state);
	return state == FRAME_FREE ? _("available") : _("taken");
}

/* Is there such a thing on this machine, or on this map? */
static bool legend_applies(const struct view *v, const struct legend *item)
{
	/* Nobody uses a frame, or has it on a list, before the page allocator runs. */
	if (early_is(&v->session->machine))
		return item->glyph[0] == GLYPH_FREE || item->glyph[0] == GLYPH_CHANGED ||
		       item->glyph[0] == GLYPH_LITTLE_USED || item->glyph[0] == GLYPH_RESERVED ||
		       (item->glyph[0] == GLYPH_HOLE && v->map->holes);
	switch (item->glyph[0]) {
	case GLYPH_PCP:
		return view_has_pcp(v);
	case GLYPH_HOLE:
		return v->map->holes;
	case GLYPH_LEFT:
		return v->map->left;
	case GLYPH_BEHIND:
		return v->map->behind;
	case GLYPH_COUNT:
		return view_phys(v)->config->cma_areas > 0;
	default:
		return true;
	}
}

/* Columns of the signs of an item. */
static int legend_signs(const struct legend *item)
{
	int n = item->letters ? (int)strlen(item->letters) : 0;

	while (!item->letters && n < (int)ARRAY_SIZE(item->glyph) && item->glyph[n] != GLYPH_COUNT)
		n++;
	return n;
}

/* Columns of the legend with `gap` columns behind the signs, and one more behind each text. */
static int legend_width(const struct view *v, int gap)
{
	int width = 0;

	for (size_t i = 0; i < ARRAY_SIZE(legend); i++)
		if (legend_applies(v, &legend[i]))
			width += legend_signs(&legend[i]) + (gap || legend[i].letters) +
				 grid_width(legend_text(v, &legend[i])) + gap + 1;
	return width - gap;
}

/* Draws an item with its signs at x. Returns the column behind it. */
static int draw_legend_item(const struct view *v, struct grid *g, int y, int x, int gap, const struct legend *item)
{
	int signs = legend_signs(item);

	if (item->letters)
		grid_put(g, y, x, signs, item->style, item->letters);
	for (int n = 0; n < signs && !item->letters; n++)
		grid_glyph(g, y, x + n, item->style, v->glyphs, item->glyph[n]);
	x += signs + (gap || item->letters);
	return x + grid_put(g, y, x, g->cols - x, STYLE_DIM, legend_text(v, item));
}

static void draw_legend(const struct view *v, struct grid *g, int y, struct rect r)
{
	int x = r.x + 1, end = r.x + r.cols, gap = legend_width(v, 1) <= r.cols - 1;

	for (size_t i = 0; i < ARRAY_SIZE(legend); i++) {
		const struct legend *item = &legend[i];

		if (!legend_applies(v, item))
			continue;
		if (x + legend_signs(item) + gap + grid_width(legend_text(v, item)) > end)
			return;
		x = draw_legend_item(v, g, y, x, gap, item) + gap + 1;
	}
}

/* The types that are visible, and those that every machine has; by short names where the long ones do not fit. */
static void draw_type_legend(const struct view *v, struct grid *g, int y, struct rect r)
{
	static const enum style styles[MT_COUNT] = {
		STYLE_UNMOVABLE, STYLE_MOVABLE, STYLE_RECLAIMABLE, STYLE_HIGHATOMIC, STYLE_CMA, STYLE_RESERVED,
	};
	static const char *const short_names[MT_COUNT] = {
		N_("Unmov"), N_("Mov"), N_("Reclaim"), N_("HiAtomic"), N_("CMA"), N_("Isolate"),
	};
	const char *name[MT_COUNT], *small = _("small: free");
	int x = r.x + 1, end = r.x + r.cols, width = 1 + grid_width(small);

	for (unsigned t = 0; t < MT_COUNT; t++) {
		name[t] = t < MT_PCPTYPES || (v->map->types & 1u << t) ? migratetype_name(t) : "";
		width += *name[t] ? grid_width(name[t]) + 1 : 0;
	}
	for (unsigned t = 0; t < MT_COUNT; t++) {
		char letter[2] = { migratetype_letter(t), '\0' };

		if (!*name[t])
			continue;
		if (width > r.cols)
			name[t] = _(short_names[t]);
		x += grid_put(g, y, x, end - x, styles[t], letter);
		x += grid_put(g, y, x, end - x, STYLE_DIM, *name[t] == *letter ? name[t] + 1 : name[t]) + 1;
	}
	if (x + grid_width(small) > end)
		return;
	x += grid_put(g, y, x, end - x, STYLE_DIM, small) + 2;
	for (size_t i = 0; i < ARRAY_SIZE(legend); i++) {
		const struct legend *item = &legend[i];

		if ((item->style != STYLE_CHANGED && item->style != STYLE_HOLE) || !legend_applies(v, item) ||
		    x + 2 + grid_width(legend_text(v, item)) > end)
			continue;
		x = draw_legend_item(v, g, y, x, 1, item) + 2;
	}
}

/* Appends how many page blocks of each type the cell has: " U:2 M:12". */
static void put_cell_types(const struct view *v, struct map_range range, struct strbuf *out)
{
	u32 count[MT_COUNT];
	int zone = phys_zone_of(view_phys(v), range.start);

	if (zone < 0)
		return;
	map_cache_types(v, (unsigned)zone, range, count);
	for (unsigned t = 0; t < MT_COUNT; t++)
		if (count[t])
			strbuf_printf(out, " %c:%" PRIu32, migratetype_letter(t), count[t]);
}

/* Appends what of a contiguous memory area the range has: " CMA linux: 12 lent". */
static void put_area(const struct view *v, struct map_range range, struct strbuf *out)
{
	const struct phys *p = view_phys(v);
	int area = cma_use_area(p, range.start, range.end);
	struct cma_use use;

	if (area < 0)
		return;
	use = cma_use_count(p, (unsigned)area, range.start, range.end);
	strbuf_printf(out, _(" CMA %s: %" PRIu64 " free, %" PRIu64 " lent, %" PRIu64 " given out;"),
		      p->config->cma[area].name, use.free, use.lent, use.given);
}

/* "cell 0x12340-0x1235f, 128K: 24 free 8 used". */
static void draw_cell_line(const struct view *v, struct grid *g, int y, struct rect r)
{
	const struct phys *p = view_phys(v);
	const struct map_geometry *geo = &v->map->geometry;
	u64 count[FRAME_USED + 1];
	struct strbuf text = STRBUF_INIT;
	struct map_range range;
	char size[UNITS_MAX];
	size_t row;
	int cell;

	if (!map_cache_find(v, geo, v->cursor, &row, &cell))
		return;
	range = map_cache_range(v, geo, row, cell);
	map_cache_count(v, range, count);
	strbuf_printf(&text, _("cell 0x%" PRIx32 "-0x%" PRIx32 ", %s:"), range.start, range.end - 1,
		      units_format((u64)(range.end - range.start) << p->config->page_shift, size));
	put_area(v, range, &text);
	if (map_cache_by_type(v))
		put_cell_types(v, range, &text);
	for (int s = FRAME_USED; s >= FRAME_NO_MEMORY && !map_cache_by_type(v); s--)
		if (count[s])
			strbuf_printf(&text, " %" PRIu64 " %s", count[s], state_name(v, (enum frame_state)s));
	grid_put_cut(g, y, r.x + 1, r.cols - 1, STYLE_DIM, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

/* Before the page allocator runs, boot memory says what a frame is. */
static enum frame_state state_at(const struct view *v, pfn_t pfn, enum frame_state otherwise)
{
	u64 count[FRAME_USED + 1];

	if (!early_is(&v->session->machine))
		return otherwise;
	early_count(&v->session->machine, pfn, pfn + 1, count);
	return count[FRAME_FREE] ? FRAME_FREE : count[FRAME_RESERVED] ? FRAME_RESERVED : FRAME_NO_MEMORY;
}

/* "0x12348 used: order 3 at 0x12348, by #42 p = alloc_pages(GFP_KERNEL, 3)". */
static void draw_frame_line(const struct view *v, struct grid *g, int y, struct rect r)
{
	const struct phys *p = view_phys(v);
	struct frame_info info = frame_describe(p, v->cursor);
	const struct command *c = session_command(v->session, info.owner);
	struct strbuf text = STRBUF_INIT;

	strbuf_printf(&text, "0x%" PRIx32 " %s", v->cursor, state_name(v, state_at(v, v->cursor, info.state)));
	if (info.state >= FRAME_FREE) {
		strbuf_printf(&text, _(", order %u"), info.order);
		if (info.block != v->cursor)
			strbuf_printf(&text, _(" at 0x%" PRIx32), info.block);
	}
	/* Page blocks have no type before boot hands memory over. */
	if (p->config->types > 1 && info.state != FRAME_NO_MEMORY && !early_is(&v->session->machine))
		strbuf_printf(&text, ", %s", migratetype_name(info.type));
	if (info.state == FRAME_USED && info.owner)
		strbuf_printf(&text, _(", by #%" PRIu32), info.owner);
	if (info.state == FRAME_USED && c)
		strbuf_printf(&text, " %.*s", (int)strcspn(c->text, "\n"), c->text);
	grid_put_cut(g, y, r.x + 1, r.cols - 1, STYLE_TEXT, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

static void map_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct parts parts = split_rows(r.rows);
	const struct map_cache *m = v->map;
	int y = r.y + r.rows - parts.frame - parts.cell - parts.legend;

	if (!m || !m->cell) {
		grid_put_cut(g, r.y, r.x + 1, r.cols - 1, STYLE_ERROR, v->glyphs, _("out of memory"));
		return;
	}
	for (int i = 0; i < m->geometry.rows; i++) {
		size_t row = m->first + (size_t)i;

		if (row >= m->geometry.zone_row[m->geometry.zones])
			break;
		draw_label(v, g, r.y + i, r, &m->geometry, row);
		draw_cells(v, g, r.y + i, r, row);
	}
	draw_cursor(v, g, r);
	if (parts.legend && map_cache_by_type(v))
		draw_type_legend(v, g, y++, r);
	else if (parts.legend)
		draw_legend(v, g, y++, r);
	if (parts.cell)
		draw_cell_line(v, g, y++, r);
	if (parts.frame)
		draw_frame_line(v, g, y, r);
}

static void map_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	struct map_geometry g;
	char size[UNITS_MAX];

	geometry(v, r, &g);
	strbuf_printf(left, _("memory, 1 cell = %s"),
		      units_format((u64)1 << (g.shift + view_phys(v)->config->page_shift), size));
	if (map_cache_by_type(v))
		strbuf_printf(left, ", %s", _("by type"));
	panel_range(v->map_scroll, g.zone_row[g.zones], g.rows, right);
}

/* -------------------------------------------------------------------- keys */

/* To the same column of another row, as near as there is one. */
static void move_rows(struct view *v, const struct map_geometry *g, bool down, size_t by)
{
	size_t row, last = g->zone_row[g->zones] - 1;
	struct map_range range;
	int cell;

	if (!map_cache_find(v, g, v->cursor, &row, &cell))
		return;
	if (down)
		row = row + by < last ? row + by : last;
	else
		row -= row < by ? row : by;
	do
		range = map_cache_range(v, g, row, cell);
	while (range.start == range.end && cell-- > 0);
	v->cursor = range.start;
}

static void move_cells(struct view *v, const struct map_geometry *g, bool right)
{
	const struct phys *p = view_phys(v);
	size_t row;
	struct map_range range;
	int cell;

	if (!map_cache_find(v, g, v->cursor, &row, &cell))
		return;
	range = map_cache_range(v, g, row, cell);
	if (right && phys_zone_of(p, range.end) >= 0)
		v->cursor = range.end;
	else if (!right && range.start > 0 && phys_zone_of(p, range.start - 1) >= 0)
		v->cursor = range.start - 1;
	if (map_cache_find(v, g, v->cursor, &row, &cell))
		v->cursor = map_cache_range(v, g, row, cell).start;
}

/* To the first frame or to the last. */
static void move_to_end(struct view *v, bool last)
{
	const struct phys_config *c = view_phys(v)->config;
	const struct zone_config *zone = &c->zone[last ? c->zones - 1 : 0];

	v->cursor = last && zone->spanned ? zone->start_pfn + zone->spanned - 1 : zone->start_pfn;
}

static void zoom(struct view *v, const struct map_geometry *g, bool in)
{
	unsigned fit = map_cache_fit(v, g->rows, g->cells);

	if (in)
		v->map_shift = g->shift > 0 ? g->shift - 1 : 0;
	else
		v->map_shift = g->shift + 1 < fit ? g->shift + 1 : VIEW_FIT;
}

/* The list that the block under the cursor is on becomes the one chosen. */
static void choose_list(struct view *v)
{
	struct frame_info info = frame_describe(view_phys(v), v->cursor);

	if (info.state != FRAME_FREE && info.state != FRAME_PCP)
		return;
	v->zone = (unsigned)info.zone;
	v->order = info.state == FRAME_PCP ? VIEW_PCP : info.order;
	if (v->type != MT_COUNT && info.state == FRAME_FREE)
		v->type = info.type;
	v->list_scroll = 0;
}

static bool map_key(struct view *v, struct rect r, int key)
{
	struct map_geometry g;

	geometry(v, r, &g);
	switch (key) {
	case KEY_UP_:
	case KEY_DOWN_:
		move_rows(v, &g, key == KEY_DOWN_, 1);
		return true;
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
		move_rows(v, &g, key == KEY_PAGE_DOWN, (size_t)g.rows);
		return true;
	case KEY_LEFT_:
	case KEY_RIGHT_:
		move_cells(v, &g, key == KEY_RIGHT_);
		return true;
	case KEY_HOME_:
	case KEY_END_:
		move_to_end(v, key == KEY_END_);
		return true;
	case '+':
	case '=':
	case '-':
		zoom(v, &g, key != '-');
		return true;
	case '0':
		v->map_shift = VIEW_FIT;
		return true;
	case 't':
		v->map_by_type = !v->map_by_type && view_phys(v)->config->types > 1 && !early_is(&v->session->machine);
		return true;
	case ' ':
		choose_list(v);
		return true;
	}
	return false;
}

/* The cursor goes where the mouse was pressed. */
static bool map_click(struct view *v, struct rect r, int y, int x)
{
	struct map_geometry g;
	struct map_range range;
	size_t row = v->map_scroll + (size_t)(y - r.y);

	geometry(v, r, &g);
	if (y - r.y >= g.rows || row >= g.zone_row[g.zones] || x < r.x + LABEL || x >= r.x + LABEL + g.cells)
		return false;
	range = map_cache_range(v, &g, row, x - r.x - LABEL);
	if (range.start == range.end)
		return false;
	v->cursor = range.start;
	return true;
}

const struct panel panel_map = {
	.name = "map",
	.title = N_("memory"),
	.rows = map_rows,
	.prepare = map_prepare,
	.draw = map_draw,
	.caption = map_caption,
	.key = map_key,
	.click = map_click,
	.help = N_("arrows move, + - 0 zoom, t types, Space shows the block's list"),
};
