/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/compare.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"
#include "phys/page_alloc.h"
#include "phys/watermark.h"

#include <string.h>

#define TRIAL (64 * KIB) /* whose frames are looked at */
#define PATIENCE (1 << 16) /* requests that empty what is at hand, until one would have to wait */
#define TRY_PAGES (1 << 18) /* up to so many, the most is found by trying */

static void see(void *context, const struct event *e)
{
	struct compare *c = context;

	c->events++;
	c->waited |= e->kind == EV_DIRECT_RECLAIM || e->kind == EV_NOTHING_TO_RECLAIM || e->kind == EV_SLEEPS ||
		     e->kind == EV_MEMPOOL_WAITS || e->kind == EV_KMAP_FULL;
	c->killed |= e->kind == EV_OOM_KILLS;
}

bool compare_open(struct compare *c, const struct machine *m, struct status *st)
{
	memset(c, 0, sizeof *c);
	if (!machine_clone(&c->copy, m, st))
		return false;
	c->observer = (struct observer){ see, c };
	c->copy.phys.observer = &c->observer;
	/* Who asks may sleep, wherever the machine just is. */
	c->copy.phys.state->preempt_count = 0;
	return true;
}

void compare_close(struct compare *c)
{
	machine_free(&c->copy);
}

/* ------------------------------------------------------------- asking */

static bool begin(struct compare *c)
{
	c->spoilt |= !arena_checkpoint(&c->copy.arena);
	return !c->spoilt;
}

static void take_back(struct compare *c)
{
	if (c->copy.arena.checkpoints)
		arena_rollback(&c->copy.arena);
	else
		c->spoilt = true;
	/* Of what the host had no memory for, the answer says nothing. */
	c->spoilt |= c->copy.phys.host_short;
}

static bool result(const struct compare *c, struct status *st)
{
	return !c->spoilt || status_fail(st, STATUS_NO_MEMORY, _("out of memory"));
}

/* A mask of the machine's kernel: one that waits, or one that does not. */
static gfp_t mask(const struct machine *m, bool waits)
{
	gfp_t gfp = 0;

	gfp_by_name(m->config.gfp, waits ? "GFP_KERNEL" : "GFP_ATOMIC", &gfp);
	return gfp | m->phys.gfp->nowarn;
}

static struct way_request request(const struct machine *m, u64 bytes, bool waits)
{
	return (struct way_request){ bytes, mask(m, waits), m->phys.gfp->nowarn, 0 };
}

static bool prepare(struct machine *m, const struct way *way, struct way_request *rq)
{
	return !way->prepare || way->prepare(m, rq->bytes, &rq->handle);
}

/* Would a request of so many bytes be served, and nobody be killed for it? */
static bool gives(struct compare *c, const struct way *way, u64 bytes)
{
	struct way_request rq = request(&c->copy, bytes, true);
	struct way_piece piece;
	bool got;

	if (!way->ask || !begin(c))
		return false;
	c->killed = false;
	got = prepare(&c->copy, way, &rq) && way->ask(&c->copy, &rq, &piece);
	take_back(c);
	return got && !c->killed;
}

/* Pages that the page allocator has, those of the CPUs' lists included. */
static u64 free_pages(const struct machine *m)
{
	const struct phys_config *config = &m->config;
	u64 pages = 0;

	for (unsigned z = 0; z < config->zones; z++) {
		pages += m->phys.zone[z].free;
		for (unsigned cpu = 0; cpu < config->cpus; cpu++) {
			const struct pcp *pcp = phys_pcp(&m->phys, z, cpu);

			pages += pcp->set[0].count + pcp->set[1].count;
		}
	}
	return pages;
}

static u64 tables(const struct machine *m)
{
	return m->virt.state ? m->virt.state->tables : 0;
}

/* Looks at the frames behind the piece. */
static void look_behind(const struct machine *m, struct compare_cost *cost)
{
	unsigned shift = m->config.page_shift;
	u64 pages = (cost->piece.bytes + (UINT64_C(1) << shift) - 1) >> shift;
	pfn_t before = PFN_NONE;

	cost->frames = pages;
	for (u64 n = 0; n < pages; n++) {
		pfn_t pfn = ways_frame(m, &cost->piece, n);

		if (n == 0)
			cost->zone = phys_has_memory(&m->phys, pfn) ? phys_zone_of(&m->phys, pfn) : -1;
		cost->runs += n == 0 || pfn != before + 1;
		before = pfn;
	}
}

static void measure(struct compare *c, const struct way *way, struct way_request rq, struct compare_cost *cost)
{
	const struct machine *m = &c->copy;
	u64 pages, had;

	*cost = (struct compare_cost){ .zone = -1 };
	if (!prepare(&c->copy, way, &rq))
		return;
	pages = free_pages(m);
	had = tables(m);
	c->events = 0;
	cost->got = way->ask(&c->copy, &rq, &cost->piece);
	cost->steps = c->events;
	cost->tables = tables(m) - had;
	if (cost->got)
		look_behind(m, cost);
	/* Reclaim may have made more free than the request took. */
	if (free_pages(m) < pages)
		cost->pages = pages - free_pages(m);
}

bool compare_ask(struct compare *c, const struct way *way, u64 bytes, struct compare_cost *cost, struct status *st)
{
	*cost = (struct compare_cost){ .zone = -1 };
	if (way->ask && begin(c)) {
		measure(c, way, request(&c->copy, bytes, true), cost);
		take_back(c);
	}
	return result(c, st);
}

/* ------------------------------------------------------------- how much */

/*
 * The largest size from `low` (which is served, or 0) up to `high` that is
 * served, to a part in 2^`digits`; 64: to the byte.
 */
static u64 search(struct compare *c, const struct way *way, u64 low, u64 high, unsigned digits)
{
	u64 page = UINT64_C(1) << c->copy.config.page_shift;

	if (gives(c, way, high))
		return high;
	while (high - low > 1 && high - low > (digits < 64 ? low >> digits : 0)) {
		u64 middle = low + (high - low) / 2;

		/* Whole pages, while it is many. */
		if (high - low > 2 * page)
			middle &= -page;
		if (gives(c, way, middle))
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Pages that single requests with this mask can have before a watermark refuses. */
static u64 within_reach(const struct machine *m, gfp_t gfp)
{
	const struct phys *p = &m->phys;
	struct request rq;
	u64 pages = 0;

	request_first(p, gfp, 0, &rq);
	request_dig(p, &rq);
	for (const u8 *zone = request_zonelist(p, rq.highest_zone); *zone != ZONELIST_END; zone++) {
		struct watermark_level level;

		watermark_level(p, *zone, &rq, &level);
		if (level.free > level.mark + level.reserve)
			pages += (u64)(level.free - level.mark - level.reserve);
	}
	return pages;
}

/* Of so many pages what is left when page tables, and the array of the pages, are taken from them: bytes. */
static u64 without_tables(const struct machine *m, u64 pages)
{
	u64 entries = (UINT64_C(1) << m->config.page_shift) / m->virt_config.entry;

	return (pages - 2 * (pages / entries)) << m->config.page_shift;
}

/* The most of a way whose pages come singly: tried, unless each try would take millions of them. */
static void most_single(struct compare *c, const struct way *way, struct compare_row *row)
{
	const struct machine *m = &c->copy;
	u64 reach = within_reach(m, way->single(m)), expected = without_tables(m, reach);
	u64 most = expected < row->limit ? expected : row->limit;

	if (most >> m->config.page_shift > TRY_PAGES) {
		row->about = true;
		row->now = most;
		return;
	}
	/* A little less is surely there, and reclaim may find more. */
	most -= most >> 5;
	row->now = search(c, way, most && gives(c, way, most) ? most : 0, row->limit, 10);
}

/* ------------------------------------------------------------- at boot */

static bool boot_gives(struct machine *early, u64 bytes)
{
	bool old = early->config.gfp == GFP_2_6;
	struct boot_step rq = { .kind = old ? BOOT_STEP_TAKE_LOW : BOOT_STEP_TAKE_HIGH, .bytes = bytes, .align = 64 };
	struct status st = STATUS_INIT;
	u64 at = 0;

	return early_take(early, rq, &at, &st) && at && early_free(early, at, at + bytes, &st);
}

/* The most that the boot-time allocator gives as soon as it can be asked, on this machine booted again. */
static u64 most_at_boot(const struct machine *m)
{
	struct machine_desc desc = m->desc;
	struct status st = STATUS_INIT;
	struct boot_steps steps;
	struct machine early;
	u64 low = 0, high = (u64)m->config.max_pfn << m->config.page_shift;

	desc.early = true;
	if (!machine_boot(&early, &desc, NULL, &st))
		return 0;
	early_steps(&early, &steps);
	while (early.early->progress.done < steps.known && early_step(&early, &st))
		;
	while (high - low > 1) {
		u64 middle = low + (high - low) / 2;

		if (boot_gives(&early, middle))
			low = middle;
		else
			high = middle;
	}
	machine_free(&early);
	return low;
}

/* ------------------------------------------------------------- frames */

/* The largest block that there is for this mask, which comes apart later. */
static pfn_t take_block(struct machine *m, gfp_t gfp, unsigned *order)
{
	pfn_t pfn = PFN_NONE;

	for (unsigned o = m->config.orders; o-- > 1 && pfn == PFN_NONE;) {
		pfn = page_alloc(&m->phys, gfp, o);
		*order = o;
	}
	return pfn;
}

/* From now on the page allocator has single pages only, and hands them out so that they do not lie side by side. */
static void take_apart(struct machine *m)
{
	const gfp_t masks[] = { 0, m->phys.gfp->highmem, m->phys.gfp->dma32 };
	struct status ignored = STATUS_INIT;
	unsigned order[ARRAY_SIZE(masks)] = { 0 };
	pfn_t block[ARRAY_SIZE(masks)];

	for (size_t n = 0; n < ARRAY_SIZE(masks); n++)
		block[n] = take_block(m, masks[n] | m->phys.gfp->nowarn, &order[n]);
	page_drain_local(&m->phys);
	m->config.orders = 1;
	for (size_t n = 0; n < ARRAY_SIZE(masks); n++) {
		if (block[n] == PFN_NONE || !page_split(&m->phys, block[n], order[n], &ignored))
			continue;
		/* The last ones that come back go out first: every second one. */
		for (pfn_t i = 0; i < (pfn_t)1 << order[n]; i += 2)
			page_free(&m->phys, block[n] + i, 0, &ignored);
		for (pfn_t i = 1; i < (pfn_t)1 << order[n]; i += 2)
			page_free(&m->phys, block[n] + i, 0, &ignored);
	}
}

static enum compare_frames frames_of(struct compare *c, const struct way *way, const struct compare_row *row)
{
	u64 page = UINT64_C(1) << c->copy.config.page_shift;

	if (!way->ask)
		return COMPARE_ADJACENT;
	if (!row->now_given)
		return COMPARE_UNKNOWN;
	if (row->limit <= page)
		return COMPARE_PAGE;
	for (u64 bytes = TRIAL; bytes > page && begin(c); bytes /= 2) {
		unsigned orders = c->copy.config.orders;
		struct compare_cost cost;

		take_apart(&c->copy);
		measure(c, way, request(&c->copy, bytes, true), &cost);
		c->copy.config.orders = orders;
		take_back(c);
		if (cost.got)
			return cost.zone < 0 ? COMPARE_DEVICE : cost.runs > 1 ? COMPARE_SINGLE : COMPARE_ADJACENT;
	}
	/* One page is given, and not two: they would have to lie side by side. */
	return COMPARE_ADJACENT;
}

/* ------------------------------------------------------------- sleeping */

/* From now on nothing that is free is given away. */
static void starve(struct machine *m)
{
	for (unsigned z = 0; z < m->config.zones; z++)
		for (unsigned w = 0; w < WMARK_COUNT; w++)
			m->phys.zone[z].wmark[w] = UINT32_MAX / 2;
	if (m->config.watermark_rule != WATERMARK_NONE)
		return;
	while (page_alloc(&m->phys, m->phys.gfp->nowarn, 0) != PFN_NONE)
		;
}

/* Asks again and again where nothing is free: until a request would have to wait, or is refused. */
static enum compare_sleep waits(struct compare *c, const struct way *way, u64 bytes, bool mask_waits)
{
	enum compare_sleep sleep = COMPARE_UNTRIED;
	struct way_request rq = request(&c->copy, bytes, mask_waits);
	struct way_piece piece;

	if (!begin(c))
		return sleep;
	if (prepare(&c->copy, way, &rq)) {
		if (!way->window)
			starve(&c->copy);
		c->waited = false;
		for (unsigned n = 0; n < PATIENCE && !c->waited; n++) {
			/* Pages of high memory, each another one, as far as there are some. */
			if (way->window && c->copy.config.direct_map_end + n >= c->copy.config.max_pfn)
				break;
			if (way->window)
				rq.handle = c->copy.config.direct_map_end + n;
			if (!way->ask(&c->copy, &rq, &piece))
				break;
		}
		sleep = c->waited ? COMPARE_ALWAYS : COMPARE_NEVER;
	}
	take_back(c);
	return sleep;
}

static enum compare_sleep sleep_of(struct compare *c, const struct way *way, u64 bytes)
{
	enum compare_sleep sleep;

	if (way->mutex)
		return COMPARE_ALWAYS;
	if (!way->ask)
		return COMPARE_NEVER;
	sleep = waits(c, way, bytes, true);
	if (sleep == COMPARE_ALWAYS && way->masked && waits(c, way, bytes, false) == COMPARE_NEVER)
		return COMPARE_BY_MASK;
	return sleep;
}

/* ------------------------------------------------------------- a row */

/* The smallest request that is served: its size; 0: none is. */
static u64 smallest(struct compare *c, const struct way *way, u64 limit)
{
	for (u64 bytes = 1; bytes <= limit; bytes *= 2)
		if (gives(c, way, bytes))
			return bytes;
	return 0;
}

bool compare_way(struct compare *c, const struct way *way, struct compare_row *row, struct status *st)
{
	struct compare_cost cost;
	u64 bytes;

	*row = (struct compare_row){ .zone = -1, .limit = way->ask ? way->limit(&c->copy) : most_at_boot(&c->copy) };
	bytes = smallest(c, way, row->limit);
	row->now_given = bytes != 0;
	row->frames = frames_of(c, way, row);
	row->sleep = sleep_of(c, way, bytes ? bytes : 1);
	if (!bytes)
		return result(c, st);
	if (!compare_ask(c, way, bytes, &cost, st))
		return false;
	row->least = cost.piece.bytes;
	row->zone = cost.zone;
	row->address = cost.piece.address != 0;
	if (c->copy.virt.state && row->address)
		row->region = region_of(&c->copy.virt, cost.piece.address).kind;
	if (way->single)
		most_single(c, way, row);
	else
		row->now = search(c, way, bytes, row->limit, 64);
	return result(c, st);
}
