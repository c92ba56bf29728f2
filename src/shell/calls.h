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

#endif
