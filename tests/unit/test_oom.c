/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mask lets reclaim do, and the out-of-memory killer: whom it chooses, and what is when there is nobody. */
#include "phys/down.h"
#include "phys/oom.h"
#include "phys/swap.h"
#include "phys/vmscan.h"
#include "phys/writeback.h"
#include "tests/unit/reclaim.h"

static u32 brought;

/* ------------------------------------------------------------- masks */

/* Fills memory with what cannot be reclaimed without writing. */
static void fill_with_anon(unsigned process)
{
	mapping_touch(p, process, 0, 8000, &brought);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
}

START_TEST(masks_and_the_killer)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	editor = owner(OWNER_PROCESS, "editor");
	fill_with_anon(editor);
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL") | p->gfp->noretry, 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 0);
	/* Without the file system nobody is killed: it would wait for ever. */
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_NOFS"), 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 1);
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_NOIO") | p->gfp->nofail, 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 1);
	if (_i)
		ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL") | p->gfp->retry, 0), PFN_NONE);
	/* In 6.1 a large block is no reason to kill. */
	if (_i)
		ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL"), 4), PFN_NONE);
	/* Who frees memory must not reclaim. */
	p->state->memalloc = 1;
	while (page_alloc(p, gfp("GFP_KERNEL"), 0) != PFN_NONE)
		continue;
	p->state->memalloc = 0;
	ck_assert_uint_eq(about(editor)->present, 8000);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_OOM_KILL), 0);
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 0), PFN_NONE);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_OOM_KILL), 1);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "editor"), OWNER_NOBODY);
	halt();
}
END_TEST

/* A request that may do I/O waits for dirty pages to be written; one that may not gets none of them. */
START_TEST(dirty_pages_and_masks)
{
	boot(kernels[_i], NULL);
	p->reclaim->dirty_ratio = 100;
	mapping_write(p, file("out"), 0, 3000, &brought);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 0), PFN_NONE);
	ck_assert_uint_gt(reclaim_counted(p, -1, VM_PGPGOUT), 0);
	halt();
}
END_TEST

/* ------------------------------------------------------------- the killer */

START_TEST(the_largest_is_killed)
{
	unsigned small, large;

	boot(kernels[_i], NULL);
	small = owner(OWNER_PROCESS, "small");
	large = owner(OWNER_PROCESS, "large");
	mapping_touch(p, small, 0, 1000, &brought);
	mapping_touch(p, large, 0, 3000, &brought);
	ck_assert_int_gt(oom_points(p, large), oom_points(p, small));
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_KILLED);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "large"), OWNER_NOBODY);
	about(small)->oom_adj = oom_adj_least(p);
	ck_assert(!down_is(p));
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_NO_VICTIM);
	ck_assert(down_is(p));
	down_forget(p);
	about(small)->oom_adj = 0;
	p->reclaim->panic_on_oom = 1;
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_PANIC);
	ck_assert(down_is(p));
	halt();
}
END_TEST

START_TEST(points_of_2_6)
{
	unsigned n;

	boot("i386-2.6.18", NULL);
	n = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, n, 0, 1600, &brought);
	ck_assert_int_eq(oom_points(p, n), 1600);
	about(n)->nice = 5;
	ck_assert_int_eq(oom_points(p, n), 3200);
	about(n)->uid = 0;
	ck_assert_int_eq(oom_points(p, n), 200);
	about(n)->oom_adj = 3;
	ck_assert_int_eq(oom_points(p, n), 1600);
	about(n)->oom_adj = -3;
	ck_assert_int_eq(oom_points(p, n), 25);
	about(n)->oom_adj = about(n)->nice = 0;
	about(n)->uid = 1000;
	/* 16 units of computing, of 1024 ticks of 10 ms each, count as 4; 16 units of 1024 seconds running as 2. */
	about(n)->cpu_ms = 16 * 10240;
	ck_assert_int_eq(oom_points(p, n), 400);
	p->reclaim->now_ms = 16 * 1024 * 1000;
	ck_assert_int_eq(oom_points(p, n), 200);
	halt();
}
END_TEST

START_TEST(points_of_6_1)
{
	unsigned n;
	s64 total = 0;

	boot("x86_64-6.1-slub", NULL);
	n = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, n, 0, 1600, &brought);
	ck_assert_int_eq(oom_points(p, n), 1600);
	for (unsigned z = 0; z < m.config.zones; z++)
		total += p->zone[z].managed;
	about(n)->oom_adj = 500;
	ck_assert_int_eq(oom_points(p, n), 1600 + 500 * (total / 1000));
	ck_assert_int_eq(oom_score(p, n), (1000 + (1600 + 500 * (total / 1000)) * 1000 / total) * 2 / 3);
	about(n)->oom_adj = -1000;
	ck_assert_int_eq(oom_score(p, n), 0);
	halt();
}
END_TEST

/* A process that asks for more than there is is killed itself, if it is the largest. */
START_TEST(asker_killed)
{
	unsigned hog;

	boot(kernels[_i], NULL);
	hog = owner(OWNER_PROCESS, "hog");
	ck_assert_int_eq(mapping_touch(p, hog, 0, 20000, &brought), USE_KILLED);
	ck_assert_uint_gt(brought, 10000);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "hog"), OWNER_NOBODY);
	ck_assert_uint_eq(reclaim_anon(p), 0);
	halt();
}
END_TEST

/* Whatever could be reclaimed is gone before the last page is: then it is as if it had never been there. */
START_TEST(nobody_is_left)
{
	unsigned hog;
	u64 pages = 0;

	boot(kernels[_i], NULL);
	/* The allocator alone: nobody has used this memory yet. */
	while (page_alloc(p, gfp("GFP_KERNEL"), 0) != PFN_NONE)
		pages++;
	ck_assert_uint_gt(pages, 10000);
	ck_assert(!down_is(p));
	machine_free(&m);

	boot(kernels[_i], NULL);
	mapping_read(p, file("log"), 0, 256, &brought);
	while (page_alloc(p, gfp("GFP_KERNEL"), 0) != PFN_NONE)
		continue;
	ck_assert_uint_eq(reclaim_lru(p, LRU_INACTIVE_FILE) + reclaim_lru(p, LRU_ACTIVE_FILE), 0);
	ck_assert(down_is(p));
	machine_free(&m);

	boot(kernels[_i], NULL);
	hog = owner(OWNER_PROCESS, "hog");
	ck_assert_int_eq(mapping_touch(p, hog, 0, 20000, &brought), USE_KILLED);
	ck_assert(!down_is(p));
	while (page_alloc(p, gfp("GFP_KERNEL"), 0) != PFN_NONE)
		continue;
	ck_assert(down_is(p));
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("oom");
	TCase *tc = tcase_create("oom");
	int all = sizeof kernels / sizeof *kernels;

	tcase_add_loop_test(tc, masks_and_the_killer, 0, all);
	tcase_add_loop_test(tc, dirty_pages_and_masks, 0, all);
	tcase_add_loop_test(tc, the_largest_is_killed, 0, all);
	tcase_add_test(tc, points_of_2_6);
	tcase_add_test(tc, points_of_6_1);
	tcase_add_loop_test(tc, asker_killed, 0, all);
	tcase_add_loop_test(tc, nobody_is_left, 0, all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
