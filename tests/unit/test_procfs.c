/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's texts: form, figures, and what is refused. */
#include "machine/machine.h"
#include "phys/load.h"
#include "phys/pageblock.h"
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
	ck_assert_ptr_nonnull(strstr(st.message, "kernel has no such file; there is /proc/buddyinfo"));
	ck_assert(!procfs_read(&m, "/proc/budyinfo", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "did you mean /proc/buddyinfo?"));
	ck_assert(!procfs_read(&m, "/etc/passwd", &out, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "there is /proc/buddyinfo"));
	ck_assert_uint_eq(out.length, 0);
}
END_TEST

START_TEST(paths)
{
	ck_assert_str_eq(procfs_path(0), "/proc/buddyinfo");
	ck_assert_str_eq(procfs_path(1), "/proc/pagetypeinfo");
	ck_assert_ptr_null(procfs_path(2));
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
	ck_assert(machine_init(&m, &c, &st));
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
	tcase_add_test(tc, show_mem_2_6);
	tcase_add_test(tc, show_mem_2_6_without_highmem);
	tcase_add_test(tc, show_mem_6_1);
	tcase_add_test(tc, show_mem_types);
	tcase_add_test(tc, show_mem_nodes);
	tcase_add_test(tc, show_mem_of_a_textbook);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
