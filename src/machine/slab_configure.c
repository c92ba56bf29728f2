/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/slab_configure.h"

#include "slab/rules.h"

/* Sizes with one CPU, without debugging, as recorded; what debugging, and each further CPU, adds. */
struct sizes {
	enum slab_allocator allocator;
	enum gfp_kernel kernel;
	unsigned word;
	u32 cache, cache_debug, cache_cpu;
	u32 node, node_smp; /* a lock takes no memory with one CPU */
	u32 array, array_smp;
	u32 slab, index;
};

static const struct sizes known[] = {
	{ SLAB_SLAB, GFP_2_6, 4, .cache = 80, .cache_debug = 64, .cache_cpu = 4, .node = 52, .node_smp = 4, .array = 16,
	  .array_smp = 4, .slab = 28, .index = 4 },
	{ SLAB_SLAB, GFP_6_1, 4, .cache = 96, .cache_debug = 60, .node = 60, .node_smp = 4, .array = 16, .index = 1 },
	{ SLAB_SLUB, GFP_6_1, 8, .cache = 192, .cache_cpu = 8, .node = 56, .node_smp = 8 },
};

void slab_configure_sizes(struct slab_config *slab, const struct phys_config *phys)
{
	bool smp = phys->cpus > 1;

	for (size_t n = 0; n < ARRAY_SIZE(known); n++) {
		const struct sizes *k = &known[n];

		if (k->allocator != slab->allocator || k->kernel != phys->gfp || k->word != slab->word)
			continue;
		slab->cache_bytes = k->cache + (slab->debug ? k->cache_debug : 0) +
				    k->cache_cpu * (k->kernel == GFP_2_6 ? phys->cpus - 1 : smp);
		slab->node_bytes = k->node + (smp ? k->node_smp : 0);
		slab->array_bytes = k->array + (smp ? k->array_smp : 0);
		slab->slab_bytes = k->slab;
		slab->index_bytes = k->index;
	}
}

/* The pages that the kernel counts when it asks whether there is little memory. */
static u64 pages_counted(const struct phys_config *c)
{
	u64 pages = 0;

	if (c->gfp == GFP_2_6)
		return c->max_pfn;
	for (unsigned z = 0; z < c->zones; z++)
		pages += c->zone[z].managed;
	return pages;
}

void slab_configure(const struct machine_desc *desc, const struct phys_config *phys, struct slab_config *slab)
{
	*slab = (struct slab_config){
		.allocator = desc->allocator,
		.word = desc->page_offset > UINT32_MAX ? 8 : 4,
		.cpu_ids = phys->cpus,
		.cache_line = desc->cache_line,
		.cache_line_at_boot = desc->cache_line_at_boot ? desc->cache_line_at_boot : desc->cache_line,
		.low_pages = pages_counted(phys),
		.debug = desc->slab_debug,
		.no_merge = desc->slab_nomerge,
		.hz = desc->hz,
		.rules = rules_of(desc->allocator, phys->gfp),
	};
	if (!slab->rules || !phys->page_offset)
		slab->allocator = SLAB_ABSENT;
	if (slab->allocator == SLAB_ABSENT)
		slab->rules = NULL;
	slab_configure_sizes(slab, phys);
}
