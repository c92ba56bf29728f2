/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The arena's checkpoints against the simplest model there is: whole copies.
 * Random writes, checkpoints, rollbacks and forgetting the oldest one; after
 * each step the content must be that of the model, byte for byte, and the hash
 * must depend on the content alone.
 *
 * SEED=n repeats a run, OPS=n sets its length.
 */
#include "base/arena.h"
#include "base/rng.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOT 5000 /* no whole number of pages, nor of the pieces that are saved */
#define ELEMENTS 3000
#define DEEPEST 12 /* checkpoints */

struct element {
	u64 a, b;
};

struct content {
	u8 root[ROOT];
	struct element array[ELEMENTS];
};

struct run {
	struct arena arena;
	struct rng rng;
	u8 *root; /* in the arena, as `array` */
	struct element *array;
	struct content now;
	struct content past[DEEPEST]; /* what the checkpoints must hold, the oldest first */
	u64 hash[DEEPEST]; /* of the arena at that time */
	unsigned depth;
};

static bool open_arena(struct run *r)
{
	struct status st = STATUS_INIT;

	if (!arena_init(&r->arena, sizeof r->now.array + ARENA_CHUNK, ROOT, &st))
		return false;
	r->root = arena_root(&r->arena, ROOT);
	r->array = arena_array(&r->arena, ELEMENTS, sizeof *r->array);
	return r->root && r->array;
}

static void write_root(struct run *r)
{
	size_t at = rng_below(&r->rng, ROOT);

	r->root[at] = r->now.root[at] = (u8)rng_below(&r->rng, 3);
}

static void write_element(struct run *r)
{
	size_t at = rng_below(&r->rng, ELEMENTS);
	struct element e = { rng_below(&r->rng, 3), rng_below(&r->rng, 2) };

	arena_touch(&r->arena, &r->array[at]);
	r->array[at] = r->now.array[at] = e;
}

static bool checkpoint(struct run *r)
{
	if (r->depth == DEEPEST)
		return true;
	r->past[r->depth] = r->now;
	r->hash[r->depth++] = arena_hash(&r->arena);
	return arena_checkpoint(&r->arena);
}

static bool rollback(struct run *r)
{
	if (!r->depth)
		return true;
	arena_rollback(&r->arena);
	r->now = r->past[--r->depth];
	return arena_hash(&r->arena) == r->hash[r->depth];
}

static void drop_oldest(struct run *r)
{
	if (!r->depth)
		return;
	arena_drop_oldest(&r->arena);
	r->depth--;
	memmove(&r->past[0], &r->past[1], r->depth * sizeof r->past[0]);
	memmove(&r->hash[0], &r->hash[1], r->depth * sizeof r->hash[0]);
}

/* A copy goes its own way: what is written to it is not seen here. */
static bool copy(struct run *r)
{
	struct arena other;
	struct status st = STATUS_INIT;
	u64 hash = arena_hash(&r->arena);
	struct element *e;
	bool same;

	if (!arena_clone(&other, &r->arena, &st))
		return false;
	same = arena_hash(&other) == hash && arena_checkpoint(&other);
	e = (struct element *)(other.base + ((u8 *)r->array - r->arena.base)) + rng_below(&r->rng, ELEMENTS);
	arena_touch(&other, e);
	e->a += 7;
	same = same && arena_hash(&other) != hash && arena_hash(&r->arena) == hash;
	arena_rollback(&other);
	same = same && arena_hash(&other) == hash;
	arena_free(&other);
	return same;
}

static bool operate(struct run *r)
{
	u64 what = rng_below(&r->rng, 100);

	if (what < 40)
		write_root(r);
	else if (what < 80)
		write_element(r);
	else if (what < 90)
		return checkpoint(r);
	else if (what < 96)
		return rollback(r);
	else if (what < 99)
		drop_oldest(r);
	else
		return copy(r);
	return true;
}

static bool is_as_the_model(const struct run *r)
{
	return memcmp(r->root, r->now.root, ROOT) == 0 && memcmp(r->array, r->now.array, sizeof r->now.array) == 0 &&
	       r->arena.checkpoints == r->depth && (r->depth || !r->arena.saved_bytes);
}

/* All the way back, one checkpoint after the other. */
static bool unwind(struct run *r)
{
	while (r->depth)
		if (!rollback(r) || !is_as_the_model(r))
			return false;
	return true;
}

/* The same content, written in another order and only once, has the same hash. */
static bool hash_has_no_history(struct run *r)
{
	struct run *other = calloc(1, sizeof *other);
	bool same = other && open_arena(other);

	if (same) {
		memcpy(other->root, r->now.root, ROOT);
		for (size_t i = ELEMENTS; i-- > 0;) {
			if (!r->now.array[i].a && !r->now.array[i].b)
				continue;
			arena_touch(&other->arena, &other->array[i]);
			other->array[i] = r->now.array[i];
		}
		same = arena_hash(&other->arena) == arena_hash(&r->arena);
	}
	if (other)
		arena_free(&other->arena);
	free(other);
	return same;
}

int main(void)
{
	u64 seed = from_environment("SEED", 4711), operations = from_environment("OPS", 100000);
	struct run *r = calloc(1, sizeof *r);
	bool good = r && open_arena(r);
	u64 i = 0;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 "\n", seed, operations);
	if (good)
		r->rng.state = seed;
	for (; good && i < operations; i++) {
		good = operate(r) && is_as_the_model(r);
		if (good && i % 1000 == 999)
			good = hash_has_no_history(r) && (rng_below(&r->rng, 4) || unwind(r));
	}
	if (!good)
		printf("after operation %" PRIu64 " the arena is not what it should be\n", i);
	if (r)
		arena_free(&r->arena);
	free(r);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
