/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/iomem.h"

#include "base/units.h"
#include "machine/memory_map.h"

#include <inttypes.h>

#define LINES (MEMORY_MAP_ENTRIES + 6)

struct resource {
	u64 start, last;
	const char *name;
	unsigned depth;
};

/* By address; of two at the same place the larger first. */
struct resources {
	struct resource resource[LINES];
	unsigned count;
};

static void add(struct resources *all, u64 start, u64 end, const char *name)
{
	unsigned at = all->count;

	for (; at > 0; at--) {
		const struct resource *before = &all->resource[at - 1];

		if (before->start < start || (before->start == start && before->last >= end - 1))
			break;
		all->resource[at] = all->resource[at - 1];
	}
	all->resource[at] = (struct resource){ start, end - 1, name, 0 };
	all->count++;
}

static bool is_2_6(const struct machine *m)
{
	return m->config.gfp == GFP_2_6;
}

static bool is_32_bit(const struct machine *m)
{
	return m->config.page_offset <= UINT32_MAX;
}

static void add_map(const struct machine *m, struct resources *all)
{
	struct memory_map map;

	memory_map_of_kernel(&m->desc, &map);
	for (unsigned n = 0; n < map.count; n++) {
		const struct memory_map_entry *e = &map.entry[n];
		bool rom = m->desc.pc && e->start == 0xf0000 && e->end == MIB;

		/* Resources of 32 bits. 2.6 has the ROM in the list before, and then no room for it. */
		if ((is_32_bit(m) && e->end > 4 * GIB) || (rom && is_2_6(m)))
			continue;
		add(all, e->start, e->end, e->ram ? "System RAM" : is_2_6(m) ? "reserved" : "Reserved");
	}
}

/* A part of the kernel, if it lies in the kernel's image: that can be set otherwise. */
static void add_part(const struct machine *m, const struct desc_ranges *part, const char *name, struct resources *all)
{
	const struct desc_ranges *image = &m->desc.kernel_image;

	if (part->count && image->count && part->range[0].start >= image->range[0].start &&
	    part->range[0].end <= image->range[0].end)
		add(all, part->range[0].start, part->range[0].end, name);
}

static void add_kernel(const struct machine *m, struct resources *all)
{
	add_part(m, &m->desc.kernel_code, "Kernel code", all);
	if (!is_2_6(m))
		add_part(m, &m->desc.kernel_rodata, "Kernel rodata", all);
	add_part(m, &m->desc.kernel_data, "Kernel data", all);
	if (!is_2_6(m))
		add_part(m, &m->desc.kernel_bss, "Kernel bss", all);
}

/* How many of those before it hold it. */
static void set_depths(struct resources *all)
{
	for (unsigned n = 0; n < all->count; n++)
		for (unsigned before = 0; before < n; before++)
			all->resource[n].depth += all->resource[before].last >= all->resource[n].last;
}

bool iomem_exists(const struct machine *m)
{
	return m->desc.boot != BOOT_TEXTBOOK && !m->desc.state.zones;
}

void iomem_print(const struct machine *m, struct strbuf *out)
{
	struct resources all = { .count = 0 };

	add_map(m, &all);
	if (m->desc.pc && is_32_bit(m))
		add(&all, 0xa0000, 0xc0000, "Video RAM area");
	if (m->desc.pc)
		add(&all, 0xf0000, MIB, "System ROM");
	add_kernel(m, &all);
	set_depths(&all);
	for (unsigned n = 0; n < all.count; n++)
		strbuf_printf(out, "%*s%08" PRIx64 "-%08" PRIx64 " : %s\n", (int)all.resource[n].depth * 2, "",
			      all.resource[n].start, all.resource[n].last, all.resource[n].name);
}
