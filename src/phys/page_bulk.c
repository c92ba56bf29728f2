/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/page_bulk.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/pcp.h"
#include "phys/watermark.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The first zone that can give all of `count` pages without falling to its low watermark. */
static unsigned zone_for_bulk(struct phys *p, const struct request *rq, u32 count)
{
	const u8 *list = request_zonelist(p, rq->highest_zone);

	for (const u8 *zone = list; *zone != ZONELIST_END; zone++) {
		const struct zone *z = &p->zone[*zone];
		s64 usable = (s64)z->free - z->highatomic - (rq->type == MT_MOVABLE ? 0 : z->free_cma);
		u64 mark = (u64)z->wmark[WMARK_LOW] + z->boost;
		u64 reserve = z->lowmem_reserve[p->config->zone[*list].type];
		s64 need = (s64)(mark + reserve) + count;

		EMIT(p->observer, ZONE_TRY, *zone);
		if (usable > need) {
			EMIT(p->observer, WMARK_OK, *zone, WMARK_LOW, z->free, count, (u64)(z->free - usable), mark,
			     reserve);
			return *zone;
		}
		EMIT(p->observer, WMARK_LOW, *zone, WMARK_LOW, z->free, count, (u64)(z->free - usable), mark, reserve);
	}
	return ZONELIST_END;
}

u32 page_alloc_bulk(struct phys *p, gfp_t gfp, u32 count, pfn_t *pages)
{
	struct request rq;
	unsigned zone = ZONELIST_END;
	u32 got = 0;

	if (!count)
		return 0;
	EMIT(p->observer, REQUEST_BULK, count, gfp);
	request_first(p, gfp, 0, &rq);
	rq.no_mixing = false;
	rq.wakes_kswapd = false;
	if (count > 1)
		zone = zone_for_bulk(p, &rq, count);
	while (zone != ZONELIST_END && got < count) {
		pfn_t pfn = pcp_take_next(p, zone, &rq);

		if (pfn == PFN_NONE)
			break;
		page_hand_out(p, pfn, gfp, 0);
		pages[got++] = pfn;
	}
	/* One page, or none at all so far: the ordinary way. */
	if (!got) {
		pages[0] = page_alloc(p, gfp, 0);
		got = pages[0] != PFN_NONE;
	}
	return got;
}

static int compare_pages(const void *left, const void *right)
{
	const pfn_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Is no page among them twice? */
static bool all_different(const pfn_t *pages, u32 count, struct status *st)
{
	pfn_t *sorted = malloc((count ? count : 1) * sizeof *sorted);
	bool different = true;
	u32 i;

	if (!sorted)
		return status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
	memcpy(sorted, pages, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, compare_pages);
	for (i = 1; i < count && different; i++)
		different = sorted[i] != sorted[i - 1];
	if (!different)
		status_fail(st, STATUS_INVALID, _("double free: page frame 0x%" PRIx32 " is in the list twice"),
			    sorted[i - 1]);
	free(sorted);
	return different;
}

bool page_free_list(struct phys *p, const pfn_t *pages, u32 count, struct status *st)
{
	for (u32 i = 0; i < count; i++)
		if (!page_free_check(p, pages[i], 0, st))
			return false;
	if (!all_different(pages, count, st))
		return false;
	for (u32 i = 0; i < count; i++)
		if (!page_free(p, pages[i], 0, st))
			return false;
	return true;
}

static u64 pages_for(const struct phys *p, u64 bytes)
{
	u64 offset = bytes & (((u64)1 << p->config->page_shift) - 1);

	return (bytes >> p->config->page_shift) + (offset != 0);
}

pfn_t page_alloc_exact(struct phys *p, gfp_t gfp, u64 bytes)
{
	unsigned order = page_get_order(p, bytes);
	struct status st = STATUS_INIT;
	/* The block comes apart, so it is no compound page; and it must have an address. */
	pfn_t pfn = page_alloc(p, gfp & ~(p->gfp->comp | p->gfp->highmem), order);

	if (pfn == PFN_NONE || !page_split(p, pfn, order, &st))
		return PFN_NONE;
	for (u32 i = (u32)pages_for(p, bytes); i < (u32)1 << order; i++)
		page_give_back(p, pfn + i, 0, PAGE_TO_TAIL);
	for (u32 i = 1; i < pages_for(p, bytes); i++)
		p->frame[pfn + i].joined = 1;
	return pfn;
}

u32 page_exact_together(const struct phys *p, pfn_t pfn)
{
	u32 count = 1;

	/* The first may have been freed alone, and be another one's by now. */
	while (pfn + count < p->config->max_pfn && p->frame[pfn + count].joined &&
	       (p->frame[pfn + count].flags & FRAME_HEAD) && p->frame[pfn + count].owner == p->frame[pfn].owner)
		count++;
	return p->frame[pfn].joined ? 1 : count;
}

bool page_free_exact(struct phys *p, pfn_t pfn, u64 bytes, struct status *st)
{
	u64 count = pages_for(p, bytes);

	/* What is too long ends at the first frame behind all memory, which cannot be freed. */
	for (u64 i = 0; i < count; i++)
		if (!page_free_check(p, (pfn_t)(pfn + i), 0, st))
			return false;
	for (u64 i = 0; i < count; i++)
		page_give_back(p, (pfn_t)(pfn + i), 0, PAGE_HOT);
	return true;
}
