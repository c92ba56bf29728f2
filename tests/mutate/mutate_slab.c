/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrupts each kind of SLAB's state of a sound machine, one at a time, on both
 * kernels: the walk over the invariants must say so.
 */
#include "phys/blocklist.h"
#include "phys/reclaim.h"
#include "slab/kmem_cache.h"
#include "slab/mempool.h"
#include "slab/slab_shrinker.h"
#include "slab/slab_store.h"
#include "tests/mutate/mutate.h"

#define OBJECTS 400

/* A cache with slabs on all three lists, and another one. */
struct subject {
	struct machine machine;
	struct kmem_cache *cache, *other;
};

static struct slab_system *slab(struct subject *s)
{
	return &s->machine.slab;
}

static struct kmem_cache_node *node(struct subject *s)
{
	return slab_node(slab(s), s->cache, 0);
}

static struct mempool *pool(struct subject *s)
{
	arena_touch(&s->machine.arena, &slab(s)->pool[0]);
	return &slab(s)->pool[0];
}

static struct array_cache *array(struct subject *s, unsigned cpu)
{
	return slab_cpu_array(slab(s), s->cache, cpu);
}

static struct array_cache *alien(struct subject *s, unsigned on, unsigned home)
{
	return slab_alien_array(slab(s), s->cache, on, home);
}

static struct slab_unused *unused(struct subject *s)
{
	return slab_shrinker_list(slab(s), s->other);
}

static struct reclaim *reclaim(struct subject *s)
{
	return s->machine.phys.reclaim;
}

/* Frees an object behind its owner's back. */
static void free_unused(struct subject *s)
{
	s->other->shrinker = 0;
	kmem_cache_free(slab(s), s->other, unused(s)->oldest);
	s->other->shrinker = 1;
}

static pfn_t first(struct subject *s, enum slab_list list)
{
	return node(s)->list[list].head;
}

/* The first slab of a list. */
static struct page *page(struct subject *s, enum slab_list list)
{
	return page_touch(&s->machine.phys, page_find(&s->machine.phys, first(s, list)));
}

static struct block_link *link_of(struct subject *s, pfn_t pfn)
{
	return blocklist_write(&s->machine.phys, 0, pfn);
}

static void set_tag(struct subject *s, pfn_t pfn, u16 tag)
{
	blocklist_write_tag(&s->machine.phys, 0, pfn, tag);
}

/* Writes over the list of free objects of a partial slab. */
static void spoil_management(struct subject *s, u8 byte)
{
	struct page *p = page(s, SLAB_LIST_PARTIAL);
	u64 at = slab_physical(slab(s), p->slab.freelist);

	page_fill(&s->machine.phys, at, byte, s->cache->slab.management);
}

#define MUTATIONS(ROW)                                                                                    \
	ROW(full_inuse, page(s, SLAB_LIST_FULL)->slab.inuse--)                                            \
	ROW(partial_inuse, page(s, SLAB_LIST_PARTIAL)->slab.inuse++)                                      \
	ROW(partial_empty, page(s, SLAB_LIST_PARTIAL)->slab.inuse = 0)                                    \
	ROW(free_inuse, page(s, SLAB_LIST_FREE)->slab.inuse = 1)                                          \
	ROW(slab_list, page(s, SLAB_LIST_PARTIAL)->slab.list = SLAB_LIST_FREE)                            \
	ROW(slab_cache, page(s, SLAB_LIST_FULL)->slab.cache = slab_slot(slab(s), s->other))               \
	ROW(slab_no_cache, page(s, SLAB_LIST_FULL)->slab.cache = SLAB_CACHES - 1)                         \
	ROW(slab_objects_end, page(s, SLAB_LIST_FULL)->slab.s_mem += 4096)                                \
	ROW(slab_order, s->machine.phys.frame[first(s, SLAB_LIST_FULL)].order++)                          \
	ROW(slab_of_page, page(s, SLAB_LIST_FULL)->kind = PAGE_PLAIN)                                     \
	ROW(free_list_high, spoil_management(s, 0xee))                                                    \
	ROW(list_head, node(s)->list[SLAB_LIST_PARTIAL].head++)                                           \
	ROW(list_tail, node(s)->list[SLAB_LIST_FULL].tail = first(s, SLAB_LIST_FULL))                     \
	ROW(list_count, node(s)->list[SLAB_LIST_FULL].count--)                                            \
	ROW(list_circle, link_of(s, node(s)->list[SLAB_LIST_FULL].tail)->next = first(s, SLAB_LIST_FULL)) \
	ROW(list_back, link_of(s, link_of(s, first(s, SLAB_LIST_FULL))->next)->prev = PFN_NONE)           \
	ROW(list_tag, set_tag(s, first(s, SLAB_LIST_FULL), TAG_OWNED | SLAB_LIST_FREE))                   \
	ROW(list_lost, blocklist_init(&node(s)->list[SLAB_LIST_FREE]))                                    \
	ROW(list_that_is_not, node(s)->list[SLAB_LIST_NONE].count = 1)                                    \
	ROW(free_objects, node(s)->free_objects++)                                                        \
	ROW(nr_slabs, node(s)->nr_slabs++)                                                                \
	ROW(colour_next, node(s)->colour_next = s->cache->slab.colour + 1)                                \
	ROW(array_avail, array(s, 0)->avail = array(s, 0)->limit + 1)                                     \
	ROW(array_limit, array(s, 1)->limit = SLAB_ARRAY + 1)                                             \
	ROW(array_entry, array(s, 0)->entry[0] = 64)                                                      \
	ROW(array_foreign, array(s, 0)->entry[0] = slab_cpu_array(slab(s), s->other, 0)->entry[0])        \
	ROW(shared_avail, slab_shared_array(slab(s), s->cache, 0)->avail = SLAB_ARRAY)                    \
	ROW(alien_avail, alien(s, 0, 1)->avail = SLAB_ARRAY)                                              \
	ROW(alien_of_other_node, alien(s, 1, 0)->entry[0] = alien(s, 0, 1)->entry[0])                     \
	ROW(alien_for_itself, alien(s, 1, 1)->avail = 1)                                                  \
	ROW(array_of_other_node, array(s, 0)->entry[0] = alien(s, 0, 1)->entry[0])                        \
	ROW(slab_of_other_node, page(s, SLAB_LIST_FULL)->slab.node = 1)                                   \
	ROW(slab_of_no_node, page(s, SLAB_LIST_FULL)->slab.node = PHYS_NODES)                             \
	ROW(cache_num, s->cache->num = 0)                                                                 \
	ROW(cache_size, s->cache->size *= 2)                                                              \
	ROW(cache_used, s->cache->used = 0)                                                               \
	ROW(pool_kind, pool(s)->kind = MEMPOOL_KINDS)                                                     \
	ROW(pool_elements, pool(s)->curr_nr = pool(s)->min_nr + 1)                                        \
	ROW(pool_waiting, pool(s)->waiting = MEMPOOL_WAITERS + 1)                                         \
	ROW(pool_waiter, pool(s)->waiter[0].command = 5)                                                  \
	ROW(pool_keeps, pool(s)->min_nr = MEMPOOL_MOST + 1)                                               \
	ROW(pool_cache, pool(s)->arg = SLAB_CACHES)                                                       \
	ROW(unused_count, unused(s)->count++)                                                             \
	ROW(unused_oldest, unused(s)->oldest = unused(s)->newest)                                         \
	ROW(unused_newest, unused(s)->newest = unused(s)->oldest)                                         \
	ROW(unused_foreign, unused(s)->oldest = array(s, 0)->entry[0])                                    \
	ROW(unused_freed, free_unused(s))                                                                 \
	ROW(shrinker_unknown, reclaim(s)->shrinker[0].owner = slab_slot(slab(s), s->cache))               \
	ROW(shrinker_lost, reclaim(s)->shrinkers = 0)                                                     \
	ROW(shrinker_forgotten, s->other->shrinker = 0)                                                   \
	ROW(chain_next, s->cache->next = slab_slot(slab(s), s->cache) + 1)                                \
	ROW(chain_prev, s->cache->prev = 7)                                                               \
	ROW(chain_head, slab(s)->state->chain = SLAB_CACHES)                                              \
	ROW(chain_count, slab(s)->state->caches++)                                                        \
	ROW(slab_pages, slab(s)->state->zone[1].slab[0]++)                                                \
	ROW(slab_pages_reclaimable, slab(s)->state->zone[0].slab[1] = 8)                                  \
	ROW(slots_used, slab(s)->state->slots_used = SLAB_CACHES + 1)

MUTATIONS(MUTATE_FUNCTION)

static const struct mutation mutations[] = { MUTATIONS(MUTATE_NAMED) };

static void prepare(struct subject *s, const char *name)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;
	u64 object[OBJECTS];

	if (!desc_load(&desc, name, &st) || !desc_set(&desc, "mem=64M", &st) || !desc_set(&desc, "cpus=2", &st) ||
	    !desc_set(&desc, "nodes=2", &st) || !machine_boot(&s->machine, &desc, NULL, &st))
		mutate_die(st.message);
	s->cache = kmem_cache_create(slab(s), "corrupted", 700, 0, 0, CTOR_NONE);
	s->other = kmem_cache_create(slab(s), "other", 300, 0, 0, CTOR_NONE);
	if (!s->cache || !s->other)
		mutate_die("no cache");
	if (mempool_create(slab(s), MEMPOOL_SLAB, slab_slot(slab(s), s->other), 2) != 0)
		mutate_die("no mempool");
	if (!slab_shrinker_register(slab(s), s->other, 2))
		mutate_die("no shrinker");
	for (unsigned n = 0; n < 3; n++)
		slab_shrinker_add(slab(s), s->other,
				  kmem_cache_alloc(slab(s), s->other, kmem_cache_gfp_kernel(slab(s))));
	for (unsigned n = 0; n < OBJECTS; n++)
		object[n] = kmem_cache_alloc(slab(s), s->cache, kmem_cache_gfp_kernel(slab(s)));
	/* More than the arrays hold: the rest goes to slabs. */
	for (unsigned n = 0; n < OBJECTS - 70; n++)
		kmem_cache_free(slab(s), s->cache, object[n]);
	kmem_cache_free(slab(s), s->other, kmem_cache_alloc(slab(s), s->other, kmem_cache_gfp_kernel(slab(s))));
	/* One of each node waits on the other. */
	for (u32 cpu = 0; cpu < 2; cpu++) {
		s->machine.phys.state->cpu = cpu;
		object[cpu] = kmem_cache_alloc(slab(s), s->cache, kmem_cache_gfp_kernel(slab(s)));
	}
	for (u32 cpu = 0; cpu < 2; cpu++) {
		s->machine.phys.state->cpu = cpu;
		kmem_cache_free(slab(s), s->cache, object[1 - cpu]);
	}
	s->machine.phys.state->cpu = 0;
	if (!alien(s, 0, 1)->avail || !alien(s, 1, 0)->avail)
		mutate_die("an alien array is empty");
	for (unsigned l = SLAB_LIST_FULL; l <= SLAB_LIST_FREE; l++)
		if (node(s)->list[l].count < (l == SLAB_LIST_FULL ? 2 : 1))
			mutate_die("a list of slabs is empty");
	if (!array(s, 0)->avail || !slab_cpu_array(slab(s), s->other, 0)->avail)
		mutate_die("an array is empty");
	if (!invariants_hold(&s->machine, &st))
		mutate_die(st.message);
}

static struct subject sound, corrupted;

static struct subject *look(void)
{
	const struct slab_system *s = &sound.machine.slab;

	corrupted.cache = &corrupted.machine.slab.cache[slab_slot(s, sound.cache)];
	corrupted.other = &corrupted.machine.slab.cache[slab_slot(s, sound.other)];
	return &corrupted;
}

static unsigned missed_on(const char *name)
{
	unsigned missed;

	prepare(&sound, name);
	missed = mutate_all(name, &sound.machine, &corrupted.machine, look, mutations, ARRAY_SIZE(mutations));
	machine_free(&sound.machine);
	return missed;
}

int main(void)
{
	unsigned missed = missed_on("i386-2.6.18") + missed_on("i386-6.1-slab");

	printf("%zu corruptions on two kernels, %u missed\n", ARRAY_SIZE(mutations), missed);
	return missed ? EXIT_FAILURE : EXIT_SUCCESS;
}
