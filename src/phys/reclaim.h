/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel knows of the pages that it can take back: page cache and
 * anonymous memory, to whom each page belongs, the lists from which reclaim
 * chooses, and the counters of /proc/vmstat.
 *
 * Lists: 2.6.18 keeps an active and an inactive list for each zone, files and
 * anonymous pages mixed (M. Gorman, Understanding the Linux Virtual Memory
 * Manager, ch. 10).  6.1 keeps four for each node (Documentation/mm, "Page
 * Reclaim").  A page that is put on a list is there at once: the short lists of
 * a CPU on which it would wait in the kernel for 14 others are not modelled.
 *
 * Time: nothing happens by itself.  Time passes while a request waits, and when
 * it is let pass; then writes to disk end and kswapd runs.
 */
#ifndef KM_PHYS_RECLAIM_H
#define KM_PHYS_RECLAIM_H

#include "phys/phys.h"

#define RECLAIM_OWNERS 128 /* files and processes together */
#define RECLAIM_NAME 24
#define RECLAIM_PAGES (UINT32_C(1) << 20) /* most pages of a file, a process, or the swap area */
#define RECLAIM_CLUSTER 32 /* pages that are looked at together: SWAP_CLUSTER_MAX */
#define RECLAIM_PRIORITY 12 /* the first pass looks at 1/2^12 of a list: DEF_PRIORITY */
#define RECLAIM_COSTLY 3 /* orders above it are too expensive to fight for: PAGE_ALLOC_COSTLY_ORDER */

enum lru_list { LRU_INACTIVE_ANON, LRU_ACTIVE_ANON, LRU_INACTIVE_FILE, LRU_ACTIVE_FILE, LRU_LISTS };

/* The lists of a zone that does not tell files from anonymous memory. */
#define LRU_INACTIVE LRU_INACTIVE_ANON
#define LRU_ACTIVE LRU_ACTIVE_ANON

/* page_lru.flags. */
enum {
	LRU_REFERENCED = 1, /* PG_referenced: was used once since it was looked at last */
	LRU_IS_ACTIVE = 2, /* PG_active */
	LRU_DIRTY = 4, /* differs from what the disk has */
	LRU_WRITEBACK = 8, /* is being written */
	LRU_RECLAIM = 16, /* PG_reclaim: when it is written, it is to be taken first */
	LRU_WORKINGSET = 32, /* PG_workingset: was on the active list before */
	LRU_YOUNG = 64, /* used through a page table since that was looked at */
	LRU_SWAPCACHE = 128, /* has a slot in the swap area */
	LRU_ISOLATED = 256, /* on no list for the moment */
};

/* page_lru.word[]. */
enum { LRU_WORD_NEXT_WRITE }; /* the page that is written next, and 1; 0: it is the last */

enum owner_kind { OWNER_NONE, OWNER_FILE, OWNER_PROCESS };

/* A file, or a process; its number is its place in the table. One that has ended leaves its name there. */
struct owner {
	char name[RECLAIM_NAME];
	u32 kind; /* enum owner_kind */
	u32 size; /* pages: those at this index and above were never used */
	u32 present; /* pages in memory */
	u32 swapped; /* pages in the swap area */
	u32 dirty; /* pages that are dirty, of a file */
	u32 killed; /* 1: the out-of-memory killer has ended the process */
	u32 pid, uid; /* of a process */
	s32 nice; /* -20 .. 19 */
	s32 oom_adj; /* as the machine's kernel counts: -17 .. 15, or -1000 .. 1000 */
	u64 start_ms; /* when it was made */
	u64 dirty_ms; /* since when it has dirty pages, if it has */
	u64 cpu_ms; /* time that it computed */
};

/* Where a page of an owner is. */
enum place_state { PLACE_NEVER, PLACE_MEMORY, PLACE_EVICTED, PLACE_SWAP };

struct place {
	u32 value; /* page frame, or slot in the swap area */
	u32 state : 2; /* enum place_state */
	u32 workingset : 1; /* of a page that was evicted: it was in the working set */
	u32 node : 3; /* from which it was evicted */
	u32 evicted : 26; /* the node's age then */
};

/* Counters of events, by the zone's type where the kernel tells them apart. */
enum vm_event {
	VM_PGPGIN, /* in KiB, as all kernels show it */
	VM_PGPGOUT,
	VM_PSWPIN,
	VM_PSWPOUT,
	VM_ALLOCSTALL,
	VM_PGSKIP,
	VM_PGACTIVATE,
	VM_PGDEACTIVATE,
	VM_PGFAULT,
	VM_PGMAJFAULT,
	VM_PGREFILL,
	VM_PGSTEAL_KSWAPD,
	VM_PGSTEAL_DIRECT,
	VM_PGSCAN_KSWAPD,
	VM_PGSCAN_DIRECT,
	VM_PGSCAN_ANON,
	VM_PGSCAN_FILE,
	VM_PGSTEAL_ANON,
	VM_PGSTEAL_FILE,
	VM_SLABS_SCANNED,
	VM_PAGEOUTRUN,
	VM_KSWAPD_LOW_QUICK,
	VM_KSWAPD_HIGH_QUICK,
	VM_PGROTATED,
	VM_DROP_PAGECACHE,
	VM_DROP_SLAB,
	VM_OOM_KILL,
	VM_REFAULT_ANON,
	VM_REFAULT_FILE,
	VM_ACTIVATE_ANON, /* workingset_activate_anon */
	VM_ACTIVATE_FILE,
	VM_RESTORE_ANON,
	VM_RESTORE_FILE,
	VM_VMSCAN_WRITE,
	VM_VMSCAN_IMMEDIATE,
	VM_DIRTIED,
	VM_WRITTEN,
	VM_COMPACT_STALL,
	VM_COMPACT_FAIL,
	VM_COMPACT_SUCCESS,
	VM_EVENTS
};

/* What a zone holds, in pages. */
struct zone_pages {
	u32 lru[LRU_LISTS];
	u32 anon, file, dirty, writeback;
	u32 swapcached; /* of anon: those that have a slot in the swap area, and so are mapped by nobody any more */
	u64 event[VM_EVENTS]; /* since boot */
};

/* A set of lists: of a zone (2.6.18) or a node (6.1), and what reclaim remembers about it. */
struct lruvec {
	struct block_list list[LRU_LISTS];
	u32 age; /* evictions and activations so far: the clock of refaults */
	u64 cost[2]; /* 6.1: how much I/O taking anonymous and file pages has caused lately */
	u32 refaults[2]; /* 6.1: activations of refaulted pages when it was reclaimed last */
	u32 only_dirty; /* 6.1: 1: kswapd met only dirty pages of files (PGDAT_DIRTY) */
	u32 scan_active, scan_inactive; /* 2.6.18: pages that are still to be looked at */
	u32 scanned; /* 2.6.18: pages looked at since a page was freed */
	u32 unreclaimable; /* 2.6.18: 1: nothing could be freed for long */
	u32 prev_priority, temp_priority; /* 2.6.18: where the last reclaim ended, and where the present one is */
};

enum kswapd_mode {
	KSWAPD_AUTO, /* it runs when the command has ended, and while a request waits */
	KSWAPD_IDLE, /* only when time is let pass */
	KSWAPD_OFF, /* it is stopped */
};

struct kswapd {
	u32 awake; /* 1: it was woken and has not run since */
	u32 order; /* of the request that woke it */
	u32 highest_zone; /* zone type up to which memory is short */
	u32 failures; /* 6.1: runs in a row that freed nothing */
};

/* Who keeps objects that can be made again, and gives them up when pages are reclaimed. */
struct shrinker {
	u32 owner; /* under which it registered: the slot of a cache */
	u32 seeks; /* how much work it is to make an object again: DEFAULT_SEEKS is 2; 6.1: 0: none */
	u64 deferred; /* objects that it was not asked for yet: nr (2.6.18), nr_deferred (6.1) */
};

struct reclaim {
	struct owner owner[RECLAIM_OWNERS];
	struct kswapd kswapd[PHYS_NODES];
	u32 kswapd_mode; /* enum kswapd_mode */
	u32 current; /* the process that asks, and 1; 0: the shell's own */
	u32 next_pid;
	u32 swap_pages; /* of the swap area; 0: there is none */
	u32 swap_used;
	u32 swap_leaving; /* 1: swapoff is at work */
	u32 swap_next; /* where the search for a slot goes on */
	u32 write_first, write_last; /* pages that are being written, in this order, each and 1; 0: none */
	u32 writing;
	u32 flush_wanted; /* 1: reclaim met only dirty pages, and asked for them to be written */
	u32 hung; /* 1: the last request would wait for ever */
	u32 drop_caches; /* what was written there last */
	u32 in_reclaim; /* how many reclaim just now, kswapd inside a request that waits; what is asked for meanwhile
			   must not (PF_MEMALLOC) */
	u32 swappiness, dirty_ratio, dirty_background_ratio;
	u32 panic_on_oom, oom_kill_allocating_task, vfs_cache_pressure;
	u32 shrinkers; /* how many there are */
	u64 now_ms; /* since boot */
	struct shrinker shrinker[PHYS_SHRINKERS]; /* in the order in which they registered; the rest is zero */
};

/* Has this machine pages that can be reclaimed? Textbooks and replayed recordings have not. */
static inline bool reclaim_exists(const struct phys *p)
{
	return p->config->lru_rule != LRU_NONE;
}

static inline bool reclaim_by_zone(const struct phys *p)
{
	return p->config->lru_rule == LRU_BY_ZONE;
}

/*
 * Pages of a zone go to the free lists: it is worth looking at again.  A page
 * that only goes to a CPU's list changes nothing.
 */
static inline void reclaim_zone_got_pages(struct phys *p, unsigned zone)
{
	if (p->lruvec)
		p->lruvec[zone].scanned = p->lruvec[zone].unreclaimable = 0;
}

/* Sizes for the arena; see phys_arena_size(). */
size_t reclaim_arena_size(const struct phys_config *config);
size_t reclaim_root_size(const struct phys_config *config);

/* Lays out and sets to what a kernel has after boot. false: the arena is too small. */
bool reclaim_init(struct phys *p);

/* Counts `n` events in a zone. */
void reclaim_count(struct phys *p, unsigned zone, enum vm_event event, u64 n);

/* The same summed over all zones, or (`type` not negative) over those of a type. */
u64 reclaim_counted(const struct phys *p, int type, enum vm_event event);

/* Sums over the zones of all nodes, in pages. */
u64 reclaim_anon(const struct phys *p);
u64 reclaim_file(const struct phys *p);
u64 reclaim_dirty(const struct phys *p);
u64 reclaim_writeback(const struct phys *p);
u64 reclaim_swapcached(const struct phys *p);

/* Pages on a list of the kind that the machine's kernel shows: on 2.6.18 LRU_ACTIVE and LRU_INACTIVE. */
u64 reclaim_lru(const struct phys *p, enum lru_list list);

/* Hash of all of it. */
u64 reclaim_hash(const struct phys *p);

#endif
