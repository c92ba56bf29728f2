/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/pressure.h"

#include "phys/mapping.h"
#include "phys/page_alloc.h"
#include "phys/shrinker.h"
#include "slab/kmem_cache.h"
#include "slab/slab_shrinker.h"

#include <stdio.h>
#include <stdlib.h>

#define REFAULTING (20u << 10) /* pages of the file that is read again and again; the machine has 16K */
#define SPARE 2000 /* pages that are left when memory is scattered */
#define ORDER 9

static void die(const char *why)
{
	fprintf(stderr, "bench: %s\n", why);
	exit(2);
}

static unsigned owner(struct machine *m, enum owner_kind kind, const char *name)
{
	struct status st = STATUS_INIT;
	unsigned n = mapping_make(&m->phys, kind, name, &st);

	if (!status_ok(&st))
		die(st.message);
	return n;
}

/* ------------------------------------------------------------- pages */

static unsigned fresh, again;
static u32 fresh_at, again_at;

static void read_next(struct machine *m, unsigned file, u32 *at, u32 pages)
{
	u32 brought;

	if (mapping_read(&m->phys, file, *at, 1, &brought) != USE_DONE)
		die("a page cannot be read");
	*at = (*at + 1) % pages;
}

void pressure_fill(struct machine *m)
{
	m->phys.reclaim->kswapd_mode = KSWAPD_OFF;
	fresh = owner(m, OWNER_FILE, "fresh");
	again = owner(m, OWNER_FILE, "again");
	fresh_at = again_at = 0;
	for (u32 n = 0; n < 2 * REFAULTING; n++)
		read_next(m, again, &again_at, REFAULTING);
}

void pressure_reclaim(struct machine *m, u64 count)
{
	while (count--) {
		/* All of it was read: it is forgotten, and begun anew. */
		if (fresh_at == RECLAIM_PAGES - 1) {
			mapping_end(&m->phys, fresh);
			fresh = owner(m, OWNER_FILE, "fresh");
			fresh_at = 0;
		}
		read_next(m, fresh, &fresh_at, RECLAIM_PAGES);
	}
}

void pressure_refault(struct machine *m, u64 count)
{
	while (count--)
		read_next(m, again, &again_at, REFAULTING);
}

/* ------------------------------------------------------------- compaction */

static u64 free_pages(const struct machine *m)
{
	u64 free = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		free += m->phys.zone[z].free;
	return free;
}

void pressure_scatter(struct machine *m)
{
	unsigned stays = owner(m, OWNER_PROCESS, "stays"), goes = owner(m, OWNER_PROCESS, "goes");
	u32 brought;

	m->phys.reclaim->kswapd_mode = KSWAPD_OFF;
	for (u32 n = 0; free_pages(m) > SPARE; n++) {
		mapping_touch(&m->phys, stays, n, 1, &brought);
		mapping_touch(&m->phys, goes, n, 1, &brought);
	}
	/* What is left in one piece is taken, too. */
	while (page_alloc(&m->phys, 0, ORDER) != PFN_NONE)
		continue;
	mapping_end(&m->phys, goes);
}

void pressure_compact(struct machine *m, u64 count)
{
	u64 stalls = reclaim_counted(&m->phys, -1, VM_COMPACT_STALL);
	gfp_t gfp = kmem_cache_gfp_kernel(&m->slab);

	while (count--) {
		/* With going back, so that the next one finds the same. */
		if (!arena_checkpoint(&m->arena))
			die("no checkpoint");
		if (page_alloc(&m->phys, gfp, ORDER) == PFN_NONE ||
		    reclaim_counted(&m->phys, -1, VM_COMPACT_STALL) == stalls)
			die("compaction did not help");
		arena_rollback(&m->arena);
	}
}

/* ------------------------------------------------------------- objects */

static struct kmem_cache *names;

void pressure_shrink(struct machine *m, u64 count)
{
	gfp_t gfp = kmem_cache_gfp_kernel(&m->slab);

	while (count--) {
		u64 object = kmem_cache_alloc(&m->slab, names, gfp);

		if (!object)
			die("no object");
		slab_shrinker_add(&m->slab, names, object);
	}
}

void pressure_objects(struct machine *m)
{
	/* Only reclaim is measured, not what mixing of page types brings with it. */
	m->phys.state->watermark_boost_factor = 0;
	names = kmem_cache_create(&m->slab, "names", 200, 0, m->slab.config->rules->flag->reclaim_account, CTOR_NONE);
	if (!names || !slab_shrinker_register(&m->slab, names, SHRINKER_SEEKS))
		die("no cache");
	pressure_shrink(m, 400000);
}
