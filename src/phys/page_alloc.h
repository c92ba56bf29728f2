/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page allocator's entry points: alloc_pages(), __free_pages() and what the kernel builds on them. */
#ifndef KM_PHYS_PAGE_ALLOC_H
#define KM_PHYS_PAGE_ALLOC_H

#include "phys/request.h"

/* Will the kernel warn of this order, which cannot be? It does so once after boot. */
bool page_alloc_warns(const struct phys *p, gfp_t gfp, unsigned order);

/*
 * One attempt of a request: down the zone list; while page types are not to be
 * mixed, to the end of the node's own zones.  PFN_NONE: all refuse.  The block is
 * not handed out yet.
 */
pfn_t page_alloc_walk(struct phys *p, const struct request *rq);

/*
 * alloc_pages(): 2^order frames, the first of them returned; PFN_NONE where
 * the kernel returns NULL.
 */
pfn_t page_alloc(struct phys *p, gfp_t gfp, unsigned order);

/*
 * __free_pages(): gives back what page_alloc() returned.  Refuses, changes
 * nothing, and says why in `st` (STATUS_INVALID) if `pfn` is free already, was
 * got with another order, is not the first frame of its block, is reserved, or
 * does not exist.
 */
bool page_free(struct phys *p, pfn_t pfn, unsigned order, struct status *st);

/* The same through the cold per-CPU list (2.6's free_cold_page(), single pages). */
bool page_free_cold(struct phys *p, pfn_t pfn, struct status *st);

/*
 * split_page(): a block of `order` becomes 2^order single pages, each to be
 * freed on its own.  Refuses as page_free() does.
 */
bool page_split(struct phys *p, pfn_t pfn, unsigned order, struct status *st);

/* drain_local_pages(): empties the per-CPU lists of the CPU that runs. */
void page_drain_local(struct phys *p);

/*
 * Why page_free() would refuse; true if it would not.  Nothing is changed.
 */
bool page_free_check(const struct phys *p, pfn_t pfn, unsigned order, struct status *st);

/* How a block goes back: through the per-CPU lists, hot or cold, or straight to the tail of its free list. */
enum page_way { PAGE_HOT, PAGE_COLD, PAGE_TO_TAIL };

/* The last step of an allocation and the first of a free, for the functions beside page_alloc(); nothing is checked. */
void page_hand_out(struct phys *p, pfn_t pfn, gfp_t gfp, unsigned order);
void page_give_back(struct phys *p, pfn_t pfn, unsigned order, enum page_way way);

/* get_order(): the least order whose block holds `bytes`; 0 bytes give 0. */
unsigned page_get_order(const struct phys *p, u64 bytes);

/* page_address(): the address in the direct map; 0 for high memory, as the kernel returns NULL. */
u64 page_address(const struct phys *p, pfn_t pfn);

/* virt_to_page() for the direct map; PFN_NONE if `address` is not in it. */
pfn_t page_of_address(const struct phys *p, u64 address);

#endif
