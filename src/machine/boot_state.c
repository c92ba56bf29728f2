/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot_state.h"

#include "base/text.h"
#include "machine/boot_zones.h"
#include "machine/sizing.h"
#include "machine/state_layout.h"
#include "machine/virt_configure.h"
#include "phys/pageblock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static u64 free_pages(const struct desc_state_zone *z)
{
	u64 pages = 0;

	for (unsigned o = 0; o < DESC_STATE_ORDERS; o++)
		pages += (u64)z->nr_free[o] << o;
	return pages;
}

static u64 round_up(u64 n, u64 unit)
{
	return (n + unit - 1) / unit * unit;
}

static int type_of(const struct machine_desc *d, const char *name)
{
	for (unsigned t = 0; t < d->zones.count; t++)
		if (strcmp(d->zones.zone[t].name, name) == 0)
			return (int)t;
	return -1;
}

/* The first frame behind a zone of this type; 0: it may go as far as memory does. */
static u64 type_end(const struct machine_desc *d, unsigned type)
{
	u64 end = d->zones.zone[type].end;

	if (end == DESC_TO_END)
		return 0;
	return (end == DESC_TO_LOWMEM ? virt_configure_lowmem(d) : end) / d->page_size;
}

/* Has this zone its full size, whatever lies in it? DMA has, and what has a zone above it that begins where it ends. */
static bool is_full(const struct desc_state *s, const struct machine_desc *d, const struct desc_state_zone *z,
		    unsigned type)
{
	if (type == 0)
		return true;
	if (d->zones.zone[type].end != DESC_TO_LOWMEM)
		return false;
	for (unsigned i = 0; i < s->zones; i++)
		if (s->zone[i].node == z->node && type_of(d, s->zone[i].name) > (int)type)
			return true;
	return false;
}

/* Size and place of a zone of which no zoneinfo tells. */
static void choose_size(const struct machine_desc *d, const struct phys_config *c, const struct desc_state_zone *z,
			struct zone_config *zc)
{
	u64 unit = UINT64_C(1) << (c->orders - 1);
	u64 least = zc->type ? type_end(d, zc->type - 1u) : d->boot == BOOT_6_1;
	u64 start = c->max_pfn > least ? round_up(c->max_pfn, unit) : least, pages = 0;

	if (is_full(&d->state, d, z, zc->type)) {
		pages = type_end(d, zc->type) > start ? type_end(d, zc->type) - start : 0;
	} else if (z->blocked) {
		for (unsigned t = 0; t < MT_COUNT; t++)
			pages += (u64)z->blocks[t] << c->pageblock_order;
	} else {
		pages = (u64)state_layout_least(z->nr_free, c->orders) * unit;
	}
	zc->start_pfn = (pfn_t)start;
	zc->spanned = zc->present = (u32)(pages < PHYS_PFN_LIMIT ? pages : PHYS_PFN_LIMIT);
	zc->managed = zc->present;
}

static bool check_place(const struct phys_config *c, const struct desc_state_zone *z, const struct zone_config *zc,
			u64 limit, struct status *st)
{
	char why[128];

	if (zc->start_pfn < c->max_pfn)
		return desc_state_fail(z, st, _("it does not begin above the zone before it"));
	if ((u64)zc->start_pfn + zc->spanned > PHYS_PFN_LIMIT)
		return desc_state_fail(z, st, _("it ends above 16 TiB"));
	if (limit && (u64)zc->start_pfn + zc->spanned > limit) {
		snprintf(why, sizeof why,
			 _("it would end at page frame %" PRIu64 ", above %" PRIu64 " where it must end"),
			 (u64)zc->start_pfn + zc->spanned, limit);
		return desc_state_fail(z, st, why);
	}
	if (free_pages(z) > zc->managed) {
		snprintf(why, sizeof why, _("%" PRIu64 " pages are free, but it has %" PRIu32), free_pages(z),
			 zc->managed);
		return desc_state_fail(z, st, why);
	}
	return true;
}

static bool add_zone(const struct machine_desc *d, struct phys_config *c, const struct desc_state_zone *z,
		     struct status *st)
{
	struct zone_config *zc = &c->zone[c->zones];
	int type = type_of(d, z->name);
	u32 hole;

	if (type < 0)
		return desc_state_fail(z, st, _("the machine chosen for these zones has none of this name"));
	memset(zc, 0, sizeof *zc);
	memcpy(zc->name, z->name, sizeof zc->name);
	zc->type = (u8)type;
	zc->node = z->node;
	choose_size(d, c, z, zc);
	if (z->sized) {
		zc->start_pfn = z->start_pfn;
		zc->spanned = z->spanned;
		zc->present = z->present;
		zc->managed = z->managed ? z->managed : z->present;
	}
	if (!check_place(c, z, zc, z->sized ? 0 : type_end(d, zc->type), st))
		return false;
	/* The PC's hole in the DMA zone lies below 1 MiB; that of other zones is what they have no RAM for. */
	hole = type == 0 ? zc->spanned - zc->present : 0;
	c->memory[c->memory_ranges++] = (struct phys_range){ zc->start_pfn + hole, zc->start_pfn + hole + zc->present };
	c->max_pfn = zc->start_pfn + zc->spanned;
	if (z->node >= c->nodes)
		c->nodes = z->node + 1u;
	c->zones++;
	return true;
}

/* All zones, by node and then by type. */
static bool add_zones(const struct machine_desc *d, struct phys_config *c, struct status *st)
{
	const struct desc_state *s = &d->state;

	for (unsigned node = 0; node < PHYS_NODES; node++)
		for (int type = -1; type < (int)d->zones.count; type++)
			for (unsigned i = 0; i < s->zones; i++)
				if (s->zone[i].node == node && type_of(d, s->zone[i].name) == type &&
				    !add_zone(d, c, &s->zone[i], st))
					return false;
	return true;
}

static const struct desc_state_zone *told(const struct desc_state *s, const struct zone_config *zc)
{
	for (unsigned i = 0; i < s->zones; i++)
		if (s->zone[i].node == zc->node && strcmp(s->zone[i].name, zc->name) == 0)
			return &s->zone[i];
	return NULL;
}

/* Watermarks and reserves: as told, else by the kernel's rules. */
static void compute_sizes(const struct machine_desc *d, struct phys_config *c, u32 *min_free_kbytes)
{
	const struct sizing_rule *rule = sizing_rule(d->boot);
	u64 least = 0;
	bool marked = true;

	*min_free_kbytes = d->min_free_kbytes;
	if (!*min_free_kbytes)
		*min_free_kbytes = sizing_min_free_kbytes(sizing_lowmem_kb(c), rule->min_free_most);
	sizing_watermarks(c, rule, *min_free_kbytes, d->watermark_scale_factor);
	sizing_lowmem_reserve(c, d->lowmem_reserve_ratio);
	for (unsigned z = 0; z < c->zones; z++) {
		const struct desc_state_zone *t = told(&d->state, &c->zone[z]);

		if (t->marked)
			memcpy(c->zone[z].wmark, t->wmark, sizeof t->wmark);
		if (t->protects)
			memcpy(c->zone[z].lowmem_reserve, t->reserve, sizeof t->reserve);
		marked &= t->marked;
		if (!sizing_is_highmem(c, &c->zone[z]))
			least += c->zone[z].wmark[WMARK_MIN];
	}
	/* The server's own tunable shows in its marks. */
	if (marked)
		*min_free_kbytes = (u32)(least << c->page_shift >> 10);
	sizing_pcp(c, rule, d->percpu_pagelist_fraction);
}

bool boot_state_configure(const struct machine_desc *d, struct phys_config *c, u32 *min_free_kbytes, struct status *st)
{
	u64 pages = 0;

	c->nodes = 0;
	c->cpus = d->state.cpus > c->cpus ? d->state.cpus : c->cpus;
	if (c->orders != DESC_STATE_ORDERS)
		return status_fail(st, STATUS_INVALID,
				   _("a machine that is booted into a server's state has orders=11"));
	if (!add_zones(d, c, st))
		return false;
	c->direct_map_end = c->max_pfn;
	for (unsigned z = c->zones; z-- > 0;)
		if (strcmp(c->zone[z].name, "HighMem") == 0)
			c->direct_map_end = c->zone[z].start_pfn;
	boot_zones_map_gfp(c, d);
	compute_sizes(d, c, min_free_kbytes);
	for (unsigned z = 0; z < c->zones; z++)
		pages += c->zone[z].managed;
	c->mobility_disabled = c->types > 1 && sizing_mobility_disabled(pages, c->pageblock_order);
	return true;
}

bool boot_state_fill(struct phys *p, const struct desc_state *s, struct status *st)
{
	for (unsigned z = 0; z < p->config->zones; z++) {
		const struct desc_state_zone *t = told(s, &p->config->zone[z]);
		struct status why = STATUS_INIT;

		if (!state_layout_zone(p, z, t, &why))
			return desc_state_fail(t, st, why.message);
		p->zone[z].boost = t->boost;
		EMIT(p->observer, STATE_LAID_OUT, z, p->zone[z].free);
	}
	return true;
}
