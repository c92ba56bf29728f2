/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Filters behind a '|': what a command prints, in part, in order, or counted.
 * They take the options of POSIX that are mostly used, and do what the
 * programs of those names do with them in the C locale.
 */
#ifndef KM_SHELL_FILTERS_H
#define KM_SHELL_FILTERS_H

#include "base/status.h"
#include "base/strbuf.h"

/* Bytes of a pattern for grep; a longer one could take the host's memory. */
#define FILTERS_PATTERN_MOST 200

/* Is there a filter of this name? */
bool filters_is(const char *name, size_t length);

/* Says that there is no filter called so, and which there are. Returns false. */
bool filters_unknown(const char *name, struct status *st);

/* The n-th filter's name; *text: how it is written and what it does, a line each. NULL behind the last. */
const char *filters_name(size_t n, const char **form, const char **text);

/*
 * Appends to `out` what the filter makes of `in`.  argv[0] is its name, and
 * argc - 1 arguments follow.  false: there is no such filter, or it is used in
 * a wrong way, and the message says how.
 */
bool filters_run(size_t argc, const char *const *argv, const struct strbuf *in, struct strbuf *out, struct status *st);

#endif
