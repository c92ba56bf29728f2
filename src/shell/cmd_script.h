/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands for scripts: texts, pauses, other scripts. */
#ifndef KM_SHELL_CMD_SCRIPT_H
#define KM_SHELL_CMD_SCRIPT_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_script_say(struct call *call, struct status *st);
bool cmd_script_pause(struct call *call, struct status *st);
bool cmd_script_include(struct call *call, struct status *st);
bool cmd_script_source(struct call *call, struct status *st);

#endif
