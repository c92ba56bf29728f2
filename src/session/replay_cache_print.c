/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cache_print.h"

#include "base/hash.h"
#include "phys/blocklist.h"

/* Whose caches these are: their lines differ. */
enum form { FORM_2_6, FORM_6_1, FORM_SLUB };

/* What the kernel writes into the batchcount of an array that has none. */
#define NO_BATCHCOUNT 0xbaadf00d

/* struct slab of 2.6, which the array of bufctl follows: where its fields are, in bytes. */
enum { SLAB_INUSE = 16, SLAB_FREE = 20, SLAB_BUFCTL = 28 };

static enum form form_of(const struct slab_system *s)
{
	if (s->config->allocator == SLAB_SLUB)
		return FORM_SLUB;
	return s->phys->config->gfp == GFP_2_6 ? FORM_2_6 : FORM_6_1;
}

static const struct page_slab *slab_at(const struct slab_system *s, pfn_t pfn)
{
	return &page_find(s->phys, pfn)->slab;
}

static void print_hex(struct strbuf *out, const char *key, u64 value)
{
	strbuf_printf(out, " %s=%llx", key, (unsigned long long)value);
}

static void print_number(struct strbuf *out, const char *key, u64 value)
{
	strbuf_printf(out, " %s=%llu", key, (unsigned long long)value);
}

/* An address that may be none. */
static void print_address(struct strbuf *out, const char *key, u64 at)
{
	if (at)
		print_hex(out, key, at);
	else
		strbuf_printf(out, " %s=", key);
}

static void print_addresses(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	print_number(out, "free_limit", slab_node(s, cache, 0)->free_limit);
	for (unsigned cpu = 1; cpu < s->phys->config->cpus; cpu++) {
		strbuf_printf(out, " array%u", cpu);
		strbuf_printf(out, "=%llx", (unsigned long long)slab_cpu_array(s, cache, cpu)->at);
	}
	print_hex(out, "desc", cache->at);
	print_hex(out, "array", slab_cpu_array(s, cache, 0)->at);
	print_hex(out, "list3", slab_node(s, cache, 0)->at);
	print_address(out, "shared_array", slab_shared_array(s, cache, 0)->at);
}

static void print_2_6(const struct slab_system *s, const struct kmem_cache *cache, bool addresses, struct strbuf *out)
{
	u32 slot = cache->slab.management_cache;

	print_number(out, "num", cache->num);
	print_number(out, "gfporder", cache->order);
	print_number(out, "pagesperslab", UINT64_C(1) << cache->order);
	print_number(out, "colour", cache->slab.colour);
	print_number(out, "colour_off", cache->slab.colour_off);
	print_number(out, "slab_size", cache->slab.management);
	print_number(out, "offslab", cache->slab.offslab);
	/* If they come from a cache that is not watched, its name is not known. */
	if (slot || !cache->slab.offslab)
		strbuf_printf(out, " slabp_cache=%s", slot ? s->cache[slot - 1].name : "none");
	print_hex(out, "flags", cache->flags);
	print_hex(out, "gfpflags", cache->allocflags);
	print_number(out, "ctor", cache->ctor != CTOR_NONE);
	print_number(out, "limit", cache->slab.limit);
	print_number(out, "batchcount", cache->slab.batchcount);
	print_number(out, "shared", cache->slab.shared);
	if (addresses)
		print_addresses(s, cache, out);
	if (s->config->debug)
		print_number(out, "obj_offset", cache->slab.obj_offset);
}

static void print_6_1(const struct kmem_cache *cache, struct strbuf *out)
{
	print_number(out, "align", cache->align);
	print_number(out, "num", cache->num);
	print_number(out, "gfporder", cache->order);
	print_number(out, "pagesperslab", UINT64_C(1) << cache->order);
	print_number(out, "colour", cache->slab.colour);
	print_number(out, "colour_off", cache->slab.colour_off);
	print_number(out, "freelist_size", cache->slab.management);
	print_number(out, "offslab", cache->slab.offslab);
	print_number(out, "objfreelist", cache->slab.objfreelist);
	print_hex(out, "flags", cache->flags);
	strbuf_printf(out, " refcount=%d", (int)cache->refcount);
	print_hex(out, "allocflags", cache->allocflags);
	print_number(out, "ctor", cache->ctor != CTOR_NONE);
	print_number(out, "limit", cache->slab.limit);
	print_number(out, "batchcount", cache->slab.batchcount);
	print_number(out, "shared", cache->slab.shared);
	print_number(out, "useroffset", cache->useroffset);
	print_number(out, "usersize", cache->usersize);
}

static void print_slub(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	print_number(out, "align", cache->align);
	print_number(out, "inuse", cache->slub.inuse);
	print_number(out, "offset", cache->slub.offset);
	print_number(out, "oo_objects", cache->num);
	print_number(out, "oo_order", cache->order);
	print_number(out, "min_objects", cache->slub.min_num);
	print_number(out, "min_order", cache->slub.min_order);
	print_number(out, "red_left_pad", cache->slub.red_left_pad);
	print_hex(out, "flags", cache->flags);
	strbuf_printf(out, " refcount=%d", (int)cache->refcount);
	print_hex(out, "allocflags", cache->allocflags);
	print_number(out, "ctor", cache->ctor != CTOR_NONE);
	print_number(out, "min_partial", cache->slub.min_partial);
	print_number(out, "useroffset", cache->useroffset);
	print_number(out, "usersize", cache->usersize);
	if (s->config->cpu_ids > 1) {
		print_number(out, "cpu_partial", cache->slub.cpu_partial);
		print_number(out, "cpu_partial_slabs", cache->slub.cpu_partial_slabs);
	}
}

void replay_cache_print(const struct slab_system *s, const struct kmem_cache *cache, const char *name, bool addresses,
			struct strbuf *out)
{
	strbuf_printf(out, "%s kname=%s object_size=%u size=%u", name, cache->name, (unsigned)cache->object_size,
		      (unsigned)cache->size);
	switch (form_of(s)) {
	case FORM_2_6:
		print_2_6(s, cache, addresses, out);
		break;
	case FORM_6_1:
		print_6_1(cache, out);
		break;
	default:
		print_slub(s, cache, out);
	}
}

static void print_slab_counts(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	const struct kmem_cache_node *node = slab_node(s, cache, 0);
	unsigned avail = 0, touched = 0;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		avail += slab_cpu_array(s, cache, cpu)->avail;
		touched += slab_cpu_array(s, cache, cpu)->touched;
	}
	print_number(out, "full", node->list[SLAB_LIST_FULL].count);
	print_number(out, "partial", node->list[SLAB_LIST_PARTIAL].count);
	print_number(out, "free", node->list[SLAB_LIST_FREE].count);
	print_number(out, "free_objects", node->free_objects);
	print_number(out, "avail", avail);
	print_number(out, "touched", touched);
	print_number(out, "colour_next", node->colour_next);
}

/* Where SLUB's free list goes on behind the free object at `at`. */
static u64 next_free(const struct slab_system *s, const struct kmem_cache *cache, u64 at)
{
	return page_load(s->phys, slab_physical(s, at) + cache->slub.offset, s->config->word);
}

/*
 * The index of the object at `at` of a SLUB slab; -1: it is no object of that
 * slab.  Lists of free objects are followed only as far as this holds.
 */
static int slub_index(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 at)
{
	u64 first = slab_address(s, pfn) + cache->slub.red_left_pad;
	u64 offset = at - first;

	if (pfn == PFN_NONE || at < first || offset % cache->size || offset / cache->size >= slab_at(s, pfn)->objects)
		return -1;
	return (int)(offset / cache->size);
}

/* The objects of a free list of the slab at `pfn`, at most as many as it has. */
static u32 slub_list(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 at, struct strbuf *out)
{
	u32 count = 0;

	for (; at && count < slab_at(s, pfn)->objects; count++) {
		int index = slub_index(s, cache, pfn, at);

		if (index < 0)
			break;
		if (out)
			strbuf_printf(out, " %d", index);
		at = next_free(s, cache, at);
	}
	return count;
}

static void print_slub_counts(const struct slab_system *s, const struct kmem_cache *cache, struct strbuf *out)
{
	const struct kmem_cache_node *node = slab_node(s, cache, 0);
	u32 free = 0, inuse = 0, slab_free = 0, partial = 0, partial_free = 0;
	pfn_t last = 0;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++) {
		const struct kmem_cache_cpu *c = slab_cpu(s, cache, cpu);

		partial += c->partial.count;
		if (c->slab == PFN_NONE)
			continue;
		last = c->slab;
		free += slub_list(s, cache, c->slab, c->freelist, NULL);
		inuse += slab_at(s, c->slab)->inuse;
		slab_free += slab_at(s, c->slab)->objects - slab_at(s, c->slab)->inuse;
	}
	for (pfn_t pfn = node->list[SLAB_LIST_PARTIAL].head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
		partial_free += slab_at(s, pfn)->objects - slab_at(s, pfn)->inuse;
	print_number(out, "slabs", node->nr_slabs);
	print_number(out, "cpu_slab", last);
	print_number(out, "cpu_free", free);
	print_number(out, "cpu_slab_inuse", inuse);
	print_number(out, "slab_free", slab_free);
	print_number(out, "cpu_partial", partial);
	print_number(out, "node_partial", node->list[SLAB_LIST_PARTIAL].count);
	print_number(out, "partial_free", partial_free);
}

void replay_cache_print_counts(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			       struct strbuf *out)
{
	struct slab_info info = { 0 };

	s->config->rules->info(s, cache, &info);
	strbuf_puts(out, name);
	/* Recordings do not count what lies in the shared array. */
	print_number(out, "active_objs", info.active_objs - info.shared_avail);
	print_number(out, "inuse", info.inuse);
	print_number(out, "num_objs", info.num_objs);
	if (form_of(s) == FORM_SLUB)
		print_slub_counts(s, cache, out);
	else
		print_slab_counts(s, cache, out);
	strbuf_printf(out, " h=%08x", (unsigned)hash_fold(s->config->rules->hash(s, cache)));
}

/* Where in its slab the first object begins, in bytes. */
static u64 first_object(const struct slab_system *s, pfn_t pfn)
{
	return slab_address(s, pfn) + slab_at(s, pfn)->s_mem;
}

/* bottom..top: <pfn.index> ... */
static void print_entries(const struct slab_system *s, const struct kmem_cache *cache, const struct array_cache *array,
			  struct strbuf *out)
{
	strbuf_puts(out, " bottom..top:");
	for (u32 n = 0; n < array->avail && n < SLAB_ARRAY; n++) {
		pfn_t pfn = slab_of(s, array->entry[n]);

		if (pfn == PFN_NONE)
			strbuf_printf(out, " %llx", (unsigned long long)array->entry[n]);
		else
			strbuf_printf(out, " %u.%u", (unsigned)pfn,
				      (unsigned)((array->entry[n] - first_object(s, pfn)) / cache->size));
	}
}

static void print_cpu_slab(const struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache_cpu *c,
			   struct strbuf *out)
{
	const struct page_slab *slab;

	if (c->slab == PFN_NONE) {
		strbuf_puts(out, " slab=none");
		return;
	}
	slab = slab_at(s, c->slab);
	print_number(out, "slab", c->slab);
	print_number(out, "inuse", slab->inuse);
	print_number(out, "objects", slab->objects);
	print_number(out, "frozen", slab->frozen);
	strbuf_puts(out, " freelist:");
	slub_list(s, cache, c->slab, c->freelist, out);
	strbuf_puts(out, " slabfreelist:");
	slub_list(s, cache, c->slab, slab->freelist, out);
}

void replay_cache_print_cpu(const struct slab_system *s, const struct kmem_cache *cache, const char *name, unsigned cpu,
			    struct strbuf *out)
{
	const struct array_cache *array;

	strbuf_printf(out, "%s %u", name, cpu);
	if (form_of(s) == FORM_SLUB) {
		print_cpu_slab(s, cache, slab_cpu(s, cache, cpu), out);
		return;
	}
	array = slab_cpu_array(s, cache, cpu);
	print_number(out, "avail", array->avail);
	print_number(out, "limit", array->limit);
	print_number(out, "batchcount", array->batchcount);
	print_number(out, "touched", array->touched);
	print_entries(s, cache, array, out);
}

void replay_cache_print_shared(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			       struct strbuf *out)
{
	const struct array_cache *array = slab_shared_array(s, cache, 0);

	strbuf_puts(out, name);
	print_number(out, "avail", array->avail);
	print_number(out, "limit", array->limit);
	print_hex(out, "batchcount", NO_BATCHCOUNT);
	print_entries(s, cache, array, out);
}

void replay_cache_print_node(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			     struct strbuf *out)
{
	const struct kmem_cache_node *node = slab_node(s, cache, 0);

	strbuf_puts(out, name);
	if (form_of(s) == FORM_SLUB) {
		print_number(out, "nr_slabs", node->nr_slabs);
		print_number(out, "total_objects", node->total_objects);
		print_number(out, "nr_partial", node->list[SLAB_LIST_PARTIAL].count);
		print_number(out, "min_partial", cache->slub.min_partial);
		return;
	}
	if (form_of(s) == FORM_6_1) {
		u32 free = node->list[SLAB_LIST_FREE].count;

		print_number(out, "total_slabs",
			     node->list[SLAB_LIST_FULL].count + node->list[SLAB_LIST_PARTIAL].count + free);
		print_number(out, "free_slabs", free);
	}
	print_number(out, "free_objects", node->free_objects);
	print_number(out, "free_limit", node->free_limit);
	print_number(out, "colour_next", node->colour_next);
	if (form_of(s) == FORM_6_1) {
		strbuf_puts(out, " shared=-1");
		return;
	}
	print_number(out, "shared_limit", slab_shared_array(s, cache, 0)->limit);
	print_number(out, "shared", slab_shared_array(s, cache, 0)->avail);
	print_number(out, "free_touched", node->free_touched);
	strbuf_printf(out, " next_reap=%lld", (long long)(node->next_reap - s->state->ticks));
}

pfn_t replay_cache_slab(const struct slab_system *s, const struct kmem_cache *cache, unsigned n, unsigned *list,
			unsigned *cpu)
{
	const struct kmem_cache_node *node = slab_node(s, cache, 0);
	/* SLUB: the CPUs' partial slabs, then the node's, then the full ones. */
	static const unsigned order[2][3] = { { SLAB_LIST_FULL, SLAB_LIST_PARTIAL, SLAB_LIST_FREE },
					      { SLAB_LIST_PARTIAL, SLAB_LIST_FULL, SLAB_LIST_FREE } };
	bool slub = form_of(s) == FORM_SLUB;

	*list = SLAB_LIST_CPU;
	for (*cpu = 0; slub && *cpu < s->phys->config->cpus; ++*cpu) {
		pfn_t pfn = slab_cpu(s, cache, *cpu)->partial.head;

		for (; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
			if (n-- == 0)
				return pfn;
	}
	for (unsigned l = 0; l < 3; l++) {
		pfn_t pfn = node->list[order[slub][l]].head;

		*list = order[slub][l];
		for (; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
			if (n-- == 0)
				return pfn;
	}
	return PFN_NONE;
}

/* next: the indexes of the free objects in the order in which they are taken. */
static void print_chain_2_6(const struct slab_system *s, const struct kmem_cache *cache, u64 descriptor,
			    struct strbuf *out)
{
	u64 at = slab_physical(s, descriptor);
	u64 free = page_load(s->phys, at + SLAB_FREE, 4);

	strbuf_puts(out, " next:");
	for (u32 n = 0; n < cache->num && free < cache->num; n++) {
		strbuf_printf(out, " %u", (unsigned)free);
		free = page_load(s->phys, at + SLAB_BUFCTL + free * 4, 4);
	}
}

static void print_slab_2_6(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, struct strbuf *out)
{
	const struct page_slab *slab = slab_at(s, pfn);
	u64 descriptor = slab->freelist;

	strbuf_printf(out, " active=%u/%u s_mem=+%u colour=%u",
		      (unsigned)page_load(s->phys, slab_physical(s, descriptor) + SLAB_INUSE, 4), (unsigned)cache->num,
		      (unsigned)slab->s_mem, (unsigned)(slab->colour / cache->slab.colour_off));
	if (cache->slab.offslab)
		print_hex(out, "slabp", descriptor);
	else
		strbuf_printf(out, " slabp=+%llu", (unsigned long long)(descriptor - slab_address(s, pfn)));
	print_chain_2_6(s, cache, descriptor, out);
}

static void print_slab_6_1(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, struct strbuf *out)
{
	const struct page_slab *slab = slab_at(s, pfn);
	unsigned width = cache->num > 256 ? 2 : 1;

	strbuf_printf(out, " active=%u/%u s_mem=+%u", slab->inuse, (unsigned)cache->num, (unsigned)slab->s_mem);
	if (!slab->freelist)
		strbuf_puts(out, " freelist=none");
	else if (slab_of(s, slab->freelist) == pfn)
		strbuf_printf(out, " freelist=+%llu", (unsigned long long)(slab->freelist - slab_address(s, pfn)));
	else
		print_hex(out, "freelist", slab->freelist);
	strbuf_puts(out, " next:");
	for (u32 n = slab->inuse; slab->freelist && n < cache->num; n++)
		strbuf_printf(out, " %u",
			      (unsigned)page_load(s->phys, slab_physical(s, slab->freelist) + n * width, width));
}

/* Slabs on the list from this one to the end. */
static u32 slabs_from(const struct slab_system *s, pfn_t pfn)
{
	u32 count = 0;

	for (; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
		count++;
	return count;
}

static void print_slab_slub(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, unsigned list,
			    struct strbuf *out)
{
	const struct page_slab *slab = slab_at(s, pfn);

	print_number(out, "inuse", slab->inuse);
	print_number(out, "objects", slab->objects);
	if (list == SLAB_LIST_FULL)
		return;
	if (list == SLAB_LIST_CPU)
		print_number(out, "slabs", slabs_from(s, pfn));
	strbuf_puts(out, " freelist:");
	slub_list(s, cache, pfn, slab->freelist, out);
}

bool replay_cache_print_slab(const struct slab_system *s, const struct kmem_cache *cache, const char *name, unsigned n,
			     struct strbuf *out)
{
	static const char *const lists[SLAB_LISTS] = { "", "full", "partial", "free", "" };
	unsigned list, cpu;
	pfn_t pfn = replay_cache_slab(s, cache, n, &list, &cpu);

	if (pfn == PFN_NONE)
		return false;
	if (list == SLAB_LIST_CPU)
		strbuf_printf(out, "%s cpu%upartial pfn=%u", name, cpu, (unsigned)pfn);
	else
		strbuf_printf(out, "%s %s pfn=%u", name, lists[list], (unsigned)pfn);
	switch (form_of(s)) {
	case FORM_2_6:
		print_slab_2_6(s, cache, pfn, out);
		break;
	case FORM_6_1:
		print_slab_6_1(s, cache, pfn, out);
		break;
	default:
		print_slab_slub(s, cache, pfn, list, out);
	}
	return true;
}

void replay_cache_print_statistics(const struct kmem_cache *cache, struct strbuf *out)
{
	const struct slab_statistics *n = &cache->slab.statistics;

	/* Errors are never counted. */
	strbuf_printf(out, "globalstat %u %u %u %u 0 %u %u %u %u", (unsigned)n->allocs, (unsigned)n->high,
		      (unsigned)cache->slab.grown, (unsigned)cache->slab.reaped, (unsigned)n->max_freeable,
		      (unsigned)n->node_allocs, (unsigned)n->node_frees, (unsigned)n->node_overflow);
	strbuf_printf(out, " : cpustat %u %u %u %u", (unsigned)n->alloc_hit, (unsigned)n->alloc_miss,
		      (unsigned)n->free_hit, (unsigned)n->free_miss);
}
