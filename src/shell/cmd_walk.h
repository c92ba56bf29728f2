/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command walk: down the page tables. */
#ifndef KM_SHELL_CMD_WALK_H
#define KM_SHELL_CMD_WALK_H

#include "shell/commands.h"

bool cmd_walk_walk(struct call *call, struct status *st);

#endif
