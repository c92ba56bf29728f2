/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three sets of special characters: UTF-8, line drawing of the terminal, ASCII. */
#ifndef KM_UI_GLYPHS_H
#define KM_UI_GLYPHS_H

enum glyph {
	GLYPH_HLINE,
	GLYPH_VLINE,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_TEE_LEFT,
	GLYPH_TEE_RIGHT,
	GLYPH_TEE_TOP,
	GLYPH_TEE_BOTTOM,
	GLYPH_CROSS,
	GLYPH_FREE,
	GLYPH_PCP,
	GLYPH_USED,
	GLYPH_RESERVED,
	GLYPH_HOLE,
	GLYPH_MIXED,
	GLYPH_ARROW,
	GLYPH_ELLIPSIS,
	GLYPH_CHANGED,
	GLYPH_LITTLE_USED,
	GLYPH_MUCH_USED, /* GLYPH_MIXED lies between them */
	GLYPH_FOCUS, /* in front of the title of the panel that has the keys */
	GLYPH_CURSOR, /* of the map */
	GLYPH_UP,
	GLYPH_DOWN, /* there is more above, below */
	GLYPH_LEFT, /* a page moved away from there */
	GLYPH_BAR_1, /* of a plot: a cell filled from below by an eighth, two ... */
	GLYPH_BAR_2,
	GLYPH_BAR_3,
	GLYPH_BAR_4,
	GLYPH_BAR_5,
	GLYPH_BAR_6,
	GLYPH_BAR_7,
	GLYPH_BAR_8,
	GLYPH_BEHIND, /* of the map: behind the address that is chosen */
	GLYPH_COUNT
};

enum glyph_set {
	GLYPHS_UTF8,
	GLYPHS_LINES, /* the terminal's alternate character set; the backend turns these cells into ACS */
	GLYPHS_ASCII,
};

/*
 * The glyph in a set, one column wide.  In GLYPHS_LINES it is one byte, with
 * which no UTF-8 begins, for the backend to translate; what the terminal has
 * not is shown as in ASCII.
 */
const char *glyph(enum glyph_set set, enum glyph g);

/* Which glyph of GLYPHS_LINES the text of a cell is; GLYPH_COUNT: none, it is text. */
enum glyph glyph_of_text(const char *text);

#endif
