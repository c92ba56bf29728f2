/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/slab_configure.h"

#include "slab/rules.h"

/*
 * Sizes in bytes with one CPU, without debugging; what debugging, and further
 * CPUs, add.  Recorded are SLAB with words of 4 and SLUB with words of 8; the
 * others follow from the sizes of the fields.
 */
struct sizes {
	enum slab_allocator allocator;
	enum gfp_kernel kernel;
	unsigned word;
	u32 cache, cache_debug, cache_cpus;
	u32 node, node_cpus; /* a lock takes no memory with one CPU */
	u32 array, array_cpus;
	u32 slab, index;
};

static const struct sizes known[] = {
	{ SLAB_SLAB, GFP_2_6, 4, 80, 64, 4, 52, 4, 16, 4, 28, 4 },
	{ SLAB_SLAB, GFP_2_6, 8, 128, 120, 8, 96, 8, 16, 8, 48, 4 },
	{ SLAB_SLAB, GFP_6_1, 4, 96, 60, 0, 60, 4, 16, 0, 0, 1 },
	{ SLAB_SLAB, GFP_6_1, 8, 152, 104, 0, 112, 8, 16, 0, 0, 1 },
	{ SLAB_SLUB, GFP_6_1, 4, 124, 0, 8, 28, 4, 0, 0, 0, 0 },
	{ SLAB_SLUB, GFP_6_1, 8, 192, 0, 8, 56, 8, 0, 0, 0, 0 },
};

void slab_configure_sizes(struct slab_config *slab, const struct phys_config *phys)
{
	bool smp = phys->cpus > 1;

	for (size_t n = 0; n < ARRAY_SIZE(known); n++) {
		const struct sizes *k = &known[n];

		if (k->allocator != slab->allocator || k->kernel != phys->gfp || k->word != slab->word)
			continue;
		slab->cache_bytes = k->cache + (slab->debug ? k->cache_debug : 0) +
				    k->cache_cpus * (k->kernel == GFP_2_6 ? phys->cpus - 1 : smp);
		slab->node_bytes = k->node + (smp ? k->node_cpus : 0);
		slab->array_bytes = k->array + (smp ? k->array_cpus : 0);
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
	if (desc->kernel_image.count)
		slab->early = phys->page_offset + desc->kernel_image.range[0].start;
}
