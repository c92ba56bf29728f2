/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's virtual memory: what it consists of.
 *
 * As on the floors below: struct virt_config never changes, the state lies in
 * the arena, struct virt_system is the host's view of both.
 */
#ifndef KM_VIRT_VIRT_H
#define KM_VIRT_VIRT_H

#include "slab/slab.h"

#define VIRT_AREAS (UINT32_C(1) << 20) /* most areas at a time, free ones included */
#define VIRT_OBJECT_UNKNOWN 1 /* the address of a kernel object that is there, but was never told */
#define VIRT_NO_AREA 0 /* areas count from 1 where a number says which */

/* How addresses for areas are found. */
enum vmap_rule {
	VMAP_ABSENT, /* textbooks */
	VMAP_LIST, /* one list of areas in use, in the order of addresses; the gaps between them are free (2.6) */
	VMAP_FREE_AREAS, /* free areas are kept, too; areas given back stay unused until they are purged (5.2 and later)
			  */
};

#define VIRT_PHYS_BITS 40 /* of physical addresses of an x86_64 processor: iomem ends at ffffffffff */
#define VIRT_BOOT_TABLES 20000 /* most page tables that are in no frame: what 16 TiB need */
#define VIRT_ASIDES 16 /* most ranges of frames that boot set aside for page tables */
#define VIRT_TLB_WHYS 8 /* most reasons to flush TLBs */
#define VIRT_KMAP_SLOTS 2048 /* most slots of kmap() and kmap_atomic() together */
#define VIRT_KMAP_WAITERS 8 /* most tasks that sleep in kmap() here */
#define VIRT_DEVICES 64 /* most devices at a time */
#define VIRT_POOLS 64 /* most DMA pools at a time */
#define VIRT_POOL_PAGES 4096 /* most pages of theirs */
#define VIRT_SWIOTLB_SLOTS (UINT32_C(1) << 19) /* most slots of swiotlb: 1 GiB */

/* The parts of the address space. Addresses; an end is the first one behind. */
struct virt_config {
	enum vmap_rule rule;
	unsigned word; /* bytes of a pointer */
	unsigned entry; /* bytes of an entry of a page table */
	unsigned levels; /* of page tables */
	unsigned index_bits; /* of an address, at each level */
	bool boot_upper; /* the tables below the topmost one were made by boot, for all of the vmalloc area */
	unsigned
	    huge_level; /* ioremap() uses big pages at this level, counted from 1 for single pages; 0: it does not */
	u64 nx; /* bit of entries: no instructions are run from the page; 0: the processor has none */
	u64 page_offset; /* of the direct map */
	u64 high_memory; /* its end */
	u64 vmalloc_start, vmalloc_end;
	u64 free_end; /* the end of all free areas (VMAP_FREE_AREAS) */
	u64 image_map, image_map_end; /* x86_64: the kernel's image once more, where it was linked to run; 0: none */
	u64 pkmap_base;
	u32 last_pkmap; /* slots; 0: there is no high memory to be mapped */
	u64 fixaddr_start, fixaddr_top; /* of the permanent slots; slot n lies n pages below the top */
	u32 fix_kmap_begin, km_slots; /* slots of kmap_atomic(): where they begin, and how many each CPU has */
	u32 fix_permanent; /* slots of fixed addresses, without boot's temporary ones */
	u32 fix_temporary, fix_end; /* those: the first slot, and the one behind all */
	u64 most_pages; /* that an area can have: the pages which the kernel counts as memory */
	u32 ioremap_min_shift, ioremap_max_shift; /* what ioremap() aligns to, as powers of two of bytes */
	bool ioremap_next_power; /* it aligns 4096 bytes to 8192 (2.6) */
	u32 sizeof_vm_struct, sizeof_vmap_area; /* bytes */
	u64 mem_map; /* address of the first page descriptor; 0: where they lie is not known */
	u32 struct_page; /* bytes of one */
	u32 dma_low_bits; /* masks below so many bits, and no device, get the DMA zone */
};

/* Flags of areas, as the kernels have them. */
enum {
	VM_IOREMAP = 0x1,
	VM_ALLOC = 0x2,
	VM_MAP = 0x4,
	VM_USERMAP = 0x8, /* its pages may be mapped to programs: vmalloc_user() */
	VM_ALLOW_HUGE_VMAP = 0x400, /* 6.1: big pages will do, where there are such */
	VM_VPAGES = 0x10, /* 2.6: the array of its pages is an area, too */
	VM_FLAGS_SHIFT = 20, /* 2.6: what ioremap() adds to the entries of page tables, so much higher */
};

enum vmap_state { VMAP_UNUSED, VMAP_BUSY, VMAP_LAZY, VMAP_FREE, VMAP_STATES };

/* An area of addresses. */
struct vmap_area {
	u64 start, end; /* the guard page is in it */
	u64 phys; /* what ioremap() mapped */
	u64 vm_struct; /* address of the kernel's descriptor; 0: none */
	u64 vmap_area; /* address of the kernel's second descriptor (VMAP_FREE_AREAS); 0: none */
	u64 pages; /* address of the array of its pages; 0: none */
	u32 nr_pages;
	u32 flags;
	u32 state; /* enum vmap_state */
	u32 next, prev; /* in the list of its state, by address; number and 1; 0: the end */
	u32 owner; /* command that made it */
	u32 spare[14];
};

_Static_assert(sizeof(struct vmap_area) == 128, "an area lies within one chunk of the arena");

/* A slot of kmap() or kmap_atomic(). */
struct kmap_slot {
	u32 count; /* kmap(): users and 1; 1: nobody uses it, but it is mapped. kmap_atomic(): users */
	pfn_t pfn; /* the page that is mapped, if count is not 0; kmap_atomic() of 2.6: that was mapped last */
};

/* A task that sleeps in kmap() until a slot is free. */
struct kmap_waiter {
	u32 command; /* the command that called it */
	pfn_t pfn; /* what it wants to map */
};

/* Frames of boot's for page tables. */
struct table_aside {
	u32 maker; /* enum table_maker */
	pfn_t first;
	u32 count, used; /* frames; the first ones are used */
};

/* The software I/O TLB (virt/swiotlb.h). */
struct swiotlb_state {
	u64 start; /* physical address */
	u32 slots; /* 0: there is none */
	u32 areas; /* that it is divided into, a power of two */
	u32 force; /* 1: all that is mapped is bounced */
	u32 torn; /* 1: slots were given back from the middle of a mapping on */
	u32 index[PHYS_CPUS], used[PHYS_CPUS]; /* of each area: where the next search begins, slots in use */
};

struct virt_state {
	u32 first[VMAP_STATES]; /* of each list, the lowest address; number and 1; [UNUSED]: a stack by next */
	u32 last[VMAP_STATES];
	u32 count[VMAP_STATES];
	u32 areas_used; /* numbers that were ever used */
	u32 area_cache; /* of struct vmap_area (VMAP_FREE_AREAS), slot and 1; SLAB_NONE: their memory is not modelled */
	u64 lazy_pages; /* pages of the lazy areas, guard pages included */
	u64 spare_node; /* address of the vmap_area that waits to be used when a free area is cut in two; 0: none */
	u32 boot_tables; /* page tables that are in no frame */
	u32 tables; /* page tables that were taken from the page allocator */
	u32 last_pkmap_nr; /* where the last kmap() found its slot */
	u32 kmap_waiting; /* tasks that sleep in kmap() */
	struct kmap_waiter kmap_waiter[VIRT_KMAP_WAITERS]; /* of them, who came first is first; the rest is zero */
	u32 atomic_depth; /* kmap_atomic() that were not undone: preempt_count() */
	u32 tlb_flush[VIRT_TLB_WHYS]; /* flushes since boot, by enum tlb_why */
	u32 tlb_used, tlb_age; /* entries of all CPUs; when the newest came */
	u32 warned; /* what the kernel warns of once, and has: enum warn_once */
	u32 full_told; /* messages that swiotlb is full, in the interval that began at full_since (ticks) */
	u64 full_since;
	struct swiotlb_state swiotlb;
	u32 spare;
	pfn_t top; /* frame of the topmost page table; 0: it is in none */
	u32 asides;
	struct table_aside aside[VIRT_ASIDES]; /* frames for tables of boot's */
};

struct device; /* virt/device.h */
struct tlb_entry; /* virt/tlb.h */
struct dma_pool; /* virt/dma_pool.h */
struct dma_pool_page;
struct swiotlb_slot; /* virt/swiotlb.h */

struct virt_system {
	const struct virt_config *config; /* not owned; outlives this */
	struct slab_system *slab; /* not owned */
	/*
	 * Told what warn_alloc() says of a request that failed (6.1), with its mask
	 * and behind that the state of memory; may be NULL.  Not a part of the state.
	 */
	void (*warn_alloc)(void *context, const char *what, gfp_t gfp);
	void *warn_context;
	/* Into the arena: */
	struct virt_state *state;
	struct vmap_area *area; /* [VIRT_AREAS], sparse */
	struct kmap_slot *kmap; /* [VIRT_KMAP_SLOTS], sparse: kmap()'s, then kmap_atomic()'s by CPU */
	struct tlb_entry *tlb; /* by CPU, sparse */
	struct device *device; /* [VIRT_DEVICES], sparse; number 1 is the first */
	struct swiotlb_slot *slot; /* [VIRT_SWIOTLB_SLOTS], sparse */
	struct dma_pool *pool; /* [VIRT_POOLS], sparse */
	struct dma_pool_page *pool_page; /* [VIRT_POOL_PAGES], sparse */
	u8 *boot_table; /* [VIRT_BOOT_TABLES] pages, sparse: those in no frame; the first one is the topmost table */
};

size_t virt_arena_size(const struct virt_config *config);
size_t virt_root_size(const struct virt_config *config);

/* Lays it out in the arena of `slab`; there is no area yet. */
bool virt_init(struct virt_system *v, const struct virt_config *config, struct slab_system *slab, struct status *st);

/* Like `from`, on `slab`, which is of a clone of from's machine. */
void virt_rebase(struct virt_system *v, const struct virt_system *from, struct slab_system *slab);

/*
 * What boot does: with VMAP_FREE_AREAS all addresses are one free area, and the
 * cache of struct vmap_area is made.  false with a message.
 */
bool virt_start(struct virt_system *v, struct status *st);

u64 virt_hash(const struct virt_system *v);

/* All invariants of areas, page tables and slots. false with a message. */
bool virt_check(const struct virt_system *v, struct status *st);

#endif
