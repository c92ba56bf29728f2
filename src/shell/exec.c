/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/exec.h"

#include "base/text.h"
#include "phys/preempt.h"
#include "shell/assign.h"
#include "shell/calls.h"
#include "shell/describe.h"
#include "shell/eval.h"
#include "shell/filters.h"
#include "shell/lexer.h"
#include "shell/operators.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILTER_WORDS 16 /* of a filter: its name and its arguments */

static bool exec(struct context *cx, const struct node *n);

/* Are results shown? Not those of each round of a loop. */
static bool shows(const struct context *cx)
{
	return !cx->again && !cx->loops;
}

/* ---------------------------------------------------- values and calls */

static bool exec_call(struct context *cx, const struct node *n)
{
	struct strbuf form = STRBUF_INIT;
	struct value v;
	bool ok;

	cx->shown = shows(cx) ? n : NULL;
	ok = calls_evaluate(cx, n, &v, shows(cx) ? &form : NULL);
	cx->shown = NULL;
	if (ok && shows(cx) && form.length) {
		strbuf_puts(cx->out, strbuf_str(&form));
		if (v.type != VALUE_NONE) {
			strbuf_puts(cx->out, " = ");
			calls_put_result(n, &v, cx->out);
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

/* ---------------------------------------------------------------- loops */

/* Adds to an error in which round it came: of the innermost loop, and of that around it. `rounds` 0: nobody knows. */
static void tell_round(struct context *cx, s64 round, s64 rounds)
{
	unsigned outer = cx->diag->loops++;

	if (outer > 1)
		return;
	if (rounds && outer)
		diag_add(cx->diag, _(", inside round %" PRId64 " of %" PRId64), round, rounds);
	else if (rounds)
		diag_add(cx->diag, _(" (in round %" PRId64 " of %" PRId64 ")"), round, rounds);
	else if (outer)
		diag_add(cx->diag, _(", inside round %" PRId64), round);
	else
		diag_add(cx->diag, _(" (in round %" PRId64 ")"), round);
}

/* Is this where a statement inside a block or loop leaves it, or where the kernel has gone down? */
static bool stops(const struct context *cx)
{
	return cx->down || cx->flow != FLOW_ON;
}

/* Does a round of a loop. *leave: it is the last one. */
static bool exec_round(struct context *cx, const struct node *n, const struct node *body, bool *leave)
{
	bool ok = context_goes_on(cx, n->start) && exec(cx, body);

	*leave = !ok || cx->down || cx->flow == FLOW_BREAK || cx->flow == FLOW_RETURN;
	if (cx->flow != FLOW_RETURN)
		cx->flow = FLOW_ON;
	return ok;
}

static bool exec_repeat(struct context *cx, const struct node *n)
{
	bool ok = true, leave = false;
	s64 rounds;

	if (!eval_number(cx, n->a, _("how often to repeat"), 0, EXEC_ROUNDS_MAX, &rounds))
		return false;
	cx->loops++;
	for (s64 i = 0; !leave && i < rounds; i++) {
		ok = exec_round(cx, n, n->b, &leave);
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
	bool ok = true, leave = false;

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
	for (size_t i = 0; !leave && i < count; i++) {
		ok = vars_set(&cx->session->vars, n->name, value_copy(value_at(&vector, i))) ||
		     diag_no_memory(cx->diag, n->start);
		ok = ok && exec_round(cx, n, n->b, &leave);
		leave |= !ok;
		if (!ok)
			tell_round(cx, (s64)i + 1, (s64)count);
	}
	cx->loops--;
	moves_release(moves, &held);
	value_free(&vector);
	return ok;
}

/* The loops of C. One that never ends is an error: nobody may be there to stop it. */
static bool exec_while(struct context *cx, const struct node *n)
{
	const struct node *condition = n->kind == NODE_LOOP ? n->b : n->a, *body = n->kind == NODE_LOOP ? n->d : n->b;
	bool ok = true, leave = false, goes_on = true;

	cx->loops++;
	if (n->kind == NODE_LOOP)
		ok = exec(cx, n->a);
	for (s64 i = 0; ok && !leave; i++) {
		if (condition && (n->kind != NODE_DO || i))
			ok = eval_truth(cx, condition, &goes_on);
		if (!ok || !goes_on)
			break;
		if (i == EXEC_ROUNDS_MAX)
			ok = diag_fail(cx->diag, n->start, STATUS_INVALID,
				       _("this loop had %" PRId64 " rounds and does not end"), EXEC_ROUNDS_MAX);
		ok = ok && exec_round(cx, n, body, &leave);
		if (ok && !leave && n->kind == NODE_LOOP)
			ok = exec(cx, n->c);
		if (!ok)
			tell_round(cx, i + 1, 0);
	}
	cx->loops--;
	return ok;
}

static bool exec_if(struct context *cx, const struct node *n)
{
	bool truth;

	if (!eval_truth(cx, n->a, &truth))
		return false;
	if (truth)
		return exec(cx, n->b);
	return !n->c || exec(cx, n->c);
}

static bool exec_leave(struct context *cx, enum context_flow flow)
{
	cx->flow = flow;
	return true;
}

/* There is no function that could be left, so the rest of the text is. */
static bool exec_return(struct context *cx, const struct node *n)
{
	struct strbuf value = STRBUF_INIT;
	struct value v = VALUE_NOTHING;
	size_t length = n->a ? n->a->end - n->a->start : 0;

	if (n->a && !eval_expr(cx, n->a, &v))
		return false;
	cx->flow = FLOW_RETURN;
	if (!cx->again && n->a) {
		describe_plain(&v, &value);
		strbuf_printf(cx->out, _("returns %s"), strbuf_str(&value));
		if (strncmp(strbuf_str(&value), cx->source->text + n->a->start, length) != 0)
			strbuf_printf(cx->out, " (%.*s)", (int)length, cx->source->text + n->a->start);
		strbuf_puts(cx->out, _(": the rest is left out\n"));
	}
	strbuf_free(&value);
	value_free(&v);
	return true;
}

/* Does one filter: what `in` holds goes through it. */
static bool exec_filter(struct context *cx, const struct node *n, const struct strbuf *in, struct strbuf *out)
{
	const char *argv[FILTER_WORDS];
	struct status st = STATUS_INIT;
	size_t argc = 0;

	argv[argc++] = n->name;
	for (const struct node *word = n->first; word; word = word->next) {
		if (argc == FILTER_WORDS)
			return diag_fail(cx->diag, word->start, STATUS_INVALID, _("a filter takes fewer arguments"));
		argv[argc++] = word->name;
	}
	return filters_run(argc, argv, in, out, &st) || diag_status(cx->diag, n->start, &st);
}

/* Are the filters used as they can be? What is wrong shall be said before anything is done. */
static bool check_filters(struct context *cx, const struct node *n)
{
	const struct strbuf nothing = STRBUF_INIT;
	struct strbuf ignored = STRBUF_INIT;
	bool ok = true;

	for (const struct node *filter = n->first; ok && filter; filter = filter->next)
		ok = exec_filter(cx, filter, &nothing, &ignored);
	strbuf_free(&ignored);
	return ok;
}

/* What the host would show in another place goes through the filters, too. */
static bool exec_pipe(struct context *cx, const struct node *n)
{
	struct strbuf printed = STRBUF_INIT, *out = cx->out;
	struct shell_host host = cx->host;
	bool ok = check_filters(cx, n);

	if (!ok)
		return false;
	cx->out = &printed;
	cx->host.explain = NULL;
	cx->host.walk = NULL;
	ok = exec(cx, n->a);
	cx->out = out;
	cx->host = host;
	for (const struct node *filter = n->first; ok && filter; filter = filter->next) {
		struct strbuf filtered = STRBUF_INIT;

		ok = exec_filter(cx, filter, &printed, &filtered);
		strbuf_free(&printed);
		printed = filtered;
	}
	if (ok)
		strbuf_add(out, strbuf_str(&printed), printed.length);
	strbuf_free(&printed);
	return ok;
}

static bool exec_block(struct context *cx, const struct node *n)
{
	for (const struct node *one = n->first; one && !stops(cx); one = one->next)
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
		return assign_statement(cx, n, shows(cx));
	case NODE_DECLARE:
		return assign_declare(cx, n);
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
	case NODE_PIPE:
		return exec_pipe(cx, n);
	case NODE_IF:
		return exec_if(cx, n);
	case NODE_WHILE:
	case NODE_DO:
	case NODE_LOOP:
		return exec_while(cx, n);
	case NODE_BREAK:
		return exec_leave(cx, FLOW_BREAK);
	case NODE_CONTINUE:
		return exec_leave(cx, FLOW_CONTINUE);
	case NODE_RETURN:
		return exec_return(cx, n);
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

/* What was taken back has not happened, except for what the kernel said in refusing it. false. */
static bool keep_what_was_said(struct context *cx, size_t printed)
{
	char *said = NULL;

	if (cx->said_end > cx->said && cx->said >= printed && cx->said_end <= cx->out->length)
		said = strndup(strbuf_str(cx->out) + cx->said, cx->said_end - cx->said);
	if (cx->out->length > printed)
		strbuf_cut(cx->out, printed);
	strbuf_puts(cx->out, said ? said : "");
	free(said);
	return false;
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
	return ok || keep_what_was_said(cx, printed);
}

bool exec_command(struct context *cx, const struct node *statement)
{
	if (statement->kind == NODE_REFUSED)
		return exec_refused(cx, statement);
	return statement->changes ? exec_change(cx, statement) : exec(cx, statement);
}
