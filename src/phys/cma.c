/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/cma.h"

#include "base/text.h"
#include "phys/buddy.h"
#include "phys/isolate.h"
#include "phys/migrate.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/pcp.h"

#include <inttypes.h>

enum contig {
	CONTIG_DONE,
	CONTIG_BUSY, /* something in the range cannot move */
	CONTIG_NO_MEMORY, /* what is there has nowhere to go */
};

/* The start of the free block that reaches into `start` from before it; `start` itself if there is none. */
static pfn_t outer_start(const struct phys *p, pfn_t start)
{
	for (unsigned order = 0; order < p->config->orders; order++) {
		pfn_t at = start & ~(((pfn_t)1 << order) - 1);
		int found = buddy_order_at(p, at);

		if (found >= 0)
			return at + ((pfn_t)1 << found) > start ? at : start;
	}
	return start;
}

/* Is every frame of [start, end) free? */
static bool all_free(const struct phys *p, pfn_t start, pfn_t end)
{
	for (pfn_t at = start; at < end;) {
		int order = buddy_order_at(p, at);

		if (order < 0)
			return false;
		at += (pfn_t)1 << order;
	}
	return true;
}

/* Takes all free blocks from `start` on until `end` is covered, as single pages; where the last one ends. */
static pfn_t take_free(struct phys *p, unsigned zone, pfn_t start, pfn_t end)
{
	pfn_t at = start;

	while (at < end) {
		unsigned order = (unsigned)buddy_order_at(p, at);
		pfn_t next = at + ((pfn_t)1 << order);

		buddy_remove(p, zone, at, order, buddy_type(p, at, order));
		for (; at < next; at++) {
			arena_touch(p->arena, &p->frame[at]);
			p->frame[at] = (struct frame){ .owner = p->state->owner, .flags = FRAME_HEAD };
		}
	}
	return at;
}

/* alloc_contig_range(): empties [start, end) and takes it. */
static enum contig contig_alloc(struct phys *p, unsigned zone, pfn_t start, pfn_t end)
{
	enum contig result = CONTIG_BUSY;
	pfn_t from, to;

	if (!isolate_range(p, zone, start, end))
		return CONTIG_BUSY;
	for (unsigned cpu = 0; cpu < p->config->cpus; cpu++)
		pcp_drain(p, zone, cpu);
	migrate_lru_drain(p);
	if (migrate_range(p, zone, start, end) == MIGRATE_NO_MEMORY) {
		result = CONTIG_NO_MEMORY;
	} else {
		from = outer_start(p, start);
		if (all_free(p, from, end)) {
			to = take_free(p, zone, from, end);
			for (pfn_t at = from; at < start; at++)
				page_give_back(p, at, 0, PAGE_HOT);
			for (pfn_t at = end; at < to; at++)
				page_give_back(p, at, 0, PAGE_HOT);
			result = CONTIG_DONE;
		}
	}
	isolate_undo(p, zone, start, end, MT_CMA);
	return result;
}

/* First fit in the area's bitmap from `from` on; the area's size if there is none. Units of the bitmap. */
static u32 find_unused(const struct phys *p, unsigned area, u32 from, u32 count, unsigned align)
{
	const struct cma_config *c = &p->config->cma[area];
	u32 units = c->count >> c->order_per_bit;
	u32 base = c->base_pfn >> c->order_per_bit;
	u32 mask = align > c->order_per_bit ? ((u32)1 << (align - c->order_per_bit)) - 1 : 0;

	for (u32 at = from; at < units; at++) {
		u32 n = 0;

		at = ((at + base + mask) & ~mask) - base;
		if (count > units || at > units - count)
			break;
		while (n < count && !p->cma_used[area][at + n])
			n++;
		if (n == count)
			return at;
		at += n;
	}
	return units;
}

/* Units that are used, given out together, or unused. */
static void mark(struct phys *p, unsigned area, u32 at, u32 count, bool used)
{
	for (u32 i = at; i < at + count; i++) {
		arena_touch(p->arena, &p->cma_used[area][i]);
		p->cma_used[area][i] = !used ? CMA_UNUSED : i == at ? CMA_BEGIN : CMA_USED;
	}
}

pfn_t cma_alloc(struct phys *p, unsigned area, u64 count, unsigned align)
{
	const struct cma_config *c = &p->config->cma[area];
	u32 units = c->count >> c->order_per_bit;
	u32 want = (u32)((count + ((u64)1 << c->order_per_bit) - 1) >> c->order_per_bit);
	u32 step = align > c->order_per_bit && align < 32 ? (u32)1 << (align - c->order_per_bit) : 1;
	unsigned zone = (unsigned)phys_zone_of(p, c->base_pfn);

	EMIT(p->observer, CMA_REQUEST, count, align);
	/* What the area can never hold is not looked for. */
	if (!count || count > c->count || align >= 32)
		units = 0;
	for (u32 at = units ? find_unused(p, area, 0, want, align) : 0; at < units;
	     at = find_unused(p, area, at + step, want, align)) {
		pfn_t pfn = c->base_pfn + (at << c->order_per_bit);
		enum contig result;

		EMIT(p->observer, CMA_TRY, pfn, count);
		mark(p, area, at, want, true);
		result = contig_alloc(p, zone, pfn, pfn + (u32)count);
		if (result == CONTIG_DONE) {
			EMIT(p->observer, CMA_HANDED_OUT, pfn, count);
			return pfn;
		}
		mark(p, area, at, want, false);
		if (result == CONTIG_NO_MEMORY)
			break;
		EMIT(p->observer, CMA_BUSY, pfn, count);
	}
	EMIT(p->observer, FAILED, 0);
	return PFN_NONE;
}

u32 cma_given_out(const struct phys *p, pfn_t pfn)
{
	for (unsigned area = 0; area < p->config->cma_areas; area++) {
		const struct cma_config *c = &p->config->cma[area];
		const u8 *used = p->cma_used[area];
		u32 first = (pfn - c->base_pfn) >> c->order_per_bit, count = 0;

		if (pfn < c->base_pfn || pfn - c->base_pfn >= c->count)
			continue;
		for (pfn_t at = pfn; at - c->base_pfn < c->count && (p->frame[at].flags & FRAME_HEAD); at++, count++) {
			u32 unit = (at - c->base_pfn) >> c->order_per_bit;

			if (used[unit] == CMA_UNUSED || (used[unit] == CMA_BEGIN && unit != first))
				break;
		}
		return count;
	}
	return 0;
}

/* Of what was given out together, the part behind unit `at` stays when the units before are given back. */
static void begin_rest(struct phys *p, unsigned area, u32 at)
{
	const struct cma_config *c = &p->config->cma[area];

	if (at < c->count >> c->order_per_bit && p->cma_used[area][at] == CMA_USED) {
		arena_touch(p->arena, &p->cma_used[area][at]);
		p->cma_used[area][at] = CMA_BEGIN;
	}
}

bool cma_release(struct phys *p, pfn_t pfn, u64 count, struct status *st)
{
	for (unsigned area = 0; area < p->config->cma_areas; area++) {
		const struct cma_config *c = &p->config->cma[area];
		u32 first, units;

		if (pfn < c->base_pfn || pfn - c->base_pfn >= c->count || count > c->count - (pfn - c->base_pfn))
			continue;
		for (u32 i = 0; i < count; i++)
			if (!page_free_check(p, pfn + i, 0, st))
				return false;
		for (u32 i = 0; i < count; i++)
			page_give_back(p, pfn + i, 0, PAGE_HOT);
		first = (pfn - c->base_pfn) >> c->order_per_bit;
		units = (u32)((count + ((u64)1 << c->order_per_bit) - 1) >> c->order_per_bit);
		mark(p, area, first, units, false);
		begin_rest(p, area, first + units);
		return true;
	}
	return status_fail(st, STATUS_INVALID,
			   text_of_n("%" PRIu64 " page from 0x%" PRIx32 " on is in no CMA area",
				     "%" PRIu64 " pages from 0x%" PRIx32 " on are in no CMA area", count),
			   count, pfn);
}
