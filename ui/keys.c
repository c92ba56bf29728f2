/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/keys.h"

#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define NCURSES_NOMACROS 1
#include <ncurses.h>

/* Codes for sequences that we teach curses; above all of its own. */
enum {
	CODE_WORD_LEFT = 0x4000,
	CODE_WORD_RIGHT,
	CODE_PASTE_BEGIN,
	CODE_PASTE_END,
};

/* Sequences that terminals send whatever terminfo says of them. */
static const struct {
	const char *sequence;
	int code;
} taught[] = {
	{ "\033[1;5D", CODE_WORD_LEFT },
	{ "\033[1;5C", CODE_WORD_RIGHT },
	{ "\033[200~", CODE_PASTE_BEGIN },
	{ "\033[201~", CODE_PASTE_END },
	{ "\033[A", KEY_UP },
	{ "\033[B", KEY_DOWN },
	{ "\033[C", KEY_RIGHT },
	{ "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },
	{ "\033OB", KEY_DOWN },
	{ "\033OC", KEY_RIGHT },
	{ "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME },
	{ "\033[F", KEY_END },
	{ "\033OH", KEY_HOME },
	{ "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },
	{ "\033[4~", KEY_END },
	{ "\033[3~", KEY_DC },
	{ "\033[5~", KEY_PPAGE },
	{ "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },
	{ "\033OP", KEY_F(1) },
	{ "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },
	{ "\033OS", KEY_F(4) },
	{ "\033[11~", KEY_F(1) },
	{ "\033[12~", KEY_F(2) },
	{ "\033[13~", KEY_F(3) },
	{ "\033[14~", KEY_F(4) },
};

/* What curses calls a key, what the screen does, and the bytes by which readline knows it. */
static const struct {
	int code;
	int key;
	const char *bytes;
} table[] = {
	{ KEY_UP, KEY_UP_, "\033[A" },
	{ KEY_DOWN, KEY_DOWN_, "\033[B" },
	{ KEY_RIGHT, KEY_RIGHT_, "\033[C" },
	{ KEY_LEFT, KEY_LEFT_, "\033[D" },
	{ KEY_HOME, KEY_HOME_, "\033[H" },
	{ KEY_END, KEY_END_, "\033[F" },
	{ KEY_PPAGE, KEY_PAGE_UP, "\033[5~" },
	{ KEY_NPAGE, KEY_PAGE_DOWN, "\033[6~" },
	{ KEY_BTAB, KEY_BACKTAB, "\033[Z" },
	{ KEY_ENTER, KEY_ENTER_, "\r" },
	{ KEY_BACKSPACE, KEYS_BACKSPACE, "\177" },
	{ KEY_DC, KEYS_DELETE, "\033[3~" },
	{ KEY_IC, KEYS_INSERT, "\033[2~" },
	{ CODE_WORD_LEFT, KEYS_WORD_LEFT, "\033[1;5D" },
	{ CODE_WORD_RIGHT, KEYS_WORD_RIGHT, "\033[1;5C" },
	{ CODE_PASTE_BEGIN, KEYS_PASTE_BEGIN, "" },
	{ CODE_PASTE_END, KEYS_PASTE_END, "" },
	{ KEY_F(1), KEY_F1_, "" },
	{ KEY_F(2), KEY_F2_, "" },
	{ KEY_F(3), KEY_F3_, "" },
	{ KEY_F(4), KEY_F4_, "" },
	{ KEY_F(5), KEY_F5_, "" },
	{ KEY_F(6), KEY_F6_, "" },
	{ KEY_F(7), KEY_F7_, "" },
	{ KEY_F(8), KEY_F8_, "" },
	{ KEY_F(9), KEY_F9_, "" },
	{ KEY_F(10), KEY_F10_, "" },
	{ KEY_F(11), KEY_F11_, "" },
	{ KEY_F(12), KEY_F12_, "" },
};

/* A pad, because reading from it draws nothing. */
static WINDOW *input;

bool keys_open(void)
{
	input = newpad(1, 1);
	if (input == NULL)
		return false;
	keypad(input, TRUE);
	nodelay(input, TRUE);
	for (size_t i = 0; i < ARRAY_SIZE(taught); i++)
		define_key(taught[i].sequence, taught[i].code);
	return true;
}

void keys_close(void)
{
	if (input != NULL)
		delwin(input);
	input = NULL;
}

static void read_mouse(struct keys_event *event)
{
	MEVENT mouse;

	event->key = KEYS_NONE;
	if (getmouse(&mouse) != OK)
		return;
	event->y = mouse.y;
	event->x = mouse.x;
	if (mouse.bstate & BUTTON4_PRESSED)
		event->key = KEYS_WHEEL_UP;
	else if (mouse.bstate & BUTTON5_PRESSED)
		event->key = KEYS_WHEEL_DOWN;
	else if (mouse.bstate & BUTTON1_PRESSED)
		event->key = KEYS_CLICK;
}

bool keys_read(struct keys_event *event)
{
	wint_t ch;
	int kind = wget_wch(input, &ch);

	event->key = KEYS_NONE;
	event->y = event->x = 0;
	if (kind == ERR)
		return false;
	if (kind == KEY_CODE_YES) {
		if (ch == KEY_MOUSE)
			read_mouse(event);
		for (size_t i = 0; i < ARRAY_SIZE(table); i++)
			if ((wint_t)table[i].code == ch)
				event->key = table[i].key;
		return true;
	}
	if (ch == '\r' || ch == '\n')
		event->key = KEY_ENTER_;
	else if (ch == '\t')
		event->key = KEY_TAB;
	else if (ch == '\b' || ch == 0x7f)
		event->key = KEYS_BACKSPACE;
	else
		event->key = (int)ch;
	return true;
}

size_t keys_bytes(int key, char bytes[KEYS_BYTES])
{
	mbstate_t state;
	size_t n;

	if (key == KEY_TAB) {
		bytes[0] = '\t';
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].key == key) {
			n = strlen(table[i].bytes);
			memcpy(bytes, table[i].bytes, n);
			return n;
		}
	}
	if (key < 0 || key >= KEY_UP_)
		return 0;
	memset(&state, 0, sizeof state);
	n = wcrtomb(bytes, (wchar_t)key, &state);
	return n == (size_t)-1 ? 0 : n;
}

bool keys_printable(int key)
{
	return key >= ' ' && key < KEY_UP_ && key != 0x7f && iswprint((wint_t)key);
}
