/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB on two nodes: objects freed elsewhere wait there, and go home in one go. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "slab/slab_alien.h"

#include <check.h>
#include <stdlib.h>

static const char *const kernels[] = { "i386-2.6.18", "i386-6.1-slab" };

static struct machine m;
static struct slab_system *s;
static struct kmem_cache *cache;
static struct status st;

/* CPU 0 is of node 0, CPU 1 of node 1. */
static void boot(const char *name, const char *setting)
{
	static const char *const settings[] = { "mem=128M", "cpus=2", "nodes=2" };
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	for (size_t n = 0; n < ARRAY_SIZE(settings); n++)
		ck_assert_msg(desc_set(&desc, settings[n], &st), "%s", st.message);
	ck_assert_msg(!setting || desc_set(&desc, setting, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	s = &m.slab;
	cache = kmem_cache_create(s, "nodes", 200, 0, 0, CTOR_NONE);
	ck_assert_ptr_nonnull(cache);
}

static void finish(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static u64 get(unsigned cpu)
{
	u64 object;

	m.phys.state->cpu = cpu;
	object = kmem_cache_alloc(s, cache, kmem_cache_gfp_kernel(s));
	ck_assert_uint_ne(object, 0);
	return object;
}

static void put(unsigned cpu, u64 object)
{
	m.phys.state->cpu = cpu;
	kmem_cache_free(s, cache, object);
}

static unsigned node_of_pages(u64 object)
{
	return m.config.zone[phys_zone_of(&m.phys, slab_of(s, object))].node;
}

/* Objects that CPU 1 gets, and CPU 0 frees. */
static void send_abroad(unsigned count)
{
	u64 object[64];

	for (unsigned n = 0; n < count; n++)
		object[n] = get(1);
	for (unsigned n = 0; n < count; n++)
		put(0, object[n]);
}

static void with_alien_arrays(void (*test)(void))
{
	for (size_t n = 0; n < ARRAY_SIZE(kernels); n++) {
		boot(kernels[n], NULL);
		test();
		finish();
	}
}

static void wait_and_go_home(void)
{
	const struct array_cache *alien = slab_alien_array(s, cache, 0, 1), *shared = slab_shared_array(s, cache, 1);

	send_abroad(SLAB_ALIEN_LIMIT);
	ck_assert_uint_eq(alien->avail, SLAB_ALIEN_LIMIT);
	ck_assert_uint_eq(slab_cpu_array(s, cache, 0)->avail, 0);
	ck_assert_uint_eq(shared->avail, 0);
	/* One more than it holds: all that waited go, and it waits alone. */
	send_abroad(1);
	ck_assert_uint_eq(alien->avail, 1);
	ck_assert_uint_eq(shared->avail, SLAB_ALIEN_LIMIT);
	/* What is of one's own node does not wait. */
	put(0, get(0));
	ck_assert_uint_eq(alien->avail, 1);
	ck_assert_uint_gt(slab_cpu_array(s, cache, 0)->avail, 0);
}

START_TEST(test_wait_and_go_home)
{
	with_alien_arrays(wait_and_go_home);
}
END_TEST

/* A full shared array takes no more: the slabs get the rest. */
static void shared_array_is_full(void)
{
	struct array_cache *shared = slab_shared_array(s, cache, 1);
	struct slab_info before, after;

	arena_touch(m.phys.arena, shared);
	shared->limit = 5;
	send_abroad(SLAB_ALIEN_LIMIT);
	s->config->rules->info(s, cache, &before);
	send_abroad(1);
	s->config->rules->info(s, cache, &after);
	ck_assert_uint_eq(shared->avail, 5);
	ck_assert_uint_eq(after.active_objs, before.active_objs - (SLAB_ALIEN_LIMIT - 5));
	ck_assert_uint_eq(after.inuse, 0);
}

START_TEST(test_shared_array_is_full)
{
	with_alien_arrays(shared_array_is_full);
}
END_TEST

static void reaper_sees_to_them(void)
{
	const struct array_cache *alien = slab_alien_array(s, cache, 0, 1);

	send_abroad(3);
	/* The round of the node itself, then that of the other one. */
	m.phys.state->cpu = 0;
	s->state->ticks = 4 * m.slab_config.hz;
	kmem_cache_reap(s);
	ck_assert_uint_eq(alien->avail, 3);
	s->state->ticks = 6 * m.slab_config.hz;
	kmem_cache_reap(s);
	ck_assert_uint_eq(alien->avail, 0);
}

START_TEST(test_reaper_sees_to_them)
{
	with_alien_arrays(reaper_sees_to_them);
}
END_TEST

static void shrink_and_destroy(void)
{
	struct slab_info info;

	send_abroad(7);
	ck_assert_int_eq(kmem_cache_shrink(s, cache), 0);
	s->config->rules->info(s, cache, &info);
	ck_assert_uint_eq(info.num_slabs, 0);
	send_abroad(7);
	ck_assert(kmem_cache_destroy(s, cache));
}

START_TEST(test_shrink_and_destroy)
{
	with_alien_arrays(shrink_and_destroy);
}
END_TEST

/* Takes what is free on the node of CPU 1. */
static void exhaust_node(void)
{
	gfp_t gfp = 0;

	ck_assert(gfp_by_name(m.config.gfp, "GFP_ATOMIC", &gfp));
	m.phys.state->cpu = 1;
	for (;;) {
		pfn_t pfn = page_alloc(&m.phys, gfp, 0);

		if (pfn == PFN_NONE || m.config.zone[phys_zone_of(&m.phys, pfn)].node != 1)
			break;
	}
}

/* 2.6.18 counts a slab to the node that asked for it, wherever its pages are. */
START_TEST(test_no_pages_2_6)
{
	u64 object;

	boot("i386-2.6.18", NULL);
	exhaust_node();
	object = get(1);
	ck_assert_uint_eq(node_of_pages(object), 0);
	ck_assert_uint_eq(slab_node(s, cache, 1)->nr_slabs, 1);
	ck_assert_uint_gt(slab_cpu_array(s, cache, 1)->avail, 0);
	put(1, object);
	ck_assert_uint_eq(slab_alien_array(s, cache, 1, 0)->avail, 0);
	finish();
}
END_TEST

/* 6.1 takes one object of the other node, past the CPU's array, and makes a slab only if that has none. */
START_TEST(test_no_pages_6_1)
{
	u64 object;

	boot("i386-6.1-slab", NULL);
	exhaust_node();
	object = get(1);
	ck_assert_uint_eq(node_of_pages(object), 0);
	ck_assert_uint_eq(slab_cpu_array(s, cache, 1)->avail, 0);
	get(1);
	ck_assert_uint_eq(slab_node(s, cache, 0)->nr_slabs, 1);
	ck_assert_uint_eq(slab_node(s, cache, 1)->nr_slabs, 0);
	put(1, object);
	ck_assert_uint_eq(slab_alien_array(s, cache, 1, 0)->avail, 1);
	/* Who wants this node's memory only gets none. */
	ck_assert_uint_eq(kmem_cache_alloc(s, cache, kmem_cache_gfp_kernel(s) | m.phys.gfp->thisnode), 0);
	finish();
}
END_TEST

START_TEST(test_counted_with_debugging)
{
	boot("i386-2.6.18", "slab_debug=yes");
	send_abroad(SLAB_ALIEN_LIMIT + 1);
	ck_assert_uint_eq(cache->slab.statistics.node_frees, SLAB_ALIEN_LIMIT + 1);
	ck_assert_uint_eq(cache->slab.statistics.node_overflow, 1);
	finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slab_nodes");
	TCase *tcase = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, test_wait_and_go_home);
	tcase_add_test(tcase, test_shared_array_is_full);
	tcase_add_test(tcase, test_reaper_sees_to_them);
	tcase_add_test(tcase, test_shrink_and_destroy);
	tcase_add_test(tcase, test_no_pages_2_6);
	tcase_add_test(tcase, test_no_pages_6_1);
	tcase_add_test(tcase, test_counted_with_debugging);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
