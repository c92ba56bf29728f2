/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_cache.h"

#include "base/text.h"
#include "base/units.h"
#include "procfs/slabtop.h"
#include "slab/cache_slabs.h"
#include "slab/flag_names.h"
#include "slab/kmem_cache.h"
#include "slab/object_parts.h"
#include "slab/slub_geometry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLS 80 /* of a line */

#define GUTTER 10 /* columns in front of a slab: for the name of its list */

#define SHORT_DIGITS 3 /* of addresses on the same page as the one before */

static const struct slab_system *slab_of_call(const struct call *call)
{
	return &call->context->session->machine.slab;
}

/* ------------------------------------------------------------- how slabs are laid out */

/* "NAME: what it is", in two lines if it is too long for one. */
static void put_named(const char *name, const struct strbuf *text, struct strbuf *out)
{
	bool fits = strlen(name) + 2 + text->length <= COLS;

	strbuf_printf(out, fits ? "%s: %s\n" : "%s:\n  %s\n", name, strbuf_str(text));
}

static void put_layout(const struct kmem_cache *cache, struct strbuf *out)
{
	u32 pages = UINT32_C(1) << cache->order;
	struct strbuf text = STRBUF_INIT;

	strbuf_printf(&text, _("objects of %" PRIu32 " bytes"), cache->object_size);
	if (cache->size != cache->object_size)
		strbuf_printf(&text, _(" every %" PRIu32), cache->size);
	strbuf_printf(&text,
		      text_of_n(", %" PRIu32 " in a slab of %" PRIu32 " page",
				", %" PRIu32 " in a slab of %" PRIu32 " pages", pages),
		      cache->num, pages);
	put_named(cache->name, &text, out);
	strbuf_free(&text);
}

/* Those that the caller asked for, or debugging; a line is broken behind a name. */
static void put_flags(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	const struct slab_flags *f = s->config->rules->flag;
	u32 own = f->off_slab | f->objfreelist | f->cmpxchg_double | f->no_user_flags | f->poison_internal | f->kmalloc;
	struct strbuf flags = STRBUF_INIT;
	size_t column = 0;

	if (!(cache->flags & ~own))
		return;
	flag_names_format(s->config->rules, cache->flags & ~own, &flags);
	strbuf_puts(out, _("  flags "));
	for (const char *at = strbuf_str(&flags); *at;) {
		size_t length = strcspn(at, "|") + (at[strcspn(at, "|")] == '|');

		if (column && 8 + column + length > COLS) {
			strbuf_puts(out, "\n        ");
			column = 0;
		}
		strbuf_printf(out, "%.*s", (int)length, at);
		column += length;
		at += length;
	}
	strbuf_putc(out, '\n');
	strbuf_free(&flags);
}

/* SLAB: colours, and where a slab's list of free objects lies. */
static void put_slab(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	const char *where = cache->slab.offslab       ? _("elsewhere")
			    : cache->slab.objfreelist ? _("in a free object")
						      : _("on the slab");
	u32 colours = cache->slab.colour ? cache->slab.colour : 1;

	strbuf_printf(out, text_of_n("  %" PRIu32 " colour", "  %" PRIu32 " colours", colours), colours);
	if (colours > 1)
		strbuf_printf(out, _(", %" PRIu32 " bytes apart"), cache->slab.colour_off);
	strbuf_printf(out, _("; the list of a slab's free objects lies %s"), where);
	if (cache->slab.offslab && cache->slab.management_cache)
		strbuf_printf(out, " (%s)", s->cache[cache->slab.management_cache - 1].name);
	strbuf_putc(out, '\n');
}

static void put_slub(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	strbuf_printf(out, _("  a free object has the address of the next at byte %" PRIu32 "%s\n"), cache->slub.offset,
		      slub_geometry_pointer_outside(cache) ? _(", behind the object") : "");
	strbuf_printf(out,
		      text_of_n("  a node keeps %" PRIu32 " slab that is partial or empty",
				"  a node keeps %" PRIu32 " slabs that are partial or empty", cache->slub.min_partial),
		      cache->slub.min_partial);
	if (slub_geometry_has_cpu_partial(s->config, cache->flags))
		strbuf_printf(out, _(", a CPU up to %" PRIu32 " besides its own"), cache->slub.cpu_partial_slabs);
	strbuf_putc(out, '\n');
}

/* Objects by state. */
struct counts {
	u64 state[OBJECT_USED + 1];
};

static void count_object(void *context, u32 index, u64 address, unsigned state)
{
	struct counts *counts = context;

	(void)index;
	(void)address;
	counts->state[state]++;
}

/* Returns how many are in the array that CPUs share. */
static u64 put_counts(const struct machine *m, const struct kmem_cache *cache, const struct cache_slabs *slabs,
		      struct strbuf *out)
{
	const struct slab_system *s = &m->slab;
	struct slabtop_row row = slabtop_row(m, cache);
	struct counts counts = { { 0 } };
	char size[UNITS_MAX];

	for (size_t n = 0; n < slabs->count; n++)
		s->config->rules->objects(s, cache, slabs->slab[n].pfn, &counts, count_object);
	strbuf_printf(out, _("  objects: %" PRIu64 " in use, %" PRIu64 " at hand for CPUs, "),
		      counts.state[OBJECT_USED], counts.state[OBJECT_CPU]);
	if (counts.state[OBJECT_SHARED])
		strbuf_printf(out, _("%" PRIu64 " shared, "), counts.state[OBJECT_SHARED]);
	strbuf_printf(out, _("%" PRIu64 " free; "), counts.state[OBJECT_FREE]);
	strbuf_printf(
	    out, text_of_n("%" PRIu64 " in %" PRIu64 " slab", "%" PRIu64 " in %" PRIu64 " slabs", row.info.num_slabs),
	    row.info.num_objs, row.info.num_slabs);
	if (row.bytes)
		strbuf_printf(out, ", %s", units_format(row.bytes, size));
	strbuf_putc(out, '\n');
	return counts.state[OBJECT_SHARED];
}

/* ------------------------------------------------------------- what CPUs have at hand */

/* A line of addresses, up to its end. */
struct line {
	const struct slab_system *s;
	struct strbuf text;
	u64 before; /* the address in front */
	bool cut;
};

static void count_address(void *context, u64 address)
{
	(void)context;
	(void)address;
}

static void put_address(void *context, u64 address)
{
	struct line *line = context;
	unsigned shift = line->s->phys->config->page_shift;
	bool same = line->before && line->before >> shift == address >> shift;
	char text[24];

	if (line->cut)
		return;
	if (same)
		snprintf(text, sizeof text, " %0*" PRIx64, SHORT_DIGITS, address & ((UINT64_C(1) << shift) - 1));
	else
		snprintf(text, sizeof text, " 0x%" PRIx64, address);
	line->cut = line->text.length + strlen(text) > COLS - 4;
	strbuf_puts(&line->text, line->cut ? " ..." : text);
	line->before = address;
}

static void put_hand(const struct slab_system *s, const struct kmem_cache *cache, unsigned cpu, u32 count,
		     struct strbuf *out)
{
	struct line line = { .s = s };

	strbuf_printf(&line.text, _("cpu%u has %" PRIu32), cpu, count);
	if (s->config->allocator == SLAB_SLAB)
		strbuf_printf(&line.text, _(" of %" PRIu32), slab_cpu_array(s, cache, cpu)->limit);
	strbuf_puts(&line.text, count ? _(" at hand, next first:") : _(" at hand"));
	cache_slabs_at_hand(s, cache, cpu, put_address, &line);
	strbuf_printf(out, "%s\n", strbuf_str(&line.text));
	strbuf_free(&line.text);
}

/* The CPU that runs, and all others that have something. */
static void put_hands(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		u32 count = cache_slabs_at_hand(s, cache, cpu, count_address, NULL);

		if (count || cpu == s->phys->state->cpu)
			put_hand(s, cache, cpu, count, out);
	}
}

/* ------------------------------------------------------------- slabs */

/* How a slab is drawn. */
struct pen {
	const struct slab_system *s;
	const struct kmem_cache *cache;
	struct strbuf *out;
	int frame_cols, colour_cols, count_cols; /* of the columns, with the blank behind */
	u32 front; /* columns in front of the first cell */
	u32 per_row; /* cells */
	u32 drawn; /* of the slab */
};

static int digits(u64 n)
{
	return snprintf(NULL, 0, "%" PRIu64, n);
}

static struct pen make_pen(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	struct pen p = { .s = s, .cache = cache, .out = out };
	int frame = snprintf(NULL, 0, "0x%" PRIx32, s->phys->config->max_pfn);

	p.frame_cols = cache->order ? 2 * frame + 2 : frame + 1;
	if (s->config->allocator == SLAB_SLAB && cache->slab.colour > 1)
		p.colour_cols = 2 + digits((u64)cache->slab.colour * cache->slab.colour_off);
	p.count_cols = 2 * digits(cache->num) + 2;
	p.front = (u32)(GUTTER + p.frame_cols + p.colour_cols + p.count_cols);
	/* Rows of eights are counted at a glance. */
	p.per_row = (COLS - p.front) / 8 * 8;
	return p;
}

static void draw_cell(void *context, u32 index, u64 address, unsigned state)
{
	static const char signs[] = {
		[OBJECT_FREE] = '.', [OBJECT_CPU] = 'o', [OBJECT_SHARED] = 's', [OBJECT_USED] = '#'
	};
	struct pen *p = context;

	(void)index;
	(void)address;
	if (p->drawn && p->drawn % p->per_row == 0)
		strbuf_printf(p->out, "\n%*s", (int)p->front, "");
	strbuf_putc(p->out, signs[state]);
	p->drawn++;
}

static void draw_slab(struct pen *p, const char *title, const struct cache_slab *slab)
{
	pfn_t last = slab->pfn + (UINT32_C(1) << p->cache->order) - 1;
	char text[48];

	snprintf(text, sizeof text, p->cache->order ? "0x%" PRIx32 "-0x%" PRIx32 : "0x%" PRIx32, slab->pfn, last);
	strbuf_printf(p->out, "%-*.*s%-*s", GUTTER, GUTTER - 1, title, p->frame_cols, text);
	snprintf(text, sizeof text, "+%" PRIu32, slab->colour);
	if (p->colour_cols)
		strbuf_printf(p->out, "%-*s", p->colour_cols, text);
	snprintf(text, sizeof text, "%" PRIu32 "/%" PRIu32, slab->inuse, slab->objects);
	strbuf_printf(p->out, "%*s ", p->count_cols - 1, text);
	p->drawn = 0;
	p->s->config->rules->objects(p->s, p->cache, slab->pfn, p, draw_cell);
	strbuf_putc(p->out, '\n');
}

static void draw_slabs(struct pen *p, const struct cache_slabs *slabs, u64 most)
{
	char name[24];
	size_t n = 0, drawn = 0;

	for (unsigned section = 0; section < CACHE_SECTIONS; section++) {
		unsigned cpu = UINT32_MAX;

		if (!slabs->section_count[section] && cache_slabs_has_list(p->s, (enum cache_section)section))
			strbuf_printf(p->out, "%-*s%s\n", GUTTER,
				      cache_slabs_title((enum cache_section)section, 0, name, sizeof name), _("none"));
		for (; n < slabs->count && slabs->slab[n].section == section; n++) {
			const struct cache_slab *slab = &slabs->slab[n];
			const char *title = cache_slabs_title(slab->section, slab->cpu, name, sizeof name);

			/* Of each list at least one is shown. */
			if (slab->cpu == cpu && drawn >= most)
				continue;
			draw_slab(p, slab->cpu == cpu ? "" : title, slab);
			cpu = slab->cpu;
			drawn++;
		}
	}
	if (drawn < slabs->count)
		strbuf_printf(p->out,
			      text_of_n("%zu more slab is not shown: add %zu to the command to see all\n",
					"%zu more slabs are not shown: add %zu to the command to see all\n",
					slabs->count - drawn),
			      slabs->count - drawn, slabs->count);
}

bool cmd_cache_show(struct call *call, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	const struct kmem_cache *cache = &s->cache[call->arg[0].number];
	struct strbuf *out = call->context->out;
	struct cache_slabs slabs = { 0 };
	struct pen pen = make_pen(s, cache, out);
	u64 shared;

	if (call->arg[1].number < 1)
		return status_fail(st, STATUS_INVALID, _("how many slabs must be 1 or more"));
	cache_slabs_find(&slabs, s, cache);
	put_layout(cache, out);
	put_flags(s, cache, out);
	if (s->config->allocator == SLAB_SLUB)
		put_slub(s, cache, out);
	else
		put_slab(s, cache, out);
	shared = put_counts(&call->context->session->machine, cache, &slabs, out);
	put_hands(s, cache, out);
	draw_slabs(&pen, &slabs, (u64)call->arg[1].number);
	if (slabs.count)
		strbuf_puts(out, shared ? _("# in use  o free, at hand for a CPU  s free, shared by CPUs  . free\n")
					: _("# in use  o free, at hand for a CPU  . free\n"));
	cache_slabs_free(&slabs);
	return true;
}

/* ------------------------------------------------------------- an object */

#define LINE_BYTES 16

/* An object while it is printed. */
struct dump {
	const struct session *session;
	const struct slab_system *s;
	const struct object_info *object;
	struct strbuf *out;
	u8 last[LINE_BYTES]; /* the row above, if it was a whole one */
	bool has_last, skipping;
	u64 bad; /* bytes that should be others */
};

/* Behind the bytes: where they point to, or which command they name. false: neither. */
static bool put_value(const struct dump *d, const struct object_part *part, const u8 *bytes)
{
	u64 value;

	if (!object_parts_value(d->s, part, bytes, &value))
		return false;
	if (part->kind == PART_POINTER)
		strbuf_printf(d->out, value ? "0x%" PRIx64 : "NULL", value);
	else if (!value)
		strbuf_puts(d->out, _("nobody"));
	else if (value <= session_number(d->session))
		strbuf_printf(d->out, _("command %" PRIu64), value);
	else
		return false;
	return true;
}

static void put_characters(const u8 *bytes, int count, struct strbuf *out)
{
	for (int n = 0; n < count; n++)
		strbuf_putc(out, (char)(bytes[n] >= ' ' && bytes[n] < 0x7f ? bytes[n] : '.'));
}

static void put_row(struct dump *d, const struct object_part *part, int at)
{
	int count = part->to - at < LINE_BYTES ? part->to - at : LINE_BYTES;
	u8 bytes[LINE_BYTES] = { 0 };
	u64 bad = 0;

	page_read(d->s->phys, slab_physical(d->s, d->object->address + (u64)(s64)at), bytes, (size_t)count);
	for (int n = 0; n < count; n++)
		bad += object_parts_bad(d->object, part, at + n, bytes[n]);
	d->bad += bad;
	if (!bad && at > part->from && d->has_last && count == LINE_BYTES && memcmp(bytes, d->last, LINE_BYTES) == 0) {
		if (!d->skipping)
			strbuf_puts(d->out, "            *\n");
		d->skipping = true;
		return;
	}
	d->skipping = false;
	d->has_last = count == LINE_BYTES;
	memcpy(d->last, bytes, LINE_BYTES);
	strbuf_printf(d->out, "%-7.7s %5d ", at == part->from ? _(part->name) : "", at);
	for (int n = 0; n < LINE_BYTES; n++) {
		if (n < count)
			strbuf_printf(d->out, "%02x%c", bytes[n],
				      object_parts_bad(d->object, part, at + n, bytes[n]) ? '!' : ' ');
		else
			strbuf_puts(d->out, "   ");
	}
	if (at != part->from || !put_value(d, part, bytes))
		put_characters(bytes, count, d->out);
	strbuf_putc(d->out, '\n');
}

/* A command's first line, cut to what a line of text has room for. */
static void put_command(const char *text, struct strbuf *out)
{
	int length = (int)strcspn(text, "\n");
	bool cut = length > COLS - 4;

	strbuf_printf(out, "  %.*s%s\n", cut ? COLS - 7 : length, text, cut ? "..." : "");
}

static void put_head(const struct session *session, const struct object_info *o, u64 address, struct strbuf *out)
{
	const struct command *command = o->owner ? session_command(session, o->owner) : NULL;
	struct strbuf text = STRBUF_INIT;

	strbuf_printf(&text, _("0x%" PRIx64 ", object %" PRIu32 " of %" PRIu32 " in the slab at 0x%" PRIx32),
		      o->address, o->index, o->cache->num, o->slab);
	put_named(o->cache->name, &text, out);
	strbuf_free(&text);
	if (address != o->address)
		strbuf_printf(out, _("0x%" PRIx64 " is its byte %" PRId64 "\n"), address, (s64)(address - o->address));
	strbuf_puts(out, object_state_name(o->state));
	if (command)
		strbuf_printf(out,
			      o->state == OBJECT_USED ? _(", got by command %" PRIu32 ":")
						      : _(", last got by command %" PRIu32 ":"),
			      o->owner);
	strbuf_putc(out, '\n');
	if (command)
		put_command(command->text, out);
}

/* Why there is no object at an address. */
static bool no_object(const struct slab_system *s, u64 address, struct status *st)
{
	const struct kmem_cache *cache = kmem_cache_of(s, address);

	if (!cache)
		return status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is in no slab; see where"), address);
	return status_fail(st, STATUS_INVALID,
			   _("0x%" PRIx64 " is in the slab at 0x%" PRIx32 " of %s, but in none of its objects"),
			   address, slab_of(s, address), cache->name);
}

bool cmd_cache_object(struct call *call, struct status *st)
{
	const struct slab_system *s = slab_of_call(call);
	u64 address = (u64)call->arg[0].number;
	struct object_info object;
	struct dump dump = { .session = call->context->session, .s = s, .object = &object, .out = call->context->out };
	struct object_parts parts;

	if (!s->state || !s->config->rules || !object_at(s, address, &object))
		return no_object(s, address, st);
	put_head(call->context->session, &object, address, call->context->out);
	parts = object_parts_of(s, &object);
	for (size_t n = 0; n < parts.count; n++)
		for (int at = parts.part[n].from; at < parts.part[n].to; at += LINE_BYTES)
			put_row(&dump, &parts.part[n], at);
	if (dump.bad)
		strbuf_printf(call->context->out,
			      text_of_n("%" PRIu64 " byte is not what it should be: it has a ! behind it\n",
					"%" PRIu64 " bytes are not what they should be: they have a ! behind them\n",
					dump.bad),
			      dump.bad);
	return true;
}
