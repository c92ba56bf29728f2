/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's functions for bytes as commands: memset(), memcpy(), clear_page(). */
#ifndef KM_SHELL_CMD_MEMORY_H
#define KM_SHELL_CMD_MEMORY_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_memory_set(struct call *call, struct status *st);
bool cmd_memory_copy(struct call *call, struct status *st);
bool cmd_memory_strcpy(struct call *call, struct status *st);
bool cmd_memory_compare(struct call *call, struct status *st);
bool cmd_memory_clear_page(struct call *call, struct status *st);
bool cmd_memory_copy_page(struct call *call, struct status *st);
bool cmd_memory_clear_highpage(struct call *call, struct status *st);

#endif
