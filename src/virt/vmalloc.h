/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vmalloc() and its kin: memory of single pages that lies side by side by
 * address only.  What is taken is taken in the kernel's order: the descriptors of
 * the area, its addresses, the array of its pages, the pages one by one, page
 * tables (recordings vmalloc-basic, vmalloc-random, vmalloc-fail).
 *
 * Interrupts may call none of them: vunmap(), in 2.6.18 vfree(), in 6.1 whatever
 * wants an area is a BUG there, and the kernel is down.
 */
#ifndef KM_VIRT_VMALLOC_H
#define KM_VIRT_VMALLOC_H

#include "virt/vmap_area.h"

/*
 * get_vm_area(): `bytes` (whole pages, not 0) of addresses and a guard page,
 * with the kernel's descriptors.  NULL: no memory or no place.
 */
struct vmap_area *vmalloc_get_area(struct virt_system *v, u64 bytes, u32 flags, gfp_t gfp);

/* remove_vm_area() and kfree() of its descriptor: unmapped, its addresses are given back. */
void vmalloc_put_area(struct virt_system *v, struct vmap_area *area);

/* __vmalloc(): 0 where the kernel returns NULL. */
u64 vmalloc_alloc(struct virt_system *v, u64 bytes, gfp_t gfp);

/* vmalloc_user(): zeroed, for memory that a driver shows to programs. Returns as vmalloc_alloc() does. */
u64 vmalloc_user(struct virt_system *v, u64 bytes);

/*
 * What 6.1's kvmalloc() asks for, VM_ALLOW_HUGE_VMAP: from 2 MiB on, a node, x86_64 looks for big pages first.
 * 0: NULL.
 */
u64 vmalloc_alloc_huge(struct virt_system *v, u64 bytes, gfp_t gfp);

/* The masks of vmalloc(), vzalloc() (which is the former with zeroes) and vmalloc_32() of the machine's kernel. */
gfp_t vmalloc_gfp(const struct virt_system *v);
gfp_t vmalloc_gfp_32(const struct virt_system *v);

/*
 * vfree().  2.6.18 knows an area by its first address only; 6.1 looks for the one
 * that holds the address, and frees it whole.  false with a message: nothing was
 * freed, and the kernel has warned.  0 is nothing.
 */
bool vmalloc_free(struct virt_system *v, u64 address, struct status *st);

/* vmap(): an area through which `count` pages are seen; 0: NULL. The pages stay the caller's. */
u64 vmalloc_map(struct virt_system *v, const pfn_t *pages, u32 count, u32 flags);

/* vunmap(): refuses as vmalloc_free() does. */
bool vmalloc_unmap(struct virt_system *v, u64 address, struct status *st);

/* vm_unmap_aliases(): what is lazy is unmapped everywhere and becomes free. If nothing is, nothing is done. */
void vmalloc_purge(struct virt_system *v);

/*
 * lazy_max_pages(): how many pages of areas given back may wait for a purge: 32
 * MiB for each bit that the number of CPUs has.
 */
u64 vmalloc_lazy_max(const struct virt_system *v);

/*
 * The command has ended, and others run: drain_vmap_area_work() purges if more
 * pages are lazy than may be.  A vfree() only wakes it, so that the recordings,
 * where nothing else ran, have more.
 */
void vmalloc_command_ended(struct virt_system *v);

/* vmalloc_to_pfn(): the frame behind an address; PFN_NONE: none. */
pfn_t vmalloc_to_pfn(const struct virt_system *v, u64 address);

/* Bytes of an area that may be used: without its guard page. */
u64 vmalloc_area_bytes(const struct virt_system *v, const struct vmap_area *area);

#endif
