/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model's caches in the lines of a recording: what stands behind the word
 * that such a line begins with.  `name` is what the recording calls the cache.
 */
#ifndef KM_SESSION_REPLAY_CACHE_PRINT_H
#define KM_SESSION_REPLAY_CACHE_PRINT_H

#include "base/strbuf.h"
#include "slab/rules.h"

/* CACHE: what it was made with, and what followed from it. `addresses`: with those of the kernel's objects (2.6). */
void replay_cache_print(const struct slab_system *s, const struct kmem_cache *cache, const char *name, bool addresses,
			struct strbuf *out);

/* C, c cache: the counts, and the hash of everything. */
void replay_cache_print_counts(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			       struct strbuf *out);

/* AC, CPU: what a CPU holds. */
void replay_cache_print_cpu(const struct slab_system *s, const struct kmem_cache *cache, const char *name, unsigned cpu,
			    struct strbuf *out);

/* SH: the array that CPUs share. */
void replay_cache_print_shared(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			       struct strbuf *out);

/* NODE */
void replay_cache_print_node(const struct slab_system *s, const struct kmem_cache *cache, const char *name,
			     struct strbuf *out);

/* SL: the n-th slab in the order of such lines. false: there are not so many. */
bool replay_cache_print_slab(const struct slab_system *s, const struct kmem_cache *cache, const char *name, unsigned n,
			     struct strbuf *out);

/* What a row of slabinfo has of the statistics of SLAB built for debugging: "globalstat ... : cpustat ...". */
void replay_cache_print_statistics(const struct kmem_cache *cache, struct strbuf *out);

/* Where the n-th slab is; *list says on which list. PFN_NONE: there are not so many. */
pfn_t replay_cache_slab(const struct slab_system *s, const struct kmem_cache *cache, unsigned n, unsigned *list,
			unsigned *cpu);

#endif
