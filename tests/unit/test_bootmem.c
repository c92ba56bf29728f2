/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boot-time allocators, call by call: the console texts of the recorded
 * boots have a line for each call of bootmem (2.6.18) and of memblock (6.1),
 * with the address that it returned.
 */
#include "machine/bootmem.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PAGE UINT64_C(4096)

static struct bootmem b;
static const char *file;
static unsigned line_number, allocations;

/* size= align= goal= limit= -> address last_pos= last_offset= */
static void allocated(const char *call)
{
	u64 size, align, goal, limit, address, last_page, last_offset, got;

	ck_assert_msg(sscanf(call,
			     "size=%" SCNu64 " align=%" SCNu64 " goal=%" SCNx64 " limit=%" SCNx64 " -> %" SCNx64
			     " last_pos=%" SCNu64 " last_offset=%" SCNu64,
			     &size, &align, &goal, &limit, &address, &last_page, &last_offset) == 7,
		      "%s:%u: %s", file, line_number, call);
	got = bootmem_take_low(&b, size, align, goal, UINT64_MAX, NULL);
	ck_assert_msg(got == address, "%s:%u: 0x%" PRIx64 ", but got 0x%" PRIx64, file, line_number, address, got);
	/* The kernel keeps the last page and what of it is in use, 0 for all. */
	got = last_page * PAGE + (last_offset ? last_offset : PAGE);
	ck_assert_msg(b.rest == got, "%s:%u: ends at 0x%" PRIx64 ", but got 0x%" PRIx64, file, line_number, got,
		      b.rest);
	allocations++;
}

/* free pages <first>-<behind the last> ... */
static void handed_over(const char *pages)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(&b, gap);

	for (unsigned g = 0; g < gaps; g++) {
		u64 start = (gap[g].start + PAGE - 1) / PAGE, end = gap[g].end / PAGE, first, behind;
		int read = 0;

		if (start >= end)
			continue;
		ck_assert_msg(sscanf(pages, " %" SCNu64 "-%" SCNu64 "%n", &first, &behind, &read) == 2,
			      "%s:%u: no more pages are free, but got %" PRIu64 "-%" PRIu64, file, line_number, start,
			      end);
		ck_assert_msg(first == start && behind == end,
			      "%s:%u: free are %" PRIu64 "-%" PRIu64 ", but got %" PRIu64 "-%" PRIu64, file,
			      line_number, first, behind, start, end);
		pages += read;
	}
	pages += strspn(pages, " \r\n");
	ck_assert_msg(*pages == '\0', "%s:%u: free are also %s", file, line_number, pages);
}

/* A call as the console shows it; true after the last one. */
static bool call(const char *text)
{
	u64 start, end;

	if (sscanf(text, "free %" SCNx64 "-%" SCNx64, &start, &end) == 2) {
		ck_assert(bootmem_insert(&b.ram, start, end)); /* RAM is what is freed first */
	} else if (sscanf(text, "reserve %" SCNx64 "-%" SCNx64, &start, &end) == 2) {
		ck_assert(bootmem_insert(&b.taken, start, end));
	} else if (strncmp(text, "alloc ", 6) == 0) {
		allocated(text + 6);
	} else if (strncmp(text, "free_all: free pages", 20) == 0) {
		handed_over(text + 20);
		return true;
	} else {
		ck_assert_msg(strncmp(text, "init ", 5) == 0, "%s:%u: %s", file, line_number, text);
	}
	return false;
}

/* ------------------------------------------------------------- memblock */

static struct {
	bool dumped; /* memory and reserved were printed: calls follow */
	bool asked; /* a request was printed, not yet what it got */
	u64 bytes, align, from, limit; /* of that request; limit 0: the end of low memory */
	u64 lowmem_end;
} memblock;

/* memory[0x0] and reserved[0x0], then [start-last] */
static bool dumped_range(const char *line)
{
	u64 start, last;

	if (sscanf(line, " memory[%*x] [%" SCNx64 "-%" SCNx64, &start, &last) == 2)
		ck_assert(bootmem_insert(&b.ram, start, last + 1));
	else if (sscanf(line, " reserved[%*x] [%" SCNx64 "-%" SCNx64, &start, &last) == 2)
		ck_assert(bootmem_insert(&b.taken, start, last + 1));
	else
		return false;
	memblock.dumped = true;
	return true;
}

static bool request(const char *line)
{
	const char *from = strstr(line, "from="), *limit = strstr(line, "max_addr=");

	if (!from || !limit ||
	    sscanf(line, "memblock_%*[a-z_]: %" SCNu64 " bytes align=%" SCNx64, &memblock.bytes, &memblock.align) != 2)
		return false;
	memblock.from = strtoull(from + strlen("from="), NULL, 16);
	memblock.limit = strtoull(limit + strlen("max_addr="), NULL, 16);
	memblock.asked = true;
	return true;
}

/* Reserved, because it was asked for, or because it is known to be in use. */
static void taken(u64 start, u64 end)
{
	u64 limit = memblock.limit ? memblock.limit : memblock.lowmem_end, got;

	if (!memblock.asked) {
		ck_assert(bootmem_insert(&b.taken, start, end));
		return;
	}
	memblock.asked = false;
	got = bootmem_take_high(&b, memblock.bytes, memblock.align, memblock.from, limit, NULL);
	ck_assert_msg(got == start && start + memblock.bytes == end, "%s:%u: 0x%" PRIx64 ", but got 0x%" PRIx64, file,
		      line_number, start, got);
	allocations++;
}

static void memblock_line(const char *line)
{
	u64 start, last;

	if (dumped_range(line) || !memblock.dumped || request(line))
		return;
	if (sscanf(line, "memblock_reserve: [%" SCNx64 "-%" SCNx64, &start, &last) == 2)
		taken(start, last + 1);
	else if (sscanf(line, "memblock_phys_free: [%" SCNx64 "-%" SCNx64, &start, &last) == 2)
		ck_assert(bootmem_remove(&b.taken, start, last + 1));
	else if (sscanf(line, " low ram: 0 - %" SCNx64, &last) == 1)
		memblock.lowmem_end = last;
}

/* ------------------------------------------------------------- the recordings */

static bool repeat(void)
{
	gzFile text = gzopen(file, "rb");
	bool done = false;
	char line[1024];

	ck_assert_ptr_nonnull(text);
	bootmem_init(&b, PAGE);
	memset(&memblock, 0, sizeof memblock);
	memblock.lowmem_end = UINT64_MAX;
	for (line_number = 1; gzgets(text, line, sizeof line); line_number++) {
		const char *at = strstr(line, "BOOTMEM ");

		if (at)
			done = call(at + strlen("BOOTMEM ")) || done;
		else
			memblock_line(line);
	}
	gzclose(text);
	return done || memblock.dumped;
}

/* Repeats all console texts of `folder` that are called so. */
static size_t repeat_all(const char *names)
{
	const char *root = getenv("top_srcdir");
	char pattern[4096];
	glob_t found;
	size_t count;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/%s.dmesg.txt.gz", root ? root : ".", names);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	allocations = 0;
	for (size_t n = 0; n < found.gl_pathc; n++) {
		file = found.gl_pathv[n];
		ck_assert_msg(repeat(), "%s: no calls", file);
	}
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

START_TEST(every_call_of_bootmem)
{
	ck_assert_uint_ge(repeat_all("i386-2.6.18/*"), 18);
	ck_assert_uint_ge(allocations, 286);
}
END_TEST

START_TEST(every_call_of_memblock)
{
	size_t boots = repeat_all("i386-slab/boot-*");

	ck_assert_uint_ge(boots, 6);
	ck_assert_uint_ge(allocations, 20 * boots);
	boots = repeat_all("x86_64-slub/boot-*");
	ck_assert_uint_ge(boots, 4);
	ck_assert_uint_ge(allocations, 20 * boots);
}
END_TEST

START_TEST(ranges)
{
	struct bootmem_ranges r = { .count = 0 };

	ck_assert(bootmem_insert(&r, 10, 20));
	ck_assert(bootmem_insert(&r, 30, 40));
	ck_assert(bootmem_insert(&r, 20, 25)); /* touches the first */
	ck_assert_uint_eq(r.count, 2);
	ck_assert(bootmem_holds(&r, 10, 25));
	ck_assert(!bootmem_holds(&r, 10, 26));
	ck_assert(bootmem_insert(&r, 24, 31)); /* joins both */
	ck_assert_uint_eq(r.count, 1);
	ck_assert(bootmem_remove(&r, 12, 14));
	ck_assert_uint_eq(r.count, 2);
	ck_assert(bootmem_holds(&r, 10, 12) && bootmem_holds(&r, 14, 40));
	ck_assert(bootmem_remove(&r, 0, 100));
	ck_assert_uint_eq(r.count, 0);
	/* One more than there can be is refused, and changes nothing. */
	for (u64 i = 0; i < BOOTMEM_RANGES; i++)
		ck_assert(bootmem_insert(&r, 10 * i, 10 * i + 5));
	ck_assert(!bootmem_insert(&r, 10 * BOOTMEM_RANGES, 10 * BOOTMEM_RANGES + 5));
	ck_assert(!bootmem_remove(&r, 11, 12));
	ck_assert_uint_eq(r.count, BOOTMEM_RANGES);
	ck_assert(bootmem_holds(&r, 10, 15));
}
END_TEST

START_TEST(what_cannot_be_granted_fails)
{
	bootmem_init(&b, PAGE);
	ck_assert(bootmem_insert(&b.ram, 0, 16 * PAGE));
	ck_assert(bootmem_insert(&b.taken, 0, PAGE));
	ck_assert_uint_eq(bootmem_take_low(&b, 16 * PAGE, 32, 0, UINT64_MAX, NULL), 0);
	ck_assert_uint_eq(bootmem_take_low(&b, 15 * PAGE, 32, 0, 15 * PAGE, NULL), 0);
	ck_assert_uint_eq(bootmem_take_high(&b, 16 * PAGE, 32, 0, UINT64_MAX, NULL), 0);
	ck_assert_uint_eq(bootmem_take_high(&b, PAGE, PAGE, 0, UINT64_MAX, NULL), 15 * PAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bootmem");
	TCase *tc = tcase_create("bootmem");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, every_call_of_bootmem);
	tcase_add_test(tc, every_call_of_memblock);
	tcase_add_test(tc, ranges);
	tcase_add_test(tc, what_cannot_be_granted_fails);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
