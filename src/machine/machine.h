/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one object that is a machine: its description, its arena and its
 * allocators.  Everything above reads it as const, and changes it only through
 * the functions of the floors below and of this one.
 */
#ifndef KM_MACHINE_MACHINE_H
#define KM_MACHINE_MACHINE_H

#include "base/arena.h"
#include "base/status.h"
#include "machine/desc.h"
#include "machine/early.h"
#include "phys/phys.h"
#include "slab/slab.h"
#include "virt/virt.h"

struct machine {
	struct machine_desc desc; /* what it was booted from */
	struct phys_config config; /* what followed from it */
	struct slab_config slab_config; /* the same of small objects */
	struct arena arena;
	struct phys phys;
	struct early *early; /* in the arena; NULL: it booted at once */
	struct slab_system slab; /* without an allocator: nothing but its configuration */
	struct virt_config virt_config; /* the address space */
	struct virt_system virt; /* without one: nothing but its configuration */
	bool alive;
};

/*
 * Boots a machine: computes the configuration from the description by the
 * rules of its kernel, lays out the arena, frees the memory that boot leaves
 * over.  `observer` (may be NULL) sees the boot's events and stays installed.
 * false with a message: the description is impossible or the host refuses;
 * the machine is then empty.
 */
bool machine_boot(struct machine *m, const struct machine_desc *desc, struct observer *observer, struct status *st);

/*
 * What boots once the page allocator has memory: small objects, areas of
 * addresses; `swiotlb` is what boot took for it.  false with a message: it is
 * not enough.
 */
bool machine_start(struct machine *m, struct desc_range swiotlb, struct status *st);

/* A machine of this configuration with no page free and no cache, to load a state into. slab: NULL: no allocator. */
bool machine_init(struct machine *m, const struct phys_config *config, const struct slab_config *slab,
		  struct status *st);

/* Gives everything back; a machine that was never booted may be freed, if zeroed. */
void machine_free(struct machine *m);

/* Makes `to` (not alive) an equal and independent machine; no observer. */
bool machine_clone(struct machine *to, const struct machine *from, struct status *st);

/* How events of this machine name what only it can name. */
struct event_names machine_names(const struct machine *m);

/* Hash of the whole state: equal machines have equal hashes, on any host. */
u64 machine_hash(const struct machine *m);

#endif
