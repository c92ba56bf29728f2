/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * region_of(): every number lies in one part, the parts of each machine come in
 * their order without a gap, and begin where the recorded kernels have them.
 */
#include "machine/machine.h"
#include "virt/region.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

static struct machine m;
static struct status st;

static void boot(const char *name, const char *const settings[])
{
	struct machine_desc desc;

	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	for (; *settings; settings++)
		ck_assert_msg(desc_set(&desc, *settings, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

struct expected {
	enum region_kind kind;
	u64 start;
};

static const struct world {
	const char *name;
	const char *settings[3];
	struct expected part[16];
} worlds[] = {
	{ "i386-2.6.18",
	  { "mem=1G" },
	  { { REGION_USER, 0 },
	    { REGION_DIRECT, 0xc0000000 },
	    { REGION_GAP, 0xf8000000 },
	    { REGION_VMALLOC, 0xf8800000 },
	    { REGION_HOLE, 0xff7fe000 },
	    { REGION_PKMAP, 0xff800000 },
	    { REGION_HOLE, 0xffc00000 },
	    { REGION_FIXMAP, 0xffff0000 },
	    { REGION_NO_ADDRESS, 0x100000000 } } },
	{ "i386-2.6.18",
	  { "mem=128M", "highmem=32M" },
	  { { REGION_USER, 0 },
	    { REGION_DIRECT, 0xc0000000 },
	    { REGION_GAP, 0xc5fe0000 },
	    { REGION_VMALLOC, 0xc6800000 },
	    { REGION_HOLE, 0xff7fe000 },
	    { REGION_PKMAP, 0xff800000 },
	    { REGION_HOLE, 0xffc00000 },
	    { REGION_FIXMAP, 0xffff0000 },
	    { REGION_NO_ADDRESS, 0x100000000 } } },
	{ "i386-6.1-slab",
	  { "mem=1G" },
	  { { REGION_USER, 0 },
	    { REGION_DIRECT, 0xc0000000 },
	    { REGION_GAP, 0xf8000000 },
	    { REGION_VMALLOC, 0xf8800000 },
	    { REGION_HOLE, 0xff3fe000 },
	    { REGION_PKMAP, 0xff400000 },
	    { REGION_HOLE, 0xff800000 },
	    { REGION_FIXMAP, 0xfffec000 },
	    { REGION_NO_ADDRESS, 0x100000000 } } },
	{ "x86_64-6.1-slub",
	  { "mem=1G" },
	  { { REGION_USER, 0 },
	    { REGION_NO_ADDRESS, 0x800000000000 },
	    { REGION_HOLE, 0xffff800000000000 },
	    { REGION_DIRECT, 0xffff888000000000 },
	    { REGION_HOLE, 0xffff88803ffe0000 },
	    { REGION_VMALLOC, 0xffffc90000000000 },
	    { REGION_HOLE, 0xffffe90000000000 },
	    { REGION_VMEMMAP, 0xffffea0000000000 },
	    { REGION_HOLE, 0xffffeb0000000000 },
	    { REGION_ENTRY, 0xfffffe0000000000 },
	    { REGION_HOLE, 0xfffffe8000000000 },
	    { REGION_IMAGE, 0xffffffff80000000 },
	    { REGION_MODULES, 0 }, /* where the image ends is told elsewhere */
	    { REGION_HOLE, 0xffffffffff000000 },
	    { REGION_FIXMAP, 0xffffffffff57c000 },
	    { REGION_HOLE, 0xffffffffff800000 } } },
};

/* A byte of the part says the same as the first. */
static void same(struct region r, u64 address)
{
	struct region other = region_of(&m.virt, address);

	ck_assert_msg(other.kind == r.kind && other.start == r.start && other.last == r.last,
		      "0x%" PRIx64 " is in %s, but 0x%" PRIx64 " in %s", r.start, region_name(r.kind), address,
		      region_name(other.kind));
}

START_TEST(parts_in_order)
{
	const struct world *w = &worlds[_i];
	u64 address = 0;
	size_t n = 0;

	boot(w->name, w->settings);
	do {
		struct region r = region_of(&m.virt, address);

		ck_assert_msg(r.start == address && r.last >= r.start, "%s: at 0x%" PRIx64 " begins %s of 0x%" PRIx64,
			      w->name, address, region_name(r.kind), r.start);
		ck_assert_msg(r.kind == w->part[n].kind, "%s: at 0x%" PRIx64 " is: %s", w->name, address,
			      region_name(r.kind));
		ck_assert_msg(!w->part[n].start || r.start == w->part[n].start, "%s: at 0x%" PRIx64 " is: %s", w->name,
			      address, region_name(r.kind));
		same(r, r.start + (r.last - r.start) / 2);
		same(r, r.last);
		address = r.last + 1;
		n++;
	} while (address);
	/* None is left out. */
	ck_assert(n == ARRAY_SIZE(w->part) || (w->part[n].kind == REGION_USER && n > 8));
	machine_free(&m);
}
END_TEST

/* Where RAM ends below the limit, the direct map does. */
START_TEST(borders)
{
	static const char *const none[] = { NULL };

	boot("i386-6.1-slab", none);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.high_memory - 1).kind, REGION_DIRECT);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.high_memory).kind, REGION_GAP);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.vmalloc_start - 1).kind, REGION_GAP);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.vmalloc_end - 1).kind, REGION_VMALLOC);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.fixaddr_top + 4095).kind, REGION_FIXMAP);
	ck_assert_int_eq(region_of(&m.virt, UINT64_MAX).kind, REGION_NO_ADDRESS);
	machine_free(&m);
	boot("x86_64-6.1-slub", none);
	/* Said as the last byte. */
	ck_assert_uint_eq(m.virt_config.vmalloc_end & 1, 1);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.vmalloc_end).kind, REGION_VMALLOC);
	ck_assert_int_eq(region_of(&m.virt, m.virt_config.vmalloc_end + 1).kind, REGION_HOLE);
	ck_assert_int_eq(region_of(&m.virt, UINT64_MAX).kind, REGION_HOLE);
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("region");
	TCase *tc = tcase_create("region");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tc, parts_in_order, 0, ARRAY_SIZE(worlds));
	tcase_add_test(tc, borders);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
