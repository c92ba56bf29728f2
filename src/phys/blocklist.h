/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of blocks of one order, linked by page frame number. */
#ifndef KM_PHYS_BLOCKLIST_H
#define KM_PHYS_BLOCKLIST_H

#include "phys/phys.h"

enum list_end { AT_HEAD, AT_TAIL };

void blocklist_init(struct block_list *list);

/* Puts a block that is on no list; `tag` says which list this is. A machine that sorts its lists ignores `end`. */
void blocklist_add(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn, u8 tag, enum list_end end);

/* Takes a block that is on this list off it. */
void blocklist_remove(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn);

/* The block behind `pfn`; PFN_NONE at the tail. */
static inline pfn_t blocklist_next(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->link[order][pfn >> order].next;
}

static inline pfn_t blocklist_prev(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->link[order][pfn >> order].prev;
}

static inline u8 blocklist_tag(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->tag[order][pfn >> order];
}

#endif
