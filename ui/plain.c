/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plain.h"

#include "base/text.h"
#include "session/journal.h"
#include "session/statedir.h"
#include "shell/shell.h"
#include "ui/lines.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#define PROMPT "kmemlab> "
#define PROMPT_MORE N_("(Ctrl-C leaves) ...> ")
#define PROMPT_PAUSE N_("-- Enter goes on, q leaves --")

struct plain {
	struct session *session;
	struct shell *shell;
	struct strbuf history; /* path; empty: none is kept */
	struct strbuf statement; /* lines of one that is not complete yet */
	struct strbuf out;
	char *line; /* that readline finished */
	bool finished; /* with a line, or at the end of input */
	bool cancelled; /* by Ctrl-C */
	bool quit;
};

/* readline's callbacks and signal handlers have no context. */
static struct plain *the_plain;
static volatile sig_atomic_t interrupted, ended_by;

static void on_interrupt(int number)
{
	interrupted = number;
}

static void on_end(int number)
{
	ended_by = number;
}

/* Without SA_RESTART, so that pselect() returns. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	action.sa_handler = on_end;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* ------------------------------------------------------------- the line */

static void line_done(char *line)
{
	the_plain->line = line;
	the_plain->finished = true;
	/* It may only be removed from within; it prints a prompt of its own otherwise. */
	rl_callback_handler_remove();
}

static char **complete(void *context, const char *line, size_t cursor, size_t *start)
{
	struct plain *p = context;

	return shell_complete(p->shell, line, cursor, start);
}

static char **attempt(const char *text, int from, int to)
{
	(void)text;
	/* Never the names of files, which is what readline does by itself. */
	rl_attempted_completion_over = 1;
	rl_completion_append_character = '\0';
	return lines_matches(complete, the_plain, (size_t)from, (size_t)to);
}

/* Ctrl-C: what was typed stays on the screen, and is forgotten. */
static void cancel_line(struct plain *p)
{
	interrupted = 0;
	p->cancelled = true;
	rl_free_line_state();
	rl_callback_sigcleanup();
	rl_callback_handler_remove();
	rl_replace_line("", 0);
	puts("^C");
}

/*
 * Waits for input.  false: a signal came first.  It may have come before, while
 * readline was at work, so signals are held back except while nothing but
 * waiting is done.
 */
static bool wait_for_input(void)
{
	sigset_t held, before;
	fd_set input;
	bool ready;

	FD_ZERO(&input);
	FD_SET(STDIN_FILENO, &input);
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	ready = !interrupted && !ended_by && !rl_pending_signal() &&
		pselect(STDIN_FILENO + 1, &input, NULL, NULL, NULL, &before) > 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready;
}

/*
 * Reads a line: p->line, to be freed.  false: there is none, because it was
 * cancelled, or the input ended, or a signal ends the program.
 */
static bool read_line(struct plain *p, const char *prompt)
{
	p->finished = p->cancelled = false;
	p->line = NULL;
	rl_callback_handler_install(prompt, line_done);
	while (!p->finished && !p->cancelled && !ended_by) {
		bool ready = wait_for_input();

		/* readline gives the terminal back, and passes the signal on to the handlers here. */
		if (!ready)
			rl_check_signals();
		if (interrupted)
			cancel_line(p);
		else if (ready)
			rl_callback_read_char();
	}
	if (!p->finished && !p->cancelled)
		rl_callback_handler_remove();
	return p->line != NULL;
}

/* ------------------------------------------------------------- commands */

static bool host_goes_on(void *context)
{
	(void)context;
	return !interrupted && !ended_by;
}

static void host_statement(void *context, const char *text)
{
	(void)context;
	if (!journal_is_remark(text))
		printf(PROMPT "%s\n", text);
}

static void show(struct plain *p)
{
	const char *warning = session_warning(p->session);

	fputs(strbuf_str(&p->out), stdout);
	strbuf_clear(&p->out);
	if (warning)
		printf(_("warning: %s\n"), warning);
	fflush(stdout);
}

/* Waits where a lesson pauses; false: the user wants to leave it. */
static bool pause_lesson(struct plain *p)
{
	bool on;

	if (!read_line(p, _(PROMPT_PAUSE))) {
		putchar('\n');
		return false;
	}
	on = p->line[0] != 'q';
	free(p->line);
	return on;
}

/* Runs the script that was started, or is included, to its end or until the user leaves it. */
static void play(struct plain *p)
{
	while (!p->quit && (shell_is_paused(p->shell) || shell_in_script(p->shell))) {
		if (interrupted || ended_by || (shell_is_paused(p->shell) && !pause_lesson(p))) {
			shell_stop_script(p->shell);
			break;
		}
		p->quit = shell_resume(p->shell, &p->out) == SHELL_QUIT;
		show(p);
	}
}

static void run_line(struct plain *p)
{
	bool first = !p->statement.length;
	enum shell_outcome outcome;

	if (!first)
		strbuf_putc(&p->statement, '\n');
	strbuf_puts(&p->statement, p->line);
	lines_remember(p->history.length ? strbuf_str(&p->history) : NULL, p->line);
	free(p->line);
	interrupted = 0;
	outcome = shell_run(p->shell, strbuf_str(&p->statement), NULL, 1, &p->out);
	/* What is open is told once, not behind each line of a text that was pasted. */
	if (outcome == SHELL_MORE && !first)
		strbuf_clear(&p->out);
	show(p);
	if (outcome == SHELL_MORE)
		return;
	strbuf_clear(&p->statement);
	p->quit = outcome == SHELL_QUIT;
	play(p);
	interrupted = 0;
}

static void read_lines(struct plain *p)
{
	while (!p->quit && !ended_by) {
		if (read_line(p, p->statement.length ? _(PROMPT_MORE) : PROMPT)) {
			run_line(p);
		} else if (p->cancelled) {
			strbuf_clear(&p->statement);
		} else {
			putchar('\n');
			return;
		}
	}
}

static bool plain_open(struct plain *p, const struct plain_options *options, const struct shell_host *host,
		       struct status *st)
{
	struct status ignored = STATUS_INIT;

	p->shell = shell_new(p->session, host);
	if (!p->shell)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (statedir_path(&p->history, &ignored))
		strbuf_puts(&p->history, "/history");
	rl_readline_name = "kmemlab";
	rl_attempted_completion_function = attempt;
	rl_completer_word_break_characters = LINES_WORD_BREAKS;
	lines_read_history(p->history.length ? strbuf_str(&p->history) : NULL);
	catch_signals();
	if (options->notice)
		fputs(options->notice, stdout);
	return !options->script || shell_start_script(p->shell, options->script, st);
}

int plain_run(struct session *session, const struct plain_options *options)
{
	struct plain p = { .session = session };
	struct shell_host host = { .context = &p, .statement = host_statement, .goes_on = host_goes_on };
	struct status st = STATUS_INIT;

	the_plain = &p;
	if (plain_open(&p, options, &host, &st)) {
		play(&p);
		read_lines(&p);
	} else {
		fprintf(stderr, "kmemlab: %s\n", st.message);
	}
	lines_close_history(p.history.length ? strbuf_str(&p.history) : NULL);
	shell_free(p.shell);
	strbuf_free(&p.history);
	strbuf_free(&p.statement);
	strbuf_free(&p.out);
	the_plain = NULL;
	if (!status_ok(&st))
		return 2;
	return ended_by ? 128 + ended_by : 0;
}
