/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/load.h"

#include "base/text.h"
#include "phys/buddy.h"
#include "phys/frame.h"

#include <inttypes.h>

/* Does a block that is on a list, or in use, begin inside [pfn, pfn + 2^order)? */
static bool something_inside(const struct phys *p, pfn_t pfn, unsigned order)
{
	pfn_t end = pfn + ((pfn_t)1 << order);

	for (unsigned o = 0; o < order; o++)
		for (pfn_t at = pfn; at < end; at += (pfn_t)1 << o)
			if (blocklist_tag(p, o, at))
				return true;
	for (pfn_t at = pfn; at < end; at++)
		if (p->frame[at].flags & FRAME_HEAD)
			return true;
	return false;
}

/* Is there RAM behind every frame of [pfn, pfn + length)? */
static bool is_all_memory(const struct phys *p, pfn_t pfn, pfn_t length)
{
	const struct phys_config *c = p->config;
	u64 behind = (u64)pfn + length, found = 0;

	for (unsigned r = 0; r < c->memory_ranges; r++) {
		u64 start = c->memory[r].start > pfn ? c->memory[r].start : pfn;
		u64 end = c->memory[r].end < behind ? c->memory[r].end : behind;

		found += start < end ? end - start : 0;
	}
	return !c->memory_ranges || found == length;
}

static bool check_block(const struct phys *p, unsigned zone, pfn_t pfn, unsigned order, struct status *st)
{
	const struct zone_config *zc = &p->config->zone[zone];
	pfn_t length = (pfn_t)1 << order;

	if (pfn & (length - 1))
		return status_fail(st, STATUS_FORMAT, _("block 0x%" PRIx32 " is not aligned to its order, %u"), pfn,
				   order);
	if (pfn < zc->start_pfn || pfn - zc->start_pfn + length > zc->spanned)
		return status_fail(st, STATUS_FORMAT, _("block 0x%" PRIx32 " of order %u is not inside zone %s"), pfn,
				   order, zc->name);
	if (frame_describe(p, pfn).state != FRAME_RESERVED || !is_all_memory(p, pfn, length) ||
	    something_inside(p, pfn, order))
		return status_fail(st, STATUS_FORMAT, _("block 0x%" PRIx32 " of order %u overlaps another, or a hole"),
				   pfn, order);
	return true;
}

bool load_free_block(struct phys *p, unsigned zone, pfn_t pfn, unsigned order, unsigned type, struct status *st)
{
	if (!check_block(p, zone, pfn, order, st))
		return false;
	buddy_add(p, zone, pfn, order, type, AT_TAIL);
	return true;
}

bool load_pcp_block(struct phys *p, unsigned zone, unsigned cpu, unsigned set, unsigned list, pfn_t pfn, unsigned type,
		    struct status *st)
{
	struct pcp_set *s = &phys_pcp(p, zone, cpu)->set[set];
	unsigned order = p->config->pcp_rule == PCP_BY_TYPE ? list / MT_PCPTYPES : 0;

	if (!check_block(p, zone, pfn, order, st))
		return false;
	blocklist_add(p, &s->list[list], order, pfn, (u16)(TAG_PCP | list | (set ? TAG_COLD : 0)), AT_TAIL);
	s->count += (u32)1 << order;
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn].type = type & 0xff;
	return true;
}

bool load_movable(struct phys *p, pfn_t pfn, struct status *st)
{
	if (pfn >= p->config->max_pfn)
		return status_fail(st, STATUS_FORMAT, _("page frame 0x%" PRIx32 " is behind all memory"), pfn);
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn].flags |= FRAME_MOVABLE;
	return true;
}

bool load_used_block(struct phys *p, pfn_t pfn, unsigned order, u32 owner, struct status *st)
{
	int zone = phys_zone_of(p, pfn);

	if (zone < 0)
		return status_fail(st, STATUS_FORMAT, _("page frame 0x%" PRIx32 " is in no zone"), pfn);
	if (!check_block(p, (unsigned)zone, pfn, order, st))
		return false;
	arena_touch(p->arena, &p->frame[pfn]);
	p->frame[pfn] = (struct frame){ .owner = owner, .flags = FRAME_HEAD, .order = order & 0xff };
	return true;
}

bool load_cma_used(struct phys *p, unsigned area, pfn_t pfn, struct status *st)
{
	const struct cma_config *c = &p->config->cma[area];
	u32 n = (pfn - c->base_pfn) >> c->order_per_bit;
	u8 *unit = &p->cma_used[area][n];

	if (!(p->frame[pfn].flags & FRAME_HEAD) && !load_used_block(p, pfn, 0, 0, st))
		return false;
	arena_touch(p->arena, unit);
	*unit = n && unit[-1] ? CMA_USED : CMA_BEGIN;
	return true;
}
