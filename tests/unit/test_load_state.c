/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pasted text of /proc: the machine booted into it shows the same text again,
 * is sound, and goes on.  What cannot be is refused.
 */
#include "machine/invariants.h"
#include "machine/state_layout.h"
#include "phys/page_alloc.h"
#include "procfs/procfs.h"
#include "session/load_state.h"
#include "session/session.h"
#include "tests/temp.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* A 64-bit server's, as a text about the kernel shows it. */
static const char server[] =
    "Node 0, zone      DMA      1      0      0      0      2      1      1      0      1      1      3 \n"
    "Node 0, zone    DMA32   3198   4108   4940   4773   4030   2184    891    180     67     32    330 \n"
    "Node 0, zone   Normal  42438  37404  16035   4386    610    121     22     30      0      1      0 \n";

static struct machine_desc desc;
static struct machine m;
static struct status st;

static void setup(void)
{
	memset(&st, 0, sizeof st);
	memset(&desc, 0, sizeof desc);
}

static void teardown(void)
{
	machine_free(&m);
}

static bool read_texts(const char *const *texts, size_t count)
{
	struct desc_state *state = calloc(1, sizeof *state);
	bool ok = state != NULL;

	for (size_t i = 0; ok && i < count; i++)
		ok = desc_state_read(state, "pasted", texts[i], &st);
	ok = ok && desc_state_finish(state, &st) && desc_load(&desc, desc_state_machine(state), &st);
	if (ok)
		desc.state = *state;
	free(state);
	return ok && machine_boot(&m, &desc, NULL, &st);
}

static void shows(const char *path, const char *expected, const char *where)
{
	struct strbuf out = STRBUF_INIT;

	ck_assert_msg(procfs_read(&m, path, &out, &st), "%s: %s", where, st.message);
	ck_assert_msg(strcmp(strbuf_str(&out), expected) == 0, "%s: expected\n%s\nbut got\n%s", where, expected,
		      strbuf_str(&out));
	strbuf_free(&out);
}

/* Takes what there is, gives it back, and everything is as it must be. */
static void goes_on(const char *where)
{
	pfn_t page[200];

	for (size_t i = 0; i < ARRAY_SIZE(page); i++)
		page[i] = page_alloc(&m.phys, i % 2 ? m.phys.gfp->movable : m.phys.gfp->wait, i % 5);
	ck_assert_msg(invariants_hold(&m, &st), "%s: %s", where, st.message);
	for (size_t i = 0; i < ARRAY_SIZE(page); i++)
		ck_assert(page[i] == PFN_NONE || page_free(&m.phys, page[i], i % 5, &st));
	ck_assert_msg(invariants_hold(&m, &st), "%s: %s", where, st.message);
}

START_TEST(published)
{
	ck_assert_msg(read_texts((const char *[]){ server }, 1), "%s", st.message);
	ck_assert_str_eq(desc.name, "x86_64-6.1-slub");
	shows("/proc/buddyinfo", server, "server");
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert_uint_ne(page_alloc(&m.phys, m.phys.gfp->wait, 9), PFN_NONE);
	goes_on("server");
}
END_TEST

START_TEST(two_nodes)
{
	static const char text[] =
	    "Node 0, zone      DMA      1      1      0      0      2      1      1      0      1      1      2 \n"
	    "Node 0, zone    DMA32    100     50      0      1      0      0      0      0      0      0      3 \n"
	    "Node 0, zone   Normal      0      0      0      0      0      0      0      0      0      0      5 \n"
	    "Node 1, zone   Normal   1000   1000    100      0      0      0      0      0      0      0      0 \n";

	ck_assert_msg(read_texts((const char *[]){ text }, 1), "%s", st.message);
	ck_assert_uint_eq(m.config.nodes, 2);
	shows("/proc/buddyinfo", text, "two nodes");
	goes_on("two nodes");
}
END_TEST

/* Without pagetypeinfo and DMA32 it is the old kernel. */
START_TEST(high_memory)
{
	static const char text[] =
	    "Node 0, zone      DMA      4      2      6      5      2      2      1      0      1      0      3 \n"
	    "Node 0, zone   Normal   5000   4000   3000      2      0      0      1      0      0      1     17 \n"
	    "Node 0, zone  HighMem      1      0      0      1      1      1      0      1      1      1     31 \n";

	ck_assert_msg(read_texts((const char *[]){ text }, 1), "%s", st.message);
	ck_assert_str_eq(desc.name, "i386-2.6.18");
	ck_assert_uint_eq(m.config.zone[2].start_pfn, 229376);
	shows("/proc/buddyinfo", text, "high memory");
	goes_on("high memory");
}
END_TEST

START_TEST(least_room)
{
	static const struct {
		u32 nr_free[DESC_STATE_ORDERS];
		u64 blocks;
	} cases[] = {
		{ { 0 }, 1 },
		{ { [10] = 7 }, 7 },
		/* Every other page: 512 in a block of 1024. */
		{ { [0] = 512 }, 1 },
		{ { [0] = 513 }, 2 },
		/* One of each fits beside the others, and one page is left. */
		{ { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 }, 1 },
		{ { 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 }, 2 },
		{ { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3 }, 4 },
		{ { [9] = 2 }, 2 },
		{ { [0] = 256, [9] = 1 }, 1 },
		{ { [0] = 257, [9] = 1 }, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_uint_eq(state_layout_least(cases[i].nr_free, DESC_STATE_ORDERS), cases[i].blocks);
}
END_TEST

START_TEST(refused)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "there is no line of buddyinfo" },
		{ "hello\n", "pasted:1: this is no line of buddyinfo" },
		{ "# remark\n\nNode 0 zone DMA 1\n", "pasted:3: a line that begins with Node goes on like this" },
		{ "Node 0, zone DMA 1 2 3\n", "pasted:1: a line of buddyinfo has a number for each of the orders" },
		{ "Node 0, zone DMA 1 2 3 4 5 6 7 8 9 10 11 12\n", "pasted:1: a line of buddyinfo" },
		{ "Node 0, zone DMA 1 2 3 4 5 6 7 8 9 10 x\n", "pasted:1: a line of buddyinfo" },
		{ "Node 0, zone DMA 1 2 3 4 5 6 7 8 9 10 -1\n", "pasted:1: a line of buddyinfo" },
		{ "Node 0, zone DMA 99999999999 2 3 4 5 6 7 8 9 10 1\n", "pasted:1: a line of buddyinfo" },
		{ "Node 0, zone DMA32 0 0 0 0 0 0 0 0 0 4286578000 0\n", "pasted:1: zone DMA32: more than 67108864" },
		{ "Node 0, zone DMA32 0 0 0 0 0 0 0 0 0 67108864 0\n", "pasted:1: zone DMA32: it ends above 16 TiB" },
		{ "Node 99, zone DMA 1 2 3 4 5 6 7 8 9 10 1\n", "pasted:1: there are too many nodes" },
		{ "Node 0, zone Moon 0 0 0 0 0 0 0 0 0 0 1\n", "pasted:1: zone Moon: the machine chosen" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 5\n", "pasted:1: zone DMA: 5120 pages are free" },
		{ "Node 0, zone DMA 2049 0 0 0 0 0 0 0 0 0 0\n",
		  "pasted:1: zone DMA: it has no room for all of its 2049" },
		{ "Node 0, zone DMA, type Odd 0 0 0 0 0 0 0 0 0 0 1\n", "pasted:1: there is no such migratetype" },
		{ "Node 0, zone DMA, type CMA >100000 0 0 0 0 0 0 0 0 0 1\n", "pasted:1: the kernel did not count" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA, type Movable 0 0 0 0 0 0 0 0 0 0 1\n",
		  "the free pages and the page blocks are needed" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA, type Movable 0 0 0 0 0 0 0 0 0 0 2\n"
		  "Number of blocks type Unmovable Movable\nNode 0, zone DMA 0 4\n",
		  "pasted:1: zone DMA: pagetypeinfo has 2 free blocks of order 10, buddyinfo 1" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA, type Movable 0 0 0 0 0 0 0 0 0 0 1\n"
		  "Number of blocks type Unmovable Movable\nNode 0, zone DMA 0 400\n",
		  "pasted:1: zone DMA: pagetypeinfo has more page blocks than" },
		{ "Node 0, zone DMA\n  spanned 4096\n  present 4096\n", "zone DMA: its line of buddyinfo is missing" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA\n spanned 10\n present 20\n",
		  "managed, present and spanned" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA\n min 20\n low 10\n high 30\n",
		  "the watermarks min, low and high must rise" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA\n boost 30\n min 20\n low 20\n high 30\n",
		  "a watermark is below the boost" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA\n spanned 800\n present 800\n",
		  "zone DMA: 1024 pages are free, but it has 800" },
		{ "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA\n spanned 4096\n present 4096\n"
		  "Node 0, zone DMA32 0 0 0 0 0 0 0 0 0 0 1\nNode 0, zone DMA32\n spanned 4096\n present 4096\n",
		  "zone DMA32: it does not begin above the zone before it" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&st, 0, sizeof st);
		ck_assert_msg(!read_texts(&cases[i].text, 1), "accepted: %s", cases[i].text);
		ck_assert_msg(strstr(st.message, cases[i].message), "\"%s\" does not say \"%s\"", st.message,
			      cases[i].message);
		ck_assert(!m.alive);
	}
}
END_TEST

/* ------------------------------------------------------------- recorded texts */

enum { BUDDYINFO, PAGETYPEINFO, ZONEINFO, KINDS };

/* The texts that were read at the snapshot `name`. */
static void gather(const char *path, const char *name, struct strbuf text[KINDS])
{
	static const char *const kinds[KINDS] = { "buddyinfo", "pagetypeinfo", "zoneinfo" };
	gzFile file = gzopen(path, "r");
	struct strbuf *to = NULL;
	char line[4096], begin[64];

	ck_assert_ptr_nonnull(file);
	while (gzgets(file, line, sizeof line)) {
		if (strcmp(line, "ENDTEXT\n") == 0)
			to = NULL;
		if (to)
			strbuf_puts(to, line);
		for (unsigned k = 0; k < KINDS; k++) {
			snprintf(begin, sizeof begin, "TEXT %s %s\n", name, kinds[k]);
			if (strcmp(line, begin) == 0) {
				to = &text[k];
				strbuf_clear(to);
			}
		}
	}
	gzclose(file);
}

/* Text that says of the same machine the same state. */
static void survives_writing(void)
{
	struct strbuf text = STRBUF_INIT;
	u64 hash = machine_hash(&m);

	desc_state_put(&desc.state, &text);
	machine_free(&m);
	ck_assert_msg(read_texts((const char *[]){ strbuf_str(&text) }, 1), "%s", st.message);
	ck_assert(machine_hash(&m) == hash);
	strbuf_free(&text);
}

/* false: the texts were not read at one moment. */
static bool load_recorded(const char *path, const char *name)
{
	struct strbuf text[KINDS] = { STRBUF_INIT, STRBUF_INIT, STRBUF_INIT };
	const char *texts[KINDS];
	bool ok;

	gather(path, name, text);
	for (unsigned k = 0; k < KINDS; k++)
		texts[k] = strbuf_str(&text[k]);
	memset(&st, 0, sizeof st);
	ok = read_texts(texts, KINDS);
	if (ok) {
		shows("/proc/buddyinfo", texts[BUDDYINFO], path);
		if (*texts[PAGETYPEINFO])
			shows("/proc/pagetypeinfo", texts[PAGETYPEINFO], path);
		ck_assert_msg(invariants_hold(&m, &st), "%s: %s", path, st.message);
		survives_writing();
		goes_on(path);
		machine_free(&m);
	} else {
		ck_assert_msg(strstr(st.message, "read both at once"), "%s %s: %s", path, name, st.message);
	}
	for (unsigned k = 0; k < KINDS; k++)
		strbuf_free(&text[k]);
	return ok;
}

START_TEST(recorded)
{
	static const char *const patterns[] = { "i386-2.6.18/*", "i386-slab/*", "x86_64-slub/*" };
	const char *top = getenv("top_srcdir");
	char pattern[512];
	size_t loaded = 0, refused_count = 0;
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/%s.rec.gz", top ? top : ".", patterns[_i]);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		loaded += load_recorded(found.gl_pathv[i], "begin");
		loaded += load_recorded(found.gl_pathv[i], "end");
	}
	refused_count = 2 * found.gl_pathc - loaded;
	ck_assert_uint_ge(loaded, found.gl_pathc);
	ck_assert_uint_le(refused_count, 1);
	globfree(&found);
}
END_TEST

/* ------------------------------------------------------------- the session */

START_TEST(saved)
{
	char folder[TEMP_PATH], path[TEMP_INSIDE], pasted[TEMP_INSIDE];
	struct machine_desc again;
	struct journal_file file;
	struct session s;
	FILE *out;
	u64 hash;

	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "load")));
	snprintf(path, sizeof path, "%s/saved", folder);
	snprintf(pasted, sizeof pasted, "%s/pasted", folder);
	out = fopen(pasted, "w");
	ck_assert_ptr_nonnull(out);
	fputs(server, out);
	fclose(out);
	ck_assert_msg(load_state_desc(&desc, (const char *[]){ pasted }, 1, &st), "%s", st.message);
	ck_assert_msg(session_open(&s, &desc, 1, &st), "%s", st.message);
	hash = machine_hash(&s.machine);
	ck_assert(session_save(&s, path, &st));
	/* The session has the text in it. */
	unlink(pasted);
	ck_assert_msg(session_reset(&s, NULL, &st), "%s", st.message);
	ck_assert(machine_hash(&s.machine) == hash);
	session_close(&s);
	ck_assert_msg(journal_read(&file, path, &st), "%s", st.message);
	ck_assert_msg(journal_header_desc(&file.header, NULL, &again, &st), "%s", st.message);
	ck_assert_msg(session_open(&s, &again, 1, &st), "%s", st.message);
	ck_assert(machine_hash(&s.machine) == hash);
	session_close(&s);
	journal_file_free(&file);
	ck_assert(!load_state_desc(&desc, (const char *[]){ pasted }, 1, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "cannot read"));
	unlink(path);
	rmdir(folder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("load_state");
	TCase *tc = tcase_create("load_state");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, published);
	tcase_add_test(tc, two_nodes);
	tcase_add_test(tc, high_memory);
	tcase_add_test(tc, least_room);
	tcase_add_test(tc, refused);
	tcase_add_loop_test(tc, recorded, 0, 3);
	tcase_add_test(tc, saved);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
