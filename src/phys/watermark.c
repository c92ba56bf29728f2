/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/watermark.h"

s64 watermark_lowered(s64 mark, const struct request *rq)
{
	if (rq->may_use_high)
		mark -= mark / 2;
	if (rq->may_use_harder)
		mark -= mark / 4;
	return mark;
}

void watermark_level(const struct phys *p, unsigned zone, const struct request *rq, struct watermark_level *l)
{
	const struct zone *z = &p->zone[zone];
	s64 mark = z->wmark[rq->mark];

	l->free = (s64)z->free - (((s64)1 << rq->order) - 1);
	l->reserve = z->lowmem_reserve[rq->reserve_index];
	/* An urgent request for one page is not held up by the boost that mixing types has caused. */
	if (rq->order != 0 || rq->mark != WMARK_MIN || !(rq->gfp & p->gfp->atomic))
		mark += z->boost;
	l->mark = watermark_lowered(mark, rq);
	if (p->config->watermark_rule != WATERMARK_ANY_BLOCK)
		return;
	/* Requests with no concession leave the high-atomic reserve alone, and only movable ones can use CMA. */
	if (!rq->may_use_high && !rq->cannot_block)
		l->free -= z->highatomic;
	if (rq->type != MT_MOVABLE)
		l->free -= z->free_cma;
}

/* Apart from the check, so that its sum costs nothing where nobody watches. */
static __attribute__((noinline, cold)) void tell_sum(struct phys *p, unsigned zone, const struct request *rq,
						     const struct watermark_level *l, bool accepted)
{
	u64 free = p->zone[zone].free, others = ((u64)1 << rq->order) - 1;
	u64 kept = (u64)((s64)(free - others) - l->free);

	if (accepted)
		EMIT(p->observer, WMARK_OK, zone, rq->mark, free, others, kept, (u64)l->mark, (u64)l->reserve);
	else
		EMIT(p->observer, WMARK_LOW, zone, rq->mark, free, others, kept, (u64)l->mark, (u64)l->reserve);
}

static bool refuse_or_accept(struct phys *p, unsigned zone, const struct request *rq, const struct watermark_level *l)
{
	bool accepted = l->free > l->mark + l->reserve;

	if (__builtin_expect(p->observer != NULL, 0))
		tell_sum(p, zone, rq, l, accepted);
	return accepted;
}

/*
 * Before 4.4: a request of a high order must leave enough in blocks of its own
 * size and above.  Each lower order is taken off and the mark is halved.
 */
static bool watermark_by_order(struct phys *p, unsigned zone, const struct request *rq, struct watermark_level l)
{
	const struct zone *z = &p->zone[zone];

	if (!refuse_or_accept(p, zone, rq, &l))
		return false;
	for (unsigned o = 0; o < rq->order; o++) {
		l.free -= (s64)z->nr_free[o] << o;
		l.mark >>= 1;
		if (l.free <= l.mark) {
			EMIT(p->observer, WMARK_ORDER, zone, o + 1, l.free < 0 ? 0 : (u64)l.free, (u64)l.mark);
			return false;
		}
	}
	return true;
}

/* Is there a block of the order, or a larger one, that the request may have? */
bool watermark_has_block(const struct phys *p, unsigned zone, const struct request *rq)
{
	const struct zone *z = &p->zone[zone];

	for (unsigned o = rq->order; o < p->config->orders; o++) {
		for (unsigned t = 0; t < MT_PCPTYPES; t++)
			if (z->list[o][t].count)
				return true;
		if (rq->type == MT_MOVABLE && z->list[o][MT_CMA].count)
			return true;
		if (rq->use_highatomic && z->list[o][MT_HIGHATOMIC].count)
			return true;
	}
	return false;
}

/* From 4.4 on. */
static bool watermark_any_block(struct phys *p, unsigned zone, const struct request *rq,
				const struct watermark_level *l)
{
	if (!refuse_or_accept(p, zone, rq, l))
		return false;
	if (rq->order == 0 || watermark_has_block(p, zone, rq))
		return true;
	EMIT(p->observer, WMARK_NO_BLOCK, zone, rq->order);
	return false;
}

bool watermark_check(struct phys *p, unsigned zone, const struct request *rq)
{
	struct watermark_level l;

	if (p->config->watermark_rule == WATERMARK_NONE)
		return true;
	watermark_level(p, zone, rq, &l);
	return p->config->watermark_rule == WATERMARK_BY_ORDER ? watermark_by_order(p, zone, rq, l)
							       : watermark_any_block(p, zone, rq, &l);
}

bool watermark_holds(struct phys *p, unsigned zone, const struct request *rq)
{
	struct observer *observer = p->observer;
	bool holds;

	p->observer = NULL;
	holds = watermark_check(p, zone, rq);
	p->observer = observer;
	return holds;
}

bool watermark_within_reach(const struct phys *p, unsigned zone, const struct request *rq, s64 more)
{
	struct watermark_level l;

	watermark_level(p, zone, rq, &l);
	return l.free + more > l.mark + l.reserve && (!rq->order || watermark_has_block(p, zone, rq));
}
