/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ioremap(): addresses for the registers and memory of devices (recordings ioremap, vmalloc-overrun). */
#ifndef KM_VIRT_IOREMAP_H
#define KM_VIRT_IOREMAP_H

#include "virt/vmap_area.h"

/* What the processor may do with what it reads and writes there. */
enum ioremap_mode { IOREMAP_CACHED, IOREMAP_UNCACHED, IOREMAP_COMBINING, IOREMAP_MODES };

/*
 * The address of `bytes` bytes at the physical address `at`, in `*address`; 0
 * where the kernel returns NULL - and for an area at address 0, which 2.6 makes
 * when its search wraps around.  Which it is, *area says: NULL, or the area; it
 * is NULL, too, for what is always mapped.  false: BUG(), at the place in
 * `where`: the kernel is down, and the area stays.
 */
bool ioremap_map(struct virt_system *v, u64 at, u64 bytes, enum ioremap_mode mode, u64 *address,
		 struct vmap_area **area, const char **where);

/* iounmap(): finds areas as vmalloc_free() does. false with a message: the kernel has printed that it found none. What
 * is always mapped stays. */
bool ioremap_unmap(struct virt_system *v, u64 address, struct status *st);

#endif
