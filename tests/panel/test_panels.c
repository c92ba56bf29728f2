/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screen drawn to a grid, without a terminal, and compared with the
 * pictures in tests/panel/: the text first, then a map with a letter for the
 * style of each cell.  UPDATE=1 makes the pictures anew; look at the difference.
 */
#include "base/strbuf.h"
#include "machine/early.h"
#include "phys/cma.h"
#include "phys/compact.h"
#include "phys/isolate.h"
#include "phys/mapping.h"
#include "phys/swap.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"
#include "tests/panel/picture.h"
#include "ui/layout.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The panels of the layout, in the order of the keys. */
enum { PROMPT = LAYOUT_NO_FOCUS, FREE, ZONES, LIST, MAP, EVENTS, TEXT, TREND };

/* ------------------------------------------------------------------- states */

struct stage {
	struct session session;
	struct view view;
	struct strbuf output;
	int focus;
	/* While an operation steps: where the picture is taken. */
	size_t stop_at;
	struct observer observer;
	const struct picture *want;
};

struct picture {
	const char *name; /* of the file, "-SIZE.txt" is added */
	const char *machine;
	const char *setting; /* one, or several with spaces between them; NULL: none */
	void (*make)(struct stage *s); /* brings the machine and the view into the state */
	enum glyph_set glyphs;
	int focus;
	struct {
		int cols, rows;
	} size[4];
};

static int pictures;

static void begin(struct stage *s, const char *text)
{
	struct status st = STATUS_INIT;

	view_before_operation(&s->view);
	if (!session_begin(&s->session, text, &st))
		picture_fail(text, st.message);
}

static void end(struct stage *s, const char *output)
{
	struct status st = STATUS_INIT;

	if (!session_end(&s->session, true, &st))
		picture_fail("session_end", st.message);
	strbuf_clear(&s->output);
	strbuf_puts(&s->output, output);
	s->view.output = strbuf_str(&s->output);
}

static pfn_t alloc(struct stage *s, const char *name, gfp_t gfp, const char *gfp_text, unsigned order)
{
	char text[128];
	pfn_t pfn;

	snprintf(text, sizeof text, "%s = alloc_pages(%s, %u)", name, gfp_text, order);
	begin(s, text);
	pfn = page_alloc(&s->session.machine.phys, gfp, order);
	snprintf(text, sizeof text, "%s = alloc_pages(%s, %u) = pfn 0x%x\n", name, gfp_text, order, pfn);
	end(s, text);
	return pfn;
}

static gfp_t gfp(const struct stage *s, const char *name)
{
	gfp_t value = 0;

	if (!gfp_by_name(s->session.machine.config.gfp, name, &value))
		picture_fail(name, "this kernel has no such flag");
	return value;
}

/* Gives keys to a panel as the screen of 120x40 does. */
static void press(struct stage *s, int panel, const int *keys, size_t count)
{
	struct layout layout;

	layout_make(&layout, 39, 120);
	for (size_t i = 0; i < count; i++) {
		layout_place(&layout, &s->view, panel);
		if (!layout_key(&layout, &s->view, panel, keys[i]))
			picture_fail(layout.place[panel].panel->name, "does not know a key");
	}
}

static void make_fresh(struct stage *s)
{
	(void)s;
}

static void make_split(struct stage *s)
{
	alloc(s, "a", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 0);
	alloc(s, "p", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 5);
}

/* Before the page allocator runs the map shows what boot has taken. */
static void make_boot(struct stage *s)
{
	struct status st = STATUS_INIT;

	begin(s, "step 12");
	for (unsigned n = 0; n < 12; n++)
		if (!early_step(&s->session.machine, &st))
			picture_fail("step", st.message);
	end(s, "step(12) = \"12 of 17\"\n");
}

/* One page through the per-CPU list, with the list itself shown. */
static void make_pcp(struct stage *s)
{
	alloc(s, "page", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 0);
}

static void make_types(struct stage *s)
{
	s->view.by_type = true;
	alloc(s, "k", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 4);
	alloc(s, "m", gfp(s, "GFP_HIGHUSER_MOVABLE"), "GFP_HIGHUSER_MOVABLE", 3);
	s->view.map_by_type = true;
}

static void make_lesson(struct stage *s)
{
	make_split(s);
	s->view.say = "The kernel asked for 32 pages in a row. No block of that size was on a list of its own, so a "
		      "larger one was cut in halves until one of the right size was left.\n\n"
		      "Each upper half went to the list of its own order: find them in the free lists above. "
		      "每个上半块都回到自己的链表。";
}

static void make_output(struct stage *s)
{
	make_split(s);
	s->view.output =
	    "Node 0, zone      DMA      3      4      4      4      3      2      3      0      1      1      2\n"
	    "Node 0, zone   Normal     14     11      7      6      4      5      3      2      1      1    212\n"
	    "Node 0, zone  HighMem      1      1      1      0      0      0      1      1      1      1     30\n"
	    "\n"
	    "a line with a tab\there and a control character\x01\n";
}

static void make_error(struct stage *s)
{
	make_split(s);
	view_before_operation(&s->view);
	s->view.output = "column 1: nothing is called \"alocpages\"; did you mean alloc_pages?\n"
			 "    alocpages(GFP_KERNEL, 3)\n"
			 "    ^\n";
	s->view.refused = true;
}

/* Every second of many blocks is given back: a list of many blocks, and a map of stripes. */
static void make_fragments(struct stage *s)
{
	static const int zoom[] = { KEY_HOME_, KEY_DOWN_, '+', '+', '+', '+', '+', '+', '+' };
	struct phys *p = &s->session.machine.phys;
	struct status st = STATUS_INIT;
	pfn_t block[400];

	begin(s, "repeat 400 b[] = alloc_pages(GFP_KERNEL, 2)");
	for (size_t i = 0; i < ARRAY_SIZE(block); i++)
		block[i] = page_alloc(p, gfp(s, "GFP_KERNEL"), 2);
	end(s, "");
	begin(s, "__free_pages(b[::2], 2)");
	for (size_t i = 0; i < ARRAY_SIZE(block); i += 2)
		if (!page_free(p, block[i], 2, &st))
			picture_fail("page_free", st.message);
	end(s, "");
	press(s, MAP, zoom, ARRAY_SIZE(zoom));
	s->view.list_scroll = 3;
	s->view.events_scroll = 1000;
}

/* What the keys of the panels choose. */
static void make_keys(struct stage *s)
{
	static const int lists[] = { KEY_END_, KEY_UP_, KEY_LEFT_, KEY_LEFT_, ' ' };
	static const int map[] = { KEY_END_, KEY_UP_, KEY_LEFT_, '+', KEY_RIGHT_ };

	press(s, FREE, lists, ARRAY_SIZE(lists));
	press(s, MAP, map, ARRAY_SIZE(map));
	make_split(s); /* the list that is held stays */
}

/* From the map to the list of a block, and from the list to the map. */
static void make_keys_across(struct stage *s)
{
	static const int map[] = { KEY_END_, KEY_UP_, ' ' };
	static const int list[] = { 'm' };

	press(s, MAP, map, ARRAY_SIZE(map));
	press(s, LIST, list, ARRAY_SIZE(list));
}

static void make_past(struct stage *s)
{
	struct status st = STATUS_INIT;

	make_split(s);
	view_before_operation(&s->view);
	if (!session_undo(&s->session, 1, &st))
		picture_fail("undo", st.message);
	s->view.output = "";
}

/* An address that was never allocated is freed. */
static void make_down(struct stage *s)
{
	begin(s, "kfree(0xdeadbeef)");
	kmalloc_free(&s->session.machine.slab, 0xdeadbeef);
	end(s, "");
}

static void make_textbook(struct stage *s)
{
	const struct phys_config *c = &s->session.machine.config;

	alloc(s, "A", 0, "100K", 7);
	alloc(s, "B", 0, "240K", 8);
	alloc(s, "C", 0, "64K", 6 < c->orders ? 6 : 0);
}

static void take_picture(struct stage *s);

static void see(void *context, const struct event *e)
{
	struct stage *s = context;

	(void)e;
	if (s->session.recording->count != s->stop_at)
		return;
	s->view.stepping = true;
	s->view.event_shown = s->session.recording->count;
	take_picture(s);
	s->view.stepping = false;
	s->view.event_shown = SIZE_MAX;
}

static void make_step(struct stage *s)
{
	s->stop_at = 6;
	s->observer = (struct observer){ see, s };
	s->session.watcher = &s->observer;
	alloc(s, "p", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 4);
}

/* As many blocks as there are, in one command: more events than are kept. */
static void take_all(struct stage *s, const char *name, unsigned order)
{
	gfp_t mask = gfp(s, name);

	begin(s, name);
	while (page_alloc(&s->session.machine.phys, mask, order) != PFN_NONE)
		;
	end(s, "");
}

static void make_zones_refused(struct stage *s)
{
	take_all(s, "GFP_DMA", 0);
	alloc(s, "d", gfp(s, "GFP_DMA"), "GFP_DMA", 0);
}

/* Blocks enough, but none that is large. */
static void make_zones_order(struct stage *s)
{
	take_all(s, "GFP_DMA", 4);
	alloc(s, "d", gfp(s, "GFP_DMA"), "GFP_DMA", 5);
}

/* Three zones refuse twice; then the first serves, below its low watermark. */
static void make_zones_urgent(struct stage *s)
{
	take_all(s, "GFP_KERNEL", 10);
	alloc(s, "p", gfp(s, "GFP_ATOMIC"), "GFP_ATOMIC", 0);
}

static void make_zones_step(struct stage *s)
{
	take_all(s, "GFP_KERNEL", 10);
	s->view.band = VIEW_BAND_ZONES;
	s->stop_at = 5;
	s->observer = (struct observer){ see, s };
	s->session.watcher = &s->observer;
	alloc(s, "p", gfp(s, "GFP_ATOMIC"), "GFP_ATOMIC", 0);
}

/* A high-atomic reserve, a boost, an area for CMA and an isolated page block: all that is rare. */
static void make_zones_rare(struct stage *s)
{
	static const int details[] = { 'd', KEY_UP_, KEY_DOWN_, KEY_PAGE_DOWN };
	struct phys *p = &s->session.machine.phys;
	pfn_t start = p->config->zone[1].start_pfn + 0x4000, block = (pfn_t)1 << p->config->pageblock_order;

	if (cma_alloc(p, 0, 16, 0) == PFN_NONE)
		picture_fail("cma_alloc", "gives nothing");
	if (!isolate_range(p, 1, start, start + block))
		picture_fail("isolate_range", "refuses");
	p->zone[1].boost = 120;
	take_all(s, "GFP_KERNEL", 5);
	alloc(s, "a", gfp(s, "GFP_ATOMIC"), "GFP_ATOMIC", 4);
	alloc(s, "b", gfp(s, "GFP_ATOMIC"), "GFP_ATOMIC", 4);
	s->view.map_by_type = true;
	press(s, ZONES, details, ARRAY_SIZE(details));
}

/* Blocks of many sizes come and go, so that what is left is in pieces. */
static void make_trend(struct stage *s)
{
	struct phys *p = &s->session.machine.phys;
	struct status st = STATUS_INIT;
	pfn_t block[64] = { PFN_NONE };

	for (unsigned i = 0; i < ARRAY_SIZE(block); i++) {
		begin(s, "repeat 12 b[] = alloc_pages(GFP_KERNEL, o); free b[::2]");
		for (unsigned n = 0; n < 12; n++) {
			pfn_t pfn = page_alloc(p, gfp(s, "GFP_KERNEL"), 4 + (i * 5 + n) % 6);

			if (pfn != PFN_NONE && n % 2 == 0 && !page_free(p, pfn, 4 + (i * 5 + n) % 6, &st))
				picture_fail("page_free", st.message);
			else if (n == 1)
				block[i] = pfn;
		}
		end(s, "");
		if (i % 16 != 15)
			continue;
		begin(s, "free");
		for (unsigned n = 0; n < i; n += 3)
			if (block[n] != PFN_NONE && !page_free(p, block[n], 4 + (n * 5 + 1) % 6, &st))
				picture_fail("page_free", st.message);
			else
				block[n] = PFN_NONE;
		end(s, "");
	}
}

/* The same beside a lesson: there is less room; another figure stands first. */
static void make_trend_lesson(struct stage *s)
{
	static const int keys[] = { 's', 's', KEY_LEFT_, KEY_UP_, KEY_DOWN_ };

	make_trend(s);
	s->view.say = "What is free is in ever smaller pieces.";
	s->view.band = VIEW_BAND_TREND;
	press(s, TREND, keys, ARRAY_SIZE(keys));
}

/* Movable pages of a user, in all of the memory or less. */
static size_t take_movable(struct stage *s, pfn_t *page, size_t count)
{
	struct phys *p = &s->session.machine.phys;
	size_t n = 0;

	begin(s, "repeat 12000 u[] = alloc_page(GFP_HIGHUSER_MOVABLE); __SetPageMovable(u)");
	for (; n < count; n++) {
		page[n] = page_alloc(p, gfp(s, "GFP_HIGHUSER_MOVABLE"), 0);
		if (page[n] == PFN_NONE)
			break;
		p->frame[page[n]].flags |= FRAME_MOVABLE;
	}
	end(s, "");
	return n;
}

static void free_some(struct stage *s, const pfn_t *page, size_t count, size_t every)
{
	struct status st = STATUS_INIT;

	begin(s, "free u[::2]");
	for (size_t i = 0; i < count; i += every)
		if (!page_free(&s->session.machine.phys, page[i], 0, &st))
			picture_fail("page_free", st.message);
	end(s, "");
}

static pfn_t user_pages[12000];

/* Many events, and no request among those at the end. */
static void make_zones_lost(struct stage *s)
{
	size_t n = 0;

	begin(s, "u = ...");
	while ((user_pages[n] = page_alloc(&s->session.machine.phys, gfp(s, "GFP_DMA"), 0)) != PFN_NONE)
		n++;
	end(s, "");
	free_some(s, user_pages, n, 1);
}

/* Compaction, in its middle: pages leave the low end of a zone for its high end. */
static void make_map_moved(struct stage *s)
{
	size_t count = take_movable(s, user_pages, 8000);
	struct status st = STATUS_INIT;

	free_some(s, user_pages, count, 2);
	s->stop_at = 400;
	s->observer = (struct observer){ see, s };
	s->session.watcher = &s->observer;
	begin(s, "echo 1 > /proc/sys/vm/compact_memory");
	compact_memory(&s->session.machine.phys, &st);
	end(s, "");
}

/* Areas lent, and given out. */
static void make_map_cma(struct stage *s)
{
	static const int keys[] = { KEY_UP_ };
	size_t count = take_movable(s, user_pages, ARRAY_SIZE(user_pages));

	free_some(s, user_pages, count, 3);
	begin(s, "cam = cma_alloc(512, 0)");
	if (cma_alloc(&s->session.machine.phys, 0, 512, 0) == PFN_NONE)
		picture_fail("cma_alloc", "gives nothing");
	end(s, "");
	alloc(s, "p", gfp(s, "GFP_KERNEL"), "GFP_KERNEL", 0);
	press(s, MAP, keys, ARRAY_SIZE(keys));
}

/* Page cache and anonymous memory fill the machine; kswapd is awake. */
static void make_zones_reclaim(struct stage *s)
{
	static const int keys[] = { 'd', KEY_DOWN_ };
	struct phys *p = &s->session.machine.phys;
	struct status st = STATUS_INIT;
	u32 brought;

	begin(s, "swapon 16M; read_file log 30M; touch_anon editor 20M; write_file data 4M");
	if (!swap_on(p, 4096, &st))
		picture_fail("swap_on", st.message);
	mapping_read(p, mapping_make(p, OWNER_FILE, "log", &st), 0, 7680, &brought);
	mapping_touch(p, mapping_make(p, OWNER_PROCESS, "editor", &st), 0, 5120, &brought);
	mapping_write(p, mapping_make(p, OWNER_FILE, "data", &st), 0, 1024, &brought);
	end(s, "");
	p->reclaim->kswapd[0].awake = 1;
	p->reclaim->kswapd[0].order = 3;
	press(s, ZONES, keys, ARRAY_SIZE(keys));
}

#define SMALL          \
	{              \
		80, 24 \
	}
#define MIDDLE          \
	{               \
		120, 40 \
	}
#define LARGE           \
	{               \
		200, 60 \
	}
#define LARGEST         \
	{               \
		250, 80 \
	}

static const char i386[] = "i386-2.6.18", x86_64[] = "x86_64-6.1-slub", slab[] = "i386-6.1-slab",
		  textbook[] = "textbook-1M";

static const struct picture all[] = {
	{ "fresh", i386, NULL, make_fresh, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE, LARGEST } },
	{ "split", i386, NULL, make_split, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE } },
	{ "split-ascii", i386, NULL, make_split, GLYPHS_ASCII, FREE, { SMALL, MIDDLE } },
	{ "boot", i386, "early=yes", make_boot, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE } },
	{ "boot-begins", i386, "early=yes", make_fresh, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE } },
	{ "boot-zones", i386, "early=yes", make_boot, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE } },
	{ "boot-begins-6.1", x86_64, "early=yes", make_fresh, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE } },
	{ "pcp", i386, NULL, make_pcp, GLYPHS_UTF8, LIST, { SMALL, MIDDLE } },
	{ "types", x86_64, NULL, make_types, GLYPHS_UTF8, MAP, { SMALL, MIDDLE, LARGE } },
	{ "types-ascii", x86_64, NULL, make_types, GLYPHS_ASCII, MAP, { SMALL } },
	{ "lesson", i386, NULL, make_lesson, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE } },
	{ "output", i386, NULL, make_output, GLYPHS_UTF8, TEXT, { SMALL, MIDDLE, LARGE } },
	{ "error", i386, NULL, make_error, GLYPHS_UTF8, PROMPT, { SMALL } },
	{ "down", i386, NULL, make_down, GLYPHS_UTF8, EVENTS, { SMALL } },
	{ "past", i386, NULL, make_past, GLYPHS_UTF8, EVENTS, { SMALL } },
	{ "textbook", textbook, NULL, make_textbook, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE } },
	{ "step", i386, NULL, make_step, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE } },
	{ "fragments", i386, NULL, make_fragments, GLYPHS_UTF8, LIST, { SMALL, MIDDLE } },
	{ "keys", i386, NULL, make_keys, GLYPHS_UTF8, MAP, { MIDDLE } },
	{ "keys-across", i386, NULL, make_keys_across, GLYPHS_UTF8, LIST, { MIDDLE } },
	{ "terabyte", x86_64, "mem=1T", make_split, GLYPHS_UTF8, PROMPT, { SMALL, LARGE } },
	{ "nodes", x86_64, "nodes=4", make_split, GLYPHS_UTF8, FREE, { SMALL } },
	{ "zones", i386, NULL, make_fresh, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE, LARGE } },
	{ "zones-ascii", i386, NULL, make_split, GLYPHS_ASCII, ZONES, { SMALL, MIDDLE } },
	{ "zones-refused", i386, NULL, make_zones_refused, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE, LARGE } },
	{ "zones-refused-ascii", i386, NULL, make_zones_refused, GLYPHS_ASCII, ZONES, { SMALL, MIDDLE, LARGE } },
	{ "zones-order", i386, NULL, make_zones_order, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE } },
	{ "zones-lost", i386, NULL, make_zones_lost, GLYPHS_UTF8, ZONES, { SMALL } },
	{ "zones-urgent", x86_64, NULL, make_zones_urgent, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE } },
	{ "zones-urgent-keys", x86_64, NULL, make_zones_urgent, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE } },
	{ "zones-step", x86_64, NULL, make_zones_step, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE } },
	{ "zones-rare", slab, "cma=4M", make_zones_rare, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE, LARGE } },
	{ "zones-nodes", x86_64, "nodes=4", make_split, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE } },
	{ "zones-reclaim", slab, "mem=64M", make_zones_reclaim, GLYPHS_UTF8, ZONES, { SMALL, MIDDLE, LARGE } },
	{ "zones-reclaim-ascii", i386, "mem=64M", make_zones_reclaim, GLYPHS_ASCII, ZONES, { SMALL } },
	{ "map-moved", slab, "mem=64M", make_map_moved, GLYPHS_UTF8, MAP, { SMALL, MIDDLE } },
	{ "map-moved-ascii", slab, "mem=64M", make_map_moved, GLYPHS_ASCII, PROMPT, { MIDDLE } },
	{ "map-cma", slab, "mem=64M cma=16M", make_map_cma, GLYPHS_UTF8, MAP, { SMALL, MIDDLE } },
	{ "map-cma-ascii", slab, "mem=64M cma=16M", make_map_cma, GLYPHS_ASCII, MAP, { SMALL } },
	{ "zones-textbook", textbook, NULL, make_textbook, GLYPHS_UTF8, ZONES, { SMALL } },
	{ "types-rare", slab, "cma=4M", make_zones_rare, GLYPHS_UTF8, MAP, { SMALL, MIDDLE } },
	{ "trend", i386, NULL, make_trend, GLYPHS_UTF8, TREND, { SMALL, MIDDLE, LARGE } },
	{ "trend-fresh", i386, NULL, make_fresh, GLYPHS_UTF8, TREND, { SMALL } },
	{ "trend-ascii", x86_64, NULL, make_trend, GLYPHS_ASCII, TREND, { SMALL, LARGE } },
	{ "trend-lesson", x86_64, "mem=256M", make_trend_lesson, GLYPHS_UTF8, PROMPT, { SMALL, MIDDLE, LARGE } },
	{ "small", i386, NULL, make_fresh, GLYPHS_UTF8, PROMPT, { { 40, 10 }, { 79, 24 }, { 12, 4 } } },
};

/* ----------------------------------------------------------------- pictures */

/* All sizes of the picture, in the state that there is now. */
static void take_picture(struct stage *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->want->size) && s->want->size[i].cols; i++, pictures++)
		picture_take(s->want->name, &s->view, s->focus, s->want->size[i].cols, s->want->size[i].rows);
}

static void run_picture(const struct picture *p)
{
	struct stage s = { .focus = p->focus, .want = p };
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	if (!desc_load(&desc, p->machine, &st) || !picture_settings(&desc, p->setting, &st) ||
	    !session_open(&s.session, &desc, 1, &st)) {
		picture_fail(p->name, st.message);
		return;
	}
	view_init(&s.view, &s.session, p->glyphs);
	p->make(&s);
	if (!s.stop_at)
		take_picture(&s);
	view_free(&s.view);
	session_close(&s.session);
	strbuf_free(&s.output);
}

/* Any size with any panel in use, and keys of all kinds meanwhile: nothing but a grid comes of it. */
static void run_all_sizes(const char *machine)
{
	static const int keys[] = { KEY_UP_,   KEY_DOWN_, KEY_LEFT_, KEY_RIGHT_, KEY_PAGE_UP, KEY_PAGE_DOWN,
				    KEY_HOME_, KEY_END_,  't',       ' ',        '+',         '+',
				    '-',       '0',       'm',       'd',        's',         'x' };
	struct stage s = { .focus = -1 };
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	unsigned n = 0;

	if (!desc_load(&desc, machine, &st) || !session_open(&s.session, &desc, 1, &st)) {
		picture_fail(machine, st.message);
		return;
	}
	view_init(&s.view, &s.session, GLYPHS_UTF8);
	make_lesson(&s);
	for (int cols = 1; cols < 300; cols += 11) {
		for (int rows = 1; rows < 100; rows += 7) {
			struct layout layout;
			struct grid g;

			if (!grid_init(&g, rows, cols)) {
				picture_fail("grid_init", "out of memory");
				continue;
			}
			layout_make(&layout, rows - 1, cols);
			for (int focus = LAYOUT_NO_FOCUS; focus < layout.count; focus++, n++) {
				layout_draw(&layout, &s.view, &g, focus);
				if (focus >= 0)
					layout_key(&layout, &s.view, focus, keys[n % ARRAY_SIZE(keys)]);
			}
			grid_free(&g);
		}
	}
	view_free(&s.view);
	session_close(&s.session);
	strbuf_free(&s.output);
}

int main(void)
{
	/* First with a locale that knows no wide characters: the pictures are the same. */
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		run_picture(&all[i]);
	setlocale(LC_ALL, "");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		run_picture(&all[i]);
	run_all_sizes(i386);
	run_all_sizes(x86_64);
	run_all_sizes(textbook);
	printf("%d pictures, %d differences\n", pictures, picture_failures());
	return picture_failures() > 0;
}
