/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SLUB with SLAB_STORE_USER: who allocated an object, and who freed it last,
 * in two records behind the object.  The call traces that go with them lie in
 * the stack depot, which takes pages that it never gives back.
 */
#ifndef KM_SLAB_SLUB_TRACK_H
#define KM_SLAB_SLUB_TRACK_H

#include "slab/slub_object.h"

enum track_kind { TRACK_ALLOC, TRACK_FREE };

/* A record. Where the kernel has the address of the caller, the model has the number of the command. */
struct slub_track {
	u64 who; /* 0: nobody yet */
	u32 handle; /* of the call trace in the depot */
	u32 cpu, pid;
	u64 when; /* jiffies, the kernel's: they begin 5 minutes before 2^32 ticks */
};

/* The depot was set up at boot, out of memory that never was the page allocator's. */
void slub_track_boot(struct slab_system *s);

/* Sets the depot up with the first cache that wants it. */
void slub_track_init(struct slab_system *s);

/* Stores the trace of the caller; returns its handle, 0: no memory. */
u32 slub_track_save(struct slab_system *s, enum track_kind kind);

/* Writes a record, with a trace that was stored; slub_track_set() stores it itself. Nothing without SLAB_STORE_USER. */
void slub_track_write(struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind,
		      u32 handle);
void slub_track_set(struct slab_system *s, const struct kmem_cache *cache, u64 object, enum track_kind kind);

/* Empties both records of a new object. */
void slub_track_clear(struct slab_system *s, const struct kmem_cache *cache, u64 object);

/* Reads a record of an object; whatever its bytes are. */
struct slub_track slub_track_read(const struct slab_system *s, const struct kmem_cache *cache, u64 object,
				  enum track_kind kind);

/* The kernel's clock in ticks. */
u64 slub_track_jiffies(const struct slab_system *s);

#endif
