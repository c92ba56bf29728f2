/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What SLAB and SLUB of 6.1 print alike: warnings, and what they taint the
 * kernel with (consoles of the recordings slab-walk and poison).  Call traces
 * and line numbers are of no machine and left out.
 */
#ifndef KM_SLAB_SLAB_COMMON_H
#define KM_SLAB_SLAB_COMMON_H

#include "slab/slab.h"

/* What has happened to the kernel since boot, as bits of state->tainted. */
enum { TAINT_BAD_PAGE = 1, /* a report of damaged objects: 'B' */ TAINT_WARN = 2 /* 'W' */ };

/* "Not tainted", or "Tainted: " with the letters, each in its column. */
const char *slab_common_tainted(const struct slab_system *s);

/* WARN() with a text ("": the kernel has none) in `where`: the file and the function, "mm/vmalloc.c vfree". Also of
 * 2.6.18, which taints nothing. */
void slab_common_warn(struct slab_system *s, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What kfree() is given is in no slab, and no compound page: warns of the first since boot. */
void slab_common_warn_not_large(struct slab_system *s, u64 address);

/* kmem_cache_create() fails with an errno, here above 0: says so, or panics if `flags` have SLAB_PANIC. */
void slab_common_not_created(struct slab_system *s, const char *name, u32 flags, int error);

/* How many objects of 0 bytes go into a slab? */
void slab_common_divide_error(struct slab_system *s);

/* What says from where, which makes no sense for slabs, is taken away, with a message. Returns the rest. */
gfp_t slab_common_fix_gfp(struct slab_system *s, gfp_t gfp);

#endif
