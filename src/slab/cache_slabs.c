/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/cache_slabs.h"

#include "base/text.h"
#include "phys/blocklist.h"
#include "slab/rules.h"
#include "slab/slub_object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_slub(const struct slab_system *s)
{
	return s->config->allocator == SLAB_SLUB;
}

/* ------------------------------------------------------------- slabs */

/* A list that grows while slabs are found. */
struct finding {
	struct cache_slabs *found;
	const struct slab_system *s;
	const struct kmem_cache *cache;
};

static bool make_room(struct cache_slabs *c)
{
	size_t room = c->capacity ? c->capacity * 2 : 64;
	struct cache_slab *slab;

	if (c->count < c->capacity)
		return true;
	slab = realloc(c->slab, room * sizeof *slab);
	if (!slab)
		return false;
	c->slab = slab;
	c->capacity = room;
	return true;
}

static void add_slab(const struct finding *f, pfn_t pfn, enum cache_section section, unsigned cpu)
{
	const struct page *page = page_find(f->s->phys, pfn);
	struct cache_slabs *c = f->found;

	if (!page || page->kind != PAGE_SLAB || !make_room(c))
		return;
	c->slab[c->count++] = (struct cache_slab){
		.pfn = pfn,
		.section = section,
		.cpu = cpu,
		.objects = page->slab.objects ? page->slab.objects : f->cache->num,
		.inuse = page->slab.inuse,
		.colour = page->slab.colour,
	};
	c->section_count[section]++;
}

static void add_list(const struct finding *f, const struct block_list *list, enum cache_section section, unsigned cpu)
{
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(f->s->phys, 0, pfn))
		add_slab(f, pfn, section, cpu);
}

static void add_cpus(const struct finding *f)
{
	unsigned cpus = f->s->phys->config->cpus;

	for (unsigned cpu = 0; cpu < cpus; cpu++)
		if (slab_cpu(f->s, f->cache, cpu)->slab != PFN_NONE)
			add_slab(f, slab_cpu(f->s, f->cache, cpu)->slab, CACHE_AT_CPU, cpu);
	for (unsigned cpu = 0; cpu < cpus; cpu++)
		add_list(f, &slab_cpu(f->s, f->cache, cpu)->partial, CACHE_KEPT, cpu);
}

static int compare_slabs(const void *one, const void *other)
{
	const struct cache_slab *a = one, *b = other;

	return a->pfn < b->pfn ? -1 : a->pfn > b->pfn;
}

/* SLUB loses sight of full slabs: they are on no list, and are found by looking at all pages. */
static void add_full(const struct finding *f)
{
	const struct phys *p = f->s->phys;
	size_t from = f->found->count;

	for (u32 n = 0; n < p->state->page_used; n++) {
		const struct page *page = &p->page[n];

		if (page->pfn != PFN_NONE && page->kind == PAGE_SLAB && page->head == page->pfn &&
		    page->slab.cache == slab_slot(f->s, f->cache) && !page->slab.frozen &&
		    page->slab.list == SLAB_LIST_NONE)
			add_slab(f, page->pfn, CACHE_FULL, 0);
	}
	if (f->found->count > from)
		qsort(f->found->slab + from, f->found->count - from, sizeof *f->found->slab, compare_slabs);
}

static const struct {
	enum slab_list list;
	enum cache_section section;
	const char *name;
} lists[] = { { SLAB_LIST_FULL, CACHE_FULL, N_("full") },
	      { SLAB_LIST_PARTIAL, CACHE_PARTIAL, N_("partial") },
	      { SLAB_LIST_FREE, CACHE_FREE, N_("free") } };

void cache_slabs_find(struct cache_slabs *c, const struct slab_system *s, const struct kmem_cache *cache)
{
	struct finding f = { c, s, cache };

	c->count = 0;
	memset(c->section_count, 0, sizeof c->section_count);
	if (is_slub(s)) {
		add_cpus(&f);
		add_full(&f);
	}
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (unsigned n = 0; n < s->phys->config->nodes; n++)
			add_list(&f, &slab_node(s, cache, n)->list[lists[l].list], lists[l].section, 0);
}

void cache_slabs_free(struct cache_slabs *c)
{
	free(c->slab);
	*c = (struct cache_slabs){ 0 };
}

bool cache_slabs_has_list(const struct slab_system *s, enum cache_section section)
{
	return section >= CACHE_FULL && !(section == CACHE_FREE && is_slub(s));
}

const char *cache_slabs_title(enum cache_section section, unsigned cpu, char *out, size_t bytes)
{
	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		if (lists[l].section == section)
			return _(lists[l].name);
	snprintf(out, bytes, section == CACHE_AT_CPU ? _("cpu%u's") : _("cpu%u too"), cpu);
	return out;
}

/* ------------------------------------------------------------- what CPUs have at hand */

struct hand {
	void (*see)(void *context, u64 address);
	void *context;
	u32 count;
};

static void see_free(void *context, u32 index, u64 address)
{
	struct hand *hand = context;

	(void)index;
	hand->count++;
	hand->see(hand->context, address);
}

u32 cache_slabs_at_hand(const struct slab_system *s, const struct kmem_cache *cache, unsigned cpu,
			void (*see)(void *context, u64 address), void *context)
{
	struct hand hand = { see, context, 0 };

	if (is_slub(s)) {
		const struct kmem_cache_cpu *c = slab_cpu(s, cache, cpu);

		if (c->slab != PFN_NONE)
			slub_object_walk(s, cache, c->slab, c->freelist, see_free, &hand);
		return hand.count;
	}
	for (u32 n = slab_cpu_array(s, cache, cpu)->avail; n-- > 0;)
		see_free(&hand, 0, slab_cpu_array(s, cache, cpu)->entry[n] + cache->slab.obj_offset);
	return hand.count;
}

u32 cache_slabs_before(const struct slab_system *s, const struct kmem_cache *cache)
{
	return is_slub(s) ? cache->slub.red_left_pad : cache->slab.obj_offset;
}
