/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrupts each kind of SLUB's state of a sound machine, one at a time: the
 * walk over the invariants must say so, and name the cache.
 */
#include "slab/kmem_cache.h"
#include "slab/slub_percpu.h"
#include "tests/mutate/mutate.h"

#define OBJECTS 400

/* A cache in use by two CPUs, and one that is checked and records its users. */
struct subject {
	struct machine machine;
	struct kmem_cache *plain, *checked;
};

static struct slab_system *slab(struct subject *s)
{
	return &s->machine.slab;
}

static struct kmem_cache_cpu *cpu(struct subject *s, unsigned number)
{
	return slab_cpu(slab(s), s->plain, number);
}

static struct kmem_cache_node *node(struct subject *s, const struct kmem_cache *cache)
{
	return slab_node(slab(s), cache, 0);
}

static struct page_slab *partial(struct subject *s)
{
	return slub_slab_write(slab(s), node(s, s->plain)->list[SLAB_LIST_PARTIAL].head);
}

static struct page_slab *own(struct subject *s)
{
	return slub_slab_write(slab(s), cpu(s, 0)->slab);
}

static struct page_slab *kept(struct subject *s)
{
	return slub_slab_write(slab(s), cpu(s, 0)->partial.head);
}

static struct page_slab *full_listed(struct subject *s)
{
	return slub_slab_write(slab(s), node(s, s->checked)->list[SLAB_LIST_FULL].head);
}

/* A full slab of the plain cache, which is on no list. */
static struct page_slab *full(struct subject *s)
{
	struct phys *p = &s->machine.phys;

	for (u32 n = 0; n < p->state->page_used; n++) {
		struct page *page = &p->page[n];

		if (page->pfn != PFN_NONE && page->kind == PAGE_SLAB && page->head == page->pfn &&
		    page->slab.cache == slab_slot(slab(s), s->plain) && page->slab.list == SLAB_LIST_NONE)
			return &page->slab;
	}
	fprintf(stderr, "there is no full slab\n");
	exit(EXIT_FAILURE);
}

static u16 *tag(struct subject *s, pfn_t pfn)
{
	return &s->machine.phys.tag[0][pfn];
}

static struct block_link *link_of(struct subject *s, pfn_t pfn)
{
	return &s->machine.phys.link[0][pfn];
}

static pfn_t first(struct subject *s)
{
	return node(s, s->plain)->list[SLAB_LIST_PARTIAL].head;
}

/* A slab that is the first of the node's list and a CPU's own as well. */
static void two_owners(struct subject *s)
{
	cpu(s, 1)->slab = cpu(s, 0)->slab;
	cpu(s, 1)->freelist = 0;
}

static void plain_is_on_full_list(struct subject *s)
{
	struct page_slab *slab_full = full(s);
	pfn_t pfn = (pfn_t)(((struct page *)((char *)slab_full - offsetof(struct page, slab)))->pfn);

	slub_slab_add(slab(s), s->plain, pfn, SLAB_LIST_FULL, AT_HEAD);
}

#define MUTATIONS(ROW)                                                                                    \
	ROW(partial_inuse, partial(s)->inuse++)                                                           \
	ROW(partial_full, partial(s)->inuse = partial(s)->objects)                                        \
	ROW(partial_objects, partial(s)->objects--)                                                       \
	ROW(partial_frozen, partial(s)->frozen = 1)                                                       \
	ROW(partial_list, partial(s)->list = SLAB_LIST_NONE)                                              \
	ROW(partial_cache, partial(s)->cache = slab_slot(slab(s), s->checked))                            \
	ROW(partial_freelist, partial(s)->freelist = 0)                                                   \
	ROW(partial_tag, *tag(s, first(s)) = TAG_OWNED)                                                   \
	ROW(partial_back, link_of(s, link_of(s, first(s))->next)->prev = PFN_NONE)                        \
	ROW(partial_circle, link_of(s, node(s, s->plain)->list[SLAB_LIST_PARTIAL].tail)->next = first(s)) \
	ROW(partial_tail, node(s, s->plain)->list[SLAB_LIST_PARTIAL].tail = first(s))                     \
	ROW(partial_count, node(s, s->plain)->list[SLAB_LIST_PARTIAL].count--)                            \
	ROW(partial_head, node(s, s->plain)->list[SLAB_LIST_PARTIAL].head++)                              \
	ROW(nr_partial, node(s, s->plain)->nr_partial++)                                                  \
	ROW(nr_slabs, node(s, s->plain)->nr_slabs++)                                                      \
	ROW(total_objects, node(s, s->plain)->total_objects--)                                            \
	ROW(list_that_is_not, node(s, s->plain)->list[SLAB_LIST_FREE].count = 1)                          \
	ROW(waits, node(s, s->plain)->list[SLAB_LIST_NONE].count = 1)                                     \
	ROW(waits_alone, full(s)->word[SLUB_WAITS] = 1)                                                   \
	ROW(full_of_plain, plain_is_on_full_list(s))                                                      \
	ROW(full_inuse, full(s)->inuse--)                                                                 \
	ROW(full_frozen, full(s)->frozen = 1)                                                             \
	ROW(full_list, full(s)->list = SLAB_LIST_PARTIAL)                                                 \
	ROW(full_listed_inuse, full_listed(s)->inuse--)                                                   \
	ROW(full_listed_list, full_listed(s)->list = SLAB_LIST_NONE)                                      \
	ROW(checked_nr_slabs, node(s, s->checked)->nr_slabs--)                                            \
	ROW(checked_has_cpu_slab, slab_cpu(slab(s), s->checked, 0)->slab = first(s))                      \
	ROW(own_list, own(s)->list = SLAB_LIST_NONE)                                                      \
	ROW(own_frozen, own(s)->frozen = 0)                                                               \
	ROW(own_inuse, own(s)->inuse = 0)                                                                 \
	ROW(own_order, s->machine.phys.frame[cpu(s, 0)->slab].order++)                                    \
	ROW(own_lost, cpu(s, 0)->slab = PFN_NONE)                                                         \
	ROW(own_of_two, two_owners(s))                                                                    \
	ROW(own_no_slab, cpu(s, 0)->slab = 5)                                                             \
	ROW(kept_frozen, kept(s)->frozen = 0)                                                             \
	ROW(kept_count, cpu(s, 0)->partial.count++)                                                       \
	ROW(kept_too_many, s->plain->slub.cpu_partial_slabs = 0)                                          \
	ROW(kept_lost, blocklist_init(&cpu(s, 0)->partial))                                               \
	ROW(cache_of_slab, own(s)->cache = SLAB_CACHES - 1)                                               \
	ROW(slab_of_page, page_find(&s->machine.phys, first(s))->kind = PAGE_PLAIN)                       \
	ROW(chain_next, s->plain->next = slab_slot(slab(s), s->plain) + 1)                                \
	ROW(chain_prev, s->plain->prev = 0)                                                               \
	ROW(chain_count, slab(s)->state->caches++)                                                        \
	ROW(chain_head, slab(s)->state->chain = SLAB_CACHES)                                              \
	ROW(slab_pages, slab(s)->state->zone[1].slab[0]++)                                                \
	ROW(slab_pages_reclaimable, slab(s)->state->zone[0].slab[1] = 8)                                  \
	ROW(cache_used, s->plain->used = 0)

MUTATIONS(MUTATE_FUNCTION)

static const struct mutation mutations[] = { MUTATIONS(MUTATE_NAMED) };

static void fill(struct subject *s, struct kmem_cache *cache, u64 *object, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		object[n] = kmem_cache_alloc(slab(s), cache, kmem_cache_gfp_kernel(slab(s)));
		if (!object[n])
			mutate_die("no object");
	}
}

/* Partial slabs on the node, some kept by a CPU, its own, full ones; both caches. */
static void prepare(struct subject *s)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	u64 object[OBJECTS];

	if (!desc_load(&desc, "x86_64-6.1-slub", &st) || !desc_set(&desc, "mem=256M", &st) ||
	    !desc_set(&desc, "cpus=2", &st) || !machine_boot(&s->machine, &desc, NULL, &st))
		mutate_die(st.message);
	s->plain = kmem_cache_create(slab(s), "plain", 700, 0, 0, CTOR_ZERO);
	s->checked =
	    kmem_cache_create(slab(s), "checked", 700, 0,
			      SLUB_STORE_USER | SLUB_POISON | SLUB_RED_ZONE | SLUB_CONSISTENCY_CHECKS, CTOR_NONE);
	if (!s->plain || !s->checked)
		mutate_die("no cache");
	fill(s, s->plain, object, OBJECTS);
	/* One of each slab, but of the last ones: those stay full. */
	for (unsigned n = 0; n < OBJECTS - 4 * s->plain->num; n += s->plain->num)
		kmem_cache_free(slab(s), s->plain, object[n]);
	fill(s, s->checked, object, 3 * s->checked->num + 1);
	if (node(s, s->plain)->nr_partial < 3 || cpu(s, 0)->partial.count < 2 || cpu(s, 0)->slab == PFN_NONE ||
	    !node(s, s->checked)->list[SLAB_LIST_FULL].count)
		mutate_die("the caches are not as they should be");
	if (!invariants_hold(&s->machine, &st))
		mutate_die(st.message);
}

static struct subject sound, corrupted;

static struct subject *look(void)
{
	const struct slab_system *s = &sound.machine.slab;

	corrupted.plain = &corrupted.machine.slab.cache[slab_slot(s, sound.plain)];
	corrupted.checked = &corrupted.machine.slab.cache[slab_slot(s, sound.checked)];
	return &corrupted;
}

int main(void)
{
	unsigned missed;

	prepare(&sound);
	missed =
	    mutate_all("x86_64-6.1-slub", &sound.machine, &corrupted.machine, look, mutations, ARRAY_SIZE(mutations));
	machine_free(&sound.machine);
	printf("%zu mutations, %u missed\n", ARRAY_SIZE(mutations), missed);
	return missed ? EXIT_FAILURE : EXIT_SUCCESS;
}
