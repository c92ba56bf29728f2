/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_pages.h"

#include "base/text.h"
#include "slab/rules.h"

#include <inttypes.h>

static bool is_reclaimable(const struct slab_system *s, const struct kmem_cache *cache)
{
	return cache->flags & s->config->rules->flag->reclaim_account;
}

void slab_pages_taken(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, unsigned order)
{
	s->state->zone[phys_zone_of(s->phys, pfn)].slab[is_reclaimable(s, cache)] += UINT32_C(1) << order;
}

void slab_pages_given_back(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, unsigned order)
{
	s->state->zone[phys_zone_of(s->phys, pfn)].slab[is_reclaimable(s, cache)] -= UINT32_C(1) << order;
}

void slab_pages_large_taken(struct slab_system *s, pfn_t pfn, unsigned order)
{
	s->state->zone[phys_zone_of(s->phys, pfn)].large += INT32_C(1) << order;
}

void slab_pages_large_given_back(struct slab_system *s, pfn_t pfn, unsigned order)
{
	s->state->zone[phys_zone_of(s->phys, pfn)].large -= INT32_C(1) << order;
}

u64 slab_pages_reclaimable(const struct slab_system *s, unsigned zone)
{
	return s->state ? s->state->zone[zone].slab[1] : 0;
}

/* kfree() of pages that kmalloc() did not get may bring the sum below zero, which is shown as 0. */
u64 slab_pages_unreclaimable(const struct slab_system *s, unsigned zone)
{
	s64 pages = s->state ? (s64)s->state->zone[zone].slab[0] + s->state->zone[zone].large : 0;

	return pages > 0 ? (u64)pages : 0;
}

u64 slab_pages_all_reclaimable(const struct slab_system *s)
{
	u64 pages = 0;

	for (unsigned z = 0; z < s->phys->config->zones; z++)
		pages += slab_pages_reclaimable(s, z);
	return pages;
}

u64 slab_pages_all_unreclaimable(const struct slab_system *s)
{
	u64 pages = 0;

	for (unsigned z = 0; z < s->phys->config->zones; z++)
		pages += slab_pages_unreclaimable(s, z);
	return pages;
}

bool slab_pages_check(const struct slab_system *s, struct status *st)
{
	const struct phys *p = s->phys;
	u32 pages[PHYS_ZONES][2] = { 0 };

	for (u32 n = 0; n < p->state->page_used; n++) {
		const struct page *page = &p->page[n];
		int zone;

		if (page->pfn == PFN_NONE || page->kind != PAGE_SLAB || page->head != page->pfn)
			continue;
		zone = phys_zone_of(p, page->pfn);
		if (zone < 0)
			return status_fail(st, STATUS_INVALID, _("the slab at frame 0x%" PRIx32 " is in no zone"),
					   page->pfn);
		pages[zone][is_reclaimable(s, &s->cache[page->slab.cache])] += UINT32_C(1) << p->frame[page->pfn].order;
	}
	for (unsigned z = 0; z < p->config->zones; z++)
		for (unsigned kind = 0; kind < 2; kind++)
			if (s->state->zone[z].slab[kind] != pages[z][kind])
				return status_fail(
				    st, STATUS_INVALID,
				    _("zone %s: slabs have %" PRIu32 " pages, but %" PRIu32 " are counted"),
				    p->config->zone[z].name, pages[z][kind], s->state->zone[z].slab[kind]);
	return true;
}
