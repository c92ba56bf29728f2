/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool strbuf_reserve(struct strbuf *sb, size_t more)
{
	size_t need = sb->length + more + 1;
	size_t capacity = sb->capacity ? sb->capacity : 64;
	char *text;

	if (need <= sb->capacity)
		return true;
	while (capacity < need)
		capacity *= 2;
	text = realloc(sb->text, capacity);
	if (!text) {
		sb->failed = true;
		return false;
	}
	sb->text = text;
	sb->capacity = capacity;
	return true;
}

void strbuf_add(struct strbuf *sb, const char *bytes, size_t length)
{
	if (!strbuf_reserve(sb, length))
		return;
	if (length)
		memcpy(sb->text + sb->length, bytes, length);
	sb->length += length;
	sb->text[sb->length] = '\0';
}

void strbuf_puts(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void strbuf_putc(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_vprintf(struct strbuf *sb, const char *format, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, ap);
	if (n >= 0 && strbuf_reserve(sb, (size_t)n)) {
		vsnprintf(sb->text + sb->length, (size_t)n + 1, format, again);
		sb->length += (size_t)n;
	}
	va_end(again);
}

void strbuf_printf(struct strbuf *sb, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	strbuf_vprintf(sb, format, ap);
	va_end(ap);
}

void strbuf_cut(struct strbuf *sb, size_t length)
{
	sb->length = length;
	if (sb->text)
		sb->text[length] = '\0';
}

void strbuf_clear(struct strbuf *sb)
{
	sb->length = 0;
	sb->failed = false;
	if (sb->text)
		sb->text[0] = '\0';
}

void strbuf_free(struct strbuf *sb)
{
	free(sb->text);
	*sb = (struct strbuf)STRBUF_INIT;
}

const char *strbuf_str(const struct strbuf *sb)
{
	return sb->text ? sb->text : "";
}
