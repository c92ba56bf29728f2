/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page tables of the kernel's part of the address space, in the form of the
 * processor (Intel's manual of the architecture, volume 3, "Paging").
 *
 * The entries are bytes of page frames.  A table that is taken while the machine
 * runs is a page of kind PAGE_TABLE.  Those that boot makes lie in pages that it
 * set aside for them, in the kernel's image or in boot memory.  Of a machine
 * that was not booted here, but loaded, it is not known which pages those are;
 * then the model keeps them in the arena, and they go by number.  A table is
 * given back only when a big page takes its place.
 */
#ifndef KM_VIRT_PAGE_TABLE_H
#define KM_VIRT_PAGE_TABLE_H

#include "base/strbuf.h"
#include "virt/virt.h"

/* Bits of an entry, those of the processor. */
enum {
	PTE_PRESENT = 0x001,
	PTE_WRITE = 0x002,
	PTE_USER = 0x004,
	PTE_THROUGH = 0x008,
	PTE_UNCACHED = 0x010,
	PTE_ACCESSED = 0x020,
	PTE_DIRTY = 0x040,
	PTE_HUGE = 0x080,
	PTE_GLOBAL = 0x100,
	PTE_BOOT = 0x200, /* free for the system: the table that is pointed to is in no frame, but has a number */
	PTE_DATA = PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY, /* a page of the kernel, not global */
	PTE_TABLE = PTE_DATA | PTE_USER, /* a table: what it maps says whether programs may go there */
	PTE_KERNEL = PTE_DATA | PTE_GLOBAL, /* and config->nx */
};

#define PTE_NX (UINT64_C(1) << 63) /* no instructions are run from there: entries of 8 bytes */
#define PTE_FRAME ((UINT64_C(1) << 52) - 4096) /* the physical address in an entry */

/* Who makes a table that is missing, and which of boot's pages are for it. */
enum table_maker {
	TABLE_NOBODY,
	TABLE_ALLOCATOR, /* the page allocator gives the page */
	TABLE_BOOT, /* the kernel's image, somewhere in its data */
	TABLE_TOP, /* the topmost table */
	TABLE_HEAD, /* made before memory was known: of the first megabytes */
	TABLE_BUFFER, /* behind the image, for the direct map */
	TABLE_MEMORY, /* boot memory, for the direct map */
	TABLE_FIXED, /* for fixed addresses and kmap() */
	TABLE_CPU_ENTRY, /* for what CPUs see when they enter the kernel */
};

/* A step of the way down to a page. */
struct table_step {
	u64 at; /* physical address of the entry; with `boot`: where it lies among the numbered tables, in bytes */
	u64 entry; /* its value */
	u32 index; /* of the entry in its table */
	unsigned level; /* 1: its entries are pages */
	bool boot; /* the table is in no frame */
};

/* Addresses of which a page table says the same: one entry. */
struct table_leaf {
	u64 start, bytes;
	u64 entry; /* not present: nothing is mapped there */
	unsigned level;
};

#define TABLE_LEVELS 4

/*
 * The way to `address`, topmost table first: steps to the last entry that there
 * is, or that is not present.  How many; 0: the machine has no page tables here.
 */
unsigned page_table_walk(const struct virt_system *v, u64 address, struct table_step step[TABLE_LEVELS]);

/* The value of entry `index` of the table that a step is in. */
u64 page_table_entry(const struct virt_system *v, const struct table_step *step, u32 index);

/* The frame that `address` is mapped to by the tables; PFN_NONE: none. */
pfn_t page_table_frame(const struct virt_system *v, u64 address);

/* Makes the tables on the way to `address` that are missing.  false: the page allocator has no page for them. */
bool page_table_make(struct virt_system *v, u64 address, enum table_maker maker);

/* The same down to the table at `level`. */
bool page_table_make_level(struct virt_system *v, u64 address, unsigned level, enum table_maker maker);

/*
 * Maps a page at `address` to the physical address `at` with the bits `bits`;
 * with big pages (level 2) of the machine, `address` and `at` are aligned to one.
 * false: there is no page for a table.
 */
bool page_table_map(struct virt_system *v, u64 address, u64 at, u64 bits, unsigned level);

/* The same for `bytes`, as boot does it: `maker` gives the tables. */
bool page_table_map_range(struct virt_system *v, u64 address, u64 at, u64 bytes, u64 bits, unsigned level,
			  enum table_maker maker);

/*
 * Takes the bits `clear` from what is mapped in [start, end), whole pages, and
 * adds the bits `set`.  A big page that lies in it only partly is split first, as
 * kernels do it.  false: there is no page for a table.
 */
bool page_table_protect(struct virt_system *v, u64 start, u64 end, u64 clear, u64 set);

/* Splits the big page that `address` lies in, if there is one. false: there is no page for the table. */
bool page_table_split(struct virt_system *v, u64 address);

/* These frames are for tables that `maker` makes, in this order. Before any of them is made. */
void page_table_set_aside(struct virt_system *v, enum table_maker maker, u64 pfn, u64 pages);

/* The tables of the slots of kmap() and of fixed addresses, and the topmost ones that boot makes for the vmalloc area.
 */
void page_table_make_fixed(struct virt_system *v);

/* Entry `index` of the topmost table. */
void page_table_set_top(struct virt_system *v, u32 index, u64 entry);

/* The entry of the page at `address` becomes 0, if there is one. */
void page_table_unmap(struct virt_system *v, u64 address);

/* The entry that says what is at `address`. */
struct table_leaf page_table_leaf(const struct virt_system *v, u64 address);

/* The level whose index is the last part of an address before the byte: 1, or that of the big page it lies in. */
unsigned page_table_last_level(const struct virt_system *v, u64 address);

/* Is it a page, or a big page? */
static inline bool page_table_maps(const struct table_leaf *leaf)
{
	return (leaf->entry & PTE_PRESENT) && (leaf->level == 1 || (leaf->entry & PTE_HUGE));
}

/* Is the page a table that boot made? */
bool page_table_is_boots(const struct virt_system *v, pfn_t pfn);

/* The names of the bits that are set in an entry, as processors' manuals have them: "P RW A D". */
void page_table_bits(u64 entry, struct strbuf *out);

/* "pgd", "pud", "pmd", "pte": what kernels call the tables of this level, by how many levels there are. */
const char *page_table_level_name(const struct virt_system *v, unsigned level);

/* Bytes that an entry of this level covers, as a power of two; level 1: a page. */
static inline unsigned page_table_shift(const struct virt_system *v, unsigned level)
{
	return v->slab->phys->config->page_shift + (level - 1) * v->config->index_bits;
}

/* Every table is one of boot's or a page of kind PAGE_TABLE, and nobody else has such pages. false with a message. */
bool page_table_check(const struct virt_system *v, struct status *st);

#endif
