/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command printk, and those that are built on it. */
#ifndef KM_SHELL_CMD_PRINTK_H
#define KM_SHELL_CMD_PRINTK_H

#include "shell/commands.h"

/* Prints a line of the kernel's log. false: the format does not fit the arguments, and the status says why. */
bool cmd_printk_print(struct call *call, struct status *st);

#endif
