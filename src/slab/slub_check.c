/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_check.h"

#include "base/text.h"
#include "slab/slub_slab.h"

#include <inttypes.h>

/* The walk over one cache. */
struct walk {
	const struct slab_system *s;
	const struct kmem_cache *cache;
	struct status *st;
	u32 seen[PHYS_NODES]; /* slabs found where they should be, by node */
	u32 objects[PHYS_NODES];
};

static bool bad(const struct walk *w, pfn_t pfn, const char *what, u64 is, u64 should)
{
	if (pfn == PFN_NONE)
		return status_fail(w->st, STATUS_INVALID, _("cache %s: %s is %" PRIu64 ", but should be %" PRIu64),
				   w->cache->name, what, is, should);
	return status_fail(w->st, STATUS_INVALID,
			   _("cache %s, slab at frame 0x%" PRIx32 ": %s is %" PRIu64 ", but should be %" PRIu64),
			   w->cache->name, pfn, what, is, should);
}

/* ------------------------------------------------------------- one slab */

static void count_one(void *context, u32 index, u64 address)
{
	(void)index;
	(void)address;
	++*(u32 *)context;
}

/* A list of free objects that is sound is as long as the counter says. */
static bool check_freelist(const struct walk *w, pfn_t pfn)
{
	const struct page_slab *slab = slub_slab_of(w->s, pfn);
	u32 count = 0;

	if (!slub_object_walk(w->s, w->cache, pfn, slab->freelist, count_one, &count))
		return true;
	return slab->inuse + count == slab->objects ||
	       bad(w, pfn, _("the number of objects in use"), slab->inuse, slab->objects - count);
}

static bool check_slab(struct walk *w, pfn_t pfn, enum slab_list list, bool frozen)
{
	const struct phys *p = w->s->phys;
	const struct page *page = pfn < p->config->max_pfn ? page_find(p, pfn) : NULL;
	u32 order, objects;

	if (!page || page->kind != PAGE_SLAB || page->head != pfn)
		return bad(w, pfn, _("what its frame is the start of, a slab,"), 0, 1);
	if (page->slab.cache != slab_slot(w->s, w->cache))
		return bad(w, pfn, _("its cache's slot"), page->slab.cache, slab_slot(w->s, w->cache));
	if (page->slab.list != list)
		return bad(w, pfn, _("the list it says it is on"), page->slab.list, list);
	if (page->slab.frozen != frozen)
		return bad(w, pfn, _("its mark that it is a CPU's"), page->slab.frozen, frozen);
	order = p->frame[pfn].order;
	if (order != w->cache->order && order != w->cache->slub.min_order)
		return bad(w, pfn, _("its order"), order, w->cache->order);
	objects = order == w->cache->order ? w->cache->num : w->cache->slub.min_num;
	if (page->slab.objects != objects)
		return bad(w, pfn, _("the number of its objects"), page->slab.objects, objects);
	return check_freelist(w, pfn);
}

static void found(struct walk *w, pfn_t pfn)
{
	unsigned node = slub_slab_node(w->s, pfn);

	w->seen[node]++;
	w->objects[node] += slub_slab_of(w->s, pfn)->objects;
}

/* ------------------------------------------------------------- lists */

/* A list of slabs; `node` is that which they must lie on, -1: any. */
static bool check_list(struct walk *w, const struct block_list *list, enum slab_list kind, bool frozen, int node)
{
	const struct phys *p = w->s->phys;
	pfn_t before = PFN_NONE;
	u32 count = 0;

	for (pfn_t pfn = list->head; pfn != PFN_NONE; before = pfn, pfn = blocklist_next(p, 0, pfn)) {
		if (count++ == list->count)
			return bad(w, pfn, _("the length of its list, at least,"), count, list->count);
		if (!check_slab(w, pfn, kind, frozen))
			return false;
		if (blocklist_tag(p, 0, pfn) != (TAG_OWNED | (unsigned)kind))
			return bad(w, pfn, _("its tag"), blocklist_tag(p, 0, pfn), TAG_OWNED | (unsigned)kind);
		if (blocklist_prev(p, 0, pfn) != before)
			return bad(w, pfn, _("its link back"), blocklist_prev(p, 0, pfn), before);
		if (node >= 0 && slub_slab_node(w->s, pfn) != (unsigned)node)
			return bad(w, pfn, _("its node"), slub_slab_node(w->s, pfn), (u64)node);
		if (kind == SLAB_LIST_PARTIAL && slub_slab_of(w->s, pfn)->inuse >= slub_slab_of(w->s, pfn)->objects)
			return bad(w, pfn, _("the number of objects in use of a partial slab, at most,"),
				   slub_slab_of(w->s, pfn)->inuse, slub_slab_of(w->s, pfn)->objects - 1u);
		found(w, pfn);
	}
	if (list->tail != before)
		return bad(w, before, _("the tail of its list"), list->tail, before);
	return count == list->count || bad(w, PFN_NONE, _("the count of a list of slabs"), list->count, count);
}

/* Slabs that were given up, and wait for RCU: they count no more. */
static bool check_waiting(const struct walk *w, const struct block_list *list)
{
	const struct phys *p = w->s->phys;
	u32 count = 0;

	if (list->count && !(w->cache->flags & SLUB_TYPESAFE_BY_RCU))
		return bad(w, list->head, _("its waiting for a grace period, though its cache does not,"), 1, 0);
	for (pfn_t pfn = list->head; pfn != PFN_NONE; pfn = blocklist_next(p, 0, pfn)) {
		const struct page *page = pfn < p->config->max_pfn ? page_find(p, pfn) : NULL;

		if (count++ == list->count)
			return bad(w, pfn, _("the length of its list, at least,"), count, list->count);
		if (!page || page->kind != PAGE_SLAB || page->slab.cache != slab_slot(w->s, w->cache))
			return bad(w, pfn, _("its cache's slot"), page ? page->slab.cache : 0,
				   slab_slot(w->s, w->cache));
		if (!page->slab.word[SLUB_WAITS])
			return bad(w, pfn, _("its mark that it waits for a grace period"), 0, 1);
	}
	return count == list->count || bad(w, PFN_NONE, _("the count of a list of slabs"), list->count, count);
}

static bool check_node_lists(struct walk *w, unsigned node)
{
	const struct kmem_cache_node *n = slab_node(w->s, w->cache, node);
	bool stored = (w->cache->flags & SLUB_DEBUG_FLAGS) && (w->cache->flags & SLUB_STORE_USER);

	if (!check_list(w, &n->list[SLAB_LIST_PARTIAL], SLAB_LIST_PARTIAL, false, (int)node) ||
	    !check_list(w, &n->list[SLAB_LIST_FULL], SLAB_LIST_FULL, false, (int)node) ||
	    !check_waiting(w, &n->list[SLAB_LIST_NONE]))
		return false;
	if (n->nr_partial != n->list[SLAB_LIST_PARTIAL].count)
		return bad(w, PFN_NONE, "nr_partial", n->nr_partial, n->list[SLAB_LIST_PARTIAL].count);
	if (!stored && n->list[SLAB_LIST_FULL].count)
		return bad(w, PFN_NONE, _("the count of full slabs on a list"), n->list[SLAB_LIST_FULL].count, 0);
	for (unsigned l = 0; l < SLAB_LISTS; l++)
		if (l != SLAB_LIST_PARTIAL && l != SLAB_LIST_FULL && l != SLAB_LIST_NONE && n->list[l].count)
			return bad(w, PFN_NONE, _("the count of a list that SLUB does not have"), n->list[l].count, 0);
	return true;
}

/* ------------------------------------------------------------- CPUs */

static bool check_cpu(struct walk *w, const struct kmem_cache_cpu *c)
{
	bool debug = w->cache->flags & SLUB_DEBUG_FLAGS;
	u32 most = w->cache->slub.cpu_partial_slabs, count = 0;

	if (c->slab == PFN_NONE && c->freelist)
		return bad(w, PFN_NONE, _("the list of a CPU that has no slab"), c->freelist, 0);
	if (debug && c->slab != PFN_NONE)
		return bad(w, c->slab, _("its being a CPU's, though its cache is checked,"), 1, 0);
	if (c->slab != PFN_NONE) {
		if (!check_slab(w, c->slab, SLAB_LIST_CPU, true))
			return false;
		if (slub_object_walk(w->s, w->cache, c->slab, c->freelist, count_one, &count) &&
		    count > slub_slab_of(w->s, c->slab)->inuse)
			return bad(w, c->slab, _("the number of objects at a CPU's hand, at most,"), count,
				   slub_slab_of(w->s, c->slab)->inuse);
		found(w, c->slab);
	}
	if (!slub_geometry_has_cpu_partial(w->s->config, w->cache->flags))
		most = 0;
	else if (most < most / 2 + 1)
		most = most / 2 + 1;
	if (c->partial.count > most)
		return bad(w, PFN_NONE, _("the number of a CPU's partial slabs, at most,"), c->partial.count, most);
	return check_list(w, &c->partial, SLAB_LIST_CPU, true, -1);
}

/* ------------------------------------------------------------- slabs on no list */

/* Full slabs are on no list: they are found by their descriptors. */
static bool check_unlisted(struct walk *w)
{
	const struct phys *p = w->s->phys;

	for (u32 slot = 0; slot < p->state->page_used; slot++) {
		const struct page *page = &p->page[slot];

		if (page->pfn == PFN_NONE || page->kind != PAGE_SLAB || page->head != page->pfn ||
		    page->slab.cache != slab_slot(w->s, w->cache) || page->slab.list != SLAB_LIST_NONE ||
		    page->slab.word[SLUB_WAITS])
			continue;
		if (!check_slab(w, page->pfn, SLAB_LIST_NONE, false))
			return false;
		if (page->slab.inuse < page->slab.objects)
			return bad(w, page->pfn, _("the number of objects in use of a slab on no list"),
				   page->slab.inuse, page->slab.objects);
		found(w, page->pfn);
	}
	return true;
}

bool slub_check(const struct slab_system *s, const struct kmem_cache *cache, struct status *st)
{
	struct walk w = { .s = s, .cache = cache, .st = st };
	u32 slabs = 0;

	for (unsigned cpu = 0; cpu < s->phys->config->cpus; cpu++)
		if (!check_cpu(&w, slab_cpu(s, cache, cpu)))
			return false;
	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		if (!check_node_lists(&w, node))
			return false;
		slabs += slab_node(s, cache, node)->nr_slabs;
	}
	if (slabs && !check_unlisted(&w))
		return false;
	for (unsigned node = 0; node < s->phys->config->nodes; node++) {
		const struct kmem_cache_node *n = slab_node(s, cache, node);

		if (n->nr_slabs != w.seen[node] + n->untold_slabs)
			return bad(&w, PFN_NONE, "nr_slabs", n->nr_slabs, w.seen[node] + n->untold_slabs);
		if (n->total_objects != w.objects[node] + n->untold_objects)
			return bad(&w, PFN_NONE, "total_objects", n->total_objects,
				   w.objects[node] + n->untold_objects);
	}
	return true;
}
