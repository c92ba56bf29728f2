/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page tables that boot makes: the kernel's own count of how the direct map
 * is mapped, in recorded meminfo, and what single addresses lead to.
 */
#include "machine/boot_tables.h"
#include "machine/early.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page.h"
#include "procfs/meminfo.h"
#include "virt/direct_map.h"
#include "virt/kmap.h"
#include "virt/translate.h"
#include "virt/vmalloc.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static struct status st = STATUS_INIT;
static struct machine m;

static void boot(const char *name, const char *settings)
{
	struct machine_desc desc;
	char text[256], *at = NULL;

	snprintf(text, sizeof text, "%s", settings);
	ck_assert(desc_load(&desc, name, &st));
	for (char *s = strtok_r(text, " ", &at); s; s = strtok_r(NULL, " ", &at))
		ck_assert_msg(desc_set(&desc, s, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

/* ------------------------------------------------------------- recorded counts */

static const struct {
	const char *recording, *machine, *settings;
} boots[] = {
	{ "i386-slab/boot-1024M-896lowmem", "i386-6.1-slab", "mem=1G" },
	/* Without vmalloc=, low memory ends there. */
	{ "i386-slab/boot-1024M", "i386-6.1-slab", "mem=1G lowmem_limit=905208K" },
	{ "i386-slab/boot-2048M", "i386-6.1-slab", "mem=2G" },
	{ "i386-slab/boot-256M", "i386-6.1-slab", "mem=256M" },
	{ "i386-slab/boot-256M-cma16M", "i386-6.1-slab", "mem=256M cma=16M" },
	{ "i386-slab/boot-256M-mem248M", "i386-6.1-slab", "mem=256M mem_limit=248M" },
	{ "x86_64-slub/boot-1024M", "x86_64-6.1-slub", "mem=1G" },
	{ "x86_64-slub/boot-256M", "x86_64-6.1-slub", "mem=256M" },
	{ "x86_64-slub/boot-256M-split", "x86_64-6.1-slub", "mem=256M max_ram_below_4g=128M" },
	{ "x86_64-slub/boot-256M-mem248M", "x86_64-6.1-slub", "mem=256M mem_limit=248M" },
};

/* The first DirectMap lines of a recording. */
static void recorded(const char *name, char *lines, size_t size)
{
	char path[256], line[1024];
	size_t length = 0;
	gzFile in;

	snprintf(path, sizeof path, "%s/data/recordings/%s.rec.gz", getenv("srcdir") ? getenv("srcdir") : ".", name);
	in = gzopen(path, "rb");
	ck_assert_msg(in != NULL, "%s", path);
	while (gzgets(in, line, sizeof line)) {
		if (strncmp(line, "DirectMap", 9) == 0)
			length += (size_t)snprintf(lines + length, size - length, "%s", line);
		else if (length)
			break;
	}
	gzclose(in);
}

START_TEST(direct_map_lines)
{
	char lines[256] = "";
	struct strbuf out = STRBUF_INIT;
	const char *at;

	boot(boots[_i].machine, boots[_i].settings);
	recorded(boots[_i].recording, lines, sizeof lines);
	ck_assert(lines[0]);
	meminfo_print(&m, &out);
	at = strstr(strbuf_str(&out), "DirectMap");
	ck_assert_str_eq(at, lines);
	strbuf_free(&out);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
}
END_TEST

/* ------------------------------------------------------------- single addresses */

/* Every address of the direct map leads where it should. */
static void check_direct_map(u64 step)
{
	u64 end = (u64)m.config.direct_map_end << 12;

	for (u64 at = 0; at < end; at += step)
		if (phys_has_memory(&m.phys, (pfn_t)(at >> 12)))
			ck_assert_msg(page_table_frame(&m.virt, m.virt_config.page_offset + at) == at >> 12,
				      "0x%" PRIx64, at);
}

START_TEST(leads_to_its_page)
{
	static const char *const names[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

	boot(names[_i], "");
	check_direct_map(4096 * 7);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
}
END_TEST

START_TEST(whole_big_pages_on_2_6)
{
	struct table_leaf leaf;

	/* RAM ends 128 KiB below 256 MiB, but the last big page is a whole one. */
	boot("i386-2.6.18", "mem=256M");
	leaf = page_table_leaf(&m.virt, UINT64_C(0xcffff000));
	ck_assert(leaf.level == 2 && leaf.start == 0xcfc00000 && leaf.bytes == 4 << 20);
	ck_assert_uint_eq(leaf.entry, 0x0fc001e3);
	ck_assert_uint_eq(page_table_leaf(&m.virt, UINT64_C(0xd0000000)).entry, 0);
}
END_TEST

START_TEST(single_pages_at_the_ends_on_6_1)
{
	boot("i386-6.1-slab", "mem=256M");
	ck_assert_uint_eq(page_table_leaf(&m.virt, 0xc0001000).entry, 0x1163);
	ck_assert_uint_eq(page_table_leaf(&m.virt, 0xc0400000).entry, 0x4001e3);
	ck_assert_uint_eq(page_table_leaf(&m.virt, 0xcffdf000).entry, 0xffdf163);
	ck_assert_uint_eq(page_table_leaf(&m.virt, 0xcffe0000).entry, 0);
}
END_TEST

START_TEST(kernel_is_read_only)
{
	const u64 text = UINT64_C(0xffffffff81000000), direct = UINT64_C(0xffff888001000000);

	boot("x86_64-6.1-slub", "mem=1G");
	/* Text, where it runs, and the same page in the direct map, from where nothing is run. */
	ck_assert_uint_eq(page_table_leaf(&m.virt, text).entry, 0x10001e1);
	ck_assert_uint_eq(page_table_leaf(&m.virt, direct).entry, 0x10001e1 | PTE_NX);
	/* Between text and the constants: freed, so a big page was split in both maps. */
	ck_assert_uint_eq(page_table_leaf(&m.virt, text + 0x401000).entry, 0x1401163 | PTE_NX);
	ck_assert_uint_eq(page_table_leaf(&m.virt, direct + 0x400000).entry, 0x1400161 | PTE_NX);
	ck_assert_uint_eq(page_table_leaf(&m.virt, direct + 0x401000).entry, 0x1401163 | PTE_NX);
	ck_assert_uint_eq(page_table_leaf(&m.virt, text + 0x800000).entry & (PTE_NX | PTE_WRITE), PTE_NX | PTE_WRITE);
	ck_assert(translate_physical(&m.virt, text + 5) == 0x1000005);
}
END_TEST

/* Entries are bytes of frames: who changes them changes what is mapped. */
START_TEST(entries_are_bytes)
{
	struct table_step step[TABLE_LEVELS];

	boot("i386-2.6.18", "");
	ck_assert_uint_eq(page_table_walk(&m.virt, 0xc0400000, step), 1);
	ck_assert(!step[0].boot);
	ck_assert_uint_eq(page_load(&m.phys, step[0].at, 4), 0x4001e3);
	ck_assert(page_table_is_boots(&m.virt, (pfn_t)(step[0].at >> 12)));
	ck_assert(!page_table_is_boots(&m.virt, (pfn_t)(step[0].at >> 12) + 3));
	page_store(&m.phys, step[0].at, 0x8001e3, 4);
	ck_assert_uint_eq(page_table_frame(&m.virt, 0xc0400000), 0x800);
}
END_TEST

/* The frames that recorded boots took for tables. */
START_TEST(tables_lie_where_boot_took_memory)
{
	struct table_step step[TABLE_LEVELS];

	boot("i386-2.6.18", "mem=1G");
	ck_assert_uint_eq(page_table_walk(&m.virt, m.virt_config.fixaddr_top, step), 2);
	ck_assert_uint_eq(step[1].at >> 12, 1);
	page_table_walk(&m.virt, m.virt_config.pkmap_base, step);
	ck_assert_uint_eq(step[1].at >> 12, 2);
	machine_free(&m);
	boot("x86_64-6.1-slub", "mem=1G");
	ck_assert_uint_eq(page_table_walk(&m.virt, UINT64_C(0xfffffe0000000000), step), 4);
	ck_assert_uint_eq(step[1].at, 0x3ffd8000);
	ck_assert_uint_eq(step[2].at, 0x3fe4e000);
	ck_assert_uint_eq(step[3].at, 0x3fe4d000);
}
END_TEST

/* A machine that boots step by step has the same tables in the end. */
START_TEST(step_by_step)
{
	u64 at_once;

	boot("x86_64-6.1-slub", "mem=9G");
	at_once = phys_hash(&m.phys) ^ virt_hash(&m.virt);
	machine_free(&m);
	boot("x86_64-6.1-slub", "mem=9G early=yes");
	ck_assert_uint_eq(page_table_leaf(&m.virt, m.virt_config.page_offset).entry, 0);
	while (early_is(&m))
		ck_assert_msg(early_step(&m, &st), "%s", st.message);
	ck_assert_uint_eq(phys_hash(&m.phys) ^ virt_hash(&m.virt), at_once);
}
END_TEST

/* ------------------------------------------------------------- three levels */

/* Intel's manual, and Gorman's book: entries of 8 bytes, 512 slots of kmap(), two MiB for each table. */
START_TEST(pae)
{
	const struct virt_config *c = &m.virt_config;
	struct table_step step[TABLE_LEVELS];
	u64 address;
	pfn_t high;

	boot("i386-2.6.18-pae", "");
	ck_assert(c->levels == 3 && c->entry == 8 && c->word == 4 && c->last_pkmap == 512);
	ck_assert(c->pkmap_base == 0xffc00000 && c->vmalloc_end == 0xffbfe000);
	ck_assert_uint_gt(m.config.max_pfn, 1 << 20);
	/* The topmost table has four entries of 8 bytes; the first three lead to the page of zeroes. */
	ck_assert_uint_eq(page_table_walk(&m.virt, 0xc1234567, step), 2);
	ck_assert_uint_eq(step[0].index, 3);
	ck_assert_uint_eq(step[0].entry, 0x1001);
	ck_assert_uint_eq(step[1].entry, 0x12001e3);
	for (unsigned n = 0; n < 3; n++) {
		ck_assert_uint_eq(page_table_walk(&m.virt, (u64)n << 30, step), 2);
		ck_assert_uint_eq(step[0].entry & 0xfff, PTE_PRESENT);
		ck_assert_uint_eq(step[1].entry, 0);
	}
	/* Pages above 4 GiB are mapped, a table for each 2 MiB. */
	address = vmalloc_alloc(&m.virt, 3 << 20, vmalloc_gfp(&m.virt));
	ck_assert_uint_eq(address, c->vmalloc_start);
	ck_assert_uint_eq(m.virt.state->tables, 2);
	ck_assert_uint_gt(page_table_frame(&m.virt, address), 1 << 20);
	high = page_table_frame(&m.virt, address);
	address = kmap_map(&m.virt, high);
	ck_assert_uint_eq(address, c->pkmap_base + 4096);
	ck_assert_uint_eq(page_table_frame(&m.virt, address), high);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	check_direct_map(4096 * 7);
}
END_TEST

START_TEST(pae_counts_no_holes)
{
	struct strbuf out = STRBUF_INIT;

	boot("i386-2.6.18-pae", "");
	meminfo_print(&m, &out);
	ck_assert(strstr(strbuf_str(&out), "HighTotal:     5373824 kB"));
	ck_assert(strstr(strbuf_str(&out), "VmallocTotal:   118776 kB"));
	strbuf_free(&out);
}
END_TEST

START_TEST(pae_is_refused)
{
	struct machine_desc desc;

	ck_assert(desc_load(&desc, "x86_64-6.1-slub", &st) && desc_set(&desc, "pae=yes", &st));
	ck_assert(!machine_boot(&m, &desc, NULL, &st));
	ck_assert(desc_load(&desc, "i386-2.6.18", &st) && desc_set(&desc, "mem=6G", &st));
	ck_assert(!machine_boot(&m, &desc, NULL, &st));
	ck_assert(desc_set(&desc, "pae=yes", &st));
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	machine_free(&m);
	ck_assert(desc_set(&desc, "mem=66G", &st));
	ck_assert(!machine_boot(&m, &desc, NULL, &st));
}
END_TEST

START_TEST(gbpages)
{
	struct strbuf out = STRBUF_INIT;
	u64 pages[TABLE_LEVELS];

	boot("x86_64-6.1-slub", "mem=8G gbpages=yes");
	direct_map_count(&m.virt, pages);
	ck_assert_uint_eq(pages[2], 6); /* 1G to 2G, and 4G to 9G: the others have holes */
	check_direct_map(4096 * 7);
	meminfo_print(&m, &out);
	ck_assert(strstr(strbuf_str(&out), "DirectMap1G:"));
	strbuf_free(&out);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	/* A part of one that is to be read-only: it is split twice. */
	ck_assert_uint_eq(page_table_leaf(&m.virt, m.virt_config.page_offset + (UINT64_C(5) << 30)).level, 3);
	ck_assert(page_table_protect(&m.virt, m.virt_config.page_offset + (UINT64_C(5) << 30) + 4096,
				     m.virt_config.page_offset + (UINT64_C(5) << 30) + 8192, PTE_WRITE, 0));
	direct_map_count(&m.virt, pages);
	ck_assert_uint_eq(pages[2], 5);
	check_direct_map(4096 * 7);
}
END_TEST

START_TEST(terabytes)
{
	u64 pages[TABLE_LEVELS];

	boot("x86_64-6.1-slub", _i ? "mem=1T" : "mem=500G");
	direct_map_count(&m.virt, pages);
	ck_assert_uint_eq(pages[2] > 0, _i);
	ck_assert_uint_eq(pages[0] + (pages[1] << 9) + (pages[2] << 18), ((_i ? UINT64_C(1024) : 500) << 18) - 32);
	check_direct_map(UINT64_C(4097) << 12);
}
END_TEST

static void teardown(void)
{
	machine_free(&m);
	st = (struct status)STATUS_INIT;
}

int main(void)
{
	Suite *s = suite_create("boot_tables");
	TCase *tc = tcase_create("boot_tables");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, direct_map_lines, 0, ARRAY_SIZE(boots));
	tcase_add_loop_test(tc, leads_to_its_page, 0, 3);
	tcase_add_test(tc, whole_big_pages_on_2_6);
	tcase_add_test(tc, single_pages_at_the_ends_on_6_1);
	tcase_add_test(tc, kernel_is_read_only);
	tcase_add_test(tc, entries_are_bytes);
	tcase_add_test(tc, tables_lie_where_boot_took_memory);
	tcase_add_test(tc, step_by_step);
	tcase_add_test(tc, pae);
	tcase_add_test(tc, pae_counts_no_holes);
	tcase_add_test(tc, pae_is_refused);
	tcase_add_test(tc, gbpages);
	tcase_add_loop_test(tc, terabytes, 0, 2);
	suite_add_tcase(s, tc);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
