/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command leaks: what was got and never given back. */
#ifndef KM_SHELL_CMD_LEAKS_H
#define KM_SHELL_CMD_LEAKS_H

#include "shell/commands.h"

/* false: refused, and the status says why. */
bool cmd_leaks_list(struct call *call, struct status *st);

#endif
