/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command trend: how a zone fared, as a table. */
#ifndef KM_SHELL_CMD_TREND_H
#define KM_SHELL_CMD_TREND_H

#include "shell/commands.h"

/* See commands.def. false: refused, as the status says. */
bool cmd_trend_table(struct call *call, struct status *st);

#endif
