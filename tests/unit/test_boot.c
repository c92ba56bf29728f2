/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boot: zones, watermarks and what is free afterwards, as the recordings of
 * booted kernels have it where nothing was allocated since.
 */
#include "base/units.h"
#include "machine/boot.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/blocklist.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "tests/unit/describe.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct machine m, other;
static struct machine_desc desc;
static struct status st;

static void setup(void)
{
	memset(&st, 0, sizeof st);
}

static void teardown(void)
{
	machine_free(&m);
	machine_free(&other);
}

static void boot(const char *name, const char *settings)
{
	describe(&desc, name, settings);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s %s: %s", name, settings, st.message);
	ck_assert_msg(invariants_hold(&m, &st), "%s %s: %s", name, settings, st.message);
}

/* The first entries of a list, "508 722 158 3". */
static const char *list_text(const struct block_list *list, unsigned order)
{
	static char text[1024];
	size_t length = 0;

	text[0] = '\0';
	for (pfn_t pfn = list->head; pfn != PFN_NONE && length < sizeof text - 16;
	     pfn = blocklist_next(&m.phys, order, pfn))
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%u", length ? " " : "", pfn);
	return text;
}

static const char *free_text(const char *zone, unsigned order, unsigned type)
{
	return list_text(&m.phys.zone[phys_zone_by_name(&m.phys, zone)].list[order][type], order);
}

static const char *pcp_text(const char *zone, unsigned set, unsigned list)
{
	return list_text(&phys_pcp(&m.phys, (unsigned)phys_zone_by_name(&m.phys, zone), 0)->set[set].list[list], 0);
}

/* ------------------------------------------------------------- geometry */

struct geometry {
	const char *machine, *settings;
	u32 min_free_kbytes;
	struct {
		const char *name;
		u8 type;
		pfn_t start;
		u32 spanned, present, managed, low;
	} zone[3];
};

/* clang-format off */
/* Z lines of recordings, boot-*.rec unless another is named. */
static const struct geometry geometries[] = {
	{ "i386-2.6.18", "", 3831,
	  { { "DMA", 0, 0, 4096, 4096, 4096, 21 },
	    { "Normal", 2, 4096, 225280, 225280, 225280, 1173 },
	    { "HighMem", 3, 229376, 32736, 32736, 32736, 66 } } },
	{ "i386-2.6.18", "mem=2G", 3831,
	  { { "DMA", 0, 0, 4096, 4096, 4096, 21 },
	    { "Normal", 2, 4096, 225280, 225280, 225280, 1173 },
	    { "HighMem", 3, 229376, 294880, 294880, 294880, 435 } } },
	{ "i386-2.6.18", "lowmem_limit=768M", 3547,
	  { { "DMA", 0, 0, 4096, 4096, 4096, 22 },
	    { "Normal", 2, 4096, 192512, 192512, 192512, 1083 },
	    { "HighMem", 3, 196608, 65504, 65504, 65504, 136 } } },
	{ "i386-2.6.18", "mem=256M;mem_limit=248M", 2015,
	  { { "DMA", 0, 0, 4096, 4096, 4096, 40 }, { "Normal", 2, 4096, 59392, 59392, 59392, 587 } } },
	/* buddy-random-24M */
	{ "i386-2.6.18", "mem=24M", 625,
	  { { "DMA", 0, 0, 4096, 4096, 4096, 130 }, { "Normal", 2, 4096, 2016, 2016, 2016, 63 } } },
	{ "i386-6.1-slab", "", 3801,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 20 },
	    { "Normal", 1, 4096, 225280, 225280, 222040, 1166 },
	    { "HighMem", 2, 229376, 32736, 32736, 32736, 66 } } },
	{ "i386-6.1-slab", "lowmem_limit=0x373fe000", 3775,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 20 },
	    { "Normal", 1, 4096, 222206, 222206, 218966, 1157 },
	    { "HighMem", 2, 226302, 35810, 35810, 35810, 71 } } },
	{ "i386-6.1-slab", "mem=2G", 3784,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 20 },
	    { "Normal", 1, 4096, 225280, 225280, 219992, 1161 },
	    { "HighMem", 2, 229376, 294880, 294880, 294880, 439 } } },
	{ "i386-6.1-slab", "mem=24M", 551,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 137 }, { "Normal", 1, 4096, 2016, 2016, 962, 32 } } },
	{ "x86_64-6.1-slub", "mem=1G", 4034,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 18 }, { "DMA32", 1, 4096, 258016, 258016, 251442, 1242 } } },
	{ "x86_64-6.1-slub", "mem=256M;mem_limit=248M", 1943,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 38 }, { "DMA32", 1, 4096, 59392, 59392, 56178, 566 } } },
	{ "x86_64-6.1-slub", "mem=256M;max_ram_below_4g=128M;swiotlb=0", 1976,
	  { { "DMA", 0, 1, 4095, 3998, 3840, 38 },
	    { "DMA32", 1, 4096, 1044480, 28640, 26564, 257 },
	    { "Normal", 2, 1048576, 32768, 32768, 31629, 320 } } },
};
/* clang-format on */

START_TEST(zones_as_recorded)
{
	const struct geometry *g = &geometries[_i];
	unsigned zones = 0;

	boot(g->machine, g->settings);
	while (zones < ARRAY_SIZE(g->zone) && g->zone[zones].name)
		zones++;
	ck_assert_uint_eq(m.config.zones, zones);
	for (unsigned z = 0; z < zones; z++) {
		const struct zone_config *zc = &m.config.zone[z];

		ck_assert_str_eq(zc->name, g->zone[z].name);
		ck_assert_uint_eq(zc->type, g->zone[z].type);
		ck_assert_uint_eq(zc->start_pfn, g->zone[z].start);
		ck_assert_uint_eq(zc->spanned, g->zone[z].spanned);
		ck_assert_uint_eq(zc->present, g->zone[z].present);
		ck_assert_uint_eq(zc->managed, g->zone[z].managed);
		ck_assert_uint_eq(zc->wmark[WMARK_LOW], g->zone[z].low);
		ck_assert_uint_eq(m.phys.zone[z].managed, g->zone[z].managed);
	}
	ck_assert_uint_eq(m.phys.state->min_free_kbytes, g->min_free_kbytes);
}
END_TEST

/* ------------------------------------------------------------- what is free */

/* The console texts of the 2.6.18 recordings: "BOOTMEM free_all: free pages 3-159 724-4096 6344-229376". */
static const struct {
	const char *settings;
	struct phys_range range[3];
} bootmem[] = {
	{ "", { { 3, 159 }, { 724, 4096 }, { 6344, 229376 } } },
	{ "lowmem_limit=768M", { { 3, 159 }, { 723, 4096 }, { 6344, 196608 } } },
	{ "mem=128M;highmem=32M", { { 3, 159 }, { 718, 4096 }, { 4379, 24544 } } },
	{ "mem=2G", { { 3, 159 }, { 724, 4096 }, { 8396, 229376 } } },
	{ "mem=256M", { { 3, 159 }, { 719, 4096 }, { 4659, 65504 } } },
	{ "mem=256M;mem_limit=248M", { { 3, 159 }, { 719, 4096 }, { 4643, 63488 } } },
	{ "mem=512M", { { 3, 159 }, { 721, 4096 }, { 5221, 131040 } } },
};

/* highmem= moves the border of low memory down, or cuts the RAM above it off. */
START_TEST(highmem_option)
{
	static const struct {
		const char *settings;
		unsigned zones;
		pfn_t border, end;
	} sizes[] = {
		{ "mem=128M;highmem=32M", 3, 24544, 32736 },  { "mem=128M;highmem=63M", 3, 16608, 32736 },
		{ "mem=128M;highmem=64M", 2, 32736, 32736 }, /* less than 64 MiB of low memory: ignored */
		{ "mem=128M;highmem=1G", 2, 32736, 32736 },   { "mem=1G;highmem=64M", 3, 229376, 245760 },
		{ "mem=1G;highmem=512M", 3, 229376, 262112 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		boot("i386-2.6.18", sizes[i].settings);
		ck_assert_uint_eq(m.config.zones, sizes[i].zones);
		ck_assert_uint_eq(m.config.direct_map_end, sizes[i].border);
		ck_assert_uint_eq(m.config.max_pfn, sizes[i].end);
		machine_free(&m);
	}
}
END_TEST

START_TEST(bootmem_as_recorded)
{
	struct boot_plan plan;
	struct phys_config c;

	describe(&desc, "i386-2.6.18", bootmem[_i].settings);
	ck_assert_msg(boot_configure(&desc, &c, &plan, &st), "%s", st.message);
	for (unsigned r = 0; r < 3; r++) {
		ck_assert_uint_eq(plan.range[r].start, bootmem[_i].range[r].start);
		ck_assert_uint_eq(plan.range[r].end, bootmem[_i].range[r].end);
		ck_assert_int_eq(plan.range[r].way, BOOT_GROUPS_OF_32);
	}
}
END_TEST

/* The recorded kernel took nothing from these zones since boot, or gave it back: its first snapshot is boot's state. */
START_TEST(free_lists_of_2_6)
{
	boot("i386-2.6.18", "");
	ck_assert_uint_eq(m.phys.zone[0].free, 3560);
	ck_assert_str_eq(free_text("DMA", 0, 0), "508 722 158 3");
	ck_assert_str_eq(free_text("DMA", 1, 0), "720 156");
	ck_assert_str_eq(free_text("DMA", 2, 0), "504 484 716 724 152 4");
	ck_assert_str_eq(free_text("DMA", 3, 0), "496 488 728 144 8");
	ck_assert_str_eq(free_text("DMA", 4, 0), "128 16");
	ck_assert_str_eq(free_text("DMA", 5, 0), "736 32");
	ck_assert_str_eq(free_text("DMA", 6, 0), "64");
	ck_assert_str_eq(free_text("DMA", 8, 0), "768");
	ck_assert_str_eq(free_text("DMA", 10, 0), "3072 2048 1024");
	ck_assert_uint_eq(m.phys.zone[2].free, 32697);
	ck_assert_str_eq(free_text("HighMem", 0, 0), "262072");
	ck_assert_str_eq(free_text("HighMem", 9, 0), "261120");
	ck_assert_uint_eq(m.phys.zone[2].list[10][0].head, 260096);
	ck_assert_uint_eq(m.phys.zone[2].list[10][0].tail, 229376);
	ck_assert_uint_eq(m.phys.zone[2].list[10][0].count, 31);
	ck_assert_uint_eq(phys_pcp(&m.phys, 2, 0)->set[0].count, 39);
	ck_assert_int_eq(strncmp(pcp_text("HighMem", 0, 0), "262111 262110 262109", 20), 0);
	ck_assert_str_eq(pcp_text("HighMem", 1, 0), "");
}
END_TEST

/* As the first snapshot of boot-1024M-896lowmem has it, as far as the kernel has not allocated since. */
START_TEST(free_lists_of_6_1)
{
	boot("i386-6.1-slab", "");
	ck_assert_uint_eq(m.phys.zone[0].free, 3840);
	ck_assert_str_eq(free_text("DMA", 8, MT_UNMOVABLE), "256");
	ck_assert_str_eq(free_text("DMA", 9, MT_UNMOVABLE), "512");
	ck_assert_str_eq(free_text("DMA", 10, MT_MOVABLE), "1024 2048 3072");
	ck_assert_uint_eq(pageblock_type(&m.phys, 0, 0), MT_UNMOVABLE);
	ck_assert_str_eq(free_text("Normal", 0, MT_MOVABLE), "5139 227124 227325");
	ck_assert_str_eq(free_text("Normal", 8, MT_MOVABLE), "5376 226816");
	ck_assert_str_eq(free_text("Normal", 9, MT_MOVABLE), "5632 226304");
	ck_assert_uint_eq(m.phys.zone[1].list[10][MT_MOVABLE].head, 6144);
	ck_assert_uint_eq(m.phys.zone[1].list[10][MT_MOVABLE].tail, 225280);
	ck_assert_uint_eq(m.phys.zone[2].list[10][MT_MOVABLE].head, 260096);
	ck_assert_uint_eq(m.phys.zone[2].list[10][MT_MOVABLE].tail, 229376);
	/* The initial RAM disk was freed first, then the kernel's init code, ascending. */
	ck_assert_int_eq(strncmp(pcp_text("Normal", 0, MT_MOVABLE), "4891 4890 4889", 14), 0);
	ck_assert_uint_eq(phys_pcp(&m.phys, 1, 0)->set[0].list[MT_MOVABLE].tail, 229375);
	ck_assert_uint_eq(phys_pcp(&m.phys, 1, 0)->set[0].count, 53);
}
END_TEST

START_TEST(page_blocks_of_a_split_machine)
{
	boot("x86_64-6.1-slub", "mem=256M;max_ram_below_4g=128M");
	ck_assert_uint_eq(pageblock_count(&m.phys, 1), 2040);
	ck_assert_uint_eq(pageblock_type_at(&m.phys, 1, 55), MT_MOVABLE);
	ck_assert_uint_eq(pageblock_type_at(&m.phys, 1, 56), MT_NONE);
	ck_assert_uint_eq(pageblock_type_at(&m.phys, 1, 2039), MT_NONE);
	ck_assert_uint_eq(m.phys.zone[2].list[10][MT_MOVABLE].head, 1048576);
	ck_assert(m.config.fallback_nofragment);
	machine_free(&m);
	boot("x86_64-6.1-slub", "mem=1G");
	ck_assert(!m.config.fallback_nofragment);
}
END_TEST

START_TEST(grouping_by_mobility)
{
	boot("i386-6.1-slab", "mem=24M");
	ck_assert(m.config.mobility_disabled);
	machine_free(&m);
	boot("i386-6.1-slab", "mem=256M");
	ck_assert(!m.config.mobility_disabled);
	machine_free(&m);
	boot("i386-2.6.18", "mem=24M");
	ck_assert(!m.config.mobility_disabled);
}
END_TEST

/* ------------------------------------------------------------- policies */

START_TEST(policies)
{
	boot("i386-2.6.18", "");
	ck_assert_uint_eq(m.config.types, 1);
	ck_assert(!m.config.merge_to_tail);
	ck_assert(m.config.reserve_by_first_zone);
	ck_assert_int_eq(m.config.pcp_rule, PCP_HOT_COLD);
	ck_assert_uint_eq(m.config.gfp_zone[0], 2);
	ck_assert_uint_eq(m.config.gfp_zone[1], 0);
	ck_assert_uint_eq(m.config.gfp_zone[2], 3);
	ck_assert_uint_eq(m.config.gfp_zone[3], 0);
	ck_assert_uint_eq(m.config.gfp_zone[4], 2);
	ck_assert_uint_eq(m.config.direct_map_end, 229376);
	ck_assert_uint_eq(page_address(&m.phys, 229375), 0xf7fff000);
	ck_assert_uint_eq(page_address(&m.phys, 229376), 0);
	machine_free(&m);
	boot("i386-6.1-slab", "");
	ck_assert_uint_eq(m.config.types, MT_COUNT);
	ck_assert(m.config.merge_to_tail);
	ck_assert_uint_eq(m.config.pcp_orders, 4);
	ck_assert_uint_eq(m.config.gfp_zone[0], 1);
	ck_assert_uint_eq(m.config.gfp_zone[2], 2);
	ck_assert_uint_eq(m.config.gfp_zone[4], 1);
	ck_assert_uint_eq(m.config.gfp_zone[8], 1);
	ck_assert_uint_eq(m.config.gfp_zone[10], 3);
	ck_assert_uint_eq(m.phys.state->watermark_boost_factor, 15000);
	ck_assert_uint_eq(m.phys.state->watermark_scale_factor, 10);
	machine_free(&m);
	boot("x86_64-6.1-slub", "");
	ck_assert_uint_eq(m.config.gfp_zone[0], 2);
	ck_assert_uint_eq(m.config.gfp_zone[1], 0);
	ck_assert_uint_eq(m.config.gfp_zone[2], 2);
	ck_assert_uint_eq(m.config.gfp_zone[4], 1);
	ck_assert_uint_eq(m.config.direct_map_end, m.config.max_pfn);
}
END_TEST

START_TEST(textbook)
{
	static const struct {
		const char *settings;
		unsigned orders, page_shift;
	} sizes[] = { { "", 11, 10 },      { "mem=16K", 5, 10 },           { "page_size=64K", 5, 16 },
		      { "mem=1K", 1, 10 }, { "mem=64;page_size=1", 7, 0 }, { "mem=1G;page_size=4K", 19, 12 } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		boot("textbook-1M", sizes[i].settings);
		ck_assert_uint_eq(m.config.orders, sizes[i].orders);
		ck_assert_uint_eq(m.config.page_shift, sizes[i].page_shift);
		ck_assert_int_eq(m.config.list_rule, LIST_BY_ADDRESS);
		ck_assert_int_eq(m.config.pcp_rule, PCP_NONE);
		ck_assert_uint_eq(m.phys.zone[0].nr_free[sizes[i].orders - 1], 1);
		ck_assert_uint_eq(m.phys.zone[0].free, m.config.max_pfn);
		machine_free(&m);
	}
	/* Not a power of two: blocks as large as fit. */
	boot("textbook-1M", "mem=13K");
	ck_assert_str_eq(free_text("Memory", 3, 0), "0");
	ck_assert_str_eq(free_text("Memory", 2, 0), "8");
	ck_assert_str_eq(free_text("Memory", 0, 0), "12");
}
END_TEST

/* ------------------------------------------------------------- sizes */

START_TEST(nodes)
{
	boot("x86_64-6.1-slub", "mem=64G;nodes=4;cpus=8");
	ck_assert_uint_eq(m.config.nodes, 4);
	ck_assert_uint_eq(m.config.zones, 6);
	ck_assert_int_ge(phys_zone_by_name(&m.phys, "Normal.3"), 0);
	for (unsigned z = 0; z < m.config.zones; z++) {
		const struct zone_config *zc = &m.config.zone[z];

		ck_assert_uint_eq(zc->node, z < 3 ? 0 : z - 2);
		if (z >= 3) {
			ck_assert_uint_eq(zc->start_pfn % 1024, 0);
			ck_assert_uint_eq(zc->present / 262144, 16);
		}
	}
	machine_free(&m);
	boot("i386-2.6.18", "nodes=2");
	ck_assert_uint_eq(m.config.zones, 4);
	machine_free(&m);
	boot("textbook-1M", "nodes=2");
	ck_assert_uint_eq(m.config.zone[0].present, 512);
	ck_assert_uint_eq(m.phys.zone[1].free, 512);
}
END_TEST

START_TEST(terabytes_cost_nothing)
{
	static const char *const sizes[] = { "mem=1T", "mem=15T", "mem=1T;nodes=8;cpus=64" };

	boot("x86_64-6.1-slub", sizes[_i]);
	ck_assert_uint_lt(arena_resident(&m.arena), (_i == 1 ? 64 : 8) * MIB);
}
END_TEST

/* Every size from the least on either boots or says what to do; what it says works. */
START_TEST(small_sizes)
{
	static const char *const names[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };
	unsigned booted = 0;

	for (unsigned mb = 1; mb <= 96; mb++) {
		char setting[32];

		snprintf(setting, sizeof setting, "mem=%uM", mb);
		describe(&desc, names[_i], setting);
		if (!machine_boot(&m, &desc, NULL, &st)) {
			ck_assert_ptr_nonnull(strstr(st.message, "set mem"));
			ck_assert_uint_eq(booted, 0);
			ck_assert_uint_lt(mb, 64);
			continue;
		}
		ck_assert_msg(invariants_hold(&m, &st), "%s: %s", setting, st.message);
		booted++;
		machine_free(&m);
	}
	ck_assert_uint_ge(booted, 33);
}
END_TEST

static const struct {
	const char *machine, *settings, *says;
} impossible[] = {
	{ "i386-2.6.18", "mem=8G", "set mem=3584M or less" },
	{ "i386-2.6.18", "mem=4K", "set mem=64M or more" },
	{ "i386-2.6.18", "mem_limit=1", "mem_limit=0" },
	{ "textbook-1M", "mem=4K;nodes=8", "set nodes lower" },
	{ "x86_64-6.1-slub", "mem=16T", "take less" },
	{ "x86_64-6.1-slub", "orders=9", "pageblock_order=8" },
	{ "x86_64-6.1-slub", "zones=DMA 16M, DMA32 4G", "zone DMA32 have no end" },
	{ "textbook-1M", "mem=1500", "take 2048" },
	{ "x86_64-6.1-slub", "highmem=64M", "leave highmem out" },
};

START_TEST(impossible_machines)
{
	describe(&desc, impossible[_i].machine, impossible[_i].settings);
	ck_assert(!machine_boot(&m, &desc, NULL, &st));
	ck_assert_msg(strstr(st.message, impossible[_i].says) != NULL, "%s", st.message);
	ck_assert(!m.alive);
}
END_TEST

/* ------------------------------------------------------------- the machine */

struct seen {
	unsigned zones, frees, others;
	u64 pages;
};

static void see(void *context, const struct event *e)
{
	struct seen *s = context;

	if (e->kind == EV_BOOT_ZONE)
		s->zones++;
	else if (e->kind == EV_BOOT_FREE_GROUPS || e->kind == EV_BOOT_FREE_SINGLY)
		s->frees++;
	else
		s->others++;
	if (e->kind == EV_BOOT_FREE_GROUPS || e->kind == EV_BOOT_FREE_SINGLY)
		s->pages += e->arg[2];
}

START_TEST(events)
{
	struct seen seen = { 0 };
	struct observer observer = { see, &seen };
	u64 pages = 0;

	describe(&desc, "i386-2.6.18", "");
	ck_assert(machine_boot(&m, &desc, &observer, &st));
	for (unsigned z = 0; z < 3; z++)
		pages += m.phys.zone[z].free + phys_pcp(&m.phys, z, 0)->set[0].count;
	ck_assert_uint_eq(seen.zones, 3);
	ck_assert_uint_eq(seen.frees, 6);
	ck_assert_uint_eq(seen.others, 7); /* the sizes of the zones */
	ck_assert_uint_eq(seen.pages, pages);
	ck_assert_ptr_eq(m.phys.observer, &observer);
}
END_TEST

START_TEST(same_description_same_state)
{
	boot("x86_64-6.1-slub", "");
	ck_assert(machine_boot(&other, &desc, NULL, &st));
	ck_assert_uint_eq(machine_hash(&m), machine_hash(&other));
	ck_assert_uint_eq(phys_state_hash(&m.phys), phys_state_hash(&other.phys));
	ck_assert_uint_ne(page_alloc(&m.phys, 0, 3), PFN_NONE);
	ck_assert_uint_ne(machine_hash(&m), machine_hash(&other));
}
END_TEST

START_TEST(clone_is_equal_and_independent)
{
	u64 hash;

	boot("i386-2.6.18", "");
	hash = machine_hash(&m);
	ck_assert_msg(machine_clone(&other, &m, &st), "%s", st.message);
	ck_assert_uint_eq(machine_hash(&other), hash);
	ck_assert_uint_ne(page_alloc(&other.phys, 0, 0), PFN_NONE);
	ck_assert_uint_ne(machine_hash(&other), hash);
	ck_assert_uint_eq(machine_hash(&m), hash);
	machine_free(&m);
	ck_assert_msg(invariants_hold(&other, &st), "%s", st.message);
	ck_assert_uint_ne(page_alloc(&other.phys, 0, 5), PFN_NONE);
}
END_TEST

START_TEST(init_without_boot)
{
	struct boot_plan plan;
	struct phys_config c;

	describe(&desc, "i386-6.1-slab", "");
	ck_assert(boot_configure(&desc, &c, &plan, &st));
	ck_assert_msg(machine_init(&m, &c, NULL, &st), "%s", st.message);
	ck_assert_uint_eq(m.phys.zone[1].free, 0);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert_uint_eq(page_alloc(&m.phys, 0, 0), PFN_NONE);
	machine_free(&m);
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("boot");
	TCase *tc = tcase_create("boot");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, zones_as_recorded, 0, ARRAY_SIZE(geometries));
	tcase_add_test(tc, highmem_option);
	tcase_add_loop_test(tc, bootmem_as_recorded, 0, ARRAY_SIZE(bootmem));
	tcase_add_test(tc, free_lists_of_2_6);
	tcase_add_test(tc, free_lists_of_6_1);
	tcase_add_test(tc, page_blocks_of_a_split_machine);
	tcase_add_test(tc, grouping_by_mobility);
	tcase_add_test(tc, policies);
	tcase_add_test(tc, textbook);
	tcase_add_test(tc, nodes);
	tcase_add_loop_test(tc, terabytes_cost_nothing, 0, 3);
	tcase_add_loop_test(tc, small_sizes, 0, 3);
	tcase_add_loop_test(tc, impossible_machines, 0, ARRAY_SIZE(impossible));
	tcase_add_test(tc, events);
	tcase_add_test(tc, same_description_same_state);
	tcase_add_test(tc, clone_is_equal_and_independent);
	tcase_add_test(tc, init_without_boot);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
