/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "procfs/slabinfo.h"

#include "slab/kmem_cache.h"

bool slabinfo_exists(const struct machine *m)
{
	return m->slab.state && m->slab.config->rules;
}

/* SLAB counts more when it is built for debugging. */
static bool has_statistics(const struct machine *m)
{
	return m->slab_config.debug && m->slab_config.allocator == SLAB_SLAB;
}

static void print_head(const struct machine *m, struct strbuf *out)
{
	strbuf_printf(out, "slabinfo - version: 2.1%s\n", has_statistics(m) ? " (statistics)" : "");
	strbuf_puts(out, "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
			 " : tunables <limit> <batchcount> <sharedfactor>"
			 " : slabdata <active_slabs> <num_slabs> <sharedavail>");
	if (has_statistics(m))
		strbuf_puts(out, " : globalstat <listallocs> <maxobjs> <grown> <reaped> <error> <maxfreeable>"
				 " <nodeallocs> <remotefrees> <alienoverflow>"
				 " : cpustat <allochit> <allocmiss> <freehit> <freemiss>");
	strbuf_putc(out, '\n');
}

static void print_statistics(const struct machine *m, const struct kmem_cache *cache, struct strbuf *out)
{
	const struct slab_statistics *n = &cache->slab.statistics;

	strbuf_printf(out, " : globalstat %7u %6u %5u %4u", (unsigned)n->allocs, (unsigned)n->high,
		      (unsigned)cache->slab.grown, (unsigned)cache->slab.reaped);
	/* 2.6's source has tabs here, inside the string. */
	strbuf_puts(out, m->config.gfp == GFP_2_6 ? " \t\t\t\t" : " ");
	/*
	 * Errors: as recorded, the kernels print this column and count nothing in
	 * it, whatever they report of a cache (debug-poison, poison: cache "over").
	 */
	strbuf_printf(out, "%4u %4u %4u %4u %4u", 0u, (unsigned)n->max_freeable, (unsigned)n->node_allocs,
		      (unsigned)n->node_frees, (unsigned)n->node_overflow);
	strbuf_printf(out, " : cpustat %6u %6u %6u %6u", (unsigned)n->alloc_hit, (unsigned)n->alloc_miss,
		      (unsigned)n->free_hit, (unsigned)n->free_miss);
}

static void print_row(const struct machine *m, const struct kmem_cache *cache, struct strbuf *out)
{
	struct slab_info info = { 0 };

	m->slab.config->rules->info(&m->slab, cache, &info);
	strbuf_printf(out, "%-17s %6llu %6llu %6u %4u %4u", cache->name, (unsigned long long)info.active_objs,
		      (unsigned long long)info.num_objs, (unsigned)cache->size, (unsigned)cache->num,
		      1u << cache->order);
	strbuf_printf(out, " : tunables %4u %4u %4u", (unsigned)info.limit, (unsigned)info.batchcount,
		      (unsigned)info.shared);
	strbuf_printf(out, " : slabdata %6llu %6llu %6llu", (unsigned long long)info.active_slabs,
		      (unsigned long long)info.num_slabs, (unsigned long long)info.shared_avail);
	if (has_statistics(m))
		print_statistics(m, cache, out);
	strbuf_putc(out, '\n');
}

void slabinfo_print(const struct machine *m, struct strbuf *out)
{
	print_head(m, out);
	for (const struct kmem_cache *c = kmem_cache_first(&m->slab); c; c = kmem_cache_next(&m->slab, c))
		print_row(m, c, out);
}
