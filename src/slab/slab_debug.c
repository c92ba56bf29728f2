/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/slab_debug.h"

#include "phys/blocklist.h"
#include "slab/kmem_cache.h"
#include "slab/slab_common.h"
#include "slab/slab_report.h"
#include "slab/slab_store.h"

#include <inttypes.h>

#define MOST_LINES 6 /* of a damaged object that are printed */
#define NEIGHBOUR_LINES 2 /* of the objects beside it */

static const struct slab_report *report_of(const struct slab_system *s)
{
	return s->config->rules->store->report;
}

static const struct slab_flags *flags_of(const struct slab_system *s)
{
	return s->config->rules->flag;
}

/* ------------------------------------------------------------- where things lie */

static u64 red_at(const struct slab_system *s, const struct kmem_cache *cache, u64 slot, unsigned n)
{
	const struct slab_report *r = report_of(s);

	if (n == 0)
		return slot + cache->slab.obj_offset - r->red_bytes;
	return slot + cache->size - r->red_bytes - (cache->flags & flags_of(s)->store_user ? r->user_bytes : 0);
}

static u64 load(const struct slab_system *s, u64 address, u32 bytes)
{
	u8 byte[8];
	u64 value = 0;

	/* Red zones of 8 bytes need not be aligned. */
	page_read(s->phys, slab_physical(s, address), byte, bytes);
	for (u32 n = bytes; n-- > 0;)
		value = value << 8 | byte[n];
	return value;
}

static void store(struct slab_system *s, u64 address, u64 value, u32 bytes)
{
	u8 byte[8];

	for (u32 n = 0; n < bytes; n++)
		byte[n] = (u8)(value >> 8 * n);
	page_write(s->phys, slab_physical(s, address), byte, bytes);
}

static void set_red(struct slab_system *s, const struct kmem_cache *cache, u64 slot, u64 value)
{
	for (unsigned n = 0; (cache->flags & flags_of(s)->red_zone) && n < 2; n++)
		store(s, red_at(s, cache, slot, n), value, report_of(s)->red_bytes);
}

/* Where the kernel has the address of the caller, the model has the number of the command. */
static void set_user(struct slab_system *s, const struct kmem_cache *cache, u64 slot, u64 user)
{
	if (cache->flags & flags_of(s)->store_user)
		store(s, slot + cache->size - s->config->word, user, s->config->word);
}

static void fill(struct slab_system *s, const struct kmem_cache *cache, u64 slot, u8 poison)
{
	u64 at = slab_physical(s, slot + cache->slab.obj_offset);

	if (!(cache->flags & flags_of(s)->poison))
		return;
	page_fill(s->phys, at, poison, cache->object_size - 1);
	page_fill(s->phys, at + cache->object_size - 1, SLAB_POISON_END, 1);
}

/* ------------------------------------------------------------- reports */

static void read_object(const struct slab_system *s, const struct kmem_cache *cache, u64 slot,
			struct slab_report_object *o)
{
	o->red_zone = cache->flags & flags_of(s)->red_zone;
	o->store_user = cache->flags & flags_of(s)->store_user;
	for (unsigned n = 0; o->red_zone && n < 2; n++)
		o->red[n] = load(s, red_at(s, cache, slot, n), report_of(s)->red_bytes);
	if (o->store_user)
		o->user = load(s, slot + cache->size - s->config->word, s->config->word);
}

/* A line of the object's bytes; returns how many. */
static u32 print_line(struct slab_system *s, const struct kmem_cache *cache, u64 slot, u32 offset)
{
	u32 rest = cache->object_size - offset, length = rest < REPORT_LINE ? rest : REPORT_LINE;
	u8 bytes[REPORT_LINE];

	page_read(s->phys, slab_physical(s, slot + cache->slab.obj_offset + offset), bytes, length);
	report_of(s)->line(s, offset, bytes, length);
	return length;
}

static void print_object(struct slab_system *s, const struct kmem_cache *cache, u64 slot, unsigned lines)
{
	struct slab_report_object o = { 0 };

	read_object(s, cache, slot, &o);
	report_of(s)->object(s, &o);
	for (u32 at = 0; at < cache->object_size && lines; lines--)
		at += print_line(s, cache, slot, at);
}

static void print_neighbour(struct slab_system *s, const struct kmem_cache *cache, const char *which, u64 slot)
{
	slab_printk(s, "%s obj: start=%0*" PRIx64 ", len=%u", which, (int)s->config->word * 2,
		    slot + cache->slab.obj_offset, (unsigned)cache->object_size);
	print_object(s, cache, slot, NEIGHBOUR_LINES);
}

static u8 poison_at(const struct kmem_cache *cache, u32 offset)
{
	return offset + 1 == cache->object_size ? SLAB_POISON_END : SLAB_POISON_FREE;
}

/* The first byte from `from` on that is not what it should be; object_size: none. */
static u32 first_bad(const struct slab_system *s, const struct kmem_cache *cache, u64 slot, u32 from)
{
	u8 bytes[256];

	while (from < cache->object_size) {
		u32 rest = cache->object_size - from, n = rest < sizeof bytes ? rest : (u32)sizeof bytes;

		page_read(s->phys, slab_physical(s, slot + cache->slab.obj_offset + from), bytes, n);
		for (u32 i = 0; i < n; i++)
			if (bytes[i] != poison_at(cache, from + i))
				return from + i;
		from += n;
	}
	return cache->object_size;
}

/* Has somebody written into a free object? */
static void check_poison(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	u32 bad, lines = 0, index;
	const struct page *page;

	if (!(cache->flags & flags_of(s)->poison))
		return;
	bad = first_bad(s, cache, slot, 0);
	if (bad == cache->object_size)
		return;
	EMIT(s->phys->observer, SLAB_POISON_BROKEN, slab_slot(s, cache), slot + cache->slab.obj_offset, bad);
	report_of(s)->corruption(s, cache, slot + cache->slab.obj_offset);
	print_object(s, cache, slot, 0);
	for (; bad < cache->object_size && lines < MOST_LINES; lines++) {
		u32 line = bad & ~(u32)(REPORT_LINE - 1);

		bad = first_bad(s, cache, slot, line + print_line(s, cache, slot, line));
	}
	page = page_find(s->phys, slab_of(s, slot));
	index = kmem_cache_index(cache, (u32)(slot - slab_store_object(s, cache, page, 0)));
	if (index)
		print_neighbour(s, cache, "Prev", slot - cache->size);
	if (index + 1 < cache->num)
		print_neighbour(s, cache, "Next", slot + cache->size);
	s->state->tainted |= TAINT_BAD_PAGE;
}

/* The line with the red zones, if they are not what they should be. false: they are. */
static bool red_differs(const struct slab_system *s, const struct kmem_cache *cache, u64 slot, u64 should,
			struct slab_report_object *o)
{
	read_object(s, cache, slot, o);
	return o->red_zone && (o->red[0] != should || o->red[1] != should);
}

static void print_red(struct slab_system *s, u64 slot, const struct slab_report_object *o, const char *end)
{
	slab_printk(s, "%0*" PRIx64 ": redzone 1:0x%" PRIx64 ", redzone 2:0x%" PRIx64 "%s", (int)s->config->word * 2,
		    slot, o->red[0], o->red[1], end);
}

/* ------------------------------------------------------------- the life of an object */

void slab_debug_new(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	fill(s, cache, slot, SLAB_POISON_FREE);
	set_user(s, cache, slot, 0);
	set_red(s, cache, slot, report_of(s)->red_inactive);
	if (!(cache->flags & flags_of(s)->poison))
		kmem_cache_construct(s, cache, slot + cache->slab.obj_offset);
}

u64 slab_debug_alloc(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	struct slab_report_object o = { 0 };

	check_poison(s, cache, slot);
	fill(s, cache, slot, SLAB_POISON_INUSE);
	set_user(s, cache, slot, s->phys->state->owner);
	if (red_differs(s, cache, slot, report_of(s)->red_inactive, &o)) {
		EMIT(s->phys->observer, SLAB_RED_BROKEN, slab_slot(s, cache), slot + cache->slab.obj_offset);
		slab_report_error(s, cache, "cache_alloc_debugcheck_after",
				  "double free, or memory outside object was overwritten");
		print_red(s, slot, &o, "");
	}
	set_red(s, cache, slot, report_of(s)->red_active);
	/* Poison spoils what a constructor wrote. */
	if (cache->flags & flags_of(s)->poison)
		kmem_cache_construct(s, cache, slot + cache->slab.obj_offset);
	return slot + cache->slab.obj_offset;
}

/* Both red zones as of a free object: it is freed for the second time. */
static void check_red_of_freed(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	const struct slab_report *r = report_of(s);
	struct slab_report_object o = { 0 };
	bool twice;

	if (!red_differs(s, cache, slot, r->red_active, &o))
		return;
	twice = o.red[0] == r->red_inactive && o.red[1] == r->red_inactive;
	if (twice)
		EMIT(s->phys->observer, SLAB_FREED_TWICE, slab_slot(s, cache), slot + cache->slab.obj_offset);
	else
		EMIT(s->phys->observer, SLAB_RED_BROKEN, slab_slot(s, cache), slot + cache->slab.obj_offset);
	slab_report_error(s, cache, "verify_redzone_free",
			  twice ? "double free detected" : "memory outside object was overwritten");
	print_red(s, slot, &o, r->freed_ends_with_dot ? "." : "");
}

u64 slab_debug_free(struct slab_system *s, const struct kmem_cache *cache, u64 address)
{
	const struct page *page = page_find(s->phys, slab_of(s, address));
	u64 slot = address - cache->slab.obj_offset, first = slab_store_object(s, cache, page, 0);
	u32 index = slot < first ? cache->num : kmem_cache_index(cache, (u32)(slot - first));

	if (index < cache->num)
		check_red_of_freed(s, cache, slot);
	if (index >= cache->num || slot != first + (u64)index * cache->size) {
		EMIT(s->phys->observer, SLAB_NO_OBJECT, slab_slot(s, cache), address);
		slab_bug(s, "mm/slab.c", 0);
		return 0;
	}
	set_red(s, cache, slot, report_of(s)->red_inactive);
	set_user(s, cache, slot, s->phys->state->owner);
	fill(s, cache, slot, SLAB_POISON_FREE);
	return slot;
}

void slab_debug_poison(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	fill(s, cache, slot, SLAB_POISON_FREE);
}

void slab_debug_end(struct slab_system *s, const struct kmem_cache *cache, u64 slot)
{
	const struct slab_report *r = report_of(s);
	struct slab_report_object o = { 0 };

	check_poison(s, cache, slot);
	if (!red_differs(s, cache, slot, r->red_inactive, &o))
		return;
	if (o.red[0] != r->red_inactive)
		slab_report_error(s, cache, r->destroy, "start of a freed object was overwritten");
	if (o.red[1] != r->red_inactive)
		slab_report_error(s, cache, r->destroy, "end of a freed object was overwritten");
}

/* ------------------------------------------------------------- loaded caches */

struct adopting {
	struct slab_system *s;
	const struct kmem_cache *cache;
};

static void adopt(void *context, u32 index, u64 address, unsigned state)
{
	const struct adopting *a = context;
	u64 slot = address - a->cache->slab.obj_offset;
	bool used = state == OBJECT_USED;

	(void)index;
	/* The one that the list of free objects lies in stays. */
	if (page_find(a->s->phys, slab_of(a->s, address))->slab.freelist != address)
		fill(a->s, a->cache, slot, used ? SLAB_POISON_INUSE : SLAB_POISON_FREE);
	set_red(a->s, a->cache, slot, used ? report_of(a->s)->red_active : report_of(a->s)->red_inactive);
}

void slab_debug_adopt(struct slab_system *s, const struct kmem_cache *cache)
{
	struct adopting a = { s, cache };

	for (unsigned n = 0; n < s->phys->config->nodes; n++) {
		const struct kmem_cache_node *node = slab_node(s, cache, n);

		for (unsigned l = SLAB_LIST_FULL; l <= SLAB_LIST_FREE; l++)
			for (pfn_t pfn = node->list[l].head; pfn != PFN_NONE; pfn = blocklist_next(s->phys, 0, pfn))
				s->config->rules->objects(s, cache, pfn, &a, adopt);
	}
}
