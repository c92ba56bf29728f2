/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command slabtop: the table of caches that procps's program prints. */
#ifndef KM_SHELL_CMD_SLABTOP_H
#define KM_SHELL_CMD_SLABTOP_H

#include "shell/commands.h"

/* See commands.def. false: refused, as the status says. */
bool cmd_slabtop_print(struct call *call, struct status *st);

#endif
