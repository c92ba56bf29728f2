/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernel addresses as commands: vmalloc(), ioremap(), kmap(), memory for devices. */
#ifndef KM_SHELL_CMD_VIRT_H
#define KM_SHELL_CMD_VIRT_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_virt_vmalloc(struct call *call, struct status *st);
bool cmd_virt_vzalloc(struct call *call, struct status *st);
bool cmd_virt_vmalloc_user(struct call *call, struct status *st);
bool cmd_virt_vmalloc_32(struct call *call, struct status *st);
bool cmd_virt_vmalloc_gfp(struct call *call, struct status *st);
bool cmd_virt_vfree(struct call *call, struct status *st);
bool cmd_virt_vmap(struct call *call, struct status *st);
bool cmd_virt_vunmap(struct call *call, struct status *st);
bool cmd_virt_unmap_aliases(struct call *call, struct status *st);
bool cmd_virt_ioremap(struct call *call, struct status *st);
bool cmd_virt_ioremap_nocache(struct call *call, struct status *st);
bool cmd_virt_ioremap_wc(struct call *call, struct status *st);
bool cmd_virt_iounmap(struct call *call, struct status *st);
bool cmd_virt_kmap(struct call *call, struct status *st);
bool cmd_virt_kunmap(struct call *call, struct status *st);
bool cmd_virt_kmap_atomic(struct call *call, struct status *st);
bool cmd_virt_kunmap_atomic(struct call *call, struct status *st);
bool cmd_virt_kmap_local(struct call *call, struct status *st);
bool cmd_virt_kunmap_local(struct call *call, struct status *st);

/* Has this machine a layout of addresses? false with a message. */
bool cmd_virt_exists(const struct call *call, struct status *st);

#endif
