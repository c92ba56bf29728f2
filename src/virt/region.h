/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the address space, by address: which one a number lies in.  The
 * limits are those of the machine's layout (struct virt_config).
 */
#ifndef KM_VIRT_REGION_H
#define KM_VIRT_REGION_H

#include "virt/virt.h"

enum region_kind {
	REGION_USER, /* of programs */
	REGION_NO_ADDRESS, /* x86_64: bits 47 to 63 are not all the same */
	REGION_DIRECT, /* the direct map */
	REGION_GAP, /* i386: between the direct map and the vmalloc area */
	REGION_VMALLOC,
	REGION_PKMAP, /* slots of kmap() */
	REGION_FIXMAP, /* fixed addresses; slots of kmap_atomic() among them */
	REGION_IMAGE, /* x86_64: the kernel's image, where it runs */
	REGION_HOLE, /* nothing that is modelled */
};

struct region {
	enum region_kind kind;
	u64 start, last; /* addresses, of the first byte and of the last */
};

/* The part that `address`, any number, lies in. The machine has a layout. */
struct region region_of(const struct virt_system *v, u64 address);

/* "direct map" ...: translated. */
const char *region_name(enum region_kind kind);

#endif
