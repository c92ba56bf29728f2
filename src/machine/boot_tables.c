/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/boot_tables.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/boot_steps.h"
#include "machine/machine.h"
#include "virt/page_table.h"
#include "virt/region.h"

#define PAGE UINT64_C(4096)
#define ISA_END MIB /* up to there everything is mapped, RAM or not */

/* 6.1 sets so many pages aside behind the image, for tables of the direct map. */
#define BUFFER_PAGES 6
/* On i386 those of the first megabytes lie before them, then a page with what the firmware tells. */
#define HEAD_PAGES 6

static u64 down(u64 x, u64 unit)
{
	return x & -unit;
}

static u64 up(u64 x, u64 unit)
{
	return down(x + unit - 1, unit);
}

static u64 big_page(const struct machine *m)
{
	return UINT64_C(1) << page_table_shift(&m->virt, 2);
}

static u64 lowmem_end(const struct machine *m)
{
	return (u64)m->config.direct_map_end << m->config.page_shift;
}

/* ------------------------------------------------------------- where tables lie */

static void set_aside(struct machine *m, enum table_maker maker, u64 start, u64 end)
{
	page_table_set_aside(&m->virt, maker, start / PAGE, (end - start) / PAGE);
}

/* The boot memory that was taken for tables. */
static void set_memory_aside(struct machine *m)
{
	struct boot_progress progress;
	struct boot_steps steps;
	bool large = m->virt_config.word == 8 && lowmem_end(m) > 4 * GIB && !boot_steps_gbpages(&m->desc, &m->config);
	bool old = m->desc.boot == BOOT_2_6;
	unsigned seen = 0;

	boot_steps_make(&steps, &m->desc, &m->config);
	boot_steps_begin(&progress, &m->config);
	if (m->early)
		progress = m->early->progress;
	while (progress.done < steps.count && boot_steps_do(&progress, &steps, NULL))
		;
	for (unsigned n = 0; n < steps.count; n++) {
		enum table_maker maker = old ? TABLE_FIXED : TABLE_CPU_ENTRY;

		if (steps.step[n].use != BOOT_USE_PAGE_TABLES)
			continue;
		/* The direct map's come first. */
		if (!seen++ && (large || m->virt_config.levels == 3))
			maker = TABLE_MEMORY;
		set_aside(m, maker, progress.got[n].start, progress.got[n].end);
	}
}

/*
 * The parts of the image: what is freed at first is followed by zeroed data,
 * which begins with the topmost table (2.6), or (i386, 6.1) with boot's own, a
 * table of fixed addresses and then the topmost one; on x86_64 the zero page and
 * the table of interrupts come first, and where the topmost one lies is not told.
 */
static bool set_image_aside(struct machine *m, u64 *zero_page)
{
	const struct machine_desc *d = &m->desc;
	bool wide = m->virt_config.word == 8;
	u64 data, end;

	if (!d->kernel_freed.count || d->state.zones)
		return false;
	data = up(d->kernel_freed.range[0].end, PAGE);
	end = down(d->kernel_image.range[d->kernel_image.count - 1].end, PAGE);
	*zero_page = data + PAGE;
	for (unsigned n = 1; n < d->kernel_freed.count; n++)
		if (d->kernel_freed.range[n].end > data)
			return false;
	if (end < data + 64 * PAGE)
		return false;
	if (d->boot == BOOT_2_6) {
		set_aside(m, TABLE_TOP, data, data + PAGE);
		set_aside(m, TABLE_BOOT, data + 2 * PAGE, end);
		return true;
	}
	set_aside(m, TABLE_BUFFER, end - BUFFER_PAGES * PAGE, end);
	end -= (BUFFER_PAGES + 1) * PAGE;
	if (wide) {
		set_aside(m, TABLE_TOP, data + 2 * PAGE, data + 3 * PAGE);
		set_aside(m, TABLE_BOOT, data + 3 * PAGE, end);
		return true;
	}
	end -= HEAD_PAGES * PAGE;
	set_aside(m, TABLE_HEAD, end, end + HEAD_PAGES * PAGE);
	set_aside(m, TABLE_FIXED, data + PAGE, data + 2 * PAGE);
	set_aside(m, TABLE_TOP, data + 2 * PAGE, data + 3 * PAGE);
	set_aside(m, TABLE_BOOT, data + 5 * PAGE, end);
	return true;
}

/* ------------------------------------------------------------- the direct map */

static bool map(struct machine *m, u64 start, u64 end, unsigned level, enum table_maker maker)
{
	u64 bits = PTE_KERNEL | m->virt_config.nx;

	return start >= end || page_table_map_range(&m->virt, m->virt_config.page_offset + start, start, end - start,
						    bits, level, maker);
}

/* 2.6 maps whole big pages, be there RAM at their end or not. */
static bool map_2_6(struct machine *m, u64 zero_page)
{
	bool ok = map(m, 0, up(lowmem_end(m), big_page(m)), 2, TABLE_MEMORY);

	/* With three levels, the topmost entries of programs lead to a page of zeroes. */
	if (m->virt_config.levels == 3 && zero_page) {
		page_table_set_aside(&m->virt, TABLE_NOBODY, zero_page / PAGE, 1);
		m->virt.state->aside[m->virt.state->asides - 1].used = 1;
		for (u32 n = 0; n < m->virt_config.page_offset >> 30; n++)
			page_table_set_top(&m->virt, n, zero_page | PTE_PRESENT);
	}
	return ok;
}

/*
 * [start, end) of RAM that begins at `ram_start` and ends at `ram_end`: pages of
 * `level` where a whole one is RAM, else smaller ones.
 */
static bool map_piece(struct machine *m, u64 start, u64 end, u64 ram_start, u64 ram_end, unsigned level)
{
	u64 unit = UINT64_C(1) << page_table_shift(&m->virt, level), first = up(start, unit), last = down(end, unit);

	if (start >= end)
		return true;
	if (level == 1)
		return map(m, start, end, 1, start < big_page(m) ? TABLE_HEAD : TABLE_BUFFER);
	/* What is left at an end may belong to a big page all of which is RAM. */
	if (first > start && down(start, unit) >= ram_start && first <= ram_end)
		first = start = down(start, unit);
	if (end > last && last >= ram_start && last + unit <= ram_end)
		last = end = last + unit;
	if (first > last)
		return map_piece(m, start, end, ram_start, ram_end, level - 1);
	return map_piece(m, start, first, ram_start, ram_end, level - 1) && map(m, first, last, level, TABLE_BUFFER) &&
	       map_piece(m, last, end, ram_start, ram_end, level - 1);
}

/* The RAM in [start, end), from the bottom up. */
static bool map_ram(struct machine *m, u64 start, u64 end)
{
	const struct phys_config *c = &m->config;
	unsigned level = boot_steps_gbpages(&m->desc, c) ? 3 : 2;
	bool ok = true;

	for (unsigned r = 0; r < c->memory_ranges && ok; r++) {
		u64 from = (u64)c->memory[r].start * PAGE, to = (u64)c->memory[r].end * PAGE;

		to = to < lowmem_end(m) ? to : lowmem_end(m);
		if (from < end && to > start)
			ok = map_piece(m, from > start ? from : start, to < end ? to : end, from, to, level);
	}
	return ok;
}

/* 6.1 begins with a big page near the end, and goes down in ever larger steps; what is behind it comes last. */
static bool map_6_1(struct machine *m)
{
	u64 big = big_page(m), end = lowmem_end(m), top = down(end, big), step = big, at = top;
	bool ok = map(m, 0, ISA_END, 1, TABLE_HEAD);

	while (ok && at > ISA_END) {
		u64 next = at > step ? down(at - 1, step) : ISA_END;

		next = next > ISA_END ? next : ISA_END;
		ok = map_ram(m, next, at);
		at = next;
		step <<= page_table_shift(&m->virt, 2) - 12 - 1;
	}
	return ok && (top == end || map_ram(m, top, end));
}

/* ------------------------------------------------------------- the image */

/* The image where it runs: what can be run comes first. */
static bool map_image(struct machine *m)
{
	const struct desc_ranges *image = &m->desc.kernel_image;
	u64 big = big_page(m), base = m->virt_config.image_map, start, end;

	if (!base || !image->count)
		return true;
	start = down(image->range[0].start, big);
	end = up(image->range[image->count - 1].end, big);
	return end <= m->virt_config.image_map_end - base &&
	       page_table_map_range(&m->virt, base + start, start, end - start, PTE_KERNEL, 2, TABLE_BOOT);
}

static bool protect_all(struct machine *m, u64 base, const struct desc_ranges *ranges, u64 clear, u64 set)
{
	bool ok = true;

	for (unsigned n = 0; n < ranges->count && ok; n++)
		ok = page_table_protect(&m->virt, base + down(ranges->range[n].start, PAGE),
					base + up(ranges->range[n].end, PAGE), clear, set);
	return ok;
}

/*
 * What is read-only is so in all maps of it.  Where the image runs, nothing is
 * run any more from what boot frees; that splits big pages, too.
 */
static bool protect(struct machine *m)
{
	const struct desc_ranges *ro = &m->desc.kernel_readonly, *image = &m->desc.kernel_image;
	const struct virt_config *c = &m->virt_config;
	u64 runs = c->image_map ? c->image_map : c->page_offset, data, end;

	if (!ro->count || !image->count || ro->range[ro->count - 1].end > lowmem_end(m))
		return true;
	if (!protect_all(m, runs, &m->desc.kernel_freed, 0, c->nx) || !protect_all(m, runs, ro, PTE_WRITE, 0))
		return false;
	if (!c->image_map)
		return true;
	data = ro->range[ro->count > 1 ? 1 : 0].start;
	end = up(image->range[image->count - 1].end, big_page(m));
	return protect_all(m, c->page_offset, ro, PTE_WRITE, 0) &&
	       page_table_protect(&m->virt, runs + data, runs + end, 0, c->nx);
}

/* x86_64: the topmost entries of the vmalloc area, and the tables of what CPUs enter through. */
static bool make_upper(struct machine *m)
{
	const struct virt_config *c = &m->virt_config;
	u64 unit = UINT64_C(1) << page_table_shift(&m->virt, c->levels);
	bool ok = page_table_make(&m->virt, REGION_ENTRY_START, TABLE_CPU_ENTRY);

	for (u64 at = c->vmalloc_start; at < c->vmalloc_end && ok; at += unit)
		ok = page_table_make_level(&m->virt, at, c->levels - 1, TABLE_BOOT);
	return ok;
}

bool boot_tables_make(struct machine *m, struct status *st)
{
	u64 zero_page = 0;
	bool ok;

	if (!m->virt.state)
		return true;
	if (set_image_aside(m, &zero_page))
		set_memory_aside(m);
	else
		zero_page = 0;
	ok = m->desc.boot == BOOT_2_6 ? map_2_6(m, zero_page) : map_6_1(m);
	page_table_make_fixed(&m->virt);
	ok = ok && (!m->virt_config.boot_upper || make_upper(m)) && map_image(m) && protect(m);
	return ok || status_fail(st, STATUS_NO_MEMORY, _("there is no room for page tables"));
}
