/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of /proc/sys/vm: what is read, what is refused, and what follows when they are written. */
#include "machine/invariants.h"
#include "machine/tunables.h"
#include "phys/phys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct status st;

static void boot(const char *name)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st) && machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void teardown(void)
{
	machine_free(&m);
}

static void reads(const char *name, const char *expected)
{
	struct strbuf text = STRBUF_INIT;

	ck_assert_msg(tunables_get(&m, name, &text, &st), "%s", st.message);
	ck_assert_str_eq(strbuf_str(&text), expected);
	strbuf_free(&text);
}

static void writes(const char *name, const char *value, const char *expected)
{
	ck_assert_msg(tunables_set(&m, name, value, &st), "%s", st.message);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	reads(name, expected);
}

static void refuses(const char *name, const char *value, const char *why)
{
	u64 before = machine_hash(&m);

	ck_assert_msg(!tunables_set(&m, name, value, &st), "%s=%s is taken", name, value);
	ck_assert_msg(strstr(st.message, why) != NULL, "\"%s\" does not say \"%s\"", st.message, why);
	ck_assert_uint_eq(machine_hash(&m), before);
}

static const struct zone *zone(const char *name)
{
	return &m.phys.zone[phys_zone_by_name(&m.phys, name)];
}

static const struct pcp_set *pcp(const char *name, unsigned set)
{
	return &phys_pcp(&m.phys, (unsigned)phys_zone_by_name(&m.phys, name), 0)->set[set];
}

START_TEST(watermarks_follow)
{
	u32 managed;

	boot("i386-6.1-slab");
	managed = zone("Normal")->managed;
	writes("vm/min_free_kbytes", " 0x1000\n", "4096\n");
	ck_assert_uint_eq(zone("Normal")->wmark[WMARK_LOW],
			  zone("Normal")->wmark[WMARK_MIN] + zone("Normal")->wmark[WMARK_MIN] / 4);
	ck_assert_uint_eq(pcp("Normal", 0)->high, zone("Normal")->wmark[WMARK_LOW]);
	writes("vm/watermark_scale_factor", "3000", "3000\n");
	ck_assert_uint_eq(zone("Normal")->wmark[WMARK_LOW],
			  zone("Normal")->wmark[WMARK_MIN] + (u32)((u64)managed * 3000 / 10000));
}
END_TEST

START_TEST(a_boost_ends)
{
	unsigned normal;

	boot("x86_64-6.1-slub");
	normal = (unsigned)phys_zone_by_name(&m.phys, "DMA32");
	m.phys.zone[normal].boost = 512;
	writes("vm/watermark_boost_factor", "0", "0\n");
	ck_assert_uint_eq(m.phys.zone[normal].boost, 512);
	/* The low watermark with its boost decides how much per-CPU lists may hold, when that is computed anew. */
	writes("vm/percpu_pagelist_high_fraction", "0", "0\n");
	ck_assert_uint_eq(pcp("DMA32", 0)->high, m.phys.zone[normal].wmark[WMARK_LOW]);
	writes("vm/percpu_pagelist_high_fraction", "8", "8\n");
	writes("vm/percpu_pagelist_high_fraction", "0", "0\n");
	ck_assert_uint_eq(pcp("DMA32", 0)->high, m.phys.zone[normal].wmark[WMARK_LOW] + 512);
	writes("vm/min_free_kbytes", "8192", "8192\n");
	ck_assert_uint_eq(m.phys.zone[normal].boost, 0);
}
END_TEST

START_TEST(reserves_follow)
{
	u32 before;

	boot("i386-6.1-slab");
	before = zone("Normal")->lowmem_reserve[2];
	writes("vm/lowmem_reserve_ratio", "32", "32\t32\t0\t0\n");
	ck_assert_uint_eq(zone("DMA")->lowmem_reserve[1], zone("Normal")->managed / 32);
	ck_assert_uint_eq(zone("Normal")->lowmem_reserve[2], before);
	writes("vm/lowmem_reserve_ratio", "32 0 0 0", "32\t0\t0\t0\n");
	ck_assert_uint_eq(zone("Normal")->lowmem_reserve[2], 0);
}
END_TEST

START_TEST(reserves_of_2_6_are_never_off)
{
	boot("i386-2.6.18");
	writes("vm/lowmem_reserve_ratio", "0 256 32", "1\t256\t32\n");
	ck_assert_uint_eq(zone("DMA")->lowmem_reserve[2], zone("Normal")->managed);
}
END_TEST

START_TEST(hot_lists_of_2_6_follow)
{
	u32 cold, wmark;

	boot("i386-2.6.18");
	cold = pcp("Normal", 1)->high;
	writes("vm/percpu_pagelist_fraction", "8", "8\n");
	ck_assert_uint_eq(pcp("Normal", 0)->high, zone("Normal")->managed / 8);
	ck_assert_uint_eq(pcp("Normal", 0)->batch, 96);
	ck_assert_uint_eq(pcp("Normal", 1)->high, cold);
	wmark = zone("Normal")->wmark[WMARK_MIN];
	writes("vm/min_free_kbytes", "100000", "100000\n");
	ck_assert_uint_gt(zone("Normal")->wmark[WMARK_MIN], wmark);
	ck_assert_uint_eq(pcp("Normal", 0)->high, zone("Normal")->managed / 8);
}
END_TEST

START_TEST(what_a_kernel_refuses)
{
	boot("i386-2.6.18");
	refuses("vm/watermark_scale_factor", "10", "has no");
	refuses("vm/percpu_pagelist_fraction", "0", "from 8");
	refuses("vm/percpu_pagelist_fraction", "7", "from 8");
	refuses("vm/min_free_kbytes", "-1", "numbers");
	refuses("vm/min_free_kbytes", "12x", "numbers");
	refuses("vm/min_free_kbytes", "", "numbers");
	refuses("vm/min_free_kbytes", "2147483648", "2147483647");
	refuses("vm/min_free_kbytes", "99999999999999999999", "numbers");
	refuses("vm/lowmem_reserve_ratio", "32 x 8", "numbers");
	machine_free(&m);
	boot("x86_64-6.1-slub");
	refuses("vm/watermark_scale_factor", "0", "from 1 to 3000");
	refuses("vm/watermark_scale_factor", "3001", "from 1 to 3000");
	refuses("vm/percpu_pagelist_high_fraction", "7", "from 8");
	refuses("vm/percpu_pagelist_fraction", "8", "has no");
	machine_free(&m);
	boot("textbook-1M");
	refuses("vm/min_free_kbytes", "1", "has no");
	ck_assert_ptr_null(tunables_name(&m, 0));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tunables");
	TCase *tc = tcase_create("tunables");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, watermarks_follow);
	tcase_add_test(tc, a_boost_ends);
	tcase_add_test(tc, reserves_follow);
	tcase_add_test(tc, reserves_of_2_6_are_never_off);
	tcase_add_test(tc, hot_lists_of_2_6_follow);
	tcase_add_test(tc, what_a_kernel_refuses);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
