/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: from what curses reads to what the screen knows, and back to the bytes that readline expects. */
#ifndef KM_UI_KEYS_H
#define KM_UI_KEYS_H

#include "base/types.h"
#include "ui/panel.h"

/* More than enum key has: these never reach a panel. */
enum {
	KEYS_FIRST = KEY_F12_ + 1,
	KEYS_BACKSPACE = KEYS_FIRST,
	KEYS_DELETE,
	KEYS_INSERT,
	KEYS_WORD_LEFT, /* Ctrl with an arrow */
	KEYS_WORD_RIGHT,
	KEYS_CLICK, /* of the mouse: y and x say where */
	KEYS_WHEEL_UP,
	KEYS_WHEEL_DOWN,
	KEYS_PASTE_BEGIN, /* what follows is pasted, not typed */
	KEYS_PASTE_END,
	KEYS_NONE, /* read, but means nothing */
};

#define KEYS_CTRL(c) ((c)&0x1f)
#define KEYS_ESCAPE 0x1b

/* Most bytes that a key turns into. */
#define KEYS_BYTES 16

struct keys_event {
	int key; /* a character, enum key, or KEYS_* */
	int y, x; /* of the mouse */
};

/* Readies curses for reading: after the terminal was opened. false: out of memory. */
bool keys_open(void);
void keys_close(void);

/* The next key; false: there is none at the moment. */
bool keys_read(struct keys_event *event);

/* The bytes of a key for readline; the number of them, 0 if it has none. */
size_t keys_bytes(int key, char bytes[KEYS_BYTES]);

/* Is it a character that would be typed, not a control character or a special key? */
bool keys_printable(int key);

#endif
