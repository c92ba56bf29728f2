/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One object: where it lies, whether it is in use, and which command got it.
 * No kernel keeps the latter without SLAB_STORE_USER; it is a note of this
 * machine's beside the objects, and no part of its state.
 */
#ifndef KM_SLAB_OBJECT_H
#define KM_SLAB_OBJECT_H

#include "slab/kmem_cache.h"

#define OBJECT_NOTE_BYTES 8 /* one note for so many bytes of a slab; smaller objects share */

struct object_info {
	const struct kmem_cache *cache;
	pfn_t slab; /* its first page */
	u32 index; /* of the object in the slab */
	u64 address; /* where the user's part of it begins */
	unsigned state; /* OBJECT_FREE ... */
	u32 owner; /* command that got it last, 0: none that is known */
};

size_t object_arena_size(const struct phys_config *config);
/* Lays out. false: the arena is too small. */
bool object_init(struct slab_system *s);

/* Notes that the present command has got the object. */
void object_note(struct slab_system *s, u64 address);

/* The object that an address lies in, any address of it. false: in none. */
bool object_at(const struct slab_system *s, u64 address, struct object_info *info);

/* Tells each object in use of all caches, in the order of addresses. */
void object_each_used(const struct slab_system *s, void (*see)(void *context, const struct object_info *info),
		      void *context);

/* "free", "in use" ...: translated. */
const char *object_state_name(unsigned state);

#endif
