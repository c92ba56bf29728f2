/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/eval.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "shell/absent.h"
#include "shell/assign.h"
#include "shell/calls.h"
#include "shell/commands.h"
#include "shell/constants.h"
#include "shell/ctypes.h"
#include "shell/lexer.h"
#include "shell/operators.h"
#include "shell/pointer.h"
#include "shell/queries.h"

#include <inttypes.h>
#include <string.h>

/* ---------------------------------------------------------------- names */

/* A GFP flag of another kernel. */
static bool foreign_flag(struct context *cx, const struct node *n, const struct gfp_elsewhere *e)
{
	const struct machine *m = &cx->session->machine;
	const char *kernel = *m->desc.kernel ? m->desc.kernel : m->desc.name;

	if (e->instead)
		return diag_fail(cx->diag, n->start, STATUS_INVALID,
				 _("the kernel of this machine (%s) has no %s, %s has it: %s; the nearest here is %s"),
				 kernel, n->name, e->kernels, _(e->why), e->instead);
	return diag_fail(cx->diag, n->start, STATUS_INVALID,
			 _("the kernel of this machine (%s) has no %s, %s has it: %s"), kernel, n->name, e->kernels,
			 _(e->why));
}

static bool unknown_name(struct context *cx, const struct node *n)
{
	const struct machine *m = &cx->session->machine;
	struct nearest near = NEAREST_INIT(n->name);
	const char *name;
	size_t count;
	const struct command_info *commands = commands_table(&count);
	const struct gfp_elsewhere *elsewhere = gfp_elsewhere(m->config.gfp, n->name);
	const char *reason = absent_reason(n->name);

	if (vars_type(&cx->session->vars, n->name))
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s has no value yet"), n->name);
	if (elsewhere)
		return foreign_flag(cx, n, elsewhere);
	if (reason)
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("kmemlab has no %s: %s"), n->name, reason);
	for (size_t i = 0; (name = vars_name(&cx->session->vars, i)); i++)
		nearest_try(&near, name);
	for (size_t i = 0; (name = constants_name(m, i)); i++)
		nearest_try(&near, name);
	for (size_t i = 0; i < count; i++)
		nearest_try(&near, commands[i].name);
	if (constants_reserved(n->name))
		diag_fail(cx->diag, n->start, STATUS_INVALID, _("this machine has no %s"), n->name);
	else
		diag_fail(cx->diag, n->start, STATUS_INVALID, _("nothing is called \"%s\""), n->name);
	return diag_suggest(cx->diag, &near);
}

/* ---------------------------------------------------------------- paths */

/* The name at the beginning of a path of members and indexes; NULL: it begins with something else. */
static const struct node *path_base(const struct node *n)
{
	while (n->kind == NODE_MEMBER || n->kind == NODE_INDEX)
		n = n->a;
	return n->kind == NODE_NAME ? n : NULL;
}

struct path {
	const struct node *node[QUERIES_STEPS + 1];
	struct query_step step[QUERIES_STEPS];
	size_t count;
};

/* Writes down a path's steps, evaluating the indexes. */
static bool path_steps(struct context *cx, const struct node *n, struct path *path)
{
	struct query_step *step;

	if (n->kind != NODE_NAME && !path_steps(cx, n->a, path))
		return false;
	if (path->count == QUERIES_STEPS)
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("nothing has so many members"));
	step = &path->step[path->count];
	*step = (struct query_step){ n->name, VALUE_NOTHING, n->start };
	if (n->kind == NODE_MEMBER)
		step->start = n->label_start;
	if (n->kind == NODE_INDEX) {
		if (!eval_expr(cx, n->b, &step->index))
			return false;
		step->start = n->b->start;
	}
	path->node[path->count++] = n;
	return true;
}

static bool take_item(struct context *cx, const struct node *n, const struct value *vector, const struct value *index,
		      struct value *v);

static bool eval_query(struct context *cx, const struct node *n, struct value *v)
{
	struct path path = { .count = 0 };
	size_t used = 0;
	bool ok = path_steps(cx, n, &path) && queries_get(cx->session, path.step, path.count, &used, v, cx->diag);

	/* What the query did not take are indexes into its answer. */
	for (; ok && used < path.count; used++) {
		struct value vector = *v;

		ok = take_item(cx, path.node[used], &vector, &path.step[used].index, v);
		value_free(&vector);
	}
	for (size_t i = 0; i < path.count; i++)
		value_free(&path.step[i].index);
	return ok;
}

/* `p.order`: what frame[p].order is. */
static bool eval_member(struct context *cx, const struct node *n, struct value *v)
{
	struct query_step step[3] = { { "frame", VALUE_NOTHING, n->start },
				      { NULL, VALUE_NOTHING, n->start },
				      { n->name, VALUE_NOTHING, n->label_start } };
	struct value of;
	size_t used;

	if (!eval_expr(cx, n->a, &of))
		return false;
	if (of.type == VALUE_ADDR && !value_is_null(&of))
		of = value_page(page_of_address(&cx->session->machine.phys, (u64)of.number));
	if (of.type != VALUE_PAGE || value_is_null(&of)) {
		diag_fail(cx->diag, n->label_start, STATUS_INVALID, _("%s has no members"), operators_type(&of));
		value_free(&of);
		return false;
	}
	step[1].index = of;
	return queries_get(cx->session, step, ARRAY_SIZE(step), &used, v, cx->diag);
}

/* -------------------------------------------------------------- vectors */

static bool need_vector(struct context *cx, const struct node *n, const struct value *v)
{
	return v->type == VALUE_VECTOR ||
	       diag_fail(cx->diag, n->start, STATUS_INVALID, _("only a vector has items, not %s"), operators_type(v));
}

static bool take_item(struct context *cx, const struct node *n, const struct value *vector, const struct value *index,
		      struct value *v)
{
	s64 count = (s64)value_count(vector), i = index->number;

	*v = VALUE_NOTHING;
	if (!need_vector(cx, n->a, vector))
		return false;
	if (index->type != VALUE_INT)
		return diag_fail(cx->diag, n->b->start, STATUS_INVALID, _("an index is a number, not %s"),
				 operators_type(index));
	if (i < -count || i >= count) {
		if (!count)
			return diag_fail(cx->diag, n->b->start, STATUS_INVALID, _("the vector is empty"));
		return diag_fail(cx->diag, n->b->start, STATUS_INVALID,
				 _("there is no item %" PRId64 ": the vector has 0 to %" PRId64 ", or -1 to -%" PRId64),
				 i, count - 1, count);
	}
	*v = value_copy(value_at(vector, (size_t)(i < 0 ? i + count : i)));
	return true;
}

static bool eval_index(struct context *cx, const struct node *n, struct value *v)
{
	struct value vector, index;
	bool ok;

	if (!eval_expr(cx, n->a, &vector))
		return false;
	if (!eval_expr(cx, n->b, &index)) {
		value_free(&vector);
		return false;
	}
	if (vector.type == VALUE_ADDR && index.type == VALUE_INT)
		return pointer_read(cx, n->a, &vector, index.number, v);
	ok = take_item(cx, n, &vector, &index, v);
	value_free(&vector);
	value_free(&index);
	return ok;
}

/* A bound of a slice, brought into the vector: from the end if negative, cut off if outside. */
static bool slice_bound(struct context *cx, const struct node *n, s64 fallback, s64 least, s64 most, s64 *bound)
{
	*bound = fallback;
	if (!n)
		return true;
	if (!eval_number(cx, n, _("a bound"), INT32_MIN, INT32_MAX, bound))
		return false;
	if (*bound < 0)
		*bound += most + (least < 0 ? 1 : 0);
	*bound = *bound < least ? least : *bound > most ? most : *bound;
	return true;
}

/* As in Python: start and stop as the step's direction has them. */
static bool slice_vector(struct context *cx, const struct node *n, const struct value *vector, struct value *v)
{
	s64 count = (s64)value_count(vector), start, stop, step = 1;

	if (n->d && !eval_number(cx, n->d, _("the step of a slice"), INT32_MIN, INT32_MAX, &step))
		return false;
	if (!step)
		return diag_fail(cx->diag, n->d->start, STATUS_INVALID, _("the step of a slice cannot be 0"));
	if (step > 0) {
		if (!slice_bound(cx, n->b, 0, 0, count, &start) || !slice_bound(cx, n->c, count, 0, count, &stop))
			return false;
	} else if (!slice_bound(cx, n->b, count - 1, -1, count - 1, &start) ||
		   !slice_bound(cx, n->c, -1, -1, count - 1, &stop)) {
		return false;
	}
	*v = value_vector();
	for (s64 i = start; step > 0 ? i < stop : i > stop; i += step) {
		if (!value_append(v, value_copy(value_at(vector, (size_t)i)))) {
			value_free(v);
			return diag_no_memory(cx->diag, n->start);
		}
	}
	return v->type == VALUE_VECTOR || diag_no_memory(cx->diag, n->start);
}

static bool eval_slice(struct context *cx, const struct node *n, struct value *v)
{
	struct value vector;
	bool ok;

	if (!eval_expr(cx, n->a, &vector))
		return false;
	ok = need_vector(cx, n->a, &vector) && slice_vector(cx, n, &vector, v);
	value_free(&vector);
	return ok;
}

static bool add_item(struct context *cx, const struct node *item, struct value *vector)
{
	struct value one;

	if (item->label)
		return diag_fail(cx->diag, item->label_start, STATUS_SYNTAX, _("items have no names"));
	return eval_expr(cx, item, &one) && (value_append(vector, one) || diag_no_memory(cx->diag, item->start));
}

static bool eval_vector(struct context *cx, const struct node *n, struct value *v)
{
	struct moves_held held;
	bool ok;

	*v = value_vector();
	ok = v->type == VALUE_VECTOR || diag_no_memory(cx->diag, n->start);
	moves_hold(&cx->session->moves, &held, v);
	for (const struct node *item = n->first; ok && item; item = item->next)
		ok = add_item(cx, item, v);
	moves_release(&cx->session->moves, &held);
	if (!ok)
		value_free(v);
	return ok;
}

/* ------------------------------------------------------------ operators */

static bool eval_unary(struct context *cx, const struct node *n, struct value *v)
{
	struct status st = STATUS_INIT;
	struct value of;
	bool ok;

	if (!eval_expr(cx, n->a, &of))
		return false;
	if (n->op == '*')
		return pointer_read(cx, n->a, &of, 0, v);
	ok = operators_unary(n->op, &of, v, &st);
	value_free(&of);
	return ok || diag_status(cx->diag, n->start, &st);
}

bool eval_truth(struct context *cx, const struct node *n, bool *truth)
{
	struct value v;

	if (!eval_expr(cx, n, &v))
		return false;
	*truth = operators_true(&v);
	value_free(&v);
	return true;
}

/* && and || stop at the first that decides. */
static bool eval_logical(struct context *cx, const struct node *n, struct value *v)
{
	bool truth;

	if (!eval_truth(cx, n->a, &truth))
		return false;
	if (truth == (n->op == TOKEN_AND) && !eval_truth(cx, n->b, &truth))
		return false;
	*v = value_bool(truth);
	return true;
}

bool eval_both(struct context *cx, const struct node *n, struct value *a, struct value *b)
{
	struct moves_held held;
	bool ok;

	*b = VALUE_NOTHING;
	if (!eval_value(cx, n->a, a))
		return false;
	moves_hold(&cx->session->moves, &held, a);
	ok = eval_value(cx, n->b, b);
	moves_release(&cx->session->moves, &held);
	if (!ok)
		value_free(a);
	return ok;
}

static bool eval_binary(struct context *cx, const struct node *n, struct value *v)
{
	struct status st = STATUS_INIT;
	struct value a, b;
	bool ok;

	if (n->op == TOKEN_AND || n->op == TOKEN_OR)
		return eval_logical(cx, n, v);
	if (!eval_both(cx, n, &a, &b))
		return false;
	ok = pointer_reckon(cx, n, &a, &b, v, &st);
	value_free(&a);
	value_free(&b);
	return ok || diag_status(cx->diag, n->label_start, &st);
}

static bool eval_choice(struct context *cx, const struct node *n, struct value *v)
{
	bool truth;

	return eval_truth(cx, n->a, &truth) && eval_expr(cx, truth ? n->b : n->c, v);
}

static bool eval_name(struct context *cx, const struct node *n, struct value *v)
{
	const struct value *var = vars_get(&cx->session->vars, n->name);

	if (var) {
		*v = value_copy(*var);
		return true;
	}
	if (constants_get(&cx->session->machine, n->name, v))
		return true;
	return queries_is_root(n->name) ? eval_query(cx, n, v) : unknown_name(cx, n);
}

static bool eval_path(struct context *cx, const struct node *n, struct value *v)
{
	const struct node *base = path_base(n);

	if (base && queries_is_root(base->name))
		return eval_query(cx, n, v);
	return n->kind == NODE_INDEX ? eval_index(cx, n, v) : eval_member(cx, n, v);
}

static bool eval_string(struct context *cx, const struct node *n, struct value *v)
{
	*v = value_string(n->name, n->length);
	return v->type == VALUE_STRING || diag_no_memory(cx->diag, n->start);
}

/* Of a lone name that is no type, the variable of that name is meant. */
static bool eval_sizeof(struct context *cx, const struct node *n, struct value *v)
{
	const struct session *s = cx->session;
	struct strbuf type = STRBUF_INIT;
	u32 bytes;
	bool ok;

	if (n->a)
		ctypes_of(s, n->a, &type);
	else
		strbuf_puts(&type, n->type);
	ok = ctypes_size(&s->machine, strbuf_str(&type), &bytes) ||
	     (!n->a && vars_type(&s->vars, n->type) && ctypes_size(&s->machine, vars_type(&s->vars, n->type), &bytes));
	strbuf_free(&type);
	if (!ok)
		return diag_fail(cx->diag, n->label_start, STATUS_INVALID,
				 _("how large this is on this machine is not known: write the number of bytes in place "
				   "of the sizeof"));
	*v = value_int(bytes);
	return true;
}

/* A number that is cast to a pointer is an address; cast to a small integer it is cut off. */
static bool eval_cast(struct context *cx, const struct node *n, struct value *v)
{
	u32 bytes;

	if (strncmp(n->type, "struct ", 7) == 0 && !strchr(n->type, '*'))
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("nothing can be cast to a whole structure"));
	if (!eval_expr(cx, n->a, v))
		return false;
	if (v->type != VALUE_INT || !ctypes_size(&cx->session->machine, n->type, &bytes))
		return true;
	if (strchr(n->type, '*'))
		*v = value_addr(pointer_extend(&cx->session->machine, (u64)v->number));
	else
		*v = pointer_number((u64)v->number, bytes, ctypes_is_signed(n->type));
	return true;
}

/* `&p[3]` and `&*p` */
static bool eval_address(struct context *cx, const struct node *of, struct value *v)
{
	struct value base;
	s64 index = 0;

	if (of->kind == NODE_INDEX && !eval_number(cx, of->b, _("an index"), INT64_MIN, INT64_MAX, &index))
		return false;
	return eval_expr(cx, of->a, &base) && pointer_address(cx, of->a, &base, index, v);
}

bool eval_expr(struct context *cx, const struct node *n, struct value *v)
{
	*v = VALUE_NOTHING;
	switch (n->kind) {
	case NODE_NUMBER:
		/* What only fits unsigned is meant as an address. */
		*v = n->number > INT64_MAX ? value_addr(n->number) : value_int((s64)n->number);
		return true;
	case NODE_STRING:
		return eval_string(cx, n, v);
	case NODE_NAME:
		return eval_name(cx, n, v);
	case NODE_CALL:
		return calls_do(cx, n, v, NULL);
	case NODE_MEMBER:
	case NODE_INDEX:
		return eval_path(cx, n, v);
	case NODE_SLICE:
		return eval_slice(cx, n, v);
	case NODE_VECTOR:
		return eval_vector(cx, n, v);
	case NODE_UNARY:
		return eval_unary(cx, n, v);
	case NODE_ADDRESS:
		if (pointer_is_place(n->a))
			return eval_address(cx, n->a, v);
		return diag_fail(cx->diag, n->start, STATUS_SYNTAX,
				 _("& names a variable that a function fills, or the device of a driver: here is "
				   "neither"));
	case NODE_BINARY:
		return eval_binary(cx, n, v);
	case NODE_CHOICE:
		return eval_choice(cx, n, v);
	case NODE_SIZEOF:
		return eval_sizeof(cx, n, v);
	case NODE_CAST:
		return eval_cast(cx, n, v);
	case NODE_ASSIGN:
		return assign_do(cx, n, v);
	default:
		return diag_fail(cx->diag, n->start, STATUS_SYNTAX, _("a value is expected here"));
	}
}

bool eval_number(struct context *cx, const struct node *n, const char *what, s64 least, s64 most, s64 *number)
{
	struct value v;

	if (!eval_expr(cx, n, &v))
		return false;
	if (v.type != VALUE_INT) {
		diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s must be a number, not %s"), what,
			  operators_type(&v));
		value_free(&v);
		return false;
	}
	*number = v.number;
	if (v.number < least || v.number > most)
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s must be %" PRId64 " to %" PRId64), what,
				 least, most);
	return true;
}

bool eval_value(struct context *cx, const struct node *n, struct value *v)
{
	*v = VALUE_NOTHING;
	if (n->kind == NODE_CALL && !commands_has_value(n->command))
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s has no value"), n->command->name);
	if (!eval_expr(cx, n, v))
		return false;
	return v->type != VALUE_NONE || diag_fail(cx->diag, n->start, STATUS_INVALID, _("this has no value"));
}
