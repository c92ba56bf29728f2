/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slub_object.h"

#include "slab/oops.h"

#include <inttypes.h>

/*
 * What the kernel says of a pointer that leads nowhere; the task is killed, and
 * with it the machine.  Apart, so that good pointers do not pay for it.
 */
__attribute__((noinline, cold)) static void fault(struct slab_system *s, u64 address, bool writes)
{
	oops_print_address(s, address);
	oops_print_access(s, address, writes ? OOPS_WRITE : 0);
	down_oops(s->phys, address);
}

/* Any address; the processor does not mind if it is not aligned. */
static u64 load(const struct slab_system *s, u64 at)
{
	u8 bytes[8] = { 0 };
	u64 value = 0;

	if ((at & (s->config->word - 1)) == 0)
		return page_load(s->phys, at, s->config->word);
	page_read(s->phys, at, bytes, s->config->word);
	for (unsigned n = s->config->word; n-- > 0;)
		value = value << 8 | bytes[n];
	return value;
}

static void store(struct slab_system *s, u64 at, u64 value)
{
	u8 bytes[8];

	if ((at & (s->config->word - 1)) == 0) {
		page_store(s->phys, at, value, s->config->word);
		return;
	}
	for (unsigned n = 0; n < s->config->word; n++)
		bytes[n] = (u8)(value >> 8 * n);
	page_write(s->phys, at, bytes, s->config->word);
}

u64 slub_object_peek(const struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	u64 at = object + cache->slub.offset;

	return slub_object_mapped(s, at, s->config->word) ? load(s, slab_physical(s, at)) : 0;
}

u64 slub_object_next(struct slab_system *s, const struct kmem_cache *cache, u64 object)
{
	u64 at = object + cache->slub.offset;

	if (slub_object_mapped(s, at, s->config->word))
		return load(s, slab_physical(s, at));
	fault(s, at, false);
	return 0;
}

void slub_object_link(struct slab_system *s, const struct kmem_cache *cache, u64 object, u64 next)
{
	u64 at = object + cache->slub.offset;

	if (slub_object_mapped(s, at, s->config->word))
		store(s, slab_physical(s, at), next);
	else
		fault(s, at, true);
}

bool slub_object_walk(const struct slab_system *s, const struct kmem_cache *cache, pfn_t pfn, u64 object,
		      void (*see)(void *context, u32 index, u64 address), void *context)
{
	u32 objects = page_find(s->phys, pfn)->slab.objects;

	for (u32 n = 0; object; n++) {
		u32 index = slub_object_index(s, cache, pfn, objects, object);

		if (index == objects || n == objects)
			return false;
		if (see)
			see(context, index, object);
		object = slub_object_peek(s, cache, object);
	}
	return true;
}
