/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's translations between addresses, pages and frame numbers, as
 * commands.  Each computes what the kernel computes, also where that means
 * nothing: __pa() subtracts PAGE_OFFSET from whatever it is given.  Then a
 * sentence is printed that says so.  The rules are those of <asm/page.h> and of
 * the memory models FLATMEM (32 bits) and SPARSEMEM (x86_64 as recorded).
 */
#ifndef KM_SHELL_CMD_TRANSLATE_H
#define KM_SHELL_CMD_TRANSLATE_H

#include "shell/commands.h"

/* Each does one command of commands.def. false: refused, nothing is changed, and the status says why. */
bool cmd_translate_pa(struct call *call, struct status *st);
bool cmd_translate_va(struct call *call, struct status *st);
bool cmd_translate_virt_to_page(struct call *call, struct status *st);
bool cmd_translate_page_to_phys(struct call *call, struct status *st);
bool cmd_translate_pfn_valid(struct call *call, struct status *st);
bool cmd_translate_virt_addr_valid(struct call *call, struct status *st);
bool cmd_translate_is_vmalloc(struct call *call, struct status *st);
bool cmd_translate_vmalloc_to_page(struct call *call, struct status *st);
bool cmd_translate_vmalloc_to_pfn(struct call *call, struct status *st);

#endif
