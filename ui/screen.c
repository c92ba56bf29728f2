/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/screen.h"

#include "base/text.h"
#include "session/statedir.h"
#include "ui/prompt.h"
#include "ui/screen_keys.h"
#include "ui/screen_commands.h"
#include "ui/screen_state.h"
#include "ui/terminal.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **complete(void *context, const char *line, size_t cursor, size_t *start)
{
	struct screen *s = context;

	return shell_complete(s->shell, line, cursor, start);
}

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
	screen_commands_show(s);
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
		prompt_set(SCREEN_PROMPT);
	return ok;
}

static bool open_all(struct screen *s, const struct screen_options *options, struct status *st)
{
	if (!open_prompt(s, st))
		return false;
	s->shell = shell_new(s->session, &s->host);
	if (s->shell == NULL || !keys_open() || !stage_resize(&s->stage))
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	step_init(&s->step, s->session, &s->stage.view, screen_commands_step, s);
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
			screen_keys_handle(s, &event);
		} else if (!s->paused && shell_in_script(s->shell)) {
			screen_commands_lesson(s);
			screen_state_wait(s, 0);
		} else {
			screen_state_wait(s, -1);
			if (s->interrupted)
				screen_keys_interrupt(s);
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
	s->host = screen_commands_host(s);
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
