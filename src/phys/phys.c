/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/phys.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/blocklist.h"
#include "phys/page.h"
#include "phys/lru.h"
#include "phys/pageblock.h"
#include "phys/reclaim.h"

#include <inttypes.h>
#include <string.h>

/* Blocks of an order that there can be, the last one perhaps cut off. */
static size_t blocks_of_order(const struct phys_config *c, unsigned order)
{
	return ((size_t)c->max_pfn >> order) + 1;
}

u32 phys_page_slots(const struct phys_config *c)
{
	return c->max_pfn < PHYS_PAGE_SLOTS ? c->max_pfn : PHYS_PAGE_SLOTS;
}

size_t phys_arena_size(const struct phys_config *c)
{
	size_t bytes = arena_chunks((size_t)c->max_pfn * sizeof(struct frame));
	struct phys p = { .config = c };

	for (unsigned o = 0; o < c->orders; o++) {
		bytes += arena_chunks(blocks_of_order(c, o) * sizeof(struct block_link));
		bytes += arena_chunks(blocks_of_order(c, o) * sizeof(u16));
	}
	for (unsigned z = 0; z < c->zones; z++)
		bytes += arena_chunks(pageblock_count(&p, z));
	for (unsigned a = 0; a < c->cma_areas; a++)
		bytes += arena_chunks(c->cma[a].count >> c->cma[a].order_per_bit);
	bytes += reclaim_arena_size(c);
	bytes += arena_chunks((size_t)c->max_pfn * sizeof(u32));
	bytes += arena_chunks((size_t)phys_page_slots(c) * sizeof(struct page));
	bytes += arena_chunks((size_t)phys_page_slots(c) << c->page_shift);
	return bytes;
}

size_t phys_root_size(const struct phys_config *c)
{
	/* 64: what alignment may lose. */
	return sizeof(struct phys_state) + 64 + c->zones * sizeof(struct zone) + 64 +
	       (size_t)c->zones * c->cpus * sizeof(struct pcp) + 64 + reclaim_root_size(c);
}

/* Page blocks of `zone` that hold no memory are of no type, the others movable. */
static void phys_init_blocks(struct phys *p, unsigned zone)
{
	pfn_t length = (pfn_t)1 << p->config->pageblock_order;

	for (u32 n = 0; n < pageblock_count(p, zone); n++) {
		pfn_t start = pageblock_start(p, zone, n);
		bool memory = p->config->memory_ranges == 0;

		for (unsigned r = 0; r < p->config->memory_ranges && !memory; r++)
			memory = p->config->memory[r].start < start + length && p->config->memory[r].end > start;
		pageblock_set_type_at(p, zone, n,
				      !memory                        ? MT_NONE
				      : p->config->mobility_disabled ? MT_UNMOVABLE
								     : MT_MOVABLE);
	}
}

static void phys_init_zone(struct phys *p, unsigned zone)
{
	const struct zone_config *zc = &p->config->zone[zone];
	struct zone *z = &p->zone[zone];

	z->managed = zc->managed;
	memcpy(z->wmark, zc->wmark, sizeof z->wmark);
	memcpy(z->lowmem_reserve, zc->lowmem_reserve, sizeof z->lowmem_reserve);
	for (unsigned o = 0; o < PHYS_ORDERS; o++)
		for (unsigned t = 0; t < MT_COUNT; t++)
			blocklist_init(&z->list[o][t]);
	for (unsigned cpu = 0; cpu < p->config->cpus; cpu++) {
		for (unsigned s = 0; s < 2; s++) {
			struct pcp_set *set = &phys_pcp(p, zone, cpu)->set[s];

			set->high = zc->pcp_high[s];
			set->batch = zc->pcp_batch[s];
			for (unsigned l = 0; l < PHYS_PCP_LISTS; l++)
				blocklist_init(&set->list[l]);
		}
	}
	phys_init_blocks(p, zone);
}

/* A node's own zones from the highest down, then those of the next nodes, round. */
static void phys_init_zonelist(struct phys *p, unsigned node, unsigned highest)
{
	const struct phys_config *c = p->config;
	unsigned n = 0;

	for (unsigned step = 0; step < c->nodes; step++)
		for (unsigned z = c->zones; z-- > 0;)
			if (c->zone[z].node == (node + step) % c->nodes && c->zone[z].type <= highest)
				p->zonelist[node][highest][n++] = (u8)z;
	p->zonelist[node][highest][n] = ZONELIST_END;
}

bool phys_init(struct phys *p, const struct phys_config *c, struct arena *arena, struct status *st)
{
	bool fits = true;

	memset(p, 0, sizeof *p);
	p->config = c;
	p->arena = arena;
	p->gfp = gfp_bits(c->gfp);
	p->state = arena_root(arena, sizeof *p->state);
	p->zone = arena_root(arena, c->zones * sizeof *p->zone);
	p->pcp = arena_root(arena, (size_t)c->zones * c->cpus * sizeof *p->pcp);
	p->frame = arena_array(arena, c->max_pfn, sizeof *p->frame);
	fits = p->state && p->zone && p->pcp && p->frame;
	for (unsigned o = 0; o < c->orders && fits; o++) {
		p->link[o] = arena_array(arena, blocks_of_order(c, o), sizeof *p->link[o]);
		p->tag[o] = arena_array(arena, blocks_of_order(c, o), sizeof *p->tag[o]);
		fits = p->link[o] && p->tag[o];
	}
	for (unsigned z = 0; z < c->zones && fits; z++) {
		p->block_type[z] = arena_array(arena, pageblock_count(p, z), 1);
		fits = p->block_type[z] != NULL;
	}
	for (unsigned a = 0; a < c->cma_areas && fits; a++) {
		p->cma_used[a] = arena_array(arena, c->cma[a].count >> c->cma[a].order_per_bit, 1);
		fits = p->cma_used[a] != NULL;
	}
	p->page_slots = phys_page_slots(c);
	if (fits) {
		p->page_slot = arena_array(arena, c->max_pfn, sizeof *p->page_slot);
		p->page = arena_array(arena, p->page_slots, sizeof *p->page);
		p->bytes = arena_array(arena, p->page_slots, (size_t)1 << c->page_shift);
		fits = p->page_slot && p->page && p->bytes;
	}
	if (!fits || !reclaim_init(p))
		return status_fail(st, STATUS_NO_MEMORY, _("the machine's state does not fit in its arena"));
	for (unsigned z = 0; z < c->zones; z++)
		phys_init_zone(p, z);
	for (unsigned node = 0; node < c->nodes; node++)
		for (unsigned highest = 0; highest < PHYS_ZONE_TYPES; highest++)
			phys_init_zonelist(p, node, highest);
	return true;
}

void phys_rebase(struct phys *p, const struct phys *from, struct arena *arena)
{
	*p = *from;
	p->arena = arena;
	p->observer = NULL;
	p->moved = NULL;
	p->oom = NULL;
	p->shrinker_calls = (struct shrinker_calls){ .count = NULL };
	p->reclaim = arena_same_place(from->arena, from->reclaim, arena);
	p->lruvec = arena_same_place(from->arena, from->lruvec, arena);
	p->zone_pages = arena_same_place(from->arena, from->zone_pages, arena);
	p->place = arena_same_place(from->arena, from->place, arena);
	p->swap_map = arena_same_place(from->arena, from->swap_map, arena);
	p->state = arena_same_place(from->arena, from->state, arena);
	p->zone = arena_same_place(from->arena, from->zone, arena);
	p->pcp = arena_same_place(from->arena, from->pcp, arena);
	p->frame = arena_same_place(from->arena, from->frame, arena);
	p->page_slot = arena_same_place(from->arena, from->page_slot, arena);
	p->page = arena_same_place(from->arena, from->page, arena);
	p->bytes = arena_same_place(from->arena, from->bytes, arena);
	for (unsigned o = 0; o < PHYS_ORDERS; o++) {
		p->link[o] = arena_same_place(from->arena, from->link[o], arena);
		p->tag[o] = arena_same_place(from->arena, from->tag[o], arena);
	}
	for (unsigned z = 0; z < PHYS_ZONES; z++)
		p->block_type[z] = arena_same_place(from->arena, from->block_type[z], arena);
	for (unsigned a = 0; a < PHYS_CMA_AREAS; a++)
		p->cma_used[a] = arena_same_place(from->arena, from->cma_used[a], arena);
}

int phys_zone_by_name(const struct phys *p, const char *name)
{
	size_t length = strcspn(name, ".");
	unsigned node = 0;

	if (name[length] == '.') {
		if (name[length + 1] < '0' || name[length + 1] > '9' || name[length + 2])
			return -1;
		node = (unsigned)(name[length + 1] - '0');
	}
	for (unsigned z = 0; z < p->config->zones; z++) {
		const struct zone_config *zc = &p->config->zone[z];

		if (zc->node == node && strlen(zc->name) == length && memcmp(zc->name, name, length) == 0)
			return (int)z;
	}
	return -1;
}

bool phys_has_memory(const struct phys *p, pfn_t pfn)
{
	if (!p->config->memory_ranges)
		return phys_zone_of(p, pfn) >= 0;
	for (unsigned r = 0; r < p->config->memory_ranges; r++)
		if (pfn >= p->config->memory[r].start && pfn < p->config->memory[r].end)
			return true;
	return false;
}

int phys_described_zone(const struct phys *p, pfn_t pfn)
{
	const struct phys_config *c = p->config;

	for (unsigned r = 0; r < c->memory_ranges; r++)
		if (pfn < c->memory[r].end)
			return phys_zone_of(p, pfn > c->memory[r].start ? pfn : c->memory[r].start);
	return c->memory_ranges ? (int)c->zones - 1 : phys_zone_of(p, pfn);
}

u64 phys_list_hash(const struct phys *p, const struct block_list *list, unsigned order)
{
	u64 h = HASH_INIT;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(p, order, pfn))
		h = hash_word(h, pfn);
	return h;
}

static u64 phys_pcp_hash(const struct phys *p, const struct pcp *pcp, u64 h)
{
	if (p->config->pcp_rule == PCP_HOT_COLD) {
		for (unsigned s = 0; s < 2; s++)
			h = hash_word(h, phys_list_hash(p, &pcp->set[s].list[0], 0));
	} else if (p->config->pcp_rule == PCP_BY_TYPE) {
		for (unsigned l = 0; l < p->config->pcp_orders * MT_PCPTYPES; l++)
			h = hash_word(h, phys_list_hash(p, &pcp->set[0].list[l], l / MT_PCPTYPES));
	}
	return h;
}

u64 phys_state_hash(const struct phys *p)
{
	const struct phys_config *c = p->config;
	u64 h = HASH_INIT;

	for (unsigned z = 0; z < c->zones; z++) {
		for (unsigned o = 0; o < c->orders; o++)
			for (unsigned t = 0; t < c->types; t++)
				h = hash_word(h, phys_list_hash(p, &p->zone[z].list[o][t], o));
		for (unsigned cpu = 0; cpu < c->cpus; cpu++)
			h = phys_pcp_hash(p, phys_pcp(p, z, cpu), h);
		for (u32 n = 0; n < pageblock_count(p, z); n++)
			if (pageblock_type_at(p, z, n) != MT_NONE)
				h = hash_word(h, pageblock_type_at(p, z, n));
	}
	return h;
}

/* The blocks in use and their owners: their first frames, in the chunks of the array that were written. */
static u64 frames_hash(const struct phys *p)
{
	const struct arena *a = p->arena;
	size_t first = (size_t)((const u8 *)p->frame - a->base) >> ARENA_CHUNK_SHIFT;
	size_t in_chunk = ARENA_CHUNK / sizeof(struct frame);
	size_t last = first + (p->config->max_pfn + in_chunk - 1) / in_chunk;
	u64 sum = 0;

	/* A sum, because the order in which chunks were first written is history. */
	for (size_t i = 0; i < a->touched_count; i++) {
		size_t chunk = a->touched[i];

		if (chunk < first || chunk >= last)
			continue;
		for (size_t n = 0; n < in_chunk; n++) {
			size_t pfn = (chunk - first) * in_chunk + n;
			struct frame f;
			u64 h;

			if (pfn >= p->config->max_pfn)
				break;
			f = p->frame[pfn];
			if (!f.flags)
				continue;
			h = hash_word(hash_word(HASH_INIT, pfn), f.owner);
			h = hash_word(h, (u64)f.flags << 8 | f.order);
			sum += h ^ (h >> 29);
		}
	}
	return sum;
}

/* The migratetypes remembered in the blocks of a per-CPU list. */
static u64 remembered_hash(const struct phys *p, const struct block_list *list, unsigned order, u64 h)
{
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(p, order, pfn))
		h = hash_word(h, p->frame[pfn].type);
	return h;
}

/* What moves blocks in and out of a set, and the types they will go back to. */
static u64 pcp_set_hash(const struct phys *p, const struct pcp_set *set, u64 h)
{
	h = hash_word(hash_word(hash_word(h, set->high), set->batch), set->free_factor);
	for (unsigned l = 0; p->config->types > 1 && l < p->config->pcp_orders * MT_PCPTYPES; l++)
		h = remembered_hash(p, &set->list[l], l / MT_PCPTYPES, h);
	return h;
}

/* The units of a CMA area that are given out. */
static u64 cma_hash(const struct phys *p, unsigned area)
{
	const struct cma_config *c = &p->config->cma[area];
	u64 h = HASH_INIT;

	for (u32 unit = 0; unit < c->count >> c->order_per_bit; unit++)
		if (p->cma_used[area][unit])
			h = hash_word(hash_word(h, unit), p->cma_used[area][unit]);
	return h;
}

u64 phys_hash(const struct phys *p)
{
	const struct phys_config *c = p->config;
	const struct phys_state *s = p->state;
	u64 h = hash_word(hash_word(phys_state_hash(p), frames_hash(p)), page_hash(p));

	h = hash_word(h, reclaim_hash(p));
	h = hash_word(hash_word(hash_word(h, s->cpu), s->memalloc), s->realtime);
	h = hash_word(hash_word(h, s->preempt_count), s->order_warned);
	h = hash_word(hash_word(h, s->watermark_boost_factor), s->watermark_scale_factor);
	h = hash_word(hash_word(h, s->min_free_kbytes), s->percpu_pagelist_fraction);
	for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
		h = hash_word(h, s->lowmem_reserve_ratio[t]);
	for (u32 n = 0; n < s->lru_waiting; n++)
		h = hash_word(h, s->lru_batch[n]);
	h = hash_word(hash_word(hash_word(h, s->allocations), s->frees), s->failures);
	h = hash_word(hash_word(h, s->down.kind), s->down.where);
	for (unsigned a = 0; a < c->cma_areas; a++)
		h = hash_word(h, cma_hash(p, a));
	for (unsigned i = 0; i < c->zones; i++) {
		const struct zone *z = &p->zone[i];

		h = hash_word(hash_word(hash_word(h, z->managed), z->boost), z->flags);
		h = hash_word(hash_word(hash_word(h, z->free), z->highatomic), z->isolated);
		for (unsigned w = 0; w < WMARK_COUNT; w++)
			h = hash_word(h, z->wmark[w]);
		for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
			h = hash_word(h, z->lowmem_reserve[t]);
		for (unsigned cpu = 0; cpu < c->cpus; cpu++)
			for (unsigned k = 0; k < 2; k++)
				h = pcp_set_hash(p, &phys_pcp(p, i, cpu)->set[k], h);
	}
	return h;
}

static void name_zone(const void *context, u64 zone, struct strbuf *out)
{
	const struct phys *p = context;

	if (zone >= p->config->zones) {
		strbuf_putc(out, '?');
		return;
	}
	strbuf_puts(out, p->config->zone[zone].name);
	if (p->config->nodes > 1)
		strbuf_printf(out, ".%u", p->config->zone[zone].node);
}

static void name_gfp(const void *context, u64 gfp, struct strbuf *out)
{
	gfp_format(((const struct phys *)context)->config->gfp, (gfp_t)gfp, out);
}

static void name_pcp_list(const void *context, u64 list, struct strbuf *out)
{
	const struct phys *p = context;

	if (p->config->pcp_rule == PCP_HOT_COLD)
		strbuf_puts(out, list & TAG_COLD ? _("cold") : _("hot"));
	else
		strbuf_printf(out, _("per-CPU order %u %s"), (unsigned)(list & TAG_LIST) / MT_PCPTYPES,
			      migratetype_name((unsigned)(list & TAG_LIST) % MT_PCPTYPES));
}

static void name_free_list(const void *context, u64 order, u64 type, struct strbuf *out)
{
	const struct phys *p = context;

	if (p->config->types == 1)
		strbuf_printf(out, _("order %u"), (unsigned)order);
	else
		strbuf_printf(out, _("order %u %s"), (unsigned)order, migratetype_name((unsigned)type));
}

static void name_reclaim(const void *context, char what, u64 number, struct strbuf *out)
{
	const struct phys *p = context;

	switch (what) {
	case 'x':
		strbuf_puts(out, number < RECLAIM_OWNERS && p->reclaim ? p->reclaim->owner[number].name : "?");
		break;
	case 'v':
		if (reclaim_by_zone(p))
			name_zone(context, number, out);
		else
			strbuf_printf(out, _("node %u"), (unsigned)number);
		break;
	default:
		strbuf_puts(out, number < LRU_LISTS ? lru_name(p, (enum lru_list)number) : "?");
	}
}

struct event_names phys_names(const struct phys *p)
{
	return (struct event_names){ .context = p,
				     .zone = name_zone,
				     .gfp = name_gfp,
				     .pcp_list = name_pcp_list,
				     .free_list = name_free_list,
				     .reclaim = name_reclaim };
}
