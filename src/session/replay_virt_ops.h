/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded operations on the address space: vmalloc(), ioremap(), kmap(), memory for devices. */
#ifndef KM_SESSION_REPLAY_VIRT_OPS_H
#define KM_SESSION_REPLAY_VIRT_OPS_H

#include "session/replay_op.h"

replay_op_function replay_virt_ops_vmalloc;
replay_op_function replay_virt_ops_vmalloc_gfp;
replay_op_function replay_virt_ops_vfree;
replay_op_function replay_virt_ops_vmap;
replay_op_function replay_virt_ops_vunmap;
replay_op_function replay_virt_ops_unmap_aliases;
replay_op_function replay_virt_ops_ioremap;
replay_op_function replay_virt_ops_ioremap_nocache;
replay_op_function replay_virt_ops_iounmap;
replay_op_function replay_virt_ops_kmap;
replay_op_function replay_virt_ops_kunmap;
replay_op_function replay_virt_ops_kmap_atomic;
replay_op_function replay_virt_ops_kunmap_atomic;
replay_op_function replay_virt_ops_kmap_local;
replay_op_function replay_virt_ops_kunmap_local;
replay_op_function replay_virt_ops_dma_alloc;
replay_op_function replay_virt_ops_dma_free;

#endif
