/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB under random requests, against the simplest model there is: a list of
 * the objects that are held, each filled with a byte of its own.  No object may
 * overlap another, none may lie outside a slab of its cache, none may lose what
 * was written to it, no page may be lost; counts agree and the invariants hold
 * after every operation; and what is given back comes back.  Users who write and
 * free at random bring down the kernel, not the program.
 *
 * SEED=n repeats a run, OPS=n sets its length (a machine), EVERY=n walks the
 * invariants after every n-th operation only.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "slab/kmalloc.h"
#include "slab/slub_object.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELD 3000
#define CACHES 12
#define HOGS 4000 /* pages that others hold, so that memory is short now and then */

struct held {
	u64 address, bytes;
	struct kmem_cache *cache; /* NULL: of kmalloc() */
	u32 pages; /* that it has to itself, because it is too large for a cache */
	u8 stamp;
};

struct run {
	struct machine m;
	struct slab_system *s;
	struct rng rng;
	struct held held[HELD];
	unsigned count;
	struct kmem_cache *cache[CACHES];
	unsigned caches, made;
	pfn_t hog[HOGS];
	unsigned hogs;
	unsigned reports; /* lines that the kernel printed */
	bool swelling;
	u64 slabs, pages; /* in use after boot; all that there are */
	char wrong[256];
};

static bool wrong(struct run *r, const char *what, u64 address)
{
	snprintf(r->wrong, sizeof r->wrong, "%.200s: 0x%" PRIx64, what, address);
	return false;
}

static void count_line(void *context, const char *line)
{
	struct run *r = context;

	/* Names that are there already, and memory that is short, are no damage. */
	if (strncmp(line, "BUG ", 4) == 0 || strncmp(line, "FIX ", 4) == 0)
		r->reports++;
}

static gfp_t gfp(const struct run *r, const char *name)
{
	gfp_t value = 0;

	gfp_by_name(r->m.config.gfp, name, &value);
	return value;
}

/* ------------------------------------------------------------- the model */

/* Is every byte of the object what was written to it? */
static bool is_kept(struct run *r, const struct held *h)
{
	u8 bytes[512];

	for (u64 at = 0; at < h->bytes; at += sizeof bytes) {
		size_t n = h->bytes - at < sizeof bytes ? (size_t)(h->bytes - at) : sizeof bytes;

		page_read(&r->m.phys, slab_physical(r->s, h->address + at), bytes, n);
		for (size_t i = 0; i < n; i++)
			if (bytes[i] != h->stamp)
				return wrong(r, "what was written to an object is gone", h->address + at + i);
	}
	return true;
}

/* Pages that an object of kmalloc() has to itself. */
static u32 own_pages(const struct run *r, u64 bytes)
{
	return bytes > kmalloc_max_cache_size(r->s) ? 1u << page_get_order(&r->m.phys, bytes) : 0;
}

static bool hold(struct run *r, struct kmem_cache *cache, u64 address, u64 bytes, u32 pages)
{
	struct held *h = &r->held[r->count];

	for (unsigned n = 0; n < r->count; n++)
		if (address < r->held[n].address + r->held[n].bytes && r->held[n].address < address + bytes)
			return wrong(r, "it overlaps an object that is held", address);
	if (cache && kmem_cache_of(r->s, address) != cache)
		return wrong(r, "it is in no slab of its cache", address);
	if (cache && address % cache->align)
		return wrong(r, "it is not aligned", address);
	*h = (struct held){ address, bytes, cache, pages, (u8)rng_below(&r->rng, 256) };
	page_fill(&r->m.phys, slab_physical(r->s, address), h->stamp, (size_t)bytes);
	r->count++;
	return true;
}

static bool let_go(struct run *r, unsigned n)
{
	struct held h = r->held[n];

	if (!is_kept(r, &h))
		return false;
	r->held[n] = r->held[--r->count];
	if (h.cache)
		kmem_cache_free(r->s, h.cache, h.address);
	else
		kmalloc_free(r->s, h.address);
	return true;
}

/* Each cache counts as in use what is held of it. */
static bool counts_agree(struct run *r)
{
	for (unsigned c = 0; c < r->caches; c++) {
		struct slab_info info;
		u64 held = 0;

		for (unsigned n = 0; n < r->count; n++)
			held += r->held[n].cache == r->cache[c];
		r->s->config->rules->info(r->s, r->cache[c], &info);
		if (info.inuse != held || info.active_objs < held || info.num_objs < info.active_objs)
			return wrong(r, "a cache's counts are not those of what is held", info.inuse);
	}
	return true;
}

static u64 free_pages(const struct run *r)
{
	u64 pages = 0;

	for (unsigned z = 0; z < r->m.config.zones; z++) {
		pages += r->m.phys.zone[z].free;
		for (unsigned cpu = 0; cpu < r->m.config.cpus; cpu++)
			pages += phys_pcp(&r->m.phys, z, cpu)->set[0].count;
	}
	return pages;
}

/* Pages that are free, in slabs, in large objects, held by others, or in the depot of traces: there are no others. */
static u64 known_pages(const struct run *r)
{
	const struct phys *p = &r->m.phys;
	u64 pages = free_pages(r) + r->hogs + ((u64)r->s->state->depot.slabs << 2);

	for (u32 n = 0; n < p->state->page_used; n++)
		pages += p->page[n].pfn != PFN_NONE && p->page[n].kind == PAGE_SLAB;
	for (unsigned n = 0; n < r->count; n++)
		pages += r->held[n].pages;
	return pages;
}

static bool pages_agree(struct run *r)
{
	u64 pages = known_pages(r);

	return pages == r->pages || wrong(r, "pages were lost or made", pages);
}

/* ------------------------------------------------------------- operations */

static bool create(struct run *r)
{
	static const u32 flags[] = { 0,
				     0,
				     0,
				     SLUB_HWCACHE_ALIGN,
				     SLUB_POISON,
				     SLUB_RED_ZONE,
				     SLUB_RED_ZONE | SLUB_POISON | SLUB_CONSISTENCY_CHECKS,
				     SLUB_STORE_USER | SLUB_CONSISTENCY_CHECKS,
				     SLUB_RECLAIM_ACCOUNT,
				     SLUB_CACHE_DMA,
				     SLUB_TYPESAFE_BY_RCU | SLUB_POISON };
	struct kmem_cache *cache;
	char name[32];
	u64 size = 1 + (rng_below(&r->rng, 4) ? rng_below(&r->rng, 600) : rng_below(&r->rng, 20000));

	snprintf(name, sizeof name, "prop%u", r->made++);
	cache = kmem_cache_create(r->s, name, size, rng_below(&r->rng, 5) ? 0 : UINT64_C(8) << rng_below(&r->rng, 6),
				  flags[rng_below(&r->rng, ARRAY_SIZE(flags))], CTOR_NONE);
	if (cache)
		r->cache[r->caches++] = cache;
	return true;
}

/* A cache of which something is held cannot be destroyed. */
static bool destroy(struct run *r, unsigned c)
{
	struct kmem_cache *cache = r->cache[c];

	for (unsigned n = 0; n < r->count; n++)
		if (r->held[n].cache == cache)
			return true;
	if (!kmem_cache_destroy(r->s, cache))
		return wrong(r, "an empty cache stays", cache->at);
	r->cache[c] = r->cache[--r->caches];
	return true;
}

static bool allocate(struct run *r)
{
	static const char *const masks[] = { "GFP_KERNEL", "GFP_ATOMIC", "GFP_NOWAIT" };
	gfp_t mask = gfp(r, masks[rng_below(&r->rng, ARRAY_SIZE(masks))]) | gfp(r, "__GFP_NOWARN");
	struct kmem_cache *cache = NULL;
	u64 bytes, address;

	if (rng_below(&r->rng, 4) && r->caches) {
		cache = r->cache[rng_below(&r->rng, r->caches)];
		bytes = cache->object_size;
		address = kmem_cache_alloc(r->s, cache, mask);
	} else {
		bytes = 1 + rng_below(&r->rng, rng_below(&r->rng, 10) ? 1000 : 40000);
		address = kmalloc_alloc(r->s, bytes, mask);
	}
	return !address || hold(r, cache, address, bytes, cache ? 0 : own_pages(r, bytes));
}

/* krealloc(): the bytes of the old object come along. */
static bool grow(struct run *r, unsigned n)
{
	struct held h = r->held[n];
	u64 bytes = 1 + rng_below(&r->rng, 9000), address;

	if (h.cache || !is_kept(r, &h))
		return !r->wrong[0];
	address = kmalloc_again(r->s, h.address, bytes, gfp(r, "GFP_NOWAIT") | gfp(r, "__GFP_NOWARN"));
	if (!address)
		return true;
	r->held[n] = r->held[--r->count];
	/* One that shrinks stays where it is. */
	if (address != h.address)
		h.pages = own_pages(r, bytes);
	h.address = address;
	if (bytes < h.bytes)
		h.bytes = bytes;
	return is_kept(r, &h) && hold(r, NULL, address, bytes, h.pages);
}

static bool hog(struct run *r, bool take)
{
	struct status st = STATUS_INIT;

	for (unsigned n = 0; n < 200; n++) {
		if (take && r->hogs < HOGS) {
			pfn_t pfn = page_alloc(&r->m.phys, gfp(r, "GFP_NOWAIT") | gfp(r, "__GFP_NOWARN"), 0);

			if (pfn == PFN_NONE)
				return true;
			r->hog[r->hogs++] = pfn;
		} else if (!take && r->hogs && !page_free(&r->m.phys, r->hog[--r->hogs], 0, &st)) {
			return wrong(r, st.message, 0);
		}
	}
	return true;
}

static bool operate(struct run *r)
{
	u64 what = rng_below(&r->rng, 1000);

	if (what < 20)
		r->m.phys.state->cpu = (u32)rng_below(&r->rng, r->m.config.cpus);
	else if (what < 30)
		return r->caches < CACHES ? create(r) : destroy(r, (unsigned)rng_below(&r->rng, r->caches));
	else if (what < 35)
		return hog(r, r->swelling);
	else if (what < 40 && r->caches)
		kmem_cache_shrink(r->s, r->cache[rng_below(&r->rng, r->caches)]);
	else if (what < 60 && r->count)
		return grow(r, (unsigned)rng_below(&r->rng, r->count));
	else if (r->count < HELD && (r->count == 0 || what < (r->swelling ? 700u : 350u)))
		return allocate(r);
	else if (r->count)
		return let_go(r, (unsigned)rng_below(&r->rng, r->count));
	return true;
}

/* Slabs that are left when all caches have given back what nobody uses. */
static u64 slabs_in_use(struct run *r)
{
	u64 slabs = 0;

	for (struct kmem_cache *c = kmem_cache_first(r->s); c; c = kmem_cache_next(r->s, c)) {
		struct slab_info info;

		kmem_cache_shrink(r->s, c);
		r->s->config->rules->info(r->s, c, &info);
		slabs += info.num_slabs;
	}
	return slabs;
}

/* Everything is given back, and all caches are destroyed: only what boot took is left. */
static bool wind_up(struct run *r)
{
	u64 slabs;

	while (r->count)
		if (!let_go(r, r->count - 1))
			return false;
	while (r->caches)
		if (!destroy(r, r->caches - 1))
			return false;
	slabs = slabs_in_use(r);
	return (slabs == r->slabs || wrong(r, "there are other slabs than at the start", slabs)) && pages_agree(r);
}

/* ------------------------------------------------------------- damage */

/* An address in a slab, or near an object, or anywhere. */
static u64 stray_address(struct run *r)
{
	u64 address = rng_next(&r->rng);

	if (r->count && rng_below(&r->rng, 10))
		address = r->held[rng_below(&r->rng, r->count)].address + rng_below(&r->rng, 2048) - 1024;
	return rng_below(&r->rng, 2) ? address & ~UINT64_C(7) : address;
}

/* Users write where they may not, and free what they do not have. Whatever that does, it is the kernel's affair. */
static void misbehave(struct run *r)
{
	u64 at = stray_address(r), bytes = rng_next(&r->rng);
	unsigned count = r->count;

	if (rng_below(&r->rng, 3) == 0) {
		kmalloc_free(r->s, at);
	} else if (rng_below(&r->rng, 3) == 0 && r->caches) {
		kmem_cache_free(r->s, r->cache[rng_below(&r->rng, r->caches)], at);
	} else if (slub_object_mapped(r->s, at, sizeof bytes)) {
		if (rng_below(&r->rng, 3) == 0)
			bytes = 0;
		else if (rng_below(&r->rng, 2))
			bytes = stray_address(r);
		page_write(&r->m.phys, slab_physical(r->s, at), &bytes, sizeof bytes);
	}
	/* Objects may have become others', so the model's list of them is no use; frees of them are tried, too. */
	if (count && rng_below(&r->rng, 2)) {
		struct held h = r->held[rng_below(&r->rng, count)];

		if (h.cache)
			kmem_cache_free(r->s, h.cache, h.address);
		else
			kmalloc_free(r->s, h.address);
	}
}

/* Nothing is expected of such a machine but that it goes on until its kernel is down; then it is booted again. */
static bool run_damaged(const char *name, const char *setting, u64 seed, u64 operations)
{
	struct run *r = calloc(1, sizeof *r);
	struct status st = STATUS_INIT;
	struct rng rng = { seed };
	bool good = r != NULL;
	u64 down = 0;

	for (u64 i = 0; good && i < operations; i++) {
		struct machine_desc desc;

		if (!r->m.alive || slab_is_down(r->s)) {
			down += r->m.alive;
			machine_free(&r->m);
			memset(r, 0, sizeof *r);
			good = desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st) &&
			       desc_set(&desc, setting, &st) && machine_boot(&r->m, &desc, NULL, &st);
			r->s = &r->m.slab;
			r->rng.state = rng_next(&rng);
		}
		r->swelling = i / 100 % 4 != 3;
		r->wrong[0] = '\0';
		if (good && rng_below(&r->rng, 30))
			operate(r);
		else if (good)
			misbehave(r);
	}
	if (!good)
		printf("%s: SEED=%" PRIu64 ": %s\n", name, seed, st.message);
	else if (!down && operations > 1000)
		printf("%s: SEED=%" PRIu64 ": no kernel went down\n", name, seed);
	if (r)
		machine_free(&r->m);
	free(r);
	return good && (down || operations <= 1000);
}

/* ------------------------------------------------------------- runs */

static bool step(struct run *r, u64 n, u64 every, struct status *st)
{
	r->swelling = n / 2000 % 2 == 0;
	if (!operate(r) || !counts_agree(r) || !pages_agree(r))
		return false;
	if (r->reports)
		return wrong(r, "the kernel reports damage", 0);
	if (slab_is_down(r->s))
		return wrong(r, "the kernel is down", 0);
	return n % every || invariants_hold(&r->m, st);
}

static bool run(const char *name, const char *const *settings, u64 seed, u64 operations, u64 every)
{
	struct run *r = calloc(1, sizeof *r);
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	bool good = r && desc_load(&desc, name, &st);

	for (; good && *settings; settings++)
		good = desc_set(&desc, *settings, &st);
	good = good && machine_boot(&r->m, &desc, NULL, &st);
	if (good) {
		r->s = &r->m.slab;
		r->s->printk = count_line;
		r->s->printk_context = r;
		r->rng.state = seed;
		/* The depot's table is made now, so that its pages need not be reckoned. */
		kmem_cache_destroy(r->s, kmem_cache_create(r->s, "stored", 8, 0, SLUB_STORE_USER, CTOR_NONE));
		r->slabs = slabs_in_use(r);
		r->pages = known_pages(r);
	}
	for (u64 i = 0; good && i < operations; i++) {
		good = step(r, i, every, &st);
		if (!good)
			printf("%s: operation %" PRIu64 " of SEED=%" PRIu64 ": %s%s\n", name, i, seed, r->wrong,
			       st.message);
	}
	if (good && !wind_up(r)) {
		printf("%s: at the end of SEED=%" PRIu64 ": %s\n", name, seed, r->wrong);
		good = false;
	}
	if (!good && r && !r->wrong[0] && st.message[0])
		printf("%s: %s\n", name, st.message);
	if (r)
		machine_free(&r->m);
	free(r);
	return good;
}

int main(void)
{
	static const char *const one[] = { "mem=64M", NULL }, *const cpus[] = { "mem=64M", "cpus=4", NULL };
	static const char *const nodes[] = { "mem=256M", "cpus=4", "nodes=2", NULL };
	static const char *const debug[] = { "mem=64M", "slab_debug=yes", NULL };
	static const char *const apart[] = { "mem=64M", "cpus=2", "slab_nomerge=yes", NULL };
	u64 seed = from_environment("SEED", 20061), operations = from_environment("OPS", 6000);
	u64 every = from_environment("EVERY", 20);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 " EVERY=%" PRIu64 "\n", seed, operations, every);
	good = run("x86_64-6.1-slub", one, seed, operations, every) && good;
	good = run("x86_64-6.1-slub", cpus, seed + 1, operations, every) && good;
	good = run("x86_64-6.1-slub", nodes, seed + 2, operations, every) && good;
	good = run("x86_64-6.1-slub", debug, seed + 3, operations, every) && good;
	good = run("x86_64-6.1-slub", apart, seed + 4, operations, every) && good;
	good = run_damaged("x86_64-6.1-slub", "cpus=2", seed + 5, operations) && good;
	good = run_damaged("x86_64-6.1-slub", "slab_debug=yes", seed + 6, operations) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
