/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen_commands.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "ui/address_look.h"
#include "ui/address_tables.h"
#include "ui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds. */
#define LOOK_EVERY 50 /* at the keys, while a command runs */
#define TYPING_PACE 12 /* a character of a lesson's command */
#define TYPING_REST 350 /* between it and its effect */

int screen_commands_step(void *context)
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
			screen_state_wait(s, -1);
		} else if (event.key == KEYS_CTRL('z')) {
			screen_state_suspend(s);
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

	if (s->say.length > 0)
		strbuf_putc(&s->say, s->say_flows && *text != ' ' && *text != '\0' ? ' ' : '\n');
	s->say_flows = *text != ' ' && *text != '\0';
	strbuf_puts(&s->say, text);
	s->stage.view.say = strbuf_str(&s->say);
	s->stage.view.text_scroll = 0;
}

static void host_expect(void *context, bool holds, const char *text, const char *detail, const char *file,
			unsigned line)
{
	struct screen *s = context;

	(void)file;
	(void)line;
	if (!holds)
		strbuf_printf(&s->printing, _("FAILED: %s: %s\n"), text, detail != NULL ? detail : "");
	else if (!s->in_lesson)
		strbuf_printf(&s->printing, _("ok: %s\n"), text);
}

static bool host_set(void *context, const char *name, const char *value, struct status *st)
{
	struct screen *s = context;

	return screen_settings_set(&s->settings, name, value, st);
}

/* The steps of the last command are on the screen already: all of them are shown there. */
static bool host_explain(void *context, size_t number)
{
	struct screen *s = context;
	struct view *v = &s->stage.view;

	view_refresh(v);
	if (number != session_number(s->session) || s->session->recording || view_went_back(v))
		return false;
	v->events_all = true;
	v->events_scroll = 0;
	return true;
}

/* The page tables stand where addresses do. */
static bool host_walk(void *context, u64 address)
{
	struct screen *s = context;
	struct view *v = &s->stage.view;

	view_refresh(v);
	address_tables_open(v, address);
	v->about_addresses = true;
	v->about_objects = false;
	return !s->stage.layout.too_small;
}

/* In the direct map the frame says more than the address. */
static void host_look(void *context, u64 address)
{
	struct screen *s = context;
	struct view *v = &s->stage.view;
	pfn_t pfn = page_of_address(view_phys(v), address);

	view_refresh(v);
	if (pfn != PFN_NONE)
		v->cursor = pfn;
	else
		address_look_choose(v, address);
}

static bool host_goes_on(void *context)
{
	struct screen *s = context;
	u64 now = screen_state_now();

	if (now - s->looked < LOOK_EVERY)
		return !s->interrupted && !s->quit;
	s->looked = now;
	screen_state_wait(s, 0);
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
			screen_state_suspend(s);
		else if (event.key == 'q' || event.key == KEYS_CTRL('c'))
			s->leaving = hurry = true;
		else if (!stage_key(&s->stage, &event))
			hurry = true;
	}
	return hurry;
}

static bool lesson_rest(struct screen *s, u64 ms)
{
	u64 end = screen_state_now() + ms;

	for (u64 now = screen_state_now(); now < end; now = screen_state_now()) {
		screen_state_wait(s, (int)(end - now));
		if (lesson_hurry(s))
			return false;
	}
	return true;
}

static void set_command(struct screen *s, const char *text)
{
	size_t n = 0;

	snprintf(s->stage.command, sizeof s->stage.command, "%s%s", SCREEN_PROMPT, text);
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
	view_before_operation(&s->stage.view);
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

struct shell_host screen_commands_host(struct screen *s)
{
	return (struct shell_host){
		.context = s,
		.say = host_say,
		.expect = host_expect,
		.set = host_set,
		.statement = host_statement,
		.explain = host_explain,
		.walk = host_walk,
		.look = host_look,
		.goes_on = host_goes_on,
	};
}

/* -------------------------------------------------------- doing commands */

void screen_commands_show(struct screen *s)
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
	s->looked = screen_state_now();
	strbuf_clear(&s->printing);
	step_begin(&s->step);
	s->stage.mode = STAGE_RUNNING;
}

static void end_command(struct screen *s, enum shell_outcome outcome)
{
	step_end(&s->step);
	s->stage.view.refused = outcome == SHELL_ERROR;
	s->stage.mode = STAGE_PROMPT;
	if (outcome == SHELL_QUIT)
		s->quit = true;
	if (outcome == SHELL_PAUSE) {
		s->paused = true;
		s->stage.mode = STAGE_PAUSED;
	}
}

void screen_commands_go_on(struct screen *s)
{
	s->paused = false;
	s->stage.mode = STAGE_PROMPT;
	strbuf_clear(&s->say);
	s->stage.view.say = s->stage.view.output = NULL;
}

void screen_commands_leave(struct screen *s)
{
	shell_stop_script(s->shell);
	s->paused = s->leaving = false;
	s->stage.mode = STAGE_PROMPT;
	strbuf_clear(&s->say);
	strbuf_puts(&s->say, _("You left the lesson. The machine stays as it is; help lists the commands."));
	s->stage.view.say = strbuf_str(&s->say);
}

void screen_commands_line(struct screen *s, const char *line)
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
	view_before_operation(&s->stage.view);
	outcome = shell_run(s->shell, strbuf_str(&s->unfinished), NULL, 0, &s->printing);
	end_command(s, outcome);
	prompt_set(outcome == SHELL_MORE ? _(SCREEN_PROMPT_MORE) : SCREEN_PROMPT);
	if (outcome != SHELL_MORE)
		strbuf_clear(&s->unfinished);
	screen_commands_show(s);
}

void screen_commands_lesson(struct screen *s)
{
	enum shell_outcome outcome;

	begin_command(s);
	s->typed = false;
	s->in_lesson = true;
	outcome = shell_resume(s->shell, &s->printing);
	s->in_lesson = false;
	end_command(s, outcome);
	if (s->typed || outcome == SHELL_ERROR || s->printing.length > 0)
		screen_commands_show(s);
	if (s->leaving || s->interrupted)
		screen_commands_leave(s);
}
