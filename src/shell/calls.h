/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doing a command: once, or once for each item of the vectors it is given. */
#ifndef KM_SHELL_CALLS_H
#define KM_SHELL_CALLS_H

#include "shell/ast.h"
#include "shell/context.h"

/*
 * Does the command of a NODE_CALL.  *result is the caller's: nothing, a value,
 * or the vector of all results.  `form` (may be NULL) gets the call in C form,
 * with the values that it was given.  false: the diag says why.
 */
bool calls_do(struct context *cx, const struct node *call, struct value *result, struct strbuf *form);

/*
 * Evaluates an expression; of one that is a call to be shown, with a cast in
 * front or not, `form` (may be NULL) gets the call.  false: as eval_expr().
 */
bool calls_evaluate(struct context *cx, const struct node *n, struct value *v, struct strbuf *form);

/* Appends what an expression came to; of a call that returns a physical address, as one. */
void calls_put_result(const struct node *n, const struct value *v, struct strbuf *out);

/* May memory be written to at all: does the page allocator run, and the kernel still? false: the diag says why not. */
bool calls_may_change(struct context *cx, const struct node *n);

#endif
