/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: files, processes, swap, time: what fills memory with pages that can be reclaimed. */
#ifndef KM_SHELL_CMD_RECLAIM_H
#define KM_SHELL_CMD_RECLAIM_H

#include "shell/commands.h"

bool cmd_reclaim_read_file(struct call *call, struct status *st);
bool cmd_reclaim_write_file(struct call *call, struct status *st);
bool cmd_reclaim_remove_file(struct call *call, struct status *st);
bool cmd_reclaim_touch_anon(struct call *call, struct status *st);
bool cmd_reclaim_process(struct call *call, struct status *st);
bool cmd_reclaim_compute(struct call *call, struct status *st);
bool cmd_reclaim_kill(struct call *call, struct status *st);
bool cmd_reclaim_processes(struct call *call, struct status *st);
bool cmd_reclaim_files(struct call *call, struct status *st);
bool cmd_reclaim_swapon(struct call *call, struct status *st);
bool cmd_reclaim_swapoff(struct call *call, struct status *st);
bool cmd_reclaim_sync(struct call *call, struct status *st);
bool cmd_reclaim_idle(struct call *call, struct status *st);
bool cmd_reclaim_kswapd(struct call *call, struct status *st);

#endif
