/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors of pages, and their bytes. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page.h"
#include "phys/page_alloc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct phys *p = &m.phys;
static struct status st;

static void boot(void)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, "i386-2.6.18", &st) && desc_set(&desc, "mem=64M", &st) &&
			  desc_set(&desc, "allocator=none", &st),
		      "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void halt(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert(gfp_by_name(m.config.gfp, name, &value));
	return value;
}

static u64 at(pfn_t pfn, unsigned offset)
{
	return ((u64)pfn << 12) + offset;
}

/* A page keeps what was written to it when it is freed, and a zeroed page reads as zero. */
START_TEST(bytes_stay)
{
	pfn_t pfn = page_alloc(p, gfp("GFP_KERNEL"), 0);
	u64 before = machine_hash(&m);

	ck_assert_uint_eq(page_load(p, at(pfn, 8), 4), 0);
	ck_assert(page_store(p, at(pfn, 8), 0x12345678, 4));
	ck_assert_uint_eq(page_load(p, at(pfn, 8), 4), 0x12345678);
	ck_assert_uint_eq(page_load(p, at(pfn, 8), 1), 0x78);
	ck_assert_uint_ne(machine_hash(&m), before);
	ck_assert(page_free(p, pfn, 0, &st));
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL"), 0), pfn);
	ck_assert_uint_eq(page_load(p, at(pfn, 8), 4), 0x12345678);
	ck_assert(page_free(p, pfn, 0, &st));
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL") | gfp("__GFP_ZERO"), 0), pfn);
	ck_assert_uint_eq(page_load(p, at(pfn, 8), 4), 0);
	ck_assert_ptr_null(page_find(p, pfn));
}
END_TEST

/* A range of bytes over the border of two pages. */
START_TEST(bytes_over_a_border)
{
	pfn_t pfn = page_alloc(p, gfp("GFP_KERNEL"), 1);
	char got[9] = "";

	ck_assert(page_write(p, at(pfn, 4092), "kmemlab!", 8));
	page_read(p, at(pfn, 4092), got, 8);
	ck_assert_str_eq(got, "kmemlab!");
	ck_assert_uint_eq(page_load(p, at(pfn + 1, 0), 1), 'l');
	ck_assert(page_fill(p, at(pfn, 4090), 0x5a, 4));
	page_read(p, at(pfn, 4092), got, 8);
	ck_assert_str_eq(got, "ZZemlab!");
}
END_TEST

/* Bytes that are set to zero one by one make the machine equal to one where nothing was written. */
START_TEST(zeroes_count_for_nothing)
{
	pfn_t pfn = page_alloc(p, gfp("GFP_KERNEL"), 0);
	u64 before = machine_hash(&m);

	ck_assert(page_store(p, at(pfn, 16), 7, 8));
	ck_assert(page_store(p, at(pfn, 16), 0, 8));
	ck_assert_uint_eq(machine_hash(&m), before);
}
END_TEST

/* What an owner holds is not freed behind its back. */
START_TEST(owned)
{
	pfn_t pfn = page_alloc(p, gfp("GFP_KERNEL"), 2);
	u64 before = machine_hash(&m);

	ck_assert(page_own(p, pfn, 2, PAGE_SLAB));
	ck_assert_uint_eq(page_find(p, pfn + 3)->head, pfn);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert(!page_free(p, pfn, 2, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "slab"));
	page_disown(p, pfn, 2);
	ck_assert_uint_eq(machine_hash(&m), before);
	ck_assert(page_free(p, pfn, 2, &st));
}
END_TEST

/* Descriptors that were given back are used again. */
START_TEST(used_again)
{
	pfn_t a = page_alloc(p, gfp("GFP_KERNEL"), 0), b = page_alloc(p, gfp("GFP_KERNEL"), 0);
	u32 used;

	ck_assert(page_own(p, a, 0, PAGE_SLAB));
	used = m.phys.state->page_used;
	page_disown(p, a, 0);
	ck_assert(page_own(p, b, 0, PAGE_FILE));
	ck_assert_uint_eq(m.phys.state->page_used, used);
	page_disown(p, b, 0);
}
END_TEST

/* When there are no descriptors left, those of free pages with old bytes are taken. */
START_TEST(few_descriptors)
{
	pfn_t a = page_alloc(p, gfp("GFP_KERNEL"), 0), b = page_alloc(p, gfp("GFP_KERNEL"), 0);

	m.phys.page_slots = 1;
	ck_assert(page_store(p, at(a, 0), 1, 1));
	ck_assert(!page_store(p, at(b, 0), 1, 1));
	ck_assert(page_free(p, a, 0, &st));
	ck_assert(page_store(p, at(b, 0), 1, 1));
	ck_assert_uint_eq(page_load(p, at(a, 0), 1), 0);
}
END_TEST

/* A page of one byte: a number lies in several, and the hash reads no further than the page. */
START_TEST(pages_of_a_byte)
{
	struct machine_desc desc;
	u64 empty, one, two;

	machine_free(&m);
	ck_assert_msg(desc_load(&desc, "textbook-1M", &st) && desc_set(&desc, "page_size=1", &st) &&
			  machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
	ck_assert_uint_eq(m.config.page_shift, 0);
	empty = machine_hash(&m);
	ck_assert(page_store(p, 8, UINT64_C(0x8877665544332211), 8));
	ck_assert_uint_eq(page_load(p, 8, 8), UINT64_C(0x8877665544332211));
	ck_assert_uint_eq(page_load(p, 10, 1), 0x33);
	ck_assert_uint_eq(page_load(p, 16, 4), 0);
	ck_assert(page_store(p, 8, 0, 8));
	ck_assert_uint_eq(machine_hash(&m), empty);
	/* The hash of a page is its own: a neighbour's byte counts once. */
	ck_assert(page_store(p, 8, 0x11, 1));
	one = page_hash(p);
	ck_assert(page_store(p, 9, 0x22, 1));
	ck_assert(page_store(p, 8, 0, 1));
	two = page_hash(p);
	ck_assert(page_store(p, 8, 0x11, 1));
	ck_assert_uint_eq(page_hash(p), one + two);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page");
	TCase *tc = tcase_create("page");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, boot, halt);
	tcase_add_test(tc, bytes_stay);
	tcase_add_test(tc, bytes_over_a_border);
	tcase_add_test(tc, zeroes_count_for_nothing);
	tcase_add_test(tc, owned);
	tcase_add_test(tc, used_again);
	tcase_add_test(tc, few_descriptors);
	tcase_add_test(tc, pages_of_a_byte);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
