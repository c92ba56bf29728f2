/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of journals, and writing files when the disk is full. */
#include "session/journal.h"
#include "session/savefile.h"
#include "tests/temp.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[TEMP_PATH], state_home[TEMP_INSIDE], path[TEMP_INSIDE];
static struct status st;

static void setup(void)
{
	memset(&st, 0, sizeof st);
	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "journal")));
	snprintf(path, sizeof path, "%s/file", folder);
	snprintf(state_home, sizeof state_home, "XDG_STATE_HOME=%s", folder);
	putenv(state_home);
}

static void teardown(void)
{
	char name[TEMP_INSIDE];

	unlink(path);
	snprintf(name, sizeof name, "%s/kmemlab", folder);
	rmdir(name);
	rmdir(folder);
}

static void write_file(const char *text, size_t length)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, length, f), length);
	fclose(f);
}

static char *read_file(const char *name)
{
	static char text[4096];
	FILE *f = fopen(name, "r");
	size_t length;

	if (!f)
		return NULL;
	length = fread(text, 1, sizeof text - 1, f);
	text[length] = '\0';
	fclose(f);
	return text;
}

static struct journal_file parse(const char *text)
{
	struct journal_file f;

	write_file(text, strlen(text));
	ck_assert_msg(journal_read(&f, path, &st), "%s", st.message);
	return f;
}

START_TEST(all_parts_are_read)
{
	struct journal_file f =
	    parse("# kmemlab session 1\n# machine i386-2.6.18\n# set mem=512M\n# set cpus=2\n"
		  "# seed 42\n\n# a remark\np = alloc_pages(GFP_KERNEL, 3)\nrepeat 4 {\n\talloc_page\n"
		  "\t}\n#= 0123456789abcdef\ngoto 1\n  // more\n# end\n");
	size_t n;

	ck_assert_str_eq(f.header.machine, "i386-2.6.18");
	ck_assert_str_eq(strbuf_str(&f.header.settings), "mem=512M\ncpus=2\n");
	ck_assert(f.header.has_seed);
	ck_assert_uint_eq(f.header.seed, 42);
	ck_assert_uint_eq(f.count, 3);
	ck_assert_str_eq(f.entries[0].text, "p = alloc_pages(GFP_KERNEL, 3)");
	ck_assert(!f.entries[0].has_hash);
	ck_assert_str_eq(f.entries[1].text, "repeat 4 {\nalloc_page\n}");
	ck_assert(f.entries[1].has_hash);
	ck_assert_uint_eq(f.entries[1].hash, UINT64_C(0x0123456789abcdef));
	ck_assert(!journal_entry_goto(&f.entries[1], &n));
	ck_assert(journal_entry_goto(&f.entries[2], &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(f.ended);
	ck_assert(!f.torn);
	journal_file_free(&f);
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
	static const char *const texts[] = { "p = alloc_page", "a {\n\tb\n}", "  // first a remark\n# another\n  c\n#d",
					     "x = \"#\"" };
	static const char *const back[] = { "p = alloc_page", "a {\n\tb\n}", "c\n#d", "x = \"#\"" };
	struct machine_desc desc = { .source = "textbook-1M", .settings = "mem=16K\npage_size=1K\n" };
	struct strbuf out = STRBUF_INIT;
	struct journal_file f;

	journal_put_header(&out, &desc, UINT64_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		journal_put_command(&out, texts[i]);
	journal_put_hash(&out, 0xabc);
	f = parse(out.text);
	strbuf_free(&out);
	ck_assert_str_eq(f.header.machine, "textbook-1M");
	ck_assert_str_eq(strbuf_str(&f.header.settings), desc.settings);
	ck_assert_uint_eq(f.header.seed, UINT64_MAX);
	ck_assert_uint_eq(f.count, ARRAY_SIZE(texts));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_str_eq(f.entries[i].text, back[i]);
	ck_assert_uint_eq(f.entries[3].hash, 0xabc);
	ck_assert(!f.ended);
	journal_file_free(&f);
}
END_TEST

START_TEST(torn_end_is_left_out)
{
	static const char zeros[] = "# kmemlab session 1\na = 1\nb = \0\0\0\n\0\n";
	struct journal_file f = parse("# kmemlab session 1\na = 1\nb = 2\n#= 0123");

	ck_assert(f.torn);
	ck_assert_uint_eq(f.count, 2);
	ck_assert_uint_eq(f.whole, 32);
	journal_file_free(&f);
	write_file(zeros, sizeof zeros - 1);
	ck_assert(journal_read(&f, path, &st));
	ck_assert(f.torn);
	ck_assert_uint_eq(f.count, 1);
	ck_assert_uint_eq(f.whole, 26);
	journal_file_free(&f);
}
END_TEST

START_TEST(other_files_are_refused)
{
	static const char *const texts[] = { "", "p = alloc_page\n", "# kmemlab session x\n",
					     "# kmemlab session 2\na\n" };
	struct journal_file f;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		write_file(texts[i], strlen(texts[i]));
		ck_assert(!journal_read(&f, path, &st));
		ck_assert_int_eq(st.code, STATUS_FORMAT);
		journal_file_free(&f);
	}
	ck_assert(!journal_read(&f, folder, &st));
	ck_assert_int_eq(st.code, STATUS_IO);
	journal_file_free(&f);
	unlink(path);
	ck_assert(!journal_read(&f, path, &st));
	ck_assert_ptr_nonnull(strstr(st.message, path));
	journal_file_free(&f);
}
END_TEST

/* From now on no file of this process can become longer. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit = { bytes, bytes };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void append(struct journal *j, const char *text)
{
	struct strbuf lines = STRBUF_INIT;

	strbuf_puts(&lines, text);
	journal_append(j, &lines);
	strbuf_free(&lines);
}

START_TEST(full_disk_ends_the_journal_at_a_whole_line)
{
	struct strbuf none = STRBUF_INIT;
	struct journal j;
	char *name;

	ck_assert_msg(journal_open(&j, &st), "%s", st.message);
	name = strdup(j.path);
	limit_files(24);
	append(&j, "first command\n");
	ck_assert(status_ok(&j.trouble));
	append(&j, "second command\n");
	ck_assert_int_eq(j.trouble.code, STATUS_IO);
	append(&j, "third\n");
	journal_close(&j, &none);
	ck_assert_str_eq(read_file(name), "first command\n");
	unlink(name);
	free(name);
}
END_TEST

START_TEST(full_disk_leaves_the_saved_file_as_it_was)
{
	char text[100];

	memset(text, 'x', sizeof text);
	ck_assert(savefile_write(path, "old\n", 4, &st));
	limit_files(50);
	ck_assert(!savefile_write(path, text, sizeof text, &st));
	ck_assert_int_eq(st.code, STATUS_IO);
	ck_assert_str_eq(read_file(path), "old\n");
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0); /* and nothing is left over */
}
END_TEST

START_TEST(saving_keeps_permissions_and_follows_links)
{
	char link[TEMP_INSIDE + 128];
	struct stat info;

	snprintf(link, sizeof link, "%s/link", folder);
	write_file("old\n", 4);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert_int_eq(symlink("file", link), 0);
	ck_assert(savefile_write(link, "new\n", 4, &st));
	ck_assert_str_eq(read_file(path), "new\n");
	ck_assert_int_eq(lstat(link, &info), 0);
	ck_assert(S_ISLNK(info.st_mode));
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 07777, 0640);
	unlink(link);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("journal");
	TCase *tc = tcase_create("all"), *limited = tcase_create("full disk");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_checked_fixture(limited, setup, teardown);
	tcase_add_test(tc, all_parts_are_read);
	tcase_add_test(tc, what_is_written_is_read_back);
	tcase_add_test(tc, torn_end_is_left_out);
	tcase_add_test(tc, other_files_are_refused);
	tcase_add_test(tc, saving_keeps_permissions_and_follows_links);
	suite_add_tcase(suite, tc);
	/* A process keeps its limit, so these need one of their own. */
	if (srunner_fork_status(runner) == CK_FORK) {
		tcase_add_test(limited, full_disk_ends_the_journal_at_a_whole_line);
		tcase_add_test(limited, full_disk_leaves_the_saved_file_as_it_was);
	}
	suite_add_tcase(suite, limited);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
