/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_where.h"

#include "base/text.h"
#include "base/units.h"
#include "event/event.h"
#include "phys/frame.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "shell/describe.h"
#include "slab/object.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/region.h"
#include "virt/translate.h"
#include "virt/vmalloc.h"

#include <inttypes.h>

static const struct virt_system *virt_of(const struct call *call)
{
	return &call->context->session->machine.virt;
}

static bool exists(const struct call *call, struct status *st)
{
	return virt_of(call)->state ||
	       status_fail(st, STATUS_UNSUPPORTED,
			   _("the address space of this machine is not known: reset i386-2.6.18, say"));
}

/* ------------------------------------------------------------- where */

static const char *area_use(const struct vmap_area *area)
{
	return area->flags & VM_IOREMAP ? "ioremap" : area->flags & VM_ALLOC ? "vmalloc" : "vmap";
}

static void put_range(u64 start, u64 last, struct strbuf *out)
{
	char size[UNITS_MAX];

	strbuf_printf(out, _(", 0x%" PRIx64 " to 0x%" PRIx64 " (%s)"), start, last,
		      units_format(last - start + 1, size));
}

/* The area of addresses, in whatever state; its command. */
static u32 put_area(const struct virt_system *v, u64 address, struct strbuf *out)
{
	const struct vmap_area *area = vmap_area_of(v, VMAP_BUSY, address);
	u64 bytes;

	if (area) {
		bytes = vmalloc_area_bytes(v, area);
		strbuf_printf(out, _("  area of %s"), area_use(area));
		put_range(area->start, area->end - 1, out);
		if (address - area->start >= bytes)
			strbuf_puts(out, _(": in its guard page, which is never mapped"));
		else
			strbuf_printf(out, _(": byte %" PRIu64 " of %" PRIu64 ", then a guard page"),
				      address - area->start, bytes);
	} else if ((area = vmap_area_of(v, VMAP_LAZY, address))) {
		strbuf_puts(out, _("  area that was given back, and is unused until the next purge"));
		put_range(area->start, area->end - 1, out);
	} else {
		strbuf_puts(out, _("  in no area: these addresses are free"));
	}
	strbuf_putc(out, '\n');
	return area ? area->owner : 0;
}

static void put_fixed(const struct virt_system *v, u64 address, struct strbuf *out)
{
	u64 index = kmap_fixed_index(v, address), slot = index - v->config->fix_kmap_begin;
	u32 slots = v->config->km_slots * v->slab->phys->config->cpus;

	strbuf_printf(out, _("  fixed address %" PRIu64), index);
	if (v->config->km_slots && index >= v->config->fix_kmap_begin && slot < slots)
		strbuf_printf(out, _(": slot %" PRIu64 " of kmap_atomic() on CPU %" PRIu64), slot % v->config->km_slots,
			      slot / v->config->km_slots);
	strbuf_putc(out, '\n');
}

static void put_slot(const struct virt_system *v, u64 address, struct strbuf *out)
{
	u64 slot = (address - v->config->pkmap_base) >> v->slab->phys->config->page_shift;
	u32 count = v->kmap[slot].count;

	if (!count)
		strbuf_printf(out, _("  slot %" PRIu64 ": free\n"), slot);
	else if (count == 1)
		strbuf_printf(
		    out,
		    _("  slot %" PRIu64 ": nobody uses it, but the page stays mapped until slots have come round\n"),
		    slot);
	else
		strbuf_printf(out, _("  slot %" PRIu64 ": users %" PRIu32 "\n"), slot, count - 1);
}

/* The way down the page tables in one line. */
static void put_path(const struct virt_system *v, u64 address, struct strbuf *out)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);

	strbuf_puts(out, _("  page tables: "));
	for (unsigned n = 0; n < steps; n++)
		strbuf_printf(out, "%s%s %" PRIu32, n ? ", " : "", page_table_level_name(v, step[n].level),
			      step[n].index);
	if (!(step[steps - 1].entry & PTE_PRESENT))
		strbuf_puts(out, _(": not present, an access faults"));
	else if (step[steps - 1].level > 1)
		strbuf_puts(out, _(": a big page"));
	strbuf_putc(out, '\n');
}

/* The physical page, its zone, block and kind. */
static void put_page(const struct session *s, u64 at, struct strbuf *out)
{
	const struct phys *p = &s->machine.phys;
	pfn_t pfn = (pfn_t)(at >> p->config->page_shift);
	struct frame_info info = frame_describe(p, pfn);
	const struct page *page = page_find(p, pfn);

	if (info.state == FRAME_NO_MEMORY) {
		strbuf_printf(out, _("  physical address 0x%" PRIx64 ", which is no memory of the machine\n"), at);
		return;
	}
	strbuf_printf(out, _("  physical address 0x%" PRIx64 " in page frame 0x%" PRIx32), at, pfn);
	describe_frame(s, pfn, out);
	if (info.state == FRAME_USED && page && page->kind != PAGE_PLAIN)
		strbuf_printf(out, _(", %s"), page_kind_name(page->kind));
	else if (page_table_is_boots(&s->machine.virt, pfn))
		strbuf_printf(out, _(", %s"), page_kind_name(PAGE_TABLE));
	strbuf_putc(out, '\n');
	if (info.zone < 0 || p->config->types == 1)
		return;
	strbuf_printf(out, _("  page block %" PRIu32 " of zone %s, %s\n"),
		      (pfn >> p->config->pageblock_order) - pageblock_first(p, (unsigned)info.zone),
		      p->config->zone[info.zone].name, migratetype_name(pageblock_type(p, (unsigned)info.zone, pfn)));
}

static void put_command(const struct session *s, u32 number, struct strbuf *out)
{
	if (number && number <= session_number(s))
		strbuf_printf(out, _("  got by command %" PRIu32 ": %s\n"), number, session_command(s, number)->text);
}

/* The physical address that an access would reach, of memory or of a device; TRANSLATE_NONE: it would fault. */
static u64 physical(const struct virt_system *v, u64 address)
{
	unsigned shift = v->slab->phys->config->page_shift;
	pfn_t pfn = page_table_frame(v, address);

	if (page_of_address(v->slab->phys, address) != PFN_NONE)
		return address - v->config->page_offset;
	return pfn == PFN_NONE ? TRANSLATE_NONE : (u64)pfn << shift | (address & ((UINT64_C(1) << shift) - 1));
}

/* Who got what lies at a physical address: of an object the object's command, else that of the block. */
static u32 owner_of(const struct session *s, u64 address, u64 at)
{
	const struct phys *p = &s->machine.phys;
	struct object_info object;

	if (page_of_address(p, address) != PFN_NONE && object_at(&s->machine.slab, address, &object))
		return object.state == OBJECT_USED ? object.owner : 0;
	return frame_describe(p, (pfn_t)(at >> p->config->page_shift)).owner;
}

bool cmd_where_where(struct call *call, struct status *st)
{
	const struct session *s = call->context->session;
	const struct virt_system *v = virt_of(call);
	const struct shell_host *host = &call->context->host;
	u64 address = (u64)call->arg[0].number, at;
	struct strbuf *out = call->context->out;
	struct region region;
	u32 owner = 0;

	if (!exists(call, st))
		return false;
	region = region_of(v, address);
	if (host->look && region.kind != REGION_NO_ADDRESS)
		host->look(host->context, address);
	strbuf_printf(out, _("0x%" PRIx64 ": %s"), address, region_name(region.kind));
	if (region.kind != REGION_NO_ADDRESS)
		put_range(region.start, region.last, out);
	strbuf_putc(out, '\n');
	if (region.kind == REGION_USER || region.kind == REGION_NO_ADDRESS)
		return true;
	if (region_is_unknown(region.kind)) {
		strbuf_puts(out, _("  a kernel has memory there, which is not modelled\n"));
		return true;
	}
	if (region.kind == REGION_VMALLOC)
		owner = put_area(v, address, out);
	else if (region.kind == REGION_PKMAP)
		put_slot(v, address, out);
	else if (region.kind == REGION_FIXMAP)
		put_fixed(v, address, out);
	put_path(v, address, out);
	at = physical(v, address);
	if (at != TRANSLATE_NONE) {
		put_page(s, at, out);
		if (region.kind == REGION_DIRECT) {
			struct strbuf object = STRBUF_INIT;

			describe_object(s, address, &object);
			if (object.length)
				strbuf_printf(out, "%s\n", strbuf_str(&object) + 1);
			strbuf_free(&object);
		}
		owner = owner ? owner : owner_of(s, address, at);
	}
	put_command(s, owner, out);
	return true;
}
