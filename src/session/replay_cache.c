/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cache.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

void replay_caches_free(struct replay_caches *caches)
{
	for (size_t n = 0; n < caches->capacity; n++)
		strbuf_free(&caches->cache[n].told);
	free(caches->cache);
	strbuf_free(&caches->order);
	memset(caches, 0, sizeof(*caches));
}

struct replay_cache *replay_cache_find(const struct replay_caches *caches, const char *name)
{
	for (size_t n = 0; n < caches->count; n++)
		if (caches->cache[n].slot != SLAB_NONE && strcmp(caches->cache[n].name, name) == 0)
			return &caches->cache[n];
	return NULL;
}

/* An entry that names nothing; NULL: no memory. */
static struct replay_cache *unused_entry(struct replay_caches *caches)
{
	for (size_t n = 0; n < caches->count; n++)
		if (caches->cache[n].slot == SLAB_NONE)
			return &caches->cache[n];
	if (caches->count == caches->capacity) {
		size_t capacity = caches->capacity ? caches->capacity * 2 : 64;
		void *table = realloc(caches->cache, capacity * sizeof(*caches->cache));

		if (!table)
			return NULL;
		caches->cache = table;
		memset(caches->cache + caches->capacity, 0, (capacity - caches->capacity) * sizeof(*caches->cache));
		caches->capacity = capacity;
	}
	return &caches->cache[caches->count++];
}

struct replay_cache *replay_cache_add(struct replay_caches *caches, const char *name, u32 slot, const char *path,
				      struct status *st)
{
	struct replay_cache *cache = replay_cache_find(caches, name);

	/* A name that was given up, of a cache that others have. */
	if (!cache)
		cache = unused_entry(caches);

	if (!cache || strlen(name) >= sizeof(cache->name)) {
		status_fail(st, STATUS_NO_MEMORY, _("%s: there is no memory for its caches"), path);
		return NULL;
	}
	memcpy(cache->name, name, strlen(name) + 1);
	cache->slot = slot;
	cache->made = false;
	strbuf_clear(&cache->told);
	return cache;
}

void replay_cache_forget(struct replay_caches *caches, u32 slot)
{
	for (size_t n = 0; n < caches->count; n++)
		if (caches->cache[n].slot == slot)
			caches->cache[n].slot = SLAB_NONE;
}

const struct replay_cache *replay_cache_first(const struct replay_caches *caches, const struct replay_cache *cache)
{
	for (size_t n = 0; n < caches->count && cache->slot != REPLAY_CACHE_UNTOLD; n++)
		if (caches->cache[n].slot == cache->slot)
			return &caches->cache[n];
	return cache;
}

struct replay_cache *replay_cache_at(const struct replay_caches *caches, struct recording_cursor *c)
{
	struct recording_cursor before = *c;
	struct replay_cache *cache;
	char name[SLAB_NAME];

	if (!recording_word(c, name, sizeof(name), _("the name of a cache")))
		return NULL;
	cache = replay_cache_find(caches, name);
	if (!cache)
		recording_expected(&before, _("a cache that was watched from the start, or created since"));
	return cache;
}

bool replay_cache_text(struct replay_caches *caches, enum line_kind kind, const char *line)
{
	if (kind == LINE_TEXT) {
		const char *file = strrchr(line, ' ');

		caches->ordering = file && strcmp(file, " slabinfo") == 0;
		if (caches->ordering)
			strbuf_clear(&caches->order);
		return true;
	}
	if (!caches->ordering || kind == LINE_TEXT_END || strncmp(line, "slabinfo - ", 11) == 0 || *line == '#')
		return true;
	strbuf_add(&caches->order, line, strcspn(line, " "));
	strbuf_putc(&caches->order, '\n');
	return !caches->order.failed;
}
