/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen_keys.h"

#include "ui/prompt.h"
#include "ui/screen_commands.h"

#include <stdlib.h>
#include <string.h>

static void take_lines(struct screen *s)
{
	char *line;

	while (!s->quit && prompt_take(&line)) {
		if (line == NULL)
			s->quit = true;
		else
			screen_commands_line(s, line);
		free(line);
	}
}

static void type_key(struct screen *s, int key)
{
	char bytes[KEYS_BYTES * 2];
	size_t n = keys_bytes(key, bytes);
	const struct keys_event *next = input_peek(&s->input);
	struct keys_event event;

	/* Escape is a prefix, and readline must see it together with what it stands before. */
	if (key == KEYS_ESCAPE && next != NULL && keys_bytes(next->key, bytes + n) > 0) {
		input_next(&s->input, &event);
		n += keys_bytes(event.key, bytes + n);
	}
	prompt_feed(bytes, n);
	take_lines(s);
}

/* Pasted lines run as if they were typed, but their characters are no keys, and none is seen before the last is in. */
static void run_pasted(struct screen *s)
{
	struct strbuf text = s->pasted;
	const char *from = strbuf_str(&text), *end;

	s->pasted = (struct strbuf)STRBUF_INIT;
	s->pasting = false;
	stage_to_prompt(&s->stage);
	for (; !s->quit && (end = strchr(from, '\n')) != NULL; from = end + 1) {
		prompt_insert(from, (size_t)(end - from));
		type_key(s, KEY_ENTER_);
	}
	if (!s->quit)
		prompt_insert(from, strlen(from));
	strbuf_free(&text);
}

static void paste_key(struct screen *s, int key)
{
	char bytes[KEYS_BYTES];

	if (key == KEYS_PASTE_END || key == KEYS_CTRL('c'))
		run_pasted(s);
	else if (key == KEY_ENTER_)
		strbuf_putc(&s->pasted, '\n');
	else if (key == KEY_TAB)
		strbuf_putc(&s->pasted, ' ');
	else if (keys_printable(key))
		strbuf_add(&s->pasted, bytes, keys_bytes(key, bytes));
}

void screen_keys_interrupt(struct screen *s)
{
	s->interrupted = false;
	if (s->paused)
		screen_commands_leave(s);
	prompt_clear();
	strbuf_clear(&s->unfinished);
	prompt_set(SCREEN_PROMPT);
}

static void paused_key(struct screen *s, const struct keys_event *event)
{
	if (stage_key(&s->stage, event))
		return;
	switch (event->key) {
	case ' ':
	case KEY_ENTER_:
		screen_commands_go_on(s);
		break;
	case 'q':
		screen_commands_leave(s);
		break;
	case KEYS_CTRL('c'):
		screen_keys_interrupt(s);
		break;
	}
}

void screen_keys_handle(struct screen *s, const struct keys_event *event)
{
	if (s->pasting) {
		paste_key(s, event->key);
	} else if (event->key == KEYS_PASTE_BEGIN) {
		s->pasting = true;
	} else if (event->key == KEYS_CTRL('z')) {
		screen_state_suspend(s);
	} else if (event->key == KEY_F10_) {
		s->quit = true;
	} else if (event->key == KEY_F8_) {
		step_set(&s->step, !s->step.on);
	} else if (s->paused) {
		paused_key(s, event);
	} else if (!stage_key(&s->stage, event)) {
		if (event->key == KEYS_CTRL('c'))
			screen_keys_interrupt(s);
		else
			type_key(s, event->key);
	}
}
