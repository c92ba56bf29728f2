/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLUB's geometry: published tables for any number of CPUs, and every cache of every recording. */
#include "phys/gfp.h"
#include "slab/slub_geometry.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ORDERS 11

static struct phys_config memory = { .page_shift = 12, .orders = ORDERS };
static struct slab_config config = { .allocator = SLAB_SLUB,
				     .rules = &slub_rules_6_1,
				     .word = 8,
				     .cpu_ids = 1,
				     .cache_line = 64,
				     .cache_line_at_boot = 64 };
static struct slab_state state;
static struct phys phys = { .config = &memory };
static struct slab_system s = { .config = &config, .phys = &phys, .state = &state };

static void set_up(void)
{
	phys.gfp = gfp_bits(GFP_6_1);
	config.cpu_ids = 1;
}

/* Objects and pages of slabs on a kernel of the 2.6.3x series with 8 CPUs, from its own table. */
START_TEST(eight_cpus)
{
	static const u32 published[][3] = {
		{ 8, 512, 1 },   { 16, 256, 1 },  { 24, 170, 1 },  { 32, 128, 1 },  { 40, 102, 1 },  { 48, 85, 1 },
		{ 56, 73, 1 },   { 64, 64, 1 },   { 72, 56, 1 },   { 80, 51, 1 },   { 88, 46, 1 },   { 96, 42, 1 },
		{ 104, 39, 1 },  { 112, 36, 1 },  { 128, 32, 1 },  { 144, 28, 1 },  { 152, 26, 1 },  { 160, 25, 1 },
		{ 168, 24, 1 },  { 176, 23, 1 },  { 184, 22, 1 },  { 192, 21, 1 },  { 208, 39, 2 },  { 256, 32, 2 },
		{ 264, 31, 2 },  { 272, 30, 2 },  { 312, 26, 2 },  { 320, 25, 2 },  { 336, 24, 2 },  { 368, 22, 2 },
		{ 376, 21, 2 },  { 384, 21, 2 },  { 512, 32, 4 },  { 544, 30, 4 },  { 560, 29, 4 },  { 568, 28, 4 },
		{ 584, 28, 4 },  { 616, 26, 4 },  { 632, 25, 4 },  { 640, 25, 4 },  { 648, 25, 4 },  { 704, 23, 4 },
		{ 752, 21, 4 },  { 768, 21, 4 },  { 776, 21, 4 },  { 832, 39, 8 },  { 896, 36, 8 },  { 1024, 32, 8 },
		{ 1064, 30, 8 }, { 1472, 22, 8 }, { 1616, 20, 8 }, { 2048, 16, 8 }, { 2112, 15, 8 }, { 2128, 15, 8 },
		{ 2608, 12, 8 }, { 4096, 8, 8 },  { 8192, 4, 8 },  { 10256, 3, 8 },
	};

	for (size_t n = 0; n < ARRAY_SIZE(published); n++) {
		unsigned order = slub_geometry_order(12, ORDERS, 8, published[n][0]);

		ck_assert_msg(1u << order == published[n][2] && (4096u << order) / published[n][0] == published[n][1],
			      "size %u: order %u", published[n][0], order);
	}
}
END_TEST

/* More CPUs want more objects of a slab: 4 times the bits of their number, and 4. */
START_TEST(more_cpus)
{
	static const struct {
		unsigned cpus, order;
	} of_512[] = { { 1, 0 }, { 2, 1 }, { 3, 1 }, { 4, 1 }, { 7, 1 }, { 8, 2 }, { 16, 2 }, { 64, 2 }, { 128, 3 } };

	for (size_t n = 0; n < ARRAY_SIZE(of_512); n++)
		ck_assert_uint_eq(slub_geometry_order(12, ORDERS, of_512[n].cpus, 512), of_512[n].order);
}
END_TEST

/* One object alone, and the largest. */
START_TEST(large)
{
	ck_assert_uint_eq(slub_geometry_order(12, ORDERS, 1, 32768), 3);
	ck_assert_uint_eq(slub_geometry_order(12, ORDERS, 1, 32769), 4);
	ck_assert_uint_eq(slub_geometry_order(12, ORDERS, 1, 4 << 20), 10);
	ck_assert_uint_eq(slub_geometry_order(12, ORDERS, 1, (4 << 20) + 1), ORDERS);
}
END_TEST

/* What no cache can be. */
START_TEST(refused)
{
	struct kmem_cache none = { .object_size = 0 }, vast = { .object_size = (4 << 20) + 8 },
			  wide = { .object_size = 8, .align = 1u << 31 };

	ck_assert(!slub_geometry(&s, &none));
	ck_assert(!slub_geometry(&s, &vast));
	ck_assert(!slub_geometry(&s, &wide));
}
END_TEST

/* ------------------------------------------------------------- recordings */

static u64 key(const char *line, const char *name, int base)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

static void same(const char *file, const char *line, const char *name, int base, u64 is)
{
	ck_assert_msg(key(line, name, base) == is, "%s: %s%llu computed, but %s", file, name, (unsigned long long)is,
		      line);
}

/*
 * A cache as recorded, against what follows from what was asked for: `asked`
 * is the line of the operation that made it; NULL: boot made it, and only what
 * the recording tells of it is known.
 */
static void compare(const char *file, const char *line, const char *asked)
{
	const u32 own = SLUB_OBJECT_POISON | SLUB_CMPXCHG_DOUBLE;
	struct kmem_cache cache = {
		.object_size = (u32)key(asked ? asked : line, asked ? " size=" : " object_size=", 10),
		.align = (u32)key(asked ? asked : line, " align=", 10),
		.flags = (u32)key(asked ? asked : line, " flags=", 16) & ~own,
		.ctor = (u32)key(line, " ctor=", 10),
	};

	ck_assert(slub_geometry(&s, &cache));
	same(file, line, " object_size=", 10, cache.object_size);
	same(file, line, " size=", 10, cache.size);
	same(file, line, " align=", 10, cache.align);
	same(file, line, " inuse=", 10, cache.slub.inuse);
	same(file, line, " offset=", 10, cache.slub.offset);
	same(file, line, " oo_objects=", 10, cache.num);
	same(file, line, " oo_order=", 10, cache.order);
	same(file, line, " min_objects=", 10, cache.slub.min_num);
	same(file, line, " min_order=", 10, cache.slub.min_order);
	same(file, line, " red_left_pad=", 10, cache.slub.red_left_pad);
	same(file, line, " flags=", 16, cache.flags);
	same(file, line, " allocflags=", 16, cache.allocflags);
	same(file, line, " min_partial=", 10, cache.slub.min_partial);
	same(file, line, " cpu_partial=", 10, cache.slub.cpu_partial);
	if (config.cpu_ids > 1)
		same(file, line, " cpu_partial_slabs=", 10, cache.slub.cpu_partial_slabs);
}

/* The caches of one file; how many. */
static unsigned check_file(const char *file)
{
	static char line[1 << 16], asked[1024];
	gzFile text = gzopen(file, "rb");
	unsigned caches = 0;

	ck_assert(text);
	asked[0] = '\0';
	while (gzgets(text, line, sizeof line)) {
		if (!strncmp(line, "K ", 2) && strstr(line, " cpus="))
			config.cpu_ids = (unsigned)key(line, " cpus=", 10);
		if (!strncmp(line, "op ", 3))
			snprintf(asked, sizeof asked, "%.1000s", strstr(line, "kmem_cache_create") ? line : "");
		if (!strncmp(line, "SNAP", 4))
			asked[0] = '\0';
		/* Caches that share slabs with others have the larger sizes of all of them. */
		if (strncmp(line, "CACHE ", 6) != 0 || (s64)key(line, " refcount=", 10) > 1)
			continue;
		compare(file, line, asked[0] ? asked : NULL);
		caches++;
	}
	gzclose(text);
	return caches;
}

START_TEST(recorded)
{
	const char *top = getenv("top_srcdir");
	unsigned caches = 0;
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/x86_64-slub*/*.rec.gz", top ? top : ".");
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t n = 0; n < found.gl_pathc; n++)
		caches += check_file(found.gl_pathv[n]);
	globfree(&found);
	ck_assert_uint_gt(caches, 1000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slub_geometry");
	TCase *test = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(test, 120);
	tcase_add_checked_fixture(test, set_up, NULL);
	tcase_add_test(test, eight_cpus);
	tcase_add_test(test, more_cpus);
	tcase_add_test(test, large);
	tcase_add_test(test, refused);
	tcase_add_test(test, recorded);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
