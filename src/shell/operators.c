/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/operators.h"

#include "base/text.h"
#include "shell/lexer.h"

#include <string.h>

const char *operators_type(const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return _("a number");
	case VALUE_GFP:
		return _("a gfp mask");
	case VALUE_PAGE:
		return value_is_null(v) ? _("NULL") : _("a page");
	case VALUE_ADDR:
		return value_is_null(v) ? _("NULL") : _("an address");
	case VALUE_STRING:
		return _("a string");
	case VALUE_VECTOR:
		return _("a vector");
	case VALUE_NONE:
		break;
	}
	return _("nothing");
}

bool operators_is_number(const struct value *v)
{
	return v->type == VALUE_INT || v->type == VALUE_GFP || v->type == VALUE_PAGE || v->type == VALUE_ADDR;
}

bool operators_true(const struct value *v)
{
	if (v->type == VALUE_STRING)
		return value_length(v) > 0;
	if (v->type == VALUE_VECTOR)
		return value_count(v) > 0;
	if (v->type == VALUE_PAGE)
		return !value_is_null(v);
	return v->type != VALUE_NONE && v->number != 0;
}

static bool not_for(const struct value *v, struct status *st)
{
	return status_fail(st, STATUS_INVALID, _("%s cannot be reckoned with"), operators_type(v));
}

bool operators_unary(int op, const struct value *v, struct value *result, struct status *st)
{
	if (op == '!') {
		*result = value_bool(!operators_true(v));
		return true;
	}
	if (v->type != VALUE_INT && v->type != VALUE_GFP && !(v->type == VALUE_ADDR && op == '~'))
		return not_for(v, st);
	*result = *v;
	if (op == '~') {
		/* A mask has 32 bits. */
		result->number = v->type == VALUE_GFP ? (s64)(u32)~v->number : ~v->number;
	} else if (op == '-') {
		if (v->number == INT64_MIN)
			return status_fail(st, STATUS_INVALID, _("the result does not fit in 64 bits"));
		*result = value_int(-v->number);
	}
	return true;
}

/* ------------------------------------------------------------ comparing */

static bool compare(int op, const struct value *a, const struct value *b)
{
	bool is_signed = a->type == VALUE_INT && b->type == VALUE_INT;
	u64 ua = (u64)a->number, ub = (u64)b->number;

	switch (op) {
	case '<':
		return is_signed ? a->number < b->number : ua < ub;
	case '>':
		return is_signed ? a->number > b->number : ua > ub;
	case TOKEN_LESS_EQUAL:
		return is_signed ? a->number <= b->number : ua <= ub;
	default:
		return is_signed ? a->number >= b->number : ua >= ub;
	}
}

/* 0 is NULL when it meets a pointer, as in C. */
static bool equal(const struct value *a, const struct value *b)
{
	if (a->type == VALUE_INT && a->number == 0 && (b->type == VALUE_PAGE || b->type == VALUE_ADDR))
		return value_is_null(b);
	if (b->type == VALUE_INT && b->number == 0 && (a->type == VALUE_PAGE || a->type == VALUE_ADDR))
		return value_is_null(a);
	return value_equal(a, b);
}

/* ------------------------------------------------------------ reckoning */

static bool overflow(struct status *st)
{
	return status_fail(st, STATUS_INVALID, _("the result does not fit in 64 bits"));
}

static bool reckon_signed(int op, s64 a, s64 b, s64 *result, struct status *st)
{
	switch (op) {
	case '+':
		return !__builtin_add_overflow(a, b, result) || overflow(st);
	case '-':
		return !__builtin_sub_overflow(a, b, result) || overflow(st);
	case '*':
		return !__builtin_mul_overflow(a, b, result) || overflow(st);
	case '/':
		if (a == INT64_MIN && b == -1)
			return overflow(st);
		*result = a / b;
		return true;
	default:
		*result = b == -1 ? 0 : a % b;
		return true;
	}
}

static u64 reckon_unsigned(int op, u64 a, u64 b)
{
	switch (op) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	case '/':
		return a / b;
	default:
		return a % b;
	}
}

static u64 reckon_bits(int op, u64 a, u64 b)
{
	switch (op) {
	case '&':
		return a & b;
	case '|':
		return a | b;
	default:
		return a ^ b;
	}
}

static bool is_pointer(const struct value *v)
{
	return v->type == VALUE_PAGE || v->type == VALUE_ADDR;
}

/* The type of a result: what two values are together. */
static enum value_type type_of(int op, const struct value *a, const struct value *b)
{
	if (op == '-' && is_pointer(a) && is_pointer(b))
		return VALUE_INT;
	if (a->type != VALUE_INT)
		return a->type;
	return b->type;
}

static bool check_operands(int op, const struct value *a, const struct value *b, struct status *st)
{
	bool pointers = is_pointer(a) || is_pointer(b);

	if (!operators_is_number(a))
		return not_for(a, st);
	if (!operators_is_number(b))
		return not_for(b, st);
	if ((a->type == VALUE_PAGE && value_is_null(a)) || (b->type == VALUE_PAGE && value_is_null(b)))
		return status_fail(st, STATUS_INVALID, _("NULL cannot be reckoned with"));
	if (is_pointer(a) && is_pointer(b) && (op != '-' || a->type != b->type))
		return status_fail(st, STATUS_INVALID, _("%s and %s cannot be reckoned with together"),
				   operators_type(a), operators_type(b));
	if (pointers && (a->type == VALUE_PAGE || b->type == VALUE_PAGE) && op != '+' && op != '-')
		return status_fail(st, STATUS_INVALID,
				   _("to a page one can only add and subtract; page_to_pfn() makes it a number"));
	if ((op == '/' || op == '%') && b->number == 0)
		return status_fail(st, STATUS_INVALID, _("division by zero"));
	if ((op == TOKEN_SHIFT_LEFT || op == TOKEN_SHIFT_RIGHT) && (b->number < 0 || b->number > 63))
		return status_fail(st, STATUS_INVALID, _("a shift must be by 0 to 63 bits"));
	return true;
}

static bool shift(int op, const struct value *a, s64 by, struct value *result, struct status *st)
{
	u64 shifted;

	*result = *a;
	if (op == TOKEN_SHIFT_RIGHT) {
		result->number = a->type == VALUE_INT ? a->number >> by : (s64)((u64)a->number >> by);
		return true;
	}
	shifted = (u64)a->number << by;
	if (a->type == VALUE_INT && ((s64)shifted >> by) != a->number)
		return overflow(st);
	result->number = (s64)shifted;
	return true;
}

/* A page number that is none any more, a mask of more than 32 bits. */
static bool check_result(const struct value *v, struct status *st)
{
	if (v->type == VALUE_PAGE && (u64)v->number >= PFN_NONE)
		return status_fail(st, STATUS_INVALID, _("there is no such page frame"));
	if (v->type == VALUE_GFP && (u64)v->number > UINT32_MAX)
		return status_fail(st, STATUS_INVALID, _("a gfp mask has 32 bits"));
	return true;
}

static bool reckon(int op, const struct value *a, const struct value *b, struct value *result, struct status *st)
{
	enum value_type type = type_of(op, a, b);
	s64 number = 0;

	if (!check_operands(op, a, b, st))
		return false;
	if (op == TOKEN_SHIFT_LEFT || op == TOKEN_SHIFT_RIGHT)
		return shift(op, a, b->number, result, st) && check_result(result, st);
	if (op == '&' || op == '|' || op == '^')
		number = (s64)reckon_bits(op, (u64)a->number, (u64)b->number);
	else if (a->type != VALUE_INT || b->type != VALUE_INT)
		number = (s64)reckon_unsigned(op, (u64)a->number, (u64)b->number);
	else if (!reckon_signed(op, a->number, b->number, &number, st))
		return false;
	*result = (struct value){ .type = type, .number = number };
	return check_result(result, st);
}

static bool join_strings(const struct value *a, const struct value *b, struct value *result, struct status *st)
{
	struct strbuf joined = STRBUF_INIT;

	if (value_length(a) + value_length(b) > VALUE_STRING_MAX)
		return status_fail(st, STATUS_INVALID, _("a string can be joined to %zu bytes at most"),
				   VALUE_STRING_MAX);
	strbuf_add(&joined, value_text(a), value_length(a));
	strbuf_add(&joined, value_text(b), value_length(b));
	*result = joined.failed ? VALUE_NOTHING : value_string(strbuf_str(&joined), joined.length);
	strbuf_free(&joined);
	return result->type == VALUE_STRING || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

bool operators_binary(int op, const struct value *a, const struct value *b, struct value *result, struct status *st)
{
	switch (op) {
	case TOKEN_EQUAL:
		*result = value_bool(equal(a, b));
		return true;
	case TOKEN_NOT_EQUAL:
		*result = value_bool(!equal(a, b));
		return true;
	case '<':
	case '>':
	case TOKEN_LESS_EQUAL:
	case TOKEN_GREATER_EQUAL:
		if (!operators_is_number(a))
			return not_for(a, st);
		if (!operators_is_number(b))
			return not_for(b, st);
		*result = value_bool(compare(op, a, b));
		return true;
	default:
		break;
	}
	if (op == '+' && a->type == VALUE_STRING && b->type == VALUE_STRING)
		return join_strings(a, b, result, st);
	return reckon(op, a, b, result, st);
}
