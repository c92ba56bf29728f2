/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/options.h"

#include "base/nearest.h"
#include "base/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Long options without a letter are numbered behind all letters. */
enum {
	OPT_SEED = 256,
	OPT_PLAIN,
	OPT_TOUR,
	OPT_GLYPHS,
	OPT_COLOR,
	OPT_NO_COLOR,
	OPT_MOUSE,
	OPT_KEEP_GOING,
	OPT_NO_JOURNAL,
	OPT_RECOVER,
	OPT_VERBOSE,
	OPT_LIST_LESSONS,
	OPT_LIST_MACHINES,
};

static const struct {
	const char *name;
	int code; /* the letter, or OPT_ */
	const char *argument; /* N_() text, NULL: none */
	const char *help; /* N_() text */
} table[] = {
	{ "machine", 'm', N_("NAME"), N_("the machine: a name of --list-machines, or a description file") },
	{ "set", 's', N_("KEY=VALUE"), N_("a setting of the machine, for example mem=512M; may be repeated") },
	{ "seed", OPT_SEED, N_("N"), N_("the seed of what is random") },
	{ "plain", OPT_PLAIN, NULL, N_("a prompt without the screen") },
	{ "tour", OPT_TOUR, NULL, N_("play the guided tour") },
	{ "glyphs", OPT_GLYPHS, N_("SET"), N_("characters to draw with: utf8, lines or ascii") },
	{ "color", OPT_COLOR, NULL, N_("colours even if NO_COLOR is set") },
	{ "no-color", OPT_NO_COLOR, NULL, N_("no colours; setting NO_COLOR does the same") },
	{ "mouse", OPT_MOUSE, NULL, N_("use the mouse on the screen") },
	{ "keep-going", OPT_KEEP_GOING, NULL, N_("let scripts go on after an error, where they would stop") },
	{ "no-journal", OPT_NO_JOURNAL, NULL, N_("keep no journal: a session that is killed is lost") },
	{ "recover", OPT_RECOVER, NULL, N_("go on with the last session that was not closed") },
	{ "verbose", OPT_VERBOSE, NULL, N_("verify: print each change that the kernel made on the side") },
	{ "list-lessons", OPT_LIST_LESSONS, NULL, N_("list the lessons that are built in") },
	{ "list-machines", OPT_LIST_MACHINES, NULL, N_("list the machines that are built in") },
	{ "help", 'h', NULL, N_("show this text") },
	{ "version", 'V', NULL, N_("show the version") },
};

static const struct {
	const char *name;
	enum options_mode mode;
} modes[] = {
	{ "run", MODE_RUN },
	{ "check", MODE_CHECK },
	{ "verify", MODE_VERIFY },
};

const char *options_name(size_t n, const char **argument)
{
	if (n >= ARRAY_SIZE(table))
		return NULL;
	if (argument)
		*argument = table[n].argument;
	return table[n].name;
}

const char *options_mode_name(size_t n)
{
	return n < ARRAY_SIZE(modes) ? modes[n].name : NULL;
}

void options_help(struct strbuf *out)
{
	strbuf_puts(out,
		    _("Usage: kmemlab [OPTION...] [SCRIPT]\n"
		      "       kmemlab [OPTION...] run FILE...      run scripts and print what happens\n"
		      "       kmemlab [OPTION...] check FILE...    run scripts and print each expect as TAP\n"
		      "       kmemlab [OPTION...] verify FILE...   compare with recordings of real kernels\n"
		      "An interactive model of the kernel's memory management.\n"
		      "Without a terminal, commands are read from standard input.\n"
		      "FILE is a path, a lesson that is built in (for example tour), or - for standard input.\n\n"));
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct strbuf left = STRBUF_INIT;

		if (table[i].code < OPT_SEED)
			strbuf_printf(&left, "  -%c, ", table[i].code);
		else
			strbuf_puts(&left, "      ");
		strbuf_printf(&left, "--%s", table[i].name);
		if (table[i].argument)
			strbuf_printf(&left, " %s", _(table[i].argument));
		strbuf_printf(out, "%-26s %s\n", strbuf_str(&left), _(table[i].help));
		strbuf_free(&left);
	}
	strbuf_puts(out,
		    _("\nThe exit status is 0 if all went well, 1 if a command, an expect or a comparison failed,\n"
		      "2 if the program could not begin: a wrong option, a file that cannot be read.\n"));
}

/* getopt refuses `word`. Of a letter, `word` may be the one before: getopt goes on only behind the last letter. */
static bool refused_option(const char *word, struct status *st)
{
	struct nearest near = NEAREST_INIT(word + 2);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].code == optopt)
			return status_fail(st, STATUS_SYNTAX, _("--%s takes no value"), table[i].name);
	if (optopt)
		return status_fail(st, STATUS_SYNTAX, _("there is no option -%c"), optopt);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		nearest_try(&near, table[i].name);
	if (near.best)
		return status_fail(st, STATUS_SYNTAX, _("there is no option %s; did you mean --%s?"), word, near.best);
	return status_fail(st, STATUS_SYNTAX, _("there is no option %s"), word);
}

static bool read_seed(struct options *o, const char *text, struct status *st)
{
	char *end;

	errno = 0;
	o->seed = strtoull(text, &end, 0);
	o->has_seed = true;
	if (errno || *end || *text < '0' || *text > '9')
		return status_fail(st, STATUS_SYNTAX, _("--seed takes a number, not \"%s\""), text);
	return true;
}

static bool read_glyphs(struct options *o, const char *text, struct status *st)
{
	if (strcmp(text, "utf8") != 0 && strcmp(text, "lines") != 0 && strcmp(text, "ascii") != 0)
		return status_fail(st, STATUS_SYNTAX, _("--glyphs takes utf8, lines or ascii, not \"%s\""), text);
	o->glyphs = text;
	return true;
}

static bool read_setting(struct options *o, const char *text, struct status *st)
{
	if (!strchr(text, '='))
		return status_fail(st, STATUS_SYNTAX, _("--set takes KEY=VALUE, not \"%s\""), text);
	o->settings[o->setting_count++] = text;
	return true;
}

static bool read_option(struct options *o, int code, struct status *st)
{
	switch (code) {
	case 'm':
		o->machine = optarg;
		return true;
	case 's':
		return read_setting(o, optarg, st);
	case OPT_SEED:
		return read_seed(o, optarg, st);
	case OPT_PLAIN:
		o->plain = true;
		return true;
	case OPT_TOUR:
		o->script = "tour";
		return true;
	case OPT_GLYPHS:
		return read_glyphs(o, optarg, st);
	case OPT_COLOR:
	case OPT_NO_COLOR:
		o->color = code == OPT_COLOR;
		o->no_color = !o->color;
		return true;
	case OPT_MOUSE:
		o->mouse = true;
		return true;
	case OPT_KEEP_GOING:
		o->keep_going = true;
		return true;
	case OPT_NO_JOURNAL:
		o->no_journal = true;
		return true;
	case OPT_RECOVER:
		o->recover = true;
		return true;
	case OPT_VERBOSE:
		o->verbose = true;
		return true;
	case OPT_LIST_LESSONS:
		o->mode = MODE_LIST_LESSONS;
		return true;
	case OPT_LIST_MACHINES:
		o->mode = MODE_LIST_MACHINES;
		return true;
	case 'h':
		o->mode = MODE_HELP;
		return true;
	default: /* 'V', the last of the table */
		o->mode = MODE_VERSION;
		return true;
	}
}

static bool read_options(struct options *o, int argc, char **argv, struct status *st)
{
	struct option longs[ARRAY_SIZE(table) + 1] = { 0 };
	int code;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		longs[i] = (struct option){ table[i].name, table[i].argument ? required_argument : no_argument, NULL,
					    table[i].code };
	opterr = 0;
	while ((code = getopt_long(argc, argv, ":m:s:hV", longs, NULL)) != -1) {
		if (code == ':')
			return status_fail(st, STATUS_SYNTAX, _("%s must be followed by a value"), argv[optind - 1]);
		if (code == '?')
			return refused_option(argv[optind - 1], st);
		if (!read_option(o, code, st))
			return false;
	}
	return true;
}

/* Words that are no options: a mode and its files, or a script to play. */
static bool read_words(struct options *o, int count, char **words, struct status *st)
{
	struct nearest near;

	if (!count)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		if (strcmp(words[0], modes[i].name) != 0)
			continue;
		o->mode = modes[i].mode;
		o->files = words + 1;
		o->file_count = count - 1;
		if (!o->file_count)
			return status_fail(st, STATUS_SYNTAX, _("kmemlab %s must be followed by a file"), words[0]);
		return true;
	}
	near = (struct nearest)NEAREST_INIT(words[0]);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		nearest_try(&near, modes[i].name);
	if (count > 1 && near.best)
		return status_fail(st, STATUS_SYNTAX, _("there is no command \"%s\"; did you mean %s?"), words[0],
				   near.best);
	if (count > 1)
		return status_fail(st, STATUS_SYNTAX, _("one script can be played, not %d; for more use kmemlab run"),
				   count);
	o->script = words[0];
	return true;
}

bool options_read(struct options *o, int argc, char **argv, struct status *st)
{
	memset(o, 0, sizeof *o);
	/* There cannot be more settings than words. */
	o->settings = calloc((size_t)argc + 1, sizeof *o->settings);
	if (!o->settings)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	if (!read_options(o, argc, argv, st))
		return false;
	if (o->mode != MODE_INTERACTIVE)
		return true;
	if (!read_words(o, argc - optind, argv + optind, st))
		return false;
	if (o->recover && o->mode != MODE_INTERACTIVE)
		return status_fail(st, STATUS_SYNTAX, _("--recover begins a session for a user; %s needs none"),
				   argv[optind]);
	return true;
}

void options_free(struct options *o)
{
	free(o->settings);
	memset(o, 0, sizeof *o);
}
