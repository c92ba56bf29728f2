/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels with the keys, the help, single steps, and lessons. */
#include "tests/screen/emulator.h"
#include "tests/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define F1 "\033OP"
#define F3 "\033OR"
#define F6 "\033[17~"
#define F7 "\033[18~"
#define F8 "\033[19~"
#define F9 "\033[20~"
#define BACKTAB "\033[Z"
#define CTRL_C "\003"

static bool check_focus(struct emulator *e)
{
	emulator_type(e, "\t");
	HOLDS(emulator_shows(e, "back to the prompt"));
	HOLDS(!emulator_cursor_visible(e));
	/* A character that is none of the panel's keys is typed. */
	emulator_type(e, "zz");
	HOLDS(emulator_bottom_is(e, "kmemlab> zz"));
	HOLDS(emulator_cursor_visible(e));
	emulator_type(e, "\025" F6);
	HOLDS(emulator_shows(e, "back to the prompt"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "back to the prompt"));
	emulator_type(e, BACKTAB);
	HOLDS(emulator_shows(e, "back to the prompt"));
	emulator_type(e, CTRL_C);
	HOLDS(emulator_hides(e, "back to the prompt"));
	/* All round, and back at the prompt. */
	for (int i = 0; i < 8; i++)
		emulator_type(e, F6);
	emulator_type(e, "\003"
			 "zz");
	HOLDS(emulator_bottom_is(e, "kmemlab> zz"));
	return true;
}

/* On a small screen zones stand in the place of the map until it is wanted; on a larger one both are there. */
static bool check_zones(struct emulator *e)
{
	emulator_resize(e, 24, 80);
	HOLDS(emulator_hides(e, "zones"));
	emulator_type(e, F7);
	HOLDS(emulator_shows(e, "choose a zone"));
	HOLDS(emulator_hides(e, "1 cell ="));
	emulator_type(e, "q");
	emulator_type(e, "alloc_pages(GFP_DMA, 3)\r");
	HOLDS(emulator_shows(e, "request: served by DMA, try 1"));
	emulator_type(e, F3 "q");
	HOLDS(emulator_shows(e, "1 cell ="));
	HOLDS(emulator_hides(e, "zones"));
	emulator_type(e, F9);
	HOLDS(emulator_shows(e, "trend of DMA, order 10"));
	HOLDS(emulator_hides(e, "1 cell ="));
	emulator_type(e, "\033[D\033[Bs");
	HOLDS(emulator_shows(e, "trend of Normal, order 9"));
	HOLDS(emulator_hides(e, "free pages  now"));
	HOLDS(emulator_shows(e, "unusable space  now"));
	emulator_type(e, F9 "alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "#2  alloc_pages(GFP_KERNEL, 3)"));
	emulator_resize(e, 40, 120);
	HOLDS(emulator_shows(e, "zones: free pages"));
	HOLDS(emulator_shows(e, "trend of Normal, order 9"));
	HOLDS(emulator_shows(e, "1 cell ="));
	return true;
}

static bool check_help(struct emulator *e)
{
	emulator_type(e, "?");
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	emulator_resize(e, 24, 80);
	emulator_type(e, "\033[6~\033[6~\033[6~\033[6~");
	HOLDS(emulator_hides(e, "AT ANY TIME"));
	HOLDS(emulator_shows(e, "the panel that has the keys"));
	emulator_type(e, "\033[5~");
	HOLDS(emulator_shows(e, "p pages per slab, s object size, u use; e shows all caches"));
	HOLDS(emulator_shows(e, "WHAT THE SIGNS MEAN"));
	emulator_type(e, "\033[5~\033[5~\033[5~");
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "AT ANY TIME"));
	/* In a line that is not empty, it is a character. */
	emulator_type(e, "a?");
	HOLDS(emulator_bottom_is(e, "kmemlab> a?"));
	emulator_type(e, F1);
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	emulator_type(e, F1);
	HOLDS(emulator_bottom_is(e, "kmemlab> a?"));
	return true;
}

static bool check_live(struct emulator *e)
{
	emulator_type(e, "alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "what happened"));
	HOLDS(emulator_shows(e, "is handed out"));
	/* The steps are there already: why shows all of them, and repeats none. */
	emulator_resize(e, 24, 80);
	emulator_type(e, "alloc_pages(GFP_KERNEL, 2); alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "PgDn: all"));
	emulator_type(e, "why\r");
	HOLDS(emulator_hides(e, "PgDn: all"));
	HOLDS(emulator_hides(e, "output"));
	emulator_type(e, "undo\r");
	HOLDS(emulator_hides(e, "is handed out"));
	HOLDS(emulator_shows(e, "Taken back: #3"));
	HOLDS(emulator_shows(e, "What that had changed is marked."));
	return true;
}

static bool check_steps(struct emulator *e)
{
	emulator_type(e, "set step on\r");
	emulator_type(e, "p = alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	HOLDS(emulator_shows(e, "a block of order 3 is wanted"));
	HOLDS(emulator_hides(e, "is handed out"));
	/* Whatever else is pressed, it waits. */
	emulator_type(e, "zzz");
	emulator_settle(e);
	HOLDS(emulator_hides(e, "is handed out"));
	emulator_type(e, " ");
	HOLDS(emulator_shows(e, "try zone"));
	emulator_type(e, F1);
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	emulator_type(e, F1);
	emulator_resize(e, 40, 120);
	HOLDS(emulator_shows(e, "try zone"));
	HOLDS(emulator_hides(e, "is handed out"));
	emulator_type(e, "r");
	HOLDS(emulator_shows(e, "is handed out"));
	HOLDS(emulator_hides(e, "stop stepping"));
	return true;
}

static bool check_step_keys(struct emulator *e)
{
	emulator_type(e, F8 "alloc_page()\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	emulator_type(e, "r");
	HOLDS(emulator_hides(e, "stop stepping"));
	emulator_type(e, "alloc_page()\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "stop stepping"));
	emulator_type(e, "p = alloc_page()\r1200 + 34\r");
	HOLDS(emulator_shows(e, "1234 = 0x4d2"));
	emulator_type(e, F8 "alloc_page()\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	for (int i = 0; i < 40; i++)
		emulator_type(e, "\r");
	HOLDS(emulator_hides(e, "stop stepping"));
	return true;
}

static bool check_interrupt(struct emulator *e)
{
	emulator_type(e, "repeat 100000000 alloc_page()\r");
	HOLDS(emulator_shows(e, "Ctrl-C"));
	emulator_type(e, CTRL_C);
	HOLDS(emulator_hides(e, "Ctrl-C"));
	emulator_type(e, "6 * 7\r");
	HOLDS(emulator_shows(e, "42 = 0x2a"));
	return true;
}

static bool with(const char *const *args, bool (*check)(struct emulator *e))
{
	return emulator_check(&(struct emulator_setup){ .rows = 40, .cols = 100, .args = args }, check);
}

#define TEST(name)                               \
	static bool test_##name(void)            \
	{                                        \
		return with(NULL, check_##name); \
	}

TEST(focus)
TEST(zones)
TEST(help)
TEST(live)
TEST(steps)
TEST(step_keys)
TEST(interrupt)

/* A lesson of our own. */
static const char lesson[] = "say A lesson begins.\n"
			     "say It has a second line.\n"
			     "pause\n"
			     "p = alloc_pages(GFP_KERNEL, 2)\n"
			     "say The lesson goes on.\n"
			     "pause\n"
			     "expect 1 == 1\n"
			     "expect 7 == 8\n"
			     "say The lesson is over.\n";

static bool check_lesson(struct emulator *e)
{
	HOLDS(emulator_shows(e, "A lesson begins."));
	HOLDS(emulator_shows(e, "It has a second line."));
	HOLDS(emulator_shows(e, "leaves the lesson"));
	emulator_type(e, " ");
	HOLDS(emulator_shows(e, "kmemlab> p = alloc_pages(GFP_KERNEL, 2)"));
	HOLDS(emulator_shows(e, "changed"));
	HOLDS(emulator_shows(e, "The lesson goes on."));
	HOLDS(emulator_hides(e, "A lesson begins."));
	HOLDS(emulator_shows(e, "leaves the lesson"));
	emulator_type(e, "\r");
	HOLDS(emulator_shows(e, "The lesson is over."));
	/* Of what is expected only what is not so is told. */
	HOLDS(emulator_shows(e, "FAILED: 7 == 8"));
	HOLDS(emulator_hides(e, "1 == 1"));
	HOLDS(emulator_hides(e, "leaves the lesson"));
	/* What the lesson made is there. */
	emulator_type(e, "page_to_pfn(p) == page_to_pfn(p) ? 77 : 0\r");
	HOLDS(emulator_shows(e, "77 = 0x4d"));
	return true;
}

static bool check_lesson_left(struct emulator *e)
{
	HOLDS(emulator_shows(e, "leaves the lesson"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "leaves the lesson"));
	emulator_type(e, "6 * 7\r");
	HOLDS(emulator_shows(e, "42 = 0x2a"));
	return true;
}

static bool with_lesson(bool (*check)(struct emulator *e))
{
	char name[TEMP_PATH], path[TEMP_INSIDE];
	struct emulator *e;
	bool ok;
	int fd;

	snprintf(path, sizeof path, "%s.kmem", temp_name(name, "lesson"));
	fd = mkstemps(path, 5);
	HOLDS(fd >= 0 && write(fd, lesson, strlen(lesson)) == (ssize_t)strlen(lesson));
	close(fd);
	e = emulator_start(&(struct emulator_setup){ .args = (const char *const[]){ path, NULL } });
	ok = check(e);
	emulator_free(e);
	unlink(path);
	return ok;
}

static bool test_lesson(void)
{
	return with_lesson(check_lesson);
}

static bool test_lesson_left(void)
{
	return with_lesson(check_lesson_left);
}

/* The tour that comes with the program plays to its end by Space alone. */
static bool check_tour(struct emulator *e)
{
	bool waits = true;

	for (int pauses = 0; pauses < 100; pauses++) {
		HOLDS(emulator_shows_either(e, "leaves the lesson", "F10 leave", &waits));
		if (!waits)
			return pauses > 5;
		/* While it types, Space only makes it hurry. */
		emulator_type(e, " ");
		emulator_settle(e);
	}
	return false;
}

static bool test_tour(void)
{
	struct emulator *e =
	    emulator_start(&(struct emulator_setup){ .args = (const char *const[]){ "--tour", NULL } });
	bool ok = emulator_shows(e, "leaves the lesson") && check_tour(e) && emulator_shows(e, "That was the tour") &&
		  emulator_hides(e, "FAILED");

	emulator_free(e);
	return ok;
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "panels get the keys, and give them back", test_focus },
		{ "zones or the map on a small screen, both on a large one", test_zones },
		{ "the page of keys", test_help },
		{ "panels follow the commands", test_live },
		{ "an operation stops at each event", test_steps },
		{ "keys of stepping", test_step_keys },
		{ "a long command is stopped", test_interrupt },
		{ "a lesson", test_lesson },
		{ "a lesson that is left", test_lesson_left },
		{ "the tour", test_tour },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
