/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/fixmap.h"

#include "virt/page_table.h"
#include "virt/tlb.h"

#include <string.h>

/* Which kernels have a slot. */
enum { OLD = 1, OLD_CPUS = 2, NEW_32 = 4, NEW_64 = 8 };

/* From which slot a name counts. */
enum base { FROM_TOP, FROM_KMAP, KMAP_LAST, FROM_TEMPORARY, TEMPORARY_LAST, FROM_END, PERMANENT_END };

static const struct {
	const char *name;
	unsigned kernels;
	enum base base;
	u32 slot; /* behind it */
} table[] = {
	{ "FIX_HOLE", OLD | NEW_32, FROM_TOP, 0 },
	{ "FIX_VSYSCALL", OLD, FROM_TOP, 1 },
	{ "FIX_APIC_BASE", OLD_CPUS, FROM_TOP, 2 },
	{ "FIX_IO_APIC_BASE_0", OLD_CPUS, FROM_TOP, 3 },
	{ "FIX_IO_APIC_BASE_END", OLD_CPUS, FROM_TOP, 66 },
	{ "FIX_DBGP_BASE", NEW_32, FROM_TOP, 1 },
	{ "FIX_EARLYCON_MEM_BASE", NEW_32, FROM_TOP, 2 },
	{ "VSYSCALL_PAGE", NEW_64, FROM_TOP, 511 },
	{ "FIX_DBGP_BASE", NEW_64, FROM_TOP, 512 },
	{ "FIX_EARLYCON_MEM_BASE", NEW_64, FROM_TOP, 513 },
	{ "FIX_APIC_BASE", NEW_64, FROM_TOP, 514 },
	{ "FIX_IO_APIC_BASE_0", NEW_64, FROM_TOP, 515 },
	{ "FIX_IO_APIC_BASE_END", NEW_64, FROM_TOP, 642 },
	{ "FIX_KMAP_BEGIN", OLD | NEW_32, FROM_KMAP, 0 },
	{ "FIX_KMAP_END", OLD | NEW_32, KMAP_LAST, 0 },
	{ "__end_of_permanent_fixed_addresses", OLD | NEW_32 | NEW_64, PERMANENT_END, 0 },
	{ "FIX_BTMAP_END", OLD | NEW_32 | NEW_64, FROM_TEMPORARY, 0 },
	{ "FIX_BTMAP_BEGIN", OLD | NEW_32 | NEW_64, TEMPORARY_LAST, 0 },
	{ "FIX_WP_TEST", OLD | NEW_32, FROM_END, 0 },
	{ "__end_of_fixed_addresses", OLD | NEW_32 | NEW_64, FROM_END, 1 },
};

static unsigned kernel(const struct virt_config *c)
{
	if (c->rule == VMAP_LIST)
		return c->fix_kmap_begin > 2 ? OLD | OLD_CPUS : OLD;
	return c->word == 4 ? NEW_32 : NEW_64;
}

static bool has(const struct virt_config *c, size_t n)
{
	return c->rule != VMAP_ABSENT && (table[n].kernels & kernel(c));
}

static u32 slot_of(const struct virt_config *c, size_t n)
{
	bool test = kernel(c) != NEW_64; /* a slot that tries whether the CPU heeds read-only pages is the last */

	switch (table[n].base) {
	case FROM_KMAP:
		return c->fix_kmap_begin + table[n].slot;
	case KMAP_LAST:
		return c->fix_permanent - 1;
	case FROM_TEMPORARY:
		return c->fix_temporary + table[n].slot;
	case TEMPORARY_LAST:
		return c->fix_end - 1 - test;
	case FROM_END:
		return c->fix_end - 1 + table[n].slot;
	case PERMANENT_END:
		return c->fix_permanent;
	default:
		return table[n].slot;
	}
}

u32 fixmap_by_name(const struct virt_config *c, const char *name)
{
	for (size_t n = 0; n < sizeof table / sizeof *table; n++)
		if (has(c, n) && strcmp(table[n].name, name) == 0)
			return slot_of(c, n);
	return FIXMAP_NONE;
}

const char *fixmap_name(const struct virt_config *c, size_t n)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (has(c, i) && !n--)
			return table[i].name;
	return NULL;
}

bool fixmap_is_name(const char *name)
{
	for (size_t n = 0; n < sizeof table / sizeof *table; n++)
		if (strcmp(table[n].name, name) == 0)
			return true;
	return false;
}

u64 fixmap_address(const struct virt_system *v, u32 slot)
{
	u64 most = v->config->word == 4 ? UINT32_MAX : UINT64_MAX;

	return (v->config->fixaddr_top - ((u64)slot << v->slab->phys->config->page_shift)) & most;
}

u64 fixmap_bits(const struct virt_system *v, bool cached)
{
	u64 uncached = v->config->rule == VMAP_LIST ? PTE_UNCACHED : PTE_UNCACHED | PTE_THROUGH;

	return PTE_KERNEL | v->config->nx | (cached ? 0 : uncached);
}

bool fixmap_set(struct virt_system *v, u32 slot, u64 at, u64 bits)
{
	u64 address = fixmap_address(v, slot), page = UINT64_C(1) << v->slab->phys->config->page_shift;
	struct observer *observer = v->slab->phys->observer;

	if (slot >= v->config->fix_end)
		return false;
	if (bits) {
		page_table_map(v, address, at & -page, bits, 1);
		tlb_flush_page(v, address, TLB_FIXMAP);
		EMIT(observer, FIXMAP_SET, slot, address, at & -page);
	} else {
		page_table_unmap(v, address);
		tlb_flush_page(v, address, TLB_FIXMAP);
		EMIT(observer, FIXMAP_CLEARED, slot, address);
	}
	return true;
}

u32 fixmap_slot(const struct virt_system *v, u64 address)
{
	const struct virt_config *c = v->config;

	if (address >= c->fixaddr_top || address < c->fixaddr_start)
		return FIXMAP_NONE;
	return (u32)((c->fixaddr_top - address + (UINT64_C(1) << v->slab->phys->config->page_shift) - 1) >>
		     v->slab->phys->config->page_shift);
}
