/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that move the session in time, or set it up. */
#ifndef KM_SHELL_CMD_SESSION_H
#define KM_SHELL_CMD_SESSION_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_session_cpu(struct call *call, struct status *st);
bool cmd_session_history(struct call *call, struct status *st);
bool cmd_session_undo(struct call *call, struct status *st);
bool cmd_session_redo(struct call *call, struct status *st);
bool cmd_session_goto(struct call *call, struct status *st);
bool cmd_session_reset(struct call *call, struct status *st);
bool cmd_session_set(struct call *call, struct status *st);
bool cmd_session_help(struct call *call, struct status *st);
bool cmd_session_quit(struct call *call, struct status *st);

#endif
