/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel.h"

#include "base/text.h"

size_t panel_first(size_t scroll, size_t total, int rows)
{
	size_t last = rows > 0 && total > (size_t)rows ? total - (size_t)rows : 0;

	return scroll < last ? scroll : last;
}

bool panel_scroll(size_t *scroll, size_t total, int rows, int key)
{
	size_t at = panel_first(*scroll, total, rows);
	size_t page = rows > 2 ? (size_t)rows - 1 : 1;

	switch (key) {
	case KEY_UP_:
		at -= at > 0;
		break;
	case KEY_DOWN_:
		at++;
		break;
	case KEY_PAGE_UP:
		at -= at < page ? at : page;
		break;
	case KEY_PAGE_DOWN:
		at += page;
		break;
	case KEY_HOME_:
		at = 0;
		break;
	case KEY_END_:
		at = total;
		break;
	default:
		return false;
	}
	*scroll = panel_first(at, total, rows);
	return true;
}

void panel_arrows(struct grid *g, struct rect r, enum glyph_set set, size_t first, size_t total)
{
	int x = r.x + r.cols - 1;

	if (first > 0)
		grid_glyph(g, r.y, x, STYLE_DIM, set, GLYPH_UP);
	if (r.rows > 0 && first + (size_t)r.rows < total)
		grid_glyph(g, r.y + r.rows - 1, x, STYLE_DIM, set, GLYPH_DOWN);
}

void panel_range(size_t first, size_t total, int rows, struct strbuf *out)
{
	if (rows > 0 && total > (size_t)rows)
		strbuf_printf(out, _("%zu-%zu of %zu"), first + 1, first + (size_t)rows, total);
}
