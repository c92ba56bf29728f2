/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that their owner gives up when pages are reclaimed: which, when, and what comes of their slabs. */
#include "machine/invariants.h"
#include "phys/kswapd.h"
#include "phys/page_alloc.h"
#include "phys/shrinker.h"
#include "procfs/procfs.h"
#include "slab/kmalloc.h"
#include "slab/slab_shrinker.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS 12000
#define SIZE 1000
#define PAGES 16384

static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

static struct machine m;
static struct slab_system *s;
static struct kmem_cache *cache;
static const struct slab_unused *list;
static struct status st;
static u64 object[OBJECTS];
static pfn_t page[PAGES];
static unsigned pages;

static gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert(gfp_by_name(m.config.gfp, name, &value));
	return value;
}

/* A machine with a cache of objects that can be given up; none of them is unused yet. */
static void boot(unsigned which, unsigned objects)
{
	struct machine_desc desc;

	memset(&st, 0, sizeof st);
	ck_assert_msg(desc_load(&desc, machines[which], &st) && desc_set(&desc, "mem=64M", &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	s = &m.slab;
	cache = kmem_cache_create(s, "names", SIZE, 0, s->config->rules->flag->reclaim_account, CTOR_NONE);
	ck_assert(slab_shrinker_register(s, cache, SHRINKER_SEEKS));
	list = slab_shrinker_list(s, cache);
	pages = 0;
	for (unsigned n = 0; n < objects; n++) {
		object[n] = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL"));
		ck_assert(object[n]);
	}
}

static void halt(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static void unused(unsigned from, unsigned to, unsigned step)
{
	for (unsigned n = from; n < to; n += step)
		ck_assert(slab_shrinker_add(s, cache, object[n]));
}

static u64 slabs(void)
{
	struct slab_info info;

	s->config->rules->info(s, cache, &info);
	return info.num_slabs;
}

static void drop_caches(void)
{
	ck_assert_msg(procfs_write(&m, "/proc/sys/vm/drop_caches", "2", &st), "%s", st.message);
}

/* Takes pages until none comes. */
static void take_all(const char *mask)
{
	gfp_t how = gfp(mask) | gfp("__GFP_NOWARN") | gfp("__GFP_NORETRY");

	while (pages < PAGES && (page[pages] = page_alloc(&m.phys, how, 0)) != PFN_NONE)
		pages++;
}

START_TEST(dropped)
{
	boot((unsigned)_i, 2000);
	unused(0, 2000, 1);
	ck_assert_uint_eq(list->count, 2000);
	ck_assert_uint_ge(slabs() * cache->num, 2000);
	drop_caches();
	ck_assert_uint_eq(list->count, 0);
	/* What is left lies where freed objects wait in each allocator. */
	ck_assert_uint_lt(slabs() * cache->num, 300);
	ck_assert_uint_ge(reclaim_counted(&m.phys, -1, VM_SLABS_SCANNED), 1900);
	halt();
}
END_TEST

/* Where one object of a slab is in use, the slab stays: objects were given up, and no page came of it. */
START_TEST(held)
{
	u64 before;

	boot((unsigned)_i, 2000);
	before = slabs();
	for (unsigned n = 0; n < 2000; n++)
		if (kmem_cache_index(cache, (u32)(object[n] - slab_address(s, slab_of(s, object[n])))) != 0)
			ck_assert(slab_shrinker_add(s, cache, object[n]));
	drop_caches();
	ck_assert_uint_eq(list->count, 0);
	ck_assert_uint_eq(slabs(), before);
	halt();
}
END_TEST

/* The oldest go first, and of them whole batches. */
START_TEST(order)
{
	boot((unsigned)_i, 1000);
	unused(500, 1000, 1);
	unused(0, 500, 1);
	if (reclaim_by_zone(&m.phys))
		shrinker_run_by_share(&m.phys, gfp("GFP_KERNEL"), 100, 999);
	else
		shrinker_run_by_priority(&m.phys, gfp("GFP_KERNEL"), 3);
	ck_assert_uint_eq(list->count, 1000 - SHRINKER_BATCH);
	ck_assert_uint_eq(list->oldest, object[500 + SHRINKER_BATCH]);
	ck_assert_uint_eq(list->newest, object[499]);
	/* One that is needed again is skipped. */
	ck_assert(slab_shrinker_take(s, cache, object[700]));
	ck_assert(!slab_shrinker_take(s, cache, object[700]));
	drop_caches();
	ck_assert_uint_eq(kmem_cache_of(s, object[700]) == cache, 1);
	ck_assert(slab_shrinker_add(s, cache, object[700]));
	ck_assert_uint_eq(list->count, 1);
	halt();
}
END_TEST

/* A request that may enter file systems gets pages of objects; one that may not does not. */
START_TEST(direct)
{
	unsigned without;
	u64 scanned;

	boot((unsigned)_i, OBJECTS);
	unused(0, OBJECTS, 1);
	m.phys.reclaim->kswapd_mode = KSWAPD_OFF;
	take_all("GFP_NOFS");
	ck_assert_uint_eq(list->count, OBJECTS);
	without = pages;
	scanned = reclaim_counted(&m.phys, -1, VM_SLABS_SCANNED);
	ck_assert_uint_eq(scanned, 0);
	take_all("GFP_KERNEL");
	ck_assert_uint_lt(list->count, OBJECTS / 10);
	ck_assert_uint_ge(pages, without + 2500);
	ck_assert_uint_gt(reclaim_counted(&m.phys, -1, VM_SLABS_SCANNED), OBJECTS * 9 / 10);
	halt();
}
END_TEST

/* kswapd asks, too, until the zone is above its high watermark. */
START_TEST(by_kswapd)
{
	boot((unsigned)_i, OBJECTS);
	unused(0, OBJECTS, 1);
	take_all("GFP_ATOMIC");
	ck_assert_uint_eq(list->count, OBJECTS);
	ck_assert(m.phys.reclaim->kswapd[0].awake);
	ck_assert_uint_gt(kswapd_run(&m.phys), 0);
	ck_assert_uint_lt(list->count, OBJECTS);
	/* 2.6 measures by pages on its lists, and there are none: all is asked for at once. */
	ck_assert_int_eq(list->count == 0, reclaim_by_zone(&m.phys));
	halt();
}
END_TEST

/* The cache itself grows at the cost of its oldest objects, without end. */
START_TEST(at_own_cost)
{
	u64 refused = 0;

	boot((unsigned)_i, 0);
	for (unsigned n = 0; n < 60000; n++) {
		u64 at = kmem_cache_alloc(s, cache, gfp("GFP_KERNEL") | gfp("__GFP_NOWARN"));

		refused += !at;
		ck_assert(!at || slab_shrinker_add(s, cache, at));
		if (n % 10000 == 0)
			ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	}
	ck_assert_uint_eq(refused, 0);
	ck_assert_uint_gt(list->count, 1000);
	halt();
}
END_TEST

START_TEST(pressure)
{
	boot((unsigned)_i, 1099);
	unused(0, 1099, 1);
	m.phys.reclaim->vfs_cache_pressure = 0;
	drop_caches();
	ck_assert_uint_eq(list->count, 1099);
	ck_assert(!shrinker_can_help(&m.phys, gfp("GFP_KERNEL")));
	m.phys.reclaim->vfs_cache_pressure = 100;
	ck_assert(shrinker_can_help(&m.phys, gfp("GFP_KERNEL")));
	ck_assert(!shrinker_can_help(&m.phys, gfp("GFP_NOFS")));
	drop_caches();
	ck_assert_uint_eq(list->count, 0);
	/* 2.6 is told of hundreds: 99 are none. */
	kmem_cache_destroy(s, cache);
	machine_free(&m);
	boot((unsigned)_i, 99);
	unused(0, 99, 1);
	drop_caches();
	ck_assert_uint_eq(list->count, reclaim_by_zone(&m.phys) ? 99 : 0);
	halt();
}
END_TEST

/* Whoever frees an object takes it from the list; an address within an object is not it. */
START_TEST(freed)
{
	boot((unsigned)_i, 10);
	unused(0, 10, 1);
	kmem_cache_free(s, cache, object[3]);
	kmalloc_free(s, object[0]);
	kmem_cache_free(s, cache, object[9]);
	ck_assert_uint_eq(list->count, 7);
	ck_assert_uint_eq(list->oldest, object[1]);
	ck_assert_uint_eq(list->newest, object[8]);
	ck_assert_uint_eq(slab_shrinker_next(s, object[2]), object[4]);
	ck_assert(!slab_shrinker_add(s, cache, object[2]));
	for (unsigned n = 1; n < 9; n++)
		if (n != 3)
			kmem_cache_free(s, cache, object[n]);
	ck_assert_uint_eq(list->count, 0);
	halt();
}
END_TEST

/* The table follows the state: back in time, and on a copy. */
START_TEST(back_in_time)
{
	struct machine copy;
	u64 hash, before;

	boot((unsigned)_i, 1000);
	unused(0, 1000, 1);
	hash = machine_hash(&m);
	ck_assert(arena_checkpoint(&m.arena));
	drop_caches();
	slab_shrinker_unregister(s, cache);
	ck_assert_uint_eq(m.phys.reclaim->shrinkers, 0);
	ck_assert_uint_ne(machine_hash(&m), hash);
	arena_rollback(&m.arena);
	ck_assert_uint_eq(machine_hash(&m), hash);
	ck_assert_uint_eq(list->count, 1000);
	ck_assert(slab_shrinker_take(s, cache, object[1]));
	ck_assert(slab_shrinker_add(s, cache, object[1]));
	ck_assert_uint_ne(machine_hash(&m), hash);
	before = machine_hash(&m);
	ck_assert(machine_clone(&copy, &m, &st));
	ck_assert_uint_eq(machine_hash(&copy), before);
	shrinker_drop(&copy.phys);
	ck_assert_uint_eq(copy.slab.unused[slab_slot(s, cache)].count, 0);
	ck_assert_msg(invariants_hold(&copy, &st), "%s", st.message);
	machine_free(&copy);
	ck_assert_uint_eq(machine_hash(&m), before);
	halt();
}
END_TEST

START_TEST(registered)
{
	struct kmem_cache *other, *small;
	u64 at;

	boot((unsigned)_i, 10);
	unused(0, 10, 2);
	at = list->at;
	ck_assert_ptr_eq(slab_shrinker_by_address(s, at), cache);
	ck_assert_ptr_eq(kmem_cache_of(s, at),
			 kmalloc_cache(s, reclaim_by_zone(&m.phys) ? 20 : s->config->word, gfp("GFP_KERNEL")));
	small = kmem_cache_create(s, "small", s->config->word, 0, 0, CTOR_ZERO);
	ck_assert(!slab_shrinker_has_room(s, small));
	other = kmem_cache_create(s, "other", 200, 0, 0, CTOR_ZERO);
	ck_assert(slab_shrinker_register(s, other, 1));
	ck_assert_uint_eq(shrinker_of(&m.phys, slab_slot(s, other))->seeks, 1);
	/* It goes with its cache. */
	ck_assert(kmem_cache_destroy(s, other));
	ck_assert_uint_eq(m.phys.reclaim->shrinkers, 1);
	slab_shrinker_unregister(s, cache);
	ck_assert_ptr_null(slab_shrinker_by_address(s, at));
	ck_assert(!cache->shrinker);
	for (unsigned n = 0; n < 10; n++)
		kmem_cache_free(s, cache, object[n]);
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab_shrinker");
	TCase *tc = tcase_create("shrinker");
	SRunner *runner;
	int failed, all = (int)ARRAY_SIZE(machines);

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, dropped, 0, all);
	tcase_add_loop_test(tc, held, 0, all);
	tcase_add_loop_test(tc, order, 0, all);
	tcase_add_loop_test(tc, direct, 0, all);
	tcase_add_loop_test(tc, by_kswapd, 0, all);
	tcase_add_loop_test(tc, at_own_cost, 0, all);
	tcase_add_loop_test(tc, pressure, 0, all);
	tcase_add_loop_test(tc, freed, 0, all);
	tcase_add_loop_test(tc, back_in_time, 0, all);
	tcase_add_loop_test(tc, registered, 0, all);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
