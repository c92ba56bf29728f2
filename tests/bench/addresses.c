/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/addresses.h"

#include "base/units.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "virt/ioremap.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/translate.h"
#include "virt/vmalloc.h"

#include <stdio.h>
#include <stdlib.h>

#define DEVICE UINT64_C(0xfd000000)
#define LAZY 8192 /* pages of addresses that later kernels let wait before they purge them */
#define PLACES 1024 /* pages of the area that is translated */

static u64 area; /* of PLACES pages */
static u64 seen; /* of what is found, so that finding it is not left out */

static void die(const char *message)
{
	fprintf(stderr, "bench: %s\n", message);
	exit(2);
}

/* Without it the list of areas that wait would grow and grow. */
static void purge(struct machine *m)
{
	if (m->virt.state->lazy_pages > LAZY)
		vmalloc_purge(&m->virt);
}

static void areas(struct machine *m, u64 count, u64 pages)
{
	gfp_t gfp = vmalloc_gfp(&m->virt);
	struct status st = STATUS_INIT;

	for (u64 i = 0; i < count; i++) {
		u64 address = vmalloc_alloc(&m->virt, pages << m->config.page_shift, gfp);

		if (!vmalloc_free(&m->virt, address, &st))
			die(st.message);
		purge(m);
	}
}

void addresses_areas_1(struct machine *m, u64 count)
{
	areas(m, count, 1);
}

void addresses_areas_16(struct machine *m, u64 count)
{
	areas(m, count, 16);
}

void addresses_areas_4096(struct machine *m, u64 count)
{
	areas(m, count, 4096);
}

void addresses_remaps(struct machine *m, u64 count)
{
	struct status st = STATUS_INIT;
	struct vmap_area *mapped;
	const char *bug;
	u64 address;

	for (u64 i = 0; i < count; i++) {
		if (!ioremap_map(&m->virt, DEVICE, 64 * KIB, IOREMAP_UNCACHED, &address, &mapped, &bug) ||
		    !ioremap_unmap(&m->virt, address, &st))
			die(st.message);
		purge(m);
	}
}

/* A page of high memory, where there is one. */
void addresses_windows(struct machine *m, u64 count)
{
	struct status st = STATUS_INIT;
	pfn_t pfn = page_alloc(&m->phys, kmem_cache_gfp_kernel(&m->slab) | m->phys.gfp->highmem, 0);

	for (u64 i = 0; i < count; i++)
		if (!kmap_map(&m->virt, pfn) || !kmap_unmap(&m->virt, pfn, &st))
			die(st.message);
	page_free(&m->phys, pfn, 0, &st);
}

void addresses_make_area(struct machine *m)
{
	area = vmalloc_alloc(&m->virt, (u64)PLACES << m->config.page_shift, vmalloc_gfp(&m->virt));
	if (!area)
		die("there is no area");
}

/* Addresses all over the area, or as far from the start of the direct map. */
static u64 place(const struct machine *m, u64 start, u64 i)
{
	return start + (i * 7 % PLACES << m->config.page_shift) + i % 64;
}

void addresses_translate_direct(struct machine *m, u64 count)
{
	for (u64 i = 0; i < count; i++)
		seen += translate_physical(&m->virt, place(m, m->config.page_offset + 32 * MIB, i));
}

void addresses_translate_area(struct machine *m, u64 count)
{
	for (u64 i = 0; i < count; i++)
		seen += translate_physical(&m->virt, place(m, area, i));
}

void addresses_walk(struct machine *m, u64 count)
{
	struct table_step step[TABLE_LEVELS];

	for (u64 i = 0; i < count; i++)
		seen += page_table_walk(&m->virt, place(m, area, i), step);
}

void addresses_find_frame(struct machine *m, u64 count)
{
	for (u64 i = 0; i < count; i++)
		seen += vmalloc_to_pfn(&m->virt, place(m, area, i));
}
