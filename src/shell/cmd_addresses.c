/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_addresses.h"

#include "base/text.h"
#include "base/utf8.h"
#include "shell/address_text.h"

#include <inttypes.h>

/* Columns in front of what a row says of itself: a name, addresses and their size. */
#define NAME_COLS 14
#define RANGE_COLS_32 29
#define RANGE_COLS_64 40

#define LINE_COLS 80

/* Rows that are printed; who wants more looks at an area. */
#define ROWS_MOST 1000

struct table {
	const struct session *session;
	const struct virt_system *v;
	struct strbuf *out;
	struct strbuf field;
	size_t rows;
};

static void put_field(struct table *t, int cols)
{
	strbuf_printf(t->out, "%*s", cols, strbuf_str(&t->field));
	strbuf_clear(&t->field);
}

static bool wide(const struct table *t)
{
	return t->v->config->word == 8;
}

static int range_cols(const struct table *t)
{
	return wide(t) ? RANGE_COLS_64 : RANGE_COLS_32;
}

/* The size stands at the right end; `item` NULL: it is that of the range. */
static void put_range(struct table *t, u64 start, u64 bytes, const struct address_item *item)
{
	size_t before = t->out->length;
	int cols = range_cols(t);

	address_text_range(t->v, start, bytes, wide(t), &t->field);
	put_field(t, 0);
	if (item)
		address_text_item_size(t->v, item, &t->field);
	else
		address_text_size(bytes, &t->field);
	strbuf_putc(t->out, ' ');
	put_field(t, cols - (int)(t->out->length - before));
}

/* Bytes of the field that fit into so many columns. */
static size_t fitting(const struct table *t, int cols)
{
	const char *from = strbuf_str(&t->field), *at = from, *end = from + t->field.length;
	size_t length;

	while (at < end) {
		cols -= utf8_columns(utf8_decode(at, end, &length));
		if (cols < 0)
			break;
		at += length;
	}
	return (size_t)(at - from);
}

/* Ends the row with the field, which is cut at the edge of the screen; nothing of it: without blanks. */
static void end_row(struct table *t, int before)
{
	size_t fits = fitting(t, LINE_COLS - before - 2);

	if (fits < t->field.length)
		fits = fitting(t, LINE_COLS - before - 2 - 3);
	if (t->field.length)
		strbuf_printf(t->out, "  %.*s%s", (int)fits, strbuf_str(&t->field),
			      fits < t->field.length ? "..." : "");
	strbuf_putc(t->out, '\n');
	strbuf_clear(&t->field);
	t->rows++;
}

/* ------------------------------------------------------------- all of it */

static void put_part(struct table *t, const struct address_part *part)
{
	const char *symbol = address_text_symbol(t->v, part);
	const struct region *r = &part->region;

	strbuf_puts(&t->field, symbol ? symbol : address_text_name(part));
	put_field(t, -NAME_COLS);
	put_range(t, r->start, r->last - r->start + 1, NULL);
	address_text_part(&t->session->machine, part, wide(t), &t->field);
	end_row(t, NAME_COLS + range_cols(t));
}

static void put_item(struct table *t, const struct address_item *item)
{
	strbuf_puts(&t->field, "  ");
	address_text_item(item, &t->field);
	put_field(t, -NAME_COLS);
	put_range(t, item->start, item->bytes, item);
	address_text_about(t->session, item, &t->field);
	end_row(t, NAME_COLS + range_cols(t));
}

static void put_all(struct table *t, const struct address_map *m)
{
	for (unsigned n = 0; n < m->parts; n++) {
		const struct address_part *part = &m->part[n];
		size_t most = part->count < ROWS_MOST ? part->count : ROWS_MOST;

		put_part(t, part);
		for (size_t i = 0; i < most; i++)
			put_item(t, &m->item[part->first + i]);
		if (most < part->count)
			strbuf_printf(t->out, _("  and %zu more\n"), part->count - most);
	}
}

/* ------------------------------------------------------------- pages of an item */

static void put_run(struct table *t, const struct address_run *run)
{
	unsigned shift = t->v->slab->phys->config->page_shift;

	strbuf_puts(t->out, "  ");
	put_range(t, run->start, run->pages << shift, NULL);
	address_text_run(&t->session->machine, run, &t->field);
	end_row(t, 2 + range_cols(t));
}

static void put_runs(struct table *t, u64 start, u64 bytes, u64 guard)
{
	unsigned shift = t->v->slab->phys->config->page_shift;
	u64 done = 0;

	for (t->rows = 0; done < bytes && t->rows < ROWS_MOST;) {
		struct address_run run = address_run_at(t->v, start + done, start + bytes - 1, guard);

		put_run(t, &run);
		done += run.pages << shift;
	}
	if (done < bytes)
		strbuf_printf(t->out, _("  and %" PRIu64 " more pages\n"), (bytes - done) >> shift);
}

static void put_around(struct table *t, const struct address_map *m, const struct shell_host *host, u64 address)
{
	const struct address_part *part = address_map_part(m, address);
	const struct address_item *item = address_map_item(m, address);

	if (host->look && part->region.kind != REGION_NO_ADDRESS)
		host->look(host->context, address);
	if (item) {
		put_item(t, item);
		if (item->kind != ADDRESS_FREE && item->kind != ADDRESS_LAZY)
			put_runs(t, item->start, item->bytes, address_map_guard(t->v, item));
		return;
	}
	put_part(t, part);
	if (part->region.kind == REGION_DIRECT || part->region.kind == REGION_IMAGE)
		put_runs(t, part->region.start, part->region.last - part->region.start + 1, 0);
}

bool cmd_addresses_list(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	const struct virt_system *v = &s->machine.virt;
	struct address_map map = { 0 };
	struct table table = { .session = s, .v = v, .out = call->context->out, .field = STRBUF_INIT };
	bool good;

	if (!v->state)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("the address space of this machine is not known: reset i386-2.6.18, say"));
	good = address_map_make(&map, v);
	if (!good)
		status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	else if (call->arg[0].type == VALUE_NONE)
		put_all(&table, &map);
	else if (region_of(v, (u64)call->arg[0].number).kind == REGION_NO_ADDRESS && !wide(&table))
		good = status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is no address of this machine"),
				   (u64)call->arg[0].number);
	else
		put_around(&table, &map, &call->context->host, (u64)call->arg[0].number);
	address_map_free(&map);
	strbuf_free(&table.field);
	return good;
}
