/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrupts each kind of state of devices, swiotlb and DMA pools, one at a time:
 * the walk over the invariants must say so.
 */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "slab/kmem_cache.h"
#include "virt/device.h"
#include "virt/dma_map.h"
#include "virt/dma_pool.h"
#include "virt/swiotlb.h"

#include <stdio.h>
#include <string.h>

static struct machine m;

/* Two devices, a mapping of three slots, and a pool with a page. */
static bool boot(struct status *st)
{
	struct machine_desc desc;
	u64 bus;
	u32 pool;
	bool waits;

	if (!desc_load(&desc, "x86_64-6.1-slub", st) || !machine_boot(&m, &desc, NULL, st))
		return false;
	if (!device_make(&m.virt, "", UINT32_MAX, st) || !device_make(&m.virt, "other", UINT32_MAX, st))
		return false;
	bus = dma_map_single(&m.virt, 1, m.config.page_offset + UINT64_C(0x110000000), 5000, DMA_TO_DEVICE);
	pool = dma_pool_create(&m.virt, "pool", 1, 64, 0, 0);
	return bus != dma_map_error(&m.virt) && pool == 0 &&
	       dma_pool_alloc(&m.virt, pool, kmem_cache_gfp_kernel(&m.slab), &bus, &waits) && invariants_hold(&m, st);
}

static void device_without_name(void)
{
	m.virt.device[0].name[0] = '\0';
}

static void two_of_a_name(void)
{
	memcpy(m.virt.device[1].name, m.virt.device[0].name, sizeof m.virt.device[0].name);
}

static void slot_lost(void)
{
	m.virt.slot[2].bytes = 0;
}

static void slot_of_nobody(void)
{
	m.virt.slot[100].bytes = 1;
}

static void slot_of_other_memory(void)
{
	m.virt.slot[1].from += 4096;
}

static void slots_miscounted(void)
{
	m.virt.state->swiotlb.used[0]++;
}

static void next_slot(void)
{
	m.virt.state->swiotlb.index[0] = m.virt.state->swiotlb.slots;
}

static void areas(void)
{
	m.virt.state->swiotlb.areas = 3;
}

static void pool_of_no_device(void)
{
	m.virt.pool[0].device = 3;
}

static void pool_of_nothing(void)
{
	m.virt.pool[0].size = 0;
}

static void page_of_other_pool(void)
{
	m.virt.pool_page[0].pool = 1;
}

static void page_lost(void)
{
	m.virt.pool[0].first = 0;
}

static void page_nowhere(void)
{
	m.virt.pool_page[0].vaddr = 4096;
}

static void pages_in_a_circle(void)
{
	m.virt.pool_page[0].next = 1;
}

static const struct {
	const char *name;
	void (*corrupt)(void);
} mutations[] = {
	{ "a device has no name", device_without_name },
	{ "two devices have the same name", two_of_a_name },
	{ "a slot of a mapping is lost", slot_lost },
	{ "a slot is nobody's", slot_of_nobody },
	{ "a slot belongs to other memory", slot_of_other_memory },
	{ "slots in use are miscounted", slots_miscounted },
	{ "the search goes on at a slot that is none", next_slot },
	{ "there are three areas of slots", areas },
	{ "a pool is of no device", pool_of_no_device },
	{ "a pool has blocks of no size", pool_of_nothing },
	{ "a page belongs to another pool", page_of_other_pool },
	{ "a page is lost to its pool", page_lost },
	{ "a page of a pool lies nowhere", page_nowhere },
	{ "the pages of a pool are a circle", pages_in_a_circle },
};

int main(void)
{
	int missed = 0;

	for (size_t n = 0; n < ARRAY_SIZE(mutations); n++) {
		struct status st = STATUS_INIT;

		if (!boot(&st)) {
			fprintf(stderr, "cannot begin: %s\n", st.message);
			return 1;
		}
		mutations[n].corrupt();
		if (invariants_hold(&m, &st)) {
			fprintf(stderr, "not noticed: %s\n", mutations[n].name);
			missed++;
		}
		machine_free(&m);
	}
	return missed != 0;
}
