/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /sys/kernel/slab: what stands in the files, and what writing to them does. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "procfs/procfs.h"
#include "procfs/slab_files.h"
#include "slab/kmem_cache.h"
#include "slab/slub_geometry.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct slab_system *const s = &m.slab;
static struct status st;
static struct strbuf printed;

static void take_line(void *context, const char *line)
{
	strbuf_puts(context, line);
	strbuf_putc(context, '\n');
}

static void boot_with(const char *cpus, const char *nodes)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "mem=256M", &st) &&
			  desc_set(&desc, cpus, &st) && desc_set(&desc, nodes, &st) &&
			  machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
	s->printk = take_line;
	s->printk_context = &printed;
}

static void boot(void)
{
	boot_with("cpus=2", "nodes=1");
}

static void halt(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
	strbuf_free(&printed);
}

static void reads(const char *file, const char *text)
{
	struct strbuf path = STRBUF_INIT, is = STRBUF_INIT;

	strbuf_printf(&path, "/sys/kernel/slab/%s", file);
	ck_assert_msg(procfs_read(&m, strbuf_str(&path), &is, &st), "%s", st.message);
	ck_assert_str_eq(strbuf_str(&is), text);
	strbuf_free(&path);
	strbuf_free(&is);
}

static bool writes(const char *path, const char *text)
{
	return procfs_write(&m, path, text, &st);
}

static u64 get(struct kmem_cache *cache)
{
	return kmem_cache_alloc(s, cache, kmem_cache_gfp_kernel(s));
}

/* What a cache is. */
START_TEST(properties)
{
	ck_assert_ptr_nonnull(kmem_cache_create(s, "walk", 500, 64, SLUB_RECLAIM_ACCOUNT, CTOR_PATTERN));
	reads("walk/object_size", "500\n");
	reads("walk/slab_size", "512\n");
	reads("walk/align", "64\n");
	reads("walk/objs_per_slab", "16\n");
	reads("walk/order", "1\n");
	reads("walk/min_partial", "5\n");
	reads("walk/cpu_partial", "52\n");
	reads("walk/reclaim_account", "1\n");
	reads("walk/hwcache_align", "0\n");
	reads("walk/poison", "0\n");
	reads("walk/ctor", "pattern\n");
	reads("walk/aliases", "0\n");
	reads("walk/shrink", "");
	reads("kmalloc-1k/usersize", "1024\n");
	reads("kmalloc-1k/ctor", "");
	reads("kmem_cache/aliases", "0\n");
}
END_TEST

/* Where its objects are. */
START_TEST(counts)
{
	struct kmem_cache *cache = kmem_cache_create(s, "walk", 512, 0, 0, CTOR_NONE);
	u64 object[60];

	for (unsigned n = 0; n < 60; n++)
		object[n] = get(cache);
	reads("walk/slabs", "4\n");
	reads("walk/total_objects", "64\n");
	reads("walk/objects", "64\n");
	reads("walk/cpu_slabs", "1\n");
	reads("walk/slabs_cpu_partial", "0(0)\n");
	kmem_cache_free(s, cache, object[0]);
	kmem_cache_free(s, cache, object[16]);
	reads("walk/cpu_slabs", "3\n");
	reads("walk/slabs_cpu_partial", "16(2) C0=16(2)\n");
	reads("walk/partial", "0\n");
	ck_assert(writes("/sys/kernel/slab/walk/cpu_partial", "0"));
	reads("walk/cpu_slabs", "0\n");
	reads("walk/partial", "3\n");
	reads("walk/objects", "58\n");
	reads("walk/objects_partial", "42\n");
	reads("walk/cpu_partial", "0\n");
}
END_TEST

START_TEST(nodes)
{
	halt();
	boot_with("cpus=4", "nodes=2");
	ck_assert_uint_ne(get(kmem_cache_create(s, "walk", 512, 0, 0, CTOR_NONE)), 0);
	reads("walk/slabs", "1 N0=1\n");
	reads("walk/partial", "0\n");
	reads("walk/remote_node_defrag_ratio", "100\n");
}
END_TEST

START_TEST(names)
{
	struct kmem_cache *cache = kmem_cache_create(s, "first", 72, 0, SLUB_RECLAIM_ACCOUNT, CTOR_NONE);

	ck_assert_ptr_eq(kmem_cache_create(s, "second", 72, 0, SLUB_RECLAIM_ACCOUNT, CTOR_NONE), cache);
	reads(":a-0000072/aliases", "1\n");
	ck_assert(!writes("/sys/kernel/slab/frist/order", "1"));
	ck_assert_str_eq(st.message, "there is no cache frist; did you mean first?");
	ck_assert(!writes("/sys/kernel/slab/first/order", "1"));
	ck_assert_str_eq(st.message, "EACCES: /sys/kernel/slab/first/order can only be read");
	ck_assert(!writes("/sys/kernel/slab/first/nothing", "1"));
	ck_assert_str_eq(st.message, "a cache has no file nothing; \"help proc\" lists those it has");
	ck_assert(!writes("/sys/kernel/slab/first/ordr", "1"));
	ck_assert_str_eq(st.message, "a cache has no file ordr; did you mean order?");
	ck_assert(!writes("/sys/kernel/slab/first/", "1"));
	ck_assert_str_eq(st.message, "EISDIR: /sys/kernel/slab/first/ is a folder; \"help proc\" lists its files");
	ck_assert(!writes("/sys/kernel/slab", "1"));
	ck_assert(strncmp(st.message, "EISDIR: /sys/kernel/slab has a folder", 37) == 0);
}
END_TEST

START_TEST(written)
{
	struct kmem_cache *cache = kmem_cache_create(s, "walk", 512, 0, 0, CTOR_NONE);

	kmem_cache_free(s, cache, get(cache));
	reads("walk/slabs", "1\n");
	ck_assert(!writes("/sys/kernel/slab/walk/shrink", "2"));
	ck_assert(writes("/sys/kernel/slab/walk/shrink", "1"));
	reads("walk/slabs", "0\n");
	ck_assert(writes("/sys/kernel/slab/walk/min_partial", "7"));
	reads("walk/min_partial", "7\n");
	ck_assert(!writes("/sys/kernel/slab/walk/min_partial", "many"));
	/* A cache without checks cannot be validated. */
	ck_assert(!writes("/sys/kernel/slab/walk/validate", "1"));
}
END_TEST

/* Damage is found when one asks for it. */
START_TEST(validated)
{
	struct kmem_cache *cache = kmem_cache_create(
	    s, "buffers", 24, 0, SLUB_CONSISTENCY_CHECKS | SLUB_RED_ZONE | SLUB_POISON | SLUB_STORE_USER, CTOR_NONE);
	u64 a = get(cache);

	ck_assert(writes("/sys/kernel/slab/buffers/validate", "1"));
	ck_assert_str_eq(strbuf_str(&printed), "");
	ck_assert(page_fill(&m.phys, slab_physical(s, a + 24), 'X', 1));
	ck_assert(writes("/sys/kernel/slab/buffers/validate", "1"));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "BUG buffers (Not tainted): Right Redzone overwritten\n"));
}
END_TEST

/* Each file of each cache can be read. */
START_TEST(all_files)
{
	struct strbuf name = STRBUF_INIT, path = STRBUF_INIT, text = STRBUF_INIT;
	unsigned files = 0;

	for (const struct kmem_cache *c = kmem_cache_first(s); c; c = kmem_cache_next(s, c)) {
		for (size_t n = 0; strbuf_clear(&name), slab_files_name(&m, n, &name); n++) {
			strbuf_clear(&path);
			strbuf_printf(&path, "/sys/kernel/slab/%s/%s", c->name, strbuf_str(&name));
			ck_assert_msg(procfs_read(&m, strbuf_str(&path), &text, &st), "%s", st.message);
			files++;
		}
	}
	ck_assert_uint_gt(files, 1000);
	strbuf_free(&name);
	strbuf_free(&path);
	strbuf_free(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab_files");
	TCase *test = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(test, boot, halt);
	tcase_add_test(test, properties);
	tcase_add_test(test, counts);
	tcase_add_test(test, nodes);
	tcase_add_test(test, names);
	tcase_add_test(test, written);
	tcase_add_test(test, validated);
	tcase_add_test(test, all_files);
	suite_add_tcase(suite, test);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
