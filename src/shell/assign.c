/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/assign.h"

#include "base/text.h"
#include "shell/calls.h"
#include "shell/describe.h"
#include "shell/eval.h"
#include "shell/operators.h"
#include "shell/pointer.h"

#include <string.h>

/* Where a value goes. */
struct place {
	enum { PLACE_VARIABLE, PLACE_ITEM, PLACE_MEMORY } kind;
	const char *name; /* of the variable, or of the one that holds the vector */
	const struct node *node; /* of the pointer */
	struct value base; /* of the pointer */
	s64 index;
};

/* `a[i]`: an item if a is a vector or nothing yet, else what lies behind the pointer that it is. */
static bool find_item(struct context *cx, const struct node *n, struct place *place)
{
	const struct node *of = n->a;
	const struct value *var = of->kind == NODE_NAME ? vars_get(&cx->session->vars, of->name) : NULL;

	place->name = of->name;
	if (of->kind == NODE_NAME && (!var || var->type == VALUE_VECTOR)) {
		place->kind = PLACE_ITEM;
		if (!eval_number(cx, n->b, _("an index"), INT32_MIN, (s64)VALUE_VECTOR_MAX - 1, &place->index))
			return false;
		if (place->index < 0)
			place->index += var ? (s64)value_count(var) : 0;
		return place->index >= 0 ||
		       diag_fail(cx->diag, n->b->start, STATUS_INVALID, _("there is no such item"));
	}
	place->kind = PLACE_MEMORY;
	place->node = of;
	return eval_number(cx, n->b, _("an index"), INT64_MIN, INT64_MAX, &place->index) &&
	       eval_expr(cx, of, &place->base);
}

static bool find_place(struct context *cx, const struct node *n, struct place *place)
{
	*place = (struct place){ .kind = PLACE_VARIABLE, .name = n->name };
	if (n->kind == NODE_NAME)
		return true;
	if (n->kind == NODE_INDEX)
		return find_item(cx, n, place);
	place->kind = PLACE_MEMORY;
	place->node = n->a;
	return eval_expr(cx, n->a, &place->base);
}

/* What is there now; *v is the caller's. */
static bool read_place(struct context *cx, const struct node *target, const struct place *place, struct value *v)
{
	const struct value *var;
	struct value base;

	*v = VALUE_NOTHING;
	if (place->kind == PLACE_MEMORY) {
		base = value_copy(place->base);
		return pointer_read(cx, place->node, &base, place->index, v);
	}
	var = vars_get(&cx->session->vars, place->name);
	if (var && place->kind == PLACE_VARIABLE)
		*v = value_copy(*var);
	else if (var)
		*v = value_copy(value_at(var, (size_t)place->index));
	return v->type != VALUE_NONE ||
	       diag_fail(cx->diag, target->start, STATUS_INVALID, _("%s has no value yet"), place->name);
}

/* `v` is taken over. */
static bool put_item(struct context *cx, const struct node *target, const struct place *place, struct value v)
{
	struct vars *vars = &cx->session->vars;
	struct value *vector;

	if (v.type == VALUE_VECTOR) {
		value_free(&v);
		return diag_fail(cx->diag, target->start, STATUS_INVALID, _("a vector cannot be an item of another"));
	}
	if (!vars_get(vars, place->name) && !vars_set(vars, place->name, value_vector())) {
		value_free(&v);
		return diag_no_memory(cx->diag, target->start);
	}
	vector = vars_edit(vars, place->name);
	if (vector)
		return value_put(vector, (size_t)place->index, v) || diag_no_memory(cx->diag, target->start);
	value_free(&v);
	return diag_no_memory(cx->diag, target->start);
}

/* `v` is taken over. */
static bool write_place(struct context *cx, const struct node *target, const struct place *place, struct value v)
{
	bool ok;

	if (place->kind == PLACE_ITEM)
		return put_item(cx, target, place, v);
	if (place->kind == PLACE_VARIABLE)
		return vars_set(&cx->session->vars, place->name, v) || diag_no_memory(cx->diag, target->start);
	ok = pointer_write(cx, place->node, &place->base, place->index, &v);
	value_free(&v);
	return ok;
}

/* What is assigned, of `old op= given`. `given` is taken over. */
static bool combine(struct context *cx, const struct node *n, const struct value *old, struct value *given)
{
	struct status st = STATUS_INIT;
	struct value result;
	bool ok = pointer_reckon(cx, n, old, given, &result, &st) || diag_status(cx->diag, n->label_start, &st);

	value_free(given);
	*given = result;
	return ok;
}

/* Puts `v` (taken over) where it goes; *old becomes what was there if that matters. *stored is another reference. */
static bool store(struct context *cx, const struct node *n, struct value v, struct value *old, struct value *stored)
{
	struct moves_held held;
	struct place place;
	bool ok;

	*old = *stored = VALUE_NOTHING;
	moves_hold(&cx->session->moves, &held, &v);
	ok = find_place(cx, n->a, &place) && (!n->op || read_place(cx, n->a, &place, old));
	moves_release(&cx->session->moves, &held);
	ok = ok && (!n->op || combine(cx, n, old, &v));
	if (ok) {
		*stored = value_copy(v);
		ok = write_place(cx, n->a, &place, v);
	} else {
		value_free(&v);
	}
	value_free(&place.base);
	return ok;
}

/* The value that is assigned. */
static bool evaluate(struct context *cx, const struct node *n, const struct node *from, struct value *v,
		     struct strbuf *form)
{
	if (!calls_evaluate(cx, from, v, form))
		return false;
	if (v->type != VALUE_NONE)
		return true;
	if (n->kind == NODE_APPEND || n->a->kind == NODE_NAME)
		return diag_fail(cx->diag, from->start, STATUS_INVALID, _("this has no value that %s could get"),
				 n->kind == NODE_APPEND ? n->name : n->a->name);
	return diag_fail(cx->diag, from->start, STATUS_INVALID, _("this has no value that could be assigned"));
}

bool assign_declare(struct context *cx, const struct node *n)
{
	const char *name = n->kind == NODE_ASSIGN ? n->a->name : n->name;

	return !n->type || !*n->type || vars_declare(&cx->session->vars, name, n->type) ||
	       diag_no_memory(cx->diag, n->start);
}

static bool assign(struct context *cx, const struct node *n, struct strbuf *form, struct value *old,
		   struct value *stored)
{
	struct value v;

	*old = *stored = VALUE_NOTHING;
	return assign_declare(cx, n) && evaluate(cx, n, n->b, &v, form) && store(cx, n, v, old, stored);
}

bool assign_do(struct context *cx, const struct node *n, struct value *v)
{
	struct value old, stored;
	bool ok = assign(cx, n, NULL, &old, &stored);

	*v = n->number ? old : stored;
	value_free(n->number ? &stored : &old);
	if (!ok)
		value_free(v);
	return ok;
}

/* ----------------------------------------------------------- statements */

static bool append_to(struct context *cx, const struct node *n, struct value v)
{
	struct vars *vars = &cx->session->vars;
	const struct value *present = vars_get(vars, n->name);
	struct value *vector;

	if (!present && !vars_set(vars, n->name, value_vector())) {
		value_free(&v);
		return diag_no_memory(cx->diag, n->start);
	}
	if (present && present->type != VALUE_VECTOR) {
		diag_fail(cx->diag, n->start, STATUS_INVALID, _("%s is %s and no vector; \"%s = []\" makes it one"),
			  n->name, operators_type(present), n->name);
		value_free(&v);
		return false;
	}
	vector = vars_edit(vars, n->name);
	if (!vector) {
		value_free(&v);
		return diag_no_memory(cx->diag, n->start);
	}
	if (value_count(vector) + value_count(&v) > VALUE_VECTOR_MAX) {
		value_free(&v);
		return diag_fail(cx->diag, n->start, STATUS_INVALID, _("a vector can have %zu items at most"),
				 VALUE_VECTOR_MAX);
	}
	return value_append(vector, v) || diag_no_memory(cx->diag, n->start);
}

static void show(struct context *cx, const struct node *n, const struct strbuf *form, const struct value *v)
{
	if (n->kind == NODE_APPEND)
		strbuf_printf(cx->out, "%s[] = ", n->name);
	else
		strbuf_printf(cx->out, "%.*s = ", (int)(n->a->end - n->a->start), cx->source->text + n->a->start);
	if (form->length)
		strbuf_printf(cx->out, "%s = ", strbuf_str(form));
	calls_put_result(n->kind == NODE_APPEND ? n->a : n->b, v, cx->out);
	strbuf_putc(cx->out, '\n');
}

bool assign_statement(struct context *cx, const struct node *n, bool shown)
{
	struct strbuf form = STRBUF_INIT;
	struct value old = VALUE_NOTHING, v = VALUE_NOTHING;
	bool ok;

	if (n->kind == NODE_APPEND)
		ok = assign_declare(cx, n) && evaluate(cx, n, n->a, &v, shown ? &form : NULL) &&
		     append_to(cx, n, value_copy(v));
	else
		ok = assign(cx, n, shown ? &form : NULL, &old, &v);
	if (ok && shown)
		show(cx, n, &form, &v);
	value_free(&old);
	value_free(&v);
	strbuf_free(&form);
	return ok;
}
