/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/ioremap.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/vmalloc.h"
#include "virt/warn.h"

#include <inttypes.h>

/* The memory of PC adapters and the BIOS, which 2.6 has mapped from the start. */
#define ISA_START UINT64_C(0xa0000)
#define ISA_END UINT64_C(0x100000)

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static u64 page_size(const struct virt_system *v)
{
	return UINT64_C(1) << phys_of(v)->config->page_shift;
}

static u64 bits_of(const struct virt_system *v, enum ioremap_mode mode)
{
	/* Combining needs the page attribute table; without it, write-through is the nearest. */
	static const u64 bits[IOREMAP_MODES] = { 0, PTE_UNCACHED, PTE_THROUGH };

	return PTE_DATA | (v->config->rule == VMAP_LIST ? 0 : PTE_GLOBAL) | v->config->nx | bits[mode];
}

/*
 * Would the kernel refuse it as memory of its own?  Pages that boot has reserved
 * pass, those of the kernel's image as well.  2.6 looks at the direct map only,
 * later kernels at all that /proc/iomem calls System RAM, but at whole pages only.
 */
static bool is_ram(const struct virt_system *v, u64 at, u64 bytes)
{
	const struct phys *p = phys_of(v);
	bool list = v->config->rule == VMAP_LIST;
	unsigned shift = p->config->page_shift;
	u64 most = list ? p->config->direct_map_end : p->config->max_pfn;
	u64 begin = (list ? at : at + page_size(v) - 1) >> shift;
	u64 end = (list ? at + bytes + page_size(v) - 1 : at + bytes) >> shift;

	for (u64 pfn = begin; pfn < end && pfn < most; pfn++) {
		enum frame_state state = frame_describe(p, (pfn_t)pfn).state;

		if (state == FRAME_FREE || state == FRAME_PCP || state == FRAME_USED)
			return true;
	}
	return false;
}

/* 2.6 says nothing. */
static void warn_of_ram(struct virt_system *v, u64 at, u64 last)
{
	int digits = (int)v->config->word * 2;

	if (v->config->rule != VMAP_LIST && warn_is_first(v, WARN_IOREMAP_RAM))
		warn_print(v, "arch/x86/mm/ioremap.c __ioremap_caller.constprop.0",
			   "ioremap on RAM at 0x%0*" PRIx64 " - 0x%0*" PRIx64, digits, at, digits, last);
}

/* Maps the area to the physical address. false: no page for a table. */
static bool map(struct virt_system *v, const struct vmap_area *area, u64 at, enum ioremap_mode mode)
{
	u64 bytes = vmalloc_area_bytes(v, area), done = 0;
	unsigned level = v->config->huge_level;
	u64 big = level ? UINT64_C(1) << page_table_shift(v, level) : 0;
	u32 tables = v->state->tables;

	while (done < bytes) {
		bool fits =
		    big && bytes - done >= big && !((area->start + done) & (big - 1)) && !((at + done) & (big - 1));

		if (!page_table_map(v, area->start + done, at + done, bits_of(v, mode), fits ? level : 1))
			return false;
		done += fits ? big : page_size(v);
	}
	EMIT(phys_of(v)->observer, AREA_MAPPED, area->start, bytes >> phys_of(v)->config->page_shift,
	     v->state->tables - tables);
	if (v->config->rule == VMAP_LIST)
		tlb_flush(v, area->start, area->start + bytes, TLB_DEVICE);
	return true;
}

/* 6.1 on x86_64 looks at the first address only. */
static bool width_fits(struct virt_system *v, u64 at)
{
	if (v->config->rule == VMAP_LIST || v->config->word == 4 || !(at >> VIRT_PHYS_BITS))
		return true;
	slab_printk(v->slab, "ioremap: invalid physical address %" PRIx64, at);
	if (warn_is_first(v, WARN_IOREMAP_WIDTH))
		warn_print(v, "arch/x86/mm/ioremap.c __ioremap_caller.constprop.0", "%s", "");
	EMIT(phys_of(v)->observer, IOREMAP_WIDTH, at, VIRT_PHYS_BITS);
	return false;
}

static bool is_fixed(const struct virt_system *v, u64 at, u64 last)
{
	return v->config->rule == VMAP_LIST && at >= ISA_START && last < ISA_END;
}

bool ioremap_map(struct virt_system *v, u64 at, u64 bytes, enum ioremap_mode mode, u64 *address,
		 struct vmap_area **area, const char **where)
{
	u64 most = v->config->word == 4 ? UINT32_MAX : UINT64_MAX, last = at + bytes - 1;
	u64 offset = at & (page_size(v) - 1), size;
	u32 flags = VM_IOREMAP;

	*address = 0;
	*area = NULL;
	if (!bytes || last < at || last > most)
		return true;
	if (!width_fits(v, at))
		return true;
	if (is_fixed(v, at, last)) {
		*address = v->config->page_offset + at;
		EMIT(phys_of(v)->observer, IOREMAP_FIXED, at, *address);
		return true;
	}
	if (is_ram(v, at, bytes)) {
		EMIT(phys_of(v)->observer, IOREMAP_RAM, at);
		warn_of_ram(v, at, last);
		return true;
	}
	at -= offset;
	size = ((last + page_size(v)) & -page_size(v)) - at;
	if (v->config->rule == VMAP_LIST)
		flags |= (u32)(bits_of(v, mode) & (PTE_UNCACHED | PTE_THROUGH)) << VM_FLAGS_SHIFT;
	*area = vmalloc_get_area(v, size, flags, kmem_cache_gfp_kernel(v->slab));
	if (!*area)
		return true;
	(*area)->phys = at;
	/* 2.6 does not look whether the area ends behind the last address, until it maps it. */
	if (v->config->word == 4 && (*area)->start + size > UINT64_C(0x100000000)) {
		*where = "arch/i386/mm/ioremap.c:86";
		EMIT(phys_of(v)->observer, IOREMAP_BEYOND, (*area)->start, size);
		slab_bug(v->slab, "arch/i386/mm/ioremap.c", 86);
		return false;
	}
	if (!map(v, *area, at, mode)) {
		vmalloc_put_area(v, *area);
		*area = NULL;
		return true;
	}
	*address = (*area)->start + offset;
	return true;
}

bool ioremap_unmap(struct virt_system *v, u64 address, struct status *st)
{
	struct vmap_area *area;

	if (address <= v->config->high_memory)
		return true;
	address &= -page_size(v);
	area = v->config->rule == VMAP_LIST ? vmap_area_at_start(v, address) : vmap_area_of(v, VMAP_BUSY, address);
	if (!area) {
		EMIT(phys_of(v)->observer, AREA_UNKNOWN, address);
		slab_printk(v->slab, "iounmap: bad address %0*" PRIx64, (int)v->config->word * 2, address);
		return status_fail(st, STATUS_INVALID, _("no area begins at 0x%" PRIx64 ": nothing is done"), address);
	}
	if (area->start != address)
		EMIT(phys_of(v)->observer, AREA_INSIDE, address, area->start);
	vmalloc_put_area(v, area);
	return true;
}
