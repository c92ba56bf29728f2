/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/state_layout.h"

#include "base/text.h"
#include "phys/buddy.h"
#include "phys/pageblock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A place of order k may hold one free block of order k, because its buddy is
 * not free and never will be as a whole.  Divided it is places of the orders
 * k-1 to 0, and one page in use:
 *
 *	place of order 3:   | used | 0 |   1   |       2       |
 *
 * No two of the blocks in it can merge.
 */
struct places {
	pfn_t *pfn; /* pfn[first .. count-1], from the top of the zone down */
	size_t first, count, capacity;
};

struct layout {
	struct phys *p;
	unsigned zone, largest; /* order */
	pfn_t start, end; /* the zone's RAM */
	struct places places[MT_COUNT][DESC_STATE_ORDERS]; /* by the type of their page blocks */
	bool failed; /* out of the host's memory */
};

u64 state_layout_least(const u32 *nr_free, unsigned orders)
{
	u64 spare[DESC_STATE_ORDERS] = { 0 }, whole = 0;

	for (unsigned o = orders; o-- > 0;) {
		u64 want = nr_free[o];

		if (o + 1 == orders) {
			whole = want;
			continue;
		}
		while (want > spare[o]) {
			unsigned from = o + 1;

			while (from + 1 < orders && !spare[from])
				from++;
			if (from + 1 == orders)
				whole++;
			else
				spare[from]--;
			while (from-- > 0)
				spare[from]++;
		}
		spare[o] -= want;
	}
	return whole ? whole : 1;
}

static void add_place(struct layout *l, unsigned type, unsigned order, pfn_t pfn)
{
	struct places *s = &l->places[type][order];

	if (s->count == s->capacity) {
		size_t capacity = s->capacity ? s->capacity * 2 : 64;
		pfn_t *more = realloc(s->pfn, capacity * sizeof *more);

		if (!more) {
			l->failed = true;
			return;
		}
		s->pfn = more;
		s->capacity = capacity;
	}
	s->pfn[s->count++] = pfn;
}

/* The places of an area whose first page is in use. */
static void divide(struct layout *l, unsigned type, pfn_t pfn, unsigned order)
{
	while (order-- > 0)
		add_place(l, type, order, pfn + ((pfn_t)1 << order));
}

/* Places in [start, end), from the top down; at its ends there is nothing to merge with. */
static void add_range(struct layout *l, unsigned type, pfn_t start, pfn_t end, unsigned most)
{
	while (start < end) {
		unsigned order = 0;

		while (order < most && !(end & ((pfn_t)1 << order)) && end - start >= (pfn_t)2 << order)
			order++;
		end -= (pfn_t)1 << order;
		add_place(l, type, order, end);
	}
}

/* PFN_NONE: page blocks of this type have no room for a block of this order. */
static pfn_t take_place(struct layout *l, unsigned type, unsigned order)
{
	struct places *s = l->places[type];
	unsigned from = order;

	while (from <= l->largest && s[from].first == s[from].count)
		from++;
	if (from > l->largest)
		return PFN_NONE;
	if (from > order)
		divide(l, type, s[from].pfn[s[from].first++], from);
	return l->failed ? PFN_NONE : s[order].pfn[s[order].first++];
}

static void forget_places(struct layout *l)
{
	for (unsigned t = 0; t < MT_COUNT; t++)
		for (unsigned o = 0; o < DESC_STATE_ORDERS; o++)
			free(l->places[t][o].pfn);
	memset(l->places, 0, sizeof l->places);
}

static bool no_room(u32 blocks, unsigned order, struct status *st)
{
	return status_fail(st, STATUS_FORMAT, _("it has no room for all of its %u free blocks of order %u"),
			   (unsigned)blocks, order);
}

/* Puts a block on the list of `type`, preferably in a page block of that type; the common types may share theirs. */
static bool place_block(struct layout *l, unsigned order, unsigned type)
{
	pfn_t pfn = take_place(l, type, order);

	for (unsigned t = 0; pfn == PFN_NONE && t < MT_PCPTYPES; t++)
		pfn = take_place(l, t, order);
	if (pfn != PFN_NONE)
		buddy_add(l->p, l->zone, pfn, order, type, AT_TAIL);
	return pfn != PFN_NONE;
}

/* Fills the places with the blocks of one type. */
static bool place_blocks(struct layout *l, u32 blocks, unsigned order, unsigned type, struct status *st)
{
	for (u32 n = 0; n < blocks; n++)
		if (!place_block(l, order, type))
			return l->failed ? status_fail(st, STATUS_NO_MEMORY, _("out of memory"))
					 : no_room(blocks, order, st);
	return true;
}

/* ------------------------------------------------------------- by type */

static u32 block_of(const struct layout *l, pfn_t pfn)
{
	return (pfn >> l->p->config->pageblock_order) - pageblock_first(l->p, l->zone);
}

/* Page blocks that are still to be dealt out by type, and free blocks of the largest order that still want one. */
struct stock {
	u32 left[MT_COUNT], wanted[MT_COUNT];
};

/*
 * The type of a page block under a free block of type `t`.  Free blocks merge
 * over page blocks of the three common types, so one of it may do.
 */
static unsigned deal_one(struct stock *s, unsigned t, bool first)
{
	unsigned best = t;

	if (!s->left[t] || (!first && s->left[t] <= s->wanted[t]))
		for (unsigned u = 0; u < MT_PCPTYPES; u++)
			if (s->left[u] > s->wanted[u] &&
			    (best == t || s->left[u] - s->wanted[u] > s->left[best] - s->wanted[best]))
				best = u;
	if (!s->left[best])
		return MT_NONE;
	s->left[best]--;
	return best;
}

/* The free blocks of the largest order, with their page blocks, from the top down; *end: where the rest begins. */
static bool place_largest(struct layout *l, const struct desc_state_zone *z, struct stock *s, pfn_t *end,
			  struct status *st)
{
	pfn_t length = (pfn_t)1 << l->largest;
	u32 each = 1u << (l->largest - l->p->config->pageblock_order);

	*end = l->end & ~(length - 1);
	for (unsigned t = 0; t < MT_COUNT; t++)
		s->wanted[t] = z->type_free[t][l->largest];
	for (unsigned t = 0; t < MT_COUNT; t++) {
		while (s->wanted[t]) {
			if (*end < l->start + length)
				return no_room(z->nr_free[l->largest], l->largest, st);
			*end -= length;
			s->wanted[t]--;
			for (u32 b = 0; b < each; b++) {
				unsigned type = deal_one(s, t, b == 0);

				if (type == MT_NONE)
					return no_room(z->nr_free[l->largest], l->largest, st);
				pageblock_set_type_at(l->p, l->zone, block_of(l, *end) + b, type);
			}
			buddy_add(l->p, l->zone, *end, l->largest, t, AT_TAIL);
		}
	}
	return true;
}

/* Is this page block the upper one of two that could merge, both wholly in RAM? */
static bool is_upper(const struct layout *l, pfn_t first)
{
	pfn_t length = (pfn_t)1 << l->p->config->pageblock_order;

	return (first & length) && first >= length && first - length >= l->start && first + length <= l->end;
}

/*
 * Gives the page blocks outside [taken, above) their types, from the top down:
 * first the upper ones of two, so that those of a rare type do not lie beside
 * each other.  The lowest may be a part of a page block only; such a one kept
 * type 0 at boot.
 */
static void deal_rest(struct layout *l, struct stock *s, pfn_t taken, pfn_t above)
{
	static const u8 order[MT_COUNT] = {
		MT_HIGHATOMIC, MT_CMA, MT_ISOLATE, MT_MOVABLE, MT_RECLAIMABLE, MT_UNMOVABLE
	};
	unsigned i = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (u32 n = block_of(l, l->end - 1) + 1; n-- > block_of(l, l->start);) {
			pfn_t first = pageblock_start(l->p, l->zone, n);

			if ((first >= taken && first < above) || is_upper(l, first) != (pass == 0))
				continue;
			while (!s->left[order[i]])
				i++;
			s->left[order[i]]--;
			pageblock_set_type_at(l->p, l->zone, n, order[i]);
		}
	}
}

/* Can free blocks of two neighbours not merge, because of their types? */
static bool keep_apart(unsigned a, unsigned b)
{
	return a != b && (a >= MT_PCPTYPES || b >= MT_PCPTYPES);
}

/* Places in the page blocks outside [taken, above). */
static void add_places(struct layout *l, pfn_t taken, pfn_t above)
{
	unsigned order = l->p->config->pageblock_order;
	pfn_t length = (pfn_t)1 << order;

	for (u32 n = block_of(l, l->end - 1) + 1; n-- > block_of(l, l->start);) {
		pfn_t first = pageblock_start(l->p, l->zone, n);
		pfn_t from = first > l->start ? first : l->start;
		pfn_t to = first + length < l->end ? first + length : l->end;
		unsigned type = pageblock_type_at(l->p, l->zone, n);
		bool lower = order < l->largest && to - from == length && is_upper(l, first + length);

		if (first >= taken && first < above)
			continue;
		/* Of two buddies that could merge, the lower one has a page in use. */
		if (lower && !(first & length) && !keep_apart(type, pageblock_type_at(l->p, l->zone, n + 1)))
			divide(l, type, first, order);
		else
			add_range(l, type, from, to, order);
	}
}

static bool lay_out_types(struct layout *l, const struct desc_state_zone *z, struct status *st)
{
	pfn_t taken, above = l->end & ~(((pfn_t)1 << l->largest) - 1);
	u64 blocks = block_of(l, l->end - 1) + 1 - block_of(l, l->start), told = 0;
	struct stock stock;

	for (unsigned t = 0; t < MT_COUNT; t++) {
		stock.left[t] = z->blocks[t];
		told += z->blocks[t];
	}
	if (told > blocks)
		return status_fail(st, STATUS_FORMAT,
				   _("pagetypeinfo has more page blocks than the zone has memory for"));
	/* The kernel counts in steps from the zone's first page, and may miss the last page block. */
	stock.left[MT_MOVABLE] += (u32)(blocks - told);
	if (!place_largest(l, z, &stock, &taken, st))
		return false;
	deal_rest(l, &stock, taken, above);
	add_places(l, taken, above);
	for (unsigned o = l->largest; o-- > 0;)
		for (unsigned t = 0; t < MT_COUNT; t++)
			if (!place_blocks(l, z->type_free[t][o], o, t, st))
				return false;
	l->p->zone[l->zone].highatomic = z->blocks[MT_HIGHATOMIC] << l->p->config->pageblock_order;
	l->p->zone[l->zone].isolated = z->blocks[MT_ISOLATE];
	return true;
}

/* All on lists of one type: where there are no others, or it is not known. */
static bool lay_out_plain(struct layout *l, const struct desc_state_zone *z, struct status *st)
{
	const struct phys_config *c = l->p->config;
	unsigned type = c->types > 1 && !c->mobility_disabled ? MT_MOVABLE : MT_UNMOVABLE;

	for (u32 n = block_of(l, l->start); type == MT_MOVABLE && n <= block_of(l, l->end - 1); n++)
		pageblock_set_type_at(l->p, l->zone, n, type);
	add_range(l, type, l->start, l->end, l->largest);
	for (unsigned o = l->largest + 1; o-- > 0;)
		if (!place_blocks(l, z->nr_free[o], o, type, st))
			return false;
	return true;
}

bool state_layout_zone(struct phys *p, unsigned zone, const struct desc_state_zone *z, struct status *st)
{
	const struct phys_range *ram = &p->config->memory[zone];
	struct layout l = {
		.p = p, .zone = zone, .largest = p->config->orders - 1, .start = ram->start, .end = ram->end
	};

	bool ok;

	if (l.start == l.end)
		return true;
	ok = z->typed && p->config->types > 1 ? lay_out_types(&l, z, st) : lay_out_plain(&l, z, st);
	forget_places(&l);
	return ok;
}
