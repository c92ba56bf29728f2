/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cell grid, widths of characters, and the breaking of lines. */
#include "base/utf8.h"
#include "ui/glyphs.h"
#include "ui/grid.h"
#include "ui/wrap.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct grid grid;

static void setup(void)
{
	ck_assert(grid_init(&grid, 3, 10));
}

static void teardown(void)
{
	grid_free(&grid);
}

/* Row `y` as text; the right half of a wide character is nothing. */
static void assert_row(int y, const char *wanted)
{
	char text[256] = "";

	for (int x = 0; x < grid.cols; x++)
		strcat(text, grid_cell(&grid, y, x)->text);
	ck_assert_str_eq(text, wanted);
}

START_TEST(text_stays_inside)
{
	ck_assert_int_eq(grid_put(&grid, 0, 7, 100, STYLE_TITLE, "abcdef"), 3);
	ck_assert_int_eq(grid_put(&grid, 1, 0, 2, STYLE_TEXT, "abcdef"), 2);
	ck_assert_int_eq(grid_put(&grid, 3, 0, 10, STYLE_TEXT, "below"), 0);
	ck_assert_int_eq(grid_put(&grid, 0, 10, 10, STYLE_TEXT, "right"), 0);
	ck_assert_int_eq(grid_put(&grid, 0, -1, 10, STYLE_TEXT, "left"), 0);
	ck_assert_int_eq(grid_put(&grid, 2, 0, -5, STYLE_TEXT, "none"), 0);
	assert_row(0, "       abc");
	assert_row(1, "ab        ");
	assert_row(2, "          ");
	ck_assert_int_eq(grid_cell(&grid, 0, 7)->style, STYLE_TITLE);
	ck_assert_ptr_null(grid_cell(&grid, 0, 10));
	ck_assert_ptr_null(grid_cell(&grid, -1, 0));
}
END_TEST

START_TEST(wide_characters)
{
	/* The last one would stand half outside. */
	ck_assert_int_eq(grid_put(&grid, 0, 0, 5, STYLE_TEXT, "内存页"), 4);
	ck_assert_int_eq(grid_cell(&grid, 0, 0)->width, 2);
	ck_assert_int_eq(grid_cell(&grid, 0, 1)->width, 0);
	ck_assert_str_eq(grid_cell(&grid, 0, 1)->text, "");
	assert_row(0, "内存      ");
	/* Writing over one half takes the other half away. */
	grid_put(&grid, 0, 1, 1, STYLE_TEXT, "x");
	assert_row(0, " x存      ");
	grid_put(&grid, 0, 2, 1, STYLE_TEXT, "y");
	assert_row(0, " xy       ");
	grid_put(&grid, 1, 0, 10, STYLE_TEXT, "内存");
	grid_put(&grid, 1, 1, 2, STYLE_TEXT, "页");
	assert_row(1, " 页       ");
	ck_assert_int_eq(grid_width("内存 ab"), 7);
}
END_TEST

START_TEST(combining_characters)
{
	/* e and a combining acute accent: one column. */
	ck_assert_int_eq(grid_put(&grid, 0, 0, 10, STYLE_TEXT, "e\xcc\x81x"), 2);
	ck_assert_str_eq(grid_cell(&grid, 0, 0)->text, "e\xcc\x81");
	ck_assert_str_eq(grid_cell(&grid, 0, 1)->text, "x");
	/* With nothing in front of it, it is left out; a cell holds so many and no more. */
	ck_assert_int_eq(grid_put(&grid, 1, 0, 10, STYLE_TEXT, "\xcc\x81"), 0);
	for (int i = 0; i < 40; i++)
		grid_put(&grid, 2, 0, 10, STYLE_TEXT,
			 "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
			 "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
	ck_assert_uint_lt(strlen(grid_cell(&grid, 2, 0)->text), CELL_BYTES);
}
END_TEST

START_TEST(bytes_that_are_no_text)
{
	ck_assert_int_eq(grid_put(&grid, 0, 0, 10, STYLE_TEXT, "a\xff\tb\x1b\x7f"), 6);
	assert_row(0, "a??b??    ");
	ck_assert_int_eq(grid_put(&grid, 1, 0, 10, STYLE_TEXT, "\xe4\xb8"), 2);
	assert_row(1, "??        ");
	ck_assert_int_eq(grid_width("a\xff\t"), 3);
}
END_TEST

START_TEST(text_that_is_cut)
{
	ck_assert_int_eq(grid_put_cut(&grid, 0, 0, 5, STYLE_TEXT, GLYPHS_UTF8, "abcdef"), 5);
	assert_row(0, "abcd…     ");
	ck_assert_int_eq(grid_put_cut(&grid, 1, 0, 5, STYLE_TEXT, GLYPHS_ASCII, "内存页"), 5);
	assert_row(1, "内存~     ");
	ck_assert_int_eq(grid_put_cut(&grid, 2, 0, 5, STYLE_TEXT, GLYPHS_UTF8, "abcde"), 5);
	ck_assert_int_eq(grid_put_right(&grid, 2, 5, 5, STYLE_TEXT, GLYPHS_UTF8, "xy"), 2);
	assert_row(2, "abcde   xy");
	ck_assert_int_eq(grid_put_cut(&grid, 2, 0, 0, STYLE_TEXT, GLYPHS_UTF8, "abc"), 0);
}
END_TEST

START_TEST(filling)
{
	grid_fill(&grid, (struct rect){ 1, 8, 5, 5 }, STYLE_SELECTED, "#");
	assert_row(0, "          ");
	assert_row(1, "        ##");
	assert_row(2, "        ##");
	grid_restyle(&grid, (struct rect){ 0, 0, 1, 2 }, STYLE_ERROR);
	ck_assert_int_eq(grid_cell(&grid, 0, 1)->style, STYLE_ERROR);
	ck_assert_int_eq(grid_cell(&grid, 0, 2)->style, STYLE_TEXT);
	grid_clear(&grid);
	assert_row(2, "          ");
}
END_TEST

START_TEST(glyphs_are_one_column)
{
	for (int g = 0; g < GLYPH_COUNT; g++) {
		ck_assert_int_eq(grid_width(glyph(GLYPHS_UTF8, (enum glyph)g)), 1);
		ck_assert_uint_eq(strlen(glyph(GLYPHS_ASCII, (enum glyph)g)), 1);
		ck_assert_int_eq(glyph_of_text(glyph(GLYPHS_LINES, (enum glyph)g)), g);
		ck_assert_int_eq(glyph_of_text(glyph(GLYPHS_UTF8, (enum glyph)g)), GLYPH_COUNT);
		ck_assert_int_eq(glyph_of_text(glyph(GLYPHS_ASCII, (enum glyph)g)), GLYPH_COUNT);
	}
}
END_TEST

START_TEST(decoding)
{
	static const struct {
		const char *bytes;
		u32 c;
		size_t length;
	} cases[] = {
		{ "a", 'a', 1 },
		{ "\xc3\xa9", 0xe9, 2 },
		{ "\xe4\xb8\xad", 0x4e2d, 3 },
		{ "\xf0\x9f\x98\x80", 0x1f600, 4 },
		{ "\xc0\x80", UTF8_BAD, 1 }, /* too long a form */
		{ "\xe0\x80\x80", UTF8_BAD, 1 },
		{ "\xed\xa0\x80", UTF8_BAD, 1 }, /* half of a pair */
		{ "\xf4\x90\x80\x80", UTF8_BAD, 1 }, /* above all characters */
		{ "\xe4\xb8", UTF8_BAD, 1 }, /* cut off */
		{ "\x80", UTF8_BAD, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t length;

		ck_assert_uint_eq(utf8_decode(cases[i].bytes, cases[i].bytes + strlen(cases[i].bytes), &length),
				  cases[i].c);
		ck_assert_uint_eq(length, cases[i].length);
	}
}
END_TEST

/* Without a locale: the tables. */
START_TEST(columns)
{
	ck_assert_int_eq(utf8_columns('a'), 1);
	ck_assert_int_eq(utf8_columns(0x4e2d), 2);
	ck_assert_int_eq(utf8_columns(0x3000), 2);
	ck_assert_int_eq(utf8_columns(0xac00), 2);
	ck_assert_int_eq(utf8_columns(0xff21), 2);
	ck_assert_int_eq(utf8_columns(0xff71), 1);
	ck_assert_int_eq(utf8_columns(0x0301), 0);
	ck_assert_int_eq(utf8_columns(0x2502), 1);
	ck_assert_int_eq(utf8_columns(0x1b), -1);
	ck_assert_int_eq(utf8_columns(0x85), -1);
}
END_TEST

static void assert_wraps(const char *text, int cols, const char *const *lines)
{
	const char *rest = text, *line;
	size_t bytes;
	int count = 0;

	while (wrap_next(&rest, cols, &line, &bytes)) {
		ck_assert_ptr_nonnull(lines[count]);
		ck_assert_uint_eq(bytes, strlen(lines[count]));
		ck_assert_mem_eq(line, lines[count], bytes);
		count++;
	}
	ck_assert_ptr_null(lines[count]);
	ck_assert_int_eq(wrap_count(text, cols), count);
}

START_TEST(wrapping)
{
	assert_wraps("", 10, (const char *[]){ NULL });
	assert_wraps("one two three", 7, (const char *[]){ "one two", "three", NULL });
	assert_wraps("one  two", 4, (const char *[]){ "one", "two", NULL });
	assert_wraps("a\n\nb\n", 4, (const char *[]){ "a", "", "b", NULL });
	assert_wraps("abcdefgh ij", 3, (const char *[]){ "abc", "def", "gh", "ij", NULL });
	assert_wraps("内存分配", 5, (const char *[]){ "内存", "分配", NULL });
	assert_wraps("内存", 1, (const char *[]){ "内", "存", NULL });
	assert_wraps("exactly\nten", 7, (const char *[]){ "exactly", "ten", NULL });
	assert_wraps("  indented text", 10, (const char *[]){ "  indented", "text", NULL });
	assert_wraps("ab \ncd", 2, (const char *[]){ "ab", "cd", NULL });
	assert_wraps("e\u0301e\u0301\ne", 2, (const char *[]){ "e\u0301e\u0301", "e", NULL });
}
END_TEST

/* A variable may hold such a line, and the screen breaks it at each key: this must not take the square of its length.
 */
START_TEST(a_line_of_megabytes_is_wrapped_at_once)
{
	size_t length = (size_t)1 << 22;
	char *text = malloc(length + 1);

	ck_assert_ptr_nonnull(text);
	memset(text, 'a', length);
	text[length] = '\0';
	ck_assert_int_eq(wrap_count(text, 64), 1 << 16);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("grid");
	TCase *tc = tcase_create("all");
	SRunner *runner = srunner_create(s);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, text_stays_inside);
	tcase_add_test(tc, wide_characters);
	tcase_add_test(tc, combining_characters);
	tcase_add_test(tc, bytes_that_are_no_text);
	tcase_add_test(tc, text_that_is_cut);
	tcase_add_test(tc, filling);
	tcase_add_test(tc, glyphs_are_one_column);
	tcase_add_test(tc, decoding);
	tcase_add_test(tc, columns);
	tcase_add_test(tc, wrapping);
	tcase_add_test(tc, a_line_of_megabytes_is_wrapped_at_once);
	suite_add_tcase(s, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}
