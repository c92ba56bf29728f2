/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/exec.h"

#include "base/text.h"
#include "phys/preempt.h"
#include "shell/calls.h"
#include "shell/commands.h"
#include "shell/describe.h"
#include "shell/eval.h"
#include "shell/lexer.h"
#include "shell/operators.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool exec(struct context *cx, const struct node *n);

/* Are results shown? Not those of each round of a loop. */
static bool shows(const struct context *cx)
{
	return !cx->again && !cx->loops;
}

/* ---------------------------------------------------- values and calls */

/* Is the call shown as "alloc_pages(GFP_KERNEL, 3) = pfn 0x12348"? Other commands print what there is to say. */
static bool shows_form(const struct node *n)
{
	return n->kind == NODE_CALL && (commands_is_function(n->command) || n->command->class == COMMAND_CHANGES);
}

/* Evaluates; `form` gets the call, if it is one to be shown. */
static bool evaluate(struct context *cx, const struct node *n, struct value *v, struct strbuf *form)
{
	if (n->kind == NODE_CALL)
		return calls_do(cx, n, v, shows(cx) && shows_form(n) ? form : NULL);
	return eval_expr(cx, n, v);
}

/* What came of it; of a call that returns a physical address, as one. */
static void put_result(const struct node *n, const struct value *v, struct strbuf *out)
{
	if (n->kind == NODE_CALL && v->type == VALUE_INT && strcmp(n->command->result, "phys_addr_t") == 0)
		strbuf_printf(out, "0x%" PRIx64, (u64)v->number);
	else
		describe_brief(v, out);
}

static bool exec_call(struct context *cx, const struct node *n)
{
	struct strbuf form = STRBUF_INIT;
	struct value v;
	bool ok = evaluate(cx, n, &v, &form);

	if (ok && shows(cx) && form.length) {
		strbuf_puts(cx->out, strbuf_str(&form));
		if (v.type != VALUE_NONE) {
			strbuf_puts(cx->out, " = ");
			put_result(n, &v, cx->out);
		}
		strbuf_putc(cx->out, '\n');
	} else if (ok && shows(cx) && v.type != VALUE_NONE) {
		describe_plain(&v, cx->out);
		strbuf_putc(cx->out, '\n');
	}
	value_free(&v);
	strbuf_free(&form);
	return ok;
}

static bool exec_value(struct context *cx, const struct node *n)
{
	struct value v;

	if (!eval_expr(cx, n, &v))
		return false;
	if (shows(cx)) {
		describe_value(cx->session, &v, cx->out);
		strbuf_putc(cx->out, '\n');
	}
	value_free(&v);
	return true;
}

/* ---------------------------------------------------------- assignments */

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

static void show_assigned(struct context *cx, const struct node *n, const struct strbuf *form, const struct value *v)
{
	strbuf_printf(cx->out, "%s%s = ", n->name, n->kind == NODE_APPEND ? "[]" : "");
	if (form->length)
		strbuf_printf(cx->out, "%s = ", strbuf_str(form));
	put_result(n->a, v, cx->out);
	strbuf_putc(cx->out, '\n');
}

static bool exec_assign(struct context *cx, const struct node *n)
{
	struct strbuf form = STRBUF_INIT;
	struct value v;
	bool ok = evaluate(cx, n->a, &v, &form);

	if (ok && v.type == VALUE_NONE)
		ok =
		    diag_fail(cx->diag, n->a->start, STATUS_INVALID, _("this has no value that %s could get"), n->name);
	if (ok && n->kind == NODE_APPEND)
		ok = append_to(cx, n, value_copy(v));
	else if (ok)
		ok = vars_set(&cx->session->vars, n->name, value_copy(v)) || diag_no_memory(cx->diag, n->start);
	if (ok && shows(cx))
		show_assigned(cx, n, &form, &v);
	value_free(&v);
	strbuf_free(&form);
	return ok;
}

/* ---------------------------------------------------------------- loops */

/* Adds to an error in which round it came: of the innermost loop, and of that around it. */
static void tell_round(struct context *cx, s64 round, s64 rounds)
{
	switch (cx->diag->loops++) {
	case 0:
		diag_add(cx->diag, _(" (in round %" PRId64 " of %" PRId64 ")"), round, rounds);
		break;
	case 1:
		diag_add(cx->diag, _(", inside round %" PRId64 " of %" PRId64), round, rounds);
		break;
	default:
		break;
	}
}

static bool exec_repeat(struct context *cx, const struct node *n)
{
	s64 rounds;
	bool ok = true;

	if (!eval_number(cx, n->a, _("how often to repeat"), 0, EXEC_ROUNDS_MAX, &rounds))
		return false;
	cx->loops++;
	for (s64 i = 0; ok && i < rounds && !cx->down; i++) {
		ok = context_goes_on(cx, n->start) && exec(cx, n->b);
		if (!ok)
			tell_round(cx, i + 1, rounds);
	}
	cx->loops--;
	return ok;
}

static bool exec_for(struct context *cx, const struct node *n)
{
	struct moves *moves = &cx->session->moves;
	struct moves_held held;
	struct value vector;
	size_t count;
	bool ok = true;

	if (!eval_expr(cx, n->a, &vector))
		return false;
	if (vector.type != VALUE_VECTOR) {
		diag_fail(cx->diag, n->a->start, STATUS_INVALID, _("for goes through a vector, not %s"),
			  operators_type(&vector));
		value_free(&vector);
		return false;
	}
	count = value_count(&vector);
	moves_hold(moves, &held, &vector);
	cx->loops++;
	for (size_t i = 0; ok && i < count && !cx->down; i++) {
		ok = context_goes_on(cx, n->start);
		if (ok && !vars_set(&cx->session->vars, n->name, value_copy(value_at(&vector, i))))
			ok = diag_no_memory(cx->diag, n->start);
		ok = ok && exec(cx, n->b);
		if (!ok)
			tell_round(cx, (s64)i + 1, (s64)count);
	}
	cx->loops--;
	moves_release(moves, &held);
	value_free(&vector);
	return ok;
}

static bool exec_block(struct context *cx, const struct node *n)
{
	for (const struct node *one = n->first; one && !cx->down; one = one->next)
		if (!exec(cx, one))
			return false;
	return true;
}

/* What comes inside is over in any case when this returns, and the context is as before. */
static bool exec_context(struct context *cx, const struct node *n)
{
	struct phys *p = &cx->session->machine.phys;
	struct status st = STATUS_INIT;
	u32 before;
	bool ok;

	if (!preempt_enter(p, (enum preempt_context)n->number, &before, &st)) {
		cx->diag->refused = true;
		return diag_status(cx->diag, n->start, &st);
	}
	ok = exec(cx, n->a);
	preempt_leave(p, before);
	return ok;
}

/* --------------------------------------------------------------- expect */

/* The statement's own text, on one line. To be freed; NULL: out of memory. */
static char *text_of_node(const struct context *cx, const struct node *n)
{
	char *text = strndup(cx->source->text + n->start, n->end - n->start);

	for (char *c = text; c && *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	return text;
}

static bool tell_expect(struct context *cx, const struct node *n, bool holds, const char *detail)
{
	unsigned line, column;
	char *text;

	if (cx->again)
		return true;
	*cx->failed += !holds;
	text = text_of_node(cx, n->a);
	if (!text)
		return diag_no_memory(cx->diag, n->start);
	if (cx->host.expect) {
		diag_place(cx->source, n->start, &line, &column);
		cx->host.expect(cx->host.context, holds, text, detail, cx->source->file, line);
	} else if (holds) {
		strbuf_printf(cx->out, _("ok: %s\n"), text);
	} else {
		strbuf_printf(cx->out, _("FAILED: %s: %s\n"), text, detail);
	}
	free(text);
	return true;
}

static bool is_comparison(const struct node *n)
{
	if (n->kind != NODE_BINARY)
		return false;
	switch (n->op) {
	case TOKEN_EQUAL:
	case TOKEN_NOT_EQUAL:
	case '<':
	case '>':
	case TOKEN_LESS_EQUAL:
	case TOKEN_GREATER_EQUAL:
		return true;
	default:
		return false;
	}
}

/* Of a comparison that does not hold, both sides are told. */
static bool compare(struct context *cx, const struct node *n, bool *holds, struct strbuf *detail)
{
	struct status st = STATUS_INIT;
	struct value a, b, result = VALUE_NOTHING;
	bool ok;

	if (!eval_both(cx, n, &a, &b))
		return false;
	ok = operators_binary(n->op, &a, &b, &result, &st) || diag_status(cx->diag, n->label_start, &st);
	*holds = ok && operators_true(&result);
	if (ok && !*holds) {
		strbuf_puts(detail, _("left is "));
		value_format(&a, detail);
		strbuf_puts(detail, _(", right is "));
		value_format(&b, detail);
	}
	value_free(&a);
	value_free(&b);
	return ok;
}

static bool exec_expect(struct context *cx, const struct node *n)
{
	struct strbuf detail = STRBUF_INIT;
	struct value v;
	bool holds = false, ok;

	if (is_comparison(n->a)) {
		ok = compare(cx, n->a, &holds, &detail);
	} else {
		ok = eval_expr(cx, n->a, &v);
		holds = ok && operators_true(&v);
		if (ok && !holds) {
			strbuf_puts(&detail, _("it is "));
			value_format(&v, &detail);
		}
		value_free(&v);
	}
	ok = ok && tell_expect(cx, n, holds, strbuf_str(&detail));
	strbuf_free(&detail);
	return ok;
}

/*
 * The statement is done, and taken back whether it succeeds or not.  Only what
 * the machine refuses counts, not what was mistyped.
 */
static bool exec_refused(struct context *cx, const struct node *n)
{
	struct strbuf printed = STRBUF_INIT, *out = cx->out;
	struct status st = STATUS_INIT;
	bool done, refused;

	if (!session_begin(cx->session, "", &st))
		return diag_status(cx->diag, n->start, &st);
	cx->out = &printed;
	done = exec(cx, n->a);
	cx->out = out;
	strbuf_free(&printed);
	if (!session_end(cx->session, false, &st))
		return diag_status(cx->diag, n->start, &st);
	refused = !done && cx->diag->refused;
	if (!done && !refused)
		return false;
	if (refused && !cx->host.expect)
		strbuf_printf(cx->out, _("refused: %s\n"), cx->diag->status.message);
	*cx->diag = (struct diag){ 0 };
	return tell_expect(cx, n, refused, _("the machine accepts it"));
}

/* ------------------------------------------------------------ statements */

static bool exec(struct context *cx, const struct node *n)
{
	switch (n->kind) {
	case NODE_ASSIGN:
	case NODE_APPEND:
		return exec_assign(cx, n);
	case NODE_REPEAT:
		return exec_repeat(cx, n);
	case NODE_FOR:
		return exec_for(cx, n);
	case NODE_CONTEXT:
		return exec_context(cx, n);
	case NODE_BLOCK:
		return exec_block(cx, n);
	case NODE_EXPECT:
		return exec_expect(cx, n);
	case NODE_REFUSED:
		return diag_fail(cx->diag, n->start, STATUS_SYNTAX,
				 _("\"expect refused\" is a statement and cannot stand inside another"));
	case NODE_NOTHING:
		return true;
	case NODE_CALL:
		return exec_call(cx, n);
	default:
		return exec_value(cx, n);
	}
}

bool exec_again(struct context *cx, const struct node *statement)
{
	return exec(cx, statement);
}

/* A statement that changes something, between the session's begin and end. */
static bool exec_change(struct context *cx, const struct node *n)
{
	char *text = strndup(cx->source->text + n->start, n->end - n->start);
	size_t printed = cx->out->length;
	struct status st = STATUS_INIT;
	bool ok;

	if (!text)
		return diag_no_memory(cx->diag, n->start);
	ok = session_begin(cx->session, text, &st) || diag_status(cx->diag, n->start, &st);
	free(text);
	if (!ok)
		return false;
	ok = exec(cx, n);
	if (!session_end(cx->session, ok, &st))
		ok = diag_status(cx->diag, n->start, &st);
	/* What was taken back has not happened. */
	if (!ok && cx->out->length > printed)
		strbuf_cut(cx->out, printed);
	return ok;
}

bool exec_command(struct context *cx, const struct node *statement)
{
	if (statement->kind == NODE_REFUSED)
		return exec_refused(cx, statement);
	return statement->changes ? exec_change(cx, statement) : exec(cx, statement);
}
