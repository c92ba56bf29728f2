/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The software I/O TLB: memory that every device reaches, taken at boot, through
 * which what a device does not reach is copied ("bounced").  It consists of slots
 * of 2 KiB; a mapping takes slots side by side within a segment of 128, so it has
 * 256 KiB at most.  The search goes on from where the last one ended, and from
 * a page on it looks at the beginnings of pages only (the kernel's documentation
 * of swiotlb, and of its option swiotlb=).  With several CPUs it is divided into
 * areas, and each CPU begins with its own.
 */
#ifndef KM_VIRT_SWIOTLB_H
#define KM_VIRT_SWIOTLB_H

#include "virt/virt.h"

#define SWIOTLB_SHIFT 11 /* a slot, as a power of two of bytes */
#define SWIOTLB_SEGMENT 128 /* slots, of which a mapping lies in one */
#define SWIOTLB_NONE UINT64_MAX

/* A slot. */
struct swiotlb_slot {
	u64 from; /* physical address of what is copied to it and from it */
	u32 bytes; /* of the mapping, from this slot on; 0: the slot is free */
	u32 spare;
};

/* Slots that the kernel makes of so many bytes, with so many areas. */
u32 swiotlb_slots(u64 bytes, u32 areas);

/* Areas that it is divided into: one a CPU, a power of two. */
u32 swiotlb_areas(u32 cpus);

/* Boot took the memory at physical address `start`. `force`: all that is mapped is bounced. */
void swiotlb_start(struct virt_system *v, u64 start, u32 slots, u32 areas, bool force);

static inline bool swiotlb_active(const struct virt_system *v)
{
	return v->state && v->state->swiotlb.slots;
}

/* Does this physical address lie in it? */
bool swiotlb_holds(const struct virt_system *v, u64 at);

/*
 * Takes slots for `bytes` (not 0) at the physical address `from`, and copies
 * them there.  The physical address; SWIOTLB_NONE: there are no slots together.
 */
u64 swiotlb_map(struct virt_system *v, u64 from, u64 bytes);

/* Bytes that are mapped from the slot of `at` on; 0: nothing. */
u64 swiotlb_mapped(const struct virt_system *v, u64 at);

/* Copies `bytes` at `at`, which lies in it, to the device's side or back from there. */
void swiotlb_copy(struct virt_system *v, u64 at, u64 bytes, bool to_device);

/* Gives the slots of a mapping back, from that of `at` on. Nothing is copied. */
void swiotlb_release(struct virt_system *v, u64 at);

/* Slots in use. */
u32 swiotlb_used(const struct virt_system *v);

u64 swiotlb_hash(const struct virt_system *v);

/* false with a message: counts and slots contradict each other. */
bool swiotlb_check(const struct virt_system *v, struct status *st);

#endif
