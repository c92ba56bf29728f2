/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Root memory is compared and saved in pieces of this size. */
#define ROOT_PIECE 512u

/* A piece of the content as it was at a checkpoint and has changed since. */
struct saved {
	struct saved *next;
	size_t offset;
	size_t length;
	u8 bytes[];
};

struct arena_checkpoint {
	struct arena_checkpoint *older;
	struct arena_checkpoint *newer;
	struct saved *saved;
	size_t bytes;
};

static void *arena_map(struct arena *a, int slot, size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	a->maps[slot] = p;
	a->map_sizes[slot] = bytes;
	return p;
}

bool arena_init(struct arena *a, size_t size, size_t root_size, struct status *st)
{
	size_t chunks;
	char text[UNITS_MAX];

	memset(a, 0, sizeof *a);
	root_size = (root_size + ARENA_CHUNK - 1) & ~(size_t)(ARENA_CHUNK - 1);
	size = ((size + ARENA_CHUNK - 1) & ~(size_t)(ARENA_CHUNK - 1)) + root_size;
	chunks = size >> ARENA_CHUNK_SHIFT;
	a->base = arena_map(a, 0, size);
	a->mark = arena_map(a, 1, chunks);
	a->touched = arena_map(a, 2, chunks * sizeof *a->touched);
	a->dirty = arena_map(a, 3, chunks * sizeof *a->dirty);
	a->root_shadow = malloc(root_size);
	if (!a->base || !a->mark || !a->touched || !a->dirty || !a->root_shadow) {
		arena_free(a);
		return status_fail(st, STATUS_NO_MEMORY, _("the host does not give %s of address space: %s"),
				   units_format(size, text), strerror(ENOMEM));
	}
	a->size = size;
	a->root_size = root_size;
	a->used = root_size;
	return true;
}

static void checkpoint_free(struct arena *a, struct arena_checkpoint *cp)
{
	struct saved *s, *next;

	for (s = cp->saved; s; s = next) {
		next = s->next;
		free(s);
	}
	a->saved_bytes -= cp->bytes;
	a->checkpoints--;
	free(cp);
}

static void arena_drop_all(struct arena *a)
{
	while (a->oldest)
		arena_drop_oldest(a);
}

void arena_free(struct arena *a)
{
	arena_drop_all(a);
	for (size_t i = 0; i < ARRAY_SIZE(a->maps); i++)
		if (a->maps[i])
			munmap(a->maps[i], a->map_sizes[i]);
	free(a->root_shadow);
	memset(a, 0, sizeof *a);
}

void *arena_root(struct arena *a, size_t bytes)
{
	size_t start = (a->root_used + 63) & ~(size_t)63;

	if (bytes > a->root_size || start > a->root_size - bytes)
		return NULL;
	a->root_used = start + bytes;
	return a->base + start;
}

void *arena_array(struct arena *a, size_t count, size_t element)
{
	size_t bytes;
	void *p;

	if (element && count > SIZE_MAX / 2 / element)
		return NULL;
	bytes = (count * element + ARENA_CHUNK - 1) & ~(size_t)(ARENA_CHUNK - 1);
	if (bytes > a->size - a->used)
		return NULL;
	p = a->base + a->used;
	a->used += bytes;
	return p;
}

size_t arena_resident(const struct arena *a)
{
	return a->root_used + (a->touched_count << ARENA_CHUNK_SHIFT);
}

/* Keeps the present bytes for the newest checkpoint. */
static bool arena_save(struct arena *a, size_t offset, const u8 *bytes, size_t length)
{
	struct saved *s = malloc(sizeof *s + length);

	if (!s) {
		a->lost = true;
		return false;
	}
	s->offset = offset;
	s->length = length;
	memcpy(s->bytes, bytes, length);
	s->next = a->newest->saved;
	a->newest->saved = s;
	a->newest->bytes += sizeof *s + length;
	a->saved_bytes += sizeof *s + length;
	return true;
}

void arena_touch_chunk(struct arena *a, size_t chunk)
{
	if (!(a->mark[chunk] & ARENA_TOUCHED))
		a->touched[a->touched_count++] = (u32)chunk;
	if (a->newest) {
		size_t offset = chunk << ARENA_CHUNK_SHIFT;

		if (arena_save(a, offset, a->base + offset, ARENA_CHUNK))
			a->dirty[a->dirty_count++] = (u32)chunk;
		else
			arena_drop_all(a);
	}
	a->mark[chunk] = ARENA_TOUCHED | ARENA_SAVED;
}

/* Hash of one chunk with its place; 0 if it is all zero, so that touching alone changes nothing. */
static u64 chunk_hash(const u8 *bytes, size_t length, u64 place)
{
	u64 h = hash_word(HASH_INIT, place), any = 0;

	for (size_t i = 0; i + sizeof(u64) <= length; i += sizeof(u64)) {
		u64 word;

		memcpy(&word, bytes + i, sizeof word);
		any |= word;
		h = hash_word(h, word);
	}
	return any ? h ^ (h >> 29) : 0;
}

u64 arena_hash(const struct arena *a)
{
	u64 sum = chunk_hash(a->base, (a->root_used + 7) & ~(size_t)7, 0);

	/* A sum, because the order in which chunks were first touched is history, not content. */
	for (size_t i = 0; i < a->touched_count; i++) {
		size_t offset = (size_t)a->touched[i] << ARENA_CHUNK_SHIFT;

		sum += chunk_hash(a->base + offset, ARENA_CHUNK, offset);
	}
	return sum;
}

/* Saves what changed in the root since the newest checkpoint. */
static bool arena_save_root(struct arena *a)
{
	for (size_t at = 0; at < a->root_used; at += ROOT_PIECE) {
		size_t length = a->root_used - at < ROOT_PIECE ? a->root_used - at : ROOT_PIECE;

		if (memcmp(a->base + at, a->root_shadow + at, length) == 0)
			continue;
		if (!arena_save(a, at, a->root_shadow + at, length))
			return false;
	}
	return true;
}

static void arena_forget_dirty(struct arena *a)
{
	for (size_t i = 0; i < a->dirty_count; i++)
		a->mark[a->dirty[i]] = ARENA_TOUCHED;
	a->dirty_count = 0;
}

bool arena_checkpoint(struct arena *a)
{
	struct arena_checkpoint *cp = calloc(1, sizeof *cp);

	if (!cp || (a->newest && !arena_save_root(a))) {
		free(cp);
		arena_drop_all(a);
		return false;
	}
	if (a->newest) {
		arena_forget_dirty(a);
	} else {
		/* Without a checkpoint nobody kept the list of dirty chunks. */
		for (size_t i = 0; i < a->touched_count; i++)
			a->mark[a->touched[i]] = ARENA_TOUCHED;
	}
	memcpy(a->root_shadow, a->base, a->root_used);
	cp->older = a->newest;
	if (a->newest)
		a->newest->newer = cp;
	else
		a->oldest = cp;
	cp->bytes = sizeof *cp;
	a->saved_bytes += cp->bytes;
	a->newest = cp;
	a->checkpoints++;
	a->lost = false;
	return true;
}

void arena_rollback(struct arena *a)
{
	struct arena_checkpoint *cp = a->newest;

	memcpy(a->base, a->root_shadow, a->root_used);
	for (const struct saved *s = cp->saved; s; s = s->next)
		memcpy(a->base + s->offset, s->bytes, s->length);
	arena_forget_dirty(a);
	a->newest = cp->older;
	if (a->newest) {
		a->newest->newer = NULL;
		/*
		 * The older checkpoint's own list of saved chunks says which ones
		 * need no saving again; its root pieces give back its root.
		 */
		struct saved **link = &a->newest->saved;

		while (*link) {
			struct saved *s = *link;

			if (s->offset < a->root_used) {
				memcpy(a->root_shadow + s->offset, s->bytes, s->length);
				a->newest->bytes -= sizeof *s + s->length;
				a->saved_bytes -= sizeof *s + s->length;
				*link = s->next;
				free(s);
				continue;
			}
			a->mark[s->offset >> ARENA_CHUNK_SHIFT] = ARENA_TOUCHED | ARENA_SAVED;
			a->dirty[a->dirty_count++] = (u32)(s->offset >> ARENA_CHUNK_SHIFT);
			link = &s->next;
		}
	} else {
		a->oldest = NULL;
		for (size_t i = 0; i < a->touched_count; i++)
			a->mark[a->touched[i]] = ARENA_TOUCHED | ARENA_SAVED;
	}
	checkpoint_free(a, cp);
}

void arena_drop_oldest(struct arena *a)
{
	struct arena_checkpoint *cp = a->oldest;

	a->oldest = cp->newer;
	if (a->oldest)
		a->oldest->older = NULL;
	else
		a->newest = NULL;
	checkpoint_free(a, cp);
	if (!a->newest) {
		for (size_t i = 0; i < a->touched_count; i++)
			a->mark[a->touched[i]] = ARENA_TOUCHED | ARENA_SAVED;
		a->dirty_count = 0;
	}
}

bool arena_clone(struct arena *to, const struct arena *from, struct status *st)
{
	if (!arena_init(to, from->size - from->root_size, from->root_size, st))
		return false;
	to->used = from->used;
	to->root_used = from->root_used;
	memcpy(to->base, from->base, from->root_used);
	for (size_t i = 0; i < from->touched_count; i++) {
		size_t offset = (size_t)from->touched[i] << ARENA_CHUNK_SHIFT;

		arena_touch_chunk(to, from->touched[i]);
		memcpy(to->base + offset, from->base + offset, ARENA_CHUNK);
	}
	return true;
}
