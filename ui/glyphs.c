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
};

/* "\1", "\2" ...: the bytes of GLYPHS_LINES. */
static const char lines[GLYPH_COUNT][2] = {
	"\001", "\002", "\003", "\004", "\005", "\006", "\007", "\010", "\011", "\012", "\013", "\014", "\015", "\016",
	"\017", "\020", "\021", "\022", "\023", "\024", "\025", "\026", "\027", "\030", "\031", "\032", "\033",
};

const char *glyph(enum glyph_set set, enum glyph g)
{
	if (set == GLYPHS_LINES)
		return lines[g];
	return glyphs[g][set == GLYPHS_ASCII];
}
