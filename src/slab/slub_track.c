/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_track.h"

#include "phys/page_alloc.h"
#include "slab/kmalloc.h"

#define DEPOT_ORDER 2 /* pages of a block of the depot */
#define DEPOT_ALIGN 4 /* traces begin at multiples of 16 bytes */
#define HANDLE_OFFSET 16 /* a handle: number of the block, place in it in units of 16 bytes, a bit that says valid */
#define HANDLE_VALID (1u << 26)
#define TRACE_BYTES 96 /* of a stored trace: of the depth that the recorded kernel's had */

/* The table has an entry for each 16 KiB of memory. */
#define TABLE_SCALE 14
#define TABLE_LEAST (UINT64_C(1) << 12)
#define TABLE_MOST (UINT64_C(1) << 20)

#define PID 1 /* init, which does everything */

/* ------------------------------------------------------------- the depot */

void slub_track_boot(struct slab_system *s)
{
	s->state->depot.made = 1;
}

/* nr_free_buffer_pages(): pages above the high watermarks that the kernel itself can use. */
static u64 buffer_pages(const struct phys *p)
{
	u64 pages = 0;

	for (unsigned z = 0; z < p->config->zones; z++) {
		u64 high = (u64)p->zone[z].wmark[WMARK_HIGH] + p->zone[z].boost;

		if (p->config->zone[z].type <= p->config->gfp_zone[0] && p->zone[z].managed > high)
			pages += p->zone[z].managed - high;
	}
	return pages;
}

void slub_track_init(struct slab_system *s)
{
	u64 wanted = (buffer_pages(s->phys) << s->phys->config->page_shift) >> TABLE_SCALE, entries = TABLE_LEAST;
	const struct gfp_bits *g = s->phys->gfp;
	u32 present = s->phys->state->owner;

	if (s->state->depot.made)
		return;
	while (entries < wanted && entries < TABLE_MOST)
		entries *= 2;
	EMIT(s->phys->observer, SLUB_DEPOT_TABLE, entries);
	/* As its blocks are, the table is the kernel's for good. */
	s->phys->state->owner = 0;
	if (kmalloc_alloc(s, entries * s->config->word, kmem_cache_gfp_kernel(s) | g->nowarn | g->noretry | g->zero))
		s->state->depot.made = 1;
	s->phys->state->owner = present;
}

/* The block is the kernel's for good, and not that command's that happened to need it. */
static void add_block(struct slab_system *s)
{
	const struct gfp_bits *g = s->phys->gfp;
	u32 present = s->phys->state->owner;

	EMIT(s->phys->observer, SLUB_DEPOT_PAGES);
	s->phys->state->owner = 0;
	if (page_alloc(s->phys, g->kswapd | g->nowarn, DEPOT_ORDER) != PFN_NONE)
		s->state->depot.slabs++;
	s->phys->state->owner = present;
}

u32 slub_track_save(struct slab_system *s, enum track_kind kind)
{
	struct stack_depot *depot = &s->state->depot;

	if (depot->handle[kind] || !depot->made)
		return depot->handle[kind];
	/* It keeps one block ahead of the one that it fills. */
	if (depot->slabs < 2)
		add_block(s);
	if (!depot->slabs)
		return 0;
	depot->handle[kind] = HANDLE_VALID | (depot->used >> DEPOT_ALIGN) << HANDLE_OFFSET;
	depot->used += TRACE_BYTES;
	return depot->handle[kind];
}

/* ------------------------------------------------------------- records */

static u64 place(const struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind)
{
	return slab_physical(s, object) + slub_geometry_info_end(s->config, cache) +
	       (kind == TRACK_FREE ? slub_geometry_track(s->config->word) : 0);
}

/* Where the last word of a record begins. */
static u32 when_offset(const struct slab_system *s)
{
	return slub_geometry_track(s->config->word) - s->config->word;
}

u64 slub_track_jiffies(const struct slab_system *s)
{
	return (u32)(0 - 300 * s->config->hz) + s->state->ticks;
}

void slub_track_write(struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind,
		      u32 handle)
{
	u32 word = s->config->word;
	u64 at = place(s, cache, object, kind);

	if (!(cache->flags & SLUB_STORE_USER))
		return;
	page_store(s->phys, at, s->phys->state->owner, word);
	page_store(s->phys, at + word, handle, 4);
	page_store(s->phys, at + word + 4, s->phys->state->cpu, 4);
	page_store(s->phys, at + word + 8, PID, 4);
	page_store(s->phys, at + when_offset(s), slub_track_jiffies(s), word);
}

void slub_track_set(struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind)
{
	if (cache->flags & SLUB_STORE_USER)
		slub_track_write(s, cache, object, kind, slub_track_save(s, kind));
}

void slub_track_clear(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	if (cache->flags & SLUB_STORE_USER)
		page_fill(s->phys, place(s, cache, object, TRACK_ALLOC), 0,
			  SLUB_TRACK_USERS * slub_geometry_track(s->config->word));
}

struct slub_track slub_track_read(const struct slab_system *s, const struct kmem_cache *cache, u64 object,
				  enum track_kind kind)
{
	u32 word = s->config->word;
	u64 at = place(s, cache, object, kind);

	return (struct slub_track){
		.who = page_load(s->phys, at, word),
		.handle = (u32)page_load(s->phys, at + word, 4),
		.cpu = (u32)page_load(s->phys, at + word + 4, 4),
		.pid = (u32)page_load(s->phys, at + word + 8, 4),
		.when = page_load(s->phys, at + when_offset(s), word),
	};
}
