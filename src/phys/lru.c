/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/lru.h"

#include "base/root.h"
#include "base/text.h"

/* The clock of evictions is kept in so many bits of struct place. */
#define AGE_MASK ((UINT32_C(1) << 26) - 1)

static unsigned zone_of(const struct phys *p, pfn_t pfn)
{
	return (unsigned)phys_zone_of(p, pfn);
}

static struct lruvec *vec_of(struct phys *p, pfn_t pfn)
{
	return &p->lruvec[lru_vec_of(p, zone_of(p, pfn))];
}

enum lru_list lru_of(const struct phys *p, const struct page *page)
{
	unsigned active = page->lru.flags & LRU_IS_ACTIVE ? 1 : 0;

	if (reclaim_by_zone(p))
		return active ? LRU_ACTIVE : LRU_INACTIVE;
	return (enum lru_list)((page->kind == PAGE_FILE ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON) + active);
}

const char *lru_name(const struct phys *p, enum lru_list list)
{
	static const char *const names[LRU_LISTS] = { N_("inactive anon"), N_("active anon"), N_("inactive file"),
						      N_("active file") };

	if (reclaim_by_zone(p))
		return list == LRU_ACTIVE ? _("active") : _("inactive");
	return _(names[list]);
}

void lru_change(struct phys *p, pfn_t pfn, u32 set, u32 clear)
{
	struct page *page = page_touch(p, page_find(p, pfn));

	page->lru.flags = (page->lru.flags & ~clear) | set;
}

void lru_put(struct phys *p, pfn_t pfn, enum list_end end)
{
	struct page *page = page_touch(p, page_find(p, pfn));
	unsigned zone = zone_of(p, pfn);
	enum lru_list list = lru_of(p, page);

	page->lru.flags &= ~(u32)LRU_ISOLATED;
	blocklist_add(p, &vec_of(p, pfn)->list[list], 0, pfn, (u16)(TAG_OWNED | list), end);
	p->zone_pages[zone].lru[list]++;
}

void lru_take(struct phys *p, pfn_t pfn)
{
	struct page *page = page_touch(p, page_find(p, pfn));
	unsigned zone = zone_of(p, pfn);
	enum lru_list list = lru_of(p, page);

	blocklist_remove(p, &vec_of(p, pfn)->list[list], 0, pfn);
	p->zone_pages[zone].lru[list]--;
	page->lru.flags |= LRU_ISOLATED;
}

static void advance_age(struct lruvec *v)
{
	v->age = (v->age + 1) & AGE_MASK;
}

void lru_mark_accessed(struct phys *p, pfn_t pfn)
{
	u32 flags = page_find(p, pfn)->lru.flags;

	if (!(flags & LRU_REFERENCED)) {
		lru_change(p, pfn, LRU_REFERENCED, 0);
	} else if (!(flags & (LRU_IS_ACTIVE | LRU_ISOLATED))) {
		lru_take(p, pfn);
		lru_change(p, pfn, LRU_IS_ACTIVE, LRU_REFERENCED);
		lru_put(p, pfn, AT_HEAD);
		advance_age(vec_of(p, pfn));
		reclaim_count(p, zone_of(p, pfn), VM_PGACTIVATE, 1);
		EMIT(p->observer, LRU_ACTIVATED, pfn);
	}
}

void lru_rotate(struct phys *p, pfn_t pfn)
{
	u32 flags = page_find(p, pfn)->lru.flags;

	if (flags & (LRU_IS_ACTIVE | LRU_ISOLATED | LRU_DIRTY))
		return;
	lru_take(p, pfn);
	lru_put(p, pfn, AT_TAIL);
	reclaim_count(p, zone_of(p, pfn), VM_PGROTATED, 1);
	EMIT(p->observer, LRU_ROTATED, pfn);
}

pfn_t lru_take_oldest(struct phys *p, unsigned vec, enum lru_list list)
{
	pfn_t pfn = p->lruvec[vec].list[list].tail;

	if (pfn != PFN_NONE)
		lru_take(p, pfn);
	return pfn;
}

u64 lru_size(const struct phys *p, unsigned vec, enum lru_list list, unsigned highest)
{
	u64 pages = 0;

	for (unsigned z = 0; z < p->config->zones; z++)
		if (lru_vec_of(p, z) == vec && p->config->zone[z].type <= highest)
			pages += p->zone_pages[z].lru[list];
	return pages;
}

/* Up to 1 GiB as many inactive pages as active ones; above it the root of 10 times the GiB says how many fewer. */
bool lru_inactive_is_low(const struct phys *p, unsigned vec, unsigned file, unsigned highest)
{
	enum lru_list list = file ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON;
	u64 inactive = lru_size(p, vec, list, highest);
	u64 active = lru_size(p, vec, (enum lru_list)(list + 1), highest);
	u64 gib = (inactive + active) >> (30 - p->config->page_shift);

	return inactive * (gib ? root_of(10 * gib) : 1) < active;
}

static u64 all_lists(const struct phys *p, unsigned vec)
{
	u64 pages = 0;

	for (unsigned l = 0; l < LRU_LISTS; l++)
		pages += p->lruvec[vec].list[l].count;
	return pages;
}

/* What is long ago counts less: beyond a quarter of the pages both costs are halved. */
void lru_note_cost(struct phys *p, unsigned vec, unsigned file, u32 pages)
{
	struct lruvec *v = &p->lruvec[vec];

	v->cost[file] += pages;
	if (v->cost[0] + v->cost[1] > all_lists(p, vec) / 4) {
		v->cost[0] /= 2;
		v->cost[1] /= 2;
	}
}

void lru_remember(struct phys *p, pfn_t pfn, struct place *place)
{
	struct lruvec *v = vec_of(p, pfn);

	place->evicted = v->age & AGE_MASK;
	place->node = p->config->zone[zone_of(p, pfn)].node & 7;
	place->workingset = page_find(p, pfn)->lru.flags & LRU_WORKINGSET ? 1 : 0;
	advance_age(v);
}

/* Pages that compete with one of this kind: if as many could be evicted meanwhile, it was no loss. */
static u64 working_set(const struct phys *p, const struct lruvec *v, bool file)
{
	u64 pages = v->list[LRU_ACTIVE_FILE].count;

	if (!file)
		pages += v->list[LRU_INACTIVE_FILE].count;
	if (p->reclaim->swap_pages > p->reclaim->swap_used)
		pages += v->list[LRU_ACTIVE_ANON].count + (file ? v->list[LRU_INACTIVE_ANON].count : 0);
	return pages;
}

void lru_refault(struct phys *p, pfn_t pfn, const struct place *place)
{
	struct lruvec *v = &p->lruvec[place->node];
	unsigned zone = zone_of(p, pfn);
	bool file = page_find(p, pfn)->kind == PAGE_FILE;
	u32 distance = (v->age - place->evicted) & AGE_MASK;
	u64 set = working_set(p, v, file);

	reclaim_count(p, zone, file ? VM_REFAULT_FILE : VM_REFAULT_ANON, 1);
	if (distance > set) {
		EMIT(p->observer, REFAULT_FAR, pfn, distance, set);
		return;
	}
	EMIT(p->observer, REFAULT_NEAR, pfn, distance, set);
	lru_change(p, pfn, LRU_IS_ACTIVE, 0);
	advance_age(v);
	reclaim_count(p, zone, file ? VM_ACTIVATE_FILE : VM_ACTIVATE_ANON, 1);
	if (!place->workingset)
		return;
	lru_change(p, pfn, LRU_WORKINGSET, 0);
	lru_note_cost(p, lru_vec_of(p, zone), file, 1);
	reclaim_count(p, zone, file ? VM_RESTORE_FILE : VM_RESTORE_ANON, 1);
}
