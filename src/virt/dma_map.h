/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Streaming DMA: memory that the CPU has already is mapped for one transfer
 * (the kernels' DMA-API documents; Linux Device Drivers, chapter 15).
 *
 * 2.6.18 on i386 does no more than to tell the physical address, whatever the
 * device reaches.  6.1 looks at the mask, and where the device does not reach,
 * bounces through swiotlb; without that the mapping fails.
 */
#ifndef KM_VIRT_DMA_MAP_H
#define KM_VIRT_DMA_MAP_H

#include "virt/virt.h"

enum dma_direction { DMA_BIDIRECTIONAL, DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_NONE };

/*
 * dma_map_single() of `bytes` at a kernel address, dma_map_page() of a part of a
 * page, for the device with this number (0: none).  What the device is told;
 * dma_map_error() where the kernel returns DMA_MAPPING_ERROR.  After a BUG the
 * kernel is down.
 */
u64 dma_map_single(struct virt_system *v, u32 device, u64 address, u64 bytes, enum dma_direction direction);
u64 dma_map_page(struct virt_system *v, u32 device, pfn_t pfn, u64 offset, u64 bytes, enum dma_direction direction);

/* dma_unmap_single(), dma_unmap_page(): what the device wrote is copied back from swiotlb. */
void dma_map_undo(struct virt_system *v, u32 device, u64 bus, u64 bytes, enum dma_direction direction);

/* dma_sync_single_for_cpu(), and for_device() if not `for_cpu`. */
void dma_map_sync(struct virt_system *v, u32 device, u64 bus, u64 bytes, enum dma_direction direction, bool for_cpu);

/* DMA_MAPPING_ERROR: all ones. */
u64 dma_map_error(const struct virt_system *v);

/* dma_mapping_error(): is it that? To 2.6.18 on i386 nothing is. */
bool dma_map_failed(const struct virt_system *v, u64 bus);

/* dma_max_mapping_size(): bytes that a mapping for the device can have. */
u64 dma_map_most(const struct virt_system *v, u32 device);

#endif
