/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command show addresses: the address space as a table. */
#ifndef KM_SHELL_CMD_ADDRESSES_H
#define KM_SHELL_CMD_ADDRESSES_H

#include "shell/commands.h"

/* See commands.def. false: refused, as the status says. */
bool cmd_addresses_list(struct call *call, struct status *st);

#endif
