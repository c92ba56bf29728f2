/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory pools: elements kept in reserve for those who must not fail (M. Gorman,
 * Understanding the Linux Virtual Memory Manager; mempool in the kernel's
 * documentation of memory allocation).  The order in which descriptor, array and
 * elements are got, and given back, is as recorded (data/recordings, mempool.rec).
 *
 * Elements are addresses of objects, or numbers of page frames.
 */
#ifndef KM_SLAB_MEMPOOL_H
#define KM_SLAB_MEMPOOL_H

#include "slab/slab.h"

#define MEMPOOL_POOLS 128 /* most at a time */
#define MEMPOOL_MOST 16384 /* most elements that a pool can have in reserve */
#define MEMPOOL_WAITERS 8 /* most tasks that wait for elements of one pool here */
#define MEMPOOL_NONE UINT32_MAX /* no pool */
#define MEMPOOL_NOTHING UINT64_MAX /* no element */

enum mempool_kind { MEMPOOL_SLAB, MEMPOOL_KMALLOC, MEMPOOL_PAGE, MEMPOOL_KINDS };

/* A task that sleeps in mempool_alloc(). */
struct mempool_waiter {
	u32 command; /* the command that called it */
	gfp_t gfp;
};

/* A pool. */
struct mempool {
	u32 used; /* 1: the slot holds a pool */
	u32 kind; /* enum mempool_kind */
	u64 arg; /* slot of a cache, bytes, or an order */
	u64 at; /* address of the kernel's object that is it; 0: the machine has no cache for it */
	u64 elements_at; /* the same of its array of elements */
	u32 min_nr; /* elements that it keeps */
	u32 curr_nr; /* that are there */
	u32 owner; /* command that made it */
	u32 waits; /* how often somebody had to wait for an element */
	u32 waiting; /* tasks that sleep until one comes back */
	u32 spare;
	struct mempool_waiter waiter[MEMPOOL_WAITERS]; /* of them, who came first is first; the rest is zero */
	u64 spare_too;
};

_Static_assert(sizeof(struct mempool) == 128, "a pool lies within one chunk of the arena");

/* Where an element came from, or went. */
enum mempool_place { MEMPOOL_NOWHERE, MEMPOOL_ALLOCATOR, MEMPOOL_RESERVE };

size_t mempool_arena_size(void);
/* Lays out. false: the arena is too small. */
bool mempool_init(struct slab_system *s);

/*
 * mempool_create(), with min_nr 0 ... MEMPOOL_MOST.  MEMPOOL_NONE where the
 * kernel returns NULL, or if there are MEMPOOL_POOLS.
 */
u32 mempool_create(struct slab_system *s, enum mempool_kind kind, u64 arg, u32 min_nr);

/* mempool_destroy(). 2.6 BUGs if elements are out. */
void mempool_destroy(struct slab_system *s, u32 pool);

/*
 * mempool_alloc(): the allocator first, without waiting; then the reserve.
 * MEMPOOL_NOTHING: NULL, or (*waits is set) the kernel would let the task
 * sleep until somebody frees an element.  Says in *from whence it came.
 */
u64 mempool_alloc(struct slab_system *s, u32 pool, gfp_t gfp, enum mempool_place *from, bool *waits);

/*
 * The present command's task goes to sleep where mempool_alloc() said that it
 * waits.  false: MEMPOOL_WAITERS do already.
 */
bool mempool_wait(struct slab_system *s, u32 pool, gfp_t gfp);

/*
 * After mempool_free() has put an element into the reserve: the task that waits
 * longest wakes and tries again, as mempool_alloc() does.  false: nobody waits, or
 * it sleeps again.  *command says whose it is, *element what it got.
 */
bool mempool_wake(struct slab_system *s, u32 pool, u32 *command, u64 *element);

/* The command whose task waits for an element of the first pool for which somebody does; 0: nobody waits. */
u32 mempool_waiter(const struct slab_system *s);

/* mempool_free(): refills the reserve first. Returns where the element went. A page must be the head of its block. */
enum mempool_place mempool_free(struct slab_system *s, u32 pool, u64 element);

/* mempool_resize(), with min_nr up to MEMPOOL_MOST. false: -ENOMEM, or the BUG that 0 is: BUG_ON(new_min_nr <= 0). */
bool mempool_resize(struct slab_system *s, u32 pool, u32 min_nr, gfp_t gfp);

/* The n-th element in reserve, bottom to top: n < curr_nr. */
u64 mempool_element(const struct slab_system *s, u32 pool, u32 n);

/* The pool whose descriptor the kernel has at this address. false: there is none. */
bool mempool_by_address(const struct slab_system *s, u64 address, u32 *pool);

u64 mempool_hash(const struct slab_system *s);

/* Invariants of all pools. false with a message. */
bool mempool_check(const struct slab_system *s, struct status *st);

#endif
