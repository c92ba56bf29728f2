/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slab caches on the screen: commands run, keys are pressed, and the screen is
 * compared with the pictures in tests/panel/ as in test_panels.c.
 */
#include "tests/panel/stage.h"
#include "ui/cache_look.h"
#include "ui/layout.h"
#include "ui/panel_caches.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* Its place among the panels of the layout. */
#define CACHES 7

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

#define WIDE                    \
	{                       \
		{               \
			120, 40 \
		}               \
	}

static const char i386[] = "i386-2.6.18", slab[] = "i386-6.1-slab", slub[] = "x86_64-6.1-slub";

static const struct stage_picture all[] = {
	{ "caches-table", i386, NULL, walk, table_keys, GLYPHS_UTF8, CACHES, STAGE_ALL_SIZES },
	{ "caches-table-ascii", slub, NULL, walk, table_keys, GLYPHS_ASCII, CACHES, STAGE_ALL_SIZES },
	{ "caches-memory", slub, NULL, two, memory_keys, GLYPHS_UTF8, CACHES, WIDE },
	{ "caches-all", slub, NULL, made, all_keys, GLYPHS_UTF8, CACHES, STAGE_SMALL },
	{ "caches-fresh", slab, NULL, "", NULL, GLYPHS_UTF8, CACHES, STAGE_SMALL },
	{ "caches-slabs", i386, NULL, walk, NULL, GLYPHS_UTF8, LAYOUT_NO_FOCUS, STAGE_ALL_SIZES },
	{ "caches-slabs-ascii", slab, NULL, walk, travel_keys, GLYPHS_ASCII, CACHES, STAGE_ALL_SIZES },
	{ "caches-slub", slub, "cpus=2", walk, travel_keys, GLYPHS_UTF8, CACHES, STAGE_ALL_SIZES },
	{ "caches-slub-ascii", slub, NULL, walk, NULL, GLYPHS_ASCII, LAYOUT_NO_FOCUS, STAGE_SMALL },
	{ "caches-kmalloc", slab, NULL, two, first_keys, GLYPHS_UTF8, CACHES, STAGE_SMALL },
	{ "caches-back", i386, NULL, taken_back, NULL, GLYPHS_UTF8, CACHES, STAGE_SMALL },
	{ "bytes-poison", i386, "slab_debug=yes", damage, bytes_keys, GLYPHS_UTF8, CACHES, STAGE_ALL_SIZES },
	{ "bytes-poison-ascii", slab, "slab_debug=yes", damage, bytes_keys, GLYPHS_ASCII, CACHES, STAGE_ALL_SIZES },
	{ "bytes-slub", slub, NULL, damage, bytes_keys, GLYPHS_UTF8, CACHES, STAGE_ALL_SIZES },
	{ "bytes-overflow", slub, NULL, overflow, bytes_keys, GLYPHS_UTF8, CACHES, STAGE_ALL_SIZES },
	{ "bytes-back", slub, NULL, walk, back_keys, GLYPHS_UTF8, CACHES, STAGE_SMALL },
	{ "bytes-free", slub, NULL, walk, bytes_keys, GLYPHS_ASCII, CACHES, STAGE_SMALL },
};

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

	if (!stage_start(&s, slub, NULL, GLYPHS_UTF8))
		return;
	stage_run_all(&s, walk);
	stage_press(&s, CACHES, (const int[]){ 'b', 'e', 0 });
	for (unsigned n = 0; n < SLABTOP_SORTS; n++) {
		enum slabtop_sort sort = (enum slabtop_sort)n;

		stage_press(&s, CACHES, (const int[]){ slabtop_key(sort), 0 });
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
	stage_end(&s);
}

int main(void)
{
	static const int keys[] = { KEY_DOWN_,  KEY_ENTER_, KEY_RIGHT_, KEY_DOWN_, KEY_PAGE_DOWN, KEY_END_, KEY_ENTER_,
				    KEY_RIGHT_, KEY_DOWN_,  'b',        KEY_UP_,   'b',           'e',      's',
				    KEY_HOME_,  'u',        0 };
	int pictures = 0;

	setlocale(LC_ALL, "");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		pictures += stage_take(&all[i], CACHES);
	check_sorts();
	stage_all_sizes(i386, walk, CACHES, keys);
	stage_all_sizes(slab, walk, CACHES, keys);
	stage_all_sizes(slub, walk, CACHES, keys);
	printf("%d pictures, %d differences\n", pictures, picture_failures());
	return picture_failures() > 0;
}
