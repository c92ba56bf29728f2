/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects that can be given up, under random requests, against a naive model:
 * which objects are held, and which are unused, in the order in which they
 * became so.  Whatever reclaim takes is taken from the front of that row; what
 * is left keeps what was written to it; and all invariants hold.  Now and then
 * time goes back, and the state is as it was.
 *
 * SEED=n repeats a run, OPS=n sets its length (a machine).
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/kswapd.h"
#include "phys/page_alloc.h"
#include "phys/shrinker.h"
#include "slab/kmem_cache.h"
#include "slab/slab_shrinker.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECTS 20000
#define TAKEN 16000
#define CACHES 3
#define STAMP 8 /* bytes at the start of an object that say which it is */

/* Of one cache: held objects in no order, unused ones with the oldest first. */
struct keeper {
	struct kmem_cache *cache;
	u64 held[OBJECTS], unused[OBJECTS];
	unsigned helds, unuseds;
};

struct world {
	struct keeper owner[CACHES];
	pfn_t page[TAKEN];
	unsigned taken;
};

struct run {
	struct machine m;
	struct rng rng;
	struct world now, before;
	char wrong[200];
};

static bool wrong(struct run *r, const char *what, u64 at)
{
	snprintf(r->wrong, sizeof r->wrong, "%s: 0x%" PRIx64, what, at);
	return false;
}

static unsigned below(struct run *r, unsigned n)
{
	return (unsigned)rng_below(&r->rng, n);
}

static gfp_t mask(struct run *r)
{
	static const char *const names[] = { "GFP_KERNEL", "GFP_KERNEL", "GFP_NOFS", "GFP_ATOMIC" };
	gfp_t gfp = 0, quiet = 0, once = 0;

	gfp_by_name(r->m.config.gfp, names[below(r, ARRAY_SIZE(names))], &gfp);
	gfp_by_name(r->m.config.gfp, "__GFP_NOWARN", &quiet);
	/* Where there is no process to kill, a kernel that is out of memory panics. */
	gfp_by_name(r->m.config.gfp, "__GFP_NORETRY", &once);
	return gfp | quiet | once;
}

static u64 at_physical(const struct run *r, u64 address)
{
	return slab_physical(&r->m.slab, address);
}

/* ------------------------------------------------------------- the model */

/* What the list lacks must be its oldest. */
static bool given_up(struct run *r, struct keeper *o)
{
	const struct slab_unused *list = slab_shrinker_list(&r->m.slab, o->cache);
	unsigned gone;
	u64 at = list->oldest;

	if (list->count > o->unuseds)
		return wrong(r, "objects became unused by themselves", list->count);
	gone = o->unuseds - list->count;
	memmove(o->unused, o->unused + gone, list->count * sizeof o->unused[0]);
	o->unuseds = list->count;
	for (unsigned n = 0; n < o->unuseds; n++) {
		if (at != o->unused[n])
			return wrong(r, "an object that was not the oldest is gone", o->unused[n]);
		at = slab_shrinker_next(&r->m.slab, at);
	}
	return true;
}

static bool keeps(struct run *r, u64 object)
{
	return page_load(&r->m.phys, at_physical(r, object), STAMP) == object ||
	       wrong(r, "an object lost what was written to it", object);
}

static bool compare(struct run *r)
{
	for (unsigned n = 0; n < CACHES; n++) {
		struct keeper *o = &r->now.owner[n];
		struct slab_info info;

		if (!given_up(r, o))
			return false;
		r->m.slab.config->rules->info(&r->m.slab, o->cache, &info);
		if (info.inuse != o->helds + o->unuseds)
			return wrong(r, "a cache counts other objects in use", info.inuse);
	}
	return true;
}

static bool all_keep(struct run *r)
{
	for (unsigned n = 0; n < CACHES; n++) {
		const struct keeper *o = &r->now.owner[n];

		for (unsigned i = 0; i < o->helds; i++)
			if (!keeps(r, o->held[i]))
				return false;
		for (unsigned i = 0; i < o->unuseds; i++)
			if (!keeps(r, o->unused[i]))
				return false;
	}
	return true;
}

/* ------------------------------------------------------------- operations */

static bool allocate(struct run *r, struct keeper *o)
{
	u64 object = o->helds + o->unuseds < OBJECTS ? kmem_cache_alloc(&r->m.slab, o->cache, mask(r)) : 0;

	if (!object)
		return true;
	page_store(&r->m.phys, at_physical(r, object), object, STAMP);
	o->held[o->helds++] = object;
	return true;
}

/* One that was held is needed no more; it stays, or goes at once. */
static bool let_go(struct run *r, struct keeper *o, bool keep)
{
	unsigned n = o->helds ? below(r, o->helds) : 0;
	u64 object = o->held[n];

	if (!o->helds)
		return true;
	o->held[n] = o->held[--o->helds];
	if (!keep) {
		kmem_cache_free(&r->m.slab, o->cache, object);
		return true;
	}
	o->unused[o->unuseds++] = object;
	return slab_shrinker_add(&r->m.slab, o->cache, object) || wrong(r, "it was on the list", object);
}

/* One that was unused is needed again, or freed. */
static bool take(struct run *r, struct keeper *o, bool keep)
{
	unsigned n = o->unuseds ? below(r, o->unuseds) : 0;
	u64 object = o->unused[n];

	if (!o->unuseds)
		return true;
	memmove(&o->unused[n], &o->unused[n + 1], (o->unuseds - n - 1) * sizeof o->unused[0]);
	o->unuseds--;
	if (!keep) {
		kmem_cache_free(&r->m.slab, o->cache, object);
		return true;
	}
	o->held[o->helds++] = object;
	return slab_shrinker_take(&r->m.slab, o->cache, object) || wrong(r, "it was not on the list", object);
}

static bool others(struct run *r, bool taking)
{
	struct status st = STATUS_INIT;
	pfn_t pfn;

	for (unsigned n = 0; n < 200; n++) {
		if (!taking && r->now.taken && !page_free(&r->m.phys, r->now.page[--r->now.taken], 0, &st))
			return wrong(r, st.message, 0);
		if (!taking || r->now.taken == TAKEN)
			continue;
		pfn = page_alloc(&r->m.phys, mask(r), 0);
		if (pfn != PFN_NONE)
			r->now.page[r->now.taken++] = pfn;
	}
	return true;
}

static bool go_back(struct run *r, u64 hash)
{
	arena_rollback(&r->m.arena);
	r->now = r->before;
	return machine_hash(&r->m) == hash || wrong(r, "going back gave another state", hash);
}

static bool operate(struct run *r)
{
	struct keeper *o = &r->now.owner[below(r, CACHES)];
	unsigned what = below(r, 1000);

	if (what < 10)
		r->m.phys.state->cpu = below(r, r->m.config.cpus);
	else if (what < 25)
		return others(r, below(r, 3));
	else if (what < 30)
		kmem_cache_shrink(&r->m.slab, o->cache);
	else if (what < 35)
		kswapd_let_time_pass(&r->m.phys, 100);
	else if (what < 37)
		shrinker_drop(&r->m.phys);
	else if (what < 600)
		return allocate(r, o);
	else if (what < 880)
		return let_go(r, o, true);
	else if (what < 920)
		return let_go(r, o, false);
	else
		return take(r, o, what < 970);
	return true;
}

/* Some operations, of which the last ones are taken back now and then. */
static bool play(struct run *r, u64 operations, struct status *st)
{
	u64 hash = 0;

	for (u64 n = 1; n <= operations; n++) {
		if (n % 500 == 100) {
			r->before = r->now;
			hash = machine_hash(&r->m);
			if (!arena_checkpoint(&r->m.arena))
				return wrong(r, "no checkpoint", n);
		}
		if (!operate(r) || !compare(r))
			return false;
		if (slab_is_down(&r->m.slab))
			return wrong(r, "the kernel is down at operation", n);
		if (n % 500 == 200 && below(r, 2) && !go_back(r, hash))
			return false;
		if (n % 200 == 0 && (!all_keep(r) || !invariants_hold(&r->m, st)))
			return *r->wrong ? false : wrong(r, st->message, n);
	}
	/* A run of some length in which reclaim asked for nothing tries nothing. */
	return operations < 10000 || reclaim_counted(&r->m.phys, -1, VM_SLABS_SCANNED) > 1000 ||
	       wrong(r, "hardly an object was asked for", operations);
}

/* Objects of 40, 300 and 2000 bytes, that cost different work to make again. */
static bool set_up(struct run *r)
{
	static const u32 sizes[CACHES] = { 40, 300, 2000 };
	const struct slab_flags *f = r->m.slab.config->rules->flag;
	char name[] = "shrunk0";

	for (u32 n = 0; n < CACHES; n++, name[6]++) {
		struct keeper *o = &r->now.owner[n];

		o->cache = kmem_cache_create(&r->m.slab, name, sizes[n], 0, f->reclaim_account, CTOR_ZERO);
		if (!o->cache || !slab_shrinker_register(&r->m.slab, o->cache, n + 1))
			return wrong(r, "no cache", n);
	}
	return true;
}

static bool run(const char *name, const char *setting, u64 seed, u64 operations)
{
	struct status st = STATUS_INIT;
	struct machine_desc desc;
	struct run *r = calloc(1, sizeof *r);
	bool good = r && desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st) &&
		    desc_set(&desc, setting, &st) && machine_boot(&r->m, &desc, NULL, &st);

	if (!good) {
		fprintf(stderr, "%s: %s\n", name, st.message);
		free(r);
		return false;
	}
	r->rng = (struct rng){ seed };
	good = set_up(r) && play(r, operations, &st);
	if (!good)
		fprintf(stderr, "%s, SEED=%" PRIu64 ": %s\n", name, seed, r->wrong);
	machine_free(&r->m);
	free(r);
	return good;
}

int main(void)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };
	static const char *const settings[] = { "cpus=1", "cpus=2", "slab_debug=yes" };
	u64 seed = from_environment("SEED", 618), operations = from_environment("OPS", 20000);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 "\n", seed, operations);
	for (size_t k = 0; k < ARRAY_SIZE(machines); k++)
		for (size_t n = 0; n < ARRAY_SIZE(settings); n++)
			good = run(machines[k], settings[n], seed + n, operations) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
