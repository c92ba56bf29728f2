/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine that boots step by step: it ends as one that boots at once, unless
 * somebody asks for memory in between, and can be copied at every step.
 */
#include "machine/early.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "tests/unit/describe.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE UINT64_C(4096)

static struct machine m, other;
static struct machine_desc desc;
static struct status st;

static void setup(void)
{
	memset(&st, 0, sizeof st);
}

static void teardown(void)
{
	machine_free(&m);
	machine_free(&other);
}

static void boot_early(const char *name, const char *settings)
{
	describe(&desc, name, settings);
	ck_assert(desc_set(&desc, "early=yes", &st));
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	ck_assert(early_is(&m));
}

static void step(unsigned count)
{
	while (count--)
		ck_assert_msg(early_step(&m, &st), "%s", st.message);
}

/* The steps until anybody may ask for memory. */
static void step_to_known(void)
{
	struct boot_steps steps;

	early_steps(&m, &steps);
	step(steps.known - (unsigned)m.early->progress.done);
}

static void finish(void)
{
	while (early_is(&m))
		step(1);
}

static const struct {
	const char *name, *settings;
} machines[] = {
	{ "i386-2.6.18", "" },
	{ "i386-2.6.18", "mem=128M;highmem=32M" },
	{ "i386-2.6.18", "cpus=2" },
	{ "i386-2.6.18", "mem=64M;percpu_pagelist_fraction=8" },
	{ "i386-6.1-slab", "" },
	{ "i386-6.1-slab", "mem=256M;cma=16M;min_free_kbytes=3000" },
	{ "i386-6.1-slab", "mem=24M" },
	{ "embedded-6.1", "" },
	{ "x86_64-6.1-slub", "" },
	{ "x86_64-6.1-slub", "mem=256M;max_ram_below_4g=128M;cma=8M" },
	{ "x86_64-6.1-slub", "mem=8G;nodes=4;cpus=8" },
};

START_TEST(ends_as_a_boot_at_once)
{
	describe(&desc, machines[_i].name, machines[_i].settings);
	ck_assert_msg(machine_boot(&other, &desc, NULL, &st), "%s", st.message);
	boot_early(machines[_i].name, machines[_i].settings);
	for (bool early = true; early; early = early_is(&m)) {
		struct machine asked = { 0 };

		ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
		ck_assert(machine_clone(&asked, &m, &st));
		ck_assert_uint_eq(page_alloc(&asked.phys, 0, 0), PFN_NONE);
		machine_free(&asked);
		step(1);
	}
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert_uint_eq(phys_state_hash(&m.phys), phys_state_hash(&other.phys));
	ck_assert_uint_eq(phys_hash(&m.phys), phys_hash(&other.phys));
	ck_assert_uint_eq(slab_hash(&m.slab), slab_hash(&other.slab));
	ck_assert(!early_step(&m, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "boot --step"));
}
END_TEST

START_TEST(each_step_can_be_copied)
{
	u64 last = 0;

	boot_early(machines[_i].name, machines[_i].settings);
	while (early_is(&m)) {
		u64 hash = machine_hash(&m);

		ck_assert_uint_ne(hash, last);
		last = hash;
		ck_assert_msg(machine_clone(&other, &m, &st), "%s", st.message);
		ck_assert_uint_eq(machine_hash(&other), hash);
		step(1);
		ck_assert_uint_eq(machine_hash(&other), hash);
		ck_assert_uint_ne(machine_hash(&m), hash);
		ck_assert(early_step(&other, &st));
		ck_assert_uint_eq(machine_hash(&other), machine_hash(&m));
		machine_free(&other);
	}
}
END_TEST

/* Steps and requests are taken back by the arena. */
START_TEST(steps_are_undone)
{
	u64 hash;

	boot_early("i386-2.6.18", "mem=64M");
	step(3);
	hash = machine_hash(&m);
	ck_assert(arena_checkpoint(&m.arena));
	finish();
	arena_rollback(&m.arena);
	ck_assert(early_is(&m));
	ck_assert_uint_eq(machine_hash(&m), hash);
	ck_assert_uint_eq(m.early->progress.done, 3);
}
END_TEST

static u64 pages_of_all_zones(const struct machine *machine)
{
	u64 pages = 0;

	for (unsigned z = 0; z < machine->config.zones; z++) {
		pages += machine->phys.zone[z].free;
		for (unsigned s = 0; s < 2; s++)
			pages += phys_pcp(&machine->phys, z, 0)->set[s].count;
	}
	return pages;
}

static u64 take(enum boot_step_kind kind, u64 bytes, u64 align, u64 from)
{
	struct boot_step request = { .kind = kind, .bytes = bytes, .align = align, .from = from };
	u64 at;

	ck_assert_msg(early_take(&m, request, &at, &st), "%s", st.message);
	return at;
}

START_TEST(what_is_taken_is_not_handed_over)
{
	u64 all, at;

	boot_early("i386-2.6.18", "mem=64M");
	ck_assert(machine_clone(&other, &m, &st));
	while (early_is(&other))
		ck_assert(early_step(&other, &st));
	all = pages_of_all_zones(&other);
	step_to_known();
	at = take(BOOT_STEP_TAKE_LOW, 5 * PAGE, PAGE, 32 << 20);
	ck_assert_uint_eq(at, 32 << 20);
	ck_assert(early_reserve(&m, 48 << 20, (48 << 20) + 3 * PAGE, &st));
	ck_assert(early_free(&m, (48 << 20) + PAGE, (48 << 20) + 2 * PAGE, &st));
	finish();
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert_uint_eq(pages_of_all_zones(&m), all - 7);
	for (unsigned n = 0; n < 5; n++)
		ck_assert_int_eq(frame_describe(&m.phys, (pfn_t)(at / PAGE) + n).state, FRAME_RESERVED);
	ck_assert_int_eq(frame_describe(&m.phys, (48 << 20) / PAGE).state, FRAME_RESERVED);
	ck_assert_int_ne(frame_describe(&m.phys, (48 << 20) / PAGE + 1).state, FRAME_RESERVED);
}
END_TEST

/* Both allocators, from where the documentation says they look. */
START_TEST(places)
{
	boot_early("i386-2.6.18", "mem=64M");
	step_to_known();
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, 100, 32, 16 << 20), 16 << 20);
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, 100, 32, 16 << 20), (16 << 20) + 128); /* in the same page */
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, PAGE, PAGE, 16 << 20), (16 << 20) + PAGE);
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, 64, 32, 0), PAGE);
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, 63 << 20, 32, 0), 0);
	machine_free(&m);
	boot_early("i386-6.1-slab", "");
	step_to_known();
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_HIGH, 100, 64, 0), 0x37fff000 - 128);
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_HIGH, PAGE, PAGE, 0), 0x37ffd000);
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_HIGH, 64, 64, 0), 0x37fff000 - 192); /* the rest above it */
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_HIGH, 895 << 20, 64, 0), 0);
}
END_TEST

/* A board without a BIOS: the kernel lies below, boot takes from the top of RAM down, the middle stays whole. */
START_TEST(from_the_top_down)
{
	struct boot_steps steps;
	u64 lowest;

	boot_early("embedded-6.1", "mem=48M");
	early_steps(&m, &steps);
	ck_assert_uint_eq(m.config.zones, 1);
	finish();
	ck_assert_uint_eq(boot_steps_got(&m.early->progress, &steps, BOOT_USE_PAGE_ARRAY).end, 48 << 20);
	lowest = 48 << 20;
	for (unsigned n = steps.known; n < steps.count; n++) {
		ck_assert_uint_ge(m.early->progress.got[n].start, 47 << 20);
		if (m.early->progress.got[n].start < lowest)
			lowest = m.early->progress.got[n].start;
	}
	ck_assert_uint_eq(boot_steps_got(&m.early->progress, &steps, BOOT_USE_IMAGE).start, 32 << 10);
	for (pfn_t pfn = (5 << 20) / PAGE; pfn < lowest / PAGE; pfn++)
		ck_assert_int_ne(frame_describe(&m.phys, pfn).state, FRAME_RESERVED);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
}
END_TEST

START_TEST(refused)
{
	struct boot_step request = { .kind = BOOT_STEP_TAKE_HIGH, .bytes = 4096, .align = 64 };
	u64 at;

	boot_early("x86_64-6.1-slub", "mem=256M");
	ck_assert(!early_take(&m, request, &at, &st)); /* nothing is known yet */
	ck_assert_ptr_nonnull(strstr(st.message, "step 5 first"));
	ck_assert(!early_reserve(&m, 32 << 20, 33 << 20, &st));
	ck_assert(early_add(&m, 1 << 20, 2 << 20, &st));
	ck_assert(!early_add(&m, 255 << 20, 256 << 20, &st)); /* the firmware's */
	ck_assert(!early_add(&m, 2 << 20, 2 << 20, &st));
	step_to_known();
	request.bytes = 0;
	ck_assert(!early_take(&m, request, &at, &st));
	request.bytes = 4096;
	request.align = 48;
	ck_assert(!early_take(&m, request, &at, &st));
	ck_assert(!early_free(&m, 16 << 20, 17 << 20, &st)); /* the kernel */
	ck_assert(early_reserve(&m, 15 << 20, 17 << 20, &st)); /* of it only what lies below the kernel is asked for */
	ck_assert(!early_free(&m, 15 << 20, 17 << 20, &st));
	ck_assert(early_free(&m, 15 << 20, 16 << 20, &st));
	finish();
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
}
END_TEST

/* Who takes all leaves nothing for the page descriptors. */
START_TEST(panic)
{
	boot_early("i386-2.6.18", "mem=64M");
	step_to_known();
	ck_assert(early_reserve(&m, 0, 0x3fd0000, &st));
	for (unsigned n = 0; n < 4 && early_step(&m, &st); n++)
		;
	ck_assert(early_is(&m));
	ck_assert_msg(strstr(st.message, "Kernel panic"), "%s", st.message);
}
END_TEST

START_TEST(not_every_machine)
{
	describe(&desc, "textbook-1M", "early=yes");
	ck_assert(!machine_boot(&m, &desc, NULL, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "textbook"));
}
END_TEST

/* Of a machine that booted at once boot memory is known, too. */
START_TEST(memory_afterwards)
{
	struct bootmem memory;

	boot_early("i386-6.1-slab", "");
	finish();
	describe(&desc, "i386-6.1-slab", "");
	ck_assert(machine_boot(&other, &desc, NULL, &st));
	ck_assert(early_memory(&other, &memory));
	ck_assert_uint_gt(memory.taken.count, 3);
	ck_assert_mem_eq(&memory, &m.early->progress.mem, sizeof memory);
}
END_TEST

/* What a map shows before the page allocator runs. */
START_TEST(frames)
{
	u64 count[FRAME_USED + 1];

	boot_early("i386-2.6.18", "mem=64M");
	early_count(&m, 0, 1024, count);
	ck_assert_uint_eq(count[FRAME_NO_MEMORY], 1024);
	step(2);
	early_count(&m, 0, 1024, count);
	ck_assert_uint_eq(count[FRAME_NO_MEMORY], 0x100 - 0x9f);
	ck_assert_uint_eq(count[FRAME_FREE], 1024 - (0x100 - 0x9f));
	step_to_known();
	/* Of a page all counts as taken, however little is. */
	ck_assert_uint_eq(take(BOOT_STEP_TAKE_LOW, 100, 32, 32 << 20), 32 << 20);
	early_count(&m, (32 << 20) / PAGE, (32 << 20) / PAGE + 16, count);
	ck_assert_uint_eq(count[FRAME_RESERVED], 1);
	ck_assert_uint_eq(count[FRAME_FREE], 15);
	ck_assert_uint_eq(count[FRAME_NO_MEMORY], 0);
}
END_TEST

struct seen {
	unsigned kinds[EV_COUNT];
};

static void see(void *context, const struct event *e)
{
	((struct seen *)context)->kinds[e->kind]++;
}

START_TEST(events)
{
	struct seen seen = { { 0 } };
	struct observer observer = { see, &seen };

	describe(&desc, "i386-2.6.18", "early=yes");
	ck_assert(machine_boot(&m, &desc, &observer, &st));
	finish();
	ck_assert_uint_eq(seen.kinds[EV_BOOT_RAM], 2);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_KEEP], 3);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_ASK_UP], 11);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_TAKEN], 11);
	ck_assert_uint_ge(seen.kinds[EV_BOOT_IN_REST], 3);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_ZONE], 3);
	ck_assert_uint_eq(seen.kinds[EV_WMARKS_SET], 3);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_FREE_GROUPS], 3);
	ck_assert_uint_eq(seen.kinds[EV_BOOT_FREE_SINGLY], 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("early");
	TCase *tc = tcase_create("early");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, ends_as_a_boot_at_once, 0, ARRAY_SIZE(machines));
	tcase_add_loop_test(tc, each_step_can_be_copied, 0, ARRAY_SIZE(machines));
	tcase_add_test(tc, steps_are_undone);
	tcase_add_test(tc, what_is_taken_is_not_handed_over);
	tcase_add_test(tc, places);
	tcase_add_test(tc, from_the_top_down);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, panic);
	tcase_add_test(tc, not_every_machine);
	tcase_add_test(tc, memory_afterwards);
	tcase_add_test(tc, frames);
	tcase_add_test(tc, events);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
