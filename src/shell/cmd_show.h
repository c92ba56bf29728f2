/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that look at values, variables and what happened. */
#ifndef KM_SHELL_CMD_SHOW_H
#define KM_SHELL_CMD_SHOW_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_show_show(struct call *call, struct status *st);
bool cmd_show_print(struct call *call, struct status *st);
bool cmd_show_vars(struct call *call, struct status *st);
bool cmd_show_blocks(struct call *call, struct status *st);
bool cmd_show_why(struct call *call, struct status *st);
bool cmd_show_len(struct call *call, struct status *st);

#endif
