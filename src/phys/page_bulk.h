/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many single pages at once, and pieces that are no power of two (5.13 and later; the `bulk` and `exact-zeroed`
 * recordings). */
#ifndef KM_PHYS_PAGE_BULK_H
#define KM_PHYS_PAGE_BULK_H

#include "phys/phys.h"

/*
 * alloc_pages_bulk_array(): up to `count` single pages into `pages`; how many
 * it got is returned.  It stops early where memory is short.
 */
u32 page_alloc_bulk(struct phys *p, gfp_t gfp, u32 count, pfn_t *pages);

/*
 * free_unref_page_list(): frees single pages in order.  Refuses the whole list
 * if one of them cannot be freed, or is in it twice.
 */
bool page_free_list(struct phys *p, const pfn_t *pages, u32 count, struct status *st);

/*
 * alloc_pages_exact(): pages for `bytes` (more than 0), single ones that lie
 * side by side; the rest of the block goes back.  PFN_NONE: NULL.
 */
pfn_t page_alloc_exact(struct phys *p, gfp_t gfp, u64 bytes);

/* free_pages_exact(): frees what page_alloc_exact() gave for as many bytes; refuses as page_free() does. */
bool page_free_exact(struct phys *p, pfn_t pfn, u64 bytes, struct status *st);

/*
 * How many pages from `pfn`, a page in use, on alloc_pages_exact() gave together
 * and are in use still; 1: it is a single page, or not the first of them.
 */
u32 page_exact_together(const struct phys *p, pfn_t pfn);

#endif
