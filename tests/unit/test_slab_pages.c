/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of slabs, as the files of /proc and show_mem() count them: those of /proc/slabinfo, by zone and kind. */
#include "machine/invariants.h"
#include "phys/page_alloc.h"
#include "procfs/procfs.h"
#include "slab/kmalloc.h"
#include "slab/kmem_cache.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

static struct machine m;
static struct machine_desc desc;
static struct status st;
static struct strbuf out = STRBUF_INIT;

static void boot(const char *name)
{
	memset(&st, 0, sizeof st);
	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void teardown(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
	strbuf_free(&out);
}

static gfp_t gfp_kernel(void)
{
	return kmem_cache_gfp_kernel(&m.slab);
}

static const char *read_path(const char *path)
{
	strbuf_clear(&out);
	ck_assert_msg(procfs_read(&m, path, &out, &st), "%s", st.message);
	return strbuf_str(&out);
}

/* The number behind `label` in a file. */
static u64 number(const char *path, const char *label)
{
	const char *at = strstr(read_path(path), label);

	ck_assert_msg(at != NULL, "%s has no %s", path, label);
	return strtoull(at + strlen(label), NULL, 10);
}

/* Pages of all slabs in /proc/slabinfo. */
static u64 pages_of_slabinfo(void)
{
	const char *line = read_path("/proc/slabinfo");
	u64 pages = 0;

	while ((line = strchr(line, '\n')) && *++line) {
		const char *slabs = strstr(line, "slabdata");
		unsigned long long num;
		unsigned each;

		if (*line == '#')
			continue;
		ck_assert_int_eq(sscanf(line, "%*s %*u %*u %*u %*u %u", &each), 1);
		ck_assert_int_eq(sscanf(slabs, "slabdata %*u %llu", &num), 1);
		pages += each * num;
	}
	return pages;
}

static struct kmem_cache *cache_with(const char *name, u32 flags, unsigned objects)
{
	struct kmem_cache *cache = kmem_cache_create(&m.slab, name, 900, 0, flags, CTOR_NONE);

	ck_assert_ptr_nonnull(cache);
	for (unsigned n = 0; n < objects; n++)
		ck_assert(kmem_cache_alloc(&m.slab, cache, gfp_kernel()));
	return cache;
}

START_TEST(as_slabinfo)
{
	u64 before, pages;

	boot(machines[_i]);
	ck_assert_uint_eq(number("/proc/meminfo", "\nSlab:"), 4 * pages_of_slabinfo());
	before = pages_of_slabinfo();
	cache_with("plain", 0, 100);
	pages = pages_of_slabinfo();
	ck_assert_uint_gt(pages, before + 20);
	ck_assert_uint_eq(number("/proc/meminfo", "\nSlab:"), 4 * pages);
	if (m.config.gfp == GFP_2_6) {
		ck_assert_uint_eq(number("/proc/vmstat", "nr_slab "), pages);
		strbuf_clear(&out);
		procfs_mem_info(&m, &out);
		ck_assert_uint_eq(strtoull(strstr(strbuf_str(&out), " slab:") + 6, NULL, 10), pages);
		ck_assert_uint_eq(strtoull(strstr(strbuf_str(&out), "pages mapped\n") + 13, NULL, 10), pages);
	} else {
		ck_assert_uint_eq(number("/proc/vmstat", "nr_slab_unreclaimable "), pages);
		ck_assert_uint_eq(number("/proc/zoneinfo", "nr_slab_unreclaimable "), pages);
		ck_assert_uint_eq(number("/proc/meminfo", "\nSUnreclaim:"), 4 * pages);
		ck_assert_uint_eq(number("/proc/meminfo", "\nSReclaimable:"), 0);
		strbuf_clear(&out);
		procfs_mem_info(&m, &out);
		ck_assert_uint_eq(strtoull(strstr(strbuf_str(&out), "slab_unreclaimable:") + 19, NULL, 10), pages);
	}
}
END_TEST

/* A slab lies in the zone that its page is from. */
START_TEST(by_zone)
{
	boot("i386-2.6.18");
	ck_assert(kmalloc_alloc(&m.slab, 4096, gfp_kernel() | m.phys.gfp->dma));
	ck_assert_uint_eq(m.slab.state->zone[0].slab[0], 1);
	ck_assert_uint_eq(number("/proc/zoneinfo", "nr_slab      "), 1);
	ck_assert_uint_eq(number("/proc/vmstat", "nr_slab "), pages_of_slabinfo());
}
END_TEST

START_TEST(reclaimable)
{
	u64 available, pages, low = 0;
	struct kmem_cache *cache;

	boot(machines[1 + _i]);
	cache = cache_with("rcl", m.slab.config->rules->flag->reclaim_account, 200);
	pages = pages_of_slabinfo();
	ck_assert_uint_gt(number("/proc/vmstat", "nr_slab_reclaimable "), 40);
	ck_assert_uint_eq(
	    number("/proc/vmstat", "nr_slab_reclaimable ") + number("/proc/vmstat", "nr_slab_unreclaimable "), pages);
	ck_assert_uint_eq(number("/proc/meminfo", "\nSlab:"), 4 * pages);
	ck_assert_uint_eq(number("/proc/meminfo", "\nSReclaimable:"), number("/proc/meminfo", "\nKReclaimable:"));
	ck_assert_uint_eq(number("/proc/meminfo", "\nSReclaimable:"),
			  4 * number("/proc/vmstat", "nr_slab_reclaimable "));
	/* Half of it is available, where that is less than the low watermarks. */
	for (unsigned z = 0; z < m.config.zones; z++)
		low += m.phys.zone[z].wmark[WMARK_LOW];
	pages = slab_node(&m.slab, cache, 0)->nr_slabs << cache->order;
	ck_assert_uint_lt(pages / 2, low);
	available = number("/proc/meminfo", "\nMemAvailable:");
	m.slab.state->zone[0].slab[1] += 100;
	ck_assert_uint_eq(number("/proc/meminfo", "\nMemAvailable:"), available + 4 * 50);
	m.slab.state->zone[0].slab[1] -= 100;
}
END_TEST

/* What is too large for a cache counts in 6.1, though it is no slab; kfree() of other pages brings it below zero. */
START_TEST(large)
{
	u64 address, before;
	pfn_t pfn;

	boot("x86_64-6.1-slub");
	before = number("/proc/vmstat", "nr_slab_unreclaimable ");
	address = kmalloc_alloc(&m.slab, 100000, gfp_kernel());
	ck_assert(address);
	ck_assert_uint_eq(number("/proc/vmstat", "nr_slab_unreclaimable "), before + 32);
	ck_assert_uint_eq(pages_of_slabinfo(), before);
	kmalloc_free(&m.slab, address);
	ck_assert_uint_eq(number("/proc/vmstat", "nr_slab_unreclaimable "), before);
	pfn = page_alloc(&m.phys, gfp_kernel() | m.phys.gfp->comp, 2);
	ck_assert_uint_ne(pfn, PFN_NONE);
	ck_assert_uint_eq(number("/proc/vmstat", "nr_slab_unreclaimable "), before);
	kmalloc_free(&m.slab, slab_address(&m.slab, pfn));
	ck_assert_int_eq(m.slab.state->zone[1].large + m.slab.state->zone[2].large, -4);
	ck_assert_uint_eq(number("/proc/vmstat", "nr_slab_unreclaimable "), before > 4 ? before - 4 : 0);
}
END_TEST

/* Slabs that are given back count no more. */
START_TEST(given_back)
{
	struct kmem_cache *cache;
	u64 objects[100], before;

	boot(machines[_i]);
	cache = kmem_cache_create(&m.slab, "plain", 900, 0, 0, CTOR_NONE);
	ck_assert_ptr_nonnull(cache);
	before = pages_of_slabinfo();
	for (unsigned n = 0; n < ARRAY_SIZE(objects); n++)
		objects[n] = kmem_cache_alloc(&m.slab, cache, gfp_kernel());
	for (unsigned n = 0; n < ARRAY_SIZE(objects); n++)
		kmem_cache_free(&m.slab, cache, objects[n]);
	kmem_cache_shrink(&m.slab, cache);
	ck_assert_uint_eq(pages_of_slabinfo(), before);
	ck_assert_uint_eq(number("/proc/meminfo", "\nSlab:"), 4 * before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab-pages");
	TCase *tc = tcase_create("slab-pages");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, as_slabinfo, 0, 3);
	tcase_add_test(tc, by_zone);
	tcase_add_loop_test(tc, reclaimable, 0, 2);
	tcase_add_test(tc, large);
	tcase_add_loop_test(tc, given_back, 0, 3);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
