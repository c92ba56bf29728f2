/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Caches of objects: the functions that both slab allocators have, and the
 * cache chain.  What differs between kernels is in slab/rules.h.
 */
#ifndef KM_SLAB_KMEM_CACHE_H
#define KM_SLAB_KMEM_CACHE_H

#include "slab/rules.h"

#define KMEM_CACHE_PATTERN 0xc7 /* what the constructor CTOR_PATTERN fills objects with */

/*
 * The caches that exist before anybody asks for one: that of caches, those of
 * kmalloc(), made as the machine's kernel makes them at boot.
 */
bool kmem_cache_init(struct slab_system *s, struct status *st);

/*
 * A machine that was loaded from a recording has only the caches that were
 * watched.  Where the cache of caches, or the cache that kmalloc() would use
 * for an array, a node or a descriptor, is not there, nothing is allocated and
 * the address is 0.
 *
 * kmem_cache_create().  NULL where the kernel returns NULL, or where it BUGs
 * (then it is down); what it prints goes to printk.  The same cache may
 * come back for another name if the kernel merges them.
 */
struct kmem_cache *kmem_cache_create(struct slab_system *s, const char *name, u64 size, u64 align, u32 flags,
				     enum slab_ctor ctor);

/* kmem_cache_destroy(): true: it is gone, or one name less shares it. false: objects are in use, it stays. */
bool kmem_cache_destroy(struct slab_system *s, struct kmem_cache *cache);

int kmem_cache_shrink(struct slab_system *s, struct kmem_cache *cache);

/* One pass of the periodic reaper (SLAB) on this CPU, over all caches from the head of the chain; SLUB has none. */
void kmem_cache_reap(struct slab_system *s);

/* A grace period of RCU is over: slabs of objects that readers might still have looked at go back. */
void kmem_cache_end_of_grace(struct slab_system *s);

/* kmem_cache_alloc(); 0 where the kernel returns NULL. */
u64 kmem_cache_alloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);
/* kmem_cache_zalloc(): the same, filled with zeroes. */
u64 kmem_cache_zalloc(struct slab_system *s, struct kmem_cache *cache, gfp_t gfp);

/*
 * kmem_cache_free().  What only a mistake of the caller can be (an address in
 * no slab) is treated as the machine's kernel does: a report or a BUG.
 */
void kmem_cache_free(struct slab_system *s, struct kmem_cache *cache, u64 address);

/* The cache called so, the youngest if there are several; NULL: none. */
struct kmem_cache *kmem_cache_by_name(const struct slab_system *s, const char *name);
/* The cache whose descriptor the kernel has at this address; NULL: none. */
struct kmem_cache *kmem_cache_by_address(const struct slab_system *s, u64 address);
/* The cache whose slab holds this address; NULL: none. */
struct kmem_cache *kmem_cache_of(const struct slab_system *s, u64 address);

/* The chain of caches in the order of /proc/slabinfo: the first one, and the one behind. NULL at the end. */
struct kmem_cache *kmem_cache_first(const struct slab_system *s);
struct kmem_cache *kmem_cache_next(const struct slab_system *s, const struct kmem_cache *cache);

/* A slot for a new cache, empty but for the name, not in the chain yet; NULL: there are SLAB_CACHES. */
struct kmem_cache *kmem_cache_slot(struct slab_system *s, const char *name);
/* Puts it at the head of the chain, or takes it out and empties its slot. */
void kmem_cache_link(struct slab_system *s, struct kmem_cache *cache);
void kmem_cache_unlink(struct slab_system *s, struct kmem_cache *cache);

/*
 * A cache that boot makes: geometry and set_up() of the rules, nothing is
 * allocated for it.  At the head of the chain.  NULL: it cannot be.
 */
struct kmem_cache *kmem_cache_create_early(struct slab_system *s, const char *name, u32 size, u32 align, u32 flags);

/*
 * Gives such a cache an address that stands for its descriptor, in the kernel
 * image, one behind the other.  Where a kernel has them is another matter at
 * each boot and in each build; who shows such an address says so.
 */
void kmem_cache_place_early(struct slab_system *s, struct kmem_cache *cache);

/* For allocators: what its constructor, if it has one, writes to an object. */
void kmem_cache_construct(struct slab_system *s, const struct kmem_cache *cache, u64 address);

/* Is it a cache that no other name may share, whatever is asked for? */
bool kmem_cache_is_alone(const struct slab_system *s, const struct kmem_cache *cache);

/* The alignment of objects of `size` bytes that 6.1 computes from flags and what was asked for. */
u32 kmem_cache_alignment(const struct slab_system *s, u32 flags, u32 align, u32 size);

/* GFP_KERNEL of the machine's kernel. */
gfp_t kmem_cache_gfp_kernel(const struct slab_system *s);

/* Which object of a slab `offset`, in bytes from its first object, lies in; without a division. */
u32 kmem_cache_reciprocal(u32 size);
static inline u32 kmem_cache_index(const struct kmem_cache *cache, u32 offset)
{
	u32 index = (u32)(((u64)offset * cache->reciprocal) >> 32);

	/* The reciprocal is rounded up: near the end of a large object that is one too many. */
	return index - ((u64)index * cache->size > offset);
}

/* All invariants of all caches; every page of kind PAGE_SLAB belongs to one. false with a message. */
bool kmem_cache_check(const struct slab_system *s, struct status *st);

#endif
