/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrupts each kind of state of a sound machine, one at a time: the walk over
 * the invariants must say so, and name the place.
 */
#include "machine/early.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/blocklist.h"
#include "phys/buddy.h"
#include "phys/cma.h"
#include "phys/down.h"
#include "phys/load.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/pcp.h"
#include "phys/swap.h"
#include "phys/writeback.h"
#include "tests/mutate/subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct block_link *link_of(struct subject *s, unsigned order, pfn_t pfn)
{
	return &s->machine.phys.link[order][pfn >> order];
}

static void set_tag(struct subject *s, unsigned order, pfn_t pfn, u16 tag)
{
	arena_touch(&s->machine.arena, &s->machine.phys.tag[order][pfn >> order]);
	s->machine.phys.tag[order][pfn >> order] = tag;
}

static void set_used(struct subject *s, pfn_t pfn, unsigned order)
{
	arena_touch(&s->machine.arena, &s->machine.phys.frame[pfn]);
	s->machine.phys.frame[pfn] = (struct frame){ .owner = 1, .flags = FRAME_HEAD, .order = order & 0xff };
}

/* ------------------------------------------------------------- descriptors of pages */

/* The block in use belongs to an owner; the descriptor of its second page is returned. */
static struct page *own_block(struct subject *s)
{
	if (!page_own(&s->machine.phys, s->used, 2, PAGE_SLAB))
		exit(EXIT_FAILURE);
	return page_find(&s->machine.phys, s->used + 1);
}

/* ------------------------------------------------------------- pages that can be reclaimed */

/*
 * A file whose first page is dirty, whose second is being written, and whose
 * third is clean; a process of which a page has a slot in the swap area. Returns
 * what reclaim knows.
 */
static struct reclaim *with_pages(struct subject *s)
{
	struct phys *p = &s->machine.phys;
	struct status st = STATUS_INIT;
	unsigned file, process;
	u32 brought;

	if (p->reclaim->swap_pages)
		return p->reclaim;
	file = mapping_make(p, OWNER_FILE, "log", &st);
	process = mapping_make(p, OWNER_PROCESS, "sh", &st);
	if (file != 0 || process != 1 || !swap_on(p, 100, &st) || mapping_read(p, file, 0, 3, &brought) != USE_DONE ||
	    mapping_write(p, file, 0, 2, &brought) != USE_DONE || mapping_touch(p, process, 0, 2, &brought) != USE_DONE)
		exit(EXIT_FAILURE);
	writeback_start(p, mapping_place(p, file, 1)->value);
	if (!swap_add(p, mapping_place(p, process, 1)->value) || !invariants_hold(&s->machine, &st))
		exit(EXIT_FAILURE);
	return p->reclaim;
}

/* The frame of page `index` of the file (0) or the process (1). */
static pfn_t frame_of(struct subject *s, unsigned owner, u32 index)
{
	return mapping_place(&s->machine.phys, owner, index)->value;
}

/* The descriptor of that page. */
static struct page_lru *lru_page(struct subject *s, unsigned owner, u32 index)
{
	with_pages(s);
	return &page_touch(&s->machine.phys, page_find(&s->machine.phys, frame_of(s, owner, index)))->lru;
}

/* The counters of the zone of the file's first page. */
static struct zone_pages *counters(struct subject *s)
{
	with_pages(s);
	return &s->machine.phys.zone_pages[phys_zone_of(&s->machine.phys, frame_of(s, 0, 0))];
}

/* The list that the file's first page is on. */
static struct block_list *lru_list(struct subject *s)
{
	struct phys *p = &s->machine.phys;
	pfn_t pfn;

	with_pages(s);
	pfn = frame_of(s, 0, 0);
	return &p->lruvec[lru_vec_of(p, (unsigned)phys_zone_of(p, pfn))].list[lru_of(p, page_find(p, pfn))];
}

static void place_of_other(struct subject *s)
{
	struct place *place;

	with_pages(s);
	place = &s->machine.phys.place[0];
	arena_touch(&s->machine.arena, place);
	place->value = frame_of(s, 0, 1);
}

static void slot_free(struct subject *s)
{
	with_pages(s);
	s->machine.phys.swap_map[page_find(&s->machine.phys, frame_of(s, 1, 1))->lru.swap] = 0;
}

static void lru_tag(struct subject *s)
{
	with_pages(s);
	set_tag(s, 0, frame_of(s, 0, 0), TAG_OWNED | 7);
}

static void lru_not_movable(struct subject *s)
{
	with_pages(s);
	s->machine.phys.frame[frame_of(s, 0, 0)].flags &= 0xff & ~FRAME_MOVABLE;
}

/* ------------------------------------------------------------- lists */

static void list_goes_on(struct subject *s, pfn_t pfn)
{
	link_of(s, s->order, s->list->tail)->next = pfn;
	s->list->count++;
}

static void list_of_other_order(struct subject *s)
{
	zone_of(s)->list[s->machine.config.orders][0].count = 1;
}

static void list_of_other_type(struct subject *s)
{
	zone_of(s)->list[0][s->machine.config.types].head = 1;
}

static void list_unsorted(struct subject *s)
{
	pfn_t a = s->list->head, b = s->list->tail;
	struct block_link *la = link_of(s, s->order, a), *lb = link_of(s, s->order, b);

	/* Only these two, the higher one first, and all links right. */
	*lb = (struct block_link){ a, PFN_NONE };
	*la = (struct block_link){ PFN_NONE, b };
	s->list->head = b;
	s->list->tail = a;
	s->list->count = 2;
}

/* ------------------------------------------------------------- tags */

static void tag_of_other_type(struct subject *s)
{
	set_tag(s, s->order, s->list->head, (u16)(TAG_FREE | (s->type + 1)));
}

/* Linked as its neighbour is, but the neighbour does not know it. */
static void tag_and_link_of_neighbour(struct subject *s)
{
	pfn_t stray = s->used;

	arena_touch(&s->machine.arena, link_of(s, 0, stray));
	*link_of(s, 0, stray) = (struct block_link){ PFN_NONE, PFN_NONE };
	s->machine.phys.frame[stray].flags = 0;
	set_tag(s, 0, stray, TAG_FREE);
}

/* ------------------------------------------------------------- blocks */

static void used_behind_zone(struct subject *s)
{
	const struct zone_config *z = &s->machine.config.zone[s->zone];

	s->machine.config.zone[s->zone].spanned = s->used + 2 - z->start_pfn;
	s->machine.config.zones = s->zone + 1;
}

static void free_in_hole(struct subject *s)
{
	/* The RAM has a hole where a free block is. */
	s->machine.config.memory[s->machine.config.memory_ranges - 1].start = s->list->head + 1;
}

/* Gives back two buddies without merging them. */
static void not_merged(struct subject *s)
{
	pfn_t pfn = s->used;

	s->machine.phys.frame[pfn].flags = 0;
	buddy_add(&s->machine.phys, s->zone, pfn, 1, s->type, AT_HEAD);
	buddy_add(&s->machine.phys, s->zone, pfn + 2, 1, s->type, AT_HEAD);
}

static void on_two_lists(struct subject *s)
{
	pfn_t pfn = s->used;

	s->machine.phys.frame[pfn].flags = 0;
	buddy_add(&s->machine.phys, s->zone, pfn, 2, s->type, AT_HEAD);
	buddy_add(&s->machine.phys, s->zone, pfn, 1, s->type, AT_HEAD);
}

static void on_lists_of_two_types(struct subject *s)
{
	pfn_t pfn = s->used;

	s->machine.phys.frame[pfn].flags = 0;
	buddy_add(&s->machine.phys, s->zone, pfn, 2, MT_UNMOVABLE, AT_HEAD);
	buddy_add(&s->machine.phys, s->zone, pfn, 2, MT_MOVABLE, AT_HEAD);
}

static void on_list_of_other_zone(struct subject *s)
{
	s->machine.phys.frame[s->used].flags = 0;
	buddy_add(&s->machine.phys, 0, s->used, 2, s->type, AT_HEAD);
}

/* ------------------------------------------------------------- areas, pages that wait */

/* The first page of the area, which is given out. */
static pfn_t first_of_area(struct subject *s)
{
	return s->machine.config.cma[0].base_pfn;
}

/* The mark of a page of the area that is free. */
static void area_marks_free_page(struct subject *s)
{
	u32 last = s->machine.config.cma[0].count - 1;

	arena_touch(&s->machine.arena, &s->machine.phys.cma_used[0][last]);
	s->machine.phys.cma_used[0][last] = 1;
}

static void area_page_free(struct subject *s)
{
	struct status st = STATUS_INIT;

	page_free(&s->machine.phys, first_of_area(s), 0, &st);
}

static void area_block_movable(struct subject *s)
{
	struct phys *p = &s->machine.phys;

	pageblock_set_type(p, s->zone, first_of_area(s), MT_MOVABLE);
}

static void waits(struct subject *s, pfn_t pfn, u32 count)
{
	s->machine.phys.state->lru_batch[0] = pfn;
	s->machine.phys.state->lru_waiting = count;
}

/* A frame of the kernel image waits, and is on its list as well. */
static void waits_and_listed(struct subject *s)
{
	struct status st = STATUS_INIT;

	waits(s, 0x400, 1);
	load_movable(&s->machine.phys, 0x400, &st);
}

static struct early *early_of(struct subject *s)
{
	return s->machine.early;
}

/* The first range ends where it began. */
static void turn(struct bootmem_ranges *r)
{
	struct desc_range first = r->range[0];

	r->range[0] = (struct desc_range){ first.end, first.start };
}

/* The first range reaches into the second. */
static void overlap(struct bootmem_ranges *r)
{
	r->range[0].end = r->range[1].start + 1;
}

/* clang-format off */
/* name, bits of the subjects it is for, what it does */
#define MUTATIONS(X) \
	X(list_count, ALL, s->list->count++) \
	X(list_count_low, ALL, s->list->count--) \
	X(list_head, ALL, s->list->head = link_of(s, s->order, s->list->head)->next) \
	X(list_tail, ALL, s->list->tail = link_of(s, s->order, s->list->tail)->prev) \
	X(list_no_tail, ALL, s->list->tail = PFN_NONE) \
	X(list_link_back, ALL, link_of(s, s->order, s->list->tail)->prev = PFN_NONE) \
	X(list_cut, ALL, link_of(s, s->order, s->list->head)->next = PFN_NONE) \
	X(list_circle, ALL, link_of(s, s->order, s->list->tail)->next = s->list->head) \
	X(list_self, ALL, link_of(s, s->order, s->list->head)->next = s->list->head) \
	X(list_outside, ALL, list_goes_on(s, s->machine.config.max_pfn)) \
	X(list_zone_below, ALL, list_goes_on(s, 0)) \
	X(list_unaligned, ALL, s->list->head++) \
	X(list_of_other_order, ALL, list_of_other_order(s)) \
	X(list_of_other_type, I386_2_6 | TEXTBOOK, list_of_other_type(s)) \
	X(list_unsorted, TEXTBOOK, list_unsorted(s)) \
	X(zone_free, ALL, zone_of(s)->free++) \
	X(zone_free_cma, ALL, zone_of(s)->free_cma++) \
	X(zone_nr_free, ALL, zone_of(s)->nr_free[s->order]--) \
	X(zone_managed, ALL, zone_of(s)->managed = zone_of(s)->free - 1) \
	X(zone_highatomic, ALL, zone_of(s)->highatomic = 512) \
	X(zone_isolated, ALL, zone_of(s)->isolated = 1) \
	X(zone_low_mark, ALL, zone_of(s)->wmark[WMARK_LOW] = zone_of(s)->wmark[WMARK_HIGH] + 1) \
	X(zone_min_mark, ALL, zone_of(s)->wmark[WMARK_MIN] = zone_of(s)->wmark[WMARK_HIGH] + 1) \
	X(running_cpu, ALL, s->machine.phys.state->cpu = s->machine.config.cpus) \
	X(order_warned, ALL, s->machine.phys.state->order_warned = 2) \
	X(page_slot_of_other, ALL, own_block(s)->pfn++) \
	X(page_head_of_other, KERNELS, own_block(s)->head = 0) \
	X(page_kind_unknown, ALL, own_block(s)->kind = PAGE_KINDS) \
	X(page_owner_unknown, ALL, (own_block(s), s->machine.phys.frame[s->used].flags &= 0xff & ~FRAME_OWNED)) \
	X(page_lost, ALL, (own_block(s), s->machine.phys.state->page_used++, own_block(s)[3].pfn = PFN_NONE)) \
	X(page_not_unused, ALL, (own_block(s), s->machine.phys.state->page_free = 1)) \
	X(lru_count, KERNELS, lru_list(s)->count++) \
	X(lru_head, KERNELS, lru_list(s)->head = lru_list(s)->tail) \
	X(lru_tail, KERNELS, lru_list(s)->tail = PFN_NONE) \
	X(lru_tag, KERNELS, lru_tag(s)) \
	X(lru_active, KERNELS, lru_page(s, 0, 0)->flags ^= LRU_IS_ACTIVE) \
	X(lru_isolated, KERNELS, lru_page(s, 0, 0)->flags |= LRU_ISOLATED) \
	X(lru_clean, KERNELS, lru_page(s, 0, 0)->flags &= ~(u32)LRU_DIRTY) \
	X(lru_written, KERNELS, lru_page(s, 0, 1)->flags &= ~(u32)LRU_WRITEBACK) \
	X(lru_owner, KERNELS, lru_page(s, 0, 0)->mapping = 1) \
	X(lru_index, KERNELS, lru_page(s, 0, 0)->index = 2) \
	X(lru_slot, KERNELS, lru_page(s, 1, 1)->swap = 50) \
	X(lru_no_slot, KERNELS, lru_page(s, 1, 1)->flags &= ~(u32)LRU_SWAPCACHE) \
	X(lru_not_movable, KERNELS, lru_not_movable(s)) \
	X(zone_lru, KERNELS, counters(s)->lru[0]++) \
	X(zone_anon, KERNELS, counters(s)->anon++) \
	X(zone_file, KERNELS, counters(s)->file--) \
	X(zone_dirty, KERNELS, counters(s)->dirty++) \
	X(zone_writeback, KERNELS, counters(s)->writeback = 0) \
	X(owner_present, KERNELS, with_pages(s)->owner[0].present++) \
	X(owner_swapped, KERNELS, with_pages(s)->owner[1].swapped++) \
	X(owner_dirty, KERNELS, with_pages(s)->owner[0].dirty++) \
	X(owner_dirty_elsewhere, KERNELS, (with_pages(s)->owner[0].dirty--, with_pages(s)->owner[1].dirty++)) \
	X(owner_size, KERNELS, with_pages(s)->owner[0].size = 1) \
	X(owner_kind, KERNELS, with_pages(s)->owner[5].kind = 3) \
	X(owner_name, KERNELS, memset(with_pages(s)->owner[0].name, 'x', RECLAIM_NAME)) \
	X(place_of_other, KERNELS, place_of_other(s)) \
	X(slot_free, KERNELS, slot_free(s)) \
	X(slots_used, KERNELS, with_pages(s)->swap_used++) \
	X(slots_cached, KERNELS, counters(s)->swapcached++) \
	X(writing, KERNELS, with_pages(s)->writing = 0) \
	X(writing_other, KERNELS, with_pages(s)->write_first = frame_of(s, 0, 0) + 1) \
	X(writing_last, KERNELS, with_pages(s)->write_last = 0) \
	X(asks, KERNELS, with_pages(s)->current = RECLAIM_OWNERS + 1) \
	X(reclaims, KERNELS, with_pages(s)->in_reclaim = 1) \
	X(down_kind, ALL, s->machine.phys.state->down.kind = DOWN_KINDS) \
	X(down_where, ALL, s->machine.phys.state->down.where = 1) \
	X(two_softirqs, ALL, s->machine.phys.state->preempt_count = 0x200) \
	X(nested_irqs, WITH_TYPES, s->machine.phys.state->preempt_count = 0x20000) \
	X(tag_missing, ALL, set_tag(s, s->order, s->list->head, 0)) \
	X(tag_of_other_kind, ALL, set_tag(s, s->order, s->list->head, TAG_PCP)) \
	X(tag_of_other_type, ALL, tag_of_other_type(s)) \
	X(tag_on_used, ALL, set_tag(s, 2, s->used, TAG_FREE)) \
	X(tag_on_used_pcp, ALL, set_tag(s, 2, s->used, TAG_PCP)) \
	X(tag_inside_used, ALL, set_tag(s, 1, s->used, TAG_FREE)) \
	X(tag_above, ALL, set_tag(s, s->order + 1, s->list->head & ~((2u << s->order) - 1), TAG_FREE)) \
	X(tag_below, ALL, set_tag(s, 0, s->list->head + 1, TAG_FREE)) \
	X(tag_and_link_of_neighbour, ALL, tag_and_link_of_neighbour(s)) \
	X(used_in_free, ALL, set_used(s, s->list->head + 1, 0)) \
	X(used_over_free, ALL, set_used(s, s->list->head & ~((2u << s->order) - 1), s->order + 1)) \
	X(used_in_used, ALL, set_used(s, s->used + 1, 0)) \
	X(used_order, ALL, set_used(s, s->used, s->machine.config.orders)) \
	X(used_unaligned, ALL, set_used(s, s->used + 1, 2)) \
	X(used_twice, ALL, set_used(s, s->used + 2, 1)) \
	X(used_behind_zone, ALL, used_behind_zone(s)) \
	X(free_in_hole, ALL, free_in_hole(s)) \
	X(not_merged, ALL, not_merged(s)) \
	X(on_two_lists, ALL, on_two_lists(s)) \
	X(on_lists_of_two_types, WITH_TYPES, on_lists_of_two_types(s)) \
	X(on_list_of_other_zone, KERNELS, on_list_of_other_zone(s)) \
	X(pcp_count, ALL, pcp_of(s)->count++) \
	X(pcp_list_count, ALL, s->pcp_list->count++) \
	X(pcp_tail, KERNELS, s->pcp_list->tail = PFN_NONE) \
	X(pcp_link, KERNELS, link_of(s, 0, s->pcp_list->tail)->prev = s->pcp_list->tail) \
	X(pcp_tag, KERNELS, set_tag(s, 0, s->pcp_list->head, TAG_PCP | 7)) \
	X(pcp_cold_tag, KERNELS, set_tag(s, 0, s->pcp_list->head, TAG_PCP | TAG_COLD)) \
	X(pcp_type, KERNELS, s->machine.phys.frame[s->pcp_list->head].type = MT_COUNT) \
	X(pcp_used, KERNELS, s->machine.phys.frame[s->pcp_list->head].flags = FRAME_HEAD) \
	X(pcp_second_set, WITH_TYPES | TEXTBOOK, pcp_of(s)[1].list[0].count = 1) \
	X(pcp_last_list, I386_2_6 | TEXTBOOK, pcp_of(s)->list[PHYS_PCP_LISTS - 1].head = 5) \
	X(block_type, WITH_TYPES, pageblock_set_type_at(&s->machine.phys, s->zone, 1, MT_COUNT)) \
	X(block_highatomic, WITH_TYPES, pageblock_set_type_at(&s->machine.phys, s->zone, 1, MT_HIGHATOMIC)) \
	X(block_isolated, WITH_TYPES, pageblock_set_type_at(&s->machine.phys, s->zone, 1, MT_ISOLATE)) \
	X(area_marks_free_page, WITH_AREA, area_marks_free_page(s)) \
	X(area_page_free, WITH_AREA, area_page_free(s)) \
	X(area_mark, WITH_AREA, s->machine.phys.cma_used[0][0] = CMA_BEGIN + 1) \
	X(area_mark_begins_nowhere, WITH_AREA, s->machine.phys.cma_used[0][0] = CMA_USED) \
	X(area_block_movable, WITH_AREA, area_block_movable(s)) \
	X(area_page_in_block, WITH_AREA, s->machine.phys.frame[first_of_area(s)].order = 1) \
	X(waiting_many, WITH_AREA, waits(s, 0x400, PHYS_LRU_BATCH)) \
	X(waiting_free, WITH_AREA, waits(s, s->list->head, 1)) \
	X(waiting_used, WITH_AREA, waits(s, s->used, 1)) \
	X(waiting_outside, WITH_AREA, waits(s, s->machine.config.max_pfn, 1)) \
	X(waiting_listed, WITH_AREA, waits_and_listed(s)) \
	X(boot_not_over, WITH_STEPS, early_of(s)->over = 0) \
	X(boot_over_twice, WITH_STEPS, early_of(s)->over = 2) \
	X(boot_step_undone, WITH_STEPS, early_of(s)->progress.done--) \
	X(boot_step_surplus, WITH_STEPS, early_of(s)->progress.done++) \
	X(boot_ram_turned, WITH_STEPS, turn(&early_of(s)->progress.mem.ram)) \
	X(boot_taken_turned, WITH_STEPS, turn(&early_of(s)->progress.mem.taken)) \
	X(boot_taken_overlaps, WITH_STEPS, overlap(&early_of(s)->progress.mem.taken)) \
	X(boot_too_many, WITH_STEPS, early_of(s)->progress.mem.taken.count = BOOTMEM_RANGES + 1) \
	X(boot_asked_free, WITH_STEPS, early_of(s)->asked.range[0].end += 1 << 20)
/* clang-format on */

#define DEFINE(name, on, statement)              \
	static void do_##name(struct subject *s) \
	{                                        \
		statement;                       \
	}
MUTATIONS(DEFINE)

static const struct mutation {
	const char *name;
	void (*corrupt)(struct subject *s);
	unsigned on;
} mutations[] = {
#define ROW(name, on, statement) { #name, do_##name, on },
	MUTATIONS(ROW)
};

/* ------------------------------------------------------------- running them */

/* Corrupts a copy of the machine. */
static bool is_caught(const struct mutation *mutation, struct subject *s, struct status *st)
{
	struct subject copy = *s;
	bool caught;

	if (!machine_clone(&copy.machine, &s->machine, st))
		die(s->name, st->message);
	find_lists(&copy);
	if (!invariants_hold(&copy.machine, st))
		die(s->name, st->message);
	mutation->corrupt(&copy);
	caught = !invariants_hold(&copy.machine, st);
	machine_free(&copy.machine);
	return caught;
}

int main(void)
{
	unsigned missed = 0, done = 0;

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		struct subject *s = &subjects[i];

		prepare(s);
		for (size_t k = 0; k < ARRAY_SIZE(mutations); k++) {
			struct status st = STATUS_INIT;

			if (!(mutations[k].on & (1u << i)))
				continue;
			done++;
			if (!is_caught(&mutations[k], s, &st)) {
				printf("missed: %s on %s\n", mutations[k].name, s->name);
				missed++;
			} else if (getenv("VERBOSE")) {
				printf("%s on %s: %s\n", mutations[k].name, s->name, st.message);
			}
		}
		machine_free(&s->machine);
	}
	printf("%u mutations, %u missed\n", done, missed);
	return missed || !done ? EXIT_FAILURE : EXIT_SUCCESS;
}
