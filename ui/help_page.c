/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_page.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define KEY_COLS 17

/* A line without a key is a heading, one without a text is blank.  All fit in 80 columns. */
static const struct hint lines[] = {
	{ "", N_("What you type goes to the prompt.  help lists the commands.") },
	{ "", "" },
	{ "", N_("AT ANY TIME") },
	{ N_("F1"), N_("this page; ? does the same on an empty line") },
	{ N_("F2 F3 F4 F5"), N_("give the keys to a panel, or back to the prompt") },
	{ N_("F7, F9"), N_("zones, trend; on a small screen they stay until F3 or F4 brings the map") },
	{ N_("F11"), N_("kernel addresses, areas, pages; they also come with what is about them") },
	{ N_("F12"), N_("slab caches, their slabs and objects; they also come with what is about them") },
	{ N_("F6, Shift-Tab"), N_("give the keys to the next panel, or to the one before") },
	{ N_("F8"), N_("single step: stop at each event of an operation, or not") },
	{ N_("F10, Ctrl-D"), N_("leave kmemlab") },
	{ N_("Ctrl-L, Ctrl-Z"), N_("draw the screen again; stop kmemlab (fg goes on)") },
	{ "", "" },
	{ "", N_("AT THE PROMPT") },
	{ N_("Tab"), N_("complete, again: more of the list; on an empty line: panels") },
	{ N_("Up, Down, Ctrl-R"), N_("earlier lines; search for one") },
	{ N_("PgUp, PgDn"), N_("scroll what happened, or a long output") },
	{ N_("Ctrl-C"), N_("throw the line away; stop a long command") },
	{ "", "" },
	{ "", N_("WHILE STEPPING") },
	{ N_("Space, Enter"), N_("on to the next event; Right does the same") },
	{ N_("r"), N_("run on to the end of the operation") },
	{ N_("q, F8"), N_("stop stepping") },
	{ "", "" },
	{ "", N_("IN A LESSON") },
	{ N_("Space, Enter"), N_("go on") },
	{ N_("q"), N_("leave it; the machine stays as it is") },
	{ "", "" },
	{ "", N_("WHILE A PANEL HAS THE KEYS") },
	{ N_("q, Enter"), N_("back to the prompt") },
	{ N_("other keys"), N_("those that are not the panel's are typed at the prompt") },
};

/* Behind the keys of the panels: what the panels show.  A key that is no text of a language is a glyph. */
static const struct sign {
	enum glyph glyph[3]; /* up to the first GLYPH_COUNT */
	enum style style;
	const char *text; /* in place of glyphs; "" for a heading; NULL: the glyphs */
	const char *means;
} signs[] = {
	{ { GLYPH_COUNT }, STYLE_TITLE, "", N_("WHAT THE SIGNS MEAN") },
	{ { GLYPH_COUNT },
	  STYLE_CHANGED,
	  "12+1  12-1",
	  N_("12 now: one more, one fewer than before the last command") },
	{ { GLYPH_COUNT }, STYLE_CHANGED, "223k-32  12+", N_("the same in thousands; or by how much does not fit") },
	{ { GLYPH_COUNT }, STYLE_CHANGED, "+0x1000", N_("in a list: a block that the last command put there") },
	{ { GLYPH_ARROW, GLYPH_COUNT }, STYLE_TEXT, NULL, N_("from, to: blocks side by side; (217): so many of them") },
	{ { GLYPH_FREE, GLYPH_COUNT }, STYLE_FREE, NULL, N_("a cell of the map whose page frames are all free") },
	{ { GLYPH_LITTLE_USED, GLYPH_MIXED, GLYPH_MUCH_USED },
	  STYLE_USED,
	  NULL,
	  N_("partly in use: below a third, below two thirds, more") },
	{ { GLYPH_USED, GLYPH_COUNT }, STYLE_USED, NULL, N_("all in use") },
	{ { GLYPH_PCP, GLYPH_COUNT }, STYLE_PCP, NULL, N_("most of it is on the lists of a CPU") },
	{ { GLYPH_RESERVED, GLYPH_COUNT }, STYLE_RESERVED, NULL, N_("most of it is the kernel's own, and never free") },
	{ { GLYPH_HOLE, GLYPH_COUNT }, STYLE_HOLE, NULL, N_("most of it is no memory at all") },
	{ { GLYPH_CHANGED, GLYPH_COUNT }, STYLE_CHANGED, NULL, N_("the last command changed something in it") },
	{ { GLYPH_LEFT, GLYPH_COUNT }, STYLE_CHANGED, NULL, N_("a page moved out of it, to make room") },
	{ { GLYPH_COUNT }, STYLE_CMA, "c l C", N_("of a CMA area: free; lent to movable pages; given out") },
	{ { GLYPH_BEHIND, GLYPH_COUNT },
	  STYLE_SELECTED,
	  NULL,
	  N_("behind the address that is chosen: the same sign stands in front of it") },
	{ { GLYPH_COUNT },
	  STYLE_MOVABLE,
	  "U M R H C I",
	  N_("by type: the page blocks' type; small letters: mostly free") },
	{ { GLYPH_CURSOR, GLYPH_COUNT },
	  STYLE_CURSOR,
	  NULL,
	  N_("where the map's cursor is; its frame is told below the map") },
	{ { GLYPH_DOWN, GLYPH_COUNT },
	  STYLE_CHANGED,
	  NULL,
	  N_("in a zone's gauge: so much had to stay free for the request") },
	{ { GLYPH_MIXED, GLYPH_COUNT },
	  STYLE_RECLAIMABLE,
	  NULL,
	  N_("in a zone's gauge: pages of files and processes, which can be reclaimed") },
	{ { GLYPH_USED, GLYPH_FREE, GLYPH_COUNT },
	  STYLE_USED,
	  NULL,
	  N_("in a slab: an object that is in use; one that is free") },
	{ { GLYPH_PCP, GLYPH_MIXED, GLYPH_COUNT },
	  STYLE_PCP,
	  NULL,
	  N_("in a slab: free, but at hand for a CPU; for all CPUs") },
	{ { GLYPH_COUNT }, STYLE_TEXT, "64K+4K", N_("of an area of addresses: its pages, and its guard page") },
	{ { GLYPH_USED, GLYPH_RESERVED, GLYPH_HOLE },
	  STYLE_USED,
	  NULL,
	  N_("of an area: a page, one of a device; the guard page, which is never mapped") },
	{ { GLYPH_MIXED, GLYPH_USED, GLYPH_RESERVED },
	  STYLE_USED,
	  NULL,
	  N_("in a page table: an entry that leads to a table; to memory; to a device") },
	{ { GLYPH_COUNT }, STYLE_CHANGED, "+ -", N_("in a slab: the last command got it; gave it back") },
	{ { GLYPH_COUNT }, STYLE_ERROR, "00!", N_("of an object: a byte that poison or a red zone should not be") },
	{ { GLYPH_FOCUS, GLYPH_COUNT },
	  STYLE_FOCUS,
	  NULL,
	  N_("the row or list that is chosen; the panel that has the keys") },
};

/* Where the next line goes. */
struct sheet {
	struct grid *g;
	struct rect r;
	enum glyph_set set;
	size_t scroll, line;
};

/* The row of the next line; -1: it is not visible. */
static int next_row(struct sheet *p)
{
	size_t row = p->line - p->scroll;

	p->line++;
	return p->line <= p->scroll || row >= (size_t)p->r.rows ? -1 : p->r.y + (int)row;
}

static void put_line(struct sheet *p, const char *key, const char *text)
{
	int y = next_row(p), used = *key != '\0' ? KEY_COLS : 0;

	if (y < 0)
		return;
	grid_put(p->g, y, p->r.x + 1, used - 1, STYLE_KEY, key);
	grid_put(p->g, y, p->r.x + 1 + used, p->r.cols - 1 - used, used > 0 ? STYLE_TEXT : STYLE_TITLE, text);
}

static void put_sign(struct sheet *p, const struct sign *s)
{
	int y, x = p->r.x + 1;

	if (s->text != NULL && *s->text == '\0') {
		put_line(p, "", "");
		put_line(p, "", _(s->means));
		return;
	}
	y = next_row(p);
	if (y < 0)
		return;
	if (s->text != NULL)
		grid_put(p->g, y, x, KEY_COLS - 1, s->style, s->text);
	for (size_t i = 0; s->text == NULL && i < ARRAY_SIZE(s->glyph) && s->glyph[i] != GLYPH_COUNT; i++)
		grid_glyph(p->g, y, x + (int)i, s->style, p->set, s->glyph[i]);
	grid_put(p->g, y, x + KEY_COLS, p->r.cols - 1 - KEY_COLS, STYLE_TEXT, _(s->means));
}

/* The lines of a panel; a NULL sheet only counts. Returns how many. */
static size_t put_panel(struct sheet *p, const struct panel *panel)
{
	const char *more = panel->help_more ? _(panel->help_more) : "";
	size_t count = 1;
	char line[128];

	if (!panel->help)
		return 0;
	if (p)
		put_line(p, _(panel->title), _(panel->help));
	for (; *more; count++) {
		size_t length = strcspn(more, "\n");

		snprintf(line, sizeof line, "%.*s", (int)length, more);
		if (p)
			put_line(p, " ", line);
		more += length + (more[length] == '\n');
	}
	return count;
}

static size_t count_lines(const struct panel *const *panels)
{
	size_t n = ARRAY_SIZE(lines) + ARRAY_SIZE(signs) + 1; /* a heading is two lines */

	for (; *panels != NULL; panels++)
		n += put_panel(NULL, *panels);
	return n;
}

void help_page_draw(struct grid *g, struct rect r, enum glyph_set set, const struct panel *const *panels,
		    size_t *scroll)
{
	size_t total = count_lines(panels);
	struct sheet p = { g, r, set, 0, 0 };

	if (*scroll + (size_t)r.rows > total)
		*scroll = total > (size_t)r.rows ? total - (size_t)r.rows : 0;
	p.scroll = *scroll;
	grid_fill(g, r, STYLE_TEXT, " ");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct hint *h = &lines[i];

		put_line(&p, *h->key ? _(h->key) : "", *h->does ? _(h->does) : "");
	}
	for (; *panels != NULL; panels++)
		put_panel(&p, *panels);
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		put_sign(&p, &signs[i]);
}

int help_page_hints_width(const struct hint *hints)
{
	int width = 0;

	for (; hints->key != NULL; hints++)
		width += grid_width(_(hints->key)) + 1 + grid_width(_(hints->does)) + 2;
	return width > 0 ? width - 2 : 0;
}

void help_page_hints(struct grid *g, int y, int left, int right, const struct hint *hints)
{
	int x = right - help_page_hints_width(hints);

	if (x < left)
		x = left;
	for (; hints->key != NULL; hints++) {
		const char *key = _(hints->key), *does = _(hints->does);
		int need = grid_width(key) + 1 + grid_width(does);

		if (x + need > right)
			return;
		x += grid_put(g, y, x, right - x, STYLE_KEY, key) + 1;
		x += grid_put(g, y, x, right - x, STYLE_DIM, does) + 2;
	}
}
