/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/batch.h"

#include "base/text.h"
#include "session/recover.h"
#include "shell/launch.h"
#include "shell/lexer.h"
#include "shell/scriptfile.h"
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum style {
	STYLE_RUN,
	STYLE_CHECK,
	STYLE_PIPE,
};

/* Lines of a script that was read whole, or of a stream as they come. */
struct reader {
	FILE *stream; /* NULL: */
	char *rest;
	char *line, *buffer;
	size_t size;
	unsigned number; /* of `line`, from 1 */
	unsigned joined; /* lines of the script behind its first that `line` holds */
	bool no_text; /* there was a NUL: the rest is not read */
};

struct batch {
	const struct options *options;
	enum style style;
	const char *file; /* as it was named */
	struct session session;
	struct shell *shell;
	struct reader *reader; /* of the file that runs */
	struct strbuf statement; /* as far as it was read */
	struct strbuf out;
	unsigned tests, failed; /* of all files */
	unsigned errors; /* of this file */
	bool typed; /* the lines are no script, but come one by one as a user types them */
	int status;
};

/* ------------------------------------------------------------- reading */

/* Does what follows go on with the if before it? */
static bool goes_on_with_else(const char *text)
{
	text += strspn(text, " \t");
	return strncmp(text, "else", 4) == 0 && !lexer_name_part(text[4]);
}

/* The next line of a script; an `else` on a line of its own belongs to the statement before it. */
static void take_line(struct reader *r)
{
	r->line = strsep(&r->rest, "\n");
	while (r->rest && goes_on_with_else(r->rest)) {
		r->rest[-1] = '\n';
		strsep(&r->rest, "\n");
		r->joined++;
	}
}

static bool reader_next(struct reader *r)
{
	r->number += r->joined;
	r->joined = 0;
	if (r->stream) {
		ssize_t length = getline(&r->buffer, &r->size, r->stream);

		if (length < 0)
			return false;
		if (memchr(r->buffer, '\0', (size_t)length)) {
			r->no_text = true;
			return false;
		}
		r->line = r->buffer;
		while (length && (r->line[length - 1] == '\n' || r->line[length - 1] == '\r'))
			r->line[--length] = '\0';
	} else {
		if (!r->rest || !*r->rest)
			return false;
		take_line(r);
	}
	r->number++;
	return true;
}

/* Reads up to the first statement, in whose line the reader then stands; false: there is none. */
static bool reader_header(struct reader *r, struct journal_header *h)
{
	while (reader_next(r)) {
		if (!journal_is_remark(r->line))
			return true;
		journal_header_line(h, r->line);
	}
	return false;
}

/* ------------------------------------------------------------- printing */

static void print_prefixed(const char *prefix, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		printf("%s%.*s\n", prefix, (int)length, text);
		text += length + (text[length] == '\n');
	}
}

/* Text after "ok N - ": one line, and no # that a reader of TAP would take for a directive. */
static void print_description(const char *text)
{
	for (; *text; text++) {
		if (*text == '#')
			putchar('\\');
		putchar(*text == '\n' ? ' ' : *text);
	}
	putchar('\n');
}

static void print_test(struct batch *b, bool holds, const char *description)
{
	b->tests++;
	b->failed += !holds;
	printf("%s %u - ", holds ? "ok" : "not ok", b->tests);
	print_description(description);
}

/* What only prints a text, or waits, is better read without it. */
static bool speaks_for_itself(const char *statement)
{
	size_t length = strcspn(statement, " \t;");

	return (length == 3 && strncmp(statement, "say", 3) == 0) ||
	       (length == 5 && strncmp(statement, "pause", 5) == 0);
}

static void echo(const char *statement)
{
	const char *prompt = "kmemlab> ";

	statement += strspn(statement, " \t");
	if (speaks_for_itself(statement))
		return;
	while (*statement) {
		size_t length = strcspn(statement, "\n");

		printf("%s%.*s\n", prompt, (int)length, statement);
		statement += length + (statement[length] == '\n');
		prompt = "    ...> ";
	}
}

static void trouble(struct batch *b, const char *message)
{
	fflush(stdout);
	fprintf(stderr, "kmemlab: %s\n", message);
	b->status = 2;
}

static void count_error(struct batch *b)
{
	b->errors++;
	if (!b->status)
		b->status = 1;
}

/* Shows what a statement printed, as the style has it. */
static void show(struct batch *b, bool error, unsigned line)
{
	const char *text = strbuf_str(&b->out);

	if (error)
		count_error(b);
	if (b->style == STYLE_RUN || (b->style == STYLE_PIPE && !error)) {
		fputs(text, stdout);
	} else if (b->style == STYLE_PIPE) {
		fflush(stdout);
		fputs(text, stderr);
	} else if (error) {
		struct strbuf description = STRBUF_INIT;

		strbuf_printf(&description, _("%s:%u: runs without an error"), b->file, line);
		print_test(b, false, strbuf_str(&description));
		strbuf_free(&description);
		print_prefixed("# ", text);
	}
	strbuf_clear(&b->out);
	fflush(stdout);
}

/* ------------------------------------------------------------- running */

static void host_expect(void *context, bool holds, const char *text, const char *detail, const char *file,
			unsigned line)
{
	struct batch *b = context;
	struct strbuf description = STRBUF_INIT;

	strbuf_printf(&description, "%s:%u: %s", file ? file : b->file, line, text);
	print_test(b, holds, strbuf_str(&description));
	strbuf_free(&description);
	if (!holds && detail)
		print_prefixed("# ", detail);
	if (!holds && !b->status)
		b->status = 1;
}

/* Statements of a file that is included. */
static void host_statement(void *context, const char *text)
{
	(void)context;
	if (!journal_is_remark(text))
		echo(text);
}

/* The statement goes on in the next line. */
static bool host_more(void *context, struct strbuf *text)
{
	struct batch *b = context;

	if (!reader_next(b->reader))
		return false;
	strbuf_printf(text, "\n%s", b->reader->line);
	strbuf_printf(&b->statement, "\n%s", b->reader->line);
	return true;
}

static bool stops_at_errors(const struct batch *b)
{
	return !b->typed && !b->session.keep_going;
}

/* Runs the statement that begins in the reader's line, and what it includes, to the end. */
static enum shell_outcome run_statement(struct batch *b)
{
	unsigned line = b->reader->number;
	enum shell_outcome outcome;

	strbuf_clear(&b->statement);
	strbuf_puts(&b->statement, b->reader->line);
	outcome = shell_run(b->shell, b->reader->line, b->file, line, &b->out);
	if (b->style == STYLE_RUN)
		echo(strbuf_str(&b->statement));
	if (outcome == SHELL_ERROR && stops_at_errors(b))
		strbuf_puts(&b->out, _("the script stops here; with --keep-going it goes on\n"));
	show(b, outcome == SHELL_ERROR, line);
	/* Where a user would pause, a reader does. */
	if (outcome == SHELL_PAUSE && b->style == STYLE_RUN)
		putchar('\n');
	while (outcome != SHELL_QUIT && (shell_is_paused(b->shell) || shell_in_script(b->shell))) {
		outcome = shell_resume(b->shell, &b->out);
		show(b, outcome == SHELL_ERROR, line);
		/* That ends what was included, and not this. */
		if (outcome == SHELL_RETURN)
			outcome = SHELL_DONE;
	}
	return outcome;
}

/* Runs what the reader has, from the line in which it stands. */
static void run_lines(struct batch *b, struct reader *r)
{
	enum shell_outcome outcome = SHELL_DONE;

	b->reader = r;
	do {
		if (!journal_is_remark(r->line))
			outcome = run_statement(b);
		if (outcome == SHELL_ERROR && stops_at_errors(b))
			break;
		if (outcome == SHELL_RETURN && !b->typed)
			break;
	} while (outcome != SHELL_QUIT && reader_next(r));
	if (b->statement.failed)
		trouble(b, _("out of memory"));
	strbuf_free(&b->statement);
	b->reader = NULL;
}

/* A session for one script. */
static void run_script(struct batch *b, struct reader *r)
{
	struct journal_header header = { .settings = STRBUF_INIT };
	struct shell_host host = { .context = b, .more = host_more };
	struct status st = STATUS_INIT;
	bool any = reader_header(r, &header);

	if (b->style == STYLE_CHECK)
		host.expect = host_expect;
	if (b->style == STYLE_RUN)
		host.statement = host_statement;
	b->errors = 0;
	if (!launch_session(&b->session, b->options, &header, &st)) {
		trouble(b, st.message);
	} else {
		b->session.check |= b->style == STYLE_CHECK;
		b->shell = shell_new(&b->session, &host);
		if (!b->shell)
			trouble(b, _("out of memory"));
		else if (any)
			run_lines(b, r);
		if (b->shell && shell_failed_expects(b->shell) && !b->status)
			b->status = 1;
		shell_free(b->shell);
		session_close(&b->session);
		if (b->style == STYLE_CHECK && !b->errors) {
			strbuf_printf(&b->out, _("%s: runs to its end without an error"), b->file);
			print_test(b, true, strbuf_str(&b->out));
			strbuf_clear(&b->out);
		}
	}
	journal_header_free(&header);
}

static void run_file(struct batch *b, const char *name)
{
	struct strbuf text = STRBUF_INIT;
	struct status st = STATUS_INIT;
	struct reader r = { .rest = NULL };

	b->file = name;
	if (scriptfile_read(name, &text, &st)) {
		r.rest = text.text;
		run_script(b, &r);
	} else {
		trouble(b, st.message);
	}
	strbuf_free(&text);
}

static int finish(struct batch *b)
{
	strbuf_free(&b->out);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		fprintf(stderr, _("kmemlab: cannot write the output: %s\n"), strerror(errno));
		return 2;
	}
	return b->status;
}

static int run_files(const struct options *o, enum style style)
{
	struct batch b = { .options = o, .style = style };

	for (int i = 0; i < o->file_count; i++) {
		if (style == STYLE_RUN && o->file_count > 1)
			printf("%s==> %s <==\n", i ? "\n" : "", o->files[i]);
		run_file(&b, o->files[i]);
	}
	if (style == STYLE_CHECK) {
		printf("1..%u\n", b.tests);
		if (b.failed)
			printf(_("# %u of %u failed\n"), b.failed, b.tests);
	}
	return finish(&b);
}

int batch_run(const struct options *o)
{
	return run_files(o, STYLE_RUN);
}

int batch_check(const struct options *o)
{
	return run_files(o, STYLE_CHECK);
}

/* A session that was lost would be lost for good: what comes from a pipe is not journalled. Returns false. */
static bool can_recover(struct status *st)
{
	struct recover_lost lost;
	bool any;

	recover_find(&lost);
	any = lost.path != NULL;
	free(lost.path);
	if (!any)
		return status_fail(st, STATUS_INVALID, _("no session was lost: there is nothing to recover"));
	return status_fail(st, STATUS_UNSUPPORTED,
			   _("--recover needs a terminal: a session from a pipe keeps no journal"));
}

int batch_pipe(const struct options *o)
{
	struct batch b = { .options = o, .style = STYLE_PIPE, .file = _("standard input"), .typed = !o->script };
	struct reader r = { .stream = stdin };
	struct status st = STATUS_INIT;

	if (o->recover && !can_recover(&st))
		trouble(&b, st.message);
	else if (o->script)
		run_file(&b, o->script);
	else
		run_script(&b, &r);
	if (r.no_text)
		trouble(&b, _("the input has bytes that are not text: what follows is not read"));
	free(r.buffer);
	return finish(&b);
}
