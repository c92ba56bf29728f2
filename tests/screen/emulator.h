/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program under test on a terminal that we emulate: keys go in, and the
 * screen is waited for until it shows what it should, however slow the host.
 */
#ifndef KM_TESTS_SCREEN_EMULATOR_H
#define KM_TESTS_SCREEN_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct emulator;

struct emulator_setup {
	int rows, cols; /* 0: 24 by 80 */
	const char *term; /* NULL: a type with 256 colours */
	const char *locale; /* NULL: C.UTF-8 */
	const char *const *env; /* "NAME=VALUE", NULL at the end; may be NULL */
	const char *const *args; /* of the program, NULL at the end; may be NULL */
	const char *state; /* folder for history and journals; NULL: one of its own, removed at the end */
	bool job; /* run it as a shell does: when it stops, a line typed makes it go on */
};

/* Starts $KMEMLAB. Ends the test program with a message when even that fails. */
struct emulator *emulator_start(const struct emulator_setup *setup);

/* The same, and waits for the prompt. */
struct emulator *emulator_start_prompt(const struct emulator_setup *setup);

/* Starts so, checks, and ends. Returns what `check` says. */
bool emulator_check(const struct emulator_setup *setup, bool (*check)(struct emulator *e));

/* Ends the program if it still runs, and frees everything. */
void emulator_free(struct emulator *e);

/* Types bytes, at once. */
void emulator_type(struct emulator *e, const char *bytes);

/* Waits until a row of the screen contains `text`, or none does any more. false: too long; the screen is printed. */
bool emulator_shows(struct emulator *e, const char *text);
bool emulator_hides(struct emulator *e, const char *text);

/* Waits until a row contains the one or the other; *first says which. */
bool emulator_shows_either(struct emulator *e, const char *one, const char *other, bool *first);

/* Waits until the last row is `text`, spaces at its end left out. */
bool emulator_bottom_is(struct emulator *e, const char *text);

/* Waits until the cursor is in this column of the last row. */
bool emulator_cursor_at(struct emulator *e, int column);

/* Waits until nothing has come for a while: for what must not happen. */
void emulator_settle(struct emulator *e);

/* A row as text; valid until the next call. */
const char *emulator_row(struct emulator *e, int row);

void emulator_resize(struct emulator *e, int rows, int cols);
void emulator_size(const struct emulator *e, int *rows, int *cols);

/* Has any cell a colour of its own, or is it bold or reversed? */
bool emulator_has_colour(struct emulator *e);
bool emulator_has_attribute(struct emulator *e);

/* Is it on the alternate screen, is the cursor visible, does it ask for the mouse? */
bool emulator_alternate(const struct emulator *e);
bool emulator_cursor_visible(const struct emulator *e);
bool emulator_mouse(const struct emulator *e);

/* Are the modes of the terminal what they were before the program started? */
bool emulator_modes_restored(const struct emulator *e);

/* Everything the program has written. */
const char *emulator_bytes(const struct emulator *e, size_t *length);

pid_t emulator_pid(const struct emulator *e);

/* The terminal goes away, as when its window is closed. */
void emulator_hang_up(struct emulator *e);

/* Waits for the end. Returns the status as of a shell, 128 + n for signal n; -1: it did not end. */
int emulator_wait_exit(struct emulator *e);

/* Runs tests by name and prints what became of them. Returns the exit status. */
struct emulator_test {
	const char *name;
	bool (*run)(void);
};
int emulator_run_tests(const struct emulator_test *tests, size_t count);

/* In a test: what does not hold is printed with its place, and the test fails. */
#define HOLDS(condition)                                                                       \
	do {                                                                                   \
		if (!(condition)) {                                                            \
			printf("# %s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
			return false;                                                          \
		}                                                                              \
	} while (0)

#endif
