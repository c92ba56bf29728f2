/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens: numbers and sizes, strings, comments, words of commands. */
#include "shell/lexer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct diag diag;
static struct lexer lx;
static struct token t;

static void open_text(const char *text)
{
	memset(&diag, 0, sizeof diag);
	lx = (struct lexer){ .text = text, .length = strlen(text), .diag = &diag };
}

static void assert_number(const char *text, u64 number)
{
	open_text(text);
	ck_assert_msg(lexer_next(&lx, &t), "%s: %s", text, diag.status.message);
	ck_assert_int_eq(t.kind, TOKEN_NUMBER);
	ck_assert_msg(t.number == number, "%s is %llu", text, (unsigned long long)t.number);
	ck_assert(lexer_next(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_END);
}

static void assert_bad(const char *text, bool more)
{
	open_text(text);
	ck_assert_msg(!lexer_next(&lx, &t), "%s is taken", text);
	ck_assert_int_eq(diag.status.code, STATUS_SYNTAX);
	ck_assert_int_eq(diag.more, more);
	ck_assert_uint_gt(strlen(diag.status.message), 0);
}

START_TEST(numbers_are_those_of_c)
{
	assert_number("0", 0);
	assert_number("42", 42);
	assert_number("052", 42);
	assert_number("0x2A", 42);
	assert_number("42UL", 42);
	assert_number("42ull", 42);
	assert_number("'a'", 97);
	assert_number("'\\n'", 10);
	assert_number("'\\x41'", 65);
	assert_number("18446744073709551615", UINT64_MAX);
	assert_number("0xffffffffffffffff", UINT64_MAX);
}
END_TEST

START_TEST(sizes_are_bytes_rounded_up)
{
	assert_number("128K", 131072);
	assert_number("1k", 1024);
	assert_number("2M", 2097152);
	assert_number("1G", 1073741824);
	assert_number("1T", UINT64_C(1099511627776));
	assert_number("4KiB", 4096);
	assert_number("4KB", 4096);
	assert_number("3.6K", 3687); /* 3686.4 */
	assert_number("1.5K", 1536);
	assert_number("0.000001T", 1099512); /* 1099511.6 */
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
	assert_bad("18446744073709551616", false);
	assert_bad("0x10000000000000000", false);
	assert_bad("17000000T", false);
	assert_bad("3.6", false);
	assert_bad("1.1234567K", false);
	assert_bad("12abc", false);
	assert_bad("08", false);
	assert_bad("0x", false);
	assert_bad("''", false);
	assert_bad("'ab'", false);
	assert_bad("$", false);
	assert_bad("\xc3\xa9", false);
}
END_TEST

START_TEST(strings_are_those_of_c)
{
	char out[64];

	open_text("\"a\\\"b\\n\\t\\\\ \\x41\\101\" rest");
	ck_assert(lexer_next(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_STRING);
	ck_assert_uint_eq(lexer_unquote(&lx, &t, out), 9);
	ck_assert_mem_eq(out, "a\"b\n\t\\ AA", 9);
	ck_assert(lexer_next(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_NAME);
	assert_bad("\"open", true);
	assert_bad("\"open\\", true);
	assert_bad("\"open\\\"", true);
	assert_bad("'a", true);
}
END_TEST

START_TEST(comments_and_joined_lines_are_blanks)
{
	static const int kinds[] = { TOKEN_NAME, TOKEN_NEWLINE, TOKEN_NAME, TOKEN_NAME, TOKEN_NAME, TOKEN_END };

	open_text("a # b ; c\nd /* e\n f */ g \\\n h // i");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		ck_assert(lexer_next(&lx, &t));
		ck_assert_int_eq(t.kind, kinds[i]);
	}
	assert_bad("/* open", true);
}
END_TEST

START_TEST(newlines_mean_nothing_inside_brackets)
{
	open_text("a\nb");
	lx.nesting = 1;
	ck_assert(lexer_next(&lx, &t));
	ck_assert(lexer_next(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_NAME);
	ck_assert_uint_eq(t.start, 2);
}
END_TEST

START_TEST(operators_are_the_longest_that_fit)
{
	static const int kinds[] = { TOKEN_SHIFT_LEFT,
				     TOKEN_LESS_EQUAL,
				     '<',
				     TOKEN_EQUAL,
				     '=',
				     TOKEN_AND,
				     '&',
				     TOKEN_NOT_EQUAL,
				     '!',
				     TOKEN_ARROW,
				     '-',
				     TOKEN_END };

	open_text("<<<=< == =&& &!=! ->-");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		ck_assert(lexer_next(&lx, &t));
		ck_assert_int_eq(t.kind, kinds[i]);
	}
}
END_TEST

static void assert_word(const char *word)
{
	ck_assert(lexer_word(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_WORD);
	ck_assert_uint_eq(t.end - t.start, strlen(word));
	ck_assert_mem_eq(lx.text + t.start, word, strlen(word));
}

START_TEST(words_end_at_blanks)
{
	open_text(" /proc/a-b mem=512M m>/proc/x \"two words\" a}b ; rest");
	assert_word("/proc/a-b");
	assert_word("mem=512M");
	assert_word("m");
	assert_word(">");
	assert_word("/proc/x");
	ck_assert(lexer_word(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_STRING);
	assert_word("a}b");
	ck_assert(lexer_word(&lx, &t));
	ck_assert_int_eq(t.kind, ';');
	open_text("a # comment\nb");
	assert_word("a");
	ck_assert(lexer_word(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_NEWLINE);
	open_text("a }");
	assert_word("a");
	ck_assert(lexer_word(&lx, &t));
	ck_assert_int_eq(t.kind, '}');
}
END_TEST

START_TEST(text_is_the_rest_of_the_line)
{
	open_text("  one; two # three \t\nfour");
	ck_assert(lexer_text(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_WORD);
	ck_assert_mem_eq(lx.text + t.start, "one; two # three", t.end - t.start);
	ck_assert_uint_eq(t.end - t.start, 16);
	open_text(" \"one\"; two");
	ck_assert(lexer_text(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_STRING);
	ck_assert(lexer_next(&lx, &t));
	ck_assert_int_eq(t.kind, ';');
	open_text("  ");
	ck_assert(lexer_text(&lx, &t));
	ck_assert_int_eq(t.kind, TOKEN_END);
}
END_TEST

/* Only what is a string and nothing else is one. */
START_TEST(text_may_begin_with_a_quote)
{
	static const char *const texts[] = { "\"one\" two", "\"one", "\"one \\\"", "\"one\", \"two\"" };
	static const char *const strings[] = { "\"a\"",           "\"a; b\" ; cpu", "\"a\\\" b\"", "\"a\" # b",
					       "\"a\" // b\ncpu", "\"a\" }",        "\"a\"}}",     "\"a\" \ncpu" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		open_text(texts[i]);
		ck_assert(lexer_text(&lx, &t));
		ck_assert_msg(t.kind == TOKEN_WORD && t.end == strlen(texts[i]), "%s", texts[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		open_text(strings[i]);
		ck_assert(lexer_text(&lx, &t));
		ck_assert_msg(t.kind == TOKEN_STRING && lx.text[t.end - 1] == '"', "%s", strings[i]);
	}
}
END_TEST

START_TEST(blanks_around_a_token_are_known)
{
	open_text("a -1 - b");
	ck_assert(lexer_next(&lx, &t));
	ck_assert(lexer_next(&lx, &t));
	ck_assert(t.space_before && !t.space_behind);
	ck_assert(lexer_next(&lx, &t));
	ck_assert(!t.space_before && t.space_behind);
	ck_assert(lexer_next(&lx, &t));
	ck_assert(t.space_before && t.space_behind);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lexer");
	TCase *tc = tcase_create("all");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, numbers_are_those_of_c);
	tcase_add_test(tc, sizes_are_bytes_rounded_up);
	tcase_add_test(tc, what_is_no_number_is_refused);
	tcase_add_test(tc, strings_are_those_of_c);
	tcase_add_test(tc, comments_and_joined_lines_are_blanks);
	tcase_add_test(tc, newlines_mean_nothing_inside_brackets);
	tcase_add_test(tc, operators_are_the_longest_that_fit);
	tcase_add_test(tc, words_end_at_blanks);
	tcase_add_test(tc, text_is_the_rest_of_the_line);
	tcase_add_test(tc, text_may_begin_with_a_quote);
	tcase_add_test(tc, blanks_around_a_token_are_known);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
