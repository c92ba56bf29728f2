/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/diag.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Columns of a line that are shown, and how many of them in front of the place if the line is longer. */
#define SHOWN 74
#define SHOWN_BEFORE 50

bool diag_fail(struct diag *d, size_t offset, enum status_code code, const char *format, ...)
{
	va_list ap;

	d->offset = offset;
	d->status.code = code;
	va_start(ap, format);
	vsnprintf(d->status.message, sizeof d->status.message, format, ap);
	va_end(ap);
	return false;
}

bool diag_add(struct diag *d, const char *format, ...)
{
	size_t used = strlen(d->status.message);
	va_list ap;

	va_start(ap, format);
	vsnprintf(d->status.message + used, sizeof d->status.message - used, format, ap);
	va_end(ap);
	return false;
}

bool diag_status(struct diag *d, size_t offset, const struct status *st)
{
	d->offset = offset;
	d->status = *st;
	return false;
}

bool diag_no_memory(struct diag *d, size_t offset)
{
	return diag_fail(d, offset, STATUS_NO_MEMORY, _("out of memory"));
}

bool diag_suggest(struct diag *d, const struct nearest *near)
{
	return near->best ? diag_add(d, _("; did you mean %s?"), near->best) : false;
}

/* The character at `s`, of *length bytes; bytes that are not UTF-8 are characters of their own, shown as '?'. */
static u32 read_character(const char *s, const char *end, size_t *length)
{
	u32 c = utf8_decode(s, end, length);

	return c == UTF8_BAD ? '?' : c;
}

static unsigned columns_of(u32 c)
{
	int columns = utf8_columns(c);

	return columns < 0 ? 1 : (unsigned)columns;
}

static unsigned columns_between(const char *s, const char *end)
{
	unsigned columns = 0;
	size_t length;

	for (; s < end; s += length)
		columns += columns_of(read_character(s, end, &length));
	return columns;
}

/* The line around an offset: where it starts and ends. */
static void line_around(const struct source *src, size_t offset, const char **start, const char **end)
{
	const char *at = src->text + (offset < src->length ? offset : src->length);

	*start = at;
	while (*start > src->text && (*start)[-1] != '\n')
		(*start)--;
	*end = memchr(at, '\n', (size_t)(src->text + src->length - at));
	if (!*end)
		*end = src->text + src->length;
}

void diag_place(const struct source *src, size_t offset, unsigned *line, unsigned *column)
{
	const char *start, *end;

	if (offset > src->length)
		offset = src->length;
	*line = src->line ? src->line : 1;
	for (size_t i = 0; i < offset; i++)
		if (src->text[i] == '\n')
			(*line)++;
	line_around(src, offset, &start, &end);
	*column = columns_between(start, src->text + offset) + 1;
}

/* Of a long line, the part around `at`. Starts and ends on a character. */
static void cut_line(const char **start, const char **end, const char *at)
{
	const char *from = *start, *to = at;
	size_t length;
	unsigned columns = columns_between(from, at);

	if (columns_between(from, *end) <= SHOWN)
		return;
	for (; columns > SHOWN_BEFORE; from += length)
		columns -= columns_of(read_character(from, at, &length));
	for (columns = 0; to < *end && columns < SHOWN - SHOWN_BEFORE; to += length)
		columns += columns_of(read_character(to, *end, &length));
	*start = from;
	*end = to;
}

/* What could upset a terminal is shown as blanks and question marks. */
static void put_line(const char *s, const char *end, struct strbuf *out)
{
	size_t length;

	for (; s < end; s += length) {
		u32 c = read_character(s, end, &length);

		if (c == '\t')
			strbuf_putc(out, ' ');
		else if (c < ' ' || (c >= 0x7f && c < 0xa0))
			strbuf_putc(out, '?');
		else if (length == 1)
			strbuf_putc(out, (char)c); /* perhaps the ? of a byte that is no character */
		else
			strbuf_add(out, s, length);
	}
}

void diag_headline(const struct diag *d, const struct source *src, struct strbuf *out)
{
	unsigned line, column;

	diag_place(src, d->offset, &line, &column);
	if (src->file)
		strbuf_printf(out, "%s:%u:%u: %s\n", src->file, line, column, d->status.message);
	else if (line > 1)
		strbuf_printf(out, _("line %u, column %u: %s\n"), line, column, d->status.message);
	else
		strbuf_printf(out, _("column %u: %s\n"), column, d->status.message);
}

void diag_show(const struct diag *d, const struct source *src, struct strbuf *out)
{
	size_t offset = d->offset < src->length ? d->offset : src->length;
	const char *at = src->text + offset, *start, *end;

	diag_headline(d, src, out);
	line_around(src, offset, &start, &end);
	if (start == end)
		return;
	cut_line(&start, &end, at);
	strbuf_puts(out, "    ");
	put_line(start, end, out);
	strbuf_printf(out, "\n%*s^\n", (int)(4 + columns_between(start, at)), "");
}
