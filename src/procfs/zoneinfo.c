/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/zoneinfo.h"

#include "machine/sizing.h"
#include "phys/kswapd.h"
#include "phys/reclaim.h"
#include "procfs/vmstat.h"

#include <inttypes.h>
#include <string.h>

/* A counter that the CPUs keep for themselves is added up beyond 125 at the latest. */
#define THRESHOLD_MOST 125u

static unsigned highest_bit(u32 n)
{
	unsigned bits = 0;

	for (; n; n >>= 1)
		bits++;
	return bits;
}

/* How far a CPU's own count of a zone's pages may be off before it is added to the zone's: more for 128 MiB and up. */
static unsigned threshold(const struct machine *m, u32 pages)
{
	u32 large = m->config.page_shift < 27 ? pages >> (27 - m->config.page_shift) : pages;
	unsigned t = 2 * highest_bit(m->config.cpus) * (1 + highest_bit(large));

	return t < THRESHOLD_MOST ? t : THRESHOLD_MOST;
}

static void print_threshold(const struct machine *m, u32 pages, struct strbuf *out)
{
	/* A kernel for one CPU has no such thing. */
	if (m->config.cpus > 1)
		strbuf_printf(out, "  vm stats threshold: %u\n", threshold(m, pages));
}

/* Zone types of this kernel: 6.1 has Movable above those of the description. A recording's has as many as a PC's. */
static unsigned zone_types(const struct machine *m)
{
	unsigned types = m->desc.zones.count + (m->config.gfp != GFP_2_6);

	return m->desc.zones.count && types < PHYS_ZONE_TYPES ? types : PHYS_ZONE_TYPES;
}

static void print_protection(const struct machine *m, const u32 *reserve, struct strbuf *out)
{
	strbuf_puts(out, "        protection: (");
	for (unsigned t = 0; t < zone_types(m); t++)
		strbuf_printf(out, "%s%" PRIu32, t ? ", " : "", reserve[t]);
	strbuf_puts(out, ")\n");
}

static void print_set(const struct pcp_set *set, struct strbuf *out)
{
	strbuf_printf(out,
		      "              count: %" PRIu32 "\n              high:  %" PRIu32
		      "\n              batch: %" PRIu32 "\n",
		      set->count, set->high, set->batch);
}

/* ------------------------------------------------------------- 2.6 */

/* A CPU whose lists are empty is left out. */
static void print_pagesets_2_6(const struct machine *m, unsigned zone, struct strbuf *out)
{
	strbuf_puts(out, "  pagesets\n");
	for (unsigned cpu = 0; cpu < m->config.cpus; cpu++) {
		const struct pcp *pcp = phys_pcp(&m->phys, zone, cpu);

		if (!pcp->set[0].count && !pcp->set[1].count)
			continue;
		for (unsigned s = 0; s < 2; s++) {
			strbuf_printf(out, "    cpu: %u pcp: %u\n", cpu, s);
			print_set(&pcp->set[s], out);
		}
		print_threshold(m, m->config.zone[zone].present, out);
	}
}

static void print_zone_2_6(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];
	const struct zone *z = &m->phys.zone[zone];
	const struct lruvec *lists = m->phys.lruvec ? &m->phys.lruvec[zone] : NULL;
	u32 priority = lists ? lists->prev_priority : RECLAIM_PRIORITY;
	const char *name;

	strbuf_printf(out, "Node %u, zone %8s\n", zc->node, zc->name);
	strbuf_printf(out,
		      "  pages free     %" PRIu32 "\n        min      %" PRIu32 "\n        low      %" PRIu32
		      "\n        high     %" PRIu32 "\n",
		      z->free, z->wmark[WMARK_MIN], z->wmark[WMARK_LOW], z->wmark[WMARK_HIGH]);
	strbuf_printf(out, "        active   %" PRIu32 "\n        inactive %" PRIu32 "\n",
		      lists ? lists->list[LRU_ACTIVE].count : 0, lists ? lists->list[LRU_INACTIVE].count : 0);
	strbuf_printf(out, "        scanned  %" PRIu32 " (a: %" PRIu32 " i: %" PRIu32 ")\n", lists ? lists->scanned : 0,
		      lists ? lists->scan_active : 0, lists ? lists->scan_inactive : 0);
	strbuf_printf(out, "        spanned  %" PRIu32 "\n        present  %" PRIu32 "\n", zc->spanned, zc->present);
	for (unsigned n = 0; (name = vmstat_zone_item(m, n)); n++)
		strbuf_printf(out, "    %-12s %" PRIu64 "\n", name, vmstat_zone_value(m, zone, n));
	print_protection(m, z->lowmem_reserve, out);
	print_pagesets_2_6(m, zone, out);
	/* Between two runs of reclaim the present priority is the last one. */
	strbuf_printf(out,
		      "  all_unreclaimable: %" PRIu32 "\n  prev_priority:     %" PRIu32
		      "\n  temp_priority:     %" PRIu32 "\n",
		      lists ? lists->unreclaimable : 0, priority, priority);
	strbuf_printf(out, "  start_pfn:         %" PRIu32 "\n", zc->start_pfn);
}

/* ------------------------------------------------------------- 6.1 */

static const char *const zones_32_bit[PHYS_ZONE_TYPES] = { "DMA", "Normal", "HighMem", "Movable" };
static const char *const zones_64_bit[PHYS_ZONE_TYPES] = { "DMA", "DMA32", "Normal", "Movable" };

static const char *type_name(const struct machine *m, unsigned type)
{
	if (!m->desc.zones.count)
		return m->config.page_offset >> 32 ? zones_64_bit[type] : zones_32_bit[type];
	return type < m->desc.zones.count ? m->desc.zones.zone[type].name : "Movable";
}

/* Number of the zone of this type on a node; -1: it is empty. */
static int zone_of_type(const struct machine *m, unsigned node, unsigned type)
{
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == node && m->config.zone[z].type == type)
			return (int)z;
	return -1;
}

/* Is there high memory on any node? Then what can be moved is taken from there, and Movable would be high memory, too.
 */
static bool has_highmem(const struct machine *m)
{
	for (unsigned z = 0; z < m->config.zones; z++)
		if (sizing_is_highmem(&m->config, &m->config.zone[z]))
			return true;
	return false;
}

/* An empty zone of high memory has the least marks that high memory can have. */
static void print_empty_zone(const struct machine *m, unsigned node, unsigned type, struct strbuf *out)
{
	static const u32 none[PHYS_ZONE_TYPES];
	const char *name = type_name(m, type);
	bool high = strcmp(name, "HighMem") == 0 || (strcmp(name, "Movable") == 0 && has_highmem(m));
	unsigned mark = high ? 32 : 0;

	strbuf_printf(out, "Node %u, zone %8s\n", node, name);
	strbuf_printf(out,
		      "  pages free     0\n        boost    0\n        min      %u\n        low      %u\n"
		      "        high     %u\n        spanned  0\n        present  0\n        managed  0\n"
		      "        cma      0\n",
		      mark, mark, mark);
	print_protection(m, none, out);
}

/* The watermarks that this kernel shows have the boost in them. */
static void print_sizes(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];
	const struct zone *z = &m->phys.zone[zone];
	u32 cma = 0;

	for (unsigned a = 0; a < m->config.cma_areas; a++)
		if (phys_zone_of(&m->phys, m->config.cma[a].base_pfn) == (int)zone)
			cma += m->config.cma[a].count;
	strbuf_printf(out,
		      "  pages free     %" PRIu32 "\n        boost    %" PRIu32 "\n        min      %" PRIu32
		      "\n        low      %" PRIu32 "\n        high     %" PRIu32 "\n",
		      z->free, z->boost, z->wmark[WMARK_MIN] + z->boost, z->wmark[WMARK_LOW] + z->boost,
		      z->wmark[WMARK_HIGH] + z->boost);
	strbuf_printf(out,
		      "        spanned  %" PRIu32 "\n        present  %" PRIu32 "\n        managed  %" PRIu32
		      "\n        cma      %" PRIu32 "\n",
		      zc->spanned, zc->present, z->managed, cma);
}

static void print_zone_6_1(const struct machine *m, unsigned zone, bool first, struct strbuf *out)
{
	const struct zone_config *zc = &m->config.zone[zone];
	const char *name;

	strbuf_printf(out, "Node %u, zone %8s\n", zc->node, zc->name);
	if (first)
		strbuf_puts(out, "  per-node stats\n");
	for (unsigned n = 0; first && (name = vmstat_node_item(m, n)); n++)
		strbuf_printf(out, "      %-12s %" PRIu64 "\n", name, vmstat_node_value(m, zc->node, n));
	print_sizes(m, zone, out);
	print_protection(m, m->phys.zone[zone].lowmem_reserve, out);
	for (unsigned n = 0; (name = vmstat_zone_item(m, n)); n++)
		strbuf_printf(out, "      %-12s %" PRIu64 "\n", name, vmstat_zone_value(m, zone, n));
	strbuf_puts(out, "  pagesets\n");
	for (unsigned cpu = 0; cpu < m->config.cpus; cpu++) {
		strbuf_printf(out, "    cpu: %u\n", cpu);
		print_set(&phys_pcp(&m->phys, zone, cpu)->set[0], out);
		print_threshold(m, m->phys.zone[zone].managed, out);
	}
	strbuf_printf(out, "  node_unreclaimable:  %d\n", kswapd_is_hopeless(&m->phys, zc->node));
	strbuf_printf(out, "  start_pfn:           %" PRIu32 "\n", zc->start_pfn);
}

/* All zones that the kernel can have, the empty ones too. */
static void print_node_6_1(const struct machine *m, unsigned node, struct strbuf *out)
{
	bool first = true;

	for (unsigned type = 0; type < zone_types(m); type++) {
		int zone = zone_of_type(m, node, type);

		if (zone < 0) {
			print_empty_zone(m, node, type, out);
			continue;
		}
		print_zone_6_1(m, (unsigned)zone, first, out);
		first = false;
	}
}

void zoneinfo_print(const struct machine *m, struct strbuf *out)
{
	if (m->config.gfp == GFP_2_6)
		for (unsigned z = 0; z < m->config.zones; z++)
			print_zone_2_6(m, z, out);
	else
		for (unsigned n = 0; n < m->config.nodes; n++)
			print_node_6_1(m, n, out);
}
