/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caches of objects, and objects, as pictures of text. */
#ifndef KM_SHELL_CMD_CACHE_H
#define KM_SHELL_CMD_CACHE_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, as the status says. */
bool cmd_cache_show(struct call *call, struct status *st);
bool cmd_cache_object(struct call *call, struct status *st);

#endif
