/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map of physical memory: which frames a cell stands for, and what is to
 * be seen in the cells that are visible.  Worked out once a state.
 *
 * Each zone begins a row of its own, so a cell never mixes zones.
 */
#ifndef KM_UI_MAP_CACHE_H
#define KM_UI_MAP_CACHE_H

#include "phys/frame.h"
#include "ui/grid.h"
#include "ui/view.h"

struct map_geometry {
	int cells; /* of a row */
	int rows; /* visible at a time */
	unsigned shift; /* frames of a cell, as a power of two */
	unsigned zones;
	size_t zone_row[PHYS_ZONES + 1]; /* the first row of each zone; behind the last: all rows */
};

/* What a cell stands for; start == end: nothing. */
struct map_range {
	pfn_t start, end; /* end is the first frame behind it */
};

struct map_cell {
	enum glyph glyph;
	char letter; /* shown in place of the glyph if not 0; ' ' where there is no cell */
	enum style style;
};

struct map_cache {
	u64 state; /* of which the content is; see view.seen */
	size_t first; /* the row that is at the top */
	bool by_type;
	u64 link; /* of which address it marks the frames; see address_look_link() */
	struct map_geometry geometry;
	bool holes; /* there are cells without memory among them, */
	bool left; /* and such that pages left */
	bool behind; /* and such that are behind the address that is chosen */
	unsigned types; /* by type: the migratetypes of the cells, 1 << type */
	struct map_cell *cell; /* [rows * cells] */
	size_t capacity;
};

/* Are the cells to show types? Not before the page allocator runs: page blocks have none yet. */
bool map_cache_by_type(const struct view *v);

/* Counts the frames of a range by state; before the page allocator runs, free is what boot has not taken. */
void map_cache_count(const struct view *v, struct map_range range, u64 count[FRAME_USED + 1]);

/* Counts the page blocks of a range by migratetype. Blocks at its ends count whole. */
void map_cache_types(const struct view *v, unsigned zone, struct map_range range, u32 count[MT_COUNT]);

/* The geometry of a map of `rows` rows of at most `cols` cells for the machine and zoom of `v`. */
void map_cache_geometry(const struct view *v, int rows, int cols, struct map_geometry *geometry);

/* The smallest zoom at which all memory is visible. */
unsigned map_cache_fit(const struct view *v, int rows, int cells);

/* Zone of a row; rows must be below geometry->zone_row[geometry->zones]. */
unsigned map_cache_zone(const struct map_geometry *geometry, size_t row);

/* Frames of a cell. */
struct map_range map_cache_range(const struct view *v, const struct map_geometry *geometry, size_t row, int cell);

/* Row and cell that show `pfn`; false: it is in no zone. */
bool map_cache_find(const struct view *v, const struct map_geometry *geometry, pfn_t pfn, size_t *row, int *cell);

/* Makes view.map hold the rows from view.map_scroll on. Out of memory: view.map is NULL or has no cells. */
void map_cache_prepare(struct view *v, const struct map_geometry *geometry);

void map_cache_free(struct map_cache *c);

#endif
