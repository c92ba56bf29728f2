/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slab caches that a recording watches, by the names that it gives them.
 *
 * A recording watches some of a kernel's caches and tells nothing of the
 * others; the model has only those.  Two names may be one cache, where the
 * kernel has merged them.
 */
#ifndef KM_SESSION_REPLAY_CACHE_H
#define KM_SESSION_REPLAY_CACHE_H

#include "base/strbuf.h"
#include "session/recording_parse.h"
#include "slab/slab.h"

/*
 * The slot of a cache that a name was merged with after the recording began, and
 * that was not watched until then: nobody knows what is in it.
 */
#define REPLAY_CACHE_UNTOLD (SLAB_CACHES + 1)

struct replay_cache {
	char name[SLAB_NAME];
	u32 slot; /* of the model's cache, and 1; SLAB_NONE: no cache is called so any more */
	struct strbuf told; /* its counts as the recording told them last */
	unsigned slabs; /* SL lines of it in the present snapshot or operation */
	bool detailed; /* there were lines on what it consists of */
	bool counted; /* there was a line on its counts */
	bool made; /* since the recording began, so that all of its statistics are known */
};

struct replay_caches {
	struct replay_cache *cache;
	size_t count, capacity;
	struct strbuf order; /* names in the order of the last /proc/slabinfo, each with a newline */
	bool ordering; /* the text that is being read is one */
};

void replay_caches_free(struct replay_caches *caches);

/* The cache called so, which the model has; NULL: none. */
struct replay_cache *replay_cache_find(const struct replay_caches *caches, const char *name);

/* Names a cache of the model.  NULL with a message: no memory. */
struct replay_cache *replay_cache_add(struct replay_caches *caches, const char *name, u32 slot, const char *path,
				      struct status *st);

/* No name is that of the cache in this slot (and 1) any more. */
void replay_cache_forget(struct replay_caches *caches, u32 slot);

/* The first of the names of this entry's cache: the one that changes are told by. */
const struct replay_cache *replay_cache_first(const struct replay_caches *caches, const struct replay_cache *cache);

/* Takes a name at the start of the line, which must be that of such a cache; NULL with a message. */
struct replay_cache *replay_cache_at(const struct replay_caches *caches, struct recording_cursor *c);

/* Takes a line of a text of /proc, for the order of the caches: LINE_TEXT, LINE_TEXT_LINE, LINE_TEXT_END. */
bool replay_cache_text(struct replay_caches *caches, enum line_kind kind, const char *line);

#endif
