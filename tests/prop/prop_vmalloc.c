/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random vmalloc(), vmap(), ioremap(), what gives their areas back, and purges,
 * asked for and automatic, against a naive model: an array with a byte a page of
 * addresses.  Once where there is room for all, once in 8 MiB, where searches
 * fail.  SEED= repeats a run.
 */
#include "tests/prop/environment.h"

#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "virt/address_map.h"
#include "virt/ioremap.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 3000
#define HELD 64
#define PAGES 40000 /* of the vmalloc area that the naive model looks at, at most */

/* What a page of addresses is. */
enum { UNUSED, USED, LAZY };

enum kind { KIND_VMALLOC, KIND_VMAP, KIND_DEVICE };

/* Where it is tried. */
struct world {
	const char *machine, *memory, *vmalloc;
	bool tight; /* the model knows no more addresses than the kernel */
};

static struct machine m;
static const struct world *world;
static u8 page[PAGES];
static u64 pages; /* of them that are looked at */
static struct held {
	u64 address, bytes;
	u64 array, array_pages; /* page number of the area that the array of its pages is; 0 pages: it is none */
	enum kind kind;
} held[HELD];
static pfn_t mapped[512]; /* what vmap() maps: one page, again and again */
static unsigned failed, refused, drained;

static void fail(const char *what, u64 a, u64 b)
{
	fprintf(stderr, "%s: %s: %" PRIx64 ", expected %" PRIx64 "\n", world->machine, what, a, b);
	failed++;
}

static bool is_list(void)
{
	return m.virt_config.rule == VMAP_LIST;
}

/* The lowest run of `wanted` unused ones at a multiple of `align` pages (of the address, not of the number). */
static u64 naive_find(u64 wanted, u64 align)
{
	u64 base = m.virt_config.vmalloc_start >> 12;

	for (u64 at = 0; at + wanted <= pages; at++) {
		u64 n = 0;

		if ((base + at) % align)
			continue;
		while (n < wanted && page[at + n] == UNUSED)
			n++;
		if (n == wanted)
			return at;
	}
	return PAGES;
}

static void naive_purge(void)
{
	for (size_t n = 0; n < pages; n++)
		if (page[n] == LAZY)
			page[n] = UNUSED;
}

/* Takes a place, if need be after a purge; PAGES: there is none. */
static u64 naive_take(u64 wanted, u64 align)
{
	u64 at = naive_find(wanted, align);

	if (at == PAGES && !is_list()) {
		naive_purge();
		at = naive_find(wanted, align);
	}
	if (at != PAGES)
		memset(page + at, USED, wanted);
	return at;
}

static void naive_give_back(u64 at, u64 count)
{
	memset(page + at, is_list() ? UNUSED : LAZY, count);
}

static u64 alignment(u64 bytes, enum kind kind)
{
	bool next = m.virt_config.ioremap_next_power;
	u64 align = 4096;

	while (kind == KIND_DEVICE && align < UINT64_C(1) << m.virt_config.ioremap_max_shift &&
	       (next ? align <= bytes : align < bytes))
		align *= 2;
	return align >> 12;
}

static u64 ask(u64 bytes, enum kind kind)
{
	struct vmap_area *area;
	const char *where;
	u64 address;

	if (kind == KIND_VMALLOC)
		return vmalloc_alloc(&m.virt, bytes, vmalloc_gfp(&m.virt));
	if (kind == KIND_VMAP)
		return vmalloc_map(&m.virt, mapped, (u32)(bytes >> 12), VM_MAP);
	return ioremap_map(&m.virt, 0xd0000000, bytes, IOREMAP_UNCACHED, &address, &area, &where) ? address : 0;
}

static void get(struct held *h, u64 count, enum kind kind)
{
	u64 align = alignment(count << 12, kind), array = 0, array_at = 0, at, expected = 0, got;

	/* An array that is larger than a page is an area of its own, behind the other. */
	if (kind == KIND_VMALLOC && count * m.virt_config.word > 4096)
		array = (count * m.virt_config.word + 4095) >> 12;
	if (!world->tight && naive_find(count + 1 + (array ? array + 1 : 0), align) == PAGES)
		return;
	at = naive_take(count + 1, align);
	if (at != PAGES && array) {
		array_at = naive_take(array + 1, 1);
		if (array_at == PAGES) {
			naive_give_back(at, count + 1);
			at = PAGES;
		}
	}
	if (at != PAGES)
		expected = m.virt_config.vmalloc_start + (at << 12);
	refused += !expected;
	got = ask(count << 12, kind);
	if (got != expected)
		fail("address", got, expected);
	*h = (struct held){ got, count << 12, array_at, array, kind };
}

static void put(struct held *h)
{
	struct status st = STATUS_INIT;
	bool good = h->kind == KIND_DEVICE ? ioremap_unmap(&m.virt, h->address, &st)
		    : h->kind == KIND_VMAP ? vmalloc_unmap(&m.virt, h->address, &st)
					   : vmalloc_free(&m.virt, h->address, &st);

	if (!good)
		fail(st.message, h->address, 0);
	if (vmalloc_to_pfn(&m.virt, h->address) != PFN_NONE)
		fail("still mapped", h->address, 0);
	naive_give_back((h->address - m.virt_config.vmalloc_start) >> 12, (h->bytes >> 12) + 1);
	if (h->array_pages)
		naive_give_back(h->array, h->array_pages + 1);
	h->address = 0;
}

static void purge(void)
{
	vmalloc_purge(&m.virt);
	naive_purge();
}

/* Others run: the worker purges if more than 32 MiB for each bit of the number of CPUs, which is 1, wait. */
static void let_others_run(void)
{
	u64 lazy = 0;

	for (size_t n = 0; n < pages; n++)
		lazy += page[n] == LAZY;
	vmalloc_command_ended(&m.virt);
	if (lazy <= (32 << 20) / 4096)
		return;
	naive_purge();
	drained++;
}

/* The map of the address space says of each page what the naive model says, and leaves none out. */
static void check_map(void)
{
	static const u8 what[ADDRESS_KINDS] = {
		[ADDRESS_FREE] = UNUSED,  [ADDRESS_LAZY] = LAZY, [ADDRESS_VMALLOC] = USED,
		[ADDRESS_IOREMAP] = USED, [ADDRESS_VMAP] = USED, [ADDRESS_ARRAY] = USED
	};
	struct address_map map = { 0 };
	const struct address_part *part;
	u64 at = m.virt_config.vmalloc_start;

	if (!address_map_make(&map, &m.virt))
		fail("no map", 0, 0);
	part = address_map_part(&map, at);
	for (size_t n = part->first; n < part->first + part->count; n++) {
		const struct address_item *item = &map.item[n];
		u64 first = (item->start - part->region.start) >> 12, end = first + (item->bytes >> 12);

		if (item->start != at)
			fail("the map has a hole", item->start, at);
		for (u64 i = first; i < end && i < pages; i++)
			if (page[i] != what[item->kind])
				fail("a page in the map", item->start, page[i]);
		at = item->start + item->bytes;
	}
	if (at != part->region.last + 1)
		fail("the map ends", at, part->region.last + 1);
	address_map_free(&map);
}

/* Runs of pages of one kind in the naive model. */
static u32 runs(u8 kind)
{
	u32 count = 0;

	for (u64 n = 0; n < pages; n++)
		count += page[n] == kind && (!n || page[n - 1] != kind);
	return count;
}

/* What is lazy and touches is one, and so is what is free: there are as many areas as runs of pages. */
static void check_areas(void)
{
	const struct virt_state *s = m.virt.state;
	u32 busy = 0, free = runs(UNUSED);

	for (unsigned n = 0; n < HELD; n++)
		busy += held[n].address ? 1 + (held[n].array_pages != 0) : 0;
	if (s->count[VMAP_BUSY] != busy)
		fail("busy areas", s->count[VMAP_BUSY], busy);
	if (s->count[VMAP_LAZY] != runs(LAZY))
		fail("lazy areas", s->count[VMAP_LAZY], runs(LAZY));
	/* All addresses below are free, too, and those above. */
	free += page[0] != UNUSED;
	free += world->tight && page[pages - 1] != UNUSED;
	if (!is_list() && s->count[VMAP_FREE] != free)
		fail("free areas", s->count[VMAP_FREE], free);
}

static void check(void)
{
	struct status st = STATUS_INIT;
	u64 lazy = 0;

	for (size_t n = 0; n < pages; n++)
		lazy += page[n] == LAZY;
	if (lazy != m.virt.state->lazy_pages)
		fail("lazy pages", m.virt.state->lazy_pages, lazy);
	if (!invariants_hold(&m, &st))
		fail(st.message, 0, 0);
	check_areas();
	check_map();
}

/* Pages that nobody has, and those that became slabs and page tables. */
static u64 all_pages(void)
{
	u64 count = m.virt.state->tables;

	for (unsigned z = 0; z < m.config.zones; z++) {
		count += m.phys.zone[z].free;
		for (unsigned s = 0; s < 2; s++)
			count += phys_pcp(&m.phys, z, 0)->set[s].count;
	}
	for (pfn_t pfn = 0; pfn < m.config.max_pfn; pfn++) {
		const struct page *p = page_find(&m.phys, pfn);

		count += p && p->kind == PAGE_SLAB;
	}
	return count;
}

/* In little space, mostly small ones, so that the holes between them become too small. */
static u64 some_pages(struct rng *rng)
{
	u64 most = rng_below(rng, 8) ? 20 : rng_below(rng, 4) || world->tight ? 500 : 3000;

	return 1 + rng_below(rng, most);
}

/* 2.6 looks where the range ends only behind an area that it stepped over; aligned ones can jump over all. */
static enum kind some_kind(struct rng *rng)
{
	enum kind kind = rng_below(rng, 8) < 5 ? KIND_VMALLOC : rng_below(rng, 2) ? KIND_DEVICE : KIND_VMAP;

	return kind == KIND_DEVICE && world->tight && is_list() ? KIND_VMALLOC : kind;
}

static bool begin(void)
{
	struct status st = STATUS_INIT;
	struct machine_desc desc;
	pfn_t pfn;
	u64 size;

	if (!desc_load(&desc, world->machine, &st) || !desc_set(&desc, world->memory, &st) ||
	    !desc_set(&desc, world->vmalloc, &st) || !machine_boot(&m, &desc, NULL, &st)) {
		fail(st.message, 0, 0);
		return false;
	}
	memset(page, UNUSED, sizeof(page));
	memset(held, 0, sizeof(held));
	size = (m.virt_config.vmalloc_end - m.virt_config.vmalloc_start) >> 12;
	pages = world->tight ? size : PAGES;
	if (world->tight && size > PAGES)
		fail("too much room", size, PAGES);
	refused = drained = 0;
	pfn = page_alloc(&m.phys, kmem_cache_gfp_kernel(&m.slab), 0);
	for (size_t n = 0; n < ARRAY_SIZE(mapped); n++)
		mapped[n] = pfn;
	return true;
}

static void run(u64 seed)
{
	struct status st = STATUS_INIT;
	struct rng rng = { seed };
	struct machine twin;
	u64 before, after;

	if (!begin())
		return;
	before = all_pages();
	get(&held[0], 1, KIND_VMALLOC);
	for (unsigned step = 0; step < STEPS && !failed; step++) {
		/* The first one stays: with no area at all 2.6 does not look at the end. */
		struct held *h = &held[1 + rng_below(&rng, HELD - 1)];
		enum kind kind = some_kind(&rng);
		u64 count = some_pages(&rng);

		if (h->address)
			put(h);
		else
			get(h, kind == KIND_VMAP && count > ARRAY_SIZE(mapped) ? ARRAY_SIZE(mapped) : count, kind);
		if (rng_below(&rng, 400) == 0)
			purge();
		if (rng_below(&rng, 4))
			let_others_run();
		if (step % 100 == 0)
			check();
	}
	check();
	if (!machine_clone(&twin, &m, &st) || machine_hash(&twin) != machine_hash(&m))
		fail("a clone differs", 0, 0);
	machine_free(&twin);
	for (unsigned n = 0; n < HELD; n++)
		if (held[n].address)
			put(&held[n]);
	purge();
	check();
	after = all_pages();
	if (before != after || m.virt.state->count[VMAP_BUSY])
		fail("pages are gone", after, before);
	/* What is to be tried was tried. */
	if (!failed && (world->tight ? refused < 20 : drained < 2 && !is_list()))
		fail("too few were refused, or purges of the worker", refused, drained);
	machine_free(&m);
}

int main(void)
{
	static const struct world worlds[] = {
		{ "i386-2.6.18", "mem=512M", "vmalloc=0", false },
		{ "i386-6.1-slab", "mem=512M", "vmalloc=0", false },
		{ "x86_64-6.1-slub", "mem=512M", "vmalloc=0", false },
		{ "i386-2.6.18", "mem=1G", "vmalloc=24M", true },
		{ "i386-6.1-slab", "mem=1G", "vmalloc=8M", true },
	};
	u64 seed = from_environment("SEED", 1);

	for (size_t n = 0; n < ARRAY_SIZE(worlds) && !failed; n++) {
		world = &worlds[n];
		run(seed);
	}
	if (failed)
		fprintf(stderr, "SEED=%" PRIu64 "\n", seed);
	return failed != 0;
}
