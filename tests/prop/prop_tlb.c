/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random areas and windows are made, accessed and given back: what is mapped
 * leads where it should, by the tables and by way of the TLB, and no TLB knows
 * what the tables do not say - except, on 6.1, of areas that wait for a purge.
 * SEED= repeats a run, OPS= says how long it is.
 */
#include "tests/prop/environment.h"

#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/translate.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define OPS 4000
#define HELD 48
#define PAGE UINT64_C(4096)

/* What is held: an area, or a page in a slot of kmap(). */
static struct held {
	u64 address, pages;
	pfn_t pfn; /* of the slot; 0: it is an area */
} held[HELD];

static struct machine m;
static struct rng rng;
static const char *name;
static unsigned failed, stale, filled;

static void fail(const char *what, u64 address)
{
	fprintf(stderr, "%s: %s: 0x%" PRIx64 "\n", name, what, address);
	failed++;
}

static void get(struct held *h)
{
	const struct phys_config *c = &m.config;
	bool slot = m.virt_config.last_pkmap && rng_below(&rng, 3) == 0;

	*h = (struct held){ 0, 1 + rng_below(&rng, 40), 0 };
	if (slot) {
		h->pages = 1;
		h->pfn = (pfn_t)(c->direct_map_end + rng_below(&rng, c->max_pfn - c->direct_map_end));
		h->address = kmap_map(&m.virt, h->pfn);
	} else {
		h->address = vmalloc_alloc(&m.virt, h->pages * PAGE, vmalloc_gfp(&m.virt));
	}
	if (!h->address)
		fail("nothing was got", h->pages);
}

static void give_back(struct held *h)
{
	struct status st = STATUS_INIT;

	if (!(h->pfn ? kmap_unmap(&m.virt, h->pfn, &st) : vmalloc_free(&m.virt, h->address, &st)))
		fail(st.message, h->address);
	h->address = 0;
}

static void use(const struct held *h)
{
	u64 address = h->address + rng_below(&rng, h->pages) * PAGE + 8;
	pfn_t pfn = page_table_frame(&m.virt, address);

	if (pfn == PFN_NONE || (h->pfn && pfn != h->pfn))
		fail("the tables lead elsewhere", address);
	tlb_use(&m.virt, address);
	filled++;
	if (tlb_physical(&m.virt, address) != (u64)pfn * PAGE + 8)
		fail("an access goes elsewhere", address);
}

/* A window that is closed again at once, as it must be. */
static void use_atomic(void)
{
	pfn_t pfn = (pfn_t)(m.config.max_pfn - 1 - rng_below(&rng, 100));
	struct status st = STATUS_INIT;
	u64 address;

	if (!m.virt_config.km_slots || pfn < m.config.direct_map_end)
		return;
	address = kmap_atomic_map(&m.virt, pfn, (u32)rng_below(&rng, m.virt_config.km_slots), true, &st);
	use(&(struct held){ address, 1, pfn });
	if (!kmap_atomic_unmap(&m.virt, address, true, &st))
		fail(st.message, address);
}

static void check(void)
{
	struct status st = STATUS_INIT;

	for (u32 n = 0; n < TLB_ENTRIES; n++) {
		const struct tlb_entry *e = tlb_entry(&m.virt, 0, n);

		if (!e->level || !tlb_is_stale(&m.virt, e->page))
			continue;
		stale++;
		if (!vmap_area_of(&m.virt, VMAP_LAZY, e->page))
			fail("a TLB knows what nobody waits for", e->page);
	}
	if (!tlb_check(&m.virt, &st))
		fail(st.message, 0);
}

static void run(u64 seed, u64 ops)
{
	struct status st = STATUS_INIT;
	struct machine_desc desc;

	rng.state = seed;
	if (!desc_load(&desc, name, &st) || !machine_boot(&m, &desc, NULL, &st)) {
		fail(st.message, 0);
		return;
	}
	stale = filled = 0;
	for (struct held *h = held; h < held + HELD; h++)
		h->address = 0;
	for (u64 n = 0; n < ops && !failed; n++) {
		struct held *h = &held[rng_below(&rng, HELD)];

		if (rng_below(&rng, 4) == 0)
			use_atomic();
		else if (rng_below(&rng, 100) == 0)
			vmalloc_purge(&m.virt);
		else if (!h->address)
			get(h);
		else if (rng_below(&rng, 3))
			use(h);
		else
			give_back(h);
		check();
	}
	if (!invariants_hold(&m, &st))
		fail(st.message, 0);
	/* A run in which that never happened has shown nothing. */
	if (!failed && (filled < ops / 10 || (stale == 0) != (m.virt_config.rule == VMAP_LIST)))
		fail("entries were stale", stale);
	machine_free(&m);
}

int main(void)
{
	static const char *const names[] = { "i386-2.6.18", "i386-2.6.18-pae", "i386-6.1-slab", "x86_64-6.1-slub" };
	u64 seed = from_environment("SEED", 1);

	for (size_t n = 0; n < ARRAY_SIZE(names) && !failed; n++) {
		name = names[n];
		run(seed, from_environment("OPS", OPS));
	}
	if (failed)
		fprintf(stderr, "SEED=%" PRIu64 "\n", seed);
	return failed != 0;
}
