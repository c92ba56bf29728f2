/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand where the cursor is. */
#ifndef KM_SHELL_COMPLETE_H
#define KM_SHELL_COMPLETE_H

#include "session/session.h"

/*
 * The words that the word before byte `cursor` of `line` can become, sorted: a
 * NULL-terminated array, all malloc'd, the caller's.  *start is where that word
 * begins.  NULL: there is none.
 */
char **complete_line(const struct session *s, const char *line, size_t cursor, size_t *start);

#endif
