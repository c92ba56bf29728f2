/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DMA pools: blocks smaller than a page, of memory that a device and the CPUs
 * share (the kernels' DMA-API documents; Linux Device Drivers, chapter 15).
 *
 * What they are got from is allocated as the kernel does: the pool and the
 * header of each page by kmalloc(), the page by dma_alloc_coherent().  2.6.18 keeps
 * a bitmap of free blocks behind the header, and takes the lowest; it always
 * asks for pages with GFP_ATOMIC.  6.1 keeps a list of free blocks in the blocks
 * themselves, last in, first out; where a block would end at a boundary it is
 * left out, so of 4096 bytes in blocks of 1024 three are used (mended in 6.4).
 * Pages go back when the pool is destroyed.  The file of pools that the first one
 * of a device makes in sysfs takes no memory here.
 */
#ifndef KM_VIRT_DMA_POOL_H
#define KM_VIRT_DMA_POOL_H

#include "virt/virt.h"

#define DMA_POOL_NAME_MOST 31 /* bytes of a name: more is cut off, as the kernel does */
#define DMA_POOL_NONE UINT32_MAX

/* A pool. */
struct dma_pool {
	u32 used; /* 1: the slot holds one */
	u32 device; /* number; 0: none */
	u64 at; /* address of the kernel's object */
	u64 size, allocation; /* bytes of a block, and of what is got at a time */
	u64 boundary; /* that no block crosses (6.1) */
	u32 first; /* page, number and 1; 0: none */
	u32 owner; /* command that made it */
	char name[DMA_POOL_NAME_MOST + 1];
	u64 spare[6];
};

/* What it got at a time: a "page", however large. */
struct dma_pool_page {
	u32 used; /* 1: it is there */
	u32 pool; /* slot */
	u64 at; /* address of its header; in 2.6 a bitmap lies behind that */
	u64 vaddr; /* of the blocks, for the CPU */
	u32 in_use; /* as the kernel counts: freeing a block twice takes off twice */
	u32 offset; /* of the first free block (6.1) */
	u32 next; /* page of the same pool, number and 1; 0: the end */
	u32 spare[7];
};

_Static_assert(sizeof(struct dma_pool) == 128 && sizeof(struct dma_pool_page) == 64,
	       "each lies within one chunk of the arena");

/* dma_pool_create(). Its slot; DMA_POOL_NONE where the kernel returns NULL, or if there are VIRT_POOLS. */
u32 dma_pool_create(struct virt_system *v, const char *name, u32 device, u64 size, u64 align, u64 boundary);

/*
 * dma_pool_alloc(): the address, and in *bus that for the device.  0: NULL, or
 * (*waits is set, 2.6) the task would try again every 10 ms until there is memory.
 */
u64 dma_pool_alloc(struct virt_system *v, u32 pool, gfp_t gfp, u64 *bus, bool *waits);

/* dma_pool_free(): what the kernel notices it prints; what it does not, comes to pass. */
void dma_pool_free(struct virt_system *v, u32 pool, u64 address, u64 bus);

/* dma_pool_destroy(): pages with blocks in use are lost. */
void dma_pool_destroy(struct virt_system *v, u32 pool);

/* The pool whose object lies at this address; DMA_POOL_NONE: there is none. */
u32 dma_pool_by_address(const struct virt_system *v, u64 address);

/* The first page of a pool, and the one behind; NULL: none. */
const struct dma_pool_page *dma_pool_page(const struct virt_system *v, u32 number_and_1);

/* Blocks that fit into what is got at a time, as the kernel's file of pools counts them. */
u64 dma_pool_blocks(const struct dma_pool *pool);

u64 dma_pool_hash(const struct virt_system *v);

/* false with a message: pools and pages contradict each other. */
bool dma_pool_check(const struct virt_system *v, struct status *st);

#endif
