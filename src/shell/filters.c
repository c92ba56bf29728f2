/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/filters.h"

#include "base/text.h"
#include "shell/filter_lines.h"
#include "shell/filter_sort.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* ----------------------------------------------------------- head, tail */

static bool run_head(struct filter *f)
{
	const char *count = filter_option(f, 'n');
	size_t most, lines = filter_lines(f);
	bool but = count && *count == '-';

	if (!filter_number(f, but ? count + 1 : count, 10, &most))
		return false;
	if (but)
		most = most < lines ? lines - most : 0;
	for (size_t n = 0; n < lines && n < most; n++)
		filter_put(f, n);
	return true;
}

static bool run_tail(struct filter *f)
{
	const char *count = filter_option(f, 'n');
	size_t number, lines = filter_lines(f), from;
	bool behind = count && *count == '+';

	if (!filter_number(f, behind ? count + 1 : count, 10, &number))
		return false;
	if (behind)
		from = number ? number - 1 : 0;
	else
		from = number < lines ? lines - number : 0;
	for (size_t n = from; n < lines; n++)
		filter_put(f, n);
	return true;
}

/* ----------------------------------------------------------------- grep */

/*
 * Can it be compiled and looked for in no time? Repetitions inside repetitions
 * and references back can take the host's memory, or for ever.
 */
static bool is_harmless(const char *pattern)
{
	unsigned braces = 0;

	for (const char *c = pattern; *c; c++) {
		braces += *c == '{';
		if (*c == '\\' && c[1] >= '1' && c[1] <= '9')
			return false;
		if (*c == '\\' && c[1] && c[1] != '{')
			c++;
	}
	return braces <= 1;
}

static bool compile(struct filter *f, regex_t *pattern)
{
	int flags = REG_NOSUB | (filter_option(f, 'i') ? REG_ICASE : 0) | (filter_option(f, 'E') ? REG_EXTENDED : 0);
	char message[128];
	int error;

	if (strlen(f->operand[0]) > FILTERS_PATTERN_MOST)
		return status_fail(f->st, STATUS_INVALID, _("a pattern has %d characters at most"),
				   FILTERS_PATTERN_MOST);
	if (!is_harmless(f->operand[0]))
		return status_fail(f->st, STATUS_INVALID,
				   _("a pattern can have one repetition in braces, and no references back"));
	error = regcomp(pattern, f->operand[0], flags);
	if (!error)
		return true;
	regerror(error, pattern, message, sizeof message);
	return status_fail(f->st, STATUS_INVALID, _("\"%s\" is no pattern: %s"), f->operand[0], message);
}

static void grep_lines(struct filter *f, const regex_t *pattern)
{
	const bool wanted = !filter_option(f, 'v'), counts = filter_option(f, 'c'), numbers = filter_option(f, 'n');
	size_t found = 0;

	for (size_t n = 0; n < filter_lines(f); n++) {
		bool matches = regexec(pattern, filter_text(f, n), 0, NULL, 0) == 0;

		if (matches != wanted)
			continue;
		found++;
		if (numbers && !counts)
			strbuf_printf(f->out, "%zu:", n + 1);
		if (!counts)
			filter_put(f, n);
	}
	if (counts)
		strbuf_printf(f->out, "%zu\n", found);
}

static bool run_grep(struct filter *f)
{
	regex_t pattern;

	if (!compile(f, &pattern))
		return false;
	grep_lines(f, &pattern);
	regfree(&pattern);
	return true;
}

/* ------------------------------------------------------------- wc, uniq */

static size_t count_words(const char *text)
{
	size_t words = 0;

	while (*(text += strspn(text, " \t"))) {
		text += strcspn(text, " \t");
		words++;
	}
	return words;
}

static bool run_wc(struct filter *f)
{
	bool all = !filter_option(f, 'l') && !filter_option(f, 'w') && !filter_option(f, 'c');
	unsigned options = !!filter_option(f, 'l') + !!filter_option(f, 'w') + !!filter_option(f, 'c');
	int width = options == 1 ? 0 : 7;
	const char *between = "";
	size_t words = 0;

	for (size_t n = 0; n < filter_lines(f); n++)
		words += count_words(filter_text(f, n));
	if (all || filter_option(f, 'l')) {
		strbuf_printf(f->out, "%*zu", width, filter_lines(f));
		between = " ";
	}
	if (all || filter_option(f, 'w')) {
		strbuf_printf(f->out, "%s%*zu", between, width, words);
		between = " ";
	}
	if (all || filter_option(f, 'c'))
		strbuf_printf(f->out, "%s%*zu", between, width, f->bytes);
	strbuf_putc(f->out, '\n');
	return true;
}

static bool run_uniq(struct filter *f)
{
	size_t lines = filter_lines(f), same;

	for (size_t n = 0; n < lines; n += same) {
		for (same = 1; n + same < lines && strcmp(filter_text(f, n), filter_text(f, n + same)) == 0;)
			same++;
		if ((filter_option(f, 'd') && same == 1) || (filter_option(f, 'u') && same > 1))
			continue;
		if (filter_option(f, 'c'))
			strbuf_printf(f->out, "%7zu ", same);
		filter_put(f, n);
	}
	return true;
}

/* ------------------------------------------------------------- the whole */

static const struct {
	const char *name;
	const char *options; /* letters, with ':' behind those that have a value */
	char number; /* the option that "-5" stands for; 0: none */
	unsigned operands; /* how many it must have */
	bool (*run)(struct filter *f);
	const char *form;
	const char *text; /* N_() */
} filters[] = {
	{ "head", "n:", 'n', 0, run_head, "head [-n LINES]", N_("the first lines, 10 unless told; -n -5: all but 5") },
	{ "tail", "n:", 'n', 0, run_tail, "tail [-n LINES]", N_("the last lines; -n +5: from the fifth on") },
	{ "grep", "ivcnE", 0, 1, run_grep, "grep [-ivcnE] PATTERN",
	  N_("lines that match (-v: do not; -i: in any case; -c: how many)") },
	{ "sort", "nrubk:t:", 0, 0, filter_sort, "sort [-nrub] [-k FIELD] [-t CHAR]",
	  N_("in order, by a field; -n: as numbers; -r: the other way") },
	{ "uniq", "cdu", 0, 0, run_uniq, "uniq [-cdu]", N_("each line once, if it follows itself; -c: how often") },
	{ "wc", "lwc", 0, 0, run_wc, "wc [-lwc]", N_("how many lines, words, bytes") },
	{ "cut", "d:f:c:", 0, 0, filter_cut, "cut [-d CHAR] -f LIST | -c LIST",
	  N_("some fields or columns of each line, as 1,3-5") },
};

bool filters_is(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		if (strlen(filters[i].name) == length && memcmp(filters[i].name, name, length) == 0)
			return true;
	return false;
}

const char *filters_name(size_t n, const char **form, const char **text)
{
	if (n >= ARRAY_SIZE(filters))
		return NULL;
	*form = filters[n].form;
	*text = _(filters[n].text);
	return filters[n].name;
}

bool filters_unknown(const char *name, struct status *st)
{
	struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", filters[i].name);
	status_fail(st, STATUS_SYNTAX, _("there is no filter \"%s\"; there are %s"), name, strbuf_str(&names));
	strbuf_free(&names);
	return false;
}

bool filters_run(size_t argc, const char *const *argv, const struct strbuf *in, struct strbuf *out, struct status *st)
{
	struct filter f;
	size_t i = 0;
	bool ok;

	while (i < ARRAY_SIZE(filters) && strcmp(filters[i].name, argv[0]) != 0)
		i++;
	if (i == ARRAY_SIZE(filters))
		return filters_unknown(argv[0], st);
	ok = filter_begin(&f, in, out, st) &&
	     (filter_arguments(&f, argc - 1, argv + 1, filters[i].options, filters[i].number, filters[i].operands) ||
	      status_fail(st, STATUS_INVALID, "%s: %s", strbuf_str(&f.wrong), filters[i].form)) &&
	     filters[i].run(&f);
	filter_end(&f);
	return ok;
}
