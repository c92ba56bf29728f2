/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: reads its options, and hands over to a screen, a prompt or a batch run. */
#include "base/text.h"
#include "machine/desc.h"
#include "shell/batch.h"
#include "shell/launch.h"
#include "shell/lessons.h"
#include "shell/options.h"
#include "shell/verify_report.h"
#include "ui/plain.h"
#include "ui/screen.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if ENABLE_NLS
#include <libintl.h>
#endif

static void open_locale(void)
{
	setlocale(LC_ALL, "");
	/* Numbers are written as C writes them: they are read back. */
	setlocale(LC_NUMERIC, "C");
#if ENABLE_NLS
	bindtextdomain(PACKAGE, PACKAGE_LOCALEDIR);
	textdomain(PACKAGE);
#endif
}

static int fail(const struct status *st)
{
	fprintf(stderr, "kmemlab: %s\n", st->message);
	return 2;
}

/* Ends output that is only text. */
static int printed(void)
{
	if (fflush(stdout) != EOF && !ferror(stdout))
		return 0;
	perror(_("kmemlab: cannot write the output"));
	return 2;
}

static int print_help(void)
{
	struct strbuf out = STRBUF_INIT;

	options_help(&out);
	fputs(strbuf_str(&out), stdout);
	strbuf_free(&out);
	return printed();
}

static int print_version(void)
{
	printf("kmemlab %s\n%s", PACKAGE_VERSION,
	       _("Licence GPL-3.0-or-later: free software, which you may change and pass on. There is no warranty.\n"));
	return printed();
}

static int list_lessons(void)
{
	struct strbuf out = STRBUF_INIT;

	lessons_list(&out);
	fputs(strbuf_str(&out), stdout);
	strbuf_free(&out);
	return printed();
}

static int list_machines(void)
{
	size_t count;
	const char *const *names = desc_names(&count);

	for (size_t i = 0; i < count; i++) {
		struct machine_desc desc;
		struct status st = STATUS_INIT;

		if (!desc_load(&desc, names[i], &st))
			return fail(&st);
		printf("%-20s %s\n", names[i], desc.title);
	}
	return printed();
}

static enum glyph_set glyph_set_of(const char *name)
{
	if (strcmp(name, "ascii") == 0)
		return GLYPHS_ASCII;
	return strcmp(name, "lines") == 0 ? GLYPHS_LINES : GLYPHS_UTF8;
}

static int run_screen(struct session *s, const struct options *o, const char *notice)
{
	struct screen_options screen = {
		.glyphs_given = o->glyphs != NULL,
		.glyphs = o->glyphs ? glyph_set_of(o->glyphs) : GLYPHS_UTF8,
		.no_colour = o->no_color,
		.mouse = o->mouse,
		.script = o->script,
		.notice = notice,
	};

	/* The screen asks NO_COLOR itself; --color is stronger. */
	if (o->color)
		unsetenv("NO_COLOR");
	return screen_run(s, &screen);
}

static int run_prompt(struct session *s, const struct options *o, const char *notice)
{
	struct plain_options plain = { .script = o->script, .notice = notice };

	return plain_run(s, &plain);
}

/* On the machine that the options ask for, or else the script. */
static bool open_session(struct session *s, const struct options *o, struct status *st)
{
	struct journal_header header = { .settings = STRBUF_INIT };
	bool ok = (!o->script || launch_header(o->script, &header, st)) && launch_session(s, o, &header, st);

	journal_header_free(&header);
	return ok;
}

/* A session that a user works in. */
static int run_interactive(const struct options *o)
{
	struct session s;
	struct strbuf notice = STRBUF_INIT;
	struct status st = STATUS_INIT;
	bool plain = o->plain || !isatty(STDOUT_FILENO);
	int status;

	if (!open_session(&s, o, &st))
		return fail(&st);
	if (launch_interactive(&s, o, &notice, &st)) {
		const char *sentences = notice.length ? notice.text : NULL;

		status = plain ? run_prompt(&s, o, sentences) : run_screen(&s, o, sentences);
	} else {
		status = fail(&st);
	}
	/* Ended by a signal (a terminal that went away): the user has not closed it. */
	if (status >= 128)
		journal_leave(&s.journal);
	session_close(&s);
	strbuf_free(&notice);
	return status;
}

static int dispatch(const struct options *o)
{
	switch (o->mode) {
	case MODE_HELP:
		return print_help();
	case MODE_VERSION:
		return print_version();
	case MODE_LIST_LESSONS:
		return list_lessons();
	case MODE_LIST_MACHINES:
		return list_machines();
	case MODE_RUN:
		return batch_run(o);
	case MODE_CHECK:
		return batch_check(o);
	case MODE_VERIFY:
		return verify_report_main(o->file_count, o->files, o->verbose);
	case MODE_INTERACTIVE:
		break;
	}
	return isatty(STDIN_FILENO) ? run_interactive(o) : batch_pipe(o);
}

int main(int argc, char **argv)
{
	struct options o;
	struct status st = STATUS_INIT;
	int status;

	open_locale();
	/* A file size limit is a full disk: an error that is told, not the end of the program. */
	signal(SIGXFSZ, SIG_IGN);
	if (options_read(&o, argc, argv, &st))
		status = dispatch(&o);
	else
		status = fail(&st);
	options_free(&o);
	return status;
}
