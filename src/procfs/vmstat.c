/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/vmstat.h"

#include <inttypes.h>
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

enum { ITEM_FREE_PAGES = 0, ITEM_FREE_CMA = ARRAY_SIZE(zone_items_6_1) - 1 };

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

u64 vmstat_zone_value(const struct machine *m, unsigned zone, unsigned n)
{
	const struct zone *z = &m->phys.zone[zone];

	if (is_2_6(m))
		return 0;
	return n == ITEM_FREE_PAGES ? z->free : n == ITEM_FREE_CMA ? z->free_cma : 0;
}

static const char *const *zone_suffixes(const struct machine *m)
{
	if (is_2_6(m))
		return zones_2_6;
	return is_64_bit(m) ? zones_64_bit : zones_32_bit;
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
			strbuf_printf(out, "%s 0\n", name);
		else
			for (unsigned s = 0; suffix[s]; s++)
				strbuf_printf(out, "%s%s 0\n", name, suffix[s]);
	}
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
	for (unsigned n = 0; (name = vmstat_node_item(m, n)); n++)
		strbuf_printf(out, "%s 0\n", name);
	if (is_2_6(m))
		print_events(m, events_2_6, ARRAY_SIZE(events_2_6), out);
	else
		print_events(m, events_6_1, ARRAY_SIZE(events_6_1), out);
}
