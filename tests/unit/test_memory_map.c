/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every recorded boot: the map of memory that follows from the size of its RAM
 * is the one that its firmware told, and with mem= the one that the kernel made of it.
 */
#include "machine/memory_map.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct {
	const char *folder, *machine;
} builds[] = {
	{ "i386-2.6.18", "i386-2.6.18" },
	{ "i386-slab", "i386-6.1-slab" },
	{ "x86_64-slub", "x86_64-6.1-slub" },
};

static struct machine_desc desc;
static struct status st;

/* Lines of a map: those that begin with `prefix`, and their number in *count. */
static void read_map(const char *path, const char *prefix, struct memory_map *map)
{
	char line[256];
	gzFile text = gzopen(path, "rb");

	ck_assert_msg(text != NULL, "%s", path);
	map->count = 0;
	while (gzgets(text, line, sizeof line)) {
		const char *at = line + strspn(line, " ");
		struct memory_map_entry *e = &map->entry[map->count];
		bool old;

		if (strncmp(at, prefix, strlen(prefix)) != 0)
			continue;
		at += strlen(prefix);
		old = sscanf(at, " %" SCNx64 " - %" SCNx64, &e->start, &e->end) == 2;
		if (!old && sscanf(at, " [mem %" SCNx64 "-%" SCNx64, &e->start, &e->end) != 2)
			continue;
		e->end += !old;
		e->ram = strstr(at, "usable") != NULL;
		map->count++;
	}
	gzclose(text);
}

static void set(const char *key, const char *from, const char *ends)
{
	char setting[64];

	snprintf(setting, sizeof setting, "%s=%.*s", key, (int)strcspn(from, ends), from);
	ck_assert_msg(desc_set(&desc, setting, &st), "%s: %s", setting, st.message);
}

/* The machine of the recording's second line, which tells how it was started. */
static void describe(const char *path, const char *machine)
{
	gzFile in = gzopen(path, "rb");
	char line[512];
	const char *at;

	ck_assert_msg(in != NULL, "%s", path);
	ck_assert_msg(desc_load(&desc, machine, &st), "%s", st.message);
	do
		ck_assert_ptr_nonnull(gzgets(in, line, sizeof line));
	while (strncmp(line, "#@", 2) != 0);
	gzclose(in);
	at = strstr(line, " mem=");
	ck_assert_ptr_nonnull(at);
	set("mem", at + 5, " ");
	at = strstr(line, "\"mem=");
	if (at)
		set("mem_limit", at + 5, " \"");
	at = strstr(line, "max-ram-below-4g=");
	if (at)
		set("max_ram_below_4g", at + 17, " ,\n");
}

static void same(const char *path, const struct memory_map *expected, const struct memory_map *got)
{
	ck_assert_msg(expected->count == got->count, "%s: %u entries, not %u", path, got->count, expected->count);
	for (unsigned n = 0; n < got->count; n++) {
		const struct memory_map_entry *e = &expected->entry[n], *g = &got->entry[n];

		ck_assert_msg(e->start == g->start && e->end == g->end && e->ram == g->ram,
			      "%s: entry %u is 0x%" PRIx64 "-0x%" PRIx64 " %d, not 0x%" PRIx64 "-0x%" PRIx64 " %d",
			      path, n, g->start, g->end, g->ram, e->start, e->end, e->ram);
	}
}

/* The console tells the map before 6.1 takes page 0 out of it. */
static void forget_page_0(struct memory_map *map)
{
	if (desc.boot != BOOT_6_1)
		return;
	ck_assert(!map->entry[0].ram && map->entry[0].end == 4096 && map->entry[1].start == 4096);
	map->entry[1].start = 0;
	memmove(&map->entry[0], &map->entry[1], --map->count * sizeof map->entry[0]);
}

START_TEST(recorded_boots)
{
	const char *top = getenv("top_srcdir");
	struct memory_map expected, got;
	char pattern[512], console[512];
	unsigned limited = 0;
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/%s/*boot-*.rec.gz", top ? top : ".", builds[_i].folder);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];

		snprintf(console, sizeof console, "%.*s.dmesg.txt.gz", (int)(strlen(path) - strlen(".rec.gz")), path);
		describe(path, builds[_i].machine);
		read_map(console, "BIOS-e820:", &expected);
		ck_assert_uint_ge(expected.count, 6);
		memory_map_of_firmware(&desc, &got);
		same(path, &expected, &got);
		if (!desc.mem_limit)
			continue;
		read_map(console, "user:", &expected);
		ck_assert_uint_ge(expected.count, 4);
		memory_map_of_kernel(&desc, &got);
		forget_page_0(&got);
		same(path, &expected, &got);
		limited++;
	}
	ck_assert_uint_ge(found.gl_pathc, 4);
	ck_assert_uint_eq(limited, 1);
	globfree(&found);
}
END_TEST

START_TEST(page_0_and_limits)
{
	struct memory_map map;

	ck_assert(desc_load(&desc, "i386-6.1-slab", &st));
	set("mem", "256M", "");
	set("mem_limit", "248M", "");
	memory_map_of_kernel(&desc, &map);
	ck_assert_uint_eq(map.count, 7);
	ck_assert(!map.entry[0].ram && map.entry[0].end == 4096);
	ck_assert(map.entry[1].ram && map.entry[1].start == 4096 && map.entry[1].end == 0x9fc00);
	ck_assert(map.entry[4].ram && map.entry[4].end == 0xf800000);
	/* What is reserved above stays. */
	ck_assert(!map.entry[5].ram && map.entry[5].start == 0xffe0000);
	/* RAM that begins above the limit is gone, and what it cut keeps its place. */
	ck_assert(desc_load(&desc, "x86_64-6.1-slub", &st));
	set("mem_limit", "2G", "");
	memory_map_of_kernel(&desc, &map);
	for (unsigned n = 0; n < map.count; n++)
		ck_assert(!map.entry[n].ram || map.entry[n].end <= 0x80000000);
	/* Ranges that the description names are the RAM; others give way to them. */
	set("memory", "0-640K, 1M-64M", "");
	set("firmware_reserved", "600K-2M, 63M-65M", "");
	memory_map_of_firmware(&desc, &map);
	ck_assert_uint_eq(map.count, 4);
	ck_assert(!map.entry[1].ram && map.entry[1].start == 640 * 1024 && map.entry[1].end == 1024 * 1024);
	ck_assert(!map.entry[3].ram && map.entry[3].start == 64 << 20 && map.entry[3].end == 65 << 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory_map");
	TCase *tc = tcase_create("memory_map");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tc, recorded_boots, 0, 3);
	tcase_add_test(tc, page_0_and_limits);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
