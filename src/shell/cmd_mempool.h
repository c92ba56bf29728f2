/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory pools as commands. */
#ifndef KM_SHELL_CMD_MEMPOOL_H
#define KM_SHELL_CMD_MEMPOOL_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_mempool_create(struct call *call, struct status *st);
bool cmd_mempool_create_slab(struct call *call, struct status *st);
bool cmd_mempool_create_kmalloc(struct call *call, struct status *st);
bool cmd_mempool_create_page(struct call *call, struct status *st);
bool cmd_mempool_alloc(struct call *call, struct status *st);
bool cmd_mempool_free(struct call *call, struct status *st);
bool cmd_mempool_resize(struct call *call, struct status *st);
bool cmd_mempool_destroy(struct call *call, struct status *st);
bool cmd_mempool_list(struct call *call, struct status *st);

#endif
