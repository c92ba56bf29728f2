/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Areas that are lent and emptied, and compaction, under random requests,
 * against the simplest model there is: for each frame, who holds it.  Pages
 * that move must go to frames that nobody held and be followed; pages that
 * cannot move must stay; nothing may be lost; and the invariants hold after
 * every operation.
 *
 * SEED=n repeats a run, OPS=n sets its length.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/cma.h"
#include "phys/compact.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 4096
#define DMA_FRAMES 1024
#define AREA_BASE 2048
#define AREA_COUNT 512
#define HELD FRAMES

enum kind { PINNED, MOVABLE, CONTIGUOUS };

struct held {
	pfn_t pfn;
	u32 pages;
	enum kind kind;
};

struct run {
	struct machine m;
	struct rng rng;
	u32 who[FRAMES]; /* number in held[] and 1; 0: nobody */
	struct held held[HELD];
	u32 count, pages;
	u64 moved, contiguous, refused;
	char wrong[256];
};

static bool wrong(struct run *r, const char *what, pfn_t pfn)
{
	if (!r->wrong[0])
		snprintf(r->wrong, sizeof r->wrong, "%s: 0x%" PRIx32, what, pfn);
	return false;
}

static bool hold(struct run *r, pfn_t pfn, u32 pages, enum kind kind)
{
	for (pfn_t at = pfn; at < pfn + pages; at++) {
		if (at >= FRAMES || r->who[at])
			return wrong(r, "handed out twice", at);
		r->who[at] = r->count + 1;
	}
	r->held[r->count++] = (struct held){ pfn, pages, kind };
	r->pages += pages;
	return true;
}

static bool let_go(struct run *r, u32 n)
{
	struct held h = r->held[n], *last = &r->held[--r->count];
	struct status st = STATUS_INIT;
	bool good = h.kind == CONTIGUOUS ? cma_release(&r->m.phys, h.pfn, h.pages, &st)
					 : page_free(&r->m.phys, h.pfn, (unsigned)__builtin_ctz(h.pages), &st);

	if (!good)
		return wrong(r, st.message, h.pfn);
	memset(r->who + h.pfn, 0, h.pages * sizeof *r->who);
	r->pages -= h.pages;
	if (n == r->count)
		return true;
	r->held[n] = *last;
	for (pfn_t at = last->pfn; at < last->pfn + last->pages; at++)
		r->who[at] = n + 1;
	return true;
}

static void follow(void *context, pfn_t from, pfn_t to)
{
	struct run *r = context;
	u32 n = r->who[from];

	r->moved++;
	if (!n || r->held[n - 1].kind != MOVABLE)
		wrong(r, "moved, though it cannot be", from);
	else if (r->who[to])
		wrong(r, "moved to a frame that is held", to);
	else
		r->held[n - 1].pfn = to;
	r->who[to] = n;
	r->who[from] = 0;
}

static bool allocate(struct run *r, enum kind kind)
{
	const struct gfp_bits *g = r->m.phys.gfp;
	unsigned order = kind == MOVABLE ? 0 : (unsigned)rng_below(&r->rng, 3);
	pfn_t pfn = page_alloc(&r->m.phys, kind == MOVABLE ? g->movable : 0, order);
	struct status st = STATUS_INIT;

	if (pfn == PFN_NONE)
		return true;
	if (kind == MOVABLE && !load_movable(&r->m.phys, pfn, &st))
		return wrong(r, st.message, pfn);
	if (kind == PINNED && pfn >= AREA_BASE && pfn < AREA_BASE + AREA_COUNT)
		return wrong(r, "an area was lent to a page that cannot move", pfn);
	return hold(r, pfn, 1u << order, kind);
}

static bool allocate_contiguous(struct run *r)
{
	u32 pages = 1 + (u32)rng_below(&r->rng, rng_below(&r->rng, 4) ? 40 : AREA_COUNT);
	unsigned align = (unsigned)rng_below(&r->rng, 6);
	pfn_t pfn = cma_alloc(&r->m.phys, 0, pages, align);

	if (pfn == PFN_NONE) {
		r->refused++;
		return true;
	}
	r->contiguous++;
	if (pfn < AREA_BASE || pfn + pages > AREA_BASE + AREA_COUNT || pfn & ((1u << align) - 1))
		return wrong(r, "outside the area, or not aligned", pfn);
	return hold(r, pfn, pages, CONTIGUOUS);
}

static bool operate(struct run *r, bool swelling)
{
	struct status st = STATUS_INIT;
	u64 what = rng_below(&r->rng, 100);

	if (what == 0)
		compact_memory(&r->m.phys, &st);
	else if (what == 1)
		page_drain_local(&r->m.phys);
	else if (what < 6)
		return allocate_contiguous(r);
	else if (r->count < HELD && (!r->count || what < (swelling ? 70u : 35u)))
		return allocate(r, rng_below(&r->rng, 8) ? MOVABLE : PINNED);
	else
		return let_go(r, (u32)rng_below(&r->rng, r->count));
	return status_ok(&st) || wrong(r, st.message, 0);
}

static u64 free_pages(const struct run *r)
{
	u64 pages = 0;

	for (unsigned z = 0; z < r->m.config.zones; z++)
		pages += r->m.phys.zone[z].free + phys_pcp(&r->m.phys, z, 0)->set[0].count;
	return pages;
}

/* `block` is the order of a page block: with one below the largest order, free blocks join page blocks. */
static bool make(struct run *r, unsigned block, struct status *st)
{
	const struct phys_config config = {
		.page_shift = 12, .orders = 8, .pageblock_order = block, .types = MT_COUNT, .merge_to_tail = true,
		.watermark_rule = WATERMARK_ANY_BLOCK, .pcp_rule = PCP_BY_TYPE, .pcp_orders = 4, .pcp_scale_max = 5,
		.cpus = 1, .nodes = 1, .zones = 2, .gfp = GFP_6_1,
		.zone = {
			{ .name = "DMA", .type = 0, .spanned = DMA_FRAMES, .present = DMA_FRAMES,
			  .managed = DMA_FRAMES, .wmark = { 8, 10, 12 }, .pcp_high = { 16 }, .pcp_batch = { 1 } },
			{ .name = "Normal", .type = 1, .start_pfn = DMA_FRAMES, .spanned = FRAMES - DMA_FRAMES,
			  .present = FRAMES - DMA_FRAMES, .managed = FRAMES - DMA_FRAMES,
			  .wmark = { 24, 30, 36 }, .pcp_high = { 40 }, .pcp_batch = { 7 } },
		},
		.gfp_zone = { 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0 },
		.max_pfn = FRAMES, .direct_map_end = FRAMES,
		.cma = { { "area", AREA_BASE, AREA_COUNT, 0 } }, .cma_areas = 1,
	};

	if (!machine_init(&r->m, &config, NULL, st))
		return false;
	for (pfn_t at = AREA_BASE; at < AREA_BASE + AREA_COUNT; at += 1u << block)
		pageblock_set_type(&r->m.phys, 1, at, MT_CMA);
	for (pfn_t at = 0; at < FRAMES; at += 128)
		if (!load_free_block(&r->m.phys, at >= DMA_FRAMES, at, 7,
				     at - AREA_BASE < AREA_COUNT ? MT_CMA : MT_MOVABLE, st))
			return false;
	r->m.phys.state->watermark_boost_factor = 15000;
	r->m.phys.moved = follow;
	r->m.phys.moved_context = r;
	return true;
}

static bool run(unsigned block, u64 seed, u64 operations)
{
	struct run *r = calloc(1, sizeof *r);
	struct status st = STATUS_INIT;
	bool good = r && make(r, block, &st);

	if (good)
		r->rng.state = seed;
	for (u64 i = 0; good && i < operations; i++) {
		good = operate(r, i / 4000 % 2 == 0) && !r->wrong[0];
		if (good && free_pages(r) + r->pages != FRAMES)
			good = wrong(r, "pages were lost or made", 0);
		good = good && invariants_hold(&r->m, &st);
		if (!good)
			printf("operation %" PRIu64 " of SEED=%" PRIu64 ", page blocks of order %u: %s%s\n", i, seed,
			       block, r->wrong, st.message);
	}
	if (good && (!r->moved || !r->contiguous || !r->refused)) {
		printf("SEED=%" PRIu64 " did not try everything\n", seed);
		good = false;
	}
	if (r)
		machine_free(&r->m);
	free(r);
	return good;
}

int main(void)
{
	u64 seed = from_environment("SEED", 20061), operations = from_environment("OPS", 5000);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 "\n", seed, operations);
	for (unsigned block = 4; block <= 7; block++)
		good = run(block, seed + block, operations) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
