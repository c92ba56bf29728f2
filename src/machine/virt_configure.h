/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a machine's memory to the layout of its address space. */
#ifndef KM_MACHINE_VIRT_CONFIGURE_H
#define KM_MACHINE_VIRT_CONFIGURE_H

#include "machine/desc.h"
#include "virt/virt.h"

/*
 * Fills `virt` for a machine whose pages and small objects are configured.  A
 * machine without either, or without a direct map, gets VMAP_ABSENT.  Every
 * boundary is computed as the machine's kernel computes it (constants of the
 * recordings' headers).
 */
void virt_configure(const struct phys_config *phys, const struct slab_config *slab, struct virt_config *virt);

/*
 * Bytes of memory that the direct map of a 32-bit machine can hold: those of
 * lowmem_limit, or with vmalloc=SIZE what that option leaves.  2.6.18 counts
 * SIZE down from 4 GiB, with all that lies there; 6.1 from VMALLOC_END, and adds
 * the gap of 8 MiB (recordings boot-1024M-vmalloc256M, boot-1024M-896lowmem).
 * 0: no limit.
 */
u64 virt_configure_lowmem(const struct machine_desc *d);

#endif
