/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/lessons.h"

#include "base/text.h"
#include "base/types.h"

static const struct {
	const char *name; /* of data/sessions/NAME.kmem; NULL: the title is a heading */
	const char *title;
} table[] = {
	{ NULL, N_("Blocks of pages") },
	{ "tour", N_("the guided tour, in ten steps") },
	{ "eleven-orders", N_("every order there is, and one too many") },
	{ "split-256", N_("1024 page frames are split, and whole again") },
	{ "fragmentation", N_("half is free, and five pages cannot be found") },
	{ NULL, N_("The lists of a CPU") },
	{ "pcp", N_("hot and cold lists of 2.6.18: hit, refill, drain") },
	{ "pcp-types", N_("lists of 6.1 by order and type, on two CPUs") },
	{ NULL, N_("Requests") },
	{ "gfp", N_("GFP masks: from where, with which patience, how deep") },
	{ "contexts", N_("who may sleep: tasks, spinlocks, softirqs, interrupts") },
	{ "zones", N_("zones, watermarks, and who may use the reserves") },
	{ "exact", N_("exact sizes, pages taken apart, compound pages, zeroes") },
	{ "failure", N_("the report of a failed allocation, line by line") },
	{ "reclaim", N_("page cache, kswapd, direct reclaim, dirty pages, swap") },
	{ "oom", N_("out of memory: who is killed, and who is spared") },
	{ NULL, N_("Against fragmentation") },
	{ "migratetypes", N_("page blocks and their types, stealing, boost, compaction") },
	{ "highatomic", N_("the reserve for those who cannot wait and need a block") },
	{ "cma", N_("contiguous memory that is lent until it is needed") },
	{ "indexes", N_("two numbers for fragmentation, and what they advise") },
	{ "server", N_("going on from the /proc/buddyinfo of a real server") },
	{ NULL, N_("Small objects") },
	{ "slab", N_("slabs full, partial and free; a CPU's stack of objects") },
	{ "colour", N_("why slabs do not all begin at the same place") },
	{ "kmalloc", N_("classes of sizes, what is lost in objects, what is too large") },
	{ "poison", N_("use after free, overflow, double free, and who notices") },
	{ "slub", N_("a slab for each CPU, and pointers inside free objects") },
	{ "slab-slub", N_("the same load on SLAB and on SLUB") },
	{ "mempool", N_("a reserve for those who must not fail, in a famine") },
	{ NULL, N_("Kernel addresses") },
	{ "layout", N_("what lies where: direct map, gap, areas, windows, fixmap") },
	{ "tables", N_("from an address to a frame, level by level") },
	{ "vmalloc", N_("kmalloc() against vmalloc(): frames, addresses, cost") },
	{ "gap", N_("the gap and the guard pages catch who writes too far") },
	{ "kmap", N_("windows to high memory, and who waits for one") },
	{ "ioremap", N_("memory of devices, and memory left out by mem=248M") },
	{ "dma", N_("memory for devices: masks, zones, bounce buffers") },
	{ NULL, N_("Boot") },
	{ "boot", N_("who shares memory out before there is a page allocator") },
};

void lessons_list(struct strbuf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].name)
			strbuf_printf(out, "  %-15s %s\n", table[i].name, _(table[i].title));
		else
			strbuf_printf(out, "%s\n", _(table[i].title));
	}
}
