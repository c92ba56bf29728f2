/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/boot_state.h"
#include "machine/boot_steps.h"
#include "machine/boot_zones.h"
#include "machine/sizing.h"
#include "phys/buddy.h"
#include "phys/pageblock.h"
#include "phys/pcp.h"

#include <inttypes.h>
#include <string.h>

/* bootmem frees a word of its bitmap at once if all of its pages are free. */
#define GROUP_ORDER 5

/* ------------------------------------------------------------- the plan */

/* Adds the frames of [start, end), split where a zone ends. */
static void plan_add(const struct phys_config *c, struct boot_plan *plan, u64 start, u64 end, enum boot_way way,
		     bool late)
{
	for (unsigned z = 0; z < c->zones; z++) {
		u64 zone_start = c->zone[z].start_pfn, zone_end = zone_start + c->zone[z].spanned;
		u64 from = start > zone_start ? start : zone_start;
		u64 to = end < zone_end ? end : zone_end;

		if (from < to && plan->count < BOOT_RANGES)
			plan->range[plan->count++] = (struct boot_range){ (pfn_t)from, (pfn_t)to, way, late };
	}
}

static void plan_add_bytes(const struct phys_config *c, struct boot_plan *plan, const struct desc_range *r,
			   enum boot_way way, bool late)
{
	u64 round = (UINT64_C(1) << c->page_shift) - 1;

	plan_add(c, plan, (r->start + round) >> c->page_shift, r->end >> c->page_shift, way, late);
}

/* Adds what boot left free on one side of the border of low memory. */
static void plan_add_gaps(const struct phys_config *c, const struct bootmem *b, struct boot_plan *plan, bool high,
			  enum boot_way way)
{
	u64 border = boot_steps_lowmem_end(c);
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);

	for (unsigned g = 0; g < gaps; g++) {
		if (high && gap[g].start < border)
			gap[g].start = border;
		if (!high && gap[g].end > border)
			gap[g].end = border;
		if (gap[g].start < gap[g].end)
			plan_add_bytes(c, plan, &gap[g], way, false);
	}
}

/* The frames of bootmem's own bitmap are given back last, but not the page behind it. */
static void plan_add_bitmap(const struct phys_config *c, const struct desc_range *bitmap, struct boot_plan *plan)
{
	u64 bytes = (boot_steps_lowmem_end(c) >> c->page_shift) / 8, page = UINT64_C(1) << c->page_shift;
	u64 start = bitmap->start >> c->page_shift;

	plan_add(c, plan, start, start + (bytes + page - 1) / page, BOOT_SINGLE_TO_PCP, false);
}

static void plan_ranges(const struct machine_desc *d, const struct phys_config *c, const struct boot_steps *steps,
			const struct boot_progress *progress, struct boot_plan *plan)
{
	const struct bootmem *b = &progress->mem;
	struct desc_range bitmap = boot_steps_got(progress, steps, BOOT_USE_BITMAP);
	struct desc_range cma = boot_steps_got(progress, steps, BOOT_USE_CMA);
	struct desc_range initrd = boot_steps_got(progress, steps, BOOT_USE_INITRD);

	switch (d->boot) {
	case BOOT_2_6:
		plan_add_gaps(c, b, plan, false, BOOT_GROUPS_OF_32);
		plan_add_bitmap(c, &bitmap, plan);
		plan_add_gaps(c, b, plan, true, BOOT_SINGLE_TO_PCP);
		break;
	case BOOT_6_1:
		plan_add_gaps(c, b, plan, true, BOOT_SINGLE_TO_BUDDY);
		plan_add_gaps(c, b, plan, false, BOOT_BLOCKS_AT_TAIL);
		plan_add_bytes(c, plan, &cma, BOOT_CMA, false);
		/* Its last page is freed, too, however little of it was used. */
		initrd.end = (initrd.end + d->page_size - 1) / d->page_size * d->page_size;
		plan_add_bytes(c, plan, &initrd, BOOT_SINGLE_TO_PCP, true);
		break;
	case BOOT_TEXTBOOK:
		plan_add_gaps(c, b, plan, false, BOOT_LARGEST_BLOCKS);
		plan_add_gaps(c, b, plan, true, BOOT_LARGEST_BLOCKS);
		return;
	}
	for (unsigned i = 0; i < d->kernel_freed.count; i++)
		plan_add_bytes(c, plan, &d->kernel_freed.range[i], BOOT_SINGLE_TO_PCP, true);
}

/* In 6.1 a zone manages what was given to the page allocator, up to now. */
static void count_managed(struct phys_config *c, const struct boot_plan *plan, bool late)
{
	for (unsigned z = 0; z < c->zones; z++) {
		struct zone_config *zc = &c->zone[z];

		zc->managed = 0;
		for (unsigned i = 0; i < plan->count; i++)
			if ((late || !plan->range[i].late) && plan->range[i].start - zc->start_pfn < zc->spanned)
				zc->managed += plan->range[i].end - plan->range[i].start;
	}
}

static void compute_sizes(struct phys_config *c, const struct machine_desc *d, struct boot_plan *plan)
{
	const struct sizing_rule *rule = sizing_rule(d->boot);

	plan->min_free_kbytes = d->min_free_kbytes;
	if (d->boot == BOOT_TEXTBOOK)
		return;
	if (d->boot == BOOT_6_1)
		count_managed(c, plan, false);
	if (!plan->min_free_kbytes)
		plan->min_free_kbytes = sizing_min_free_kbytes(sizing_lowmem_kb(c), rule->min_free_most);
	sizing_watermarks(c, rule, plan->min_free_kbytes, d->watermark_scale_factor);
	sizing_lowmem_reserve(c, d->lowmem_reserve_ratio);
	sizing_pcp(c, rule, d->percpu_pagelist_fraction);
	if (d->boot == BOOT_6_1)
		count_managed(c, plan, true);
}

bool boot_plan_make(const struct machine_desc *d, struct phys_config *c, const struct boot_steps *steps,
		    const struct boot_progress *progress, struct boot_plan *plan, struct status *st)
{
	plan->count = 0;
	plan_ranges(d, c, steps, progress, plan);
	plan->swiotlb = boot_steps_got(progress, steps, BOOT_USE_SWIOTLB);
	if (plan->count == BOOT_RANGES)
		return status_fail(st, STATUS_INVALID, _("memory is cut up into too many pieces"));
	compute_sizes(c, d, plan);
	return true;
}

/* ------------------------------------------------------------- the configuration */

static void set_policies(struct phys_config *c, const struct machine_desc *d)
{
	unsigned shift = 0;

	while (UINT64_C(1) << (shift + 1) <= d->page_size)
		shift++;
	c->page_shift = shift;
	c->orders = d->orders;
	c->pageblock_order = d->pageblock_order;
	c->types = d->migratetypes ? MT_COUNT : 1;
	c->cpus = d->cpus;
	c->page_offset = d->page_offset;
	c->pae = d->pae;
	c->gfp = d->boot == BOOT_2_6 ? GFP_2_6 : GFP_6_1;
	switch (d->boot) {
	case BOOT_2_6:
		c->reserve_by_first_zone = true;
		c->handlers_interruptible = true;
		c->watermark_rule = WATERMARK_BY_ORDER;
		c->pcp_rule = PCP_HOT_COLD;
		c->lru_rule = LRU_BY_ZONE;
		c->pcp_orders = 1;
		break;
	case BOOT_6_1:
		c->warns_of_orders = true;
		c->merge_to_tail = true;
		c->watermark_rule = WATERMARK_ANY_BLOCK;
		c->pcp_rule = PCP_BY_TYPE;
		c->lru_rule = LRU_BY_NODE;
		c->pcp_orders = c->orders < 4 ? c->orders : 4;
		c->pcp_scale_max = 5;
		break;
	case BOOT_TEXTBOOK:
		c->list_rule = LIST_BY_ADDRESS;
		break;
	}
}

/* Orders up to the one whose block is as large as all memory. */
static unsigned orders_for(u64 bytes, u64 page_size)
{
	unsigned orders = 1;

	while (orders < PHYS_ORDERS && page_size << orders <= bytes)
		orders++;
	return orders;
}

/* Is there a Normal zone right above a DMA32 zone on node 0? Then the kernel keeps it free of mixed page blocks. */
static bool normal_above_dma32(const struct phys_config *c)
{
	for (unsigned z = 1; z < c->zones; z++)
		if (!c->zone[z].node && strcmp(c->zone[z].name, "Normal") == 0 &&
		    strcmp(c->zone[z - 1].name, "DMA32") == 0)
			return true;
	return false;
}

/*
 * Grouping by mobility is decided early: page descriptors of low memory are
 * taken off what there is, and nothing else yet.
 */
static bool too_small_for_mobility(const struct phys_config *c, const struct machine_desc *d)
{
	u64 pages = 0;

	for (unsigned z = 0; z < c->zones; z++) {
		const struct zone_config *zc = &c->zone[z];
		u64 descriptors = ((u64)zc->spanned * d->struct_page + d->page_size - 1) / d->page_size;

		if (d->section_size)
			descriptors = ((u64)zc->present * d->struct_page + d->page_size - 1) / d->page_size;
		pages += zc->present;
		if (!sizing_is_highmem(c, zc))
			pages -= descriptors < zc->present ? descriptors : zc->present;
	}
	return sizing_mobility_disabled(pages, c->pageblock_order);
}

/* The contiguous memory area, as the plan has it. */
static void set_cma(struct phys_config *c, const struct boot_plan *plan)
{
	for (unsigned i = 0; i < plan->count; i++) {
		const struct boot_range *r = &plan->range[i];

		if (r->way == BOOT_CMA)
			c->cma[c->cma_areas++] =
			    (struct cma_config){ .name = "reserved", .base_pfn = r->start, .count = r->end - r->start };
	}
}

static bool too_little(const struct phys_config *c, struct status *st)
{
	char text[UNITS_MAX];

	return status_fail(
	    st, STATUS_INVALID,
	    _("%s of RAM do not hold the kernel, its page descriptors and its tables: set mem=64M or more"),
	    units_format(boot_zones_ram_below(c, UINT64_MAX), text));
}

/* Does all steps of boot, with nobody in between. */
static bool all_steps(const struct machine_desc *d, struct phys_config *c, struct boot_plan *plan, struct status *st)
{
	struct boot_progress progress;
	struct boot_steps steps;

	boot_steps_make(&steps, d, c);
	boot_steps_begin(&progress, c);
	if (steps.impossible)
		return too_little(c, st);
	while (progress.done < steps.count)
		if (!boot_steps_do(&progress, &steps, NULL))
			return too_little(c, st);
	return boot_plan_make(d, c, &steps, &progress, plan, st);
}

bool boot_configure(const struct machine_desc *d, struct phys_config *c, struct boot_plan *plan, struct status *st)
{
	memset(c, 0, sizeof *c);
	if (!desc_check(d, st))
		return false;
	set_policies(c, d);
	if (d->state.zones) {
		plan->count = 0;
		plan->swiotlb = (struct desc_range){ 0, 0 };
		if (!boot_state_configure(d, c, &plan->min_free_kbytes, st))
			return false;
		c->fallback_nofragment = c->types > 1 && normal_above_dma32(c);
		return true;
	}
	if (!c->orders)
		c->orders = orders_for(d->mem ? d->mem : d->memory.range[d->memory.count - 1].end, d->page_size);
	if (!boot_zones_lay_out(c, d, st) || !all_steps(d, c, plan, st))
		return false;
	c->fallback_nofragment = c->types > 1 && normal_above_dma32(c);
	c->mobility_disabled = c->types > 1 && too_small_for_mobility(c, d);
	set_cma(c, plan);
	return true;
}

/* ------------------------------------------------------------- handing over */

/* The largest order of a block that begins at `pfn` and ends at `end` at most. */
static unsigned largest_order(const struct phys_config *c, pfn_t pfn, pfn_t end)
{
	unsigned order = 0;

	while (order + 1 < c->orders && !(pfn & ((pfn_t)1 << order)) && end - pfn >= (pfn_t)2 << order)
		order++;
	return order;
}

static void give_blocks(struct phys *p, unsigned zone, const struct boot_range *r, bool at_tail)
{
	for (pfn_t pfn = r->start; pfn < r->end;) {
		unsigned order = largest_order(p->config, pfn, r->end);

		buddy_free(p, zone, pfn, order, pageblock_type(p, zone, pfn), at_tail);
		pfn += (pfn_t)1 << order;
	}
}

static void give_groups(struct phys *p, unsigned zone, const struct boot_range *r)
{
	pfn_t length = (pfn_t)1 << GROUP_ORDER;

	for (pfn_t pfn = r->start; pfn < r->end;) {
		if (GROUP_ORDER < p->config->orders && pfn % length == 0 && r->end - pfn >= length) {
			buddy_free(p, zone, pfn, GROUP_ORDER, MT_UNMOVABLE, false);
			pfn += length;
		} else {
			pcp_free(p, zone, pfn++, 0, MT_UNMOVABLE, false);
		}
	}
}

static void give_cma(struct phys *p, unsigned zone, const struct boot_range *r)
{
	unsigned order = p->config->pageblock_order;

	for (pfn_t pfn = r->start; pfn < r->end; pfn += (pfn_t)1 << order) {
		pageblock_set_type(p, zone, pfn, MT_CMA);
		buddy_free(p, zone, pfn, order, MT_CMA, false);
	}
}

static void give_range(struct phys *p, const struct boot_range *r)
{
	unsigned zone = (unsigned)phys_zone_of(p, r->start);

	switch (r->way) {
	case BOOT_BLOCKS_AT_TAIL:
		give_blocks(p, zone, r, true);
		break;
	case BOOT_CMA:
		give_cma(p, zone, r);
		break;
	case BOOT_LARGEST_BLOCKS:
		give_blocks(p, zone, r, false);
		break;
	case BOOT_SINGLE_TO_BUDDY:
		for (pfn_t pfn = r->start; pfn < r->end; pfn++)
			buddy_free(p, zone, pfn, 0, pageblock_type(p, zone, pfn), false);
		break;
	case BOOT_SINGLE_TO_PCP:
		for (pfn_t pfn = r->start; pfn < r->end; pfn++)
			pcp_free(p, zone, pfn, 0, pageblock_type(p, zone, pfn), false);
		break;
	case BOOT_GROUPS_OF_32:
		give_groups(p, zone, r);
		break;
	}
}

/* The page block that `pfn` lies in begins with a frame that is not RAM of this zone: it was never made movable. */
static void check_first_block(struct phys *p, unsigned zone, pfn_t pfn)
{
	pfn_t first = pfn & ~(((pfn_t)1 << p->config->pageblock_order) - 1);

	if (pfn - p->config->zone[zone].start_pfn >= p->config->zone[zone].spanned)
		return;
	if (phys_zone_of(p, first) != (int)zone || !phys_has_memory(p, first))
		pageblock_set_type(p, zone, pfn, MT_UNMOVABLE);
}

/*
 * Page blocks become movable when their first frame is set up.  One whose
 * first frame is not there keeps type 0, which is unmovable.
 */
static void set_first_blocks(struct phys *p)
{
	const struct phys_config *c = p->config;

	if (c->types == 1)
		return;
	for (unsigned z = 0; z < c->zones; z++) {
		if (phys_has_memory(p, c->zone[z].start_pfn))
			check_first_block(p, z, c->zone[z].start_pfn);
		for (unsigned r = 0; r < c->memory_ranges; r++)
			check_first_block(p, z, c->memory[r].start);
	}
}

static void tell_range(const struct phys *p, struct observer *observer, const struct boot_range *r)
{
	unsigned zone = (unsigned)phys_zone_of(p, r->start);
	u64 pages = r->end - r->start;

	switch (r->way) {
	case BOOT_BLOCKS_AT_TAIL:
	case BOOT_LARGEST_BLOCKS:
		EMIT(observer, BOOT_FREE, zone, r->start, pages);
		break;
	case BOOT_CMA:
		EMIT(observer, BOOT_FREE_CMA, zone, r->start, pages);
		break;
	case BOOT_SINGLE_TO_BUDDY:
	case BOOT_SINGLE_TO_PCP:
		EMIT(observer, BOOT_FREE_SINGLY, zone, r->start, pages);
		break;
	case BOOT_GROUPS_OF_32:
		EMIT(observer, BOOT_FREE_GROUPS, zone, r->start, pages);
		break;
	}
}

/* Each range is told as a whole: its millions of merges are not. */
static void give_ranges(struct phys *p, const struct boot_plan *plan, bool late, bool counted)
{
	struct observer *observer = p->observer;

	for (unsigned i = 0; i < plan->count; i++) {
		const struct boot_range *r = &plan->range[i];

		if (r->late != late)
			continue;
		if (counted)
			p->zone[phys_zone_of(p, r->start)].managed += r->end - r->start;
		p->observer = NULL;
		give_range(p, r);
		p->observer = observer;
		tell_range(p, observer, r);
	}
}

static void set_pcp(struct phys *p, unsigned zone, const u32 high[2], const u32 batch[2])
{
	for (unsigned cpu = 0; cpu < p->config->cpus; cpu++) {
		for (unsigned s = 0; s < 2; s++) {
			phys_pcp(p, zone, cpu)->set[s].high = high[s];
			phys_pcp(p, zone, cpu)->set[s].batch = batch[s];
		}
	}
}

/* What a zone has before the page allocator got memory: 6.1 counts what it gets, and sizes per-CPU lists by that. */
static void begin_zone(struct phys *p, unsigned zone, bool counted)
{
	struct zone *z = &p->zone[zone];

	memset(z->wmark, 0, sizeof z->wmark);
	memset(z->lowmem_reserve, 0, sizeof z->lowmem_reserve);
	if (!counted)
		return;
	z->managed = 0;
	set_pcp(p, zone, (const u32[2]){ 0, 0 }, (const u32[2]){ 1, 0 });
}

/* Watermarks, reserves and per-CPU sizes, by what the zones got. */
static void set_sizes(struct phys *p, const struct phys_config *sizes, const struct boot_plan *plan)
{
	p->state->min_free_kbytes = plan->min_free_kbytes;
	EMIT(p->observer, BOOT_MIN_FREE, plan->min_free_kbytes);
	for (unsigned z = 0; z < p->config->zones; z++) {
		const struct zone_config *zc = &sizes->zone[z];

		memcpy(p->zone[z].wmark, zc->wmark, sizeof zc->wmark);
		memcpy(p->zone[z].lowmem_reserve, zc->lowmem_reserve, sizeof zc->lowmem_reserve);
		set_pcp(p, z, zc->pcp_high, zc->pcp_batch);
		EMIT(p->observer, WMARKS_SET, z, zc->wmark[WMARK_MIN], zc->wmark[WMARK_LOW], zc->wmark[WMARK_HIGH]);
		EMIT(p->observer, PCP_SIZES, z, zc->pcp_high[0], zc->pcp_batch[0]);
	}
}

void boot_begin(struct phys *p, const struct machine_desc *d)
{
	p->state->watermark_boost_factor = d->watermark_boost_factor;
	p->state->watermark_scale_factor = d->watermark_scale_factor;
	p->state->min_free_kbytes = d->min_free_kbytes;
	memcpy(p->state->lowmem_reserve_ratio, d->lowmem_reserve_ratio, sizeof d->lowmem_reserve_ratio);
	p->state->percpu_pagelist_fraction = d->percpu_pagelist_fraction;
	set_first_blocks(p);
	for (unsigned z = 0; z < p->config->zones && d->boot != BOOT_TEXTBOOK && !d->state.zones; z++)
		begin_zone(p, z, d->boot == BOOT_6_1);
}

/* The kernel's option highmem= that could not be followed. */
static void tell_border(const struct phys *p, const struct machine_desc *d)
{
	const struct phys_config *c = p->config;
	u64 high = (u64)(c->max_pfn - c->direct_map_end) << c->page_shift;

	if (!d->highmem || d->highmem / d->page_size == high / d->page_size)
		return;
	if (high)
		EMIT(p->observer, BOOT_HIGHMEM_SHORT, d->highmem, high);
	else
		EMIT(p->observer, BOOT_HIGHMEM_REFUSED, d->highmem);
}

void boot_hand_over(struct phys *p, const struct machine_desc *d, const struct phys_config *sizes,
		    const struct boot_plan *plan)
{
	bool counted = d->boot == BOOT_6_1;

	tell_border(p, d);
	for (unsigned z = 0; z < p->config->zones; z++)
		EMIT(p->observer, BOOT_ZONE, z, p->config->zone[z].start_pfn, p->config->zone[z].spanned);
	give_ranges(p, plan, false, counted);
	if (d->boot != BOOT_TEXTBOOK)
		set_sizes(p, sizes, plan);
	give_ranges(p, plan, true, counted);
}
