/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assignments: to variables, to items of vectors, and to what pointers point to. */
#ifndef KM_SHELL_ASSIGN_H
#define KM_SHELL_ASSIGN_H

#include "shell/ast.h"
#include "shell/context.h"

/* Does a NODE_ASSIGN; *v is the caller's, and what the expression comes to. false: the diag says why. */
bool assign_do(struct context *cx, const struct node *n, struct value *v);

/* Does a NODE_ASSIGN or NODE_APPEND that is a statement; prints what was assigned if `show`. */
bool assign_statement(struct context *cx, const struct node *n, bool show);

/* Does a NODE_DECLARE. */
bool assign_declare(struct context *cx, const struct node *n);

#endif
