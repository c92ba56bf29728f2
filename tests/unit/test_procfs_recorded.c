/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every snapshot of every recording: the state is sound, and where the
 * recorder read /proc in that state, the machine's text is the same to the byte.
 * Lines that count what a machine has not (files, processes, slabs) are
 * compared by their form.
 */
#include "machine/invariants.h"
#include "procfs/procfs.h"
#include "procfs/vmstat.h"
#include "session/recording.h"
#include "session/replay.h"
#include "session/replay_cma.h"
#include "session/replay_load.h"
#include "slab/kmem_cache.h"

#include <check.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The reader of recordings passes over the texts, so they are gathered before. */
struct text {
	char snapshot[32], path[32];
	u64 operations; /* before it */
	struct strbuf content;
};

static struct text *texts;
static size_t text_count;
static unsigned snapshots, rows, areas, compared[3]; /* compared: buddyinfo, pagetypeinfo, the others */
static struct status st;

static void forget_texts(void)
{
	for (size_t i = 0; i < text_count; i++)
		strbuf_free(&texts[i].content);
	free(texts);
	texts = NULL;
	text_count = 0;
}

/* A file of /proc that procfs_read() knows. */
static bool is_known(const struct machine *m, const char *path)
{
	struct strbuf known = STRBUF_INIT;
	bool is = false;

	for (size_t n = 0; !is && procfs_path(m, n, &known); n++) {
		is = strcmp(strbuf_str(&known), path) == 0;
		strbuf_cut(&known, 0);
	}
	strbuf_free(&known);
	return is;
}

static void begin_text(const char *line, u64 operations)
{
	struct text text = { .operations = operations, .content = STRBUF_INIT };
	char file[20];

	ck_assert_int_eq(sscanf(line, "TEXT %31s %19s", text.snapshot, file), 2);
	snprintf(text.path, sizeof text.path, "/proc/%s", file);
	texts = realloc(texts, (text_count + 1) * sizeof *texts);
	ck_assert_ptr_nonnull(texts);
	texts[text_count++] = text;
}

static void gather_texts(const char *path)
{
	gzFile file = gzopen(path, "r");
	char line[4096];
	u64 operations = 0;
	bool inside = false, begins = true;

	ck_assert_ptr_nonnull(file);
	forget_texts();
	while (gzgets(file, line, sizeof line)) {
		if (inside && strcmp(line, "ENDTEXT\n") == 0)
			inside = false;
		else if (inside)
			strbuf_puts(&texts[text_count - 1].content, line);
		else if (begins && strncmp(line, "op ", 3) == 0)
			operations++;
		else if (begins && strncmp(line, "TEXT ", 5) == 0) {
			begin_text(line, operations);
			inside = true;
		}
		/* Lines of lists can be longer than the buffer. */
		begins = strchr(line, '\n') != NULL;
	}
	gzclose(file);
}

/*
 * Here the text is not that of the snapshot.  Reading emptied a list's stock:
 * a refill went from the free lists to a per-CPU list (3 pages, or 8) before
 * the snapshot, or after it; or, on two CPUs, a CPU kept a part of the
 * counter to itself.
 */
static const char *const not_of_snapshot[] = {
	"i386-2.6.18/exhaustion.rec.gz begin /proc/buddyinfo",
	"i386-2.6.18/exhaustion.rec.gz begin /proc/zoneinfo",
	"i386-2.6.18/slab-pressure.rec.gz begin /proc/buddyinfo",
	"i386-2.6.18/slab-pressure.rec.gz begin /proc/zoneinfo",
	"i386-2.6.18/watermarks-sysctl.rec.gz begin /proc/buddyinfo",
	"i386-2.6.18/watermarks-sysctl.rec.gz begin /proc/zoneinfo",
	"i386-2.6.18/zone-fallback.rec.gz begin /proc/buddyinfo",
	"i386-2.6.18/zone-fallback.rec.gz begin /proc/zoneinfo",
	"i386-2.6.18/buddy-random-24M.rec.gz begin /proc/meminfo",
	"i386-2.6.18/slab-geometry-24M.rec.gz begin /proc/meminfo",
	"i386-slab/slab-reap.rec.gz end /proc/zoneinfo",
	"x86_64-slub-smp2/smp-pcp.rec.gz end /proc/buddyinfo",
	"x86_64-slub-smp2/smp-pcp.rec.gz end /proc/pagetypeinfo",
	"x86_64-slub-smp2/smp-pcp.rec.gz end /proc/meminfo",
	"x86_64-slub-smp2/smp-pcp.rec.gz end /proc/vmstat",
	"x86_64-slub-smp2/smp-slab-512.rec.gz end /proc/meminfo",
	"x86_64-slub-smp2/smp-slab-512.rec.gz end /proc/vmstat",
	"x86_64-slub-smp2/smp-slab-geometry.rec.gz end /proc/meminfo",
	"x86_64-slub-smp2/smp-slab-geometry.rec.gz end /proc/vmstat",
};

static bool is_not_of_snapshot(const char *path, const struct text *text)
{
	char place[256];

	snprintf(place, sizeof place, "%s %s %s", path, text->snapshot, text->path);
	for (size_t i = 0; i < ARRAY_SIZE(not_of_snapshot); i++)
		if (strstr(place, not_of_snapshot[i]))
			return true;
	return false;
}

/* Lines of which only the form is compared: what stands in front of the number. A trailing * stands for anything. */
static const char *const by_form_zoneinfo[] = {
	"nr_zone_*",
	"nr_slab",
	"nr_mlock",
	NULL,
};

/* By the kernel that has them: 2.6 does not keep what it was given by zone, and some of that was in use. */
static const char *const by_form_meminfo[] = {
	"Cached:",      "Active:",     "Inactive:",     "Active(anon):", "Inactive(anon):", "Unevictable:",
	"AnonPages:",   "Mapped:",     "KReclaimable:", "Slab:",         "SReclaimable:",   "SUnreclaim:",
	"KernelStack:", "PageTables:", "Committed_AS:", "Percpu:",       "DirectMap*",      "MemAvailable:",
	NULL,
};

static const char *const by_form_meminfo_2_6[] = { "MemTotal:", "LowTotal:", "CommitLimit:", NULL };

static const char *const exact_vmstat[] = { "nr_free_pages", "nr_free_cma", NULL };

static bool is_listed(const char *const *list, const char *line)
{
	size_t length;

	line += strspn(line, " ");
	length = strcspn(line, " ");
	for (; *list; list++) {
		size_t n = strlen(*list);

		if ((*list)[n - 1] == '*' ? strncmp(line, *list, n - 1) == 0
					  : n == length && strncmp(line, *list, n) == 0)
			return true;
	}
	return false;
}

static bool is_node_item(const struct machine *m, const char *line)
{
	const char *item;
	const char *name = line + strspn(line, " ");

	for (unsigned n = 0; (item = vmstat_node_item(m, n)); n++)
		if (strncmp(name, item, strlen(item)) == 0 && name[strlen(item)] == ' ')
			return true;
	return false;
}

/* Is the line's number nothing that the machine could know? */
static bool is_by_form(const struct machine *m, const char *path, const char *line)
{
	bool is_2_6 = m->config.gfp == GFP_2_6;

	if (strcmp(path, "/proc/vmstat") == 0)
		return !is_listed(exact_vmstat, line);
	/* Snapshots tell areas of addresses where the session uses them; 6.1's own are then among them. */
	if (!is_2_6 && m->virt.state && !m->virt.state->count[VMAP_BUSY] && strncmp(line, "VmallocUsed:", 12) == 0)
		return true;
	if (strcmp(path, "/proc/meminfo") == 0)
		return is_listed(by_form_meminfo, line) || (is_2_6 && is_listed(by_form_meminfo_2_6, line));
	if (strcmp(path, "/proc/zoneinfo") != 0)
		return false;
	/* With kswapd stopped in its work, 6.1 adds its counters up sooner. */
	if (!is_2_6 && strstr(line, "vm stats threshold:"))
		return true;
	return is_listed(by_form_zoneinfo, line) || is_node_item(m, line);
}

/* Two lines, the same but for numbers, which end in the same column where there is something behind them. */
static bool same_form(const char *a, const char *b)
{
	size_t line_a = strcspn(a, "\n"), line_b = strcspn(b, "\n");
	size_t name_a = strcspn(a, "0123456789\n"), name_b = strcspn(b, "0123456789\n");
	bool aligned = a[line_a - 1] == 'B';

	if (strncmp(a, "DirectMap", 9) == 0)
		return line_a == line_b && strncmp(a, b, 12) == 0;
	while (name_a && a[name_a - 1] == ' ')
		name_a--;
	while (name_b && b[name_b - 1] == ' ')
		name_b--;
	if (name_a != name_b || strncmp(a, b, name_a) != 0)
		return false;
	if (aligned)
		return line_a == line_b;
	/* Left-aligned: the numbers begin in the same column. */
	return strspn(a + name_a, " ") == strspn(b + name_b, " ");
}

static bool same_text(const struct machine *m, const char *path, const char *expected, const char *got)
{
	while (*expected && *got) {
		size_t length = strcspn(expected, "\n") + 1;

		if (strncmp(expected, got, length) != 0 &&
		    !(is_by_form(m, path, expected) && same_form(expected, got))) {
			fprintf(stderr, "expected %.*sbut got %.*s", (int)length, expected, (int)strcspn(got, "\n") + 1,
				got);
			return false;
		}
		expected += length;
		got += strcspn(got, "\n") + 1;
	}
	return *expected == *got;
}

/* Is this the row of a cache that the machine has? Others were not watched. */
static bool is_row_of_cache(const struct machine *m, const char *line)
{
	char name[SLAB_NAME];

	return sscanf(line, "%63s", name) == 1 && kmem_cache_by_name(&m->slab, name);
}

/* The two lines at the head, and the rows of caches that the machine has, up to what no snapshot tells. */
static void compare_slabinfo(const struct machine *m, const struct text *text, const char *path)
{
	struct strbuf out = STRBUF_INIT;
	const char *expected = strbuf_str(&text->content), *got;

	ck_assert_msg(procfs_read(m, text->path, &out, &st), "%s: %s", path, st.message);
	got = strbuf_str(&out);
	for (unsigned row = 0; *expected; row++) {
		const char *end = strstr(expected, " : globalstat");
		size_t line = strcspn(expected, "\n"), length = line;

		if (row >= 2 && end && end < expected + line)
			length = (size_t)(end - expected);
		if (row < 2 || is_row_of_cache(m, expected)) {
			ck_assert_msg(strncmp(expected, got, length) == 0, "%s, %s: expected %.*s but got %.*s", path,
				      text->snapshot, (int)length, expected, (int)strcspn(got, "\n"), got);
			got += strcspn(got, "\n") + 1;
			rows++;
		}
		expected += line + 1;
	}
	ck_assert_msg(*got == '\0', "%s: there is more: %s", path, got);
	strbuf_free(&out);
}

/* Leaves out of lines of vmallocinfo what no snapshot tells: who asked for an area, and what a device's area maps. */
static void put_known(const char *text, struct strbuf *out)
{
	static const char *const known[] = { "pages=", "ioremap", "vmalloc", "vmap", "unpurged", "vm_area", NULL };

	for (; *text; text += strcspn(text, "\n") + 1) {
		size_t column = 0;

		for (const char *at = text; *at != '\n'; at += strcspn(at, " \n"), column++) {
			size_t blank = strspn(at, " "), length = strcspn(at + blank, " \n");
			bool is = column < 2;

			for (size_t n = 0; known[n]; n++)
				is = is || strncmp(at + blank, known[n], strlen(known[n])) == 0;
			if (is)
				strbuf_add(out, at, blank + length);
			at += blank;
		}
		strbuf_putc(out, '\n');
	}
}

/* Every other character of it: ranges, sizes, their columns, pages, flags, what is lazy, and the order of the lines. */
static void compare_vmallocinfo(const struct machine *m, const struct text *text, const char *path)
{
	struct strbuf out = STRBUF_INIT, expected = STRBUF_INIT, got = STRBUF_INIT;

	ck_assert_msg(procfs_read(m, text->path, &out, &st), "%s: %s", path, st.message);
	put_known(strbuf_str(&text->content), &expected);
	put_known(strbuf_str(&out), &got);
	ck_assert_msg(strcmp(strbuf_str(&expected), strbuf_str(&got)) == 0, "%s, %s: expected\n%sbut got\n%s", path,
		      text->snapshot, strbuf_str(&expected), strbuf_str(&got));
	areas += expected.length > 0;
	strbuf_free(&out);
	strbuf_free(&expected);
	strbuf_free(&got);
}

static void compare(const struct machine *m, const struct text *text, const char *path)
{
	struct strbuf out = STRBUF_INIT;
	bool same;

	if (strcmp(text->path, "/proc/vmallocinfo") == 0) {
		compare_vmallocinfo(m, text, path);
		return;
	}
	if (strcmp(text->path, "/proc/slabinfo") == 0) {
		compare_slabinfo(m, text, path);
		return;
	}
	ck_assert_msg(procfs_read(m, text->path, &out, &st), "%s: %s", path, st.message);
	same = same_text(m, text->path, strbuf_str(&text->content), strbuf_str(&out));
	if (same == is_not_of_snapshot(path, text)) {
		fprintf(stderr, "expected\n%s\nbut got\n%s", strbuf_str(&text->content), strbuf_str(&out));
		ck_abort_msg("%s, %s after operation %" PRIu64, path, text->path, text->operations);
	}
	compared[strcmp(text->path, "/proc/buddyinfo") == 0      ? 0
		 : strcmp(text->path, "/proc/pagetypeinfo") == 0 ? 1
								 : 2]++;
	strbuf_free(&out);
}

/* The order of the caches is that of slabinfo. */
static void tell_order(struct replay *replay, const struct text *text)
{
	const char *at = strbuf_str(&text->content);
	char line[512];

	if (strcmp(text->path, "/proc/slabinfo") != 0)
		return;
	ck_assert(replay_cache_text(&replay->caches, LINE_TEXT, "TEXT begin slabinfo"));
	for (; *at; at += strcspn(at, "\n") + 1) {
		snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
		ck_assert(replay_cache_text(&replay->caches, LINE_TEXT_LINE, line));
	}
}

/* Loads the snapshot in `block`, checks the machine, and compares the texts that belong to it. */
static void check_snapshot(struct replay *replay, const struct replay_header *header,
			   const struct recording_block *block, const char *path, u64 operations)
{
	char name[32];

	ck_assert_int_eq(sscanf(recording_block_text(block, 0), "SNAP %31s", name), 1);
	/* Nothing of the snapshot before is kept: the operations between are not done. */
	replay_free(replay);
	replay_init(replay, path, false);
	for (size_t i = 0; i < text_count; i++)
		if (texts[i].operations == operations && strcmp(texts[i].snapshot, name) == 0)
			tell_order(replay, &texts[i]);
	ck_assert_msg(replay_load(replay, header, block, &st) == REPLAY_SAME, "%s: %s expected %s, got %s", path,
		      st.message, strbuf_str(&replay->difference.expected), strbuf_str(&replay->difference.got));
	ck_assert_msg(invariants_hold(&replay->machine, &st), "%s, snapshot %s after operation %" PRIu64 ": %s", path,
		      name, operations, st.message);
	snapshots++;
	for (size_t i = 0; i < text_count; i++)
		if (texts[i].operations == operations && strcmp(texts[i].snapshot, name) == 0 &&
		    is_known(&replay->machine, texts[i].path))
			compare(&replay->machine, &texts[i], path);
}

static void check_recording(const char *path)
{
	struct recording in;
	struct replay_header header;
	struct replay replay;
	struct recording_block block = { 0 };
	bool finished = false;

	gather_texts(path);
	replay_header_init(&header);
	replay_init(&replay, path, false);
	ck_assert_msg(recording_open(&in, path, &st), "%s", st.message);
	while (recording_next(&in, &st) == RECORDING_LINE) {
		struct recording_cursor c = recording_cursor(&in, &st);

		if (in.kind == LINE_CONSTANTS || in.kind == LINE_ZONE_CONSTANTS || in.kind == LINE_ZONE_LIST)
			ck_assert_msg(replay_header_line(&header, in.kind, c), "%s", st.message);
		if (in.kind == LINE_SNAPSHOT)
			recording_block_clear(&block);
		if (in.kind == LINE_SNAPSHOT || replay_load_wants(in.kind))
			ck_assert_msg(recording_block_add(&block, &in, &st), "%s", st.message);
		if (in.kind != LINE_SNAPSHOT_END)
			continue;
		ck_assert_msg(finished || (replay_header_finish(&header, &c) &&
					   replay_cma_areas(&header.config, &block, path, &st)),
			      "%s", st.message);
		finished = true;
		check_snapshot(&replay, &header, &block, path, in.operations);
	}
	ck_assert_msg(st.code == STATUS_OK, "%s", st.message);
	ck_assert(finished);
	recording_close(&in);
	recording_block_free(&block);
	replay_free(&replay);
	forget_texts();
}

START_TEST(all_recordings)
{
	static const char *const folders[] = { "i386-2.6.18", "i386-slab", "i386-slab-debug", "x86_64-slub",
					       "x86_64-slub-smp2" };
	const char *top = getenv("top_srcdir");
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/data/recordings/%s/*.rec.gz", top ? top : ".", folders[_i]);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	snapshots = rows = areas = compared[0] = compared[1] = compared[2] = 0;
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_recording(found.gl_pathv[i]);
	/* Each begins and ends with a snapshot and the texts. */
	ck_assert_uint_ge(snapshots, found.gl_pathc);
	ck_assert_uint_ge(compared[0], found.gl_pathc);
	if (_i == 0)
		ck_assert_uint_eq(compared[1], 0);
	else
		ck_assert_uint_ge(compared[1], found.gl_pathc);
	if (_i == 0)
		ck_assert_uint_eq(areas, 0);
	else
		ck_assert_uint_ge(areas, found.gl_pathc);
	/* Of each slabinfo two lines at least. */
	ck_assert_uint_ge(rows, 2 * found.gl_pathc);
	printf("%s: %zu recordings, %u snapshots, %u texts, %u lines of slabinfo, %u vmallocinfo\n", folders[_i],
	       found.gl_pathc, snapshots, compared[0] + compared[1] + compared[2], rows, areas);
	globfree(&found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("procfs-recorded");
	TCase *tc = tcase_create("procfs-recorded");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, all_recordings, 0, 5);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
