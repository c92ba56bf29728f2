/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caches whose objects can be given up, as commands. */
#ifndef KM_SHELL_CMD_SHRINKER_H
#define KM_SHELL_CMD_SHRINKER_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_shrinker_set(struct call *call, struct status *st);
bool cmd_shrinker_remove(struct call *call, struct status *st);
bool cmd_shrinker_register(struct call *call, struct status *st);
bool cmd_shrinker_unregister(struct call *call, struct status *st);
bool cmd_shrinker_add_unused(struct call *call, struct status *st);
bool cmd_shrinker_take_unused(struct call *call, struct status *st);
bool cmd_shrinker_list(struct call *call, struct status *st);

#endif
