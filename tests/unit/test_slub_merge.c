/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which new caches become names of old ones: the recorded kernel's caches are
 * made anew, the oldest first, and then those of a session; each must share
 * the cache that it shared there.
 */
#include "machine/machine.h"
#include "slab/kmem_cache.h"
#include "slab/slub_geometry.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CACHES 200

static struct machine m;
static struct slab_system *const s = &m.slab;
static struct status st;

static void boot(void)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "mem=256M", &st) &&
			  machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
}

static void halt(void)
{
	machine_free(&m);
}

static u64 number(const char *line, const char *key, int base)
{
	const char *at = strstr(line, key);

	ck_assert_msg(at != NULL, "no%s in %s", key, line);
	return strtoull(at + strlen(key), NULL, base);
}

static void word(const char *line, const char *key, char to[SLAB_NAME])
{
	const char *at = strstr(line, key);

	ck_assert_msg(at != NULL, "no%s in %s", key, line);
	snprintf(to, SLAB_NAME, "%.*s", (int)strcspn(at + strlen(key), " \n"), at + strlen(key));
}

static gzFile recording(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[512];
	gzFile file;

	snprintf(path, sizeof path, "%s/data/recordings/x86_64-slub/%s.rec.gz", top ? top : ".", name);
	file = gzopen(path, "rb");
	ck_assert_msg(file != NULL, "%s cannot be read", path);
	return file;
}

/* A cache that a booted kernel had; those that the machine has, too, are left as they are. */
static void make_recorded(const char *line)
{
	u32 flags = (u32)number(line, " flags=", 16) & ~(u32)(SLUB_CMPXCHG_DOUBLE | SLUB_OBJECT_POISON);
	struct kmem_cache *cache;
	u32 size, align, usersize;
	char name[SLAB_NAME];

	word(line, " kname=", name);
	if (kmem_cache_by_name(s, name))
		return;
	usersize = (u32)number(line, " usersize=", 10);
	size = (u32)number(line, " object_size=", 10);
	align = (u32)number(line, " align=", 10);
	/* One whose objects users may copy from is made for itself. */
	if (usersize)
		cache = kmem_cache_create_early(s, name, size, align, flags);
	else
		cache =
		    kmem_cache_create(s, name, size, align, flags, number(line, " ctor=", 10) ? CTOR_ZERO : CTOR_NONE);
	ck_assert_ptr_nonnull(cache);
	ck_assert_msg(strcmp(cache->name, name) == 0, "%s became a name of %s", name, cache->name);
	cache->usersize = usersize;
}

static void boot_caches(void)
{
	static char line[1 << 16], *lines[CACHES];
	gzFile file = recording("boot-256M");
	unsigned count = 0;

	/* The youngest comes first; all are listed behind the first snapshot. */
	while (gzgets(file, line, sizeof line) && (!count || strncmp(line, "SNAP", 4) != 0))
		if (strncmp(line, "CACHE ", 6) == 0 && count < CACHES)
			lines[count++] = strdup(line);
	gzclose(file);
	ck_assert_uint_gt(count, 50);
	while (count-- > 0) {
		make_recorded(lines[count]);
		free(lines[count]);
	}
}

START_TEST(recorded)
{
	static char line[1 << 16], asked[1024], name[SLAB_NAME];
	gzFile file = recording("slab-merge");
	unsigned shared = 0, alone = 0;

	boot_caches();
	while (gzgets(file, line, sizeof line)) {
		struct kmem_cache *cache;

		if (strncmp(line, "op ", 3) == 0)
			snprintf(asked, sizeof asked, "%.1000s", strstr(line, "kmem_cache_create") ? line : "");
		if (strncmp(line, "CACHE ", 6) != 0 || !asked[0])
			continue;
		word(asked, " name=", name);
		cache = kmem_cache_create(s, name, number(asked, " size=", 10), number(asked, " align=", 10),
					  (u32)number(asked, " flags=", 16),
					  number(asked, " ctor=", 10) ? CTOR_ZERO : CTOR_NONE);
		ck_assert_ptr_nonnull(cache);
		*(strcmp(cache->name, name) ? &shared : &alone) += 1;
		word(line, " kname=", name);
		ck_assert_str_eq(cache->name, name);
		ck_assert_uint_eq(cache->object_size, number(line, " object_size=", 10));
		ck_assert_uint_eq(cache->slub.inuse, number(line, " inuse=", 10));
		asked[0] = '\0';
	}
	gzclose(file);
	ck_assert_uint_eq(shared, 9);
	ck_assert_uint_eq(alone, 11);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slub_merge");
	TCase *test = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, boot, halt);
	tcase_add_test(test, recorded);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
