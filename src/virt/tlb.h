/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The TLBs: what CPUs remember of page tables, and when the kernel makes them forget.
 *
 * An access that writes (poke) leaves the entry that it went through in the TLB
 * of its CPU, and every access looks there first.  So an address whose entry was
 * cleared may be reached until the TLB is flushed: on 2.6 at once, with
 * everything; on 6.1 by a purge, page by page if the range has 33 pages at most.
 *
 * Sources: the kernel's documentation, core-api/cachetlb and arch/x86/tlb; Gorman,
 * "Understanding the Linux Virtual Memory Manager", sections 3.9 and 7.1.  The
 * size is the model's: 64 entries, of which the oldest goes.
 */
#ifndef KM_VIRT_TLB_H
#define KM_VIRT_TLB_H

#include "virt/virt.h"

#define TLB_ENTRIES 64 /* of a CPU */

/* Why it is flushed. */
enum tlb_why {
	TLB_UNMAPPED, /* 2.6: an area is unmapped */
	TLB_PURGED, /* 6.1: areas that were given back become free */
	TLB_DEVICE, /* 2.6: ioremap() has mapped an area */
	TLB_TABLE, /* x86_64: a big page takes the place of an empty page table */
	TLB_KMAP_WRAP, /* the slots of kmap() have come round */
	TLB_KMAP_ATOMIC, /* a slot of a CPU is used again (2.6), or is no longer used (6.1) */
	TLB_FIXMAP, /* a fixed address leads elsewhere */
	TLB_WHYS
};

/* An entry, of a page or a big page. */
struct tlb_entry {
	u64 page; /* its first address */
	u64 entry; /* of the page table, as it was */
	u32 level; /* 1: a page; 0: not in use */
	u32 age; /* when it came: the lowest goes first */
	u32 spare[2];
};

/* "vfree(), iounmap()" ...: translated. */
const char *tlb_why_text(const struct virt_system *v, enum tlb_why why);

/* All CPUs forget [start, end), or everything, by the kernel's rule. */
void tlb_flush(struct virt_system *v, u64 start, u64 end, enum tlb_why why);

/* This CPU forgets the page of `address`. */
void tlb_flush_page(struct virt_system *v, u64 address, enum tlb_why why);

/* Flushes since boot, of all kinds. */
u32 tlb_flushes(const struct virt_system *v);

/* The entry number `n` of a CPU. */
const struct tlb_entry *tlb_entry(const struct virt_system *v, unsigned cpu, u32 n);

/* What this CPU remembers of `address`; NULL: nothing. */
const struct tlb_entry *tlb_find(const struct virt_system *v, u64 address);

/* Does the CPU remember of `address` what the page tables do not say (any more)? */
bool tlb_is_stale(const struct virt_system *v, u64 address);

/* The physical address that an access of this CPU reaches; TRANSLATE_NONE: it faults, or it is no memory. */
u64 tlb_physical(const struct virt_system *v, u64 address);

/* An access to `address`, which is mapped: this CPU remembers the entry. */
void tlb_use(struct virt_system *v, u64 address);

u64 tlb_hash(const struct virt_system *v);

/* All invariants. false with a message. */
bool tlb_check(const struct virt_system *v, struct status *st);

#endif
