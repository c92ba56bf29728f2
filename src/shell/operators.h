/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C's operators on values.  Integers are signed 64 bits and must not overflow;
 * as soon as a page, an address or a mask takes part, numbers are unsigned and
 * wrap, as the kernel's do.
 */
#ifndef KM_SHELL_OPERATORS_H
#define KM_SHELL_OPERATORS_H

#include "base/status.h"
#include "session/value.h"

/* Is it a number, a page, an address or a mask? */
bool operators_is_number(const struct value *v);

/* Is the value one that C takes for true? Pages but NULL, strings and vectors that are not empty. */
bool operators_true(const struct value *v);

/* *result = op v. `op` is a token kind. false, with a message: not for this type. */
bool operators_unary(int op, const struct value *v, struct value *result, struct status *st);

/* *result = a op b; any operator but && and ||. */
bool operators_binary(int op, const struct value *a, const struct value *b, struct value *result, struct status *st);

/* "a page", "a string" ..., translated. */
const char *operators_type(const struct value *v);

#endif
