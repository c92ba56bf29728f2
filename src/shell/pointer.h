/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pointers as in C: what one points to, read and written, and adding to one.
 * How large that is follows from what the variables are declared as; without a
 * declaration, and behind a `void *`, it is a byte.
 */
#ifndef KM_SHELL_POINTER_H
#define KM_SHELL_POINTER_H

#include "shell/ast.h"
#include "shell/context.h"

/* *v is item `index` of what expression `n` points to, whose value is `base` (taken over). false: the diag says why. */
bool pointer_read(struct context *cx, const struct node *n, struct value *base, s64 index, struct value *v);

/* Writes it. */
bool pointer_write(struct context *cx, const struct node *n, const struct value *base, s64 index,
		   const struct value *v);

/* Is it `p[i]` or `*p`, which has an address? */
bool pointer_is_place(const struct node *n);

/* *v is the address of item `index`; `base` is taken over. */
bool pointer_address(struct context *cx, const struct node *n, struct value *base, s64 index, struct value *v);

/*
 * As operators_binary() of the two sides of `n`, but that a pointer goes by what it
 * points to.  false: `st` says why, and *result is nothing.
 */
bool pointer_reckon(struct context *cx, const struct node *n, const struct value *a, const struct value *b,
		    struct value *result, struct status *st);

/* The lowest `bytes` (1, 2, 4, 8) bytes of a number, as a value. */
struct value pointer_number(u64 number, u32 bytes, bool is_signed);

/* An address of the machine, which may have 4 bytes only. */
u64 pointer_extend(const struct machine *m, u64 address);

#endif
