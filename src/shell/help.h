/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, from the tables of commands, queries, constants and settings. */
#ifndef KM_SHELL_HELP_H
#define KM_SHELL_HELP_H

#include "base/status.h"
#include "base/strbuf.h"
#include "machine/machine.h"

/* Columns that no line of help goes beyond. */
#define HELP_COLUMNS 79

/*
 * Appends the help for a command or a topic (NULL: the overview, which fits on
 * a screen of 24 lines).  false: there is none, and `st` names the nearest.
 */
bool help_show(const struct machine *m, const char *topic, struct strbuf *out, struct status *st);

/* Name of the n-th topic, NULL behind the last: for completion. */
const char *help_topic(size_t n);

#endif
