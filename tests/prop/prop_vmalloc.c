/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random vmalloc(), vfree(), ioremap() and purges against a naive model: an
 * array with a byte a page of addresses.  SEED= repeats a run.  Areas are small
 * enough that the array of their pages is none itself.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
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
#define PAGES 40000 /* of the vmalloc area that the naive model looks at */

/* What a page of addresses is. */
enum { UNUSED, USED, LAZY };

static struct machine m;
static u8 page[PAGES];
static struct held {
	u64 address, bytes;
	bool device;
} held[HELD];
static unsigned failed;

static void fail(const char *what, u64 a, u64 b)
{
	fprintf(stderr, "%s: %" PRIx64 ", expected %" PRIx64 "\n", what, a, b);
	failed++;
}

/* The lowest run of `pages` unused ones at a multiple of `align` pages (of the address, not of the number). */
static u64 naive_find(u64 pages, u64 align)
{
	u64 base = m.virt_config.vmalloc_start >> 12;

	for (u64 at = 0; at + pages <= PAGES; at++) {
		u64 n = 0;

		if ((base + at) % align)
			continue;
		while (n < pages && page[at + n] == UNUSED)
			n++;
		if (n == pages)
			return at;
	}
	return PAGES;
}

static void paint(u64 address, u64 pages, u8 what)
{
	memset(page + ((address - m.virt_config.vmalloc_start) >> 12), what, pages);
}

/* 2.6 goes up the list and aligns behind each area: the first gap, as in the naive model. */
static u64 alignment(u64 bytes, bool device)
{
	bool next = m.virt_config.ioremap_next_power;
	u64 align = 4096;

	while (device && align < UINT64_C(1) << m.virt_config.ioremap_max_shift &&
	       (next ? align <= bytes : align < bytes))
		align *= 2;
	return align >> 12;
}

static void get(struct held *h, u64 pages, bool device)
{
	u64 bytes = pages << 12, at = naive_find(pages + 1, alignment(bytes, device)), expected;
	const char *where;
	struct vmap_area *area;

	if (at == PAGES)
		return;
	expected = m.virt_config.vmalloc_start + (at << 12);
	h->bytes = bytes;
	h->device = device;
	if (!device)
		h->address = vmalloc_alloc(&m.virt, bytes, vmalloc_gfp(&m.virt));
	else if (!ioremap_map(&m.virt, 0xd0000000, bytes, IOREMAP_UNCACHED, &h->address, &area, &where))
		h->address = 0;
	if (h->address != expected)
		fail("address", h->address, expected);
	paint(expected, pages + 1, USED);
}

static void put(struct held *h)
{
	struct status st = STATUS_INIT;
	bool good = h->device ? ioremap_unmap(&m.virt, h->address, &st) : vmalloc_free(&m.virt, h->address, &st);

	if (!good)
		fail(st.message, h->address, 0);
	if (vmalloc_to_pfn(&m.virt, h->address) != PFN_NONE)
		fail("still mapped", h->address, 0);
	paint(h->address, (h->bytes >> 12) + 1, m.virt_config.rule == VMAP_LIST ? UNUSED : LAZY);
	h->address = 0;
}

static void purge(void)
{
	vmalloc_purge(&m.virt);
	for (size_t n = 0; n < PAGES; n++)
		if (page[n] == LAZY)
			page[n] = UNUSED;
}

/* The map of the address space says of each page what the naive model says, and leaves none out. */
static void check_map(void)
{
	static const u8 what[ADDRESS_KINDS] = {
		[ADDRESS_FREE] = UNUSED, [ADDRESS_LAZY] = LAZY, [ADDRESS_VMALLOC] = USED, [ADDRESS_IOREMAP] = USED
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
		for (u64 i = first; i < end && i < PAGES; i++)
			if (page[i] != what[item->kind])
				fail("a page in the map", item->start, page[i]);
		at = item->start + item->bytes;
	}
	if (at != part->region.last + 1)
		fail("the map ends", at, part->region.last + 1);
	address_map_free(&map);
}

static void check(void)
{
	struct status st = STATUS_INIT;
	u64 lazy = 0;

	for (size_t n = 0; n < PAGES; n++)
		lazy += page[n] == LAZY;
	if (lazy != m.virt.state->lazy_pages)
		fail("lazy pages", m.virt.state->lazy_pages, lazy);
	if (!invariants_hold(&m, &st))
		fail(st.message, 0, 0);
	check_map();
}

/* Pages that nobody has, and those that became slabs and page tables. */
static u64 all_pages(void)
{
	u64 pages = m.virt.state->tables;

	for (unsigned z = 0; z < m.config.zones; z++) {
		pages += m.phys.zone[z].free;
		for (unsigned s = 0; s < 2; s++)
			pages += phys_pcp(&m.phys, z, 0)->set[s].count;
	}
	for (pfn_t pfn = 0; pfn < m.config.max_pfn; pfn++) {
		const struct page *p = page_find(&m.phys, pfn);

		pages += p && p->kind == PAGE_SLAB;
	}
	return pages;
}

static void run(const char *machine, u64 seed)
{
	struct status st = STATUS_INIT;
	struct machine_desc desc;
	struct machine twin;
	struct rng rng = { seed };
	u64 before, after;

	if (!desc_load(&desc, machine, &st) || !desc_set(&desc, "mem=512M", &st) ||
	    !machine_boot(&m, &desc, NULL, &st)) {
		fail(st.message, 0, 0);
		return;
	}
	memset(page, UNUSED, sizeof(page));
	memset(held, 0, sizeof(held));
	before = all_pages();
	for (unsigned step = 0; step < STEPS && !failed; step++) {
		struct held *h = &held[rng_below(&rng, HELD)];

		if (h->address)
			put(h);
		else
			get(h, 1 + rng_below(&rng, rng_below(&rng, 8) ? 20 : 500), rng_below(&rng, 4) == 0);
		if (rng_below(&rng, 50) == 0)
			purge();
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
	machine_free(&m);
}

int main(void)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;

	for (size_t n = 0; n < ARRAY_SIZE(machines) && !failed; n++)
		run(machines[n], seed);
	if (failed)
		fprintf(stderr, "SEED=%" PRIu64 "\n", seed);
	return failed != 0;
}
