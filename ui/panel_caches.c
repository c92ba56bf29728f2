/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_caches.h"

#include "base/text.h"
#include "ui/cache_bytes.h"
#include "ui/cache_look.h"
#include "ui/cache_slabs.h"
#include "ui/cache_table.h"

/* Rows that slabs or bytes would like. */
#define ROWS_WANTED 16

static const struct level {
	void (*prepare)(struct view *v, struct rect r);
	void (*draw)(const struct view *v, struct grid *g, struct rect r);
	void (*caption)(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right);
	bool (*key)(struct view *v, struct rect r, int key);
} levels[] = {
	[VIEW_CACHES] = { cache_table_prepare, cache_table_draw, cache_table_caption, cache_table_key },
	[VIEW_SLABS] = { cache_slabs_prepare, cache_slabs_draw, cache_slabs_caption, cache_slabs_key },
	[VIEW_BYTES] = { cache_bytes_prepare, cache_bytes_draw, cache_bytes_caption, cache_bytes_key },
};

static int caches_rows(const struct view *v, int cols)
{
	(void)cols;
	if (!view_has_caches(v))
		return 0;
	return v->objects.level == VIEW_CACHES ? (int)view_slab(v)->state->caches + 2 : ROWS_WANTED;
}

static void caches_prepare(struct view *v, struct rect r)
{
	cache_look_prepare(v);
	levels[v->objects.level].prepare(v, r);
}

static void caches_draw(const struct view *v, struct grid *g, struct rect r)
{
	levels[v->objects.level].draw(v, g, r);
}

static void caches_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	levels[v->objects.level].caption(v, r, left, right);
}

static bool caches_key(struct view *v, struct rect r, int key)
{
	return view_has_caches(v) && levels[v->objects.level].key(v, r, key);
}

static bool caches_click(struct view *v, struct rect r, int y, int x)
{
	(void)x;
	return v->objects.level == VIEW_CACHES && cache_table_click(v, r, y);
}

const struct panel panel_caches = {
	.name = "caches",
	.title = N_("caches"),
	.rows = caches_rows,
	.prepare = caches_prepare,
	.draw = caches_draw,
	.caption = caches_caption,
	.key = caches_key,
	.click = caches_click,
	.help = N_("arrows, Enter opens; sort abclvnopsu, e all"),
	.help_more = N_("in a cache or an object b goes back; in the table keys sort\n"
			"as in slabtop: a active objects, b objects per slab,\n"
			"c cache size, l slabs, v active slabs, n name, o objects,\n"
			"p pages per slab, s object size, u use; e shows all caches"),
};
