/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/kmalloc.h"

#include "phys/frame.h"
#include "phys/page_alloc.h"
#include "slab/slab_common.h"
#include "slab/slab_pages.h"
#include "slab/slab_shrinker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct kmalloc_rules *rules(const struct slab_system *s)
{
	return s->config->rules->kmalloc;
}

/* ------------------------------------------------------------- the caches */

/* The name of a cache: "size-1024(DMA)", "kmalloc-rcl-1k". */
static void name_cache(const struct slab_system *s, unsigned type, u32 size, char name[SLAB_NAME])
{
	char number[16];

	if (rules(s)->short_names && size >= 1024)
		snprintf(number, sizeof number, "%uk", (unsigned)size / 1024);
	else
		snprintf(number, sizeof number, "%u", (unsigned)size);
	snprintf(name, SLAB_NAME, "%s%s%s", rules(s)->prefix[type], number, rules(s)->suffix[type]);
}

static bool make(struct slab_system *s, unsigned type, unsigned class)
{
	const struct kmalloc_rules *r = rules(s);
	u32 size = r->sizes[class], align = 0;
	struct kmem_cache *cache;
	char name[SLAB_NAME];

	if (!r->prefix[type] || s->state->kmalloc[type][class])
		return true;
	name_cache(s, type, size, name);
	if (r->powers_aligned) {
		align = r->least_align;
		if ((size & (size - 1)) == 0 && size > align)
			align = size;
	}
	cache = kmem_cache_create_early(s, name, size, align, r->flags | r->type_flags[type]);
	if (!cache)
		return false;
	cache->usersize = r->usersize ? size : 0;
	s->state->kmalloc[type][class] = slab_slot(s, cache) + 1;
	return true;
}

/* Makes the normal cache of this size, which the kernel needs before the others; 0 is no size. */
static bool make_first(struct slab_system *s, u32 size)
{
	for (unsigned n = 0; rules(s)->sizes[n]; n++)
		if (rules(s)->sizes[n] == size)
			return make(s, KMALLOC_NORMAL, n);
	return true;
}

bool kmalloc_init(struct slab_system *s)
{
	const struct kmalloc_rules *r = rules(s);

	if (!make_first(s, r->first) || !make_first(s, r->second))
		return false;
	if (r->types_together) {
		for (unsigned n = 0; r->sizes[n]; n++)
			if (!make(s, KMALLOC_NORMAL, n) || !make(s, KMALLOC_DMA, n))
				return false;
		return true;
	}
	for (unsigned type = 0; type < SLAB_KMALLOC_TYPES; type++)
		for (unsigned n = 0; r->sizes[n]; n++)
			if (!make(s, type, n))
				return false;
	return true;
}

void kmalloc_adopt(struct slab_system *s, const struct kmem_cache *cache)
{
	char name[SLAB_NAME];

	for (unsigned type = 0; type < SLAB_KMALLOC_TYPES; type++) {
		for (unsigned n = 0; rules(s)->prefix[type] && rules(s)->sizes[n]; n++) {
			name_cache(s, type, rules(s)->sizes[n], name);
			if (strcmp(name, cache->name) == 0)
				s->state->kmalloc[type][n] = slab_slot(s, cache) + 1;
		}
	}
}

/* ------------------------------------------------------------- choosing */

static unsigned type_of(const struct slab_system *s, gfp_t gfp)
{
	if (gfp & s->phys->gfp->dma)
		return KMALLOC_DMA;
	return gfp & s->phys->gfp->reclaimable ? KMALLOC_RECLAIM : KMALLOC_NORMAL;
}

struct kmem_cache *kmalloc_cache(const struct slab_system *s, u64 bytes, gfp_t gfp)
{
	const struct kmalloc_rules *r = rules(s);
	unsigned class = 0;
	u32 slot;

	if (bytes > r->most || (bytes == 0 && r->zero))
		return NULL;
	while (r->sizes[class] < bytes)
		class += 1;
	slot = s->state->kmalloc[type_of(s, gfp)][class];
	return slot == SLAB_NONE ? NULL : &s->cache[slot - 1];
}

u32 kmalloc_class_size(const struct slab_system *s, u32 bytes)
{
	const struct kmalloc_rules *r = rules(s);
	const struct kmem_cache *cache = kmalloc_cache(s, bytes, 0);
	unsigned class = 0;
	u32 align;

	if (cache)
		return cache->size;
	while (r->sizes[class] && r->sizes[class] < bytes)
		class += 1;
	align = kmem_cache_alignment(s, r->flags, r->least_align, r->sizes[class]);
	return (r->sizes[class] + align - 1) & ~(align - 1);
}

u64 kmalloc_max_cache_size(const struct slab_system *s)
{
	return rules(s)->most;
}

u64 kmalloc_max_size(const struct slab_system *s)
{
	u64 largest = UINT64_C(1) << (s->phys->config->orders - 1 + s->phys->config->page_shift);

	return rules(s)->pages_above ? largest : rules(s)->most;
}

/* ------------------------------------------------------------- allocation */

/* What is too large for a cache: whole pages. */
static u64 alloc_pages_for(struct slab_system *s, u64 bytes, gfp_t gfp)
{
	unsigned order = page_get_order(s->phys, bytes);
	pfn_t pfn;

	EMIT(s->phys->observer, KMALLOC_PAGES, bytes, rules(s)->most, order);
	pfn = page_alloc(s->phys, gfp | s->phys->gfp->comp, order);
	if (pfn == PFN_NONE)
		return 0;
	slab_pages_large_taken(s, pfn, order);
	return slab_address(s, pfn);
}

/* Apart, as a request that nobody watches does not pay for what it does not call. */
__attribute__((noinline, cold)) static void tell_class(const struct slab_system *s, const struct kmem_cache *cache,
						       u64 bytes)
{
	if (cache->object_size == bytes)
		EMIT(s->phys->observer, KMALLOC_EXACT, bytes, slab_slot(s, cache));
	else
		EMIT(s->phys->observer, KMALLOC_CLASS, bytes, slab_slot(s, cache), cache->object_size - bytes);
}

u64 kmalloc_alloc(struct slab_system *s, u64 bytes, gfp_t gfp)
{
	const struct kmalloc_rules *r = rules(s);
	struct kmem_cache *cache = kmalloc_cache(s, bytes, gfp);

	if (bytes == 0 && r->zero) {
		EMIT(s->phys->observer, KMALLOC_NOTHING, r->zero);
		return r->zero;
	}
	if (cache) {
		if (__builtin_expect(s->phys->observer != NULL, 0))
			tell_class(s, cache, bytes);
		return kmem_cache_alloc(s, cache, gfp);
	}
	if (bytes <= r->most)
		return 0;
	if (r->pages_above)
		return alloc_pages_for(s, bytes, gfp);
	EMIT(s->phys->observer, KMALLOC_TOO_LARGE, bytes, r->most);
	return 0;
}

/* Is this an address that an allocation returned? */
static bool is_object(const struct slab_system *s, u64 address)
{
	return address != 0 && address != rules(s)->zero;
}

u64 kmalloc_zeroed(struct slab_system *s, u64 bytes, gfp_t gfp)
{
	u64 address;

	if (s->config->rules->zeroes)
		return kmalloc_alloc(s, bytes, gfp | s->phys->gfp->zero);
	address = kmalloc_alloc(s, bytes, gfp);
	if (is_object(s, address))
		page_fill(s->phys, slab_physical(s, address), 0, bytes);
	return address;
}

u64 kmalloc_array(struct slab_system *s, u64 count, u64 bytes, gfp_t gfp)
{
	u64 most = s->config->word == 8 ? UINT64_MAX : UINT32_MAX;

	if (bytes && count > most / bytes)
		return 0;
	return kmalloc_zeroed(s, count * bytes, gfp);
}

/* The block in use that begins at this address, if kmalloc() may have got it from the page allocator; else PFN_NONE. */
static pfn_t large_at(const struct slab_system *s, u64 address)
{
	pfn_t pfn = page_of_address(s->phys, address);
	const struct frame *f;

	if (pfn == PFN_NONE || !rules(s)->pages_above || slab_address(s, pfn) != address)
		return PFN_NONE;
	f = &s->phys->frame[pfn];
	return (f->flags & FRAME_HEAD) && !(f->flags & FRAME_OWNED) ? pfn : PFN_NONE;
}

/*
 * The first page of what kfree() frees at an address that is in no slab: the
 * compound page around it, or the one page there, if it is the first of a block.
 * PFN_NONE: nothing that is in use.
 */
static pfn_t pages_at(const struct slab_system *s, u64 address)
{
	pfn_t pfn = page_of_address(s->phys, address), head = pfn;
	const struct frame *f;

	if (pfn == PFN_NONE || !rules(s)->pages_above)
		return PFN_NONE;
	if (!(s->phys->frame[pfn].flags & FRAME_HEAD)) {
		struct frame_info info = frame_describe(s->phys, pfn);

		if (info.state != FRAME_USED)
			return PFN_NONE;
		head = info.block;
	}
	f = &s->phys->frame[head];
	if (!(f->flags & FRAME_HEAD) || (f->flags & FRAME_OWNED))
		return PFN_NONE;
	return head == pfn || (f->flags & FRAME_COMPOUND) ? head : PFN_NONE;
}

/* kfree() of what is in no slab: pages, whoever got them, or nothing that is in use. */
static void free_large(struct slab_system *s, u64 address)
{
	struct status st = STATUS_INIT;
	pfn_t pfn = pages_at(s, address);
	unsigned order;

	if (pfn == PFN_NONE) {
		s->config->rules->stray(s, NULL, address);
		return;
	}
	order = s->phys->frame[pfn].order;
	if (!(s->phys->frame[pfn].flags & FRAME_COMPOUND)) {
		EMIT(s->phys->observer, KFREE_UNKNOWN, address, (u64)pfn);
		slab_common_warn_not_large(s, address);
		/* Nothing says how many pages follow: they are lost. */
		if (order && !page_split(s->phys, pfn, order, &st))
			return;
		order = 0;
	}
	if (page_free(s->phys, pfn, order, &st))
		slab_pages_large_given_back(s, pfn, order);
}

#define SECTION_PAGES 0x8000u /* x86_64 maps page descriptors for 128 MiB of memory at a time */
#define COMPOUND_HEAD 8 /* what kfree() reads of one: where in it that lies */

void kmalloc_free_unknown(struct slab_system *s, u64 address)
{
	const struct phys_config *c = s->phys->config;
	bool narrow = s->config->word == 4;
	u64 at = narrow ? (u32)slab_physical(s, address) : slab_physical(s, address);
	u64 pfn = at >> c->page_shift, end = narrow ? c->max_pfn : (c->max_pfn | (SECTION_PAGES - 1)) + 1u;

	EMIT(s->phys->observer, KFREE_UNKNOWN, address, pfn);
	if (pfn >= end) {
		/* Where 32-bit kernels have their descriptors is not known here. */
		slab_oops(s, narrow ? address : SLAB_VMEMMAP + pfn * SLAB_STRUCT_PAGE + COMPOUND_HEAD);
		return;
	}
	slab_common_warn_not_large(s, address);
}

void kmalloc_free(struct slab_system *s, u64 address)
{
	struct kmem_cache *cache;

	if (!is_object(s, address))
		return;
	cache = kmem_cache_of(s, address);
	if (!cache) {
		free_large(s, address);
		return;
	}
	if (__builtin_expect(cache->shrinker, 0))
		slab_shrinker_freed(s, cache, address);
	s->config->rules->free(s, cache, address);
}

u64 kmalloc_size(const struct slab_system *s, u64 address)
{
	const struct kmem_cache *cache;
	pfn_t pfn;

	if (!is_object(s, address))
		return 0;
	cache = kmem_cache_of(s, address);
	if (cache)
		return cache->object_size;
	pfn = large_at(s, address);
	return pfn == PFN_NONE ? 0 : UINT64_C(1) << (s->phys->frame[pfn].order + s->phys->config->page_shift);
}

static void copy(struct slab_system *s, u64 to, u64 from, u64 bytes)
{
	u8 buffer[256];

	for (u64 at = 0; at < bytes; at += sizeof buffer) {
		size_t n = bytes - at < sizeof buffer ? (size_t)(bytes - at) : sizeof buffer;

		page_read(s->phys, slab_physical(s, from + at), buffer, n);
		page_write(s->phys, slab_physical(s, to + at), buffer, n);
	}
}

u64 kmalloc_again(struct slab_system *s, u64 address, u64 bytes, gfp_t gfp)
{
	u64 had = kmalloc_size(s, address), fresh;

	if (bytes == 0 && rules(s)->zero) {
		kmalloc_free(s, address);
		return rules(s)->zero;
	}
	if (is_object(s, address) && had >= bytes) {
		EMIT(s->phys->observer, KREALLOC_FITS, bytes, address, had);
		return address;
	}
	fresh = kmalloc_alloc(s, bytes, gfp);
	if (fresh && is_object(s, address)) {
		copy(s, fresh, address, had);
		kmalloc_free(s, address);
	}
	return fresh;
}
