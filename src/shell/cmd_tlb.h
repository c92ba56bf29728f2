/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command show tlb. */
#ifndef KM_SHELL_CMD_TLB_H
#define KM_SHELL_CMD_TLB_H

#include "shell/commands.h"

bool cmd_tlb_show(struct call *call, struct status *st);

#endif
