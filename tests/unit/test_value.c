/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values, variables, and the event log. */
#include "session/eventlog.h"
#include "session/value.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_shows(struct value v, const char *text)
{
	struct strbuf out = STRBUF_INIT;

	value_format(&v, &out);
	ck_assert_str_eq(strbuf_str(&out), text);
	strbuf_free(&out);
	value_free(&v);
	ck_assert_int_eq(v.type, VALUE_NONE);
}

static struct value numbers(s64 first, s64 count)
{
	struct value v = value_vector();

	for (s64 i = 0; i < count; i++)
		ck_assert(value_append(&v, value_int(first + i)));
	return v;
}

START_TEST(value_shows_as_the_prompt_does)
{
	struct value v;

	assert_shows(VALUE_NOTHING, "");
	assert_shows(value_int(-42), "-42");
	assert_shows(value_bool(true), "1");
	assert_shows(value_gfp(0xd0), "0xd0");
	assert_shows(value_page(0x12348), "pfn 0x12348");
	assert_shows(value_page(0), "pfn 0x0");
	assert_shows(value_page(PFN_NONE), "NULL");
	assert_shows(value_addr(UINT64_C(0xffff888000000000)), "0xffff888000000000");
	assert_shows(value_addr(0), "NULL");
	assert_shows(value_string("a \"b\"\\\n\t\x01", 9), "\"a \\\"b\\\"\\\\\\n\\t\\001\"");
	assert_shows(value_string("h\xc3\xa9", 3), "\"h\xc3\xa9\"");
	assert_shows(value_vector(), "[]");
	assert_shows(numbers(1, 16), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]");
	assert_shows(numbers(1, 100), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, ... 100 items]");
	v = value_vector();
	ck_assert(value_append(&v, value_page(PFN_NONE)));
	ck_assert(value_append(&v, value_string("x", 1)));
	assert_shows(v, "[NULL, \"x\"]");
}
END_TEST

START_TEST(vector_is_copied_when_written_while_shared)
{
	struct value a = numbers(0, 3), b = value_copy(a);

	ck_assert_ptr_eq(a.vector, b.vector);
	ck_assert(value_append(&a, value_int(3)));
	ck_assert_ptr_ne(a.vector, b.vector);
	ck_assert_uint_eq(value_count(&a), 4);
	ck_assert_uint_eq(value_count(&b), 3);
	ck_assert_int_eq(value_at(&a, 3).number, 3);
	ck_assert_int_eq(value_at(&b, 3).type, VALUE_NONE);
	value_free(&a);
	ck_assert_int_eq(value_at(&b, 2).number, 2);
	value_free(&b);
}
END_TEST

START_TEST(vector_appended_to_a_vector_gives_its_items)
{
	struct value a = numbers(0, 3);

	ck_assert(value_append(&a, value_copy(a)));
	assert_shows(value_copy(a), "[0, 1, 2, 0, 1, 2]");
	ck_assert(value_append(&a, VALUE_NOTHING));
	ck_assert_uint_eq(value_count(&a), 6);
	value_free(&a);
}
END_TEST

START_TEST(vector_that_doubles_comes_to_an_end)
{
	struct value a = numbers(0, 1), text = value_string("x", 1);
	int doublings = 0;

	while (value_append(&a, value_copy(a)))
		ck_assert_int_lt(++doublings, 30);
	ck_assert_uint_eq(value_count(&a), VALUE_VECTOR_MAX);
	ck_assert(!value_append(&a, value_int(1)));
	ck_assert_uint_eq(value_count(&a), VALUE_VECTOR_MAX);
	value_free(&a);
	ck_assert(!value_append(&text, value_int(1)));
	ck_assert_str_eq(value_text(&text), "x");
	value_free(&text);
}
END_TEST

static bool equal(struct value a, struct value b)
{
	bool ab = value_equal(&a, &b);

	ck_assert_int_eq(ab, value_equal(&b, &a));
	value_free(&a);
	value_free(&b);
	return ab;
}

START_TEST(numbers_of_all_types_compare)
{
	ck_assert(equal(value_int(0x100), value_page(0x100)));
	ck_assert(equal(value_gfp(0xd0), value_int(0xd0)));
	ck_assert(equal(value_addr(UINT64_C(0xffffffff80000000)), value_int((s64)UINT64_C(0xffffffff80000000))));
	ck_assert(!equal(value_int(1), value_int(2)));
	ck_assert(!equal(value_int(1), value_string("1", 1)));
}
END_TEST

START_TEST(null_equals_null_only)
{
	ck_assert(equal(value_page(PFN_NONE), value_addr(0)));
	ck_assert(equal(value_page(PFN_NONE), value_page(PFN_NONE)));
	ck_assert(!equal(value_page(0), value_addr(0)));
	ck_assert(!equal(value_page(0), value_page(PFN_NONE)));
	ck_assert(!equal(value_addr(PFN_NONE), value_page(PFN_NONE)));
	ck_assert(equal(value_page(0), value_int(0)));
}
END_TEST

START_TEST(strings_and_vectors_compare_by_content)
{
	ck_assert(equal(value_string("A128 128", 8), value_string("A128 128", 8)));
	ck_assert(!equal(value_string("A", 1), value_string("A\0", 2)));
	ck_assert(equal(numbers(1, 3), numbers(1, 3)));
	ck_assert(!equal(numbers(1, 3), numbers(1, 4)));
	ck_assert(!equal(numbers(1, 3), numbers(2, 3)));
	ck_assert(!equal(numbers(1, 1), value_int(1)));
	ck_assert(equal(VALUE_NOTHING, VALUE_NOTHING));
}
END_TEST

START_TEST(variables_keep_their_order)
{
	struct vars v = { NULL };
	char name[16];

	ck_assert_ptr_null(vars_get(&v, "a"));
	ck_assert_ptr_null(vars_name(&v, 0));
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "v%d", i);
		ck_assert(vars_set(&v, name, value_int(i)));
	}
	ck_assert(vars_set(&v, "v3", value_string("three", 5)));
	ck_assert_uint_eq(vars_count(&v), 40);
	ck_assert_str_eq(vars_name(&v, 39), "v39");
	ck_assert_ptr_null(vars_name(&v, 40));
	ck_assert_str_eq(value_text(vars_get(&v, "v3")), "three");
	ck_assert_int_eq(vars_get(&v, "v39")->number, 39);
	vars_free(&v);
	ck_assert_uint_eq(vars_count(&v), 0);
}
END_TEST

START_TEST(copied_variables_are_independent)
{
	struct vars now = { NULL }, before;

	ck_assert(vars_set(&now, "n", value_int(1)));
	ck_assert(vars_set(&now, "list", numbers(0, 2)));
	vars_copy(&before, &now);
	ck_assert_uint_eq(vars_bytes_kept(&before, &now), 0);
	ck_assert(value_append(vars_edit(&now, "list"), value_int(2)));
	ck_assert(vars_set(&now, "n", value_int(2)));
	ck_assert(vars_set(&now, "more", value_int(3)));
	ck_assert_uint_gt(vars_bytes_kept(&before, &now), 0);
	ck_assert_uint_eq(value_count(vars_get(&before, "list")), 2);
	ck_assert_uint_eq(value_count(vars_get(&now, "list")), 3);
	ck_assert_int_eq(vars_get(&before, "n")->number, 1);
	ck_assert_ptr_null(vars_get(&before, "more"));
	ck_assert_ptr_null(vars_edit(&before, "more"));
	vars_free(&now);
	ck_assert_int_eq(vars_get(&before, "n")->number, 1);
	vars_free(&before);
}
END_TEST

START_TEST(variables_can_be_declared)
{
	struct vars now = { NULL }, before;

	ck_assert_ptr_null(vars_type(&now, "p"));
	ck_assert(vars_declare(&now, "p", "struct page*"));
	ck_assert_ptr_null(vars_get(&now, "p"));
	ck_assert_ptr_null(vars_edit(&now, "p"));
	ck_assert_uint_eq(vars_count(&now), 1);
	vars_copy(&before, &now);
	ck_assert(vars_set(&now, "p", value_int(3)));
	ck_assert(vars_declare(&now, "p", "int"));
	ck_assert(vars_declare(&now, "p", "int"));
	ck_assert_uint_gt(vars_bytes_kept(&before, &now), 0);
	ck_assert_str_eq(vars_type(&now, "p"), "int");
	ck_assert_int_eq(vars_get(&now, "p")->number, 3);
	ck_assert_str_eq(vars_type(&before, "p"), "struct page*");
	ck_assert_ptr_null(vars_get(&before, "p"));
	vars_free(&now);
	vars_free(&before);
}
END_TEST

START_TEST(items_are_put_in_their_places)
{
	struct value v = numbers(0, 3), shared = value_copy(v), one;

	ck_assert(value_put(&v, 1, value_string("one", 3)));
	ck_assert(value_put(&v, 5, value_int(5)));
	ck_assert_uint_eq(value_count(&v), 6);
	one = value_at(&v, 1);
	ck_assert_str_eq(value_text(&one), "one");
	ck_assert_int_eq(value_at(&v, 2).number, 2);
	ck_assert_int_eq(value_at(&v, 4).number, 0);
	ck_assert_int_eq(value_at(&v, 5).number, 5);
	ck_assert_uint_eq(value_count(&shared), 3);
	ck_assert_int_eq(value_at(&shared, 1).number, 1);
	ck_assert(!value_put(&v, VALUE_VECTOR_MAX, value_int(1)));
	ck_assert(!value_put(&v, 0, value_copy(shared)));
	ck_assert(!value_put(&(struct value){ .type = VALUE_INT }, 0, value_string("x", 1)));
	ck_assert_uint_eq(value_count(&v), 6);
	value_free(&v);
	value_free(&shared);
}
END_TEST

static void fill(struct eventlog *log, u64 count)
{
	eventlog_clear(log);
	for (u64 i = 0; i < count; i++)
		eventlog_add(log, &(struct event){ EV_FREE, { i, 0 } });
	ck_assert_uint_eq(log->total, count);
	eventlog_finish(log);
}

START_TEST(log_keeps_the_first_and_the_last_events)
{
	const u64 kept = EVENTLOG_HEAD + EVENTLOG_TAIL;
	struct eventlog log = { .events = NULL };

	for (u64 count = kept - 1; count < kept + 2 * EVENTLOG_TAIL; count += 7) {
		u64 lost = count > kept ? count - kept : 0;

		fill(&log, count);
		ck_assert_uint_eq(eventlog_lost(&log), lost);
		ck_assert_uint_eq(log.count, count - lost + (lost > 0));
		ck_assert_uint_eq(log.gap, lost ? EVENTLOG_HEAD : 0);
		ck_assert_uint_eq(log.capacity, log.count);
		for (size_t n = 0; n < log.count; n++) {
			if (log.gap && n == log.gap)
				ck_assert_int_eq(log.events[n].kind, EV_LEFT_OUT);
			else
				ck_assert_uint_eq(log.events[n].arg[0], eventlog_number(&log, n) - 1);
		}
	}
	ck_assert_uint_eq(log.events[log.gap].arg[0], eventlog_lost(&log));
	eventlog_free(&log);
	ck_assert_uint_eq(log.total, 0);
}
END_TEST

START_TEST(log_of_a_short_story_is_whole)
{
	struct eventlog log = { .events = NULL };

	fill(&log, 5);
	ck_assert_uint_eq(log.capacity, 5);
	eventlog_add(&log, &(struct event){ EV_MERGE, { 5 } });
	ck_assert_uint_eq(log.count, 6);
	ck_assert_int_eq(log.events[5].kind, EV_MERGE);
	fill(&log, EVENTLOG_HEAD + 1);
	ck_assert_uint_eq(log.gap, 0);
	ck_assert_uint_eq(log.count, EVENTLOG_HEAD + 1);
	fill(&log, 0);
	ck_assert_uint_eq(eventlog_lost(&log), 0);
	eventlog_free(&log);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("value");
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, value_shows_as_the_prompt_does);
	tcase_add_test(tc, vector_is_copied_when_written_while_shared);
	tcase_add_test(tc, vector_appended_to_a_vector_gives_its_items);
	tcase_add_test(tc, vector_that_doubles_comes_to_an_end);
	tcase_add_test(tc, numbers_of_all_types_compare);
	tcase_add_test(tc, null_equals_null_only);
	tcase_add_test(tc, strings_and_vectors_compare_by_content);
	tcase_add_test(tc, variables_keep_their_order);
	tcase_add_test(tc, copied_variables_are_independent);
	tcase_add_test(tc, variables_can_be_declared);
	tcase_add_test(tc, items_are_put_in_their_places);
	tcase_add_test(tc, log_keeps_the_first_and_the_last_events);
	tcase_add_test(tc, log_of_a_short_story_is_whole);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
