/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/stage.h"

#include "base/text.h"
#include "ui/help_page.h"
#include "ui/matches.h"
#include "ui/panel_events.h"
#include "ui/panel_free_lists.h"
#include "ui/panel_list.h"
#include "ui/panel_map.h"
#include "ui/panel_text.h"
#include "ui/panel_trend.h"
#include "ui/panel_zones.h"
#include "ui/prompt.h"
#include "ui/terminal.h"

#include <string.h>

/* What the mouse's wheel moves at a time. */
#define WHEEL_LINES 3

static const struct hint prompt_hints[] = {
	{ N_("F1"), N_("keys") }, { N_("Tab"), N_("panels") }, { N_("F8"), N_("steps") }, { N_("F10"), N_("leave") },
	{ NULL, NULL },
};
static const struct hint prompt_hints_steps[] = {
	{ N_("F1"), N_("keys") }, { N_("Tab"), N_("panels") }, { N_("F8"), N_("no steps") }, { N_("F10"), N_("leave") },
	{ NULL, NULL },
};
static const struct hint running_hints[] = { { N_("Ctrl-C"), N_("stop") }, { NULL, NULL } };
static const struct hint stepping_hints[] = {
	{ N_("Space"), N_("next event") },
	{ N_("r"), N_("run on") },
	{ N_("q"), N_("stop stepping") },
	{ NULL, NULL },
};
static const struct hint paused_hints[] = {
	{ N_("Space"), N_("goes on") },
	{ N_("q"), N_("leaves the lesson") },
	{ NULL, NULL },
};
static const struct hint paused_hints_more[] = {
	{ N_("Space"), N_("goes on") },
	{ N_("PgDn"), N_("reads on") },
	{ N_("q"), N_("leaves the lesson") },
	{ NULL, NULL },
};
static const struct hint help_hints[] = {
	{ N_("Up, Down, PgUp, PgDn"), N_("scroll") },
	{ N_("q"), N_("back") },
	{ NULL, NULL },
};

void stage_open(struct stage *s, const struct session *session, enum glyph_set glyphs, const struct theme *theme,
		bool colour)
{
	memset(s, 0, sizeof *s);
	view_init(&s->view, session, glyphs);
	s->focus = LAYOUT_NO_FOCUS;
	backend_curses_open(&s->backend, theme, colour);
}

void stage_close(struct stage *s)
{
	backend_curses_close(&s->backend);
	view_free(&s->view);
	grid_free(&s->grid);
}

bool stage_resize(struct stage *s)
{
	int rows, cols;

	terminal_size(&rows, &cols);
	if (s->grid.cells == NULL || rows != s->grid.rows || cols != s->grid.cols) {
		grid_free(&s->grid);
		if (!grid_init(&s->grid, rows, cols))
			return false;
	}
	layout_make(&s->layout, rows - 1, cols);
	prompt_resize(rows, cols);
	backend_curses_forget(&s->backend);
	return true;
}

/* ------------------------------------------------------------- drawing */

/* Is there more text than is visible? */
static bool text_overflows(const struct stage *s)
{
	int panel = layout_scroller(&s->layout, &s->view);

	return panel != LAYOUT_NO_FOCUS && s->layout.place[panel].panel == &panel_text;
}

static const struct hint *mode_hints(const struct stage *s)
{
	if (s->help)
		return help_hints;
	switch (s->mode) {
	case STAGE_RUNNING:
		return running_hints;
	case STAGE_STEPPING:
		return stepping_hints;
	case STAGE_PAUSED:
		return text_overflows(s) ? paused_hints_more : paused_hints;
	case STAGE_TYPING:
		return paused_hints;
	default:
		return s->steps ? prompt_hints_steps : prompt_hints;
	}
}

/* The keys of the panel that has them, where the prompt would be. */
static void draw_focus_line(struct stage *s, int y)
{
	const struct panel *panel = s->layout.place[s->focus].panel;
	const struct hint back[] = { { N_("q"), N_("back to the prompt") }, { NULL, NULL } };
	int room = s->grid.cols - help_page_hints_width(back) - 2;
	int x = grid_printf(&s->grid, y, 0, room, STYLE_FOCUS, "%s  ", _(panel->title));

	if (panel->help != NULL)
		grid_put(&s->grid, y, x, room - x, STYLE_TEXT, _(panel->help));
	help_page_hints(&s->grid, y, room, s->grid.cols, back);
}

/* Returns the column of the cursor, or -1: there is none. */
static int draw_bottom(struct stage *s)
{
	int y = s->grid.rows - 1, used = 0, cursor = -1;
	const struct hint *hints = mode_hints(s);
	int right = s->grid.cols, left = right - help_page_hints_width(hints) - 2;

	if (s->focus != LAYOUT_NO_FOCUS && !s->help && s->mode == STAGE_PROMPT) {
		draw_focus_line(s, y);
		return -1;
	}
	if (s->mode == STAGE_PROMPT || s->mode == STAGE_TYPING) {
		cursor = prompt_draw(&s->grid, y, s->view.glyphs, &used);
		if (s->help)
			cursor = -1;
	} else {
		/* The keys of the moment matter more than the end of a long command. */
		used = grid_put_cut(&s->grid, y, 0, left > 0 ? left : 0, STYLE_PROMPT, s->view.glyphs, s->command);
	}
	if (used + 2 <= left && (s->mode != STAGE_PROMPT || prompt_is_empty() || s->help))
		help_page_hints(&s->grid, y, used + 2, right, hints);
	else if (s->mode != STAGE_PROMPT && s->mode != STAGE_TYPING)
		help_page_hints(&s->grid, y, left > 0 ? left : 0, right, hints);
	return cursor;
}

static void draw_above(struct stage *s)
{
	const struct panel *panels[LAYOUT_PANELS + 1] = { NULL };
	unsigned again;
	size_t count;
	char *const *matches = prompt_matches(&count, &again);

	for (int i = 0; i < s->layout.count; i++)
		panels[i] = s->layout.place[i].panel;
	if (s->help)
		help_page_draw(&s->grid, (struct rect){ 1, 0, s->grid.rows - 2, s->grid.cols }, s->view.glyphs, panels,
			       &s->help_scroll);
	else if (count > 0)
		matches_draw(&s->grid, s->grid.rows - 2, s->grid.rows / 2, s->view.glyphs, matches, count, again);
}

void stage_draw(struct stage *s)
{
	int cursor;

	if (s->grid.cells == NULL)
		return;
	grid_clear(&s->grid);
	view_refresh(&s->view);
	layout_place(&s->layout, &s->view, s->focus);
	if (s->focus != LAYOUT_NO_FOCUS && s->layout.place[s->focus].inside.rows == 0)
		s->focus = LAYOUT_NO_FOCUS;
	layout_draw(&s->layout, &s->view, &s->grid, s->focus);
	if (s->layout.too_small) {
		backend_curses_draw(&s->backend, &s->grid, -1, 0);
		return;
	}
	draw_above(s);
	cursor = draw_bottom(s);
	backend_curses_draw(&s->backend, &s->grid, cursor < 0 ? -1 : s->grid.rows - 1, cursor);
}

/* ---------------------------------------------------------------- keys */

void stage_to_prompt(struct stage *s)
{
	s->focus = LAYOUT_NO_FOCUS;
}

/* Can it have the keys: does it know any, and is it shown when it has them? */
static bool takes_keys(struct stage *s, int index)
{
	layout_place(&s->layout, &s->view, index);
	return s->layout.place[index].panel->key != NULL && s->layout.place[index].inside.rows > 0;
}

static int find_panel(const struct stage *s, const struct panel *panel)
{
	for (int i = 0; i < s->layout.count; i++)
		if (s->layout.place[i].panel == panel)
			return i;
	return LAYOUT_NO_FOCUS;
}

/* The focus goes round the panels that take keys, and through the prompt. */
static void move_focus(struct stage *s, int by)
{
	int n = s->layout.count + 1, at = s->focus + 1;

	do {
		at = (at + by + n) % n;
	} while (at > 0 && !takes_keys(s, at - 1));
	s->focus = at - 1;
}

static bool help_key(struct stage *s, int key)
{
	size_t page = s->grid.rows > 4 ? (size_t)s->grid.rows - 4 : 1;

	switch (key) {
	case KEY_UP_:
		s->help_scroll -= s->help_scroll > 0;
		return true;
	case KEY_DOWN_:
		s->help_scroll++;
		return true;
	case KEY_PAGE_UP:
		s->help_scroll -= s->help_scroll < page ? s->help_scroll : page;
		return true;
	case KEY_PAGE_DOWN:
		s->help_scroll += page;
		return true;
	default:
		/* Whoever begins to type wants the prompt, not this page. */
		s->help = false;
		return key == 'q' || key == '?' || key == ' ' || !keys_printable(key);
	}
}

static bool mouse_key(struct stage *s, const struct keys_event *event)
{
	for (int i = 0; i < s->layout.count; i++) {
		struct rect r = s->layout.place[i].inside;

		if (event->y < r.y || event->y >= r.y + r.rows || event->x < r.x || event->x >= r.x + r.cols)
			continue;
		if (event->key == KEYS_CLICK) {
			const struct panel *panel = s->layout.place[i].panel;

			if (panel->click != NULL)
				panel->click(&s->view, r, event->y, event->x);
			s->focus = takes_keys(s, i) ? i : LAYOUT_NO_FOCUS;
			return true;
		}
		for (int n = 0; n < WHEEL_LINES; n++)
			layout_key(&s->layout, &s->view, i, event->key == KEYS_WHEEL_UP ? KEY_UP_ : KEY_DOWN_);
		return true;
	}
	if (event->key == KEYS_CLICK)
		stage_to_prompt(s);
	return true;
}

/* Keys that mean the same wherever the focus is. */
static bool common_key(struct stage *s, int key)
{
	static const struct panel *const by_number[] = {
		&panel_free_lists, &panel_list, &panel_map,       &panel_events, NULL, &panel_zones, NULL,
		&panel_trend,      NULL,        &panel_addresses, &panel_caches,
	};
	int panel;

	switch (key) {
	case KEY_F1_:
		s->help = true;
		s->help_scroll = 0;
		return true;
	case KEY_F2_:
	case KEY_F3_:
	case KEY_F4_:
	case KEY_F5_:
	case KEY_F7_:
	case KEY_F9_:
	case KEY_F11_:
	case KEY_F12_:
		panel = find_panel(s, by_number[key - KEY_F2_]);
		if (panel != LAYOUT_NO_FOCUS && takes_keys(s, panel))
			s->focus = panel == s->focus ? LAYOUT_NO_FOCUS : panel;
		return true;
	case KEY_F6_:
		move_focus(s, 1);
		return true;
	case KEY_BACKTAB:
		move_focus(s, -1);
		return true;
	case KEYS_CTRL('l'):
		backend_curses_forget(&s->backend);
		terminal_resume();
		return true;
	}
	return false;
}

/* PgUp and PgDn at the prompt. */
static bool scroll_key(struct stage *s, int key)
{
	int panel = layout_scroller(&s->layout, &s->view);

	if (key != KEY_PAGE_UP && key != KEY_PAGE_DOWN)
		return false;
	return panel != LAYOUT_NO_FOCUS && layout_key(&s->layout, &s->view, panel, key);
}

static bool take_key(struct stage *s, const struct keys_event *event)
{
	int key = event->key;
	bool empty = s->mode != STAGE_PROMPT || prompt_is_empty();

	if (key == KEYS_NONE)
		return true;
	if (s->help)
		return help_key(s, key);
	if (key == KEYS_CLICK || key == KEYS_WHEEL_UP || key == KEYS_WHEEL_DOWN)
		return mouse_key(s, event);
	if (common_key(s, key))
		return true;
	if (key == KEY_TAB && (empty || s->focus != LAYOUT_NO_FOCUS)) {
		move_focus(s, 1);
		return true;
	}
	if (key == '?' && empty) {
		s->help = true;
		return true;
	}
	if (s->focus == LAYOUT_NO_FOCUS)
		return scroll_key(s, key);
	if (layout_key(&s->layout, &s->view, s->focus, key))
		return true;
	if (s->mode != STAGE_PROMPT)
		return false;
	stage_to_prompt(s);
	return key == 'q' || key == KEY_ENTER_ || key == KEYS_CTRL('c');
}

/* Of zones, trend, caches, addresses, and list and map, a small screen shows what had the keys last. */
static void choose_band(struct stage *s)
{
	const struct panel *panel = s->focus == LAYOUT_NO_FOCUS ? NULL : s->layout.place[s->focus].panel;

	if (panel == &panel_zones)
		s->view.band = VIEW_BAND_ZONES;
	else if (panel == &panel_trend)
		s->view.band = VIEW_BAND_TREND;
	else if (panel == &panel_list || panel == &panel_map)
		s->view.band = VIEW_BAND_BLOCKS;
	else if (panel == &panel_caches)
		s->view.band = VIEW_BAND_CACHES;
	else if (panel == &panel_addresses)
		s->view.band = VIEW_BAND_ADDRESSES;
	else
		return;
	s->view.about_objects = panel == &panel_caches;
	s->view.about_addresses = panel == &panel_addresses;
}

bool stage_key(struct stage *s, const struct keys_event *event)
{
	bool taken = take_key(s, event);

	choose_band(s);
	return taken;
}
