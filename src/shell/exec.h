/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doing a statement. */
#ifndef KM_SHELL_EXEC_H
#define KM_SHELL_EXEC_H

#include "shell/ast.h"
#include "shell/context.h"

/* Rounds that a repeat may have. */
#define EXEC_ROUNDS_MAX INT64_C(100000000)

/*
 * Does a statement of its own: one that changes something becomes a command of
 * the session.  false: the diag says why, and nothing is changed.
 */
bool exec_command(struct context *cx, const struct node *statement);

/* Does it again, inside a command that the session has begun. */
bool exec_again(struct context *cx, const struct node *statement);

#endif
