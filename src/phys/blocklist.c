/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/blocklist.h"

void blocklist_init(struct block_list *list)
{
	*list = (struct block_list){ PFN_NONE, PFN_NONE, 0 };
}

pfn_t blocklist_below(const struct phys *p, const struct block_list *list, unsigned order, pfn_t pfn)
{
	pfn_t below = PFN_NONE;

	/* Boot adds in ascending order. */
	if (list->tail == PFN_NONE || list->tail < pfn)
		return list->tail;
	for (pfn_t at = list->head; at != PFN_NONE && at < pfn; at = blocklist_next(p, order, at))
		below = at;
	return below;
}
