/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every way out, and back in: the terminal is left as it was. */
#include "tests/screen/emulator.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Was `after` the last of the two that was sent? */
static bool sent_last(const struct emulator *e, const char *after, const char *before)
{
	size_t length, last_after = 0, last_before = 0;
	const char *bytes = emulator_bytes(e, &length);

	for (size_t i = 0; i < length; i++) {
		if (length - i >= strlen(after) && memcmp(bytes + i, after, strlen(after)) == 0)
			last_after = i + 1;
		if (length - i >= strlen(before) && memcmp(bytes + i, before, strlen(before)) == 0)
			last_before = i + 1;
	}
	return last_after > last_before;
}

static bool is_given_back(struct emulator *e)
{
	HOLDS(emulator_modes_restored(e));
	HOLDS(!emulator_alternate(e));
	HOLDS(emulator_cursor_visible(e));
	HOLDS(!emulator_mouse(e));
	HOLDS(sent_last(e, "\033[?2004l", "\033[?2004h"));
	return true;
}

static bool is_taken(struct emulator *e)
{
	HOLDS(emulator_alternate(e));
	HOLDS(!emulator_modes_restored(e));
	HOLDS(sent_last(e, "\033[?2004h", "\033[?2004l"));
	return true;
}

static bool leaves(struct emulator *e, const char *keys)
{
	HOLDS(is_taken(e));
	emulator_type(e, keys);
	HOLDS(emulator_wait_exit(e) == 0);
	HOLDS(is_given_back(e));
	return true;
}

static bool check_quit(struct emulator *e)
{
	return leaves(e, "quit\r");
}

static bool check_end_of_input(struct emulator *e)
{
	return leaves(e, "\004");
}

static bool check_key(struct emulator *e)
{
	return leaves(e, "\033[21~");
}

static bool check_key_from_panel(struct emulator *e)
{
	return leaves(e, "\t\033[21~");
}

/* By signals: of those that ask, and of those of a crash. */
static bool ends_by(struct emulator *e, int number)
{
	HOLDS(is_taken(e));
	kill(emulator_pid(e), number);
	HOLDS(emulator_wait_exit(e) == 128 + number);
	HOLDS(is_given_back(e));
	return true;
}

static bool check_term(struct emulator *e)
{
	return ends_by(e, SIGTERM);
}

static bool check_hup(struct emulator *e)
{
	return ends_by(e, SIGHUP);
}

static bool check_segv(struct emulator *e)
{
	return ends_by(e, SIGSEGV);
}

static bool check_abort(struct emulator *e)
{
	return ends_by(e, SIGABRT);
}

static bool check_term_while_help(struct emulator *e)
{
	emulator_type(e, "\033OP");
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	return ends_by(e, SIGTERM);
}

static bool check_hang_up(struct emulator *e)
{
	emulator_hang_up(e);
	HOLDS(emulator_wait_exit(e) == 128 + SIGHUP);
	return true;
}

/* Stopping, as a shell sees it. */
static bool check_stop(struct emulator *e)
{
	emulator_type(e, "half a line\032");
	HOLDS(emulator_shows(e, "[stopped]"));
	HOLDS(is_given_back(e));
	emulator_type(e, "fg\r");
	HOLDS(emulator_bottom_is(e, "kmemlab> half a line"));
	HOLDS(is_taken(e));
	HOLDS(emulator_hides(e, "[stopped]"));
	emulator_type(e, "\025quit\r");
	HOLDS(emulator_wait_exit(e) == 0);
	HOLDS(is_given_back(e));
	return true;
}

static bool check_stop_and_resize(struct emulator *e)
{
	emulator_type(e, "\032");
	HOLDS(emulator_shows(e, "[stopped]"));
	emulator_resize(e, 50, 150);
	emulator_type(e, "fg\r");
	HOLDS(emulator_hides(e, "[stopped]"));
	emulator_type(e, "at the bottom");
	HOLDS(emulator_bottom_is(e, "kmemlab> at the bottom"));
	HOLDS(emulator_shows(e, "free lists"));
	return true;
}

static bool check_stop_while_stepping(struct emulator *e)
{
	emulator_type(e, "set step on\rp = alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	emulator_type(e, "\032");
	HOLDS(emulator_shows(e, "[stopped]"));
	HOLDS(is_given_back(e));
	emulator_type(e, "fg\r");
	HOLDS(emulator_shows(e, "stop stepping"));
	emulator_type(e, "r");
	HOLDS(emulator_shows(e, "pfn 0x"));
	return true;
}

static bool check_interrupt_signal(struct emulator *e)
{
	emulator_type(e, "something");
	HOLDS(emulator_bottom_is(e, "kmemlab> something"));
	kill(emulator_pid(e), SIGINT);
	HOLDS(emulator_hides(e, "something"));
	emulator_type(e, "6 * 7\r");
	HOLDS(emulator_shows(e, "42 = 0x2a"));
	return true;
}

static bool with(bool job, bool (*check)(struct emulator *e))
{
	return emulator_check(&(struct emulator_setup){ .job = job }, check);
}

#define TEST(name, job)                         \
	static bool test_##name(void)           \
	{                                       \
		return with(job, check_##name); \
	}

TEST(quit, false)
TEST(end_of_input, false)
TEST(key, false)
TEST(key_from_panel, false)
TEST(term, false)
TEST(hup, false)
TEST(segv, false)
TEST(abort, false)
TEST(term_while_help, false)
TEST(hang_up, false)
TEST(interrupt_signal, false)
TEST(stop, true)
TEST(stop_and_resize, true)
TEST(stop_while_stepping, true)

static bool refuses(const char *term, const char *says)
{
	struct emulator *e = emulator_start(&(struct emulator_setup){ .term = term, .cols = 160 });
	int status = emulator_wait_exit(e);
	bool ok = emulator_shows(e, says) && emulator_shows(e, "--plain") && emulator_modes_restored(e);

	emulator_free(e);
	HOLDS(status == 2);
	return ok;
}

static bool test_unknown_terminal(void)
{
	HOLDS(refuses("no-such-terminal", "no-such-terminal"));
	HOLDS(refuses("dumb", "dumb"));
	HOLDS(refuses("", "TERM"));
	return true;
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "quit", test_quit },
		{ "the end of input", test_end_of_input },
		{ "a key", test_key },
		{ "a key while a panel has the keys", test_key_from_panel },
		{ "SIGTERM", test_term },
		{ "SIGHUP", test_hup },
		{ "a crash", test_segv },
		{ "an abort", test_abort },
		{ "SIGTERM while the help is shown", test_term_while_help },
		{ "the terminal goes away", test_hang_up },
		{ "SIGINT throws the line away", test_interrupt_signal },
		{ "stop, and go on", test_stop },
		{ "stop, and go on in another size", test_stop_and_resize },
		{ "stop while stepping", test_stop_while_stepping },
		{ "a terminal that cannot show a screen", test_unknown_terminal },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
