/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/buddyinfo.h"

#include "event/event.h"
#include "phys/pageblock.h"

#include <inttypes.h>

/* The kernel counts a list no further than this in pagetypeinfo, so as not to hold the zone's lock for long. */
#define COUNT_MOST 100000u

void buddyinfo_print(const struct machine *m, struct strbuf *out)
{
	for (unsigned z = 0; z < m->config.zones; z++) {
		const struct zone_config *zc = &m->config.zone[z];

		strbuf_printf(out, "Node %u, zone %8s ", zc->node, zc->name);
		for (unsigned o = 0; o < m->config.orders; o++)
			strbuf_printf(out, "%6" PRIu32 " ", m->phys.zone[z].nr_free[o]);
		strbuf_putc(out, '\n');
	}
}

static void print_free(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];

	for (unsigned t = 0; t < m->config.types; t++) {
		strbuf_printf(out, "Node %4u, zone %8s, type %12s ", zc->node, zc->name, migratetype_name(t));
		for (unsigned o = 0; o < m->config.orders; o++) {
			u32 count = m->phys.zone[zone].list[o][t].count;
			bool more = count >= COUNT_MOST;

			strbuf_printf(out, "%s%6" PRIu32 " ", more ? ">" : "", more ? COUNT_MOST : count);
		}
		strbuf_putc(out, '\n');
	}
}

/*
 * The kernel goes through the zone in steps of a page block from its first
 * frame on, which need not be the first frame of a block.  Blocks behind the
 * zone's RAM may have a type, but are not the zone's.
 */
static void print_blocks(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];
	u64 step = UINT64_C(1) << m->config.pageblock_order;
	u64 end = (u64)zc->start_pfn + zc->spanned;
	u64 count[MT_COUNT] = { 0 };

	for (u64 pfn = zc->start_pfn; pfn < end; pfn += step) {
		unsigned type = pageblock_type(&m->phys, zone, (pfn_t)pfn);

		if (type < MT_COUNT && phys_described_zone(&m->phys, (pfn_t)pfn) == (int)zone)
			count[type]++;
	}
	strbuf_printf(out, "Node %u, zone %8s ", zc->node, zc->name);
	for (unsigned t = 0; t < m->config.types; t++)
		strbuf_printf(out, "%12" PRIu64 " ", count[t]);
	strbuf_putc(out, '\n');
}

static void print_node(const struct machine *m, unsigned node, struct strbuf *out)
{
	strbuf_printf(out, "Page block order: %u\nPages per block:  %u\n\n", m->config.pageblock_order,
		      1u << m->config.pageblock_order);
	strbuf_printf(out, "%-43s ", "Free pages count per migrate type at order");
	for (unsigned o = 0; o < m->config.orders; o++)
		strbuf_printf(out, "%6u ", o);
	strbuf_putc(out, '\n');
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == node)
			print_free(m, z, out);
	strbuf_printf(out, "\n%-23s", "Number of blocks type ");
	for (unsigned t = 0; t < m->config.types; t++)
		strbuf_printf(out, "%12s ", migratetype_name(t));
	strbuf_putc(out, '\n');
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == node)
			print_blocks(m, z, out);
}

void buddyinfo_print_types(const struct machine *m, struct strbuf *out)
{
	for (unsigned n = 0; n < m->config.nodes; n++)
		print_node(m, n, out);
}
