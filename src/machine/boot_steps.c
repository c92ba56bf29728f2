/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot_steps.h"

#include "base/units.h"
#include "machine/boot_zones.h"
#include "virt/swiotlb.h"

#include <string.h>

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

u64 boot_steps_lowmem_end(const struct phys_config *c)
{
	return (u64)c->direct_map_end << c->page_shift;
}

bool boot_steps_gbpages(const struct machine_desc *d, const struct phys_config *c)
{
	return d->page_offset > UINT32_MAX && (d->gbpages || boot_steps_lowmem_end(c) > TIB);
}

/* ------------------------------------------------------------- the list */

/* The list that is being made, and what it follows from. */
struct list {
	struct boot_steps *steps;
	const struct machine_desc *desc;
	const struct phys_config *config;
	u64 limit; /* the end of low memory */
};

static unsigned add(struct list *l, struct boot_step step)
{
	struct boot_steps *s = l->steps;

	if (s->count == BOOT_STEPS_MOST) {
		s->impossible = true;
		return 0;
	}
	s->step[s->count] = step;
	return s->count++;
}

static void keep(struct list *l, enum boot_use use, u64 start, u64 end)
{
	add(l, (struct boot_step){ .kind = BOOT_STEP_KEEP, .use = use, .start = start, .end = end });
}

static void keep_listed(struct list *l, enum boot_use use, const struct desc_ranges *ranges)
{
	for (unsigned i = 0; i < ranges->count; i++)
		keep(l, use, ranges->range[i].start, ranges->range[i].end);
}

static void take_low(struct list *l, enum boot_use use, u64 bytes, u64 align, u64 goal)
{
	add(l, (struct boot_step){ .kind = BOOT_STEP_TAKE_LOW,
				   .use = use,
				   .bytes = bytes,
				   .align = align,
				   .from = goal,
				   .limit = l->limit });
}

static unsigned take_high(struct list *l, enum boot_use use, u64 bytes, u64 align, u64 from, u64 limit)
{
	return add(l, (struct boot_step){ .kind = BOOT_STEP_TAKE_HIGH,
					  .use = use,
					  .bytes = bytes,
					  .align = align,
					  .from = from,
					  .limit = limit });
}

static void add_ram(struct list *l)
{
	const struct phys_config *c = l->config;

	for (unsigned m = 0; m < c->memory_ranges; m++)
		add(l, (struct boot_step){ .kind = BOOT_STEP_RAM,
					   .use = BOOT_USE_RAM,
					   .start = (u64)c->memory[m].start << c->page_shift,
					   .end = (u64)c->memory[m].end << c->page_shift });
}

/* The end of the kernel image; 0: there is none. */
static u64 image_end(const struct machine_desc *d)
{
	return d->kernel_image.count ? d->kernel_image.range[d->kernel_image.count - 1].end : 0;
}

/* An image that does not lie in RAM cannot run. */
static void check_image(struct list *l)
{
	const struct machine_desc *d = l->desc;

	for (unsigned i = 0; i < d->kernel_image.count; i++) {
		const struct desc_range *r = &d->kernel_image.range[i];
		u64 bytes = boot_zones_ram_below(l->config, r->end) - boot_zones_ram_below(l->config, r->start);

		if (bytes != r->end - r->start || r->end > l->limit)
			l->steps->impossible = true;
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

static void reserve_2_6(struct list *l)
{
	const struct machine_desc *d = l->desc;
	u64 map = divide_up(l->limit / PAGE, 8), bitmap = divide_up(image_end(d), PAGE) * PAGE;

	keep_listed(l, BOOT_USE_IMAGE, &d->kernel_image);
	/* The bitmap lies right behind the kernel; the page behind it stays taken. */
	keep(l, BOOT_USE_BITMAP, bitmap, bitmap + divide_up(map + PAGE - 1, PAGE) * PAGE);
	keep(l, BOOT_USE_FIRST_PAGE, 0, PAGE);
	keep_listed(l, BOOT_USE_RESERVED, &d->reserved);
	/* The other CPUs start in page 1; where they go on from was put there. */
	if (d->cpus > 1)
		keep(l, BOOT_USE_TRAMPOLINE, PAGE, 2 * PAGE);
}

static void take_2_6(struct list *l)
{
	const struct machine_desc *d = l->desc;
	const struct phys_config *c = l->config;
	u64 largest = UINT64_C(1) << (c->orders - 1);

	if (d->cpus > 1)
		take_low(l, BOOT_USE_TRAMPOLINE, PAGE, PAGE, 0);
	/* The middle table of the direct map. */
	if (d->pae)
		take_low(l, BOOT_USE_PAGE_TABLES, PAGE, PAGE, 0);
	/* For the fixmap and for kmap. */
	take_low(l, BOOT_USE_PAGE_TABLES, PAGE, PAGE, 0);
	take_low(l, BOOT_USE_PAGE_TABLES, PAGE, PAGE, 0);
	take_low(l, BOOT_USE_PAGE_ARRAY, divide_up(c->max_pfn, largest) * largest * d->struct_page, 32, DMA_END);
	for (unsigned z = 0; z < c->zones; z++)
		take_low(l, BOOT_USE_WAIT_TABLE, wait_table(c->zone[z].spanned, d->cpus), 32, DMA_END);
	take_low(l, BOOT_USE_FIRMWARE, DMI_STRINGS, 32, DMA_END);
	if (d->cpus > 1)
		take_low(l, BOOT_USE_PERCPU, (u64)PERCPU_AREA_2_6 * d->cpus, 32, DMA_END);
	take_low(l, BOOT_USE_GDT, PAGE, PAGE, DMA_END);
	take_low(l, BOOT_USE_PID_HASH, pid_hash_table(l->limit), 32, DMA_END);
	take_low(l, BOOT_USE_DENTRY_HASH, hash_table(l->limit, 13, 4), 32, DMA_END);
	take_low(l, BOOT_USE_INODE_HASH, hash_table(l->limit, 14, 4), 32, DMA_END);
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
static void take_page_array(struct list *l, u64 start, u64 end, u64 limit)
{
	u64 largest = PAGE << (l->config->orders - 1);
	u64 pages = (divide_up(end, largest) - start / largest) * (largest / PAGE);

	take_high(l, BOOT_USE_PAGE_ARRAY, pages * l->desc->struct_page, 32, 0, limit);
}

/* Page descriptors of a node by sections that have memory, with the tables that lead to them. */
static void take_sections(struct list *l, u64 start, u64 end, u64 limit)
{
	u64 section = l->desc->section_size, sections = 0;

	for (u64 at = start - start % section; at < end; at += section)
		if (boot_zones_ram_below(l->config, at + section) > boot_zones_ram_below(l->config, at))
			sections++;
	take_high(l, BOOT_USE_SECTIONS, sections * 48, 64, 0, limit);
	take_high(l, BOOT_USE_PAGE_ARRAY, sections * (section / PAGE) * l->desc->struct_page, 2 * MIB, DMA_END, limit);
}

static void take_page_descriptors(struct list *l)
{
	const struct phys_config *c = l->config;
	u64 section = l->desc->section_size;

	if (section) {
		take_high(l, BOOT_USE_SECTIONS, 4 * PAGE, 64, 0, l->limit); /* their roots */
		take_high(l, BOOT_USE_SECTIONS, divide_up((u64)c->max_pfn * PAGE, 256 * section) * PAGE, 64, 0,
			  l->limit);
	}
	for (unsigned n = 0; n < c->nodes; n++) {
		u64 start = UINT64_MAX, end = 0;

		for (unsigned z = 0; z < c->zones; z++) {
			if (c->zone[z].node != n)
				continue;
			start = start < c->zone[z].start_pfn * PAGE ? start : c->zone[z].start_pfn * PAGE;
			end = (c->zone[z].start_pfn + (u64)c->zone[z].spanned) * PAGE;
		}
		if (section)
			take_sections(l, start, end, end < l->limit ? end : l->limit);
		else
			take_page_array(l, start, end, end < l->limit ? end : l->limit);
	}
}

/* The contiguous memory area: whole page blocks, from 4 GiB up if there is memory, else as high as it can be. */
static void take_cma(struct list *l)
{
	u64 align = PAGE << l->config->pageblock_order, bytes = divide_up(l->desc->cma, align) * align;

	if (bytes)
		add(l, (struct boot_step){ .kind = l->limit > 4 * GIB ? BOOT_STEP_TAKE_CMA : BOOT_STEP_TAKE_HIGH,
					   .use = BOOT_USE_CMA,
					   .bytes = bytes,
					   .align = align,
					   .from = l->limit > 4 * GIB ? 4 * GIB : 0,
					   .limit = l->limit });
}

static void reserve_6_1(struct list *l)
{
	const struct machine_desc *d = l->desc;
	u64 below = l->limit < 4 * GIB ? l->limit : 4 * GIB;

	if (d->pc)
		keep(l, BOOT_USE_FIRST_MIB, 0, MIB);
	keep_listed(l, BOOT_USE_IMAGE, &d->kernel_image);
	keep_listed(l, BOOT_USE_RESERVED, &d->reserved);
	/* The boot loader puts it at the end of the memory below 4 GiB; it is moved into low memory. */
	if (d->initrd)
		take_high(l, BOOT_USE_INITRD, d->initrd, PAGE, 0, below);
	/*
	 * Of the direct map, in pages of 2 MiB: up to 4 GiB they come out of the
	 * kernel image, above it each GiB takes a page.
	 */
	if (l->limit > 4 * GIB && !boot_steps_gbpages(d, l->config))
		take_high(l, BOOT_USE_PAGE_TABLES, divide_up(l->limit - 4 * GIB, GIB) * PAGE, PAGE, 0, l->limit);
	take_cma(l);
}

static void take_6_1(struct list *l)
{
	const struct machine_desc *d = l->desc;
	u64 entry = is_64_bit(d) ? 8 : 4, memory = boot_zones_ram_below(l->config, l->limit);
	const struct small *small = is_64_bit(d) ? &small_64 : &small_32;
	unsigned plan;

	take_page_descriptors(l);
	take_high(l, BOOT_USE_FIRMWARE, small->before_percpu, small->align, 0, l->limit);
	plan = take_high(l, BOOT_USE_PERCPU_PLAN, PAGE, PAGE, 0, l->limit);
	take_high(l, BOOT_USE_PERCPU, PERCPU_AREA * d->cpus, PAGE, DMA_END, l->limit);
	for (unsigned i = 0; i < ARRAY_SIZE(small->after_percpu) && small->after_percpu[i]; i++)
		take_high(l, BOOT_USE_PERCPU_TABLES, small->after_percpu[i], small->align, 0, l->limit);
	add(l, (struct boot_step){ .kind = BOOT_STEP_GIVE_BACK, .use = BOOT_USE_PERCPU_PLAN, .of = plan });
	take_high(l, BOOT_USE_DENTRY_HASH, hash_table(memory, 13, entry), small->align, 0, l->limit);
	take_high(l, BOOT_USE_INODE_HASH, hash_table(memory, 14, entry), small->align, 0, l->limit);
	/* Of the addresses through which CPUs enter the kernel. */
	for (unsigned i = 0; i < 3 && is_64_bit(d); i++)
		take_high(l, BOOT_USE_PAGE_TABLES, PAGE, PAGE, 0, l->limit);
}

/* What devices that do not reach all memory are served through: only if there is such memory, or by force. */
static void take_swiotlb(struct list *l)
{
	const struct machine_desc *d = l->desc;
	u32 areas = swiotlb_areas(d->cpus), slots = swiotlb_slots(d->swiotlb, areas);

	if (!d->swiotlb || (l->limit <= 4 * GIB && !d->swiotlb_force))
		return;
	take_high(l, BOOT_USE_SWIOTLB, (u64)slots << SWIOTLB_SHIFT, PAGE, 0, l->limit < 4 * GIB ? l->limit : 4 * GIB);
	take_high(l, BOOT_USE_SWIOTLB_TABLES, divide_up((u64)slots * 24, PAGE) * PAGE, PAGE, 0, l->limit);
	take_high(l, BOOT_USE_SWIOTLB_TABLES, (u64)areas * 16, 64, 0, l->limit);
}

void boot_steps_make(struct boot_steps *steps, const struct machine_desc *d, const struct phys_config *c)
{
	struct list l = { steps, d, c, boot_steps_lowmem_end(c) };

	memset(steps, 0, sizeof *steps);
	add_ram(&l);
	/* A textbook's machine has no kernel that would take or free anything; only what the description reserves is
	 * kept. */
	if (d->boot == BOOT_TEXTBOOK)
		keep_listed(&l, BOOT_USE_RESERVED, &d->reserved);
	else
		check_image(&l);
	if (d->boot == BOOT_2_6)
		reserve_2_6(&l);
	else if (d->boot == BOOT_6_1)
		reserve_6_1(&l);
	steps->known = steps->count;
	if (d->boot == BOOT_2_6)
		take_2_6(&l);
	else if (d->boot == BOOT_6_1)
		take_6_1(&l);
	if (d->boot == BOOT_6_1)
		take_swiotlb(&l);
}

/* ------------------------------------------------------------- doing them */

void boot_steps_begin(struct boot_progress *progress, const struct phys_config *c)
{
	memset(progress, 0, sizeof *progress);
	bootmem_init(&progress->mem, UINT64_C(1) << c->page_shift);
}

struct desc_range boot_steps_got(const struct boot_progress *progress, const struct boot_steps *steps,
				 enum boot_use use)
{
	for (unsigned n = 0; n < progress->done; n++)
		if (steps->step[n].use == use)
			return progress->got[n];
	return (struct desc_range){ 0, 0 };
}

/* The first free place from `from` on; 0: there is none. */
static u64 first_place(const struct bootmem *b, u64 bytes, u64 align, u64 from)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);

	for (unsigned g = 0; g < gaps; g++) {
		u64 start = divide_up(gap[g].start > from ? gap[g].start : from, align) * align;

		if (start < gap[g].end && gap[g].end - start >= bytes)
			return start;
	}
	return 0;
}

static u64 take_cma_area(struct bootmem *b, const struct boot_step *s, struct observer *observer)
{
	u64 at = first_place(b, s->bytes, s->align, s->from);

	EMIT(observer, BOOT_ASK_CMA, s->use, s->bytes, s->from);
	if (!at)
		return bootmem_take_high(b, s->bytes, s->align, 0, s->limit, observer);
	if (!bootmem_insert(&b->taken, at, at + s->bytes))
		return 0;
	EMIT(observer, BOOT_TAKEN, at, at + s->bytes, s->bytes);
	return at;
}

/* Asks for memory and notes what was given. */
static bool ask(struct bootmem *b, const struct boot_step *s, struct desc_range *got, struct observer *observer)
{
	u64 at;

	if (s->kind == BOOT_STEP_TAKE_CMA) {
		at = take_cma_area(b, s, observer);
	} else if (s->kind == BOOT_STEP_TAKE_LOW) {
		EMIT(observer, BOOT_ASK_UP, s->use, s->bytes, s->from);
		at = bootmem_take_low(b, s->bytes, s->align, s->from, s->limit, observer);
	} else {
		EMIT(observer, BOOT_ASK_DOWN, s->use, s->bytes, s->limit);
		at = bootmem_take_high(b, s->bytes, s->align, s->from, s->limit, observer);
	}
	*got = (struct desc_range){ at, at ? at + s->bytes : 0 };
	return at != 0;
}

bool boot_steps_do(struct boot_progress *progress, const struct boot_steps *steps, struct observer *observer)
{
	const struct boot_step *s = &steps->step[progress->done];
	struct bootmem *b = &progress->mem;
	struct desc_range *got = &progress->got[progress->done];
	bool ok = true;

	switch (s->kind) {
	case BOOT_STEP_RAM:
		*got = (struct desc_range){ s->start, s->end };
		ok = bootmem_insert(&b->ram, s->start, s->end);
		EMIT(observer, BOOT_RAM, s->start, s->end, s->end - s->start);
		break;
	case BOOT_STEP_KEEP:
		*got = (struct desc_range){ s->start, s->end };
		ok = bootmem_insert(&b->taken, s->start, s->end);
		EMIT(observer, BOOT_KEEP, s->use, s->start, s->end);
		break;
	case BOOT_STEP_GIVE_BACK:
		*got = progress->got[s->of];
		ok = bootmem_remove(&b->taken, got->start, got->end);
		EMIT(observer, BOOT_GIVEN_BACK, s->use, got->start, got->end);
		break;
	default:
		ok = ask(b, s, got, observer);
	}
	progress->done += ok;
	return ok;
}
