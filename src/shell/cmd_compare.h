/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command compare: all ways to get memory, side by side. */
#ifndef KM_SHELL_CMD_COMPARE_H
#define KM_SHELL_CMD_COMPARE_H

#include "shell/commands.h"

/* See commands.def. false: refused, as the status says. */
bool cmd_compare_ways(struct call *call, struct status *st);

#endif
