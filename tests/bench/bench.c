/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What things cost, in nanoseconds and bytes.
 *
 *   bench                     all cases, a line each
 *   bench CASE COUNT MACHINE  one case, so many times and nothing else: for a tool
 *                             that counts instructions from outside (tests/bench/run)
 *   bench list MACHINE        the cases that the machine has, and a count that takes such a tool a moment
 */
#include "base/rng.h"
#include "base/units.h"
#include "machine/machine.h"
#include "phys/cma.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "session/session.h"
#include "slab/kmalloc.h"
#include "tests/bench/addresses.h"
#include "tests/bench/pressure.h"
#include "ui/layout.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HELD 1024
#define PAGES (1 << 14) /* of the machines on which memory is made short: 64M */
#define BORROWERS 8
#define ROUNDS 5 /* of each measurement; the best one is printed, which other load disturbs least */

static u64 events_seen;

static void count_event(void *context, const struct event *e)
{
	(void)context;
	(void)e;
	events_seen++;
}

static struct observer counter = { count_event, NULL };

static double nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void die(const struct status *st)
{
	fprintf(stderr, "bench: %s\n", st->message);
	exit(2);
}

/* `settings`: separated by blanks. */
static void boot(struct machine *m, const char *name, const char *settings)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	char setting[64];
	int length;

	memset(m, 0, sizeof *m);
	if (!desc_load(&desc, name, &st))
		die(&st);
	for (; sscanf(settings, " %63s%n", setting, &length) == 1; settings += length)
		if (!desc_set(&desc, setting, &st))
			die(&st);
	if (!machine_boot(m, &desc, NULL, &st))
		die(&st);
}

static gfp_t gfp_kernel(const struct machine *m)
{
	gfp_t gfp = 0;

	gfp_by_name(m->config.gfp, "GFP_KERNEL", &gfp);
	return gfp;
}

static void pairs(struct machine *m, u64 count)
{
	struct status st = STATUS_INIT;
	gfp_t gfp = gfp_kernel(m);

	for (u64 i = 0; i < count; i++)
		page_free(&m->phys, page_alloc(&m->phys, gfp, 0), 0, &st);
}

/* Random blocks of orders 0 to 5 come and go; about half of HELD are held. */
static void mixed(struct machine *m, u64 count)
{
	static pfn_t held[HELD];
	static unsigned order[HELD];
	struct rng r = { 1 };
	struct status st = STATUS_INIT;
	gfp_t gfp = gfp_kernel(m);

	for (unsigned i = 0; i < HELD; i++)
		held[i] = PFN_NONE;
	for (u64 i = 0; i < count; i++) {
		u64 random = rng_next(&r);
		unsigned n = (unsigned)(random % HELD);

		if (held[n] == PFN_NONE) {
			order[n] = (unsigned)(random >> 32) % 6;
			held[n] = page_alloc(&m->phys, gfp, order[n]);
		} else {
			page_free(&m->phys, held[n], order[n], &st);
			held[n] = PFN_NONE;
		}
	}
	for (unsigned i = 0; i < HELD; i++)
		if (held[i] != PFN_NONE)
			page_free(&m->phys, held[i], order[i], &st);
}

/* ------------------------------------------------- where memory is short */

static pfn_t taken[PAGES];
static u32 taken_count;

/* Takes single pages until none is given any more. */
static void fill(struct machine *m)
{
	gfp_t gfp = gfp_kernel(m);

	for (taken_count = 0; taken_count < PAGES; taken_count++) {
		taken[taken_count] = page_alloc(&m->phys, gfp, 0);
		if (taken[taken_count] == PFN_NONE)
			return;
	}
}

/* Gives one of every `every` of them back. */
static void give_back(struct machine *m, u32 every)
{
	struct status st = STATUS_INIT;

	for (u32 i = 0; i < taken_count; i += every)
		if (!page_free(&m->phys, taken[i], 0, &st))
			die(&st);
}

/* A few pages above min: no request is served before the slow path. */
static void fill_to_min(struct machine *m)
{
	fill(m);
	give_back(m, taken_count / 4);
}

/* Free pages lie alone: there is hardly a block of a higher order. */
static void fill_scattered(struct machine *m)
{
	fill(m);
	give_back(m, 8);
}

static void refused(struct machine *m, u64 count)
{
	struct status st = STATUS_INIT;
	gfp_t gfp = gfp_kernel(m);

	for (u64 i = 0; i < count; i++) {
		if (page_alloc(&m->phys, gfp, 4) != PFN_NONE) {
			status_fail(&st, STATUS_INVALID, "a request that should be refused is served");
			die(&st);
		}
	}
}

/* One large block is free; all else is in use, but a few pages. */
static void fill_around_a_block(struct machine *m)
{
	struct status st = STATUS_INIT;
	pfn_t block = page_alloc(&m->phys, gfp_kernel(m), m->config.orders - 1);

	fill(m);
	give_back(m, 64);
	page_drain_local(&m->phys);
	if (!page_free(&m->phys, block, m->config.orders - 1, &st))
		die(&st);
}

/* Each request finds the block on the list of the other type. */
static void steal(struct machine *m, u64 count)
{
	struct status st = STATUS_INIT;
	gfp_t gfp = gfp_kernel(m);
	unsigned order = m->config.orders - 1;

	for (u64 i = 0; i < count; i++) {
		pfn_t pfn = page_alloc(&m->phys, i % 2 ? gfp : gfp | m->phys.gfp->movable, order);

		if (pfn == PFN_NONE)
			status_fail(&st, STATUS_INVALID, "no block is left to steal");
		if (pfn == PFN_NONE || !page_free(&m->phys, pfn, order, &st))
			die(&st);
	}
}

static pfn_t borrower[BORROWERS];

static void follow(void *context, pfn_t from, pfn_t to)
{
	(void)context;
	for (unsigned i = 0; i < BORROWERS; i++) {
		if (borrower[i] == from) {
			borrower[i] = to;
			return;
		}
	}
}

/* Over half of what is free is CMA's, so that movable pages are put there. */
static void fill_beside_cma(struct machine *m)
{
	fill(m);
	give_back(m, 64);
	page_drain_local(&m->phys);
	m->phys.moved = follow;
}

/* Pages borrow from the area, are moved out of it, and the area is taken and released. */
static void contiguous(struct machine *m, u64 count)
{
	struct phys *p = &m->phys;
	const struct cma_config *area = &m->config.cma[0];
	struct status st = STATUS_INIT;

	for (u64 i = 0; i < count; i++) {
		pfn_t pfn;

		for (unsigned n = 0; n < BORROWERS; n++) {
			borrower[n] = page_alloc(p, p->gfp->movable | p->gfp->wait | p->gfp->kswapd, 0);
			if (!load_movable(p, borrower[n], &st))
				die(&st);
		}
		pfn = cma_alloc(p, 0, area->count, 0);
		if (pfn == PFN_NONE)
			status_fail(&st, STATUS_INVALID, "the area cannot be taken");
		if (pfn == PFN_NONE || !cma_release(p, pfn, area->count, &st))
			die(&st);
		for (unsigned n = 0; n < BORROWERS; n++)
			if (!page_free(p, borrower[n], 0, &st))
				die(&st);
	}
}

/* ------------------------------------------------- small objects */

static u64 object[HELD];
static struct kmem_cache *objects;

static void make_cache(struct machine *m)
{
	struct status st = STATUS_INIT;

	objects = kmem_cache_create(&m->slab, "bench", 100, 0, 0, CTOR_NONE);
	if (!objects) {
		status_fail(&st, STATUS_INVALID, "there is no cache");
		die(&st);
	}
}

static void kmalloc_pairs(struct machine *m, u64 count)
{
	gfp_t gfp = gfp_kernel(m);

	for (u64 i = 0; i < count; i++)
		kmalloc_free(&m->slab, kmalloc_alloc(&m->slab, 100, gfp));
}

/* All of HELD are taken; given back is the last one first. */
static void last_first(struct machine *m, u64 count)
{
	gfp_t gfp = gfp_kernel(m);

	for (u64 done = 0; done < count; done += HELD) {
		for (unsigned n = 0; n < HELD; n++)
			object[n] = kmem_cache_alloc(&m->slab, objects, gfp);
		for (unsigned n = HELD; n-- > 0;)
			kmem_cache_free(&m->slab, objects, object[n]);
	}
}

/* Any of HELD is taken or given back; about half are held. */
static void any_order(struct machine *m, u64 count)
{
	gfp_t gfp = gfp_kernel(m);
	struct rng r = { 1 };

	memset(object, 0, sizeof object);
	for (u64 i = 0; i < 2 * count; i++) {
		u64 *o = &object[rng_next(&r) % HELD];

		if (*o)
			kmem_cache_free(&m->slab, objects, *o);
		*o = *o ? 0 : kmem_cache_alloc(&m->slab, objects, gfp);
	}
	for (unsigned n = 0; n < HELD; n++)
		if (object[n])
			kmem_cache_free(&m->slab, objects, object[n]);
}

/* Only where page blocks have types, where there are caches of objects, a layout of addresses, or reclaim. */
enum needs { NOTHING, TYPES, OBJECTS, ADDRESSES, RECLAIM };

struct load {
	const char *name;
	void (*prepare)(struct machine *m); /* NULL: nothing to be done */
	void (*run)(struct machine *m, u64 count); /* leaves what it finds */
	u64 count; /* for a measurement */
	const char *settings;
	enum needs needs;
	const char *what;
};

static const struct load loads[] = {
	{ "pair", NULL, pairs, 2000000, "", NOTHING, "order-0 pair" },
	{ "mixed", NULL, mixed, 2000000, "", NOTHING, "mixed orders, each operation" },
	{ "pair-low", fill_to_min, pairs, 500000, "mem=64M", NOTHING, "near exhaustion: order-0 pair" },
	{ "mixed-low", fill_scattered, mixed, 500000, "mem=64M", NOTHING, "  mixed orders, each" },
	{ "refused", fill, refused, 500000, "mem=64M", NOTHING, "  order 4, refused" },
	{ "steal", fill_around_a_block, steal, 100000, "mem=64M watermark_boost_factor=0", TYPES,
	  "  order 10, stolen and freed" },
	{ "cma", fill_beside_cma, contiguous, 500, "mem=64M cma=4M", TYPES, "  4M of CMA, 8 pages moved" },
	{ "reclaim", pressure_fill, pressure_reclaim, 40000, "mem=64M", RECLAIM, "direct reclaim, each page" },
	{ "refault", pressure_fill, pressure_refault, 40000, "mem=64M", RECLAIM, "  a page that was evicted" },
	{ "compact", pressure_scatter, pressure_compact, 50, "mem=64M", TYPES, "  order 9 by compaction, undone" },
	{ "shrink", pressure_objects, pressure_shrink, 100000, "mem=64M", RECLAIM, "  object for an unused one" },
	{ "kmalloc", NULL, kmalloc_pairs, 2000000, "", OBJECTS, "kmalloc pair, 100 bytes" },
	{ "cache-lifo", make_cache, last_first, 1 << 21, "", OBJECTS, "cache pair, last first" },
	{ "cache-random", make_cache, any_order, 1000000, "", OBJECTS, "cache pair, in any order" },
	{ "vmalloc-1", NULL, addresses_areas_1, 100000, "", ADDRESSES, "vmalloc pair, 1 page" },
	{ "vmalloc-16", NULL, addresses_areas_16, 20000, "", ADDRESSES, "  16 pages" },
	{ "vmalloc-4096", NULL, addresses_areas_4096, 100, "", ADDRESSES, "  4096 pages" },
	{ "ioremap", NULL, addresses_remaps, 50000, "", ADDRESSES, "ioremap pair, 64K" },
	{ "kmap", NULL, addresses_windows, 1000000, "", ADDRESSES, "kmap pair" },
	{ "direct", NULL, addresses_translate_direct, 2000000, "", ADDRESSES, "translation, direct map" },
	{ "translate", addresses_make_area, addresses_translate_area, 2000000, "", ADDRESSES, "  vmalloc area" },
	{ "walk", addresses_make_area, addresses_walk, 2000000, "", ADDRESSES, "  every level told" },
	{ "to-pfn", addresses_make_area, addresses_find_frame, 2000000, "", ADDRESSES, "  vmalloc_to_pfn" },
};

static double measure(const struct load *load, struct machine *m, u64 count)
{
	double best = 1e30;

	for (int round = 0; round < ROUNDS; round++) {
		double start = nanoseconds(), took;

		load->run(m, count);
		took = (nanoseconds() - start) / (double)count;
		if (took < best)
			best = took;
	}
	return best;
}

/* false: the machine cannot do that. */
static bool prepared(struct machine *m, const char *machine, const struct load *load)
{
	bool able;

	boot(m, machine, load->needs == TYPES ? "" : load->settings);
	able = load->needs == TYPES       ? m->config.types > 1
	       : load->needs == ADDRESSES ? m->virt.state != NULL
	       : load->needs == RECLAIM   ? m->phys.reclaim != NULL
	       : load->needs == OBJECTS   ? m->slab_config.allocator != SLAB_ABSENT
					  : true;
	if (!able || load->needs == TYPES)
		machine_free(m);
	if (able && load->needs == TYPES)
		boot(m, machine, load->settings);
	if (able && load->prepare)
		load->prepare(m);
	return able;
}

static void bench_loads(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(loads); i++) {
		u64 count = loads[i].count;
		struct machine m;
		double alone, watched;

		if (!prepared(&m, machine, &loads[i]))
			continue;
		alone = measure(&loads[i], &m, count);
		m.phys.observer = &counter;
		events_seen = 0;
		watched = measure(&loads[i], &m, count);
		if (!events_seen) {
			printf("%-16s %-30s %7.1f ns   %6.1f million a second\n", machine, loads[i].what, alone,
			       1e3 / alone);
			machine_free(&m);
			continue;
		}
		printf("%-16s %-30s %7.1f ns   observed %7.1f ns, %5.1f events each, %6.1f million events/s\n", machine,
		       loads[i].what, alone, watched, (double)events_seen / (double)(count * ROUNDS),
		       (double)events_seen / (double)(count * ROUNDS) / watched * 1e3);
		machine_free(&m);
	}
}

static void bench_boot(const char *machine, const char *mem)
{
	double best = 1e30;
	size_t resident = 0;
	char size[UNITS_MAX], setting[64];

	snprintf(setting, sizeof setting, "mem=%s", mem);
	for (int round = 0; round < ROUNDS; round++) {
		struct machine m;
		double start = nanoseconds(), took;

		boot(&m, machine, setting);
		took = nanoseconds() - start;
		if (took < best)
			best = took;
		resident = arena_resident(&m.arena);
		machine_free(&m);
	}
	printf("%-16s boot with %-8s %26.3f ms   resident %s\n", machine, mem, best / 1e6,
	       units_format(resident, size));
}

/* Draws after each of many commands, so that nothing worked out before is still good; only the drawing is timed. */
static double redraw(struct session *s, struct view *v, struct grid *g)
{
	const int count = 50;
	struct layout layout;
	struct status st = STATUS_INIT;
	gfp_t gfp = gfp_kernel(&s->machine);
	double took = 0;

	layout_make(&layout, g->rows - 1, g->cols);
	for (int i = 0; i < count; i++) {
		double start;

		view_before_operation(v);
		if (!session_begin(s, "alloc_pages", &st))
			die(&st);
		page_alloc(&s->machine.phys, gfp, (unsigned)i % 4);
		if (!session_end(s, true, &st))
			die(&st);
		start = nanoseconds();
		grid_clear(g);
		layout_draw(&layout, v, g, LAYOUT_NO_FOCUS);
		took += nanoseconds() - start;
	}
	return took / count;
}

/* Areas of a page each, with as many gaps; the address space is looked at. */
static void make_areas(struct machine *m, struct view *v, u64 count)
{
	struct status st = STATUS_INIT;
	u64 before = 0;

	for (u64 n = 0; n < count; n++) {
		u64 area = vmalloc_alloc(&m->virt, 4096, vmalloc_gfp(&m->virt));

		if (!area)
			status_fail(&st, STATUS_NO_MEMORY, "no area");
		if (!area || (n % 3 == 2 && !vmalloc_free(&m->virt, before, &st)))
			die(&st);
		before = area;
	}
	v->band = VIEW_BAND_ADDRESSES;
}

static void bench_redraw(const char *machine, const char *mem, int rows, int cols, u64 areas)
{
	struct session s;
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	struct view view;
	struct grid grid;
	char setting[64];
	double best = 1e30;

	snprintf(setting, sizeof setting, "mem=%s", mem);
	memset(&s, 0, sizeof s);
	if (!desc_load(&desc, machine, &st) || !desc_set(&desc, setting, &st) || !session_open(&s, &desc, 1, &st))
		die(&st);
	if (!grid_init(&grid, rows, cols)) {
		status_fail(&st, STATUS_NO_MEMORY, "out of memory");
		die(&st);
	}
	view_init(&view, &s, GLYPHS_UTF8);
	if (areas)
		make_areas(&s.machine, &view, areas);
	for (int round = 0; round < ROUNDS; round++) {
		double took = redraw(&s, &view, &grid);

		if (took < best)
			best = took;
	}
	printf("%-16s redraw %dx%d with %-8s %19.3f ms", machine, cols, rows, mem, best / 1e6);
	printf(areas ? "   %" PRIu64 " areas\n" : "\n", areas);
	view_free(&view);
	grid_free(&grid);
	session_close(&s);
}

static void bench_all(void)
{
	bench_loads("i386-2.6.18");
	bench_loads("x86_64-6.1-slub");
	bench_boot("i386-2.6.18", "1G");
	bench_boot("x86_64-6.1-slub", "64G");
	bench_boot("x86_64-6.1-slub", "1T");
	bench_redraw("i386-2.6.18", "1G", 24, 80, 0);
	bench_redraw("i386-2.6.18", "1G", 60, 200, 0);
	bench_redraw("x86_64-6.1-slub", "1T", 60, 200, 0);
	bench_redraw("x86_64-6.1-slub", "8G", 60, 200, 100000);
}

int main(int argc, char **argv)
{
	if (argc == 1) {
		bench_all();
		return 0;
	}
	for (size_t i = 0; argc == 3 && strcmp(argv[1], "list") == 0 && i < ARRAY_SIZE(loads); i++) {
		struct machine m;

		if (!prepared(&m, argv[2], &loads[i]))
			continue;
		printf("%s %" PRIu64 "\n", loads[i].name, loads[i].count / 20);
		machine_free(&m);
	}
	for (size_t i = 0; argc == 4 && i < ARRAY_SIZE(loads); i++) {
		struct machine m;

		if (strcmp(loads[i].name, argv[1]) != 0 || !prepared(&m, argv[3], &loads[i]))
			continue;
		loads[i].run(&m, strtoull(argv[2], NULL, 0));
		machine_free(&m);
		return 0;
	}
	if (argc == 3)
		return 0;
	fprintf(stderr, "usage: bench [CASE COUNT MACHINE | list MACHINE]\n");
	return 2;
}
