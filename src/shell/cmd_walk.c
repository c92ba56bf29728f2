/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_walk.h"

#include "base/text.h"
#include "base/units.h"
#include "machine/early.h"
#include "phys/frame.h"
#include "virt/page_table.h"
#include "virt/region.h"
#include "virt/tlb.h"

#include <inttypes.h>

/* A number of 0x and so many digits as an entry has. */
static int digits(const struct virt_system *v)
{
	return (int)v->config->entry * 2;
}

static void put_binary(u64 value, unsigned bits, struct strbuf *out)
{
	while (bits--)
		strbuf_putc(out, value >> bits & 1 ? '1' : '0');
}

/* From the address that a program has to the linear one, and that one cut into indexes. */
static void put_linear(const struct virt_system *v, u64 address, struct strbuf *out)
{
	unsigned top = v->config->word == 4 ? 32 : 48;

	if (v->config->word == 4)
		strbuf_printf(out, _("segment   DS: base 0 + offset 0x%08" PRIx64 " = linear 0x%08" PRIx64 "\n"),
			      address, address);
	strbuf_puts(out, _("linear    "));
	for (unsigned level = v->config->levels; level >= page_table_last_level(v, address); level--) {
		unsigned shift = page_table_shift(v, level);

		put_binary(address >> shift, top - shift, out);
		strbuf_putc(out, ' ');
		top = shift;
	}
	put_binary(address, top, out);
	strbuf_putc(out, '\n');
}

static void put_top(const struct virt_system *v, struct strbuf *out)
{
	if (v->state->top)
		strbuf_printf(out, _("cr3       0x%" PRIx64 ", where the topmost table is\n"),
			      (u64)v->state->top << v->slab->phys->config->page_shift);
}

/* Where the entry is, and its value, as far as that is known. */
static void put_entry(const struct virt_system *v, const struct table_step *step, struct strbuf *out)
{
	unsigned shift = v->slab->phys->config->page_shift;
	struct strbuf at = STRBUF_INIT;

	if (step->boot)
		strbuf_printf(&at, _("table %" PRIu64), step->at >> shift);
	else
		strbuf_printf(&at, "0x%" PRIx64, step->at);
	strbuf_printf(out, "%-4s %4" PRIu32 " %-12s ", page_table_level_name(v, step->level), step->index,
		      strbuf_str(&at));
	strbuf_free(&at);
	if ((step->entry & PTE_PRESENT) && (step->entry & PTE_BOOT))
		strbuf_printf(out, "%*s%03" PRIx64, digits(v) - 1, "?", step->entry & 0xfff & ~(u64)PTE_BOOT);
	else
		strbuf_printf(out, "0x%0*" PRIx64, digits(v), step->entry);
}

static void put_lead(const struct virt_system *v, const struct table_step *step, struct strbuf *out)
{
	const struct phys *p = v->slab->phys;
	u64 pfn = (step->entry & PTE_FRAME) >> p->config->page_shift;
	bool page = step->level == 1 || (step->entry & PTE_HUGE), memory;
	char size[UNITS_MAX];

	if (step->entry & PTE_BOOT) {
		strbuf_printf(out, _("table %" PRIu64), pfn);
		return;
	}
	memory = pfn < p->config->max_pfn && frame_describe(p, (pfn_t)pfn).state != FRAME_NO_MEMORY;
	if (page && step->level > 1)
		strbuf_printf(out, "%s ", units_format(UINT64_C(1) << page_table_shift(v, step->level), size));
	strbuf_printf(out, !page ? _("table 0x%" PRIx64) : memory ? _("page 0x%" PRIx64) : _("I/O 0x%" PRIx64), pfn);
}

/* A line for one level of the walk. */
static void put_step(const struct virt_system *v, const struct table_step *step, struct strbuf *out)
{
	struct strbuf bits = STRBUF_INIT;

	put_entry(v, step, out);
	if (step->entry & PTE_PRESENT) {
		page_table_bits(step->entry, &bits);
		strbuf_printf(out, " %-16s ", strbuf_str(&bits));
		put_lead(v, step, out);
		strbuf_free(&bits);
	} else {
		strbuf_puts(out, _(" not present"));
	}
	strbuf_putc(out, '\n');
}

static void put_end(const struct virt_system *v, u64 address, const struct table_step *last, struct strbuf *out)
{
	const struct table_leaf leaf = page_table_leaf(v, address);
	unsigned shift = v->slab->phys->config->page_shift;
	u64 at = (last->entry & PTE_FRAME & -leaf.bytes) + (address - leaf.start);

	if (page_table_maps(&leaf))
		strbuf_printf(out, _("physical  0x%" PRIx64 ": byte %" PRIu64 " of page frame 0x%" PRIx64 "\n"), at,
			      at & ((UINT64_C(1) << shift) - 1), at >> shift);
	else if (last->entry & PTE_PRESENT)
		strbuf_puts(out, _("fault     the entry leads to no table\n"));
	else
		strbuf_printf(out, _("fault     nothing is mapped at 0x%" PRIx64 "\n"), address);
}

/* What the CPU remembers, whatever the tables say. */
static void put_tlb(const struct virt_system *v, u64 address, struct strbuf *out)
{
	const struct tlb_entry *e = tlb_find(v, address);

	if (!e)
		return;
	strbuf_printf(out, _("TLB       CPU %u has page 0x%" PRIx64), (unsigned)v->slab->phys->state->cpu,
		      (e->entry & PTE_FRAME) >> v->slab->phys->config->page_shift);
	strbuf_puts(out, tlb_is_stale(v, address) ? _(" until the next flush, and goes there\n") : "\n");
}

bool cmd_walk_walk(struct call *call, struct status *st)
{
	const struct virt_system *v = &call->context->session->machine.virt;
	u64 address = (u64)call->arg[0].number;
	const struct shell_host *host = &call->context->host;
	struct strbuf *out = call->context->out;
	struct table_step step[TABLE_LEVELS];
	struct region region;
	unsigned steps;

	if (!v->state)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("the address space of this machine is not known: reset i386-2.6.18, say"));
	if (early_is(&call->context->session->machine))
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("boot has not come to its page tables yet: mem_init() ends boot"));
	region = region_of(v, address);
	if (region.kind == REGION_NO_ADDRESS)
		return status_fail(st, STATUS_INVALID, _("0x%" PRIx64 " is %s"), address, region_name(region.kind));
	if (host->walk && host->walk(host->context, address))
		return true;
	strbuf_printf(out, "0x%" PRIx64 ": %s\n", address, region_name(region.kind));
	put_linear(v, address, out);
	put_top(v, out);
	strbuf_printf(out, _("level  nr %-12s %-*s %-16s %s\n"), _("entry at"), digits(v) + 2, _("entry"), _("bits"),
		      _("leads to"));
	steps = page_table_walk(v, address, step);
	for (unsigned n = 0; n < steps; n++)
		put_step(v, &step[n], out);
	put_end(v, address, &step[steps - 1], out);
	put_tlb(v, address, out);
	return true;
}
