/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/pointer.h"

#include "base/text.h"
#include "shell/bytes.h"
#include "shell/calls.h"
#include "shell/ctypes.h"
#include "shell/operators.h"

#include <string.h>

/* What a pointer points to. */
struct element {
	u32 bytes; /* of one */
	bool is_signed;
	bool is_pointer, is_struct;
};

struct value pointer_number(u64 number, u32 bytes, bool is_signed)
{
	unsigned unused = 64 - 8 * bytes;
	u64 low = number << unused >> unused;

	if (is_signed)
		return value_int((s64)(number << unused) >> unused);
	/* What only fits unsigned is meant as an address. */
	return low > INT64_MAX ? value_addr(low) : value_int((s64)low);
}

u64 pointer_extend(const struct machine *m, u64 address)
{
	return m->slab_config.word == 4 ? address & UINT32_MAX : address;
}

/* false: it points to something whose size is not known; a byte is taken then. */
static bool find_element(const struct context *cx, const struct node *n, struct element *e)
{
	struct strbuf type = STRBUF_INIT;
	const char *text;
	bool known = true;

	*e = (struct element){ .bytes = 1 };
	ctypes_of(cx->session, n, &type);
	text = strbuf_str(&type);
	if (ctypes_pointee(&type) && strcmp(text, "void") != 0) {
		known = ctypes_size(&cx->session->machine, text, &e->bytes);
		e->is_signed = ctypes_is_signed(text);
		e->is_pointer = known && text[strlen(text) - 1] == '*';
		e->is_struct = !e->is_pointer && strncmp(text, "struct ", 7) == 0;
		if (!known)
			e->bytes = 1;
	}
	strbuf_free(&type);
	return known;
}

/* The address of an item. false: the diag says why there is none. */
static bool find_address(struct context *cx, const struct node *n, const struct value *base, s64 index,
			 struct element *e, u64 *address)
{
	if (base->type == VALUE_PAGE)
		return diag_fail(cx->diag, n->start, STATUS_INVALID,
				 _("what is in a struct page is not modelled; page_address() gives its memory"));
	if (base->type != VALUE_ADDR && base->type != VALUE_INT)
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s points to nothing"), operators_type(base));
	if (!find_element(cx, n, e))
		return diag_fail(cx->diag, n->start, STATUS_INVALID,
				 _("what is in such a structure is not known; peek and poke reach its bytes"));
	*address = pointer_extend(&cx->session->machine, (u64)base->number + (u64)index * e->bytes);
	return true;
}

/* The same, where there is memory, and it holds numbers. */
static bool locate(struct context *cx, const struct node *n, const struct value *base, s64 index, bool writes,
		   struct element *e, u64 *address)
{
	struct status st = STATUS_INIT;
	size_t printed = cx->out->length;

	if (!find_address(cx, n, base, index, e, address))
		return false;
	if ((e->bytes & (e->bytes - 1)) || e->bytes > sizeof(u64) || e->is_struct)
		return diag_fail(cx->diag, n->start, STATUS_INVALID,
				 _("what is in such a structure is not known; peek and poke reach its bytes"));
	if ((writes ? bytes_find_to_write : bytes_find)(&cx->session->machine, *address, e->bytes, &st))
		return true;
	cx->diag->refused = st.code == STATUS_INVALID;
	cx->said = printed;
	cx->said_end = cx->out->length;
	return diag_status(cx->diag, n->start, &st);
}

bool pointer_is_place(const struct node *n)
{
	return n->kind == NODE_INDEX || (n->kind == NODE_UNARY && n->op == '*');
}

bool pointer_address(struct context *cx, const struct node *n, struct value *base, s64 index, struct value *v)
{
	struct element e;
	u64 address;
	bool ok = find_address(cx, n, base, index, &e, &address);

	value_free(base);
	if (ok)
		*v = value_addr(address);
	return ok;
}

bool pointer_read(struct context *cx, const struct node *n, struct value *base, s64 index, struct value *v)
{
	struct element e;
	u64 address, number = 0;
	u8 bytes[sizeof(u64)];
	bool ok = locate(cx, n, base, index, false, &e, &address);

	value_free(base);
	if (!ok)
		return false;
	bytes_read(&cx->session->machine, address, bytes, e.bytes);
	for (u32 i = e.bytes; i > 0; i--)
		number = number << 8 | bytes[i - 1];
	*v = e.is_pointer ? value_addr(number) : pointer_number(number, e.bytes, e.is_signed);
	return true;
}

bool pointer_write(struct context *cx, const struct node *n, const struct value *base, s64 index, const struct value *v)
{
	struct status st = STATUS_INIT;
	struct element e;
	u64 address, number = (u64)v->number;
	u8 bytes[sizeof(u64)];

	if (v->type == VALUE_PAGE && !value_is_null(v))
		return diag_fail(cx->diag, n->start, STATUS_INVALID,
				 _("a page cannot be written to memory: where its struct page lies is not modelled"));
	if (v->type == VALUE_STRING || v->type == VALUE_VECTOR)
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s cannot be written as a number; see poke"),
				 operators_type(v));
	if (!calls_may_change(cx, n) || !locate(cx, n, base, index, true, &e, &address))
		return false;
	if (v->type == VALUE_PAGE)
		number = 0;
	for (u32 i = 0; i < e.bytes; i++)
		bytes[i] = (u8)(number >> 8 * i);
	return bytes_write(&cx->session->machine, address, bytes, e.bytes, &st) || diag_status(cx->diag, n->start, &st);
}

/* ------------------------------------------------------------ reckoning */

/* By how many bytes adding 1 moves a pointer. */
static s64 step_of(const struct context *cx, const struct node *n)
{
	struct element e;

	find_element(cx, n, &e);
	return e.bytes;
}

static bool too_far(struct status *st)
{
	return status_fail(st, STATUS_INVALID, _("the result does not fit in 64 bits"));
}

bool pointer_reckon(struct context *cx, const struct node *n, const struct value *a, const struct value *b,
		    struct value *result, struct status *st)
{
	const struct machine *m = &cx->session->machine;
	struct value left = *a, right = *b;
	bool sum = n->op == '+' || n->op == '-';

	*result = VALUE_NOTHING;
	if (sum && a->type == VALUE_ADDR && b->type == VALUE_INT) {
		if (__builtin_mul_overflow(b->number, step_of(cx, n->a), &right.number))
			return too_far(st);
	} else if (n->op == '+' && a->type == VALUE_INT && b->type == VALUE_ADDR) {
		if (__builtin_mul_overflow(a->number, step_of(cx, n->b), &left.number))
			return too_far(st);
	}
	if (!operators_binary(n->op, &left, &right, result, st))
		return false;
	if (sum && result->type == VALUE_ADDR)
		result->number = (s64)pointer_extend(m, (u64)result->number);
	else if (sum && a->type == VALUE_ADDR && b->type == VALUE_ADDR)
		result->number /= step_of(cx, n->a);
	return true;
}
