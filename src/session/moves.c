/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/moves.h"

#include <stdlib.h>

struct move {
	pfn_t from, to;
	size_t number; /* in the order in which they happened */
};

static int compare_moves(const void *left, const void *right)
{
	const struct move *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* The first move from this frame that is number `number` or a later one; NULL: there is none. */
static const struct move *next_move(const struct moves *moves, pfn_t from, size_t number)
{
	const struct move wanted = { .from = from, .number = number };
	size_t low = 0, high = moves->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_moves(&moves->items[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < moves->count && moves->items[low].from == from ? &moves->items[low] : NULL;
}

void moves_add(struct moves *moves, pfn_t from, pfn_t to)
{
	if (moves->count == moves->capacity) {
		size_t capacity = moves->capacity ? moves->capacity * 2 : 64;
		struct move *items = realloc(moves->items, capacity * sizeof *items);

		if (!items) {
			moves->lost = true;
			return;
		}
		moves->items = items;
		moves->capacity = capacity;
	}
	moves->items[moves->count] = (struct move){ from, to, moves->count };
	moves->count++;
}

/* Where a page is after all moves. They are followed in order: a frame that a page left may take another one. */
static struct value moved(const struct moves *moves, struct value v)
{
	const struct move *m;
	size_t number = 0;

	if (v.type != VALUE_PAGE || value_is_null(&v))
		return v;
	while ((m = next_move(moves, (pfn_t)v.number, number))) {
		v.number = m->to;
		number = m->number + 1;
	}
	return v;
}

/* The vector with its pages where they are now; VALUE_NONE: out of memory. */
static struct value moved_vector(const struct moves *moves, const struct value *vector)
{
	struct value new = value_vector();

	for (size_t i = 0; new.type == VALUE_VECTOR &&i < value_count(vector); i++) {
		struct value item = value_at(vector, i);

		item = item.type == VALUE_PAGE ? moved(moves, item) : value_copy(item);
		if (!value_append(&new, item))
			value_free(&new);
	}
	return new;
}

static bool holds_moved(const struct moves *moves, const struct value *v)
{
	for (size_t i = 0; i < value_count(v); i++) {
		struct value item = value_at(v, i);

		if (item.type == VALUE_PAGE && moved(moves, item).number != item.number)
			return true;
	}
	return false;
}

void moves_hold(struct moves *moves, struct moves_held *held, struct value *v)
{
	*held = (struct moves_held){ v, moves->held };
	moves->held = held;
}

void moves_release(struct moves *moves, struct moves_held *held)
{
	moves->held = held->outer;
}

/* The value as it is after the moves, to be freed; VALUE_NONE: out of memory. */
static struct value followed(const struct moves *moves, const struct value *v)
{
	return v->type == VALUE_VECTOR ? moved_vector(moves, v) : moved(moves, *v);
}

/* false: out of memory. */
static bool follow_held(const struct moves *moves)
{
	bool good = true;

	for (const struct moves_held *held = moves->held; held; held = held->outer) {
		struct value new;

		if (!holds_moved(moves, held->value))
			continue;
		new = followed(moves, held->value);
		if (new.type == VALUE_NONE) {
			good = false;
			continue;
		}
		value_free(held->value);
		*held->value = new;
	}
	return good;
}

bool moves_apply(struct moves *moves, struct vars *vars)
{
	bool good = !moves->lost;

	if (moves->count)
		qsort(moves->items, moves->count, sizeof *moves->items, compare_moves);
	for (size_t n = 0; moves->count && n < vars_count(vars); n++) {
		const char *name = vars_name(vars, n);
		const struct value *v = vars_get(vars, name);
		struct value new;

		if (!v || !holds_moved(moves, v))
			continue;
		new = followed(moves, v);
		good = new.type != VALUE_NONE &&vars_set(vars, name, new) && good;
	}
	good = (!moves->count || follow_held(moves)) && good;
	moves_forget(moves);
	return good;
}

void moves_forget(struct moves *moves)
{
	moves->count = 0;
	moves->lost = false;
}

void moves_free(struct moves *moves)
{
	free(moves->items);
	*moves = (struct moves){ 0 };
}
