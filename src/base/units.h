/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes as people write them: "512M", "3.6K", 812.4M. */
#ifndef KM_BASE_UNITS_H
#define KM_BASE_UNITS_H

#include "base/types.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define TIB (GIB * 1024)

/* The largest text that units_format() writes, with its NUL. */
#define UNITS_MAX 48

/* Multiplier of a suffix letter K M G T (either case); 0 if `c` is none. */
u64 units_suffix(char c);

/*
 * Reads the whole of `s` as a size in bytes: a C integer (decimal, 0x, 0),
 * then an optional suffix.  false, and *bytes unchanged, if it is no size or
 * does not fit in 64 bits.
 */
bool units_parse(const char *s, u64 *bytes);

/* Writes bytes as "812.4M": one digit behind the point at most, none if exact. Returns `out`. */
const char *units_format(u64 bytes, char out[UNITS_MAX]);

#endif
