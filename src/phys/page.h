/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a page beyond its frame: to whom it belongs, and its bytes.
 *
 * Most pages have no descriptor: they are free, or in use and nothing was ever
 * written to them.  A page gets one when an owner above the page allocator
 * takes it (a slab cache, the page cache), or when something writes to it.  The
 * bytes of a page stay when it is freed, as memory keeps what was last written
 * to it, until somebody fills it with zeroes.
 *
 * Pages on a list of their owner are linked as blocks of order 0 with a tag
 * TAG_OWNED (phys/blocklist.h): a page in use is on no list of the allocator.
 */
#ifndef KM_PHYS_PAGE_H
#define KM_PHYS_PAGE_H

#include "phys/phys.h"

/* Whose page it is. All but plain ones are refused by __free_pages(): their owner gives them back. */
enum page_kind {
	PAGE_PLAIN, /* nobody's, or of who asked the page allocator for it */
	PAGE_SLAB, /* a part of a slab */
	PAGE_FILE, /* page cache */
	PAGE_ANON, /* anonymous memory */
	PAGE_TABLE, /* a page table */
	PAGE_KINDS
};

/* A slab, in the descriptor of its first page. Which fields mean what is the allocator's affair. */
struct page_slab {
	u64 freelist; /* address: the first free object, the list of free objects, or struct slab */
	u32 cache; /* slot of its cache */
	u16 objects; /* that it has */
	u16 inuse; /* that are handed out or in a CPU's hands */
	u32 s_mem; /* where the first object begins, in bytes from the start of the slab */
	u16 colour; /* its colour, in bytes */
	u8 list; /* on which of the cache's lists it is */
	u8 frozen; /* it is some CPU's own */
	u32 owner; /* command that made the cache grow */
	u32 node; /* SLAB: whose lists it is on */
	u32 word[4]; /* free for the allocator */
};

/* A page that can be reclaimed. */
struct page_lru {
	u32 mapping; /* file, or process */
	u32 index; /* in units of pages */
	u32 flags; /* of reclaim */
	u32 swap; /* slot in the swap area, or none */
	u32 word[8]; /* free for reclaim */
};

struct page {
	pfn_t pfn; /* PFN_NONE: the descriptor is not in use */
	pfn_t head; /* the first page of the block that the owner holds; itself if it is that */
	u16 kind; /* enum page_kind */
	u16 has_bytes; /* 1: something was written to it */
	u32 next; /* the next descriptor that is not in use */
	union {
		struct page_slab slab;
		struct page_lru lru;
		u32 word[12]; /* all of it, for hashes */
	};
};

/* Its owner: "slab", "file" ... translated. */
const char *page_kind_name(unsigned kind);

/* Its descriptor, or NULL if it has none. */
static inline struct page *page_find(const struct phys *p, pfn_t pfn)
{
	u32 slot = p->page_slot[pfn];

	return slot ? &p->page[slot - 1] : NULL;
}

/* The same, about to be written. */
static inline struct page *page_touch(struct phys *p, struct page *page)
{
	arena_touch(p->arena, page);
	return page;
}

/*
 * Its descriptor, made if there is none (plain, no bytes), about to be written.
 * NULL: all descriptors are in use by owners; there are 2^24 at most.
 */
struct page *page_get(struct phys *p, pfn_t pfn);

/*
 * The block of 2^order pages at `pfn`, which was handed out, belongs to an
 * owner of this kind from now on.  false: too few descriptors, nothing is changed.
 */
bool page_own(struct phys *p, pfn_t pfn, unsigned order, enum page_kind kind);

/* The owner lets go of the block; its bytes stay. */
void page_disown(struct phys *p, pfn_t pfn, unsigned order);

/* The page moves to frame `to`, descriptor and bytes; what `to` had is forgotten. */
void page_moves(struct phys *p, pfn_t from, pfn_t to);

/* Fills the pages with zeroes. */
void page_clear(struct phys *p, pfn_t pfn, u64 pages);

/*
 * Bytes at the physical address `at`, wherever they lie; what was never written
 * reads as zero.  The range must lie below the end of memory.  page_write()
 * returns false if there is no descriptor left; then a part may be written.
 */
void page_read(const struct phys *p, u64 at, void *to, size_t bytes);
bool page_write(struct phys *p, u64 at, const void *from, size_t bytes);
bool page_fill(struct phys *p, u64 at, u8 byte, size_t bytes);

/* A number of `width` bytes (1, 2, 4 or 8), least byte first, aligned to its width. */
u64 page_load(const struct phys *p, u64 at, unsigned width);
bool page_store(struct phys *p, u64 at, u64 value, unsigned width);

/* Hash of all descriptors that matter, whatever their slots. */
u64 page_hash(const struct phys *p);

/* Descriptors and frames name each other, and owners' pages are in use. false with a message. */
bool page_check(const struct phys *p, struct status *st);

#endif
