/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/lexer.h"

#include "base/text.h"
#include "base/units.h"

#include <string.h>

/* Digits behind the point of a size; with the largest suffix they fit in 64 bits. */
#define FRACTION_DIGITS 6

static char peek(const struct lexer *lx, size_t ahead)
{
	return ahead < lx->length - lx->at ? lx->text[lx->at + ahead] : '\0';
}

static bool at_end(const struct lexer *lx)
{
	return lx->at >= lx->length;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of a digit of any base; 99: none. */
static unsigned digit_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 99;
}

bool lexer_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool lexer_name_part(char c)
{
	return lexer_name_start(c) || is_digit(c);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static void skip_line(struct lexer *lx)
{
	while (!at_end(lx) && peek(lx, 0) != '\n')
		lx->at++;
}

/* One more line, where the text ends too early. */
static bool lengthen(struct lexer *lx)
{
	if (!lx->source || !lx->source->more || !lx->source->more(lx->source))
		return false;
	lx->text = lx->source->text;
	lx->length = lx->source->length;
	return true;
}

static bool skip_comment(struct lexer *lx)
{
	size_t start = lx->at;

	for (lx->at += 2; !at_end(lx) || lengthen(lx); lx->at++) {
		if (peek(lx, 0) == '*' && peek(lx, 1) == '/') {
			lx->at += 2;
			return true;
		}
	}
	lx->diag->more = true;
	return diag_fail(lx->diag, start, STATUS_SYNTAX, _("this comment is not closed"));
}

/* Blanks, comments and joined lines; newlines too where they mean nothing. */
static bool skip_blanks(struct lexer *lx)
{
	for (;;) {
		char c = peek(lx, 0);

		if (at_end(lx)) {
			if ((!lx->nesting && !lx->open) || !lengthen(lx))
				return true;
		} else if (is_blank(c) || (c == '\n' && lx->nesting)) {
			lx->at++;
		} else if (c == '#' || (c == '/' && peek(lx, 1) == '/')) {
			skip_line(lx);
		} else if (c == '/' && peek(lx, 1) == '*') {
			if (!skip_comment(lx))
				return false;
		} else if (c == '\\' && peek(lx, 1) == '\n') {
			lx->at += 2;
		} else {
			return true;
		}
	}
}

/* ------------------------------------------------------------- numbers */

static bool number_too_big(struct lexer *lx, const struct token *t)
{
	return diag_fail(lx->diag, t->start, STATUS_SYNTAX, _("the number does not fit in 64 bits"));
}

static bool read_digits(struct lexer *lx, struct token *t, unsigned base)
{
	unsigned digit;

	t->number = 0;
	while ((digit = digit_value(peek(lx, 0))) < base) {
		if (__builtin_mul_overflow(t->number, base, &t->number) ||
		    __builtin_add_overflow(t->number, digit, &t->number))
			return number_too_big(lx, t);
		lx->at++;
	}
	return true;
}

/* K M G T, with or without B or iB behind it: its multiplier; 1 if there is none. */
static u64 read_suffix(struct lexer *lx)
{
	u64 unit = units_suffix(peek(lx, 0));

	if (!unit)
		return 1;
	lx->at++;
	if (peek(lx, 0) == 'i' && peek(lx, 1) == 'B')
		lx->at += 2;
	else if (peek(lx, 0) == 'B')
		lx->at++;
	return unit;
}

/* The digits behind a point, as a part of `unit`, rounded up. */
static bool read_fraction(struct lexer *lx, const struct token *t, u64 *fraction, u64 *scale)
{
	*fraction = 0;
	for (*scale = 1; is_digit(peek(lx, 0)); lx->at++) {
		*fraction = *fraction * 10 + (u64)(peek(lx, 0) - '0');
		*scale *= 10;
		if (*scale > 1000000)
			return diag_fail(lx->diag, t->start, STATUS_SYNTAX,
					 _("a size can have %d digits behind the point at most"), FRACTION_DIGITS);
	}
	return true;
}

static bool read_decimal(struct lexer *lx, struct token *t)
{
	u64 fraction = 0, scale = 1, unit;
	bool point;

	if (!read_digits(lx, t, 10))
		return false;
	point = peek(lx, 0) == '.' && is_digit(peek(lx, 1));
	if (point) {
		lx->at++;
		if (!read_fraction(lx, t, &fraction, &scale))
			return false;
	}
	unit = read_suffix(lx);
	if (point && unit == 1)
		return diag_fail(lx->diag, t->start, STATUS_SYNTAX,
				 _("only a size can have a point, as in 3.6K; other numbers are whole"));
	if (__builtin_mul_overflow(t->number, unit, &t->number) ||
	    __builtin_add_overflow(t->number, (fraction * unit + scale - 1) / scale, &t->number))
		return number_too_big(lx, t);
	return true;
}

static bool read_number(struct lexer *lx, struct token *t)
{
	bool ok, leading_zero = peek(lx, 0) == '0';

	t->kind = TOKEN_NUMBER;
	if (leading_zero && (peek(lx, 1) == 'x' || peek(lx, 1) == 'X') && digit_value(peek(lx, 2)) < 16) {
		lx->at += 2;
		ok = read_digits(lx, t, 16);
	} else if (leading_zero && is_digit(peek(lx, 1))) {
		ok = read_digits(lx, t, 8);
	} else {
		ok = read_decimal(lx, t);
	}
	if (!ok)
		return false;
	while (peek(lx, 0) && strchr("uUlL", peek(lx, 0)))
		lx->at++;
	if (lexer_name_part(peek(lx, 0)))
		return diag_fail(lx->diag, t->start, STATUS_SYNTAX,
				 _("this is no number: there are 42, 0x2a, 052 and sizes such as 128K or 3.6M"));
	return true;
}

/* ------------------------------------------------------------- strings */

/* Reads behind a backslash at text[*at]; *at moves behind the escape. */
static char read_escape(const char *text, size_t end, size_t *at)
{
	char c = text[(*at)++];
	unsigned value = 0;

	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case 'x':
		while (*at < end && digit_value(text[*at]) < 16)
			value = value << 4 | digit_value(text[(*at)++]);
		return (char)value;
	default:
		break;
	}
	if (c < '0' || c > '7')
		return c;
	value = (unsigned)(c - '0');
	for (int i = 0; i < 2 && *at < end && digit_value(text[*at]) < 8; i++)
		value = value << 3 | digit_value(text[(*at)++]);
	return (char)value;
}

size_t lexer_unquote(const struct lexer *lx, const struct token *t, char *out)
{
	size_t length = 0, end = t->end - 1;

	for (size_t at = t->start + 1; at < end;) {
		if (lx->text[at] == '\\' && at + 1 < end) {
			at++;
			out[length++] = read_escape(lx->text, end, &at);
		} else {
			out[length++] = lx->text[at++];
		}
	}
	return length;
}

static bool read_quoted(struct lexer *lx, struct token *t, char quote)
{
	for (lx->at++; at_end(lx) || peek(lx, 0) != quote; lx->at++) {
		if (at_end(lx) && !lengthen(lx)) {
			lx->diag->more = true;
			return diag_fail(lx->diag, t->start, STATUS_SYNTAX, _("this quote is not closed"));
		}
		if (peek(lx, 0) == '\\' && lx->at + 1 < lx->length)
			lx->at++;
	}
	lx->at++;
	t->kind = TOKEN_STRING;
	return true;
}

/* 'a' is a number, as in C. */
static bool read_character(struct lexer *lx, struct token *t)
{
	char byte[8];

	if (!read_quoted(lx, t, '\''))
		return false;
	t->end = lx->at;
	if (t->end - t->start > sizeof byte || lexer_unquote(lx, t, byte) != 1)
		return diag_fail(lx->diag, t->start, STATUS_SYNTAX,
				 _("single quotes hold one character; strings stand in double quotes"));
	t->kind = TOKEN_NUMBER;
	t->number = (unsigned char)byte[0];
	return true;
}

/* ----------------------------------------------------------- operators */

/* `+=` and the like: the operator, and how many characters it has; 0: none is here. */
static int compound(const struct lexer *lx, size_t *length)
{
	char c = peek(lx, 0);

	if (c && strchr("+-*/%&|^", c) && peek(lx, 1) == '=') {
		*length = 2;
		return c;
	}
	if ((c == '<' || c == '>') && peek(lx, 1) == c && peek(lx, 2) == '=') {
		*length = 3;
		return c == '<' ? TOKEN_SHIFT_LEFT : TOKEN_SHIFT_RIGHT;
	}
	return 0;
}

static bool read_operator(struct lexer *lx, struct token *t)
{
	static const struct {
		char text[3];
		int kind;
	} two[] = {
		{ "<<", TOKEN_SHIFT_LEFT },    { ">>", TOKEN_SHIFT_RIGHT }, { "<=", TOKEN_LESS_EQUAL },
		{ ">=", TOKEN_GREATER_EQUAL }, { "==", TOKEN_EQUAL },       { "!=", TOKEN_NOT_EQUAL },
		{ "&&", TOKEN_AND },           { "||", TOKEN_OR },          { "->", TOKEN_ARROW },
		{ "++", TOKEN_INCREMENT },     { "--", TOKEN_DECREMENT },
	};
	char c = peek(lx, 0);
	size_t length;
	int op = compound(lx, &length);

	if (op) {
		lx->at += length;
		t->kind = TOKEN_COMPOUND;
		t->number = (u64)op;
		return true;
	}

	for (size_t i = 0; i < ARRAY_SIZE(two); i++) {
		if (two[i].text[0] == c && two[i].text[1] == peek(lx, 1)) {
			lx->at += 2;
			t->kind = two[i].kind;
			return true;
		}
	}
	if (!c || !strchr("+-*/%&|^~!<>=?:;,.()[]{}", c))
		return diag_fail(lx->diag, t->start, STATUS_SYNTAX, _("this character means nothing here"));
	lx->at++;
	t->kind = c;
	return true;
}

static bool at_blank(const struct lexer *lx)
{
	return at_end(lx) || is_blank(peek(lx, 0)) || peek(lx, 0) == '\n';
}

static bool read_token(struct lexer *lx, struct token *t)
{
	char c = peek(lx, 0);

	if (at_end(lx)) {
		t->kind = TOKEN_END;
		return true;
	}
	if (c == '\n') {
		lx->at++;
		t->kind = TOKEN_NEWLINE;
		return true;
	}
	if (lexer_name_start(c)) {
		while (lexer_name_part(peek(lx, 0)))
			lx->at++;
		t->kind = TOKEN_NAME;
		return true;
	}
	if (is_digit(c))
		return read_number(lx, t);
	if (c == '"')
		return read_quoted(lx, t, '"');
	if (c == '\'')
		return read_character(lx, t);
	return read_operator(lx, t);
}

bool lexer_next(struct lexer *lx, struct token *t)
{
	size_t before = lx->at;

	*t = (struct token){ .kind = TOKEN_END };
	if (!skip_blanks(lx))
		return false;
	t->start = t->end = lx->at;
	t->space_before = lx->at != before;
	if (!read_token(lx, t))
		return false;
	t->end = lx->at;
	t->space_behind = at_blank(lx);
	return true;
}

bool lexer_look(struct lexer *lx, struct token *t)
{
	struct diag ignored = { 0 }, *diag = lx->diag;
	size_t at = lx->at;
	bool ok;

	lx->diag = &ignored;
	ok = lexer_next(lx, t);
	lx->diag = diag;
	lx->at = at;
	return ok;
}

/* --------------------------------------------------- words of commands */

static bool ends_words(const struct lexer *lx)
{
	char c = peek(lx, 0);

	return at_end(lx) || c == '\n' || c == ';' || c == '#' ||
	       (c == '}' &&
		(lx->length - lx->at == 1 || is_blank(peek(lx, 1)) || peek(lx, 1) == '\n' || peek(lx, 1) == ';')) ||
	       (c == '/' && (peek(lx, 1) == '/' || peek(lx, 1) == '*'));
}

size_t lexer_quoted(const char *text, size_t length)
{
	if (*text != '"' && *text != '\'')
		return 1;
	for (size_t n = 1; n < length && text[n] != '\n'; n++)
		if (text[n] == *text)
			return n + 1;
	return 1;
}

bool lexer_word(struct lexer *lx, struct token *t)
{
	while (!at_end(lx) && is_blank(peek(lx, 0)))
		lx->at++;
	*t = (struct token){ .kind = TOKEN_WORD, .start = lx->at, .end = lx->at };
	if (ends_words(lx) || peek(lx, 0) == '|')
		return lexer_next(lx, t);
	if (peek(lx, 0) == '"' || peek(lx, 0) == '\'') {
		if (!read_quoted(lx, t, peek(lx, 0)))
			return false;
	} else if (peek(lx, 0) == '>') {
		lx->at++;
	} else {
		while (!at_blank(lx) && !strchr(";>|", peek(lx, 0)))
			lx->at += lexer_quoted(lx->text + lx->at, lx->length - lx->at);
	}
	t->end = lx->at;
	return true;
}

/* Is what stands here, up to the end of the statement, one string on one line? */
static bool is_one_string(struct lexer *lx)
{
	size_t start = lx->at;
	bool one;

	if (peek(lx, 0) != '"')
		return false;
	for (lx->at++; !at_end(lx) && peek(lx, 0) != '"' && peek(lx, 0) != '\n'; lx->at++)
		if (peek(lx, 0) == '\\' && peek(lx, 1) != '\n' && lx->at + 1 < lx->length)
			lx->at++;
	one = peek(lx, 0) == '"';
	lx->at += one;
	while (!at_end(lx) && is_blank(peek(lx, 0)))
		lx->at++;
	one = one && (ends_words(lx) || peek(lx, 0) == '}');
	lx->at = start;
	return one;
}

bool lexer_text(struct lexer *lx, struct token *t)
{
	while (!at_end(lx) && is_blank(peek(lx, 0)))
		lx->at++;
	*t = (struct token){ .kind = TOKEN_WORD, .start = lx->at };
	if (at_end(lx) || peek(lx, 0) == '\n')
		return lexer_next(lx, t);
	if (is_one_string(lx)) {
		if (!read_quoted(lx, t, '"'))
			return false;
		t->end = lx->at;
		return true;
	}
	skip_line(lx);
	for (t->end = lx->at; is_blank(lx->text[t->end - 1]);)
		t->end--;
	return true;
}
