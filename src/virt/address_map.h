/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole address space in the order of addresses, for those who show it: its
 * parts, what lies in each, and which frames are behind the pages of a range.
 * Emptiness is one item or one run however large it is, so nothing is lost.
 */
#ifndef KM_VIRT_ADDRESS_MAP_H
#define KM_VIRT_ADDRESS_MAP_H

#include "virt/region.h"
#include "virt/vmap_area.h"

#define ADDRESS_PARTS 16

enum address_kind {
	ADDRESS_FREE, /* of the vmalloc area: nobody has these addresses */
	ADDRESS_LAZY, /* given back, unused until the next purge */
	ADDRESS_NEW, /* it has its addresses, but is not described yet: while an operation runs */
	ADDRESS_VMALLOC,
	ADDRESS_VMAP,
	ADDRESS_IOREMAP,
	ADDRESS_ARRAY, /* an area that holds the array of another one's pages */
	ADDRESS_KMAP, /* a slot of kmap() that holds a page */
	ADDRESS_ATOMIC, /* a slot of kmap_atomic() that holds a page */
	ADDRESS_FIXED, /* another fixed address that leads somewhere */
	ADDRESS_TOP, /* i386: the last page of all, which is never mapped */
	ADDRESS_KINDS
};

struct address_item {
	u64 start, bytes; /* of an area with its guard page; 2.6 makes areas that go on at address 0 */
	enum address_kind kind;
	u32 area; /* its number, for vmap_area_at(); VIRT_NO_AREA: it is none */
	u32 slot; /* ADDRESS_KMAP: of kmap(); ADDRESS_ATOMIC: of kmap_atomic(), those of CPU 0 first; else of fixed
		     addresses */
};

/* A part of the address space; of the items those that begin in it. */
struct address_part {
	struct region region;
	size_t first, count; /* items */
	size_t used; /* of those, areas or slots that somebody has */
	size_t lazy; /* areas that were given back and not purged */
	u64 bytes; /* that the areas in use have, guard pages included */
	u64 lazy_bytes;
};

/* All zero: nothing is in it. */
struct address_map {
	struct address_part part[ADDRESS_PARTS];
	unsigned parts;
	struct address_item *item; /* by part, then by address */
	size_t count, capacity;
};

/* Makes `m`, of whatever it was, the map of the address space as it is now. false: out of memory. */
bool address_map_make(struct address_map *m, const struct virt_system *v);
void address_map_free(struct address_map *m);

/* The part that holds `address`, which the machine has. */
const struct address_part *address_map_part(const struct address_map *m, u64 address);

/* The item that holds `address`; NULL: none. Of several, the one that begins last. */
const struct address_item *address_map_item(const struct address_map *m, u64 address);

/* Does an area in use lie outside of the vmalloc area? 2.6 makes such ones. */
bool address_map_is_astray(const struct virt_system *v, const struct address_item *item);

/* Slots of kmap_atomic(): how often it was taken and not given back; the address's users, of kmap() (1: none any more).
 */
u32 address_map_slot_count(const struct virt_system *v, const struct address_item *item);

/* The address of the guard page of an item; 0: it has none. */
u64 address_map_guard(const struct virt_system *v, const struct address_item *item);

enum address_run_kind {
	ADDRESS_RUN_NOTHING, /* not mapped: an access faults */
	ADDRESS_RUN_GUARD, /* the same, on purpose */
	ADDRESS_RUN_MEMORY,
	ADDRESS_RUN_DEVICE, /* what is behind is no memory of the machine */
};

/* Pages side by side whose frames lie side by side, too, upwards or downwards, and in one zone. */
struct address_run {
	u64 start, pages;
	enum address_run_kind kind;
	u64 frame; /* of the first page */
	int step; /* from one frame to the next: 1 or -1 */
	int zone; /* -1: none */
};

/*
 * The run that begins at `start`, a page, and ends at the byte `last` at the
 * latest.  `guard`: the address of a guard page in the range, or 0.
 */
struct address_run address_run_at(const struct virt_system *v, u64 start, u64 last, u64 guard);

#endif
