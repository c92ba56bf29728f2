/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/pcp.h"

#include "phys/buddy.h"
#include "phys/pageblock.h"
#include "phys/reclaim.h"
#include "phys/zone_take.h"

/* One per-CPU list, with what is needed to work on it. */
struct stock {
	struct pcp_set *set;
	struct block_list *list;
	unsigned zone, order;
	u16 id; /* as in tags and events: its number in the set, | TAG_COLD */
};

static struct stock stock_for(const struct phys *p, unsigned zone, unsigned order, unsigned type, bool cold)
{
	struct pcp *pcp = phys_pcp(p, zone, p->state->cpu);
	struct stock s = { .zone = zone, .order = order };

	if (p->config->pcp_rule == PCP_BY_TYPE) {
		s.set = &pcp->set[0];
		s.id = (u16)(order * MT_PCPTYPES + type);
		s.list = &s.set->list[s.id];
	} else {
		s.set = &pcp->set[cold];
		s.id = cold ? TAG_COLD : 0;
		s.list = &s.set->list[0];
	}
	return s;
}

static inline void stock_add(struct phys *p, const struct stock *s, pfn_t pfn, unsigned type, enum list_end end)
{
	struct frame *f = &p->frame[pfn];

	blocklist_add(p, s->list, s->order, pfn, (u16)(TAG_PCP | s->id), end);
	s->set->count += (u32)1 << s->order;
	arena_touch(p->arena, f);
	f->type = type & 0xff;
}

static inline void stock_remove(struct phys *p, const struct stock *s, pfn_t pfn)
{
	blocklist_remove(p, s->list, s->order, pfn);
	s->set->count -= (u32)1 << s->order;
}

/* Blocks to fetch for an empty list: fewer of a higher order, but two at least. */
static u32 refill_count(const struct stock *s)
{
	u32 batch = s->set->batch;

	if (batch <= 1)
		return batch;
	return batch >> s->order > 2 ? batch >> s->order : 2;
}

static void stock_refill(struct phys *p, const struct stock *s, const struct request *rq)
{
	u32 wanted = refill_count(s);

	EMIT(p->observer, PCP_REFILL, s->zone, p->state->cpu, s->id, wanted);
	for (u32 i = 0; i < wanted; i++) {
		unsigned type;
		pfn_t pfn = zone_take(p, s->zone, rq, i << s->order, &type);

		if (pfn == PFN_NONE)
			break;
		stock_add(p, s, pfn, type, AT_TAIL);
		EMIT(p->observer, PCP_ADDED, pfn, s->id);
	}
}

static inline pfn_t stock_take(struct phys *p, const struct stock *s, const struct request *rq)
{
	pfn_t pfn;

	if (!s->list->count)
		stock_refill(p, s, rq);
	pfn = s->list->head;
	if (pfn == PFN_NONE)
		return PFN_NONE;
	EMIT(p->observer, PCP_TAKE, s->zone, p->state->cpu, s->id, s->list->count, pfn);
	stock_remove(p, s, pfn);
	return pfn;
}

pfn_t pcp_take_next(struct phys *p, unsigned zone, const struct request *rq)
{
	struct stock s = stock_for(p, zone, rq->order, rq->type, rq->cold);

	return stock_take(p, &s, rq);
}

pfn_t pcp_take(struct phys *p, unsigned zone, const struct request *rq)
{
	struct stock s = stock_for(p, zone, rq->order, rq->type, rq->cold);

	/* Each allocation halves how much the next overflow gives back. */
	s.set->free_factor >>= 1;
	return stock_take(p, &s, rq);
}

/* Gives the block at the tail back to the buddy lists. */
static void stock_give_back(struct phys *p, const struct stock *s)
{
	pfn_t pfn = s->list->tail;
	/* Where a page block was isolated meanwhile, its own type counts, not the remembered one. */
	unsigned type = p->zone[s->zone].isolated ? pageblock_type(p, s->zone, pfn) : p->frame[pfn].type;

	stock_remove(p, s, pfn);
	EMIT(p->observer, PCP_GIVE_BACK, pfn, s->id);
	buddy_free(p, s->zone, pfn, s->order, type, false);
}

/*
 * Gives `pages` of the set back, beginning with list `s` and going round those
 * that hold something; each list is emptied before the next.
 */
static void set_give_back(struct phys *p, struct stock s, u32 pages)
{
	unsigned lists = p->config->pcp_rule == PCP_BY_TYPE ? p->config->pcp_orders * MT_PCPTYPES : 1;
	s64 left = pages < s.set->count ? pages : s.set->count;

	reclaim_zone_got_pages(p, s.zone);
	while (left > 0) {
		if (s.list->count) {
			stock_give_back(p, &s);
			left -= (s64)1 << s.order;
		} else if (lists > 1) {
			s.id = (u16)((s.id + 1u) % lists);
			s.list = &s.set->list[s.id];
			s.order = s.id / MT_PCPTYPES;
		}
	}
}

/*
 * How much goes back at an overflow: a batch, doubled for each overflow that
 * no allocation came between, but so that a batch stays.
 */
static u32 overflow_count(const struct phys *p, struct pcp_set *set)
{
	u32 most, count;

	if (p->config->pcp_rule == PCP_HOT_COLD)
		return set->batch;
	if (set->high < set->batch)
		return 1;
	most = set->high - set->batch;
	count = set->batch << set->free_factor;
	if (count < most && set->free_factor < p->config->pcp_scale_max)
		set->free_factor++;
	if (count > most)
		count = most;
	return count > set->batch ? count : set->batch;
}

void pcp_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, bool cold)
{
	/* Blocks of the types without a list of their own pass through the movable one. */
	struct stock s = stock_for(p, zone, order, type < MT_PCPTYPES ? type : MT_MOVABLE, cold);

	stock_add(p, &s, pfn, type, AT_HEAD);
	EMIT(p->observer, PCP_PUT, pfn, zone, p->state->cpu, s.id, s.set->count);
	if (s.set->free_factor && order > 0) {
		EMIT(p->observer, PCP_FLUSH, zone, p->state->cpu, s.set->count);
		set_give_back(p, s, s.set->count);
	} else if (s.set->count >= s.set->high) {
		u32 count = overflow_count(p, s.set);

		EMIT(p->observer, PCP_HIGH, zone, p->state->cpu, s.set->count, s.set->high, count);
		set_give_back(p, s, count);
	}
}

void pcp_drain(struct phys *p, unsigned zone, unsigned cpu)
{
	for (unsigned n = 0; n < 2; n++) {
		struct pcp_set *set = &phys_pcp(p, zone, cpu)->set[n];
		struct stock s = { .set = set, .list = &set->list[0], .zone = zone, .id = n ? TAG_COLD : 0 };

		if (!set->count)
			continue;
		EMIT(p->observer, PCP_DRAIN, zone, cpu, set->count);
		set_give_back(p, s, set->count);
	}
}
