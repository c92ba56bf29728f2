/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed addresses as commands. */
#ifndef KM_SHELL_CMD_FIXMAP_H
#define KM_SHELL_CMD_FIXMAP_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_fixmap_set(struct call *call, struct status *st);
bool cmd_fixmap_set_nocache(struct call *call, struct status *st);
bool cmd_fixmap_clear(struct call *call, struct status *st);
bool cmd_fixmap_to_virt(struct call *call, struct status *st);
bool cmd_fixmap_to_virt_any(struct call *call, struct status *st);
bool cmd_fixmap_of_virt(struct call *call, struct status *st);

#endif
