/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SLAB under DEBUG_SLAB: what the kernels print about damaged objects. */
#ifndef KM_SLAB_SLAB_REPORT_H
#define KM_SLAB_SLAB_REPORT_H

#include "slab/slab.h"

#define REPORT_LINE 16 /* bytes of an object in a line of a dump */

/* The red zones of an object, and who used it last: the number of a command. */
struct slab_report_object {
	bool red_zone, store_user;
	u64 red[2], user;
};

/* What differs from kernel to kernel. */
struct slab_report {
	u64 red_inactive, red_active; /* what red zones hold while the object is free, and in use */
	u32 red_bytes; /* of one */
	u32 user_bytes; /* that who used it last takes behind the second red zone */
	const char *destroy; /* the function that looks at objects whose slab is given up */
	bool freed_ends_with_dot; /* the line of the red zones of an object that is freed */
	/* The first line about an object whose poison was written over. */
	void (*corruption)(struct slab_system *s, const struct kmem_cache *cache, u64 object);
	void (*object)(struct slab_system *s, const struct slab_report_object *o);
	/* `length` bytes of an object from `offset` on, up to REPORT_LINE. */
	void (*line)(struct slab_system *s, u32 offset, const u8 *bytes, u32 length);
};

extern const struct slab_report slab_report_2_6, slab_report_6_1;

/* "slab error in FUNCTION(): cache `NAME': WHAT" */
void slab_report_error(struct slab_system *s, const struct kmem_cache *cache, const char *function, const char *what);

#endif
