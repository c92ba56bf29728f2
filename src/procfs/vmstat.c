/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/vmstat.h"

#include "phys/reclaim.h"
#include "phys/writeback.h"
#include "slab/slab_pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* 2.6.18 keeps all of these by zone, and the free pages apart from them. */
static const char *const zone_items_2_6[] = {
	"nr_anon_pages", "nr_mapped",    "nr_file_pages", "nr_slab",   "nr_page_table_pages",
	"nr_dirty",      "nr_writeback", "nr_unstable",   "nr_bounce",
};

static const char *const zone_items_6_1[] = {
	"nr_free_pages",       "nr_zone_inactive_anon", "nr_zone_active_anon",   "nr_zone_inactive_file",
	"nr_zone_active_file", "nr_zone_unevictable",   "nr_zone_write_pending", "nr_mlock",
	"nr_bounce",           "nr_free_cma",
};

static const char *const node_items_6_1[] = {
	"nr_inactive_anon",
	"nr_active_anon",
	"nr_inactive_file",
	"nr_active_file",
	"nr_unevictable",
	"nr_slab_reclaimable",
	"nr_slab_unreclaimable",
	"nr_isolated_anon",
	"nr_isolated_file",
	"workingset_nodes",
	"workingset_refault_anon",
	"workingset_refault_file",
	"workingset_activate_anon",
	"workingset_activate_file",
	"workingset_restore_anon",
	"workingset_restore_file",
	"workingset_nodereclaim",
	"nr_anon_pages",
	"nr_mapped",
	"nr_file_pages",
	"nr_dirty",
	"nr_writeback",
	"nr_writeback_temp",
	"nr_shmem",
	"nr_shmem_hugepages",
	"nr_shmem_pmdmapped",
	"nr_file_hugepages",
	"nr_file_pmdmapped",
	"nr_anon_transparent_hugepages",
	"nr_vmscan_write",
	"nr_vmscan_immediate_reclaim",
	"nr_dirtied",
	"nr_written",
	"nr_throttled_written",
	"nr_kernel_misc_reclaimable",
	"nr_foll_pin_acquired",
	"nr_foll_pin_released",
	"nr_kernel_stack",
	"nr_page_table_pages",
	"nr_sec_page_table_pages",
};

/* A name that ends in _ is there once for each zone that the kernel can have. */
static const char *const events_2_6[] = {
	"pgpgin",         "pgpgout",        "pswpin",       "pswpout",       "pgalloc_",     "pgfree",
	"pgactivate",     "pgdeactivate",   "pgfault",      "pgmajfault",    "pgrefill_",    "pgsteal_",
	"pgscan_kswapd_", "pgscan_direct_", "pginodesteal", "slabs_scanned", "kswapd_steal", "kswapd_inodesteal",
	"pageoutrun",     "allocstall",     "pgrotated",
};

static const char *const events_6_1[] = {
	"nr_dirty_threshold",
	"nr_dirty_background_threshold",
	"pgpgin",
	"pgpgout",
	"pswpin",
	"pswpout",
	"pgalloc_",
	"allocstall_",
	"pgskip_",
	"pgfree",
	"pgactivate",
	"pgdeactivate",
	"pglazyfree",
	"pgfault",
	"pgmajfault",
	"pglazyfreed",
	"pgrefill",
	"pgreuse",
	"pgsteal_kswapd",
	"pgsteal_direct",
	"pgdemote_kswapd",
	"pgdemote_direct",
	"pgscan_kswapd",
	"pgscan_direct",
	"pgscan_direct_throttle",
	"pgscan_anon",
	"pgscan_file",
	"pgsteal_anon",
	"pgsteal_file",
	"pginodesteal",
	"slabs_scanned",
	"kswapd_inodesteal",
	"kswapd_low_wmark_hit_quickly",
	"kswapd_high_wmark_hit_quickly",
	"pageoutrun",
	"pgrotated",
	"drop_pagecache",
	"drop_slab",
	"oom_kill",
	"pgmigrate_success",
	"pgmigrate_fail",
	"thp_migration_success",
	"thp_migration_fail",
	"thp_migration_split",
	"compact_migrate_scanned",
	"compact_free_scanned",
	"compact_isolated",
	"compact_stall",
	"compact_fail",
	"compact_success",
	"compact_daemon_wake",
	"compact_daemon_migrate_scanned",
	"compact_daemon_free_scanned",
	"htlb_buddy_alloc_success",
	"htlb_buddy_alloc_fail",
	"cma_alloc_success",
	"cma_alloc_fail",
	"unevictable_pgs_culled",
	"unevictable_pgs_scanned",
	"unevictable_pgs_rescued",
	"unevictable_pgs_mlocked",
	"unevictable_pgs_munlocked",
	"unevictable_pgs_cleared",
	"unevictable_pgs_stranded",
	"direct_map_level2_splits",
	"direct_map_level3_splits",
	"nr_unstable",
};

/* Counters that reclaim keeps, by the names of both kernels; what is not here has never happened. */
static const struct {
	const char *name;
	enum vm_event event[2]; /* added up; the second VM_EVENTS: there is none */
} counters[] = {
	{ "pgpgin", { VM_PGPGIN, VM_EVENTS } },
	{ "pgpgout", { VM_PGPGOUT, VM_EVENTS } },
	{ "pswpin", { VM_PSWPIN, VM_EVENTS } },
	{ "pswpout", { VM_PSWPOUT, VM_EVENTS } },
	{ "allocstall", { VM_ALLOCSTALL, VM_EVENTS } },
	{ "allocstall_", { VM_ALLOCSTALL, VM_EVENTS } },
	{ "pgskip_", { VM_PGSKIP, VM_EVENTS } },
	{ "pgactivate", { VM_PGACTIVATE, VM_EVENTS } },
	{ "pgdeactivate", { VM_PGDEACTIVATE, VM_EVENTS } },
	{ "pgfault", { VM_PGFAULT, VM_EVENTS } },
	{ "pgmajfault", { VM_PGMAJFAULT, VM_EVENTS } },
	{ "pgrefill", { VM_PGREFILL, VM_EVENTS } },
	{ "pgrefill_", { VM_PGREFILL, VM_EVENTS } },
	{ "pgsteal_", { VM_PGSTEAL_KSWAPD, VM_PGSTEAL_DIRECT } },
	{ "pgsteal_kswapd", { VM_PGSTEAL_KSWAPD, VM_EVENTS } },
	{ "pgsteal_direct", { VM_PGSTEAL_DIRECT, VM_EVENTS } },
	{ "pgscan_kswapd", { VM_PGSCAN_KSWAPD, VM_EVENTS } },
	{ "pgscan_kswapd_", { VM_PGSCAN_KSWAPD, VM_EVENTS } },
	{ "pgscan_direct", { VM_PGSCAN_DIRECT, VM_EVENTS } },
	{ "pgscan_direct_", { VM_PGSCAN_DIRECT, VM_EVENTS } },
	{ "pgscan_anon", { VM_PGSCAN_ANON, VM_EVENTS } },
	{ "pgscan_file", { VM_PGSCAN_FILE, VM_EVENTS } },
	{ "pgsteal_anon", { VM_PGSTEAL_ANON, VM_EVENTS } },
	{ "pgsteal_file", { VM_PGSTEAL_FILE, VM_EVENTS } },
	{ "slabs_scanned", { VM_SLABS_SCANNED, VM_EVENTS } },
	{ "kswapd_steal", { VM_PGSTEAL_KSWAPD, VM_EVENTS } },
	{ "pageoutrun", { VM_PAGEOUTRUN, VM_EVENTS } },
	{ "pgrotated", { VM_PGROTATED, VM_EVENTS } },
	{ "drop_pagecache", { VM_DROP_PAGECACHE, VM_EVENTS } },
	{ "drop_slab", { VM_DROP_SLAB, VM_EVENTS } },
	{ "oom_kill", { VM_OOM_KILL, VM_EVENTS } },
	{ "compact_stall", { VM_COMPACT_STALL, VM_EVENTS } },
	{ "compact_fail", { VM_COMPACT_FAIL, VM_EVENTS } },
	{ "compact_success", { VM_COMPACT_SUCCESS, VM_EVENTS } },
	{ "workingset_refault_anon", { VM_REFAULT_ANON, VM_EVENTS } },
	{ "workingset_refault_file", { VM_REFAULT_FILE, VM_EVENTS } },
	{ "workingset_activate_anon", { VM_ACTIVATE_ANON, VM_EVENTS } },
	{ "workingset_activate_file", { VM_ACTIVATE_FILE, VM_EVENTS } },
	{ "workingset_restore_anon", { VM_RESTORE_ANON, VM_EVENTS } },
	{ "workingset_restore_file", { VM_RESTORE_FILE, VM_EVENTS } },
	{ "nr_vmscan_write", { VM_VMSCAN_WRITE, VM_EVENTS } },
	{ "nr_vmscan_immediate_reclaim", { VM_VMSCAN_IMMEDIATE, VM_EVENTS } },
	{ "nr_dirtied", { VM_DIRTIED, VM_EVENTS } },
	{ "nr_written", { VM_WRITTEN, VM_EVENTS } },
};

static const char *const zones_2_6[] = { "dma", "dma32", "normal", "high", NULL };
static const char *const zones_32_bit[] = { "dma", "normal", "high", "movable", NULL };
static const char *const zones_64_bit[] = { "dma", "dma32", "normal", "movable", NULL };

bool vmstat_exists(const struct machine *m)
{
	return m->config.watermark_rule != WATERMARK_NONE; /* a textbook machine */
}

static bool is_2_6(const struct machine *m)
{
	return m->config.gfp == GFP_2_6;
}

static bool is_64_bit(const struct machine *m)
{
	return m->config.page_offset >> 32;
}

const char *vmstat_zone_item(const struct machine *m, unsigned n)
{
	if (is_2_6(m))
		return n < ARRAY_SIZE(zone_items_2_6) ? zone_items_2_6[n] : NULL;
	return n < ARRAY_SIZE(zone_items_6_1) ? zone_items_6_1[n] : NULL;
}

const char *vmstat_node_item(const struct machine *m, unsigned n)
{
	return !is_2_6(m) && n < ARRAY_SIZE(node_items_6_1) ? node_items_6_1[n] : NULL;
}

/* A counter's value, of zones of this type; -1: of all. */
static u64 counted(const struct machine *m, const char *name, int type)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		u64 sum = 0;

		if (strcmp(counters[i].name, name) != 0)
			continue;
		for (unsigned k = 0; k < ARRAY_SIZE(counters[i].event); k++)
			if (counters[i].event[k] != VM_EVENTS)
				sum += reclaim_counted(&m->phys, type, counters[i].event[k]);
		return sum;
	}
	return 0;
}

/* How many pages of a zone are of a kind now; false: nothing counts them. */
static bool zone_item(const struct machine *m, unsigned zone, const char *name, u64 *pages)
{
	static const struct zone_pages none;
	const struct zone_pages *z = m->phys.zone_pages ? &m->phys.zone_pages[zone] : &none;
	const struct {
		const char *name;
		u64 pages;
	} items[] = {
		{ "nr_free_pages", m->phys.zone[zone].free },
		{ "nr_free_cma", m->phys.zone[zone].free_cma },
		{ "nr_zone_inactive_anon", z->lru[LRU_INACTIVE_ANON] },
		{ "nr_zone_active_anon", z->lru[LRU_ACTIVE_ANON] },
		{ "nr_zone_inactive_file", z->lru[LRU_INACTIVE_FILE] },
		{ "nr_zone_active_file", z->lru[LRU_ACTIVE_FILE] },
		{ "nr_zone_write_pending", (u64)z->dirty + z->writeback },
		{ "nr_inactive_anon", z->lru[LRU_INACTIVE_ANON] },
		{ "nr_active_anon", z->lru[LRU_ACTIVE_ANON] },
		{ "nr_inactive_file", z->lru[LRU_INACTIVE_FILE] },
		{ "nr_active_file", z->lru[LRU_ACTIVE_FILE] },
		{ "nr_anon_pages", z->anon - z->swapcached },
		{ "nr_file_pages", (u64)z->file + z->swapcached },
		{ "nr_dirty", z->dirty },
		{ "nr_writeback", z->writeback },
		{ "nr_slab", slab_pages_reclaimable(&m->slab, zone) + slab_pages_unreclaimable(&m->slab, zone) },
		{ "nr_slab_reclaimable", slab_pages_reclaimable(&m->slab, zone) },
		{ "nr_slab_unreclaimable", slab_pages_unreclaimable(&m->slab, zone) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		if (strcmp(items[i].name, name) != 0)
			continue;
		*pages = items[i].pages;
		return true;
	}
	return false;
}

u64 vmstat_zone_value(const struct machine *m, unsigned zone, unsigned n)
{
	u64 pages = 0;

	zone_item(m, zone, vmstat_zone_item(m, n), &pages);
	return pages;
}

u64 vmstat_node_value(const struct machine *m, unsigned node, unsigned n)
{
	const char *name = vmstat_node_item(m, n);
	u64 sum = 0, pages;

	/* Counters of events are of all nodes together, and shown with the first. */
	if (m->config.zones && !zone_item(m, 0, name, &pages))
		return node ? 0 : counted(m, name, -1);
	for (unsigned z = 0; z < m->config.zones; z++)
		if (m->config.zone[z].node == node && zone_item(m, z, name, &pages))
			sum += pages;
	return sum;
}

static const char *const *zone_suffixes(const struct machine *m)
{
	if (is_2_6(m))
		return zones_2_6;
	return is_64_bit(m) ? zones_64_bit : zones_32_bit;
}

/* The limits of dirty pages stand among the counters. */
static u64 event_value(const struct machine *m, const char *name)
{
	u64 limit, background;

	if (strcmp(name, "nr_dirty_threshold") != 0 && strcmp(name, "nr_dirty_background_threshold") != 0)
		return counted(m, name, -1);
	if (!reclaim_exists(&m->phys))
		return 0;
	writeback_limits(&m->phys, &limit, &background);
	return strcmp(name, "nr_dirty_threshold") == 0 ? limit : background;
}

static void print_events(const struct machine *m, const char *const *events, size_t count, struct strbuf *out)
{
	const char *const *suffix = zone_suffixes(m);

	for (size_t i = 0; i < count; i++) {
		const char *name = events[i];

		/* A kernel without huge pages; that of i386 is built so. */
		if (!is_64_bit(m) && strncmp(name, "htlb_", 5) == 0)
			continue;
		if (name[strlen(name) - 1] != '_')
			strbuf_printf(out, "%s %" PRIu64 "\n", name, event_value(m, name));
		else
			for (unsigned s = 0; suffix[s]; s++)
				strbuf_printf(out, "%s%s %" PRIu64 "\n", name, suffix[s], counted(m, name, (int)s));
	}
}

bool vmstat_value(const struct machine *m, const char *name, u64 *value)
{
	struct strbuf all = STRBUF_INIT;
	size_t length = strlen(name);
	bool found = false;

	vmstat_print(m, &all);
	for (const char *line = strbuf_str(&all); *line && !found; line += strcspn(line, "\n") + 1) {
		found = strncmp(line, name, length) == 0 && line[length] == ' ';
		if (found)
			*value = strtoull(line + length, NULL, 10);
	}
	strbuf_free(&all);
	return found;
}

void vmstat_print(const struct machine *m, struct strbuf *out)
{
	const char *name;

	for (unsigned n = 0; (name = vmstat_zone_item(m, n)); n++) {
		u64 value = 0;

		for (unsigned z = 0; z < m->config.zones; z++)
			value += vmstat_zone_value(m, z, n);
		strbuf_printf(out, "%s %" PRIu64 "\n", name, value);
	}
	for (unsigned n = 0; (name = vmstat_node_item(m, n)); n++) {
		u64 value = 0;

		for (unsigned node = 0; node < m->config.nodes; node++)
			value += vmstat_node_value(m, node, n);
		strbuf_printf(out, "%s %" PRIu64 "\n", name, value);
	}
	if (is_2_6(m))
		print_events(m, events_2_6, ARRAY_SIZE(events_2_6), out);
	else
		print_events(m, events_6_1, ARRAY_SIZE(events_6_1), out);
}
