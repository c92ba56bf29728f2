/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/address_link.h"

#include "ui/map_cache.h"
#include "ui/panel_addresses.h"

#include <string.h>

/* Is a frame behind the address in this row of the map, counted from the first that is visible? Any number is allowed.
 */
static bool row_is_behind(const struct map_cache *m, int row)
{
	for (int x = 0; row >= 0 && row < m->geometry.rows && x < m->geometry.cells; x++)
		if (m->cell[row * m->geometry.cells + x].glyph == GLYPH_BEHIND)
			return true;
	return false;
}

/* From the text of the row to the border at `x`, if there is a gap. */
static void draw_start(const struct view *v, struct grid *g, int y, int from, int x)
{
	int blank = x;

	while (blank > from && strcmp(grid_cell(g, y, blank - 1)->text, " ") == 0)
		blank--;
	for (int at = blank + 1; at < x; at++)
		grid_glyph(g, y, at, STYLE_LINK, v->glyphs, GLYPH_HLINE);
}

void address_link_draw(const struct view *v, struct grid *g, struct rect addresses, struct rect map)
{
	bool beside = map.x == addresses.x + addresses.cols + 1, below = map.x == addresses.x;
	int start = addresses.rows > 0 ? panel_addresses_chosen(v, addresses) : -1, x = map.x - 1, first, last;

	if (start < 0 || map.rows <= 0 || !(beside || below) || !v->map || !v->map->cell || !v->map->behind)
		return;
	first = last = start;
	for (int n = 0; n < v->map->geometry.rows && n < map.rows; n++) {
		if (!row_is_behind(v->map, n))
			continue;
		first = map.y + n < first ? map.y + n : first;
		last = map.y + n > last ? map.y + n : last;
	}
	for (int y = first; y <= last; y++)
		grid_restyle(g, (struct rect){ y, x, 1, 1 }, STYLE_LINK);
	for (int n = 0; n < v->map->geometry.rows && n < map.rows; n++) {
		if (!row_is_behind(v->map, n))
			continue;
		grid_glyph(g, map.y + n, x, STYLE_LINK, v->glyphs,
			   beside && map.y + n == start ? GLYPH_CROSS : GLYPH_TEE_LEFT);
		grid_glyph(g, map.y + n, map.x, STYLE_LINK, v->glyphs, GLYPH_ARROW);
	}
	if (beside)
		draw_start(v, g, start, addresses.x, x);
	if (!beside || !row_is_behind(v->map, start - map.y))
		grid_glyph(g, start, x, STYLE_LINK, v->glyphs, beside ? GLYPH_TEE_RIGHT : GLYPH_TEE_LEFT);
}
