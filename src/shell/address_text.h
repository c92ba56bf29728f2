/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for what lies in the address space: for the command show addresses, and for the screen. */
#ifndef KM_SHELL_ADDRESS_TEXT_H
#define KM_SHELL_ADDRESS_TEXT_H

#include "base/strbuf.h"
#include "session/session.h"
#include "virt/address_map.h"

/*
 * Appends "0xf8800000-f8810fff".  With `brief`, the last address goes without the
 * groups of digits that it has in common with the first: "0xffffc90000000000-00010fff".
 */
void address_text_range(const struct virt_system *v, u64 start, u64 bytes, bool brief, struct strbuf *out);

/* Appends a size as "64K", beyond what people say in T in P or E; 0 stands for all 64 bits. */
void address_text_size(u64 bytes, struct strbuf *out);

/* Appends the size of an item as "64K+4K": what is behind the sign is its guard page. */
void address_text_item_size(const struct virt_system *v, const struct address_item *item, struct strbuf *out);

/*
 * The kernel's name for the address where a part begins: "PAGE_OFFSET",
 * "VMALLOC_END+1"; NULL: it has none.  And what a part without one is called.
 */
const char *address_text_symbol(const struct virt_system *v, const struct address_part *part);
const char *address_text_name(const struct address_part *part);

/* Appends what an item is: "vmalloc", "slot 3". */
void address_text_item(const struct address_item *item, struct strbuf *out);

/* Appends what a part is, and how much of it is in use: "vmalloc area: 3 areas, 76K"; `brief`: "3 areas, 76K". */
void address_text_part(const struct machine *m, const struct address_part *part, bool brief, struct strbuf *out);

/* Appends what more there is to say of an item: "to 0xfebf0000, #2  io = ioremap(...)". */
void address_text_about(const struct session *s, const struct address_item *item, struct strbuf *out);

/* Appends where the pages of a run lead: "0x3ffce HighMem", "guard page: an access faults". */
void address_text_run(const struct machine *m, const struct address_run *run, struct strbuf *out);

#endif
