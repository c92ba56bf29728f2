/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/mapping.h"

#include "base/text.h"
#include "phys/lru.h"
#include "phys/page_alloc.h"
#include "phys/swap.h"
#include "phys/writeback.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_PID 100
#define FIRST_UID 1000 /* an ordinary user */

static struct owner *owner_of(const struct phys *p, unsigned owner)
{
	return &p->reclaim->owner[owner];
}

static struct place *place_of(const struct phys *p, unsigned owner, u32 index)
{
	return &p->place[(size_t)owner * RECLAIM_PAGES + index];
}

static void set_place(struct phys *p, unsigned owner, u32 index, struct place place)
{
	struct place *to = place_of(p, owner, index);

	arena_touch(p->arena, to);
	*to = place;
}

const struct place *mapping_place(const struct phys *p, unsigned owner, u32 index)
{
	return place_of(p, owner, index);
}

/* ------------------------------------------------------------- the table */

unsigned mapping_find(const struct phys *p, enum owner_kind kind, const char *name)
{
	unsigned n = 0;

	while (n < RECLAIM_OWNERS && !(owner_of(p, n)->kind == kind && strcmp(owner_of(p, n)->name, name) == 0))
		n++;
	return n;
}

unsigned mapping_of_pid(const struct phys *p, u32 pid)
{
	unsigned n = 0;

	while (n < RECLAIM_OWNERS && !(owner_of(p, n)->kind == OWNER_PROCESS && owner_of(p, n)->pid == pid))
		n++;
	return n;
}

/* A place that nobody ever had goes first: events still name who had the others. */
static unsigned first_unused(const struct phys *p)
{
	unsigned ended = OWNER_NOBODY;

	for (unsigned n = 0; n < RECLAIM_OWNERS; n++) {
		const struct owner *o = owner_of(p, n);

		if (o->kind == OWNER_NONE && !*o->name)
			return n;
		if (o->kind == OWNER_NONE && ended == OWNER_NOBODY)
			ended = n;
	}
	return ended;
}

/* Forgets all of an owner but its name. */
static void forget(struct owner *o)
{
	struct owner ended = { .kind = OWNER_NONE };

	memcpy(ended.name, o->name, sizeof ended.name);
	*o = ended;
}

unsigned mapping_make(struct phys *p, enum owner_kind kind, const char *name, struct status *st)
{
	unsigned n = mapping_find(p, kind, name);
	struct owner *o;

	if (n != OWNER_NOBODY)
		return n;
	n = first_unused(p);
	if (n == OWNER_NOBODY) {
		status_fail(st, STATUS_INVALID, _("there are %d files and processes already: end some"),
			    RECLAIM_OWNERS);
		return n;
	}
	if (!*name || strlen(name) >= RECLAIM_NAME) {
		status_fail(st, STATUS_INVALID, _("a name has 1 to %d characters"), RECLAIM_NAME - 1);
		return OWNER_NOBODY;
	}
	o = owner_of(p, n);
	memset(o, 0, sizeof *o);
	snprintf(o->name, sizeof o->name, "%s", name);
	o->kind = kind;
	o->uid = FIRST_UID;
	o->start_ms = p->reclaim->now_ms;
	if (kind == OWNER_PROCESS)
		o->pid = FIRST_PID + p->reclaim->next_pid++;
	return n;
}

/* ------------------------------------------------------------- bringing pages in */

static gfp_t gfp_of_owner(const struct phys *p, bool file, bool cold)
{
	gfp_t gfp = 0;

	if (p->gfp->movable)
		gfp_by_name(p->config->gfp, "GFP_HIGHUSER_MOVABLE", &gfp);
	else
		gfp_by_name(p->config->gfp, "GFP_HIGHUSER", &gfp);
	return gfp | (file ? 0 : p->gfp->zero) | (cold ? p->gfp->cold : 0);
}

/* A page for index `index`, on no list yet; PFN_NONE: no memory, or the process is no more. */
static pfn_t new_page(struct phys *p, unsigned owner, u32 index, gfp_t gfp)
{
	struct owner *o = owner_of(p, owner);
	enum page_kind kind = o->kind == OWNER_FILE ? PAGE_FILE : PAGE_ANON;
	pfn_t pfn = page_alloc(p, gfp, 0);
	struct page *page;
	unsigned zone;

	if (pfn == PFN_NONE)
		return PFN_NONE;
	if (o->killed || !page_own(p, pfn, 0, kind)) {
		page_give_back(p, pfn, 0, PAGE_HOT);
		return PFN_NONE;
	}
	page = page_find(p, pfn);
	page->lru = (struct page_lru){ .mapping = owner, .index = index, .flags = LRU_ISOLATED };
	p->frame[pfn].flags |= FRAME_MOVABLE;
	zone = (unsigned)phys_zone_of(p, pfn);
	if (kind == PAGE_FILE)
		p->zone_pages[zone].file++;
	else
		p->zone_pages[zone].anon++;
	o->present++;
	if (index >= o->size)
		o->size = index + 1;
	return pfn;
}

/* The page becomes the one at its index, and goes on a list. */
static void settle(struct phys *p, pfn_t pfn, bool active)
{
	const struct page_lru *lru = &page_find(p, pfn)->lru;
	struct place before = *place_of(p, lru->mapping, lru->index);

	if (active)
		lru_change(p, pfn, LRU_IS_ACTIVE, 0);
	set_place(p, lru->mapping, lru->index, (struct place){ .value = pfn, .state = PLACE_MEMORY });
	if (!reclaim_by_zone(p) && (before.state == PLACE_EVICTED || before.state == PLACE_SWAP))
		lru_refault(p, pfn, &before);
	lru_put(p, pfn, AT_HEAD);
}

static u64 kib_of_page(const struct phys *p)
{
	return p->config->page_shift > 10 ? UINT64_C(1) << (p->config->page_shift - 10) : 1;
}

static pfn_t bring_file_page(struct phys *p, unsigned file, u32 index, bool from_disk)
{
	pfn_t pfn = new_page(p, file, index, gfp_of_owner(p, true, from_disk));

	if (pfn == PFN_NONE)
		return pfn;
	settle(p, pfn, false);
	if (from_disk) {
		reclaim_count(p, (unsigned)phys_zone_of(p, pfn), VM_PGPGIN, kib_of_page(p));
		EMIT(p->observer, FILE_READ, file, index, pfn);
	} else {
		EMIT(p->observer, FILE_NEW, file, index, pfn);
	}
	return pfn;
}

/* The page at `index` of a file, brought in if it is not in memory. */
static pfn_t file_page(struct phys *p, unsigned file, u32 index, bool from_disk, u32 *brought)
{
	const struct place *place = place_of(p, file, index);
	pfn_t pfn = place->value;

	if (place->state == PLACE_MEMORY)
		return pfn;
	pfn = bring_file_page(p, file, index, from_disk);
	*brought += pfn != PFN_NONE;
	return pfn;
}

enum use_result mapping_read(struct phys *p, unsigned file, u32 from, u32 pages, u32 *brought)
{
	*brought = 0;
	for (u32 index = from; index < from + pages; index++) {
		pfn_t pfn = file_page(p, file, index, true, brought);

		if (pfn == PFN_NONE)
			return USE_NO_MEMORY;
		lru_mark_accessed(p, pfn);
	}
	return USE_DONE;
}

/* Since 4.7 only reading counts as use of a page; what is written may never be looked at again. */
enum use_result mapping_write(struct phys *p, unsigned file, u32 from, u32 pages, u32 *brought)
{
	*brought = 0;
	for (u32 index = from; index < from + pages; index++) {
		pfn_t pfn = file_page(p, file, index, false, brought);

		if (pfn == PFN_NONE)
			return USE_NO_MEMORY;
		if (reclaim_by_zone(p))
			lru_mark_accessed(p, pfn);
		mapping_set_dirty(p, pfn);
		writeback_balance(p, file);
	}
	return USE_DONE;
}

/* ------------------------------------------------------------- anonymous memory */

pfn_t mapping_swap_in(struct phys *p, unsigned process, u32 index, gfp_t how)
{
	pfn_t pfn = new_page(p, process, index, (gfp_of_owner(p, false, false) & ~p->gfp->zero) | how);
	unsigned zone;
	u32 slot;

	if (pfn == PFN_NONE)
		return pfn;
	zone = (unsigned)phys_zone_of(p, pfn);
	slot = place_of(p, process, index)->value;
	settle(p, pfn, reclaim_by_zone(p));
	swap_free(p, slot);
	owner_of(p, process)->swapped--;
	reclaim_count(p, zone, VM_PSWPIN, 1);
	reclaim_count(p, zone, VM_PGPGIN, kib_of_page(p));
	reclaim_count(p, zone, VM_PGMAJFAULT, 1);
	EMIT(p->observer, SWAP_IN, process, index, slot, pfn);
	return pfn;
}

static pfn_t fault_in(struct phys *p, unsigned process, u32 index)
{
	pfn_t pfn;

	if (place_of(p, process, index)->state == PLACE_SWAP) {
		pfn = mapping_swap_in(p, process, index, 0);
	} else {
		pfn = new_page(p, process, index, gfp_of_owner(p, false, false));
		if (pfn != PFN_NONE) {
			settle(p, pfn, reclaim_by_zone(p));
			EMIT(p->observer, ANON_FAULT, process, index, pfn);
		}
	}
	if (pfn != PFN_NONE)
		reclaim_count(p, (unsigned)phys_zone_of(p, pfn), VM_PGFAULT, 1);
	return pfn;
}

/* One page after the other. */
static enum use_result touch_all(struct phys *p, unsigned process, u32 from, u32 pages, u32 *brought)
{
	for (u32 index = from; index < from + pages; index++) {
		const struct place *place = place_of(p, process, index);
		pfn_t pfn = place->value;

		if (place->state != PLACE_MEMORY) {
			pfn = fault_in(p, process, index);
			if (pfn == PFN_NONE)
				return owner_of(p, process)->killed ? USE_KILLED : USE_NO_MEMORY;
			++*brought;
		}
		/* What a process writes is not what its slot in the swap area holds any more. */
		swap_forget(p, pfn);
		lru_change(p, pfn, LRU_YOUNG, 0);
	}
	return USE_DONE;
}

enum use_result mapping_touch(struct phys *p, unsigned process, u32 from, u32 pages, u32 *brought)
{
	u32 before = p->reclaim->current;
	enum use_result result;

	*brought = 0;
	p->reclaim->current = process + 1;
	result = touch_all(p, process, from, pages, brought);
	p->reclaim->current = before;
	if (result == USE_KILLED)
		forget(owner_of(p, process));
	return result;
}

/* ------------------------------------------------------------- letting go */

/* Takes the page, which is on no list, from its owner, and frees it. */
static void let_go(struct phys *p, pfn_t pfn)
{
	struct page *page = page_find(p, pfn);
	struct owner *o = owner_of(p, page->lru.mapping);
	unsigned zone = (unsigned)phys_zone_of(p, pfn);

	if (page->kind == PAGE_FILE)
		p->zone_pages[zone].file--;
	else
		p->zone_pages[zone].anon--;
	o->present--;
	page_disown(p, pfn, 0);
	/* 2.6 takes it that a page which was not used for so long is in no CPU's cache. */
	page_give_back(p, pfn, 0, reclaim_by_zone(p) ? PAGE_COLD : PAGE_HOT);
}

void mapping_evict(struct phys *p, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);
	struct place place = { .state = PLACE_EVICTED };
	u32 owner = page->lru.mapping, index = page->lru.index;

	if (page->lru.flags & LRU_SWAPCACHE) {
		place.state = PLACE_SWAP;
		place.value = page->lru.swap;
		owner_of(p, owner)->swapped++;
		p->zone_pages[phys_zone_of(p, pfn)].swapcached--;
	}
	if (!reclaim_by_zone(p))
		lru_remember(p, pfn, &place);
	set_place(p, owner, index, place);
	let_go(p, pfn);
}

void mapping_moved(struct phys *p, pfn_t to)
{
	const struct page_lru *lru = &page_find(p, to)->lru;

	set_place(p, lru->mapping, lru->index, (struct place){ .value = to, .state = PLACE_MEMORY });
}

static void end_page(struct phys *p, unsigned owner, u32 index)
{
	struct place place = *place_of(p, owner, index);

	if (place.state == PLACE_SWAP) {
		swap_free(p, place.value);
		owner_of(p, owner)->swapped--;
	} else if (place.state == PLACE_MEMORY) {
		lru_take(p, place.value);
		mapping_set_clean(p, place.value);
		swap_forget(p, place.value);
		let_go(p, place.value);
	}
	set_place(p, owner, index, (struct place){ .state = PLACE_NEVER });
}

u32 mapping_end(struct phys *p, unsigned owner)
{
	struct owner *o = owner_of(p, owner);
	u32 freed = o->present;

	/* A page that is being written cannot be taken away. */
	writeback_finish(p);
	for (u32 index = 0; index < o->size; index++)
		if (place_of(p, owner, index)->state != PLACE_NEVER)
			end_page(p, owner, index);
	EMIT(p->observer, OWNER_ENDED, owner, freed);
	/* Who asks for memory just now is still there to be told. */
	if (p->reclaim->current != owner + 1)
		forget(o);
	return freed;
}

/* ------------------------------------------------------------- clean and dirty */

void mapping_set_dirty(struct phys *p, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);
	struct owner *o = owner_of(p, page->lru.mapping);
	unsigned zone = (unsigned)phys_zone_of(p, pfn);

	if (page->lru.flags & LRU_DIRTY)
		return;
	lru_change(p, pfn, LRU_DIRTY, 0);
	if (page->kind != PAGE_FILE)
		return;
	if (!o->dirty++)
		o->dirty_ms = p->reclaim->now_ms;
	p->zone_pages[zone].dirty++;
	reclaim_count(p, zone, VM_DIRTIED, 1);
}

void mapping_set_clean(struct phys *p, pfn_t pfn)
{
	const struct page *page = page_find(p, pfn);

	if (!(page->lru.flags & LRU_DIRTY))
		return;
	lru_change(p, pfn, 0, LRU_DIRTY);
	if (page->kind != PAGE_FILE)
		return;
	owner_of(p, page->lru.mapping)->dirty--;
	p->zone_pages[phys_zone_of(p, pfn)].dirty--;
}
