/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the address space, by address: which one a number lies in.  The
 * limits are those of the machine's layout (struct virt_config), and those that
 * the kernel's documentation of x86_64 (mm.rst) gives.
 */
#ifndef KM_VIRT_REGION_H
#define KM_VIRT_REGION_H

#include "virt/virt.h"

/* x86_64: what CPUs enter the kernel through begins here, and here the code of modules ends. */
#define REGION_ENTRY_START UINT64_C(0xfffffe0000000000)
#define REGION_MODULES_END UINT64_C(0xffffffffff000000)

enum region_kind {
	REGION_USER, /* of programs */
	REGION_NO_ADDRESS, /* x86_64: bits 47 to 63 are not all the same */
	REGION_DIRECT, /* the direct map */
	REGION_GAP, /* i386: between the direct map and the vmalloc area */
	REGION_VMALLOC,
	REGION_PKMAP, /* slots of kmap() */
	REGION_FIXMAP, /* fixed addresses; slots of kmap_atomic() among them */
	REGION_VMEMMAP, /* x86_64: the descriptors of all pages; what lies there is not modelled */
	REGION_ENTRY, /* x86_64: what CPUs enter the kernel through; not modelled */
	REGION_IMAGE, /* x86_64: the kernel's image, where it runs */
	REGION_MODULES, /* x86_64: of the code of modules; not modelled */
	REGION_HOLE, /* nothing that is modelled */
};

struct region {
	enum region_kind kind;
	u64 start, last; /* addresses, of the first byte and of the last */
};

/* The part that `address`, any number, lies in. The machine has a layout. */
struct region region_of(const struct virt_system *v, u64 address);

/* Does a kernel have memory there, of which the model knows nothing? */
bool region_is_unknown(enum region_kind kind);

/* "direct map" ...: translated. */
const char *region_name(enum region_kind kind);

#endif
