/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen.h"

#include "base/text.h"
#include "session/statedir.h"
#include "shell/shell.h"
#include "ui/input.h"
#include "ui/prompt.h"
#include "ui/screen_settings.h"
#include "ui/stage.h"
#include "ui/step.h"
#include "ui/terminal.h"

#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PROMPT "kmemlab> "
#define PROMPT_MORE "    ...> "

/* Milliseconds. */
#define LOOK_EVERY 50 /* at the keys, while a command runs */
#define TYPING_PACE 12 /* a character of a lesson's command */
#define TYPING_REST 350 /* between it and its effect */

struct screen {
	struct session *session;
	struct shell *shell;
	struct shell_host host;
	struct stage stage;
	struct step step;
	struct input input;
	struct screen_settings settings;
	struct strbuf output; /* what the last command printed: shown */
	struct strbuf printing; /* what the running one prints */
	struct strbuf say; /* a lesson's text: shown */
	struct strbuf unfinished; /* lines of a statement that is not complete yet */
	struct strbuf pasted;
	bool pasting;
	bool paused; /* a lesson waits for the user */
	bool leaving; /* the user wants to leave the lesson */
	bool say_flows; /* what it says next goes on in the same paragraph */
	bool say_old; /* the next text of the lesson replaces this one */
	bool typed; /* the lesson's statement was shown: so is what it prints */
	bool interrupted; /* the command that runs is to stop */
	bool quit;
	int status;
	u64 looked; /* when the keys were looked at last, in ms */
};

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

/* ----------------------------------------------------- the outside world */

static void handle_signals(struct screen *s, unsigned bits)
{
	if (s->input.gone || bits & TERMINAL_ENDED) {
		s->quit = true;
		s->status = 128 + (s->input.gone ? SIGHUP : terminal_end_signal());
		return;
	}
	if (bits & TERMINAL_STOP)
		terminal_suspend();
	else if (bits & TERMINAL_CONTINUED)
		terminal_resume();
	if (bits & TERMINAL_INTERRUPTED)
		s->interrupted = true;
	if (bits & (TERMINAL_RESIZED | TERMINAL_STOP | TERMINAL_CONTINUED) && !stage_resize(&s->stage))
		s->quit = true;
}

static void suspend(struct screen *s)
{
	handle_signals(s, TERMINAL_STOP);
}

/* Shows the screen, waits for something to come in, and deals with signals. */
static void show_and_wait(struct screen *s, int timeout)
{
	s->stage.steps = s->step.on;
	stage_draw(&s->stage);
	handle_signals(s, input_wait(&s->input, timeout));
}

/* While an operation waits at an event: the next key that is not about the screen itself; 0: it shall not wait. */
static int step_key(void *context)
{
	struct screen *s = context;
	enum stage_mode mode = s->stage.mode;
	struct keys_event event;
	int key = -1;

	s->stage.mode = STAGE_STEPPING;
	while (key < 0) {
		if (s->quit || s->interrupted) {
			key = 0;
		} else if (!input_next(&s->input, &event)) {
			show_and_wait(s, -1);
		} else if (event.key == KEYS_CTRL('z')) {
			suspend(s);
		} else if (!stage_key(&s->stage, &event)) {
			key = event.key;
			s->interrupted = key == KEYS_CTRL('c');
		}
	}
	s->stage.mode = mode;
	return key;
}

/* ---------------------------------------------------- what the shell asks */

/*
 * Lines of a lesson that follow each other are one paragraph, so that they fill
 * any width; lines set in, as lists are, stand alone.
 */
static void host_say(void *context, const char *text)
{
	struct screen *s = context;

	if (s->say_old)
		strbuf_clear(&s->say);
	else if (s->say.length > 0)
		strbuf_putc(&s->say, s->say_flows && *text != ' ' && *text != '\0' ? ' ' : '\n');
	s->say_old = false;
	s->say_flows = *text != ' ' && *text != '\0';
	strbuf_puts(&s->say, text);
	s->stage.view.say = strbuf_str(&s->say);
	s->stage.view.text_scroll = 0;
}

static bool host_set(void *context, const char *name, const char *value, struct status *st)
{
	struct screen *s = context;

	return screen_settings_set(&s->settings, name, value, st);
}

static bool host_goes_on(void *context)
{
	struct screen *s = context;
	u64 now = now_ms();

	if (now - s->looked < LOOK_EVERY)
		return !s->interrupted && !s->quit;
	s->looked = now;
	show_and_wait(s, 0);
	if (input_interrupted(&s->input))
		s->interrupted = true;
	return !s->interrupted && !s->quit;
}

/* Statements that are the lesson's own business, and not something to be tried by the user. */
static bool is_silent(const char *text)
{
	static const char *const silent[] = { "say", "pause", "expect" };
	size_t n = strcspn(text, " \t\n;(");

	for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
		if (strlen(silent[i]) == n && memcmp(silent[i], text, n) == 0)
			return true;
	return *text == '\0' || *text == '#' || strncmp(text, "//", 2) == 0;
}

/* Keys while a lesson types: it hurries, or is left. Returns true if it need not wait any more. */
static bool lesson_hurry(struct screen *s)
{
	struct keys_event event;
	bool hurry = s->quit || s->interrupted;

	while (input_next(&s->input, &event)) {
		if (event.key == KEYS_CTRL('z'))
			suspend(s);
		else if (event.key == 'q' || event.key == KEYS_CTRL('c'))
			s->leaving = hurry = true;
		else if (!stage_key(&s->stage, &event))
			hurry = true;
	}
	return hurry;
}

static bool lesson_rest(struct screen *s, u64 ms)
{
	u64 end = now_ms() + ms;

	for (u64 now = now_ms(); now < end; now = now_ms()) {
		show_and_wait(s, (int)(end - now));
		if (lesson_hurry(s))
			return false;
	}
	return true;
}

static void set_command(struct screen *s, const char *text)
{
	size_t n = 0;

	snprintf(s->stage.command, sizeof s->stage.command, "%s%s", PROMPT, text);
	for (; s->stage.command[n] != '\0'; n++)
		if (s->stage.command[n] == '\n')
			s->stage.command[n] = ' ';
}

static void host_statement(void *context, const char *text)
{
	struct screen *s = context;
	char *typed;

	text += strspn(text, " \t\n");
	s->typed = !is_silent(text);
	if (!s->typed)
		return;
	s->say_flows = false;
	typed = strdup(text);
	if (typed == NULL)
		return;
	s->stage.mode = STAGE_TYPING;
	for (size_t i = 1; i <= strlen(text); i++) {
		/* Whole characters only. */
		if (((unsigned char)text[i] & 0xc0) == 0x80)
			continue;
		typed[i] = '\0';
		prompt_show(typed);
		typed[i] = text[i];
		if (!lesson_rest(s, TYPING_PACE))
			break;
	}
	prompt_show(text);
	lesson_rest(s, TYPING_REST);
	prompt_show("");
	free(typed);
	set_command(s, text);
	s->stage.mode = STAGE_RUNNING;
}

static char **complete(void *context, const char *line, size_t cursor, size_t *start)
{
	struct screen *s = context;

	return shell_complete(s->shell, line, cursor, start);
}

/* -------------------------------------------------------- doing commands */

static void show_output(struct screen *s)
{
	struct strbuf old = s->output;
	const char *warning = session_warning(s->session);

	if (warning != NULL)
		strbuf_printf(&s->printing, "%s\n", warning);
	s->output = s->printing;
	s->printing = old;
	s->stage.view.output = strbuf_str(&s->output);
	s->stage.view.text_scroll = 0;
	s->stage.view.events_scroll = 0;
}

static void begin_command(struct screen *s)
{
	s->interrupted = false;
	s->looked = now_ms();
	strbuf_clear(&s->printing);
	step_begin(&s->step);
	view_before_operation(&s->stage.view);
	s->stage.mode = STAGE_RUNNING;
}

static void end_command(struct screen *s, enum shell_outcome outcome)
{
	step_end(&s->step);
	s->stage.mode = STAGE_PROMPT;
	if (outcome == SHELL_QUIT)
		s->quit = true;
	if (outcome == SHELL_PAUSE) {
		s->paused = true;
		s->stage.mode = STAGE_PAUSED;
	}
}

static void leave_lesson(struct screen *s)
{
	shell_stop_script(s->shell);
	s->paused = s->leaving = false;
	s->stage.mode = STAGE_PROMPT;
	strbuf_clear(&s->say);
	strbuf_puts(&s->say, _("You left the lesson. The machine stays as it is; help lists the commands."));
	s->stage.view.say = strbuf_str(&s->say);
	s->say_old = true;
}

/* A line of the user's. */
static void run_line(struct screen *s, const char *line)
{
	enum shell_outcome outcome;

	prompt_remember(line);
	if (s->unfinished.length > 0)
		strbuf_putc(&s->unfinished, '\n');
	strbuf_puts(&s->unfinished, line);
	strbuf_clear(&s->say);
	s->stage.view.say = NULL;
	set_command(s, strbuf_str(&s->unfinished));
	begin_command(s);
	outcome = shell_run(s->shell, strbuf_str(&s->unfinished), NULL, 0, &s->printing);
	end_command(s, outcome);
	prompt_set(outcome == SHELL_MORE ? PROMPT_MORE : PROMPT);
	if (outcome == SHELL_MORE)
		return;
	strbuf_clear(&s->unfinished);
	show_output(s);
}

/* The next statement of a lesson. */
static void run_lesson(struct screen *s)
{
	enum shell_outcome outcome;

	begin_command(s);
	s->typed = false;
	outcome = shell_resume(s->shell, &s->printing);
	end_command(s, outcome);
	if (s->typed || outcome == SHELL_ERROR || s->printing.length > 0)
		show_output(s);
	if (outcome == SHELL_ERROR)
		shell_stop_script(s->shell);
	else if (s->leaving || s->interrupted)
		leave_lesson(s);
}

/* ---------------------------------------------------------------- keys */

static void take_lines(struct screen *s)
{
	char *line;

	while (!s->quit && prompt_take(&line)) {
		if (line == NULL)
			s->quit = true;
		else
			run_line(s, line);
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

static void clear_line(struct screen *s)
{
	prompt_clear();
	strbuf_clear(&s->unfinished);
	prompt_set(PROMPT);
	s->interrupted = false;
}

static void paused_key(struct screen *s, const struct keys_event *event)
{
	if (stage_key(&s->stage, event))
		return;
	switch (event->key) {
	case ' ':
	case KEY_ENTER_:
		s->paused = false;
		s->say_old = true;
		s->stage.mode = STAGE_PROMPT;
		break;
	case 'q':
	case KEYS_CTRL('c'):
		leave_lesson(s);
		break;
	}
}

static void handle_key(struct screen *s, const struct keys_event *event)
{
	if (s->pasting) {
		paste_key(s, event->key);
	} else if (event->key == KEYS_PASTE_BEGIN) {
		s->pasting = true;
	} else if (event->key == KEYS_CTRL('z')) {
		suspend(s);
	} else if (event->key == KEY_F10_) {
		s->quit = true;
	} else if (event->key == KEY_F8_) {
		step_set(&s->step, !s->step.on);
	} else if (s->paused) {
		paused_key(s, event);
	} else if (!stage_key(&s->stage, event)) {
		if (event->key == KEYS_CTRL('c'))
			clear_line(s);
		else
			type_key(s, event->key);
	}
}

/* ---------------------------------------------------- beginning and end */

static enum glyph_set choose_glyphs(const struct screen_options *options)
{
	if (options->glyphs_given)
		return options->glyphs;
	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return GLYPHS_UTF8;
	return terminal_draws_lines() ? GLYPHS_LINES : GLYPHS_ASCII;
}

static bool wants_colour(const struct screen_options *options)
{
	const char *no = getenv("NO_COLOR");

	return !options->no_colour && (no == NULL || *no == '\0');
}

/* A lesson to begin with, or a newcomer's first help. */
static void greet(struct screen *s, const struct screen_options *options)
{
	struct status st = STATUS_INIT;

	strbuf_clear(&s->printing);
	if (options->notice != NULL)
		strbuf_printf(&s->printing, "%s\n", options->notice);
	if (options->script != NULL && !shell_start_script(s->shell, options->script, &st))
		strbuf_printf(&s->printing, "%s\n", st.message);
	if (options->script == NULL)
		strbuf_puts(&s->printing, _("help lists the commands, help NAME explains one; F1 shows the keys.\n"));
	show_output(s);
}

static bool open_prompt(struct screen *s, struct status *st)
{
	struct strbuf path = STRBUF_INIT;
	struct status unused = STATUS_INIT;
	bool ok, has_path = statedir_path(&path, &unused);

	strbuf_puts(&path, "/history");
	ok = prompt_open(has_path ? strbuf_str(&path) : NULL, complete, s, st);
	strbuf_free(&path);
	if (ok)
		prompt_set(PROMPT);
	return ok;
}

static bool open_all(struct screen *s, const struct screen_options *options, struct status *st)
{
	if (!open_prompt(s, st))
		return false;
	s->shell = shell_new(s->session, &s->host);
	if (s->shell == NULL || !keys_open() || !stage_resize(&s->stage))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	step_init(&s->step, s->session, &s->stage.view, step_key, s);
	step_set(&s->step, options->step);
	s->settings = (struct screen_settings){ &s->stage, &s->step };
	terminal_mouse(options->mouse);
	greet(s, options);
	return true;
}

static void loop(struct screen *s)
{
	struct keys_event event;

	while (!s->quit) {
		if (input_next(&s->input, &event)) {
			handle_key(s, &event);
		} else if (!s->paused && shell_in_script(s->shell)) {
			run_lesson(s);
			show_and_wait(s, 0);
		} else {
			show_and_wait(s, -1);
			if (s->interrupted)
				clear_line(s);
		}
	}
}

static void close_all(struct screen *s)
{
	s->session->watcher = NULL;
	stage_close(&s->stage);
	keys_close();
	prompt_close();
	terminal_close();
	shell_free(s->shell);
	strbuf_free(&s->output);
	strbuf_free(&s->printing);
	strbuf_free(&s->say);
	strbuf_free(&s->unfinished);
	strbuf_free(&s->pasted);
	free(s);
}

int screen_run(struct session *session, const struct screen_options *options)
{
	struct screen *s = calloc(1, sizeof *s);
	struct status st = STATUS_INIT;
	int status;

	if (s == NULL)
		status_fail(&st, STATUS_NO_MEMORY, _("out of memory"));
	if (s == NULL || !terminal_open(&st)) {
		fprintf(stderr, "kmemlab: %s\n", st.message);
		free(s);
		return 2;
	}
	s->session = session;
	s->host = (struct shell_host){
		.context = s,
		.say = host_say,
		.set = host_set,
		.statement = host_statement,
		.goes_on = host_goes_on,
	};
	stage_open(&s->stage, session, choose_glyphs(options), theme_find(theme_name(0)), wants_colour(options));
	if (open_all(s, options, &st))
		loop(s);
	else
		s->status = 2;
	status = s->status;
	close_all(s);
	if (!status_ok(&st))
		fprintf(stderr, "kmemlab: %s\n", st.message);
	return status;
}
