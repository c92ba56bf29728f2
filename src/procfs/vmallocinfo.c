/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/vmallocinfo.h"

#include "phys/frame.h"
#include "virt/vmalloc.h"

#include <inttypes.h>

bool vmallocinfo_exists(const struct machine *m)
{
	return m->virt.state && m->virt_config.rule == VMAP_FREE_AREAS;
}

/* 0x<start>-0x<end> <bytes>; all digits that an address has. */
static void put_range(const struct machine *m, const struct vmap_area *area, struct strbuf *out)
{
	int digits = (int)m->virt_config.word * 2;

	strbuf_printf(out, "0x%0*" PRIx64 "-0x%0*" PRIx64 " %7" PRIu64, digits, area->start, digits, area->end,
		      area->end - area->start);
}

static bool in_vmalloc_area(const struct machine *m, u64 address)
{
	return address >= m->virt_config.vmalloc_start && address < m->virt_config.vmalloc_end;
}

/* With several nodes: how many of the pages lie on which. */
static void put_nodes(const struct machine *m, const struct vmap_area *area, struct strbuf *out)
{
	u32 count[PHYS_NODES] = { 0 };

	for (u32 n = 0; n < area->nr_pages; n++) {
		pfn_t pfn = vmalloc_to_pfn(&m->virt, area->start + ((u64)n << m->config.page_shift));
		int zone = pfn == PFN_NONE ? -1 : frame_describe(&m->phys, pfn).zone;

		if (zone >= 0)
			count[m->config.zone[zone].node]++;
	}
	for (unsigned n = 0; n < m->config.nodes; n++)
		if (count[n])
			strbuf_printf(out, " N%u=%" PRIu32, n, count[n]);
}

static void put_busy(const struct machine *m, const struct vmap_area *area, struct strbuf *out)
{
	put_range(m, area, out);
	if (area->owner)
		strbuf_printf(out, " command_%" PRIu32 "+0x0/0x0", area->owner);
	if (area->nr_pages)
		strbuf_printf(out, " pages=%" PRIu32, area->nr_pages);
	if (area->phys)
		strbuf_printf(out, " phys=0x%0*" PRIx64, (int)m->virt_config.word * 2, area->phys);
	if (area->flags & VM_IOREMAP)
		strbuf_puts(out, " ioremap");
	if (area->flags & VM_ALLOC)
		strbuf_puts(out, " vmalloc");
	if (area->flags & VM_MAP)
		strbuf_puts(out, " vmap");
	if (area->flags & VM_USERMAP)
		strbuf_puts(out, " user");
	/* The array of its pages is an area, too. */
	if (in_vmalloc_area(m, area->pages))
		strbuf_puts(out, " vpages");
	if (m->config.nodes > 1)
		put_nodes(m, area, out);
	strbuf_putc(out, '\n');
}

void vmallocinfo_print(const struct machine *m, struct strbuf *out)
{
	const struct virt_system *v = &m->virt;

	for (const struct vmap_area *a = vmap_area_first(v, VMAP_BUSY); a; a = vmap_area_next(v, a))
		put_busy(m, a, out);
	/* The kernel comes to those behind the last area in use: without one it does not tell them. */
	if (!vmap_area_first(v, VMAP_BUSY))
		return;
	for (const struct vmap_area *a = vmap_area_first(v, VMAP_LAZY); a; a = vmap_area_next(v, a)) {
		put_range(m, a, out);
		strbuf_puts(out, " unpurged vm_area\n");
	}
}
