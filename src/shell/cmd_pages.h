/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page allocator's functions as commands. */
#ifndef KM_SHELL_CMD_PAGES_H
#define KM_SHELL_CMD_PAGES_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_pages_alloc(struct call *call, struct status *st);
bool cmd_pages_get(struct call *call, struct status *st);
bool cmd_pages_get_zeroed(struct call *call, struct status *st);
bool cmd_pages_free(struct call *call, struct status *st);
bool cmd_pages_free_address(struct call *call, struct status *st);
bool cmd_pages_free_cold(struct call *call, struct status *st);
bool cmd_pages_split(struct call *call, struct status *st);
bool cmd_pages_drain(struct call *call, struct status *st);
bool cmd_pages_get_order(struct call *call, struct status *st);
bool cmd_pages_to_pfn(struct call *call, struct status *st);
bool cmd_pages_of_pfn(struct call *call, struct status *st);
bool cmd_pages_address(struct call *call, struct status *st);
bool cmd_pages_free_any(struct call *call, struct status *st);

#endif
