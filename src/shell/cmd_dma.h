/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for devices as commands. */
#ifndef KM_SHELL_CMD_DMA_H
#define KM_SHELL_CMD_DMA_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_dma_device(struct call *call, struct status *st);
bool cmd_dma_bit_mask(struct call *call, struct status *st);
bool cmd_dma_set_mask(struct call *call, struct status *st);
bool cmd_dma_set_coherent_mask(struct call *call, struct status *st);
bool cmd_dma_set_both_masks(struct call *call, struct status *st);
bool cmd_dma_alloc(struct call *call, struct status *st);
bool cmd_dma_free(struct call *call, struct status *st);
bool cmd_dma_pci_alloc(struct call *call, struct status *st);
bool cmd_dma_map_single(struct call *call, struct status *st);
bool cmd_dma_map_page(struct call *call, struct status *st);
bool cmd_dma_unmap(struct call *call, struct status *st);
bool cmd_dma_sync_for_cpu(struct call *call, struct status *st);
bool cmd_dma_sync_for_device(struct call *call, struct status *st);
bool cmd_dma_mapping_error(struct call *call, struct status *st);
bool cmd_dma_max_mapping_size(struct call *call, struct status *st);

#endif
