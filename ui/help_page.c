/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/help_page.h"

#include "base/text.h"

#include <string.h>

#define KEY_COLS 17

/* A line without a key is a heading, one without a text is blank.  All fit in 80 columns. */
static const struct hint lines[] = {
	{ "", N_("What you type goes to the prompt.  help lists the commands.") },
	{ "", "" },
	{ "", N_("AT ANY TIME") },
	{ N_("F1"), N_("this page; ? does the same on an empty line") },
	{ N_("F2 F3 F4 F5"), N_("give the keys to a panel, or back to the prompt") },
	{ N_("F7"), N_("zones; on a small screen they stay, until F3 or F4 brings the map back") },
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
	{ N_("r, F9"), N_("run on to the end of the operation") },
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

/* Where the next line goes. */
struct sheet {
	struct grid *g;
	struct rect r;
	size_t scroll, line;
};

static void put_line(struct sheet *p, const char *key, const char *text)
{
	size_t row = p->line - p->scroll;
	int y = p->r.y + (int)row, used = 0;

	p->line++;
	if (p->line <= p->scroll || row >= (size_t)p->r.rows)
		return;
	if (*key != '\0')
		used = KEY_COLS;
	grid_put(p->g, y, p->r.x + 1, used - 1, STYLE_KEY, key);
	grid_put(p->g, y, p->r.x + 1 + used, p->r.cols - 1 - used, used > 0 ? STYLE_TEXT : STYLE_TITLE, text);
}

static size_t count_lines(const struct panel *const *panels)
{
	size_t n = ARRAY_SIZE(lines);

	for (; *panels != NULL; panels++)
		n += (*panels)->help != NULL;
	return n;
}

void help_page_draw(struct grid *g, struct rect r, const struct panel *const *panels, size_t *scroll)
{
	size_t total = count_lines(panels);
	struct sheet p = { g, r, 0, 0 };

	if (*scroll + (size_t)r.rows > total)
		*scroll = total > (size_t)r.rows ? total - (size_t)r.rows : 0;
	p.scroll = *scroll;
	grid_fill(g, r, STYLE_TEXT, " ");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct hint *h = &lines[i];

		put_line(&p, *h->key ? _(h->key) : "", *h->does ? _(h->does) : "");
	}
	for (; *panels != NULL; panels++)
		if ((*panels)->help != NULL)
			put_line(&p, _((*panels)->title), _((*panels)->help));
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
