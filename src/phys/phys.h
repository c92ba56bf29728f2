/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Physical memory: what the page allocator works on.
 *
 * struct phys_config is what a machine's kernel and boot decided and never
 * changes.  struct phys_state, in the arena's root, is what changes.  struct
 * phys is the host's view of both: pointers into the arena, no state.
 *
 * A block of 2^order page frames is on at most one list, either a free list of
 * its zone or a per-CPU list.  Its links are kept in an array of its order,
 * indexed by pfn >> order, and a tag beside them says which list.  So blocks
 * of the largest order, which are all a fresh terabyte consists of, touch a
 * few megabytes and not one page frame record.
 */
#ifndef KM_PHYS_PHYS_H
#define KM_PHYS_PHYS_H

#include "base/arena.h"
#include "base/status.h"
#include "base/types.h"
#include "event/event.h"
#include "phys/gfp.h"

#define PHYS_ORDERS 24 /* most orders that any machine can have (textbooks; kernels have 11) */
#define PHYS_ZONE_TYPES 4 /* zones of a node */
#define PHYS_NODES 8
#define PHYS_ZONES (PHYS_ZONE_TYPES * PHYS_NODES)
#define PHYS_CPUS 64
#define PHYS_RANGES 32
#define PHYS_CMA_AREAS 8
#define PHYS_PAGE_SLOTS (UINT32_C(1) << 24) /* most pages that can have a descriptor */
#define PHYS_SHRINKERS 16
#define PHYS_LRU_BATCH 15 /* pages that wait together to be put on an LRU list */
#define PHYS_PCP_LISTS 12 /* orders 0 to 3 by three types; hot and cold use list 0 of a set */

/*
 * Page frame numbers are below this: 16 TiB of 4 KiB pages, less a block of the
 * largest order, so that the frame behind any block has a number, too.
 */
#define PHYS_PFN_LIMIT 0xff800000u

enum migratetype {
	MT_UNMOVABLE,
	MT_MOVABLE,
	MT_RECLAIMABLE,
	MT_PCPTYPES, /* as many types have per-CPU lists */
	MT_HIGHATOMIC = MT_PCPTYPES,
	MT_CMA,
	MT_ISOLATE,
	MT_COUNT,
	MT_NONE = 0xff, /* a page block without memory */
};

enum wmark { WMARK_MIN, WMARK_LOW, WMARK_HIGH, WMARK_COUNT };

/* How a list is kept. */
enum list_rule {
	LIST_KERNEL, /* take the head; put at head or tail */
	LIST_BY_ADDRESS, /* sorted, lowest first: textbooks */
};

/* When a zone refuses, see watermark.c. */
enum watermark_rule {
	WATERMARK_NONE, /* never: textbooks */
	WATERMARK_BY_ORDER, /* each lower order is taken off, the mark is halved (before 4.4) */
	WATERMARK_ANY_BLOCK, /* one block large enough will do (4.4 and later) */
};

/* Which per-CPU lists there are. */
enum pcp_rule {
	PCP_NONE,
	PCP_HOT_COLD, /* two lists of single pages (2.6) */
	PCP_BY_TYPE, /* a list for each order up to 3 and each type (5.13 and later) */
};

/* How the lists of pages that can be reclaimed are kept, and by whose rules, see reclaim.h. */
enum lru_rule {
	LRU_NONE, /* nothing can be reclaimed: textbooks, and replayed recordings */
	LRU_BY_ZONE, /* active and inactive, for each zone (2.6) */
	LRU_BY_NODE, /* the same for files and anonymous pages apart, for each node (4.8 and later) */
};

struct phys_range {
	pfn_t start, end; /* end is the first frame behind it */
};

struct zone_config {
	char name[12];
	u8 type; /* index in the node, 0 .. PHYS_ZONE_TYPES-1; higher is more special */
	u8 node;
	pfn_t start_pfn;
	u32 spanned, present, managed; /* pages; managed is present where the kernel does not know it */
	u32 wmark[WMARK_COUNT]; /* pages */
	u32 lowmem_reserve[PHYS_ZONE_TYPES]; /* pages, by the highest zone type that a request allows */
	u32 pcp_high[2], pcp_batch[2]; /* hot and cold, or [0] alone */
};

/* What cma_alloc() did with a unit of an area. */
enum cma_mark {
	CMA_UNUSED,
	CMA_USED,
	CMA_BEGIN, /* used, and the first one of what was given out together */
};

/* A contiguous memory area, lent to movable pages until it is wanted. */
struct cma_config {
	char name[32];
	pfn_t base_pfn;
	u32 count; /* pages */
	unsigned order_per_bit; /* pages that a bit of its bitmap stands for, as an order */
};

struct phys_config {
	unsigned page_shift; /* 12: pages of 4 KiB */
	unsigned orders; /* 11: orders 0 to 10 */
	unsigned pageblock_order; /* frames of a page block, as an order */
	unsigned types; /* 1: no migratetypes; else MT_COUNT */
	bool mobility_disabled; /* too little memory to group pages by mobility: everything is unmovable */
	bool merge_to_tail; /* a freed block whose higher buddy is free goes to the tail */
	bool fallback_nofragment; /* a Normal zone above DMA32 is not mixed at the first pass */
	bool reserve_by_first_zone; /* lowmem_reserve is indexed by the first zone of the zone list (2.6) */
	bool warns_of_orders; /* an order that cannot be is refused at once, with a warning the first time (6.1) */
	bool handlers_interruptible; /* interrupts come while a handler runs (2.6) */
	enum list_rule list_rule;
	enum watermark_rule watermark_rule;
	enum pcp_rule pcp_rule;
	enum lru_rule lru_rule;
	unsigned pcp_orders; /* orders 0 .. pcp_orders-1 have per-CPU lists */
	unsigned pcp_scale_max; /* most that free_factor can become */
	unsigned cpus, nodes, zones;
	struct zone_config zone[PHYS_ZONES]; /* by node, then by type; empty zones are left out */
	enum gfp_kernel gfp; /* whose flag values */
	u8 gfp_zone[16]; /* highest zone type allowed, by __GFP_DMA 1 | HIGHMEM 2 | DMA32 4 | MOVABLE 8 */
	pfn_t max_pfn; /* the first frame behind all memory */
	struct phys_range memory[PHYS_RANGES]; /* where there is RAM, ascending; none: everything spanned */
	unsigned memory_ranges;
	struct cma_config cma[PHYS_CMA_AREAS];
	unsigned cma_areas;
	u64 page_offset; /* virtual address of the direct map; 0: there is none */
	bool pae; /* i386: entries of page tables have 8 bytes */
	pfn_t direct_map_end; /* the first frame that has no address in the direct map (high memory) */
};

struct block_list {
	pfn_t head, tail; /* PFN_NONE when empty */
	u32 count; /* blocks */
};

struct block_link {
	pfn_t next, prev; /* PFN_NONE at the ends */
};

/* A block's tag: which kind of list it is on, and which. 0: it is on none. */
enum {
	TAG_FREE = 0x40, /* | migratetype of the free list */
	TAG_PCP = 0x80, /* | list in the set, | TAG_COLD */
	TAG_COLD = 0x20,
	TAG_LIST = 0x1f,
	TAG_OWNED = 0x100, /* | anything: a page in use, on a list of its owner (phys/page.h) */
};

/* What is known of a frame that was handed out; all zero: never. */
struct frame {
	u32 owner; /* number of the command that allocated it */
	/* Bit-fields, because a write to a char could alias anything, and the compiler would load every pointer again.
	 */
	u32 flags : 8; /* FRAME_* */
	u32 order : 8; /* of the block, in its first frame */
	u32 type : 8; /* migratetype remembered when it was put on a per-CPU list */
	u32 joined : 1; /* a note: alloc_pages_exact() gave it together with the page in front; no kernel knows */
	u32 spare : 7;
};

enum {
	FRAME_HEAD = 1, /* the first frame of a block in use */
	FRAME_MOVABLE = 2, /* on an LRU list, or migratable: counts as movable when its block is stolen */
	FRAME_COMPOUND = 4,
	FRAME_OWNED = 8, /* in its first frame: the block belongs to an owner above the page allocator (phys/page.h) */
};

enum {
	ZONE_BOOSTED_WATERMARK = 1, /* zone.flags: kswapd is to be woken */
};

struct zone {
	u32 managed; /* pages */
	u32 wmark[WMARK_COUNT]; /* pages, without the boost */
	u32 boost;
	u32 lowmem_reserve[PHYS_ZONE_TYPES];
	u32 free; /* NR_FREE_PAGES: pages on the free lists */
	u32 free_cma;
	u32 highatomic; /* nr_reserved_highatomic */
	u32 isolated; /* page blocks */
	u32 flags; /* ZONE_BOOSTED_WATERMARK */
	u32 nr_free[PHYS_ORDERS]; /* blocks by order, all types: a line of /proc/buddyinfo */
	struct block_list list[PHYS_ORDERS][MT_COUNT];
};

struct pcp_set {
	u32 count; /* pages */
	u32 high, batch;
	u32 free_factor;
	struct block_list list[PHYS_PCP_LISTS]; /* order * MT_PCPTYPES + type; hot or cold: [0] */
};

struct pcp {
	struct pcp_set set[2]; /* hot and cold; [0] alone with PCP_BY_TYPE */
};

/* Why the kernel is down (phys/down.h). */
struct phys_down {
	u32 kind; /* enum down_kind */
	u32 spare;
	u64 where; /* an address, or what event_source() made of a place */
};

struct phys_state {
	u32 cpu; /* the CPU that runs */
	u32 preempt_count; /* in which context, see preempt.h */
	u32 order_warned; /* 1: the warning about an order that cannot be was given */
	u32 memalloc; /* 1: the task has PF_MEMALLOC */
	u32 realtime; /* 1: the task has a realtime policy */
	u32 watermark_boost_factor; /* of 10000 */
	u32 watermark_scale_factor;
	u32 min_free_kbytes;
	u32 lowmem_reserve_ratio[PHYS_ZONE_TYPES]; /* by the type of the zone that keeps the reserve */
	u32 percpu_pagelist_fraction; /* percpu_pagelist_high_fraction since 5.14; 0: not set */
	u32 owner; /* what is handed out now is recorded as got by this command */
	u32 lru_waiting; /* pages in lru_batch */
	pfn_t lru_batch[PHYS_LRU_BATCH]; /* taken off an LRU list to be moved, could not be, and go back together */
	u64 allocations, frees, failures; /* since boot */
	u32 page_used; /* descriptors of pages that were ever used */
	u32 page_free; /* the first of them that is not in use, and 1; 0: none */
	u32 page_hand; /* where the search for one to use again goes on */
	struct phys_down down;
};

enum { ZONELIST_END = 0xff };

struct oom_report;
struct phys;

/* How whoever registers shrinkers (phys/shrinker.h) is asked; `owner` is the number under which he did. */
struct shrinker_calls {
	/* Objects that the owner could give up, as it tells the kernel. */
	u64 (*count)(void *context, u32 owner);
	/*
	 * Gives up to `wanted` of them up, and adds the pages that came free by that
	 * to *pages.  Returns how many objects; SHRINKER_STOP: with this mask none.
	 */
	u64 (*scan)(void *context, u32 owner, gfp_t gfp, u64 wanted, u64 *pages);
	void *context;
};

struct phys {
	const struct phys_config *config; /* not owned; outlives this */
	struct arena *arena; /* not owned */
	struct observer *observer; /* NULL: nobody watches */
	/* Told when a page in use moves to another frame, so that who holds it can follow; may be NULL. */
	void (*moved)(void *context, pfn_t from, pfn_t to);
	void *moved_context;
	const struct gfp_bits *gfp;
	/*
	 * The host lacked memory within an operation that cannot say so: what came of it means nothing.  Whoever does
	 * operations clears it before them, looks at it behind, and takes them back.
	 */
	bool host_short;
	/* Zones to try, by the node that asks and the highest zone type allowed; ends with ZONELIST_END. */
	u8 zonelist[PHYS_NODES][PHYS_ZONE_TYPES][PHYS_ZONES + 1];
	unsigned asked_node; /* node and 1 of the request that runs; 0: that of the CPU, as between requests */
	/* Into the arena: */
	struct phys_state *state;
	struct zone *zone; /* [config->zones] */
	struct pcp *pcp; /* [config->zones * config->cpus] */
	struct frame *frame; /* [config->max_pfn], sparse */
	struct block_link *link[PHYS_ORDERS]; /* [max_pfn >> order], sparse */
	u16 *tag[PHYS_ORDERS]; /* the same */
	u8 *block_type[PHYS_ZONES]; /* migratetype of each page block of a zone, sparse */
	u32 *page_slot; /* [config->max_pfn]: number of the page's descriptor, and 1; 0: it has none; sparse */
	struct page *page; /* [page_slots]: descriptors of pages (phys/page.h), sparse */
	u8 *bytes; /* [page_slots << page_shift]: what is written in the pages, by descriptor, sparse */
	u32 page_slots;
	struct reclaim *reclaim; /* what reclaim knows (phys/reclaim.h) */
	struct lruvec *lruvec; /* [config->zones]: lists of pages that can be reclaimed */
	struct zone_pages *zone_pages; /* [config->zones]: how many there are of which kind */
	struct place *place; /* where the pages of files and processes are, sparse */
	u8 *swap_map; /* 1 for each slot of the swap area that is used, sparse */
	struct shrinker_calls
	    shrinker_calls; /* of those who hold objects that can be given up; NULLs: there are none */
	/* Told before the out-of-memory killer kills; may be NULL. See phys/oom.h. */
	void (*oom)(void *context, const struct oom_report *report);
	void *oom_context;
	u8 *cma_used[PHYS_CMA_AREAS]; /* enum cma_mark of each unit of an area, sparse */
};

/* Most descriptors of pages that a machine can have (phys/page.h). */
u32 phys_page_slots(const struct phys_config *c);

/* Bytes of arena that a machine of this configuration takes: sparse arrays, and root. */
size_t phys_arena_size(const struct phys_config *config);
size_t phys_root_size(const struct phys_config *config);

/*
 * Lays out `p` in the arena: no page is free, all page blocks are movable (or
 * without memory), watermarks and reserves are those of the configuration.
 * false with a message: the arena is too small.
 */
bool phys_init(struct phys *p, const struct phys_config *config, struct arena *arena, struct status *st);

/* Like `from`, in another arena that arena_clone() has made of from's. */
void phys_rebase(struct phys *p, const struct phys *from, struct arena *arena);

/* Number of the zone that spans `pfn`; -1: none. */
static inline int phys_zone_of(const struct phys *p, pfn_t pfn)
{
	const struct phys_config *c = p->config;

	for (unsigned z = 0; z < c->zones; z++)
		if (pfn - c->zone[z].start_pfn < c->zone[z].spanned)
			return (int)z;
	return -1;
}

/* Number of the zone called `name` (on node 0 first; "Normal.1": on node 1); -1: none. */
int phys_zone_by_name(const struct phys *p, const char *name);

static inline struct pcp *phys_pcp(const struct phys *p, unsigned zone, unsigned cpu)
{
	return &p->pcp[zone * p->config->cpus + cpu];
}

/* Is there RAM behind `pfn`? */
bool phys_has_memory(const struct phys *p, pfn_t pfn);

/*
 * Number of the zone that the descriptor of frame `pfn` names: of a hole that
 * of the RAM above it, behind all RAM the last one.
 */
int phys_described_zone(const struct phys *p, pfn_t pfn);

/*
 * Hash of everything that makes two machines behave or look differently:
 * lists, counters, tunables, and the blocks in use with their owners.  The
 * same on any host, and whatever the history.
 */
u64 phys_hash(const struct phys *p);

/* Hash of free lists, per-CPU lists and page blocks as recordings have it (kmemlab-recording(5)). */
u64 phys_state_hash(const struct phys *p);

/* The same for one list: folded to 32 bits it is `h=` of a recording. */
u64 phys_list_hash(const struct phys *p, const struct block_list *list, unsigned order);

/* How events about this memory name zones, gfp masks and per-CPU lists; caches it does not know. */
struct event_names phys_names(const struct phys *p);

#endif
