/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_list.h"

#include "base/text.h"
#include "ui/list_cache.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/*
 * Blocks are put into columns (slots) as wide as the longest page frame
 * number; a run takes several slots.
 */
struct flow {
	int cols, slots; /* of a row */
	int slot_cols;
	int run_slots;
	bool words; /* there is room to say that a run's number is of blocks */
	int row, slot; /* where the next goes */
	int end; /* the column behind the last run, from the left of the panel */
};

/* Behind the number of a run. */
#define RUN_BLOCKS N_("blocks")

/* Columns in front of the first slot: for "head". */
#define GUTTER 6

/* Characters of the largest page frame number: "0x3fffe". */
static int pfn_cols(const struct view *v)
{
	char text[16];

	return snprintf(text, sizeof text, "0x%" PRIx32, view_phys(v)->config->max_pfn);
}

static struct flow flow_start(const struct view *v, int cols)
{
	struct flow f = { .cols = cols, .slot_cols = pfn_cols(v) + 2 };
	char count[32];
	u32 most = 0;
	int run_cols;

	for (unsigned i = 0; v->list && i < v->list->sections; i++)
		if (v->list->section[i].blocks > most)
			most = v->list->section[i].blocks;
	/* A mark, two numbers, an arrow, ", 12 blocks" or "(12)". */
	run_cols = 2 * pfn_cols(v) + 5 + snprintf(count, sizeof count, "%" PRIu32, most);
	f.words = run_cols + grid_width(_(RUN_BLOCKS)) + grid_width(_("tail")) < cols - GUTTER;
	if (f.words)
		run_cols += grid_width(_(RUN_BLOCKS));
	f.slots = (cols - GUTTER) / f.slot_cols;
	if (f.slots < 1)
		f.slots = 1;
	f.run_slots = (run_cols + f.slot_cols - 1) / f.slot_cols;
	if (f.run_slots > f.slots)
		f.run_slots = f.slots;
	return f;
}

/* Takes the next place for something of `slots` slots: *row and *slot. */
static void flow_take(struct flow *f, int slots, int *row, int *slot)
{
	if (f->slot + slots > f->slots) {
		f->row++;
		f->slot = 0;
	}
	*row = f->row;
	*slot = f->slot;
	f->slot += slots;
}

static void flow_line(struct flow *f)
{
	f->row += f->slot > 0;
	f->slot = 0;
}

/* Where things are drawn; a NULL grid only measures. */
struct pen {
	const struct view *v;
	struct grid *g;
	struct rect r;
	int first; /* row of the content that is at the top */
};

static bool pen_shows(const struct pen *p, int row)
{
	return p->g && row >= p->first && row < p->first + p->r.rows;
}

/* A word in front of the row that comes next. */
static void draw_gutter(const struct pen *p, const struct flow *f, const char *text)
{
	if (pen_shows(p, f->row))
		grid_put_cut(p->g, p->r.y + f->row - p->first, p->r.x + 1, GUTTER - 1, STYLE_DIM, p->v->glyphs, text);
}

/* "tail" behind the last block, or in front of a row of its own. */
static void draw_tail(const struct pen *p, struct flow *f)
{
	int x = GUTTER + f->slot * f->slot_cols + 1, cols = grid_width(_("tail"));

	if (x < f->end + 2)
		x = f->end + 2;
	if (x + cols >= f->cols) {
		flow_line(f);
		draw_gutter(p, f, _("tail"));
		f->row++;
	} else if (pen_shows(p, f->row)) {
		grid_put(p->g, p->r.y + f->row - p->first, p->r.x + x, cols, STYLE_DIM, _("tail"));
	}
}

/* "0x1000", and of a run the arrow, "0x1400", "(16)" or "16 blocks". */
static void draw_run(const struct pen *p, struct flow *f, const struct list_run *run)
{
	enum style style = run->changed ? STYLE_CHANGED : STYLE_TEXT;
	char first[16], last[16] = "", count[64] = "";
	int row, slot, x, y, end = p->r.x + p->r.cols;

	snprintf(first, sizeof first, "0x%" PRIx32, run->first);
	if (run->blocks > 1) {
		snprintf(last, sizeof last, "0x%" PRIx32, run->last);
		snprintf(count, sizeof count, f->words ? "%" PRIu32 " %s" : "(%" PRIu32 ")", run->blocks,
			 _(RUN_BLOCKS));
	}
	flow_take(f, run->blocks > 1 ? f->run_slots : 1, &row, &slot);
	x = GUTTER + slot * f->slot_cols;
	f->end = x + 1 + (int)strlen(first);
	if (run->blocks > 1)
		f->end += 2 + (int)strlen(last) + grid_width(count);
	if (!pen_shows(p, row))
		return;
	y = p->r.y + row - p->first;
	x += p->r.x;
	if (run->changed)
		grid_put(p->g, y, x, end - x, style, "+");
	x += 1 + grid_put(p->g, y, x + 1, end - x - 1, style, first);
	if (run->blocks == 1)
		return;
	grid_glyph(p->g, y, x, run->changed ? style : STYLE_DIM, p->v->glyphs, GLYPH_ARROW);
	x++;
	x += grid_put(p->g, y, x, end - x, style, last);
	grid_put(p->g, y, x + 1, end - x - 1, STYLE_DIM, count);
}

static void draw_heading(const struct pen *p, struct flow *f, const struct list_section *s)
{
	char text[96];

	flow_line(f);
	if (pen_shows(p, f->row)) {
		snprintf(text, sizeof text, _("%s: %" PRIu32), s->name, s->blocks);
		grid_put_cut(p->g, p->r.y + f->row - p->first, p->r.x + 1, p->r.cols - 1, STYLE_TITLE, p->v->glyphs,
			     text);
	}
	f->row++;
}

static void draw_section(const struct pen *p, struct flow *f, const struct list_section *s)
{
	const struct list_cache *c = p->v->list;
	char text[48];

	if (*s->name)
		draw_heading(p, f, s);
	if (!s->blocks) {
		draw_gutter(p, f, _("empty"));
		f->row++;
		return;
	}
	draw_gutter(p, f, _("head"));
	for (size_t i = 0; i < s->run_count; i++)
		draw_run(p, f, &c->runs[s->run + i]);
	if (!s->left_out) {
		draw_tail(p, f);
		return;
	}
	flow_line(f);
	snprintf(text, sizeof text, _("and %" PRIu32 " more"), s->left_out);
	if (pen_shows(p, f->row))
		grid_put_cut(p->g, p->r.y + f->row - p->first, p->r.x + 1, p->r.cols - 1, STYLE_DIM, p->v->glyphs,
			     text);
	f->row++;
}

/* Draws all sections, or measures them. Returns the rows. */
static int draw_sections(const struct pen *p, int cols)
{
	struct flow f = flow_start(p->v, cols);

	if (!p->v->list || !p->v->list->sections) {
		draw_gutter(p, &f, _("empty"));
		return 1;
	}
	for (unsigned i = 0; i < p->v->list->sections; i++) {
		flow_line(&f);
		draw_section(p, &f, &p->v->list->section[i]);
	}
	flow_line(&f);
	return f.row;
}

static int list_rows(const struct view *v, int cols)
{
	return draw_sections(&(struct pen){ .v = v }, cols);
}

static void list_prepare(struct view *v, struct rect r)
{
	(void)r;
	list_cache_prepare(v);
}

static void list_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct pen p = { v, g, r, 0 };
	size_t total = (size_t)list_rows(v, r.cols);

	p.first = (int)panel_first(v->list_scroll, total, r.rows);
	draw_sections(&p, r.cols);
	panel_arrows(g, r, v->glyphs, (size_t)p.first, total);
}

static void list_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	const struct phys *p = view_phys(v);
	char zone[VIEW_ZONE_NAME];
	size_t total = (size_t)list_rows(v, r.cols);
	u32 blocks = 0;

	for (unsigned i = 0; v->list && i < v->list->sections; i++)
		blocks += v->list->section[i].blocks;
	view_zone_name(v, v->zone, zone);
	if (v->order == VIEW_PCP)
		strbuf_printf(left, _("%s, cpu%u lists"), zone, p->state->cpu);
	else if (v->type == MT_COUNT || p->config->types == 1)
		strbuf_printf(left, _("%s, order %u"), zone, v->order);
	else if (r.cols < 40) /* the zone is marked in the table above */
		strbuf_printf(left, _("order %u %s"), v->order, migratetype_name(v->type));
	else
		strbuf_printf(left, _("%s, order %u, %s"), zone, v->order, migratetype_name(v->type));
	strbuf_printf(left, ": %" PRIu32, blocks);
	if (v->stay)
		strbuf_printf(left, " %s", _("(held)"));
	panel_range(panel_first(v->list_scroll, total, r.rows), total, r.rows, right);
}

static bool list_key(struct view *v, struct rect r, int key)
{
	const struct list_cache *c = v->list;

	if (key == 'm' && c && c->run_count) {
		v->cursor = c->runs[0].first;
		return true;
	}
	return panel_scroll(&v->list_scroll, (size_t)list_rows(v, r.cols), r.rows, key);
}

const struct panel panel_list = {
	.name = "list",
	.title = N_("list"),
	.rows = list_rows,
	.prepare = list_prepare,
	.draw = list_draw,
	.caption = list_caption,
	.key = list_key,
	.help = N_("Up Down PgUp PgDn scroll, m shows the head in the map"),
};
