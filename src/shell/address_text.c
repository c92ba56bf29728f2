/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/address_text.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"
#include "virt/fixmap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_DIGITS 20

/* ------------------------------------------------------------- addresses and sizes */

static int digits(const struct virt_system *v)
{
	return 2 * (int)v->config->word;
}

static u64 in_width(const struct virt_system *v, u64 address)
{
	return v->config->word == 4 ? address & UINT32_MAX : address;
}

void address_text_range(const struct virt_system *v, u64 start, u64 bytes, bool brief, struct strbuf *out)
{
	char first[ADDRESS_DIGITS], last[ADDRESS_DIGITS];
	size_t same = 0;

	snprintf(first, sizeof first, "%0*" PRIx64, digits(v), start);
	snprintf(last, sizeof last, "%0*" PRIx64, digits(v), in_width(v, start + bytes - 1));
	while (brief && first[same] && first[same] == last[same])
		same++;
	/* In groups, so that digits stand below those of the same worth. */
	same -= same % 4;
	strbuf_printf(out, "0x%s-%s", first, last + same);
}

void address_text_size(u64 bytes, struct strbuf *out)
{
	char text[UNITS_MAX];

	/* Whole numbers of bytes end before the last of these. */
	if (!bytes)
		strbuf_puts(out, "16E");
	else if (bytes / TIB >= 1024 * 1024)
		strbuf_printf(out, "%.1fE", (double)bytes / (double)TIB / (1024 * 1024));
	else if (bytes / TIB >= 1024)
		strbuf_printf(out, "%.1fP", (double)bytes / (double)TIB / 1024);
	else
		strbuf_puts(out, units_format(bytes, text));
}

void address_text_item_size(const struct virt_system *v, const struct address_item *item, struct strbuf *out)
{
	u64 page = UINT64_C(1) << v->slab->phys->config->page_shift;
	bool guard = address_map_guard(v, item) != 0 && item->bytes > page;

	address_text_size(item->bytes - (guard ? page : 0), out);
	if (guard) {
		strbuf_putc(out, '+');
		address_text_size(page, out);
	}
}

const char *address_text_symbol(const struct virt_system *v, const struct address_part *part)
{
	const struct virt_config *c = v->config;
	u64 start = part->region.start;
	const struct {
		u64 at;
		const char *name;
	} symbols[] = {
		{ c->page_offset, "PAGE_OFFSET" },
		{ c->high_memory, "high_memory" },
		{ c->vmalloc_start, "VMALLOC_START" },
		{ c->vmalloc_end, "VMALLOC_END" },
		{ c->vmalloc_end + 1, "VMALLOC_END+1" },
		{ c->last_pkmap ? c->pkmap_base : c->page_offset, "PKMAP_BASE" },
		{ c->fixaddr_start, "FIXADDR_START" },
	};

	for (size_t n = 0; n < ARRAY_SIZE(symbols); n++)
		if (symbols[n].at == start)
			return symbols[n].name;
	return NULL;
}

const char *address_text_name(const struct address_part *part)
{
	switch (part->region.kind) {
	case REGION_USER:
		return _("user space");
	case REGION_NO_ADDRESS:
		return _("no addresses");
	case REGION_IMAGE:
		return _("kernel image");
	case REGION_VMEMMAP:
		return "vmemmap";
	case REGION_ENTRY:
		return _("CPU entry");
	case REGION_MODULES:
		return _("modules");
	default:
		return _("hole");
	}
}

/* ------------------------------------------------------------- parts */

static void put_direct(const struct machine *m, bool brief, struct strbuf *out)
{
	const struct phys *p = &m->phys;
	u64 pages = 0;

	strbuf_puts(out, brief ? _("direct") : _("direct map"));
	if (early_is(m))
		return;
	for (unsigned z = 0; z < p->config->zones; z++)
		if (p->config->zone[z].start_pfn < p->config->direct_map_end)
			pages += p->zone[z].free;
	strbuf_puts(out, ": ");
	address_text_size(pages << p->config->page_shift, out);
	strbuf_puts(out, _(" free"));
}

static void put_areas(const struct address_part *part, bool brief, struct strbuf *out)
{
	if (!brief)
		strbuf_puts(out, _("vmalloc area: "));
	if (!part->used) {
		strbuf_puts(out, _("nothing in use"));
	} else {
		strbuf_printf(out, text_of_n("%zu area, ", "%zu areas, ", part->used), part->used);
		address_text_size(part->bytes, out);
	}
	if (part->lazy) {
		strbuf_puts(out, "; ");
		address_text_size(part->lazy_bytes, out);
		strbuf_puts(out, _(" lazy"));
	}
}

void address_text_part(const struct machine *m, const struct address_part *part, bool brief, struct strbuf *out)
{
	switch (part->region.kind) {
	case REGION_NO_ADDRESS:
		break;
	case REGION_DIRECT:
		put_direct(m, brief, out);
		break;
	case REGION_GAP:
		strbuf_puts(out, _("gap: never mapped"));
		break;
	case REGION_IMAGE:
		strbuf_puts(out, _("where it runs"));
		break;
	case REGION_VMALLOC:
		put_areas(part, brief, out);
		break;
	case REGION_PKMAP:
		strbuf_printf(out, _("kmap(): %zu of %u slots"), part->used, (unsigned)m->virt.config->last_pkmap);
		break;
	case REGION_FIXMAP:
		strbuf_puts(out, brief ? _("fixed") : _("fixed addresses"));
		if (m->virt.config->km_slots || part->used)
			strbuf_printf(out, _(": %zu in use"), part->used);
		break;
	default:
		strbuf_puts(out, _("not modelled"));
		break;
	}
}

/* ------------------------------------------------------------- items */

void address_text_item(const struct address_item *item, struct strbuf *out)
{
	static const char *const names[ADDRESS_KINDS] = {
		[ADDRESS_NEW] = N_("new"),          [ADDRESS_FREE] = N_("free"),     [ADDRESS_LAZY] = N_("lazy"),
		[ADDRESS_VMALLOC] = "vmalloc",      [ADDRESS_VMAP] = "vmap",         [ADDRESS_IOREMAP] = "ioremap",
		[ADDRESS_ARRAY] = N_("page array"), [ADDRESS_KMAP] = N_("slot"),     [ADDRESS_ATOMIC] = N_("atomic"),
		[ADDRESS_FIXED] = N_("fixed"),      [ADDRESS_TOP] = N_("last page"),
	};

	strbuf_puts(out, _(names[item->kind]));
	if (item->kind == ADDRESS_KMAP || item->kind == ADDRESS_ATOMIC || item->kind == ADDRESS_FIXED)
		strbuf_printf(out, " %" PRIu32, item->slot);
}

/* The frame that a page leads to. */
static void put_frame(const struct machine *m, u64 at, struct strbuf *out)
{
	u64 page = UINT64_C(1) << m->config.page_shift;
	struct address_run run = address_run_at(&m->virt, at, at + page - 1, 0);

	address_text_run(m, &run, out);
}

static void put_slot(const struct machine *m, const struct address_item *item, struct strbuf *out)
{
	u32 count = address_map_slot_count(&m->virt, item), users = item->kind == ADDRESS_KMAP ? count - 1 : count;

	put_frame(m, item->start, out);
	if (users)
		strbuf_printf(out, text_of_n(", %" PRIu32 " user", ", %" PRIu32 " users", users), users);
	else
		strbuf_puts(out, _(", nobody uses it"));
}

/* Where a fixed address leads, and the kernel's name for the slot, if it has one. */
static void put_fixed(const struct machine *m, const struct address_item *item, struct strbuf *out)
{
	struct address_run run = address_run_at(&m->virt, item->start, item->start, 0);
	const char *name;

	if (run.kind == ADDRESS_RUN_DEVICE)
		strbuf_printf(out, _("to 0x%" PRIx64), run.frame << m->config.page_shift);
	else
		address_text_run(m, &run, out);
	for (size_t n = 0; (name = fixmap_name(&m->virt_config, n)); n++) {
		if (fixmap_by_name(&m->virt_config, name) != item->slot)
			continue;
		strbuf_printf(out, "  %s", name);
		break;
	}
}

static void put_command(const struct session *s, u32 owner, struct strbuf *out)
{
	const struct command *c = session_command(s, owner);

	if (!owner)
		return;
	strbuf_printf(out, "#%" PRIu32, owner);
	if (c)
		strbuf_printf(out, "  %.*s", (int)strcspn(c->text, "\n"), c->text);
}

void address_text_about(const struct session *s, const struct address_item *item, struct strbuf *out)
{
	const struct machine *m = &s->machine;
	const struct vmap_area *area = vmap_area_at(&m->virt, item->area);

	switch (item->kind) {
	case ADDRESS_FREE:
		return;
	case ADDRESS_LAZY:
		strbuf_puts(out, _("unused until a purge"));
		return;
	case ADDRESS_TOP:
		strbuf_puts(out, _("FIXADDR_TOP: never mapped"));
		return;
	case ADDRESS_KMAP:
	case ADDRESS_ATOMIC:
		put_slot(m, item, out);
		return;
	case ADDRESS_FIXED:
		put_fixed(m, item, out);
		return;
	default:
		break;
	}
	if (address_map_is_astray(&m->virt, item))
		strbuf_puts(out, _("past VMALLOC_END!  "));
	if (item->kind == ADDRESS_IOREMAP)
		strbuf_printf(out, _("to 0x%" PRIx64 "  "), area->phys);
	put_command(s, area->owner, out);
}

/* ------------------------------------------------------------- pages */

void address_text_run(const struct machine *m, const struct address_run *run, struct strbuf *out)
{
	u64 last = run->frame + (run->step > 0 ? run->pages - 1 : 1 - run->pages);

	switch (run->kind) {
	case ADDRESS_RUN_NOTHING:
		strbuf_puts(out, _("not mapped"));
		return;
	case ADDRESS_RUN_GUARD:
		strbuf_puts(out, _("guard page: an access faults"));
		return;
	case ADDRESS_RUN_DEVICE:
		strbuf_printf(out, _("physical 0x%" PRIx64 ", no memory"), run->frame << m->config.page_shift);
		return;
	case ADDRESS_RUN_MEMORY:
		break;
	}
	strbuf_printf(out, "0x%" PRIx64, run->frame);
	if (run->pages > 1)
		strbuf_printf(out, "-0x%" PRIx64, last);
	if (run->zone >= 0)
		strbuf_printf(out, " %s", m->config.zone[run->zone].name);
}
