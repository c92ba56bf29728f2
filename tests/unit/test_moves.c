/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables follow the pages that move, and only those. */
#include "session/moves.h"
#include "session/session.h"

#include "phys/cma.h"
#include "phys/load.h"
#include "phys/page_alloc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(pages_and_vectors_follow)
{
	struct vars vars = { 0 };
	struct moves moves = { 0 };
	struct value pages = value_vector();

	ck_assert(value_append(&pages, value_page(7)) && value_append(&pages, value_page(8)));
	ck_assert(value_append(&pages, value_int(7)) && value_append(&pages, value_page(PFN_NONE)));
	ck_assert(vars_set(&vars, "p", value_page(7)) && vars_set(&vars, "n", value_int(7)));
	ck_assert(vars_set(&vars, "all", pages));
	/* 7 goes to 9, and what was in 8 to 7: the page that left is not taken along. */
	moves_add(&moves, 7, 9);
	moves_add(&moves, 8, 7);
	ck_assert(moves_apply(&moves, &vars));
	ck_assert_uint_eq(moves.count, 0);
	ck_assert_int_eq(vars_get(&vars, "p")->number, 9);
	ck_assert_int_eq(vars_get(&vars, "n")->number, 7);
	ck_assert_int_eq(value_at(vars_get(&vars, "all"), 0).number, 9);
	ck_assert_int_eq(value_at(vars_get(&vars, "all"), 1).number, 7);
	ck_assert_int_eq(value_at(vars_get(&vars, "all"), 2).number, 7);
	ck_assert_uint_eq((pfn_t)value_at(vars_get(&vars, "all"), 3).number, PFN_NONE);
	moves_free(&moves);
	vars_free(&vars);
}
END_TEST

/* The area, the pages that zones manage and their watermarks are those of the recording boot-256M-cma16M. */
START_TEST(boot_reserves_the_area)
{
	struct machine_desc desc;
	struct machine m;
	struct status st = STATUS_INIT;
	int normal;

	memset(&m, 0, sizeof m);
	ck_assert_msg(desc_load(&desc, "i386-6.1-slab", &st) && desc_set(&desc, "mem=256M", &st) &&
			  desc_set(&desc, "cma=16M", &st) && machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
	normal = phys_zone_by_name(&m.phys, "Normal");
	ck_assert_uint_eq(m.config.cma_areas, 1);
	ck_assert_uint_eq(m.config.cma[0].base_pfn, 60416);
	ck_assert_uint_eq(m.config.cma[0].count, 4096);
	ck_assert_uint_eq(m.phys.zone[normal].managed, 59848);
	ck_assert_uint_eq(m.phys.zone[normal].free_cma, 4096);
	ck_assert_uint_eq(m.phys.zone[normal].wmark[WMARK_MIN], 473);
	ck_assert_uint_eq(m.phys.zone[normal].list[10][MT_CMA].head, 63488);
	machine_free(&m);
}
END_TEST

/* Fills the area with a movable page, takes it back, and asks the session where the page is. */
START_TEST(a_session_follows_a_borrower)
{
	struct machine_desc desc;
	struct session s;
	struct status st = STATUS_INIT;
	struct phys *p = &s.machine.phys;
	pfn_t borrower, area;

	ck_assert_msg(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "mem=128M", &st) &&
			  desc_set(&desc, "cma=64M", &st) && session_open(&s, &desc, 1, &st),
		      "%s", st.message);
	/* Boot left pages on the per-CPU list, which would be taken first. */
	page_drain_local(p);
	borrower = page_alloc(p, p->gfp->movable | p->gfp->wait | p->gfp->kswapd, 0);
	ck_assert_uint_ge(borrower, s.machine.config.cma[0].base_pfn);
	ck_assert(load_movable(p, borrower, &st));
	ck_assert(vars_set(&s.vars, "p", value_page(borrower)));
	area = cma_alloc(p, 0, s.machine.config.cma[0].count, 0);
	ck_assert_uint_eq(area, s.machine.config.cma[0].base_pfn);
	ck_assert(session_follow(&s, &st));
	ck_assert_int_ne(vars_get(&s.vars, "p")->number, borrower);
	ck_assert(page_free(p, (pfn_t)vars_get(&s.vars, "p")->number, 0, &st));
	ck_assert(cma_release(p, area, s.machine.config.cma[0].count, &st));
	ck_assert(!cma_release(p, area, 1, &st));
	session_close(&s);
}
END_TEST

/* What a command moved before it failed is moved back with everything else. */
START_TEST(a_failed_command_moves_nothing)
{
	struct machine_desc desc;
	struct session s;
	struct status st = STATUS_INIT;

	ck_assert(desc_load(&desc, "textbook-1M", &st) && session_open(&s, &desc, 1, &st));
	ck_assert(vars_set(&s.vars, "p", value_page(7)));
	ck_assert(session_begin(&s, "fails", &st));
	moves_add(&s.moves, 7, 9);
	ck_assert(session_end(&s, false, &st));
	ck_assert(session_follow(&s, &st));
	ck_assert_int_eq(vars_get(&s.vars, "p")->number, 7);
	session_close(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("moves");
	TCase *tests = tcase_create("moves");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, pages_and_vectors_follow);
	tcase_add_test(tests, boot_reserves_the_area);
	tcase_add_test(tests, a_session_follows_a_borrower);
	tcase_add_test(tests, a_failed_command_moves_nothing);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
