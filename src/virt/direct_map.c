/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/direct_map.h"

#include <string.h>

static void count(const struct virt_system *v, u64 start, u64 end, u64 pages[TABLE_LEVELS])
{
	struct table_leaf leaf;

	memset(pages, 0, TABLE_LEVELS * sizeof *pages);
	for (u64 at = start; at < end; at = leaf.start + leaf.bytes) {
		leaf = page_table_leaf(v, at);
		pages[leaf.level - 1] += page_table_maps(&leaf);
	}
}

void direct_map_count(const struct virt_system *v, u64 pages[TABLE_LEVELS])
{
	u64 image[TABLE_LEVELS], split;

	/* The end of the direct map may lie within a big page. */
	count(v, v->config->page_offset, v->config->high_memory, pages);
	if (!v->config->image_map)
		return;
	count(v, v->config->image_map, v->config->image_map_end, image);
	split = image[0] >> v->config->index_bits;
	pages[0] += image[0];
	pages[1] -= split < pages[1] ? split : pages[1];
}
