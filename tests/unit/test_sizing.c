/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watermarks, reserves and per-CPU figures against those that real kernels
 * printed: published logs, and the headers of recordings.
 */
#include "base/units.h"
#include "machine/sizing.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* 5.x, before per-CPU lists were sized by the watermarks. */
static const struct sizing_rule rule_5 = { .min_free_most = 262144, .scaled_steps = true, .pcp_most = MIB };

struct zone_row {
	u8 type;
	pfn_t start;
	u32 managed; /* present, where the kernel counts that */
	u32 wmark[WMARK_COUNT];
	u32 reserve[PHYS_ZONE_TYPES];
	u32 pcp_high[2], pcp_batch[2];
};

struct machine_row {
	const char *what;
	const struct sizing_rule *rule; /* NULL: by `boot` */
	enum boot_rule boot;
	u32 min_free_kbytes; /* 0: computed */
	u32 expect_min_free; /* 0: not told */
	u32 fraction, scale;
	unsigned cpus;
	pfn_t lowmem_end;
	u32 ratio[PHYS_ZONE_TYPES];
	struct zone_row zone[3];
};

#define RATIO_2_6               \
	{                       \
		256, 256, 32, 0 \
	}
#define RATIO_I386            \
	{                     \
		256, 32, 0, 0 \
	}
#define RATIO_X86_64            \
	{                       \
		256, 256, 32, 0 \
	}

/* clang-format off */
static const struct machine_row rows[] = {
	{ "2.6.15-rc5 i386, 2 GiB, 4 CPUs (published, in kB)", NULL, BOOT_2_6, 0, 3831, 0, 0, 4, 229376, RATIO_2_6,
	  { { 0, 0, 16384 / 4, { 68 / 4, 84 / 4, 100 / 4 }, { 0, 0, 880, 2031 }, { 0, 0 }, { 1, 1 } },
	    { 2, 4096, 901120 / 4, { 3756 / 4, 4692 / 4, 5632 / 4 }, { 0, 0, 0, 9211 }, { 186, 62 }, { 31, 15 } },
	    { 3, 229376, 1179092 / 4, { 512 / 4, 1740 / 4, 2968 / 4 }, { 0 }, { 186, 62 }, { 31, 15 } } } },
	{ "2.6.2x i386, 768 MiB (published, in kB)", NULL, BOOT_2_6, 0, 3532, 0, 0, 1, 1000000, { 256, 32, 0, 0 },
	  { { 0, 0, 16256 / 4, { 72 / 4, 88 / 4, 108 / 4 }, { 0, 745, 745, 745 }, { 0, 0 }, { 1, 1 } },
	    { 1, 4096, 763524 / 4, { 3456 / 4, 4320 / 4, 5184 / 4 }, { 0 }, { 186, 62 }, { 31, 15 } } } },
	{ "5.x x86_64, 32 GiB, 8 CPUs (published)", &rule_5, BOOT_6_1, 67584, 0, 0, 10, 8, 10000000, RATIO_X86_64,
	  { { 0, 1, 3973, { 8, 11, 14 }, { 0, 2039, 31932, 31932 }, { 0, 0 }, { 1, 0 } },
	    { 1, 4096, 522100, { 1078, 1600, 2122 }, { 0, 0, 29893, 29893 }, { 378, 0 }, { 63, 0 } },
	    { 2, 1048576, 7652700, { 15809, 23461, 31113 }, { 0 }, { 378, 0 }, { 63, 0 } } } },
	{ "i386-2.6.18/boot-1024M.rec", NULL, BOOT_2_6, 0, 3831, 0, 0, 1, 229376, RATIO_2_6,
	  { { 0, 0, 4096, { 17, 21, 25 }, { 0, 0, 880, 1007 }, { 0, 0 }, { 1, 1 } },
	    { 2, 4096, 225280, { 939, 1173, 1408 }, { 0, 0, 0, 1023 }, { 186, 62 }, { 31, 15 } },
	    { 3, 229376, 32736, { 32, 66, 100 }, { 0 }, { 42, 14 }, { 7, 3 } } } },
	{ "i386-2.6.18/boot-128M-highmem32M.rec", NULL, BOOT_2_6, 0, 1253, 0, 0, 1, 24544, RATIO_2_6,
	  { { 0, 0, 4096, { 52, 65, 78 }, { 0, 0, 79, 111 }, { 0, 0 }, { 1, 1 } },
	    { 2, 4096, 20448, { 260, 325, 390 }, { 0, 0, 0, 256 }, { 18, 6 }, { 3, 1 } },
	    { 3, 24544, 8192, { 32, 58, 84 }, { 0 }, { 6, 2 }, { 1, 1 } } } },
	{ "i386-2.6.18/boot-256M.rec", NULL, BOOT_2_6, 0, 2047, 0, 0, 1, 65504, RATIO_2_6,
	  { { 0, 0, 4096, { 31, 38, 46 }, { 0, 0, 239, 239 }, { 0, 0 }, { 1, 1 } },
	    { 2, 4096, 61408, { 479, 598, 718 }, { 0 }, { 90, 30 }, { 15, 7 } } } },
	{ "i386-2.6.18/buddy-random-24M.rec", NULL, BOOT_2_6, 0, 625, 0, 0, 1, 6112, RATIO_2_6,
	  { { 0, 0, 4096, { 104, 130, 156 }, { 0, 0, 7, 7 }, { 0, 0 }, { 1, 1 } },
	    { 2, 4096, 2016, { 51, 63, 76 }, { 0 }, { 0, 0 }, { 1, 1 } } } },
	/* In 6.1 the watermarks were computed before the last of boot's memory was freed: 53 pages of Normal here. */
	{ "i386-slab/boot-1024M-896lowmem.rec", NULL, BOOT_6_1, 0, 3801, 0, 10, 1, 229376, RATIO_I386,
	  { { 0, 1, 3840, { 16, 20, 24 }, { 0, 867, 995, 995 }, { 20, 0 }, { 1, 0 } },
	    { 1, 4096, 222040 - 53, { 933, 1166, 1399 }, { 0, 0, 1023, 1023 }, { 1166, 0 }, { 63, 0 } },
	    { 2, 229376, 32736, { 32, 66, 100 }, { 0 }, { 66, 0 }, { 7, 0 } } } },
	{ "i386-slab/boot-2048M.rec", NULL, BOOT_6_1, 0, 3784, 0, 10, 1, 229376, RATIO_I386,
	  { { 0, 1, 3840, { 16, 20, 24 }, { 0, 859, 2011, 2011 }, { 20, 0 }, { 1, 0 } },
	    { 1, 4096, 219992 - 53, { 929, 1161, 1393 }, { 0, 0, 9215, 9215 }, { 1161, 0 }, { 63, 0 } },
	    { 2, 229376, 294880, { 128, 439, 750 }, { 0 }, { 439, 0 }, { 63, 0 } } } },
	{ "x86_64-slub/boot-1024M.rec", NULL, BOOT_6_1, 0, 4034, 0, 10, 1, 262112, RATIO_X86_64,
	  { { 0, 1, 3840, { 15, 18, 21 }, { 0, 978, 978, 978 }, { 18, 0 }, { 1, 0 } },
	    { 1, 4096, 251442 - 1004, { 992, 1242, 1492 }, { 0 }, { 1242, 0 }, { 63, 0 } } } },
	{ "x86_64-slub-smp2: CPUs share the low watermark", NULL, BOOT_6_1, 1966, 0, 0, 10, 2, 1081344, RATIO_X86_64,
	  { { 0, 1, 3840, { 31, 38, 45 }, { 0, 97, 221, 221 }, { 19, 0 }, { 1, 0 } },
	    { 1, 4096, 26078 - 1004, { 203, 253, 303 }, { 0, 0, 123, 123 }, { 126, 0 }, { 7, 0 } },
	    { 2, 1048576, 31559, { 256, 320, 384 }, { 0 }, { 160, 0 }, { 7, 0 } } } },
	{ "percpu_pagelist_fraction of 2.6: batch is at most 96", NULL, BOOT_2_6, 3831, 0, 100, 0,
	  1, 229376, RATIO_2_6,
	  { { 0, 0, 4096, { 17, 21, 25 }, { 0, 0, 880, 880 }, { 40, 0 }, { 10, 1 } },
	    { 2, 4096, 225280, { 939, 1173, 1408 }, { 0 }, { 2252, 62 }, { 96, 15 } } } },
};
/* clang-format on */

static void fill(struct phys_config *c, const struct machine_row *row)
{
	memset(c, 0, sizeof *c);
	c->page_shift = 12;
	c->cpus = row->cpus;
	c->nodes = 1;
	c->direct_map_end = row->lowmem_end;
	for (unsigned i = 0; i < ARRAY_SIZE(row->zone) && row->zone[i].managed; i++) {
		c->zone[i].type = row->zone[i].type;
		c->zone[i].start_pfn = row->zone[i].start;
		c->zone[i].managed = c->zone[i].present = row->zone[i].managed;
		c->zones++;
	}
}

START_TEST(real_kernels)
{
	const struct machine_row *row = &rows[_i];
	const struct sizing_rule *rule = row->rule ? row->rule : sizing_rule(row->boot);
	struct phys_config c;
	u32 min_free;

	fill(&c, row);
	min_free = sizing_min_free_kbytes(sizing_lowmem_kb(&c), rule->min_free_most);
	if (row->expect_min_free)
		ck_assert_msg(min_free == row->expect_min_free, "%s: min_free_kbytes %u", row->what, min_free);
	sizing_watermarks(&c, rule, row->min_free_kbytes ? row->min_free_kbytes : min_free, row->scale);
	sizing_lowmem_reserve(&c, row->ratio);
	sizing_pcp(&c, rule, row->fraction);
	for (unsigned i = 0; i < c.zones; i++) {
		const struct zone_row *z = &row->zone[i];

		for (unsigned w = 0; w < WMARK_COUNT; w++)
			ck_assert_msg(c.zone[i].wmark[w] == z->wmark[w], "%s: zone %u, watermark %u: %u, not %u",
				      row->what, i, w, c.zone[i].wmark[w], z->wmark[w]);
		for (unsigned t = 0; t < PHYS_ZONE_TYPES; t++)
			ck_assert_msg(c.zone[i].lowmem_reserve[t] == z->reserve[t],
				      "%s: zone %u, reserve %u: %u, not %u", row->what, i, t,
				      c.zone[i].lowmem_reserve[t], z->reserve[t]);
		for (unsigned s = 0; s < 2; s++)
			ck_assert_msg(c.zone[i].pcp_high[s] == z->pcp_high[s] &&
					  c.zone[i].pcp_batch[s] == z->pcp_batch[s],
				      "%s: zone %u, set %u: %u/%u, not %u/%u", row->what, i, s, c.zone[i].pcp_high[s],
				      c.zone[i].pcp_batch[s], z->pcp_high[s], z->pcp_batch[s]);
	}
}
END_TEST

START_TEST(default_min_free_kbytes)
{
	static const struct {
		u64 memory;
		u32 kb;
	} table[] = { { 16 * MIB, 512 },   { 32 * MIB, 724 },   { 64 * MIB, 1024 }, { 128 * MIB, 1448 },
		      { 256 * MIB, 2048 }, { 512 * MIB, 2896 }, { GIB, 4096 },      { 2 * GIB, 5792 },
		      { 4 * GIB, 8192 },   { 16 * GIB, 16384 } };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		ck_assert_uint_eq(sizing_min_free_kbytes(table[i].memory / KIB, 65536), table[i].kb);
	ck_assert_uint_eq(sizing_min_free_kbytes(0, 65536), 128);
	ck_assert_uint_eq(sizing_min_free_kbytes(TIB / KIB, 65536), 65536);
	ck_assert_uint_eq(sizing_min_free_kbytes(TIB / KIB, 262144), 131072);
	ck_assert_uint_eq(sizing_min_free_kbytes(16 * TIB / KIB, 262144), 262144);
}
END_TEST

START_TEST(pcp_batch)
{
	static const struct {
		u32 pages, batch_2_6, batch_6_1;
	} table[] = { { 0, 0, 0 },       { 4096, 0, 0 },     { 8192, 1, 1 },      { 20448, 3, 3 },
		      { 61408, 15, 15 }, { 225280, 31, 63 }, { 10000000, 31, 63 } };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		ck_assert_uint_eq(sizing_pcp_batch(table[i].pages, 4096, 512 * KIB), table[i].batch_2_6);
		ck_assert_uint_eq(sizing_pcp_batch(table[i].pages, 4096, MIB), table[i].batch_6_1);
	}
}
END_TEST

START_TEST(mobility)
{
	/* i386 with 24 MiB: its first snapshot has everything unmovable. */
	ck_assert(sizing_mobility_disabled(5966, 10));
	ck_assert(!sizing_mobility_disabled(6144, 10));
	ck_assert(sizing_mobility_disabled(3071, 9));
	ck_assert(!sizing_mobility_disabled(3072, 9));
}
END_TEST

START_TEST(cpus_of_a_node_share)
{
	struct phys_config c = { .page_shift = 12, .cpus = 3, .nodes = 2, .zones = 2, .direct_map_end = 1000000 };

	for (u8 n = 0; n < 2; n++) {
		c.zone[n] = (struct zone_config){ .node = n, .managed = 400000, .present = 400000 };
		c.zone[n].wmark[WMARK_LOW] = 600;
	}
	sizing_pcp(&c, sizing_rule(BOOT_6_1), 0);
	ck_assert_uint_eq(c.zone[0].pcp_high[0], 300);
	ck_assert_uint_eq(c.zone[1].pcp_high[0], 600);
	/* A node without CPUs of its own is used by all. High is four batches at least. */
	c.cpus = 1;
	sizing_pcp(&c, sizing_rule(BOOT_6_1), 0);
	ck_assert_uint_eq(c.zone[1].pcp_high[0], 600);
	c.cpus = 6;
	sizing_pcp(&c, sizing_rule(BOOT_6_1), 0);
	ck_assert_uint_eq(c.zone[1].pcp_high[0], 4 * 63);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sizing");
	TCase *tc = tcase_create("sizing");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tc, real_kernels, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, default_min_free_kbytes);
	tcase_add_test(tc, pcp_batch);
	tcase_add_test(tc, mobility);
	tcase_add_test(tc, cpus_of_a_node_share);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
