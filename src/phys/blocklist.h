/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of blocks of one order, linked by page frame number.
 *
 * Adding and removing are inline: every allocation does both, and a call each
 * is a tenth of its time.
 */
#ifndef KM_PHYS_BLOCKLIST_H
#define KM_PHYS_BLOCKLIST_H

#include "phys/phys.h"

enum list_end { AT_HEAD, AT_TAIL };

void blocklist_init(struct block_list *list);

/* The last block of a sorted list that lies below `pfn`; PFN_NONE: there is none. */
pfn_t blocklist_below(const struct phys *p, const struct block_list *list, unsigned order, pfn_t pfn);

/* The block behind `pfn`; PFN_NONE at the tail. */
static inline pfn_t blocklist_next(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->link[order][pfn >> order].next;
}

static inline pfn_t blocklist_prev(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->link[order][pfn >> order].prev;
}

static inline u16 blocklist_tag(const struct phys *p, unsigned order, pfn_t pfn)
{
	return p->tag[order][pfn >> order];
}

static inline struct block_link *blocklist_write(struct phys *p, unsigned order, pfn_t pfn)
{
	struct block_link *link = &p->link[order][pfn >> order];

	arena_touch(p->arena, link);
	return link;
}

static inline void blocklist_write_tag(struct phys *p, unsigned order, pfn_t pfn, u16 tag)
{
	u16 *t = &p->tag[order][pfn >> order];

	arena_touch(p->arena, t);
	*t = tag;
}

/* Puts a block that is on no list; `tag` says which list this is. A machine that sorts its lists ignores `end`. */
static inline void blocklist_add(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn, u16 tag,
				 enum list_end end)
{
	struct block_link *link = blocklist_write(p, order, pfn);
	pfn_t prev = end == AT_TAIL ? list->tail : PFN_NONE;

	if (__builtin_expect(p->config->list_rule == LIST_BY_ADDRESS, 0))
		prev = blocklist_below(p, list, order, pfn);
	link->prev = prev;
	link->next = prev == PFN_NONE ? list->head : blocklist_next(p, order, prev);
	if (link->next == PFN_NONE)
		list->tail = pfn;
	else
		blocklist_write(p, order, link->next)->prev = pfn;
	if (prev == PFN_NONE)
		list->head = pfn;
	else
		blocklist_write(p, order, prev)->next = pfn;
	list->count++;
	blocklist_write_tag(p, order, pfn, tag);
}

/* Takes a block that is on this list off it. */
static inline void blocklist_remove(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn)
{
	struct block_link link = p->link[order][pfn >> order];

	if (link.prev == PFN_NONE)
		list->head = link.next;
	else
		blocklist_write(p, order, link.prev)->next = link.next;
	if (link.next == PFN_NONE)
		list->tail = link.prev;
	else
		blocklist_write(p, order, link.next)->prev = link.prev;
	list->count--;
	blocklist_write_tag(p, order, pfn, 0);
}

#endif
