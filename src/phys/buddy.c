/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/buddy.h"

#include "phys/pageblock.h"

/* Counts blocks that came to a free list (+) or left it (-). Isolated pages do not count as free. */
static void buddy_count(struct zone *z, unsigned order, unsigned type, int blocks)
{
	u32 pages = (u32)blocks << order;

	z->nr_free[order] += (u32)blocks;
	if (type != MT_ISOLATE)
		z->free += pages;
	if (type == MT_CMA)
		z->free_cma += pages;
}

void buddy_add(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, enum list_end end)
{
	blocklist_add(p, &p->zone[zone].list[order][type], order, pfn, (u16)(TAG_FREE | type), end);
	buddy_count(&p->zone[zone], order, type, 1);
}

void buddy_remove(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type)
{
	blocklist_remove(p, &p->zone[zone].list[order][type], order, pfn);
	buddy_count(&p->zone[zone], order, type, -1);
}

void buddy_move(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned from, unsigned to)
{
	buddy_remove(p, zone, pfn, order, from);
	buddy_add(p, zone, pfn, order, to, AT_TAIL);
}

/* Splits a block that is on no list down to `order`. */
static void buddy_split(struct phys *p, unsigned zone, pfn_t pfn, unsigned have, unsigned order, unsigned type)
{
	while (have > order) {
		pfn_t upper;

		have--;
		upper = pfn + ((pfn_t)1 << have);
		buddy_add(p, zone, upper, have, type, AT_HEAD);
		if (p->config->list_rule == LIST_BY_ADDRESS)
			EMIT(p->observer, SPLIT_SORTED, pfn, have + 1, upper, buddy_list_id(have, type));
		else
			EMIT(p->observer, SPLIT, pfn, have + 1, upper, buddy_list_id(have, type));
	}
}

pfn_t buddy_take(struct phys *p, unsigned zone, unsigned order, unsigned type)
{
	const struct zone *z = &p->zone[zone];

	for (unsigned o = order; o < p->config->orders; o++) {
		pfn_t pfn = z->list[o][type].head;
		u32 count = z->list[o][type].count;

		if (pfn == PFN_NONE) {
			EMIT(p->observer, LIST_EMPTY, zone, buddy_list_id(o, type));
			continue;
		}
		buddy_remove(p, zone, pfn, o, type);
		EMIT(p->observer, TAKE, zone, buddy_list_id(o, type), count, pfn);
		buddy_split(p, zone, pfn, o, order, type);
		return pfn;
	}
	return PFN_NONE;
}

static bool zone_spans(const struct phys *p, unsigned zone, pfn_t pfn)
{
	const struct zone_config *zc = &p->config->zone[zone];

	return pfn - zc->start_pfn < zc->spanned;
}

/* Tells an observer why a block does not merge with its buddy. */
static void buddy_explain(struct phys *p, unsigned zone, pfn_t buddy, unsigned order)
{
	if (!p->observer)
		return;
	if (!zone_spans(p, zone, buddy)) {
		EMIT(p->observer, BUDDY_OUTSIDE, buddy, order);
		return;
	}
	for (unsigned o = order; o-- > 0;) {
		if (buddy_is_free(p, buddy, o)) {
			EMIT(p->observer, BUDDY_SPLIT, buddy, order, o);
			return;
		}
	}
	EMIT(p->observer, BUDDY_BUSY, buddy, order);
}

/*
 * From the order of a page block up, a block may join two page blocks.  Those
 * of the types that have per-CPU lists may mix; the others stay alone.
 */
static bool types_may_merge(const struct phys *p, unsigned zone, pfn_t buddy, unsigned order, unsigned type)
{
	unsigned other;

	if (order < p->config->pageblock_order)
		return true;
	other = pageblock_type(p, zone, buddy);
	if (other == type || (other < MT_PCPTYPES && type < MT_PCPTYPES))
		return true;
	EMIT(p->observer, BUDDY_TYPE, buddy, other, type);
	return false;
}

/*
 * Is the buddy one order up free?  Then this block will probably be merged
 * soon, and it is kept from being handed out by putting it at the tail.
 */
static bool merge_is_likely(const struct phys *p, unsigned zone, pfn_t pfn, unsigned order)
{
	pfn_t parent = pfn & ~((pfn_t)1 << order);
	pfn_t uncle = parent ^ ((pfn_t)2 << order);

	if (!p->config->merge_to_tail || order + 2 >= p->config->orders)
		return false;
	return zone_spans(p, zone, uncle) && buddy_is_free(p, uncle, order + 1);
}

static void buddy_put(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, bool at_tail)
{
	u64 list = buddy_list_id(order, type);

	if (p->config->list_rule == LIST_BY_ADDRESS) {
		buddy_add(p, zone, pfn, order, type, AT_HEAD);
		EMIT(p->observer, PUT_SORTED, pfn, list);
	} else if (!at_tail && merge_is_likely(p, zone, pfn, order)) {
		buddy_add(p, zone, pfn, order, type, AT_TAIL);
		EMIT(p->observer, PUT_LIKELY, pfn, list);
	} else {
		buddy_add(p, zone, pfn, order, type, at_tail ? AT_TAIL : AT_HEAD);
		EMIT(p->observer, PUT, pfn, list, at_tail);
	}
}

void buddy_free(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, bool at_tail)
{
	while (order + 1 < p->config->orders) {
		pfn_t buddy = pfn ^ ((pfn_t)1 << order);

		if (!zone_spans(p, zone, buddy) || !buddy_is_free(p, buddy, order)) {
			buddy_explain(p, zone, buddy, order);
			break;
		}
		if (!types_may_merge(p, zone, buddy, order, type))
			break;
		buddy_remove(p, zone, buddy, order, buddy_type(p, buddy, order));
		pfn &= buddy;
		order++;
		EMIT(p->observer, MERGE, buddy, order - 1, pfn, order);
	}
	if (order + 1 == p->config->orders)
		EMIT(p->observer, LARGEST, pfn, order);
	buddy_put(p, zone, pfn, order, type, at_tail);
}
