/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small objects: what both slab allocators work on.
 *
 * As with pages: struct slab_config never changes, the state lies in the
 * arena, struct slab_system is the host's view of both.  Caches are slots of an
 * array.  A slab is a block of pages of kind PAGE_SLAB; its descriptor is
 * struct page_slab of its first page (phys/page.h), and its place on the
 * cache's lists is that page's place on lists of order 0 (phys/blocklist.h).
 *
 * What the kernel keeps in memory that objects share lies in the bytes of the
 * pages here too, in the kernel's form: SLUB's free pointers, 2.6's struct slab
 * with its bufctl array, 6.1's list of free indexes.  So whoever writes over it
 * meets what he would meet in the kernel: it is read as untrusted.  What the
 * kernel keeps elsewhere (struct kmem_cache, array_cache, kmem_cache_node) lies
 * in the arrays below, though its memory is allocated as the kernel does it.
 */
#ifndef KM_SLAB_SLAB_H
#define KM_SLAB_SLAB_H

#include "phys/down.h"
#include "phys/page.h"
#include "phys/phys.h"

#define SLAB_CACHES 2048 /* most caches at a time */
#define SLAB_NAME 64 /* bytes of a cache's name, with its end */
#define SLAB_ARRAY 508 /* most objects that an array_cache can hold; with its head it fills a chunk of the arena */
#define SLAB_KMALLOC_TYPES 3 /* normal, reclaimable, DMA */
#define SLAB_KMALLOC_SIZES 32 /* sizes of kmalloc's caches */
/* Where x86_64 maps its page descriptors, and the size of one. */
#define SLAB_VMEMMAP UINT64_C(0xffffea0000000000)
#define SLAB_STRUCT_PAGE 64
#define SLAB_NONE 0 /* no cache: slots count from 1 where a number says which cache */

enum slab_allocator {
	SLAB_ABSENT, /* textbooks */
	SLAB_SLAB,
	SLAB_SLUB,
};

/* What a constructor writes into each object; the kernel's are functions, ours have names. */
enum slab_ctor { CTOR_NONE, CTOR_ZERO, CTOR_COUNT_UP, CTOR_PATTERN, CTOR_KINDS };

struct slab_rules; /* what differs from kernel to kernel, slab/rules.h */

struct slab_config {
	enum slab_allocator allocator;
	const struct slab_rules *rules; /* NULL: SLAB_ABSENT */
	unsigned word; /* bytes of a pointer: 4 or 8 */
	unsigned cpu_ids; /* nr_cpu_ids */
	u32 cache_line; /* bytes: cache_line_size() now */
	u32 cache_line_at_boot; /* the same when kmalloc's caches were made */
	u64 low_pages; /* pages of memory that the kernel counts when it asks whether there is little */
	bool debug; /* CONFIG_DEBUG_SLAB; slub_debug on all caches */
	bool no_merge; /* slab_nomerge */
	u32 hz; /* ticks a second */
	u64 early; /* address in the kernel image where the descriptors of the first caches lie; 0: not known */
	u32 cache_bytes, node_bytes, array_bytes; /* sizeof struct kmem_cache, its node, array_cache without entries */
	u32 slab_bytes, index_bytes; /* 2.6: sizeof struct slab without indexes, and of an index */
};

/* An array of objects at hand, the last one handed out first. SLAB: a CPU's, shared or alien. */
struct array_cache {
	u32 avail; /* objects in it */
	u32 limit, batchcount;
	u32 touched; /* 1: used since the reaper came by */
	u64 at; /* address of the kernel's object that is it */
	u64 spare;
	u64 entry[SLAB_ARRAY]; /* addresses, bottom to top */
};

_Static_assert(sizeof(struct array_cache) == ARENA_CHUNK, "an array_cache is a chunk of the arena");

/* SLUB: what a CPU holds of a cache. */
struct kmem_cache_cpu {
	pfn_t slab; /* its slab, PFN_NONE: none */
	u32 spare;
	u64 freelist; /* the next object; 0: none */
	struct block_list partial; /* its partial slabs, the next one first */
	u32 spare_too;
};

_Static_assert(sizeof(struct kmem_cache_cpu) == 32, "what a CPU holds lies within one chunk of the arena");

/* The slabs of a cache on a node, by list. SLUB keeps `full` with SLAB_STORE_USER only, and no `free`. */
enum slab_list { SLAB_LIST_NONE, SLAB_LIST_FULL, SLAB_LIST_PARTIAL, SLAB_LIST_FREE, SLAB_LIST_CPU, SLAB_LISTS };

struct kmem_cache_node {
	struct block_list list[SLAB_LISTS]; /* by enum slab_list; [NONE]: SLUB's that wait for RCU, [CPU]: SLAB's */
	u64 at; /* address of the kernel's object that is it */
	u64 next_reap; /* tick at which free slabs are given back */
	u32 free_objects;
	u32 free_limit;
	u32 colour_next;
	u32 free_touched; /* 1: a refill found nothing partial since the reaper came by */
	u32 nr_slabs;
	u32 total_objects;
	u32 nr_partial;
	u32 untold_slabs, untold_objects; /* full slabs that a recording counts, but does not name, and their objects */
	u64 alien_at; /* address of the kernel's table of alien arrays; 0: none */
};

_Static_assert(sizeof(struct kmem_cache_node) == 128, "a node of a cache lies within one chunk of the arena");

/* What SLAB counts when it is built for debugging; the rest of /proc/slabinfo's statistics are in the cache. */
struct slab_statistics {
	u32 allocs; /* objects that left their slabs */
	u32 active, high; /* that are outside their slabs, and most of them at a time */
	u32 max_freeable; /* most slabs without an object in use, when an array was flushed */
	u32 node_allocs, node_frees, node_overflow; /* of other nodes */
	u32 alloc_hit, alloc_miss, free_hit, free_miss; /* of the CPUs' arrays */
};

/* A cache. Sizes in bytes. */
struct kmem_cache {
	char name[SLAB_NAME];
	u64 at; /* address of the kernel's object that is it; 0: it was made before there was memory for it */
	u64 name_at; /* address of the copy of its name; 0: the kernel made none */
	u32 used; /* 1: the slot holds a cache */
	u32 flags; /* in the kernel's values, those that it adds included: rules->flag */
	u32 object_size; /* what was asked for (2.6: rounded up to words) */
	u32 size; /* from one object to the next */
	u32 align;
	u32 ctor; /* enum slab_ctor */
	u32 refcount; /* names that share it */
	u32 allocflags; /* gfp added when it grows, in the kernel's values */
	u32 num; /* objects of a slab */
	u32 order; /* pages of a slab, as an order */
	u32 next, prev; /* in the cache chain, slot and 1; 0: the end */
	u32 useroffset, usersize;
	u32 owner; /* command that made it */
	u32 reciprocal; /* of size, for kmem_cache_index() */
	union {
		struct {
			u32 colour; /* how many colours there are */
			u32 colour_off; /* bytes from one to the next */
			u32 management; /* 2.6: struct slab and bufctl array; 6.1: list of free indexes */
			u32 offslab; /* 1: that lies elsewhere */
			u32 objfreelist; /* 1: it lies in a free object */
			u32 management_cache; /* of which cache it is, slot and 1; 0: none */
			u32 limit, batchcount, shared; /* of its arrays */
			u32 obj_offset; /* debugging: where the user's part of an object begins */
			u32 grown, reaped; /* slabs made, slabs that the reaper gave back */
			struct slab_statistics statistics; /* zero without debugging */
		} slab;
		struct {
			u32 offset; /* of the free pointer */
			u32 inuse; /* bytes up to what debugging adds */
			u32 red_left_pad;
			u32 min_order, min_num; /* the least order that holds an object */
			u32 min_partial; /* slabs that a node keeps */
			u32 cpu_partial, cpu_partial_slabs; /* objects and slabs that a CPU keeps */
			u32 defrag_ratio;
		} slub;
		u32 word[27]; /* all of it */
	};
	u32 shrinker; /* 1: its owner gives objects up when he is asked (slab/slab_shrinker.h) */
};

_Static_assert(sizeof(struct kmem_cache) == 256, "a cache lies within one chunk of the arena");

/*
 * SLUB with SLAB_STORE_USER: the kernel's store of call traces.  The model
 * knows two: that of an allocation and that of a free.
 */
struct stack_depot {
	u32 made; /* 1: it has its table */
	u32 slabs; /* blocks of pages it has got; they are never given back */
	u32 used; /* bytes used in the first one */
	u32 handle[2]; /* of the traces, 0: not stored yet */
};

/* What caches have of a zone, in pages (slab/slab_pages.h). */
struct slab_zone {
	u32 slab[2]; /* slabs of caches, [1]: with SLAB_RECLAIM_ACCOUNT */
	s32 large; /* what kmalloc() got from the page allocator; less than 0: kfree() was given what it did not get */
};

/* Everything that changes and is small. */
struct slab_state {
	u32 caches; /* caches there are */
	u32 chain; /* the first of the cache chain, slot and 1 */
	u32 cache_of_caches; /* struct kmem_cache's own, slot and 1 */
	u32 node_cache; /* SLUB: kmem_cache_node's, slot and 1 */
	u32 kmalloc[SLAB_KMALLOC_TYPES][SLAB_KMALLOC_SIZES]; /* slot and 1, by type and size class */
	u32 slots_used; /* slots that were ever used */
	u32 up; /* 0: the first caches are being made: what they consist of is static, nothing is allocated */
	u32 poked; /* 1: somebody wrote into a slab what the allocator did not: its lists of objects may be wrong */
	u32 strayed; /* 1: an object was freed to a cache that it is not of */
	u64 ticks; /* jiffies since boot */
	u32 tainted; /* what has happened to the kernel, bits (slab/slab_common.h) */
	u32 warned; /* 1: kfree() has warned of pages that kmalloc() did not get */
	struct stack_depot depot;
	struct slab_zone zone[PHYS_ZONES];
};

struct mempool; /* slab/mempool.h */
struct slab_unused; /* slab/slab_shrinker.h */
struct slab_unused_link;

struct slab_system {
	const struct slab_config *config; /* not owned; outlives this */
	struct phys *phys; /* not owned */
	/* Told each line that the kernel prints (without a newline); may be NULL. */
	void (*printk)(void *context, const char *line);
	void *printk_context;
	/* Into the arena: */
	struct slab_state *state;
	struct kmem_cache *cache; /* [SLAB_CACHES], sparse */
	struct kmem_cache_node *node; /* [SLAB_CACHES * nodes], sparse */
	struct kmem_cache_cpu *cpu; /* [SLAB_CACHES * cpus], sparse, SLUB */
	struct array_cache
	    *array; /* [SLAB_CACHES * slab_arrays()], sparse, SLAB: CPUs', then shared by node, then alien */
	struct mempool *pool; /* [MEMPOOL_POOLS], sparse */
	u32 *object_owner; /* by descriptor of the page and place in it, sparse: commands that got objects
			      (slab/object.h) */
	u64 *pool_element; /* [MEMPOOL_POOLS * MEMPOOL_MOST], sparse: their elements, bottom to top */
	struct slab_unused *unused; /* [SLAB_CACHES], sparse: lists of objects that can be given up */
	struct slab_unused_link *unused_link; /* by descriptor of the page and place in it, sparse: their links
						 (slab/slab_shrinker.h) */
};

size_t slab_arena_size(const struct slab_config *config, const struct phys_config *phys);
size_t slab_root_size(const struct slab_config *config);

/*
 * Lays it out in the arena of `phys`: there is no cache yet (kmem_cache_init()
 * in slab/kmem_cache.h makes the first ones).  false with a message: too small.
 */
bool slab_init(struct slab_system *s, const struct slab_config *config, struct phys *phys, struct status *st);

/* Like `from`, on `phys`, which is a clone of from's. */
void slab_rebase(struct slab_system *s, const struct slab_system *from, struct phys *phys);

/* Hash of everything that is not in the pages: caches in the order of the chain, arrays, lists, counters. */
u64 slab_hash(const struct slab_system *s);

/* Arrays of a cache: one for each CPU, one shared on each node, and alien ones for each pair of nodes. */
static inline unsigned slab_arrays(const struct phys_config *c)
{
	return c->cpus + c->nodes + (c->nodes > 1 ? c->nodes * c->nodes : 0);
}

static inline u32 slab_slot(const struct slab_system *s, const struct kmem_cache *cache)
{
	return (u32)(cache - s->cache);
}

static inline struct array_cache *slab_cpu_array(const struct slab_system *s, const struct kmem_cache *cache,
						 unsigned cpu)
{
	return &s->array[(size_t)slab_slot(s, cache) * slab_arrays(s->phys->config) + cpu];
}

static inline struct array_cache *slab_shared_array(const struct slab_system *s, const struct kmem_cache *cache,
						    unsigned node)
{
	return slab_cpu_array(s, cache, s->phys->config->cpus + node);
}

/* Objects of node `home` that CPUs of node `on` freed. Exists only if there are several nodes. */
static inline struct array_cache *slab_alien_array(const struct slab_system *s, const struct kmem_cache *cache,
						   unsigned on, unsigned home)
{
	unsigned nodes = s->phys->config->nodes;

	return slab_cpu_array(s, cache, s->phys->config->cpus + nodes + on * nodes + home);
}

static inline struct kmem_cache_cpu *slab_cpu(const struct slab_system *s, const struct kmem_cache *cache, unsigned cpu)
{
	return &s->cpu[(size_t)slab_slot(s, cache) * s->phys->config->cpus + cpu];
}

static inline struct kmem_cache_node *slab_node(const struct slab_system *s, const struct kmem_cache *cache,
						unsigned node)
{
	return &s->node[(size_t)slab_slot(s, cache) * s->phys->config->nodes + node];
}

/* Between addresses of the direct map and physical ones, as page_load() and page_store() want them. */
static inline u64 slab_physical(const struct slab_system *s, u64 address)
{
	return address - s->phys->config->page_offset;
}

static inline u64 slab_address(const struct slab_system *s, pfn_t pfn)
{
	return s->phys->config->page_offset + ((u64)pfn << s->phys->config->page_shift);
}

/* The first page of the slab that `address` is in; PFN_NONE: it is in no slab, or in no direct map. Any address. */
static inline pfn_t slab_of(const struct slab_system *s, u64 address)
{
	const struct phys_config *c = s->phys->config;
	u64 pfn = (address - c->page_offset) >> c->page_shift;
	const struct page *page;

	if (!c->page_offset || address < c->page_offset || pfn >= c->direct_map_end || pfn >= c->max_pfn)
		return PFN_NONE;
	page = page_find(s->phys, (pfn_t)pfn);
	return page && page->kind == PAGE_SLAB ? page->head : PFN_NONE;
}

/* Prints a line as the kernel does. */
void slab_printk(const struct slab_system *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Is the kernel down? Then nothing is done any more. */
static inline bool slab_is_down(const struct slab_system *s)
{
	return down_is(s->phys);
}

/*
 * BUG(): prints "kernel BUG at FILE:LINE!", and the kernel is down (phys/down.h);
 * line 0: it is not known which.
 */
void slab_bug(struct slab_system *s, const char *file, unsigned line);

/* The kernel follows a pointer to nowhere: prints what it prints then, and marks it as down. */
void slab_oops(struct slab_system *s, u64 address);

#endif
