/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every snapshot of every recording: the state is sound, and where the
 * recorder read /proc in that state, the machine's text is the same to the byte.
 */
#include "machine/invariants.h"
#include "procfs/procfs.h"
#include "session/recording.h"
#include "session/replay.h"
#include "session/replay_load.h"

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
static unsigned snapshots, compared[2];
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
static bool is_known(const char *path)
{
	for (size_t n = 0; procfs_path(n); n++)
		if (strcmp(procfs_path(n), path) == 0)
			return true;
	return false;
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
 * Here reading the texts emptied a list's stock: a refill went from the
 * free lists to a per-CPU list (3 pages, or 8) before the snapshot.
 */
static const char *const changed_by_reading[] = {
	"i386-2.6.18/exhaustion.rec.gz begin",        "i386-2.6.18/slab-pressure.rec.gz begin",
	"i386-2.6.18/watermarks-sysctl.rec.gz begin", "i386-2.6.18/zone-fallback.rec.gz begin",
	"x86_64-slub-smp2/smp-pcp.rec.gz end",
};

static bool is_changed_by_reading(const char *path, const struct text *text)
{
	char place[256];

	snprintf(place, sizeof place, "%s %s", path, text->snapshot);
	for (size_t i = 0; i < ARRAY_SIZE(changed_by_reading); i++)
		if (strstr(place, changed_by_reading[i]))
			return true;
	return false;
}

static void compare(const struct machine *m, const struct text *text, const char *path)
{
	struct strbuf out = STRBUF_INIT;
	bool same;

	ck_assert_msg(procfs_read(m, text->path, &out, &st), "%s: %s", path, st.message);
	same = strcmp(strbuf_str(&out), strbuf_str(&text->content)) == 0;
	if (same == is_changed_by_reading(path, text)) {
		fprintf(stderr, "expected\n%s\nbut got\n%s", strbuf_str(&text->content), strbuf_str(&out));
		ck_abort_msg("%s, %s after operation %" PRIu64, path, text->path, text->operations);
	}
	compared[strcmp(text->path, procfs_path(1)) == 0]++;
	strbuf_free(&out);
}

/* Loads the snapshot in `block`, checks the machine, and compares the texts that belong to it. */
static void check_snapshot(struct replay *replay, const struct phys_config *config, const struct recording_block *block,
			   const char *path, u64 operations)
{
	char name[32];

	ck_assert_int_eq(sscanf(recording_block_text(block, 0), "SNAP %31s", name), 1);
	ck_assert_msg(replay_load(replay, config, block, &st), "%s", st.message);
	ck_assert_msg(invariants_hold(&replay->machine, &st), "%s, snapshot %s after operation %" PRIu64 ": %s", path,
		      name, operations, st.message);
	snapshots++;
	for (size_t i = 0; i < text_count; i++)
		if (texts[i].operations == operations && strcmp(texts[i].snapshot, name) == 0 &&
		    is_known(texts[i].path))
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
			ck_assert_msg(finished || replay_header_line(&header, in.kind, c), "%s", st.message);
		if (in.kind == LINE_SNAPSHOT)
			recording_block_clear(&block);
		if (in.kind == LINE_SNAPSHOT || replay_load_wants(in.kind))
			ck_assert_msg(recording_block_add(&block, &in, &st), "%s", st.message);
		if (in.kind != LINE_SNAPSHOT_END)
			continue;
		ck_assert_msg(finished || replay_header_finish(&header, &c), "%s", st.message);
		finished = true;
		check_snapshot(&replay, &header.config, &block, path, in.operations);
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
	snapshots = compared[0] = compared[1] = 0;
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_recording(found.gl_pathv[i]);
	/* Each begins and ends with a snapshot and the texts. */
	ck_assert_uint_ge(snapshots, found.gl_pathc);
	ck_assert_uint_ge(compared[0], found.gl_pathc);
	if (_i == 0)
		ck_assert_uint_eq(compared[1], 0);
	else
		ck_assert_uint_ge(compared[1], found.gl_pathc);
	printf("%s: %zu recordings, %u snapshots, %u texts\n", folders[_i], found.gl_pathc, snapshots,
	       compared[0] + compared[1]);
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
