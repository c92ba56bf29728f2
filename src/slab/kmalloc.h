/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kmalloc() and what is built on it. */
#ifndef KM_SLAB_KMALLOC_H
#define KM_SLAB_KMALLOC_H

#include "slab/kmem_cache.h"

/* Makes the caches of kmalloc() at boot. false: they cannot be. */
bool kmalloc_init(struct slab_system *s);

/*
 * The cache that serves this many bytes with this mask; NULL: none does (the
 * page allocator, or nobody, see kmalloc_alloc()).
 */
struct kmem_cache *kmalloc_cache(const struct slab_system *s, u64 bytes, gfp_t gfp);

/* Bytes from one object to the next in the cache that serves this many; also if this machine does not have it. */
u32 kmalloc_class_size(const struct slab_system *s, u32 bytes);

/* kmalloc(); 0 where the kernel returns NULL; 6.1's ZERO_SIZE_PTR (16) for 0 bytes. */
u64 kmalloc_alloc(struct slab_system *s, u64 bytes, gfp_t gfp);

/* kzalloc(). */
u64 kmalloc_zeroed(struct slab_system *s, u64 bytes, gfp_t gfp);

/* kfree(). NULL and ZERO_SIZE_PTR are nothing. What was never allocated is treated as the machine's kernel does. */
void kmalloc_free(struct slab_system *s, u64 address);

/*
 * 6.1: kfree() of an address in no slab that kmalloc() did not get from the page
 * allocator either.  If its page has a descriptor, the kernel warns (once a boot)
 * and takes it for a page that nobody uses; else it faults.
 */
void kmalloc_free_unknown(struct slab_system *s, u64 address);

/* ksize(): bytes that may be used at an address that kmalloc() returned; 0 for NULL and ZERO_SIZE_PTR. */
u64 kmalloc_size(const struct slab_system *s, u64 address);

/* krealloc(), kcalloc(): 0 where the kernel returns NULL (then the old object stays). */
u64 kmalloc_again(struct slab_system *s, u64 address, u64 bytes, gfp_t gfp);
u64 kmalloc_array(struct slab_system *s, u64 count, u64 bytes, gfp_t gfp);

/* A cache that was loaded, not created: if its name is that of one of kmalloc()'s, it serves kmalloc() from now on. */
void kmalloc_adopt(struct slab_system *s, const struct kmem_cache *cache);

/* Bytes: the largest object of a cache, and the largest kmalloc() of any kind. */
u64 kmalloc_max_cache_size(const struct slab_system *s);
u64 kmalloc_max_size(const struct slab_system *s);

#endif
