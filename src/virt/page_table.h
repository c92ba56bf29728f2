/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page tables of the kernel's part of the address space.
 *
 * A table that is taken while the machine runs is a page of kind PAGE_TABLE, and
 * its entries are bytes of that page, in the form of the processor.  Tables that
 * boot made (the topmost one, those of pkmap and fixmap, on x86_64 the next level
 * of the vmalloc area) lie in the kernel's image or in memory that it took before
 * the page allocator ran; the model keeps those in the arena.  The direct map is
 * made of big pages and has no tables here.  Tables are never given back.
 */
#ifndef KM_VIRT_PAGE_TABLE_H
#define KM_VIRT_PAGE_TABLE_H

#include "virt/virt.h"

/* Bits of an entry, those of the processor. */
enum {
	PTE_PRESENT = 0x001,
	PTE_WRITE = 0x002,
	PTE_THROUGH = 0x008,
	PTE_UNCACHED = 0x010,
	PTE_ACCESSED = 0x020,
	PTE_DIRTY = 0x040,
	PTE_HUGE = 0x080,
	PTE_GLOBAL = 0x100,
	PTE_BOOT = 0x200, /* free for the system: the table that is pointed to is one of boot's, by number */
	PTE_TABLE = PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY,
	PTE_KERNEL = PTE_TABLE | PTE_GLOBAL,
};

/* Who makes a table that is missing. */
enum table_maker { TABLE_NOBODY, TABLE_BOOT, TABLE_ALLOCATOR };

/* A step of the way down to a page. */
struct table_step {
	u64 at; /* physical address of the entry; with `boot`: where it lies among boot's tables, in bytes */
	u64 entry; /* its value */
	u32 index; /* of the entry in its table */
	bool boot; /* the table is one of boot's */
};

#define TABLE_LEVELS 4

/*
 * The way to `address`, topmost table first: steps to the last entry that there
 * is, or that is not present.  How many; 0: the machine has no page tables here.
 */
unsigned page_table_walk(const struct virt_system *v, u64 address, struct table_step step[TABLE_LEVELS]);

/* The frame that `address` is mapped to, outside of the direct map; PFN_NONE: none. */
pfn_t page_table_frame(const struct virt_system *v, u64 address);

/* Makes the tables on the way to `address` that are missing.  false: the page allocator has no page for them. */
bool page_table_make(struct virt_system *v, u64 address, enum table_maker maker);

/*
 * Maps a page at `address` to the physical address `at` with the bits `bits`;
 * with big pages (level 2) of the machine, `address` and `at` are aligned to one.
 * false: there is no page for a table.
 */
bool page_table_map(struct virt_system *v, u64 address, u64 at, u64 bits, unsigned level);

/* The entry of the page at `address` becomes 0, if there is one. */
void page_table_unmap(struct virt_system *v, u64 address);

/* Bytes that an entry of this level covers, as a power of two; level 1: a page. */
static inline unsigned page_table_shift(const struct virt_system *v, unsigned level)
{
	return v->slab->phys->config->page_shift + (level - 1) * v->config->index_bits;
}

/* Every table is a page of kind PAGE_TABLE, and nobody else has such pages. false with a message. */
bool page_table_check(const struct virt_system *v, struct status *st);

#endif
