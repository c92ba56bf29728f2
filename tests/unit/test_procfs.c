/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's texts: form, figures, and what is refused. */
#include "machine/machine.h"
#include "phys/compact.h"
#include "phys/load.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/swap.h"
#include "procfs/procfs.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct machine_desc desc;
static struct status st;
static struct strbuf out = STRBUF_INIT;

static void setup(void)
{
	memset(&st, 0, sizeof st);
}

static void teardown(void)
{
	machine_free(&m);
	strbuf_free(&out);
}

static void boot(const char *name, const char *setting)
{
	ck_assert_msg(desc_load(&desc, name, &st), "%s", st.message);
	ck_assert_msg(!setting || desc_set(&desc, setting, &st), "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static const char *read_path(const char *path)
{
	strbuf_clear(&out);
	ck_assert_msg(procfs_read(&m, path, &out, &st), "%s", st.message);
	return strbuf_str(&out);
}

static void has(const char *text)
{
	ck_assert_msg(strstr(strbuf_str(&out), text) != NULL, "no `%s' in:\n%s", text, strbuf_str(&out));
}

/* DMA and HighMem as i386-2.6.18/boot-1024M.rec read them. */
START_TEST(buddyinfo)
{
	boot("i386-2.6.18", NULL);
	read_path("/proc/buddyinfo");
	has("Node 0, zone      DMA      4      2      6      5      2      2      1      0      1      0      3 \n"
	    "Node 0, zone   Normal ");
	has("\nNode 0, zone  HighMem      1      0      0      1      1      1      0      1      1      1     31 \n");
}
END_TEST

START_TEST(buddyinfo_of_a_textbook)
{
	boot("textbook-1M", "mem=16K");
	ck_assert_str_eq(read_path("/proc/buddyinfo"), "Node 0, zone   Memory      0      0      0      0      1 \n");
}
END_TEST

START_TEST(buddyinfo_of_nodes)
{
	boot("x86_64-6.1-slub", "nodes=2");
	read_path("/proc/buddyinfo");
	has("Node 0, zone    DMA32 ");
	has("Node 1, zone   Normal ");
}
END_TEST

START_TEST(pagetypeinfo)
{
	boot("x86_64-6.1-slub", "mem=1G");
	read_path("/proc/pagetypeinfo");
	has("Page block order: 9\n"
	    "Pages per block:  512\n"
	    "\n"
	    "Free pages count per migrate type at order       0      1      2      3      4      5      6      7      "
	    "8      9     10 \n"
	    "Node    0, zone      DMA, type    Unmovable      0      0      0      0      0      0      0      0      "
	    "1      0      0 \n"
	    "Node    0, zone      DMA, type      Movable      0      0      0      0      0      0      0      0      "
	    "0      1      3 \n"
	    "Node    0, zone      DMA, type  Reclaimable ");
	has("Isolate      0      0      0      0      0      0      0      0      0      0      0 \n"
	    "\n"
	    "Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate \n"
	    "Node 0, zone      DMA            1            7            0            0            0            0 \n"
	    "Node 0, zone    DMA32            0          504            0            0            0            0 \n");
}
END_TEST

START_TEST(pagetypeinfo_follows_the_state)
{
	boot("x86_64-6.1-slub", "mem=1G");
	pageblock_set_type(&m.phys, 0, 1024, MT_RECLAIMABLE);
	m.phys.zone[0].list[0][MT_CMA].count = 99999;
	m.phys.zone[0].list[1][MT_CMA].count = 100000;
	read_path("/proc/pagetypeinfo");
	has("Node 0, zone      DMA            1            6            1            0            0            0 \n");
	has("type          CMA  99999 >100000      0 ");
}
END_TEST

/* A zone that begins inside a page block: the kernel's steps do not meet the blocks' borders. */
START_TEST(pagetypeinfo_of_a_shared_block)
{
	boot("i386-6.1-slab", "lowmem_limit=0x373fe000");
	read_path("/proc/pagetypeinfo");
	has("Node 0, zone   Normal            0          217            0 ");
	has("Node 0, zone  HighMem            1           34            0 ");
}
END_TEST

START_TEST(refused)
{
	boot("i386-2.6.18", NULL);
	ck_assert(!procfs_read(&m, "/proc/pagetypeinfo", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "this machine has no such file; \"help proc\" lists"));
	ck_assert(!procfs_read(&m, "/proc/budyinfo", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "did you mean /proc/buddyinfo?"));
	ck_assert(!procfs_read(&m, "/etc/passwd", &out, &st));
	ck_assert_str_eq(st.message, "/etc/passwd: no such file on this machine; \"help proc\" lists those there are");
	ck_assert(!procfs_read(&m, "/proc/sys/vm/watermark_scale_factor", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "no such file on this machine"));
	ck_assert(!procfs_write(&m, "/proc/buddyinfo", "1", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "EACCES: /proc/buddyinfo can only be read"));
	ck_assert(!procfs_write(&m, "/proc/sys/vm/compact_memory", "1", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "this machine has no such file"));
	ck_assert(!procfs_write(&m, "/proc/sys/vm/min_free_kbytes", "much", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "EINVAL"));
	ck_assert_uint_eq(out.length, 0);
	machine_free(&m);
	boot("x86_64-6.1-slub", NULL);
	ck_assert(!procfs_read(&m, "/proc/sys/vm/compact_memory", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "EACCES: /proc/sys/vm/compact_memory can only be written"));
	ck_assert(!procfs_write(&m, "/proc/sys/vm/percpu_pagelist_fraction", "8", &st));
	ck_assert_ptr_nonnull(strstr(st.message, "did you mean /proc/sys/vm/percpu_pagelist_high_fraction?"));
	machine_free(&m);
	boot("textbook-1M", NULL);
	ck_assert(!procfs_read(&m, "/proc/meminfo", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "no such file; \"help proc\" lists those it has"));
	ck_assert_uint_eq(out.length, 0);
}
END_TEST

static void has_paths(const char *name, const char *const *expected)
{
	size_t n = 0;

	boot(name, NULL);
	for (strbuf_clear(&out); procfs_path(&m, n, &out); n++) {
		ck_assert_ptr_nonnull(expected[n]);
		ck_assert_str_eq(strbuf_str(&out), expected[n]);
		strbuf_clear(&out);
	}
	ck_assert_ptr_null(expected[n]);
	machine_free(&m);
}

START_TEST(paths)
{
	static const char *const textbook[] = { "/proc/buddyinfo", NULL };
	static const char *const of_2_6[] = {
		"/proc/buddyinfo",
		"/proc/zoneinfo",
		"/proc/meminfo",
		"/proc/vmstat",
		"/proc/slabinfo",
		"/proc/iomem",
		"/proc/swaps",
		"/proc/sys/vm/drop_caches",
		"/proc/sys/vm/min_free_kbytes",
		"/proc/sys/vm/lowmem_reserve_ratio",
		"/proc/sys/vm/percpu_pagelist_fraction",
		"/proc/sys/vm/swappiness",
		"/proc/sys/vm/dirty_ratio",
		"/proc/sys/vm/dirty_background_ratio",
		"/proc/sys/vm/panic_on_oom",
		"/proc/sys/vm/vfs_cache_pressure",
		NULL,
	};
	static const char *const of_6_1[] = {
		"/proc/buddyinfo",
		"/proc/pagetypeinfo",
		"/proc/zoneinfo",
		"/proc/meminfo",
		"/proc/vmstat",
		"/proc/slabinfo",
		"/proc/iomem",
		"/proc/vmallocinfo",
		"/proc/swaps",
		"/proc/sys/vm/drop_caches",
		"/proc/sys/vm/compact_memory",
		"/sys/kernel/debug/extfrag/unusable_index",
		"/sys/kernel/debug/extfrag/extfrag_index",
		"/sys/kernel/debug/page_tables/kernel",
		"/sys/kernel/debug/memblock/memory",
		"/sys/kernel/debug/memblock/reserved",
		"/proc/sys/vm/min_free_kbytes",
		"/proc/sys/vm/watermark_scale_factor",
		"/proc/sys/vm/watermark_boost_factor",
		"/proc/sys/vm/lowmem_reserve_ratio",
		"/proc/sys/vm/percpu_pagelist_high_fraction",
		"/proc/sys/vm/swappiness",
		"/proc/sys/vm/dirty_ratio",
		"/proc/sys/vm/dirty_background_ratio",
		"/proc/sys/vm/panic_on_oom",
		"/proc/sys/vm/oom_kill_allocating_task",
		"/proc/sys/vm/vfs_cache_pressure",
		NULL,
	};

	has_paths("textbook-1M", textbook);
	has_paths("i386-2.6.18", of_2_6);
	has_paths("i386-6.1-slab", of_6_1);
}
END_TEST

START_TEST(write_min_free_kbytes)
{
	boot("x86_64-6.1-slub", "mem=1G");
	ck_assert_msg(procfs_write(&m, "/proc/sys/vm/min_free_kbytes", "8192", &st), "%s", st.message);
	ck_assert_str_eq(read_path("/proc/sys/vm/min_free_kbytes"), "8192\n");
	/* All marks together are 8192 kB, but for what is rounded down. */
	ck_assert_uint_ge(m.phys.zone[0].wmark[WMARK_MIN] + m.phys.zone[1].wmark[WMARK_MIN], 2047);
	ck_assert_uint_le(m.phys.zone[0].wmark[WMARK_MIN] + m.phys.zone[1].wmark[WMARK_MIN], 2048);
}
END_TEST

/* Every other page of 8192 is given back, the rest can be moved. */
START_TEST(write_compact_memory)
{
	static pfn_t page[8192];
	struct machine other;
	u64 before;

	boot("x86_64-6.1-slub", "mem=1G");
	for (unsigned i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = page_alloc(&m.phys, m.phys.gfp->movable, 0);
		ck_assert_uint_ne(page[i], PFN_NONE);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(page); i += 2)
		ck_assert(page_free(&m.phys, page[i], 0, &st));
	for (unsigned i = 1; i < ARRAY_SIZE(page); i += 2)
		ck_assert(load_movable(&m.phys, page[i], &st));
	before = machine_hash(&m);
	ck_assert(machine_clone(&other, &m, &st));
	ck_assert_msg(procfs_write(&m, "/proc/sys/vm/compact_memory", "1", &st), "%s", st.message);
	ck_assert_uint_gt(compact_memory(&other.phys, &st), 0);
	ck_assert(machine_hash(&m) == machine_hash(&other));
	ck_assert(machine_hash(&m) != before);
	machine_free(&other);
}
END_TEST

/* The zones that are empty: 6.1 shows them, and what high memory has at least. */
START_TEST(zoneinfo_of_empty_zones)
{
	boot("i386-6.1-slab", "mem=256M");
	read_path("/proc/zoneinfo");
	has("Node 0, zone  HighMem\n  pages free     0\n        boost    0\n        min      32\n");
	has("Node 0, zone  Movable\n  pages free     0\n        boost    0\n        min      0\n");
	machine_free(&m);
	boot("i386-6.1-slab", NULL);
	read_path("/proc/zoneinfo");
	has("Node 0, zone  Movable\n  pages free     0\n        boost    0\n        min      32\n");
	machine_free(&m);
	boot("i386-2.6.18", "mem=256M");
	read_path("/proc/zoneinfo");
	ck_assert_ptr_null(strstr(strbuf_str(&out), "HighMem"));
}
END_TEST

START_TEST(zoneinfo_of_nodes)
{
	const char *first, *second;

	boot("x86_64-6.1-slub", "nodes=2");
	first = strstr(read_path("/proc/zoneinfo"), "  per-node stats\n");
	ck_assert_ptr_nonnull(first);
	second = strstr(first + 1, "  per-node stats\n");
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_null(strstr(second + 1, "  per-node stats\n"));
	has("Node 1, zone   Normal\n  per-node stats\n      nr_inactive_anon 0\n");
	has("Node 1, zone      DMA\n  pages free     0\n");
}
END_TEST

START_TEST(zoneinfo_of_cpus)
{
	boot("i386-2.6.18", "cpus=2");
	read_path("/proc/zoneinfo");
	/* As smp2-boot-1024M.rec has it: more CPUs, larger zones, larger thresholds. */
	has("              batch: 15\n  vm stats threshold: 16\n");
	has("              batch: 3\n  vm stats threshold: 4\n");
	/* The DMA zone's lists are empty. */
	has("  pagesets\n  all_unreclaimable: 0\n");
}
END_TEST

START_TEST(meminfo)
{
	boot("i386-2.6.18", NULL);
	read_path("/proc/meminfo");
	has("HighTotal:      130944 kB\n");
	has("\nVmallocTotal:   114680 kB\n");
	machine_free(&m);
	boot("x86_64-6.1-slub", NULL);
	read_path("/proc/meminfo");
	has("VmallocTotal:   34359738367 kB\n");
	has("HugePages_Total:       0\n");
	has("Hugepagesize:       2048 kB\n");
	ck_assert_ptr_null(strstr(strbuf_str(&out), "HighTotal"));
}
END_TEST

START_TEST(extfrag)
{
	boot("x86_64-6.1-slub", "mem=1G");
	ck_assert_str_eq(read_path("/sys/kernel/debug/extfrag/extfrag_index"),
			 "Node 0, zone      DMA -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 "
			 "-1.000 \n"
			 "Node 0, zone    DMA32 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 "
			 "-1.000 \n");
	/* One single page: a request of order 1 finds half of what it wants, in one piece. */
	memset(m.phys.zone[1].nr_free, 0, sizeof m.phys.zone[1].nr_free);
	m.phys.zone[1].nr_free[0] = 1;
	read_path("/sys/kernel/debug/extfrag/extfrag_index");
	has("zone    DMA32 -1.000  0.-500  0.-250 ");
	read_path("/sys/kernel/debug/extfrag/unusable_index");
	has("zone    DMA32 0.000 1.000 1.000 ");
}
END_TEST

START_TEST(show_mem_2_6)
{
	boot("i386-2.6.18", NULL);
	procfs_show_mem(&m, &out);
	has("SysRq : Show Memory\n"
	    "Mem-info:\n"
	    "DMA per-cpu:\n"
	    "cpu 0 hot: high 0, batch 1 used:0\n"
	    "cpu 0 cold: high 0, batch 1 used:0\n"
	    "DMA32 per-cpu: empty\n"
	    "Normal per-cpu:\n"
	    "cpu 0 hot: high 186, batch 31 used:");
	has("HighMem per-cpu:\n"
	    "cpu 0 hot: high 42, batch 7 used:39\n"
	    "cpu 0 cold: high 14, batch 3 used:0\n"
	    "Free pages: ");
	has("DMA free:14240kB min:68kB low:84kB high:100kB active:0kB inactive:0kB present:16384kB pages_scanned:0 "
	    "all_unreclaimable? no\n"
	    "lowmem_reserve[]: 0 0 880 1007\n"
	    "DMA32 free:0kB min:0kB low:0kB high:0kB active:0kB inactive:0kB present:0kB pages_scanned:0 "
	    "all_unreclaimable? no\n"
	    "lowmem_reserve[]: 0 0 880 1007\n"
	    "Normal free:");
	has("DMA: 4*4kB 2*8kB 6*16kB 5*32kB 2*64kB 2*128kB 1*256kB 0*512kB 1*1024kB 0*2048kB 3*4096kB = 14240kB\n"
	    "DMA32: empty\n");
	has("262112 pages of RAM\n32736 pages of HIGHMEM\n");
}
END_TEST

START_TEST(show_mem_2_6_without_highmem)
{
	boot("i386-2.6.18", "mem=256M");
	procfs_show_mem(&m, &out);
	has("HighMem per-cpu: empty\n");
	has("HighMem free:0kB min:128kB low:128kB high:128kB active:0kB inactive:0kB present:0kB ");
	has("HighMem: empty\n");
	has("0 pages of HIGHMEM\n");
}
END_TEST

START_TEST(show_mem_6_1)
{
	boot("i386-6.1-slab", NULL);
	m.phys.zone[1].boost = 1024;
	procfs_show_mem(&m, &out);
	has("sysrq: Show Memory\nMem-Info:\nactive_anon:0 inactive_anon:0 isolated_anon:0\n active_file:0 ");
	has(" free:258563 free_pcp:53 free_cma:0\n");
	has("\nNormal free:887948kB boost:4096kB min:7828kB low:8760kB high:9692kB reserved_highatomic:0KB ");
	has(" present:901120kB managed:888160kB mlocked:0kB bounce:0kB free_pcp:212kB local_pcp:212kB free_cma:0kB\n"
	    "lowmem_reserve[]: 0 0 1023 1023\n");
	has("\nDMA: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 1*1024kB (U) 1*2048kB (U) 3*4096kB (M) = "
	    "15360kB\n");
	has("262014 pages RAM\n32736 pages HighMem/MovableOnly\n3398 pages reserved\n0 pages cma reserved\n");
	ck_assert_ptr_null(strstr(strbuf_str(&out), "hugepages"));
}
END_TEST

START_TEST(show_mem_types)
{
	struct phys_config c;

	boot("i386-6.1-slab", NULL);
	c = m.config;
	machine_free(&m);
	ck_assert(machine_init(&m, &c, NULL, &st));
	for (unsigned t = 0; t < MT_COUNT; t++)
		ck_assert_msg(load_free_block(&m.phys, 0, 512 + 2 * t, 0, t, &st), "%s", st.message);
	procfs_show_mem(&m, &out);
	has("DMA: 6*4kB (UMEHCI) 0*8kB 0*16kB ");
}
END_TEST

START_TEST(show_mem_nodes)
{
	boot("x86_64-6.1-slub", "nodes=2");
	procfs_show_mem(&m, &out);
	has("\nNode 1 active_anon:0kB ");
	has("\nNode 1 Normal free:");
	has("\nNode 0 DMA: 0*4kB ");
	has("\nNode 1 hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=2048kB\n");
}
END_TEST

START_TEST(show_mem_of_a_textbook)
{
	boot("textbook-1M", "mem=16K");
	procfs_show_mem(&m, &out);
	ck_assert_str_eq(strbuf_str(&out), "Memory: 0*1kB 0*2kB 0*4kB 0*8kB 1*16kB = 16kB\n");
	machine_free(&m);
	strbuf_clear(&out);
	ck_assert(desc_set(&desc, "page_size=512", &st));
	ck_assert(machine_boot(&m, &desc, NULL, &st));
	procfs_show_mem(&m, &out);
	ck_assert_str_eq(strbuf_str(&out), "Memory: 0*512B 0*1024B 0*2048B 0*4096B 0*8192B 1*16384B = 16384B\n");
}
END_TEST

/* A page with a slot in the swap area is the swap cache's, no process has it mapped: all files count it so. */
START_TEST(swap_cache)
{
	struct phys *p = &m.phys;
	u32 brought;
	unsigned editor, log;

	boot(_i ? "x86_64-6.1-slub" : "i386-2.6.18", NULL);
	editor = mapping_make(p, OWNER_PROCESS, "editor", &st);
	log = mapping_make(p, OWNER_FILE, "log", &st);
	ck_assert(swap_on(p, 100, &st));
	ck_assert_int_eq(mapping_touch(p, editor, 0, 10, &brought), USE_DONE);
	ck_assert_int_eq(mapping_read(p, log, 0, 5, &brought), USE_DONE);
	for (u32 n = 0; n < 3; n++)
		ck_assert(swap_add(p, mapping_place(p, editor, n)->value));
	read_path("/proc/meminfo");
	has(_i ? "SwapCached:           12 kB\n" : "SwapCached:         12 kB\n");
	has(_i ? "AnonPages:            28 kB\n" : "AnonPages:          28 kB\n");
	has(_i ? "\nCached:               20 kB\n" : "\nCached:             20 kB\n");
	read_path("/proc/vmstat");
	has("nr_anon_pages 7\n");
	has("nr_file_pages 8\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("procfs");
	TCase *tc = tcase_create("procfs");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, buddyinfo);
	tcase_add_test(tc, buddyinfo_of_a_textbook);
	tcase_add_test(tc, buddyinfo_of_nodes);
	tcase_add_test(tc, pagetypeinfo);
	tcase_add_test(tc, pagetypeinfo_follows_the_state);
	tcase_add_test(tc, pagetypeinfo_of_a_shared_block);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, paths);
	tcase_add_test(tc, write_min_free_kbytes);
	tcase_add_test(tc, write_compact_memory);
	tcase_add_test(tc, zoneinfo_of_empty_zones);
	tcase_add_test(tc, zoneinfo_of_nodes);
	tcase_add_test(tc, zoneinfo_of_cpus);
	tcase_add_test(tc, meminfo);
	tcase_add_test(tc, extfrag);
	tcase_add_test(tc, show_mem_2_6);
	tcase_add_test(tc, show_mem_2_6_without_highmem);
	tcase_add_test(tc, show_mem_6_1);
	tcase_add_loop_test(tc, swap_cache, 0, 2);
	tcase_add_test(tc, show_mem_types);
	tcase_add_test(tc, show_mem_nodes);
	tcase_add_test(tc, show_mem_of_a_textbook);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
