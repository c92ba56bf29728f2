/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLAB of both kernels under random requests, against a naive model: which
 * objects are out, each filled with a byte of its own.  No two overlap, each
 * lies in a slab of its cache, where objects begin, and keeps what was written
 * to it; a cache counts as in use what is out; no page is lost; and all
 * invariants hold.  Time passes, so that the reaper has its share, memory runs
 * short, and CPUs take turns.
 *
 * SEED=n repeats a run, OPS=n sets its length (a machine), EVERY=n walks the
 * invariants after every n-th operation only.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT 2500
#define CACHES 10
#define TAKEN 6000 /* pages that others hold */

struct object {
	u64 at, bytes;
	struct kmem_cache *cache; /* NULL: of kmalloc() */
	u32 pages; /* that it has to itself */
	u8 stamp;
};

struct run {
	struct machine m;
	struct slab_system *s;
	struct rng rng;
	struct object out[OUT];
	struct kmem_cache *cache[CACHES];
	unsigned count, caches, names, taken;
	pfn_t page[TAKEN];
	u64 pages; /* in all */
	bool growing;
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

static gfp_t mask(const struct run *r, const char *name)
{
	gfp_t value = 0;

	gfp_by_name(r->m.config.gfp, name, &value);
	return value;
}

/* What the kernel prints about damage; that a cache is in use, or a name is there twice, is none. */
static void printed(void *context, const char *line)
{
	struct run *r = context;

	if (strstr(line, "kmem_cache_destroy"))
		return;
	if (strstr(line, "slab error") || strstr(line, "corruption") || strstr(line, "BUG"))
		wrong(r, line, 0);
}

/* ------------------------------------------------------------- the model */

static bool keeps(struct run *r, const struct object *o)
{
	u8 bytes[256];

	for (u64 at = 0; at < o->bytes; at += sizeof bytes) {
		size_t n = o->bytes - at < sizeof bytes ? (size_t)(o->bytes - at) : sizeof bytes;

		page_read(&r->m.phys, slab_physical(r->s, o->at + at), bytes, n);
		for (size_t i = 0; i < n; i++)
			if (bytes[i] != o->stamp)
				return wrong(r, "an object lost what was written to it", o->at + at + i);
	}
	return true;
}

static bool put_out(struct run *r, struct object o)
{
	const struct kmem_cache *of = kmem_cache_of(r->s, o.at);

	for (unsigned n = 0; n < r->count; n++)
		if (o.at < r->out[n].at + r->out[n].bytes && r->out[n].at < o.at + o.bytes)
			return wrong(r, "two objects overlap", o.at);
	if (o.cache && of != o.cache)
		return wrong(r, "an object is in no slab of its cache", o.at);
	if (of) {
		const struct page *slab = page_find(&r->m.phys, slab_of(r->s, o.at));
		u64 offset = o.at - slab_address(r->s, slab->pfn) - slab->slab.s_mem - of->slab.obj_offset;

		if (offset % of->size || offset / of->size >= of->num)
			return wrong(r, "no object begins there", o.at);
	}
	o.stamp = (u8)below(r, 256);
	page_fill(&r->m.phys, slab_physical(r->s, o.at), o.stamp, (size_t)o.bytes);
	r->out[r->count++] = o;
	return true;
}

static bool take_back(struct run *r, unsigned n)
{
	struct object o = r->out[n];

	if (!keeps(r, &o))
		return false;
	r->out[n] = r->out[--r->count];
	if (o.cache)
		kmem_cache_free(r->s, o.cache, o.at);
	else
		kmalloc_free(r->s, o.at);
	return true;
}

static bool counts(struct run *r)
{
	for (unsigned c = 0; c < r->caches; c++) {
		const struct kmem_cache *cache = r->cache[c];
		struct slab_info info;
		u64 out = 0;

		for (unsigned n = 0; n < r->count; n++)
			out += r->out[n].cache == cache;
		r->s->config->rules->info(r->s, cache, &info);
		if (info.inuse != out)
			return wrong(r, "a cache counts other objects in use", info.inuse);
		if (info.num_objs != info.num_slabs * cache->num || info.active_objs > info.num_objs)
			return wrong(r, "a cache's objects are not those of its slabs", info.num_objs);
	}
	return true;
}

/* Each page is free, in a slab, in a large object, or taken. */
static bool pages(struct run *r)
{
	const struct phys *p = &r->m.phys;
	u64 sum = r->taken;

	for (unsigned z = 0; z < r->m.config.zones; z++) {
		sum += p->zone[z].free;
		for (unsigned cpu = 0; cpu < r->m.config.cpus; cpu++)
			sum += phys_pcp(p, z, cpu)->set[0].count + phys_pcp(p, z, cpu)->set[1].count;
	}
	for (u32 n = 0; n < p->state->page_used; n++)
		sum += p->page[n].pfn != PFN_NONE && p->page[n].kind == PAGE_SLAB;
	for (unsigned n = 0; n < r->count; n++)
		sum += r->out[n].pages;
	if (!r->pages)
		r->pages = sum;
	return sum == r->pages || wrong(r, "pages were lost or made", sum);
}

/* ------------------------------------------------------------- operations */

static bool create(struct run *r)
{
	const struct slab_flags *f = r->s->config->rules->flag;
	u32 debug = r->s->config->debug ? f->red_zone | f->poison : 0;
	const u32 flags[] = { 0, 0, f->hwcache_align, f->reclaim_account, f->cache_dma, f->destroy_by_rcu, debug };
	u32 chosen = flags[below(r, ARRAY_SIZE(flags))];
	u64 size = 4 + below(r, below(r, 4) ? 700 : 20000);
	u64 align = below(r, 5) ? 0 : UINT64_C(8) << below(r, 5);
	struct kmem_cache *cache;
	char name[24];

	snprintf(name, sizeof name, "prop%u", r->names++);
	cache = kmem_cache_create(r->s, name, size, align, chosen, chosen & f->destroy_by_rcu ? CTOR_ZERO : CTOR_NONE);
	if (cache)
		r->cache[r->caches++] = cache;
	return true;
}

/* It goes if and only if nothing of it is out. */
static bool destroy(struct run *r, unsigned c)
{
	struct kmem_cache *cache = r->cache[c];
	bool busy = false;

	for (unsigned n = 0; n < r->count; n++)
		busy |= r->out[n].cache == cache;
	/* 6.1 gives up the name of one that stays. */
	if (busy && r->s->config->rules->merge_same)
		return true;
	if (kmem_cache_destroy(r->s, cache) == busy)
		return wrong(r, busy ? "a cache in use went" : "an empty cache stays", slab_slot(r->s, cache));
	if (!busy)
		r->cache[c] = r->cache[--r->caches];
	return true;
}

static bool allocate(struct run *r)
{
	static const char *const names[] = { "GFP_KERNEL", "GFP_ATOMIC", "GFP_NOWAIT" };
	gfp_t gfp = mask(r, names[below(r, ARRAY_SIZE(names))]) | mask(r, "__GFP_NOWARN");
	struct object o = { 0 };

	if (r->caches && below(r, 4)) {
		o.cache = r->cache[below(r, r->caches)];
		o.bytes = o.cache->object_size;
		if (o.cache->flags & r->s->config->rules->flag->cache_dma)
			gfp |= mask(r, "__GFP_DMA");
		o.at = kmem_cache_alloc(r->s, o.cache, gfp);
	} else {
		o.bytes = 1 + below(r, below(r, 10) ? 1000 : 40000);
		o.at = kmalloc_alloc(r->s, o.bytes, gfp);
		if (o.bytes > kmalloc_max_cache_size(r->s))
			o.pages = 1u << page_get_order(&r->m.phys, o.bytes);
	}
	return !o.at || put_out(r, o);
}

static bool others(struct run *r, bool take)
{
	struct status st = STATUS_INIT;

	for (unsigned n = 0; n < 300; n++) {
		if (take && r->taken < TAKEN) {
			pfn_t pfn = page_alloc(&r->m.phys, mask(r, "GFP_NOWAIT") | mask(r, "__GFP_NOWARN"), 0);

			if (pfn == PFN_NONE)
				break;
			r->page[r->taken++] = pfn;
		} else if (!take && r->taken && !page_free(&r->m.phys, r->page[--r->taken], 0, &st)) {
			return wrong(r, st.message, 0);
		}
	}
	return true;
}

static bool operate(struct run *r)
{
	unsigned what = below(r, 1000);

	if (what < 15)
		r->m.phys.state->cpu = below(r, r->m.config.cpus);
	else if (what < 25)
		return r->caches < CACHES ? create(r) : destroy(r, below(r, r->caches));
	else if (what < 32)
		return others(r, r->growing);
	else if (what < 37 && r->caches)
		kmem_cache_shrink(r->s, r->cache[below(r, r->caches)]);
	else if (what < 45) {
		r->s->state->ticks += below(r, 300);
		kmem_cache_reap(r->s);
	} else if (r->count < OUT && (!r->count || what < (r->growing ? 700u : 330u)))
		return allocate(r);
	else if (r->count)
		return take_back(r, below(r, r->count));
	return true;
}

/* At the end all goes back, and no slab is left. */
static bool wind_up(struct run *r)
{
	while (r->count)
		if (!take_back(r, r->count - 1))
			return false;
	while (r->caches)
		if (!destroy(r, r->caches - 1))
			return false;
	/* Those that lend their objects to others come last. */
	for (unsigned round = 0; round < 3; round++)
		for (struct kmem_cache *c = kmem_cache_first(r->s); c; c = kmem_cache_next(r->s, c))
			kmem_cache_shrink(r->s, c);
	for (struct kmem_cache *c = kmem_cache_first(r->s); c; c = kmem_cache_next(r->s, c)) {
		struct slab_info info;

		r->s->config->rules->info(r->s, c, &info);
		if (info.num_slabs)
			return wrong(r, "a cache keeps slabs that nobody uses", slab_slot(r->s, c));
	}
	return pages(r);
}

/* ------------------------------------------------------------- runs */

static bool play(struct run *r, u64 operations, u64 every, struct status *st)
{
	for (u64 n = 1; n <= operations; n++) {
		r->growing = n / 2000 % 2 == 0;
		if (!operate(r) || !counts(r) || !pages(r) || r->wrong[0])
			return false;
		if (slab_is_down(r->s))
			return wrong(r, "the kernel is down at operation", n);
		if (n % every == 0 && !invariants_hold(&r->m, st))
			return wrong(r, st->message, n);
	}
	return wind_up(r) && !r->wrong[0] && (invariants_hold(&r->m, st) || wrong(r, st->message, 0));
}

static bool run(const char *name, const char *const *settings, u64 seed, u64 operations, u64 every)
{
	struct status st = STATUS_INIT;
	struct machine_desc desc;
	struct run *r = calloc(1, sizeof *r);
	bool good = r && desc_load(&desc, name, &st);

	for (const char *const *setting = settings; good && *setting; setting++)
		good = desc_set(&desc, *setting, &st);
	if (!good || !machine_boot(&r->m, &desc, NULL, &st)) {
		fprintf(stderr, "%s: %s\n", name, st.message);
		free(r);
		return false;
	}
	r->s = &r->m.slab;
	r->s->printk = printed;
	r->s->printk_context = r;
	r->rng = (struct rng){ seed };
	good = pages(r) && play(r, operations, every, &st);
	if (!good)
		fprintf(stderr, "%s, SEED=%" PRIu64 ": %s\n", name, seed, r->wrong);
	machine_free(&r->m);
	free(r);
	return good;
}

int main(void)
{
	static const char *const plain[] = { "mem=48M", NULL };
	static const char *const cpus[] = { "mem=48M", "cpus=3", NULL };
	static const char *const debug[] = { "mem=48M", "slab_debug=yes", NULL };
	static const char *const nodes[] = { "mem=128M", "cpus=4", "nodes=2", NULL };
	static const char *const three[] = { "mem=192M", "cpus=6", "nodes=3", "slab_debug=yes", NULL };
	static const char *const *const all[] = { plain, cpus, debug, nodes, three };
	static const char *const kernels[] = { "i386-2.6.18", "i386-6.1-slab" };
	u64 seed = from_environment("SEED", 19940), operations = from_environment("OPS", 6000);
	u64 every = from_environment("EVERY", 20);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 " EVERY=%" PRIu64 "\n", seed, operations, every);
	for (size_t k = 0; k < ARRAY_SIZE(kernels); k++)
		for (size_t n = 0; n < ARRAY_SIZE(all); n++)
			good = run(kernels[k], all[n], seed + n, operations, every) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
