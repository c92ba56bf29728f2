/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All ways to get memory: what is said of each is what it does; the machine
 * stays as it is; the figures follow its state.
 */
#include "machine/compare.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"
#include "virt/ioremap.h"
#include "virt/vmalloc.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct compare *c;

static void boot(const char *name, const char *setting)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	ck_assert_msg(!*setting || desc_set(&desc, setting, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static void open_copy(void)
{
	struct status st = STATUS_INIT;

	c = malloc(sizeof *c);
	ck_assert_ptr_nonnull(c);
	ck_assert_msg(compare_open(c, &m, &st), "%s", st.message);
}

static void close_copy(void)
{
	compare_close(c);
	free(c);
	c = NULL;
}

static const struct way *way_called(const char *name)
{
	size_t count;
	const struct way *table = ways_table(&count);

	for (size_t n = 0; n < count; n++)
		if (strcmp(table[n].name, name) == 0)
			return &table[n];
	ck_abort_msg("%s is no way", name);
	return NULL;
}

static struct compare_row row_of(const char *name)
{
	struct status st = STATUS_INIT;
	struct compare_row row;

	ck_assert(way_called(name)->exists(&m));
	ck_assert_msg(compare_way(c, way_called(name), &row, &st), "%s", st.message);
	return row;
}

static struct compare_cost cost_of(const char *name, u64 bytes)
{
	struct status st = STATUS_INIT;
	struct compare_cost cost;

	ck_assert_msg(compare_ask(c, way_called(name), bytes, &cost, &st), "%s", st.message);
	return cost;
}

static const char *zone_of(int zone)
{
	return zone < 0 ? "none" : m.config.zone[zone].name;
}

static const struct {
	const char *name, *setting;
} machines[] = {
	{ "i386-2.6.18", "" },
	{ "i386-2.6.18-pae", "" },
	{ "i386-2.6.18", "mem=64M" },
	{ "i386-6.1-slab", "" },
	{ "i386-6.1-slab", "mem=2G" },
	{ "x86_64-6.1-slub", "mem=512M" },
	{ "x86_64-6.1-slub", "cma=16M" },
	{ "embedded-6.1", "" },
	{ "textbook-1M", "" },
};

/* What is said of one way holds when it is asked. */
static void check_row(const struct way *way)
{
	u64 page = UINT64_C(1) << m.config.page_shift;
	struct compare_row row = row_of(way->name);
	struct compare_cost cost;

	ck_assert_msg(row.limit >= page, "%s: %" PRIu64, way->name, row.limit);
	if (!way->ask) {
		ck_assert(!row.now_given);
		return;
	}
	ck_assert_msg(row.now_given, "%s", way->name);
	ck_assert_uint_le(row.now, row.limit);
	if (!row.about) {
		cost = cost_of(way->name, row.now);
		ck_assert_msg(cost.got, "%s: %" PRIu64, way->name, row.now);
		ck_assert_uint_ge(cost.piece.bytes, row.now);
	}
	/* With no area before it, 2.6 finds a place for one that is too long (recording vmalloc-overrun). */
	if (!row.about && (row.frames != COMPARE_DEVICE || m.config.gfp != GFP_2_6)) {
		/* Where pages come singly, to a thousandth. */
		cost = cost_of(way->name, row.now + (way->single ? row.now / 1000 : 0) + page);
		ck_assert_msg(!cost.got, "%s: more than %" PRIu64, way->name, row.now);
	}
	cost = cost_of(way->name, 1);
	if (cost.got)
		ck_assert_uint_eq(row.least, cost.piece.bytes);
	cost = cost_of(way->name, 16 * page);
	if (cost.got && row.frames == COMPARE_ADJACENT)
		ck_assert_uint_eq(cost.runs, 1);
	if (row.frames == COMPARE_PAGE)
		ck_assert(!cost.got);
}

START_TEST(test_rows_hold)
{
	size_t count;
	const struct way *table = ways_table(&count);
	u64 before, compared = 0;

	boot(machines[_i].name, machines[_i].setting);
	before = machine_hash(&m);
	open_copy();
	for (size_t n = 0; n < count; n++) {
		if (!table[n].exists(&m))
			continue;
		check_row(&table[n]);
		compared++;
		/* Each request was taken back. */
		ck_assert_uint_eq(machine_hash(&c->copy), before);
	}
	ck_assert_uint_ge(compared, 1);
	ck_assert_uint_eq(machine_hash(&m), before);
	close_copy();
	machine_free(&m);
}
END_TEST

/* The figures of the source texts. */
START_TEST(test_source_texts)
{
	boot("i386-2.6.18", "");
	open_copy();
	ck_assert_uint_eq(row_of("__get_free_pages").limit, 4 << 20);
	ck_assert_uint_eq(row_of("__get_free_pages").now, 4 << 20);
	ck_assert_uint_eq(row_of("dma_alloc_coherent").now, 4 << 20);
	ck_assert_uint_eq(row_of("kmalloc").now, 128 << 10);
	ck_assert_uint_eq(row_of("kmalloc").least, 32);
	ck_assert_uint_eq(row_of("kmem_cache_alloc").now, 128 << 10);
	ck_assert_uint_gt(row_of("vmalloc").now, 110 << 20);
	/* Far more than the page allocator gives, and less than all memory. */
	ck_assert_uint_gt(row_of("alloc_bootmem").limit, 512 << 20);
	ck_assert_uint_lt(row_of("alloc_bootmem").limit, UINT64_C(1) << 30);
	close_copy();
	machine_free(&m);
}
END_TEST

/* 1 GiB in one piece, with addresses enough. */
START_TEST(test_a_gigabyte)
{
	boot("x86_64-6.1-slub", "mem=2G");
	open_copy();
	ck_assert(cost_of("vmalloc", UINT64_C(1) << 30).got);
	ck_assert_uint_ge(cost_of("vmalloc", UINT64_C(1) << 30).tables, 512);
	close_copy();
	machine_free(&m);
}
END_TEST

START_TEST(test_frames_and_places)
{
	boot("i386-6.1-slab", "");
	open_copy();
	ck_assert_int_eq(row_of("alloc_pages").frames, COMPARE_ADJACENT);
	ck_assert(!row_of("alloc_pages").address);
	ck_assert_str_eq(zone_of(row_of("alloc_pages").zone), "HighMem");
	ck_assert_int_eq(row_of("kmalloc").frames, COMPARE_ADJACENT);
	ck_assert_int_eq(row_of("kmalloc").region, REGION_DIRECT);
	ck_assert_int_eq(row_of("vmalloc").frames, COMPARE_SINGLE);
	ck_assert_int_eq(row_of("vmalloc").region, REGION_VMALLOC);
	ck_assert_str_eq(zone_of(row_of("vmalloc").zone), "HighMem");
	/* High memory has addresses beyond 32 bits where there is more of it: never from there. */
	ck_assert_str_eq(zone_of(row_of("vmalloc_32").zone), "Normal");
	/* From kmalloc() while that has it; single pages will do as well. */
	ck_assert_int_eq(row_of("kvmalloc").region, REGION_DIRECT);
	ck_assert_int_eq(row_of("kvmalloc").frames, COMPARE_SINGLE);
	ck_assert_int_eq(row_of("kvmalloc").sleep, COMPARE_BY_MASK);
	ck_assert_uint_eq(row_of("kvmalloc").limit, row_of("vmalloc").limit);
	ck_assert_int_eq(row_of("kmap").frames, COMPARE_PAGE);
	ck_assert_int_eq(row_of("kmap").region, REGION_PKMAP);
	ck_assert_int_eq(row_of("kmap_atomic").region, REGION_FIXMAP);
	ck_assert_int_eq(row_of("ioremap").frames, COMPARE_DEVICE);
	ck_assert_int_eq(row_of("ioremap").zone, -1);
	close_copy();
	machine_free(&m);
}
END_TEST

START_TEST(test_who_sleeps)
{
	boot(machines[_i].name, "cpus=2");
	open_copy();
	ck_assert_int_eq(row_of("alloc_pages").sleep, COMPARE_BY_MASK);
	ck_assert_int_eq(row_of("kmalloc").sleep, COMPARE_BY_MASK);
	ck_assert_int_eq(row_of("kmem_cache_alloc").sleep, COMPARE_BY_MASK);
	ck_assert_int_eq(row_of("mempool_alloc").sleep, COMPARE_BY_MASK);
	ck_assert_int_eq(row_of("vmalloc").sleep, COMPARE_ALWAYS);
	ck_assert_int_eq(row_of("kmap").sleep, COMPARE_ALWAYS);
	ck_assert_int_eq(row_of("kmap_atomic").sleep, COMPARE_NEVER);
	ck_assert_int_eq(row_of("dma_alloc_coherent").sleep, COMPARE_BY_MASK);
	ck_assert_int_eq(row_of("ioremap").sleep, COMPARE_ALWAYS);
	close_copy();
	machine_free(&m);
}
END_TEST

/* Without high memory kmap() has no window to wait for. */
START_TEST(test_no_high_memory)
{
	boot("i386-2.6.18", "mem=64M");
	open_copy();
	ck_assert_int_eq(row_of("kmap").sleep, COMPARE_NEVER);
	ck_assert_int_eq(row_of("kmap").region, REGION_DIRECT);
	close_copy();
	machine_free(&m);
}
END_TEST

/* Of the pages that are free no two lie side by side: who needs a block gets a page, vmalloc() what it likes. */
START_TEST(test_fragmented)
{
	struct status st = STATUS_INIT;
	gfp_t gfp = 0;
	u32 taken = 0;
	pfn_t *page;

	boot("x86_64-6.1-slub", "mem=64M");
	page = calloc(m.config.max_pfn, sizeof *page);
	ck_assert_ptr_nonnull(page);
	ck_assert(gfp_by_name(m.config.gfp, "GFP_KERNEL", &gfp));
	while ((page[taken] = page_alloc(&m.phys, gfp | m.phys.gfp->nowarn, 0)) != PFN_NONE)
		taken++;
	for (u32 n = 0; n < taken; n++)
		if (page[n] % 2)
			ck_assert(page_free(&m.phys, page[n], 0, &st));
	free(page);
	/* The blocks that were left as a reserve. */
	for (unsigned order = m.config.orders; order-- > 1;)
		while (page_alloc(&m.phys, m.phys.gfp->nowarn, order) != PFN_NONE)
			;
	open_copy();
	ck_assert_uint_lt(row_of("alloc_pages").now, 64 << 10);
	ck_assert_uint_lt(row_of("kmalloc").now, 64 << 10);
	ck_assert_int_eq(row_of("alloc_pages").frames, COMPARE_ADJACENT);
	ck_assert_uint_gt(row_of("vmalloc").now, 16 << 20);
	ck_assert_int_eq(row_of("vmalloc").frames, COMPARE_SINGLE);
	ck_assert(!cost_of("alloc_pages", 64 << 10).got);
	ck_assert_uint_gt(row_of("kvmalloc").now, 16 << 20);
	/* All of these pages lie alone. */
	ck_assert_uint_ge(cost_of("vmalloc", 4 << 20).runs, 900);
	ck_assert_uint_eq(cost_of("vmalloc", 4 << 20).frames, 1024);
	close_copy();
	machine_free(&m);
}
END_TEST

/* No addresses: whoever needs an area gets nothing. */
START_TEST(test_no_addresses)
{
	struct vmap_area *area;
	const char *bug;
	u64 at, hole, size = 16 << 20;

	boot("i386-2.6.18", "");
	hole = ways_hole(&m, &at);
	ck_assert_uint_gt(hole, 1 << 30);
	for (; size >= 4096; size /= 2)
		for (u64 address = 1; address;)
			ck_assert(ioremap_map(&m.virt, at, size, IOREMAP_CACHED, &address, &area, &bug));
	open_copy();
	ck_assert(!row_of("vmalloc").now_given);
	ck_assert(!row_of("ioremap").now_given);
	ck_assert_int_eq(row_of("vmalloc").frames, COMPARE_UNKNOWN);
	ck_assert_uint_gt(row_of("vmalloc").limit, 100 << 20);
	ck_assert_uint_eq(row_of("kmalloc").now, 128 << 10);
	ck_assert(row_of("kmap").now_given);
	close_copy();
	machine_free(&m);
}
END_TEST

/* What a request takes beneath: the first area of a machine needs a table and slabs, the second one neither. */
START_TEST(test_cost)
{
	struct compare_cost first, second;

	boot("i386-2.6.18", "");
	open_copy();
	first = cost_of("vmalloc", 64 << 10);
	ck_assert(first.got);
	ck_assert_uint_eq(first.frames, 16);
	ck_assert_uint_eq(first.tables, 1);
	ck_assert_uint_eq(first.pages, 16 + 1 + 2);
	ck_assert_uint_eq(cost_of("alloc_pages", 64 << 10).pages, 16);
	ck_assert_uint_eq(cost_of("kmalloc", 40 << 10).piece.bytes, 64 << 10);
	close_copy();
	ck_assert_uint_ne(vmalloc_alloc(&m.virt, 64 << 10, vmalloc_gfp(&m.virt)), 0);
	open_copy();
	second = cost_of("vmalloc", 64 << 10);
	ck_assert_uint_eq(second.tables, 0);
	ck_assert_uint_eq(second.pages, 16);
	ck_assert_uint_lt(second.steps, first.steps);
	close_copy();
	machine_free(&m);
}
END_TEST

/* Where many pages are free, the most is added up; it is near what a real request gets. */
START_TEST(test_about)
{
	struct compare_row row;

	boot("x86_64-6.1-slub", "mem=2G");
	open_copy();
	row = row_of("vmalloc");
	ck_assert(row.about);
	ck_assert(cost_of("vmalloc", row.now - row.now / 100).got);
	ck_assert(!cost_of("vmalloc", row.now + row.now / 100).got);
	close_copy();
	machine_free(&m);
	/* Of 8 GiB, 32 bits reach 3. */
	boot("x86_64-6.1-slub", "");
	open_copy();
	ck_assert_uint_gt(row_of("vmalloc").limit, UINT64_C(7) << 30);
	ck_assert_uint_lt(row_of("vmalloc_32").limit, UINT64_C(3) << 30);
	ck_assert_str_eq(zone_of(row_of("vmalloc_32").zone), "DMA32");
	close_copy();
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("compare");
	TCase *t = tcase_create("compare");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, test_rows_hold, 0, (int)ARRAY_SIZE(machines));
	tcase_add_test(t, test_source_texts);
	tcase_add_test(t, test_a_gigabyte);
	tcase_add_test(t, test_frames_and_places);
	tcase_add_loop_test(t, test_who_sleeps, 0, 4);
	tcase_add_test(t, test_no_high_memory);
	tcase_add_test(t, test_fragmented);
	tcase_add_test(t, test_no_addresses);
	tcase_add_test(t, test_cost);
	tcase_add_test(t, test_about);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
