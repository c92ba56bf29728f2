/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GFP masks: names and values of each kernel, and what is said of names that a kernel does not have. */
#include "phys/gfp.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* All masks of the recordings of a kernel, with the names that are recorded beside them. */
static const struct gfp_name recorded_2_6[] = {
	{ "GFP_DMA|__GFP_COLD", 0x101 },
	{ "GFP_KERNEL|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102d0 },
	{ "GFP_KERNEL|GFP_DMA|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102d1 },
	{ "GFP_KERNEL|__GFP_HIGHMEM|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102d2 },
	{ "GFP_KERNEL|__GFP_HIGH|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102f0 },
	{ "GFP_KERNEL|GFP_DMA|__GFP_HIGH|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102f1 },
	{ "GFP_KERNEL|__GFP_HIGHMEM|__GFP_HIGH|__GFP_NOWARN|__GFP_NOMEMALLOC", 0x102f2 },
	{ "GFP_DMA", 0x1 },
	{ "GFP_KERNEL|__GFP_COLD", 0x1d0 },
	{ "__GFP_NOWARN", 0x200 },
	{ "GFP_USER", 0x200d0 },
	{ "GFP_HIGHUSER", 0x200d2 },
	{ "GFP_DMA|__GFP_NOWARN", 0x201 },
	{ "GFP_HIGHUSER|__GFP_COLD", 0x201d2 },
	{ "__GFP_HIGHMEM|__GFP_NOWARN", 0x202 },
	{ "GFP_USER|__GFP_NOWARN", 0x202d0 },
	{ "GFP_HIGHUSER|__GFP_NOWARN", 0x202d2 },
	{ "GFP_HIGHUSER|__GFP_COLD|__GFP_NOWARN", 0x203d2 },
	{ "GFP_ATOMIC", 0x20 },
	{ "GFP_ATOMIC|GFP_DMA", 0x21 },
	{ "GFP_ATOMIC|__GFP_NOWARN", 0x220 },
	{ "GFP_ATOMIC|GFP_DMA|__GFP_NOWARN", 0x221 },
	{ "GFP_ATOMIC|__GFP_HIGHMEM|__GFP_NOWARN", 0x222 },
	{ "GFP_KERNEL|__GFP_NOWARN", 0x2d0 },
	{ "__GFP_COLD|__GFP_NOWARN", 0x300 },
	{ "__GFP_HIGHMEM|__GFP_COLD|__GFP_NOWARN", 0x302 },
	{ "GFP_DMA|__GFP_HIGHMEM", 0x3 },
	{ "GFP_KERNEL|__GFP_COLD|__GFP_NOWARN", 0x3d0 },
	{ "GFP_KERNEL|__GFP_COMP", 0x40d0 },
	{ "GFP_NOFS", 0x50 },
	{ "GFP_KERNEL|__GFP_ZERO", 0x80d0 },
	{ "GFP_KERNEL|__GFP_NOWARN|__GFP_ZERO", 0x82d0 },
	{ "GFP_KERNEL", 0xd0 },
	{ "GFP_KERNEL|GFP_DMA", 0xd1 },
	{ "GFP_KERNEL|__GFP_HIGHMEM", 0xd2 },
};

static const struct gfp_name recorded_6_1[] = {
	{ "GFP_HIGHUSER", 0x100cc2 },
	{ "GFP_USER|__GFP_MOVABLE", 0x100cc8 },
	{ "GFP_HIGHUSER_MOVABLE", 0x100cca },
	{ "GFP_HIGHUSER|__GFP_RECLAIMABLE", 0x100cd2 },
	{ "GFP_HIGHUSER|__GFP_NOWARN", 0x102cc2 },
	{ "GFP_USER|__GFP_NOWARN|__GFP_MOVABLE", 0x102cc8 },
	{ "GFP_HIGHUSER_MOVABLE|__GFP_NOWARN", 0x102cca },
	{ "GFP_DMA|__GFP_RECLAIMABLE", 0x11 },
	{ "GFP_DMA", 0x1 },
	{ "GFP_DMA|__GFP_NOWARN", 0x2001 },
	{ "GFP_DMA32|__GFP_NOWARN", 0x2004 },
	{ "GFP_NOWAIT|__GFP_NOWARN|__GFP_MEMALLOC", 0x22800 },
	{ "GFP_NOWAIT|GFP_DMA|__GFP_NOWARN|__GFP_MEMALLOC", 0x22801 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_NOWARN|__GFP_MEMALLOC", 0x22802 },
	{ "GFP_NOWAIT|GFP_DMA32|__GFP_NOWARN|__GFP_MEMALLOC", 0x22804 },
	{ "GFP_NOWAIT|__GFP_NOWARN|__GFP_MEMALLOC|__GFP_MOVABLE", 0x22808 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_NOWARN|__GFP_MEMALLOC|__GFP_MOVABLE", 0x2280a },
	{ "GFP_NOWAIT|__GFP_NOWARN", 0x2800 },
	{ "GFP_NOWAIT|GFP_DMA|__GFP_NOWARN", 0x2801 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_NOWARN", 0x2802 },
	{ "GFP_NOWAIT|GFP_DMA32|__GFP_NOWARN", 0x2804 },
	{ "GFP_NOWAIT|__GFP_NOWARN|__GFP_MOVABLE", 0x2808 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_NOWARN|__GFP_MOVABLE", 0x280a },
	{ "GFP_NOWAIT|__GFP_NOWARN|__GFP_RECLAIMABLE", 0x2810 },
	{ "GFP_NOWAIT|__GFP_HIGH|__GFP_NOWARN", 0x2820 },
	{ "GFP_NOWAIT|GFP_DMA|__GFP_HIGH|__GFP_NOWARN", 0x2821 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_HIGH|__GFP_NOWARN", 0x2822 },
	{ "GFP_NOWAIT|GFP_DMA32|__GFP_HIGH|__GFP_NOWARN", 0x2824 },
	{ "GFP_NOWAIT|__GFP_HIGH|__GFP_NOWARN|__GFP_MOVABLE", 0x2828 },
	{ "GFP_NOWAIT|__GFP_HIGHMEM|__GFP_HIGH|__GFP_NOWARN|__GFP_MOVABLE", 0x282a },
	{ "GFP_ATOMIC|__GFP_NOWARN", 0x2a20 },
	{ "GFP_ATOMIC|GFP_DMA|__GFP_NOWARN", 0x2a21 },
	{ "GFP_ATOMIC|__GFP_HIGHMEM|__GFP_NOWARN", 0x2a22 },
	{ "GFP_ATOMIC|GFP_DMA32|__GFP_NOWARN", 0x2a24 },
	{ "GFP_ATOMIC|__GFP_NOWARN|__GFP_MOVABLE", 0x2a28 },
	{ "GFP_ATOMIC|__GFP_HIGHMEM|__GFP_NOWARN|__GFP_MOVABLE", 0x2a2a },
	{ "GFP_KERNEL|__GFP_NOWARN", 0x2cc0 },
	{ "GFP_KERNEL|__GFP_NOWARN|__GFP_RECLAIMABLE", 0x2cd0 },
	{ "GFP_KERNEL|__GFP_NOWARN|__GFP_ZERO", 0x2dc0 },
	{ "GFP_KERNEL_ACCOUNT", 0x400cc0 },
	{ "GFP_DMA32", 0x4 },
	{ "GFP_NOWAIT", 0x800 },
	{ "GFP_DMA|__GFP_MOVABLE", 0x9 },
	{ "GFP_ATOMIC", 0xa20 },
	{ "GFP_KERNEL", 0xcc0 },
	{ "GFP_KERNEL|__GFP_HIGHMEM", 0xcc2 },
	{ "GFP_KERNEL|__GFP_MOVABLE", 0xcc8 },
	{ "GFP_KERNEL|__GFP_RECLAIMABLE", 0xcd0 },
	{ "GFP_KERNEL|__GFP_ZERO", 0xdc0 },
};

static void assert_format(enum gfp_kernel kernel, gfp_t mask, const char *names)
{
	struct strbuf out = STRBUF_INIT;

	gfp_format(kernel, mask, &out);
	ck_assert_str_eq(strbuf_str(&out), names);
	strbuf_free(&out);
}

START_TEST(masks_are_written_as_recorded)
{
	for (size_t i = 0; i < ARRAY_SIZE(recorded_2_6); i++)
		assert_format(GFP_2_6, recorded_2_6[i].value, recorded_2_6[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(recorded_6_1); i++)
		assert_format(GFP_6_1, recorded_6_1[i].value, recorded_6_1[i].name);
}
END_TEST

/* What "GFP_KERNEL|__GFP_ZERO", or "0", is worth. */
static gfp_t worth(enum gfp_kernel kernel, const char *text, const char *path)
{
	gfp_t mask = 0, value;
	char name[64];

	if (*text == '0')
		return (gfp_t)strtoul(text, NULL, 0);
	while (*text) {
		size_t length = strcspn(text, "|");

		snprintf(name, sizeof name, "%.*s", (int)length, text);
		ck_assert_msg(gfp_by_name(kernel, name, &value), "%s: %s", path, name);
		mask |= value;
		text += length + (text[length] == '|');
	}
	return mask;
}

/* Checks each gfp=HEX:NAMES of a recording; returns how many there are. */
static unsigned check_recording(const char *path)
{
	enum gfp_kernel kernel = strstr(path, "/i386-2.6.18/") ? GFP_2_6 : GFP_6_1;
	char line[4096], *at, *end;
	unsigned pairs = 0;
	gzFile file = gzopen(path, "r");

	ck_assert_ptr_nonnull(file);
	while (gzgets(file, line, sizeof line)) {
		unsigned long mask;

		at = strstr(line, " gfp=");
		if (line[0] != 'o' || !at)
			continue;
		mask = strtoul(at + 5, &end, 16);
		if (*end != ':')
			continue;
		end[strcspn(end, " \n")] = '\0';
		ck_assert_msg(worth(kernel, end + 1, path) == mask, "%s: %s", path, at);
		pairs++;
	}
	gzclose(file);
	return pairs;
}

START_TEST(recorded_names_are_worth_what_is_recorded)
{
	const char *root = getenv("top_srcdir");
	char pattern[512];
	unsigned pairs = 0;
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/*/*.rec.gz", root ? root : ".");
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		pairs += check_recording(found.gl_pathv[i]);
	ck_assert_uint_gt(pairs, 40000);
	globfree(&found);
}
END_TEST

START_TEST(rare_masks)
{
	assert_format(GFP_2_6, 0, "GFP_NOWAIT");
	assert_format(GFP_6_1, 0, "0");
	assert_format(GFP_2_6, 0x30, "GFP_NOIO|__GFP_HIGH");
	assert_format(GFP_2_6, 0x2000, "__GFP_NO_GROW");
	assert_format(GFP_6_1, 0x1c20ca, "GFP_TRANSHUGE_LIGHT");
	assert_format(GFP_6_1, 0x1c24ca, "GFP_TRANSHUGE");
	assert_format(GFP_6_1, 0x80000cc0, "GFP_KERNEL|0x80000000");
	assert_format(GFP_6_1, 0x80000000, "0x80000000");
}
END_TEST

static const char *const wanted[] = {
	"GFP_KERNEL",
	"GFP_ATOMIC",
	"GFP_NOWAIT",
	"GFP_USER",
	"GFP_HIGHUSER",
	"GFP_HIGHUSER_MOVABLE",
	"GFP_NOFS",
	"GFP_NOIO",
	"GFP_DMA",
	"GFP_DMA32",
	"__GFP_DMA",
	"__GFP_HIGHMEM",
	"__GFP_COLD",
	"__GFP_NOWARN",
	"__GFP_HIGH",
	"__GFP_REPEAT",
	"__GFP_RETRY_MAYFAIL",
	"__GFP_NOFAIL",
	"__GFP_NORETRY",
	"__GFP_ZERO",
	"__GFP_MOVABLE",
	"__GFP_RECLAIMABLE",
	"__GFP_MEMALLOC",
	"__GFP_COMP",
	"__GFP_WAIT",
	"__GFP_NO_GROW",
	"__GFP_HARDWALL",
	"__GFP_THISNODE",
	"__GFP_ACCOUNT",
	"__GFP_NOLOCKDEP",
	"__GFP_SKIP_ZERO",
	"__GFP_SKIP_KASAN_POISON",
	"__GFP_SKIP_KASAN_UNPOISON",
	"__GFP_NO_KSWAPD",
	"__GFP_OTHER_NODE",
	"__GFP_NOTRACK",
	"GFP_LEVEL_MASK",
	"GFP_ZONEMASK",
	"GFP_TEMPORARY",
};

/* Of each name is known what it is worth, or who has it and what to write here. */
START_TEST(every_name_is_known)
{
	for (int k = GFP_2_6; k <= GFP_6_1; k++) {
		enum gfp_kernel kernel = (enum gfp_kernel)k;

		for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
			const struct gfp_elsewhere *e = gfp_elsewhere(kernel, wanted[i]);
			gfp_t value;

			ck_assert_msg(gfp_by_name(kernel, wanted[i], &value) == !e, "%s", wanted[i]);
			ck_assert_msg(!e || !e->instead || gfp_by_name(kernel, e->instead, &value), "%s", wanted[i]);
		}
	}
	ck_assert_ptr_null(gfp_elsewhere(GFP_2_6, "__GFP_NOTHING"));
	ck_assert_str_eq(gfp_elsewhere(GFP_6_1, "__GFP_REPEAT")->instead, "__GFP_RETRY_MAYFAIL");
	ck_assert_str_eq(gfp_elsewhere(GFP_6_1, "__GFP_WAIT")->instead, "__GFP_DIRECT_RECLAIM");
	ck_assert_ptr_null(gfp_elsewhere(GFP_6_1, "__GFP_COLD")->instead);
}
END_TEST

/* What one kernel has, the other has or accounts for. */
START_TEST(kernels_know_each_other)
{
	for (int k = GFP_2_6; k <= GFP_6_1; k++) {
		enum gfp_kernel kernel = (enum gfp_kernel)k, other = k == GFP_2_6 ? GFP_6_1 : GFP_2_6;
		size_t count;
		const struct gfp_name *names = gfp_names(kernel, &count);

		for (size_t i = 0; i < count; i++) {
			gfp_t value;

			ck_assert_msg(gfp_by_name(other, names[i].name, &value) !=
					  !!gfp_elsewhere(other, names[i].name),
				      "%s", names[i].name);
		}
	}
}
END_TEST

START_TEST(composed_values)
{
	const struct gfp_bits *g = gfp_bits(GFP_2_6);
	gfp_t value;

	ck_assert(gfp_by_name(GFP_2_6, "GFP_KERNEL", &value));
	ck_assert_uint_eq(value, g->wait | g->io | g->fs);
	ck_assert(gfp_by_name(GFP_2_6, "__GFP_REPEAT", &value));
	ck_assert_uint_eq(value, g->retry);
	g = gfp_bits(GFP_6_1);
	ck_assert(gfp_by_name(GFP_6_1, "GFP_KERNEL", &value));
	ck_assert_uint_eq(value, g->wait | g->kswapd | g->io | g->fs);
	ck_assert(gfp_by_name(GFP_6_1, "GFP_ATOMIC", &value));
	ck_assert_uint_eq(value, g->high | g->atomic | g->kswapd);
	ck_assert(gfp_by_name(GFP_6_1, "__GFP_RETRY_MAYFAIL", &value));
	ck_assert_uint_eq(value, g->retry);
	ck_assert(gfp_by_name(GFP_6_1, "__GFP_THISNODE", &value));
	ck_assert_uint_eq(value, g->thisnode);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gfp");
	TCase *tcase = tcase_create("gfp");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, masks_are_written_as_recorded);
	tcase_add_test(tcase, recorded_names_are_worth_what_is_recorded);
	tcase_add_test(tcase, rare_masks);
	tcase_add_test(tcase, every_name_is_known);
	tcase_add_test(tcase, kernels_know_each_other);
	tcase_add_test(tcase, composed_values);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
