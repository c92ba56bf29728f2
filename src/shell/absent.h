/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of kernels that cannot be called here: those that are not modelled, and those of another machine's kernel.
 */
#ifndef KM_SHELL_ABSENT_H
#define KM_SHELL_ABSENT_H

#include "shell/commands.h"

/* Why a function that kernel texts use is not here: "... is not modelled", translated; NULL: nothing is known of it. */
const char *absent_reason(const char *name);

/* The n-th name that absent_reason() knows; NULL behind the last. */
const char *absent_name(size_t n);

/* Appends the machines whose kernel has the command: "i386-6.1-slab, x86_64-6.1-slub". */
void absent_machines(const struct command_info *command, struct strbuf *out);

#endif
