/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_translate.h"

#include "base/text.h"
#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "shell/cmd_virt.h"
#include "virt/region.h"
#include "virt/vmalloc.h"

#include <inttypes.h>

#define START_KERNEL_MAP UINT64_C(0xffffffff80000000) /* x86_64: where the kernel's image is mapped */
#define KERNEL_IMAGE_SIZE (UINT64_C(512) << 20)

static const struct machine *machine_of(const struct call *call)
{
	return &call->context->session->machine;
}

static u64 argument(const struct call *call)
{
	return (u64)call->arg[0].number;
}

static bool has_addresses(const struct call *call, struct status *st)
{
	return machine_of(call)->config.page_offset ||
	       status_fail(st, STATUS_UNSUPPORTED, _("this machine has no kernel addresses"));
}

static bool is_64_bit(const struct machine *m)
{
	return m->config.page_offset > UINT32_MAX;
}

/* Numbers are as wide as the machine's words. */
static u64 in_width(const struct machine *m, u64 number)
{
	return is_64_bit(m) ? number : number & UINT32_MAX;
}

static bool in_direct_map(const struct machine *m, u64 address)
{
	return page_of_address(&m->phys, address) != PFN_NONE;
}

/* What __pa() makes of an address, in the direct map or not. */
static u64 physical_of(const struct machine *m, u64 address)
{
	/* The image is mapped twice; there the lower border of the second mapping is subtracted. */
	if (is_64_bit(m) && address >= START_KERNEL_MAP)
		return address - START_KERNEL_MAP;
	return in_width(m, address - m->config.page_offset);
}

static pfn_t behind(const struct machine *m, u64 address)
{
	return m->virt.state ? vmalloc_to_pfn(&m->virt, address) : PFN_NONE;
}

/* In which part of the address space an address lies that is not in the direct map. */
static void put_place(const struct machine *m, u64 address, struct strbuf *out)
{
	if (m->virt.state)
		strbuf_printf(out, _("0x%" PRIx64 " is not in the direct map. It is here:\n  %s\n"), address,
			      region_name(region_of(&m->virt, address).kind));
	else
		strbuf_printf(out, _("0x%" PRIx64 " is not in the direct map.\n"), address);
}

/* ------------------------------------------------------------- addresses */

bool cmd_translate_pa(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	struct strbuf *out = call->context->out;
	u64 address = argument(call);
	pfn_t pfn;

	if (!has_addresses(call, st))
		return false;
	call->result = value_int((s64)physical_of(m, address));
	if (in_direct_map(m, address) ||
	    (is_64_bit(m) && address >= START_KERNEL_MAP && address < START_KERNEL_MAP + KERNEL_IMAGE_SIZE))
		return true;
	put_place(m, address, out);
	strbuf_puts(out, _("The kernel only subtracts PAGE_OFFSET: the number means nothing.\n"));
	pfn = behind(m, address);
	if (pfn != PFN_NONE)
		strbuf_printf(out, _("By the page tables it is 0x%" PRIx64 "; vmalloc_to_page() goes by them.\n"),
			      ((u64)pfn << m->config.page_shift) |
				  (address & ((UINT64_C(1) << m->config.page_shift) - 1)));
	return true;
}

bool cmd_translate_va(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	struct strbuf *out = call->context->out;
	u64 at = argument(call), address = in_width(m, at + m->config.page_offset);
	pfn_t pfn = (pfn_t)(at >> m->config.page_shift);

	if (!has_addresses(call, st))
		return false;
	call->result = value_addr(address);
	if (in_direct_map(m, address))
		return true;
	put_place(m, address, out);
	strbuf_puts(out, _("The kernel only adds PAGE_OFFSET: the address leads elsewhere, or nowhere.\n"));
	if (at >> m->config.page_shift < m->config.max_pfn && frame_describe(&m->phys, pfn).state != FRAME_NO_MEMORY)
		strbuf_puts(out, _("It is a page of high memory: kmap() gives it an address.\n"));
	else
		strbuf_puts(out, _("No memory is there; for a device, ioremap() gives an address.\n"));
	return true;
}

/* ------------------------------------------------------------- descriptors */

/* Has the frame a descriptor? In one array all have, holes as well; by sections those of a section with memory. */
static bool has_descriptor(const struct machine *m, u64 pfn)
{
	const struct phys_config *c = &m->config;
	u64 section = m->desc.section_size >> c->page_shift;

	if (!section || !is_64_bit(m))
		return pfn < c->max_pfn;
	for (unsigned r = 0; r < c->memory_ranges; r++)
		if (pfn / section >= c->memory[r].start / section && pfn / section <= (c->memory[r].end - 1) / section)
			return true;
	return false;
}

bool cmd_translate_virt_to_page(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	struct strbuf *out = call->context->out;
	u64 address = argument(call), pfn = physical_of(m, address) >> m->config.page_shift;

	if (!has_addresses(call, st))
		return false;
	if (is_64_bit(m) && !has_descriptor(m, pfn))
		return status_fail(st, STATUS_INVALID,
				   _("0x%" PRIx64 " is not in the direct map: its section of memory has no page "
				     "descriptors, and the kernel would oops"),
				   address);
	call->result = value_page((pfn_t)pfn);
	if (in_direct_map(m, address))
		return true;
	put_place(m, address, out);
	strbuf_puts(out, has_descriptor(m, pfn)
			     ? _("The kernel takes __pa(), which means nothing there: this is some other page.\n")
			     : _("The kernel takes __pa(), which means nothing there: there is no such page.\n"));
	if (behind(m, address) != PFN_NONE)
		strbuf_puts(out, _("vmalloc_to_page() finds the page that it leads to.\n"));
	return true;
}

bool cmd_translate_page_to_phys(struct call *call, struct status *st)
{
	(void)st;
	call->result = value_int((s64)(argument(call) << machine_of(call)->config.page_shift));
	return true;
}

bool cmd_translate_pfn_valid(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	u64 pfn = argument(call);
	bool valid = has_descriptor(m, pfn);

	(void)st;
	call->result = value_bool(valid);
	if (valid && frame_describe(&m->phys, (pfn_t)pfn).state == FRAME_NO_MEMORY)
		strbuf_puts(call->context->out,
			    _("No memory is there: it is asked only whether the frame has a page descriptor.\n"));
	return true;
}

/* What virt_addr_valid() asks before it asks pfn_valid(). 2.6 asks nothing. */
static bool looks_direct(const struct machine *m, u64 address)
{
	const struct virt_config *c = &m->virt_config;

	if (m->config.gfp == GFP_2_6)
		return true;
	if (is_64_bit(m))
		return address >= c->page_offset &&
		       (address < START_KERNEL_MAP || address - START_KERNEL_MAP < KERNEL_IMAGE_SIZE);
	return address >= c->page_offset && (address < c->vmalloc_start || address >= c->vmalloc_end) &&
	       address < c->fixaddr_start;
}

bool cmd_translate_virt_addr_valid(struct call *call, struct status *st)
{
	const struct machine *m = machine_of(call);
	u64 address = argument(call);
	bool valid;

	if (!cmd_virt_exists(call, st))
		return false;
	valid = looks_direct(m, address) && has_descriptor(m, physical_of(m, address) >> m->config.page_shift);
	call->result = value_bool(valid);
	if (valid && !in_direct_map(m, address) && !(is_64_bit(m) && address >= START_KERNEL_MAP)) {
		put_place(m, address, call->context->out);
		strbuf_puts(call->context->out, _("The kernel only asks whether frame __pa() >> PAGE_SHIFT has a page "
						  "descriptor,\nand that of some other page is there.\n"));
	}
	return true;
}

bool cmd_translate_is_vmalloc(struct call *call, struct status *st)
{
	const struct virt_config *c = &machine_of(call)->virt_config;

	if (!cmd_virt_exists(call, st))
		return false;
	call->result = value_bool(argument(call) >= c->vmalloc_start && argument(call) < c->vmalloc_end);
	return true;
}

/* ------------------------------------------------------------- by the page tables */

/* The page behind an address, by the page tables; *pfn: PFN_NONE: none. */
static bool follow(struct call *call, pfn_t *pfn, struct status *st)
{
	const struct machine *m = machine_of(call);

	if (!cmd_virt_exists(call, st))
		return false;
	*pfn = vmalloc_to_pfn(&m->virt, argument(call));
	if (!in_direct_map(m, argument(call)))
		return true;
	/* The direct map is made of big pages. */
	if (m->config.gfp == GFP_2_6)
		return status_fail(st, STATUS_INVALID,
				   _("0x%" PRIx64
				     " is in the direct map, made of big pages: this kernel would take one "
				     "for a page table; use virt_to_page()"),
				   argument(call));
	*pfn = page_of_address(&m->phys, argument(call));
	return true;
}

bool cmd_translate_vmalloc_to_page(struct call *call, struct status *st)
{
	pfn_t pfn;

	if (!follow(call, &pfn, st))
		return false;
	call->result = value_page(pfn);
	return true;
}

bool cmd_translate_vmalloc_to_pfn(struct call *call, struct status *st)
{
	pfn_t pfn;

	if (!follow(call, &pfn, st))
		return false;
	if (pfn == PFN_NONE)
		return status_fail(st, STATUS_INVALID,
				   _("no page is mapped there: the kernel would follow a pointer to nowhere"));
	call->result = value_int(pfn);
	return true;
}
