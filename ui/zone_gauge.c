/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/zone_gauge.h"

#include "base/text.h"
#include "machine/early.h"
#include "phys/reclaim.h"

#include <string.h>

#define ALL ZONE_GAUGE_PIECES

/* Columns of the pieces between marks, of so many fifths. */
#define FIFTHS 5

static u64 zone_pcp(const struct view *v, unsigned zone)
{
	const struct phys *p = view_phys(v);
	u64 pages = 0;

	for (unsigned cpu = 0; cpu < p->config->cpus && view_has_pcp(v); cpu++)
		for (unsigned s = 0; s < 2; s++)
			pages += phys_pcp(p, zone, cpu)->set[s].count;
	return pages;
}

u64 zone_gauge_lru(const struct phys *p, unsigned zone)
{
	u64 pages = 0;

	for (unsigned list = 0; list < LRU_LISTS && reclaim_exists(p); list++)
		pages += p->zone_pages[zone].lru[list];
	return pages;
}

void zone_gauge_make(const struct view *v, unsigned zone, int cols, struct zone_gauge *gauge)
{
	const struct zone *z = &view_phys(v)->zone[zone];
	int fifth = cols / FIFTHS;
	u64 taken;

	memset(gauge, 0, sizeof *gauge);
	gauge->cols = cols;
	gauge->empty = early_is(&v->session->machine);
	if (gauge->empty)
		return;
	gauge->marks = z->wmark[WMARK_HIGH] > 0;
	gauge->free = z->free;
	gauge->pcp = zone_pcp(v, zone);
	gauge->lru = zone_gauge_lru(view_phys(v), zone);
	taken = gauge->free + gauge->pcp + gauge->lru;
	gauge->used = z->managed > taken ? z->managed - taken : 0;
	for (unsigned w = 0; w < WMARK_COUNT && gauge->marks; w++) {
		gauge->level[w + 1] = (u64)z->wmark[w] + z->boost;
		gauge->at[w + 1] = fifth * (int)(w + 1);
	}
	gauge->level[ALL] = taken + gauge->used;
	/* Marks above all of a tiny zone cannot be reached. */
	if (gauge->level[ALL] <= gauge->level[ALL - 1])
		gauge->level[ALL] = gauge->level[ALL - 1] + 1;
	gauge->at[ALL] = cols;
}

int zone_gauge_column(const struct zone_gauge *gauge, u64 pages)
{
	for (unsigned i = 0; i < ALL; i++) {
		u64 low = gauge->level[i], high = gauge->level[i + 1];
		int room = gauge->at[i + 1] - gauge->at[i] - 1;

		if (pages <= low)
			return gauge->at[i];
		if (pages < high)
			return gauge->at[i] + 1 +
			       (room > 1 ? (int)((pages - low) * (u64)(room - 1) / (high - low)) : 0);
	}
	return gauge->cols;
}

/* The mark in a column, or 0. */
static unsigned mark_at(const struct zone_gauge *gauge, int column)
{
	for (unsigned i = 1; i < ALL && gauge->marks; i++)
		if (gauge->at[i] == column)
			return i;
	return 0;
}

/*
 * The column behind those of the first `pages` pages; it is not before `from`,
 * and leaves `behind` columns.  Pages above a mark show a column behind it.
 */
static int edge(const struct zone_gauge *gauge, u64 pages, int from, int behind)
{
	int column = zone_gauge_column(gauge, pages);

	column += pages > 0 && !mark_at(gauge, column);
	if (column > gauge->cols - behind)
		column = gauge->cols - behind;
	return column < from ? from : column;
}

void zone_gauge_draw(const struct zone_gauge *gauge, struct grid *g, enum glyph_set set, int y, int x, u64 need)
{
	int has_pcp = gauge->pcp > 0, has_lru = gauge->lru > 0, has_used = gauge->used > 0, column;
	int free_end = edge(gauge, gauge->free, 0, has_pcp + has_lru + has_used);
	int pcp_end = edge(gauge, gauge->free + gauge->pcp, free_end + has_pcp, has_lru + has_used);
	int lru_end = edge(gauge, gauge->free + gauge->pcp + gauge->lru, pcp_end + has_lru, has_used);

	if (gauge->empty) {
		grid_put_cut(g, y, x, gauge->cols, STYLE_DIM, set, _("no pages yet"));
		return;
	}
	for (int i = 0; i < gauge->cols; i++) {
		unsigned mark = mark_at(gauge, i);

		if (mark)
			grid_glyph(g, y, x + i, gauge->free > gauge->level[mark] ? STYLE_GOOD : STYLE_WARNING, set,
				   GLYPH_VLINE);
		else if (i < free_end)
			grid_glyph(g, y, x + i, STYLE_FREE, set, GLYPH_FREE);
		else if (i < pcp_end)
			grid_glyph(g, y, x + i, STYLE_PCP, set, GLYPH_PCP);
		else if (i < lru_end)
			grid_glyph(g, y, x + i, STYLE_RECLAIMABLE, set, GLYPH_MIXED);
		else
			grid_glyph(g, y, x + i, STYLE_USED, set, GLYPH_USED);
	}
	if (need == UINT64_MAX)
		return;
	/* More than the zone has: the mark is at its end. */
	column = zone_gauge_column(gauge, need);
	grid_glyph(g, y, x + (column < gauge->cols ? column : gauge->cols - 1), STYLE_CHANGED, set, GLYPH_DOWN);
}

const char *zone_gauge_verdict(const struct zone_gauge *gauge)
{
	static const char *const below[] = { "", N_("below min"), N_("below low"), N_("below high") };

	if (!gauge->marks)
		return "";
	for (unsigned i = 1; i < ALL; i++)
		if (gauge->free <= gauge->level[i])
			return _(below[i]);
	return _("above high");
}

enum style zone_gauge_style(const struct zone_gauge *gauge)
{
	if (gauge->marks && gauge->free <= gauge->level[1 + WMARK_MIN])
		return STYLE_ERROR;
	return gauge->marks && gauge->free <= gauge->level[1 + WMARK_LOW] ? STYLE_WARNING : STYLE_TEXT;
}
