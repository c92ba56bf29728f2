/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands peek and poke: what lies in memory; and tick, which lets it age. */
#ifndef KM_SHELL_CMD_BYTES_H
#define KM_SHELL_CMD_BYTES_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_bytes_peek(struct call *call, struct status *st);
bool cmd_bytes_poke(struct call *call, struct status *st);
bool cmd_bytes_tick(struct call *call, struct status *st);

#endif
