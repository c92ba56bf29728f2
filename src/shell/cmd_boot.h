/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands: boot step by step, and the boot-time allocators (help on each is in commands.def). */
#ifndef KM_SHELL_CMD_BOOT_H
#define KM_SHELL_CMD_BOOT_H

#include "shell/commands.h"

bool cmd_boot_boot(struct call *call, struct status *st);
bool cmd_boot_step(struct call *call, struct status *st);
bool cmd_boot_steps(struct call *call, struct status *st);
bool cmd_boot_mem_init(struct call *call, struct status *st);
bool cmd_boot_free_all_bootmem(struct call *call, struct status *st);

/* 2.6: from the goal, 16 MiB or none, up; aligned to a cache line or a page. */
bool cmd_boot_alloc_bootmem(struct call *call, struct status *st);
bool cmd_boot_alloc_pages(struct call *call, struct status *st);
bool cmd_boot_alloc_low(struct call *call, struct status *st);
bool cmd_boot_alloc_low_pages(struct call *call, struct status *st);
bool cmd_boot_alloc_goal(struct call *call, struct status *st);

/* 6.1: from the top down. */
bool cmd_boot_memblock_alloc(struct call *call, struct status *st);
bool cmd_boot_memblock_phys_alloc(struct call *call, struct status *st);

bool cmd_boot_add(struct call *call, struct status *st);
bool cmd_boot_reserve(struct call *call, struct status *st);
bool cmd_boot_free(struct call *call, struct status *st);
bool cmd_boot_free_address(struct call *call, struct status *st);

#endif
