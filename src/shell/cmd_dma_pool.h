/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DMA pools as commands, and the list of devices. */
#ifndef KM_SHELL_CMD_DMA_POOL_H
#define KM_SHELL_CMD_DMA_POOL_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_dma_pool_create(struct call *call, struct status *st);
bool cmd_dma_pool_alloc(struct call *call, struct status *st);
bool cmd_dma_pool_zalloc(struct call *call, struct status *st);
bool cmd_dma_pool_free(struct call *call, struct status *st);
bool cmd_dma_pool_destroy(struct call *call, struct status *st);
bool cmd_dma_pool_devices(struct call *call, struct status *st);

#endif
