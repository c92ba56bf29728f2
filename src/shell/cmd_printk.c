/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formats are those of the kernel's vsnprintf(), as its documentation of
 * printk formats tells them.  Addresses are printed as they are, which later
 * kernels do if they are booted with no_hash_pointers.
 */
#include "shell/cmd_printk.h"

#include "base/text.h"
#include "shell/bytes.h"
#include "shell/lexer.h"
#include "shell/operators.h"
#include "shell/pointer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes that %s reads from memory at most, where no NUL ends the text. */
#define TEXT_MOST 1024
/* Columns that a number can be made to take. */
#define WIDTH_MOST 200

/* One conversion: "%-08lx". */
struct conversion {
	char flags[8];
	int width, precision; /* -1: none */
	u32 bytes; /* of a number */
	char kind;
};

struct printer {
	const struct machine *machine;
	const struct value *next, *end; /* arguments that are left */
	struct strbuf *out;
	struct status *st;
};

static const struct value *take_argument(struct printer *p)
{
	if (p->next != p->end)
		return p->next++;
	status_fail(p->st, STATUS_INVALID, _("the format wants more arguments"));
	return NULL;
}

static u32 word_of(const struct machine *m)
{
	return m->slab_config.word ? m->slab_config.word : sizeof(u64);
}

/* --------------------------------------------------------------- reading */

static int read_number(const char **at)
{
	int number = 0;

	while (**at >= '0' && **at <= '9' && number <= WIDTH_MOST)
		number = number * 10 + (*(*at)++ - '0');
	return number > WIDTH_MOST ? WIDTH_MOST : number;
}

/* A width or a precision, which may be an argument. */
static bool read_width(struct printer *p, const char **at, int *width)
{
	const struct value *v;

	if (**at != '*') {
		*width = read_number(at);
		return true;
	}
	(*at)++;
	v = take_argument(p);
	if (!v)
		return false;
	if (v->type != VALUE_INT || v->number < 0 || v->number > WIDTH_MOST)
		return status_fail(p->st, STATUS_INVALID, _("a width is 0 to %d"), WIDTH_MOST);
	*width = (int)v->number;
	return true;
}

/* h, hh, l, ll, z, t: how many bytes the number has. */
static u32 read_length(const struct machine *m, const char **at)
{
	char c = **at;

	if (!c || !strchr("hlLqzZtj", c))
		return sizeof(u32);
	(*at)++;
	if (c == 'h' || c == 'l') {
		bool twice = **at == c;

		*at += twice;
		if (c == 'h')
			return twice ? sizeof(u8) : sizeof(u16);
		return twice ? sizeof(u64) : word_of(m);
	}
	return c == 'z' || c == 'Z' || c == 't' ? word_of(m) : sizeof(u64);
}

/* Behind the '%'. */
static bool read_conversion(struct printer *p, const char **at, struct conversion *c)
{
	size_t flags = 0;

	*c = (struct conversion){ .width = -1, .precision = -1 };
	while (**at && strchr("-+ #0", **at) && flags < sizeof c->flags - 1)
		c->flags[flags++] = *(*at)++;
	if ((**at == '*' || (**at >= '1' && **at <= '9')) && !read_width(p, at, &c->width))
		return false;
	if (**at == '.') {
		(*at)++;
		if (!read_width(p, at, &c->precision))
			return false;
	}
	c->bytes = read_length(p->machine, at);
	c->kind = **at;
	if (c->kind)
		(*at)++;
	return true;
}

/* -------------------------------------------------------------- printing */

static bool wrong(const struct printer *p, char kind, const struct value *v)
{
	return status_fail(p->st, STATUS_INVALID, _("%%%c cannot print %s"), kind, operators_type(v));
}

/* A text, padded and cut. */
static void put_text(const struct printer *p, const struct conversion *c, const char *text)
{
	int length = (int)strlen(text), pad;

	if (c->precision >= 0 && length > c->precision)
		length = c->precision;
	pad = c->width > length ? c->width - length : 0;
	if (strchr(c->flags, '-'))
		strbuf_printf(p->out, "%.*s%*s", length, text, pad, "");
	else
		strbuf_printf(p->out, "%*s%.*s", pad, "", length, text);
}

/* The digits of a number, at least `least` of them. */
static void put_digits(u64 number, char kind, int least, struct strbuf *out)
{
	char digits[32];
	int length;

	if (kind == 'x')
		length = snprintf(digits, sizeof digits, "%" PRIx64, number);
	else if (kind == 'X')
		length = snprintf(digits, sizeof digits, "%" PRIX64, number);
	else if (kind == 'o')
		length = snprintf(digits, sizeof digits, "%" PRIo64, number);
	else
		length = snprintf(digits, sizeof digits, "%" PRIu64, number);
	for (; length < least; least--)
		strbuf_putc(out, '0');
	strbuf_puts(out, digits);
}

static const char *prefix_of(const struct conversion *c, bool negative)
{
	bool is_signed = c->kind == 'd' || c->kind == 'i';

	if (is_signed)
		return negative ? "-" : strchr(c->flags, '+') ? "+" : strchr(c->flags, ' ') ? " " : "";
	if (!strchr(c->flags, '#'))
		return "";
	return c->kind == 'x' ? "0x" : c->kind == 'X' ? "0X" : c->kind == 'o' ? "0" : "";
}

static bool put_number(const struct printer *p, const struct conversion *c, const struct value *v)
{
	bool is_signed = c->kind == 'd' || c->kind == 'i';
	struct value cut = pointer_number((u64)v->number, c->bytes, is_signed);
	bool negative = is_signed && cut.number < 0;
	struct conversion whole = { .width = c->width, .precision = -1 };
	struct strbuf text = STRBUF_INIT;
	int least = c->precision;

	if (v->type != VALUE_INT && v->type != VALUE_GFP && v->type != VALUE_ADDR)
		return wrong(p, c->kind, v);
	strbuf_puts(&text, prefix_of(c, negative));
	if (least < 0 && strchr(c->flags, '0') && !strchr(c->flags, '-'))
		least = c->width - (int)text.length;
	put_digits(negative ? 0 - (u64)cut.number : (u64)cut.number, c->kind, least, &text);
	if (strchr(c->flags, '-'))
		strcpy(whole.flags, "-");
	put_text(p, &whole, strbuf_str(&text));
	strbuf_free(&text);
	return true;
}

/* A pointer has all its digits; letters behind the p, as in %px and %pS, say how to print it and are left out. */
static bool put_pointer(const struct printer *p, struct conversion *c, const char **format, const struct value *v)
{
	while (lexer_name_part(**format) && **format != '_')
		(*format)++;
	if (v->type == VALUE_PAGE && !value_is_null(v))
		return status_fail(p->st, STATUS_INVALID,
				   _("where a struct page lies is not modelled; page_to_pfn() gives its number"));
	c->kind = 'x';
	c->bytes = word_of(p->machine);
	if (c->precision < 0)
		c->precision = 2 * (int)c->bytes;
	return put_number(p, c, v->type == VALUE_PAGE ? &(struct value){ .type = VALUE_ADDR } : v);
}

/* The bytes at an address, up to a NUL. */
static bool read_text(const struct printer *p, u64 address, struct strbuf *text)
{
	char byte;

	for (u64 n = 0; n < TEXT_MOST; n++) {
		if (!bytes_find(p->machine, address + n, 1, p->st))
			return false;
		bytes_read(p->machine, address + n, &byte, 1);
		if (!byte)
			break;
		strbuf_putc(text, byte);
	}
	return true;
}

static bool put_string(const struct printer *p, const struct conversion *c, const struct value *v)
{
	struct strbuf text = STRBUF_INIT;
	bool ok = true;

	if (v->type == VALUE_STRING)
		strbuf_puts(&text, value_text(v));
	else if (value_is_null(v))
		strbuf_puts(&text, p->machine->config.gfp == GFP_2_6 ? "<NULL>" : "(null)");
	else if (v->type == VALUE_ADDR)
		ok = read_text(p, (u64)v->number, &text);
	else
		ok = wrong(p, c->kind, v);
	if (ok)
		put_text(p, c, strbuf_str(&text));
	strbuf_free(&text);
	return ok;
}

static bool put_conversion(struct printer *p, const char **format)
{
	struct conversion c;
	const struct value *v;

	if (!read_conversion(p, format, &c))
		return false;
	if (c.kind == '%') {
		strbuf_putc(p->out, '%');
		return true;
	}
	if (!c.kind || !strchr("diuxXocsp", c.kind))
		return status_fail(p->st, STATUS_INVALID, _("the kernel knows %%d %%u %%x %%o %%c %%s %%p"));
	v = take_argument(p);
	if (!v)
		return false;
	if (c.kind == 's')
		return put_string(p, &c, v);
	if (c.kind == 'p')
		return put_pointer(p, &c, format, v);
	if (c.kind != 'c')
		return put_number(p, &c, v);
	if (v->type != VALUE_INT)
		return wrong(p, c.kind, v);
	put_text(p, &c, (char[]){ (char)v->number, '\0' });
	return true;
}

/* The level in front of a line, "<6>" or "\0016", is not printed. */
static const char *skip_level(const struct machine *m, const char *format)
{
	if (m->config.gfp == GFP_2_6)
		return format[0] == '<' && format[1] >= '0' && format[1] <= '7' && format[2] == '>' ? format + 3
												    : format;
	return format[0] == '\001' && format[1] ? format + 2 : format;
}

static bool put_format(struct printer *p, const char *format)
{
	while (*format) {
		if (*format != '%') {
			strbuf_putc(p->out, *format++);
			continue;
		}
		format++;
		if (!put_conversion(p, &format))
			return false;
	}
	if (p->next != p->end)
		return status_fail(p->st, STATUS_INVALID, _("the format has no place for so many arguments"));
	return true;
}

bool cmd_printk_print(struct call *call, struct status *st)
{
	struct strbuf line = STRBUF_INIT, *out = call->context->out;
	const struct machine *m = &call->context->session->machine;
	struct printer p = { m, call->list + 1, call->list + call->count, &line, st };
	bool ok;

	if (!call->count || call->list[0].type != VALUE_STRING)
		return status_fail(st, STATUS_INVALID, _("the first argument is the format, in double quotes"));
	ok = put_format(&p, skip_level(m, value_text(&call->list[0])));
	if (ok) {
		strbuf_puts(out, strbuf_str(&line));
		/* What is printed next begins a line of its own. */
		if (!line.length || strbuf_str(&line)[line.length - 1] != '\n')
			strbuf_putc(out, '\n');
	}
	strbuf_free(&line);
	return ok;
}
