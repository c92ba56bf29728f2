/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was free after each command: noted, kept through undo and redo, thinned out, forgotten. */
#include "phys/extfrag.h"
#include "phys/page_alloc.h"
#include "phys/reclaim.h"
#include "session/session.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session s;
static struct status st = STATUS_INIT;

/* "take N" takes a block of order N. */
static bool run(void *context, const char *text, struct status *why)
{
	(void)context;
	if (page_alloc(&s.machine.phys, 0, (unsigned)strtoul(text + 5, NULL, 10)) == PFN_NONE)
		return status_fail(why, STATUS_INVALID, "nothing");
	return true;
}

static void setup(void)
{
	struct machine_desc desc;

	ck_assert(desc_load(&desc, "textbook-1M", &st));
	ck_assert_msg(session_open(&s, &desc, 0, &st), "%s", st.message);
	s.run = run;
}

static void teardown(void)
{
	session_close(&s);
}

static void take(unsigned order)
{
	char text[32];

	snprintf(text, sizeof text, "take %u", order);
	ck_assert(session_begin(&s, text, &st));
	ck_assert(run(NULL, text, &st));
	ck_assert_msg(session_end(&s, true, &st), "%s", st.message);
}

static struct trend_point point(size_t n, enum trend_series series, unsigned order)
{
	return trend_point(&s.trend, &s.machine.phys, session_number(&s), n, 0, series, order);
}

static size_t points(void)
{
	return trend_points(&s.trend, session_number(&s));
}

START_TEST(each_command_has_a_point)
{
	unsigned top = s.machine.config.orders - 1;
	u32 all = s.machine.phys.zone[0].free;

	ck_assert_uint_eq(points(), 1);
	ck_assert_int_eq(point(0, TREND_FREE, 0).value, all);
	take(0);
	take(3);
	ck_assert_uint_eq(points(), 3);
	ck_assert_uint_eq(point(2, TREND_FREE, 0).command, 2);
	ck_assert_int_eq(point(0, TREND_FREE, 0).value, all);
	ck_assert_int_eq(point(1, TREND_FREE, 0).value, all - 1);
	ck_assert_int_eq(point(2, TREND_FREE, 0).value, all - 9);
	/* One block of the largest order there was; now its pieces. */
	ck_assert_int_eq(point(0, TREND_FITS, top).value, 1);
	ck_assert_int_eq(point(1, TREND_FITS, top).value, 0);
	ck_assert_int_eq(point(0, TREND_UNUSABLE, top).value, 0);
	ck_assert_int_eq(point(1, TREND_UNUSABLE, top).value, 1000);
	ck_assert_int_eq(point(0, TREND_EXTFRAG, top).value, EXTFRAG_FITS);
	ck_assert_int_eq(point(2, TREND_EXTFRAG, top).value,
			 extfrag_index(s.machine.phys.zone[0].nr_free, top + 1, top));
}
END_TEST

START_TEST(undo_and_redo)
{
	s64 last;

	for (unsigned i = 0; i < 6; i++)
		take(i % 3);
	last = point(6, TREND_FREE, 0).value;
	ck_assert(session_undo(&s, 4, &st));
	ck_assert_uint_eq(points(), 3);
	ck_assert_uint_eq(point(2, TREND_FREE, 0).command, 2);
	ck_assert_int_eq(point(2, TREND_FREE, 0).value, s.machine.phys.zone[0].free);
	ck_assert(session_redo(&s, 4, &st));
	ck_assert_uint_eq(points(), 7);
	ck_assert_int_eq(point(6, TREND_FREE, 0).value, last);
	/* What is done in the place of other commands has other figures. */
	ck_assert(session_goto(&s, 1, &st));
	take(5);
	take(0);
	ck_assert_uint_eq(points(), 4);
	ck_assert_int_eq(point(2, TREND_FREE, 0).value, point(1, TREND_FREE, 0).value - 32);
}
END_TEST

/* Without checkpoints, going back is booting again. */
START_TEST(rebuilding)
{
	s.past_budget = 0;
	for (unsigned i = 0; i < 5; i++)
		take(1);
	ck_assert(session_goto(&s, 3, &st));
	ck_assert_uint_eq(points(), 4);
	for (size_t n = 0; n < 4; n++)
		ck_assert_int_eq(point(n, TREND_FREE, 0).value, point(0, TREND_FREE, 0).value - 2 * (s64)n);
	ck_assert(session_goto(&s, 5, &st));
	ck_assert_uint_eq(points(), 6);
}
END_TEST

START_TEST(reset_begins_anew)
{
	struct machine_desc desc;

	take(0);
	take(0);
	ck_assert(desc_load(&desc, "i386-2.6.18", &st));
	ck_assert_msg(session_reset(&s, &desc, &st), "%s", st.message);
	ck_assert_uint_eq(points(), 1);
	ck_assert_uint_eq(s.trend.zones, s.machine.config.zones);
	ck_assert_int_eq(trend_point(&s.trend, &s.machine.phys, 0, 0, 1, TREND_FREE, 0).value,
			 s.machine.phys.zone[1].free);
}
END_TEST

/* Pages of files, and what kswapd takes of them. */
START_TEST(reclaim)
{
	struct machine_desc desc;
	struct phys *p = &s.machine.phys;

	ck_assert_uint_eq(trend_series_count(p), TREND_RECLAIMABLE); /* textbooks have none */
	ck_assert(desc_load(&desc, "i386-2.6.18", &st));
	ck_assert_msg(session_reset(&s, &desc, &st), "%s", st.message);
	ck_assert_uint_eq(trend_series_count(p), TREND_SERIES);
	ck_assert(session_begin(&s, "as if files were read", &st));
	p->zone_pages[1].lru[LRU_INACTIVE] = 40;
	p->zone_pages[1].lru[LRU_ACTIVE] = 2;
	p->zone_pages[1].event[VM_PGSTEAL_DIRECT] = 5;
	s.check = false;
	ck_assert(session_end(&s, true, &st));
	p->zone_pages[1].event[VM_PGSTEAL_KSWAPD] = 7;
	ck_assert_int_eq(trend_point(&s.trend, p, 1, 0, 1, TREND_RECLAIMABLE, 0).value, 0);
	ck_assert_int_eq(trend_point(&s.trend, p, 2, 1, 1, TREND_RECLAIMABLE, 0).value, 42);
	ck_assert_int_eq(trend_point(&s.trend, p, 2, 1, 1, TREND_RECLAIMED, 0).value, 5);
	ck_assert_int_eq(trend_point(&s.trend, p, 2, 2, 1, TREND_RECLAIMED, 0).value, 12);
}
END_TEST

/* However long the session, memory is bounded, and the figures that are kept are right and in order. */
START_TEST(long_sessions)
{
	struct trend t = { 0 };
	struct phys *p = &s.machine.phys;
	size_t commands = 3 * TREND_BYTES / 8, n;

	for (size_t i = 0; i <= commands; i++) {
		p->zone[0].free = (u32)i;
		trend_note(&t, p, i);
		ck_assert_uint_le(t.capacity * (3 + t.orders) * sizeof *t.words, TREND_BYTES);
	}
	n = trend_points(&t, commands);
	ck_assert_uint_gt(n, TREND_BYTES / sizeof *t.words / (3 + t.orders) / 2 - 2);
	for (size_t i = 0; i < n; i++) {
		struct trend_point at = trend_point(&t, p, commands, i, 0, TREND_FREE, 0);

		ck_assert_int_eq(at.value, (s64)at.command);
		ck_assert_uint_eq(at.command, i + 1 < n ? i * t.step : commands);
	}
	trend_forget(&t, 10 * t.step + 1);
	ck_assert_uint_eq(t.count, 11);
	trend_free(&t);
}
END_TEST

START_TEST(values_as_shown)
{
	static const struct {
		enum trend_series series;
		s64 value;
		const char *text;
	} cases[] = {
		{ TREND_FREE, 223008, "223008" }, { TREND_UNUSABLE, 0, "0.000" }, { TREND_UNUSABLE, 1000, "1.000" },
		{ TREND_EXTFRAG, 957, "0.957" },  { TREND_EXTFRAG, -1000, "-" },
	};
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_clear(&text);
		trend_format(cases[i].series, cases[i].value, &text);
		ck_assert_str_eq(strbuf_str(&text), cases[i].text);
	}
	strbuf_free(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trend");
	TCase *tc = tcase_create("trend");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_command_has_a_point);
	tcase_add_test(tc, undo_and_redo);
	tcase_add_test(tc, rebuilding);
	tcase_add_test(tc, reset_begins_anew);
	tcase_add_test(tc, reclaim);
	tcase_add_test(tc, long_sessions);
	tcase_add_test(tc, values_as_shown);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
