/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/cmd_tlb.h"

#include "base/text.h"
#include "base/units.h"
#include "virt/page_table.h"
#include "virt/tlb.h"

#include <inttypes.h>

static void put_entry(const struct virt_system *v, const struct tlb_entry *e, struct strbuf *out)
{
	const struct table_leaf leaf = page_table_leaf(v, e->page);
	char size[UNITS_MAX];

	strbuf_printf(out, _("  0x%0*" PRIx64 "  %-4s page 0x%" PRIx64), (int)v->config->word * 2, e->page,
		      units_format(UINT64_C(1) << page_table_shift(v, e->level), size),
		      (e->entry & PTE_FRAME) >> v->slab->phys->config->page_shift);
	if (leaf.entry != e->entry || leaf.level != e->level)
		strbuf_puts(out, _("  stale: the page tables say something else now"));
	strbuf_putc(out, '\n');
}

static void put_cpu(const struct virt_system *v, unsigned cpu, struct strbuf *out)
{
	u32 used = 0;

	for (u32 n = 0; n < TLB_ENTRIES; n++)
		used += tlb_entry(v, cpu, n)->level != 0;
	strbuf_printf(out, _("CPU %u: %" PRIu32 " of %d entries\n"), cpu, used, TLB_ENTRIES);
	for (u32 n = 0; n < TLB_ENTRIES; n++)
		if (tlb_entry(v, cpu, n)->level)
			put_entry(v, tlb_entry(v, cpu, n), out);
}

bool cmd_tlb_show(struct call *call, struct status *st)
{
	const struct virt_system *v = &call->context->session->machine.virt;
	struct strbuf *out = call->context->out;

	if (!v->state)
		return status_fail(st, STATUS_UNSUPPORTED,
				   _("the address space of this machine is not known: reset i386-2.6.18, say"));
	for (unsigned cpu = 0; cpu < v->slab->phys->config->cpus; cpu++)
		put_cpu(v, cpu, out);
	strbuf_printf(out, _("flushes since boot: %" PRIu32 "\n"), tlb_flushes(v));
	for (unsigned why = 0; why < TLB_WHYS; why++)
		if (v->state->tlb_flush[why])
			strbuf_printf(out, "%6" PRIu32 "  %s\n", v->state->tlb_flush[why], tlb_why_text(v, why));
	return true;
}
