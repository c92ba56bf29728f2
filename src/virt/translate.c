/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/translate.h"

#include "phys/page_alloc.h"
#include "virt/page_table.h"

u64 translate_physical(const struct virt_system *v, u64 address)
{
	const struct phys *p = v->slab->phys;
	unsigned shift = p->config->page_shift;
	pfn_t pfn = page_of_address(p, address);

	if (pfn == PFN_NONE)
		pfn = page_table_frame(v, address);
	if (pfn == PFN_NONE || pfn >= p->config->max_pfn)
		return TRANSLATE_NONE;
	return ((u64)pfn << shift) | (address & ((UINT64_C(1) << shift) - 1));
}
