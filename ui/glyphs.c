/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/glyphs.h"

/* UTF-8 and ASCII; both one column wide. */
static const char *const glyphs[GLYPH_COUNT][2] = {
	[GLYPH_HLINE] = { "─", "-" },      [GLYPH_VLINE] = { "│", "|" },       [GLYPH_TOP_LEFT] = { "┌", "+" },
	[GLYPH_TOP_RIGHT] = { "┐", "+" },  [GLYPH_BOTTOM_LEFT] = { "└", "+" }, [GLYPH_BOTTOM_RIGHT] = { "┘", "+" },
	[GLYPH_TEE_LEFT] = { "├", "+" },   [GLYPH_TEE_RIGHT] = { "┤", "+" },   [GLYPH_TEE_TOP] = { "┬", "+" },
	[GLYPH_TEE_BOTTOM] = { "┴", "+" }, [GLYPH_CROSS] = { "┼", "+" },       [GLYPH_FREE] = { "·", "." },
	[GLYPH_PCP] = { "○", "o" },        [GLYPH_USED] = { "█", "#" },        [GLYPH_RESERVED] = { "≡", "=" },
	[GLYPH_HOLE] = { "╌", "-" },       [GLYPH_MIXED] = { "▒", "+" },       [GLYPH_ARROW] = { "→", ">" },
	[GLYPH_ELLIPSIS] = { "…", "~" },   [GLYPH_CHANGED] = { "◆", "*" },     [GLYPH_LITTLE_USED] = { "░", ":" },
	[GLYPH_MUCH_USED] = { "▓", "%" },  [GLYPH_FOCUS] = { "▶", ">" },       [GLYPH_CURSOR] = { "┼", "X" },
	[GLYPH_UP] = { "↑", "^" },         [GLYPH_DOWN] = { "↓", "v" },        [GLYPH_LEFT] = { "◇", "x" },
	[GLYPH_BAR_1] = { "▁", "." },      [GLYPH_BAR_2] = { "▂", "." },       [GLYPH_BAR_3] = { "▃", ":" },
	[GLYPH_BAR_4] = { "▄", ":" },      [GLYPH_BAR_5] = { "▅", ":" },       [GLYPH_BAR_6] = { "▆", "#" },
	[GLYPH_BAR_7] = { "▇", "#" },      [GLYPH_BAR_8] = { "█", "#" },       [GLYPH_BEHIND] = { "@", "@" },
};

/* The bytes of GLYPHS_LINES: those that go on a character of UTF-8. */
#define LINES_FIRST 0x80
#define L(n)                              \
	{                                 \
		(char)(LINES_FIRST + (n)) \
	}

static const char lines[GLYPH_COUNT][2] = {
	L(0),  L(1),  L(2),  L(3),  L(4),  L(5),  L(6),  L(7),  L(8),  L(9),  L(10), L(11),
	L(12), L(13), L(14), L(15), L(16), L(17), L(18), L(19), L(20), L(21), L(22), L(23),
	L(24), L(25), L(26), L(27), L(28), L(29), L(30), L(31), L(32), L(33), L(34), L(35),
};

const char *glyph(enum glyph_set set, enum glyph g)
{
	if (set == GLYPHS_LINES)
		return lines[g];
	return glyphs[g][set == GLYPHS_ASCII];
}

enum glyph glyph_of_text(const char *text)
{
	unsigned byte = (unsigned char)text[0];

	return byte >= LINES_FIRST && byte < LINES_FIRST + GLYPH_COUNT && !text[1] ? (enum glyph)(byte - LINES_FIRST)
										   : GLYPH_COUNT;
}
