/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/panel/picture.h"

#include "ui/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A letter a style, in the order of enum style; ordinary text is blank. */
static const char letters[STYLE_COUNT + 1] = " .T-FSpsEWgC=*kfPurhUMRHcL";

static int failures;

void picture_fail(const char *what, const char *why)
{
	printf("%s: %s\n", what, why);
	failures++;
}

int picture_failures(void)
{
	return failures;
}

/* A glyph of GLYPHS_LINES as the UTF-8 one of the same meaning. */
static const char *cell_text(const struct cell *c)
{
	enum glyph g = glyph_of_text(c->text);

	return g != GLYPH_COUNT ? glyph(GLYPHS_UTF8, g) : c->text;
}

static void put_row(struct strbuf *out, const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == ' ')
		length--;
	strbuf_add(out, text, length);
	strbuf_putc(out, '\n');
}

void picture_text(struct grid *g, bool styles, struct strbuf *out)
{
	struct strbuf row = STRBUF_INIT;

	for (int y = 0; y < g->rows; y++) {
		strbuf_clear(&row);
		for (int x = 0; x < g->cols; x++) {
			const struct cell *c = grid_cell(g, y, x);

			if (!styles)
				strbuf_puts(&row, cell_text(c));
			else
				strbuf_putc(&row, letters[c->style]);
		}
		put_row(out, strbuf_str(&row), row.length);
	}
	strbuf_free(&row);
}

static bool read_file(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "r");
	char bytes[4096];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		strbuf_add(out, bytes, n);
	fclose(f);
	return true;
}

static void write_file(const char *path, const struct strbuf *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(strbuf_str(text), 1, text->length, f) != text->length || fclose(f) != 0)
		picture_fail(path, "cannot be written");
}

/* Prints the first line that differs. */
static void show_difference(const char *path, const char *wanted, const char *got)
{
	unsigned line = 1;

	while (*wanted || *got) {
		size_t a = strcspn(wanted, "\n"), b = strcspn(got, "\n");

		if (a != b || memcmp(wanted, got, a) != 0) {
			printf("%s:%u: differs (UPDATE=1 makes it anew)\n  want %.*s\n  got  %.*s\n", path, line,
			       (int)a, wanted, (int)b, got);
			break;
		}
		wanted += a + (wanted[a] != '\0');
		got += b + (got[b] != '\0');
		line++;
	}
	failures++;
}

void picture_compare(const char *path, const struct strbuf *got)
{
	struct strbuf wanted = STRBUF_INIT;

	if (getenv("UPDATE"))
		write_file(path, got);
	else if (!read_file(path, &wanted))
		picture_fail(path, "is missing (UPDATE=1 makes it)");
	else if (strcmp(strbuf_str(&wanted), strbuf_str(got)) != 0)
		show_difference(path, strbuf_str(&wanted), strbuf_str(got));
	strbuf_free(&wanted);
}

static void draw(struct view *view, int focus, int cols, int rows, bool styles, struct strbuf *out)
{
	struct layout layout;
	struct grid g;

	if (!grid_init(&g, rows, cols)) {
		picture_fail("grid_init", "out of memory");
		return;
	}
	layout_make(&layout, rows - 1, cols);
	layout_draw(&layout, view, &g, focus);
	if (!layout.too_small)
		grid_put(&g, rows - 1, 0, cols, STYLE_PROMPT, "kmemlab> ");
	picture_text(&g, styles, out);
	grid_free(&g);
}

void picture_take(const char *name, struct view *view, int focus, int cols, int rows)
{
	const char *folder = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
	struct strbuf got = STRBUF_INIT, lines = STRBUF_INIT;
	char path[512];

	snprintf(path, sizeof path, "%s/tests/panel/%s-%dx%d.txt", folder, name, cols, rows);
	draw(view, focus, cols, rows, false, &got);
	if (view->glyphs == GLYPHS_UTF8) {
		view->glyphs = GLYPHS_LINES;
		draw(view, focus, cols, rows, false, &lines);
		view->glyphs = GLYPHS_UTF8;
		if (strcmp(strbuf_str(&lines), strbuf_str(&got)) != 0)
			picture_fail(path, "the line drawing set puts something else");
	}
	strbuf_puts(&got, "\nstyles\n");
	draw(view, focus, cols, rows, true, &got);
	picture_compare(path, &got);
	strbuf_free(&got);
	strbuf_free(&lines);
}

bool picture_settings(struct machine_desc *desc, const char *settings, struct status *st)
{
	char one[64];

	while (settings && *settings) {
		size_t length = strcspn(settings, " ");

		snprintf(one, sizeof one, "%.*s", (int)length, settings);
		if (!desc_set(desc, one, st))
			return false;
		settings += length + (settings[length] == ' ');
	}
	return true;
}
