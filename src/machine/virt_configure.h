/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a machine's memory to the layout of its address space. */
#ifndef KM_MACHINE_VIRT_CONFIGURE_H
#define KM_MACHINE_VIRT_CONFIGURE_H

#include "virt/virt.h"

/*
 * Fills `virt` for a machine whose pages and small objects are configured.  A
 * machine without either, or without a direct map, gets VMAP_ABSENT.  Every
 * boundary is computed as the machine's kernel computes it (constants of the
 * recordings' headers).
 */
void virt_configure(const struct phys_config *phys, const struct slab_config *slab, struct virt_config *virt);

#endif
