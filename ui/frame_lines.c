/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frame_lines.h"

/* Where the lines go from a cell. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

static const enum glyph joints[16] = {
	[UP] = GLYPH_VLINE,
	[DOWN] = GLYPH_VLINE,
	[UP | DOWN] = GLYPH_VLINE,
	[LEFT] = GLYPH_HLINE,
	[RIGHT] = GLYPH_HLINE,
	[LEFT | RIGHT] = GLYPH_HLINE,
	[DOWN | RIGHT] = GLYPH_TOP_LEFT,
	[DOWN | LEFT] = GLYPH_TOP_RIGHT,
	[UP | RIGHT] = GLYPH_BOTTOM_LEFT,
	[UP | LEFT] = GLYPH_BOTTOM_RIGHT,
	[UP | DOWN | RIGHT] = GLYPH_TEE_LEFT,
	[UP | DOWN | LEFT] = GLYPH_TEE_RIGHT,
	[DOWN | LEFT | RIGHT] = GLYPH_TEE_TOP,
	[UP | LEFT | RIGHT] = GLYPH_TEE_BOTTOM,
	[UP | DOWN | LEFT | RIGHT] = GLYPH_CROSS,
};

/* The lines of one frame through a cell. */
static unsigned frame_joint(const struct rect *r, int y, int x)
{
	int top = r->y - 1, bottom = r->y + r->rows, left = r->x - 1, right = r->x + r->cols;
	unsigned joint = 0;

	if (r->rows <= 0 || y < top || y > bottom || x < left || x > right)
		return 0;
	if (x == left || x == right)
		joint |= (y > top ? UP : 0u) | (y < bottom ? DOWN : 0u);
	if (y == top || y == bottom)
		joint |= (x > left ? LEFT : 0u) | (x < right ? RIGHT : 0u);
	return joint;
}

static void draw_joint(struct grid *g, const struct rect *inside, int count, int y, int x, enum style style,
		       enum glyph_set set)
{
	unsigned joint = 0;

	for (int i = 0; i < count; i++)
		joint |= frame_joint(&inside[i], y, x);
	grid_glyph(g, y, x, style, set, joints[joint]);
}

static void draw_frame(struct grid *g, const struct rect *inside, int count, int which, enum style style,
		       enum glyph_set set)
{
	const struct rect *r = &inside[which];

	for (int x = r->x - 1; x <= r->x + r->cols; x++) {
		draw_joint(g, inside, count, r->y - 1, x, style, set);
		draw_joint(g, inside, count, r->y + r->rows, x, style, set);
	}
	for (int y = r->y; y < r->y + r->rows; y++) {
		draw_joint(g, inside, count, y, r->x - 1, style, set);
		draw_joint(g, inside, count, y, r->x + r->cols, style, set);
	}
}

void frame_lines_draw(struct grid *g, const struct rect *inside, int count, int focus, enum glyph_set set)
{
	for (int i = 0; i < count; i++)
		if (i != focus && inside[i].rows > 0)
			draw_frame(g, inside, count, i, STYLE_FRAME, set);
	if (focus >= 0 && inside[focus].rows > 0)
		draw_frame(g, inside, count, focus, STYLE_FOCUS, set);
}
