/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot_zones.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/memory_map.h"
#include "machine/virt_configure.h"

#include <inttypes.h>
#include <string.h>

/* ------------------------------------------------------------- RAM */

/* Whole pages of what the kernel knows as RAM. */
static void add_ram(struct phys_config *c, const struct machine_desc *d)
{
	u64 page = d->page_size;
	struct memory_map map;

	memory_map_of_kernel(d, &map);
	for (unsigned n = 0; n < map.count; n++) {
		u64 start = (map.entry[n].start + page - 1) / page, end = map.entry[n].end / page;

		if (map.entry[n].ram && start < end)
			c->memory[c->memory_ranges++] = (struct phys_range){ (pfn_t)start, (pfn_t)end };
	}
}

/* Nothing from frame `end` on is used. */
static void cut_ram(struct phys_config *c, pfn_t end)
{
	while (c->memory_ranges && c->memory[c->memory_ranges - 1].start >= end)
		c->memory_ranges--;
	if (c->memory_ranges && c->memory[c->memory_ranges - 1].end > end)
		c->memory[c->memory_ranges - 1].end = end;
	c->max_pfn = end;
}

/*
 * Where low memory ends: where the direct map does, or lower if highmem= asks
 * for more high memory and enough low memory is left.  If it asks for less
 * than there is, the RAM behind it is not used.
 */
static void set_border(struct phys_config *c, const struct machine_desc *d)
{
	pfn_t limit = (pfn_t)(virt_configure_lowmem(d) / d->page_size);
	u64 high = d->highmem / d->page_size;

	c->direct_map_end = c->max_pfn;
	if (limit && limit < c->max_pfn) {
		if (high && limit + high < c->max_pfn)
			cut_ram(c, (pfn_t)(limit + high));
		c->direct_map_end = limit;
	} else if (high < c->max_pfn && c->max_pfn - high >= BOOT_ZONES_LOWMEM_LEAST / d->page_size) {
		c->direct_map_end = (pfn_t)(c->max_pfn - high);
	}
}

static bool lay_out_ram(struct phys_config *c, const struct machine_desc *d, struct status *st)
{
	char text[UNITS_MAX], other[UNITS_MAX];
	u64 end, reach = d->pae ? 64 * GIB : d->address_limit;

	c->memory_ranges = 0;
	add_ram(c, d);
	if (!c->memory_ranges)
		return status_fail(st, STATUS_INVALID, _("no RAM is left: set mem higher, or mem_limit=0"));
	c->max_pfn = c->memory[c->memory_ranges - 1].end;
	end = (u64)c->max_pfn << c->page_shift;
	if (reach && end > reach)
		return status_fail(
		    st, STATUS_INVALID,
		    _("RAM ends at %s, but this kernel reaches addresses below %s only: set mem=%" PRIu64 "M or less"),
		    units_format(end, text), units_format(reach, other),
		    (d->max_ram_below_4g ? d->max_ram_below_4g : reach) / MIB);
	set_border(c, d);
	return true;
}

/* Page frames of RAM in [start, end). */
static u64 ram_in(const struct phys_config *c, u64 start, u64 end)
{
	u64 frames = 0;

	for (unsigned r = 0; r < c->memory_ranges; r++) {
		u64 from = c->memory[r].start > start ? c->memory[r].start : start;
		u64 to = c->memory[r].end < end ? c->memory[r].end : end;

		frames += from < to ? to - from : 0;
	}
	return frames;
}

u64 boot_zones_ram_below(const struct phys_config *c, u64 end)
{
	return ram_in(c, 0, end >> c->page_shift) << c->page_shift;
}

/* ------------------------------------------------------------- nodes and zones */

static int zone_type(const struct machine_desc *d, const char *name)
{
	for (unsigned i = 0; i < d->zones.count; i++)
		if (strcmp(d->zones.zone[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* The first frame behind a zone. */
static u64 zone_end(const struct phys_config *c, const struct machine_desc *d, unsigned type)
{
	u64 end = d->zones.zone[type].end;

	if (end == DESC_TO_END)
		return c->max_pfn;
	return end == DESC_TO_LOWMEM ? c->direct_map_end : end / d->page_size;
}

/*
 * The first frame of node `n`: RAM is dealt out in equal parts.  A node begins
 * with a block of the largest order, if it can hold one.
 */
static u64 node_start(const struct phys_config *c, unsigned n)
{
	u64 frames = ram_in(c, 0, c->max_pfn);
	u64 want = frames * n / c->nodes;
	u64 largest = UINT64_C(1) << (c->orders - 1);

	if (n == 0)
		return c->memory[0].start;
	if (n == c->nodes)
		return c->max_pfn;
	while (largest > frames / c->nodes && largest > 1)
		largest /= 2;
	for (unsigned r = 0; r < c->memory_ranges; r++) {
		u64 length = c->memory[r].end - c->memory[r].start;

		if (want < length)
			return (c->memory[r].start + want) & ~(largest - 1);
		want -= length;
	}
	return c->max_pfn;
}

static void add_zone(struct phys_config *c, const struct machine_desc *d, unsigned node, unsigned type, u64 start,
		     u64 end)
{
	struct zone_config *z = &c->zone[c->zones];
	u64 present = start < end ? ram_in(c, start, end) : 0;

	if (!present)
		return;
	memset(z, 0, sizeof *z);
	memcpy(z->name, d->zones.zone[type].name, sizeof z->name);
	z->type = (u8)type;
	z->node = (u8)node;
	z->start_pfn = (pfn_t)start;
	z->spanned = (u32)(end - start);
	/* 2.6 counts the holes of a zone as present. */
	z->present = d->boot == BOOT_2_6 ? z->spanned : (u32)present;
	z->managed = z->present;
	c->zones++;
}

static bool lay_out_zones(struct phys_config *c, const struct machine_desc *d, struct status *st)
{
	c->zones = 0;
	for (unsigned n = 0; n < c->nodes; n++) {
		u64 node_first = node_start(c, n), node_end = node_start(c, n + 1), at = node_first;

		if (!ram_in(c, node_first, node_end))
			return status_fail(st, STATUS_INVALID,
					   _("the RAM is not enough for %u nodes: set nodes lower, or mem higher"),
					   c->nodes);
		for (unsigned type = 0; type < d->zones.count; type++) {
			u64 end = zone_end(c, d, type) < node_end ? zone_end(c, d, type) : node_end;

			if (end <= at)
				continue;
			add_zone(c, d, n, type, at, end);
			at = end;
		}
		if (at < node_end)
			return status_fail(st, STATUS_INVALID,
					   _("RAM is left over above the last zone: let zone %s have no end"),
					   d->zones.zone[d->zones.count - 1].name);
	}
	return true;
}

/* ------------------------------------------------------------- gfp flags */

enum { DMA = 1, HIGHMEM = 2, DMA32 = 4, MOVABLE = 8 };

static u8 type_or(int type, int otherwise)
{
	return (u8)(type >= 0 ? type : otherwise >= 0 ? otherwise : 0);
}

/* The highest zone type that a mask allows. */
void boot_zones_map_gfp(struct phys_config *c, const struct machine_desc *d)
{
	int normal = zone_type(d, "Normal");
	u8 dma = type_or(zone_type(d, "DMA"), normal);
	u8 high = type_or(zone_type(d, "HighMem"), normal);
	u8 dma32 = type_or(zone_type(d, "DMA32"), normal);
	unsigned last = d->zones.count < PHYS_ZONE_TYPES ? d->zones.count : PHYS_ZONE_TYPES - 1;

	for (unsigned bits = 0; bits < ARRAY_SIZE(c->gfp_zone); bits++) {
		if (c->gfp == GFP_2_6)
			c->gfp_zone[bits] = bits & DMA ? dma : bits & HIGHMEM ? high : type_or(normal, 0);
		else
			c->gfp_zone[bits] = dma; /* flags that exclude each other */
	}
	if (c->gfp == GFP_2_6)
		return;
	c->gfp_zone[0] = c->gfp_zone[MOVABLE] = type_or(normal, 0);
	c->gfp_zone[HIGHMEM] = high;
	c->gfp_zone[DMA32] = c->gfp_zone[DMA32 | MOVABLE] = dma32;
	/* The Movable zone, always empty here, stands above all others. */
	c->gfp_zone[HIGHMEM | MOVABLE] = (u8)last;
}

bool boot_zones_lay_out(struct phys_config *c, const struct machine_desc *d, struct status *st)
{
	c->nodes = d->nodes;
	boot_zones_map_gfp(c, d);
	return lay_out_ram(c, d, st) && lay_out_zones(c, d, st);
}
