/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/device.h"

#include "base/hash.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LEAST_MASK UINT64_C(0xffffff) /* of 24 bits: what the ISA bus reaches, and the DMA zone has */

const struct device *device_at(const struct virt_system *v, u32 number)
{
	return v->state && number && number <= VIRT_DEVICES && v->device[number - 1].used ? &v->device[number - 1]
											  : NULL;
}

u32 device_by_name(const struct virt_system *v, const char *name)
{
	for (u32 n = 1; v->state && n <= VIRT_DEVICES; n++)
		if (v->device[n - 1].used && strcmp(v->device[n - 1].name, name) == 0)
			return n;
	return 0;
}

u64 device_most(const struct virt_system *v)
{
	return v->config->entry == 4 ? UINT32_MAX : UINT64_MAX;
}

u32 device_make(struct virt_system *v, const char *name, u64 mask, struct status *st)
{
	char given[DEVICE_NAME_MOST + 1];
	struct device *d;
	u32 n = 1;

	while (n <= VIRT_DEVICES && v->device[n - 1].used)
		n++;
	if (n > VIRT_DEVICES)
		return status_fail(st, STATUS_UNSUPPORTED, _("there can be %d devices"), VIRT_DEVICES);
	snprintf(given, sizeof given, "dev%u", (unsigned)n);
	if (strlen(name) > DEVICE_NAME_MOST)
		return status_fail(st, STATUS_INVALID, _("a name has at most %d bytes"), DEVICE_NAME_MOST);
	if (!*name)
		name = given;
	if (device_by_name(v, name))
		return status_fail(st, STATUS_INVALID, _("there is a device \"%s\""), name);
	d = &v->device[n - 1];
	arena_touch(v->slab->phys->arena, d);
	*d = (struct device){ .used = 1, .owner = v->slab->phys->state->owner };
	d->dma_mask = d->coherent_mask = mask & device_most(v);
	memcpy(d->name, name, strlen(name) + 1);
	EMIT(v->slab->phys->observer, DEVICE_MADE, n, d->dma_mask);
	return n;
}

bool device_supports(const struct virt_system *v, u64 mask)
{
	const struct phys_config *c = v->slab->phys->config;
	u64 last = ((u64)c->max_pfn - 1) << c->page_shift, least = LEAST_MASK;

	/* 2.6 falls back on the DMA zone, and on nothing else; later kernels know that memory may end below it. */
	if (v->config->rule != VMAP_LIST && last < least)
		least = last;
	return mask >= least;
}

/* dma_addr_t may be narrower than the mask. 2.6 keeps it as it is. */
static bool fits(const struct virt_system *v, u32 number, u64 *mask)
{
	if (v->config->rule != VMAP_LIST)
		*mask &= device_most(v);
	if (device_supports(v, *mask))
		return true;
	EMIT(v->slab->phys->observer, DEVICE_MASK_REFUSED, number, *mask);
	return false;
}

bool device_set_mask(struct virt_system *v, u32 number, u64 mask)
{
	struct device *d = &v->device[number - 1];

	if (!fits(v, number, &mask))
		return false;
	arena_touch(v->slab->phys->arena, d);
	d->dma_mask = mask;
	EMIT(v->slab->phys->observer, DEVICE_MASK, number, mask, d->coherent_mask);
	return true;
}

bool device_set_coherent_mask(struct virt_system *v, u32 number, u64 mask)
{
	struct device *d = &v->device[number - 1];

	if (!fits(v, number, &mask))
		return false;
	arena_touch(v->slab->phys->arena, d);
	d->coherent_mask = mask;
	EMIT(v->slab->phys->observer, DEVICE_COHERENT_MASK, number, mask, d->dma_mask);
	return true;
}

u64 device_hash(const struct virt_system *v)
{
	u64 h = HASH_INIT;

	for (u32 n = 1; n <= VIRT_DEVICES; n++) {
		const struct device *d = device_at(v, n);

		if (!d)
			continue;
		h = hash_word(hash_word(hash_word(h, n), d->dma_mask), d->coherent_mask);
		h = hash_word(h, d->owner);
		for (const char *c = d->name; *c; c++)
			h = hash_word(h, (unsigned char)*c);
	}
	return h;
}

bool device_check(const struct virt_system *v, struct status *st)
{
	for (u32 n = 1; n <= VIRT_DEVICES; n++) {
		const struct device *d = device_at(v, n);

		if (!d)
			continue;
		if (!*d->name || !memchr(d->name, 0, sizeof d->name) || device_by_name(v, d->name) != n)
			return status_fail(st, STATUS_INVALID, _("device %u has no name of its own"), (unsigned)n);
		if (v->config->rule != VMAP_LIST && (d->dma_mask | d->coherent_mask) > device_most(v))
			return status_fail(st, STATUS_INVALID, _("device %u reaches 0x%" PRIx64 " and beyond"),
					   (unsigned)n, device_most(v));
	}
	return true;
}
