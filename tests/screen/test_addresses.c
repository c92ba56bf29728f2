/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel addresses on the screen: they come with what is about them, and keys lead from an area to its frames. */
#include "tests/screen/emulator.h"

#include <stdio.h>

#define F4 "\033OS"
#define F11 "\033[23~"
#define RIGHT "\033[C"
#define DOWN "\033[B"
#define LEFT "\033[D"

static bool check_follows(struct emulator *e)
{
	HOLDS(emulator_hides(e, "addresses of the kernel"));
	emulator_type(e, "buf = vmalloc(16*PAGE_SIZE)\r");
	HOLDS(emulator_shows(e, "addresses of the kernel"));
	HOLDS(emulator_shows(e, "vmalloc      +0xf8800000-f8810fff   64K+4K"));
	HOLDS(emulator_shows(e, "16 frames behind it"));
	emulator_type(e, "vfree(buf)\r");
	HOLDS(emulator_shows(e, "free         -0xf8800000"));
	emulator_type(e, "p = alloc_page(GFP_KERNEL)\r");
	HOLDS(emulator_hides(e, "addresses of the kernel"));
	/* Asking where something is shows it, too. */
	emulator_type(e, "where high_memory + 4096\r");
	HOLDS(emulator_shows(e, "▶high_memory"));
	return true;
}

static bool test_follows(void)
{
	return emulator_check(&(struct emulator_setup){ .rows = 24, .cols = 80 }, check_follows);
}

static bool check_keys(struct emulator *e)
{
	emulator_type(e, "buf = vmalloc(16*PAGE_SIZE)\r");
	HOLDS(emulator_shows(e, "64K+4K"));
	emulator_type(e, F11);
	HOLDS(emulator_shows(e, "back to the prompt"));
	emulator_type(e, RIGHT);
	HOLDS(emulator_shows(e, "vmalloc 0xf8800000, 16 pages and a guard page"));
	HOLDS(emulator_shows(e, "an access faults"));
	emulator_type(e, RIGHT DOWN DOWN);
	HOLDS(emulator_shows(e, "▶2 "));
	/* The frame behind that page is marked in the map, and told below it. */
	emulator_type(e, F4);
	HOLDS(emulator_shows(e, "@address"));
	HOLDS(emulator_shows(e, "by #1 buf = vmalloc"));
	emulator_type(e, F11 LEFT "\177");
	HOLDS(emulator_shows(e, "VMALLOC_START"));
	emulator_type(e, LEFT LEFT);
	HOLDS(emulator_hides(e, "64K+4K"));
	emulator_type(e, "\r");
	HOLDS(emulator_shows(e, "64K+4K"));
	emulator_type(e, F11);
	HOLDS(emulator_hides(e, "back to the prompt"));
	return true;
}

static bool test_keys(void)
{
	return emulator_check(&(struct emulator_setup){ .rows = 24, .cols = 80 }, check_keys);
}

/* On a larger screen a line leads from the area to the map. */
static bool check_line(struct emulator *e)
{
	emulator_type(e, "buf = vmalloc(16*PAGE_SIZE)\r");
	HOLDS(emulator_shows(e, "@▶ vmalloc"));
	HOLDS(emulator_shows(e, "├→HighMem"));
	emulator_type(e, "p = alloc_page(GFP_KERNEL)\r");
	HOLDS(emulator_hides(e, "├→"));
	return true;
}

static bool test_line(void)
{
	return emulator_check(&(struct emulator_setup){ .rows = 40, .cols = 120 }, check_line);
}

static bool check_mouse(struct emulator *e)
{
	emulator_type(e, "set mouse on\r");
	emulator_type(e, "buf = vmalloc(16*PAGE_SIZE)\r");
	HOLDS(emulator_shows(e, "@▶ vmalloc"));
	emulator_type(e, F11);
	HOLDS(emulator_shows(e, "PAGE_OFFSET"));
	/* A click on the second of the rows, row 8, column 10. */
	emulator_type(e, "\033[M *)\033[M#*)");
	HOLDS(emulator_shows(e, "▶PAGE_OFFSET"));
	return true;
}

static bool test_mouse(void)
{
	return emulator_check(&(struct emulator_setup){ .rows = 24, .cols = 80 }, check_mouse);
}

/* walk shows page tables in place of printing them; keys go along, and what is done to the address shows. */
static bool check_tables(struct emulator *e)
{
	emulator_type(e, "buf = vmalloc(8K)\r");
	HOLDS(emulator_shows(e, "8K+4K"));
	emulator_type(e, "walk buf + 4K\r");
	HOLDS(emulator_shows(e, "page tables of 0xf8801000"));
	HOLDS(emulator_shows(e, "page 0x3ffde"));
	HOLDS(emulator_hides(e, "leads to"));
	emulator_type(e, F11 RIGHT);
	HOLDS(emulator_shows(e, "page tables of 0xf8802000"));
	HOLDS(emulator_shows(e, "not present: an access faults"));
	emulator_type(e, "b");
	HOLDS(emulator_shows(e, "addresses of the kernel"));
	emulator_type(e, "t");
	HOLDS(emulator_shows(e, "page tables of 0xf8800000"));
	HOLDS(emulator_shows(e, "page 0x3ffdf"));
	emulator_type(e, F11 "vfree(buf)\r");
	HOLDS(emulator_shows(e, "fault: nothing is mapped there"));
	emulator_type(e, "walk buf | head -1\r");
	HOLDS(emulator_shows(e, "0xf8800000: vmalloc area"));
	emulator_type(e, "where high_memory + 4096\r");
	HOLDS(emulator_shows(e, "▶high_memory"));
	return true;
}

static bool test_tables(void)
{
	return emulator_check(&(struct emulator_setup){ .rows = 24, .cols = 80 }, check_tables);
}

static bool check_textbook(struct emulator *e)
{
	emulator_type(e, F11);
	HOLDS(emulator_shows(e, "this machine has no address space"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "this machine has no address space"));
	return true;
}

static bool test_textbook(void)
{
	return emulator_check(&(struct emulator_setup){ .args = (const char *const[]){ "-m", "textbook-1M", NULL } },
			      check_textbook);
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "the address space comes with what is about it", test_follows },
		{ "keys lead to pages and back", test_keys },
		{ "a line leads to the map", test_line },
		{ "a click chooses", test_mouse },
		{ "page tables of an address", test_tables },
		{ "a machine without addresses", test_textbook },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
