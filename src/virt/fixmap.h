/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fixed addresses: slots known when the kernel is built, counted down from the
 * top of the address space, whose pages are set while it runs (M. Gorman,
 * Understanding the Linux Virtual Memory Manager, section 3.9).  The slots are
 * those of the recorded kernels (constants of the recordings' headers).
 */
#ifndef KM_VIRT_FIXMAP_H
#define KM_VIRT_FIXMAP_H

#include "virt/virt.h"

#define FIXMAP_NONE UINT32_MAX

/* The slot that the machine's kernel calls so, "FIX_APIC_BASE" say; FIXMAP_NONE: it has none. */
u32 fixmap_by_name(const struct virt_config *c, const char *name);

/* The n-th name of the machine's kernel; NULL behind the last. */
const char *fixmap_name(const struct virt_config *c, size_t n);

/* Do names of slots begin like this one? */
bool fixmap_is_name(const char *name);

/* fix_to_virt(): the address of a slot. */
u64 fixmap_address(const struct virt_system *v, u32 slot);

/*
 * set_fixmap() of a page at the physical address `at`, with the bits `bits` of
 * its entry; clear_fixmap() if they are 0.  false: BUG(), there is no such slot.
 */
bool fixmap_set(struct virt_system *v, u32 slot, u64 at, u64 bits);

/* The bits of PAGE_KERNEL and of PAGE_KERNEL_NOCACHE. */
u64 fixmap_bits(const struct virt_system *v, bool cached);

/* virt_to_fix(): the slot of an address; FIXMAP_NONE: BUG(), it lies outside of the permanent ones. */
u32 fixmap_slot(const struct virt_system *v, u64 address);

#endif
