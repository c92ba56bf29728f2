/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/page_alloc.h"

#include "base/text.h"
#include "phys/buddy.h"
#include "phys/fallback.h"
#include "phys/frame.h"
#include "phys/kswapd.h"
#include "phys/page.h"
#include "phys/page_slow.h"
#include "phys/pageblock.h"
#include "phys/pcp.h"
#include "phys/preempt.h"
#include "phys/reclaim.h"
#include "phys/request.h"
#include "phys/watermark.h"
#include "phys/zone_take.h"

#include <inttypes.h>
#include <stdio.h>

static pfn_t take_from_zone(struct phys *p, unsigned zone, const struct request *rq)
{
	pfn_t pfn = PFN_NONE;
	unsigned type;

	if (pcp_has_order(p, rq->order))
		pfn = pcp_take(p, zone, rq);
	/* A per-CPU list that could not be refilled in 2.6 means an empty zone; later it may still find reserves. */
	if (pfn == PFN_NONE && rq->use_highatomic)
		pfn = buddy_take(p, zone, rq->order, MT_HIGHATOMIC);
	if (pfn == PFN_NONE && !(p->config->pcp_rule == PCP_HOT_COLD && pcp_has_order(p, rq->order)))
		pfn = zone_take(p, zone, rq, 0, &type);
	if (pfn == PFN_NONE && rq->cannot_block)
		pfn = buddy_take(p, zone, rq->order, MT_HIGHATOMIC);
	if (rq->wakes_kswapd && (p->zone[zone].flags & ZONE_BOOSTED_WATERMARK)) {
		p->zone[zone].flags &= ~(u32)ZONE_BOOSTED_WATERMARK;
		kswapd_wake_boosted(p, zone);
	}
	if (pfn != PFN_NONE && rq->use_highatomic)
		fallback_reserve_highatomic(p, zone, pfn);
	return pfn;
}

pfn_t page_alloc_walk(struct phys *p, const struct request *rq)
{
	const u8 *list = request_zonelist(p, rq->highest_zone);

	for (const u8 *zone = list; *zone != ZONELIST_END; zone++) {
		pfn_t pfn;

		/* Mixing does less harm than memory that is far away. */
		if (rq->no_mixing && p->config->zone[*zone].node != p->config->zone[*list].node)
			break;
		/* Nodes do not mix in the list: no further zone is of this one. */
		if ((rq->gfp & p->gfp->thisnode) && p->config->zone[*zone].node != request_node(p))
			break;
		EMIT(p->observer, ZONE_TRY, *zone);
		if (!rq->no_watermarks && !watermark_ok(p, *zone, rq))
			continue;
		pfn = take_from_zone(p, *zone, rq);
		if (pfn != PFN_NONE)
			return pfn;
		EMIT(p->observer, ZONE_EMPTY, *zone, rq->order);
	}
	return PFN_NONE;
}

/* The attempts of a request, one after the other. */
static pfn_t request_serve(struct phys *p, struct request *rq)
{
	pfn_t pfn = page_alloc_walk(p, rq);

	if (pfn == PFN_NONE && rq->no_mixing) {
		rq->no_mixing = false;
		EMIT(p->observer, MIXING_ALLOWED, 0);
		pfn = page_alloc_walk(p, rq);
	}
	if (pfn != PFN_NONE || p->config->watermark_rule == WATERMARK_NONE)
		return pfn;
	if (p->reclaim)
		p->reclaim->hung = 0;
	request_dig(p, rq);
	EMIT(p->observer, SLOW_PATH, WMARK_MIN);
	kswapd_wake(p, rq);
	pfn = page_alloc_walk(p, rq);
	if (pfn == PFN_NONE && request_may_drain(p, rq)) {
		request_drain(rq);
		EMIT(p->observer, NO_WATERMARKS, 0);
		pfn = page_alloc_walk(p, rq);
	}
	if (pfn != PFN_NONE)
		return pfn;
	if (!(rq->gfp & p->gfp->wait))
		EMIT(p->observer, CANNOT_WAIT, 0);
	else if (page_slow_exists(p))
		return page_slow_wait(p, rq);
	else
		EMIT(p->observer, NOTHING_TO_RECLAIM, 0);
	return PFN_NONE;
}

/* Apart, so that those who want no zeroes do not pay for the call of it. */
__attribute__((noinline, cold)) static void zero_pages(struct phys *p, pfn_t pfn, unsigned order)
{
	page_clear(p, pfn, (u64)1 << order);
	EMIT(p->observer, ZEROED, pfn, (u64)1 << order);
}

void page_hand_out(struct phys *p, pfn_t pfn, gfp_t gfp, unsigned order)
{
	struct frame *f = &p->frame[pfn];

	arena_touch(p->arena, f);
	f->flags = order > 0 && (gfp & p->gfp->comp) ? FRAME_HEAD | FRAME_COMPOUND : FRAME_HEAD;
	f->order = order & 0xff;
	f->joined = 0;
	f->owner = p->state->owner;
	p->state->allocations++;
	if (gfp & p->gfp->zero)
		zero_pages(p, pfn, order);
	EMIT(p->observer, HANDED_OUT, pfn, order, (u64)1 << order);
}

/* The kernel reports a request that may sleep where it must not, and goes on. */
static void check_context(const struct phys *p, gfp_t gfp)
{
	/* Paper has no kernel that could look for it. */
	if (!(gfp & p->gfp->wait) || p->config->watermark_rule == WATERMARK_NONE)
		return;
	switch (preempt_context(p)) {
	case PREEMPT_PROCESS:
		break;
	case PREEMPT_ATOMIC:
		EMIT(p->observer, SLEEP_IN_ATOMIC, gfp);
		break;
	case PREEMPT_SOFTIRQ:
		EMIT(p->observer, SLEEP_IN_SOFTIRQ, gfp);
		break;
	case PREEMPT_IRQ:
		EMIT(p->observer, SLEEP_IN_IRQ, gfp);
		break;
	}
}

bool page_alloc_warns(const struct phys *p, gfp_t gfp, unsigned order)
{
	return order >= p->config->orders && p->config->warns_of_orders && !(gfp & p->gfp->nowarn) &&
	       !p->state->order_warned;
}

/* An order that cannot be. Later kernels look at it first, before anything else. */
static void refuse_order(struct phys *p, gfp_t gfp, unsigned order)
{
	if (!p->config->warns_of_orders)
		check_context(p, gfp);
	EMIT(p->observer, ORDER_TOO_BIG, order, p->config->orders - 1);
	if (page_alloc_warns(p, gfp, order)) {
		p->state->order_warned = 1;
		EMIT(p->observer, ORDER_WARNING, 0);
	}
}

pfn_t page_alloc(struct phys *p, gfp_t gfp, unsigned order)
{
	struct request rq;
	pfn_t pfn;

	EMIT(p->observer, REQUEST, order, gfp);
	if (order >= p->config->orders) {
		refuse_order(p, gfp, order);
		pfn = PFN_NONE;
	} else {
		if (!preempt_may_sleep(p))
			check_context(p, gfp);
		request_first(p, gfp, order, &rq);
		pfn = request_serve(p, &rq);
	}
	if (pfn != PFN_NONE) {
		page_hand_out(p, pfn, gfp, order);
	} else {
		p->state->failures++;
		EMIT(p->observer, FAILED, 0);
	}
	return pfn;
}

/* Is `pfn` the first frame of a block in use of this order? */
static bool is_held(const struct phys *p, pfn_t pfn, unsigned order)
{
	return pfn < p->config->max_pfn && (p->frame[pfn].flags & (FRAME_HEAD | FRAME_OWNED)) == FRAME_HEAD &&
	       p->frame[pfn].order == order;
}

/* Says why a block that is not held so cannot be freed. */
static bool refuse_free(const struct phys *p, pfn_t pfn, unsigned order, struct status *st)
{
	struct frame_info info = frame_describe(p, pfn);
	char what[160];

	switch (info.state) {
	case FRAME_NO_MEMORY:
		return status_fail(st, STATUS_INVALID, _("there is no memory at page frame 0x%" PRIx32), pfn);
	case FRAME_RESERVED:
		return status_fail(
		    st, STATUS_INVALID,
		    _("page frame 0x%" PRIx32 " is reserved: the kernel took it at boot, nobody allocated it"), pfn);
	case FRAME_FREE:
	case FRAME_PCP:
		snprintf(what, sizeof what,
			 info.state == FRAME_FREE ? _("in the free block 0x%" PRIx32 " of order %u")
						  : _("on a per-CPU list, in block 0x%" PRIx32 " of order %u"),
			 info.block, info.order);
		return status_fail(st, STATUS_INVALID, _("double free: page frame 0x%" PRIx32 " is free already, %s"),
				   pfn, what);
	case FRAME_USED:
		break;
	}
	if (p->frame[info.block].flags & FRAME_OWNED)
		return status_fail(st, STATUS_INVALID,
				   _("page frame 0x%" PRIx32 " belongs to a %s: only that gives it back"), pfn,
				   page_kind_name(page_find(p, pfn)->kind));
	if (info.block != pfn)
		return status_fail(st, STATUS_INVALID,
				   _("page frame 0x%" PRIx32 " is inside the block 0x%" PRIx32
				     " of order %u: only its first frame can be freed"),
				   pfn, info.block, info.order);
	return status_fail(st, STATUS_INVALID,
			   _("wrong order: the block at page frame 0x%" PRIx32 " has order %u, not %u"), pfn,
			   info.order, order);
}

bool page_free_check(const struct phys *p, pfn_t pfn, unsigned order, struct status *st)
{
	return is_held(p, pfn, order) || refuse_free(p, pfn, order, st);
}

void page_give_back(struct phys *p, pfn_t pfn, unsigned order, enum page_way way)
{
	unsigned zone = (unsigned)phys_zone_of(p, pfn);
	unsigned type = pageblock_type(p, zone, pfn);
	struct frame *f = &p->frame[pfn];

	EMIT(p->observer, FREE, pfn, order);
	arena_touch(p->arena, f);
	*f = (struct frame){ 0 };
	p->state->frees++;
	if (pcp_has_order(p, order) && type != MT_ISOLATE && way != PAGE_TO_TAIL) {
		pcp_free(p, zone, pfn, order, type, way == PAGE_COLD);
	} else {
		reclaim_zone_got_pages(p, zone);
		buddy_free(p, zone, pfn, order, type, way == PAGE_TO_TAIL);
	}
}

bool page_free(struct phys *p, pfn_t pfn, unsigned order, struct status *st)
{
	if (!is_held(p, pfn, order))
		return refuse_free(p, pfn, order, st);
	page_give_back(p, pfn, order, PAGE_HOT);
	return true;
}

bool page_free_cold(struct phys *p, pfn_t pfn, struct status *st)
{
	if (!page_free_check(p, pfn, 0, st))
		return false;
	page_give_back(p, pfn, 0, PAGE_COLD);
	return true;
}

bool page_split(struct phys *p, pfn_t pfn, unsigned order, struct status *st)
{
	u32 owner;

	if (!page_free_check(p, pfn, order, st))
		return false;
	owner = p->frame[pfn].owner;
	for (pfn_t at = pfn; at < pfn + ((pfn_t)1 << order); at++) {
		arena_touch(p->arena, &p->frame[at]);
		p->frame[at] = (struct frame){ .owner = owner, .flags = FRAME_HEAD };
	}
	EMIT(p->observer, SPLIT_PAGE, pfn, order, (u64)1 << order);
	return true;
}

void page_drain_local(struct phys *p)
{
	for (unsigned z = 0; z < p->config->zones; z++)
		pcp_drain(p, z, p->state->cpu);
}

unsigned page_get_order(const struct phys *p, u64 bytes)
{
	unsigned order = 0;

	while (order < 64 - p->config->page_shift && ((u64)1 << (p->config->page_shift + order)) < bytes)
		order++;
	return order;
}

u64 page_address(const struct phys *p, pfn_t pfn)
{
	if (!p->config->page_offset || pfn >= p->config->direct_map_end)
		return 0;
	return p->config->page_offset + ((u64)pfn << p->config->page_shift);
}

pfn_t page_of_address(const struct phys *p, u64 address)
{
	u64 offset = address - p->config->page_offset;

	if (!p->config->page_offset || address < p->config->page_offset ||
	    offset >> p->config->page_shift >= p->config->direct_map_end)
		return PFN_NONE;
	return (pfn_t)(offset >> p->config->page_shift);
}
