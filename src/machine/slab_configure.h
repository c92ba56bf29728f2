/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a description to the configuration of small objects. */
#ifndef KM_MACHINE_SLAB_CONFIGURE_H
#define KM_MACHINE_SLAB_CONFIGURE_H

#include "machine/desc.h"
#include "slab/slab.h"

/*
 * Fills `slab` for a machine booted from `desc`, whose pages are configured
 * already.  A machine without an allocator of objects gets SLAB_ABSENT.
 */
void slab_configure(const struct machine_desc *desc, const struct phys_config *phys, struct slab_config *slab);

/*
 * Sizes of what the kernel keeps of a cache, in bytes, by kernel, word, CPUs and debugging, which are set in `slab`
 * and given by `phys`.
 */
void slab_configure_sizes(struct slab_config *slab, const struct phys_config *phys);

#endif
