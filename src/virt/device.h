/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices that reach memory by themselves: how far each can reach, which is all
 * that the functions of DMA want to know of one (the kernel's DMA-API documents;
 * J. Corbet et al., Linux Device Drivers, chapter 15).  Devices count from 1;
 * 0 is no device, which 2.6 takes for one of the ISA bus.
 */
#ifndef KM_VIRT_DEVICE_H
#define KM_VIRT_DEVICE_H

#include "virt/virt.h"

#define DEVICE_NAME_MOST 31 /* bytes of a name */

/* A device. */
struct device {
	u32 used; /* 1: it is there */
	u32 owner; /* command that made it */
	u64 dma_mask; /* addresses that it says it reaches, for what is mapped to it */
	u64 coherent_mask; /* the same of dma_alloc_coherent() */
	char name[DEVICE_NAME_MOST + 1];
	u64 spare;
};

_Static_assert(sizeof(struct device) == 64, "a device lies within one chunk of the arena");

/*
 * A device that reaches `mask`; "" as its name: one is given.  Its number; 0
 * with a message: the name is taken or too long, or there are VIRT_DEVICES.
 */
u32 device_make(struct virt_system *v, const char *name, u64 mask, struct status *st);

/* NULL for 0, and where there is none. */
const struct device *device_at(const struct virt_system *v, u32 number);

/* 0: no device is called so. */
u32 device_by_name(const struct virt_system *v, const char *name);

/* Would dma_set_mask() take this mask: is memory below it sure to be had? */
bool device_supports(const struct virt_system *v, u64 mask);

/* dma_set_mask(), dma_set_coherent_mask(). false: -EIO, nothing is changed. */
bool device_set_mask(struct virt_system *v, u32 number, u64 mask);
bool device_set_coherent_mask(struct virt_system *v, u32 number, u64 mask);

/* The largest address that a device can be told of: dma_addr_t. */
u64 device_most(const struct virt_system *v);

u64 device_hash(const struct virt_system *v);

/* false with a message: a device cannot be as it is. */
bool device_check(const struct virt_system *v, struct status *st);

#endif
