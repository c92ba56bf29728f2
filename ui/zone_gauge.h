/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gauge of a zone's free pages.  Watermarks are a hundredth of a zone or
 * less, so the scale is in pieces: 0 to min, min to low and low to high are a
 * fifth of the gauge each, the rest of the zone is what remains.  So the marks
 * of all zones stand in the same columns.
 */
#ifndef KM_UI_ZONE_GAUGE_H
#define KM_UI_ZONE_GAUGE_H

#include "ui/grid.h"
#include "ui/view.h"

/* Pieces of the scale. */
#define ZONE_GAUGE_PIECES (WMARK_COUNT + 1)

struct zone_gauge {
	int cols;
	bool marks; /* the zone has watermarks */
	bool empty; /* boot has not given the zone its pages yet; there is no bar */
	u64 level[ZONE_GAUGE_PIECES + 1]; /* pages: 0, min, low, high (with the boost), all */
	int at[ZONE_GAUGE_PIECES + 1]; /* the columns of these */
	u64 free, pcp, lru, used; /* pages; together all of the zone. `lru`: in use, but may be reclaimed */
};

/* Pages of files and processes in a zone that are on the lists of reclaim. */
u64 zone_gauge_lru(const struct phys *p, unsigned zone);

/* The gauge of a zone, `cols` columns wide. */
void zone_gauge_make(const struct view *v, unsigned zone, int cols, struct zone_gauge *gauge);

/* The column of a number of pages; a mark's number is in the mark's column. */
int zone_gauge_column(const struct zone_gauge *gauge, u64 pages);

/* Draws the bar from (y, x) on. `need`: pages that had to stay free, to be marked, or UINT64_MAX. */
void zone_gauge_draw(const struct zone_gauge *gauge, struct grid *g, enum glyph_set set, int y, int x, u64 need);

/* How the level stands to the marks: "below low"; "" without marks. */
const char *zone_gauge_verdict(const struct zone_gauge *gauge);
enum style zone_gauge_style(const struct zone_gauge *gauge);

#endif
