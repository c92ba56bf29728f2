/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_slabs.h"

#include "base/text.h"
#include "ui/cache_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns in front of a slab: for the name of its list. */
#define GUTTER 10

/* Fewer rows than this: what is chosen is not told below the slabs. */
#define ROWS_TOLD 5

/* Addresses on the same page as the one before are shown by so many digits of their end. */
#define SHORT_DIGITS 3

/* Where things are drawn; a NULL grid only measures. */
struct pen {
	const struct view *v;
	const struct kmem_cache *cache;
	struct grid *g;
	struct rect r;
	int first; /* row of the content that is at the top */
	int row; /* where the next thing goes */
	int cells; /* column of the first cell, from the left of the panel */
	int per_row; /* cells of a row */
	bool colours; /* the cache has several: they are shown */
};

/* An object, by the place of its slab in view.look. */
struct place {
	size_t slab;
	u32 index;
};

static int digits(u64 n)
{
	char text[24];

	return snprintf(text, sizeof text, "%" PRIu64, n);
}

static int pfn_cols(const struct view *v)
{
	char text[16];

	return snprintf(text, sizeof text, "0x%" PRIx32, view_phys(v)->config->max_pfn);
}

/* Rows for the slabs: without the one that tells what is chosen. */
static int content_rows(struct rect r)
{
	return r.rows >= ROWS_TOLD ? r.rows - 1 : r.rows;
}

static struct pen make_pen(const struct view *v, struct grid *g, struct rect r)
{
	struct pen p = { .v = v, .cache = cache_look_chosen(v), .g = g, .r = r, .first = (int)v->objects.slabs_scroll };

	p.r.rows = content_rows(r);
	p.colours = view_slab(v)->config->allocator == SLAB_SLAB && p.cache->slab.colour > 1;
	p.cells = 1 + GUTTER + pfn_cols(v) + 1 + 2 * digits(p.cache->num) + 2;
	if (p.colours)
		p.cells += 2 + digits((u64)p.cache->slab.colour * p.cache->slab.colour_off);
	p.per_row = r.cols - p.cells - 2;
	if (p.per_row < 8)
		p.per_row = 8;
	/* Rows of eights are counted at a glance. */
	p.per_row -= p.per_row % 8;
	return p;
}

static bool pen_shows(const struct pen *p, int row)
{
	return p->g && row >= p->first && row < p->first + p->r.rows;
}

static int slab_rows(const struct pen *p, const struct cache_slab *slab)
{
	int rows = ((int)slab->objects + p->per_row - 1) / p->per_row;

	return rows > 0 ? rows : 1;
}

/* ------------------------------------------------------------- what a CPU has at hand */

struct stack_pen {
	struct pen *pen;
	u64 before; /* the address in front */
	int x, end; /* where the next one goes, and the first column that is not free */
	bool cut; /* there was no room for all */
};

static void put_address(void *context, u64 address)
{
	struct stack_pen *s = context;
	const struct view *v = s->pen->v;
	unsigned shift = view_phys(v)->config->page_shift;
	int y = s->pen->r.y + s->pen->row - s->pen->first, cols;
	enum style style = cache_look_is_touched(v, address) ? STYLE_CHANGED : STYLE_PCP;
	char text[24];

	if (s->before && s->before >> shift == address >> shift)
		snprintf(text, sizeof text, "%0*" PRIx64, SHORT_DIGITS, address & ((UINT64_C(1) << shift) - 1));
	else
		snprintf(text, sizeof text, "0x%" PRIx64, address);
	cols = (int)strlen(text);
	if (s->cut || s->x + cols + 2 > s->end) {
		s->cut = true;
		return;
	}
	s->x += 1 + grid_put(s->pen->g, y, s->x, cols, style, text);
	s->before = address;
}

static void count_address(void *context, u64 address)
{
	(void)context;
	(void)address;
}

static void draw_stack(struct pen *p, unsigned cpu)
{
	struct strbuf text = STRBUF_INIT;
	const struct slab_system *s = view_slab(p->v);
	u32 count = cache_look_at_hand(p->v, cpu, count_address, NULL);
	struct stack_pen stack = { .pen = p, .x = p->r.x + 1, .end = p->r.x + p->r.cols - 1 };
	int y = p->r.y + p->row - p->first;

	if (!pen_shows(p, p->row)) {
		p->row++;
		return;
	}
	if (s->config->allocator == SLAB_SLAB)
		strbuf_printf(&text, _("cpu%u has %" PRIu32 " of %" PRIu32 " at hand"), cpu, count,
			      slab_cpu_array(s, p->cache, cpu)->limit);
	else
		strbuf_printf(&text, _("cpu%u has %" PRIu32 " at hand"), cpu, count);
	strbuf_puts(&text, count ? _(", next first: ") : ".");
	stack.x += grid_put_cut(p->g, y, stack.x, p->r.cols - 1, STYLE_TITLE, p->v->glyphs, strbuf_str(&text));
	cache_look_at_hand(p->v, cpu, put_address, &stack);
	if (stack.cut)
		grid_glyph(p->g, y, stack.x, STYLE_DIM, p->v->glyphs, GLYPH_ELLIPSIS);
	p->row++;
	strbuf_free(&text);
}

/* The CPU that runs, and all others that have something. */
static void draw_stacks(struct pen *p)
{
	const struct phys *phys = view_phys(p->v);

	for (unsigned cpu = 0; cpu < phys->config->cpus; cpu++)
		if (cpu == phys->state->cpu || cache_look_at_hand(p->v, cpu, count_address, NULL) > 0)
			draw_stack(p, cpu);
}

/* ------------------------------------------------------------- slabs */

static enum glyph state_glyph(unsigned state)
{
	static const enum glyph glyphs[] = { [OBJECT_FREE] = GLYPH_FREE,
					     [OBJECT_CPU] = GLYPH_PCP,
					     [OBJECT_SHARED] = GLYPH_MIXED,
					     [OBJECT_USED] = GLYPH_USED };

	return glyphs[state];
}

static enum style state_style(unsigned state)
{
	return state == OBJECT_FREE ? STYLE_FREE : state == OBJECT_USED ? STYLE_USED : STYLE_PCP;
}

static void draw_cell(void *context, u32 index, u64 address, unsigned state)
{
	const struct pen *p = context;
	int row = p->row + (int)index / p->per_row, x = p->r.x + p->cells + (int)index % p->per_row;
	int y = p->r.y + row - p->first;
	bool chosen = address == p->v->objects.object, touched = cache_look_is_touched(p->v, address);
	enum style style = chosen ? STYLE_CURSOR : touched ? STYLE_CHANGED : state_style(state);

	if (!pen_shows(p, row))
		return;
	if (touched)
		grid_put(p->g, y, x, 1, style, state == OBJECT_USED ? "+" : "-");
	else
		grid_glyph(p->g, y, x, style, p->v->glyphs, state_glyph(state));
}

static void draw_slab(struct pen *p, const struct cache_slab *slab)
{
	const struct view *v = p->v;
	int rows = slab_rows(p, slab), y = p->r.y + p->row - p->first, x = p->r.x + 1 + GUTTER;
	int count = 2 * digits(p->cache->num) + 1;
	char text[48];

	if (pen_shows(p, p->row)) {
		snprintf(text, sizeof text, "0x%" PRIx32, slab->pfn);
		grid_put(p->g, y, x, pfn_cols(v), STYLE_TEXT, text);
		x += pfn_cols(v) + 1;
		if (p->colours) {
			int cols = 1 + digits((u64)p->cache->slab.colour * p->cache->slab.colour_off);

			snprintf(text, sizeof text, "+%" PRIu32, slab->colour);
			grid_put(p->g, y, x, cols, STYLE_DIM, text);
			x += cols + 1;
		}
		snprintf(text, sizeof text, "%" PRIu32 "/%" PRIu32, slab->inuse, slab->objects);
		grid_put_right(p->g, y, x, count, STYLE_TEXT, v->glyphs, text);
	}
	if (p->g && p->row < p->first + p->r.rows && p->row + rows > p->first)
		view_slab(v)->config->rules->objects(view_slab(v), p->cache, slab->pfn, p, draw_cell);
	p->row += rows;
}

static void draw_gutter(const struct pen *p, const char *name, const char *rest)
{
	int y = p->r.y + p->row - p->first;

	if (!pen_shows(p, p->row))
		return;
	grid_put_cut(p->g, y, p->r.x + 1, GUTTER - 1, STYLE_TITLE, p->v->glyphs, name);
	grid_put(p->g, y, p->r.x + 1 + GUTTER, p->r.cols - GUTTER - 1, STYLE_DIM, rest);
}

/* Draws all, or measures it. `at` not NULL: *row becomes the row of that object. Returns the rows. */
static int draw_all(struct pen *p, const struct place *at, int *row)
{
	const struct cache_look *c = p->v->look;
	char name[24];
	size_t n = 0;

	draw_stacks(p);
	for (unsigned section = 0; section < CACHE_SECTIONS; section++) {
		unsigned cpu = UINT32_MAX;

		if (!c->slabs.section_count[section] &&
		    !cache_slabs_has_list(view_slab(p->v), (enum cache_section)section))
			continue;
		if (!c->slabs.section_count[section]) {
			draw_gutter(p, cache_slabs_title((enum cache_section)section, 0, name, sizeof name), _("none"));
			p->row++;
		}
		for (; n < c->slabs.count && c->slabs.slab[n].section == section; n++) {
			if (c->slabs.slab[n].cpu != cpu)
				draw_gutter(p,
					    cache_slabs_title((enum cache_section)section, c->slabs.slab[n].cpu, name,
							      sizeof name),
					    "");
			cpu = c->slabs.slab[n].cpu;
			if (at && at->slab == n)
				*row = p->row + (int)at->index / p->per_row;
			draw_slab(p, &c->slabs.slab[n]);
		}
	}
	return p->row;
}

/* ------------------------------------------------------------- what is chosen */

/* false: nothing is chosen that is there. */
static bool find_place(const struct view *v, struct place *at)
{
	pfn_t slab;

	if (!v->objects.object || !cache_look_object(v, v->objects.object, &at->index))
		return false;
	slab = slab_of(view_slab(v), v->objects.object);
	for (at->slab = 0; at->slab < v->look->slabs.count; at->slab++)
		if (v->look->slabs.slab[at->slab].pfn == slab)
			return true;
	return false;
}

void cache_slabs_prepare(struct view *v, struct rect r)
{
	struct view_objects *o = &v->objects;
	struct place at;
	struct pen p;
	int row = 0, rows, total;

	if (!v->look || !cache_look_chosen(v))
		return;
	p = make_pen(v, NULL, r);
	rows = p.r.rows;
	if (o->moved && find_place(v, &at)) {
		total = draw_all(&p, &at, &row);
		if ((size_t)row < o->slabs_scroll)
			o->slabs_scroll = (size_t)row;
		if (row >= (int)o->slabs_scroll + rows)
			o->slabs_scroll = (size_t)(row - rows + 1);
		/* What CPUs have at hand stays in sight if there is room for both. */
		if (row < rows)
			o->slabs_scroll = 0;
	} else {
		total = draw_all(&p, NULL, NULL);
	}
	o->slabs_scroll = panel_first(o->slabs_scroll, (size_t)total, rows);
}

/* "object 3 of the slab at 0x1234, 0xc1234040: in use, got by #12  p = kmalloc(64)" */
static void draw_chosen(const struct view *v, struct grid *g, struct rect r, int y)
{
	static const char *const states[] = { [OBJECT_FREE] = N_("free in its slab"),
					      [OBJECT_CPU] = N_("free, at hand for a CPU"),
					      [OBJECT_SHARED] = N_("free, in the array that CPUs share"),
					      [OBJECT_USED] = N_("in use") };
	struct strbuf text = STRBUF_INIT;
	struct place at;
	unsigned state;
	u64 address;

	if (!find_place(v, &at))
		return;
	address = cache_look_address(v, v->look->slabs.slab[at.slab].pfn, at.index, &state);
	strbuf_printf(&text, _("0x%" PRIx64 ", object %" PRIu32 " of 0x%" PRIx32 ": %s"), address, at.index,
		      v->look->slabs.slab[at.slab].pfn, _(states[state]));
	if (state == OBJECT_USED) {
		size_t n = cache_look_getter(v, address);
		const struct command *c = session_command(v->session, n);

		if (n && c)
			strbuf_printf(&text, _(", got by #%zu  %.*s"), n, (int)strcspn(c->text, "\n"), c->text);
	}
	grid_put_cut(g, y, r.x + 1, r.cols - 2, STYLE_DIM, v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

void cache_slabs_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct pen p;
	int total;

	if (!v->look || !cache_look_chosen(v))
		return;
	p = make_pen(v, g, r);
	total = draw_all(&p, NULL, NULL);
	panel_arrows(g, p.r, v->glyphs, v->objects.slabs_scroll, (size_t)total);
	if (p.r.rows < r.rows)
		draw_chosen(v, g, r, r.y + r.rows - 1);
}

void cache_slabs_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	const struct kmem_cache *cache = cache_look_chosen(v);
	u32 pages;

	(void)r;
	if (!cache)
		return;
	pages = UINT32_C(1) << cache->order;
	strbuf_printf(left,
		      text_of_n("%s: %" PRIu32 " bytes an object, %" PRIu32 " in a slab of %" PRIu32 " page",
				"%s: %" PRIu32 " bytes an object, %" PRIu32 " in a slab of %" PRIu32 " pages", pages),
		      cache->name, cache->size, cache->num, pages);
	if (view_slab(v)->config->allocator == SLAB_SLAB && cache->slab.colour > 1)
		strbuf_printf(left, _(", %" PRIu32 " colours"), cache->slab.colour);
	if (view_slab(v)->config->allocator == SLAB_SLAB && cache->slab.offslab)
		strbuf_puts(left, _(", managed elsewhere"));
	strbuf_puts(right, _("b: all caches"));
}

/* ------------------------------------------------------------- keys */

static void next_object(const struct cache_look *c, struct place *at)
{
	if (at->index + 1 < c->slabs.slab[at->slab].objects) {
		at->index++;
	} else if (at->slab + 1 < c->slabs.count) {
		at->slab++;
		at->index = 0;
	}
}

static void previous_object(const struct cache_look *c, struct place *at)
{
	if (at->index > 0) {
		at->index--;
	} else if (at->slab > 0) {
		at->slab--;
		at->index = c->slabs.slab[at->slab].objects - 1;
	}
}

static u32 least(u32 a, u32 b)
{
	return a < b ? a : b;
}

static void row_down(const struct cache_look *c, u32 per_row, struct place *at)
{
	u32 objects = c->slabs.slab[at->slab].objects;

	if ((at->index / per_row + 1) * per_row < objects) {
		at->index = least(at->index + per_row, objects - 1);
	} else if (at->slab + 1 < c->slabs.count) {
		at->slab++;
		at->index = least(at->index % per_row, c->slabs.slab[at->slab].objects - 1);
	}
}

static void row_up(const struct cache_look *c, u32 per_row, struct place *at)
{
	u32 objects;

	if (at->index >= per_row) {
		at->index -= per_row;
	} else if (at->slab > 0) {
		objects = c->slabs.slab[--at->slab].objects;
		at->index = least((objects - 1) / per_row * per_row + at->index, objects - 1);
	}
}

/* false: the key moves nothing. */
static bool move(const struct view *v, const struct pen *p, int key, struct place *at)
{
	const struct cache_look *c = v->look;

	switch (key) {
	case KEY_LEFT_:
		previous_object(c, at);
		return true;
	case KEY_RIGHT_:
		next_object(c, at);
		return true;
	case KEY_UP_:
		row_up(c, (u32)p->per_row, at);
		return true;
	case KEY_DOWN_:
		row_down(c, (u32)p->per_row, at);
		return true;
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
		for (int n = 1; n < p->r.rows; n++)
			(key == KEY_PAGE_UP ? row_up : row_down)(c, (u32)p->per_row, at);
		return true;
	case KEY_HOME_:
		*at = (struct place){ 0, 0 };
		return true;
	case KEY_END_:
		*at = (struct place){ c->slabs.count - 1, c->slabs.slab[c->slabs.count - 1].objects - 1 };
		return true;
	}
	return false;
}

bool cache_slabs_key(struct view *v, struct rect r, int key)
{
	struct place at = { 0, 0 };
	unsigned state;
	struct pen p;

	cache_look_prepare(v);
	if (key == 'b' || !v->look || !cache_look_chosen(v)) {
		v->objects.level = VIEW_CACHES;
		v->objects.table_held = true;
		return key == 'b';
	}
	if (!v->look->slabs.count)
		return false;
	if (key == KEY_ENTER_ && v->objects.object) {
		v->objects.level = VIEW_BYTES;
		v->objects.bytes_scroll = 0;
		return true;
	}
	p = make_pen(v, NULL, r);
	/* The first key shows where the eye is. */
	if (find_place(v, &at) ? !move(v, &p, key, &at) : !move(v, &p, key, &(struct place){ 0, 0 }))
		return false;
	v->objects.object = cache_look_address(v, v->look->slabs.slab[at.slab].pfn, at.index, &state);
	v->objects.moved = true;
	return true;
}
