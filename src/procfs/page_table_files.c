/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/page_table_files.h"

#include "base/units.h"
#include "virt/page_table.h"
#include "virt/region.h"

#include <inttypes.h>

#define MARKERS 12

/* x86_64: programs' addresses end, and the kernel's begin. */
#define USER_END (UINT64_C(1) << 47)
#define KERNEL_START UINT64_C(0xffff880000000000) /* behind the hole that is kept for hypervisors */

/* Where a part of the address space begins. */
struct marker {
	u64 start;
	const char *name;
};

/* Entries with the same bits, as long as they are next to each other. */
struct dump {
	const struct virt_system *v;
	struct strbuf *out;
	struct marker marker[MARKERS];
	unsigned at; /* marker that was printed last */
	u64 start, flags;
	unsigned level; /* 0: nothing yet */
};

bool page_table_files_exist(const struct machine *m)
{
	return m->virt.state && m->config.gfp == GFP_6_1;
}

static void set_markers(struct dump *d)
{
	const struct virt_config *c = d->v->config;
	const struct marker wide[MARKERS] = {
		{ 0, "User Space" },
		{ UINT64_C(1) << 63, "Kernel Space" },
		{ c->page_offset, "Low Kernel Mapping" },
		{ c->vmalloc_start, "vmalloc() Area" },
		{ SLAB_VMEMMAP, "Vmemmap" },
		{ REGION_ENTRY_START, "CPU entry Area" },
		{ c->image_map, "High Kernel Mapping" },
		{ c->image_map_end, "Modules" },
		{ REGION_MODULES_END, "End Modules" },
		{ c->fixaddr_start, "Fixmap Area" },
		{ UINT64_MAX, NULL },
	};
	/* What CPUs enter the kernel through lies two page tables above the slots of kmap(). */
	const struct marker narrow[MARKERS] = {
		{ 0, "User Space" },
		{ c->page_offset, "Kernel Mapping" },
		{ c->vmalloc_start, "vmalloc() Area" },
		{ c->vmalloc_end, "vmalloc() End" },
		{ c->pkmap_base, "Persistent kmap() Area" },
		{ c->pkmap_base + 8 * MIB, "CPU entry area" },
		{ c->fixaddr_start, "Fixmap area" },
		{ UINT64_MAX, NULL },
	};

	for (unsigned n = 0; n < MARKERS; n++)
		d->marker[n] = c->word == 8 ? wide[n] : narrow[n];
}

static void print_marker(struct dump *d)
{
	strbuf_printf(d->out, "---[ %s ]---\n", d->marker[d->at].name);
}

/* The size in the largest unit that holds it without a rest. */
static void print_size(u64 bytes, struct strbuf *out)
{
	static const char units[] = "KMGTPE";
	const char *unit = units;

	bytes >>= 10;
	while (!(bytes & 1023) && unit[1]) {
		bytes >>= 10;
		unit++;
	}
	strbuf_printf(out, "%9" PRIu64 "%c ", bytes, *unit);
}

static void print_flags(u64 flags, struct strbuf *out)
{
	if (!(flags & PTE_PRESENT)) {
		strbuf_printf(out, "%30s", "");
		return;
	}
	strbuf_printf(out, "%-4s%-3s%-4s%-4s%-4s%-4s%-4s%-3s", flags & PTE_USER ? "USR" : "",
		      flags & PTE_WRITE ? "RW" : "ro", flags & PTE_THROUGH ? "PWT" : "",
		      flags & PTE_UNCACHED ? "PCD" : "", flags & PTE_HUGE ? "PSE" : "", "",
		      flags & PTE_GLOBAL ? "GLB" : "", flags & PTE_NX ? "NX" : "x");
}

/* The line of what ends before `end`. */
static void print_line(struct dump *d, u64 end)
{
	unsigned word = d->v->config->word;
	u64 bytes = end - d->start;

	if (word == 4)
		bytes &= UINT32_MAX;
	strbuf_printf(d->out, "0x%0*" PRIx64 "-0x%0*" PRIx64 "   ", (int)word * 2, d->start, (int)word * 2, end);
	print_size(bytes, d->out);
	print_flags(d->flags, d->out);
	/* A big page is an entry of a pmd, whether there is such a table or not. */
	strbuf_printf(d->out, "%s\n",
		      (d->flags & PTE_HUGE) && d->level == 2 ? "pmd" : page_table_level_name(d->v, d->level));
}

static void note(struct dump *d, u64 address, u64 flags, unsigned level)
{
	bool marked = d->level && address >= d->marker[d->at + 1].start;

	if (!d->level) {
		print_marker(d);
	} else if (flags != d->flags || level != d->level || marked) {
		print_line(d, address);
		if (marked) {
			d->at++;
			print_marker(d);
		}
	} else {
		return;
	}
	d->start = address;
	d->flags = flags;
	d->level = level;
}

static void walk(struct dump *d, u64 start, u64 last)
{
	struct table_leaf leaf;

	for (u64 at = start;; at = leaf.start + leaf.bytes) {
		leaf = page_table_leaf(d->v, at);
		note(d, at, leaf.entry & ~PTE_FRAME, leaf.level);
		if (last - leaf.start < leaf.bytes)
			return;
	}
}

void page_table_files_print(const struct machine *m, struct strbuf *out)
{
	struct dump d = { .v = &m->virt, .out = out };

	set_markers(&d);
	if (m->virt_config.word == 8) {
		walk(&d, 0, USER_END - 1);
		walk(&d, KERNEL_START, UINT64_MAX);
	} else {
		walk(&d, 0, UINT32_MAX);
	}
	print_line(&d, 0);
}
