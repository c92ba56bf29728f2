/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that others hold and give up when pages are reclaimed. */
#include "phys/shrinker.h"
#include "phys/vmscan.h"
#include "tests/unit/reclaim.h"

/* ------------------------------------------------------------- shrinkers */

static u64 objects, asked, calls;

#define OWNER 7

static u64 count_objects(void *context, u32 owner)
{
	ck_assert_ptr_eq(context, p);
	ck_assert_uint_eq(owner, OWNER);
	return objects;
}

/* Gives up what it is asked for, ten to a page; without __GFP_FS nothing. */
static u64 scan_objects(void *context, u32 owner, gfp_t mask, u64 wanted, u64 *pages)
{
	ck_assert_ptr_eq(context, p);
	ck_assert_uint_eq(owner, OWNER);
	if (!(mask & p->gfp->fs))
		return SHRINKER_STOP;
	wanted = wanted < objects ? wanted : objects;
	asked += wanted;
	calls++;
	objects -= wanted;
	*pages += wanted / 10;
	return wanted;
}

static void own_shrinker(u32 seeks, u64 count)
{
	p->shrinker_calls = (struct shrinker_calls){ count_objects, scan_objects, p };
	ck_assert(shrinker_register(p, OWNER, seeks));
	ck_assert_ptr_eq(shrinker_of(p, OWNER), &p->reclaim->shrinker[0]);
	objects = count;
	asked = calls = 0;
}

START_TEST(shrinkers)
{
	boot(kernels[_i], NULL);
	ck_assert(!vmscan_can_help(p, gfp("GFP_KERNEL")));
	own_shrinker(2, 4096);
	ck_assert(vmscan_can_help(p, gfp("GFP_KERNEL")));
	ck_assert(!vmscan_can_help(p, gfp("GFP_NOFS")));
	/* Twice the share of the lists that was looked at, in batches of 128. */
	ck_assert_uint_eq(shrinker_run_by_share(p, gfp("GFP_KERNEL"), 1000, 15999), 4 * 12);
	ck_assert_uint_eq(asked, 2000 * 4096 / 16000 / 128 * 128);
	ck_assert_uint_eq(calls, asked / 128);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_SLABS_SCANNED), asked);
	objects = 4096;
	asked = p->reclaim->shrinker[0].deferred = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 4);
	ck_assert_uint_eq(asked, 4096 / 16 * 2);
	/* What is less than a batch waits for more. */
	asked = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 12);
	ck_assert_uint_eq(asked, 0);
	shrinker_drop(p);
	ck_assert_uint_eq(objects, 0);
	shrinker_unregister(p, OWNER);
	ck_assert_ptr_null(shrinker_of(p, OWNER));
	objects = 4096;
	ck_assert(!vmscan_can_help(p, gfp("GFP_KERNEL")));
	halt();
}
END_TEST

/* Who may not enter a file system gets nothing; what was due stays due. */
START_TEST(shrinker_without_fs)
{
	boot(kernels[_i], NULL);
	own_shrinker(2, 1024);
	shrinker_run_by_share(p, gfp("GFP_NOFS"), 1000, 1999);
	ck_assert_uint_eq(asked, 0);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 1024);
	shrinker_run_by_priority(p, gfp("GFP_NOFS"), 2);
	ck_assert_uint_eq(asked, 0);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 1024 + 512);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_SLABS_SCANNED), 0);
	halt();
}
END_TEST

/* Objects that cost twice the work are asked for half as often; on 6.1 those that cost none go by halves. */
START_TEST(shrinker_seeks)
{
	boot(kernels[_i], NULL);
	own_shrinker(4, 8192);
	shrinker_run_by_share(p, gfp("GFP_KERNEL"), 1000, 3999);
	ck_assert_uint_eq(asked, 2048);
	objects = 8192;
	asked = p->reclaim->shrinker[0].deferred = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 2);
	ck_assert_uint_eq(asked, 2048);
	shrinker_unregister(p, OWNER);
	own_shrinker(0, 4096);
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 12);
	ck_assert_uint_eq(asked, 2048);
	halt();
}
END_TEST

/* Never more than twice what there is, and in the order in which they registered. */
START_TEST(shrinker_table)
{
	boot(kernels[_i], NULL);
	own_shrinker(1, 300);
	p->reclaim->shrinker[0].deferred = 100000;
	shrinker_run_by_share(p, gfp("GFP_NOFS"), 1, 100);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 600);
	for (u32 n = 1; n < PHYS_SHRINKERS; n++)
		ck_assert(shrinker_register(p, OWNER + n, 2));
	ck_assert(!shrinker_register(p, 1000, 2));
	shrinker_unregister(p, OWNER + 3);
	ck_assert(shrinker_register(p, 1000, 2));
	ck_assert_uint_eq(p->reclaim->shrinker[3].owner, OWNER + 4);
	ck_assert_uint_eq(p->reclaim->shrinker[PHYS_SHRINKERS - 1].owner, 1000);
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shrinker");
	TCase *tc = tcase_create("shrinker");
	int all = sizeof kernels / sizeof *kernels;

	tcase_add_loop_test(tc, shrinkers, 0, all);
	tcase_add_loop_test(tc, shrinker_without_fs, 0, all);
	tcase_add_loop_test(tc, shrinker_seeks, 0, all);
	tcase_add_loop_test(tc, shrinker_table, 0, all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
