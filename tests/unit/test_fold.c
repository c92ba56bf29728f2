/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events told together: which are, how it reads, and that none is lost. */
#include "base/rng.h"
#include "event/fold.h"

#include <check.h>
#include <stdlib.h>

static struct fold_list list;
static struct strbuf text;

static void name_zone(const void *context, u64 zone, struct strbuf *out)
{
	(void)context;
	strbuf_printf(out, "Z%u", (unsigned)zone);
}

static void name_number(const void *context, u64 number, struct strbuf *out)
{
	(void)context;
	strbuf_printf(out, "%u", (unsigned)number);
}

static void name_list(const void *context, u64 order, u64 type, struct strbuf *out)
{
	(void)context;
	strbuf_printf(out, "order %u %c", (unsigned)order, migratetype_letter((unsigned)type));
}

static const struct event_names names = {
	.zone = name_zone,
	.gfp = name_number,
	.pcp_list = name_number,
	.free_list = name_list,
};

/* All lines, one below the other, each behind the number of its first event. */
static const char *told(const struct event *events, size_t count)
{
	ck_assert(fold_events(&list, events, count));
	strbuf_clear(&text);
	for (size_t i = 0; i < list.count; i++) {
		strbuf_printf(&text, "%zu ", list.folds[i].first + 1);
		fold_sentence(&list.folds[i], events, &names, &text);
		strbuf_putc(&text, '\n');
	}
	return strbuf_str(&text);
}

START_TEST(empty_lists)
{
	static const struct event events[] = {
		{ EV_LIST_EMPTY, { 1, 3 << 8 } },     { EV_LIST_EMPTY, { 1, 4 << 8 } },
		{ EV_LIST_EMPTY, { 1, 5 << 8 } },     { EV_LIST_EMPTY, { 1, 3 << 8 | 1 } },
		{ EV_LIST_EMPTY, { 1, 4 << 8 | 1 } }, { EV_LIST_EMPTY, { 2, 5 << 8 | 1 } },
	};

	/* Another type and another zone are other lists. */
	ck_assert_str_eq(told(events, 6), "1 Z1: order 3 U is empty, so are 4 to 5\n"
					  "4 Z1: order 3 M is empty, so is 4\n"
					  "6 Z2: order 5 M is empty\n");
}
END_TEST

START_TEST(splits_and_merges)
{
	static const struct event events[] = {
		{ EV_SPLIT, { 0x1800, 6, 0x1820, 5 << 8 } },    { EV_SPLIT, { 0x1800, 5, 0x1810, 4 << 8 } },
		{ EV_SPLIT, { 0x2000, 4, 0x2008, 3 << 8 } }, /* another block */
		{ EV_MERGE, { 0x1808, 3, 0x1800, 4 } },         { EV_MERGE, { 0x1810, 4, 0x1800, 5 } },
		{ EV_SPLIT_SORTED, { 0x40, 2, 0x42, 1 << 8 } }, { EV_SPLIT_SORTED, { 0x40, 1, 0x41, 0 } },
	};

	ck_assert_str_eq(told(events, 7),
			 "1 split 0x1800 of order 6 down to order 4: the upper halves 0x1820, 0x1810 go to the heads "
			 "of orders 5 to 4\n"
			 "3 split 0x2000 of order 4: the upper half 0x2008 goes to the head of order 3 U\n"
			 "4 the buddies 0x1808, 0x1810 of orders 3 to 4 are free: together they are 0x1800 of order 5\n"
			 "6 split 0x40 of order 2 down to order 0: the upper halves 0x42, 0x41 go to their places in "
			 "orders 1 to 0\n");
}
END_TEST

/* n requests for a page: three steps each. */
static size_t put_requests(struct event *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		events[3 * i] = (struct event){ EV_REQUEST, { 0, 7 } };
		events[3 * i + 1] = (struct event){ EV_ZONE_TRY, { 1 } };
		events[3 * i + 2] = (struct event){ EV_HANDED_OUT, { 0x100 + i, 0, 1 } };
	}
	return 3 * n;
}

START_TEST(rounds)
{
	struct event events[40];
	size_t count = put_requests(events, 10);

	events[count++] = (struct event){ EV_FAILED, { 0 } };
	ck_assert_str_eq(told(events, count),
			 "1 a block of order 0 is wanted, with 7\n"
			 "2 try zone Z1\n"
			 "3 0x100 is handed out: order 0, 1 page\n"
			 "4 these 3 steps 9 times more; the last: 0x109 is handed out: order 0, 1 page\n"
			 "31 the answer is NULL\n");
	/* Seen from the end of a request, rounds still begin with one. */
	ck_assert(fold_events(&list, events + 2, count - 3));
	ck_assert_uint_eq(list.count, 5);
	ck_assert_int_eq(list.folds[4].kind, FOLD_ROUNDS);
	ck_assert_uint_eq(list.folds[4].first, 4);
	/* Two are told one by one: nothing would be gained. */
	ck_assert(fold_events(&list, events, 6));
	ck_assert_uint_eq(list.count, 6);
}
END_TEST

/* Of objects: the journey of a kmalloc() begins with its class, whether or not a page had to be asked for. */
START_TEST(rounds_of_objects)
{
	struct event events[40] = { { EV_SLAB_TAKEN, { 1, 0x100, 0, 0 } } };
	size_t count = 1;

	for (u64 i = 1; i <= 6; i++) {
		events[count++] = (struct event){ EV_KMALLOC_CLASS, { 100, 1, 28 } };
		events[count++] = (struct event){ EV_SLAB_ARRAY_EMPTY, { 1, 0, 1 } };
		events[count++] = (struct event){ EV_REQUEST, { 0, 7 } };
		events[count++] = (struct event){ EV_SLAB_TAKEN, { 1, 0x100 * i, 0, 0 } };
	}
	/* Seen from the end of the one before, and from its class. */
	for (size_t skip = 0; skip < 2; skip++) {
		size_t before = skip == 0;

		ck_assert(fold_events(&list, events + skip, count - skip));
		ck_assert_uint_eq(list.count, before + 5);
		ck_assert_int_eq(list.folds[before + 4].kind, FOLD_ROUNDS);
		ck_assert_int_eq(events[skip + list.folds[before].first].kind, EV_KMALLOC_CLASS);
		ck_assert_uint_eq(list.folds[before + 4].lines, 4);
	}
}
END_TEST

/* Steps inside of an operation must come more often: the walk down a few zones is told. */
START_TEST(rounds_of_one)
{
	static const struct event events[] = {
		{ EV_PCP_ADDED, { 0x10, 0 } }, { EV_PCP_ADDED, { 0x11, 0 } }, { EV_PCP_ADDED, { 0x12, 0 } },
		{ EV_PCP_ADDED, { 0x13, 0 } }, { EV_PCP_ADDED, { 0x14, 0 } }, { EV_PCP_ADDED, { 0x15, 0 } },
	};

	ck_assert_str_eq(told(events, 6), "1 0x10 goes to the tail of the 0 list\n"
					  "2 the same 5 times more; the last: 0x15 goes to the tail of the 0 list\n");
	ck_assert(fold_events(&list, events, 5));
	ck_assert_uint_eq(list.count, 5);
}
END_TEST

/* Rounds that differ only in how many lists were empty, or how often a block was split. */
START_TEST(rounds_of_runs)
{
	struct event events[64];
	size_t count = 0;

	for (unsigned i = 0; i < 6; i++) {
		for (unsigned o = 0; o <= i % 3; o++)
			events[count++] = (struct event){ EV_LIST_EMPTY, { 0, o << 8 } };
		events[count++] = (struct event){ EV_TAKE, { 0, 4 << 8, 1, i } };
	}
	ck_assert(fold_events(&list, events, count));
	ck_assert_uint_eq(list.count, 3);
	ck_assert_int_eq(list.folds[2].kind, FOLD_ROUNDS);
	ck_assert_uint_eq(list.folds[2].rounds, 5);
	ck_assert_uint_eq(list.folds[2].first + list.folds[2].count, count);
}
END_TEST

/* Whatever comes: each event is in one line, in order. */
START_TEST(none_is_lost)
{
	static const enum event_kind kinds[] = { EV_LIST_EMPTY, EV_SPLIT, EV_MERGE, EV_HANDED_OUT, EV_FREE };
	struct rng rng = { 7 };
	struct event events[300];

	for (unsigned turn = 0; turn < 300; turn++) {
		size_t next = 0;

		for (size_t i = 0; i < turn; i++)
			events[i] = (struct event){ kinds[rng_below(&rng, 1 + turn % ARRAY_SIZE(kinds))],
						    { 0, rng_below(&rng, 3) << 8, 0, 1 } };
		ck_assert(fold_events(&list, events, turn));
		for (size_t i = 0; i < list.count; i++) {
			ck_assert_uint_eq(list.folds[i].first, next);
			ck_assert_uint_gt(list.folds[i].count, 0);
			next += list.folds[i].count;
		}
		ck_assert_uint_eq(next, turn);
	}
	ck_assert(fold_none(&list, 300));
	ck_assert_uint_eq(list.count, 300);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fold");
	TCase *tc = tcase_create("fold");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, empty_lists);
	tcase_add_test(tc, splits_and_merges);
	tcase_add_test(tc, rounds);
	tcase_add_test(tc, rounds_of_objects);
	tcase_add_test(tc, rounds_of_one);
	tcase_add_test(tc, rounds_of_runs);
	tcase_add_test(tc, none_is_lost);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	fold_free(&list);
	strbuf_free(&text);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
