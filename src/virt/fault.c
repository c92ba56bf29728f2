/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/fault.h"

#include "base/text.h"
#include "base/units.h"
#include "phys/preempt.h"
#include "slab/oops.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/region.h"
#include "virt/vmalloc.h"

#include <inttypes.h>

static u64 page_size(const struct virt_system *v)
{
	return UINT64_C(1) << v->slab->phys->config->page_shift;
}

bool fault_is_read_only(const struct virt_system *v, u64 address)
{
	struct table_leaf leaf = page_table_leaf(v, address);

	return page_table_maps(&leaf) && !(leaf.entry & PTE_WRITE);
}

bool fault_is_allowed(const struct virt_system *v, u64 address, bool writes)
{
	struct table_leaf leaf = page_table_leaf(v, address);

	return page_table_maps(&leaf) && (!writes || (leaf.entry & PTE_WRITE));
}

/* ------------------------------------------------------------- the kernel's lines */

static unsigned error_code(const struct virt_system *v, u64 address, bool writes)
{
	struct table_leaf leaf = page_table_leaf(v, address);

	return (page_table_maps(&leaf) ? OOPS_PROTECTED : 0) | (writes ? OOPS_WRITE : 0);
}

/* Entries of tables that are in no frame have no value that the kernel would show. */
static bool are_known(const struct table_step *step, unsigned steps)
{
	for (unsigned n = 0; n < steps; n++)
		if (step[n].boot || (step[n].entry & PTE_BOOT))
			return false;
	return steps > 0;
}

static void print_entries(const struct virt_system *v, u64 address)
{
	/* With four levels the second one, of five, is the first once more. */
	static const char *const names[] = { "PUD", "PMD", "PTE" };
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);
	struct strbuf line = STRBUF_INIT;

	if (!are_known(step, steps) || v->config->levels == 3)
		return;
	if (v->config->levels == 4) {
		strbuf_printf(&line, "PGD %" PRIx64, step[0].entry);
		if (step[0].entry & PTE_PRESENT)
			strbuf_printf(&line, " P4D %" PRIx64, step[0].entry);
		for (unsigned n = 1; n < steps; n++)
			strbuf_printf(&line, " %s %" PRIx64, names[n - 1], step[n].entry);
	} else {
		strbuf_printf(&line, "*pde = %08" PRIx64, step[0].entry);
		if (steps > 1)
			strbuf_printf(&line, "%s*pte = %08" PRIx64, v->config->rule == VMAP_LIST ? "\n" : " ",
				      step[1].entry);
	}
	slab_printk(v->slab, "%s", strbuf_str(&line));
	strbuf_free(&line);
}

/* A task is killed; an interrupt belongs to none. */
static bool is_fatal(const struct virt_system *v)
{
	enum preempt_context context = preempt_context(v->slab->phys);

	return context == PREEMPT_SOFTIRQ || context == PREEMPT_IRQ;
}

void fault_print(const struct virt_system *v, u64 address, bool writes)
{
	unsigned code = error_code(v, address, writes);
	bool smp = v->slab->phys->config->cpus > 1;

	oops_print_address(v->slab, address);
	if (oops_is_canonical(v->slab, address)) {
		oops_print_access(v->slab, address, code);
		print_entries(v, address);
		slab_printk(v->slab, "Oops: %04x [#1]%s", code,
			    !smp                           ? ""
			    : v->config->rule == VMAP_LIST ? "\nSMP"
							   : " SMP");
	}
	if (is_fatal(v))
		slab_printk(v->slab, "Kernel panic - not syncing: Fatal exception in interrupt");
}

/* ------------------------------------------------------------- what was hit */

static void put_owner(const struct vmap_area *area, struct strbuf *out)
{
	if (area->owner)
		strbuf_printf(out, _(", got by command %" PRIu32), area->owner);
}

/* The area in use that ends below an address most nearly; NULL: there is none. */
static const struct vmap_area *area_below(const struct virt_system *v, u64 address)
{
	const struct vmap_area *below = NULL;

	for (const struct vmap_area *a = vmap_area_first(v, VMAP_BUSY); a; a = vmap_area_next(v, a))
		if (a->end <= address && (!below || a->end > below->end))
			below = a;
	return below;
}

static void put_area(const struct virt_system *v, u64 address, struct strbuf *out)
{
	const struct vmap_area *area = vmap_area_of(v, VMAP_BUSY, address);
	char size[UNITS_MAX];

	if (area && address - area->start >= vmalloc_area_bytes(v, area)) {
		strbuf_printf(out, _("this is the guard page of the area at 0x%" PRIx64), area->start);
		put_owner(area, out);
		return;
	}
	if (area) {
		strbuf_printf(out, _("the area at 0x%" PRIx64 " has no page there"), area->start);
		put_owner(area, out);
		return;
	}
	if (vmap_area_of(v, VMAP_LAZY, address)) {
		strbuf_puts(out, _("the area that was there is given back, and waits for a purge"));
		return;
	}
	strbuf_puts(out, _("no area is there"));
	area = area_below(v, address);
	if (!area)
		return;
	strbuf_printf(out, _("; that at 0x%" PRIx64), area->start);
	put_owner(area, out);
	strbuf_printf(out, _(", ends %s before"), units_format(address - (area->end - page_size(v)), size));
}

static void put_slot(const struct virt_system *v, u64 address, struct strbuf *out)
{
	u64 slot = (address - v->config->pkmap_base) / page_size(v);

	strbuf_printf(out, _("slot %" PRIu64 " of kmap() holds no page: nobody has it"), slot);
}

static void put_fixed(const struct virt_system *v, u64 address, struct strbuf *out)
{
	u64 index = kmap_fixed_index(v, address), slot = index - v->config->fix_kmap_begin;
	u32 slots = v->config->km_slots * v->slab->phys->config->cpus;

	if (v->config->km_slots && index >= v->config->fix_kmap_begin && slot < slots)
		strbuf_printf(out, _("slot %" PRIu64 " of kmap_atomic() on CPU %" PRIu64 " holds no page"),
			      slot % v->config->km_slots, slot / v->config->km_slots);
	else
		strbuf_printf(out, _("fixed address %" PRIu64 " is not in use"), index);
}

static void put_place(const struct virt_system *v, u64 address, struct strbuf *out)
{
	struct region region = region_of(v, address);
	char size[UNITS_MAX];

	switch (region.kind) {
	case REGION_USER:
		strbuf_puts(out, address < page_size(v) ? _("page 0 is never mapped, so that a NULL pointer faults")
							: _("it is of user space, where the kernel has nothing"));
		break;
	case REGION_NO_ADDRESS:
		strbuf_puts(out, v->config->word == 4 ? _("addresses have 32 bits")
						      : _("it is no address: bits 47 to 63 are not all the same"));
		break;
	case REGION_GAP:
		strbuf_printf(out,
			      _("this is the gap of %s behind the direct map, which catches what runs past its end"),
			      units_format(region.last - region.start + 1, size));
		break;
	case REGION_VMALLOC:
		put_area(v, address, out);
		break;
	case REGION_PKMAP:
		put_slot(v, address, out);
		break;
	case REGION_FIXMAP:
		put_fixed(v, address, out);
		break;
	case REGION_DIRECT:
		strbuf_puts(out, _("no memory is behind this part of the direct map"));
		break;
	default:
		strbuf_puts(out, _("nothing is mapped there"));
	}
}

void fault_describe(const struct virt_system *v, u64 address, struct strbuf *out)
{
	/* Then it was a write. */
	if (fault_is_read_only(v, address))
		strbuf_puts(out, _("the page may only be read: it is of the kernel's code, or of its constants"));
	else
		put_place(v, address, out);
	if (is_fatal(v))
		strbuf_puts(out, _("; in an interrupt that stops the machine"));
}
