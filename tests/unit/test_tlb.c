/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What CPUs remember of page tables, and when they forget. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/translate.h"
#include "virt/vmalloc.h"

#include <check.h>

#define PAGE UINT64_C(4096)

static struct status st = STATUS_INIT;
static struct machine m;

static void boot(const char *name, unsigned cpus)
{
	struct machine_desc desc;

	ck_assert(desc_load(&desc, name, &st));
	desc.cpus = cpus;
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void teardown(void)
{
	ck_assert_msg(!m.alive || invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static u64 area(unsigned pages)
{
	u64 address = vmalloc_alloc(&m.virt, pages * PAGE, vmalloc_gfp(&m.virt));

	ck_assert(address);
	return address;
}

START_TEST(stays_until_the_purge)
{
	u64 address, at;

	boot("x86_64-6.1-slub", 1);
	address = area(2);
	at = tlb_physical(&m.virt, address + 5);
	ck_assert_ptr_null(tlb_find(&m.virt, address));
	tlb_use(&m.virt, address + 17);
	ck_assert(!tlb_is_stale(&m.virt, address));
	ck_assert(vmalloc_free(&m.virt, address, &st));
	/* The second page was never accessed. */
	ck_assert(tlb_is_stale(&m.virt, address) && !tlb_is_stale(&m.virt, address + PAGE));
	ck_assert_uint_eq(tlb_physical(&m.virt, address + 5), at);
	ck_assert_uint_eq(tlb_physical(&m.virt, address + PAGE), TRANSLATE_NONE);
	vmalloc_purge(&m.virt);
	ck_assert_uint_eq(tlb_physical(&m.virt, address + 5), TRANSLATE_NONE);
	ck_assert_uint_eq(tlb_flushes(&m.virt), 1);
	/* There is nothing left to be purged. */
	vmalloc_purge(&m.virt);
	ck_assert_uint_eq(tlb_flushes(&m.virt), 1);
}
END_TEST

/* Page by page up to 33, guard page included; with more all that CPUs know is forgotten. */
START_TEST(page_by_page_or_all)
{
	const u64 other = UINT64_C(64) << 20;
	u64 address;

	boot("x86_64-6.1-slub", 1);
	tlb_use(&m.virt, m.virt_config.page_offset + other);
	address = area(_i ? 33 : 32);
	tlb_use(&m.virt, address + 31 * PAGE);
	ck_assert(vmalloc_free(&m.virt, address, &st));
	vmalloc_purge(&m.virt);
	ck_assert_ptr_null(tlb_find(&m.virt, address + 31 * PAGE));
	ck_assert_int_eq(tlb_find(&m.virt, m.virt_config.page_offset + other) == NULL, _i);
}
END_TEST

START_TEST(at_once_on_2_6)
{
	u64 address;

	boot("i386-2.6.18", 2);
	address = area(1);
	tlb_use(&m.virt, address);
	m.phys.state->cpu = 1;
	tlb_use(&m.virt, address);
	tlb_use(&m.virt, m.virt_config.page_offset + (4 << 20));
	ck_assert_uint_eq(m.virt.state->tlb_used, 3);
	ck_assert(vmalloc_free(&m.virt, address, &st));
	/* Both CPUs, and everything. */
	ck_assert_uint_eq(m.virt.state->tlb_used, 0);
	ck_assert_uint_eq(m.virt.state->tlb_flush[TLB_UNMAPPED], 1);
}
END_TEST

/* A slot of kmap_atomic() belongs to a CPU: no other needs to forget it. */
START_TEST(one_page_of_one_cpu)
{
	pfn_t high;
	u64 address;

	boot("i386-6.1-slab", 2);
	high = m.config.max_pfn - 1;
	address = kmap_atomic_map(&m.virt, high, 0, true, &st);
	tlb_use(&m.virt, address);
	m.phys.state->cpu = 1;
	tlb_use(&m.virt, address);
	m.phys.state->cpu = 0;
	ck_assert(kmap_atomic_unmap(&m.virt, address, true, &st));
	ck_assert_ptr_null(tlb_find(&m.virt, address));
	m.phys.state->cpu = 1;
	ck_assert(tlb_is_stale(&m.virt, address));
}
END_TEST

START_TEST(oldest_goes)
{
	u64 address;

	boot("x86_64-6.1-slub", 1);
	address = area(TLB_ENTRIES + 1);
	for (unsigned n = 0; n <= TLB_ENTRIES; n++)
		tlb_use(&m.virt, address + n * PAGE);
	ck_assert_uint_eq(m.virt.state->tlb_used, TLB_ENTRIES);
	ck_assert_ptr_null(tlb_find(&m.virt, address));
	ck_assert_ptr_nonnull(tlb_find(&m.virt, address + PAGE));
	ck_assert_ptr_nonnull(tlb_find(&m.virt, address + TLB_ENTRIES * PAGE));
}
END_TEST

/* A big page takes one entry; who changes the entry without a flush finds the old page. */
START_TEST(big_pages)
{
	u64 address;
	struct table_step step[TABLE_LEVELS];

	boot("i386-2.6.18", 1);
	address = m.virt_config.page_offset + (8 << 20);
	tlb_use(&m.virt, address + 5 * PAGE);
	ck_assert_ptr_nonnull(tlb_find(&m.virt, address + (4 << 20) - 1));
	ck_assert_ptr_null(tlb_find(&m.virt, address + (4 << 20)));
	page_table_walk(&m.virt, address, step);
	page_store(&m.phys, step[0].at, 0, 4);
	ck_assert(tlb_is_stale(&m.virt, address));
	ck_assert_uint_eq(tlb_physical(&m.virt, address + 3), (8 << 20) + 3);
}
END_TEST

START_TEST(hash_and_clone)
{
	struct machine copy;
	u64 before, address;

	boot("x86_64-6.1-slub", 1);
	address = area(1);
	before = machine_hash(&m);
	tlb_use(&m.virt, address);
	ck_assert_uint_ne(machine_hash(&m), before);
	ck_assert(machine_clone(&copy, &m, &st));
	ck_assert_uint_eq(machine_hash(&copy), machine_hash(&m));
	ck_assert_ptr_nonnull(tlb_find(&copy.virt, address));
	machine_free(&copy);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tlb");
	TCase *tc = tcase_create("tlb");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, stays_until_the_purge);
	tcase_add_loop_test(tc, page_by_page_or_all, 0, 2);
	tcase_add_test(tc, at_once_on_2_6);
	tcase_add_test(tc, one_page_of_one_cpu);
	tcase_add_test(tc, oldest_goes);
	tcase_add_test(tc, big_pages);
	tcase_add_test(tc, hash_and_clone);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
