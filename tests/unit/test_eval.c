/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What statements give and do, on the textbook machine and on i386. */
#include "tests/unit/eval.h"

#include <locale.h>

static void setup_textbook(void)
{
	open_machine("textbook-1M");
}

static void setup_i386(void)
{
	open_machine("i386-2.6.18");
}

static void setup_x86_64(void)
{
	open_machine("x86_64-6.1-slub");
}

START_TEST(arithmetic_is_that_of_c)
{
	assert_value("1 + 2 * 3", "7");
	assert_value("7 / 2, -7 / 2, -7 % 3", "3 -3 -1");
	assert_value("6 & 3, 6 | 3, 6 ^ 3, ~6", "2 7 5 -7");
	assert_value("1 << 10, 1024 >> 3, -8 >> 1", "1024 128 -4");
	assert_value("1 < 2, 2 <= 1, 3 > 3, 3 >= 3, 1 == 1, 1 != 1", "1 0 0 1 1 0");
	assert_value("2 && 3, 0 || 0, !5, !0", "1 0 0 1");
	assert_value("1 ? 2 : 3, 0 ? 2 : 3", "2 3");
	assert_value("0 && 1 / 0, 1 || 1 / 0", "0 1");
	assert_value("PAGE_SIZE, PAGE_SHIFT, MAX_ORDER", "1024 10 11");
	assert_value("3.6K, 1K == 1024", "3687 1");
	assert_value("\"a\" + \"b\", \"a\" == \"a\", \"a\" == \"b\"", "ab 1 0");
}
END_TEST

/* What has none is not even done. */
START_TEST(arguments_must_have_a_value)
{
	assert_fails("show vars", "column 6: vars has no value");
	assert_fails("print help", "column 7: help has no value");
	assert_fails("free_pages(free_pages(NULL, 0), 0)", "column 12: free_pages has no value");
	assert_fails("1 + vars()", "column 5: vars has no value");
}
END_TEST

START_TEST(filters_say_what_is_wrong)
{
	assert_fails("vars | cut -c 12345", "column 8: \"12345\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -c 0-2", "column 8: \"0-2\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -f 1-2-3", "column 8: \"1-2-3\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -f 5-3", "column 8: \"5-3\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -f 1,", "column 8: \"1,\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -f -", "column 8: \"-\" is no list of numbers from 1 to 1000, as 1,3-5");
	assert_fails("vars | cut -f 1 -d ab", "column 8: fields are divided by one character, not \"ab\"");
	assert_fails("vars | cut", "column 8: cut takes either -f or -c, with a list as 1,3-5");
	assert_fails("vars | sort -k 0", "column 8: \"0\" is no field: there are 3, 3,4 and 3n");
	assert_fails("vars | sort -k 1 -k 2", "column 8: sort goes by one field: give one -k");
	assert_fails("vars | head -n x", "column 8: \"x\" is no number of lines");
}
END_TEST

START_TEST(arithmetic_that_has_no_result_is_an_error)
{
	assert_fails("1 / 0", "column 3: division by zero");
	assert_fails("1 % 0", "column 3: division by zero");
	assert_fails("1 << 64", "column 3: a shift must be by 0 to 63 bits");
	assert_fails("1 << -1", "column 3: a shift must be by 0 to 63 bits");
	assert_fails("9223372036854775807 + 1", "column 21: the result does not fit in 64 bits");
	assert_fails("-9223372036854775807 - 2", "column 22: the result does not fit in 64 bits");
	assert_fails("3037000500 * 3037000500", "column 12: the result does not fit in 64 bits");
	assert_fails("1 << 63", "column 3: the result does not fit in 64 bits");
	assert_fails("(-9223372036854775807 - 1) / -1", "column 28: the result does not fit in 64 bits");
	assert_fails("\"a\" * 2", "column 5: a string cannot be reckoned with");
	ck_assert_int_eq(run("t = \"a\"; repeat 20 t = t + t; len(t)"), SHELL_DONE);
	assert_fails("t + \"a\"", "column 3: a string can be joined to 1048576 bytes at most");
	assert_fails("repeat 1000 t = t + t",
		     "column 19: a string can be joined to 1048576 bytes at most (in round 1 of 1000)");
	assert_fails("[1] + 1", "column 5: a vector cannot be reckoned with");
	assert_fails("nothing_of_this_name", "column 1: nothing is called \"nothing_of_this_name\"");
	assert_fails("page_siz", "column 1: nothing is called \"page_siz\"; did you mean PAGE_SIZE?");
}
END_TEST

START_TEST(vectors_are_cut_as_in_python)
{
	ck_assert_int_eq(run("v = [0, 1, 2, 3, 4, 5]"), SHELL_DONE);
	assert_value("v[0], v[5], v[-1], v[-6], len(v)", "0 5 5 0 6");
	assert_value("v[1:4]", "[1, 2, 3]");
	assert_value("v[:2], v[4:], v[-2:], v[:-4]", "[0, 1] [4, 5] [4, 5] [0, 1]");
	assert_value("v[::2], v[1::2], v[::-1]", "[0, 2, 4] [1, 3, 5] [5, 4, 3, 2, 1, 0]");
	assert_value("v[4:1:-2], v[9:], v[3:1], v[-99:99:3]", "[4, 2] [] [] [0, 3]");
	assert_value("v[1:][0], [[1, 2], 3][2]", "1 3");
	assert_fails("v[6]", "column 3: there is no item 6: the vector has 0 to 5, or -1 to -6");
	assert_fails("v[-7]", "column 3: there is no item -7: the vector has 0 to 5, or -1 to -6");
	assert_fails("v[::0]", "column 5: the step of a slice cannot be 0");
	assert_fails("v[\"a\"]", "column 3: an index is a number, not a string");
	assert_fails("PAGE_SIZE[0]", "column 1: only a vector has items, not a number");
	assert_fails("v[][0]", "column 3: a value is expected here");
	assert_prints("v[] = 6", "v[] = 6\n");
	assert_prints("w[] = [1, 2]; w[] = 3", "w[] = [1, 2]\nw[] = 3\n");
	assert_value("len(v), w", "7 [1, 2, 3]");
	ck_assert_int_eq(run("x = 1"), SHELL_DONE);
	assert_fails("x[] = 2", "column 1: x is a number and no vector; \"x = []\" makes it one");
}
END_TEST

START_TEST(buddy_exercise_is_answered)
{
	assert_prints("A = alloc_pages size=100K", "A = alloc_pages(GFP_KERNEL, 7) = pfn 0x0\n");
	assert_prints("B = alloc_pages(GFP_KERNEL, get_order(240K)); C = alloc_pages size=64K",
		      "B = alloc_pages(GFP_KERNEL, 8) = pfn 0x100\nC = alloc_pages(GFP_KERNEL, 6) = pfn 0x80\n");
	assert_prints("blocks", "A128 C64 64 B256 512\n");
	assert_prints("free A", "free(pfn 0x0)\n");
	assert_prints("E = alloc_pages 7", "E = alloc_pages(GFP_KERNEL, 7) = pfn 0x0\n");
	/* A still has the number of the block that E got later. */
	assert_prints("blocks", "E128 C64 64 B256 512\n");
	assert_prints("A2 = E; blocks 0 127", "A2 = pfn 0x0\nE128\n");
	assert_prints("repeat 2 v[] = alloc_pages 9", "");
	assert_value("v", "[pfn 0x200, NULL]");
	assert_prints("blocks", "E128 C64 64 B256 v512\n");
}
END_TEST

START_TEST(what_fails_changes_nothing)
{
	ck_assert_int_eq(run("p = alloc_pages 3"), SHELL_DONE);
	assert_fails("__free_pages(p, 2)", "column 1: wrong order: the block at page frame 0x0 has order 3, not 2");
	assert_fails("__free_pages(p + 1, 0)",
		     "column 1: page frame 0x1 is inside the block 0x0 of order 3: only its first frame can be freed");
	assert_fails("{ q = alloc_page; __free_page(p) }",
		     "column 19: wrong order: the block at page frame 0x0 has order 3, not 0");
	assert_fails("repeat 5 { q[] = alloc_page; q[3] }",
		     "column 32: there is no item 3: the vector has 0 to 0, or -1 to -1 (in round 1 of 5)");
	assert_fails("p = p[0]", "column 5: only a vector has items, not a page");
	ck_assert_int_eq(run("n = 1; v = [1]"), SHELL_DONE);
	assert_fails("{ n = 2; v[] = 2; for n in [3] v[] = n; __free_pages(p, 2) }",
		     "column 41: wrong order: the block at page frame 0x0 has order 3, not 2");
	assert_fails("for n in [7, 8] { v = n; n[0] }",
		     "column 26: only a vector has items, not a number (in round 1 of 2)");
	assert_value("n, v", "1 [1]");
	assert_fails("__free_pages(NULL, 0)", "column 14: the page is NULL: the kernel would oops here");
	ck_assert_int_eq(run("__free_pages(p, 3)"), SHELL_DONE);
	assert_fails("__free_pages(p, 3)",
		     "column 1: double free: page frame 0x0 is free already, in the free block 0x0 of order 10");
}
END_TEST

START_TEST(arguments_are_checked)
{
	assert_fails("alloc_pages(3)", "column 1: alloc_pages lacks its argument \"order\": "
				       "struct page *alloc_pages(gfp_t gfp, unsigned int order)");
	assert_fails("alloc_pages(GFP_KERNEL, 3, 4)", "column 28: an argument too many for alloc_pages: "
						      "struct page *alloc_pages(gfp_t gfp, unsigned int order)");
	assert_fails("alloc_pages(3, GFP_KERNEL)", "column 16: \"order\" must be a number, not a gfp mask");
	assert_fails("alloc_pages(GFP_KERNEL, -1)", "column 25: \"order\" is out of range");
	assert_fails("alloc_pages ordr=3", "column 13: alloc_pages has no argument \"ordr\"; did you mean order?");
	assert_fails("alloc_pages order=3 order=4", "column 21: order is given twice");
	assert_fails("alloc_pages \"3\"", "column 13: \"order\" must be a number, not a string");
	assert_fails("alloc_pages 1 2 3", "column 17: an argument too many for alloc_pages: "
					  "struct page *alloc_pages(gfp_t gfp, unsigned int order)");
	assert_fails("undo 1 2", "column 8: an argument too many for undo: undo [count]");
	assert_fails("save(3)", "column 6: \"file\" cannot be a number; it is text, in quotes");
	assert_fails("show", "column 1: show lacks its argument \"values\": show values ...");
	assert_fails("len(3)", "column 1: a number has no length");
}
END_TEST

/* In words, types tell which argument is which. */
START_TEST(words_are_told_apart_by_type)
{
	assert_begins("alloc_pages 1", "alloc_pages(GFP_KERNEL, 1) = pfn");
	assert_begins("alloc_pages GFP_ATOMIC 1", "alloc_pages(GFP_ATOMIC, 1) = pfn");
	assert_begins("alloc_pages 1 GFP_ATOMIC", "alloc_pages(GFP_ATOMIC, 1) = pfn");
	assert_begins("alloc_pages 0x10 1", "alloc_pages(GFP_NOIO, 1) = pfn");
	assert_begins("alloc_pages order=1 gfp=GFP_NOFS", "alloc_pages(GFP_NOFS, 1) = pfn");
	assert_begins("a = __get_free_pages 1", "a = __get_free_pages(GFP_KERNEL, 1) = 0xc");
	assert_begins("free_pages 1 a", "free_pages(0xc");
}
END_TEST

START_TEST(pages_and_addresses_are_not_mixed_up)
{
	ck_assert_int_eq(run("a = __get_free_page GFP_KERNEL; p = alloc_page"), SHELL_DONE);
	assert_fails("__free_page(a)", "column 13: \"page\" cannot be an address; virt_to_page() finds its page");
	assert_fails("free_page(p)", "column 11: \"addr\" cannot be a page; page_address() gives its address");
	assert_fails("free_page(0x1000)", "column 1: 0x1000 is not in the direct map, which begins at 0xc0000000");
	assert_value("virt_to_page(a + 17) == virt_to_page(a), page_address(virt_to_page(a)) == a", "1 1");
	assert_value("pfn_to_page(page_to_pfn(p)) == p, p + 1 - p, p == NULL, p != 0", "1 1 0 1");
	assert_fails("p * 2", "column 3: to a page one can only add and subtract; page_to_pfn() makes it a number");
	assert_fails("p + a", "column 3: a page and an address cannot be reckoned with together");
	assert_value("p.order, p.state, a->zone, frame[p].owner", "0 used Normal 2");
	assert_prints("free_page(0)", "free_page(NULL)\n");
	assert_fails("__free_page(pfn_to_page(0))", "column 1: page frame 0x0 is reserved: the kernel took it at boot, "
						    "nobody allocated it");
}
END_TEST

START_TEST(high_memory_has_no_address)
{
	assert_prints("get_zeroed_page(GFP_KERNEL|__GFP_HIGHMEM)",
		      "------------[ cut here ]------------\nkernel BUG at mm/page_alloc.c!\n"
		      "The kernel is down. undo goes back to before, reset boots again.\n"
		      "get_zeroed_page(GFP_KERNEL|__GFP_HIGHMEM) = NULL\n");
	assert_begins("undo", "at the beginning");
	ck_assert_int_eq(run("p = alloc_page GFP_HIGHUSER; free p; a = __get_free_page(GFP_HIGHUSER)"), SHELL_DONE);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&out),
				     " lies in high memory and has no address: the caller gets 0, and "
				     "the page is lost to it\n"));
	assert_value("a, page_address(p), p.zone, p.state, p.owner", "NULL NULL HighMem used 3");
}
END_TEST

START_TEST(functions_go_through_vectors)
{
	ck_assert_int_eq(run("n = zone.Normal.pcp.hot.count"), SHELL_DONE);
	assert_prints("repeat 6 objs[] = alloc_page", "");
	assert_value("n - zone.Normal.pcp.hot.count", "6");
	assert_begins("__free_pages(objs[::3], 0)", "__free_pages([pfn 0x");
	assert_begins("__free_pages(objs[1:3], [0, 0])", "__free_pages([pfn 0x");
	assert_fails("__free_pages(objs[4:], [0])",
		     "column 24: vectors that are used together must have equally many items: 2 and 1");
	assert_value("get_order([1, 5000, 1M])", "[0, 1, 8]");
	assert_prints("for p in objs[4:] __free_page(p)", "");
	assert_value("n - zone.Normal.pcp.hot.count, p == objs[5]", "0 1");
	ck_assert_int_eq(run("free objs"), SHELL_ERROR);
	assert_value("n - zone.Normal.pcp.hot.count", "0");
}
END_TEST

START_TEST(state_can_be_asked)
{
	assert_value("zone.Normal.start_pfn, zone.Normal.present, zone.DMA.start_pfn", "4096 225280 0");
	assert_value("len(zone.Normal.nr_free), len(zone.Normal.list[10]) == zone.Normal.nr_free[10]", "11 1");
	assert_value("zone[1].start_pfn, zone[\"Normal\"].start_pfn", "4096 4096");
	assert_value("zone.Normal.pcp.hot.list[0] == zone.Normal.pcp[0].hot.list[0]", "1");
	assert_value("zone.Normal.list[10].U[0] == zone.Normal.list[10][0]", "1");
	assert_value("machine.name, machine.kernel, cpu, session.number, mem.free < mem.total",
		     "i386-2.6.18 2.6.18 0 0 1");
	assert_value("frame[0].state, frame[0x100000].state, frame[0x100000].zone == \"\"", "reserved none 1");
	assert_value("len(state.hash), len(state.lists)", "16 16");
	assert_value("zone.DMA.lowmem_reserve[2], len(zone.DMA.lowmem_reserve)", "880 4");
	assert_value("zone.DMA.lowmem_reserve[3] == (zone.DMA.lowmem_reserve)[3]", "1");
	assert_value("sysctl.vm.swappiness, sysctl.vm.min_free_kbytes == mem.min_free_kbytes", "60 1");
	assert_value("sysctl.vm.lowmem_reserve_ratio", "[256, 256, 32]");
	assert_fails("sysctl.vm.nothing", "column 1: the kernel of this machine has no /proc/sys/vm/nothing");
	assert_fails("zone.Norml.free", "column 6: zone has no \"Norml\"; did you mean Normal?");
	assert_fails("zone.Normal.fre", "column 13: zone.Normal has no \"fre\"; did you mean free?");
	assert_fails("zone.Normal.nr_free[11]", "column 21: the order must be 0 to 10");
	assert_fails("zone.Normal.pcp[1].count", "column 17: the CPU must be 0 to 0");
	assert_fails("zone.Normal.pcp.list[0]", "column 1: the CPUs of this machine have no lists by order and type");
	assert_fails("zone[9].free", "column 6: the zone's number must be 0 to 2");
	assert_fails("zone.Normal.free[0]", "column 1: only a vector has items, not a number");
	assert_fails("mem", "column 1: mem is not a value; of it there are: total, free, min_free_kbytes");
	assert_fails("frame", "column 1: frame is not a value; of it there are: an index");
}
END_TEST

START_TEST(kernels_have_their_own_names)
{
	assert_fails("free_cold_page(1)",
		     "column 1: the kernel of this machine (6.1) has no free_cold_page; it is in that of "
		     "i386-2.6.18, i386-2.6.18-pae");
	ck_assert_int_eq(run("help free_cold_page"), SHELL_DONE);
	ck_assert_ptr_nonnull(strstr(
	    strbuf_str(&out), "Not in the kernel of this machine, but in that of i386-2.6.18, i386-2.6.18-pae."));
	ck_assert_int_eq(run("reset i386-2.6.18"), SHELL_DONE);
	assert_fails("alloc_pages_bulk(GFP_KERNEL, 3)",
		     "column 1: the kernel of this machine (2.6.18) has no alloc_pages_bulk; it is in that of "
		     "i386-6.1-slab, x86_64-6.1-slub, embedded-6.1");
	ck_assert_int_eq(run("reset x86_64-6.1-slub"), SHELL_DONE);
	assert_fails("__GFP_COLD",
		     "column 1: the kernel of this machine (6.1) has no __GFP_COLD, 2.6.18 has it: there are no "
		     "cold lists any more");
	assert_fails("__GFP_WAIT",
		     "column 1: the kernel of this machine (6.1) has no __GFP_WAIT, 2.6.18 has it: it was divided "
		     "in 4.4: __GFP_KSWAPD_RECLAIM is the other part; the nearest here is __GFP_DIRECT_RECLAIM");
	assert_value("len(zone.DMA32.pcp.list) == zone.DMA32.pcp.count, zone.DMA32.pcp.count > 0", "1 1");
	assert_fails("zone.DMA32.pcp.list[12]", "column 21: the list's number must be 0 to 11");
	assert_value("zone.DMA32.pageblocks.H, zone.DMA32.pageblocks.U + zone.DMA32.pageblocks.M > 0", "0 1");
	assert_fails("zone.Normal.pcp.hot.count", "column 1: the CPUs of this machine have no hot and cold lists");
	assert_value("GFP_KERNEL, 0xffff888000000000 == PAGE_OFFSET, PAGE_OFFSET > 1", "0xcc0 1 1");
	ck_assert_int_eq(run("a = __get_free_page(GFP_KERNEL|__GFP_HIGHMEM)"), SHELL_DONE);
	assert_value("a != NULL, (a - PAGE_OFFSET) % PAGE_SIZE", "1 0");
	ck_assert_int_eq(run("a = get_zeroed_page(GFP_KERNEL|__GFP_HIGHMEM)"), SHELL_DONE);
}
END_TEST

/* Prints something that begins and ends so, with what is in memory between. */
static void assert_report(const char *text, const char *first, const char *last)
{
	const char *all;
	size_t length;

	ck_assert_int_eq(run(text), SHELL_DONE);
	all = strbuf_str(&out);
	length = strlen(all);
	ck_assert_msg(strncmp(all, first, strlen(first)) == 0, "%s", all);
	ck_assert_msg(length > strlen(last) && strcmp(all + length - strlen(last), last) == 0, "%s", all);
	ck_assert_ptr_nonnull(strstr(all, "Normal free:"));
}

START_TEST(failure_is_reported_as_the_kernel_does)
{
	ck_assert_int_eq(run("reset i386-2.6.18 mem=64M; repeat 20 alloc_pages(GFP_NOWAIT|__GFP_NOWARN, 10)"),
			 SHELL_DONE);
	assert_report("p = alloc_pages(GFP_ATOMIC, 10)",
		      "kmemlab: page allocation failure. order:10, mode:0x20\nMem-info:\nDMA per-cpu:\n",
		      "0 pages pagetables\np = alloc_pages(GFP_ATOMIC, 10) = NULL\n");
	assert_prints("alloc_pages(GFP_ATOMIC|__GFP_NOWARN, 10)", "alloc_pages(GFP_ATOMIC|__GFP_NOWARN, 10) = NULL\n");
	/* This kernel looks for an order that cannot be as for any other. */
	assert_report("alloc_pages(GFP_KERNEL, 11)",
		      "kmemlab: page allocation failure. order:11, mode:0xd0\nMem-info:\n",
		      "alloc_pages(GFP_KERNEL, 11) = NULL\n");
	assert_prints("alloc_pages(GFP_KERNEL|__GFP_NOWARN, 11)", "alloc_pages(GFP_KERNEL|__GFP_NOWARN, 11) = NULL\n");
}
END_TEST

START_TEST(expect_tells_both_sides)
{
	assert_prints("expect 1 + 1 == 2", "ok: 1 + 1 == 2\n");
	assert_prints("expect 1 + 1 == 3", "FAILED: 1 + 1 == 3: left is 2, right is 3\n");
	assert_prints("expect 0", "FAILED: 0: it is 0\n");
	assert_prints("expect NULL == 0 && \"a\" == \"a\"", "ok: NULL == 0 && \"a\" == \"a\"\n");
	assert_fails("expect 1 / 0 == 1", "column 10: division by zero");
	ck_assert_int_eq(run("p = alloc_page"), SHELL_DONE);
	assert_prints("expect refused __free_pages(p, 1)",
		      "refused: wrong order: the block at page frame 0x0 has order 0, not 1\nok: __free_pages(p, 1)\n");
	assert_prints("expect refused __free_page(p)", "FAILED: __free_page(p): the machine accepts it\n");
	assert_value("p.state, session.number", "used 1");
	assert_fails("expect refused __free_page(misspelt)", "column 28: nothing is called \"misspelt\"");
	assert_prints("expect refused __free_page(NULL)",
		      "refused: the page is NULL: the kernel would oops here\nok: __free_page(NULL)\n");
	assert_fails(
	    "expect refused alloc_pages(1)",
	    "column 16: alloc_pages lacks its argument \"order\": struct page *alloc_pages(gfp_t gfp, unsigned "
	    "int order)");
}
END_TEST

/* Sizes that are the same in all kernels. */
static void assert_fixed_sizes(void)
{
	assert_value("sizeof(char), sizeof(unsigned short), sizeof(int), sizeof(long long int)", "1 2 4 8");
	assert_value("sizeof(unsigned), sizeof(int short), sizeof(signed char), sizeof(const int)", "4 2 1 4");
	assert_value("sizeof(u8), sizeof(s16), sizeof(__u32), sizeof(u64), sizeof(bool)", "1 2 4 8 1");
	assert_value("sizeof(pid_t), sizeof(gfp_t)", "4 4");
}

#define NO_SIZE "how large this is on this machine is not known: write the number of bytes in place of the sizeof"

START_TEST(sizeof_has_words_of_4)
{
	assert_fixed_sizes();
	assert_value("sizeof(long), sizeof(long unsigned int), sizeof(size_t), sizeof(void *)", "4 4 4 4");
	assert_value("sizeof(struct foo *), sizeof(char **), sizeof(struct list_head)", "4 4 8");
	assert_value("sizeof(struct page), sizeof(struct vm_struct)", "32 28");
	assert_value("sizeof(struct kmem_cache)", "80");
	assert_begins("buf = kmalloc(sizeof(int) * 10, GFP_KERNEL)", "buf = kmalloc(40, GFP_KERNEL) = 0x");
	assert_fails("kmalloc(3 * sizeof(struct foo), GFP_KERNEL)", "column 20: " NO_SIZE);
	assert_fails("sizeof(buf)", "column 8: " NO_SIZE);
	assert_fails("sizeof(long long long)", "column 8: " NO_SIZE);
	assert_fails("sizeof(unsigned u32)", "column 8: " NO_SIZE);
	assert_fails("sizeof(void)", "column 8: " NO_SIZE);
	assert_fails("kmalloc(sizeof(*buf), GFP_KERNEL)", "column 15: " NO_SIZE);
}
END_TEST

START_TEST(sizeof_has_words_of_8)
{
	assert_fixed_sizes();
	assert_value("sizeof(long), sizeof(unsigned long), sizeof(size_t), sizeof(void *)", "8 8 8 8");
	assert_value("sizeof(struct list_head), sizeof(struct page), sizeof(struct vm_struct)", "16 64 64");
	assert_value("sizeof(struct kmem_cache)", "192");
}
END_TEST

START_TEST(sizeof_of_a_textbook_has_no_words)
{
	assert_fixed_sizes();
	assert_fails("sizeof(long)", "column 8: " NO_SIZE);
	assert_fails("sizeof(void *)", "column 8: " NO_SIZE);
	assert_fails("sizeof(struct page)", "column 8: " NO_SIZE);
	assert_fails("sizeof(struct kmem_cache)", "column 8: " NO_SIZE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("eval");
	const TTest *const textbook[] = {
		arithmetic_is_that_of_c,
		arguments_must_have_a_value,
		filters_say_what_is_wrong,
		arithmetic_that_has_no_result_is_an_error,
		vectors_are_cut_as_in_python,
		buddy_exercise_is_answered,
		what_fails_changes_nothing,
		arguments_are_checked,
		expect_tells_both_sides,
		sizeof_of_a_textbook_has_no_words,
		NULL,
	};
	const TTest *const i386[] = {
		words_are_told_apart_by_type, pages_and_addresses_are_not_mixed_up,
		high_memory_has_no_address,   functions_go_through_vectors,
		state_can_be_asked,           failure_is_reported_as_the_kernel_does,
		sizeof_has_words_of_4,        NULL,
	};
	const TTest *const x86_64[] = { kernels_have_their_own_names, sizeof_has_words_of_8, NULL };

	setlocale(LC_ALL, "C.UTF-8");
	add(suite, "textbook", setup_textbook, textbook);
	add(suite, "i386-2.6.18", setup_i386, i386);
	add(suite, "x86_64-6.1", setup_x86_64, x86_64);
	return run_suite(suite);
}
