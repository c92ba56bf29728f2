/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page allocator of each machine under random requests, against the
 * simplest model there is: a byte a frame that says who holds it.  No frame may
 * be handed out twice, none from a zone that the mask forbids, none may be
 * lost; and the invariants hold after every operation.
 *
 * SEED=n repeats a run, OPS=n sets its length (a machine), EVERY=n walks the
 * invariants after every n-th operation only.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELD 4096

struct held {
	pfn_t pfn;
	unsigned order;
};

struct run {
	struct machine m;
	struct rng rng;
	u8 *owned; /* a byte a frame */
	u64 owned_pages, total; /* pages held; pages that can be had at all */
	struct held held[HELD];
	unsigned count;
	bool swelling;
	char wrong[256];
};

static bool wrong(struct run *r, const char *what, pfn_t pfn, unsigned order)
{
	snprintf(r->wrong, sizeof r->wrong, "%.200s: 0x%" PRIx32 " of order %u", what, pfn, order);
	return false;
}

static bool own(struct run *r, pfn_t pfn, unsigned order)
{
	if (pfn & ((1u << order) - 1))
		return wrong(r, "not aligned", pfn, order);
	for (pfn_t i = pfn; i < pfn + (1u << order); i++) {
		if (i >= r->m.config.max_pfn || r->owned[i])
			return wrong(r, "handed out twice", pfn, order);
		if (frame_describe(&r->m.phys, i).state != FRAME_USED)
			return wrong(r, "handed out, and not said to be in use", i, order);
		r->owned[i] = 1;
	}
	r->owned_pages += (u64)1 << order;
	r->held[r->count++] = (struct held){ pfn, order };
	return true;
}

static bool disown(struct run *r, unsigned n)
{
	struct held h = r->held[n];
	struct status st = STATUS_INIT;

	if (!page_free(&r->m.phys, h.pfn, h.order, &st))
		return wrong(r, st.message, h.pfn, h.order);
	memset(r->owned + h.pfn, 0, (size_t)1 << h.order);
	r->owned_pages -= (u64)1 << h.order;
	r->held[n] = r->held[--r->count];
	return true;
}

/* Pages that are free, on the lists of zones and of CPUs. */
static u64 free_pages(const struct run *r)
{
	u64 pages = 0;

	for (unsigned z = 0; z < r->m.config.zones; z++) {
		pages += r->m.phys.zone[z].free;
		for (unsigned cpu = 0; cpu < r->m.config.cpus; cpu++)
			for (unsigned s = 0; s < 2; s++)
				pages += phys_pcp(&r->m.phys, z, cpu)->set[s].count;
	}
	return pages;
}

static gfp_t random_gfp(struct run *r)
{
	size_t count;
	const struct gfp_name *names = gfp_names(r->m.config.gfp, &count);
	gfp_t gfp = names[rng_below(&r->rng, count)].value;

	if (rng_below(&r->rng, 4) == 0)
		gfp |= names[rng_below(&r->rng, count)].value;
	return gfp;
}

static bool allocate(struct run *r)
{
	unsigned order =
	    (unsigned)(rng_below(&r->rng, 8) ? rng_below(&r->rng, 4) : rng_below(&r->rng, r->m.config.orders + 1));
	gfp_t gfp = random_gfp(r);
	pfn_t pfn = page_alloc(&r->m.phys, gfp, order);

	if (pfn == PFN_NONE)
		return true;
	if (r->m.config.zone[phys_zone_of(&r->m.phys, pfn)].type > r->m.config.gfp_zone[gfp & GFP_ZONE_BITS])
		return wrong(r, "from a zone that the mask forbids", pfn, order);
	return own(r, pfn, order);
}

static bool operate(struct run *r)
{
	u64 what = rng_below(&r->rng, 100);

	/* The load swells and shrinks, so that both plenty and famine are seen. */
	if (what == 0) {
		r->m.phys.state->cpu = (u32)rng_below(&r->rng, r->m.config.cpus);
	} else if (what == 1) {
		page_drain_local(&r->m.phys);
	} else if (r->count < HELD && (r->count == 0 || what < (r->swelling ? 70u : 30u))) {
		return allocate(r);
	} else if (r->count) {
		return disown(r, (unsigned)rng_below(&r->rng, r->count));
	}
	return true;
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
		r->rng.state = seed;
		r->owned = calloc(r->m.config.max_pfn, 1);
		good = r->owned != NULL;
		r->total = free_pages(r);
	}
	for (u64 i = 0; good && i < operations; i++) {
		r->swelling = i / 3000 % 2 == 0;
		good = operate(r);
		if (good && free_pages(r) + r->owned_pages != r->total)
			good = wrong(r, "pages were lost or made", 0, 0);
		if (good && i % every == 0)
			good = invariants_hold(&r->m, &st);
		if (!good)
			printf("%s: operation %" PRIu64 " of SEED=%" PRIu64 ": %s%s\n", name, i, seed, r->wrong,
			       st.message);
	}
	if (!good && !r)
		printf("out of memory\n");
	else if (!good && st.message[0])
		printf("%s: %s\n", name, st.message);
	if (r) {
		free(r->owned);
		machine_free(&r->m);
	}
	free(r);
	return good;
}

int main(void)
{
	static const char *const small[] = { "mem=64M", NULL }, *const cpus[] = { "mem=128M", "cpus=4", NULL };
	static const char *const as_is[] = { NULL }, *const nodes[] = { "mem=512M", "cpus=4", "nodes=2", NULL };
	u64 seed = from_environment("SEED", 20062), operations = from_environment("OPS", 20000);
	u64 every = from_environment("EVERY", 7);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 " EVERY=%" PRIu64 "\n", seed, operations, every);
	good = run("i386-2.6.18", small, seed, operations, every) && good;
	good = run("i386-2.6.18", cpus, seed + 1, operations, every) && good;
	good = run("i386-6.1-slab", small, seed + 2, operations, every) && good;
	good = run("x86_64-6.1-slub", small, seed + 3, operations, every) && good;
	good = run("x86_64-6.1-slub", nodes, seed + 4, operations, every) && good;
	good = run("textbook-1M", as_is, seed + 5, operations, every) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
