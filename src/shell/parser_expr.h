/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the parser for expressions. */
#ifndef KM_SHELL_PARSER_EXPR_H
#define KM_SHELL_PARSER_EXPR_H

#include "shell/parser.h"

/* An expression with C's operators and precedence. NULL: the diag says why. */
struct node *parser_expr(struct parser *p);

/* An operand with what stands in front of and behind it: -a, *p, a[1], i++. */
struct node *parser_expr_unary(struct parser *p);

/* One argument, perhaps with its name in front. NULL: the diag says why. */
struct node *parser_expr_argument(struct parser *p);

/* A call in C form; the name is the present token and '(' follows, or nothing does. NULL: the diag says why. */
struct node *parser_expr_call(struct parser *p, const struct command_info *command);

/* May this command stand inside an expression? false: no, as the diag says. */
bool parser_expr_may_nest(struct parser *p, const struct command_info *command);

/* How tightly an operator binds; 0: it is none. */
unsigned parser_expr_precedence(int op);

/* Is the present token this word? */
bool parser_expr_at(const struct parser *p, const char *word);

/* Says that there is no command called `name`, which stands at `start`. Returns false. */
bool parser_expr_unknown(struct parser *p, const char *name, size_t start);

#endif
