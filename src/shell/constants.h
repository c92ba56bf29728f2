/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's constants, with the values that the machine's kernel gives them. */
#ifndef KM_SHELL_CONSTANTS_H
#define KM_SHELL_CONSTANTS_H

#include "machine/machine.h"
#include "session/value.h"

/* The constant called `name` on this machine; false: it has none of that name. */
bool constants_get(const struct machine *m, const char *name, struct value *v);

/* Is the name a constant's on some machine, so that no variable may have it? */
bool constants_reserved(const char *name);

/* Name of the n-th constant of this machine's, NULL behind the last: for completion and help. */
const char *constants_name(const struct machine *m, size_t n);

#endif
