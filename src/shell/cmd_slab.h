/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caches of objects as commands. */
#ifndef KM_SHELL_CMD_SLAB_H
#define KM_SHELL_CMD_SLAB_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_slab_create(struct call *call, struct status *st);
bool cmd_slab_destroy(struct call *call, struct status *st);
bool cmd_slab_shrink(struct call *call, struct status *st);
bool cmd_slab_size(struct call *call, struct status *st);
bool cmd_slab_alloc(struct call *call, struct status *st);
bool cmd_slab_zalloc(struct call *call, struct status *st);
bool cmd_slab_free(struct call *call, struct status *st);
bool cmd_slab_alloc_bulk(struct call *call, struct status *st);
bool cmd_slab_free_bulk(struct call *call, struct status *st);
bool cmd_slab_reap(struct call *call, struct status *st);

/* Has this machine an allocator of objects? false with a message. */
bool cmd_slab_exists(const struct call *call, struct status *st);

/*
 * After a request for an object that came back as `address`: prints the report
 * of pages that could not be had, if that is why it is NULL.  `failures`:
 * requests for pages that were refused before it.
 */
void cmd_slab_report(const struct call *call, u64 address, gfp_t gfp, unsigned order, u64 failures);

#endif
