/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/virt_configure.h"

#include "virt/page_table.h"

#include "base/units.h"

#include <string.h>

#define GAP (8 * MIB) /* between the direct map and the vmalloc area: catches what runs past the end */

static u64 down_to(u64 address, u64 unit)
{
	return address & ~(unit - 1);
}

/* Fixed addresses count down from the last page but one of the address space. */
static void fixed_of_i386(struct virt_config *virt, u32 permanent)
{
	virt->fixaddr_top = UINT64_C(0xfffff000);
	virt->fixaddr_start = virt->fixaddr_top - (u64)permanent * 4096;
	virt->fix_permanent = permanent;
}

static void i386_2_6(const struct phys_config *phys, struct virt_config *virt)
{
	/* What a page table covers, and so many pages kmap() has. */
	const u64 table = UINT64_C(4096) << virt->index_bits;
	u32 fixed = 2; /* the hole at the top, and the page of system calls */

	virt->rule = VMAP_LIST;
	virt->sizeof_vm_struct = 28;
	virt->ioremap_min_shift = 12;
	virt->ioremap_max_shift = 19;
	virt->ioremap_next_power = true;
	virt->vmalloc_start = down_to(virt->high_memory + 2 * GAP - 1, GAP);
	/* With several CPUs: the local APIC, and 64 I/O APICs. */
	if (phys->cpus > 1)
		fixed += 1 + 64;
	virt->fix_kmap_begin = fixed;
	virt->km_slots = 13;
	fixed += virt->km_slots * phys->cpus;
	fixed_of_i386(virt, fixed);
	/* Boot's temporary ones (16, and one for a test) lie below; pkmap ends a page before. */
	virt->last_pkmap = 1U << virt->index_bits;
	virt->pkmap_base = down_to(virt->fixaddr_top - (fixed + 17 + virt->last_pkmap + 1) * UINT64_C(4096), table);
	virt->vmalloc_end = virt->pkmap_base - 2 * 4096;
	virt->fix_temporary = fixed;
	virt->fix_end = fixed + 17;
	virt->dma_low_bits = 32;
	/* The first of boot's large allocations, which begin at 16 MiB. */
	virt->mem_map = virt->page_offset + 16 * MIB;
	virt->struct_page = 32;
}

/* The first of so many temporary slots of 6.1, which one page table must cover. */
static u32 temporary_slots(u32 permanent, u32 count, unsigned index_bits)
{
	bool crosses = (permanent ^ (permanent + count - 1)) >> index_bits;

	return crosses ? permanent + count - permanent % count : permanent;
}

/* What lies at the top of the address space, from there down to the end of the vmalloc area. */
static void top_of_i386_6_1(u32 cpus, struct virt_config *virt)
{
	const u64 table = 4 * MIB;
	u32 fixed = 3;
	u64 below;

	virt->fix_kmap_begin = fixed;
	virt->km_slots = 16;
	fixed += virt->km_slots * cpus;
	fixed_of_i386(virt, fixed);
	/* Below: 512 temporary ones and one for a test, the CPUs' entry areas, the LDT, pkmap, each with a table of its
	 * own. */
	below = down_to(virt->fixaddr_top - (fixed + 513) * UINT64_C(4096) - 4096, table);
	virt->fix_temporary = temporary_slots(fixed, 512, virt->index_bits);
	virt->fix_end = virt->fix_temporary + 512 + 1;
	below = down_to(below - 4096, table);
	virt->last_pkmap = 1U << virt->index_bits;
	virt->pkmap_base = down_to(below - 4096, table);
	virt->vmalloc_end = virt->pkmap_base - 2 * 4096;
}

static void i386_6_1(const struct phys_config *phys, struct virt_config *virt)
{
	top_of_i386_6_1(phys->cpus, virt);
	virt->rule = VMAP_FREE_AREAS;
	virt->sizeof_vm_struct = virt->sizeof_vmap_area = 32;
	virt->free_end = UINT32_MAX;
	virt->ioremap_min_shift = 12;
	virt->ioremap_max_shift = 22;
	virt->vmalloc_start = virt->high_memory + GAP;
	virt->dma_low_bits = 24;
}

static void x86_64(struct virt_config *virt)
{
	virt->rule = VMAP_FREE_AREAS;
	virt->boot_upper = true;
	virt->huge_level = 2;
	virt->sizeof_vm_struct = virt->sizeof_vmap_area = 64;
	virt->free_end = UINT64_MAX;
	virt->ioremap_min_shift = 12;
	virt->ioremap_max_shift = 30;
	virt->vmalloc_start = UINT64_C(0xffffc90000000000);
	virt->vmalloc_end = virt->vmalloc_start + (UINT64_C(32) << 40) - 1;
	virt->nx = PTE_NX;
	virt->image_map = UINT64_C(0xffffffff80000000);
	virt->image_map_end = virt->image_map + 512 * MIB;
	/* The top is the end of the 2 MiB with the page of system calls, less a page; 512 slots lead down to that page,
	 * then come the local APIC, 128 I/O APICs and two more. */
	virt->fixaddr_top = UINT64_C(0xffffffffff800000) - 4096;
	virt->fix_permanent = 512 + 1 + 128 + 2;
	virt->fixaddr_start = virt->fixaddr_top - virt->fix_permanent * UINT64_C(4096);
	virt->fix_temporary = temporary_slots(virt->fix_permanent, 512, virt->index_bits);
	virt->fix_end = virt->fix_temporary + 512;
	virt->dma_low_bits = 24;
}

void virt_configure(const struct phys_config *phys, const struct slab_config *slab, struct virt_config *virt)
{
	memset(virt, 0, sizeof *virt);
	/* The layouts that we know are those of PCs, which have a DMA zone. */
	if (slab->allocator == SLAB_ABSENT || !phys->page_offset || phys->page_shift != 12 ||
	    strcmp(phys->zone[0].name, "DMA") != 0)
		return;
	virt->word = virt->entry = slab->word;
	if (phys->pae)
		virt->entry = 8;
	virt->page_offset = phys->page_offset;
	virt->high_memory = phys->page_offset + ((u64)phys->direct_map_end << phys->page_shift);
	virt->most_pages = slab->low_pages;
	/* A table fills a page. */
	virt->index_bits = virt->entry == 4 ? 10 : 9;
	virt->levels = slab->word == 8 ? 4 : phys->pae ? 3 : 2;
	if (slab->word == 8)
		x86_64(virt);
	else if (phys->gfp == GFP_2_6)
		i386_2_6(phys, virt);
	else
		i386_6_1(phys, virt);
}

u64 virt_configure_lowmem(const struct machine_desc *d)
{
	/* 6.1 is known without physical address extension. */
	struct virt_config virt = { .index_bits = 10 };
	u64 end = 4 * GIB, above = d->vmalloc;

	if (!d->vmalloc)
		return d->lowmem_limit;
	if (d->boot == BOOT_6_1) {
		top_of_i386_6_1(d->cpus, &virt);
		end = virt.vmalloc_end;
		above += GAP;
	}
	return above < end - d->page_offset ? end - d->page_offset - above : 0;
}
