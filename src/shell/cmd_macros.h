/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: macros that stand between the calls of kernel texts: BUG_ON, WARN_ON, likely, IS_ERR, KMEM_CACHE. */
#ifndef KM_SHELL_CMD_MACROS_H
#define KM_SHELL_CMD_MACROS_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_macros_bug(struct call *call, struct status *st);
bool cmd_macros_bug_on(struct call *call, struct status *st);
bool cmd_macros_warn_on(struct call *call, struct status *st);
bool cmd_macros_likely(struct call *call, struct status *st);
bool cmd_macros_is_err(struct call *call, struct status *st);
bool cmd_macros_ptr_err(struct call *call, struct status *st);
bool cmd_macros_err_ptr(struct call *call, struct status *st);
bool cmd_macros_kmem_cache(struct call *call, struct status *st);

#endif
