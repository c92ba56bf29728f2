/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/filter_lines.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool filter_begin(struct filter *f, const struct strbuf *in, struct strbuf *out, struct status *st)
{
	size_t lines = 0;
	char *next;

	*f = (struct filter){ .bytes = in->length, .wrong = STRBUF_INIT, .out = out, .st = st };
	f->text = malloc(in->length + 1);
	if (f->text) {
		memcpy(f->text, strbuf_str(in), in->length);
		f->text[in->length] = '\0';
		for (size_t i = 0; i < in->length; i++)
			lines += f->text[i] == '\n';
		f->line = malloc((lines + 1) * sizeof *f->line);
	}
	if (!f->line)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	for (char *at = f->text; *at; at = next) {
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		f->line[f->lines++] = at;
	}
	return true;
}

void filter_end(struct filter *f)
{
	free(f->text);
	free(f->line);
	strbuf_free(&f->wrong);
}

/* ------------------------------------------------------------- arguments */

static bool add_option(struct filter *f, char letter, const char *value)
{
	if (f->options == FILTER_OPTIONS) {
		strbuf_puts(&f->wrong, _("too many options"));
		return false;
	}
	f->option[f->options].letter = letter;
	f->option[f->options++].value = value;
	return true;
}

/* "-rk3", "-k 3"; *next is the argument behind it, which may be its value. */
static bool read_options(struct filter *f, const char *text, const char *options, size_t *next, size_t count,
			 const char *const *arguments)
{
	for (const char *c = text + 1; *c; c++) {
		const char *known = *c == ':' ? NULL : strchr(options, *c), *value = "";

		if (!known) {
			strbuf_printf(&f->wrong, _("there is no option -%c"), *c);
			return false;
		}
		if (known[1] == ':') {
			value = c[1] ? c + 1 : *next < count ? arguments[(*next)++] : NULL;
			if (!value) {
				strbuf_printf(&f->wrong, _("option -%c lacks its value"), *c);
				return false;
			}
		}
		if (!add_option(f, *c, value))
			return false;
		if (known[1] == ':')
			break;
	}
	return true;
}

static bool read_operand(struct filter *f, const char *text, unsigned operands)
{
	if (f->operands == operands) {
		strbuf_printf(&f->wrong, _("\"%s\" is an argument too many"), text);
		return false;
	}
	f->operand[f->operands++] = text;
	return true;
}

bool filter_arguments(struct filter *f, size_t count, const char *const *arguments, const char *options, char number,
		      unsigned operands)
{
	bool only_operands = false;

	for (size_t i = 0; i < count;) {
		const char *text = arguments[i++];
		bool ok;

		if (!only_operands && strcmp(text, "--") == 0) {
			only_operands = true;
			continue;
		}
		if (only_operands || text[0] != '-' || !text[1])
			ok = read_operand(f, text, operands);
		else if (number && text[1] >= '0' && text[1] <= '9')
			ok = add_option(f, number, text + 1);
		else
			ok = read_options(f, text, options, &i, count, arguments);
		if (!ok)
			return false;
	}
	if (f->operands == operands)
		return true;
	strbuf_puts(&f->wrong, _("an argument is missing"));
	return false;
}

const char *filter_option(const struct filter *f, char letter)
{
	/* The last one counts. */
	for (unsigned i = f->options; i > 0; i--)
		if (f->option[i - 1].letter == letter)
			return f->option[i - 1].value;
	return NULL;
}

unsigned filter_options(const struct filter *f, char letter)
{
	unsigned count = 0;

	for (unsigned i = 0; i < f->options; i++)
		count += f->option[i].letter == letter;
	return count;
}

bool filter_number(const struct filter *f, const char *text, size_t fallback, size_t *number)
{
	size_t digits;

	*number = fallback;
	if (!text)
		return true;
	digits = strspn(text, "0123456789");
	if (!digits || digits > 9 || text[digits])
		return status_fail(f->st, STATUS_INVALID, _("\"%s\" is no number of lines"), text);
	*number = strtoul(text, NULL, 10);
	return true;
}

/* ----------------------------------------------------------------- lines */

size_t filter_lines(const struct filter *f)
{
	return f->lines;
}

const char *filter_text(const struct filter *f, size_t n)
{
	return f->line[n];
}

void filter_put(const struct filter *f, size_t n)
{
	strbuf_puts(f->out, f->line[n]);
	strbuf_putc(f->out, '\n');
}
