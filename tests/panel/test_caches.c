/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slab caches on the screen: commands run, keys are pressed, and the screen is
 * compared with the pictures in tests/panel/ as in test_panels.c.
 */
#include "shell/shell.h"
#include "tests/panel/picture.h"
#include "ui/cache_look.h"
#include "ui/layout.h"
#include "ui/panel_caches.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* Its place among the panels of the layout. */
#define CACHES 7

struct stage {
	struct session session;
	struct shell *shell;
	struct view view;
	struct strbuf output;
};

struct picture {
	const char *name; /* of the file, "-SIZE.txt" is added */
	const char *machine;
	const char *setting; /* NULL: none */
	const char *commands; /* a line each */
	const int *keys; /* for the panel on a screen of 80x24; the end is 0 */
	enum glyph_set glyphs;
	int focus;
	struct {
		int cols, rows;
	} size[4];
};

/* A command, as the screen runs it. */
static void run_line(struct stage *s, const char *line)
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

static void run_commands(struct stage *s, const char *lines)
{
	char line[256];

	while (*lines) {
		size_t length = strcspn(lines, "\n");

		snprintf(line, sizeof line, "%.*s", (int)length, lines);
		run_line(s, line);
		lines += length + (lines[length] == '\n');
	}
}

static void press(struct stage *s, const int *keys)
{
	struct layout layout;

	layout_make(&layout, 23, 80);
	for (; keys && *keys; keys++) {
		layout_place(&layout, &s->view, CACHES);
		if (!layout_key(&layout, &s->view, CACHES, *keys))
			picture_fail(layout.place[CACHES].panel->name, "does not know a key");
	}
}

static bool open_stage(struct stage *s, const char *machine, const char *setting, enum glyph_set glyphs)
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

static void close_stage(struct stage *s)
{
	view_free(&s->view);
	shell_free(s->shell);
	session_close(&s->session);
	strbuf_free(&s->output);
}

/* ----------------------------------------------------------------- pictures */

/* Slabs of all kinds: full, partial, free, objects at hand, one that was just given back. */
static const char walk[] = "c = kmem_cache_create(\"walk\", 200, 0, SLAB_HWCACHE_ALIGN, NULL)\n"
			   "repeat 150 o[] = kmem_cache_alloc(c, GFP_KERNEL)\n"
			   "kmem_cache_free(c, o[20:140])\n"
			   "buf = kmalloc(100, GFP_KERNEL)\n"
			   "kmem_cache_free(c, o[3])";
static const char made[] = "c = kmem_cache_create(\"walk\", 200, 0, 0, NULL)";
static const char two[] = "a = kmalloc(100, GFP_KERNEL)\nb = kmalloc(3000, GFP_KERNEL)\nkfree(a)";
static const char damage[] =
    "c = kmem_cache_create(\"safe\", 50, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL)\n"
    "a = kmem_cache_alloc(c, GFP_KERNEL)\n"
    "b = kmem_cache_alloc(c, GFP_KERNEL)\n"
    "kmem_cache_free(c, a)\n"
    "poke a+8 \"too late\"";
static const char overflow[] =
    "c = kmem_cache_create(\"safe\", 50, 0, SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER, NULL)\n"
    "a = kmem_cache_alloc(c, GFP_KERNEL)\n"
    "poke a \"this is a text that is longer than 50 bytes, by some\"";
static const char taken_back[] = "c = kmem_cache_create(\"walk\", 200, 0, 0, NULL)\n"
				 "repeat 40 o[] = kmem_cache_alloc(c, GFP_KERNEL)\n"
				 "kmem_cache_free(c, o[3])\n"
				 "undo";

static const int table_keys[] = { 'b', 'u', 0 }, all_keys[] = { 'b', 'n', 'e', KEY_PAGE_DOWN, KEY_UP_, 0 },
		 first_keys[] = { 'b', 'l', KEY_DOWN_, KEY_ENTER_, 0 }, bytes_keys[] = { KEY_ENTER_, 0 },
		 travel_keys[] = { KEY_HOME_, KEY_RIGHT_, KEY_DOWN_, KEY_DOWN_, 0 },
		 back_keys[] = { KEY_ENTER_, KEY_RIGHT_, 'b', 0 }, memory_keys[] = { 'b', 'C', 0 };

#define ALL_SIZES                        \
	{                                \
		{ 80, 24 }, { 120, 40 }, \
		{                        \
			200, 60          \
		}                        \
	}
#define SMALL                  \
	{                      \
		{              \
			80, 24 \
		}              \
	}

#define WIDE                    \
	{                       \
		{               \
			120, 40 \
		}               \
	}

static const char i386[] = "i386-2.6.18", slab[] = "i386-6.1-slab", slub[] = "x86_64-6.1-slub";

static const struct picture all[] = {
	{ "caches-table", i386, NULL, walk, table_keys, GLYPHS_UTF8, CACHES, ALL_SIZES },
	{ "caches-table-ascii", slub, NULL, walk, table_keys, GLYPHS_ASCII, CACHES, ALL_SIZES },
	{ "caches-memory", slub, NULL, two, memory_keys, GLYPHS_UTF8, CACHES, WIDE },
	{ "caches-all", slub, NULL, made, all_keys, GLYPHS_UTF8, CACHES, SMALL },
	{ "caches-fresh", slab, NULL, "", NULL, GLYPHS_UTF8, CACHES, SMALL },
	{ "caches-slabs", i386, NULL, walk, NULL, GLYPHS_UTF8, LAYOUT_NO_FOCUS, ALL_SIZES },
	{ "caches-slabs-ascii", slab, NULL, walk, travel_keys, GLYPHS_ASCII, CACHES, ALL_SIZES },
	{ "caches-slub", slub, "cpus=2", walk, travel_keys, GLYPHS_UTF8, CACHES, ALL_SIZES },
	{ "caches-slub-ascii", slub, NULL, walk, NULL, GLYPHS_ASCII, LAYOUT_NO_FOCUS, SMALL },
	{ "caches-kmalloc", slab, NULL, two, first_keys, GLYPHS_UTF8, CACHES, SMALL },
	{ "caches-back", i386, NULL, taken_back, NULL, GLYPHS_UTF8, CACHES, SMALL },
	{ "bytes-poison", i386, "slab_debug=yes", damage, bytes_keys, GLYPHS_UTF8, CACHES, ALL_SIZES },
	{ "bytes-poison-ascii", slab, "slab_debug=yes", damage, bytes_keys, GLYPHS_ASCII, CACHES, ALL_SIZES },
	{ "bytes-slub", slub, NULL, damage, bytes_keys, GLYPHS_UTF8, CACHES, ALL_SIZES },
	{ "bytes-overflow", slub, NULL, overflow, bytes_keys, GLYPHS_UTF8, CACHES, ALL_SIZES },
	{ "bytes-back", slub, NULL, walk, back_keys, GLYPHS_UTF8, CACHES, SMALL },
	{ "bytes-free", slub, NULL, walk, bytes_keys, GLYPHS_ASCII, CACHES, SMALL },
};

static int pictures;

static void run_picture(const struct picture *p)
{
	struct stage s;

	if (!open_stage(&s, p->machine, p->setting, p->glyphs))
		return;
	run_commands(&s, p->commands);
	press(&s, p->keys);
	for (size_t i = 0; i < ARRAY_SIZE(p->size) && p->size[i].cols; i++, pictures++)
		picture_take(p->name, &s.view, p->focus, p->size[i].cols, p->size[i].rows);
	close_stage(&s);
}

/* Any size, keys of all kinds meanwhile, and what is shown goes away: nothing but a grid comes of it. */
static void run_all_sizes(const char *machine)
{
	static const int keys[] = { KEY_DOWN_,  KEY_ENTER_, KEY_RIGHT_, KEY_DOWN_, KEY_PAGE_DOWN, KEY_END_,
				    KEY_ENTER_, KEY_RIGHT_, KEY_DOWN_,  'b',       KEY_UP_,       'b',
				    'e',        's',        KEY_HOME_,  'u' };
	struct stage s;
	unsigned n = 0;

	if (!open_stage(&s, machine, NULL, GLYPHS_UTF8))
		return;
	run_commands(&s, walk);
	for (int cols = 1; cols < 260; cols += 17) {
		for (int rows = 1; rows < 80; rows += 5, n++) {
			struct layout layout;
			struct grid g;

			if (!grid_init(&g, rows, cols)) {
				picture_fail("grid_init", "out of memory");
				continue;
			}
			layout_make(&layout, rows - 1, cols);
			layout_draw(&layout, &s.view, &g, layout.count ? CACHES : LAYOUT_NO_FOCUS);
			if (layout.count)
				layout_key(&layout, &s.view, CACHES, keys[n % ARRAY_SIZE(keys)]);
			layout_draw(&layout, &s.view, &g, LAYOUT_NO_FOCUS);
			grid_free(&g);
			if (n % 40 == 39)
				run_line(&s, n % 80 == 39 ? "undo" : "redo");
		}
	}
	close_stage(&s);
}

/* Does the page of keys say what this key sorts by? */
static bool is_explained(char key)
{
	const char *more = panel_caches.help_more;

	for (const char *at = more; (at = strchr(at, key)); at++)
		if (at > more && strchr(" \n", at[-1]) && at[1] == ' ')
			return true;
	return false;
}

/* Every key of slabtop sorts, the largest first and equal ones by name, and is explained. */
static void check_sorts(void)
{
	struct stage s;
	const struct cache_look *c;

	if (!open_stage(&s, slub, NULL, GLYPHS_UTF8))
		return;
	run_commands(&s, walk);
	press(&s, (const int[]){ 'b', 'e', 0 });
	for (unsigned n = 0; n < SLABTOP_SORTS; n++) {
		enum slabtop_sort sort = (enum slabtop_sort)n;

		press(&s, (const int[]){ slabtop_key(sort), 0 });
		cache_look_prepare(&s.view);
		c = s.view.look;
		if (s.view.objects.sort != sort || c->row_count < 40)
			picture_fail(slabtop_name(sort), "is not what the key sorts by");
		for (size_t i = 1; i < c->row_count; i++) {
			u64 above = slabtop_value(&c->rows[i - 1].figures, sort);
			u64 value = slabtop_value(&c->rows[i].figures, sort);
			int names = strcmp(c->rows[i - 1].figures.cache->name, c->rows[i].figures.cache->name);

			if (above < value || (above == value && names > 0))
				picture_fail(slabtop_name(sort), "has rows that are not in order");
		}
		if (!is_explained(slabtop_key(sort)))
			picture_fail(slabtop_name(sort), "is not on the page of keys");
	}
	close_stage(&s);
}

int main(void)
{
	setlocale(LC_ALL, "");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		run_picture(&all[i]);
	check_sorts();
	run_all_sizes(i386);
	run_all_sizes(slab);
	run_all_sizes(slub);
	printf("%d pictures, %d differences\n", pictures, picture_failures());
	return picture_failures() > 0;
}
