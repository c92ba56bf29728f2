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

/* A page frame, or that it is none of the machine's memory. */
static void put_frame(const struct phys *p, u64 pfn, struct strbuf *out)
{
	bool memory = pfn < p->config->max_pfn && frame_describe(p, (pfn_t)pfn).state != FRAME_NO_MEMORY;

	strbuf_printf(out, memory ? _("page frame 0x%" PRIx64) : _("0x%" PRIx64 ", which is no memory of the machine"),
		      memory ? pfn : pfn << p->config->page_shift);
}

/* ------------------------------------------------------------- walk */

static const struct {
	unsigned bit;
	const char *name;
} entry_bits[] = {
	{ PTE_PRESENT, N_("present") },   { PTE_WRITE, N_("writable") },    { PTE_THROUGH, N_("write-through") },
	{ PTE_UNCACHED, N_("uncached") }, { PTE_ACCESSED, N_("accessed") }, { PTE_DIRTY, N_("dirty") },
	{ PTE_HUGE, N_("big page") },     { PTE_GLOBAL, N_("global") },
};

static void put_bits(u64 entry, struct strbuf *out)
{
	const char *comma = "";

	for (size_t n = 0; n < ARRAY_SIZE(entry_bits); n++) {
		if (!(entry & entry_bits[n].bit))
			continue;
		strbuf_printf(out, "%s%s", comma, _(entry_bits[n].name));
		comma = ", ";
	}
}

/* A line for one level of the walk. */
static void put_step(const struct virt_system *v, const struct table_step *step, unsigned level, struct strbuf *out)
{
	const struct phys *p = v->slab->phys;
	bool last = level == 1 || (step->entry & PTE_HUGE);
	char size[UNITS_MAX];

	strbuf_printf(out, _("  level %u: entry %" PRIu32 " "), level, step->index);
	if (step->boot)
		strbuf_printf(out, _("of table %" PRIu64 " of boot's"), step->at >> p->config->page_shift);
	else
		strbuf_printf(out, _("at 0x%" PRIx64), step->at);
	if (!(step->entry & PTE_PRESENT)) {
		strbuf_printf(out, _(" is 0x%" PRIx64 ": not present\n"), step->entry);
		return;
	}
	/* The number of a table of boot's is no address, so its entry has no value that the kernel would show. */
	if (step->entry & PTE_BOOT)
		strbuf_puts(out, _(" is "));
	else
		strbuf_printf(out, _(" is 0x%" PRIx64 ": "), step->entry);
	put_bits(step->entry, out);
	if (step->entry & PTE_BOOT) {
		strbuf_printf(out, _("; leads to table %" PRIu64 " of boot's\n"), step->entry >> p->config->page_shift);
		return;
	}
	strbuf_puts(out, last ? _("; maps ") : _("; leads to the table in "));
	if (last && level > 1)
		strbuf_printf(out, _("%s from "), units_format(UINT64_C(1) << page_table_shift(v, level), size));
	put_frame(p, step->entry >> p->config->page_shift, out);
	strbuf_putc(out, '\n');
}

static void put_direct(const struct virt_system *v, u64 address, struct strbuf *out)
{
	char size[UNITS_MAX];

	strbuf_printf(
	    out,
	    _("  level 2: the direct map; boot mapped it in pages of %s where a whole one fits; its tables are not "
	      "modelled\n"),
	    units_format(UINT64_C(1) << page_table_shift(v, 2), size));
	strbuf_printf(out, _("  ends at physical address 0x%" PRIx64 ", "), address - v->config->page_offset);
	put_frame(v->slab->phys, (address - v->config->page_offset) >> v->slab->phys->config->page_shift, out);
	strbuf_putc(out, '\n');
}

static void put_end(const struct virt_system *v, u64 address, const struct table_step *last, unsigned level,
		    struct strbuf *out)
{
	u64 covered = UINT64_C(1) << page_table_shift(v, level), frame = ~((UINT64_C(1) << 12) - 1);

	if (!(last->entry & PTE_PRESENT))
		strbuf_printf(out, _("  ends at level %u: an access to 0x%" PRIx64 " faults\n"), level, address);
	else if (level > 1 && !(last->entry & PTE_HUGE))
		strbuf_printf(out, _("  ends at level %u: the entry leads to no table\n"), level);
	else
		strbuf_printf(out, _("  ends at physical address 0x%" PRIx64 "\n"),
			      (last->entry & frame) + (address & (covered - 1)));
}

bool cmd_where_walk(struct call *call, struct status *st)
{
	const struct virt_system *v = virt_of(call);
	u64 address = (u64)call->arg[0].number;
	struct strbuf *out = call->context->out;
	struct table_step step[TABLE_LEVELS];
	struct region region;
	unsigned steps;

	if (!exists(call, st))
		return false;
	region = region_of(v, address);
	if (region.kind == REGION_NO_ADDRESS || region.kind == REGION_USER)
		return status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is %s"), address,
				   region.kind == REGION_USER ? _("of user space: only the kernel's part is modelled")
							      : region_name(region.kind));
	strbuf_printf(out, "0x%" PRIx64, address);
	strbuf_puts(out, v->config->word == 4
			     ? _(": segments begin at 0 and end at 4G, so the linear address is the same\n")
			     : ":\n");
	if (region.kind == REGION_DIRECT) {
		put_direct(v, address, out);
		return true;
	}
	steps = page_table_walk(v, address, step);
	for (unsigned n = 0; n < steps; n++)
		put_step(v, &step[n], v->config->levels - n, out);
	put_end(v, address, &step[steps - 1], v->config->levels - steps + 1, out);
	return true;
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

	strbuf_puts(out, _("  page tables: entries"));
	for (unsigned n = 0; n < steps; n++)
		strbuf_printf(out, " %" PRIu32, step[n].index);
	if (!(step[steps - 1].entry & PTE_PRESENT))
		strbuf_printf(out, _(", not present at level %u: an access faults"), v->config->levels - steps + 1);
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
	u64 address = (u64)call->arg[0].number, at;
	struct strbuf *out = call->context->out;
	struct region region;
	u32 owner = 0;

	if (!exists(call, st))
		return false;
	region = region_of(v, address);
	strbuf_printf(out, _("0x%" PRIx64 ": %s"), address, region_name(region.kind));
	if (region.kind != REGION_NO_ADDRESS)
		put_range(region.start, region.last, out);
	strbuf_putc(out, '\n');
	if (region.kind == REGION_USER || region.kind == REGION_NO_ADDRESS)
		return true;
	if (region.kind == REGION_VMALLOC)
		owner = put_area(v, address, out);
	else if (region.kind == REGION_PKMAP)
		put_slot(v, address, out);
	else if (region.kind == REGION_FIXMAP)
		put_fixed(v, address, out);
	if (region.kind != REGION_DIRECT)
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
