/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Windows to pages of high memory: kmap() with its slots that are shared by
 * all, kmap_atomic() and kmap_local_page() with slots of each CPU (recordings
 * kmap-basic, kmap-full).  Pages of the direct map need none.
 */
#ifndef KM_VIRT_KMAP_H
#define KM_VIRT_KMAP_H

#include "virt/virt.h"

#define KMAP_NO_SLOT UINT32_MAX

/* kmap(): the address; 0: all slots are in use, and the caller would sleep. */
u64 kmap_map(struct virt_system *v, pfn_t pfn);

/* Would kmap() of this page sleep, because all slots are in use? Nothing is changed. */
bool kmap_would_sleep(const struct virt_system *v, pfn_t pfn);

/*
 * The present command's task goes to sleep where kmap_map() returned 0, as on
 * the kernel's pkmap_map_wait.  false: VIRT_KMAP_WAITERS do already.
 */
bool kmap_wait(struct virt_system *v, pfn_t pfn);

/*
 * After kmap_unmap(): of the tasks that sleep the first one that need not any more
 * maps its page.  All wake in the kernel, and who finds nothing sleeps again.
 * false: there is none.  *command says whose it is, *pfn and *address what it got.
 */
bool kmap_wake(struct virt_system *v, u32 *command, pfn_t *pfn, u64 *address);

/* The command whose task sleeps in kmap() for longest; 0: nobody does. */
u32 kmap_waiter(const struct virt_system *v);

/*
 * kunmap().  false with a message: BUG(), the kernel is down.  Nobody has mapped
 * the page; or 2.6 is in an interrupt.
 */
bool kmap_unmap(struct virt_system *v, pfn_t pfn, struct status *st);

/* page_address(): in the direct map, or where kmap() has put it; 0: nowhere. */
u64 kmap_address(const struct virt_system *v, pfn_t pfn);

/* Slot of a page mapped by kmap(); KMAP_NO_SLOT: none. */
u32 kmap_slot_of(const struct virt_system *v, pfn_t pfn);

/*
 * kmap_atomic() and kmap_local_page(): `type` is the slot that 2.6 is told to
 * take; later kernels take the next one, and kmap_local_page() leaves it to the
 * task to sleep (`atomic` false).  0 with a message: there is no such slot, or
 * (later kernels) all but one are in use, which is a BUG(): the kernel is down.
 */
u64 kmap_atomic_map(struct virt_system *v, pfn_t pfn, u32 type, bool atomic, struct status *st);

/*
 * kunmap_atomic() and kunmap_local() of an address; later kernels want the last
 * one first, warn once of another, and take away the last one all the same.  2.6
 * leaves the entry where it is.
 */
bool kmap_atomic_unmap(struct virt_system *v, u64 address, bool atomic, struct status *st);

/* Slots of this CPU in use: of later kernels, where they are a stack. */
u32 kmap_atomic_depth(const struct virt_system *v);

/* The number of the fixed address, as the kernel counts; any address. */
u64 kmap_fixed_index(const struct virt_system *v, u64 address);

/* The page that the fixed address of this CPU's slot `type` leads to; PFN_NONE: none. */
pfn_t kmap_atomic_page(const struct virt_system *v, u32 type);

/* For loading a state. false: there is no such slot. */
bool kmap_load(struct virt_system *v, u32 slot, u32 count, pfn_t pfn);

#endif
