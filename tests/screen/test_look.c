/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours, glyphs, the mouse: what is sent, and what is not. */
#include "tests/screen/emulator.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct emulator *start(const char *term, const char *locale, const char *const *env, const char *const *args)
{
	struct emulator *e =
	    emulator_start_prompt(&(struct emulator_setup){ .term = term, .locale = locale, .env = env, .args = args });

	emulator_type(e, "p = alloc_pages(GFP_KERNEL, 3)\r");
	emulator_shows(e, "pfn 0x");
	emulator_settle(e);
	return e;
}

/* Is one of the SGR sequences sent about colour: 30-49 or 90-107, with 38 and 48? */
static bool sends_colour(const struct emulator *e)
{
	size_t length;
	const char *bytes = emulator_bytes(e, &length);

	for (size_t i = 0; i + 2 < length; i++) {
		size_t end = i + 2;

		if (bytes[i] != '\033' || bytes[i + 1] != '[')
			continue;
		while (end < length && (isdigit((unsigned char)bytes[end]) || bytes[end] == ';'))
			end++;
		if (end >= length || bytes[end] != 'm')
			continue;
		for (size_t k = i + 2; k < end; k++) {
			int n = 0;

			for (; k < end && bytes[k] != ';'; k++)
				n = n * 10 + bytes[k] - '0';
			if ((n >= 30 && n <= 49) || (n >= 90 && n <= 107))
				return true;
		}
	}
	return false;
}

static bool sends(const struct emulator *e, const char *sequence)
{
	size_t length;
	const char *bytes = emulator_bytes(e, &length);

	return memmem(bytes, length, sequence, strlen(sequence)) != NULL;
}

static bool only_ascii(const struct emulator *e)
{
	size_t length;
	const char *bytes = emulator_bytes(e, &length);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

static bool coloured(const char *term, const char *const *env, const char *const *args, bool wanted)
{
	struct emulator *e = start(term, NULL, env, args);
	bool sent = sends_colour(e), has = emulator_has_colour(e), attributes = emulator_has_attribute(e);

	emulator_free(e);
	HOLDS(sent == wanted);
	HOLDS(has == wanted);
	/* What matters stands out without colours too. */
	HOLDS(attributes);
	return true;
}

static bool test_colour(void)
{
	HOLDS(coloured("screen-256color", NULL, NULL, true));
	HOLDS(coloured("screen", NULL, NULL, true));
	return true;
}

static bool test_no_color(void)
{
	return coloured("screen-256color", (const char *const[]){ "NO_COLOR=1", NULL }, NULL, false);
}

static bool test_no_color_empty(void)
{
	return coloured("screen-256color", (const char *const[]){ "NO_COLOR=", NULL }, NULL, true);
}

static bool test_option(void)
{
	return coloured("screen-256color", NULL, (const char *const[]){ "--no-color", NULL }, false);
}

static bool test_mono_terminal(void)
{
	return coloured("vt100", NULL, NULL, false);
}

static bool check_theme(struct emulator *e)
{
	HOLDS(emulator_has_colour(e));
	emulator_type(e, "set theme mono\r");
	emulator_settle(e);
	HOLDS(!emulator_has_colour(e));
	emulator_type(e, "set theme bright\r");
	emulator_settle(e);
	HOLDS(emulator_has_colour(e));
	emulator_type(e, "set theme nonsense\r");
	HOLDS(emulator_shows(e, "nonsense"));
	return true;
}

static bool test_theme(void)
{
	struct emulator *e = start(NULL, NULL, NULL, NULL);
	bool ok = check_theme(e);

	emulator_free(e);
	return ok;
}

static bool check_ascii(struct emulator *e)
{
	emulator_type(e, "\033OP");
	HOLDS(emulator_shows(e, "AT ANY TIME"));
	emulator_type(e, "qx = \t");
	HOLDS(emulator_shows(e, "completions"));
	emulator_type(e, "\025why\r");
	emulator_settle(e);
	HOLDS(only_ascii(e));
	/* No line drawing either: SO and the designation of its characters. */
	HOLDS(!sends(e, "\016"));
	return true;
}

static bool test_ascii(void)
{
	struct emulator *e = start(NULL, NULL, NULL, (const char *const[]){ "--glyphs=ascii", NULL });
	bool ok = check_ascii(e);

	emulator_free(e);
	return ok;
}

static bool test_utf8(void)
{
	struct emulator *e = start(NULL, NULL, NULL, NULL);
	bool ok = emulator_shows(e, "┌─");

	emulator_free(e);
	return ok;
}

/* A locale without UTF-8: the terminal's own line drawing. */
static bool test_lines(void)
{
	struct emulator *e = start(NULL, "C", NULL, NULL);
	bool ascii = only_ascii(e), lines = sends(e, "\016") || sends(e, "\033(0");

	emulator_free(e);
	HOLDS(ascii);
	HOLDS(lines);
	return true;
}

static bool check_mouse(struct emulator *e)
{
	HOLDS(!emulator_mouse(e));
	HOLDS(!sends(e, "\033[?1000h"));
	emulator_type(e, "set mouse on\r");
	emulator_settle(e);
	HOLDS(emulator_mouse(e));
	/* A click into the panel at the top gives it the keys. */
	emulator_type(e, "\033[M \"#\033[M#\"#");
	HOLDS(emulator_shows(e, "back to the prompt"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "back to the prompt"));
	/* One into the map moves its cursor there: row 8, column 50. */
	emulator_type(e, "\033[M S)\033[M#S)");
	HOLDS(emulator_shows(e, "free, order 10"));
	HOLDS(emulator_shows(e, "back to the prompt"));
	emulator_type(e, "q");
	HOLDS(emulator_hides(e, "back to the prompt"));
	/* The wheel scrolls the events under it, row 15, column 10: to all of them, and back to those that tell most.
	 */
	emulator_type(e, "repeat 2 b[] = alloc_pages(GFP_KERNEL, 3)\r");
	HOLDS(emulator_shows(e, "PgDn: all"));
	HOLDS(emulator_hides(e, "is wanted"));
	emulator_type(e, "\033[Ma+0");
	HOLDS(emulator_shows(e, "is wanted"));
	emulator_type(e, "\033[M`+0");
	HOLDS(emulator_hides(e, "is wanted"));
	emulator_type(e, "set mouse off\r");
	emulator_settle(e);
	HOLDS(!emulator_mouse(e));
	return true;
}

static bool test_mouse(void)
{
	struct emulator *e = start(NULL, NULL, NULL, NULL);
	bool ok = check_mouse(e);

	emulator_free(e);
	return ok;
}

int main(void)
{
	static const struct emulator_test tests[] = {
		{ "colours, where there are some", test_colour },
		{ "NO_COLOR", test_no_color },
		{ "NO_COLOR without a value counts for nothing", test_no_color_empty },
		{ "--no-color", test_option },
		{ "a terminal without colours", test_mono_terminal },
		{ "themes", test_theme },
		{ "ASCII alone", test_ascii },
		{ "UTF-8", test_utf8 },
		{ "the terminal's line drawing", test_lines },
		{ "the mouse only if asked for", test_mouse },
	};

	return emulator_run_tests(tests, sizeof tests / sizeof tests[0]);
}
