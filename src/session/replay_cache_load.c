/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cache_load.h"

#include "base/text.h"
#include "session/replay_cache_compare.h"
#include "session/replay_slab_load.h"
#include "slab/kmalloc.h"

#include <stdio.h>
#include <string.h>

static struct slab_system *slab_of_replay(struct replay *r)
{
	return &r->machine.slab;
}

static bool is_2_6(const struct replay *r)
{
	return r->machine.config.gfp == GFP_2_6;
}

/* ------------------------------------------------------------- the caches */

/* A number below 2^32, in a line that must have it. */
static bool key32(const struct recording_cursor *c, const char *key, u32 *value)
{
	u64 number;

	if (!recording_key(c, key, UINT32_MAX, &number))
		return false;
	*value = (u32)number;
	return true;
}

/* The hexadecimal number behind `key=`; 0 if nothing stands there. */
static bool address_if(const struct recording_cursor *c, const char *key, u64 *value)
{
	struct recording_cursor at;

	*value = 0;
	if (!recording_find(c, key, &at) || *at.at == ' ' || *at.at == '\0')
		return true;
	return recording_hex(&at, value, _("an address"));
}

/* Addresses of the kernel's objects, which 2.6 recordings have. */
static bool load_addresses(struct replay *r, struct kmem_cache *cache, const struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	char key[16] = "array";

	if (!address_if(c, "desc", &cache->at) || !address_if(c, "list3", &slab_node(s, cache, 0)->at))
		return false;
	for (unsigned cpu = 0; s->array && cpu < r->machine.config.cpus; cpu++) {
		struct array_cache *array = slab_cpu_array(s, cache, cpu);

		arena_touch(&r->machine.arena, array);
		if (cpu)
			snprintf(key, sizeof(key), "array%u", cpu);
		if (!address_if(c, key, &array->at))
			return false;
	}
	if (!s->array)
		return true;
	arena_touch(&r->machine.arena, slab_shared_array(s, cache, 0));
	return address_if(c, "shared_array", &slab_shared_array(s, cache, 0)->at);
}

/* What was asked for when the cache was made. */
struct asked {
	char kname[SLAB_NAME];
	u32 size, align, flags;
	bool ctor;
	bool shared; /* by several names */
	bool boot; /* made before the processor was known in full: kmalloc()'s, and the cache of caches */
};

static bool is_made_at_boot(const struct kmalloc_rules *kmalloc, const char *kname)
{
	for (unsigned type = 0; type < SLAB_KMALLOC_TYPES; type++)
		if (kmalloc->prefix[type] && strncmp(kname, kmalloc->prefix[type], strlen(kmalloc->prefix[type])) == 0)
			return true;
	return strcmp(kname, "kmem_cache") == 0;
}

static bool read_asked(struct replay *r, struct recording_cursor *c, struct asked *asked)
{
	const struct slab_flags *f = r->machine.slab_config.rules->flag;
	struct recording_cursor value;
	u64 flags, ctor;

	if (!recording_find(c, "kname", &value) || !recording_word(&value, asked->kname, sizeof(asked->kname), "kname"))
		return recording_expected(c, "kname=");
	if (!key32(c, "object_size", &asked->size) || !recording_key_hex(c, "flags", &flags) ||
	    !recording_key(c, "ctor", 1, &ctor))
		return false;
	asked->ctor = ctor;
	asked->shared = recording_find(c, "refcount", &value) && *value.at != '-' && strncmp(value.at, "1 ", 2) != 0;
	asked->boot = is_made_at_boot(r->machine.slab_config.rules->kmalloc, asked->kname);
	asked->flags = (u32)flags & ~(f->off_slab | f->objfreelist | f->cmpxchg_double | f->poison_internal);
	asked->align = 0;
	return is_2_6(r) || key32(c, "align", &asked->align);
}

/* Computes it, and sets it up as at boot, when nothing is allocated for a cache. */
static struct kmem_cache *make_once(struct replay *r, const struct asked *asked, u32 size, u32 align)
{
	struct slab_system *s = slab_of_replay(r);
	const struct slab_rules *rules = s->config->rules;
	struct kmem_cache *cache = kmem_cache_slot(s, asked->kname);
	bool good;

	if (!cache)
		return NULL;
	cache->object_size = size;
	cache->align = align;
	cache->flags = asked->flags;
	cache->ctor = asked->ctor ? CTOR_PATTERN : CTOR_NONE;
	s->state->up = !asked->boot;
	good = rules->geometry(s, cache);
	s->state->up = 0;
	if (good) {
		cache->reciprocal = kmem_cache_reciprocal(cache->size);
		good = rules->set_up(s, cache);
	}
	s->state->up = 1;
	kmem_cache_link(s, cache);
	if (!good)
		kmem_cache_unlink(s, cache);
	return good ? cache : NULL;
}

/* What is not computed: names that share it, the part that users may copy, addresses. */
static bool load_rest(struct replay *r, struct kmem_cache *cache, const struct recording_cursor *c)
{
	u64 refcount = 1, offset = 0, size = 0;
	struct recording_cursor value;

	/* Caches that nobody may share have -1. */
	if (recording_find(c, "refcount", &value) && strncmp(value.at, "-1 ", 3) == 0)
		refcount = UINT32_MAX;
	else if (!recording_key_if(c, "refcount", INT32_MAX, &refcount))
		return false;
	if (!recording_key_if(c, "useroffset", UINT32_MAX, &offset) ||
	    !recording_key_if(c, "usersize", UINT32_MAX, &size) || !load_addresses(r, cache, c))
		return false;
	cache->refcount = (u32)refcount;
	cache->useroffset = (u32)offset;
	cache->usersize = (u32)size;
	return true;
}

static u32 round_up(u32 size, u32 to)
{
	return (size + to - 1) / to * to;
}

/*
 * Where names share a cache, its object_size is that of the largest of them,
 * and the cache was made for the first one: it is the first size that leads to
 * what the line tells.
 */
static struct kmem_cache *make_shared(struct replay *r, const struct asked *asked, const struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);

	for (u32 size = asked->size; asked->shared && size > asked->size / 2; size--) {
		struct kmem_cache *cache = make_once(r, asked, size, asked->align);

		if (!cache)
			continue;
		cache->object_size = asked->size;
		if (s->cpu && cache->slub.inuse < round_up(asked->size, s->config->word))
			cache->slub.inuse = round_up(asked->size, s->config->word);
		if (load_rest(r, cache, c) && replay_cache_same_geometry(r, cache, c->at))
			return cache;
		kmem_cache_unlink(s, cache);
	}
	return make_once(r, asked, asked->size, asked->align);
}

/*
 * A cache of which the line tells size and flags.  2.6 does not tell the
 * alignment that was asked for, and tells the size as it was rounded up: it is
 * the first pair that leads to what the line tells.
 */
static struct kmem_cache *make_cache(struct replay *r, const struct asked *asked, const struct recording_cursor *c)
{
	struct slab_system *s = slab_of_replay(r);
	u32 word = s->config->word, size = asked->size;
	struct kmem_cache *cache;

	if (!is_2_6(r))
		return make_shared(r, asked, c);
	/* It is not made like others, and DEBUG_SLAB leaves it alone. */
	if (strcmp(asked->kname, "kmem_cache") == 0) {
		s->state->up = 0;
		cache = s->config->rules->bootstrap(s);
		s->state->up = 1;
		return cache;
	}
	for (u32 n = 0; n < 2 && size > n * word; n++) {
		for (u32 align = word; align <= 1u << r->machine.config.page_shift; align *= 2) {
			cache = make_once(r, asked, size - n * word, align);
			if (cache && replay_cache_same_geometry(r, cache, c->at))
				return cache;
			if (cache)
				kmem_cache_unlink(s, cache);
		}
	}
	return make_once(r, asked, size, 0);
}

static enum replay_outcome load_cache(struct replay *r, const char *name, struct recording_cursor *c,
				      const struct recording_cursor *start)
{
	struct slab_system *s = slab_of_replay(r);
	enum replay_outcome outcome = REPLAY_SAME;
	struct kmem_cache *cache;
	struct asked asked;

	if (!read_asked(r, c, &asked))
		return REPLAY_BAD;
	cache = kmem_cache_by_name(s, asked.kname);
	if (!cache) {
		cache = make_cache(r, &asked, start);
		if (!cache) {
			recording_expected(c, _("a cache that the kernel makes before this"));
			return REPLAY_BAD;
		}
		if (!load_rest(r, cache, c))
			return REPLAY_BAD;
		outcome = replay_cache_compare_geometry(r, cache, start);
		if (strcmp(asked.kname, "kmem_cache") == 0)
			s->state->cache_of_caches = slab_slot(s, cache) + 1;
		kmalloc_adopt(s, cache);
	}
	return replay_cache_add(&r->caches, name, slab_slot(s, cache) + 1, r->path, c->st) ? outcome : REPLAY_BAD;
}

/* Does this line of the snapshot make a cache of this kernel's name? */
static bool makes(const char *line, const char *kname, size_t length)
{
	const char *at = strstr(line, " kname=");

	return at && strncmp(at + strlen(" kname="), kname, length) == 0 && at[strlen(" kname=") + length] == ' ';
}

/* Takes the name of the cache off the line. */
static enum replay_outcome load_cache_line(struct replay *r, const struct recording_block *snapshot, size_t n,
					   struct status *st)
{
	struct recording_cursor start = recording_block_cursor(snapshot, n, r->path, st), c = start;
	char name[SLAB_NAME];

	if (!recording_word(&c, name, sizeof(name), _("the name of a cache")))
		return REPLAY_BAD;
	return replay_cache_find(&r->caches, name) ? REPLAY_SAME : load_cache(r, name, &c, &start);
}

/* The caches of kmalloc(), the small ones first: others' descriptors, and larger ones', may come from them. */
static enum replay_outcome load_boot(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	const struct kmalloc_rules *kmalloc = r->machine.slab_config.rules->kmalloc;
	enum replay_outcome outcome = REPLAY_SAME;

	for (const u32 *bytes = kmalloc->sizes; *bytes; bytes++) {
		for (size_t n = 0; n < snapshot->count && outcome == REPLAY_SAME; n++) {
			struct recording_cursor c = recording_block_cursor(snapshot, n, r->path, st), value;
			char kname[SLAB_NAME];
			u32 size;

			if (snapshot->line[n].kind == LINE_CACHE && recording_find(&c, "kname", &value) &&
			    recording_word(&value, kname, sizeof(kname), "kname") && is_made_at_boot(kmalloc, kname) &&
			    key32(&c, "object_size", &size) && size == *bytes)
				outcome = load_cache_line(r, snapshot, n, st);
		}
	}
	return outcome;
}

/* The caches of the snapshot whose kernel's name is this one; length 0: all. */
static enum replay_outcome load_called(struct replay *r, const struct recording_block *snapshot, const char *kname,
				       size_t length, struct status *st)
{
	enum replay_outcome outcome = REPLAY_SAME;

	for (size_t n = 0; n < snapshot->count && outcome == REPLAY_SAME; n++)
		if (snapshot->line[n].kind == LINE_CACHE &&
		    (!length || makes(recording_block_text(snapshot, n), kname, length)))
			outcome = load_cache_line(r, snapshot, n, st);
	return outcome;
}

/* The oldest first, as far as a slabinfo has told their order: so the chain becomes the kernel's. */
static enum replay_outcome load_caches(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	const char *order = strbuf_str(&r->caches.order);
	enum replay_outcome outcome = REPLAY_SAME;
	size_t end = r->caches.order.length;

	while (end && outcome == REPLAY_SAME) {
		size_t begin = end - 1;

		while (begin && order[begin - 1] != '\n')
			begin--;
		if (begin + 1 < end)
			outcome = load_called(r, snapshot, order + begin, end - 1 - begin, st);
		end = begin;
	}
	if (outcome == REPLAY_SAME)
		outcome = load_boot(r, snapshot, st);
	return outcome == REPLAY_SAME ? load_called(r, snapshot, "", 0, st) : outcome;
}

enum replay_outcome replay_cache_load(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	static bool (*const passes[])(struct replay * r, enum line_kind kind, struct recording_cursor c) = {
		replay_slab_load,
		replay_slab_load_held,
		replay_slab_load_node,
	};
	enum replay_outcome outcome;

	if (!r->machine.slab.state)
		return REPLAY_SAME;
	r->machine.slab.state->up = 1;
	outcome = load_caches(r, snapshot, st);
	/* Objects in the arrays are named by their slabs, and totals are of slabs, which stand behind them. */
	for (size_t pass = 0; pass < ARRAY_SIZE(passes) && outcome == REPLAY_SAME; pass++)
		for (size_t n = 0; n < snapshot->count; n++)
			if (!passes[pass](r, snapshot->line[n].kind, recording_block_cursor(snapshot, n, r->path, st)))
				return REPLAY_BAD;
	return outcome;
}

enum replay_outcome replay_cache_load_listed(struct replay *r, struct recording_cursor c)
{
	struct recording_cursor start = c;
	enum replay_outcome outcome;
	struct kmem_cache *cache;
	struct asked asked;
	char name[SLAB_NAME];

	if (!r->machine.slab.state)
		return REPLAY_SAME;
	if (!recording_word(&c, name, sizeof(name), _("the name of a cache")))
		return REPLAY_BAD;
	if (replay_cache_find(&r->caches, name))
		return replay_cache_compare_line(r, LINE_CACHE, start);
	if (!read_asked(r, &c, &asked))
		return REPLAY_BAD;
	cache = make_cache(r, &asked, &start);
	if (!cache) {
		recording_expected(&start, _("a cache that the kernel makes before this"));
		return REPLAY_BAD;
	}
	outcome = load_rest(r, cache, &c) ? replay_cache_compare_geometry(r, cache, &start) : REPLAY_BAD;
	kmem_cache_unlink(slab_of_replay(r), cache);
	return outcome;
}

enum replay_outcome replay_cache_load_partner(struct replay *r, struct recording_cursor c, void *context,
					      enum replay_outcome (*merge)(void *context, struct kmem_cache *partner))
{
	struct recording_cursor start = c;
	enum replay_outcome outcome;
	struct kmem_cache *cache;
	struct asked asked;

	if (!read_asked(r, &c, &asked))
		return REPLAY_BAD;
	cache = make_cache(r, &asked, &start);
	if (!cache || !load_rest(r, cache, &c)) {
		recording_expected(&start, _("a cache that the kernel makes before this"));
		return REPLAY_BAD;
	}
	cache->refcount--;
	outcome = merge(context, cache);
	kmem_cache_unlink(slab_of_replay(r), cache);
	return outcome;
}
