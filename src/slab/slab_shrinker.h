/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Caches whose objects can be given up: those of names of files and inodes, in
 * the kernel.  No slab allocator frees an object by itself.  Whoever owns them
 * keeps a list of those that nobody needs just now, registers a shrinker
 * (phys/shrinker.h), and frees the oldest when he is asked to; slabs become
 * empty by that or not, and go back to the page allocator by the rules of the
 * allocator, as after any other free.
 *
 * The owner of this machine does what the kernel's caches of names do: it asks
 * for __GFP_FS, and tells the kernel of as many objects as vfs_cache_pressure
 * says (Documentation/admin-guide/sysctl/vm; M. Gorman, Understanding the Linux
 * Virtual Memory Manager, "Shrinking Dentry Cache").  That its list does not
 * lie in the objects, where the kernel has it, is not seen from outside; an
 * object must have room for it though.
 */
#ifndef KM_SLAB_SLAB_SHRINKER_H
#define KM_SLAB_SLAB_SHRINKER_H

#include "slab/slab.h"

/* The list of unused objects of a cache. */
struct slab_unused {
	u64 oldest, newest; /* addresses of objects; SLAB_UNUSED_END: the list is empty */
	u64 at; /* address of what the kernel allocates for the shrinker; 0: the machine has no cache for it */
	u32 count;
	u32 spare;
};

_Static_assert(sizeof(struct slab_unused) == 32, "a list of unused objects lies within one chunk of the arena");

/* The place of an object on it: the addresses before and behind; both 0: it is on no list. */
struct slab_unused_link {
	u64 older, newer;
};

#define SLAB_UNUSED_END 1 /* no object has this address */

size_t slab_shrinker_arena_size(const struct slab_config *config, const struct phys_config *phys);
/* Lays out. false: the arena is too small. */
bool slab_shrinker_init(struct slab_system *s);
/* From now on its owners are asked by the page allocator that it stands on. */
void slab_shrinker_connect(struct slab_system *s);

/* set_shrinker(), register_shrinker(). false: no memory, or PHYS_SHRINKERS are registered. The cache has none yet. */
bool slab_shrinker_register(struct slab_system *s, struct kmem_cache *cache, u32 seeks);
/* remove_shrinker(), unregister_shrinker(): unused objects stay allocated. Nothing if it has none. */
void slab_shrinker_unregister(struct slab_system *s, struct kmem_cache *cache);

/* The cache whose shrinker's memory the kernel has at this address; NULL: none. */
struct kmem_cache *slab_shrinker_by_address(const struct slab_system *s, u64 address);

/* Is a list_head within such an object, as the owner needs it? */
bool slab_shrinker_has_room(const struct slab_system *s, const struct kmem_cache *cache);

/* Puts an object in use of the cache, which has a shrinker, at the end of the list; false: it is on it. */
bool slab_shrinker_add(struct slab_system *s, struct kmem_cache *cache, u64 object);
/* Takes it from the list; false: it is not on it. */
bool slab_shrinker_take(struct slab_system *s, struct kmem_cache *cache, u64 object);

/* What lies at this address is being freed, by whomever: the owner takes it from the list first. */
void slab_shrinker_freed(struct slab_system *s, struct kmem_cache *cache, u64 address);

/* The object behind one that is on a list, the next younger; SLAB_UNUSED_END: none. */
u64 slab_shrinker_next(const struct slab_system *s, u64 object);

static inline struct slab_unused *slab_shrinker_list(const struct slab_system *s, const struct kmem_cache *cache)
{
	return &s->unused[slab_slot(s, cache)];
}

u64 slab_shrinker_hash(const struct slab_system *s);

/* Invariants of all lists. false with a message. */
bool slab_shrinker_check(const struct slab_system *s, struct status *st);

#endif
