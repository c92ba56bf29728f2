/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/oops.h"

#include <inttypes.h>

static bool is_2_6(const struct slab_system *s)
{
	return s->phys->config->gfp == GFP_2_6;
}

bool oops_is_canonical(const struct slab_system *s, u64 address)
{
	return s->config->word == 4 || address >> 47 == 0 || address >> 47 == 0x1ffff;
}

void oops_print_address(const struct slab_system *s, u64 address)
{
	bool null = address < UINT64_C(1) << s->phys->config->page_shift;
	int digits = (int)s->config->word * 2;

	if (s->config->word == 4)
		address &= UINT32_MAX;
	if (is_2_6(s))
		slab_printk(s, "BUG: unable to handle kernel %s at virtual address %0*" PRIx64,
			    null ? "NULL pointer dereference" : "paging request", digits, address);
	else if (!oops_is_canonical(s, address))
		slab_printk(s, "general protection fault, probably for non-canonical address 0x%" PRIx64 ": 0000 [#1]",
			    address);
	else
		slab_printk(s, "BUG: %s address: %0*" PRIx64,
			    null ? "kernel NULL pointer dereference," : "unable to handle page fault for", digits,
			    address);
}

void oops_print_access(const struct slab_system *s, u64 address, unsigned code)
{
	if (is_2_6(s) || !oops_is_canonical(s, address))
		return;
	slab_printk(s, "#PF: supervisor %s access in kernel mode", code & OOPS_WRITE ? "write" : "read");
	slab_printk(s, "#PF: error_code(0x%04x) - %s", code,
		    code & OOPS_PROTECTED ? "permissions violation" : "not-present page");
}
