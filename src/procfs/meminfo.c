/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/meminfo.h"

#include "base/units.h"
#include "machine/boot_steps.h"
#include "machine/sizing.h"
#include "phys/frame.h"
#include "phys/reclaim.h"
#include "slab/slab_pages.h"
#include "virt/direct_map.h"
#include "virt/vmap_area.h"

#include <inttypes.h>

static bool is_2_6(const struct machine *m)
{
	return m->config.gfp == GFP_2_6;
}

static bool is_64_bit(const struct machine *m)
{
	return m->config.page_offset >> 32;
}

/* ------------------------------------------------------------- values, in kB */

static u64 kb(const struct machine *m, u64 pages)
{
	return (pages << m->config.page_shift) / KIB;
}

static u64 free_pages(const struct machine *m, bool high_only)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		if (!high_only || sizing_is_highmem(&m->config, &m->config.zone[z]))
			pages += m->phys.zone[z].free;
	return pages;
}

/* What the page allocator was given of the frames [start, end). */
static u64 given_pages(const struct machine *m, pfn_t start, pfn_t end)
{
	u64 count[FRAME_USED + 1];

	frame_count(&m->phys, start, end, count);
	return count[FRAME_FREE] + count[FRAME_PCP] + count[FRAME_USED];
}

/* 2.6 does not keep it by zone, and its zones have holes. */
static u64 high_pages(const struct machine *m)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++) {
		const struct zone_config *zc = &m->config.zone[z];

		if (sizing_is_highmem(&m->config, zc))
			pages += is_2_6(m) ? given_pages(m, zc->start_pfn, zc->start_pfn + zc->spanned)
					   : m->phys.zone[z].managed;
	}
	return pages;
}

/* What the page allocator was given. */
static u64 total_pages(const struct machine *m)
{
	u64 pages = 0;

	if (is_2_6(m))
		return given_pages(m, 0, m->config.max_pfn);
	for (unsigned z = 0; z < m->config.zones; z++)
		pages += m->phys.zone[z].managed;
	return pages;
}

static u64 mem_total(const struct machine *m)
{
	return kb(m, total_pages(m));
}

static u64 mem_free(const struct machine *m)
{
	return kb(m, free_pages(m, false));
}

static u64 high_total(const struct machine *m)
{
	return kb(m, high_pages(m));
}

static u64 high_free(const struct machine *m)
{
	return kb(m, free_pages(m, true));
}

static u64 low_total(const struct machine *m)
{
	return mem_total(m) - high_total(m);
}

static u64 low_free(const struct machine *m)
{
	return mem_free(m) - high_free(m);
}

static u64 slab_reclaimable(const struct machine *m)
{
	return kb(m, slab_pages_all_reclaimable(&m->slab));
}

static u64 slab_unreclaimable(const struct machine *m)
{
	return kb(m, slab_pages_all_unreclaimable(&m->slab));
}

static u64 slab(const struct machine *m)
{
	return slab_reclaimable(m) + slab_unreclaimable(m);
}

/* What is there if it is given up: not its half, or what the low watermarks hold if that is less. */
static u64 worth(u64 pages, u64 low)
{
	return pages - (pages / 2 < low ? pages / 2 : low);
}

/*
 * Free pages less what zones keep back: the largest reserve and the high
 * watermark, without a boost.  Besides, what page cache and slabs are worth.
 */
static u64 mem_available(const struct machine *m)
{
	u64 kept = 0, low = 0, pages = free_pages(m, false);
	u64 cache = reclaim_lru(&m->phys, LRU_ACTIVE_FILE) + reclaim_lru(&m->phys, LRU_INACTIVE_FILE);

	for (unsigned z = 0; z < m->config.zones; z++) {
		const struct zone *zone = &m->phys.zone[z];
		u64 most = 0;

		for (unsigned t = m->config.zone[z].type; t < PHYS_ZONE_TYPES; t++)
			most = zone->lowmem_reserve[t] > most ? zone->lowmem_reserve[t] : most;
		most += zone->wmark[WMARK_HIGH];
		kept += most < zone->managed ? most : zone->managed;
		low += zone->wmark[WMARK_LOW];
	}
	pages += worth(cache, low) + worth(slab_pages_all_reclaimable(&m->slab), low);
	return kb(m, pages > kept ? pages - kept : 0);
}

static u64 swap_pages(const struct machine *m)
{
	return m->phys.reclaim ? m->phys.reclaim->swap_pages : 0;
}

static u64 swap_total(const struct machine *m)
{
	return kb(m, swap_pages(m));
}

static u64 swap_free_kb(const struct machine *m)
{
	return swap_pages(m) ? kb(m, swap_pages(m) - m->phys.reclaim->swap_used) : 0;
}

static u64 swap_cached_pages(const struct machine *m)
{
	return reclaim_swapcached(&m->phys);
}

static u64 swap_cached(const struct machine *m)
{
	return kb(m, swap_cached_pages(m));
}

static u64 cached(const struct machine *m)
{
	return kb(m, reclaim_file(&m->phys));
}

/* Those in the swap cache are no process's any more until it touches them. */
static u64 anon_pages(const struct machine *m)
{
	return kb(m, reclaim_anon(&m->phys) - swap_cached_pages(m));
}

static u64 dirty(const struct machine *m)
{
	return kb(m, reclaim_dirty(&m->phys));
}

static u64 writeback(const struct machine *m)
{
	return kb(m, reclaim_writeback(&m->phys));
}

#define ON_LIST(name, list)                                \
	static u64 name(const struct machine *m)           \
	{                                                  \
		return kb(m, reclaim_lru(&m->phys, list)); \
	}

ON_LIST(inactive_anon, LRU_INACTIVE_ANON)
ON_LIST(active_anon, LRU_ACTIVE_ANON)
ON_LIST(inactive_file, LRU_INACTIVE_FILE)
ON_LIST(active_file, LRU_ACTIVE_FILE)

/* Where files and anonymous pages are on lists together, the lists of files are empty. */
static u64 active(const struct machine *m)
{
	return active_anon(m) + active_file(m);
}

static u64 inactive(const struct machine *m)
{
	return inactive_anon(m) + inactive_file(m);
}

/* Half of memory, and swap. */
static u64 commit_limit(const struct machine *m)
{
	return kb(m, total_pages(m) / 2 + swap_pages(m));
}

/* What processes have used so far; they have asked for nothing more. */
static u64 committed(const struct machine *m)
{
	u64 pages = 0;

	for (unsigned n = 0; m->phys.reclaim && n < RECLAIM_OWNERS; n++)
		if (m->phys.reclaim->owner[n].kind == OWNER_PROCESS)
			pages += m->phys.reclaim->owner[n].size;
	return kb(m, pages);
}

static u64 vmalloc_total(const struct machine *m)
{
	return (m->virt_config.vmalloc_end - m->virt_config.vmalloc_start) / KIB;
}

/* An area of 2.6 that its kernel counts: one that begins in the vmalloc area. Its bytes, wrapped as they are there. */
static u64 counted_bytes(const struct machine *m, const struct vmap_area *area)
{
	if (area->start < m->virt_config.vmalloc_start || area->start >= m->virt_config.vmalloc_end)
		return 0;
	return (area->end - area->start) & UINT32_MAX;
}

/* 2.6 counts addresses, guard pages included; later kernels the pages that vmalloc() has taken. */
static u64 vmalloc_used(const struct machine *m)
{
	u64 bytes = 0, pages = 0;

	for (const struct vmap_area *a = vmap_area_first(&m->virt, VMAP_BUSY); a; a = vmap_area_next(&m->virt, a)) {
		bytes += counted_bytes(m, a);
		pages += a->flags & VM_ALLOC ? a->nr_pages : 0;
	}
	return is_2_6(m) ? bytes / KIB : kb(m, pages);
}

/* The largest gap, looked for as 2.6 does it: in the order of its list, where an area may wrap around. */
static u64 vmalloc_chunk(const struct machine *m)
{
	u64 largest = 0, end = m->virt_config.vmalloc_start;

	for (const struct vmap_area *a = vmap_area_first(&m->virt, VMAP_BUSY); a; a = vmap_area_next(&m->virt, a)) {
		u64 bytes = counted_bytes(m, a), gap = (a->start - end) & UINT32_MAX;

		if (!bytes)
			continue;
		largest = gap > largest ? gap : largest;
		end = (a->start + bytes) & UINT32_MAX;
	}
	end = (m->virt_config.vmalloc_end - end) & UINT32_MAX;
	return (end > largest ? end : largest) / KIB;
}

static u64 cma_total(const struct machine *m)
{
	u64 pages = 0;

	for (unsigned a = 0; a < m->config.cma_areas; a++)
		pages += m->config.cma[a].count;
	return kb(m, pages);
}

static u64 cma_free(const struct machine *m)
{
	u64 pages = 0;

	for (unsigned z = 0; z < m->config.zones; z++)
		pages += m->phys.zone[z].free_cma;
	return kb(m, pages);
}

static u64 huge_page_size(const struct machine *m)
{
	return kb(m, UINT64_C(1) << m->config.pageblock_order);
}

static u64 direct_map(const struct machine *m, unsigned level)
{
	u64 pages[TABLE_LEVELS];

	if (!m->virt.state)
		return 0;
	direct_map_count(&m->virt, pages);
	return kb(m, pages[level - 1] << ((level - 1) * m->virt_config.index_bits));
}

static u64 direct_map_small(const struct machine *m)
{
	return direct_map(m, 1);
}

static u64 direct_map_huge(const struct machine *m)
{
	return direct_map(m, 3);
}

static u64 direct_map_big(const struct machine *m)
{
	return direct_map(m, 2);
}

/* ------------------------------------------------------------- lines */

enum when { ALWAYS, ONLY_32_BIT, ONLY_64_BIT, ONLY_WITH_1G };

struct line {
	const char *label;
	/* In kB; NULL: what the machine has not. Page tables are those of processes, the kernel's own do not count. */
	u64 (*value)(const struct machine *m);
	enum when when;
	bool is_count; /* not kB */
	bool of_layout; /* where the address space is not modelled, it is not known */
};

static const struct line lines_2_6[] = {
	{ .label = "MemTotal:", .value = mem_total },
	{ .label = "MemFree:", .value = mem_free },
	{ .label = "Buffers:" },
	{ .label = "Cached:", .value = cached },
	{ .label = "SwapCached:", .value = swap_cached },
	{ .label = "Active:", .value = active },
	{ .label = "Inactive:", .value = inactive },
	{ .label = "HighTotal:", .value = high_total },
	{ .label = "HighFree:", .value = high_free },
	{ .label = "LowTotal:", .value = low_total },
	{ .label = "LowFree:", .value = low_free },
	{ .label = "SwapTotal:", .value = swap_total },
	{ .label = "SwapFree:", .value = swap_free_kb },
	{ .label = "Dirty:", .value = dirty },
	{ .label = "Writeback:", .value = writeback },
	{ .label = "AnonPages:", .value = anon_pages },
	{ .label = "Mapped:" },
	{ .label = "Slab:", .value = slab },
	{ .label = "PageTables:" },
	{ .label = "NFS_Unstable:" },
	{ .label = "Bounce:" },
	{ .label = "CommitLimit:", .value = commit_limit },
	{ .label = "Committed_AS:", .value = committed },
	{ .label = "VmallocTotal:", .value = vmalloc_total, .of_layout = true },
	{ .label = "VmallocUsed:", .value = vmalloc_used, .of_layout = true },
	{ .label = "VmallocChunk:", .value = vmalloc_chunk, .of_layout = true },
};

static const struct line lines_6_1[] = {
	{ .label = "MemTotal:", .value = mem_total },
	{ .label = "MemFree:", .value = mem_free },
	{ .label = "MemAvailable:", .value = mem_available },
	{ .label = "Buffers:" },
	{ .label = "Cached:", .value = cached },
	{ .label = "SwapCached:", .value = swap_cached },
	{ .label = "Active:", .value = active },
	{ .label = "Inactive:", .value = inactive },
	{ .label = "Active(anon):", .value = active_anon },
	{ .label = "Inactive(anon):", .value = inactive_anon },
	{ .label = "Active(file):", .value = active_file },
	{ .label = "Inactive(file):", .value = inactive_file },
	{ .label = "Unevictable:" },
	{ .label = "Mlocked:" },
	{ .label = "HighTotal:", .value = high_total, .when = ONLY_32_BIT },
	{ .label = "HighFree:", .value = high_free, .when = ONLY_32_BIT },
	{ .label = "LowTotal:", .value = low_total, .when = ONLY_32_BIT },
	{ .label = "LowFree:", .value = low_free, .when = ONLY_32_BIT },
	{ .label = "SwapTotal:", .value = swap_total },
	{ .label = "SwapFree:", .value = swap_free_kb },
	{ .label = "Dirty:", .value = dirty },
	{ .label = "Writeback:", .value = writeback },
	{ .label = "AnonPages:", .value = anon_pages },
	{ .label = "Mapped:" },
	{ .label = "Shmem:" },
	{ .label = "KReclaimable:", .value = slab_reclaimable },
	{ .label = "Slab:", .value = slab },
	{ .label = "SReclaimable:", .value = slab_reclaimable },
	{ .label = "SUnreclaim:", .value = slab_unreclaimable },
	{ .label = "KernelStack:" },
	{ .label = "PageTables:" },
	{ .label = "SecPageTables:" },
	{ .label = "NFS_Unstable:" },
	{ .label = "Bounce:" },
	{ .label = "WritebackTmp:" },
	{ .label = "CommitLimit:", .value = commit_limit },
	{ .label = "Committed_AS:", .value = committed },
	{ .label = "VmallocTotal:", .value = vmalloc_total, .of_layout = true },
	{ .label = "VmallocUsed:", .value = vmalloc_used, .of_layout = true },
	{ .label = "VmallocChunk:", .of_layout = true },
	{ .label = "Percpu:" },
	{ .label = "CmaTotal:", .value = cma_total },
	{ .label = "CmaFree:", .value = cma_free },
	{ .label = "HugePages_Total:", .when = ONLY_64_BIT, .is_count = true },
	{ .label = "HugePages_Free:", .when = ONLY_64_BIT, .is_count = true },
	{ .label = "HugePages_Rsvd:", .when = ONLY_64_BIT, .is_count = true },
	{ .label = "HugePages_Surp:", .when = ONLY_64_BIT, .is_count = true },
	{ .label = "Hugepagesize:", .value = huge_page_size, .when = ONLY_64_BIT },
	{ .label = "Hugetlb:", .when = ONLY_64_BIT },
	{ .label = "DirectMap4k:", .value = direct_map_small, .of_layout = true },
	{ .label = "DirectMap4M:", .value = direct_map_big, .when = ONLY_32_BIT, .of_layout = true },
	{ .label = "DirectMap2M:", .value = direct_map_big, .when = ONLY_64_BIT, .of_layout = true },
	{ .label = "DirectMap1G:", .value = direct_map_huge, .when = ONLY_WITH_1G, .of_layout = true },
};

static bool is_here(const struct machine *m, enum when when)
{
	switch (when) {
	case ONLY_32_BIT:
		return !is_64_bit(m);
	case ONLY_64_BIT:
		return is_64_bit(m);
	case ONLY_WITH_1G:
		return boot_steps_gbpages(&m->desc, &m->config);
	default:
		return true;
	}
}

static void print_lines(const struct machine *m, const struct line *line, size_t count, int width, struct strbuf *out)
{
	for (; count--; line++)
		if (is_here(m, line->when) && (m->virt.state || !line->of_layout))
			strbuf_printf(out, "%-*s%8" PRIu64 "%s\n", width, line->label, line->value ? line->value(m) : 0,
				      line->is_count ? "" : " kB");
}

void meminfo_print(const struct machine *m, struct strbuf *out)
{
	if (is_2_6(m))
		print_lines(m, lines_2_6, ARRAY_SIZE(lines_2_6), 14, out);
	else
		print_lines(m, lines_6_1, ARRAY_SIZE(lines_6_1), 16, out);
}
