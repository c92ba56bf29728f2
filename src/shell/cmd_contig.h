/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands for pieces that are no single block: exact sizes, many pages at once, contiguous areas. */
#ifndef KM_SHELL_CMD_CONTIG_H
#define KM_SHELL_CMD_CONTIG_H

#include "shell/commands.h"

bool cmd_contig_alloc_exact(struct call *call, struct status *st);
bool cmd_contig_free_exact(struct call *call, struct status *st);
bool cmd_contig_alloc_bulk(struct call *call, struct status *st);
bool cmd_contig_cma_alloc(struct call *call, struct status *st);
bool cmd_contig_cma_release(struct call *call, struct status *st);
bool cmd_contig_set_movable(struct call *call, struct status *st);

#endif
