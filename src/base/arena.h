/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All state of a machine in one piece of address space.
 *
 * State refers to other state by number (page frame, slot), never by pointer,
 * so a machine can be copied, hashed and taken back in time as plain memory.
 * Memory is zero until it is written, and what was never written costs
 * nothing: a terabyte machine is a reservation, not an allocation.
 *
 * There are two kinds of memory in it.  Root memory is small and changes all
 * the time; it is compared at each checkpoint and needs no care.  Sparse
 * arrays are large; whoever writes an element says so first with
 * arena_touch(), which costs one test when the element's chunk is already known.
 */
#ifndef KM_BASE_ARENA_H
#define KM_BASE_ARENA_H

#include "base/status.h"
#include "base/types.h"

#define ARENA_CHUNK_SHIFT 12
#define ARENA_CHUNK (1u << ARENA_CHUNK_SHIFT)

/* Bytes of whole chunks that hold this many: what an array takes. */
static inline size_t arena_chunks(size_t bytes)
{
	return (bytes + ARENA_CHUNK - 1) & ~(size_t)(ARENA_CHUNK - 1);
}

struct arena_checkpoint;

struct arena {
	u8 *base;
	size_t size; /* bytes reserved */
	size_t used; /* bytes given out */
	size_t root_size; /* the root memory, at the start of it */
	size_t root_used;
	u8 *mark; /* a byte a chunk, ARENA_TOUCHED | ARENA_SAVED */
	u32 *touched; /* chunks that were ever written */
	size_t touched_count;
	u32 *dirty; /* chunks written since the last checkpoint */
	size_t dirty_count;
	u8 *root_shadow; /* root memory as it was at the last checkpoint */
	struct arena_checkpoint *newest;
	struct arena_checkpoint *oldest;
	size_t checkpoints;
	size_t saved_bytes; /* held by checkpoints */
	bool lost; /* a chunk could not be saved: no checkpoint is left */
	void *maps[4]; /* what to unmap, with sizes */
	size_t map_sizes[4];
};

enum {
	ARENA_TOUCHED = 1,
	ARENA_SAVED = 2,
};

/*
 * Reserves `size` bytes of address space, the first `root_size` of them for
 * root memory.  Returns false with a message when the host refuses; the arena
 * is then empty and may be freed.  `a` belongs to the caller.
 */
bool arena_init(struct arena *a, size_t size, size_t root_size, struct status *st);
void arena_free(struct arena *a);

/*
 * Zeroed memory from the root part, aligned to 64 bytes; NULL when the root is
 * used up.  Only before the first checkpoint.
 */
void *arena_root(struct arena *a, size_t bytes);

/* A zeroed sparse array, aligned to a chunk; NULL when the reservation is used up. */
void *arena_array(struct arena *a, size_t count, size_t element);

void arena_touch_chunk(struct arena *a, size_t chunk);

/* Says that the element at `p`, which lies in a sparse array and within one chunk, is about to be written. */
static inline void arena_touch(struct arena *a, const void *p)
{
	size_t chunk = (size_t)((const u8 *)p - a->base) >> ARENA_CHUNK_SHIFT;

	if (__builtin_expect(a->mark[chunk] != (ARENA_TOUCHED | ARENA_SAVED), 0))
		arena_touch_chunk(a, chunk);
}

/* Was anything in the chunk of `at`, which lies in a sparse array, ever written? If not, all of it is zero. */
static inline bool arena_written(const struct arena *a, const void *at)
{
	return a->mark[(size_t)((const u8 *)at - a->base) >> ARENA_CHUNK_SHIFT] & ARENA_TOUCHED;
}

/* The place in `to`, an arena of the same layout, of what lies at `at` in `from`; NULL for NULL. */
static inline void *arena_same_place(const struct arena *from, const void *at, const struct arena *to)
{
	return at ? to->base + ((const u8 *)at - from->base) : NULL;
}

/* Bytes of host memory that the state takes up. */
size_t arena_resident(const struct arena *a);

/* Hash of the whole content: equal for equal content, whatever the history. */
u64 arena_hash(const struct arena *a);

/*
 * Makes a checkpoint of the present content.  false: out of host memory; then
 * all checkpoints are gone (arena.checkpoints is 0), the content is untouched.
 */
bool arena_checkpoint(struct arena *a);

/* Restores the content of the newest checkpoint and takes that checkpoint away. There must be one. */
void arena_rollback(struct arena *a);

/* Forgets the oldest checkpoint. There must be one. */
void arena_drop_oldest(struct arena *a);

/* Makes `to`, a fresh arena, equal to `from`, without its checkpoints. false: the host refuses. */
bool arena_clone(struct arena *to, const struct arena *from, struct status *st);

#endif
