/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/shell.h"

#include "base/text.h"
#include "shell/complete.h"
#include "shell/context.h"
#include "shell/exec.h"
#include "shell/help.h"
#include "shell/kernel_log.h"
#include "shell/parser.h"
#include "shell/script.h"

#include <stdlib.h>
#include <string.h>

struct shell {
	struct session *session;
	struct shell_host host;
	struct scripts scripts;
	bool paused;
	unsigned failed; /* expects */
};

/* The first error of statements that are done again. */
static bool run_again(struct context *cx, const struct node *statement, struct status *st)
{
	for (; statement; statement = statement->next) {
		if (exec_again(cx, statement))
			continue;
		*st = cx->diag->status;
		return false;
	}
	return true;
}

/* The session's `run`: does a command again, inside of undo, redo, goto or recover. */
static bool shell_again(void *context, const char *text, struct status *st)
{
	struct shell *sh = context;
	struct source source = { .line = 1, .text = text, .length = strlen(text) };
	struct strbuf out = STRBUF_INIT;
	struct diag diag = { 0 };
	struct ast ast = AST_INIT;
	struct node *first;
	struct context cx = {
		.session = sh->session,
		.host = sh->host,
		.scripts = &sh->scripts,
		.failed = &sh->failed,
		.source = &source,
		.out = &out,
		.diag = &diag,
		.again = true,
	};
	bool ok = parser_parse(&ast, &source, &first, &diag);

	if (ok)
		ok = run_again(&cx, first, st);
	else
		*st = diag.status;
	ast_free(&ast);
	strbuf_free(&out);
	return ok;
}

struct shell *shell_new(struct session *session, const struct shell_host *host)
{
	struct shell *sh = calloc(1, sizeof *sh);

	if (!sh)
		return NULL;
	sh->session = session;
	if (host)
		sh->host = *host;
	session->run = shell_again;
	session->run_context = sh;
	return sh;
}

void shell_free(struct shell *sh)
{
	if (!sh)
		return;
	shell_stop_script(sh);
	sh->session->run = NULL;
	sh->session->run_context = NULL;
	free(sh);
}

/* ------------------------------------------------------------- running */

/* Tells the host which statement of a script comes now. */
static void announce(struct shell *sh, const struct script_frame *frame, const struct node *statement)
{
	char *text;

	if (!frame->script || !sh->host.statement)
		return;
	text = strndup(frame->source.text + statement->start, statement->end - statement->start);
	if (text)
		sh->host.statement(sh->host.context, text);
	free(text);
}

/* Does it, and prints meanwhile what the kernel reports. */
static bool do_statement(struct context *cx, const struct node *statement)
{
	bool ok;

	cx->session->oom = kernel_log_oom;
	cx->session->oom_context = cx;
	cx->session->printk = kernel_log_line;
	cx->session->printk_context = cx;
	cx->session->warn_alloc = kernel_log_warn_alloc;
	cx->session->warn_context = cx;
	ok = exec_command(cx, statement);
	cx->session->oom = NULL;
	cx->session->oom_context = NULL;
	cx->session->printk = NULL;
	cx->session->printk_context = NULL;
	cx->session->warn_alloc = NULL;
	cx->session->warn_context = NULL;
	return ok;
}

/* Runs the next statement of the youngest text. */
static enum shell_outcome run_next(struct shell *sh, struct strbuf *out)
{
	struct script_frame *frame = script_top(&sh->scripts);
	struct diag diag = { 0 };
	struct context cx = {
		.session = sh->session,
		.host = sh->host,
		.scripts = &sh->scripts,
		.failed = &sh->failed,
		.source = &frame->source,
		.out = out,
		.diag = &diag,
		.outcome = SHELL_DONE,
	};
	struct node *statement;
	bool ok;

	if (!script_parse(frame, &diag)) {
		diag_show(&diag, &frame->source, out);
		script_pop(&sh->scripts);
		return SHELL_ERROR;
	}
	statement = frame->next;
	if (!statement)
		return SHELL_DONE;
	frame->next = statement->next;
	announce(sh, frame, statement);
	ok = do_statement(&cx, statement);
	if (ok && cx.flow == FLOW_RETURN) {
		frame->next = NULL;
		return SHELL_RETURN;
	}
	if (ok)
		return cx.outcome;
	diag_show(&diag, &frame->source, out);
	return SHELL_ERROR;
}

/* What follows from a statement's outcome for the texts that run. */
static enum shell_outcome settle(struct shell *sh, enum shell_outcome outcome)
{
	script_pop_finished(&sh->scripts);
	if (outcome == SHELL_QUIT)
		shell_stop_script(sh);
	sh->paused = outcome == SHELL_PAUSE;
	return outcome;
}

/* Begins the text. SHELL_DONE: it is parsed and stands on top. */
static enum shell_outcome begin_text(struct shell *sh, const char *text, const char *file, unsigned line,
				     struct strbuf *out)
{
	struct status st = STATUS_INIT;
	struct diag diag = { 0 };
	enum shell_outcome outcome = SHELL_ERROR;
	struct script_frame *frame;

	if (!script_push_text(&sh->scripts, text, file, line, &st)) {
		strbuf_printf(out, "%s\n", st.message);
		return SHELL_ERROR;
	}
	frame = script_top(&sh->scripts);
	frame->more = sh->host.more;
	frame->more_context = sh->host.context;
	if (script_parse(frame, &diag))
		return SHELL_DONE;
	if (diag.more && !sh->host.more)
		outcome = SHELL_MORE;
	if (outcome == SHELL_MORE)
		diag_headline(&diag, &frame->source, out);
	else
		diag_show(&diag, &frame->source, out);
	script_pop(&sh->scripts);
	return outcome;
}

enum shell_outcome shell_run(struct shell *sh, const char *text, const char *file, unsigned line, struct strbuf *out)
{
	unsigned below = sh->scripts.depth;
	enum shell_outcome outcome = begin_text(sh, text, file, line, out);
	bool paused = sh->paused;

	if (outcome != SHELL_DONE)
		return outcome;
	script_pop_finished(&sh->scripts);
	while (outcome == SHELL_DONE && sh->scripts.depth > below && !script_top(&sh->scripts)->script)
		outcome = settle(sh, run_next(sh, out));
	if (outcome == SHELL_ERROR)
		script_pop_to(&sh->scripts, below);
	/* A script that waits is not woken by what is typed meanwhile. */
	if (outcome != SHELL_QUIT && sh->scripts.depth)
		sh->paused |= paused;
	return outcome;
}

enum shell_outcome shell_resume(struct shell *sh, struct strbuf *out)
{
	enum shell_outcome outcome;

	sh->paused = false;
	if (!sh->scripts.depth)
		return SHELL_DONE;
	outcome = settle(sh, run_next(sh, out));
	if (outcome == SHELL_ERROR && !sh->session->keep_going) {
		shell_stop_script(sh);
		strbuf_puts(out, _("the script stops here; \"set keep_going on\" lets scripts go on\n"));
	}
	return outcome;
}

bool shell_is_paused(const struct shell *sh)
{
	return sh->paused;
}

bool shell_start_script(struct shell *sh, const char *path, struct status *st)
{
	return script_push_file(&sh->scripts, path, st);
}

bool shell_in_script(const struct shell *sh)
{
	return sh->scripts.depth > 0;
}

unsigned shell_failed_expects(const struct shell *sh)
{
	return sh->failed;
}

void shell_stop_script(struct shell *sh)
{
	script_pop_to(&sh->scripts, 0);
	sh->paused = false;
}

/* ------------------------------------------------------------- helping */

char **shell_complete(const struct shell *sh, const char *line, size_t cursor, size_t *start)
{
	return complete_line(sh->session, line, cursor, start);
}

bool shell_help(const struct shell *sh, const char *topic, struct strbuf *out, struct status *st)
{
	return help_show(&sh->session->machine, topic, out, st);
}
