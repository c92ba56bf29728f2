/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cache_ops.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "session/replay_cache_compare.h"
#include "session/replay_cache_load.h"
#include "session/replay_object.h"
#include "slab/kmalloc.h"

#include <string.h>

static struct slab_system *slab_of_op(struct replay_op *op)
{
	return &op->r->machine.slab;
}

void replay_cache_ops_begin(struct replay *r)
{
	strbuf_clear(&r->printed);
}

/* ------------------------------------------------------------- results */

/* obj= pfn= idx= off= slab= and what the slab is then. */
static void print_object(const struct slab_system *s, const struct kmem_cache *cache, u64 address, struct strbuf *out)
{
	pfn_t pfn = slab_of(s, address);
	const struct page_slab *slab;
	u32 inuse;

	strbuf_printf(out, "obj=%llx", (unsigned long long)address);
	if (pfn == PFN_NONE)
		return;
	slab = &page_find(s->phys, pfn)->slab;
	replay_object_put_place(s, cache, address, out);
	strbuf_printf(out, " off=%llu slab=%u", (unsigned long long)(address - slab_address(s, pfn)), (unsigned)pfn);
	inuse = slab->inuse;
	if (s->cpu) {
		strbuf_printf(out, " inuse=%u/%u frozen=%u", (unsigned)inuse, slab->objects, slab->frozen);
		return;
	}
	strbuf_printf(out, " active=%u/%u s_mem=+%u colour=%u", (unsigned)inuse, (unsigned)cache->num,
		      (unsigned)slab->s_mem, (unsigned)(slab->colour / cache->slab.colour_off));
}

/* ------------------------------------------------------------- arguments */

/* c=<n>(<name>) */
static struct replay_cache *cache_argument(struct replay_op *op)
{
	struct recording_cursor value;
	struct replay_cache *entry;
	char name[SLAB_NAME];
	size_t length;
	u64 number;

	if (!recording_find(&op->args, "c", &value)) {
		recording_expected(&op->args, "c=");
		return NULL;
	}
	if (!recording_number(&value, UINT32_MAX, &number, _("the number of a cache")) ||
	    !recording_literal(&value, "("))
		return NULL;
	length = strcspn(value.at, ")");
	if (length == 0 || length >= sizeof(name) || value.at[length] != ')') {
		recording_expected(&value, _("the name of a cache"));
		return NULL;
	}
	memcpy(name, value.at, length);
	name[length] = '\0';
	entry = replay_cache_find(&op->r->caches, name);
	if (!entry)
		recording_expected(&value, _("a cache that was watched from the start, or created since"));
	return entry;
}

static struct kmem_cache *cache_of(struct replay_op *op, const struct replay_cache *entry)
{
	return &slab_of_op(op)->cache[entry->slot - 1];
}

/* name=, a word. */
static bool name_argument(struct replay_op *op, char name[SLAB_NAME])
{
	struct recording_cursor value;

	if (!recording_find(&op->args, "name", &value))
		return recording_expected(&op->args, "name=");
	return recording_word(&value, name, SLAB_NAME, _("the name of a cache"));
}

/* 0x<hexadecimal>, as flags are written. */
static bool flags_argument(struct replay_op *op, u32 *flags)
{
	struct recording_cursor value;
	u64 number;

	if (!recording_find(&op->args, "flags", &value))
		return recording_expected(&op->args, "flags=");
	if (!recording_literal(&value, "0x") || !recording_hex(&value, &number, _("flags")))
		return false;
	*flags = (u32)number;
	return number <= UINT32_MAX || recording_expected(&value, _("flags of 32 bits before this"));
}

/* ------------------------------------------------------------- caches */

struct creation {
	char name[SLAB_NAME];
	u64 size, align, ctor;
	u32 flags;
};

static bool read_creation(struct replay_op *op, struct creation *creation)
{
	u64 number;

	if (!replay_op_number(op, "c", &number) || !name_argument(op, creation->name))
		return false;
	if (number < REPLAY_CACHE_NUMBERS)
		memcpy(op->r->cache_name[number], creation->name, SLAB_NAME);
	return replay_op_number(op, "size", &creation->size) && replay_op_number(op, "align", &creation->align) &&
	       flags_argument(op, &creation->flags) && recording_key(&op->args, "ctor", 1, &creation->ctor);
}

static struct kmem_cache *create(struct slab_system *s, const struct creation *creation)
{
	return kmem_cache_create(s, creation->name, creation->size, creation->align, creation->flags,
				 creation->ctor ? CTOR_PATTERN : CTOR_NONE);
}

/*
 * cache=<address> [merged].  Where the cache of caches is not watched, the
 * address is the recording's.
 */
static enum replay_outcome compare_cache(struct replay_op *op, struct kmem_cache *cache, bool merged)
{
	struct strbuf got = STRBUF_INIT;
	struct recording_cursor c;
	u64 address;

	if (!cache->at && !slab_of_op(op)->state->cache_of_caches) {
		struct replay_op first = *op;

		if (!replay_op_need_result(&first, &c))
			return REPLAY_BAD;
		if (!recording_skip(&c, "cache="))
			return replay_op_differs(op, &c, "cache=");
		if (!recording_hex(&c, &address, _("an address")))
			return REPLAY_BAD;
		arena_touch(&op->r->machine.arena, cache);
		cache->at = address;
	}
	strbuf_printf(&got, "cache=%llx%s", (unsigned long long)cache->at, merged ? " merged" : "");
	return replay_object_compare(op, &got);
}

/* A creation that the recording merges with a cache that the model does not have. */
struct merging {
	struct replay_op *op;
	const struct creation *creation;
	struct recording_cursor line; /* CACHE */
};

/* Would the model merge them as well? */
static enum replay_outcome merge(void *context, struct kmem_cache *partner)
{
	const struct merging *merging = context;
	struct slab_system *s = slab_of_op(merging->op);
	struct kmem_cache *cache = create(s, merging->creation);

	if (cache == partner)
		return replay_cache_compare_geometry(merging->op->r, cache, &merging->line);
	strbuf_printf(&merging->op->r->difference.expected, _("cache %s merged with %s"), merging->creation->name,
		      partner->name);
	strbuf_puts(&merging->op->r->difference.got, cache ? _("a cache of its own") : "NULL");
	if (cache)
		kmem_cache_destroy(s, cache);
	return replay_differs(merging->op->r, merging->line.line);
}

/* The CACHE line of this operation, if it names a cache that is not in the model. */
static bool finds_partner(struct replay_op *op, struct recording_cursor *line)
{
	struct recording_cursor c, kname;
	char name[SLAB_NAME];
	bool merged = false;

	for (size_t n = 1; n < op->block->count; n++) {
		c = recording_block_cursor(op->block, n, op->r->path, op->st);
		merged |= op->block->line[n].kind == LINE_RESULT && strstr(c.at, " merged") != NULL;
		if (op->block->line[n].kind != LINE_CACHE || !merged || !recording_find(&c, "kname", &kname))
			continue;
		*line = c;
		return recording_word(&kname, name, sizeof(name), _("the name of a cache")) &&
		       !kmem_cache_by_name(slab_of_op(op), name);
	}
	return false;
}

static enum replay_outcome create_merged(struct replay_op *op, const struct creation *creation,
					 struct recording_cursor line)
{
	struct merging merging = { op, creation, line };
	struct recording_cursor rest;
	enum replay_outcome outcome;

	outcome = replay_cache_load_partner(op->r, line, &merging, merge);
	if (outcome != REPLAY_SAME)
		return outcome;
	op->r->untold = true;
	if (!replay_cache_add(&op->r->caches, creation->name, REPLAY_CACHE_UNTOLD, op->r->path, op->st))
		return REPLAY_BAD;
	return replay_op_need_result(op, &rest) ? REPLAY_SAME : REPLAY_BAD;
}

enum replay_outcome replay_cache_ops_create(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	struct recording_cursor partner;
	struct creation creation;
	struct replay_cache *entry;
	struct kmem_cache *cache;
	u32 before;

	if (!read_creation(op, &creation))
		return REPLAY_BAD;
	if (finds_partner(op, &partner))
		return create_merged(op, &creation, partner);
	before = s->state->caches;
	cache = create(s, &creation);
	if (slab_is_down(s))
		return replay_object_bug(op);
	if (!cache)
		return replay_op_compare(op, "NULL", NULL);
	entry = replay_cache_add(&op->r->caches, creation.name, slab_slot(s, cache) + 1, op->r->path, op->st);
	if (!entry)
		return REPLAY_BAD;
	entry->made = true;
	replay_cache_compare_tell(op->r, entry);
	return compare_cache(op, cache, s->state->caches == before);
}

enum replay_outcome replay_cache_ops_destroy(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	struct strbuf got = STRBUF_INIT;
	struct replay_cache *entry;
	char name[SLAB_NAME];
	u64 refcount;
	bool gone;
	u32 slot;

	if (!name_argument(op, name))
		return REPLAY_BAD;
	entry = replay_cache_find(&op->r->caches, name);
	if (!entry) {
		recording_expected(&op->args, _("a cache that was watched from the start, or created since"));
		return REPLAY_BAD;
	}
	if (entry->slot == REPLAY_CACHE_UNTOLD) {
		op->r->untold = true;
		return replay_op_compare(op, "still_listed=0", NULL);
	}
	refcount = cache_of(op, entry)->refcount;
	if (!recording_key_if(&op->args, "refcount", UINT32_MAX, &refcount))
		return REPLAY_BAD;
	if (refcount != cache_of(op, entry)->refcount) {
		strbuf_printf(&op->r->difference.expected, "refcount=%llu", (unsigned long long)refcount);
		strbuf_printf(&op->r->difference.got, "refcount=%u", (unsigned)cache_of(op, entry)->refcount);
		return replay_differs(op->r, op->args.line);
	}
	slot = entry->slot;
	gone = kmem_cache_destroy(s, cache_of(op, entry));
	if (slab_is_down(s))
		return replay_object_bug(op);
	if (!s->cache[slot - 1].used)
		replay_cache_forget(&op->r->caches, slot);
	/* 6.1's recorder does not look any more at what it could not destroy; at what other names have, it does. */
	else if (!gone && op->p->config->gfp != GFP_2_6)
		entry->slot = SLAB_NONE;
	if (op->p->config->gfp == GFP_2_6)
		strbuf_printf(&got, "%d ", gone ? 0 : 1);
	strbuf_printf(&got, "still_listed=%d", kmem_cache_by_name(s, name) ? 1 : 0);
	return replay_object_compare(op, &got);
}

enum replay_outcome replay_cache_ops_shrink(struct replay_op *op)
{
	struct replay_cache *entry = cache_argument(op);
	struct strbuf got = STRBUF_INIT;

	if (!entry)
		return REPLAY_BAD;
	if (entry->slot == REPLAY_CACHE_UNTOLD) {
		struct recording_cursor c;

		op->r->untold = true;
		return replay_op_need_result(op, &c) ? REPLAY_SAME : REPLAY_BAD;
	}
	strbuf_printf(&got, "%d", kmem_cache_shrink(slab_of_op(op), cache_of(op, entry)));
	return replay_object_compare(op, &got);
}

enum replay_outcome replay_cache_ops_reap(struct replay_op *op)
{
	u64 ticks;

	if (!replay_op_number(op, "ticks", &ticks))
		return REPLAY_BAD;
	slab_of_op(op)->state->ticks += ticks;
	kmem_cache_reap(slab_of_op(op));
	return REPLAY_SAME;
}

/* ------------------------------------------------------------- objects */

/* An object of a cache of which nobody knows what is in it: the one that the recording names. */
static enum replay_outcome alloc_untold(struct replay_op *op)
{
	struct recording_cursor c;
	u64 address;

	op->r->untold = true;
	if (!replay_op_need_result(op, &c))
		return REPLAY_BAD;
	if (strncmp(c.at, "NULL", 4) == 0)
		return REPLAY_SAME;
	return recording_key_hex(&c, "obj", &address) && replay_object_hold(op, address, REPLAY_CACHE_UNTOLD)
		   ? REPLAY_SAME
		   : REPLAY_BAD;
}

static enum replay_outcome alloc(struct replay_op *op, bool zeroed)
{
	struct slab_system *s = slab_of_op(op);
	struct replay_cache *entry = cache_argument(op);
	struct strbuf got = STRBUF_INIT;
	u64 address;
	gfp_t gfp;

	if (!entry || !replay_op_gfp(op, &gfp))
		return REPLAY_BAD;
	if (entry->slot == REPLAY_CACHE_UNTOLD)
		return alloc_untold(op);
	address =
	    zeroed ? kmem_cache_zalloc(s, cache_of(op, entry), gfp) : kmem_cache_alloc(s, cache_of(op, entry), gfp);
	if (slab_is_down(s))
		return replay_object_bug(op);
	if (!address)
		return replay_op_compare(op, "NULL", NULL);
	if (!replay_object_hold(op, address, entry->slot))
		return REPLAY_BAD;
	print_object(s, cache_of(op, entry), address, &got);
	return replay_object_compare(op, &got);
}

enum replay_outcome replay_cache_ops_alloc(struct replay_op *op)
{
	return alloc(op, false);
}

enum replay_outcome replay_cache_ops_zalloc(struct replay_op *op)
{
	return alloc(op, true);
}

enum replay_outcome replay_cache_ops_free(struct replay_op *op)
{
	struct slab_system *s = slab_of_op(op);
	struct replay_cache *entry = cache_argument(op);
	struct replay_handle *handle;
	enum replay_outcome outcome;
	u64 address;

	if (!entry)
		return REPLAY_BAD;
	outcome = replay_object_argument(op, &handle, &address);
	if (outcome != REPLAY_SAME)
		return outcome;
	handle->held = false;
	op->r->untold = entry->slot == REPLAY_CACHE_UNTOLD;
	if (op->r->untold)
		return REPLAY_SAME;
	kmem_cache_free(s, cache_of(op, entry), address);
	return slab_is_down(s) ? replay_object_bug(op) : REPLAY_SAME;
}

/* ------------------------------------------------------------- creations before the first snapshot */

/* One operation of the block, at lines from .. to-1. */
static enum replay_outcome before(struct replay_op *op, size_t from, size_t to)
{
	struct slab_system *s = slab_of_op(op);
	enum replay_outcome outcome = REPLAY_SAME;
	struct creation creation, again;
	struct kmem_cache *cache;

	if (!read_creation(op, &creation))
		return REPLAY_BAD;
	/* The cache itself was loaded: this one is another, of a name that nobody has. */
	again = creation;
	strcpy(again.name, "~");
	cache = create(s, &again);
	if (cache)
		memcpy(cache->name, creation.name, sizeof(cache->name));
	for (size_t n = from + 1; n < to && outcome == REPLAY_SAME; n++) {
		struct recording_cursor c = recording_block_cursor(op->block, n, op->r->path, op->st);

		if (op->block->line[n].kind == LINE_CACHE && cache)
			outcome = replay_cache_compare_geometry(op->r, cache, &c);
		else if (op->block->line[n].kind == LINE_CACHE)
			outcome = replay_op_differs(op, &c, "%s", slab_is_down(s) ? "BUG" : "NULL");
	}
	down_forget(s->phys);
	if (cache)
		kmem_cache_destroy(s, cache);
	return outcome;
}

enum replay_outcome replay_cache_ops_before(struct replay *r, const struct recording_block *block, size_t from,
					    size_t to, struct status *st)
{
	struct replay_op op = { .r = r, .p = &r->machine.phys, .block = block, .st = st };
	bool no_merge = r->machine.slab_config.no_merge;
	enum replay_outcome outcome;
	struct recording_cursor merged;
	char name[48];
	u64 number;

	op.args = recording_block_cursor(block, from, r->path, st);
	if (!recording_number(&op.args, UINT32_MAX, &number, _("the operation's number")) ||
	    !recording_word(&op.args, name, sizeof(name), _("the operation's name")))
		return REPLAY_BAD;
	if (strcmp(name, "kmem_cache_create") != 0 || !r->machine.slab.state)
		return REPLAY_SAME;
	/* The cache that it was merged with is not there yet. */
	for (size_t n = from + 1; n < to; n++) {
		merged = recording_block_cursor(block, n, r->path, st);
		if (block->line[n].kind == LINE_RESULT && strstr(merged.at, " merged"))
			return REPLAY_SAME;
	}
	r->machine.slab_config.no_merge = true;
	outcome = before(&op, from, to);
	r->machine.slab_config.no_merge = no_merge;
	return outcome;
}
