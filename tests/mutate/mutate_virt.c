/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrupts each kind of state of the address space, one at a time: the walk over
 * the invariants must say so.
 */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/page.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/vmalloc.h"

#include <stdio.h>
#include <stdlib.h>

static struct machine m;
static u64 address;

/* An area in use, one given back, and a page of high memory that is mapped. */
static bool boot(struct status *st)
{
	struct machine_desc desc;
	u64 second;

	if (!desc_load(&desc, "i386-6.1-slab", st) || !machine_boot(&m, &desc, NULL, st))
		return false;
	address = vmalloc_alloc(&m.virt, 20 << 20, vmalloc_gfp(&m.virt));
	second = vmalloc_alloc(&m.virt, 8192, vmalloc_gfp(&m.virt));
	vmalloc_alloc(&m.virt, 8192, vmalloc_gfp(&m.virt));
	return address && vmalloc_free(&m.virt, second, st) && kmap_map(&m.virt, m.config.max_pfn - 1) &&
	       invariants_hold(&m, st);
}

static struct vmap_area *busy(void)
{
	return vmap_area_at_start(&m.virt, address);
}

static struct vmap_area *of(enum vmap_state state)
{
	return vmap_area_first(&m.virt, state);
}

static void longer(void)
{
	busy()->end += 4096;
}

static void shorter(void)
{
	busy()->end -= 4096;
}

static void wrong_state(void)
{
	busy()->state = VMAP_LAZY;
}

static void wrong_link(void)
{
	of(VMAP_BUSY)->next = VIRT_NO_AREA;
}

static void circle(void)
{
	vmap_area_next(&m.virt, of(VMAP_BUSY))->next = m.virt.state->first[VMAP_BUSY];
}

static void wrong_back_link(void)
{
	vmap_area_next(&m.virt, of(VMAP_BUSY))->prev = VIRT_NO_AREA;
}

static void wrong_count(void)
{
	m.virt.state->count[VMAP_FREE]++;
}

static void wrong_last(void)
{
	m.virt.state->last[VMAP_BUSY] = m.virt.state->first[VMAP_BUSY];
}

static void lazy_pages(void)
{
	m.virt.state->lazy_pages--;
}

static void lost_lazy(void)
{
	of(VMAP_LAZY)->start += 4096;
	m.virt.state->lazy_pages--;
}

static void table_count(void)
{
	m.virt.state->tables++;
}

static void table_is_none(void)
{
	struct table_step step[TABLE_LEVELS];

	/* The second table of the area was taken from the page allocator; now another page is in its place. */
	page_table_walk(&m.virt, address + (8 << 20), step);
	page_store(&m.phys, step[0].at, step[0].entry ^ 0x400000, 4);
}

static void boot_table_not_set_aside(void)
{
	m.virt.state->aside[0].used = 0;
}

static void too_many_set_aside(void)
{
	m.virt.state->asides = VIRT_ASIDES + 1;
}

static void tlb_entry_of_no_page(void)
{
	tlb_use(&m.virt, address);
	m.virt.tlb[0].page += 5;
}

static void tlb_entry_twice(void)
{
	tlb_use(&m.virt, address);
	m.virt.tlb[1] = m.virt.tlb[0];
	m.virt.state->tlb_used++;
}

static void tlb_miscounted(void)
{
	m.virt.state->tlb_used++;
}

static void slot_of_low_page(void)
{
	m.virt.kmap[kmap_slot_of(&m.virt, m.config.max_pfn - 1)].pfn = 1;
}

static void slot_of_other_page(void)
{
	m.virt.kmap[kmap_slot_of(&m.virt, m.config.max_pfn - 1)].pfn--;
}

static void next_slot(void)
{
	m.virt.state->last_pkmap_nr = m.virt_config.last_pkmap;
}

static void sleeper_of_no_command(void)
{
	m.virt.state->kmap_waiter[0] = (struct kmap_waiter){ 1, m.config.max_pfn - 1 };
}

static void sleeper_for_low_page(void)
{
	m.virt.state->kmap_waiter[m.virt.state->kmap_waiting++] = (struct kmap_waiter){ 1, 1 };
}

static const struct {
	const char *name;
	void (*corrupt)(void);
} mutations[] = {
	{ "an area is longer", longer },
	{ "an area is shorter", shorter },
	{ "an area has another state", wrong_state },
	{ "a list of areas is cut", wrong_link },
	{ "a list of areas is a circle", circle },
	{ "a link back is wrong", wrong_back_link },
	{ "a list's count is wrong", wrong_count },
	{ "a list's end is wrong", wrong_last },
	{ "lazy pages are miscounted", lazy_pages },
	{ "addresses are lost", lost_lazy },
	{ "tables are miscounted", table_count },
	{ "a table is in a page that is none", table_is_none },
	{ "a table of boot's lies elsewhere", boot_table_not_set_aside },
	{ "too many ranges are set aside", too_many_set_aside },
	{ "a TLB has an entry of no page", tlb_entry_of_no_page },
	{ "a TLB has an entry twice", tlb_entry_twice },
	{ "entries of TLBs are miscounted", tlb_miscounted },
	{ "kmap() has mapped low memory", slot_of_low_page },
	{ "kmap() has mapped another page", slot_of_other_page },
	{ "kmap() goes on at a slot that is none", next_slot },
	{ "a task sleeps in kmap() and is not counted", sleeper_of_no_command },
	{ "a task sleeps in kmap() for low memory", sleeper_for_low_page },
};

int main(void)
{
	int missed = 0;

	for (size_t n = 0; n < ARRAY_SIZE(mutations); n++) {
		struct status st = STATUS_INIT;

		if (!boot(&st)) {
			fprintf(stderr, "%s\n", st.message);
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
