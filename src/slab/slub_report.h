/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB: what the kernel prints of damaged objects, of caches in use, and of
 * requests that cannot be served.  Call traces and registers, which the model
 * does not have, are left out.
 */
#ifndef KM_SLAB_SLUB_REPORT_H
#define KM_SLAB_SLUB_REPORT_H

#include "slab/slub_object.h"

/* "BUG cache (Not tainted): ..." with what is known of a slab, or of an object of it. */
void slub_report_slab(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void slub_report_object(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object,
			const char *reason);

/* The bytes from `first` to `last` should all be `value`; the object beside them. */
void slub_report_bytes(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object, const char *what,
		       u64 first, u64 last, u8 value);

/* "FIX cache: ..." */
void slub_report_fix(struct slab_system *s, const struct kmem_cache *cache, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A hex dump of memory, each line with its address behind `prefix`; it ends where memory ends. */
void slub_report_dump(struct slab_system *s, const char *prefix, u64 address, u64 bytes);

/* Objects of a slab that are in use when its cache is destroyed. */
void slub_report_remaining(struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn);

/* And that the cache stays: slab_rules.report_busy, of SLAB of 6.1, too. The caller is a command. */
void slub_report_busy(struct slab_system *s, struct kmem_cache *cache);

/* slab_rules.refuses; also the first thing that happens when a cache is made. */
bool slub_report_refusal(struct slab_system *s, const char *name, u64 size, u64 align, u32 flags);

/* An object was to be freed that lies in no slab (cache NULL: by kfree()), or in one of another cache. */
void slub_report_no_slab(struct slab_system *s, const struct kmem_cache *cache, u64 address);
void slub_report_wrong_cache(struct slab_system *s, const struct kmem_cache *cache, const struct kmem_cache *other,
			     u64 address);

/* There are no pages for a slab. */
void slub_report_no_memory(struct slab_system *s, const struct kmem_cache *cache, gfp_t gfp);

#endif
