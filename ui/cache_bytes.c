/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_bytes.h"

#include "base/text.h"
#include "slab/slab_debug.h"
#include "slab/slab_report.h"
#include "slab/slab_store.h"
#include "slab/slub_debug.h"
#include "slab/slub_geometry.h"
#include "ui/cache_look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 16

/* Columns: the name of a part, the offset. */
#define NAME_COLS 8
#define OFFSET_COLS 5

#define PARTS 12

/* What the bytes of a part should be; -1 of part.expected: anything. */
enum part_kind { PART_DATA, PART_POISON, PART_RED, PART_POINTER, PART_TRACK, PART_PADDING };

/* Bytes from one offset to another, counted from where the user's part of the object begins. */
struct part {
	int from, to;
	enum part_kind kind;
	const char *name;
	u64 expected; /* of PART_RED: the value, repeated every `word` bytes */
	int word;
};

struct parts {
	struct part part[PARTS];
	size_t count;
};

/* The object that is shown. */
struct target {
	const struct view *v;
	const struct kmem_cache *cache;
	pfn_t slab;
	u32 index;
	u64 address; /* as its user has it */
	unsigned state; /* OBJECT_* */
};

static bool find_target(const struct view *v, struct target *t)
{
	*t = (struct target){ .v = v, .cache = cache_look_chosen(v) };
	if (!t->cache || !v->objects.object || !cache_look_object(v, v->objects.object, &t->index))
		return false;
	t->slab = slab_of(view_slab(v), v->objects.object);
	t->address = cache_look_address(v, t->slab, t->index, &t->state);
	return t->address != 0;
}

/* ------------------------------------------------------------- parts of an object */

static void add(struct parts *p, int from, int to, enum part_kind kind, const char *name)
{
	if (from < to && p->count < PARTS)
		p->part[p->count++] = (struct part){ .from = from, .to = to, .kind = kind, .name = name };
}

static void add_red(struct parts *p, int from, int to, u64 expected, int word)
{
	size_t count = p->count;

	add(p, from, to, PART_RED, N_("red"));
	if (p->count > count) {
		p->part[count].expected = expected;
		p->part[count].word = word;
	}
}

/* The user's bytes; a list or a pointer lies in [from, to) of those that are free. */
static void add_data(const struct target *t, struct parts *p, bool poison, int from, int to, const char *pointer)
{
	int end = (int)t->cache->object_size;
	bool free = t->state != OBJECT_USED;
	enum part_kind kind = free && poison ? PART_POISON : PART_DATA;
	const char *name = free && poison ? N_("poison") : N_("data");

	if (from >= to) {
		add(p, 0, end, kind, name);
		return;
	}
	add(p, 0, from, kind, name);
	add(p, from, to, PART_POINTER, pointer);
	add(p, to, end, kind, name);
}

static void find_slub(const struct target *t, struct parts *p)
{
	const struct slab_config *config = view_slab(t->v)->config;
	const struct kmem_cache *c = t->cache;
	int word = (int)config->word, at = (int)c->slub.inuse, track = (int)slub_geometry_track(config->word);
	bool red = c->flags & config->rules->flag->red_zone, outside = slub_geometry_pointer_outside(c);
	u64 byte = t->state == OBJECT_USED ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE;
	int pointer = outside || t->state == OBJECT_USED ? 0 : (int)c->slub.offset;

	if (red)
		add_red(p, -(int)c->slub.red_left_pad, 0, byte, 1);
	add_data(t, p, c->flags & SLUB_OBJECT_POISON, pointer, outside || t->state == OBJECT_USED ? 0 : pointer + word,
		 N_("next"));
	if (red)
		add_red(p, (int)c->object_size, at, byte, 1);
	else
		add(p, (int)c->object_size, at, PART_PADDING, N_("padding"));
	if (outside) {
		add(p, at, at + word, PART_POINTER, N_("next"));
		at += word;
	}
	if (c->flags & config->rules->flag->store_user) {
		add(p, at, at + track, PART_TRACK, N_("got"));
		add(p, at + track, at + 2 * track, PART_TRACK, N_("freed"));
		at = (int)slub_geometry_padding(config, c);
		add(p, (int)slub_geometry_info_end(config, c) + 2 * track, at, PART_TRACK, N_("asked"));
	}
	add(p, at, (int)slub_geometry_from_object(c), PART_PADDING, N_("padding"));
}

static void find_slab(const struct target *t, struct parts *p)
{
	const struct slab_config *config = view_slab(t->v)->config;
	const struct kmem_cache *c = t->cache;
	const struct slab_report *report = config->rules->store->report;
	const struct page *page = page_find(view_phys(t->v), t->slab);
	bool red = c->flags & config->rules->flag->red_zone, user = c->flags & config->rules->flag->store_user;
	int end = (int)(c->size - c->slab.obj_offset), word = (int)config->word, bytes = (int)report->red_bytes;
	int users = user ? (int)report->user_bytes : 0, behind = red ? end - users - bytes : end - users;
	u64 should = t->state == OBJECT_USED ? report->red_active : report->red_inactive;
	/* 6.1: the list of free objects may lie in one of them. */
	bool list = c->slab.objfreelist && page->slab.freelist == t->address - c->slab.obj_offset;

	add(p, -(int)c->slab.obj_offset, red ? -bytes : 0, PART_PADDING, N_("padding"));
	if (red)
		add_red(p, -bytes, 0, should, bytes);
	add_data(t, p, (c->flags & config->rules->flag->poison) && !list, 0,
		 list && t->state != OBJECT_USED ? (int)c->slab.management : 0, N_("list"));
	add(p, (int)c->object_size, behind, PART_PADDING, N_("padding"));
	if (red)
		add_red(p, behind, behind + bytes, should, bytes);
	add(p, end - users, user ? end - word : 0, PART_PADDING, N_("padding"));
	if (user)
		add(p, end - word, end, PART_TRACK, N_("user"));
}

static struct parts find_parts(const struct target *t)
{
	struct parts p = { .count = 0 };

	if (view_slab(t->v)->config->allocator == SLAB_SLUB)
		find_slub(t, &p);
	else
		find_slab(t, &p);
	return p;
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

/* Should this byte, at an offset in the object, be another one? */
static bool is_bad(const struct target *t, const struct part *p, int at, u8 byte)
{
	if (p->kind == PART_POISON)
		return byte != (at + 1 == (int)t->cache->object_size ? POISON_END : POISON_FREE);
	return p->kind == PART_RED && byte != (u8)(p->expected >> 8 * ((at - p->from) % p->word));
}

/* "-> 0x..." behind a pointer, "#12" behind who used it: where there is room in the row of bytes. */
static void draw_meaning(const struct target *t, struct grid *g, int y, int x, int end, const struct part *p,
			 const u8 *bytes)
{
	u32 word = view_slab(t->v)->config->word;
	u64 value = 0;
	char text[40];

	for (u32 n = word; n-- > 0;)
		value = value << 8 | bytes[n];
	if (p->kind == PART_POINTER && p->to - p->from == (int)word)
		snprintf(text, sizeof text, value ? "0x%" PRIx64 : "0", value);
	else if (p->kind == PART_TRACK && p->to - p->from >= (int)word)
		snprintf(text, sizeof text, "#%" PRIu64, value);
	else
		return;
	grid_glyph(g, y, x, STYLE_DIM, t->v->glyphs, GLYPH_ARROW);
	grid_put(g, y, x + 2, end - x - 2, part_style(p->kind), text);
}

/* A row of a part: bytes from offset `at` on. */
static void draw_line(const struct target *t, struct grid *g, struct rect r, int y, const struct part *p, int at)
{
	int count = p->to - at < LINE_BYTES ? p->to - at : LINE_BYTES, x = r.x + 1 + NAME_COLS, end = r.x + r.cols;
	enum style style = part_style(p->kind);
	u8 bytes[LINE_BYTES] = { 0 };
	char text[16];

	page_read(view_phys(t->v), slab_physical(view_slab(t->v), t->address + (u64)(s64)at), bytes, (size_t)count);
	if (at == p->from)
		grid_put(g, y, r.x + 1, NAME_COLS - 1, style, _(p->name));
	snprintf(text, sizeof text, "%d", at);
	grid_put_right(g, y, x, OFFSET_COLS - 1, STYLE_DIM, t->v->glyphs, text);
	x += OFFSET_COLS;
	for (int n = 0; n < count; n++) {
		bool bad = is_bad(t, p, at + n, bytes[n]);

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
	struct parts p = find_parts(t);
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
	size_t n = cache_look_getter(t->v, t->address);
	const struct command *c = n ? session_command(t->v->session, n) : NULL;

	if (t->state == OBJECT_USED)
		strbuf_puts(&text, _("in use"));
	else
		strbuf_puts(&text, t->state == OBJECT_FREE ? _("free in its slab") : _("free, at hand for a CPU"));
	if (c)
		strbuf_printf(&text, t->state == OBJECT_USED ? _(", got by #%zu  %.*s") : _(", last got by #%zu  %.*s"),
			      n, (int)strcspn(c->text, "\n"), c->text);
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
	strbuf_printf(left, _("%s: 0x%" PRIx64 ", object %" PRIu32 " of the slab at 0x%" PRIx32), t.cache->name,
		      t.address, t.index, t.slab);
	strbuf_puts(right, _("b: back"));
}

bool cache_bytes_key(struct view *v, struct rect r, int key)
{
	struct target t;
	unsigned state;
	u64 other;

	if (key == 'b' || !find_target(v, &t)) {
		v->objects.level = VIEW_SLABS;
		v->objects.moved = true;
		return key == 'b';
	}
	if (key == KEY_LEFT_ || key == KEY_RIGHT_) {
		other = key == KEY_LEFT_ && t.index == 0
			    ? 0
			    : cache_look_address(v, t.slab, key == KEY_LEFT_ ? t.index - 1 : t.index + 1, &state);
		if (other)
			v->objects.object = other;
		return true;
	}
	return panel_scroll(&v->objects.bytes_scroll, draw_parts(&t, NULL, below(r), 0), r.rows - 1, key);
}
