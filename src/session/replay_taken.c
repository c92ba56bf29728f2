/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_taken.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"

#include <string.h>

#define DEPTH 4 /* most blocks that are looked for */
#define ORDERS 4 /* of slabs: 0 .. 3 */
#define MOST_OBJECTS 64 /* of one cache */
#define MOST_FREED 4 /* blocks that may have been given back */

/* What is looked for: the state with this hash. */
struct search {
	struct replay *r;
	u64 hash;
	gfp_t gfp[2]; /* unmovable, reclaimable */
	/* Blocks that are at the head of a list that has grown. */
	struct {
		pfn_t pfn;
		unsigned order;
	} freed[MOST_FREED];
	unsigned freed_count;
	unsigned pages; /* taken or given back so far */
	bool lost; /* no memory for a checkpoint */
};

static bool found(const struct search *search)
{
	return phys_state_hash(&search->r->machine.phys) == search->hash;
}

/* Takes a block, or gives one back; returns its pages, 0 if it cannot be done. */
static unsigned try(struct search *search, unsigned n)
{
	struct phys *p = &search->r->machine.phys;
	struct status why = STATUS_INIT;
	unsigned order;
	pfn_t pfn;

	if (n < 2 * ORDERS)
		return page_alloc(p, search->gfp[n / ORDERS], n % ORDERS) == PFN_NONE ? 0 : 1u << n % ORDERS;
	pfn = search->freed[n - 2 * ORDERS].pfn;
	order = search->freed[n - 2 * ORDERS].order;
	/* What was in use when the recording began is in nobody's hands here. */
	if (!(p->frame[pfn].flags & FRAME_HEAD) && !load_used_block(p, pfn, order, 0, &why))
		return 0;
	return page_free(p, pfn, order, &why) ? 1u << order : 0;
}

/* Takes and gives back `depth` blocks in every order of sizes and types, until the state is what is looked for. */
static bool take(struct search *search, unsigned depth)
{
	struct arena *arena = &search->r->machine.arena;

	if (depth == 0)
		return found(search);
	for (unsigned n = 0; n < 2 * ORDERS + search->freed_count; n++) {
		unsigned pages;

		if (!arena_checkpoint(arena)) {
			search->lost = true;
			return false;
		}
		pages = try(search, n);
		search->pages += pages;
		if (pages && take(search, depth - 1)) {
			arena_drop_oldest(arena);
			return true;
		}
		search->pages -= pages;
		if (search->lost)
			return false;
		arena_rollback(arena);
	}
	return false;
}

/* A `c pcp` or `c free` line of a list that has grown: its head may be what was given back. */
static bool find_freed(struct search *search, struct recording_cursor c)
{
	const struct phys_config *config = &search->r->machine.config;
	struct recording_place place;
	struct recording_cursor head;
	u64 pfn;

	c.at += strspn(c.at, " ");
	if (recording_skip(&c, "pcp ") ? !recording_pcp_list_place(&c, config, &place)
				       : recording_skip(&c, "free ") && !recording_free_place(&c, config, &place))
		return false;
	if (!recording_find(&c, "head", &head) || search->freed_count == MOST_FREED)
		return true;
	if (!recording_number(&head, config->max_pfn - 1, &pfn, _("a page frame")))
		return false;
	search->freed[search->freed_count].pfn = (pfn_t)pfn;
	search->freed[search->freed_count++].order = place.order;
	return true;
}

/* The hash of the state after the operation. */
static bool hash_after(struct replay *r, const struct recording_block *block, u64 *hash, struct status *st)
{
	for (size_t n = 1; n < block->count; n++) {
		struct recording_cursor c = recording_block_cursor(block, n, r->path, st);

		if (block->line[n].kind == LINE_AFTER)
			return recording_hex(&c, hash, _("the hash of the state"));
	}
	return true;
}

bool replay_taken_all(struct replay *r, const struct recording_block *block, struct status *st)
{
	u64 hash = 0;

	return hash_after(r, block, &hash, st) && phys_state_hash(&r->machine.phys) == hash;
}

/* A `c cache` line of a cache that has more objects in use than the model's: takes them. */
static bool take_objects(struct replay *r, struct recording_cursor c, gfp_t gfp, unsigned *objects)
{
	struct slab_system *s = &r->machine.slab;
	struct slab_info info = { 0 };
	struct replay_cache *entry;
	struct kmem_cache *cache;
	u64 inuse;

	c.at += strspn(c.at, " ");
	if (!recording_skip(&c, "cache "))
		return true;
	entry = replay_cache_at(&r->caches, &c);
	if (!entry || !recording_key(&c, "inuse", UINT32_MAX, &inuse))
		return false;
	if (entry->slot == REPLAY_CACHE_UNTOLD)
		return true;
	cache = &s->cache[entry->slot - 1];
	s->config->rules->info(s, cache, &info);
	if (inuse <= info.inuse || inuse - info.inuse > MOST_OBJECTS)
		return true;
	for (u64 n = info.inuse; n < inuse; n++)
		*objects += kmem_cache_alloc(s, cache, gfp) != 0;
	return true;
}

bool replay_taken_find(struct replay *r, const struct recording_block *block, unsigned *pages, unsigned *objects,
		       struct status *st)
{
	struct search search = { .r = r };
	gfp_t gfp;

	*pages = *objects = 0;
	if (!hash_after(r, block, &search.hash, st))
		return false;
	if (found(&search))
		return true;
	gfp = kmem_cache_gfp_kernel(&r->machine.slab);
	search.gfp[0] = gfp;
	search.gfp[1] = gfp | r->machine.phys.gfp->reclaimable;
	for (size_t n = 1; n < block->count; n++)
		if (block->line[n].kind == LINE_CHANGE &&
		    (!take_objects(r, recording_block_cursor(block, n, r->path, st), gfp, objects) ||
		     !find_freed(&search, recording_block_cursor(block, n, r->path, st))))
			return false;
	for (unsigned depth = 0; depth <= DEPTH && !search.lost; depth++) {
		if (take(&search, depth)) {
			*pages = search.pages;
			return true;
		}
	}
	return !search.lost ||
	       status_fail(st, STATUS_NO_MEMORY, _("%s: there is no memory to look for what the kernel took"), r->path);
}
