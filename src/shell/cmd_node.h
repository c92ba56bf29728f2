/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that are others with an argument more: a node, a zone; and kvmalloc(), which is one of two. */
#ifndef KM_SHELL_CMD_NODE_H
#define KM_SHELL_CMD_NODE_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_node_alloc_pages(struct call *call, struct status *st);
bool cmd_node_kmalloc(struct call *call, struct status *st);
bool cmd_node_vmalloc(struct call *call, struct status *st);
bool cmd_node_get_dma(struct call *call, struct status *st);
bool cmd_node_kvmalloc(struct call *call, struct status *st);
bool cmd_node_kvzalloc(struct call *call, struct status *st);
bool cmd_node_kvmalloc_array(struct call *call, struct status *st);
bool cmd_node_kvcalloc(struct call *call, struct status *st);
bool cmd_node_kvfree(struct call *call, struct status *st);

#endif
