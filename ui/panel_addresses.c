/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_addresses.h"

#include "base/text.h"
#include "ui/address_look.h"
#include "ui/address_pages.h"
#include "ui/address_space.h"
#include "ui/address_tables.h"

/* Rows that it asks for at most, and those around the table. */
#define ROWS_MOST 40
#define ROWS_AROUND 3

static const struct reach {
	void (*prepare)(struct view *v, struct rect r);
	void (*draw)(const struct view *v, struct grid *g, struct rect r);
	void (*caption)(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
	bool (*key)(struct view *v, struct rect r, int key);
	bool (*click)(struct view *v, struct rect r, int y);
	int (*chosen)(const struct view *v, struct rect r);
} reaches[] = {
	[VIEW_SPACE] = { address_space_prepare, address_space_draw, address_space_caption, address_space_key,
			 address_space_click, address_space_chosen },
#define PAGES                                                                                        \
	{                                                                                            \
		address_pages_prepare, address_pages_draw, address_pages_caption, address_pages_key, \
		    address_pages_click, address_pages_chosen                                        \
	}
	[VIEW_PAGES] = PAGES,
	[VIEW_EACH_PAGE] = PAGES,
#undef PAGES
};

static int addresses_rows(const struct view *v, int cols)
{
	size_t rows;

	(void)cols;
	if (!view_has_addresses(v))
		return 1;
	if (v->addresses.tables)
		return address_tables_rows(v);
	rows = v->addresses.reach == VIEW_SPACE ? address_space_total(v) : address_pages_total(v);
	rows += ROWS_AROUND;
	return rows < ROWS_MOST ? (int)rows : ROWS_MOST;
}

static void addresses_prepare(struct view *v, struct rect r)
{
	address_look_prepare(v);
	reaches[v->addresses.reach].prepare(v, r);
}

static void addresses_draw(const struct view *v, struct grid *g, struct rect r)
{
	if (!view_has_addresses(v))
		grid_put_cut(g, r.y, r.x + 1, r.cols - 2, STYLE_DIM, v->glyphs,
			     _("this machine has no address space: it has page frames, and nothing else"));
	else if (v->addresses.tables)
		address_tables_draw(v, g, r);
	else if (!v->space || !v->space->good)
		grid_put_cut(g, r.y, r.x + 1, r.cols - 2, STYLE_ERROR, v->glyphs, _("out of memory"));
	else
		reaches[v->addresses.reach].draw(v, g, r);
}

static void addresses_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	if (view_has_addresses(v) && v->addresses.tables)
		address_tables_caption(v, left, right);
	else if (view_has_addresses(v) && v->space)
		reaches[v->addresses.reach].caption(v, r, left, right);
	else
		strbuf_puts(left, _("addresses"));
}

/* The tables on the way to what is chosen. */
static void open_tables(struct view *v)
{
	const struct address_part *part = address_look_part(v);

	if (v->addresses.reach != VIEW_SPACE)
		address_tables_open(v, v->addresses.page);
	else if (part && v->addresses.part)
		address_tables_open(v, part->region.start);
	else
		address_tables_open(v, v->addresses.address);
}

static bool addresses_key(struct view *v, struct rect r, int key)
{
	if (!view_has_addresses(v))
		return false;
	if (v->addresses.tables)
		return address_tables_key(v, key);
	address_look_prepare(v);
	if (key == 't') {
		open_tables(v);
		return true;
	}
	return reaches[v->addresses.reach].key(v, r, key);
}

static bool addresses_click(struct view *v, struct rect r, int y, int x)
{
	if (!view_has_addresses(v))
		return false;
	if (v->addresses.tables)
		return address_tables_click(v, r, y, x);
	return reaches[v->addresses.reach].click(v, r, y);
}

int panel_addresses_chosen(const struct view *v, struct rect r)
{
	if (!view_has_addresses(v) || !v->space || !v->space->good || !v->addresses.linked || v->addresses.tables)
		return -1;
	return reaches[v->addresses.reach].chosen(v, r);
}

const struct panel panel_addresses = {
	.name = "addresses",
	.title = N_("addresses"),
	.rows = addresses_rows,
	.prepare = addresses_prepare,
	.draw = addresses_draw,
	.caption = addresses_caption,
	.key = addresses_key,
	.click = addresses_click,
	.help = N_("arrows; Enter pages, or opens; t tables; b back"),
	.help_more = N_("t shows the page tables on the way to what is chosen, a row for\n"
			"each: left and right go to another entry, up and down to\n"
			"another level; b goes back"),
};
