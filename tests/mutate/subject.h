/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machines that mutations are made on, sound and with something of everything in them. */
#ifndef KM_TESTS_MUTATE_SUBJECT_H
#define KM_TESTS_MUTATE_SUBJECT_H

#include "machine/early.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/blocklist.h"
#include "phys/cma.h"
#include "phys/load.h"
#include "phys/page_alloc.h"
#include "phys/pageblock.h"
#include "phys/pcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The machines that are corrupted, as prepare() makes them.  `zone` is Normal,
 * except for the textbook.  `order` is one whose list has two blocks at least.
 */
static struct subject {
	const char *name, *setting;
	struct machine machine;
	unsigned zone, order, type;
	struct block_list *list, *pcp_list;
	pfn_t used; /* a block of order 2 in use */
	bool early; /* it was booted step by step, and somebody else asked for memory */
	bool area; /* its last page blocks are made a CMA area, of which some is given out */
} subjects[] = {
	{ .name = "i386-2.6.18", .setting = "mem=256M" },
	{ .name = "i386-6.1-slab", .setting = "mem=256M" },
	{ .name = "x86_64-6.1-slub", .setting = "mem=256M" },
	{ .name = "textbook-1M", .setting = "mem=1M" },
	{ .name = "i386-6.1-slab", .setting = "mem=256M", .area = true },
	{ .name = "i386-2.6.18", .setting = "mem=256M", .early = true },
};

enum {
	I386_2_6 = 1,
	I386_6_1 = 2,
	X86_64 = 4,
	TEXTBOOK = 8,
	WITH_AREA = 16,
	WITH_STEPS = 32,
	KERNELS = I386_2_6 | I386_6_1 | X86_64 | WITH_AREA,
	WITH_TYPES = I386_6_1 | X86_64 | WITH_AREA,
	ALL = KERNELS | TEXTBOOK
};

static struct zone *zone_of(struct subject *s)
{
	return &s->machine.phys.zone[s->zone];
}

static struct pcp_set *pcp_of(struct subject *s)
{
	return &phys_pcp(&s->machine.phys, s->zone, 0)->set[0];
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "mutate_invariants: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* Finds the lists to corrupt. */
static void find_lists(struct subject *s)
{
	struct pcp_set *set;

	s->list = NULL;
	for (unsigned o = 1; o + 1 < s->machine.config.orders && !s->list; o++) {
		for (unsigned t = 0; t < s->machine.config.types && !s->list; t++) {
			if (zone_of(s)->list[o][t].count < 2)
				continue;
			s->list = &zone_of(s)->list[o][t];
			s->order = o;
			s->type = t;
		}
	}
	set = pcp_of(s);
	s->pcp_list = &set->list[0];
	for (unsigned l = 0; l < MT_PCPTYPES; l++)
		if (set->list[l].count > 1)
			s->pcp_list = &set->list[l];
}

/* Makes the last two whole page blocks of the zone, which are free, a CMA area, and takes some of it. */
static void add_area(struct subject *s)
{
	struct phys *p = &s->machine.phys;
	const struct zone_config *zc = &p->config->zone[s->zone];
	u32 block = 1u << p->config->pageblock_order;
	pfn_t base = ((zc->start_pfn + zc->spanned) & ~(block - 1)) - 2 * block;
	struct phys_config config = s->machine.config;
	struct machine plain = s->machine;
	struct status st = STATUS_INIT;

	config.cma[0] = (struct cma_config){ "area", base, 2 * block, 0 };
	config.cma_areas = 1;
	if (!machine_init(&s->machine, &config, NULL, &st))
		die(s->name, st.message);
	for (unsigned z = 0; z < config.zones; z++)
		for (u32 n = 0; n < pageblock_count(p, z); n++)
			pageblock_set_type_at(p, z, n, pageblock_type_at(&plain.phys, z, n));
	pageblock_set_type(p, s->zone, base, MT_CMA);
	pageblock_set_type(p, s->zone, base + block, MT_CMA);
	for (unsigned z = 0; z < config.zones; z++)
		for (unsigned o = 0; o < config.orders; o++)
			for (unsigned t = 0; t < MT_COUNT; t++)
				for (pfn_t at = plain.phys.zone[z].list[o][t].head; at != PFN_NONE;
				     at = blocklist_next(&plain.phys, o, at))
					load_free_block(p, z, at, o, at - base < 2 * block ? MT_CMA : t, &st);
	machine_free(&plain);
	if (cma_alloc(p, 0, 40, 0) != base)
		die(s->name, "the area is not free");
}

/* A machine with blocks in use, two blocks on the list of an order, and pages on a per-CPU list. */
/* Takes memory as soon as it can be had, and boots to the end. */
static void finish_boot(struct subject *s)
{
	struct boot_step request = { .kind = BOOT_STEP_TAKE_LOW, .bytes = 4096, .align = 4096 };
	struct status st = STATUS_INIT;
	bool asked = false;
	u64 at;

	while (early_is(&s->machine)) {
		struct status ignored = STATUS_INIT;

		asked = asked || early_take(&s->machine, request, &at, &ignored);
		if (!early_step(&s->machine, &st))
			die(s->name, st.message);
	}
	if (s->early && !asked)
		die(s->name, "nobody could ask for boot memory");
}

static void prepare(struct subject *s)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	pfn_t held[24];
	gfp_t wait;

	if (!desc_load(&desc, s->name, &st) || !desc_set(&desc, s->setting, &st) ||
	    (s->early && !desc_set(&desc, "early=yes", &st)) || !machine_boot(&s->machine, &desc, NULL, &st))
		die(s->name, st.message);
	finish_boot(s);
	wait = s->machine.phys.gfp->wait;
	s->zone = s->machine.config.zones - 1;
	if (s->area)
		add_area(s);
	for (unsigned i = 0; i < ARRAY_SIZE(held); i++)
		held[i] = page_alloc(&s->machine.phys, wait, 2);
	for (unsigned i = 0; i < ARRAY_SIZE(held); i++)
		if (held[i] == PFN_NONE || (i % 2 && !page_free(&s->machine.phys, held[i], 2, &st)))
			die(s->name, "no block, or it cannot be given back");
	s->used = held[0];
	if (s->machine.config.pcp_rule != PCP_NONE) {
		page_free(&s->machine.phys, page_alloc(&s->machine.phys, wait, 0), 0, &st);
		page_drain_local(&s->machine.phys);
		held[0] = page_alloc(&s->machine.phys, wait, 0);
	}
	find_lists(s);
	if (!s->list)
		die(s->name, "no list has two blocks");
	if (s->machine.config.pcp_rule != PCP_NONE && s->pcp_list->count < 2)
		die(s->name, "no per-CPU list has two pages");
	if (!invariants_hold(&s->machine, &st))
		die(s->name, st.message);
}

#endif
