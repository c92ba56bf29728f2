/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_counts.h"

#include <stdlib.h>

static bool reserve(struct cache_counts *c, u32 count)
{
	struct cache_count *item;

	if (count <= c->capacity)
		return true;
	item = realloc(c->item, count * sizeof *item);
	if (!item)
		return false;
	c->item = item;
	c->capacity = count;
	return true;
}

void cache_counts_take(struct cache_counts *c, const struct slab_system *s)
{
	u32 count = s->state->slots_used;

	c->count = 0;
	if (!reserve(c, count))
		return;
	for (u32 n = 0; n < count; n++) {
		struct slab_info info = { 0 };

		c->item[n] = (struct cache_count){ 0 };
		if (!s->cache[n].used)
			continue;
		s->config->rules->info(s, &s->cache[n], &info);
		c->item[n] = (struct cache_count){ true, info.active_objs, info.num_objs, info.num_slabs };
	}
	c->count = count;
}

void cache_counts_move(struct cache_counts *to, struct cache_counts *from)
{
	struct cache_counts spare = *to;

	*to = *from;
	*from = spare;
	from->count = 0;
}

void cache_counts_free(struct cache_counts *c)
{
	free(c->item);
	*c = (struct cache_counts){ 0 };
}

const struct cache_count *cache_counts_find(const struct cache_counts *c, u32 slot)
{
	return slot < c->count && c->item[slot].used ? &c->item[slot] : NULL;
}
