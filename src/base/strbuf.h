/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A string that grows.  Out of memory does not abort: the buffer keeps what it
 * has, drops what does not fit, and remembers it in `failed`.
 */
#ifndef KM_BASE_STRBUF_H
#define KM_BASE_STRBUF_H

#include "base/types.h"

#include <stdarg.h>

struct strbuf {
	char *text; /* NUL terminated once anything was added; else NULL */
	size_t length; /* bytes, without the NUL */
	size_t capacity;
	bool failed;
};

#define STRBUF_INIT               \
	{                         \
		NULL, 0, 0, false \
	}

void strbuf_add(struct strbuf *sb, const char *bytes, size_t length);
void strbuf_puts(struct strbuf *sb, const char *s);
void strbuf_putc(struct strbuf *sb, char c);
void strbuf_printf(struct strbuf *sb, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_vprintf(struct strbuf *sb, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Forgets what is behind the first `length` bytes, of which there must be so many. */
void strbuf_cut(struct strbuf *sb, size_t length);

/* Forgets the content, keeps the memory. */
void strbuf_clear(struct strbuf *sb);

/* Gives the memory back. */
void strbuf_free(struct strbuf *sb);

/* The content, "" when empty; valid until the next change. */
const char *strbuf_str(const struct strbuf *sb);

#endif
