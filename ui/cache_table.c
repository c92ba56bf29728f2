/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_table.h"

#include "base/text.h"
#include "base/units.h"
#include "ui/cache_look.h"

#include <inttypes.h>
#include <stdio.h>

/* Columns of the table, behind the name. */
enum {
	ACTIVE_COLS = 11,
	OBJECTS_COLS = 11,
	SIZE_COLS = 7,
	PER_SLAB_COLS = 6,
	PAGES_COLS = 6,
	SLABS_COLS = 9,
	MEMORY_COLS = 12,
	USE_COLS = 6
};
enum { FIGURE_COLS = ACTIVE_COLS + OBJECTS_COLS + SIZE_COLS + PER_SLAB_COLS + PAGES_COLS + SLABS_COLS + USE_COLS };

#define NAME_MOST 40
#define NAME_LEAST 20 /* the column for memory may not make names shorter */

/* Columns for the memory of a cache's slabs: where there is room. */
static int memory_cols(struct rect r)
{
	return r.cols - 2 - FIGURE_COLS - MEMORY_COLS >= NAME_LEAST ? MEMORY_COLS : 0;
}

static int name_cols(struct rect r)
{
	int cols = r.cols - 2 - FIGURE_COLS - memory_cols(r);

	return cols > NAME_MOST ? NAME_MOST : cols;
}

/* Rows for caches: not for the heading, nor for what is said of those left out. */
static int row_rows(const struct view *v, struct rect r)
{
	int rows = r.rows - 1 - (v->look && v->look->left_out > 0);

	return rows > 0 ? rows : 0;
}

/* The row of the chosen cache; the first one if none is. */
static size_t chosen_row(const struct view *v)
{
	for (size_t n = 0; v->look && n < v->look->row_count; n++)
		if (v->look->rows[n].slot + 1 == v->objects.cache)
			return n;
	return 0;
}

void cache_table_prepare(struct view *v, struct rect r)
{
	size_t at = chosen_row(v), rows = (size_t)row_rows(v, r);
	struct view_objects *o = &v->objects;

	if (!v->look || !rows)
		return;
	if (at < o->table_scroll)
		o->table_scroll = at;
	if (at >= o->table_scroll + rows)
		o->table_scroll = at - rows + 1;
	o->table_scroll = panel_first(o->table_scroll, v->look->row_count, (int)rows);
}

/* "12", or "12+1" where it was 11 before; "12+" if that does not fit. Returns the column behind. */
static int put_figure(const struct view *v, struct grid *g, int y, int x, int cols, u64 now, const u64 *before)
{
	char text[48];
	bool changed = before && *before != now;

	snprintf(text, sizeof text, "%" PRIu64, now);
	if (changed) {
		u64 by = now > *before ? now - *before : *before - now;
		char sign = now > *before ? '+' : '-';

		snprintf(text, sizeof text, "%" PRIu64 "%c%" PRIu64, now, sign, by);
		if (grid_width(text) >= cols)
			snprintf(text, sizeof text, "%" PRIu64 "%c", now, sign);
	}
	grid_put_right(g, y, x + 1, cols - 1, changed ? STYLE_CHANGED : STYLE_TEXT, v->glyphs, text);
	return x + cols;
}

static void draw_heading(const struct view *v, struct grid *g, struct rect r)
{
	const struct {
		const char *text;
		int cols;
	} heads[] = {
		{ N_("active"), ACTIVE_COLS },        { N_("objects"), OBJECTS_COLS }, { N_("size"), SIZE_COLS },
		{ N_("/slab"), PER_SLAB_COLS },       { N_("pages"), PAGES_COLS },     { N_("slabs"), SLABS_COLS },
		{ N_("cache size"), memory_cols(r) }, { N_("use"), USE_COLS },
	};
	int x = r.x + 2 + name_cols(r);

	grid_put(g, r.y, r.x + 2, name_cols(r), STYLE_DIM, _("cache"));
	for (size_t i = 0; i < ARRAY_SIZE(heads); x += heads[i++].cols)
		if (heads[i].cols)
			grid_put_right(g, r.y, x + 1, heads[i].cols - 1, STYLE_DIM, v->glyphs, _(heads[i].text));
}

static void draw_row(const struct view *v, struct grid *g, struct rect r, int y, const struct cache_row *row)
{
	const struct kmem_cache *cache = row->figures.cache;
	const struct slab_info *info = &row->figures.info;
	const struct cache_count *before = cache_counts_find(&v->caches_before, row->slot);
	bool marks = v->before.valid && before;
	int x = r.x + 2 + name_cols(r);
	char text[UNITS_MAX];

	if (row->slot + 1 == v->objects.cache)
		grid_glyph(g, y, r.x + 1, STYLE_FOCUS, v->glyphs, GLYPH_FOCUS);
	grid_put_cut(g, y, r.x + 2, name_cols(r), row->slot + 1 == v->objects.cache ? STYLE_FOCUS : STYLE_TEXT,
		     v->glyphs, cache->name);
	x = put_figure(v, g, y, x, ACTIVE_COLS, info->active_objs, marks ? &before->active : NULL);
	x = put_figure(v, g, y, x, OBJECTS_COLS, info->num_objs, marks ? &before->objects : NULL);
	x = put_figure(v, g, y, x, SIZE_COLS, cache->size, NULL);
	x = put_figure(v, g, y, x, PER_SLAB_COLS, cache->num, NULL);
	x = put_figure(v, g, y, x, PAGES_COLS, UINT64_C(1) << cache->order, NULL);
	x = put_figure(v, g, y, x, SLABS_COLS, info->num_slabs, marks ? &before->slabs : NULL);
	if (memory_cols(r))
		grid_put_right(g, y, x + 1, MEMORY_COLS - 1, STYLE_TEXT, v->glyphs,
			       units_format(row->figures.bytes, text));
	snprintf(text, sizeof text, "%u%%", row->figures.use);
	grid_put_right(g, y, x + memory_cols(r) + 1, USE_COLS - 1, STYLE_TEXT, v->glyphs, info->num_objs ? text : "-");
}

void cache_table_draw(const struct view *v, struct grid *g, struct rect r)
{
	const struct cache_look *c = v->look;
	int rows = row_rows(v, r);
	struct strbuf text = STRBUF_INIT;

	if (!c)
		return;
	draw_heading(v, g, r);
	for (int n = 0; n < rows && v->objects.table_scroll + (size_t)n < c->row_count; n++)
		draw_row(v, g, r, r.y + 1 + n, &c->rows[v->objects.table_scroll + (size_t)n]);
	if (c->left_out && rows > 0) {
		size_t behind = c->row_count < (size_t)rows ? c->row_count : (size_t)rows;

		strbuf_printf(&text,
			      text_of_n("and %llu cache without slabs; e shows it",
					"and %llu caches without slabs; e shows them", c->left_out),
			      (unsigned long long)c->left_out);
		grid_put_cut(g, r.y + 1 + (int)behind, r.x + 2, r.cols - 3, STYLE_DIM, v->glyphs, strbuf_str(&text));
	}
	strbuf_free(&text);
}

void cache_table_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	strbuf_printf(left, _("caches of %s, by %s"), view_slab(v)->config->rules->name,
		      _(slabtop_name(v->objects.sort)));
	if (v->look)
		panel_range(v->objects.table_scroll, v->look->row_count, row_rows(v, r), right);
}

static void choose(struct view *v, size_t row)
{
	u32 cache = v->look->rows[row].slot + 1;

	if (v->objects.cache != cache)
		v->objects.object = 0;
	v->objects.cache = cache;
}

bool cache_table_key(struct view *v, struct rect r, int key)
{
	size_t at;

	cache_look_prepare(v);
	if (!v->look)
		return false;
	if (key == 'e') {
		v->objects.all = !v->objects.all;
		return true;
	}
	if (slabtop_find(key, &v->objects.sort))
		return true;
	if (!v->look->row_count)
		return false;
	at = chosen_row(v);
	if (key == KEY_ENTER_ || key == KEY_RIGHT_) {
		choose(v, at);
		v->objects.level = VIEW_SLABS;
		v->objects.table_held = false;
		v->objects.slabs_scroll = 0;
		v->objects.moved = true;
		return true;
	}
	/* One row visible: what is scrolled is the choice. */
	if (key == KEY_PAGE_UP || key == KEY_PAGE_DOWN) {
		size_t page = (size_t)row_rows(v, r), last = v->look->row_count - 1;

		at = key == KEY_PAGE_UP ? at - (at < page ? at : page) : at + page < last ? at + page : last;
	} else if (!panel_scroll(&at, v->look->row_count, 1, key)) {
		return false;
	}
	choose(v, at);
	return true;
}

bool cache_table_click(struct view *v, struct rect r, int y)
{
	size_t row = v->objects.table_scroll + (size_t)(y - r.y - 1);

	if (y <= r.y || !v->look || row >= v->look->row_count)
		return false;
	choose(v, row);
	return true;
}
