/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every cache that was created in a recording on a kernel with SLAB, and the
 * caches of kmalloc(): a machine like the recorded one creates it with the same
 * arguments, and must come to the same figures.
 */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "session/recording.h"
#include "slab/kmem_cache.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct status st;
static struct machine m;
static const char *file;
static unsigned compared, same_names;

/* ------------------------------------------------------------- lines */

/* Is there ` key=` in the line? Then *value, a number in this base. */
static bool number(const char *line, const char *key, int base, u64 *value)
{
	const char *at = line;
	size_t length = strlen(key);

	while ((at = strstr(at, key)) != NULL) {
		if ((at == line || at[-1] == ' ') && at[length] == '=') {
			*value = strtoull(at + length + 1, NULL, base);
			return true;
		}
		at += length;
	}
	return false;
}

static u64 needed(const char *line, const char *key, int base)
{
	u64 value = 0;

	ck_assert_msg(number(line, key, base, &value), "%s: no %s= in: %s", file, key, line);
	return value;
}

static void word(const char *line, const char *key, char *to, size_t size)
{
	const char *at = strstr(line, key);

	ck_assert_ptr_nonnull(at);
	at += strlen(key);
	snprintf(to, size, "%.*s", (int)strcspn(at, " \n"), at);
}

/* ------------------------------------------------------------- the machine */

static struct {
	char memory[16];
	u64 cpus, line, debug;
	bool is_2_6, no_merge;
} given;

static void note_constants(const char *line)
{
	number(line, "cpus", 10, &given.cpus);
	number(line, "cache_line_size", 10, &given.line);
	number(line, "DEBUG_SLAB", 10, &given.debug);
	given.is_2_6 |= strstr(line, "kernel=2.6.18") != NULL;
	given.no_merge |= strstr(line, "slab_nomerge") != NULL;
}

static void set(struct machine_desc *desc, const char *key, const char *value)
{
	char setting[64];

	snprintf(setting, sizeof setting, "%s=%s", key, value);
	ck_assert_msg(desc_set(desc, setting, &st), "%s", st.message);
}

static void boot(void)
{
	struct machine_desc desc;
	char line[24], cpus[24];

	snprintf(line, sizeof line, "%" PRIu64, given.line ? given.line : 64);
	snprintf(cpus, sizeof cpus, "%" PRIu64, given.cpus);
	ck_assert_msg(desc_load(&desc, given.is_2_6 ? "i386-2.6.18" : "i386-6.1-slab", &st), "%s", st.message);
	set(&desc, "mem", given.memory);
	set(&desc, "cpus", cpus);
	set(&desc, "cache_line", line);
	/* What a processor with longer lines says early. */
	set(&desc, "cache_line_at_boot", given.line == 128 ? "64" : "0");
	set(&desc, "slab_debug", given.debug ? "yes" : "no");
	set(&desc, "slab_nomerge", given.no_merge ? "yes" : "no");
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

/* ------------------------------------------------------------- comparing */

static void same(const char *line, const char *key, int base, u64 is)
{
	u64 was;

	if (number(line, key, base, &was))
		ck_assert_msg(is == was, "%s: %s is %" PRIu64 ", was %" PRIu64 ": %s", file, key, is, was, line);
}

static void compare(const struct kmem_cache *cache, const char *line)
{
	same(line, "object_size", 10, cache->object_size);
	same(line, "size", 10, cache->size);
	if (!given.is_2_6)
		same(line, "align", 10, cache->align);
	same(line, "num", 10, cache->num);
	same(line, "gfporder", 10, cache->order);
	same(line, "colour", 10, cache->slab.colour);
	same(line, "colour_off", 10, cache->slab.colour_off);
	same(line, given.is_2_6 ? "slab_size" : "freelist_size", 10, cache->slab.management);
	same(line, "offslab", 10, cache->slab.offslab);
	same(line, "objfreelist", 10, cache->slab.objfreelist);
	same(line, "flags", 16, cache->flags);
	same(line, "gfpflags", 16, cache->allocflags);
	same(line, "allocflags", 16, cache->allocflags);
	same(line, "limit", 10, cache->slab.limit);
	same(line, "batchcount", 10, cache->slab.batchcount);
	same(line, "shared", 10, cache->slab.shared);
	same(line, "free_limit", 10, slab_node(&m.slab, cache, 0)->free_limit);
	same(line, "obj_offset", 10, cache->slab.obj_offset);
	same(line, "useroffset", 10, cache->useroffset);
	same(line, "usersize", 10, cache->usersize);
	same(line, "refcount", 10, cache->refcount == UINT32_MAX ? 0 : cache->refcount);
	compared++;
}

/* A line `op N kmem_cache_create ...`. */
static struct kmem_cache *create(const char *line)
{
	char name[SLAB_NAME];

	word(line, "name=", name, sizeof name);
	return kmem_cache_create(&m.slab, name, needed(line, "size", 10), needed(line, "align", 10),
				 (u32)needed(line, "flags", 16), needed(line, "ctor", 10) ? CTOR_ZERO : CTOR_NONE);
}

/* A line `op N kmem_cache_destroy c=0 name=...`; here nothing is in use. */
static void destroy(const char *line)
{
	struct kmem_cache *cache;
	char name[SLAB_NAME];

	word(line, " name=", name, sizeof name);
	cache = kmem_cache_by_name(&m.slab, name);
	if (cache)
		ck_assert_msg(kmem_cache_destroy(&m.slab, cache), "%s: it stays: %s", file, line);
}

/* kmalloc()'s caches, and that of caches: others of the same name may be made in another way here. */
static bool is_of_boot(const char *name)
{
	return strstr(name, "kmalloc-") || strncmp(name, "size-", 5) == 0 || strcmp(name, "kmem_cache") == 0;
}

static void compare_recording(void)
{
	struct recording in;
	struct kmem_cache *made = NULL;
	bool booted = false, creating = false;
	char name[SLAB_NAME];

	memset(&given, 0, sizeof given);
	given.cpus = 1;
	ck_assert_msg(recording_open(&in, file, &st), "%s", st.message);
	while (recording_next(&in, &st) == RECORDING_LINE) {
		const char *line = strbuf_str(&in.line);

		if (in.kind == LINE_CONSTANTS)
			note_constants(line);
		if (in.kind == LINE_COMMENT && strstr(line, " mem="))
			word(line, " mem=", given.memory, sizeof given.memory);
		if (in.kind == LINE_OPERATION) {
			if (booted && strstr(line, " kmem_cache_destroy "))
				destroy(line);
			creating = strstr(line, " kmem_cache_create ") != NULL;
			if (creating && !booted)
				boot();
			booted |= creating;
			if (creating)
				made = create(line);
		}
		if (in.kind == LINE_RESULT && creating) {
			ck_assert_msg(made || down_is(&m.phys) || strstr(line, "cache=0 ") || strstr(line, "NULL"),
				      "%s: none was made: %s", file, line);
			down_forget(&m.phys);
			creating = made != NULL;
		}
		if (in.kind == LINE_CACHE && creating) {
			ck_assert_msg(made != NULL, "%s: none was made: %s", file, line);
			/* Merged, with a cache of the kernel's that is not here, or is by other names. */
			word(line, "kname=", name, sizeof name);
			if (strcmp(name, made->name) == 0 && made->refcount == 1)
				compare(made, line);
			creating = false;
		} else if (in.kind == LINE_CACHE && booted) {
			const struct kmem_cache *own;

			word(line, "kname=", name, sizeof name);
			own = kmem_cache_by_name(&m.slab, name);
			if (own && is_of_boot(name)) {
				compare(own, line);
				same_names++;
			}
		}
	}
	recording_close(&in);
	if (booted) {
		ck_assert_msg(invariants_hold(&m, &st), "%s: %s", file, st.message);
		machine_free(&m);
	}
}

static void compare_folder(const char *folder)
{
	const char *top = getenv("top_srcdir");
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/%s/*.rec.gz", top ? top : ".", folder);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t n = 0; n < found.gl_pathc; n++) {
		file = found.gl_pathv[n];
		compare_recording();
	}
	globfree(&found);
}

START_TEST(geometry_of_2_6)
{
	compared = same_names = 0;
	compare_folder("i386-2.6.18");
	/* As many as there are. */
	ck_assert_uint_ge(compared, 1000);
	ck_assert_uint_ge(same_names, 100);
}
END_TEST

START_TEST(geometry_of_6_1)
{
	compared = same_names = 0;
	compare_folder("i386-slab");
	compare_folder("i386-slab-debug");
	ck_assert_uint_ge(compared, 800);
	ck_assert_uint_ge(same_names, 40);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab_recorded");
	TCase *tc = tcase_create("recorded");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, geometry_of_2_6);
	tcase_add_test(tc, geometry_of_6_1);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
