/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/sizing.h"

#include "base/units.h"

#define SWAP_CLUSTER_MAX 32u
#define MIN_FREE_LEAST 128u
#define HIGHMEM_MIN_MOST 128u

const struct sizing_rule *sizing_rule(enum boot_rule boot)
{
	static const struct sizing_rule rules[] = {
		[BOOT_2_6] = { .min_free_most = 65536, .pcp_most = 512 * KIB, .pcp_hot_cold = true },
		[BOOT_6_1] = { .min_free_most = 262144,
			       .scaled_steps = true,
			       .pcp_most = MIB,
			       .pcp_high_by_wmark = true },
		[BOOT_TEXTBOOK] = { .min_free_most = 0, .pcp_most = 0 },
	};

	return &rules[boot];
}

/* The integer part of the square root. */
static u64 root(u64 x)
{
	u64 result = 0;

	for (u64 bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((result | bit) * (result | bit) <= x)
			result |= bit;
	return result;
}

static u64 clamp(u64 value, u64 least, u64 most)
{
	return value < least ? least : value > most ? most : value;
}

u32 sizing_min_free_kbytes(u64 lowmem_kb, u32 most)
{
	return (u32)clamp(root(lowmem_kb * 16), MIN_FREE_LEAST, most);
}

bool sizing_is_highmem(const struct phys_config *c, const struct zone_config *z)
{
	return z->start_pfn >= c->direct_map_end;
}

static u64 lowmem_pages(const struct phys_config *c)
{
	u64 pages = 0;

	for (unsigned z = 0; z < c->zones; z++)
		if (!sizing_is_highmem(c, &c->zone[z]))
			pages += c->zone[z].managed;
	return pages;
}

u64 sizing_lowmem_kb(const struct phys_config *c)
{
	return (lowmem_pages(c) << c->page_shift) / KIB;
}

void sizing_watermarks(struct phys_config *c, const struct sizing_rule *rule, u32 min_free_kbytes, u32 scale)
{
	u64 pages_min = (min_free_kbytes * KIB) >> c->page_shift;
	u64 low_memory = lowmem_pages(c);

	for (unsigned i = 0; i < c->zones; i++) {
		struct zone_config *z = &c->zone[i];
		u64 share = low_memory ? pages_min * z->managed / low_memory : 0;
		u64 step = share / 4, two_steps = share / 2;
		u64 least = (u64)z->managed * scale / 10000;

		if (rule->scaled_steps) {
			if (step < least)
				step = least;
			two_steps = 2 * step;
		}
		if (sizing_is_highmem(c, z))
			share = clamp(z->managed / 1024, SWAP_CLUSTER_MAX, HIGHMEM_MIN_MOST);
		z->wmark[WMARK_MIN] = (u32)share;
		z->wmark[WMARK_LOW] = (u32)(share + step);
		z->wmark[WMARK_HIGH] = (u32)(share + two_steps);
	}
}

void sizing_lowmem_reserve(struct phys_config *c, const u32 ratio[PHYS_ZONE_TYPES])
{
	for (unsigned i = 0; i < c->zones; i++) {
		struct zone_config *z = &c->zone[i];
		u64 above = 0;

		for (unsigned type = 0; type < PHYS_ZONE_TYPES; type++) {
			for (unsigned k = 0; k < c->zones; k++)
				if (type > z->type && c->zone[k].type == type && c->zone[k].node == z->node)
					above += c->zone[k].managed;
			z->lowmem_reserve[type] = ratio[z->type] ? (u32)(above / ratio[z->type]) : 0;
		}
	}
}

u32 sizing_pcp_batch(u32 pages, u64 page_size, u32 most)
{
	u32 batch = pages / 1024, power = 1;

	if (batch * page_size > most)
		batch = (u32)(most / page_size);
	batch /= 4;
	if (batch < 1)
		batch = 1;
	/* One less than a power of two: batches that share a factor with the size of a cache collide in it. */
	while (power * 2 <= batch + batch / 2)
		power *= 2;
	return power - 1;
}

/* CPUs of a node; all of them for a node that has none of its own. */
static u32 cpus_of_node(const struct phys_config *c, unsigned node)
{
	u32 count = c->cpus / c->nodes + (node < c->cpus % c->nodes);

	return count ? count : c->cpus;
}

static u32 at_least(u32 value, u32 least)
{
	return value < least ? least : value;
}

static void pcp_of_zone(const struct phys_config *c, const struct sizing_rule *rule, u32 fraction,
			struct zone_config *z)
{
	u32 batch = sizing_pcp_batch(z->managed, UINT64_C(1) << c->page_shift, rule->pcp_most);

	z->pcp_batch[0] = at_least(batch, 1);
	if (rule->pcp_high_by_wmark) {
		u32 pages = fraction ? z->managed / fraction : z->wmark[WMARK_LOW];

		z->pcp_high[0] = at_least(pages / cpus_of_node(c, z->node), 4 * z->pcp_batch[0]);
		return;
	}
	z->pcp_high[0] = 6 * batch;
	if (rule->pcp_hot_cold) {
		z->pcp_high[1] = 2 * batch;
		z->pcp_batch[1] = at_least(batch / 2, 1);
	}
	if (fraction) {
		z->pcp_high[0] = z->managed / fraction;
		z->pcp_batch[0] = (u32)clamp(z->pcp_high[0] / 4, 1, c->page_shift * UINT64_C(8));
	}
}

void sizing_pcp(struct phys_config *c, const struct sizing_rule *rule, u32 fraction)
{
	for (unsigned i = 0; i < c->zones; i++)
		pcp_of_zone(c, rule, fraction, &c->zone[i]);
}

bool sizing_mobility_disabled(u64 pages, unsigned pageblock_order)
{
	return pages < (u64)MT_COUNT << pageblock_order;
}
