/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/invariants.h"

#include "base/text.h"
#include "event/event.h"
#include "phys/blocklist.h"
#include "phys/down.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "phys/pageblock.h"
#include "phys/preempt.h"
#include "phys/reclaim_check.h"
#include "slab/kmem_cache.h"
#include "slab/mempool.h"

#include <inttypes.h>
#include <stdio.h>

/* Where the walk is, for messages. */
struct walk {
	const struct phys *p;
	struct status *st;
	unsigned zone;
	char list[64]; /* "order 3", "cpu0 hot list"; "": the zone itself */
};

/* ------------------------------------------------------------- messages */

/* Where the walk is: "zone Normal, order 3 Movable". */
static const char *place(const struct walk *w, char out[160])
{
	const struct zone_config *z = &w->p->config->zone[w->zone];
	char node[16] = "";

	if (w->p->config->nodes > 1)
		snprintf(node, sizeof node, ".%u", z->node);
	snprintf(out, 160, _("zone %s%s%s%s"), z->name, node, w->list[0] ? ", " : "", w->list);
	return out;
}

static bool bad_count(const struct walk *w, const char *what, u64 is, u64 should)
{
	char where[160];

	return status_fail(w->st, STATUS_INVALID, _("%s: %s is %" PRIu64 ", but should be %" PRIu64), place(w, where),
			   what, is, should);
}

/* A figure that belongs to a frame; PFN_NONE is none. */
static const char *figure(u64 x, char out[24])
{
	if (x == PFN_NONE)
		snprintf(out, 24, "%s", _("none"));
	else
		snprintf(out, 24, "0x%" PRIx64, x);
	return out;
}

static bool bad_frame(const struct walk *w, pfn_t pfn, const char *what, u64 is, u64 should)
{
	char where[160], first[24], second[24];

	return status_fail(w->st, STATUS_INVALID, _("%s, frame 0x%" PRIx32 ": %s is %s, but should be %s"),
			   place(w, where), pfn, what, figure(is, first), figure(should, second));
}

static bool bad_overlap(const struct walk *w, pfn_t pfn, unsigned order, pfn_t other, unsigned other_order,
			const char *what)
{
	char where[160];

	return status_fail(w->st, STATUS_INVALID,
			   _("%s, frame 0x%" PRIx32 " of order %u: %s 0x%" PRIx32 " of order %u"), place(w, where), pfn,
			   order, what, other, other_order);
}

/* ------------------------------------------------------------- places */

static pfn_t block_of(pfn_t pfn, unsigned order)
{
	return pfn & ~(((pfn_t)1 << order) - 1);
}

/* The tag of a block on a list of the allocator; owners' lists are their affair. */
static u16 tag_of(const struct phys *p, unsigned order, pfn_t pfn)
{
	const u16 *tag = &p->tag[order][pfn >> order];

	return arena_written(p->arena, tag) && !(*tag & TAG_OWNED) ? *tag : 0;
}

static bool is_used_head(const struct phys *p, pfn_t pfn)
{
	return arena_written(p->arena, &p->frame[pfn]) && (p->frame[pfn].flags & FRAME_HEAD);
}

static bool is_ram(const struct phys *p, pfn_t pfn, u64 length)
{
	const struct phys_config *c = p->config;

	for (unsigned r = 0; r < c->memory_ranges; r++)
		if (pfn >= c->memory[r].start && pfn + length <= c->memory[r].end)
			return true;
	return c->memory_ranges == 0;
}

/* Is the block aligned, in the zone, and RAM? */
static bool check_place(const struct walk *w, pfn_t pfn, unsigned order)
{
	const struct zone_config *z = &w->p->config->zone[w->zone];
	u64 length = UINT64_C(1) << order;

	if (pfn < z->start_pfn || pfn + length > (u64)z->start_pfn + z->spanned)
		return bad_frame(w, pfn, _("the end of its block, compared with the zone's end,"), pfn + length,
				 (u64)z->start_pfn + z->spanned);
	if (pfn != block_of(pfn, order))
		return bad_frame(w, pfn, _("the first frame of its block"), pfn, block_of(pfn, order));
	if (!is_ram(w->p, pfn, length))
		return bad_frame(w, pfn, _("the number of its frames that are RAM"), 0, length);
	return true;
}

/* Does the block lie in a larger one, on a list or in use? */
static bool check_alone(const struct walk *w, pfn_t pfn, unsigned order)
{
	const struct phys *p = w->p;

	for (unsigned o = order; o < p->config->orders; o++) {
		pfn_t above = block_of(pfn, o);

		if (o > order && tag_of(p, o, above))
			return bad_overlap(w, pfn, order, above, o, _("it lies in a listed block,"));
		if (is_used_head(p, above) && p->frame[above].order >= o)
			return bad_overlap(w, pfn, order, above, p->frame[above].order,
					   _("it lies in a block in use,"));
	}
	return true;
}

/* ------------------------------------------------------------- lists */

static bool check_member(const struct walk *w, pfn_t pfn, pfn_t before, unsigned order, u16 tag)
{
	const struct phys *p = w->p;

	if (!check_place(w, pfn, order))
		return false;
	if (tag_of(p, order, pfn) != tag)
		return bad_frame(w, pfn, _("its tag"), tag_of(p, order, pfn), tag);
	if (blocklist_prev(p, order, pfn) != before)
		return bad_frame(w, pfn, _("its link back"), blocklist_prev(p, order, pfn), before);
	if (p->config->list_rule == LIST_BY_ADDRESS && before != PFN_NONE && before >= pfn)
		return bad_frame(w, pfn, _("the frame before it in a sorted list"), before, pfn - 1);
	return check_alone(w, pfn, order);
}

static bool check_list(const struct walk *w, const struct block_list *list, unsigned order, u16 tag)
{
	pfn_t before = PFN_NONE;
	u64 count = 0;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(w->p, order, pfn)) {
		/* A list that runs in a circle is found by this, too. */
		if (count == list->count)
			return bad_count(w, _("the list's length, at least,"), count + 1, list->count);
		if (!check_member(w, pfn, before, order, tag))
			return false;
		before = pfn;
		count++;
	}
	if (list->tail != before)
		return bad_frame(w, before, _("the list's tail"), list->tail, before);
	return count == list->count || bad_count(w, _("the list's count"), list->count, count);
}

/* A list that this machine does not have is empty. */
static bool check_no_list(const struct walk *w, const struct block_list *list)
{
	if (list->count)
		return bad_count(w, _("the count of a list that this machine does not have"), list->count, 0);
	return list->head == PFN_NONE || bad_frame(w, list->head, _("the head of an empty list"), list->head, PFN_NONE);
}

/*
 * Two free buddies must have been merged.  From the order of a page block up
 * they may stay apart: types of page blocks change, and nothing is merged then.
 */
static bool check_merged(const struct walk *w, const struct block_list *list, unsigned order)
{
	const struct phys_config *c = w->p->config;
	const struct zone_config *z = &c->zone[w->zone];

	if (order + 1 >= c->orders || (c->types > 1 && order >= c->pageblock_order))
		return true;
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(w->p, order, pfn)) {
		pfn_t buddy = pfn ^ ((pfn_t)1 << order);

		if (buddy - z->start_pfn < z->spanned && (tag_of(w->p, order, buddy) & TAG_FREE))
			return bad_overlap(w, pfn, order, buddy, order, _("it was not merged with its free buddy,"));
	}
	return true;
}

static bool check_free_lists(struct walk *w)
{
	const struct phys_config *c = w->p->config;
	const struct zone *z = &w->p->zone[w->zone];
	u64 free = 0, free_cma = 0;

	for (unsigned o = 0; o < PHYS_ORDERS; o++) {
		u64 blocks = 0;

		for (unsigned t = 0; t < MT_COUNT; t++) {
			const struct block_list *list = &z->list[o][t];

			if (c->types > 1)
				snprintf(w->list, sizeof w->list, _("order %u %s"), o, migratetype_name(t));
			else
				snprintf(w->list, sizeof w->list, _("order %u"), o);
			if (o >= c->orders || t >= c->types) {
				if (!check_no_list(w, list))
					return false;
				continue;
			}
			if (!check_list(w, list, o, (u16)(TAG_FREE | t)) || !check_merged(w, list, o))
				return false;
			blocks += list->count;
			free += t == MT_ISOLATE ? 0 : (u64)list->count << o;
			free_cma += t == MT_CMA ? (u64)list->count << o : 0;
		}
		snprintf(w->list, sizeof w->list, _("order %u"), o);
		if (z->nr_free[o] != blocks)
			return bad_count(w, "nr_free", z->nr_free[o], blocks);
	}
	w->list[0] = '\0';
	if (z->free != free)
		return bad_count(w, _("the number of free pages"), z->free, free);
	return z->free_cma == free_cma || bad_count(w, _("the number of free CMA pages"), z->free_cma, free_cma);
}

/* ------------------------------------------------------------- per-CPU lists */

/* Lists that a set has: the rest of the array is not used. */
static unsigned lists_of_set(const struct phys_config *c, unsigned set)
{
	if (c->pcp_rule == PCP_HOT_COLD)
		return 1;
	return c->pcp_rule == PCP_BY_TYPE && set == 0 ? c->pcp_orders * MT_PCPTYPES : 0;
}

static bool check_pcp_types(const struct walk *w, const struct block_list *list, unsigned order)
{
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(w->p, order, pfn))
		if (w->p->frame[pfn].type >= MT_COUNT)
			return bad_frame(w, pfn, _("its migratetype, at most,"), w->p->frame[pfn].type, MT_COUNT - 1);
	return true;
}

static bool check_pcp_set(struct walk *w, unsigned cpu, unsigned s, u64 *pages)
{
	const struct phys_config *c = w->p->config;
	const struct pcp_set *set = &phys_pcp(w->p, w->zone, cpu)->set[s];
	u64 count = 0;

	for (unsigned l = 0; l < PHYS_PCP_LISTS; l++) {
		const struct block_list *list = &set->list[l];
		unsigned order = c->pcp_rule == PCP_BY_TYPE ? l / MT_PCPTYPES : 0;

		if (c->pcp_rule == PCP_BY_TYPE)
			snprintf(w->list, sizeof w->list, _("cpu%u list of order %u %s"), cpu, order,
				 migratetype_name(l % MT_PCPTYPES));
		else
			snprintf(w->list, sizeof w->list, s ? _("cpu%u cold list") : _("cpu%u hot list"), cpu);
		if (l >= lists_of_set(c, s)) {
			if (!check_no_list(w, list))
				return false;
			continue;
		}
		if (!check_list(w, list, order, (u16)(TAG_PCP | l | (s ? TAG_COLD : 0))) ||
		    !check_pcp_types(w, list, order))
			return false;
		count += (u64)list->count << order;
	}
	*pages += count;
	return set->count == count || bad_count(w, _("the number of pages on per-CPU lists"), set->count, count);
}

/* ------------------------------------------------------------- zones */

static bool check_blocks(struct walk *w)
{
	const struct phys *p = w->p;
	u64 length = UINT64_C(1) << p->config->pageblock_order;
	u64 highatomic = 0, isolated = 0;

	snprintf(w->list, sizeof w->list, "%s", _("page blocks"));
	for (u32 n = 0; n < pageblock_count(p, w->zone); n++) {
		unsigned type = pageblock_type_at(p, w->zone, n);

		if (type >= MT_COUNT && type != MT_NONE)
			return bad_frame(w, pageblock_start(p, w->zone, n), _("its migratetype, at most,"), type,
					 MT_COUNT - 1);
		highatomic += type == MT_HIGHATOMIC ? length : 0;
		isolated += type == MT_ISOLATE;
	}
	if (p->zone[w->zone].highatomic != highatomic)
		return bad_count(w, "nr_reserved_highatomic", p->zone[w->zone].highatomic, highatomic);
	return p->zone[w->zone].isolated == isolated ||
	       bad_count(w, "nr_isolate_pageblock", p->zone[w->zone].isolated, isolated);
}

static bool check_zone(struct walk *w)
{
	const struct phys *p = w->p;
	const struct zone *z = &p->zone[w->zone];
	u64 on_pcp = 0;

	if (!check_free_lists(w))
		return false;
	for (unsigned cpu = 0; cpu < p->config->cpus; cpu++)
		for (unsigned s = 0; s < 2; s++)
			if (!check_pcp_set(w, cpu, s, &on_pcp))
				return false;
	if (!check_blocks(w))
		return false;
	w->list[0] = '\0';
	if (z->wmark[WMARK_LOW] < z->wmark[WMARK_MIN])
		return bad_count(w, _("the low watermark, at least,"), z->wmark[WMARK_LOW], z->wmark[WMARK_MIN]);
	if (z->wmark[WMARK_LOW] > z->wmark[WMARK_HIGH])
		return bad_count(w, _("the low watermark, at most,"), z->wmark[WMARK_LOW], z->wmark[WMARK_HIGH]);
	if (z->free + on_pcp > z->managed)
		return bad_count(w, _("the number of pages free or on per-CPU lists, at most,"), z->free + on_pcp,
				 z->managed);
	return true;
}

/* ------------------------------------------------------------- what is on no list */

/* Is a tagged block linked into the list that its tag names? All lists were walked before. */
static bool is_listed(const struct walk *w, pfn_t pfn, unsigned order, u16 tag)
{
	const struct phys *p = w->p;
	pfn_t before = blocklist_prev(p, order, pfn);
	unsigned number = tag & TAG_LIST, set = tag & TAG_COLD ? 1 : 0;

	if (before != PFN_NONE)
		return before < p->config->max_pfn && tag_of(p, order, before) == tag &&
		       blocklist_next(p, order, before) == pfn;
	if (tag & TAG_FREE)
		return number < p->config->types && p->zone[w->zone].list[order][number].head == pfn;
	for (unsigned cpu = 0; cpu < p->config->cpus && number < PHYS_PCP_LISTS; cpu++)
		if (phys_pcp(p, w->zone, cpu)->set[set].list[number].head == pfn)
			return true;
	return false;
}

/* Says in which zone a frame is; false with a message if it is in none. */
static bool enter_zone(struct walk *w, pfn_t pfn)
{
	int zone = pfn < w->p->config->max_pfn ? phys_zone_of(w->p, pfn) : -1;

	if (zone < 0)
		return status_fail(
		    w->st, STATUS_INVALID,
		    _("frame 0x%" PRIx32 " is on a list or in use, but in no zone: the last frame is 0x%" PRIx32), pfn,
		    w->p->config->max_pfn - 1);
	w->zone = (unsigned)zone;
	return true;
}

/* Checks the tags of an order that lie in [from, to) of their array. */
static bool check_tags(struct walk *w, unsigned order, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		pfn_t pfn = (pfn_t)(i << order);
		u16 tag = w->p->tag[order][i];

		if (!tag || (tag & TAG_OWNED))
			continue;
		if (!enter_zone(w, pfn))
			return false;
		snprintf(w->list, sizeof w->list, _("order %u"), order);
		if (!is_listed(w, pfn, order, tag))
			return bad_frame(w, pfn, _("its tag, though it is on no list,"), tag, 0);
	}
	return true;
}

static bool check_frames(struct walk *w, size_t from, size_t to)
{
	const struct phys *p = w->p;

	for (size_t i = from; i < to; i++) {
		const struct frame *f = &p->frame[i];
		pfn_t pfn = (pfn_t)i;

		if (!(f->flags & FRAME_HEAD))
			continue;
		if (!enter_zone(w, pfn))
			return false;
		snprintf(w->list, sizeof w->list, "%s", _("in use"));
		if (f->order >= p->config->orders)
			return bad_frame(w, pfn, _("its order, at most,"), f->order, p->config->orders - 1);
		if (!check_place(w, pfn, f->order))
			return false;
		for (unsigned o = 0; o < p->config->orders; o++) {
			pfn_t above = block_of(pfn, o);

			if (o >= f->order ? tag_of(p, o, above) : tag_of(p, o, pfn))
				return bad_overlap(w, pfn, f->order, above, o, _("it is in use and on a list,"));
			if (above != pfn && is_used_head(p, above) && p->frame[above].order >= o)
				return bad_overlap(w, pfn, f->order, above, p->frame[above].order,
						   _("it lies in a block in use,"));
		}
	}
	return true;
}

/* The part of an array of `count` elements that a chunk holds; false if it holds none. */
static bool part_in_chunk(const struct phys *p, size_t chunk, const void *array, size_t count, size_t element,
			  size_t *from, size_t *to)
{
	size_t start = (size_t)((const u8 *)array - p->arena->base), at = chunk << ARENA_CHUNK_SHIFT;

	if (at < start || at - start >= count * element)
		return false;
	*from = (at - start) / element;
	*to = *from + ARENA_CHUNK / element;
	if (*to > count)
		*to = count;
	return true;
}

/* Looks at everything that was ever written in the arrays of tags and frames. */
static bool check_arrays(struct walk *w)
{
	const struct phys *p = w->p;
	size_t from, to;

	for (size_t i = 0; i < p->arena->touched_count; i++) {
		size_t chunk = p->arena->touched[i];

		if (part_in_chunk(p, chunk, p->frame, p->config->max_pfn, sizeof *p->frame, &from, &to) &&
		    !check_frames(w, from, to))
			return false;
		for (unsigned o = 0; o < p->config->orders; o++)
			if (part_in_chunk(p, chunk, p->tag[o], ((size_t)p->config->max_pfn >> o) + 1, sizeof *p->tag[o],
					  &from, &to) &&
			    !check_tags(w, o, from, to))
				return false;
	}
	return true;
}

/* ------------------------------------------------------------- areas, pages that wait */

/* What a CMA area has given out is in use, and its page blocks are CMA's or isolated for it. */
static bool check_area(struct walk *w, unsigned area)
{
	const struct phys *p = w->p;
	const struct cma_config *c = &p->config->cma[area];

	if (!enter_zone(w, c->base_pfn))
		return false;
	snprintf(w->list, sizeof w->list, _("CMA area %.32s"), c->name);
	for (u32 unit = 0; unit < c->count >> c->order_per_bit; unit++) {
		pfn_t pfn = c->base_pfn + (unit << c->order_per_bit);
		unsigned type = pageblock_type(p, w->zone, pfn);

		if (type != MT_CMA && type != MT_ISOLATE)
			return bad_frame(w, pfn, _("the migratetype of its page block"), type, MT_CMA);
		if (p->cma_used[area][unit] > CMA_BEGIN)
			return bad_frame(w, pfn, _("its mark in the area's bitmap, at most,"), p->cma_used[area][unit],
					 CMA_BEGIN);
		if (p->cma_used[area][unit] == CMA_USED && (!unit || !p->cma_used[area][unit - 1]))
			return bad_frame(w, pfn, _("its mark in the area's bitmap, where something must begin,"),
					 CMA_USED, CMA_BEGIN);
		if (p->cma_used[area][unit] && (!is_used_head(p, pfn) || p->frame[pfn].order))
			return bad_frame(w, pfn,
					 _("its mark in the area's bitmap, though it was not handed out alone,"), 1, 0);
	}
	return true;
}

/* Pages that wait for their LRU list are in nobody's hands, and not on the list yet. */
static bool check_waiting(struct walk *w)
{
	const struct phys *p = w->p;
	const struct phys_state *s = p->state;

	if (s->lru_waiting >= PHYS_LRU_BATCH)
		return status_fail(w->st, STATUS_INVALID,
				   _("%" PRIu32 " pages wait for their LRU list, but at most %d can"), s->lru_waiting,
				   PHYS_LRU_BATCH - 1);
	for (u32 n = 0; n < s->lru_waiting; n++) {
		pfn_t pfn = s->lru_batch[n];

		if (!enter_zone(w, pfn))
			return false;
		snprintf(w->list, sizeof w->list, "%s", _("waiting for an LRU list"));
		if (frame_describe(p, pfn).state != FRAME_RESERVED)
			return bad_frame(w, pfn, _("its state"), frame_describe(p, pfn).state, FRAME_RESERVED);
		if (p->frame[pfn].flags & FRAME_MOVABLE)
			return bad_frame(w, pfn, _("its flag FRAME_MOVABLE"), 1, 0);
	}
	return true;
}

bool invariants_hold(const struct machine *m, struct status *st)
{
	struct walk w = { .p = &m->phys, .st = st };

	if (m->phys.state->cpu >= m->config.cpus)
		return status_fail(st, STATUS_INVALID, _("CPU %u runs, but they are %u in all"), m->phys.state->cpu,
				   m->config.cpus);
	if (m->phys.state->order_warned > m->config.warns_of_orders)
		return status_fail(st, STATUS_INVALID,
				   _("a warning about an order was given that this kernel does not have"));
	if (!preempt_check(&m->phys, st) || !down_check(&m->phys, st))
		return false;
	if (!mempool_check(&m->slab, st) || !kmem_cache_check(&m->slab, st) || !virt_check(&m->virt, st))
		return false;
	for (w.zone = 0; w.zone < m->config.zones; w.zone++)
		if (!check_zone(&w))
			return false;
	/* Before the hand-over an area is nothing but reserved memory. */
	for (unsigned area = 0; area < m->config.cma_areas && !early_is(m); area++)
		if (!check_area(&w, area))
			return false;
	return check_waiting(&w) && check_arrays(&w) && page_check(&m->phys, st) && early_check(m, st) &&
	       reclaim_check(&m->phys, st);
}
