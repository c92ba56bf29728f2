/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an address is: the way down the page tables, and all that is known of what lies there. */
#ifndef KM_SHELL_CMD_WHERE_H
#define KM_SHELL_CMD_WHERE_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_where_where(struct call *call, struct status *st);

#endif
