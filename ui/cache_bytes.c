/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_bytes.h"

#include "base/text.h"
#include "slab/object_parts.h"
#include "ui/cache_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 16

/* Columns: the name of a part, the offset. */
#define NAME_COLS 8
#define OFFSET_COLS 5

/* The object that is shown. */
struct target {
	const struct view *v;
	struct object_info object;
};

static bool find_target(const struct view *v, struct target *t)
{
	u32 index;

	*t = (struct target){ .v = v };
	return cache_look_chosen(v) && v->objects.object && cache_look_object(v, v->objects.object, &index) &&
	       object_at(view_slab(v), v->objects.object, &t->object);
}

/* ------------------------------------------------------------- drawing */

static enum style part_style(enum part_kind kind)
{
	switch (kind) {
	case PART_POISON:
		return STYLE_FREE;
	case PART_RED:
		return STYLE_UNMOVABLE;
	case PART_POINTER:
		return STYLE_PCP;
	case PART_TRACK:
		return STYLE_RECLAIMABLE;
	case PART_PADDING:
		return STYLE_DIM;
	case PART_DATA:
		break;
	}
	return STYLE_TEXT;
}

/* "-> 0x..." behind a pointer, "#12" behind who used it: where there is room in the row of bytes. */
static void draw_meaning(const struct target *t, struct grid *g, int y, int x, int end, const struct object_part *p,
			 const u8 *bytes)
{
	u64 value;
	char text[40];

	if (!object_parts_value(view_slab(t->v), p, bytes, &value))
		return;
	if (p->kind == PART_TRACK)
		snprintf(text, sizeof text, "#%" PRIu64, value);
	else
		snprintf(text, sizeof text, value ? "0x%" PRIx64 : "0", value);
	grid_glyph(g, y, x, STYLE_DIM, t->v->glyphs, GLYPH_ARROW);
	grid_put(g, y, x + 2, end - x - 2, part_style(p->kind), text);
}

/* A row of a part: bytes from offset `at` on. */
static void draw_line(const struct target *t, struct grid *g, struct rect r, int y, const struct object_part *p, int at)
{
	int count = p->to - at < LINE_BYTES ? p->to - at : LINE_BYTES, x = r.x + 1 + NAME_COLS, end = r.x + r.cols;
	enum style style = part_style(p->kind);
	u8 bytes[LINE_BYTES] = { 0 };
	char text[16];

	page_read(view_phys(t->v), slab_physical(view_slab(t->v), t->object.address + (u64)(s64)at), bytes,
		  (size_t)count);
	if (at == p->from)
		grid_put(g, y, r.x + 1, NAME_COLS - 1, style, _(p->name));
	snprintf(text, sizeof text, "%d", at);
	grid_put_right(g, y, x, OFFSET_COLS - 1, STYLE_DIM, t->v->glyphs, text);
	x += OFFSET_COLS;
	for (int n = 0; n < count; n++) {
		bool bad = object_parts_bad(&t->object, p, at + n, bytes[n]);

		snprintf(text, sizeof text, "%02x%c", bytes[n], bad ? '!' : ' ');
		grid_put(g, y, x + 3 * n, bad ? 3 : 2, bad ? STYLE_ERROR : style, text);
		text[0] = (char)(bytes[n] >= ' ' && bytes[n] < 0x7f ? bytes[n] : '.');
		text[1] = '\0';
		grid_put(g, y, x + 3 * LINE_BYTES + n, 1, bad ? STYLE_ERROR : STYLE_DIM, text);
	}
	if (at == p->from && count <= LINE_BYTES / 2)
		draw_meaning(t, g, y, x + 3 * count + 1, x + 3 * LINE_BYTES, p, bytes);
	else if (at == p->from && p->kind == PART_TRACK && end > x + 3 * LINE_BYTES + LINE_BYTES + 8)
		draw_meaning(t, g, y, x + 3 * LINE_BYTES + LINE_BYTES + 2, end, p, bytes);
}

/* Draws the rows that are visible; a NULL grid only counts. Returns all rows. */
static size_t draw_parts(const struct target *t, struct grid *g, struct rect r, size_t first)
{
	struct object_parts p = object_parts_of(view_slab(t->v), &t->object);
	size_t row = 0;

	for (size_t n = 0; n < p.count; n++)
		for (int at = p.part[n].from; at < p.part[n].to; at += LINE_BYTES, row++)
			if (g && row >= first && row < first + (size_t)r.rows)
				draw_line(t, g, r, r.y + (int)(row - first), &p.part[n], at);
	return row;
}

/* Who has it, or where it waits. */
static void draw_head(const struct target *t, struct grid *g, struct rect r)
{
	struct strbuf text = STRBUF_INIT;
	size_t n = cache_look_getter(t->v, t->object.address);
	const struct command *c = n ? session_command(t->v->session, n) : NULL;
	unsigned state = t->object.state;

	if (state == OBJECT_USED)
		strbuf_puts(&text, _("in use"));
	else
		strbuf_puts(&text, state == OBJECT_FREE ? _("free in its slab") : _("free, at hand for a CPU"));
	if (c)
		strbuf_printf(&text, state == OBJECT_USED ? _(", got by #%zu  %.*s") : _(", last got by #%zu  %.*s"), n,
			      (int)strcspn(c->text, "\n"), c->text);
	grid_put_cut(g, r.y, r.x + 1, r.cols - 2, STYLE_TITLE, t->v->glyphs, strbuf_str(&text));
	strbuf_free(&text);
}

/* Below the head. */
static struct rect below(struct rect r)
{
	return (struct rect){ r.y + 1, r.x, r.rows - 1, r.cols };
}

void cache_bytes_prepare(struct view *v, struct rect r)
{
	struct target t;

	if (find_target(v, &t))
		v->objects.bytes_scroll =
		    panel_first(v->objects.bytes_scroll, draw_parts(&t, NULL, below(r), 0), r.rows - 1);
}

void cache_bytes_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct target t;
	size_t total;

	if (!find_target(v, &t) || r.rows < 1)
		return;
	draw_head(&t, g, r);
	total = draw_parts(&t, g, below(r), v->objects.bytes_scroll);
	panel_arrows(g, below(r), v->glyphs, v->objects.bytes_scroll, total);
}

void cache_bytes_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	struct target t;

	(void)r;
	if (!find_target(v, &t))
		return;
	strbuf_printf(left, _("%s: 0x%" PRIx64 ", object %" PRIu32 " of the slab at 0x%" PRIx32), t.object.cache->name,
		      t.object.address, t.object.index, t.object.slab);
	strbuf_puts(right, _("b: back"));
}

bool cache_bytes_key(struct view *v, struct rect r, int key)
{
	struct target t;
	unsigned state;
	u32 index;
	u64 other;

	if (key == 'b' || !find_target(v, &t)) {
		v->objects.level = VIEW_SLABS;
		v->objects.moved = true;
		return key == 'b';
	}
	if (key == KEY_LEFT_ || key == KEY_RIGHT_) {
		index = key == KEY_LEFT_ ? t.object.index - 1 : t.object.index + 1;
		other = index == UINT32_MAX ? 0 : cache_look_address(v, t.object.slab, index, &state);
		if (other)
			v->objects.object = other;
		return true;
	}
	return panel_scroll(&v->objects.bytes_scroll, draw_parts(&t, NULL, below(r), 0), r.rows - 1, key);
}
