/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernel addresses on the screen: commands run, keys are pressed, and the
 * screen is compared with the pictures in tests/panel/ as in test_panels.c.
 */
#include "tests/panel/stage.h"
#include "ui/layout.h"
#include "ui/keys.h"

#include <locale.h>
#include <stdio.h>

/* Its place among the panels of the layout, and that of the map. */
#define ADDRESSES 8
#define MAP 3

static const char i386[] = "i386-2.6.18", slab[] = "i386-6.1-slab", slub[] = "x86_64-6.1-slub";

/* Areas of all kinds; one is given back, so that the next one fills its gap or it stays lazy. */
static const char areas[] = "buf = vmalloc(16*PAGE_SIZE)\n"
			    "io = ioremap(0xfebf0000, 8192)\n"
			    "two = vmalloc(8*PAGE_SIZE)\n"
			    "repeat 3 p[] = alloc_page(GFP_KERNEL)\n"
			    "m = vmap(p)\n"
			    "big = vmalloc(5M)\n"
			    "vfree(buf)";
static const char one[] = "buf = vmalloc(16*PAGE_SIZE)";
static const char slots_2_6[] = "p = alloc_page(GFP_HIGHUSER)\n"
				"q = alloc_page(GFP_HIGHUSER)\n"
				"kmap(p)\nkmap(q)\nkunmap(q)\n"
				"a = kmap_atomic(q, 3)\n"
				"kmap(p)";
static const char slots[] = "p = alloc_page(GFP_HIGHUSER)\n"
			    "q = alloc_page(GFP_HIGHUSER)\n"
			    "kmap(p)\nkmap(q)\n"
			    "a = kmap_atomic(q)\n"
			    "kunmap(q)";
static const char gigabyte[] = "buf = vmalloc(1G)";
static const char purged[] = "buf = vmalloc(64K)\nvfree(buf)\nvm_unmap_aliases()";
static const char crowd[] = "repeat 300 v[] = vmalloc(PAGE_SIZE)\nfor x in v[::3] { vfree(x) }\nvfree(v[250])";
static const char taken_back[] = "a = vmalloc(64K)\nb = vmalloc(64K)\nundo";

static const int enter_keys[] = { KEY_ENTER_, 0 }, pages_keys[] = { KEY_ENTER_, KEY_DOWN_, 0 },
		 each_keys[] = { KEY_RIGHT_, KEY_RIGHT_, KEY_DOWN_, 0 },
		 back_keys[] = { KEY_ENTER_, KEY_ENTER_, 'b', KEYS_BACKSPACE, KEY_LEFT_, 0 },
		 fold_keys[] = { KEY_LEFT_, KEY_LEFT_, KEY_HOME_, KEY_DOWN_, 0 },
		 direct_keys[] = { KEY_HOME_, KEY_DOWN_, KEY_ENTER_, KEY_END_, 0 },
		 end_keys[] = { KEY_END_, KEY_UP_, 0 }, up_keys[] = { KEY_UP_, KEY_UP_, 0 };

/* From an area, a page of it, the direct map; then along a table, and to others. */
static const int tables_keys[] = { 't', 0 }, page_tables_keys[] = { KEY_ENTER_, 't', 0 },
		 move_keys[] = { 't', KEY_UP_, KEY_RIGHT_, KEY_RIGHT_, KEY_PAGE_DOWN, KEY_LEFT_, 0 },
		 ends_keys[] = { 't', KEY_UP_, KEY_UP_, KEY_UP_, KEY_HOME_, KEY_END_, KEY_DOWN_, 0 },
		 direct_tables_keys[] = { KEY_HOME_, KEY_DOWN_, 't', 0 },
		 leave_keys[] = { 't', KEY_RIGHT_, KEY_ENTER_, 'b', 0 };
static const char stale[] = "buf = vmalloc(8K)\npoke buf \"x\"\nvfree(buf)";

static const struct stage_picture all[] = {
	{ "addresses-fresh", i386, NULL, "", NULL, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-areas", i386, NULL, areas, NULL, GLYPHS_UTF8, LAYOUT_NO_FOCUS, STAGE_ALL_SIZES },
	{ "addresses-lazy", slab, NULL, areas, up_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-ascii", slub, NULL, areas, NULL, GLYPHS_ASCII, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-one", slub, NULL, one, NULL, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-slots-2.6", i386, NULL, slots_2_6, NULL, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-slots", slab, "cpus=2", slots, end_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-folded", i386, NULL, areas, fold_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-purged", slub, NULL, purged, NULL, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-crowd", slab, NULL, crowd, NULL, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-undone", i386, NULL, taken_back, NULL, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-textbook", "textbook-1M", NULL, "", NULL, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-pages", i386, NULL, one, pages_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-pages-ascii", i386, NULL, one, pages_keys, GLYPHS_ASCII, ADDRESSES, STAGE_SMALL },
	{ "addresses-each", slub, NULL, gigabyte, each_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "addresses-back", i386, NULL, one, back_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-direct", i386, NULL, "", direct_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "tables", i386, NULL, one, tables_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-64", slub, NULL, one, page_tables_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-ascii", slub, NULL, one, tables_keys, GLYPHS_ASCII, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-pae", "i386-2.6.18-pae", NULL, one, tables_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-moved", i386, NULL, areas, move_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "tables-ends", slub, NULL, one, ends_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-direct", slab, NULL, "", direct_tables_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "tables-stale", slub, NULL, stale, tables_keys, GLYPHS_UTF8, ADDRESSES, STAGE_ALL_SIZES },
	{ "tables-left", i386, NULL, one, leave_keys, GLYPHS_UTF8, ADDRESSES, STAGE_SMALL },
	{ "addresses-map", i386, NULL, one, enter_keys, GLYPHS_UTF8, MAP, STAGE_SMALL },
};

int main(void)
{
	static const int keys[] = { KEY_DOWN_,  KEY_ENTER_,  KEY_RIGHT_, KEY_DOWN_,  KEY_PAGE_DOWN,
				    KEY_END_,   'b',         KEY_UP_,    KEY_ENTER_, KEYS_BACKSPACE,
				    KEY_LEFT_,  KEY_HOME_,   'b',        KEY_ENTER_, KEY_DOWN_,
				    KEY_RIGHT_, KEY_PAGE_UP, 't',        KEY_RIGHT_, KEY_UP_,
				    KEY_END_,   KEY_LEFT_,   KEY_DOWN_,  'b',        0 };
	int pictures = 0;

	setlocale(LC_ALL, "");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		pictures += stage_take(&all[i], ADDRESSES);
	stage_all_sizes(i386, areas, ADDRESSES, keys);
	stage_all_sizes(slab, areas, ADDRESSES, keys);
	stage_all_sizes(slub, areas, ADDRESSES, keys);
	stage_all_sizes("textbook-1M", "p = alloc_page(GFP_KERNEL)", ADDRESSES, keys);
	printf("%d pictures, %d differences\n", pictures, picture_failures());
	return picture_failures() > 0;
}
