/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that explains GFP masks. */
#ifndef KM_SHELL_CMD_GFP_H
#define KM_SHELL_CMD_GFP_H

#include "shell/commands.h"

/* See commands.def. false: refused, as the status says. */
bool cmd_gfp_explain(struct call *call, struct status *st);

#endif
