/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/address_tables.h"

#include "base/text.h"
#include "base/units.h"
#include "phys/frame.h"
#include "ui/keys.h"
#include "virt/page_table.h"
#include "virt/region.h"
#include "virt/tlb.h"

#include <inttypes.h>
#include <stdio.h>

/* Columns: a level's name, the number of the first entry in sight, the entries; behind them that of the last one. */
#define LEVEL_X 2
#define FIRST_X 6
#define CELLS_X 11
#define BEHIND_CELLS 7

/* Entries that a page key goes on. */
#define PAGE_STEP 16

/* What there is room for, besides a line for each level and one for the end. */
struct plan {
	bool top, bits; /* the address; its bits, two lines */
	bool all; /* of all levels the entries around, a line more each */
	bool one; /* of the chosen level only */
};

struct walk {
	const struct virt_system *v;
	u64 address;
	struct table_step step[TABLE_LEVELS];
	unsigned steps;
};

static struct walk walk_of(const struct view *v)
{
	struct walk w = { .v = view_virt(v), .address = v->addresses.walked };

	w.steps = page_table_walk(w.v, w.address, w.step);
	return w;
}

/* The level that keys move along: the one that was chosen, if the walk comes so far down. */
static unsigned chosen_level(const struct view *v, const struct walk *w)
{
	unsigned last = w->step[w->steps - 1].level;

	return v->addresses.level < last ? last : v->addresses.level;
}

void address_tables_open(struct view *v, u64 address)
{
	v->addresses.tables = true;
	v->addresses.walked = address;
	v->addresses.level = 0;
}

/* ------------------------------------------------------------- sizes */

int address_tables_rows(const struct view *v)
{
	return 4 + 2 * (int)view_virt(v)->config->levels;
}

static struct plan plan_of(const struct view *v, struct rect r)
{
	int levels = (int)view_virt(v)->config->levels, rest = r.rows - levels - 1;
	struct plan p = { .top = rest >= 1, .bits = rest >= 3 };

	rest -= p.bits ? 3 : 1;
	p.all = rest >= levels;
	p.one = rest >= 1;
	return p;
}

/* Are the entries around shown of this level? */
static bool has_strip(const struct plan *p, unsigned level, unsigned chosen)
{
	return p->all || (p->one && level == chosen);
}

/* Entries of a table that are in sight: so many from the first on. */
struct window {
	u32 first, count;
};

static struct window window_of(const struct walk *w, const struct table_step *step, struct rect r)
{
	int room = r.cols - CELLS_X - BEHIND_CELLS;
	u32 entries = UINT32_C(1) << w->v->config->index_bits;
	struct window win = { 0, room < 1 ? 1 : (u32)room };

	/* With three levels the topmost table has four entries. */
	if (w->v->config->word == 4 && w->v->config->levels == 3 && step->level == 3)
		entries = 4;
	/* Where all do not fit, there is room for words to the right. */
	if (win.count < entries && step->index > win.count / 4)
		win.first = step->index - win.count / 4;
	if (win.count > entries - win.first)
		win.count = entries - win.first;
	return win;
}

/* ------------------------------------------------------------- drawing */

/* Appends the bits [low, high) of a number. */
static void put_bits(u64 value, unsigned high, unsigned low, struct strbuf *out)
{
	while (high-- > low)
		strbuf_putc(out, value >> high & 1 ? '1' : '0');
}

static unsigned top_bit(const struct walk *w)
{
	return w->v->config->word == 4 ? 32 : 48;
}

/* The bits of the address, cut into indexes, and below what each is. */
static void draw_bits(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w)
{
	unsigned high = top_bit(w), chosen = chosen_level(v, w), last = page_table_last_level(w->v, w->address);
	int x = r.x + LEVEL_X;

	for (unsigned level = w->v->config->levels + 1; level-- > 0;) {
		if (level && level < last)
			continue;
		unsigned low = level ? page_table_shift(w->v, level) : 0;
		enum style style = level && level == chosen ? STYLE_SELECTED : STYLE_TEXT;
		struct strbuf bits = STRBUF_INIT, name = STRBUF_INIT;
		u64 value = (w->address >> low) & ((UINT64_C(1) << (high - low)) - 1);
		int cols;

		put_bits(w->address, high, low, &bits);
		if (level)
			strbuf_printf(&name, "%s %" PRIu64, page_table_level_name(w->v, level), value);
		else
			strbuf_printf(&name, _("byte %" PRIu64), value);
		cols = grid_width(strbuf_str(&name));
		cols = (int)bits.length > cols ? (int)bits.length : cols;
		grid_put(g, y, x, r.x + r.cols - x, style, strbuf_str(&bits));
		grid_put(g, y + 1, x, r.x + r.cols - x, style, strbuf_str(&name));
		x += cols + 2;
		high = low;
		strbuf_free(&bits);
		strbuf_free(&name);
	}
}

static bool is_page(const struct table_step *step, u64 entry)
{
	return step->level == 1 || (entry & PTE_HUGE);
}

/* Is what an entry maps memory of the machine? */
static bool is_memory(const struct walk *w, u64 entry)
{
	const struct phys *p = w->v->slab->phys;
	u64 pfn = (entry & PTE_FRAME) >> p->config->page_shift;

	return pfn < p->config->max_pfn && frame_describe(p, (pfn_t)pfn).state != FRAME_NO_MEMORY;
}

static void draw_cells(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w,
		       const struct table_step *step)
{
	struct window win = window_of(w, step, r);

	for (u32 n = 0; n < win.count; n++) {
		u64 entry = page_table_entry(w->v, step, win.first + n);
		int x = r.x + CELLS_X + (int)n;

		if (win.first + n == step->index)
			grid_glyph(g, y, x, STYLE_CURSOR, v->glyphs, GLYPH_CURSOR);
		else if (!(entry & PTE_PRESENT))
			grid_glyph(g, y, x, STYLE_HOLE, v->glyphs, GLYPH_FREE);
		else if (!is_page(step, entry))
			grid_glyph(g, y, x, STYLE_LINK, v->glyphs, GLYPH_MIXED);
		else if (is_memory(w, entry))
			grid_glyph(g, y, x, STYLE_USED, v->glyphs, GLYPH_USED);
		else
			grid_glyph(g, y, x, STYLE_RESERVED, v->glyphs, GLYPH_RESERVED);
	}
	grid_printf(g, y, r.x + FIRST_X, 4, STYLE_DIM, "%4" PRIu32, win.first);
	grid_printf(g, y, r.x + CELLS_X + (int)win.count + 1, BEHIND_CELLS - 1, STYLE_DIM, "%" PRIu32,
		    win.first + win.count - 1);
}

/* Appends "994  0x018de067  P RW US A D". The index has four columns. */
static void put_entry(const struct walk *w, const struct table_step *step, struct strbuf *out)
{
	strbuf_printf(out, "%-4" PRIu32 " ", step->index);
	if (!(step->entry & PTE_PRESENT)) {
		strbuf_puts(out, _("not present: an access faults"));
		return;
	}
	if (!(step->entry & PTE_BOOT))
		strbuf_printf(out, "0x%0*" PRIx64 "  ", (int)w->v->config->entry * 2, step->entry);
	page_table_bits(step->entry, out);
}

/* Appends what an entry leads to. Nothing, if it is not present. */
static void put_lead(const struct walk *w, const struct table_step *step, struct strbuf *out)
{
	u64 frame = (step->entry & PTE_FRAME) >> w->v->slab->phys->config->page_shift;
	char size[UNITS_MAX];

	if (!(step->entry & PTE_PRESENT))
		return;
	if (!is_page(step, step->entry)) {
		strbuf_printf(out, step->entry & PTE_BOOT ? _("table %" PRIu64) : _("table 0x%" PRIx64), frame);
		return;
	}
	if (step->level > 1)
		strbuf_printf(out, "%s ", units_format(UINT64_C(1) << page_table_shift(w->v, step->level), size));
	strbuf_printf(out, is_memory(w, step->entry) ? _("page 0x%" PRIx64) : _("I/O 0x%" PRIx64), frame);
}

/* The entry in words, and an arrow; from x on. Returns the columns. */
static int draw_entry(const struct view *v, struct grid *g, int y, int x, int end, const struct walk *w,
		      const struct table_step *step)
{
	struct strbuf text = STRBUF_INIT, lead = STRBUF_INIT;
	int from = x;

	put_entry(w, step, &text);
	put_lead(w, step, &lead);
	x += grid_put_cut(g, y, x, end - x, STYLE_TEXT, v->glyphs, strbuf_str(&text));
	if (lead.length && x + 1 < end) {
		grid_glyph(g, y, x + 1, STYLE_LINK, v->glyphs, GLYPH_ARROW);
		x += 3;
		x += grid_put_cut(g, y, x, end - x, STYLE_TEXT, v->glyphs, strbuf_str(&lead));
	}
	strbuf_free(&text);
	strbuf_free(&lead);
	return x - from;
}

static int entry_cols(const struct walk *w, const struct table_step *step)
{
	struct strbuf text = STRBUF_INIT;
	int cols;

	put_entry(w, step, &text);
	strbuf_puts(&text, " > ");
	put_lead(w, step, &text);
	cols = grid_width(strbuf_str(&text));
	strbuf_free(&text);
	return cols;
}

/* Below the cell of the entry: what it says, to its right, or to its left where there is more room. */
static void draw_below(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w,
		       const struct table_step *step)
{
	struct window win = window_of(w, step, r);
	int at = r.x + CELLS_X + (int)(step->index - win.first), end = r.x + r.cols, cols = entry_cols(w, step);
	bool right = at + 2 + cols <= end || at - r.x < end - at;
	int x = right ? at + 2 : at - 1 - cols;

	grid_glyph(g, y, at, STYLE_LINK, v->glyphs, right ? GLYPH_BOTTOM_LEFT : GLYPH_BOTTOM_RIGHT);
	draw_entry(v, g, y, x < r.x ? r.x : x, right ? end : at - 1, w, step);
}

static void draw_level_name(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w,
			    const struct table_step *step)
{
	grid_put(g, y, r.x + LEVEL_X, 3, step->level == chosen_level(v, w) ? STYLE_SELECTED : STYLE_TEXT,
		 page_table_level_name(w->v, step->level));
}

/* Where the walk ends, and what the TLB has besides. */
static void draw_end(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w)
{
	const struct phys *p = view_phys(v);
	const struct table_leaf leaf = page_table_leaf(w->v, w->address);
	u64 at = (leaf.entry & PTE_FRAME & -leaf.bytes) + (w->address - leaf.start);
	int x = r.x + LEVEL_X, end = r.x + r.cols;
	const struct tlb_entry *e = tlb_find(w->v, w->address);

	if (page_table_maps(&leaf))
		x += grid_printf(
		    g, y, x, end - x, STYLE_TEXT, _("physical 0x%" PRIx64 ": byte %u of page frame 0x%" PRIx64), at,
		    (unsigned)(at & ((UINT64_C(1) << p->config->page_shift) - 1)), at >> p->config->page_shift);
	else
		x += grid_put(g, y, x, end - x, STYLE_TEXT, _("fault: nothing is mapped there"));
	if (e && tlb_is_stale(w->v, w->address))
		grid_printf(g, y, x, end - x, STYLE_WARNING, _("; but the TLB has page 0x%" PRIx64),
			    (e->entry & PTE_FRAME) >> p->config->page_shift);
	else if (e)
		grid_put(g, y, x, end - x, STYLE_DIM, _("; the TLB has it"));
}

/* Where the topmost table is, and which part of the address space this is. */
static void draw_top(const struct view *v, struct grid *g, struct rect r, int y, const struct walk *w)
{
	int x = r.x + LEVEL_X, end = r.x + r.cols;

	x += grid_printf(g, y, x, end - x, STYLE_TITLE, "0x%" PRIx64, w->address);
	x += grid_printf(g, y, x, end - x, STYLE_TEXT, "  %s", region_name(region_of(w->v, w->address).kind));
	if (w->v->config->word == 4)
		x += grid_put(g, y, x, end - x, STYLE_DIM, _(";  segments begin at 0"));
	if (w->v->state->top)
		grid_printf(g, y, x, end - x, STYLE_DIM, _(";  cr3 0x%" PRIx64),
			    (u64)w->v->state->top << view_phys(v)->config->page_shift);
}

void address_tables_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct plan p = plan_of(v, r);
	struct walk w = walk_of(v);
	int y = r.y, end = r.y + r.rows;

	if (p.top)
		draw_top(v, g, r, y++, &w);
	if (p.bits)
		draw_bits(v, g, r, y, &w);
	y += p.bits ? 2 : 0;
	for (unsigned n = 0; n < w.steps && y < end; n++, y++) {
		const struct table_step *step = &w.step[n];

		draw_level_name(v, g, r, y, &w, step);
		if (has_strip(&p, step->level, chosen_level(v, &w))) {
			draw_cells(v, g, r, y++, &w, step);
			draw_below(v, g, r, y, &w, step);
		} else {
			draw_entry(v, g, y, r.x + FIRST_X, r.x + r.cols, &w, step);
		}
	}
	if (y < end)
		draw_end(v, g, r, y, &w);
}

void address_tables_caption(const struct view *v, struct strbuf *left, struct strbuf *right)
{
	struct walk w = walk_of(v);
	const struct table_step *step = &w.step[w.v->config->levels - chosen_level(v, &w)];
	char size[UNITS_MAX];

	strbuf_printf(left, _("page tables of 0x%" PRIx64), w.address);
	strbuf_printf(right, _("%s %" PRIu32 ": %s"), page_table_level_name(w.v, step->level), step->index,
		      units_format(UINT64_C(1) << page_table_shift(w.v, step->level), size));
}

/* ------------------------------------------------------------- keys */

/* Goes on by entries of the chosen level. Addresses of 48 bits are continued by their topmost one. */
static void move(struct view *v, u64 by)
{
	struct walk w = walk_of(v);
	u64 mask = (UINT64_C(1) << top_bit(&w)) - 1, sign = UINT64_C(1) << 47;
	u64 to = (w.address + (by << page_table_shift(w.v, chosen_level(v, &w)))) & mask;

	v->addresses.level = chosen_level(v, &w);
	v->addresses.walked = top_bit(&w) == 48 && (to & sign) ? to | ~mask : to;
}

static void move_to(struct view *v, u32 index)
{
	struct walk w = walk_of(v);
	const struct table_step *step = &w.step[w.v->config->levels - chosen_level(v, &w)];

	move(v, (u64)index - step->index);
}

static void change_level(struct view *v, int by)
{
	struct walk w = walk_of(v);
	unsigned level = chosen_level(v, &w), last = w.step[w.steps - 1].level;

	if (by > 0 && level < w.v->config->levels)
		level++;
	if (by < 0 && level > last)
		level--;
	v->addresses.level = level;
}

bool address_tables_key(struct view *v, int key)
{
	struct walk w = walk_of(v);
	struct rect all = { 0, 0, 0, CELLS_X + BEHIND_CELLS + (1 << 12) };
	struct window table = window_of(&w, &w.step[w.v->config->levels - chosen_level(v, &w)], all);

	switch (key) {
	case KEY_LEFT_:
		move(v, (u64)-1);
		return true;
	case KEY_RIGHT_:
		move(v, 1);
		return true;
	case KEY_PAGE_UP:
		move(v, (u64)-PAGE_STEP);
		return true;
	case KEY_PAGE_DOWN:
		move(v, PAGE_STEP);
		return true;
	case KEY_HOME_:
		move_to(v, 0);
		return true;
	case KEY_END_:
		move_to(v, table.count - 1);
		return true;
	case KEY_UP_:
		change_level(v, 1);
		return true;
	case KEY_DOWN_:
	case KEY_ENTER_:
		change_level(v, -1);
		return true;
	case 'b':
	case 't':
	case KEYS_BACKSPACE:
		v->addresses.tables = false;
		return true;
	default:
		return false;
	}
}

bool address_tables_click(struct view *v, struct rect r, int y, int x)
{
	struct plan p = plan_of(v, r);
	struct walk w = walk_of(v);
	unsigned chosen = chosen_level(v, &w);
	int row = r.y + p.top + (p.bits ? 2 : 0);

	for (unsigned n = 0; n < w.steps; n++) {
		bool strip = has_strip(&p, w.step[n].level, chosen);
		struct window win = window_of(&w, &w.step[n], r);
		int cell = x - r.x - CELLS_X;

		if (y == row || (strip && y == row + 1)) {
			v->addresses.level = w.step[n].level;
			if (strip && y == row && cell >= 0 && (u32)cell < win.count)
				move_to(v, win.first + (u32)cell);
			return true;
		}
		row += strip ? 2 : 1;
	}
	return false;
}
