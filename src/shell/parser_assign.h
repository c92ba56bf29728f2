/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the parser for assignments and declarations. Of each, NULL: the diag says why. */
#ifndef KM_SHELL_PARSER_ASSIGN_H
#define KM_SHELL_PARSER_ASSIGN_H

#include "shell/parser.h"

/* Can this name be that of a variable? One may not hide what the language means by a name. false: the diag says why. */
bool parser_assign_check(struct parser *p, const char *name, size_t start);

/* What the present name begins: '=' for an assignment to it, '[' for one to `name[]`, 0 for neither. */
int parser_assign_looks(struct parser *p);

/* `name = ...` or `name[] = ...`, of which parser_assign_looks() has said that it is at hand. */
struct node *parser_assign_name(struct parser *p);

/* Is the present token `=`, or `+=` and the like? */
bool parser_assign_at(const struct parser *p);

/* Takes it and what is assigned to `target`; with `words` that may be a command in words. */
struct node *parser_assign_to(struct parser *p, struct node *target, bool words);

/* An expression, which may be an assignment. */
struct node *parser_assign_expr(struct parser *p);

/* Takes `++` or `--`, which stands behind `target`, or in front of one if that is NULL. */
struct node *parser_assign_step(struct parser *p, struct node *target);

/* Does the present word begin a declaration? One that ends in _t does if something is declared with it. */
bool parser_assign_declares(struct parser *p);

/* `struct page *p = ..., *q;` */
struct node *parser_assign_declaration(struct parser *p);

#endif
