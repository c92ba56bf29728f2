/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form follows kernel logs of 2.6.18 and 6.1.  What a machine here does
 * not have (page tables of processes, locked memory) is 0, as it would be there.
 */
#include "procfs/showmem.h"

#include "base/units.h"
#include "phys/frame.h"
#include "machine/sizing.h"
#include "phys/kswapd.h"
#include "phys/reclaim.h"
#include "slab/slab_pages.h"

#include <inttypes.h>

static u64 kb(const struct machine *m, u64 pages)
{
	return (pages << m->config.page_shift) / KIB;
}

static u64 all_free(const struct machine *m, bool highmem_only)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		if (!highmem_only || sizing_is_highmem(&m->config, &m->config.zone[z]))
			pages += m->phys.zone[z].free;
	return pages;
}

/* Pages on the per-CPU lists of a zone: of all CPUs, or of one. */
static u64 pcp_pages(const struct machine *m, unsigned zone, unsigned first_cpu, unsigned cpus)
{
	u64 pages = 0;

	for (unsigned cpu = first_cpu; cpu < first_cpu + cpus; cpu++)
		for (unsigned s = 0; s < 2; s++)
			pages += phys_pcp(&m->phys, zone, cpu)->set[s].count;
	return pages;
}

static u64 free_swap(const struct machine *m)
{
	return m->phys.reclaim ? m->phys.reclaim->swap_pages - m->phys.reclaim->swap_used : 0;
}

static u64 swap_cached(const struct machine *m)
{
	return reclaim_swapcached(&m->phys);
}

/* "Node 0 " where there is more than one. */
static void print_node(const struct machine *m, unsigned node, struct strbuf *out)
{
	if (m->config.nodes > 1)
		strbuf_printf(out, "Node %u ", node);
}

/* The migratetypes that have blocks of this order, "(UM) ". Here reclaimable is E. */
static void print_types(const struct zone *z, unsigned order, struct strbuf *out)
{
	static const char letters[MT_COUNT] = "UMEHCI";

	strbuf_putc(out, '(');
	for (unsigned t = 0; t < MT_COUNT; t++)
		if (z->list[order][t].count)
			strbuf_putc(out, letters[t]);
	strbuf_puts(out, ") ");
}

/* "DMA: 4*4kB 2*8kB ... = 14240kB". */
static void print_orders(const struct machine *m, unsigned zone, struct strbuf *out)
{
	const struct zone *z = &m->phys.zone[zone];
	bool small = m->config.page_shift < 10; /* smaller blocks than 1 kB: only on paper */
	u64 total = 0;

	print_node(m, m->config.zone[zone].node, out);
	strbuf_printf(out, "%s: ", m->config.zone[zone].name);
	for (unsigned o = 0; o < m->config.orders; o++) {
		u64 bytes = UINT64_C(1) << (m->config.page_shift + o);

		strbuf_printf(out, "%" PRIu32 "*%" PRIu64 "%s ", z->nr_free[o], small ? bytes : bytes / KIB,
			      small ? "B" : "kB");
		if (z->nr_free[o] && m->config.types > 1)
			print_types(z, o, out);
		total += z->nr_free[o] * bytes;
	}
	strbuf_printf(out, "= %" PRIu64 "%s\n", small ? total : total / KIB, small ? "B" : "kB");
}

/* ------------------------------------------------------------- 2.6 */

/* That kernel lists the zones that have no memory, too. */
static const char *const zones_2_6[PHYS_ZONE_TYPES] = { "DMA", "DMA32", "Normal", "HighMem" };

/* The zone of this type; -1: it has no memory. */
static int zone_of_type(const struct machine *m, unsigned node, unsigned type)
{
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == node && m->config.zone[z].type == type)
			return (int)z;
	return -1;
}

static void print_pcp_2_6(const struct machine *m, unsigned node, unsigned type, struct strbuf *out)
{
	int zone = zone_of_type(m, node, type);

	print_node(m, node, out);
	strbuf_printf(out, "%s per-cpu:%s\n", zones_2_6[type], zone < 0 ? " empty" : "");
	for (unsigned cpu = 0; zone >= 0 && cpu < m->config.cpus; cpu++) {
		for (unsigned s = 0; s < 2; s++) {
			const struct pcp_set *set = &phys_pcp(&m->phys, (unsigned)zone, cpu)->set[s];

			strbuf_printf(out, "cpu %u %s: high %" PRIu32 ", batch %" PRIu32 " used:%" PRIu32 "\n", cpu,
				      s ? "cold" : "hot", set->high, set->batch, set->count);
		}
	}
}

/* What an empty zone would reserve for a higher one. */
static u64 empty_zone_reserve(const struct machine *m, unsigned node, unsigned type, unsigned for_type)
{
	u32 ratio = m->desc.lowmem_reserve_ratio[type] ? m->desc.lowmem_reserve_ratio[type] : 256;
	u64 pages = 0;

	for (unsigned t = type + 1; t <= for_type; t++) {
		int zone = zone_of_type(m, node, t);

		pages += zone < 0 ? 0 : m->phys.zone[zone].managed;
	}
	return pages / ratio;
}

static void print_zone_2_6(const struct machine *m, unsigned node, unsigned type, struct strbuf *out)
{
	/* An empty HighMem has the least that a HighMem can have. */
	static const struct zone empty = { 0 }, empty_high = { .wmark = { 32, 32, 32 } };
	int zone = zone_of_type(m, node, type);
	const struct zone *z = zone >= 0 ? &m->phys.zone[zone] : type == PHYS_ZONE_TYPES - 1 ? &empty_high : &empty;

	const struct lruvec *lists = zone >= 0 && m->phys.lruvec ? &m->phys.lruvec[zone] : NULL;

	print_node(m, node, out);
	strbuf_printf(
	    out,
	    "%s free:%" PRIu64 "kB min:%" PRIu64 "kB low:%" PRIu64 "kB high:%" PRIu64 "kB active:%" PRIu64
	    "kB inactive:%" PRIu64 "kB present:%" PRIu64 "kB pages_scanned:%" PRIu32 " all_unreclaimable? %s\n",
	    zones_2_6[type], kb(m, z->free), kb(m, z->wmark[WMARK_MIN]), kb(m, z->wmark[WMARK_LOW]),
	    kb(m, z->wmark[WMARK_HIGH]), lists ? kb(m, lists->list[LRU_ACTIVE].count) : 0,
	    lists ? kb(m, lists->list[LRU_INACTIVE].count) : 0, zone < 0 ? 0 : kb(m, m->config.zone[zone].present),
	    lists ? lists->scanned : 0, lists && lists->unreclaimable ? "yes" : "no");
	strbuf_puts(out, "lowmem_reserve[]:");
	for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
		strbuf_printf(out, " %" PRIu64, zone < 0 ? empty_zone_reserve(m, node, type, t) : z->lowmem_reserve[t]);
	strbuf_putc(out, '\n');
}

static void print_orders_2_6(const struct machine *m, unsigned node, unsigned type, struct strbuf *out)
{
	int zone = zone_of_type(m, node, type);

	if (zone >= 0) {
		print_orders(m, (unsigned)zone, out);
		return;
	}
	print_node(m, node, out);
	strbuf_printf(out, "%s: empty\n", zones_2_6[type]);
}

/* Calls `print` for each zone that the kernel knows. */
static void each_zone_2_6(const struct machine *m, struct strbuf *out,
			  void (*print)(const struct machine *m, unsigned node, unsigned type, struct strbuf *out))
{
	for (unsigned n = 0; n < m->config.nodes; n++)
		for (unsigned type = 0; type < PHYS_ZONE_TYPES; type++)
			print(m, n, type, out);
}

static void print_2_6(const struct machine *m, struct strbuf *out)
{
	u64 slab = slab_pages_all_reclaimable(&m->slab) + slab_pages_all_unreclaimable(&m->slab);
	u64 count[FRAME_USED + 1], highmem = 0;

	frame_count(&m->phys, 0, m->config.max_pfn, count);
	for (unsigned z = 0; z < m->config.zones; z++)
		if (sizing_is_highmem(&m->config, &m->config.zone[z]))
			highmem += m->config.zone[z].present;
	strbuf_puts(out, "Mem-info:\n");
	each_zone_2_6(m, out, print_pcp_2_6);
	strbuf_printf(out, "Free pages: %11" PRIu64 "kB (%" PRIu64 "kB HighMem)\n", kb(m, all_free(m, false)),
		      kb(m, all_free(m, true)));
	/* Mapped pages of files are meant (nr_mapped), and no process maps one here. */
	strbuf_printf(out,
		      "Active:%" PRIu64 " inactive:%" PRIu64 " dirty:%" PRIu64 " writeback:%" PRIu64
		      " unstable:0 free:%" PRIu64 " slab:%" PRIu64 " mapped:0 pagetables:0\n",
		      reclaim_lru(&m->phys, LRU_ACTIVE), reclaim_lru(&m->phys, LRU_INACTIVE), reclaim_dirty(&m->phys),
		      reclaim_writeback(&m->phys), all_free(m, false), slab);
	each_zone_2_6(m, out, print_zone_2_6);
	each_zone_2_6(m, out, print_orders_2_6);
	strbuf_printf(out, "Free swap:       %6" PRIu64 "kB\n", kb(m, free_swap(m)));
	strbuf_printf(out, "%" PRIu32 " pages of RAM\n%" PRIu64 " pages of HIGHMEM\n", m->config.max_pfn, highmem);
	/* Here a hole is reserved, too. */
	strbuf_printf(out, "%" PRIu64 " reserved pages\n", count[FRAME_RESERVED] + count[FRAME_NO_MEMORY]);
	strbuf_printf(out,
		      "0 pages shared\n%" PRIu64 " pages swap cached\n%" PRIu64 " pages dirty\n%" PRIu64
		      " pages writeback\n0 pages mapped\n%" PRIu64 " pages slab\n0 pages pagetables\n",
		      swap_cached(m), reclaim_dirty(&m->phys), reclaim_writeback(&m->phys), slab);
}

/* ------------------------------------------------------------- 6.1 */

static struct zone_pages pages_of_node(const struct machine *m, unsigned node)
{
	struct zone_pages sum = { .anon = 0 };

	for (unsigned z = 0; m->phys.zone_pages && z < m->config.zones; z++) {
		const struct zone_pages *here = &m->phys.zone_pages[z];

		if (m->config.zone[z].node != node)
			continue;
		for (unsigned l = 0; l < LRU_LISTS; l++)
			sum.lru[l] += here->lru[l];
		sum.dirty += here->dirty;
		sum.writeback += here->writeback;
	}
	return sum;
}

static void print_node_6_1(const struct machine *m, unsigned node, struct strbuf *out)
{
	struct zone_pages sum = pages_of_node(m, node);

	strbuf_printf(out,
		      "Node %u active_anon:%" PRIu64 "kB inactive_anon:%" PRIu64 "kB active_file:%" PRIu64
		      "kB inactive_file:%" PRIu64 "kB unevictable:0kB isolated(anon):0kB isolated(file):0kB mapped:0kB",
		      node, kb(m, sum.lru[LRU_ACTIVE_ANON]), kb(m, sum.lru[LRU_INACTIVE_ANON]),
		      kb(m, sum.lru[LRU_ACTIVE_FILE]), kb(m, sum.lru[LRU_INACTIVE_FILE]));
	strbuf_printf(out,
		      " dirty:%" PRIu64 "kB writeback:%" PRIu64 "kB shmem:0kB writeback_tmp:0kB kernel_stack:0kB"
		      " pagetables:0kB sec_pagetables:0kB all_unreclaimable? %s\n",
		      kb(m, sum.dirty), kb(m, sum.writeback), kswapd_is_hopeless(&m->phys, node) ? "yes" : "no");
}

static void print_totals_6_1(const struct machine *m, struct strbuf *out)
{
	u64 on_pcp = 0, cma = 0;

	for (unsigned z = 0; z < m->config.zones; z++) {
		on_pcp += pcp_pages(m, z, 0, m->config.cpus);
		cma += m->phys.zone[z].free_cma;
	}
	strbuf_printf(out,
		      "active_anon:%" PRIu64 " inactive_anon:%" PRIu64 " isolated_anon:0\n active_file:%" PRIu64
		      " inactive_file:%" PRIu64 " isolated_file:0\n unevictable:0 dirty:%" PRIu64 " writeback:%" PRIu64
		      "\n",
		      reclaim_lru(&m->phys, LRU_ACTIVE_ANON), reclaim_lru(&m->phys, LRU_INACTIVE_ANON),
		      reclaim_lru(&m->phys, LRU_ACTIVE_FILE), reclaim_lru(&m->phys, LRU_INACTIVE_FILE),
		      reclaim_dirty(&m->phys), reclaim_writeback(&m->phys));
	strbuf_printf(out, " slab_reclaimable:%" PRIu64 " slab_unreclaimable:%" PRIu64 "\n",
		      slab_pages_all_reclaimable(&m->slab), slab_pages_all_unreclaimable(&m->slab));
	strbuf_puts(out, " mapped:0 shmem:0 pagetables:0\n"
			 " sec_pagetables:0 bounce:0\n"
			 " kernel_misc_reclaimable:0\n");
	strbuf_printf(out, " free:%" PRIu64 " free_pcp:%" PRIu64 " free_cma:%" PRIu64 "\n", all_free(m, false), on_pcp,
		      cma);
	for (unsigned n = 0; n < m->config.nodes; n++)
		print_node_6_1(m, n, out);
}

static void print_zone_6_1(const struct machine *m, unsigned zone, struct strbuf *out)
{
	static const struct zone_pages none;
	const struct zone_pages *pages = m->phys.zone_pages ? &m->phys.zone_pages[zone] : &none;
	const struct zone_config *zc = &m->config.zone[zone];
	const struct zone *z = &m->phys.zone[zone];

	print_node(m, zc->node, out);
	strbuf_printf(out,
		      "%s free:%" PRIu64 "kB boost:%" PRIu64 "kB min:%" PRIu64 "kB low:%" PRIu64 "kB high:%" PRIu64
		      "kB reserved_highatomic:%" PRIu64 "KB",
		      zc->name, kb(m, z->free), kb(m, z->boost), kb(m, z->wmark[WMARK_MIN] + z->boost),
		      kb(m, z->wmark[WMARK_LOW] + z->boost), kb(m, z->wmark[WMARK_HIGH] + z->boost),
		      kb(m, z->highatomic));
	strbuf_printf(out,
		      " active_anon:%" PRIu64 "kB inactive_anon:%" PRIu64 "kB active_file:%" PRIu64
		      "kB inactive_file:%" PRIu64 "kB unevictable:0kB writepending:%" PRIu64 "kB",
		      kb(m, pages->lru[LRU_ACTIVE_ANON]), kb(m, pages->lru[LRU_INACTIVE_ANON]),
		      kb(m, pages->lru[LRU_ACTIVE_FILE]), kb(m, pages->lru[LRU_INACTIVE_FILE]),
		      kb(m, (u64)pages->dirty + pages->writeback));
	strbuf_printf(out,
		      " present:%" PRIu64 "kB managed:%" PRIu64 "kB mlocked:0kB bounce:0kB free_pcp:%" PRIu64
		      "kB local_pcp:%" PRIu64 "kB free_cma:%" PRIu64 "kB\nlowmem_reserve[]:",
		      kb(m, zc->present), kb(m, z->managed), kb(m, pcp_pages(m, zone, 0, m->config.cpus)),
		      kb(m, pcp_pages(m, zone, m->phys.state->cpu, 1)), kb(m, z->free_cma));
	for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
		strbuf_printf(out, " %" PRIu32, z->lowmem_reserve[t]);
	strbuf_putc(out, '\n');
}

static void print_end_6_1(const struct machine *m, struct strbuf *out)
{
	u64 present = 0, highmem = 0, reserved = 0, cma = 0;

	/* Page blocks below the largest order are the size of a huge page. */
	for (unsigned n = 0; n < m->config.nodes && m->config.pageblock_order + 1 < m->config.orders; n++)
		strbuf_printf(
		    out, "Node %u hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=%" PRIu64 "kB\n",
		    n, kb(m, UINT64_C(1) << m->config.pageblock_order));
	for (unsigned z = 0; z < m->config.zones; z++) {
		const struct zone_config *zc = &m->config.zone[z];

		present += zc->present;
		reserved += zc->present - m->phys.zone[z].managed;
		highmem += sizing_is_highmem(&m->config, zc) ? zc->present : 0;
	}
	for (unsigned i = 0; i < m->config.cma_areas; i++)
		cma += m->config.cma[i].count;
	strbuf_printf(out, "%" PRIu64 " total pagecache pages\n", reclaim_file(&m->phys) + swap_cached(m));
	/* A kernel that can swap says more; of one that never did, nothing is told. */
	if (m->phys.reclaim && m->phys.reclaim->swap_pages)
		strbuf_printf(
		    out, "%" PRIu64 " pages in swap cache\nFree swap  = %" PRIu64 "kB\nTotal swap = %" PRIu64 "kB\n",
		    swap_cached(m), kb(m, free_swap(m)), kb(m, m->phys.reclaim->swap_pages));
	strbuf_printf(out,
		      "%" PRIu64 " pages RAM\n%" PRIu64 " pages HighMem/MovableOnly\n%" PRIu64
		      " pages reserved\n%" PRIu64 " pages cma reserved\n",
		      present, highmem, reserved, cma);
}

static void print_6_1(const struct machine *m, struct strbuf *out)
{
	strbuf_puts(out, "Mem-Info:\n");
	print_totals_6_1(m, out);
	for (unsigned z = 0; z < m->config.zones; z++)
		print_zone_6_1(m, z, out);
	for (unsigned z = 0; z < m->config.zones; z++)
		print_orders(m, z, out);
	print_end_6_1(m, out);
}

void showmem_print(const struct machine *m, struct strbuf *out)
{
	switch (m->config.watermark_rule) {
	case WATERMARK_NONE:
		for (unsigned z = 0; z < m->config.zones; z++)
			print_orders(m, z, out);
		break;
	case WATERMARK_BY_ORDER:
		print_2_6(m, out);
		break;
	case WATERMARK_ANY_BLOCK:
		print_6_1(m, out);
		break;
	}
}

void showmem_print_sysrq(const struct machine *m, struct strbuf *out)
{
	if (m->config.watermark_rule == WATERMARK_BY_ORDER)
		strbuf_puts(out, "SysRq : Show Memory\n");
	else if (m->config.watermark_rule == WATERMARK_ANY_BLOCK)
		strbuf_puts(out, "sysrq: Show Memory\n");
}
