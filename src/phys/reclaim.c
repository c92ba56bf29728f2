/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/reclaim.h"

#include "base/hash.h"

#include <string.h>

size_t reclaim_arena_size(const struct phys_config *c)
{
	if (c->lru_rule == LRU_NONE)
		return 0;
	return arena_chunks((size_t)RECLAIM_OWNERS * RECLAIM_PAGES * sizeof(struct place)) +
	       arena_chunks(RECLAIM_PAGES);
}

size_t reclaim_root_size(const struct phys_config *c)
{
	if (c->lru_rule == LRU_NONE)
		return 0;
	/* 64: what alignment may lose. */
	return sizeof(struct reclaim) + c->zones * (sizeof(struct lruvec) + sizeof(struct zone_pages)) + 3 * 64;
}

bool reclaim_init(struct phys *p)
{
	const struct phys_config *c = p->config;
	struct reclaim *r;

	if (c->lru_rule == LRU_NONE)
		return true;
	r = p->reclaim = arena_root(p->arena, sizeof *p->reclaim);
	p->lruvec = arena_root(p->arena, c->zones * sizeof *p->lruvec);
	p->zone_pages = arena_root(p->arena, c->zones * sizeof *p->zone_pages);
	p->place = arena_array(p->arena, (size_t)RECLAIM_OWNERS * RECLAIM_PAGES, sizeof *p->place);
	p->swap_map = arena_array(p->arena, RECLAIM_PAGES, 1);
	if (!r || !p->lruvec || !p->zone_pages || !p->place || !p->swap_map)
		return false;
	for (unsigned v = 0; v < c->zones; v++) {
		p->lruvec[v].prev_priority = p->lruvec[v].temp_priority = RECLAIM_PRIORITY;
		for (unsigned l = 0; l < LRU_LISTS; l++)
			p->lruvec[v].list[l] = (struct block_list){ PFN_NONE, PFN_NONE, 0 };
	}
	r->swappiness = 60;
	r->vfs_cache_pressure = 100;
	r->dirty_ratio = c->lru_rule == LRU_BY_ZONE ? 40 : 20;
	r->dirty_background_ratio = 10;
	return true;
}

/* ------------------------------------------------------------- counting */

void reclaim_count(struct phys *p, unsigned zone, enum vm_event event, u64 n)
{
	p->zone_pages[zone].event[event] += n;
}

u64 reclaim_counted(const struct phys *p, int type, enum vm_event event)
{
	u64 sum = 0;

	for (unsigned z = 0; p->zone_pages && z < p->config->zones; z++)
		if (type < 0 || p->config->zone[z].type == type)
			sum += p->zone_pages[z].event[event];
	return sum;
}

#define SUM_OF_ZONES(name, member)                                               \
	u64 reclaim_##name(const struct phys *p)                                 \
	{                                                                        \
		u64 sum = 0;                                                     \
                                                                                 \
		for (unsigned z = 0; p->zone_pages && z < p->config->zones; z++) \
			sum += p->zone_pages[z].member;                          \
		return sum;                                                      \
	}

SUM_OF_ZONES(anon, anon)
SUM_OF_ZONES(file, file)
SUM_OF_ZONES(dirty, dirty)
SUM_OF_ZONES(writeback, writeback)
SUM_OF_ZONES(swapcached, swapcached)

u64 reclaim_lru(const struct phys *p, enum lru_list list)
{
	u64 sum = 0;

	for (unsigned z = 0; p->zone_pages && z < p->config->zones; z++)
		sum += p->zone_pages[z].lru[list];
	return sum;
}

/* ------------------------------------------------------------- hash */

static u64 hash_words(u64 h, const void *at, size_t bytes)
{
	for (size_t i = 0; i + sizeof(u32) <= bytes; i += sizeof(u32)) {
		u32 word;

		memcpy(&word, (const u8 *)at + i, sizeof word);
		h = hash_word(h, word);
	}
	return h;
}

/* Where the pages of an owner are that are not in memory; for those that are, their descriptors say it. */
static u64 hash_owner(const struct phys *p, unsigned owner, u64 h)
{
	const struct owner *o = &p->reclaim->owner[owner];
	const struct place *place = &p->place[(size_t)owner * RECLAIM_PAGES];

	h = hash_words(h, o, sizeof *o);
	for (u32 i = 0; i < o->size; i++)
		if (place[i].state == PLACE_EVICTED || place[i].state == PLACE_SWAP)
			h = hash_word(hash_words(h, &place[i], sizeof place[i]), i);
	return h;
}

u64 reclaim_hash(const struct phys *p)
{
	const struct reclaim *r = p->reclaim;
	u64 h = HASH_INIT;

	if (!r)
		return h;
	h = hash_words(h, (const u8 *)r + sizeof r->owner, sizeof *r - sizeof r->owner);
	for (unsigned n = 0; n < RECLAIM_OWNERS; n++)
		if (*r->owner[n].name)
			h = hash_word(hash_owner(p, n, h), n);
	for (unsigned v = 0; v < p->config->zones; v++) {
		const struct lruvec *lruvec = &p->lruvec[v];

		for (unsigned l = 0; l < LRU_LISTS; l++)
			h = hash_word(h, phys_list_hash(p, &lruvec->list[l], 0));
		h = hash_words(h, &lruvec->age, sizeof *lruvec - offsetof(struct lruvec, age));
		h = hash_words(h, &p->zone_pages[v], sizeof p->zone_pages[v]);
	}
	return h;
}
