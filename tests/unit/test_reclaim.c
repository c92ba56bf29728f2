/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that can be reclaimed: lists, kswapd, direct reclaim, swap, writeback, what moves. */
#include "phys/cma.h"
#include "phys/compact.h"
#include "phys/kswapd.h"
#include "phys/lru.h"
#include "phys/migrate.h"
#include "phys/swap.h"
#include "phys/vmscan.h"
#include "phys/writeback.h"
#include "tests/unit/reclaim.h"

static u32 brought;

static pfn_t page_of(unsigned n, u32 index)
{
	const struct place *place = mapping_place(p, n, index);

	return place->state == PLACE_MEMORY ? place->value : PFN_NONE;
}

static bool is_active(unsigned n, u32 index)
{
	return page_find(p, page_of(n, index))->lru.flags & LRU_IS_ACTIVE;
}

static u64 free_pages(void)
{
	u64 sum = 0;

	for (unsigned z = 0; z < m.config.zones; z++)
		sum += p->zone[z].free;
	return sum;
}

/* ------------------------------------------------------------- lists */

START_TEST(second_use_activates)
{
	unsigned log;

	boot(kernels[_i], NULL);
	log = file("log");
	ck_assert_int_eq(mapping_read(p, log, 0, 10, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 10);
	ck_assert(!is_active(log, 3));
	ck_assert_int_eq(mapping_read(p, log, 3, 1, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 0);
	ck_assert(is_active(log, 3));
	ck_assert(!is_active(log, 4));
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_PGACTIVATE), 1);
	halt();
}
END_TEST

/* Writing is a use in 2.6.18, and none in 6.1. */
START_TEST(writing_and_use)
{
	unsigned out;

	boot(kernels[_i], NULL);
	out = file("out");
	mapping_write(p, out, 0, 1, &brought);
	mapping_write(p, out, 0, 1, &brought);
	ck_assert_int_eq(is_active(out, 0), _i == 0);
	ck_assert_uint_eq(reclaim_dirty(p), 1);
	halt();
}
END_TEST

/* Anonymous pages begin active in 2.6.18, inactive in 6.1. */
START_TEST(anonymous_begin)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	editor = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, editor, 0, 5, &brought);
	ck_assert_uint_eq(brought, 5);
	ck_assert_int_eq(is_active(editor, 0), _i == 0);
	ck_assert_uint_eq(reclaim_anon(p), 5);
	ck_assert_uint_eq(mapping_end(p, editor), 5);
	ck_assert_uint_eq(reclaim_anon(p), 0);
	halt();
}
END_TEST

/* ------------------------------------------------------------- reclaim */

/* A file twice as large as memory is read to the end; the oldest pages go, the youngest stay. */
START_TEST(file_larger_than_memory)
{
	unsigned log;

	boot(kernels[_i], NULL);
	log = file("log");
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	ck_assert_int_eq(mapping_read(p, log, 0, 32768, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 32768);
	ck_assert_uint_eq(page_of(log, 0), PFN_NONE);
	ck_assert_uint_ne(page_of(log, 32767), PFN_NONE);
	ck_assert_uint_gt(about(log)->present, 10000);
	ck_assert_uint_gt(reclaim_counted(p, -1, VM_PGSTEAL_DIRECT), 16000);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_PGSTEAL_KSWAPD), 0);
	halt();
}
END_TEST

/* It is woken below low, sleeps while the command lasts, and ends above high in one zone at least. */
START_TEST(kswapd_after_a_command)
{
	unsigned high = 0;

	boot(kernels[_i], NULL);
	mapping_read(p, file("log"), 0, 20000, &brought);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_IDLE;
	kswapd_command_ended(p);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	kswapd_let_time_pass(p, 1000);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_AUTO;
	kswapd_command_ended(p);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 0);
	for (unsigned z = 0; z < m.config.zones; z++)
		high += p->zone[z].free > p->zone[z].wmark[WMARK_HIGH];
	ck_assert_uint_ge(high, _i == 0 ? m.config.zones : 1);
	ck_assert_uint_eq(p->reclaim->now_ms, 1000);
	halt();
}
END_TEST

/* Mixing types raises watermarks; kswapd lowers them again. */
START_TEST(kswapd_lowers_boosts)
{
	boot("x86_64-6.1-slub", NULL);
	p->zone[1].boost = 100;
	kswapd_wake_boosted(p, 1);
	kswapd_let_time_pass(p, 1);
	ck_assert_uint_eq(p->zone[1].boost, 0);
	halt();
}
END_TEST

START_TEST(drop_caches)
{
	unsigned log, out;

	boot(kernels[_i], NULL);
	log = file("log");
	out = file("out");
	mapping_read(p, log, 0, 100, &brought);
	mapping_write(p, out, 0, 50, &brought);
	ck_assert_uint_eq(vmscan_drop_caches(p), 100);
	ck_assert_uint_eq(about(log)->present, 0);
	ck_assert_uint_eq(about(out)->present, 50);
	ck_assert_uint_eq(writeback_all(p), 50);
	ck_assert_uint_eq(vmscan_drop_caches(p), 50);
	ck_assert_uint_eq(reclaim_file(p), 0);
	halt();
}
END_TEST

/* Who makes more pages dirty than the limit waits; what is dirty for 30 seconds is written. */
START_TEST(dirty_limits)
{
	unsigned out, note;
	u64 limit, background;

	boot(kernels[_i], NULL);
	out = file("out");
	writeback_limits(p, &limit, &background);
	ck_assert_uint_lt(background, limit);
	mapping_write(p, out, 0, (u32)limit * 2, &brought);
	writeback_limits(p, &limit, &background);
	ck_assert_uint_le(reclaim_dirty(p), limit + RECLAIM_CLUSTER);
	writeback_all(p);
	note = file("note");
	mapping_write(p, note, 0, 3, &brought);
	kswapd_let_time_pass(p, 29000);
	ck_assert_uint_eq(about(note)->dirty, 3);
	kswapd_let_time_pass(p, 1000);
	ck_assert_uint_eq(about(note)->dirty, 0);
	halt();
}
END_TEST

/* A page that comes back soon is active at once; its eviction was a loss. */
START_TEST(refault)
{
	unsigned log;

	boot("x86_64-6.1-slub", NULL);
	mapping_read(p, file("keep"), 0, 1000, &brought);
	mapping_read(p, file("keep"), 0, 1000, &brought);
	log = file("log");
	mapping_read(p, log, 0, 10, &brought);
	vmscan_drop_clean(p, page_of(log, 5));
	mapping_read(p, log, 5, 1, &brought);
	ck_assert_uint_eq(brought, 1);
	ck_assert(is_active(log, 5));
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_REFAULT_FILE), 1);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_ACTIVATE_FILE), 1);
	halt();
}
END_TEST

/* ------------------------------------------------------------- swap */

START_TEST(swap_out_and_in)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	ck_assert(swap_on(p, 8192, &st));
	editor = owner(OWNER_PROCESS, "editor");
	ck_assert_int_eq(mapping_touch(p, editor, 0, 18000, &brought), USE_DONE);
	ck_assert_uint_gt(about(editor)->swapped, 1000);
	ck_assert_uint_eq(about(editor)->swapped + about(editor)->present, 18000);
	ck_assert_uint_ge(p->reclaim->swap_used, about(editor)->swapped);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert(!swap_off(p, &st));
	for (u32 index = 0; index < 18000; index++) {
		if (mapping_place(p, editor, index)->state != PLACE_SWAP)
			continue;
		ck_assert_int_eq(mapping_touch(p, editor, index, 1, &brought), USE_DONE);
		ck_assert_uint_eq(brought, 1);
		break;
	}
	ck_assert_uint_ge(reclaim_counted(p, -1, VM_PSWPIN), 1);
	mapping_end(p, editor);
	ck_assert_uint_eq(p->reclaim->swap_used, 0);
	ck_assert(swap_off(p, &st));
	ck_assert(!swap_off(p, &st));
	halt();
}
END_TEST

/* ------------------------------------------------------------- moving */

/* A page that moves is found at its new place, at the head of its list, as active as it was. */
START_TEST(moved)
{
	unsigned log;
	pfn_t to, from;

	boot(kernels[_i], NULL);
	log = file("log");
	mapping_read(p, log, 0, 3, &brought);
	mapping_read(p, log, 1, 1, &brought);
	from = page_of(log, 1);
	ck_assert(migrate_is_movable(p, from));
	to = page_alloc(p, gfp("GFP_KERNEL"), 0);
	migrate_page(p, from, to);
	ck_assert_uint_eq(page_of(log, 1), to);
	ck_assert(is_active(log, 1));
	ck_assert_uint_eq(about(log)->present, 3);
	ck_assert(!page_free(p, to, 0, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "belongs to a file"));
	halt();
}
END_TEST

/* An area that files borrow from is emptied: clean pages are dropped, the others move. */
START_TEST(area_emptied)
{
	unsigned log, editor;

	boot("i386-6.1-slab", "cma=16M");
	log = file("log");
	editor = owner(OWNER_PROCESS, "editor");
	mapping_read(p, log, 0, 4000, &brought);
	mapping_touch(p, editor, 0, 4000, &brought);
	ck_assert_uint_eq(cma_alloc(p, 0, m.config.cma[0].count, 0), m.config.cma[0].base_pfn);
	ck_assert_uint_eq(about(editor)->present, 4000);
	ck_assert_uint_lt(about(log)->present, 4000);
	halt();
}
END_TEST

/* Memory enough, but every other page of it is in use: compaction makes a large block, and nothing is killed. */
START_TEST(compaction_for_a_request)
{
	unsigned editor, log;

	boot("x86_64-6.1-slub", NULL);
	editor = owner(OWNER_PROCESS, "editor");
	log = file("log");
	for (u32 index = 0; index < 6000; index++) {
		mapping_read(p, log, index, 1, &brought);
		mapping_touch(p, editor, index, 1, &brought);
	}
	for (u32 index = 0; index < 6000; index++)
		if (page_of(log, index) != PFN_NONE)
			vmscan_drop_clean(p, page_of(log, index));
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 2) != PFN_NONE)
		continue;
	ck_assert_uint_gt(free_pages(), 4000);
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 7), PFN_NONE);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_COMPACT_STALL), 1);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_COMPACT_SUCCESS), 1);
	ck_assert_uint_eq(about(editor)->present, 6000);
	halt();
}
END_TEST

/* ------------------------------------------------------------- copies */

START_TEST(copies)
{
	struct machine copy;
	u64 hash;

	boot(kernels[_i], NULL);
	ck_assert(swap_on(p, 1000, &st));
	mapping_read(p, file("log"), 0, 20000, &brought);
	mapping_touch(p, owner(OWNER_PROCESS, "editor"), 0, 300, &brought);
	ck_assert(machine_clone(&copy, &m, &st));
	hash = machine_hash(&m);
	ck_assert_uint_eq(machine_hash(&copy), hash);
	ck_assert_msg(invariants_hold(&copy, &st), "%s", st.message);
	lru_mark_accessed(&copy.phys,
			  copy.phys.lruvec[0].list[reclaim_by_zone(p) ? LRU_INACTIVE : LRU_INACTIVE_FILE].head);
	ck_assert_uint_ne(machine_hash(&copy), hash);
	ck_assert_uint_eq(machine_hash(&m), hash);
	machine_free(&copy);
	halt();
}
END_TEST

/* What is replayed has nothing to reclaim, and so nothing is. */
START_TEST(none)
{
	struct machine_desc desc;

	ck_assert(desc_load(&desc, "textbook-1M", &st) && machine_boot(&m, &desc, NULL, &st));
	ck_assert(!reclaim_exists(p));
	ck_assert_uint_eq(reclaim_file(p), 0);
	ck_assert_uint_gt(free_pages(), 0);
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reclaim");
	TCase *tc = tcase_create("reclaim");
	int all = sizeof kernels / sizeof *kernels;

	tcase_add_loop_test(tc, second_use_activates, 0, all);
	tcase_add_loop_test(tc, writing_and_use, 0, all);
	tcase_add_loop_test(tc, anonymous_begin, 0, all);
	tcase_add_loop_test(tc, file_larger_than_memory, 0, all);
	tcase_add_loop_test(tc, kswapd_after_a_command, 0, all);
	tcase_add_test(tc, kswapd_lowers_boosts);
	tcase_add_loop_test(tc, drop_caches, 0, all);
	tcase_add_loop_test(tc, dirty_limits, 0, all);
	tcase_add_test(tc, refault);
	tcase_add_loop_test(tc, swap_out_and_in, 0, all);
	tcase_add_loop_test(tc, moved, 0, all);
	tcase_add_test(tc, area_emptied);
	tcase_add_test(tc, compaction_for_a_request);
	tcase_add_loop_test(tc, copies, 0, all);
	tcase_add_test(tc, none);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
