/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/dma.h"

#include "phys/cma.h"
#include "phys/page_alloc.h"

/* The largest alignment of what the contiguous memory area gives, as an order of pages. */
#define CMA_ALIGN_MOST 8

static bool old_rules(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

/* The zone bits of a mask that reaches no more. */
static gfp_t zone_for(const struct virt_system *v, u64 mask)
{
	const struct gfp_bits *bits = v->slab->phys->gfp;

	if (mask <= (UINT64_C(1) << v->config->dma_low_bits) - 1 - (v->config->dma_low_bits == 32))
		return bits->dma;
	return !old_rules(v) && mask <= UINT32_MAX ? bits->dma32 : 0;
}

/* From the contiguous memory area, if there is one and the caller may wait. PFN_NONE: from elsewhere. */
static pfn_t contiguous(struct virt_system *v, u64 pages, u64 mask, gfp_t gfp)
{
	struct phys *p = v->slab->phys;
	unsigned align = page_get_order(p, pages << p->config->page_shift);
	pfn_t pfn;

	if (old_rules(v) || !p->config->cma_areas || pages < 2 || !(gfp & p->gfp->wait))
		return PFN_NONE;
	pfn = cma_alloc(p, 0, (u32)pages, align < CMA_ALIGN_MOST ? align : CMA_ALIGN_MOST);
	if (pfn == PFN_NONE)
		return PFN_NONE;
	EMIT(p->observer, DMA_CONTIGUOUS, pages, pfn);
	if ((((u64)pfn + pages) << p->config->page_shift) - 1 <= mask)
		return pfn;
	cma_release(p, pfn, (u32)pages, &(struct status)STATUS_INIT);
	return PFN_NONE;
}

pfn_t dma_alloc_coherent(struct virt_system *v, u64 bytes, u64 mask, gfp_t gfp)
{
	struct phys *p = v->slab->phys;
	unsigned order = page_get_order(p, bytes), shift = p->config->page_shift;
	u64 pages = (bytes >> shift) + !!(bytes & ((UINT64_C(1) << shift) - 1));
	pfn_t pfn;

	gfp &= ~(gfp_t)GFP_ZONE_BITS;
	pfn = contiguous(v, pages, mask, gfp);
	if (pfn == PFN_NONE) {
		gfp |= zone_for(v, mask);
		pfn = page_alloc(p, gfp, order);
		if (pfn == PFN_NONE)
			return PFN_NONE;
		EMIT(p->observer, DMA_BLOCK, order, pfn, gfp);
		/* Pages beyond the mask, where the zone asked for has none: the DMA zone is the last resort. */
		if (!old_rules(v) && (((u64)pfn << shift) + (pages << shift)) - 1 > mask) {
			page_free(p, pfn, order, &(struct status)STATUS_INIT);
			pfn = page_alloc(p, (gfp & ~(gfp_t)GFP_ZONE_BITS) | p->gfp->dma, order);
		}
	}
	if (pfn != PFN_NONE)
		page_clear(p, pfn, pages);
	return pfn;
}

bool dma_free_coherent(struct virt_system *v, u64 bytes, pfn_t pfn, struct status *st)
{
	struct phys *p = v->slab->phys;
	u64 pages = (bytes >> p->config->page_shift) + !!(bytes & ((UINT64_C(1) << p->config->page_shift) - 1));

	for (unsigned n = 0; n < p->config->cma_areas && !old_rules(v); n++)
		if (pfn - p->config->cma[n].base_pfn < p->config->cma[n].count)
			return cma_release(p, pfn, (u32)pages, st);
	return page_free(p, pfn, page_get_order(p, bytes), st);
}
