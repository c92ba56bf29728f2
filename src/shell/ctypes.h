/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C types: how they are written, and how large they are.
 *
 * A type is text: its words with a blank between them, then a '*' for each
 * pointer and "[]" for an array ("struct page*", "unsigned long[]").  Words
 * that change nothing about the size (const, static ...) are left out.
 */
#ifndef KM_SHELL_CTYPES_H
#define KM_SHELL_CTYPES_H

#include "session/session.h"
#include "shell/parser.h"

/* Is this the name of a C type, or a word in front of one? */
bool ctypes_is_word(const char *name, size_t length);

/* sizeof and what it is of, at the present token. NULL: the diag says why. */
struct node *ctypes_sizeof(struct parser *p);

/* A cast, whose opening parenthesis was taken, and its operand. NULL: the diag says why. */
struct node *ctypes_cast(struct parser *p);

/* The words at the beginning of a declaration are appended. false: the diag says why. */
bool ctypes_take_words(struct parser *p, struct strbuf *type);

/* The stars in front of a name are appended. false: the diag says why. */
bool ctypes_take_stars(struct parser *p, struct strbuf *type);

/*
 * Bytes of a type.  Of the structures those are known whose size the machine
 * reckons with.  false: it is not known how large such a thing is in this
 * machine's kernel, and *bytes is 0.
 */
bool ctypes_size(const struct machine *m, const char *type, u32 *bytes);

/* The type of an expression, by what its variables are declared as, is appended; nothing if that is not known. */
void ctypes_of(const struct session *s, const struct node *n, struct strbuf *type);

/* Makes of a pointer or an array what it points to. false: it is none, and the type is as before. */
bool ctypes_pointee(struct strbuf *type);

/* Has an integer of this type a sign? */
bool ctypes_is_signed(const char *type);

#endif
