/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size of the terminal: from 80x24 to 250x80, below, above, and many changes at once. */
#include "tests/screen/emulator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The prompt is in the last row, the panels are there, and nothing is left of another size. */
static bool is_whole(struct emulator *e)
{
	int rows, cols;

	emulator_size(e, &rows, &cols);
	emulator_type(e, "\025whole");
	HOLDS(emulator_bottom_is(e, "kmemlab> whole"));
	HOLDS(emulator_shows(e, "free lists"));
	emulator_type(e, "\025");
	HOLDS(emulator_hides(e, "whole"));
	for (int row = 0; row < rows - 1; row++)
		HOLDS(strstr(emulator_row(e, row), "kmemlab>") == NULL);
	return true;
}

static bool test_sizes(void)
{
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 60, 200 }, { 80, 250 }, { 24, 250 }, { 80, 80 } };
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof sizes / sizeof sizes[0]; i++) {
		struct emulator *e =
		    emulator_start_prompt(&(struct emulator_setup){ .rows = sizes[i][0], .cols = sizes[i][1] });

		ok = is_whole(e);
		emulator_free(e);
	}
	return ok;
}

static bool check_grow_and_shrink(struct emulator *e)
{
	emulator_resize(e, 60, 200);
	HOLDS(is_whole(e));
	emulator_resize(e, 24, 80);
	HOLDS(is_whole(e));
	emulator_resize(e, 40, 120);
	HOLDS(is_whole(e));
	return true;
}

static bool check_too_small(struct emulator *e)
{
	emulator_type(e, "kept");
	HOLDS(emulator_bottom_is(e, "kmemlab> kept"));
	emulator_resize(e, 10, 40);
	HOLDS(emulator_shows(e, "80"));
	HOLDS(emulator_hides(e, "kmemlab> kept"));
	emulator_resize(e, 1, 1);
	emulator_settle(e);
	emulator_resize(e, 2, 300);
	emulator_settle(e);
	emulator_resize(e, 24, 80);
	HOLDS(emulator_bottom_is(e, "kmemlab> kept"));
	HOLDS(is_whole(e));
	return true;
}

static bool check_small_from_the_start(struct emulator *e)
{
	HOLDS(emulator_shows(e, "80"));
	emulator_resize(e, 30, 90);
	HOLDS(is_whole(e));
	return true;
}

static bool check_storm(struct emulator *e)
{
	unsigned seed = 7;

	for (int i = 0; i < 150; i++) {
		int rows = 1 + rand_r(&seed) % 90, cols = 1 + rand_r(&seed) % 260;

		emulator_resize(e, rows, cols);
		if (i % 10 == 0)
			emulator_type(e, "1 + 1\r");
		if (i % 25 == 0)
			emulator_settle(e);
	}
	emulator_resize(e, 30, 100);
	HOLDS(is_whole(e));
	return true;
}

static bool check_size_of_completions(struct emulator *e)
{
	emulator_type(e, "x = \t");
	HOLDS(emulator_shows(e, "completions"));
	emulator_resize(e, 50, 160);
	HOLDS(emulator_shows(e, "completions"));
	emulator_resize(e, 5, 20);
	emulator_settle(e);
	emulator_resize(e, 24, 80);
	HOLDS(emulator_shows(e, "completions"));
	emulator_type(e, "\025");
	return is_whole(e);
}

static bool with(int rows, int cols, bool (*check)(struct emulator *e))
{
	return emulator_check(&(struct emulator_setup){ .rows = rows, .cols = cols }, check);
}

static bool test_grow_and_shrink(void)
{
	return with(24, 80, check_grow_and_shrink);
}

static bool test_too_small(void)
{
	return with(24, 80, check_too_small);
}

static bool test_small_from_the_start(void)
{
	struct emulator *e = emulator_start(&(struct emulator_setup){ .rows = 23, .cols = 79 });
	bool ok = check_small_from_the_start(e);

	emulator_free(e);
	return ok;
}

static bool test_storm(void)
{
	return with(24, 80, check_storm);
}

static bool test_size_of_completions(void)
{
	return with(24, 80, check_size_of_completions);
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "it is whole at every size", test_sizes },
		{ "it follows the size", test_grow_and_shrink },
		{ "a terminal too small gets a page, and loses nothing", test_too_small },
		{ "a terminal too small from the start", test_small_from_the_start },
		{ "a storm of sizes", test_storm },
		{ "sizes change under a list of completions", test_size_of_completions },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
