/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/map_cache.h"

#include "machine/early.h"
#include "phys/pageblock.h"
#include "ui/address_look.h"
#include "ui/cma_use.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Rows hold a multiple of this many cells where they are that long: then they begin at round addresses. */
#define ROUND_CELLS 16

#define LARGEST_SHIFT 31

void map_cache_free(struct map_cache *c)
{
	if (c)
		free(c->cell);
	free(c);
}

/* ---------------------------------------------------------------- geometry */

static u64 zone_cells(const struct zone_config *zone, unsigned shift)
{
	u64 first = zone->start_pfn >> shift;
	u64 last = ((u64)zone->start_pfn + zone->spanned - 1) >> shift;

	return zone->spanned ? last - first + 1 : 1;
}

static size_t zone_rows(const struct zone_config *zone, unsigned shift, int cells)
{
	return (size_t)((zone_cells(zone, shift) + (u64)cells - 1) / (u64)cells);
}

unsigned map_cache_fit(const struct view *v, int rows, int cells)
{
	const struct phys_config *c = view_phys(v)->config;

	for (unsigned shift = 0; shift < LARGEST_SHIFT; shift++) {
		size_t total = 0;

		for (unsigned z = 0; z < c->zones; z++)
			total += zone_rows(&c->zone[z], shift, cells);
		/* With a row a zone nothing more is gained. */
		if (total <= (size_t)rows || total == c->zones)
			return shift;
	}
	return LARGEST_SHIFT;
}

void map_cache_geometry(const struct view *v, int rows, int cols, struct map_geometry *g)
{
	const struct phys_config *c = view_phys(v)->config;

	memset(g, 0, sizeof *g);
	g->cells = cols >= ROUND_CELLS ? cols / ROUND_CELLS * ROUND_CELLS : cols > 0 ? cols : 1;
	g->rows = rows > 0 ? rows : 1;
	g->zones = c->zones;
	g->shift = v->map_shift == VIEW_FIT ? map_cache_fit(v, g->rows, g->cells) : v->map_shift;
	for (unsigned z = 0; z < g->zones; z++)
		g->zone_row[z + 1] = g->zone_row[z] + zone_rows(&c->zone[z], g->shift, g->cells);
}

unsigned map_cache_zone(const struct map_geometry *g, size_t row)
{
	unsigned z = 0;

	while (z + 1 < g->zones && row >= g->zone_row[z + 1])
		z++;
	return z;
}

struct map_range map_cache_range(const struct view *v, const struct map_geometry *g, size_t row, int cell)
{
	unsigned z = map_cache_zone(g, row);
	const struct zone_config *zone = &view_phys(v)->config->zone[z];
	u64 index = (zone->start_pfn >> g->shift) + (u64)(row - g->zone_row[z]) * (u64)g->cells + (u64)cell;
	u64 start = index << g->shift, end = (index + 1) << g->shift;
	u64 zone_end = (u64)zone->start_pfn + zone->spanned;

	if (start < zone->start_pfn)
		start = zone->start_pfn;
	if (end > zone_end)
		end = zone_end;
	if (start >= end)
		return (struct map_range){ 0, 0 };
	return (struct map_range){ (pfn_t)start, (pfn_t)end };
}

bool map_cache_find(const struct view *v, const struct map_geometry *g, pfn_t pfn, size_t *row, int *cell)
{
	int z = phys_zone_of(view_phys(v), pfn);
	size_t index;

	if (z < 0)
		return false;
	index = (pfn >> g->shift) - (view_phys(v)->config->zone[z].start_pfn >> g->shift);
	*row = g->zone_row[z] + index / (size_t)g->cells;
	*cell = (int)(index % (size_t)g->cells);
	return true;
}

/* ------------------------------------------------------------------- cells */

void map_cache_count(const struct view *v, struct map_range r, u64 count[FRAME_USED + 1])
{
	const struct machine *m = &v->session->machine;

	if (early_is(m))
		early_count(m, r.start, r.end, count);
	else
		frame_count(&m->phys, r.start, r.end, count);
}

bool map_cache_by_type(const struct view *v)
{
	return v->map_by_type && !early_is(&v->session->machine);
}

/* By which state most of the cell is, or how much of it is taken. */
static struct map_cell cell_by_state(const u64 count[FRAME_USED + 1], u64 frames)
{
	u64 memory = frames - count[FRAME_NO_MEMORY];
	u64 taken = memory - count[FRAME_FREE];

	if (count[FRAME_NO_MEMORY] * 2 > frames)
		return (struct map_cell){ GLYPH_HOLE, 0, STYLE_HOLE };
	if (count[FRAME_RESERVED] * 2 > memory)
		return (struct map_cell){ GLYPH_RESERVED, 0, STYLE_RESERVED };
	if (count[FRAME_PCP] * 2 > memory)
		return (struct map_cell){ GLYPH_PCP, 0, STYLE_PCP };
	if (taken == 0)
		return (struct map_cell){ GLYPH_FREE, 0, STYLE_FREE };
	if (taken == memory)
		return (struct map_cell){ GLYPH_USED, 0, STYLE_USED };
	if (taken * 3 < memory)
		return (struct map_cell){ GLYPH_LITTLE_USED, 0, STYLE_USED };
	return (struct map_cell){ taken * 3 < memory * 2 ? GLYPH_MIXED : GLYPH_MUCH_USED, 0, STYLE_USED };
}

static enum style type_style(unsigned type)
{
	static const enum style styles[MT_COUNT] = {
		[MT_UNMOVABLE] = STYLE_UNMOVABLE,   [MT_MOVABLE] = STYLE_MOVABLE, [MT_RECLAIMABLE] = STYLE_RECLAIMABLE,
		[MT_HIGHATOMIC] = STYLE_HIGHATOMIC, [MT_CMA] = STYLE_CMA,         [MT_ISOLATE] = STYLE_RESERVED,
	};

	return type < MT_COUNT ? styles[type] : STYLE_HOLE;
}

void map_cache_types(const struct view *v, unsigned zone, struct map_range r, u32 count[MT_COUNT])
{
	const struct phys *p = view_phys(v);
	pfn_t base = pageblock_start(p, zone, 0);
	unsigned order = p->config->pageblock_order;

	memset(count, 0, MT_COUNT * sizeof *count);
	for (u32 n = (r.start - base) >> order; n <= (r.end - 1 - base) >> order; n++) {
		unsigned type = pageblock_type_at(p, zone, n);

		if (type < MT_COUNT)
			count[type]++;
	}
}

/* The type that a cell shows: of most of its page blocks, but one of the rare types is never hidden by others. */
static unsigned cell_type(const u32 count[MT_COUNT])
{
	unsigned most = 0;

	for (unsigned t = MT_COUNT - 1; t >= MT_PCPTYPES; t--)
		if (count[t])
			return t;
	for (unsigned t = 1; t < MT_PCPTYPES; t++)
		if (count[t] > count[most])
			most = t;
	return most;
}

/* Looked at for blocks that were handed out, where the events do not tell. */
#define BLOCKS_LOOKED_AT 256

/* Does a block of the range belong to one of the commands that the last operation did? */
static bool range_was_got(const struct view *v, struct map_range r)
{
	u64 pfn = r.start;

	for (int i = 0; i < BLOCKS_LOOKED_AT && pfn < r.end; i++) {
		struct frame_info info = frame_describe(view_phys(v), (pfn_t)pfn);

		if (info.state == FRAME_USED && info.owner > v->before.number)
			return true;
		pfn = (u64)info.block + ((u64)1 << info.order);
	}
	return false;
}

static bool range_has_changed(const struct view *v, struct map_range r, const u64 count[FRAME_USED + 1])
{
	if (changes_has_frame(&v->changes.now, r.start, r.end))
		return true;
	return v->changes.incomplete && v->before.valid && count[FRAME_USED] && range_was_got(v, r);
}

/* A cell with frames of a contiguous memory area: they are rare, so they are never hidden by others. */
static struct map_cell cell_of_area(const struct phys *p, unsigned area, struct map_range r)
{
	struct cma_use use = cma_use_count(p, area, r.start, r.end);

	return (struct map_cell){ GLYPH_USED, use.given ? 'C' : use.lent ? 'l' : 'c', STYLE_CMA };
}

/* Adds the type that the cell shows to *types, by type. */
static struct map_cell make_cell(const struct view *v, unsigned zone, struct map_range r, unsigned *types)
{
	const struct phys *p = view_phys(v);
	u64 count[FRAME_USED + 1], frames = r.end - r.start;
	struct map_cell cell;
	u32 blocks[MT_COUNT];
	unsigned type;
	int area;

	if (!frames)
		return (struct map_cell){ GLYPH_HOLE, ' ', STYLE_TEXT };
	map_cache_count(v, r, count);
	cell = cell_by_state(count, frames);
	area = early_is(&v->session->machine) ? -1 : cma_use_area(p, r.start, r.end);
	if (map_cache_by_type(v) && cell.glyph != GLYPH_HOLE) {
		map_cache_types(v, zone, r, blocks);
		type = cell_type(blocks);
		*types |= 1u << type;
		cell.letter = migratetype_letter(type);
		/* Small letters: most of it is free. */
		if (count[FRAME_FREE] * 2 >= frames - count[FRAME_NO_MEMORY])
			cell.letter = (char)tolower((unsigned char)cell.letter);
		cell.style = type_style(type);
	} else if (area >= 0)
		cell = cell_of_area(p, (unsigned)area, r);
	if (range_has_changed(v, r, count))
		cell = (struct map_cell){ GLYPH_CHANGED, 0, STYLE_CHANGED };
	else if (changes_has_frame(&v->changes.left, r.start, r.end))
		cell = (struct map_cell){ GLYPH_LEFT, 0, STYLE_CHANGED };
	/* That it changed is still to be seen by the style. */
	if (address_look_is_behind(v, r.start, r.end))
		cell =
		    (struct map_cell){ GLYPH_BEHIND, 0, cell.style == STYLE_CHANGED ? STYLE_CHANGED : STYLE_SELECTED };
	return cell;
}

static bool same_geometry(const struct map_geometry *a, const struct map_geometry *b)
{
	return a->cells == b->cells && a->rows == b->rows && a->shift == b->shift;
}

void map_cache_prepare(struct view *v, const struct map_geometry *g)
{
	struct map_cache *c = v->map;
	size_t need = (size_t)g->rows * (size_t)g->cells;

	if (!c)
		c = v->map = calloc(1, sizeof *c);
	if (!c)
		return;
	if (v->addresses.linked)
		address_look_prepare(v);
	if (c->state == v->seen && c->first == v->map_scroll && c->by_type == map_cache_by_type(v) &&
	    c->link == address_look_link(v) && same_geometry(&c->geometry, g))
		return;
	if (need > c->capacity) {
		free(c->cell);
		c->cell = malloc(need * sizeof *c->cell);
		c->capacity = c->cell ? need : 0;
		if (!c->cell)
			return;
	}
	c->state = v->seen;
	c->first = v->map_scroll;
	c->by_type = map_cache_by_type(v);
	c->link = address_look_link(v);
	c->geometry = *g;
	c->holes = c->left = c->behind = false;
	c->types = 0;
	for (int y = 0; y < g->rows; y++) {
		size_t row = c->first + (size_t)y;

		for (int x = 0; x < g->cells; x++) {
			struct map_range r = { 0, 0 };

			if (row < g->zone_row[g->zones])
				r = map_cache_range(v, g, row, x);
			c->cell[y * g->cells + x] = make_cell(v, map_cache_zone(g, row), r, &c->types);
			c->holes |= c->cell[y * g->cells + x].style == STYLE_HOLE;
			c->left |= c->cell[y * g->cells + x].glyph == GLYPH_LEFT;
			c->behind |= c->cell[y * g->cells + x].glyph == GLYPH_BEHIND;
		}
	}
}
