/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/pcp.h"

#include "phys/buddy.h"
#include "phys/pageblock.h"
#include "phys/zone_take.h"

/* How a list is called in tags and events: its number in the set, and whether the set is the cold one. */
static u16 list_id(unsigned set, unsigned list)
{
	return (u16)(list | (set ? TAG_COLD : 0));
}

static unsigned list_order(const struct phys *p, unsigned list)
{
	return p->config->pcp_rule == PCP_BY_TYPE ? list / MT_PCPTYPES : 0;
}

static unsigned list_for(const struct phys *p, unsigned order, unsigned type)
{
	return p->config->pcp_rule == PCP_BY_TYPE ? order * MT_PCPTYPES + type : 0;
}

static void pcp_add(struct phys *p, struct pcp_set *set, unsigned s, unsigned list, pfn_t pfn, unsigned type,
		    enum list_end end)
{
	unsigned order = list_order(p, list);
	struct frame *f = &p->frame[pfn];

	blocklist_add(p, &set->list[list], order, pfn, (u16)(TAG_PCP | list_id(s, list)), end);
	set->count += (u32)1 << order;
	arena_touch(p->arena, f);
	f->type = type & 0xff;
}

static void pcp_remove(struct phys *p, struct pcp_set *set, unsigned list, pfn_t pfn)
{
	unsigned order = list_order(p, list);

	blocklist_remove(p, &set->list[list], order, pfn);
	set->count -= (u32)1 << order;
}

/* Blocks to fetch for an empty list: fewer of a higher order, but two at least. */
static u32 refill_count(const struct pcp_set *set, unsigned order)
{
	if (set->batch <= 1)
		return set->batch;
	return set->batch >> order > 2 ? set->batch >> order : 2;
}

static void pcp_refill(struct phys *p, unsigned zone, struct pcp_set *set, unsigned s, unsigned list,
		       const struct request *rq)
{
	u32 wanted = refill_count(set, rq->order);
	u32 taken = 0;

	EMIT(p->observer, PCP_REFILL, zone, p->state->cpu, list_id(s, list), wanted);
	for (u32 i = 0; i < wanted; i++) {
		unsigned type;
		pfn_t pfn = zone_take(p, zone, rq, taken, &type);

		if (pfn == PFN_NONE)
			break;
		pcp_add(p, set, s, list, pfn, type, AT_TAIL);
		EMIT(p->observer, PCP_ADDED, pfn, list_id(s, list));
		taken += (u32)1 << rq->order;
	}
}

static unsigned set_for(const struct phys *p, bool cold)
{
	return p->config->pcp_rule == PCP_HOT_COLD && cold;
}

pfn_t pcp_take_next(struct phys *p, unsigned zone, const struct request *rq)
{
	unsigned s = set_for(p, rq->cold);
	struct pcp_set *set = &phys_pcp(p, zone, p->state->cpu)->set[s];
	unsigned list = list_for(p, rq->order, rq->type);
	pfn_t pfn;

	if (!set->list[list].count)
		pcp_refill(p, zone, set, s, list, rq);
	pfn = set->list[list].head;
	if (pfn == PFN_NONE)
		return PFN_NONE;
	EMIT(p->observer, PCP_TAKE, zone, p->state->cpu, list_id(s, list), set->list[list].count, pfn);
	pcp_remove(p, set, list, pfn);
	return pfn;
}

pfn_t pcp_take(struct phys *p, unsigned zone, const struct request *rq)
{
	/* Each allocation halves how much the next overflow gives back. */
	phys_pcp(p, zone, p->state->cpu)->set[set_for(p, rq->cold)].free_factor >>= 1;
	return pcp_take_next(p, zone, rq);
}

/*
 * Gives `pages` back from the tails, beginning with `list` and going round
 * those that hold something; each list is emptied before the next.
 */
static void pcp_give_back(struct phys *p, unsigned zone, struct pcp_set *set, unsigned s, unsigned list, u32 pages)
{
	unsigned lists = p->config->pcp_rule == PCP_BY_TYPE ? p->config->pcp_orders * MT_PCPTYPES : 1;
	s64 left = pages < set->count ? pages : set->count;

	while (left > 0) {
		unsigned order = list_order(p, list);
		pfn_t pfn = set->list[list].tail;

		if (pfn == PFN_NONE) {
			list = (list + 1) % lists;
			continue;
		}
		pcp_remove(p, set, list, pfn);
		EMIT(p->observer, PCP_GIVE_BACK, pfn, list_id(s, list));
		/* Where a page block was isolated meanwhile, its own type counts, not the remembered one. */
		buddy_free(p, zone, pfn, order,
			   p->zone[zone].isolated ? pageblock_type(p, zone, pfn) : p->frame[pfn].type, false);
		left -= (s64)1 << order;
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
	unsigned s = set_for(p, cold);
	struct pcp_set *set = &phys_pcp(p, zone, p->state->cpu)->set[s];
	/* Blocks of the types without a list of their own pass through the movable one. */
	unsigned list = list_for(p, order, type < MT_PCPTYPES ? type : MT_MOVABLE);

	pcp_add(p, set, s, list, pfn, type, AT_HEAD);
	EMIT(p->observer, PCP_PUT, pfn, zone, p->state->cpu, list_id(s, list), set->count);
	if (set->free_factor && order > 0) {
		EMIT(p->observer, PCP_FLUSH, zone, p->state->cpu, set->count);
		pcp_give_back(p, zone, set, s, list, set->count);
	} else if (set->count >= set->high) {
		u32 count = overflow_count(p, set);

		EMIT(p->observer, PCP_HIGH, zone, p->state->cpu, set->count, set->high, count);
		pcp_give_back(p, zone, set, s, list, count);
	}
}

void pcp_drain(struct phys *p, unsigned zone, unsigned cpu)
{
	for (unsigned s = 0; s < 2; s++) {
		struct pcp_set *set = &phys_pcp(p, zone, cpu)->set[s];

		if (!set->count)
			continue;
		EMIT(p->observer, PCP_DRAIN, zone, cpu, set->count);
		pcp_give_back(p, zone, set, s, 0, set->count);
	}
}
