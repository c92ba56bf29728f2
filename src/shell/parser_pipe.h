/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of the parser for filters: `cat /proc/slabinfo | head -5`.  In an
 * expression '|' is an operator, so there it begins a filter only if the name
 * of one stands behind it.
 */
#ifndef KM_SHELL_PARSER_PIPE_H
#define KM_SHELL_PARSER_PIPE_H

#include "shell/parser.h"

/* Is the present token a '|' with the name of a filter behind it, outside of parentheses? */
bool parser_pipe_at(const struct parser *p);

/* The same of token `t`, which comes behind the present one. */
bool parser_pipe_behind(const struct parser *p, const struct token *t);

/* Takes the '|' that is the present token, and the filters; `of` prints what goes through them. */
struct node *parser_pipe(struct parser *p, struct node *of);

#endif
