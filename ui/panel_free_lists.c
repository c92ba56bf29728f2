/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_free_lists.h"

#include "base/text.h"
#include "base/units.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Columns of an order: at least, comfortably, and at most. */
#define ORDER_LEAST 4
#define ORDER_GOOD 5
#define ORDER_MOST 9

/* Those of an order below the size of its blocks. */
#define SIZE_LEAST 5

#define LABEL 8
#define LABEL_TYPES 13

/* A screen that is so wide is high enough for zones and types too. */
#define COLS_FOR_BOTH 110

/* What stands behind the orders, if there is room. */
enum extra { EXTRA_PCP, EXTRA_HOT, EXTRA_COLD, EXTRA_FREE, EXTRA_MIN, EXTRA_LOW, EXTRA_HIGH, EXTRA_COUNT };

/* Fields of a row: counts of orders, then the extra ones. */
#define FIELDS (PHYS_ORDERS + EXTRA_COUNT)

struct columns {
	int label;
	unsigned first, count; /* orders that are shown */
	int field[FIELDS]; /* columns of each; 0: not shown */
};

/* A row: a zone as a whole (type MT_COUNT), or a migratetype of it. */
struct row {
	unsigned zone, type;
};

/* What a field shows: a count, and what it was before the last operation. */
struct figure {
	u64 now, before;
};

/* ------------------------------------------------------------------ figures */

/* Figures of the orders. */
static void order_figures(const struct view *v, struct row row, struct figure out[FIELDS])
{
	const struct zone *zone = &view_phys(v)->zone[row.zone];
	const struct view_before *b = &v->before;
	bool whole = row.type == MT_COUNT;

	for (unsigned o = 0; o < view_phys(v)->config->orders; o++) {
		out[o].now = whole ? zone->nr_free[o] : zone->list[o][row.type].count;
		out[o].before = whole ? b->nr_free[row.zone][o] : b->list_count[row.zone][o][row.type];
	}
}

/* What stands behind the orders of a zone. */
static void extra_figures(const struct view *v, unsigned z, struct figure out[FIELDS])
{
	const struct phys *p = view_phys(v);
	const struct zone *zone = &p->zone[z];
	const struct pcp_set *set = phys_pcp(p, z, p->state->cpu)->set;
	const struct view_before *b = &v->before;
	struct figure *extra = &out[PHYS_ORDERS];

	extra[EXTRA_HOT] = (struct figure){ set[0].count, b->pcp_count[z][0] };
	extra[EXTRA_COLD] = (struct figure){ set[1].count, b->pcp_count[z][1] };
	extra[EXTRA_PCP].now = extra[EXTRA_HOT].now + extra[EXTRA_COLD].now;
	extra[EXTRA_PCP].before = extra[EXTRA_HOT].before + extra[EXTRA_COLD].before;
	extra[EXTRA_FREE] = (struct figure){ zone->free, b->free[z] };
	for (unsigned w = 0; w < 3; w++)
		extra[EXTRA_MIN + w] = (struct figure){ zone->wmark[WMARK_MIN + w], zone->wmark[WMARK_MIN + w] };
}

static void make_figures(const struct view *v, struct row row, struct figure out[FIELDS])
{
	memset(out, 0, FIELDS * sizeof *out);
	order_figures(v, row, out);
	if (row.type == MT_COUNT)
		extra_figures(v, row.zone, out);
	for (unsigned f = 0; f < FIELDS && !v->before.valid; f++)
		out[f].before = out[f].now;
}

/* ------------------------------------------------------------------ columns */

static int digits(u64 n)
{
	char text[24];

	return snprintf(text, sizeof text, "%" PRIu64, n);
}

/* The width of each extra column; a column for the gap included. */
static void extra_widths(const struct view *v, int width[EXTRA_COUNT])
{
	const struct phys *p = view_phys(v);
	bool two = p->config->pcp_rule == PCP_HOT_COLD;
	u64 pages = 0, mark = 0;

	for (unsigned z = 0; z < p->config->zones; z++) {
		if (p->config->zone[z].spanned > pages)
			pages = p->config->zone[z].spanned;
		if (p->zone[z].wmark[WMARK_HIGH] > mark)
			mark = p->zone[z].wmark[WMARK_HIGH];
	}
	width[EXTRA_PCP] = view_has_pcp(v) ? 9 : 0;
	width[EXTRA_HOT] = two ? 7 : 0;
	width[EXTRA_COLD] = two ? 7 : 0;
	width[EXTRA_FREE] = (digits(pages) < 6 ? 6 : digits(pages)) + 4; /* with room for a difference */
	width[EXTRA_MIN] = width[EXTRA_LOW] = width[EXTRA_HIGH] = digits(mark) + 2 > 6 ? digits(mark) + 2 : 6;
}

/* In a set: the columns are as narrow as can be. */
#define EXTRA_NARROW 0x100u
#define PCP_NARROW 5
#define FREE_NARROWER 1

/* Sets of extra columns, the best first. */
static const unsigned extra_sets[] = {
	1u << EXTRA_HOT | 1u << EXTRA_COLD | 1u << EXTRA_FREE | 1u << EXTRA_MIN | 1u << EXTRA_LOW | 1u << EXTRA_HIGH,
	1u << EXTRA_PCP | 1u << EXTRA_FREE | 1u << EXTRA_MIN | 1u << EXTRA_LOW | 1u << EXTRA_HIGH,
	1u << EXTRA_PCP | 1u << EXTRA_FREE | 1u << EXTRA_MIN,
	EXTRA_NARROW | 1u << EXTRA_PCP | 1u << EXTRA_FREE,
	EXTRA_NARROW | 1u << EXTRA_FREE,
	0,
};

/* Is the set possible: two per-CPU columns only where there are two lists? */
static bool set_fits_machine(const struct view *v, unsigned set)
{
	return !(set & 1u << EXTRA_HOT) || view_phys(v)->config->pcp_rule == PCP_HOT_COLD;
}

/* --------------------------------------------------------------------- rows */

/* Is there, or was there, a block of this type in the zone? Types with per-CPU lists are always shown. */
static bool type_is_shown(const struct view *v, unsigned zone, unsigned type)
{
	const struct phys *p = view_phys(v);

	if (type < MT_PCPTYPES)
		return true;
	for (unsigned o = 0; o < p->config->orders; o++)
		if (p->zone[zone].list[o][type].count || (v->before.valid && v->before.list_count[zone][o][type]))
			return true;
	return false;
}

static bool machine_has_types(const struct view *v)
{
	return view_phys(v)->config->types > 1;
}

/* Rows of the types of the zone that is chosen, the zone's own row left out. */
static int type_rows(const struct view *v)
{
	int rows = 0;

	for (unsigned t = 0; t < view_phys(v)->config->types; t++)
		rows += type_is_shown(v, v->zone, t);
	return rows;
}

/* Header and a row a zone. */
static int plain_rows(const struct view *v)
{
	return 1 + (int)view_phys(v)->config->zones;
}

/* With `rows` rows: are zones shown, and are types? Where there is room, both. */
static bool rows_have_both(const struct view *v, int rows)
{
	return machine_has_types(v) && rows >= plain_rows(v) + type_rows(v);
}

static bool rows_have_types(const struct view *v, int rows)
{
	return machine_has_types(v) && (v->by_type || rows_have_both(v, rows));
}

/* Fills `out` with what the rows show; returns how many. The types stand below their zone. */
static int make_rows(const struct view *v, int rows, struct row out[PHYS_ZONES + MT_COUNT])
{
	const struct phys_config *c = view_phys(v)->config;
	bool types = rows_have_types(v, rows), all = !types || rows_have_both(v, rows);
	int n = 0;

	for (unsigned z = 0; z < c->zones; z++) {
		if (!all && z != v->zone)
			continue;
		out[n++] = (struct row){ z, MT_COUNT };
		for (unsigned t = 0; t < c->types && types && z == v->zone; t++)
			if (type_is_shown(v, z, t))
				out[n++] = (struct row){ z, t };
	}
	return n;
}

static int free_rows(const struct view *v, int cols)
{
	if (machine_has_types(v) && cols >= COLS_FOR_BOTH)
		return plain_rows(v) + type_rows(v);
	if (machine_has_types(v) && v->by_type)
		return 2 + type_rows(v);
	return plain_rows(v);
}

/* ------------------------------------------------------------------ widths */

static const char *extra_title(enum extra e)
{
	static const char *const titles[EXTRA_COUNT] = {
		[EXTRA_PCP] = N_("per-CPU"), [EXTRA_HOT] = N_("hot"), [EXTRA_COLD] = N_("cold"),
		[EXTRA_FREE] = N_("free"),   [EXTRA_MIN] = N_("min"), [EXTRA_LOW] = N_("low"),
		[EXTRA_HIGH] = N_("high"),
	};

	return _(titles[e]);
}

/* "12k-1k": a count in thousands if `thousands`, and the difference if `rough`. */
static void put_difference(char out[64], u64 now, bool thousands, char sign, u64 difference, bool rough)
{
	snprintf(out, 64, "%" PRIu64 "%s%c%" PRIu64 "%s", thousands ? now / 1000 : now, thousands ? "k" : "", sign,
		 rough ? difference / 1000 : difference, rough ? "k" : "");
}

/*
 * A count, and by how much the last operation changed it: "12-1".  Where there
 * is no room for that, in thousands: "223k-512", "226-10k", "223k-8k", and then
 * the sign alone.
 */
static void format_count(char out[64], int cols, u64 now, u64 before)
{
	u64 difference = now > before ? now - before : before - now;
	bool large = now >= 10000, much = difference >= 1000;
	char sign = now > before ? '+' : '-';

	snprintf(out, 64, "%" PRIu64, now);
	if ((int)strlen(out) > cols)
		snprintf(out, 64, "%" PRIu64 "k", now / 1000);
	if (now == before)
		return;
	put_difference(out, now, false, sign, difference, false);
	if ((int)strlen(out) > cols && large)
		put_difference(out, now, true, sign, difference, false);
	if ((int)strlen(out) > cols && much)
		put_difference(out, now, large, sign, difference, true);
	if ((int)strlen(out) > cols)
		snprintf(out, 64, "%" PRIu64 "%c", now, sign);
	if ((int)strlen(out) > cols)
		snprintf(out, 64, "%" PRIu64 "k%c", now / 1000, sign);
}

/* Columns that each field needs to show its figures whole, in all rows; a column for the gap included. */
static void find_needs(const struct view *v, struct rect r, const struct columns *col, int need[FIELDS])
{
	struct row rows[PHYS_ZONES + MT_COUNT];
	int count = make_rows(v, r.rows, rows);

	for (unsigned f = 0; f < FIELDS; f++)
		need[f] = f < PHYS_ORDERS ? (r.rows >= count + 2 ? SIZE_LEAST : ORDER_LEAST)
					  : grid_width(extra_title((enum extra)(f - PHYS_ORDERS))) + 1;
	if (col->field[PHYS_ORDERS + EXTRA_PCP] == PCP_NARROW)
		need[PHYS_ORDERS + EXTRA_PCP] = grid_width(_("pcp")) + 1;
	for (int i = 0; i < count; i++) {
		struct figure figure[FIELDS];

		make_figures(v, rows[i], figure);
		for (unsigned f = 0; f < FIELDS; f++) {
			char text[64];

			format_count(text, INT_MAX, figure[f].now, figure[f].before);
			if ((int)strlen(text) + 1 > need[f])
				need[f] = (int)strlen(text) + 1;
		}
	}
}

/* Takes a column for `to` from the field that has most to spare. false: none has. */
static bool borrow(struct columns *col, const int need[FIELDS], unsigned to)
{
	unsigned from = to;

	for (unsigned f = 0; f < FIELDS; f++)
		if (col->field[f] - need[f] > col->field[from] - need[from])
			from = f;
	if (col->field[from] <= need[from])
		return false;
	col->field[from]--;
	col->field[to]++;
	return true;
}

/* Fields whose figures do not fit get columns of those that can spare some, until the next operation. */
static void fit_figures(const struct view *v, struct rect r, struct columns *col)
{
	int need[FIELDS];

	find_needs(v, r, col, need);
	for (unsigned f = 0; f < FIELDS; f++) {
		struct columns before = *col;

		while (col->field[f] && col->field[f] < need[f]) {
			if (borrow(col, need, f))
				continue;
			/* A part of it would not help. */
			*col = before;
			break;
		}
	}
}

static struct columns make_columns(const struct view *v, struct rect r)
{
	const struct phys_config *c = view_phys(v)->config;
	struct columns col = { .label = rows_have_types(v, r.rows) ? LABEL_TYPES : LABEL };
	int width[EXTRA_COUNT], room = 0, extra = 0, order;

	extra_widths(v, width);
	for (size_t s = 0; s < ARRAY_SIZE(extra_sets); s++) {
		if (!set_fits_machine(v, extra_sets[s]))
			continue;
		extra = 0;
		for (int e = 0; e < EXTRA_COUNT; e++) {
			col.field[PHYS_ORDERS + e] = extra_sets[s] & 1u << e ? width[e] : 0;
			if (e == EXTRA_PCP && col.field[PHYS_ORDERS + e] && (extra_sets[s] & EXTRA_NARROW))
				col.field[PHYS_ORDERS + e] = PCP_NARROW;
			if (e == EXTRA_FREE && col.field[PHYS_ORDERS + e] && (extra_sets[s] & EXTRA_NARROW))
				col.field[PHYS_ORDERS + e] -= FREE_NARROWER;
			extra += col.field[PHYS_ORDERS + e];
		}
		room = r.cols - col.label - extra - !(extra_sets[s] & EXTRA_NARROW);
		if (room >= ORDER_GOOD * (int)c->orders)
			break;
	}
	col.count = c->orders;
	if (room < ORDER_LEAST * (int)c->orders)
		col.count = room > ORDER_LEAST ? (unsigned)(room / ORDER_LEAST) : 1;
	order = room / (int)col.count < ORDER_MOST ? room / (int)col.count : ORDER_MOST;
	/* The order that is chosen is among those that are shown. */
	if (v->order < c->orders && v->order >= col.count)
		col.first = v->order - col.count + 1;
	else if (v->order == VIEW_PCP)
		col.first = c->orders - col.count;
	for (unsigned o = col.first; o < col.first + col.count; o++)
		col.field[o] = order;
	fit_figures(v, r, &col);
	return col;
}

/* ------------------------------------------------------------------ drawing */

static void draw_count(const struct view *v, struct grid *g, int y, int x, int cols, const struct figure *figure,
		       bool chosen)
{
	enum style style = chosen ? STYLE_SELECTED : figure->now ? STYLE_TEXT : STYLE_DIM;
	char text[64];

	if (figure->now != figure->before)
		style = STYLE_CHANGED;
	format_count(text, cols - 1, figure->now, figure->before);
	grid_put_right(g, y, x + 1, cols - 1, style, v->glyphs, text);
}

static bool is_pcp(enum extra e)
{
	return e == EXTRA_PCP || e == EXTRA_HOT || e == EXTRA_COLD;
}

/* Orders and titles; above them the sizes of the blocks if there is a row for it. */
static void draw_header(const struct view *v, struct grid *g, struct rect r, const struct columns *col, bool sizes)
{
	const struct phys_config *c = view_phys(v)->config;
	int y = r.y + sizes, x = r.x + col->label;
	char text[UNITS_MAX];

	grid_put_cut(g, y, r.x + 1, col->label - 1, STYLE_DIM, v->glyphs, _("order"));
	if (sizes)
		grid_put_cut(g, r.y, r.x + 1, col->label - 1, STYLE_DIM, v->glyphs, _("block"));
	for (unsigned o = col->first; o < col->first + col->count; x += col->field[o++]) {
		snprintf(text, sizeof text, "%u", o);
		grid_put_right(g, y, x, col->field[o], o == v->order ? STYLE_FOCUS : STYLE_TITLE, v->glyphs, text);
		if (sizes)
			grid_put_right(g, r.y, x + 1, col->field[o] - 1, STYLE_DIM, v->glyphs,
				       units_format((u64)1 << (o + c->page_shift), text));
	}
	for (int e = 0; e < EXTRA_COUNT; x += col->field[PHYS_ORDERS + e++]) {
		int cols = col->field[PHYS_ORDERS + e];
		bool chosen = is_pcp((enum extra)e) && v->order == VIEW_PCP;
		const char *title = extra_title((enum extra)e);

		if (e == EXTRA_PCP && cols <= grid_width(title))
			title = _("pcp");
		if (cols)
			grid_put_right(g, y, x, cols, chosen ? STYLE_FOCUS : STYLE_TITLE, v->glyphs, title);
	}
}

static void draw_row(const struct view *v, struct grid *g, int y, struct rect r, const struct columns *col,
		     struct row row)
{
	bool chosen = row.zone == v->zone && row.type == v->type, whole = row.type == MT_COUNT;
	bool pcp = v->order == VIEW_PCP && v->zone == row.zone;
	int x = r.x + col->label;
	char zone_name[VIEW_ZONE_NAME];
	const char *name = whole ? view_zone_name(v, row.zone, zone_name) : migratetype_name(row.type);
	struct figure figure[FIELDS];

	if (chosen)
		grid_glyph(g, y, r.x, STYLE_FOCUS, v->glyphs, GLYPH_FOCUS);
	grid_put_cut(g, y, r.x + (whole ? 1 : 2), col->label - (whole ? 1 : 2),
		     chosen  ? STYLE_FOCUS
		     : whole ? STYLE_TITLE
			     : STYLE_TEXT,
		     v->glyphs, name);
	make_figures(v, row, figure);
	for (unsigned f = 0; f < (whole ? FIELDS : PHYS_ORDERS); x += col->field[f++])
		if (col->field[f])
			draw_count(v, g, y, x, col->field[f], &figure[f],
				   f < PHYS_ORDERS ? chosen && f == v->order
						   : pcp && is_pcp((enum extra)(f - PHYS_ORDERS)));
}

/* The row that is chosen; the zone's own if the type has none. */
static int chosen_row(const struct view *v, const struct row *rows, int count)
{
	int found = 0;

	for (int i = 0; i < count; i++)
		if (rows[i].zone == v->zone && (rows[i].type == v->type || rows[i].type == MT_COUNT))
			found = i;
	for (int i = 0; i < count; i++)
		if (rows[i].zone == v->zone && rows[i].type == v->type)
			found = i;
	return found;
}

static void free_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct columns col = make_columns(v, r);
	struct row rows[PHYS_ZONES + MT_COUNT];
	int count = make_rows(v, r.rows, rows);
	bool sizes = r.rows >= count + 2;
	int visible = r.rows - 1 - sizes, first = 0, chosen = chosen_row(v, rows, count);

	draw_header(v, g, r, &col, sizes);
	if (count > visible && chosen >= visible)
		first = chosen - visible + 1;
	for (int i = 0; i < visible && first + i < count; i++)
		draw_row(v, g, r.y + 1 + sizes + i, r, &col, rows[first + i]);
}

static void free_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	struct row rows[PHYS_ZONES + MT_COUNT];
	int count = make_rows(v, r.rows, rows), visible = r.rows - 1, chosen = chosen_row(v, rows, count);

	strbuf_puts(left, _("free lists: blocks of each order"));
	if (count > visible)
		panel_range(chosen >= visible ? (size_t)(chosen - visible + 1) : 0, (size_t)count, visible, right);
	else if (machine_has_types(v) && !v->by_type && !rows_have_both(v, r.rows))
		strbuf_puts(right, _("t: by type"));
}

/* --------------------------------------------------------------------- keys */

/* To the next row up or down; where only one zone is shown, past its end to the next zone. */
static void move_row(struct view *v, struct rect r, int by)
{
	struct row rows[PHYS_ZONES + MT_COUNT];
	int count = make_rows(v, r.rows, rows), at = chosen_row(v, rows, count) + by;
	unsigned zones = view_phys(v)->config->zones;

	if (at >= 0 && at < count) {
		v->zone = rows[at].zone;
		v->type = rows[at].type;
	} else if (by > 0 && v->zone + 1 < zones) {
		v->zone++;
		v->type = MT_COUNT;
	} else if (by < 0 && v->zone > 0) {
		v->zone--;
		v->type = MT_COUNT;
	}
}

/* To the next order; behind the last are the per-CPU lists. */
static void move_order(struct view *v, int by)
{
	unsigned orders = view_phys(v)->config->orders;

	if (v->order == VIEW_PCP)
		v->order = by < 0 ? orders - 1 : VIEW_PCP;
	else if (by < 0)
		v->order -= v->order > 0;
	else if (v->order + 1 < orders)
		v->order++;
	else if (view_has_pcp(v))
		v->order = VIEW_PCP;
}

static bool free_key(struct view *v, struct rect r, int key)
{
	switch (key) {
	case KEY_UP_:
		move_row(v, r, -1);
		break;
	case KEY_DOWN_:
		move_row(v, r, 1);
		break;
	case KEY_LEFT_:
		move_order(v, -1);
		break;
	case KEY_RIGHT_:
		move_order(v, 1);
		break;
	case KEY_HOME_:
		v->order = 0;
		break;
	case KEY_END_:
		v->order = view_has_pcp(v) ? VIEW_PCP : view_phys(v)->config->orders - 1;
		break;
	case 't':
		v->by_type = !v->by_type && machine_has_types(v);
		if (!v->by_type)
			v->type = MT_COUNT;
		break;
	case ' ':
		v->stay = !v->stay;
		break;
	default:
		return false;
	}
	v->list_scroll = 0;
	return true;
}

const struct panel panel_free_lists = {
	.name = "free",
	.title = N_("free lists"),
	.rows = free_rows,
	.draw = free_draw,
	.caption = free_caption,
	.key = free_key,
	.help = N_("arrows choose a list, t types, Space holds it chosen"),
};
