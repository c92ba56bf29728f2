/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot_reserve.h"

#include "base/units.h"
#include "machine/boot_zones.h"

#define PAGE UINT64_C(4096)

/* Boot-time requests without a wish keep out of the DMA zone. */
#define DMA_END (16 * MIB)

static u64 divide_up(u64 x, u64 by)
{
	return (x + by - 1) / by;
}

static u64 power_of_two_above(u64 x)
{
	u64 power = 1;

	while (power < x)
		power *= 2;
	return power;
}

static u64 lowmem_end(const struct bootmem *b)
{
	return (u64)b->config->direct_map_end << b->config->page_shift;
}

static void reserve_listed(struct bootmem *b, const struct desc_ranges *ranges)
{
	for (unsigned i = 0; i < ranges->count; i++)
		bootmem_reserve(b, ranges->range[i].start, ranges->range[i].end);
}

/* The end of the kernel image; 0: there is none. */
static u64 image_end(const struct machine_desc *d)
{
	return d->kernel_image.count ? d->kernel_image.range[d->kernel_image.count - 1].end : 0;
}

/* An image that does not lie in RAM cannot run. */
static void check_image(struct bootmem *b, const struct machine_desc *d)
{
	u64 bytes = 0;

	for (unsigned i = 0; i < d->kernel_image.count; i++) {
		const struct desc_range *r = &d->kernel_image.range[i];

		bytes = boot_zones_ram_below(b->config, r->end) - boot_zones_ram_below(b->config, r->start);
		if (bytes != r->end - r->start || r->end > lowmem_end(b))
			b->failed = true;
	}
}

/*
 * Bytes of a hash table that grows with memory: an entry for every 2^scale
 * bytes, up to a power of two.  64-bit kernels widen the scale above 64 GiB.
 */
static u64 hash_table(u64 memory, unsigned scale, u64 entry)
{
	if (entry == sizeof(u64))
		for (u64 more = 64 * GIB; more < memory; more *= 4)
			scale++;
	return power_of_two_above(divide_up(memory, MIB) * MIB >> scale) * entry;
}

static bool is_64_bit(const struct machine_desc *d)
{
	return d->page_offset > UINT32_MAX;
}

/* ------------------------------------------------------------- 2.6: bootmem */

/* An entry for every 4 KiB to 64 KiB: 16 for a MiB of memory, between 16 and 4096 entries of 4 bytes. */
static u64 pid_hash_table(u64 memory)
{
	u64 entries = 16;

	while (entries <= memory / MIB * 4 && entries < 4096)
		entries *= 2;
	return entries * 4;
}

/* Where tasks wait for pages of a zone: a queue for every 256 pages, of 8 bytes, and a lock if there are more CPUs. */
static u64 wait_table(u32 pages, unsigned cpus)
{
	u64 queues = power_of_two_above(pages / 256);

	return (queues < 4 ? 4 : queues > 4096 ? 4096 : queues) * (cpus > 1 ? 12 : 8);
}

/* Each CPU's own variables, in a kernel for more than one. */
#define PERCPU_AREA_2_6 16416

/* The strings that the firmware tells about the machine are copied; so much of them the recorded machine has. */
#define DMI_STRINGS 206

void boot_reserve_2_6(struct bootmem *b, const struct machine_desc *d, struct phys_range *bitmap)
{
	const struct phys_config *c = b->config;
	u64 memory = lowmem_end(b), map = divide_up(memory / PAGE, 8);
	u64 largest = UINT64_C(1) << (c->orders - 1);

	check_image(b, d);
	/* The bitmap lies right behind the kernel; the page behind it stays taken. */
	bitmap->start = (pfn_t)divide_up(image_end(d), PAGE);
	bitmap->end = bitmap->start + (pfn_t)divide_up(map, PAGE);
	reserve_listed(b, &d->kernel_image);
	reserve_listed(b, &d->reserved);
	bootmem_reserve(b, bitmap->start * PAGE, bitmap->start * PAGE + map + PAGE - 1);
	bootmem_reserve(b, 0, PAGE);
	/* Where the other CPUs start from; it is copied there from page 1. */
	if (d->cpus > 1) {
		bootmem_reserve(b, PAGE, 2 * PAGE);
		bootmem_take_low(b, PAGE, PAGE, 0);
	}
	/* Page tables for the fixmap and for kmap. */
	bootmem_take_low(b, PAGE, PAGE, 0);
	bootmem_take_low(b, PAGE, PAGE, 0);
	bootmem_take_low(b, divide_up(c->max_pfn, largest) * largest * d->struct_page, 32, DMA_END);
	for (unsigned z = 0; z < c->zones; z++)
		bootmem_take_low(b, wait_table(c->zone[z].spanned, d->cpus), 32, DMA_END);
	bootmem_take_low(b, DMI_STRINGS, 32, DMA_END);
	if (d->cpus > 1)
		bootmem_take_low(b, PERCPU_AREA_2_6 * d->cpus, 32, DMA_END);
	bootmem_take_low(b, PAGE, PAGE, DMA_END);
	bootmem_take_low(b, pid_hash_table(memory), 32, DMA_END);
	bootmem_take_low(b, hash_table(memory, 13, 4), 32, DMA_END); /* dentries */
	bootmem_take_low(b, hash_table(memory, 14, 4), 32, DMA_END); /* inodes */
}

/* ------------------------------------------------------------- 6.1: memblock */

/* Sizes of what has no rule of its own: resources, command lines, the per-CPU allocator's tables. */
struct small {
	u64 align, before_percpu, after_percpu[3];
};

static const struct small small_32 = { 32, 992, { 2720, 0, 0 } };
static const struct small small_64 = { 64, 1792, { 1728, 1032, 256 } };

#define PERCPU_AREA (32 * KIB)

/* Page descriptors of a node, in one piece. */
static void take_page_array(struct bootmem *b, const struct machine_desc *d, u64 start, u64 end, u64 limit)
{
	u64 largest = PAGE << (b->config->orders - 1);
	u64 pages = (divide_up(end, largest) - start / largest) * (largest / PAGE);

	bootmem_take_high(b, pages * d->struct_page, 32, 0, limit);
}

/* Page descriptors of a node by sections that have memory, with the tables that lead to them. */
static void take_sections(struct bootmem *b, const struct machine_desc *d, u64 start, u64 end, u64 limit)
{
	u64 sections = 0;

	for (u64 at = start - start % d->section_size; at < end; at += d->section_size)
		if (boot_zones_ram_below(b->config, at + d->section_size) > boot_zones_ram_below(b->config, at))
			sections++;
	bootmem_take_high(b, sections * 48, 64, 0, limit);
	bootmem_take_high(b, sections * (d->section_size / PAGE) * d->struct_page, 2 * MIB, DMA_END, limit);
}

static void take_page_descriptors(struct bootmem *b, const struct machine_desc *d, u64 limit)
{
	const struct phys_config *c = b->config;

	if (d->section_size) {
		bootmem_take_high(b, 4 * PAGE, 64, 0, limit); /* the sections' roots */
		bootmem_take_high(b, divide_up((u64)c->max_pfn * PAGE, 256 * d->section_size) * PAGE, 64, 0, limit);
	}
	for (unsigned n = 0; n < c->nodes; n++) {
		u64 start = UINT64_MAX, end = 0;

		for (unsigned z = 0; z < c->zones; z++) {
			if (c->zone[z].node != n)
				continue;
			start = start < c->zone[z].start_pfn * PAGE ? start : c->zone[z].start_pfn * PAGE;
			end = (c->zone[z].start_pfn + (u64)c->zone[z].spanned) * PAGE;
		}
		if (d->section_size)
			take_sections(b, d, start, end, end < limit ? end : limit);
		else
			take_page_array(b, d, start, end, end < limit ? end : limit);
	}
}

/* The boot loader puts the initial RAM disk at the end of the memory below 4 GiB; it is moved into low memory. */
static void take_initrd(struct bootmem *b, const struct machine_desc *d, u64 limit, struct desc_range *initrd)
{
	*initrd = (struct desc_range){ 0, 0 };
	if (!d->initrd)
		return;
	initrd->start = bootmem_take_high(b, d->initrd, PAGE, 0, limit < 4 * GIB ? limit : 4 * GIB);
	initrd->end = initrd->start + divide_up(d->initrd, PAGE) * PAGE;
}

/* The first free place from `from` on. false: there is none. */
static bool take_first(struct bootmem *b, u64 bytes, u64 align, u64 from, struct desc_range *taken)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);

	for (unsigned g = 0; g < gaps; g++) {
		u64 start = divide_up(gap[g].start > from ? gap[g].start : from, align) * align;

		if (start >= gap[g].end || gap[g].end - start < bytes)
			continue;
		*taken = (struct desc_range){ start, start + bytes };
		bootmem_reserve(b, taken->start, taken->end);
		return true;
	}
	return false;
}

/* The contiguous memory area: whole page blocks, from 4 GiB up if there is memory, else as high as it can be. */
static void take_cma(struct bootmem *b, const struct machine_desc *d, u64 limit, struct desc_range *cma)
{
	u64 align = PAGE << b->config->pageblock_order, bytes = divide_up(d->cma, align) * align;

	*cma = (struct desc_range){ 0, 0 };
	if (!bytes || (limit > 4 * GIB && take_first(b, bytes, align, 4 * GIB, cma)))
		return;
	cma->start = bootmem_take_high(b, bytes, align, 0, limit);
	cma->end = cma->start + bytes;
}

/*
 * Page tables of the direct map, in pages of 2 MiB: up to 4 GiB they come out
 * of the kernel image, above it each GiB takes a page.
 */
static void take_page_tables(struct bootmem *b, u64 limit)
{
	if (limit > 4 * GIB)
		bootmem_take_high(b, divide_up(limit - 4 * GIB, GIB) * PAGE, PAGE, 0, limit);
}

void boot_reserve_6_1(struct bootmem *b, const struct machine_desc *d, struct desc_range *initrd,
		      struct desc_range *cma)
{
	u64 limit = lowmem_end(b), entry = is_64_bit(d) ? 8 : 4, info;
	const struct small *small = is_64_bit(d) ? &small_64 : &small_32;
	u64 memory = boot_zones_ram_below(b->config, limit);

	check_image(b, d);
	if (d->pc)
		bootmem_reserve(b, 0, MIB);
	reserve_listed(b, &d->kernel_image);
	reserve_listed(b, &d->reserved);
	take_initrd(b, d, limit, initrd);
	take_page_tables(b, limit);
	take_cma(b, d, limit, cma);
	take_page_descriptors(b, d, limit);
	bootmem_take_high(b, small->before_percpu, small->align, 0, limit);
	info = bootmem_take_high(b, PAGE, PAGE, 0, limit);
	bootmem_take_high(b, PERCPU_AREA * d->cpus, PAGE, DMA_END, limit);
	for (unsigned i = 0; i < ARRAY_SIZE(small->after_percpu) && small->after_percpu[i]; i++)
		bootmem_take_high(b, small->after_percpu[i], small->align, 0, limit);
	bootmem_release(b, info, info + PAGE);
	bootmem_take_high(b, hash_table(memory, 13, entry), small->align, 0, limit); /* dentries */
	bootmem_take_high(b, hash_table(memory, 14, entry), small->align, 0, limit); /* inodes */
	/* Page tables of the fixmap, made when it is first used. */
	for (unsigned i = 0; i < 3 && is_64_bit(d); i++)
		bootmem_take_high(b, PAGE, PAGE, 0, limit);
}
