/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/dma.h"

#include "phys/cma.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "virt/warn.h"

/* The largest alignment of what the contiguous memory area gives, as an order of pages. */
#define CMA_ALIGN_MOST 8

static bool old_rules(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

/* ------------------------------------------------------------- dma_alloc_coherent() */

/* The zone bits of a mask that reaches no more; says why. */
static gfp_t zone_for(const struct virt_system *v, u64 mask)
{
	const struct gfp_bits *bits = phys_of(v)->gfp;
	gfp_t zone = 0;

	if (mask <= (UINT64_C(1) << v->config->dma_low_bits) - 1 - (v->config->dma_low_bits == 32))
		zone = bits->dma;
	else if (!old_rules(v) && mask <= UINT32_MAX)
		zone = bits->dma32;
	if (!mask)
		EMIT(phys_of(v)->observer, DMA_NO_DEVICE, 0);
	else if (zone)
		EMIT(phys_of(v)->observer, DMA_NEAR, mask, zone);
	else
		EMIT(phys_of(v)->observer, DMA_FAR, mask);
	return zone;
}

static u64 pages_of(const struct virt_system *v, u64 bytes)
{
	unsigned shift = phys_of(v)->config->page_shift;

	return (bytes >> shift) + !!(bytes & ((UINT64_C(1) << shift) - 1));
}

/* Does the device reach all of it? */
static bool reaches(const struct virt_system *v, u64 mask, pfn_t pfn, u64 pages)
{
	return old_rules(v) || (((u64)pfn + pages) << phys_of(v)->config->page_shift) - 1 <= mask;
}

/* From the contiguous memory area, if there is one and the caller may wait. PFN_NONE: from elsewhere. */
static pfn_t contiguous(struct virt_system *v, u64 pages, u64 mask, gfp_t gfp)
{
	struct phys *p = phys_of(v);
	unsigned align = page_get_order(p, pages << p->config->page_shift);
	pfn_t pfn;

	if (old_rules(v) || !p->config->cma_areas || pages < 2 || !(gfp & p->gfp->wait))
		return PFN_NONE;
	pfn = cma_alloc(p, 0, pages, align < CMA_ALIGN_MOST ? align : CMA_ALIGN_MOST);
	if (pfn == PFN_NONE)
		return PFN_NONE;
	EMIT(p->observer, DMA_CONTIGUOUS, pages, pfn);
	if (reaches(v, mask, pfn, pages))
		return pfn;
	EMIT(p->observer, DMA_CONTIGUOUS_FAR, pfn, mask);
	cma_release(p, pfn, pages, &(struct status)STATUS_INIT);
	return PFN_NONE;
}

/* The next lower zone to ask: below 4 GiB, then the DMA zone. 0: there is none left. */
static gfp_t lower_zone(const struct virt_system *v, u64 mask, gfp_t gfp)
{
	const struct gfp_bits *bits = phys_of(v)->gfp;

	if (gfp & bits->dma)
		return 0;
	return mask != UINT64_MAX && bits->dma32 && !(gfp & bits->dma32) && v->config->word == 8 ? bits->dma32
												 : bits->dma;
}

/* From the page allocator: where the zone asked for gives what the device does not reach, a lower one. */
static pfn_t block(struct virt_system *v, unsigned order, u64 pages, u64 mask, gfp_t gfp)
{
	struct phys *p = phys_of(v);
	pfn_t pfn = page_alloc(p, gfp, order);

	while (pfn != PFN_NONE) {
		gfp_t zone;

		EMIT(p->observer, DMA_BLOCK, order, pfn, gfp);
		if (reaches(v, mask, pfn, pages))
			return pfn;
		page_free(p, pfn, order, &(struct status)STATUS_INIT);
		zone = lower_zone(v, mask, gfp);
		if (!zone)
			return PFN_NONE;
		gfp = (gfp & ~(gfp_t)GFP_ZONE_BITS) | zone;
		EMIT(p->observer, DMA_BEYOND, pfn, mask, gfp);
		pfn = page_alloc(p, gfp, order);
	}
	return PFN_NONE;
}

pfn_t dma_alloc_coherent(struct virt_system *v, u64 bytes, u64 mask, gfp_t gfp)
{
	struct phys *p = phys_of(v);
	unsigned order = page_get_order(p, bytes);
	u64 pages = pages_of(v, bytes);
	pfn_t pfn;

	gfp = (gfp & ~(gfp_t)GFP_ZONE_BITS) | zone_for(v, mask);
	pfn = contiguous(v, pages, mask, gfp);
	if (pfn == PFN_NONE)
		pfn = block(v, order, pages, mask, gfp);
	if (pfn == PFN_NONE)
		return PFN_NONE;
	page_clear(p, pfn, pages);
	EMIT(p->observer, DMA_HANDLE, page_address(p, pfn), (u64)pfn << p->config->page_shift);
	return pfn;
}

void dma_free_warn(struct virt_system *v)
{
	if (!old_rules(v) && preempt_irqs_disabled(phys_of(v)))
		warn_print(v, "kernel/dma/mapping.c dma_free_attrs", "%s", "");
}

bool dma_free_coherent(struct virt_system *v, u64 bytes, pfn_t pfn, struct status *st)
{
	struct phys *p = phys_of(v);

	for (unsigned n = 0; n < p->config->cma_areas && !old_rules(v); n++)
		if (pfn - p->config->cma[n].base_pfn < p->config->cma[n].count)
			return cma_release(p, pfn, pages_of(v, bytes), st);
	return page_free(p, pfn, page_get_order(p, bytes), st);
}
