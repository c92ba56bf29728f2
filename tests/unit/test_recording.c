/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings: what is read, what is refused and where, and that the model repeats them. */
#include "session/recording.h"
#include "session/recording_parse.h"
#include "session/verify.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/*
 * A whole recording of a machine of 16 frames and three orders:
 *
 *   frame  0     4     8     12    16
 *          | used      | 8: order 2 | 12: order 2 |
 *
 * The lists are those of a kernel 2.6: one for each order, hot and cold.
 */
#define HEADER                                                                                      \
	"mmrec 1\n"                                                                                 \
	"K kernel=2.6.18 arch=i386 allocator=SLAB smp=0 cpus=1 migratetypes=0 pcp_lists=hot,cold\n" \
	"K cmdline=kernel=9.9 PAGE_SIZE=1\n"                                                        \
	"K PAGE_SIZE=4096 PAGE_OFFSET=c0000000 high_memory=c0010000 MAX_ORDER=3\n"                  \
	"Z DMA idx=0 start_pfn=0 spanned=16 present=16 min=1 low=1 high=1 lowmem_reserve=0,0,0,0"   \
	" hot_high=4 hot_batch=2 cold_high=2 cold_batch=1\n"                                        \
	"ZL gfp_zone=0: DMA\n"                                                                      \
	"TEXT begin buddyinfo\nop 9 is no operation here\nENDTEXT\n"

#define SNAPSHOT(name, free, lists, pcp, state)                                                                       \
	"SNAP " name "\nT min_free_kbytes=4\nZONE DMA idx=0 free=" free " wm=1/1/1\n" lists "PC DMA 0 hot count=" pcp \
	" high=4 batch=2\n"                                                                                           \
	"PC DMA 0 cold count=0 high=2 batch=1\nS " state "\nENDSNAP\n"

#define TWO_BLOCKS "F DMA 2 U: 8*2\n"
#define BEGIN SNAPSHOT("begin op=0", "8", TWO_BLOCKS, "0", "15890e0bcea1ef18")

static char path[] = "test_recording.XXXXXX";
static struct verify_result result;
static struct status st;

static void setup(void)
{
	int fd;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	st = (struct status)STATUS_INIT;
	memset(&result, 0, sizeof(result));
}

static void teardown(void)
{
	unlink(path);
	verify_result_free(&result);
}

static void write_bytes(const void *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

static bool verify_text(const char *text)
{
	write_bytes(text, strlen(text));
	verify_result_free(&result);
	return verify_file(path, NULL, &result, &st);
}

/* The text is refused with "FILE:LINE: ...MESSAGE...". */
static void refused(const char *text, unsigned line, const char *message)
{
	char where[64];

	snprintf(where, sizeof(where), "%s:%u: ", path, line);
	ck_assert_msg(!verify_text(text), "accepted: %s", text);
	ck_assert_msg(strncmp(st.message, where, strlen(where)) == 0, "\"%s\" does not begin with \"%s\"", st.message,
		      where);
	ck_assert_msg(strstr(st.message, message) != NULL, "\"%s\" does not say \"%s\"", st.message, message);
}

#define OP_1                                                                                             \
	"op 1 alloc h=0 order=1 gfp=0xd0:GFP_KERNEL\nr pfn=8 zone=DMA va=c0008000\n"                     \
	"c free DMA 1 U 0>1 h=29620f91 head=10 tail=10\nc free DMA 2 U 2>1 h=29627fe7 head=12 tail=12\n" \
	"c zone DMA free=6\ns 557ee553a738b982\n"
#define OP_2                                                           \
	"op 2 free h=0 pfn=8 order=1\nc free DMA 1 U 1>0 h=4fd0bfc1\n" \
	"c free DMA 2 U 1>2 h=bd4f2c06 head=8 tail=12\nc zone DMA free=8\ns 15890e0bcea1ef18\n"
#define END SNAPSHOT("end op=3", "8", TWO_BLOCKS, "0", "15890e0bcea1ef18") "END\n"
#define WHOLE HEADER BEGIN OP_1 OP_2 END

/* HEADER has 9 lines and BEGIN 8: the first operation begins at line 18, the second at 24, END's SNAP at 29. */

START_TEST(a_recording_is_repeated)
{
	ck_assert_msg(verify_text(WHOLE), "%s", st.message);
	ck_assert_msg(result.outcome == VERIFY_EXACT, "line %llu: expected %s, got %s", (unsigned long long)result.line,
		      strbuf_str(&result.expected), strbuf_str(&result.got));
	ck_assert_uint_eq(result.operations, 2);
	ck_assert_uint_eq(result.exact, 2);
	ck_assert_uint_eq(result.before, 0);
	ck_assert_uint_eq(result.drifts, 0);
}
END_TEST

START_TEST(the_first_difference_is_told)
{
	ck_assert_msg(verify_text(HEADER BEGIN "op 1 alloc h=0 order=1 gfp=0xd0:GFP_KERNEL\n"
					       "r pfn=12 zone=DMA va=c000c000\ns 557ee553a738b982\n" OP_2 END),
		      "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_DIFFERS);
	ck_assert_uint_eq(result.line, 19);
	ck_assert_uint_eq(result.operation, 1);
	ck_assert_uint_eq(result.operations, 2);
	ck_assert_uint_eq(result.exact, 0);
	ck_assert_str_eq(strbuf_str(&result.name), "alloc");
	ck_assert_str_eq(strbuf_str(&result.expected), "pfn=12 zone=DMA va=c000c000");
	ck_assert_str_eq(strbuf_str(&result.got), "pfn=8 zone=DMA va=c0008000");
	ck_assert_ptr_nonnull(strstr(strbuf_str(&result.events), "split"));
}
END_TEST

START_TEST(what_is_not_modelled_is_told)
{
	ck_assert_msg(verify_text(HEADER BEGIN OP_1 "op 2 no_such_operation h=1\nr 0\n"
						    "c zone DMA free=6 wm=2/2/3\ns 557ee553a738b982\nEND\n"),
		      "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_NOT_MODELLED);
	ck_assert_str_eq(strbuf_str(&result.name), "no_such_operation");
	ck_assert_uint_eq(result.operation, 2);
	ck_assert_uint_eq(result.line, 24);
	ck_assert_uint_eq(result.exact, 1);
}
END_TEST

#define DRIFT "drift free DMA 2 U 2>1 h=2962003b head=8 tail=8\ndrift zone DMA free=4\n"
#define DRIFTED(lists) SNAPSHOT("later op=1", "4", lists "P DMA 0 0 hot: 14 \n", "1", "293d97d22af1c68a")
#define PCP_DRIFT "drift pcp DMA 0 0 hot 0>1 h=2962015d head=14 tail=14\ndrift pcpc DMA 0 hot count=1\n"
#define AFTER_DRIFT                                                                   \
	"op 1 alloc h=0 order=0 gfp=0xd0:GFP_KERNEL\nr pfn=14 zone=DMA va=c000e000\n" \
	"c pcp DMA 0 0 hot 1>0 h=4fd0bfc1\nc pcpc DMA 0 hot count=0\ns 2746fcafb6b110c6\n"

START_TEST(drift_is_taken_from_the_next_snapshot)
{
	ck_assert_msg(verify_text(HEADER BEGIN DRIFT PCP_DRIFT DRIFTED("F DMA 2 U: 8\n") AFTER_DRIFT "END\n"), "%s",
		      st.message);
	ck_assert_msg(result.outcome == VERIFY_EXACT, "line %llu: expected %s, got %s", (unsigned long long)result.line,
		      strbuf_str(&result.expected), strbuf_str(&result.got));
	ck_assert_uint_eq(result.drifts, 4);
	ck_assert_uint_eq(result.exact, 1);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&result.drift), "18: drift free DMA 2 U 2>1"));
}
END_TEST

START_TEST(a_snapshot_after_drift_differs_only_where_drift_says)
{
	ck_assert_msg(verify_text(HEADER BEGIN DRIFT DRIFTED("F DMA 2 U: 8\n") AFTER_DRIFT "END\n"), "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_DIFFERS);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&result.line_text), "hot"));
}
END_TEST

START_TEST(drift_without_a_snapshot_ends_it)
{
	ck_assert_msg(verify_text(HEADER BEGIN DRIFT PCP_DRIFT AFTER_DRIFT "END\n"), "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_DIFFERS);
	ck_assert_uint_eq(result.line, 22);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&result.expected), "drift at line 18"));
}
END_TEST

/* A recording that is exact up to a line that differs. */
static void differs(const char *text, unsigned line, const char *expected)
{
	ck_assert_msg(verify_text(text), "%s", st.message);
	ck_assert_msg(result.outcome == VERIFY_DIFFERS, "it does not differ: %s", text);
	ck_assert_msg(result.line == line, "line %llu: expected %s, got %s", (unsigned long long)result.line,
		      strbuf_str(&result.expected), strbuf_str(&result.got));
	ck_assert_msg(strstr(strbuf_str(&result.expected), expected) != NULL, "\"%s\" does not say \"%s\"",
		      strbuf_str(&result.expected), expected);
}

static void exact(const char *text, u64 operations, u64 drifts)
{
	ck_assert_msg(verify_text(text), "%s", st.message);
	ck_assert_msg(result.outcome == VERIFY_EXACT, "line %llu: expected %s, got %s", (unsigned long long)result.line,
		      strbuf_str(&result.expected), strbuf_str(&result.got));
	ck_assert_uint_eq(result.exact, operations);
	ck_assert_uint_eq(result.drifts, drifts);
}

/* A sysctl, the Z line behind it, and the snapshot that follows. */
#define SYSCTL(changes) "op 1 sysctl vm/min_free_kbytes=8\nr 1\n" changes "s 15890e0bcea1ef18\n"
#define MARKS "c zone DMA free=8 wm=2/2/3\n"
#define Z_AGAIN "Z DMA idx=0 min=2 low=2 high=3 lowmem_reserve=0,0,0,0\n"
#define SNAP_AFTER(kbytes, free, marks, lists, state)                                                       \
	"SNAP sysctl op=1\nT min_free_kbytes=" kbytes "\nZONE DMA idx=0 free=" free " wm=" marks "\n" lists \
	"PC DMA 0 hot count=0 high=4 batch=2\nPC DMA 0 cold count=0 high=2 batch=1\nS " state "\nENDSNAP\n"
#define AFTER_SYSCTL SNAP_AFTER("8", "8", "2/2/3", TWO_BLOCKS, "15890e0bcea1ef18")
#define NEXT "op 2 drain_local_pages\ns 15890e0bcea1ef18\nEND\n"

START_TEST(figures_follow_from_a_sysctl)
{
	exact(HEADER BEGIN SYSCTL(MARKS) Z_AGAIN AFTER_SYSCTL "CHECK DMA lists=8 pcp=0 nr_free_pages=8 ok0\n" NEXT, 2,
	      0);
	differs(HEADER BEGIN SYSCTL("c zone DMA free=8 wm=2/2/4\n") Z_AGAIN AFTER_SYSCTL NEXT, 20, "high=4");
	differs(HEADER BEGIN SYSCTL("") Z_AGAIN AFTER_SYSCTL NEXT, 20, "no change of zone DMA min=");
	differs(HEADER BEGIN SYSCTL(MARKS) "Z DMA idx=0 min=3 low=2 high=3 lowmem_reserve=0,0,0,0\n" AFTER_SYSCTL NEXT,
		22, "min=3");
	ck_assert_uint_eq(result.exact, 0);
	differs(HEADER BEGIN SYSCTL(MARKS) "Z DMA idx=0 min=2 low=2 high=3 lowmem_reserve=0,0,0,5\n" AFTER_SYSCTL NEXT,
		22, "lowmem_reserve=0,0,0,5");
	differs(HEADER BEGIN SYSCTL(MARKS) SNAP_AFTER("9", "8", "2/2/3", TWO_BLOCKS, "15890e0bcea1ef18") NEXT, 23,
		"min_free_kbytes=9");
	differs(HEADER BEGIN "op 1 sysctl vm/no_such_file=8\nr 1\ns 15890e0bcea1ef18\n" NEXT, 18, "done");
	differs(HEADER BEGIN "op 1 sysctl vm/min_free_kbytes=8\nr 2\n" MARKS "s 15890e0bcea1ef18\n" NEXT, 19, "2");
	refused(HEADER BEGIN "op 1 sysctl\nr 1\ns 15890e0bcea1ef18\nEND\n", 18, "/proc/sys");
	refused(HEADER BEGIN SYSCTL(MARKS) "Z DMA idx=0 min=2\nEND\n", 22, "low");
}
END_TEST

/* What a sysctl takes on the side, as the write needs objects. */
#define TAKEN "c free DMA 2 U 2>1 h=2962003b head=8 tail=8\nc zone DMA free=4 wm=2/2/3\n"
#define AFTER_TAKEN SNAP_AFTER("8", "4", "2/2/3", "F DMA 2 U: 8\n", "2746fcafb6b110c6")
#define NEXT_TAKEN "op 2 drain_local_pages\ns 2746fcafb6b110c6\nEND\n"

START_TEST(a_sysctl_may_take_objects)
{
	exact(HEADER BEGIN SYSCTL(TAKEN) Z_AGAIN AFTER_TAKEN NEXT_TAKEN, 2, 2);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&result.drift), "20: c free DMA 2 U 2>1"));
	differs(HEADER BEGIN SYSCTL("c free DMA 2 U 2>1 h=2962003b head=8 tail=8\nc zone DMA free=4 wm=2/2/4\n")
		    AFTER_TAKEN NEXT_TAKEN,
		21, "high=4");
	differs(HEADER BEGIN SYSCTL(TAKEN) NEXT_TAKEN, 23, "drift at line 20");
}
END_TEST

START_TEST(anything_may_happen_while_idle)
{
	exact(HEADER BEGIN "op 1 idle ms=10\nn ticks 1\n" TAKEN
			   "s 2746fcafb6b110c6\n" SNAP_AFTER("4", "4", "2/2/3", "F DMA 2 U: 8\n", "2746fcafb6b110c6")
			       NEXT_TAKEN,
	      2, 2);
	exact(HEADER BEGIN "op 1 idle ms=10\ns 15890e0bcea1ef18\n" NEXT, 2, 0);
	differs(HEADER BEGIN "op 1 idle ms=10\n" TAKEN "s 2746fcafb6b110c6\n" NEXT_TAKEN, 22, "drift");
}
END_TEST

START_TEST(the_recorders_own_check_is_compared)
{
	differs(HEADER BEGIN "CHECK DMA lists=9 pcp=0 nr_free_pages=8 ok0\nEND\n", 18, "lists=9");
	differs(HEADER BEGIN "CHECK DMA lists=8 pcp=1 nr_free_pages=8 ok0\nEND\n", 18, "pcp=1");
	differs(HEADER BEGIN "CHECK DMA lists=8 pcp=0 nr_free_pages=7 ok0\nEND\n", 18, "nr_free_pages=7");
	refused(HEADER BEGIN "CHECK Normal lists=8 pcp=0 nr_free_pages=7 ok0\n", 18, "zone");
}
END_TEST

/* A machine of 6.1 of 16 frames: the first eight are in use, the others are a CMA area of two page blocks. */
#define AREA_HEADER                                                                                  \
	"mmrec 1\n"                                                                                  \
	"K kernel=6.1.1 arch=i386 allocator=SLAB smp=0 cpus=1\n"                                     \
	"K PAGE_SIZE=4096 PAGE_OFFSET=c0000000 high_memory=c0010000 MAX_ORDER=4 pageblock_order=2\n" \
	"K page_group_by_mobility_disabled=0\n"                                                      \
	"Z Normal idx=0 start_pfn=0 spanned=16 present=16 managed=16 min=0 low=0 high=0"             \
	" lowmem_reserve=0,0,0,0 pcp_high=8 pcp_batch=1\n"
#define AREA_SNAPSHOT(free, lists, count, area, state)                                              \
	"SNAP s op=0\nT min_free_kbytes=0\nZONE Normal idx=0 free=" free " cma=" free               \
	" ha=0 boost=0 iso=0 flags=0 wm=0/0/0\nB Normal 0: UUCC\n" lists "PC Normal 0 count=" count \
	" high=8 batch=1 ff=0\n" area "S " state "\nENDSNAP\n"
#define AREA(used) "CMA 0 name=a base_pfn=8 count=8 order_per_bit=0 used:" used "\n"
#define AREA_BEGIN AREA_SNAPSHOT("8", "F Normal 3 C: 8\n", "0", AREA(""), "c132eb5452b653ef")
#define TAKE "op 1 cma_alloc h=1 count=4 align=0 area=0\nr pfn=8 zone=Normal migrations=0\n"
#define TAKE_CHANGES                                                                           \
	"c free Normal 2 C 0>1 h=29627fe7 head=12 tail=12\nc free Normal 3 C 1>0 h=4fd0bfc1\n" \
	"c zone Normal free=4 cma=4\ns 780c3ae240dfc7cf\n"
#define AREA_TAKEN(used) AREA_SNAPSHOT("4", "F Normal 2 C: 12\n", "0", AREA(used), "780c3ae240dfc7cf")

START_TEST(areas_are_repeated)
{
	exact(AREA_HEADER AREA_BEGIN TAKE TAKE_CHANGES AREA_TAKEN(" 8*4") "END\n", 1, 0);
	differs(AREA_HEADER AREA_BEGIN TAKE TAKE_CHANGES AREA_TAKEN(" 8*3") "END\n", 27,
		"page 11 is there to be given out");
	differs(AREA_HEADER AREA_BEGIN TAKE TAKE_CHANGES AREA_TAKEN(" 8*5") "END\n", 27, "page 12 out");
	differs(AREA_HEADER AREA_BEGIN "op 1 cma_alloc h=1 count=4 align=0 area=0\nm h=0 9>3\nr pfn=8 zone=Normal "
				       "migrations=0\n" TAKE_CHANGES "END\n",
		16, "9>3");
	differs(AREA_HEADER AREA_BEGIN "op 1 cma_alloc h=1 count=4 align=0 area=0\nr NULL migrations=0\n" TAKE_CHANGES
				       "END\n",
		16, "NULL");
	refused(AREA_HEADER AREA_SNAPSHOT("8", "F Normal 3 C: 8\n", "0", AREA(" 8"), "0") "END\n", 12, "overlaps");
	refused(AREA_HEADER AREA_SNAPSHOT("8", "F Normal 3 C: 8\n", "0", AREA(" 7"), "0") "END\n", 12, "of the area");
	refused(AREA_HEADER AREA_SNAPSHOT("8", "", "0", "CMA 1 name=a base_pfn=8 count=8 order_per_bit=0 used:\n", "0"),
		11, "next CMA area");
	refused(AREA_HEADER AREA_SNAPSHOT("8", "", "0", "CMA 0 name=a base_pfn=8 count=9 order_per_bit=0 used:\n", "0"),
		11, "inside a zone");
	refused(AREA_HEADER AREA_BEGIN AREA_SNAPSHOT("8", "F Normal 3 C: 8\n", "0", "", "c132eb5452b653ef") "END\n", 22,
		"no line CMA");
	refused(AREA_HEADER AREA_BEGIN "op 1 cma_alloc h=1 count=4 align=0 area=1\nr NULL migrations=0\ns 0\nEND\n", 15,
		"area");
	refused(HEADER BEGIN "op 1 cma_alloc h=1 count=4 align=0 area=0\nr NULL migrations=0\ns 0\nEND\n", 18,
		"CMA area");
}
END_TEST

START_TEST(operations_before_the_first_snapshot_are_counted_apart)
{
	ck_assert_msg(verify_text(HEADER
				  "op 1 kmalloc h=0 size=8 gfp=0xd0:GFP_KERNEL\nr NULL\ns 15890e0bcea1ef18\n" BEGIN
				  "op 2 drain_local_pages\ns 15890e0bcea1ef18\nEND\n"),
		      "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_EXACT);
	ck_assert_uint_eq(result.before, 1);
	ck_assert_uint_eq(result.operations, 1);
	ck_assert_uint_eq(result.exact, 1);
}
END_TEST

START_TEST(a_snapshot_that_contradicts_itself_is_refused)
{
	refused(HEADER SNAPSHOT("a op=0", "8", TWO_BLOCKS, "0", "15890e0bcea1ef19") "END\n", 16, "state hash");
	refused(HEADER SNAPSHOT("a op=0", "9", TWO_BLOCKS, "0", "15890e0bcea1ef18") "END\n", 12, "free=9");
	refused(HEADER SNAPSHOT("a op=0", "8", TWO_BLOCKS, "1", "15890e0bcea1ef18") "END\n", 14, "count=1");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 2 U: 8 8\n", "0", "15890e0bcea1ef18") "END\n", 13, "overlaps");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 2 U: 9\n", "0", "15890e0bcea1ef18") "END\n", 13, "aligned");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 2 U: 16\n", "0", "15890e0bcea1ef18") "END\n", 13, "zone DMA");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 2 M: 8\n", "0", "15890e0bcea1ef18") "END\n", 13, "type U");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 3 U: 8\n", "0", "15890e0bcea1ef18") "END\n", 13, "order");
	refused(HEADER SNAPSHOT("a op=0", "8", "F HighMem 2 U: 8\n", "0", "15890e0bcea1ef18") "END\n", 13, "zone");
}
END_TEST

START_TEST(runs_that_are_too_long_are_refused_at_once)
{
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 1*4294967295\n", "0", "0") "END\n", 13, "page frames");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 1~3\n", "0", "0") "END\n", 13, "page frames");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 1*0\n", "0", "0") "END\n", 13, "page frames");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 1*4286578000\n", "0", "0") "END\n", 13, "zone DMA");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 99999999999999999999\n", "0", "0") "END\n", 13,
		"page frame");
	refused(HEADER SNAPSHOT("a op=0", "8", "F DMA 0 U: 1x\n", "0", "0") "END\n", 13, "space");
}
END_TEST

START_TEST(lines_out_of_place_are_refused)
{
	refused("", 0, "mmrec 1");
	refused("mmrec 2\n", 1, "mmrec 1");
	refused("hello\n", 1, "not a line");
	refused("mmrec 1\nmmrec 1\n", 2, "mmrec");
	refused("mmrec 1\n", 1, "END");
	refused("mmrec 1\nEND\n# more\n", 3, "behind END");
	refused(HEADER "F DMA 0 U: 8\n", 10, "cannot stand");
	refused(HEADER BEGIN "r NULL\n", 18, "cannot stand");
	refused(HEADER BEGIN OP_1 "K late=1\n", 24, "cannot stand");
	refused(HEADER BEGIN "op 1 alloc\nSNAP x op=1\n", 19, "cannot stand");
	refused(HEADER "TEXT begin meminfo\nfor ever\n", 10, "ENDTEXT");
	refused(HEADER BEGIN "op 1 alloc\n", 18, "in an operation");
	refused(HEADER "SNAP a op=0\n", 10, "in a snapshot");
	refused(HEADER "\x01\x02\n", 10, "not a line");
	refused(HEADER BEGIN OP_2 "END\n", 18, "operation 1");
	refused(HEADER "SNAP a op=0\nENDSNAP\nEND\n", 11, "(S)");
}
END_TEST

START_TEST(a_header_must_be_complete)
{
	refused("mmrec 1\n" BEGIN "END\n", 2, "kernel=");
	refused("mmrec 1\nK kernel=4.19.1 cpus=1\n", 2, "2.6.x or 6.1.x");
	refused("mmrec 1\nK kernel=2.6.18 cpus=0\n", 2, "CPU");
	refused("mmrec 1\nK kernel=2.6.18 cpus=65\n", 2, "cpus=");
	refused("mmrec 1\nK kernel=2.6.18 cpus=1\n" BEGIN "END\n", 3, "PAGE_SIZE=");
	refused("mmrec 1\nK PAGE_SIZE=4095 PAGE_OFFSET=0 high_memory=0 MAX_ORDER=3\n", 2, "power of two");
	refused("mmrec 1\nK PAGE_SIZE=4096 PAGE_OFFSET=0 high_memory=0 MAX_ORDER=99\n", 2, "MAX_ORDER=");
	refused("mmrec 1\nZ DMA idx=0\n", 2, "kernel");
	refused("mmrec 1\nK kernel=2.6.18 cpus=1\nZ DMA idx=4\n", 3, "idx=");
	refused("mmrec 1\nK kernel=2.6.18 cpus=1\nZ DMA idx=0 start_pfn=0 spanned=16 present=17 min=1 low=1 high=1 "
		"lowmem_reserve=0,0,0,0 hot_high=4 hot_batch=2 cold_high=2 cold_batch=1\n",
		3, "present=");
}
END_TEST

START_TEST(operations_must_be_complete)
{
	refused(HEADER BEGIN "op 1 alloc h=0 gfp=0xd0:GFP_KERNEL\nr NULL\ns 0\n", 18, "order=");
	refused(HEADER BEGIN "op 1 alloc h=0 order=1 gfp=d0\nr NULL\ns 0\n", 18, "0x");
	refused(HEADER BEGIN "op 1 alloc h=0 order=1 gfp=0xd0:GFP_KERNEL\ns 0\n", 18, "result");
	refused(HEADER BEGIN "op 1 alloc h=99999999 order=1 gfp=0xd0:GFP_KERNEL\nr NULL\ns 0\n", 18, "handle");
	refused(HEADER BEGIN "op 1 drain_local_pages\nc what\ns 0\n", 19, "free, pcp");
	refused(HEADER BEGIN "op 1 drain_local_pages\nc free DMA 1 U 0>1 h=0\ns 0\n", 19, "head=");
	refused(HEADER BEGIN "op 1 drain_local_pages\ns none\n", 19, "hash");
	refused(HEADER BEGIN "op 1 cpu 7\nr now on 7\ns 0\n", 18, "CPU");
	refused(HEADER BEGIN "op one\ns 0\n", 18, "number");
}
END_TEST

START_TEST(a_file_cut_short_is_refused)
{
	char packed[4096];
	size_t length;
	FILE *file;
	gzFile gz;

	gz = gzopen(path, "wb9");
	ck_assert_ptr_nonnull(gz);
	ck_assert_int_gt(gzputs(gz, WHOLE), 0);
	ck_assert_int_eq(gzclose(gz), Z_OK);
	ck_assert_msg(verify_file(path, NULL, &result, &st), "%s", st.message);
	ck_assert_int_eq(result.outcome, VERIFY_EXACT);
	verify_result_free(&result);

	file = fopen(path, "rb");
	ck_assert_ptr_nonnull(file);
	length = fread(packed, 1, sizeof(packed), file);
	fclose(file);
	for (size_t cut = 20; cut < length; cut += 7) {
		write_bytes(packed, cut);
		ck_assert(!verify_file(path, NULL, &result, &st));
		ck_assert_msg(strncmp(st.message, path, strlen(path)) == 0, "%s", st.message);
		verify_result_free(&result);
	}
	ck_assert(!verify_file("/nonexistent/recording", NULL, &result, &st));
	ck_assert_int_eq(st.code, STATUS_IO);
	ck_assert(!verify_file("/", NULL, &result, &st));
}
END_TEST

START_TEST(numbers_keep_their_range)
{
	struct recording_cursor c = { "18446744073709551615 18446744073709551616 256 -1", "f", 1, &st };
	u64 value = 0;

	ck_assert(recording_number(&c, UINT64_MAX, &value, "n"));
	ck_assert_uint_eq(value, UINT64_MAX);
	ck_assert(!recording_number(&c, UINT64_MAX, &value, "n"));
	c.at = "256";
	ck_assert(!recording_number(&c, 255, &value, "n"));
	ck_assert_str_eq(st.message, "f:1: expected n, not \"256\"");
	c.at = "-1";
	ck_assert(!recording_number(&c, 255, &value, "n"));
	c.at = "ffffffffffffffff0";
	ck_assert(!recording_hex(&c, &value, "n"));
	c.at = "";
	ck_assert(!recording_hex(&c, &value, "n"));
	ck_assert_str_eq(st.message, "f:1: expected n, but the line ends");
}
END_TEST

START_TEST(runs_go_up_and_down)
{
	static const pfn_t expected[] = { 3, 8, 12, 16, 40, 36, 7 };
	struct recording_cursor c = { " 3 8*3 40~2 7/C ", "f", 1, &st };
	struct recording_run run = recording_run(&c, 2);
	pfn_t pfn;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		ck_assert_msg(recording_run_next(&run, &pfn), "%s", st.message);
		ck_assert_uint_eq(pfn, expected[i]);
	}
	ck_assert_uint_eq(run.type, MT_CMA);
	ck_assert(!recording_run_next(&run, &pfn));
	ck_assert(!run.failed);
}
END_TEST

/* The recordings that the model repeats completely, of all kernels. */
static const char *const repeated[] = {
	"buddy-basic*", "buddy-split*", "buddy-random-*", "buddy-tight-*", "pcp-*",       "smp-pcp*",
	"smp2-pcp*",    "bulk*",        "exact-zeroed*",  "zeroed-split*", "exhaustion*", "zone-fallback*",
	"highatomic*",  "boot-*",       "migratetype-*",  "cma*",          "compaction*", "watermarks-sysctl*",
	"slab-*",       "kmalloc-*",    "poison*",        "debug-*",       "smp-slab-*",  "smp-kmalloc-*",
	"smp2-slab-*",
};

static void find(const char *name, glob_t *found)
{
	const char *root = getenv("top_srcdir");
	char pattern[4096];

	snprintf(pattern, sizeof(pattern), "%s/data/recordings/*/%s.rec.gz", root ? root : ".", name);
	ck_assert_msg(glob(pattern, 0, NULL, found) == 0, "nothing matches %s", pattern);
}

static void repeat(const char *file, bool observed)
{
	bool good = observed ? verify_file_observed(file, NULL, &result, &st) : verify_file(file, NULL, &result, &st);

	ck_assert_msg(good, "%s", st.message);
	ck_assert_msg(result.outcome == VERIFY_EXACT, "%s:%llu: expected %s, got %s", file,
		      (unsigned long long)result.line, strbuf_str(&result.expected), strbuf_str(&result.got));
	ck_assert_uint_eq(result.exact, result.operations);
	verify_result_free(&result);
}

START_TEST(recordings_are_repeated)
{
	glob_t found;

	find(repeated[_i], &found);
	for (size_t n = 0; n < found.gl_pathc; n++) {
		repeat(found.gl_pathv[n], false);
		repeat(found.gl_pathv[n], true);
	}
	globfree(&found);
}
END_TEST

/* SLAB's counts of hits and misses, in both forms of the rows: with another number in one, that number is found. */
START_TEST(statistics_of_caches_are_compared)
{
	static const char *const files[] = { "debug-poison", "poison" };
	static const char row[] = "TEXT end slabinfo", hits[] = " : cpustat      4      1      5      0\n";
	static char text[1 << 20];
	const char *begin;
	glob_t found;
	gzFile gz;
	char *at;
	int length;

	find(files[_i], &found);
	gz = gzopen(found.gl_pathv[0], "r");
	ck_assert_ptr_nonnull(gz);
	length = gzread(gz, text, sizeof(text) - 1);
	ck_assert(length > 0 && length < (int)sizeof(text) - 1);
	text[length] = '\0';
	ck_assert_int_eq(gzclose(gz), Z_OK);
	begin = strstr(text, row);
	ck_assert_ptr_nonnull(begin);
	ck_assert_ptr_nonnull(strstr(begin, "\nover "));
	at = strstr(strstr(begin, "\nover "), hits);
	ck_assert_ptr_nonnull(at);
	at[sizeof(hits) - 10] = '6';
	ck_assert(verify_text(text));
	ck_assert_int_eq(result.outcome, VERIFY_DIFFERS);
	ck_assert_str_eq(strbuf_str(&result.expected), "over 6");
	ck_assert_str_eq(strbuf_str(&result.got), "over 5");
	globfree(&found);
}
END_TEST

START_TEST(all_recordings_can_be_read)
{
	u64 operations = 0;
	glob_t found;

	find("*", &found);
	ck_assert_uint_eq(found.gl_pathc, 158);
	for (size_t n = 0; n < found.gl_pathc; n++) {
		ck_assert_msg(verify_file(found.gl_pathv[n], NULL, &result, &st), "%s", st.message);
		ck_assert_msg(result.outcome != VERIFY_DIFFERS, "%s:%llu: expected %s, got %s", found.gl_pathv[n],
			      (unsigned long long)result.line, strbuf_str(&result.expected), strbuf_str(&result.got));
		operations += result.operations + result.before;
		verify_result_free(&result);
	}
	ck_assert_uint_eq(operations, 120272);
	globfree(&found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recording");
	TCase *small = tcase_create("small"), *real = tcase_create("real");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(small, setup, teardown);
	tcase_add_test(small, a_recording_is_repeated);
	tcase_add_test(small, the_first_difference_is_told);
	tcase_add_test(small, what_is_not_modelled_is_told);
	tcase_add_test(small, drift_is_taken_from_the_next_snapshot);
	tcase_add_test(small, a_snapshot_after_drift_differs_only_where_drift_says);
	tcase_add_test(small, drift_without_a_snapshot_ends_it);
	tcase_add_test(small, figures_follow_from_a_sysctl);
	tcase_add_test(small, a_sysctl_may_take_objects);
	tcase_add_test(small, anything_may_happen_while_idle);
	tcase_add_test(small, the_recorders_own_check_is_compared);
	tcase_add_test(small, areas_are_repeated);
	tcase_add_test(small, operations_before_the_first_snapshot_are_counted_apart);
	tcase_add_test(small, a_snapshot_that_contradicts_itself_is_refused);
	tcase_add_test(small, runs_that_are_too_long_are_refused_at_once);
	tcase_add_test(small, lines_out_of_place_are_refused);
	tcase_add_test(small, a_header_must_be_complete);
	tcase_add_test(small, operations_must_be_complete);
	tcase_add_test(small, a_file_cut_short_is_refused);
	tcase_add_test(small, numbers_keep_their_range);
	tcase_add_test(small, runs_go_up_and_down);
	tcase_add_loop_test(small, statistics_of_caches_are_compared, 0, 2);
	tcase_set_timeout(real, 600);
	tcase_add_loop_test(real, recordings_are_repeated, 0, (int)ARRAY_SIZE(repeated));
	tcase_add_test(real, all_recordings_can_be_read);
	suite_add_tcase(suite, small);
	suite_add_tcase(suite, real);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
