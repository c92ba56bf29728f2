/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/theme.h"

#include "base/text.h"

#include <string.h>

enum { NONE = THEME_DEFAULT, BLACK = 0, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

#define B THEME_BOLD
#define D THEME_DIM
#define U THEME_UNDERLINE
#define R THEME_REVERSE

/*
 * A style by the terminal's eight colours, and by the palette of 256 where
 * there is one.  Attributes count with colours; without, `mono` is used:
 * whatever must be told apart differs in it or in its glyph.
 */
struct look {
	struct theme_look basic, rich;
	unsigned mono;
};

struct theme {
	const char *name;
	bool mono;
	struct look look[STYLE_COUNT];
};

#define SAME(colour, background, attrs)   \
	{ colour, background, attrs },    \
	{                                 \
		colour, background, attrs \
	}

static const struct theme themes[] = {
	/* Colours that can be read on a dark and on a light background. */
	{ "default",
	  false,
	  {
	      [STYLE_TEXT] = { SAME(NONE, NONE, 0), 0 },
	      [STYLE_DIM] = { { NONE, NONE, D }, { 244, NONE, 0 }, D },
	      [STYLE_TITLE] = { SAME(NONE, NONE, B), B },
	      [STYLE_FRAME] = { { NONE, NONE, D }, { 242, NONE, 0 }, D },
	      [STYLE_FOCUS] = { { CYAN, NONE, B }, { 39, NONE, B }, B },
	      [STYLE_STATUS] = { SAME(NONE, NONE, R), R },
	      [STYLE_PROMPT] = { { CYAN, NONE, B }, { 39, NONE, B }, B },
	      [STYLE_SAY] = { { CYAN, NONE, 0 }, { 37, NONE, 0 }, 0 },
	      [STYLE_ERROR] = { { RED, NONE, B }, { 160, NONE, B }, B },
	      [STYLE_WARNING] = { { YELLOW, NONE, B }, { 172, NONE, B }, B },
	      [STYLE_GOOD] = { { GREEN, NONE, B }, { 34, NONE, B }, B },
	      [STYLE_CHANGED] = { { BLACK, YELLOW, 0 }, { 16, 220, 0 }, R },
	      [STYLE_SELECTED] = { SAME(NONE, NONE, R), R },
	      [STYLE_CURSOR] = { SAME(NONE, NONE, R | B), R | B },
	      [STYLE_KEY] = { { CYAN, NONE, B }, { 39, NONE, B }, B },
	      [STYLE_FREE] = { { GREEN, NONE, 0 }, { 71, NONE, 0 }, 0 },
	      [STYLE_PCP] = { { CYAN, NONE, 0 }, { 38, NONE, 0 }, U },
	      [STYLE_USED] = { { YELLOW, NONE, 0 }, { 172, NONE, 0 }, B },
	      [STYLE_RESERVED] = { { MAGENTA, NONE, 0 }, { 133, NONE, 0 }, D },
	      [STYLE_HOLE] = { { NONE, NONE, D }, { 240, NONE, 0 }, D },
	      [STYLE_UNMOVABLE] = { { RED, NONE, 0 }, { 167, NONE, 0 }, 0 },
	      [STYLE_MOVABLE] = { { GREEN, NONE, 0 }, { 71, NONE, 0 }, 0 },
	      [STYLE_RECLAIMABLE] = { { YELLOW, NONE, 0 }, { 172, NONE, 0 }, 0 },
	      [STYLE_HIGHATOMIC] = { { MAGENTA, NONE, 0 }, { 133, NONE, 0 }, B },
	      [STYLE_CMA] = { { CYAN, NONE, 0 }, { 38, NONE, 0 }, U },
	      [STYLE_LINK] = { { MAGENTA, NONE, B }, { 170, NONE, B }, B },
	  } },
	/* Bright, for a projector: full colours, bold throughout, marks that cannot be missed. */
	{ "bright",
	  false,
	  {
	      [STYLE_TEXT] = { SAME(NONE, NONE, B), B },          [STYLE_DIM] = { SAME(NONE, NONE, 0), 0 },
	      [STYLE_TITLE] = { SAME(NONE, NONE, B | U), B | U }, [STYLE_FRAME] = { SAME(NONE, NONE, 0), 0 },
	      [STYLE_FOCUS] = { SAME(WHITE, BLUE, B), B | R },    [STYLE_STATUS] = { SAME(WHITE, BLUE, B), R | B },
	      [STYLE_PROMPT] = { SAME(CYAN, NONE, B), B },        [STYLE_SAY] = { SAME(CYAN, NONE, B), B },
	      [STYLE_ERROR] = { SAME(WHITE, RED, B), R | B },     [STYLE_WARNING] = { SAME(BLACK, YELLOW, 0), R },
	      [STYLE_GOOD] = { SAME(GREEN, NONE, B), B },         [STYLE_CHANGED] = { SAME(BLACK, YELLOW, 0), R | B },
	      [STYLE_SELECTED] = { SAME(BLACK, CYAN, 0), R },     [STYLE_CURSOR] = { SAME(WHITE, RED, B), R | B },
	      [STYLE_KEY] = { SAME(CYAN, NONE, B), B | U },       [STYLE_FREE] = { SAME(GREEN, NONE, B), 0 },
	      [STYLE_PCP] = { SAME(CYAN, NONE, B), U },           [STYLE_USED] = { SAME(YELLOW, NONE, B), B },
	      [STYLE_RESERVED] = { SAME(MAGENTA, NONE, B), 0 },   [STYLE_HOLE] = { SAME(NONE, NONE, 0), D },
	      [STYLE_UNMOVABLE] = { SAME(RED, NONE, B), B },      [STYLE_MOVABLE] = { SAME(GREEN, NONE, B), B },
	      [STYLE_RECLAIMABLE] = { SAME(YELLOW, NONE, B), B }, [STYLE_HIGHATOMIC] = { SAME(MAGENTA, NONE, B), B },
	      [STYLE_CMA] = { SAME(CYAN, NONE, B), U },           [STYLE_LINK] = { SAME(MAGENTA, NONE, B), B },
	  } },
};

static const struct theme mono = { "mono", true, { { SAME(NONE, NONE, 0), 0 } } };

const char *theme_name(size_t n)
{
	if (n < ARRAY_SIZE(themes))
		return themes[n].name;
	return n == ARRAY_SIZE(themes) ? mono.name : NULL;
}

const struct theme *theme_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(themes); i++)
		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
	return strcmp(mono.name, name) == 0 ? &mono : NULL;
}

bool theme_is_mono(const struct theme *theme)
{
	return theme->mono;
}

struct theme_look theme_look(const struct theme *theme, enum style style, int colours)
{
	struct theme_look look = { THEME_DEFAULT, THEME_DEFAULT, 0 };

	if (theme->mono || colours < 8)
		look.attrs = themes[0].look[style].mono;
	else
		look = colours >= 256 ? theme->look[style].rich : theme->look[style].basic;
	return look;
}
