/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two indexes of fragmentation. */
#include "phys/extfrag.h"

#include <check.h>
#include <stdlib.h>

#define ORDERS 11

/* DMA32 of a server with 32 GiB, as published with these indexes. */
START_TEST(server)
{
	static const u32 nr_free[ORDERS] = { 61877, 10368, 111, 10, 2, 3, 1, 0, 0, 0, 0 };

	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 0), 0);
	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 1), 742);
	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 2), 991);
	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 3), 996);
	for (unsigned order = 0; order <= 6; order++)
		ck_assert_int_eq(extfrag_index(nr_free, ORDERS, order), EXTFRAG_FITS);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 7), 991);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 8), 996);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 9), 998);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 10), 999);
}
END_TEST

START_TEST(nothing_free)
{
	static const u32 nr_free[ORDERS] = { 0 };

	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 0), 1000);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 0), 0);
}
END_TEST

START_TEST(all_in_one_piece)
{
	static const u32 nr_free[ORDERS] = { [10] = 1 };

	for (unsigned order = 0; order < ORDERS; order++) {
		ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, order), 0);
		ck_assert_int_eq(extfrag_index(nr_free, ORDERS, order), EXTFRAG_FITS);
	}
}
END_TEST

/* 16 TiB free in single pages. */
START_TEST(no_overflow)
{
	static const u32 nr_free[ORDERS] = { UINT32_MAX };

	ck_assert_uint_eq(extfrag_unusable(nr_free, ORDERS, 1), 1000);
	ck_assert_int_eq(extfrag_index(nr_free, ORDERS, 1), 500);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("extfrag");
	TCase *tc = tcase_create("extfrag");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, server);
	tcase_add_test(tc, nothing_free);
	tcase_add_test(tc, all_in_one_piece);
	tcase_add_test(tc, no_overflow);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
