/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page allocator on a small machine whose every frame one can count:
 *
 *   frame   0      16      32      48      64
 *           | reserved 8 | DMA    | Normal        |
 *           DMA: 0 .. 31           Normal: 32 .. 63
 */
#include "machine/machine.h"
#include "phys/buddy.h"
#include "phys/frame.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "phys/page_bulk.h"
#include "phys/pageblock.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ORDERS 5
#define NORMAL 1

static struct phys_config config;
static struct arena arena;
static struct phys phys;
static struct status st;

static void make(void)
{
	ck_assert_msg(arena_init(&arena, phys_arena_size(&config), phys_root_size(&config), &st), "%s", st.message);
	ck_assert_msg(phys_init(&phys, &config, &arena, &st), "%s", st.message);
	ck_assert(load_free_block(&phys, 0, 8, 3, 0, &st));
	ck_assert(load_free_block(&phys, 0, 16, 4, 0, &st));
	ck_assert(load_free_block(&phys, NORMAL, 32, 4, 0, &st));
	ck_assert(load_free_block(&phys, NORMAL, 48, 4, 0, &st));
}

static void setup(void)
{
	st = (struct status)STATUS_INIT;
	config = (struct phys_config){
		.page_shift = 12,
		.orders = ORDERS,
		.pageblock_order = ORDERS - 1,
		.types = 1,
		.watermark_rule = WATERMARK_BY_ORDER,
		.pcp_rule = PCP_HOT_COLD,
		.pcp_orders = 1,
		.cpus = 1,
		.nodes = 1,
		.zones = 2,
		.zone = {
			{ .name = "DMA", .type = 0, .spanned = 32, .present = 32, .managed = 24,
			  .wmark = { 2, 3, 4 }, .pcp_batch = { 1, 1 } },
			{ .name = "Normal", .type = 1, .start_pfn = 32, .spanned = 32, .present = 32, .managed = 32,
			  .wmark = { 4, 5, 6 }, .pcp_high = { 6, 6 }, .pcp_batch = { 3, 3 } },
		},
		.gfp = GFP_2_6,
		.gfp_zone = { 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0 },
		.max_pfn = 64,
		.page_offset = 0xc0000000,
		.direct_map_end = 48,
	};
	make();
}

static void teardown(void)
{
	arena_free(&arena);
}

/* Every refusal leaves the state as it was. */
static void refused(pfn_t pfn, unsigned order, const char *why)
{
	u64 before = phys_hash(&phys);

	st = (struct status)STATUS_INIT;
	ck_assert(!page_free(&phys, pfn, order, &st));
	ck_assert_int_eq(st.code, STATUS_INVALID);
	ck_assert_msg(strstr(st.message, why) != NULL, "\"%s\" does not say \"%s\"", st.message, why);
	ck_assert_uint_eq(phys_hash(&phys), before);
}

START_TEST(free_refuses_what_is_not_held)
{
	pfn_t pfn = page_alloc(&phys, 0xd0, 2);

	refused(pfn, 1, "wrong order");
	refused(pfn + 1, 0, "only its first frame");
	refused(3, 0, "reserved");
	refused(20, 0, "free already");
	refused(64, 0, "no memory");
	refused(PFN_NONE, 0, "no memory");
	ck_assert(page_free(&phys, pfn, 2, &st));
	refused(pfn, 2, "double free");
}
END_TEST

START_TEST(double_free_of_a_page_on_a_per_cpu_list)
{
	pfn_t pfn = page_alloc(&phys, 0xd0, 0);

	ck_assert(page_free(&phys, pfn, 0, &st));
	ck_assert_int_eq(frame_describe(&phys, pfn).state, FRAME_PCP);
	refused(pfn, 0, "per-CPU list");
}
END_TEST

START_TEST(orders_above_the_most_are_null)
{
	u64 before = phys_state_hash(&phys);

	ck_assert_uint_eq(page_alloc(&phys, 0xd0, ORDERS), PFN_NONE);
	ck_assert_uint_eq(page_alloc(&phys, 0xd0, 1000), PFN_NONE);
	ck_assert_uint_eq(phys_state_hash(&phys), before);
	ck_assert_uint_eq(phys.state->failures, 2);
	ck_assert_uint_ne(page_alloc(&phys, 0x20, ORDERS - 1), PFN_NONE);
}
END_TEST

/*
 *   |16 A|   16    | take order 2 from an order 4 block at 32
 *   A4 4 8
 */
START_TEST(split_leaves_one_block_of_each_order_between)
{
	ck_assert_uint_eq(page_alloc(&phys, 0xd0, 2), 32);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[2], 1);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[3], 1);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[4], 1);
	ck_assert_uint_eq(phys.zone[NORMAL].list[2][0].head, 36);
	ck_assert_uint_eq(phys.zone[NORMAL].list[3][0].head, 40);
	ck_assert_uint_eq(phys.zone[NORMAL].free, 28);
}
END_TEST

START_TEST(free_merges_back_to_the_whole)
{
	pfn_t pfn = page_alloc(&phys, 0xd0, 2);

	ck_assert(page_free(&phys, pfn, 2, &st));
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[2], 0);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[3], 0);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[4], 2);
	ck_assert_uint_eq(phys.zone[NORMAL].list[4][0].head, 32);
}
END_TEST

START_TEST(zones_never_merge)
{
	config.orders = 6;
	teardown();
	make();
	/* 16 and 0 are buddies of order 4, but 0 is reserved; 32 and 48 merge to order 5. */
	buddy_remove(&phys, NORMAL, 48, 4, 0);
	ck_assert(load_used_block(&phys, 48, 4, 1, &st));
	ck_assert(page_free(&phys, 48, 4, &st));
	ck_assert_uint_eq(phys.zone[NORMAL].list[5][0].head, 32);
	ck_assert_uint_eq(phys.zone[0].nr_free[5], 0);
}
END_TEST

START_TEST(per_cpu_list_is_a_stack_refilled_by_the_batch)
{
	pfn_t a, b;

	a = page_alloc(&phys, 0xd0, 0);
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[0].count, 2);
	b = page_alloc(&phys, 0xd0, 0);
	ck_assert_uint_eq(a, 32);
	ck_assert_uint_eq(b, 33);
	ck_assert(page_free(&phys, a, 0, &st));
	ck_assert_uint_eq(page_alloc(&phys, 0xd0, 0), a);
}
END_TEST

START_TEST(cold_pages_have_their_own_list)
{
	pfn_t hot = page_alloc(&phys, 0xd0, 0), cold = page_alloc(&phys, 0xd0 | 0x100, 0);

	ck_assert_uint_eq(hot, 32);
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[1].count, 2);
	ck_assert(page_free_cold(&phys, hot, &st));
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[1].list[0].head, hot);
	ck_assert(page_free(&phys, cold, 0, &st));
	page_drain_local(&phys);
	ck_assert_uint_eq(phys.zone[NORMAL].free, 32);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[4], 2);
}
END_TEST

START_TEST(high_mark_gives_a_batch_back)
{
	pfn_t held[8];

	for (int i = 0; i < 8; i++)
		held[i] = page_alloc(&phys, 0xd0, 0);
	/* 8 taken in three refills of 3: one is left. */
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[0].count, 1);
	for (int i = 0; i < 4; i++)
		ck_assert(page_free(&phys, held[i], 0, &st));
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[0].count, 5);
	ck_assert(page_free(&phys, held[4], 0, &st));
	ck_assert_uint_eq(phys_pcp(&phys, NORMAL, 0)->set[0].count, 3);
}
END_TEST

START_TEST(watermarks_by_how_urgent_a_request_is)
{
	/* Without DMA to fall back to: one zone of 32 pages, min 4, low 5. */
	const gfp_t nowait = 0, kernel = 0xd0, atomic = 0x20;

	phys.zone[0].wmark[WMARK_MIN] = phys.zone[0].wmark[WMARK_LOW] = 1000;
	while (page_alloc(&phys, kernel, 1) != PFN_NONE) {
	}
	/* min 4: free - 1 > 4, so 6 is enough and 4 is not. */
	ck_assert_uint_eq(phys.zone[NORMAL].free, 4);
	/* Not waiting: a quarter less, 3. */
	ck_assert_uint_eq(page_alloc(&phys, nowait, 1), PFN_NONE);
	/* Atomic: half of it, and a quarter less: 2. */
	ck_assert_uint_ne(page_alloc(&phys, atomic, 1), PFN_NONE);
	ck_assert_uint_eq(page_alloc(&phys, atomic, 1), PFN_NONE);
	phys.state->memalloc = 1;
	ck_assert_uint_ne(page_alloc(&phys, kernel, 1), PFN_NONE);
	ck_assert_uint_eq(phys.zone[NORMAL].free, 0);
}
END_TEST

START_TEST(falls_back_to_the_lower_zone_unless_it_is_kept)
{
	phys.zone[NORMAL].wmark[WMARK_MIN] = phys.zone[NORMAL].wmark[WMARK_LOW] = 1000;
	ck_assert_uint_eq(phys_zone_of(&phys, page_alloc(&phys, 0xd0, 0)), 0);
	phys.zone[0].lowmem_reserve[1] = 1000;
	ck_assert_uint_eq(page_alloc(&phys, 0xd0, 0), PFN_NONE);
	/* The reserve is kept from Normal requests only. */
	ck_assert_uint_ne(page_alloc(&phys, 0xd1, 0), PFN_NONE);
}
END_TEST

START_TEST(split_page_makes_single_pages)
{
	pfn_t pfn = page_alloc(&phys, 0xd0, 2);

	ck_assert(page_split(&phys, pfn, 2, &st));
	refused(pfn, 2, "wrong order");
	for (pfn_t i = 0; i < 4; i++)
		ck_assert(page_free(&phys, pfn + i, 0, &st));
	page_drain_local(&phys);
	ck_assert_uint_eq(phys.zone[NORMAL].nr_free[4], 2);
}
END_TEST

START_TEST(addresses_end_with_the_direct_map)
{
	ck_assert_uint_eq(page_address(&phys, 32), 0xc0020000);
	ck_assert_uint_eq(page_address(&phys, 48), 0);
	ck_assert_uint_eq(page_of_address(&phys, 0xc0020fff), 32);
	ck_assert_uint_eq(page_of_address(&phys, 0xc0030000), PFN_NONE);
	ck_assert_uint_eq(page_of_address(&phys, 0xbfffffff), PFN_NONE);
	ck_assert_uint_eq(page_get_order(&phys, 0), 0);
	ck_assert_uint_eq(page_get_order(&phys, 4096), 0);
	ck_assert_uint_eq(page_get_order(&phys, 4097), 1);
	ck_assert_uint_eq(page_get_order(&phys, UINT64_MAX), 52);
}
END_TEST

START_TEST(every_frame_is_counted_once)
{
	u64 count[FRAME_USED + 1];

	ck_assert_uint_ne(page_alloc(&phys, 0xd0, 0), PFN_NONE);
	ck_assert_uint_ne(page_alloc(&phys, 0xd0, 3), PFN_NONE);
	frame_count(&phys, 0, 100, count);
	ck_assert_uint_eq(count[FRAME_RESERVED], 8);
	ck_assert_uint_eq(count[FRAME_USED], 9);
	ck_assert_uint_eq(count[FRAME_PCP], 2);
	ck_assert_uint_eq(count[FRAME_FREE], 45);
	ck_assert_uint_eq(count[FRAME_NO_MEMORY], 36);
	frame_count(&phys, 33, 34, count);
	ck_assert_uint_eq(count[FRAME_PCP], 1);
}
END_TEST

START_TEST(only_the_first_frame_of_a_block_is_its_head)
{
	ck_assert_int_eq(buddy_order_at(&phys, 16), 4);
	ck_assert_int_eq(buddy_order_at(&phys, 17), -1);
	ck_assert_int_eq(buddy_order_at(&phys, 24), -1);
	ck_assert_int_eq(buddy_order_at(&phys, 8), 3);
	ck_assert_int_eq(buddy_order_at(&phys, 12), -1);
	ck_assert_int_eq(buddy_order_at(&phys, 4), -1);
}
END_TEST

/*
 * Every other block of order 8 of node 0 in use, movable; node 1 is free.
 * There is no whole page block, so a kernel page must be mixed in; that is
 * better than to take it from node 1.
 */
START_TEST(types_are_mixed_before_another_node_is_asked)
{
	struct machine m;
	struct machine_desc desc;
	gfp_t movable, kernel;
	pfn_t pfn, held[8192];
	size_t count = 0;

	ck_assert(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "nodes=2", &st) &&
		  desc_set(&desc, "cpus=2", &st));
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	ck_assert(gfp_by_name(GFP_6_1, "GFP_HIGHUSER_MOVABLE", &movable) &&
		  gfp_by_name(GFP_6_1, "GFP_KERNEL", &kernel));
	while ((pfn = page_alloc(&m.phys, movable, 8)) < m.config.max_pfn && count < 8192)
		held[count++] = pfn;
	for (size_t i = 0; i < count; i++)
		if (held[i] & 256 || m.config.zone[phys_zone_of(&m.phys, held[i])].node == 1)
			ck_assert(page_free(&m.phys, held[i], 8, &st));
	for (int i = 0; i < 20000; i++) {
		pfn = page_alloc(&m.phys, kernel, 0);
		ck_assert_uint_eq(m.config.zone[phys_zone_of(&m.phys, pfn)].node, 0);
	}
	machine_free(&m);
}
END_TEST

START_TEST(loading_refuses_overlaps)
{
	ck_assert(!load_free_block(&phys, 0, 8, 0, 0, &st));
	ck_assert(!load_free_block(&phys, 0, 0, 4, 0, &st));
	ck_assert(!load_free_block(&phys, 0, 1, 1, 0, &st));
	ck_assert(!load_free_block(&phys, 0, 32, 0, 0, &st));
	ck_assert(!load_pcp_block(&phys, NORMAL, 0, 0, 0, 40, 0, &st));
	ck_assert(load_used_block(&phys, 0, 2, 7, &st));
	ck_assert_uint_eq(frame_describe(&phys, 3).owner, 7);
	ck_assert(!load_free_block(&phys, 0, 2, 0, 0, &st));
}
END_TEST

/* A hole may begin behind a block's first frame. */
START_TEST(loading_refuses_holes)
{
	struct phys_config holed = config;
	struct arena other;
	struct phys p;

	holed.memory[0] = (struct phys_range){ 0, 11 };
	holed.memory[1] = (struct phys_range){ 12, 20 };
	holed.memory[2] = (struct phys_range){ 20, 32 };
	holed.memory_ranges = 3;
	ck_assert(arena_init(&other, phys_arena_size(&holed), phys_root_size(&holed), &st));
	ck_assert(phys_init(&p, &holed, &other, &st));
	ck_assert(!load_free_block(&p, 0, 8, 2, 0, &st));
	ck_assert(!load_free_block(&p, 0, 11, 0, 0, &st));
	ck_assert(load_free_block(&p, 0, 8, 1, 0, &st));
	ck_assert(load_free_block(&p, 0, 16, 4, 0, &st));
	arena_free(&other);
}
END_TEST

static u64 told;

static void count_told(void *context, const struct event *e)
{
	struct strbuf text = STRBUF_INIT;
	struct event_names names = phys_names(context);

	event_sentence(e, &names, &text);
	ck_assert_uint_gt(text.length, 0);
	ck_assert_msg(!strchr(strbuf_str(&text), '{'), "%s", strbuf_str(&text));
	strbuf_free(&text);
	told++;
}

START_TEST(a_list_with_a_page_twice_is_refused_whole)
{
	pfn_t a = page_alloc(&phys, 0xd0, 0), b = page_alloc(&phys, 0xd0, 0);
	const pfn_t twice[] = { a, b, a }, once[] = { b, a };

	ck_assert(!page_free_list(&phys, twice, 3, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "is in the list twice"));
	/* Nothing of it was freed. */
	ck_assert(page_free_list(&phys, once, 2, &st));
	ck_assert(!page_free_list(&phys, once, 2, &st));
}
END_TEST

START_TEST(an_observer_changes_nothing)
{
	struct observer observer = { count_told, &phys };
	u64 alone;

	for (int i = 0; i < 6; i++)
		page_alloc(&phys, i % 2 ? 0xd0 : 0xd1, (unsigned)i % 3);
	alone = phys_hash(&phys);
	teardown();
	make();
	told = 0;
	phys.observer = &observer;
	for (int i = 0; i < 6; i++)
		page_alloc(&phys, i % 2 ? 0xd0 : 0xd1, (unsigned)i % 3);
	ck_assert_uint_eq(phys_hash(&phys), alone);
	ck_assert_uint_gt(told, 20);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page_alloc");
	TCase *tests = tcase_create("page_alloc");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, free_refuses_what_is_not_held);
	tcase_add_test(tests, double_free_of_a_page_on_a_per_cpu_list);
	tcase_add_test(tests, orders_above_the_most_are_null);
	tcase_add_test(tests, split_leaves_one_block_of_each_order_between);
	tcase_add_test(tests, free_merges_back_to_the_whole);
	tcase_add_test(tests, zones_never_merge);
	tcase_add_test(tests, per_cpu_list_is_a_stack_refilled_by_the_batch);
	tcase_add_test(tests, cold_pages_have_their_own_list);
	tcase_add_test(tests, high_mark_gives_a_batch_back);
	tcase_add_test(tests, watermarks_by_how_urgent_a_request_is);
	tcase_add_test(tests, falls_back_to_the_lower_zone_unless_it_is_kept);
	tcase_add_test(tests, split_page_makes_single_pages);
	tcase_add_test(tests, addresses_end_with_the_direct_map);
	tcase_add_test(tests, every_frame_is_counted_once);
	tcase_add_test(tests, only_the_first_frame_of_a_block_is_its_head);
	tcase_add_test(tests, types_are_mixed_before_another_node_is_asked);
	tcase_add_test(tests, loading_refuses_overlaps);
	tcase_add_test(tests, loading_refuses_holes);
	tcase_add_test(tests, a_list_with_a_page_twice_is_refused_whole);
	tcase_add_test(tests, an_observer_changes_nothing);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
