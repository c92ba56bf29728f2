/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of an expression. */
#ifndef KM_SHELL_EVAL_H
#define KM_SHELL_EVAL_H

#include "shell/ast.h"
#include "shell/context.h"

/*
 * Evaluates `n`, which must be an expression, and does the calls in it.  *v is
 * the caller's.  false: the diag says why, and *v is nothing.
 */
bool eval_expr(struct context *cx, const struct node *n, struct value *v);

/* The same of what must have a value: a call that has none is not done, and an error. */
bool eval_value(struct context *cx, const struct node *n, struct value *v);

/* Both sides of an operator; pages of the first that the second moves are followed. false: both are nothing. */
bool eval_both(struct context *cx, const struct node *n, struct value *a, struct value *b);

/* Is what it comes to true, as C takes it? */
bool eval_truth(struct context *cx, const struct node *n, bool *truth);

/* The value must be a number from least to most. `what` (translated) names it. */
bool eval_number(struct context *cx, const struct node *n, const char *what, s64 least, s64 most, s64 *number);

#endif
