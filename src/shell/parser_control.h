/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the parser for statements that hold others: loops, conditions, contexts, and what leaves them. */
#ifndef KM_SHELL_PARSER_CONTROL_H
#define KM_SHELL_PARSER_CONTROL_H

#include "shell/parser.h"

/* Does a word that begins such a statement stand here? Then *n becomes it; NULL: the diag says why. */
bool parser_control(struct parser *p, struct node **n);

#endif
