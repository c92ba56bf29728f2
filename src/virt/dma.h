/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that devices reach: dma_alloc_coherent() (recordings dma-coherent, dma-coherent-cma). */
#ifndef KM_VIRT_DMA_H
#define KM_VIRT_DMA_H

#include "virt/virt.h"

/*
 * dma_alloc_coherent() for a device that reaches addresses of `mask` (all ones
 * up to its highest; 0: no device).  The first frame; PFN_NONE: NULL.
 */
pfn_t dma_alloc_coherent(struct virt_system *v, u64 bytes, u64 mask, gfp_t gfp);

/* What dma_free_coherent() looks at first, even for NULL: 6.1 warns where interrupts are off, every time. */
void dma_free_warn(struct virt_system *v);

/* dma_free_coherent(): refuses as page_free() does. */
bool dma_free_coherent(struct virt_system *v, u64 bytes, pfn_t pfn, struct status *st);

#endif
