/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/blocklist.h"

void blocklist_init(struct block_list *list)
{
	*list = (struct block_list){ PFN_NONE, PFN_NONE, 0 };
}

static struct block_link *link_for_writing(struct phys *p, unsigned order, pfn_t pfn)
{
	struct block_link *link = &p->link[order][pfn >> order];

	arena_touch(p->arena, link);
	return link;
}

static void tag_block(struct phys *p, unsigned order, pfn_t pfn, u8 tag)
{
	u8 *t = &p->tag[order][pfn >> order];

	arena_touch(p->arena, t);
	*t = tag;
}

/* The last block of a sorted list that lies below `pfn`; PFN_NONE: there is none. */
static pfn_t blocklist_below(const struct phys *p, const struct block_list *list, unsigned order, pfn_t pfn)
{
	pfn_t below = PFN_NONE;

	for (pfn_t at = list->head; at != PFN_NONE && at < pfn; at = blocklist_next(p, order, at))
		below = at;
	return below;
}

void blocklist_add(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn, u8 tag, enum list_end end)
{
	struct block_link *link = link_for_writing(p, order, pfn);
	pfn_t prev = end == AT_TAIL ? list->tail : PFN_NONE;

	if (p->config->list_rule == LIST_BY_ADDRESS)
		prev = blocklist_below(p, list, order, pfn);
	link->prev = prev;
	link->next = prev == PFN_NONE ? list->head : blocklist_next(p, order, prev);
	if (link->next == PFN_NONE)
		list->tail = pfn;
	else
		link_for_writing(p, order, link->next)->prev = pfn;
	if (prev == PFN_NONE)
		list->head = pfn;
	else
		link_for_writing(p, order, prev)->next = pfn;
	list->count++;
	tag_block(p, order, pfn, tag);
}

void blocklist_remove(struct phys *p, struct block_list *list, unsigned order, pfn_t pfn)
{
	struct block_link link = p->link[order][pfn >> order];

	if (link.prev == PFN_NONE)
		list->head = link.next;
	else
		link_for_writing(p, order, link.prev)->next = link.next;
	if (link.next == PFN_NONE)
		list->tail = link.prev;
	else
		link_for_writing(p, order, link.next)->prev = link.prev;
	list->count--;
	tag_block(p, order, pfn, 0);
}
