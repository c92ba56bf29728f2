/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that read or write files, of /proc and of the host. */
#ifndef KM_SHELL_CMD_FILES_H
#define KM_SHELL_CMD_FILES_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_files_cat(struct call *call, struct status *st);
bool cmd_files_echo(struct call *call, struct status *st);
bool cmd_files_load(struct call *call, struct status *st);
bool cmd_files_save(struct call *call, struct status *st);
bool cmd_files_recover(struct call *call, struct status *st);

#endif
