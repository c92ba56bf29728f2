/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 read by hand, so that it does not depend on the locale. */
#ifndef KM_BASE_UTF8_H
#define KM_BASE_UTF8_H

#include "base/types.h"

/* Returned for bytes that are not UTF-8. */
#define UTF8_BAD UINT32_MAX

/*
 * Reads the character at `s`, which ends before `end`, and sets *length to its
 * bytes.  UTF8_BAD, with a length of 1, if the bytes there are none.
 * There must be at least one byte.
 */
u32 utf8_decode(const char *s, const char *end, size_t *length);

/*
 * Columns of a character: 0 (it combines with the one before), 1 or 2; -1 for a
 * control character.  The C library is asked first; where the locale does not
 * know the character, a table of wide and combining ranges answers.
 */
int utf8_columns(u32 c);

#endif
