/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lists of pages that can be reclaimed: putting, taking, activating.
 *
 * A page of the page cache is activated when it is used for the second time
 * while it is on the inactive list (mark_page_accessed).  Use of an anonymous
 * page is only seen when reclaim looks at its page table entry.  On 6.1 a page
 * that comes back from disk is activated at once if so few others were evicted
 * since that it would have stayed had the inactive list been larger
 * (Documentation/mm, workingset detection).
 */
#ifndef KM_PHYS_LRU_H
#define KM_PHYS_LRU_H

#include "phys/blocklist.h"
#include "phys/page.h"
#include "phys/reclaim.h"

/* Number of the set of lists that a zone's pages are on. */
static inline unsigned lru_vec_of(const struct phys *p, unsigned zone)
{
	return reclaim_by_zone(p) ? zone : p->config->zone[zone].node;
}

/* How many sets there are. */
static inline unsigned lru_vecs(const struct phys *p)
{
	return reclaim_by_zone(p) ? p->config->zones : p->config->nodes;
}

/* Is it a page that reclaim knows? */
static inline bool lru_has(const struct phys *p, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);

	return page && (page->kind == PAGE_FILE || page->kind == PAGE_ANON);
}

/* On which list a page belongs, by its flags. */
enum lru_list lru_of(const struct phys *p, const struct page *page);

/* "inactive", "active file" ... translated. */
const char *lru_name(const struct phys *p, enum lru_list list);

/* Puts a page that is on no list where its flags say. */
void lru_put(struct phys *p, pfn_t pfn, enum list_end end);

/* Takes a page off its list; LRU_ISOLATED until it is put. */
void lru_take(struct phys *p, pfn_t pfn);

/* Sets and clears flags of a page. A page on a list keeps its place: LRU_IS_ACTIVE may only change off the lists. */
void lru_change(struct phys *p, pfn_t pfn, u32 set, u32 clear);

/* A page was used, other than through a page table: the first time it is marked, the second time activated. */
void lru_mark_accessed(struct phys *p, pfn_t pfn);

/* A page that was written, and reclaim waits for: to the tail of the inactive list. */
void lru_rotate(struct phys *p, pfn_t pfn);

/* Takes the oldest page off a list; PFN_NONE: it is empty. */
pfn_t lru_take_oldest(struct phys *p, unsigned vec, enum lru_list list);

/* Pages on a list in zones of type `highest` and below. */
u64 lru_size(const struct phys *p, unsigned vec, enum lru_list list, unsigned highest);

/* 6.1: are there too few inactive pages of a kind (0 anonymous, 1 files), so that active ones must be looked at? */
bool lru_inactive_is_low(const struct phys *p, unsigned vec, unsigned file, unsigned highest);

/* 6.1: reclaim of a kind has caused so many pages of I/O. */
void lru_note_cost(struct phys *p, unsigned vec, unsigned file, u32 pages);

/* 6.1: the page is evicted: what is to be remembered of it. */
void lru_remember(struct phys *p, pfn_t pfn, struct place *place);

/* 6.1: a page that was evicted is back in `pfn`, on no list yet: active or not, by what is remembered. */
void lru_refault(struct phys *p, pfn_t pfn, const struct place *place);

#endif
