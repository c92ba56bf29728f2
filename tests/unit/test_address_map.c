/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address space in order: its parts, areas, slots, gaps, and the frames behind pages. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "virt/address_map.h"
#include "virt/fixmap.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/vmalloc.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE UINT64_C(4096)

static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

static struct machine m;
static struct machine_desc desc;
static struct status st;
static struct address_map map;

static void boot(const char *name)
{
	memset(&st, 0, sizeof st);
	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void teardown(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	address_map_free(&map);
	machine_free(&m);
}

static void make(void)
{
	ck_assert(address_map_make(&map, &m.virt));
}

static const struct address_part *find_part(enum region_kind kind)
{
	for (unsigned n = 0; n < map.parts; n++)
		if (map.part[n].region.kind == kind)
			return &map.part[n];
	return NULL;
}

static u64 alloc(u64 bytes)
{
	u64 address = vmalloc_alloc(&m.virt, bytes, vmalloc_gfp(&m.virt));

	ck_assert(address != 0);
	return address;
}

/* A page that has no address of its own. */
static pfn_t high_page(void)
{
	pfn_t pfn = page_alloc(&m.phys, vmalloc_gfp(&m.virt) | m.phys.gfp->highmem, 0);

	ck_assert(pfn != PFN_NONE);
	ck_assert(page_address(&m.phys, pfn) == 0);
	return pfn;
}

START_TEST(parts_fill_the_address_space)
{
	u64 at = 0;

	boot(machines[_i]);
	make();
	ck_assert(find_part(REGION_USER) && find_part(REGION_DIRECT) && find_part(REGION_VMALLOC) &&
		  find_part(REGION_FIXMAP));
	ck_assert_int_eq(find_part(REGION_PKMAP) != NULL, m.virt_config.word == 4);
	for (unsigned n = 0; n < map.parts; n++) {
		ck_assert_uint_eq(map.part[n].region.start, at);
		ck_assert(map.part[n].region.last >= at);
		ck_assert_ptr_eq(address_map_part(&map, at), &map.part[n]);
		ck_assert_ptr_eq(address_map_part(&map, map.part[n].region.last), &map.part[n]);
		at = map.part[n].region.last + 1;
	}
	ck_assert_uint_eq(at, m.virt_config.word == 4 ? UINT64_C(1) << 32 : 0);
	teardown();
}
END_TEST

START_TEST(areas_are_told_by_kind)
{
	const struct address_part *part;
	u64 small, big, device;
	struct vmap_area *area;
	const char *where;
	pfn_t pages[3];

	boot(machines[_i]);
	small = alloc(3 * PAGE);
	ck_assert(ioremap_map(&m.virt, 0xfebf0000, 2 * PAGE, IOREMAP_UNCACHED, &device, &area, &where) && device);
	for (unsigned n = 0; n < 3; n++)
		pages[n] = page_alloc(&m.phys, vmalloc_gfp(&m.virt), 0);
	ck_assert(vmalloc_map(&m.virt, pages, 3, VM_MAP) != 0);
	/* The array of its pages is larger than a page, so it is an area, too. */
	big = alloc(1100 * PAGE);
	make();
	part = find_part(REGION_VMALLOC);
	ck_assert_uint_eq(part->used, 5);
	ck_assert_uint_eq(part->lazy, 0);
	ck_assert_int_eq(address_map_item(&map, small + 2 * PAGE + 5)->kind, ADDRESS_VMALLOC);
	ck_assert_uint_eq(address_map_item(&map, small)->bytes, 4 * PAGE);
	ck_assert_uint_eq(address_map_guard(&m.virt, address_map_item(&map, small)), small + 3 * PAGE);
	ck_assert_int_eq(address_map_item(&map, device)->kind, ADDRESS_IOREMAP);
	ck_assert_int_eq(address_map_item(&map, big)->kind, ADDRESS_VMALLOC);
	ck_assert_int_eq(address_map_item(&map, vmap_area_at_start(&m.virt, big)->pages)->kind, ADDRESS_ARRAY);
	ck_assert(!address_map_is_astray(&m.virt, address_map_item(&map, big)));
	/* The gaps are there, too: all of the part is covered. */
	ck_assert_int_eq(map.item[part->first + part->count - 1].kind, ADDRESS_FREE);
	ck_assert_uint_eq(map.item[part->first + part->count - 1].start + map.item[part->first + part->count - 1].bytes,
			  part->region.last + 1);
	ck_assert_ptr_null(address_map_item(&map, m.virt_config.page_offset));
	ck_assert(vmalloc_free(&m.virt, small, &st));
	make();
	ck_assert_int_eq(address_map_item(&map, small)->kind,
			 m.virt_config.rule == VMAP_LIST ? ADDRESS_FREE : ADDRESS_LAZY);
	teardown();
}
END_TEST

START_TEST(runs_lead_where_the_page_tables_lead)
{
	u64 start, at = 0, guard, bytes = 300 * PAGE;
	unsigned runs = 0;

	boot(machines[_i]);
	/* Some pages come from where they were given back last. */
	for (unsigned n = 0; n < 8; n++)
		alloc((n + 1) * PAGE);
	ck_assert(vmalloc_free(&m.virt, vmap_area_first(&m.virt, VMAP_BUSY)->start, &st));
	start = alloc(bytes);
	make();
	guard = address_map_guard(&m.virt, address_map_item(&map, start));
	ck_assert_uint_eq(guard, start + bytes);
	while (at < bytes) {
		struct address_run run = address_run_at(&m.virt, start + at, start + bytes + PAGE - 1, guard);

		ck_assert_int_eq(run.kind, ADDRESS_RUN_MEMORY);
		ck_assert_uint_eq(run.start, start + at);
		for (u64 n = 0; n < run.pages; n++) {
			pfn_t pfn = page_table_frame(&m.virt, run.start + n * PAGE);

			ck_assert_uint_eq(pfn, run.step > 0 ? run.frame + n : run.frame - n);
			ck_assert_int_eq(phys_zone_of(&m.phys, pfn), run.zone);
		}
		at += run.pages * PAGE;
		runs++;
	}
	ck_assert_uint_eq(at, bytes);
	ck_assert_uint_lt(runs, 300);
	ck_assert_int_eq(address_run_at(&m.virt, guard, guard + PAGE - 1, guard).kind, ADDRESS_RUN_GUARD);
	/* It ends where it is told to. */
	ck_assert_uint_eq(address_run_at(&m.virt, start, start + PAGE - 1, 0).pages, 1);
	teardown();
}
END_TEST

START_TEST(emptiness_is_one_run)
{
	const struct region *r;
	struct address_run run;

	boot(machines[_i]);
	make();
	r = &find_part(REGION_VMALLOC)->region;
	run = address_run_at(&m.virt, r->start, r->last, 0);
	ck_assert_int_eq(run.kind, ADDRESS_RUN_NOTHING);
	ck_assert_uint_eq(run.pages, (r->last - r->start + 1) / PAGE);
	teardown();
}
END_TEST

START_TEST(direct_map_by_zone)
{
	const struct region *r;
	u64 at, pages = 0;

	boot(machines[_i]);
	make();
	r = &find_part(REGION_DIRECT)->region;
	for (at = r->start; at <= r->last;) {
		struct address_run run = address_run_at(&m.virt, at, r->last, 0);

		ck_assert_int_eq(run.step, 1);
		if (run.kind == ADDRESS_RUN_NOTHING)
			ck_assert(!phys_has_memory(&m.phys, (pfn_t)((at - r->start) / PAGE)));
		else
			ck_assert_uint_eq(run.frame, (at - r->start) / PAGE);
		at += run.pages * PAGE;
		pages += run.pages;
	}
	ck_assert_uint_eq(pages, m.config.direct_map_end);
	teardown();
}
END_TEST

START_TEST(slots_of_kmap)
{
	const struct address_item *item;
	pfn_t first, second;
	u64 at, atomic;

	boot(machines[_i]);
	first = high_page();
	second = high_page();
	at = kmap_map(&m.virt, first);
	kmap_map(&m.virt, first);
	kmap_map(&m.virt, second);
	ck_assert(kmap_unmap(&m.virt, second, &st));
	atomic = kmap_atomic_map(&m.virt, second, 1, true, &st);
	ck_assert_msg(atomic != 0, "%s", st.message);
	make();
	ck_assert_uint_eq(find_part(REGION_PKMAP)->count, 2);
	/* The other one is mapped, but nobody uses it. */
	ck_assert_uint_eq(find_part(REGION_PKMAP)->used, 1);
	item = address_map_item(&map, at);
	ck_assert_int_eq(item->kind, ADDRESS_KMAP);
	ck_assert_uint_eq(address_map_slot_count(&m.virt, item), 3);
	ck_assert_uint_eq(address_map_guard(&m.virt, item), 0);
	ck_assert_uint_eq(address_run_at(&m.virt, at, at + PAGE - 1, 0).frame, first);
	item = address_map_item(&map, atomic);
	ck_assert_int_eq(item->kind, ADDRESS_ATOMIC);
	ck_assert_uint_eq(address_map_slot_count(&m.virt, item), 1);
	ck_assert_uint_eq(find_part(REGION_FIXMAP)->used, 1);
	ck_assert_int_eq(address_map_item(&map, UINT32_MAX)->kind, ADDRESS_TOP);
	ck_assert(kmap_atomic_unmap(&m.virt, atomic, true, &st));
	make();
	ck_assert_uint_eq(find_part(REGION_FIXMAP)->used, 0);
	/* 2.6 leaves the entry where it is. */
	ck_assert_int_eq(address_map_item(&map, atomic) != NULL, m.virt_config.rule == VMAP_LIST);
	teardown();
}
END_TEST

START_TEST(fixed_addresses)
{
	const struct address_item *item;
	u32 slot;

	boot(machines[1 + _i]);
	slot = fixmap_by_name(&m.virt_config, "FIX_EARLYCON_MEM_BASE");
	ck_assert(fixmap_set(&m.virt, slot, 0xfe000000, fixmap_bits(&m.virt, false)));
	make();
	ck_assert_uint_eq(find_part(REGION_FIXMAP)->used, 1);
	item = address_map_item(&map, fixmap_address(&m.virt, slot));
	ck_assert(item && item->kind == ADDRESS_FIXED && item->slot == slot);
	ck_assert_uint_eq(address_run_at(&m.virt, item->start, item->start, 0).frame, 0xfe000);
	ck_assert(fixmap_set(&m.virt, slot, 0, 0));
	make();
	ck_assert_uint_eq(find_part(REGION_FIXMAP)->used, 0);
	teardown();
}
END_TEST

START_TEST(big_pages_of_devices)
{
	struct vmap_area *area;
	struct address_run run;
	const char *where;
	u64 at;

	boot("x86_64-6.1-slub");
	ck_assert(ioremap_map(&m.virt, UINT64_C(0x4000000000), 8 << 20, IOREMAP_COMBINING, &at, &area, &where) && at);
	make();
	run = address_run_at(&m.virt, at, at + (8 << 20) + PAGE - 1, at + (8 << 20));
	ck_assert_int_eq(run.kind, ADDRESS_RUN_DEVICE);
	ck_assert_uint_eq(run.pages, (8 << 20) / PAGE);
	ck_assert_uint_eq(run.frame, UINT64_C(0x4000000000) / PAGE);
	ck_assert_int_eq(run.zone, -1);
	teardown();
}
END_TEST

/* 2.6 looks at the end of the vmalloc area only behind an area that it steps over (recording vmalloc-overrun). */
START_TEST(areas_that_go_astray)
{
	struct vmap_area *area;
	const struct address_item *item;

	boot("i386-2.6.18");
	area = vmap_area_load(&m.virt, VMAP_BUSY, m.virt_config.pkmap_base - PAGE, m.virt_config.pkmap_base + 4 * PAGE);
	area->flags = VM_MAP;
	area = vmap_area_load(&m.virt, VMAP_BUSY, UINT64_C(0xffffe000), PAGE);
	area->flags = VM_MAP;
	area = vmap_area_load(&m.virt, VMAP_BUSY, m.virt_config.vmalloc_start, m.virt_config.vmalloc_start + 2 * PAGE);
	area->flags = VM_MAP;
	make();
	item = address_map_item(&map, m.virt_config.pkmap_base - PAGE);
	ck_assert(item && address_map_is_astray(&m.virt, item));
	item = address_map_item(&map, UINT64_C(0xffffe000));
	ck_assert(item && address_map_is_astray(&m.virt, item));
	ck_assert_uint_eq(item->bytes, 3 * PAGE);
	ck_assert_uint_eq(address_map_guard(&m.virt, item), 0);
	/* They come in the order of addresses, whatever the list's. */
	ck_assert_uint_eq(find_part(REGION_VMALLOC)->used, 1);
	ck_assert(!address_map_is_astray(&m.virt, address_map_item(&map, m.virt_config.vmalloc_start)));
	address_map_free(&map);
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address_map");
	TCase *tc = tcase_create("address_map");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, parts_fill_the_address_space, 0, 3);
	tcase_add_loop_test(tc, areas_are_told_by_kind, 0, 3);
	tcase_add_loop_test(tc, runs_lead_where_the_page_tables_lead, 0, 3);
	tcase_add_loop_test(tc, emptiness_is_one_run, 0, 3);
	tcase_add_loop_test(tc, direct_map_by_zone, 0, 3);
	tcase_add_loop_test(tc, slots_of_kmap, 0, 2);
	tcase_add_loop_test(tc, fixed_addresses, 0, 2);
	tcase_add_test(tc, big_pages_of_devices);
	tcase_add_test(tc, areas_that_go_astray);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
