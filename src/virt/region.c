/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/region.h"

#include "base/text.h"
#include "base/units.h"

#define PARTS 11
#define USER_END_64 (UINT64_C(1) << 47)
#define KERNEL_START_64 (~(USER_END_64 - 1)) /* sign extension: bit 47 and all above it are set */
#define VMEMMAP_END_64 (SLAB_VMEMMAP + TIB)
#define ENTRY_END_64 (REGION_ENTRY_START + 512 * GIB)

/* The parts that are there, in the order of addresses, [start, end); how many. */
static unsigned list(const struct virt_system *v, struct region part[PARTS])
{
	const struct virt_config *c = v->config;
	u64 page = UINT64_C(1) << v->slab->phys->config->page_shift;
	bool wide = c->word == 8;
	unsigned n = 0;

	part[n++] = (struct region){ REGION_USER, 0, wide ? USER_END_64 : c->page_offset };
	if (wide)
		part[n++] = (struct region){ REGION_NO_ADDRESS, USER_END_64, KERNEL_START_64 };
	part[n++] = (struct region){ REGION_DIRECT, c->page_offset, c->high_memory };
	if (!wide)
		part[n++] = (struct region){ REGION_GAP, c->high_memory, c->vmalloc_start };
	/* Where the end is said as the last byte, it counts. */
	part[n++] = (struct region){ REGION_VMALLOC, c->vmalloc_start, c->vmalloc_end + (c->vmalloc_end & 1) };
	if (c->last_pkmap)
		part[n++] = (struct region){ REGION_PKMAP, c->pkmap_base, c->pkmap_base + c->last_pkmap * page };
	if (c->image_map) {
		part[n++] = (struct region){ REGION_VMEMMAP, SLAB_VMEMMAP, VMEMMAP_END_64 };
		part[n++] = (struct region){ REGION_ENTRY, REGION_ENTRY_START, ENTRY_END_64 };
		part[n++] = (struct region){ REGION_IMAGE, c->image_map, c->image_map_end };
		part[n++] = (struct region){ REGION_MODULES, c->image_map_end, REGION_MODULES_END };
	}
	/* Slot 0 is the page at the top itself. */
	part[n++] = (struct region){ REGION_FIXMAP, c->fixaddr_start, c->fixaddr_top + page };
	return n;
}

struct region region_of(const struct virt_system *v, u64 address)
{
	struct region part[PARTS], hole = { REGION_HOLE, 0, 0 };
	unsigned parts = list(v, part);

	hole.last = v->config->word == 8 ? UINT64_MAX : UINT32_MAX;
	for (unsigned n = 0; n < parts; n++) {
		part[n].last--;
		if (address >= part[n].start && address <= part[n].last)
			return part[n];
		if (address > part[n].last)
			hole.start = part[n].last + 1;
		else if (part[n].start - 1 < hole.last)
			hole.last = part[n].start - 1;
	}
	/* 32 bits end there. */
	if (address > hole.last)
		hole = (struct region){ REGION_NO_ADDRESS, hole.last + 1, UINT64_MAX };
	return hole;
}

bool region_is_unknown(enum region_kind kind)
{
	return kind == REGION_VMEMMAP || kind == REGION_ENTRY || kind == REGION_MODULES;
}

const char *region_name(enum region_kind kind)
{
	switch (kind) {
	case REGION_USER:
		return _("user space, which programs have for themselves");
	case REGION_NO_ADDRESS:
		return _("no address of this processor");
	case REGION_DIRECT:
		return _("direct map");
	case REGION_GAP:
		return _("gap behind the direct map");
	case REGION_VMALLOC:
		return _("vmalloc area");
	case REGION_PKMAP:
		return _("slots of kmap()");
	case REGION_FIXMAP:
		return _("fixed addresses");
	case REGION_IMAGE:
		return _("image of the kernel, where it runs");
	case REGION_VMEMMAP:
		return _("descriptors of all pages (vmemmap)");
	case REGION_ENTRY:
		return _("what CPUs enter the kernel through");
	case REGION_MODULES:
		return _("code of modules");
	default:
		return _("hole: nothing of it is modelled");
	}
}
