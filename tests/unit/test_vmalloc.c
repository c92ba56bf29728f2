/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed and done at the borders: how much may be lazy, addresses that are no area's, faults. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "virt/fault.h"
#include "virt/ioremap.h"
#include "virt/tlb.h"
#include "virt/vmalloc.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct status st;
static struct strbuf printed;
static unsigned warnings;
static gfp_t warned_gfp;

static void line(void *context, const char *text)
{
	(void)context;
	strbuf_printf(&printed, "%s\n", text);
}

static void warn(void *context, const char *what, gfp_t gfp)
{
	(void)context;
	strbuf_printf(&printed, "%s\n", what);
	warned_gfp = gfp;
	warnings++;
}

static void forget(void)
{
	strbuf_free(&printed);
}

static void boot(const char *name, const char *setting)
{
	struct machine_desc desc;

	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	ck_assert_msg(desc_set(&desc, setting, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	m.slab.printk = line;
	m.virt.warn_alloc = warn;
	strbuf_clear(&printed);
	warnings = 0;
}

static void expect_printed(const char *text)
{
	ck_assert_str_eq(strbuf_str(&printed), text);
	strbuf_clear(&printed);
}

/* An area of a device, which needs no pages. */
static u64 device(u64 bytes)
{
	struct vmap_area *area;
	const char *where;
	u64 address;

	ck_assert(ioremap_map(&m.virt, UINT64_C(0x1000000000), bytes, IOREMAP_UNCACHED, &address, &area, &where));
	ck_assert_uint_ne(address, 0);
	return address;
}

/* 32 MiB for each bit of the number of CPUs. */
START_TEST(lazy_max)
{
	static const struct {
		const char *cpus;
		u64 bits;
	} machines[] = { { "cpus=1", 1 }, { "cpus=2", 2 }, { "cpus=3", 2 }, { "cpus=4", 3 }, { "cpus=8", 4 } };

	boot("x86_64-6.1-slub", machines[_i].cpus);
	ck_assert_uint_eq(vmalloc_lazy_max(&m.virt), machines[_i].bits * 8192);
	machine_free(&m);
}
END_TEST

START_TEST(worker)
{
	u64 small, large;
	u32 flushes;

	boot("x86_64-6.1-slub", "cpus=1");
	/* With its guard page each. */
	large = device(8190 * 4096);
	small = device(4096);
	ck_assert(ioremap_unmap(&m.virt, large, &st));
	flushes = tlb_flushes(&m.virt);
	vmalloc_command_ended(&m.virt);
	ck_assert_uint_eq(m.virt.state->lazy_pages, 8191);
	ck_assert_uint_eq(tlb_flushes(&m.virt), flushes);
	ck_assert(ioremap_unmap(&m.virt, small, &st));
	ck_assert_uint_eq(m.virt.state->lazy_pages, 8193);
	vmalloc_command_ended(&m.virt);
	ck_assert_uint_eq(m.virt.state->lazy_pages, 0);
	ck_assert_uint_eq(m.virt.state->count[VMAP_LAZY], 0);
	ck_assert_uint_eq(tlb_flushes(&m.virt), flushes + 1);
	ck_assert_uint_eq(device(4096), m.virt_config.vmalloc_start);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	/* As many as may be wait. */
	large = device(8191 * 4096);
	ck_assert(ioremap_unmap(&m.virt, large, &st));
	vmalloc_command_ended(&m.virt);
	ck_assert_uint_eq(m.virt.state->lazy_pages, 8192);
	vmalloc_purge(&m.virt);
	ck_assert_uint_eq(m.virt.state->lazy_pages, 0);
	/* Where nothing is lazy, nothing is flushed. */
	flushes = tlb_flushes(&m.virt);
	vmalloc_purge(&m.virt);
	ck_assert_uint_eq(tlb_flushes(&m.virt), flushes);
	machine_free(&m);
}
END_TEST

START_TEST(bad_addresses_2_6)
{
	u64 address;

	boot("i386-2.6.18", "mem=1G");
	address = vmalloc_alloc(&m.virt, 10000, vmalloc_gfp(&m.virt));
	ck_assert(!vmalloc_free(&m.virt, address + 4096, &st));
	expect_printed("Trying to vfree() nonexistent vm area (f8801000)\nBUG: warning at mm/vmalloc.c/__vunmap()\n");
	ck_assert(!vmalloc_unmap(&m.virt, address + 1, &st));
	expect_printed("Trying to vfree() bad address (f8800001)\nBUG: warning at mm/vmalloc.c/__vunmap()\n");
	ck_assert(!ioremap_unmap(&m.virt, address + 4097, &st));
	expect_printed("iounmap: bad address f8801000\n");
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, 0, vmalloc_gfp(&m.virt)), 0);
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, UINT64_C(1) << 31, vmalloc_gfp(&m.virt)), 0);
	ck_assert(vmalloc_free(&m.virt, 0, &st));
	ck_assert(vmalloc_free(&m.virt, address, &st));
	expect_printed("");
	ck_assert_uint_eq(m.virt.state->count[VMAP_BUSY], 0);
	machine_free(&m);
}
END_TEST

START_TEST(bad_addresses_6_1)
{
	u64 address;

	boot("i386-6.1-slab", "mem=1G");
	address = vmalloc_alloc(&m.virt, 10000, vmalloc_gfp(&m.virt));
	ck_assert(!vmalloc_free(&m.virt, address + 1, &st));
	expect_printed("------------[ cut here ]------------\nTrying to vfree() bad address (f8800001)\n"
		       "WARNING: CPU: 0 PID: 1 at mm/vmalloc.c __vunmap\n---[ end trace 0000000000000000 ]---\n");
	/* It looks for the area that holds the address. */
	ck_assert(vmalloc_free(&m.virt, address + 4096, &st));
	ck_assert_uint_eq(m.virt.state->count[VMAP_BUSY], 0);
	expect_printed("");
	ck_assert(!vmalloc_free(&m.virt, address, &st));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "Trying to vfree() nonexistent vm area (f8800000)\n"));
	strbuf_clear(&printed);
	/* Warned of once. */
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, 0, vmalloc_gfp(&m.virt)), 0);
	ck_assert_uint_ne(printed.length, 0);
	strbuf_clear(&printed);
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, 0, vmalloc_gfp(&m.virt)), 0);
	expect_printed("");
	machine_free(&m);
}
END_TEST

START_TEST(failures_6_1)
{
	gfp_t gfp;

	boot("i386-6.1-slab", "mem=64M");
	gfp = vmalloc_gfp(&m.virt);
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, (UINT64_C(1) << 30) + 5, gfp), 0);
	expect_printed("vmalloc error: size 1073741829, exceeds total pages\n");
	ck_assert_uint_eq(warned_gfp, gfp);
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, UINT64_C(1) << 30, gfp | m.phys.gfp->nowarn), 0);
	expect_printed("");
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, m.virt_config.most_pages << 12, gfp | m.phys.gfp->noretry), 0);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), ", page order 0, failed to allocate pages\n"));
	ck_assert_uint_eq(warned_gfp, gfp | m.phys.gfp->noretry | m.phys.gfp->highmem);
	ck_assert_uint_eq(warnings, 2);
	ck_assert_uint_eq(m.virt.state->count[VMAP_BUSY], 0);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
	boot("i386-6.1-slab", "vmalloc=8M");
	ck_assert_uint_eq(vmalloc_alloc(&m.virt, 9 << 20, vmalloc_gfp(&m.virt)), 0);
	expect_printed("vmap allocation for size 9441280 failed: use vmalloc=<size> to increase size\n"
		       "vmalloc error: size 9437184, vm_struct allocation failed\n");
	machine_free(&m);
}
END_TEST

static void expect_described(u64 address, const char *text)
{
	struct strbuf why = STRBUF_INIT;

	fault_describe(&m.virt, address, &why);
	ck_assert_str_eq(strbuf_str(&why), text);
	strbuf_free(&why);
}

START_TEST(faults)
{
	u64 address;

	boot("i386-2.6.18", "mem=1G");
	m.phys.state->owner = 7;
	address = vmalloc_alloc(&m.virt, 10000, vmalloc_gfp(&m.virt));
	ck_assert(fault_is_allowed(&m.virt, address + 12287, true));
	ck_assert(!fault_is_allowed(&m.virt, address + 12288, false));
	expect_described(address + 12288, "this is the guard page of the area at 0xf8800000, got by command 7");
	expect_described(address + 16384, "no area is there; that at 0xf8800000, got by command 7, ends 4K before");
	expect_described(m.virt_config.high_memory,
			 "this is the gap of 8M behind the direct map, which catches what runs past its end");
	expect_described(28, "page 0 is never mapped, so that a NULL pointer faults");
	fault_print(&m.virt, 28, false);
	ck_assert_ptr_nonnull(
	    strstr(strbuf_str(&printed), "kernel NULL pointer dereference at virtual address 0000001c\n"));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "Oops: 0000 [#1]\n"));
	strbuf_clear(&printed);
	fault_print(&m.virt, address + 12288, true);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "paging request at virtual address f8803000\n*pde = "));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "*pte = 00000000\nOops: 0002 [#1]\n"));
	machine_free(&m);
	boot("x86_64-6.1-slub", "cpus=2");
	/* The kernel's code. */
	ck_assert(fault_is_allowed(&m.virt, UINT64_C(0xffffffff81000000), false));
	ck_assert(fault_is_read_only(&m.virt, UINT64_C(0xffffffff81000000)));
	fault_print(&m.virt, UINT64_C(0xffffffff81000000), true);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "#PF: supervisor write access in kernel mode\n"
							   "#PF: error_code(0x0003) - permissions violation\nPGD "));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&printed), "Oops: 0003 [#1] SMP\n"));
	strbuf_clear(&printed);
	fault_print(&m.virt, UINT64_C(0x800000000000), true);
	expect_printed("general protection fault, probably for non-canonical address 0x800000000000: 0000 [#1]\n");
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmalloc");
	TCase *tc = tcase_create("vmalloc");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, NULL, forget);
	tcase_add_loop_test(tc, lazy_max, 0, 5);
	tcase_add_test(tc, worker);
	tcase_add_test(tc, bad_addresses_2_6);
	tcase_add_test(tc, bad_addresses_6_1);
	tcase_add_test(tc, failures_6_1);
	tcase_add_test(tc, faults);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
