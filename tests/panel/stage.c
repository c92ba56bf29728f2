/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/panel/stage.h"

#include "ui/layout.h"

#include <stdio.h>
#include <string.h>

void stage_run(struct stage *s, const char *line)
{
	struct layout layout;

	view_before_operation(&s->view);
	strbuf_clear(&s->output);
	if (shell_run(s->shell, line, NULL, 0, &s->output) != SHELL_DONE)
		picture_fail(line, strbuf_str(&s->output));
	s->view.output = strbuf_str(&s->output);
	layout_make(&layout, 23, 80);
	layout_place(&layout, &s->view, LAYOUT_NO_FOCUS);
}

void stage_run_all(struct stage *s, const char *lines)
{
	char line[256];

	while (*lines) {
		size_t length = strcspn(lines, "\n");

		snprintf(line, sizeof line, "%.*s", (int)length, lines);
		stage_run(s, line);
		lines += length + (lines[length] == '\n');
	}
}

void stage_press(struct stage *s, int panel, const int *keys)
{
	struct layout layout;

	layout_make(&layout, 23, 80);
	for (; keys && *keys; keys++) {
		layout_place(&layout, &s->view, panel);
		if (!layout_key(&layout, &s->view, panel, *keys))
			picture_fail(layout.place[panel].panel->name, "does not know a key");
	}
}

bool stage_start(struct stage *s, const char *machine, const char *setting, enum glyph_set glyphs)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	memset(s, 0, sizeof *s);
	if (!desc_load(&desc, machine, &st) || !picture_settings(&desc, setting, &st) ||
	    !session_open(&s->session, &desc, 1, &st)) {
		picture_fail(machine, st.message);
		return false;
	}
	s->shell = shell_new(&s->session, &(struct shell_host){ 0 });
	view_init(&s->view, &s->session, glyphs);
	return true;
}

void stage_end(struct stage *s)
{
	view_free(&s->view);
	shell_free(s->shell);
	session_close(&s->session);
	strbuf_free(&s->output);
}

int stage_take(const struct stage_picture *p, int panel)
{
	struct stage s;
	int pictures = 0;

	if (!stage_start(&s, p->machine, p->setting, p->glyphs))
		return 0;
	stage_run_all(&s, p->commands);
	stage_press(&s, panel, p->keys);
	for (size_t i = 0; i < ARRAY_SIZE(p->size) && p->size[i].cols; i++, pictures++)
		picture_take(p->name, &s.view, p->focus, p->size[i].cols, p->size[i].rows);
	stage_end(&s);
	return pictures;
}

void stage_all_sizes(const char *machine, const char *commands, int panel, const int *keys)
{
	const int *key = keys;
	struct stage s;
	unsigned n = 0;

	if (!stage_start(&s, machine, NULL, GLYPHS_UTF8))
		return;
	stage_run_all(&s, commands);
	for (int cols = 1; cols < 260; cols += 17) {
		for (int rows = 1; rows < 80; rows += 5, n++) {
			struct layout layout;
			struct grid g;

			if (!grid_init(&g, rows, cols)) {
				picture_fail("grid_init", "out of memory");
				continue;
			}
			layout_make(&layout, rows - 1, cols);
			layout_draw(&layout, &s.view, &g, layout.count ? panel : LAYOUT_NO_FOCUS);
			if (layout.count)
				layout_key(&layout, &s.view, panel, *key);
			key = key[1] ? key + 1 : keys;
			layout_draw(&layout, &s.view, &g, LAYOUT_NO_FOCUS);
			grid_free(&g);
			if (n % 40 == 39)
				stage_run(&s, n % 80 == 39 ? "undo" : "redo");
		}
	}
	stage_end(&s);
}
