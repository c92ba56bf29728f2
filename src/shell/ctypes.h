/* SPDX-License-Identifier: GPL-3.0-or-later */
/* C types in sizeof: how they are written, and how large they are. */
#ifndef KM_SHELL_CTYPES_H
#define KM_SHELL_CTYPES_H

#include "machine/machine.h"
#include "shell/parser.h"

/* sizeof and its type in parentheses, at the present token. NULL: the diag says why. */
struct node *ctypes_parse(struct parser *p);

/*
 * Bytes of the type that `type` names: words with a blank between them, "*" for
 * a pointer to whatever.  Of the structures those are known whose size the
 * machine reckons with.  false: it is not known how large such a thing is in
 * this machine's kernel, and *bytes is 0.
 */
bool ctypes_size(const struct machine *m, const char *type, u32 *bytes);

#endif
