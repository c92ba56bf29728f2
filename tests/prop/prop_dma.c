/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random mappings through swiotlb, blocks of DMA pools, kmap(), kmap_atomic() and
 * set_fixmap() against naive models: arrays of what is in use, and bytes that a
 * transfer must have moved.  SEED= repeats a run.
 */
#include "tests/prop/environment.h"

#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "virt/device.h"
#include "virt/dma_map.h"
#include "virt/dma_pool.h"
#include "virt/fixmap.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/swiotlb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STEPS 4000
#define HELD 200
#define SLOTS 1024
#define SEGMENT 128
#define WINDOWS 1300 /* pages that kmap() is asked for: more than it has slots */
#define POOL_PAGES 64
#define BLOCKS 1024

static struct machine m;
static const char *world;
static struct rng rng;
static unsigned failed, full, wrapped, reused;

static void check(bool good, const char *what, u64 got, u64 expected)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s: %" PRIx64 ", expected %" PRIx64 "\n", world, what, got, expected);
	failed++;
}

static void same(const char *what, u64 got, u64 expected)
{
	check(got == expected, what, got, expected);
}

static u64 below(u64 limit)
{
	return rng_below(&rng, limit);
}

static bool boot(const char *name, const char *const *settings)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	world = name;
	if (!desc_load(&desc, name, &st))
		return false;
	for (; *settings; settings++)
		if (!desc_set(&desc, *settings, &st))
			return false;
	return machine_boot(&m, &desc, NULL, &st);
}

static void check_invariants(void)
{
	struct status st = STATUS_INIT;

	if (!invariants_hold(&m, &st)) {
		fprintf(stderr, "%s: %s\n", world, st.message);
		failed++;
	}
}

/* ------------------------------------------------------------- swiotlb */

static bool slot_used[SLOTS];
static u32 area_index[2], area_used[2];
static struct mapping {
	u64 from, bus, bytes; /* 0 bytes: none */
} mapping[HELD];
static u8 memory[HELD], bounced[HELD]; /* the byte that fills each mapping's memory, and its slots */

/* Where the kernel would find so many bytes, by trying one place after the other; SLOTS: nowhere. */
static u32 naive_slot(u32 areas, u64 bytes)
{
	u32 size = SLOTS / areas, count = (u32)((bytes + 2047) / 2048), stride = bytes >= 4096 ? 2 : 1;

	for (u32 n = 0; n < areas && count <= SEGMENT; n++) {
		u32 area = (m.phys.state->cpu + n) % areas, at = (area_index[area] + stride - 1) / stride * stride;

		for (u32 tried = 0; tried < size && count <= size - area_used[area]; tried += stride, at += stride) {
			bool good = true;

			at = at < size ? at : 0;
			for (u32 i = 0; i < count; i++)
				good = good && (at + i) / SEGMENT == at / SEGMENT && !slot_used[area * size + at + i];
			if (!good)
				continue;
			area_index[area] = at + count < size ? at + count : 0;
			area_used[area] += count;
			memset(slot_used + area * size + at, 1, count);
			return area * size + at;
		}
	}
	return SLOTS;
}

static void check_bytes(const char *what, u64 at, u64 bytes, u8 expected)
{
	u64 place[] = { 0, bytes / 2, bytes - 1 };

	for (unsigned n = 0; n < 3; n++) {
		u8 byte;

		page_read(&m.phys, at + place[n], &byte, 1);
		same(what, byte, expected);
	}
}

static void map_one(u32 areas, unsigned n)
{
	static const u64 sizes[] = { 1, 2048, 2049, 4095, 4096, 10000, 65536, 262144, 262145 };
	u64 bytes = sizes[below(9)], bus, from = UINT64_C(0x140000000) + n * UINT64_C(0x80000) + below(4096);
	u32 slot = naive_slot(areas, bytes);
	u64 expected = slot == SLOTS ? dma_map_error(&m.virt) : m.virt.state->swiotlb.start + (u64)slot * 2048;

	memory[n] = (u8)below(256);
	page_fill(&m.phys, from, memory[n], bytes);
	bus = dma_map_single(&m.virt, 1, m.config.page_offset + from, bytes, DMA_TO_DEVICE);
	same("the slot", bus, expected);
	full += slot == SLOTS;
	if (slot == SLOTS || bus != expected)
		return;
	mapping[n] = (struct mapping){ from, bus, bytes };
	bounced[n] = memory[n];
	check_bytes("what the device finds", bus, bytes, memory[n]);
}

static void use_one(unsigned n)
{
	struct mapping *one = &mapping[n];
	enum dma_direction way = (enum dma_direction)below(3);
	u64 slot = (one->bus - m.virt.state->swiotlb.start) / 2048, count = (one->bytes + 2047) / 2048;

	if (below(2)) {
		bounced[n] = (u8)below(256);
		page_fill(&m.phys, one->bus, bounced[n], one->bytes);
	}
	switch (below(3)) {
	case 0:
		dma_map_sync(&m.virt, 1, one->bus, one->bytes, way, true);
		if (way != DMA_TO_DEVICE)
			memory[n] = bounced[n];
		break;
	case 1:
		dma_map_sync(&m.virt, 1, one->bus, one->bytes, way, false);
		if (way != DMA_FROM_DEVICE)
			bounced[n] = memory[n];
		break;
	default:
		dma_map_undo(&m.virt, 1, one->bus, one->bytes, way);
		if (way != DMA_TO_DEVICE)
			memory[n] = bounced[n];
		memset(slot_used + slot, 0, count);
		area_used[slot / (SLOTS / m.virt.state->swiotlb.areas)] -= (u32)count;
		check_bytes("what comes back", one->from, one->bytes, memory[n]);
		one->bytes = 0;
		return;
	}
	check_bytes("what the CPU has", one->from, one->bytes, memory[n]);
	check_bytes("what the device has", one->bus, one->bytes, bounced[n]);
}

static void try_swiotlb(const char *cpus, u32 areas)
{
	const char *const settings[] = { cpus, "swiotlb=2M", NULL };
	struct status st = STATUS_INIT;

	memset(slot_used, 0, sizeof slot_used);
	memset(area_index, 0, sizeof area_index);
	memset(area_used, 0, sizeof area_used);
	memset(mapping, 0, sizeof mapping);
	if (!boot("x86_64-6.1-slub", settings) || !device_make(&m.virt, "", UINT32_MAX, &st)) {
		failed++;
		return;
	}
	same("slots", m.virt.state->swiotlb.slots, SLOTS);
	for (unsigned step = 0; step < STEPS && failed < 10; step++) {
		unsigned n = (unsigned)below(HELD);

		m.phys.state->cpu = (u32)below(areas);
		if (mapping[n].bytes)
			use_one(n);
		else
			map_one(areas, n);
		if (step % 256 == 0)
			check_invariants();
	}
	check_invariants();
	machine_free(&m);
}

/* ------------------------------------------------------------- DMA pools */

static struct naive_page {
	u64 at;
	u32 free[BLOCKS]; /* offsets; 6.1: a stack */
	u32 count;
} naive[POOL_PAGES]; /* in the order in which they were got */
static u32 naive_pages;
static u64 block[HELD];

static bool is_old(void)
{
	return m.virt_config.rule == VMAP_LIST;
}

/* The blocks of a new page: of 6.1 without those that would end at a boundary, the first on top. */
static void naive_new_page(u64 at, u64 size, u64 allocation, u64 boundary)
{
	struct naive_page *p = &naive[naive_pages++];
	u32 all[BLOCKS], count = 0;

	for (u64 part = 0; part < allocation; part += boundary)
		for (u64 offset = 0; offset + size <= boundary && part + offset + size <= allocation; offset += size)
			if (is_old() || !offset || offset + size < boundary)
				all[count++] = (u32)(part + offset);
	p->at = at;
	p->count = count;
	for (u32 n = 0; n < count; n++)
		p->free[n] = all[count - 1 - n];
}

/* Which of the free blocks of a page is next: the lowest, or that on top. */
static u32 naive_next(const struct naive_page *p)
{
	u32 next = p->count - 1;

	for (u32 n = 0; is_old() && n < p->count; n++)
		if (p->free[n] < p->free[next])
			next = n;
	return next;
}

/* The youngest page that has a block. NULL: none has. */
static struct naive_page *naive_page(void)
{
	for (u32 n = naive_pages; n--;)
		if (naive[n].count)
			return &naive[n];
	return NULL;
}

static void get_block(u32 pool, unsigned n, u64 size, u64 allocation, u64 boundary)
{
	struct naive_page *p = naive_page();
	u64 bus = 0, got;
	bool waits;
	u32 next;

	if (!p && naive_pages == POOL_PAGES)
		return;
	got = dma_pool_alloc(&m.virt, pool, kmem_cache_gfp_kernel(&m.slab), &bus, &waits);
	if (!p) {
		naive_new_page(got & ~(u64)4095, size, allocation, boundary);
		p = &naive[naive_pages - 1];
		same("a new page", got, p->at);
	} else {
		reused++;
	}
	next = naive_next(p);
	same("the block", got, p->at + p->free[next]);
	same("for the device", bus, got - m.config.page_offset);
	p->free[next] = p->free[--p->count];
	/* A stack keeps its order. */
	block[n] = got;
}

static void put_block(u32 pool, unsigned n)
{
	dma_pool_free(&m.virt, pool, block[n], block[n] - m.config.page_offset);
	for (u32 i = 0; i < naive_pages; i++)
		if (block[n] - naive[i].at < 8192 && naive[i].at == (block[n] & ~(u64)4095))
			naive[i].free[naive[i].count++] = (u32)(block[n] - naive[i].at);
	block[n] = 0;
}

static void try_pool(const char *name, u64 size, u64 boundary)
{
	static const char *const none[] = { NULL };
	u64 in_use = 0, listed = 0;
	struct status st = STATUS_INIT;
	u32 pool;

	memset(naive, 0, sizeof naive);
	memset(block, 0, sizeof block);
	naive_pages = 0;
	if (!boot(name, none) || !device_make(&m.virt, "", UINT32_MAX, &st)) {
		failed++;
		return;
	}
	pool = dma_pool_create(&m.virt, "pool", 1, size, 4, is_old() ? 0 : boundary);
	check(pool != DMA_POOL_NONE, "a pool", pool, 0);
	for (unsigned step = 0; pool != DMA_POOL_NONE && step < STEPS && failed < 10; step++) {
		unsigned n = (unsigned)below(HELD);

		if (block[n])
			put_block(pool, n);
		else
			get_block(pool, n, size, 4096, is_old() || !boundary ? 4096 : boundary);
		if (step % 512 == 0)
			check_invariants();
	}
	for (unsigned n = 0; n < HELD; n++)
		in_use += block[n] != 0;
	for (const struct dma_pool_page *p = dma_pool_page(&m.virt, m.virt.pool[pool].first); p;
	     p = dma_pool_page(&m.virt, p->next))
		listed += p->in_use;
	same("blocks in use", listed, in_use);
	for (unsigned n = 0; n < HELD; n++)
		if (block[n])
			put_block(pool, n);
	dma_pool_destroy(&m.virt, pool);
	check_invariants();
	machine_free(&m);
}

/* ------------------------------------------------------------- kmap(), kmap_atomic(), set_fixmap() */

static u32 users[1024], window[1024], next_window; /* of each slot of kmap(): users and 1, and the page */
static pfn_t fixed[600]; /* what each fixed slot leads to; 0: nothing */
static u32 depth;

static u32 naive_kmap(pfn_t pfn)
{
	for (u32 n = 0; n < 1024; n++)
		if (users[n] && window[n] == pfn) {
			users[n]++;
			return n;
		}
	for (u32 left = 1024; left; left--) {
		next_window = (next_window + 1) % 1024;
		for (u32 n = 0; n < 1024 && !next_window; n++)
			users[n] = users[n] == 1 ? 0 : users[n];
		wrapped += !next_window;
		left = next_window ? left : 1024;
		if (users[next_window])
			continue;
		users[next_window] = 2;
		window[next_window] = pfn;
		return next_window;
	}
	return 1024;
}

static void try_window(pfn_t first)
{
	pfn_t pfn = first + (pfn_t)below(WINDOWS);
	struct status st = STATUS_INIT;
	u32 slot = kmap_slot_of(&m.virt, pfn);
	u64 got;

	if (slot != KMAP_NO_SLOT && users[slot] > 1 && below(8)) {
		check(kmap_unmap(&m.virt, pfn, &st), st.message, pfn, 0);
		users[slot]--;
		return;
	}
	slot = naive_kmap(pfn);
	got = kmap_map(&m.virt, pfn);
	same("a window", got, slot == 1024 ? 0 : m.virt_config.pkmap_base + slot * UINT64_C(4096));
	full += slot == 1024;
	if (got)
		same("the page behind it", page_table_frame(&m.virt, got), pfn);
}

/* Atomic ones are a stack here; 2.6 is told which slot. */
static void try_atomic(pfn_t first)
{
	struct status st = STATUS_INIT;
	u32 base = m.virt_config.fix_kmap_begin, most = m.virt_config.km_slots - !is_old();
	pfn_t pfn = first + (pfn_t)below(WINDOWS);

	if (depth < most && below(2)) {
		same("an atomic window", kmap_atomic_map(&m.virt, pfn, depth, true, &st),
		     fixmap_address(&m.virt, base + depth));
		fixed[base + depth++] = pfn;
	} else if (depth) {
		depth--;
		check(kmap_atomic_unmap(&m.virt, fixmap_address(&m.virt, base + depth), true, &st), st.message, depth,
		      0);
		if (!is_old())
			fixed[base + depth] = 0;
	}
	same("what forbids sleep", m.phys.state->preempt_count, depth);
}

static void try_fixed(void)
{
	u32 begin = m.virt_config.fix_temporary, slot = begin + (u32)below(m.virt_config.fix_end - begin);
	u64 at = below(4) ? below(m.config.max_pfn << 12) : 0;

	check(fixmap_set(&m.virt, slot, at, at ? fixmap_bits(&m.virt, below(2)) : 0), "a slot", slot, 0);
	fixed[slot] = (pfn_t)(at >> 12);
	check(!fixmap_set(&m.virt, m.virt_config.fix_end, at, PTE_KERNEL), "no slot", slot, 0);
	same("its number", fixmap_slot(&m.virt, fixmap_address(&m.virt, 1) + below(4096)), 1);
}

static void try_windows(const char *name)
{
	static const char *const none[] = { NULL };
	pfn_t first;

	memset(users, 0, sizeof users);
	memset(fixed, 0, sizeof fixed);
	next_window = depth = 0;
	if (!boot(name, none)) {
		failed++;
		return;
	}
	first = m.config.max_pfn - WINDOWS;
	for (unsigned step = 0; step < 4 * STEPS && failed < 10; step++) {
		unsigned what = (unsigned)below(16);

		if (what < 13)
			try_window(first);
		else if (what < 15)
			try_atomic(first);
		else
			try_fixed();
		if (step % 1024 == 0)
			check_invariants();
	}
	for (u32 slot = m.virt_config.fix_kmap_begin; slot < m.virt_config.fix_end; slot++) {
		pfn_t pfn = page_table_frame(&m.virt, fixmap_address(&m.virt, slot));

		same("where a fixed slot leads", pfn == PFN_NONE ? 0 : pfn, fixed[slot]);
	}
	check_invariants();
	machine_free(&m);
}

int main(void)
{
	u64 seed = from_environment("SEED", 1);

	printf("SEED=%" PRIu64 "\n", seed);
	rng = (struct rng){ seed };
	try_swiotlb("cpus=1", 1);
	try_swiotlb("cpus=2", 2);
	try_pool("i386-2.6.18", 64, 0);
	try_pool("i386-2.6.18", 100, 0);
	try_pool("i386-6.1-slab", 64, 0);
	try_pool("i386-6.1-slab", 336, 1024);
	try_pool("x86_64-6.1-slub", 512, 2048);
	try_windows("i386-2.6.18");
	try_windows("i386-6.1-slab");
	/* The run is worth nothing if it never came to what is difficult. */
	check(full && wrapped && reused, "full, wrapped, reused", full, wrapped);
	printf("%u times full, %u times round, %u blocks used again\n", full, wrapped, reused);
	return failed != 0;
}
