/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shell does beyond single statements: going back in time, loops, pauses, scripts, errors, help. */
#include "shell/absent.h"
#include "shell/commands.h"
#include "shell/help.h"
#include "tests/temp.h"
#include "tests/unit/eval.h"

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned asked;

static void setup_textbook(void)
{
	open_machine("textbook-1M");
}

START_TEST(time_goes_both_ways)
{
	u64 start = machine_hash(&s.machine), end;

	ck_assert_int_eq(run("p = alloc_pages 3; repeat 3 {\n q[] = alloc_page }; say \"a\"; expect p == 0; free p"),
			 SHELL_DONE);
	ck_assert_uint_eq(session_number(&s), 3);
	end = machine_hash(&s.machine);
	assert_prints("history", "    1  p = alloc_pages 3\n    2  repeat 3 { ...\n    3  free p\n");
	assert_prints("undo", "after command 2: repeat 3 { ... (1 can be redone)\n");
	assert_prints("undo 2", "at the beginning (3 can be redone)\n");
	ck_assert_uint_eq(machine_hash(&s.machine), start);
	ck_assert_uint_eq(vars_count(&s.vars), 0);
	assert_prints("goto 3", "after command 3: free p\n");
	ck_assert_uint_eq(machine_hash(&s.machine), end);
	assert_value("len(q)", "3");
	assert_fails("redo", "column 1: there is nothing to redo");
	assert_fails("goto 4", "column 1: there is no command 4: the last is 3");
}
END_TEST

START_TEST(commands_are_done_again_without_a_word)
{
	u64 end;

	ck_assert_int_eq(run("set undo_memory 0"), SHELL_DONE);
	ck_assert_int_eq(run("p = alloc_pages 3; { say \"a\"; expect 0; q = alloc_page; show q }; cpu 0"), SHELL_DONE);
	end = machine_hash(&s.machine);
	assert_prints("goto 1", "after command 1: p = alloc_pages 3 (2 can be redone)\n");
	assert_prints("goto 3", "after command 3: cpu 0\n");
	ck_assert_uint_eq(machine_hash(&s.machine), end);
}
END_TEST

START_TEST(why_tells_the_steps)
{
	assert_fails("why", "column 1: nothing was done yet");
	ck_assert_int_eq(run("p = alloc_pages 9; q = alloc_pages 9"), SHELL_DONE);
	ck_assert_int_eq(run("why p"), SHELL_DONE);
	ck_assert_msg(strncmp(strbuf_str(&out), "1: p = alloc_pages 9\n   1 ", 26) == 0, "%s", strbuf_str(&out));
	ck_assert_int_eq(run("why 2"), SHELL_DONE);
	ck_assert_msg(strncmp(strbuf_str(&out), "2: q = alloc_pages 9\n   1 ", 26) == 0, "%s", strbuf_str(&out));
	assert_fails("why 3", "column 1: there is no command 3; \"history\" lists them");
	ck_assert_int_eq(run("free p"), SHELL_DONE);
	assert_fails("why p", "column 1: no command holds page frame 0x0");
}
END_TEST

static bool goes_on(void *context)
{
	(void)context;
	return ++asked < 3;
}

START_TEST(long_loops_can_be_stopped)
{
	struct shell_host host = { .goes_on = goes_on };

	asked = 0;
	shell_free(sh);
	sh = shell_new(&s, &host);
	assert_fails("repeat 100000000 { p = alloc_page; free p }",
		     "column 1: stopped; nothing is changed (in round 768 of 100000000)");
	ck_assert_uint_eq(asked, 3);
	assert_fails("repeat 100000001 cpu", "column 8: how often to repeat must be 0 to 100000000");
	assert_fails("repeat -1 cpu", "column 8: how often to repeat must be 0 to 100000000");
}
END_TEST

START_TEST(texts_pause_and_go_on)
{
	ck_assert_int_eq(run("a = 1; pause; b = 2"), SHELL_PAUSE);
	ck_assert(shell_is_paused(sh) && shell_in_script(sh));
	ck_assert_ptr_null(vars_get(&s.vars, "b"));
	/* What is typed meanwhile runs, and the pause stays. */
	assert_prints("c = 3", "c = 3\n");
	ck_assert(shell_is_paused(sh));
	strbuf_clear(&out);
	ck_assert_int_eq(shell_resume(sh, &out), SHELL_DONE);
	ck_assert_str_eq(strbuf_str(&out), "b = 2\n");
	ck_assert(!shell_is_paused(sh) && !shell_in_script(sh));
	ck_assert_int_eq(run("quit; d = 4"), SHELL_QUIT);
	ck_assert(!shell_in_script(sh));
	ck_assert_int_eq(run("repeat 3 {"), SHELL_MORE);
	ck_assert_str_eq(strbuf_str(&out), "column 10: this brace is not closed\n");
}
END_TEST

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void run_to_end(void)
{
	while (shell_in_script(sh))
		shell_resume(sh, &out);
}

START_TEST(scripts_include_scripts)
{
	char folder[TEMP_PATH], path[TEMP_INSIDE], inner[TEMP_INSIDE], text[TEMP_INSIDE + 128];

	ck_assert_ptr_nonnull(mkdtemp(temp_name(folder, "eval")));
	snprintf(path, sizeof path, "%s/outer.kmem", folder);
	snprintf(inner, sizeof inner, "%s/inner.kmem", folder);
	write_file(path, "# machine i386-2.6.18\n# set mem=64M\na = 1\ninclude inner.kmem\nb = 2\n");
	write_file(inner, "c = 3\ninclude outer.kmem\nd = 1 +\n");
	snprintf(text, sizeof text, "source %s", path);
	ck_assert_int_eq(run(text), SHELL_DONE);
	ck_assert(shell_in_script(sh));
	ck_assert_str_eq(s.machine.desc.name, "i386-2.6.18");
	ck_assert_uint_eq(s.machine.desc.mem, 64 << 20);
	run_to_end();
	snprintf(text, sizeof text, "%s:3:8: a value is expected here\n    d = 1 +\n           ^\n", inner);
	ck_assert_msg(strstr(strbuf_str(&out), text) != NULL, "%s", strbuf_str(&out));
	ck_assert_ptr_null(vars_get(&s.vars, "c"));
	ck_assert_ptr_null(vars_get(&s.vars, "b"));
	s.keep_going = true;
	snprintf(text, sizeof text, "source %s", path);
	ck_assert_int_eq(run(text), SHELL_DONE);
	run_to_end();
	ck_assert_ptr_nonnull(vars_get(&s.vars, "b"));
	write_file(inner, "c = 3\ninclude outer.kmem\n");
	snprintf(text, sizeof text, "include %s", path);
	ck_assert_int_eq(run(text), SHELL_DONE);
	run_to_end();
	snprintf(text, sizeof text, "%s:2:1: outer.kmem runs already: a script cannot include itself\n", inner);
	ck_assert_msg(strstr(strbuf_str(&out), text) != NULL, "%s", strbuf_str(&out));
	unlink(path);
	unlink(inner);
	rmdir(folder);
}
END_TEST

START_TEST(place_of_an_error_counts_columns)
{
	strbuf_clear(&out);
	ck_assert_int_eq(shell_run(sh, "a = 1\n\"\xe6\x97\xa5\xe6\x9c\xac\" + b", "x.kmem", 7, &out), SHELL_ERROR);
	ck_assert_str_eq(strbuf_str(&out), "a = 1\nx.kmem:8:10: nothing is called \"b\"\n"
					   "    \"\xe6\x97\xa5\xe6\x9c\xac\" + b\n             ^\n");
	/* What is no character is shown as one that is, and takes a column. */
	strbuf_clear(&out);
	ck_assert_int_eq(shell_run(sh, "\"\xa0\xbf\xff\xc3\" + b", "x.kmem", 7, &out), SHELL_ERROR);
	ck_assert_str_eq(strbuf_str(&out), "x.kmem:7:10: nothing is called \"b\"\n    \"????\" + b\n             ^\n");
	/* Half of a pair, and a letter in more bytes than it needs, are no characters either. */
	strbuf_clear(&out);
	ck_assert_int_eq(shell_run(sh, "\"\xed\xa0\x80\xc1\xa1\" + b", "x.kmem", 7, &out), SHELL_ERROR);
	ck_assert_str_eq(strbuf_str(&out),
			 "x.kmem:7:11: nothing is called \"b\"\n    \"?????\" + b\n              ^\n");
}
END_TEST

START_TEST(settings_and_files_name_the_nearest)
{
	assert_fails("set memory_limt 3", "column 1: there is no setting \"memory_limt\"; did you mean memory_limit?");
	assert_fails("set memory_limit much", "column 1: memory_limit is a size such as 512M, not \"much\"");
	assert_fails("set theme dark", "column 1: theme belongs to the screen, and there is none here");
	assert_fails("help alocpages", "column 1: there is no help for \"alocpages\"; did you mean alloc_pages?");
	assert_fails("echo x > /proc/sysrq-trigger",
		     "column 1: of the keys of sysrq only m is modelled: it prints the memory");
	assert_fails("echo x > /proc/nothing",
		     "column 1: /proc/nothing: no such file on this machine; \"help proc\" lists those there are");
	assert_prints("set memory_limit 512M", "");
	ck_assert_uint_eq(s.memory_limit, 512 << 20);
	assert_prints("echo a  b", "a b\n");
}
END_TEST

/* No line of help is too wide, and the overview fits on the smallest screen. */
START_TEST(help_fits_on_the_screen)
{
	struct status st = STATUS_INIT;
	struct strbuf help = STRBUF_INIT;
	unsigned lines = 0;
	const char *topic;

	ck_assert(shell_help(sh, NULL, &help, &st));
	for (const char *c = strbuf_str(&help); *c; c++)
		lines += *c == '\n';
	ck_assert_uint_le(lines, 23);
	for (size_t i = 0; (topic = help_topic(i)); i++)
		ck_assert(shell_help(sh, topic, &help, &st));
	ck_assert(shell_help(sh, "alloc_pages", &help, &st));
	for (char *line = strtok(help.text, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= HELP_COLUMNS, "%s", line);
	strbuf_free(&help);
}
END_TEST

/* What one asks for first is read without scrolling, and says where to go on. */
START_TEST(help_on_objects_and_addresses_fits)
{
	static const char *const topics[] = { "slab", "kmalloc", "vmalloc" };

	for (size_t i = 0; i < ARRAY_SIZE(topics); i++) {
		struct status st = STATUS_INIT;
		struct strbuf help = STRBUF_INIT;
		unsigned lines = 0;

		ck_assert(shell_help(sh, topics[i], &help, &st));
		for (const char *c = strbuf_str(&help); *c; c++)
			lines += *c == '\n';
		ck_assert_msg(lines <= 23, "%s: %u lines", topics[i], lines);
		ck_assert_ptr_nonnull(strstr(strbuf_str(&help), "See also: "));
		strbuf_free(&help);
	}
}
END_TEST

START_TEST(what_is_a_command_is_not_absent)
{
	const char *name;

	for (size_t i = 0; (name = absent_name(i)); i++)
		ck_assert_msg(!commands_find(name), "%s", name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("eval_session");
	const TTest *const textbook[] = {
		time_goes_both_ways,
		commands_are_done_again_without_a_word,
		why_tells_the_steps,
		long_loops_can_be_stopped,
		texts_pause_and_go_on,
		scripts_include_scripts,
		place_of_an_error_counts_columns,
		settings_and_files_name_the_nearest,
		help_fits_on_the_screen,
		help_on_objects_and_addresses_fits,
		what_is_a_command_is_not_absent,
		NULL,
	};

	setlocale(LC_ALL, "C.UTF-8");
	add(suite, "textbook", setup_textbook, textbook);
	return run_suite(suite);
}
