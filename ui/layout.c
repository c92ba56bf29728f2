/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/layout.h"

#include "base/text.h"
#include "ui/address_link.h"
#include "ui/address_look.h"
#include "ui/frame_lines.h"
#include "ui/status_line.h"
#include "ui/wrap.h"

#include <stdio.h>
#include <string.h>

/* From here on events and text stand side by side. */
#define COLS_SIDE_BY_SIDE 110

/* From here on there is a column of prose on the right. */
#define COLS_WIDE 160
#define PROSE_MOST 104

/* Fewer rows than this inside the frames: panels that are not in use give way to the one that is. */
#define ROWS_SCARCE 24

/* Rows that a panel keeps if it is shown. */
#define EVENTS_LEAST 3
#define BLOCKS_LEAST 4
#define BLOCKS_GOOD 5

/* Rows that are left for what happened where zones or the trend are shown that do not have the keys. */
#define EVENTS_BESIDE_BAND 6

/* The trend: columns where it stands beside what happened, and rows below it. */
#define TREND_COLS 48
#define TREND_LEAST 6
#define TREND_MOST 21

/* Caches and addresses, where a lesson's text needs its rows, too. */
#define CACHES_LEAST 4

/* Columns of the map beside the addresses: with these its rows have 16 cells, or 32. */
#define MAP_BESIDE_WIDE 26
#define MAP_BESIDE 42

enum { FREE, ZONES, LIST, MAP, EVENTS, TEXT, TREND, CACHES, ADDRESSES };

static const struct panel *const panels[LAYOUT_PANELS] = {
	[FREE] = &panel_free_lists, [ZONES] = &panel_zones,   [LIST] = &panel_list,
	[MAP] = &panel_map,         [EVENTS] = &panel_events, [TEXT] = &panel_text,
	[TREND] = &panel_trend,     [CACHES] = &panel_caches, [ADDRESSES] = &panel_addresses,
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static int between(int low, int value, int high)
{
	return value < low ? low : value > high ? high : value;
}

void layout_make(struct layout *l, int rows, int cols)
{
	memset(l, 0, sizeof *l);
	l->rows = rows;
	l->cols = cols;
	l->too_small = rows + 1 < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS;
	l->count = l->too_small ? 0 : LAYOUT_PANELS;
	for (int i = 0; i < LAYOUT_PANELS; i++)
		l->place[i].panel = panels[i];
}

/* ------------------------------------------------------------------- places */

/* Gives a panel `rows` rows from *y on, in columns [x, x + cols), and moves *y behind its lower line. */
static void put(struct layout *l, int panel, int *y, int rows, int x, int cols)
{
	l->place[panel].inside = (struct rect){ *y, x, rows, cols };
	*y += rows + 1;
}

/* Two panels side by side: the left one gets `left` columns. */
static void put_pair(struct layout *l, int one, int other, int *y, int rows, int x, int cols, int left)
{
	int again = *y;

	put(l, one, y, rows, x, left);
	put(l, other, &again, rows, x + left + 1, cols - left - 1);
}

static int list_cols(int cols)
{
	return between(28, cols * 3 / 10, 64);
}

/* A scale and a gauge a zone. */
static int zones_least(const struct view *v)
{
	return 1 + (int)view_phys(v)->config->zones;
}

/* What stands in the band of a small screen: MAP is the list, too. */
static int band_panel(const struct view *v, int focus)
{
	bool caches = view_has_caches(v);

	if (focus == ZONES || focus == TREND || focus == ADDRESSES || (focus == CACHES && caches))
		return focus;
	if (focus == LIST || focus == MAP)
		return MAP;
	if (v->about_addresses && view_has_addresses(v))
		return ADDRESSES;
	if (caches && (v->about_objects || v->band == VIEW_BAND_CACHES))
		return CACHES;
	if (v->band == VIEW_BAND_ADDRESSES && view_has_addresses(v))
		return ADDRESSES;
	if (v->band == VIEW_BAND_BLOCKS || v->band == VIEW_BAND_CACHES || v->band == VIEW_BAND_ADDRESSES)
		return MAP;
	return v->band == VIEW_BAND_ZONES ? ZONES : TREND;
}

/* Rows that a panel keeps in the band. */
static int band_least(const struct view *v, int band)
{
	return band == ZONES ? zones_least(v) : band == CACHES || band == ADDRESSES ? CACHES_LEAST : TREND_LEAST;
}

/*
 * One below the other over the whole width, list and map sharing a band, which
 * the zones, the trend or the caches can have instead.
 */
static void place_narrow(struct layout *l, struct view *v, int focus)
{
	int cols = l->cols - 2, y = 2;
	int text = panel_text.rows(v, cols);
	int rows = l->rows - 1 - 4 - (text > 0); /* without status and lines */
	int wanted = panel_free_lists.rows(v, cols);
	int free = between(2, wanted, rows / 2), blocks, events;
	int band = band_panel(v, focus);
	bool reading = focus == EVENTS || focus == TEXT || (v->events_all && focus == LAYOUT_NO_FOCUS);

	rows -= free;
	/* What is read comes first, but not at the cost of all pictures. */
	events = least(panel_events.rows(v, cols), EVENTS_LEAST);
	text = least(text,
		     focus == TEXT ? rows - events : most(rows / 2, rows - BLOCKS_GOOD - panel_events.rows(v, cols)));
	text = least(text, rows - BLOCKS_LEAST - events);
	if (rows + free < ROWS_SCARCE && reading) {
		/* Whoever reads does not look at the map: there is no room for both. */
		text = least(panel_text.rows(v, cols), rows + 1 - events);
		blocks = 0;
		rows++;
	} else if (band != MAP) {
		events = focus == band || text ? EVENTS_LEAST : EVENTS_BESIDE_BAND;
		text = least(text, rows - band_least(v, band) - events);
		blocks = between(BLOCKS_LEAST, panels[band]->rows(v, cols), rows - text - events);
	} else if (focus == LIST || focus == MAP) {
		text = least(text, rows - 2 * BLOCKS_LEAST - events);
		blocks = most(BLOCKS_LEAST, rows - text - EVENTS_LEAST - 1);
	} else {
		blocks = between(BLOCKS_LEAST, (rows - text) * 2 / 5, rows - text - events);
	}
	events = rows - blocks - text;
	put(l, FREE, &y, free, 1, cols);
	if (blocks && band != MAP)
		put(l, band, &y, blocks, 1, cols);
	else if (blocks)
		put_pair(l, LIST, MAP, &y, blocks, 1, cols, list_cols(cols));
	put(l, EVENTS, &y, events, 1, cols);
	if (text)
		put(l, TEXT, &y, text, 1, cols);
}

/* Columns of the map where it stands beside the addresses. Those of 64 bits need more room. */
static int map_beside(const struct view *v)
{
	return view_has_addresses(v) && view_virt(v)->config->word == 8 ? MAP_BESIDE_WIDE : MAP_BESIDE;
}

/*
 * Like that, with a band of its own for the zones, and events sharing one with
 * text, unless that has long lines, or with the trend.
 */
static void place_middle(struct layout *l, struct view *v, int focus)
{
	int cols = l->cols - 2, y = 2, rows = l->rows - 1 - 5, free, blocks, zones;
	int beside = cols - cols * 11 / 20 - 1, text = panel_text.rows(v, beside);
	bool below = text > 0 && panel_text_width(v) > beside;
	bool trend = text && band_panel(v, focus) == TREND; /* where else it stands there is text */
	bool caches = band_panel(v, focus) == CACHES, addresses = band_panel(v, focus) == ADDRESSES;

	free = between(2, panel_free_lists.rows(v, cols) + 1, rows / 3);
	rows -= free;
	zones = between(1, focus == ZONES || !text ? panel_zones.rows(v, cols) : zones_least(v),
			focus == ZONES ? rows / 2 : rows * 2 / 5);
	if (focus == LIST || focus == MAP || caches || addresses || below)
		zones = least(zones, zones_least(v));
	rows -= zones;
	blocks = rows * (focus == LIST || focus == MAP || trend || caches || addresses ? 3 : 2) / 5;
	put(l, FREE, &y, free, 1, cols);
	put(l, ZONES, &y, zones, 1, cols);
	if (trend || caches)
		put(l, trend ? TREND : CACHES, &y, blocks, 1, cols);
	else if (addresses)
		put_pair(l, ADDRESSES, MAP, &y, blocks, 1, cols, cols - 1 - map_beside(v));
	else
		put_pair(l, LIST, MAP, &y, blocks, 1, cols, list_cols(cols));
	rows -= blocks;
	if (below) {
		text = between(1, panel_text.rows(v, cols), focus == TEXT ? rows - 1 - EVENTS_LEAST : rows / 2);
		put(l, EVENTS, &y, rows - 1 - text, 1, cols);
		put(l, TEXT, &y, text, 1, cols);
	} else if (text) {
		put_pair(l, EVENTS, TEXT, &y, rows, 1, cols, cols - beside - 1);
	} else {
		put_pair(l, EVENTS, TREND, &y, rows, 1, cols, cols - TREND_COLS - 1);
	}
}

/* Pictures on the left, prose on the right; lines too long for that side, as of tables, below the pictures. */
static void place_wide(struct layout *l, struct view *v, int focus)
{
	int prose = least(l->cols * 21 / 50, PROSE_MOST), cols = l->cols - 3 - prose, y = 2;
	int rows = l->rows - 1 - 5, text, free, zones, list, trend;
	bool below = panel_text_width(v) > prose && panel_text_width(v) <= cols;

	text = panel_text.rows(v, below ? cols : prose);
	free = between(2, panel_free_lists.rows(v, cols) + 1, rows / 3);
	put(l, FREE, &y, free, 1, cols);
	rows -= free;
	zones = between(1, panel_zones.rows(v, cols), rows / 3);
	put(l, ZONES, &y, zones, 1, cols);
	rows -= zones;
	if (below) {
		text = least(text, rows / 3);
		rows -= text + 1;
	}
	list = rows * (focus == LIST ? 3 : 2) / 6;
	if (band_panel(v, focus) == CACHES) {
		put(l, CACHES, &y, rows - list, 1, cols);
		put_pair(l, LIST, MAP, &y, list, 1, cols, list_cols(cols));
	} else if (band_panel(v, focus) == ADDRESSES) {
		/* What it does not need is the map's. */
		list = rows - between(rows / 3, panel_addresses.rows(v, cols), rows - list);
		put(l, ADDRESSES, &y, rows - list, 1, cols);
		put_pair(l, MAP, LIST, &y, list, 1, cols, cols - 1 - list_cols(cols));
	} else {
		put(l, MAP, &y, rows - list, 1, cols);
		put(l, LIST, &y, list, 1, cols);
	}
	if (below)
		put(l, TEXT, &y, text, 1, cols);
	y = 2;
	rows = l->rows - 1 - 2;
	if (text && !below) {
		text = least(text, focus == TEXT ? rows - 1 - EVENTS_LEAST : rows / 2);
		rows -= text + 1;
		put(l, TEXT, &y, text, cols + 2, prose);
	}
	trend = between(TREND_LEAST, rows / 2, TREND_MOST);
	put(l, EVENTS, &y, rows - trend - 1, cols + 2, prose);
	put(l, TREND, &y, trend, cols + 2, prose);
}

/* Without a machine there is only text to show. */
static void place_text_only(struct layout *l)
{
	int y = 2;

	put(l, TEXT, &y, l->rows - 3, 1, l->cols - 2);
}

void layout_place(struct layout *l, struct view *v, int focus)
{
	view_refresh(v);
	for (int i = 0; i < LAYOUT_PANELS; i++)
		l->place[i].inside = (struct rect){ 0, 0, 0, 0 };
	if (l->too_small)
		return;
	/* How much room it wants depends on what there is. */
	if (band_panel(v, focus) == ADDRESSES)
		address_look_prepare(v);
	if (!v->session->machine.alive)
		place_text_only(l);
	else if (l->cols >= COLS_WIDE)
		place_wide(l, v, focus);
	else if (l->cols >= COLS_SIDE_BY_SIDE && l->rows > 30)
		place_middle(l, v, focus);
	else
		place_narrow(l, v, focus);
	for (int i = 0; i < LAYOUT_PANELS; i++)
		if (l->place[i].inside.rows > 0 && panels[i]->prepare)
			panels[i]->prepare(v, l->place[i].inside);
}

/* ------------------------------------------------------------------ drawing */

/* The title in the line above the panel, and what stands at that line's right end. */
static void draw_caption(const struct layout *l, const struct view *v, struct grid *g, int index, bool focus)
{
	const struct panel *p = l->place[index].panel;
	struct rect r = l->place[index].inside;
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	enum style style = focus ? STYLE_FOCUS : STYLE_TITLE;
	int y = r.y - 1, x = r.x + 1, end = r.x + r.cols - 1;

	if (p->caption)
		p->caption(v, r, &left, &right);
	else
		strbuf_puts(&left, _(p->title));
	if (focus) {
		grid_glyph(g, y, x, style, v->glyphs, GLYPH_FOCUS);
		x++;
	}
	x += grid_put(g, y, x, end - x, style, " ");
	x += grid_put_cut(g, y, x, end - x - 1, style, v->glyphs, strbuf_str(&left));
	x += grid_put(g, y, x, end - x, style, " ");
	if (right.length && end - x > grid_width(strbuf_str(&right)) + 2) {
		x = end - grid_width(strbuf_str(&right)) - 2;
		x += grid_put(g, y, x, end - x, STYLE_FRAME, " ");
		x += grid_put(g, y, x, end - x, STYLE_DIM, strbuf_str(&right));
		grid_put(g, y, x, end - x, STYLE_FRAME, " ");
	}
	strbuf_free(&left);
	strbuf_free(&right);
}

/* Says what is needed, in the middle of what there is. */
static void draw_too_small(const struct layout *l, struct grid *g)
{
	char text[160];
	const char *rest = text, *line;
	int cols = most(1, l->cols - 2), y;
	size_t bytes;

	snprintf(text, sizeof text, _("kmemlab needs %d columns and %d rows; this terminal has %d and %d."),
		 LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS, l->cols, l->rows + 1);
	y = most(0, (l->rows + 1 - wrap_count(text, cols)) / 2);
	for (; wrap_next(&rest, cols, &line, &bytes); y++)
		grid_put_bytes(g, y, most(0, (l->cols - grid_width_bytes(line, bytes)) / 2), cols, STYLE_TEXT, line,
			       bytes);
}

void layout_draw(struct layout *l, struct view *v, struct grid *g, int focus)
{
	struct rect inside[LAYOUT_PANELS];

	layout_place(l, v, focus);
	if (l->too_small) {
		draw_too_small(l, g);
		return;
	}
	status_line_draw(v, g, 0);
	for (int i = 0; i < LAYOUT_PANELS; i++)
		inside[i] = l->place[i].inside;
	frame_lines_draw(g, inside, LAYOUT_PANELS, focus, v->glyphs);
	for (int i = 0; i < LAYOUT_PANELS; i++) {
		if (inside[i].rows <= 0)
			continue;
		draw_caption(l, v, g, i, i == focus);
		panels[i]->draw(v, g, inside[i]);
	}
	address_link_draw(v, g, inside[ADDRESSES], inside[MAP]);
}

/* --------------------------------------------------------------------- keys */

bool layout_key(const struct layout *l, struct view *v, int index, int key)
{
	const struct layout_place *place = &l->place[index];

	return place->inside.rows > 0 && place->panel->key && place->panel->key(v, place->inside, key);
}

int layout_scroller(const struct layout *l, const struct view *v)
{
	struct rect r = l->place[TEXT].inside;

	if (l->too_small)
		return LAYOUT_NO_FOCUS;
	if (r.rows > 0 && (l->place[EVENTS].inside.rows == 0 || panel_text.rows(v, r.cols) > r.rows))
		return TEXT;
	return EVENTS;
}
