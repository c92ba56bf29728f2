/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt: editing, completion, history, wide characters, pasted text. */
#include "tests/screen/emulator.h"
#include "tests/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CTRL_R "\022"
#define CTRL_A "\001"
#define CTRL_C "\003"
#define CTRL_U "\025"
#define UP "\033[A"
#define LEFT "\033[D"
#define ALT_B "\033b"

static bool check_command(struct emulator *e)
{
	emulator_type(e, "p = alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "pfn 0x"));
	emulator_type(e, "6 * 7\r");
	HOLDS(emulator_shows(e, "42 = 0x2a"));
	emulator_type(e, "no_such_command\r");
	HOLDS(emulator_shows(e, "no_such_command"));
	emulator_type(e, "typed");
	HOLDS(emulator_bottom_is(e, "kmemlab> typed"));
	HOLDS(emulator_cursor_at(e, 14));
	emulator_type(e, CTRL_C);
	HOLDS(emulator_hides(e, "kmemlab> typed"));
	return true;
}

static bool check_editing(struct emulator *e)
{
	emulator_type(e, "abc def" LEFT LEFT "X");
	HOLDS(emulator_bottom_is(e, "kmemlab> abc dXef"));
	emulator_type(e, ALT_B "Y");
	HOLDS(emulator_bottom_is(e, "kmemlab> abc YdXef"));
	emulator_type(e, CTRL_A "\033[3~");
	HOLDS(emulator_bottom_is(e, "kmemlab> bc YdXef"));
	HOLDS(emulator_cursor_at(e, 9));
	emulator_type(e, "\033[1;5C|");
	HOLDS(emulator_bottom_is(e, "kmemlab> bc| YdXef"));
	return true;
}

static bool check_completion(struct emulator *e)
{
	emulator_type(e, "get_zer\t");
	HOLDS(emulator_shows(e, "kmemlab> get_zeroed_page"));
	emulator_type(e, CTRL_U "__free_p\t");
	HOLDS(emulator_shows(e, "completions"));
	HOLDS(emulator_shows(e, "__free_pages"));
	HOLDS(emulator_bottom_is(e, "kmemlab> __free_page"));
	/* Any other key closes the list. */
	emulator_type(e, "s");
	HOLDS(emulator_hides(e, "completions"));
	HOLDS(emulator_bottom_is(e, "kmemlab> __free_pages"));
	return true;
}

static bool check_completion_pages(struct emulator *e)
{
	emulator_type(e, "x = \t");
	HOLDS(emulator_shows(e, "page 1 of"));
	emulator_type(e, "\t");
	HOLDS(emulator_shows(e, "page 2 of"));
	return true;
}

static bool check_history(struct emulator *e)
{
	emulator_type(e, "1 + 10\r2 + 20\r");
	HOLDS(emulator_shows(e, "22 = 0x16"));
	emulator_type(e, UP UP);
	HOLDS(emulator_bottom_is(e, "kmemlab> 1 + 10"));
	emulator_type(e, CTRL_C CTRL_R "2 +");
	HOLDS(emulator_bottom_is(e, "(reverse-i-search)`2 +': 2 + 20"));
	emulator_type(e, CTRL_C);
	HOLDS(emulator_shows(e, "kmemlab>"));
	HOLDS(emulator_hides(e, "reverse-i-search"));
	return true;
}

static bool check_search_wide(struct emulator *e)
{
	emulator_type(e, "say 内存分配\rsay hello\r");
	HOLDS(emulator_shows(e, "hello"));
	emulator_type(e, CTRL_R "存");
	HOLDS(emulator_bottom_is(e, "(reverse-i-search)`存': say 内存分配"));
	emulator_type(e, "分");
	HOLDS(emulator_bottom_is(e, "(reverse-i-search)`存分': say 内存分配"));
	/* The search ends with an arrow, and the line found is edited. */
	emulator_type(e, "\033[F!");
	HOLDS(emulator_bottom_is(e, "kmemlab> say 内存分配!"));
	return true;
}

static bool check_wide(struct emulator *e)
{
	emulator_type(e, "a内存b");
	HOLDS(emulator_bottom_is(e, "kmemlab> a内存b"));
	HOLDS(emulator_cursor_at(e, 9 + 6));
	emulator_type(e, LEFT LEFT);
	HOLDS(emulator_cursor_at(e, 9 + 3));
	emulator_type(e, "\177");
	HOLDS(emulator_bottom_is(e, "kmemlab> a存b"));
	HOLDS(emulator_cursor_at(e, 9 + 1));
	/* A letter and the accent that combines with it are one column. */
	emulator_type(e, CTRL_U "\033[F" CTRL_C "e\314\201x");
	HOLDS(emulator_cursor_at(e, 9 + 2));
	return true;
}

static bool check_long_line(struct emulator *e)
{
	char line[201];

	for (size_t i = 0; i < 200; i++)
		line[i] = (char)('a' + i / 10);
	line[200] = '\0';
	emulator_type(e, line);
	HOLDS(emulator_shows(e, "tttttttttt"));
	HOLDS(emulator_hides(e, "aaaaaaaaaa"));
	emulator_type(e, CTRL_A);
	HOLDS(emulator_shows(e, "kmemlab> aaaaaaaaaabbbb"));
	HOLDS(emulator_hides(e, "tttttttttt"));
	HOLDS(emulator_cursor_at(e, 9));
	return true;
}

static bool check_long_wide_line(struct emulator *e)
{
	for (int i = 0; i < 60; i++)
		emulator_type(e, "内");
	emulator_type(e, "末");
	HOLDS(emulator_shows(e, "内末"));
	return true;
}

static bool check_paste(struct emulator *e)
{
	/* The tab must not complete, nor the question mark open the help. */
	emulator_type(e, "\033[200~?x\ty\033[201~");
	HOLDS(emulator_bottom_is(e, "kmemlab> ?x y"));
	emulator_type(e, CTRL_C "\033[200~a = 100 + 1\nb = a * 3\nb +\033[201~ 7");
	HOLDS(emulator_bottom_is(e, "kmemlab> b + 7"));
	emulator_type(e, "\r");
	HOLDS(emulator_shows(e, "310 = 0x136"));
	return true;
}

static bool check_paste_unmarked(struct emulator *e)
{
	emulator_type(e, "a = 100 + 1\rb = a * 3\rb + 7\r");
	HOLDS(emulator_shows(e, "310 = 0x136"));
	return true;
}

static bool check_several_lines(struct emulator *e)
{
	emulator_type(e, "repeat 2 {\r");
	HOLDS(emulator_shows(e, "...>"));
	emulator_type(e, CTRL_C "3 * 5\r");
	HOLDS(emulator_shows(e, "15 = 0xf"));
	return true;
}

static bool with(bool (*check)(struct emulator *e))
{
	return emulator_check(&(struct emulator_setup){ 0 }, check);
}

#define TEST(name)                         \
	static bool test_##name(void)      \
	{                                  \
		return with(check_##name); \
	}

TEST(command)
TEST(editing)
TEST(completion)
TEST(completion_pages)
TEST(history)
TEST(search_wide)
TEST(wide)
TEST(long_line)
TEST(long_wide_line)
TEST(paste)
TEST(paste_unmarked)
TEST(several_lines)

static bool history_lasts(const char *state)
{
	struct emulator_setup setup = { .state = state };
	struct emulator *e = emulator_start_prompt(&setup);
	bool ok;

	emulator_type(e, "1000 + 234\r");
	emulator_shows(e, "1234 = 0x4d2");
	emulator_type(e, "quit\r");
	ok = emulator_wait_exit(e) == 0;
	emulator_free(e);
	HOLDS(ok);
	e = emulator_start_prompt(&setup);
	emulator_type(e, UP UP);
	ok = emulator_bottom_is(e, "kmemlab> 1000 + 234");
	emulator_free(e);
	return ok;
}

static bool test_history_lasts(void)
{
	char folder[TEMP_PATH], command[TEMP_INSIDE];
	bool ok;

	HOLDS(mkdtemp(temp_name(folder, "history")) != NULL);
	ok = history_lasts(folder);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	HOLDS(system(command) == 0);
	return ok;
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "a command shows its result", test_command },
		{ "keys edit the line", test_editing },
		{ "Tab completes, and lists what is possible", test_completion },
		{ "a long list of completions has pages", test_completion_pages },
		{ "earlier lines, and a search for one", test_history },
		{ "a search with wide characters", test_search_wide },
		{ "the cursor among wide and combining characters", test_wide },
		{ "a long line scrolls", test_long_line },
		{ "a long line of wide characters scrolls", test_long_wide_line },
		{ "pasted lines run, and their characters are no keys", test_paste },
		{ "lines that come all at once run in order", test_paste_unmarked },
		{ "a statement of several lines, and leaving it", test_several_lines },
		{ "the history outlasts the program", test_history_lasts },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
