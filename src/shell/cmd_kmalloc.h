/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kmalloc() and what is built on it as commands. */
#ifndef KM_SHELL_CMD_KMALLOC_H
#define KM_SHELL_CMD_KMALLOC_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_kmalloc_alloc(struct call *call, struct status *st);
bool cmd_kmalloc_zalloc(struct call *call, struct status *st);
bool cmd_kmalloc_calloc(struct call *call, struct status *st);
bool cmd_kmalloc_array(struct call *call, struct status *st);
bool cmd_kmalloc_realloc(struct call *call, struct status *st);
bool cmd_kmalloc_strdup(struct call *call, struct status *st);
bool cmd_kmalloc_size(struct call *call, struct status *st);
bool cmd_kmalloc_free(struct call *call, struct status *st);

#endif
