/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/address_map.h"

#include "phys/frame.h"
#include "virt/fixmap.h"
#include "virt/page_table.h"
#include "virt/vmalloc.h"

#include <stdlib.h>
#include <string.h>

#define NO_FRAME UINT64_MAX

/* An area that is shown, in use or lazy: what is needed of it, as to look at many areas takes time. */
struct place {
	u64 start, bytes;
	u32 number;
	enum address_kind kind; /* ADDRESS_VMALLOC of arrays, too */
};

/* The areas by address, and where arrays of pages begin. */
struct places {
	struct place *area;
	u64 *array;
	size_t areas, arrays;
	size_t next; /* the first area that no part has taken yet */
};

static unsigned page_shift(const struct virt_system *v)
{
	return v->slab->phys->config->page_shift;
}

static u64 page_size(const struct virt_system *v)
{
	return UINT64_C(1) << page_shift(v);
}

static u64 top(const struct virt_system *v)
{
	return v->config->word == 8 ? UINT64_MAX : UINT32_MAX;
}

/* Addresses are as wide as the machine's words. */
static u64 area_bytes(const struct virt_system *v, const struct vmap_area *area)
{
	return (area->end - area->start) & top(v);
}

/* ------------------------------------------------------------- areas */

static int compare_places(const void *one, const void *other)
{
	const struct place *a = one, *b = other;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static int compare_addresses(const void *one, const void *other)
{
	const u64 *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

static enum address_kind area_kind(const struct vmap_area *area)
{
	if (area->state == VMAP_LAZY)
		return ADDRESS_LAZY;
	if (area->flags & VM_IOREMAP)
		return ADDRESS_IOREMAP;
	if (area->flags & VM_ALLOC)
		return ADDRESS_VMALLOC;
	return area->flags ? ADDRESS_VMAP : ADDRESS_NEW;
}

static void add_place(const struct virt_system *v, struct places *p, const struct vmap_area *area)
{
	u32 number = (u32)(area - v->area) + 1;

	p->area[p->areas++] = (struct place){ area->start, area_bytes(v, area), number, area_kind(area) };
	/* Most arrays are objects, in the direct map; only the others are areas. */
	if (area->pages >= v->config->high_memory)
		p->array[p->arrays++] = area->pages;
}

/* Areas in use and lazy ones, each list by address. false: out of memory. */
static bool gather(const struct virt_system *v, struct places *p)
{
	size_t count = (size_t)v->state->count[VMAP_BUSY] + v->state->count[VMAP_LAZY] + 1;
	const struct vmap_area *busy = vmap_area_first(v, VMAP_BUSY), *lazy = vmap_area_first(v, VMAP_LAZY);
	bool sorted = true;

	p->area = malloc(count * sizeof *p->area);
	p->array = malloc(count * sizeof *p->array);
	if (!p->area || !p->array)
		return false;
	while (busy || lazy) {
		const struct vmap_area **next = !lazy || (busy && busy->start < lazy->start) ? &busy : &lazy;

		add_place(v, p, *next);
		/* The list of 2.6 need not be in order. */
		if (p->areas > 1 && p->area[p->areas - 2].start > (*next)->start)
			sorted = false;
		*next = vmap_area_next(v, *next);
	}
	if (!sorted)
		qsort(p->area, p->areas, sizeof *p->area, compare_places);
	if (p->arrays)
		qsort(p->array, p->arrays, sizeof *p->array, compare_addresses);
	return true;
}

static bool is_array(const struct places *p, const struct place *at)
{
	return at->kind == ADDRESS_VMALLOC && p->arrays &&
	       bsearch(&at->start, p->array, p->arrays, sizeof *p->array, compare_addresses);
}

/* ------------------------------------------------------------- items */

static bool add_item(struct address_map *m, struct address_item item)
{
	if (m->count == m->capacity) {
		size_t capacity = m->capacity ? m->capacity * 2 : 64;
		struct address_item *grown = realloc(m->item, capacity * sizeof *grown);

		if (!grown)
			return false;
		m->item = grown;
		m->capacity = capacity;
	}
	m->item[m->count++] = item;
	m->part[m->parts].count++;
	return true;
}

static bool add_gap(struct address_map *m, u64 start, u64 end)
{
	return add_item(m, (struct address_item){ start, end - start, ADDRESS_FREE, VIRT_NO_AREA, 0 });
}

static bool add_area(struct address_map *m, const struct places *p, const struct place *at)
{
	struct address_part *part = &m->part[m->parts];
	enum address_kind kind = is_array(p, at) ? ADDRESS_ARRAY : at->kind;

	if (kind == ADDRESS_LAZY) {
		part->lazy++;
		part->lazy_bytes += at->bytes;
	} else {
		part->used++;
		part->bytes += at->bytes;
	}
	return add_item(m, (struct address_item){ at->start, at->bytes, kind, at->number, 0 });
}

/* The areas that begin in the part, and in the vmalloc area what is free between them. */
static bool add_areas(struct address_map *m, struct places *p)
{
	const struct region *r = &m->part[m->parts].region;
	bool gaps = r->kind == REGION_VMALLOC;
	u64 at = r->start;

	for (; p->next < p->areas && p->area[p->next].start <= r->last; p->next++) {
		const struct place *place = &p->area[p->next];

		if (gaps && place->start > at && !add_gap(m, at, place->start))
			return false;
		if (!add_area(m, p, place))
			return false;
		if (place->start + place->bytes > at)
			at = place->start + place->bytes;
	}
	return !gaps || at > r->last || at < r->start || add_gap(m, at, r->last + 1);
}

static bool add_kmap_slots(struct address_map *m, const struct virt_system *v)
{
	for (u32 n = 0; n < v->config->last_pkmap; n++) {
		u64 at = v->config->pkmap_base + ((u64)n << page_shift(v));

		if (!v->kmap[n].count)
			continue;
		m->part[m->parts].used += v->kmap[n].count > 1;
		if (!add_item(m, (struct address_item){ at, page_size(v), ADDRESS_KMAP, VIRT_NO_AREA, n }))
			return false;
	}
	return true;
}

/* Their numbers count down from the top. */
static bool add_fixed(struct address_map *m, const struct virt_system *v)
{
	const struct virt_config *c = v->config;
	u32 windows = c->km_slots * v->slab->phys->config->cpus;

	for (u32 n = c->fix_permanent; n-- > 1;) {
		struct address_item item = { fixmap_address(v, n), page_size(v), ADDRESS_FIXED, VIRT_NO_AREA, n };
		struct table_leaf leaf = page_table_leaf(v, item.start);

		if (!page_table_maps(&leaf))
			continue;
		if (n >= c->fix_kmap_begin && n - c->fix_kmap_begin < windows) {
			item.kind = ADDRESS_ATOMIC;
			item.slot -= c->fix_kmap_begin;
		}
		m->part[m->parts].used += item.kind == ADDRESS_FIXED || address_map_slot_count(v, &item) > 0;
		if (!add_item(m, item))
			return false;
	}
	return c->word != 4 ||
	       add_item(m, (struct address_item){ c->fixaddr_top, page_size(v), ADDRESS_TOP, VIRT_NO_AREA, 0 });
}

static bool add_part(struct address_map *m, const struct virt_system *v, struct places *p, struct region region)
{
	m->part[m->parts] = (struct address_part){ .region = region, .first = m->count };
	if (!add_areas(m, p))
		return false;
	if (region.kind == REGION_PKMAP && !add_kmap_slots(m, v))
		return false;
	if (region.kind == REGION_FIXMAP && !add_fixed(m, v))
		return false;
	m->parts++;
	return true;
}

bool address_map_make(struct address_map *m, const struct virt_system *v)
{
	struct places places = { 0 };
	bool good = gather(v, &places);
	u64 at = 0;

	m->parts = 0;
	m->count = 0;
	while (good && m->parts < ADDRESS_PARTS) {
		struct region region = region_of(v, at);

		good = add_part(m, v, &places, region);
		if (region.last >= top(v))
			break;
		at = region.last + 1;
	}
	free(places.area);
	free(places.array);
	return good;
}

void address_map_free(struct address_map *m)
{
	free(m->item);
	memset(m, 0, sizeof *m);
}

/* ------------------------------------------------------------- questions */

const struct address_part *address_map_part(const struct address_map *m, u64 address)
{
	unsigned n = 0;

	while (n + 1 < m->parts && address > m->part[n].region.last)
		n++;
	return &m->part[n];
}

const struct address_item *address_map_item(const struct address_map *m, u64 address)
{
	const struct address_part *part = address_map_part(m, address);
	size_t low = part->first, high = part->first + part->count;

	if (!m->parts)
		return NULL;
	/* The first that begins behind it. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (m->item[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == part->first || address - m->item[low - 1].start >= m->item[low - 1].bytes)
		return NULL;
	return &m->item[low - 1];
}

bool address_map_is_astray(const struct virt_system *v, const struct address_item *item)
{
	return item->area && (region_of(v, item->start).kind != REGION_VMALLOC ||
			      region_of(v, (item->start + item->bytes - 1) & top(v)).kind != REGION_VMALLOC);
}

u32 address_map_slot_count(const struct virt_system *v, const struct address_item *item)
{
	return v->kmap[item->kind == ADDRESS_ATOMIC ? v->config->last_pkmap + item->slot : item->slot].count;
}

u64 address_map_guard(const struct virt_system *v, const struct address_item *item)
{
	if (!item->area || item->kind == ADDRESS_LAZY)
		return 0;
	return (item->start + item->bytes - page_size(v)) & top(v);
}

/* ------------------------------------------------------------- pages */

/* What an address leads to: the frame, or NO_FRAME. Returns for how many pages from there on it goes on like that. */
static u64 look(const struct virt_system *v, u64 at, u64 *frame)
{
	struct table_leaf leaf = page_table_leaf(v, at);
	u64 within = (at - leaf.start) >> page_shift(v);

	*frame = page_table_maps(&leaf) ? ((leaf.entry & PTE_FRAME) >> page_shift(v)) + within : NO_FRAME;
	return (leaf.bytes >> page_shift(v)) - within;
}

/* A run of the pages that are alike at `at`. */
static struct address_run piece(const struct virt_system *v, u64 at, u64 guard)
{
	struct address_run run = { .start = at, .pages = 1, .kind = ADDRESS_RUN_GUARD, .step = 1, .zone = -1 };

	if (guard && at == guard)
		return run;
	run.kind = ADDRESS_RUN_NOTHING;
	run.pages = look(v, at, &run.frame);
	if (guard > at && run.pages > (guard - at) >> page_shift(v))
		run.pages = (guard - at) >> page_shift(v);
	if (run.frame == NO_FRAME)
		return run;
	run.kind = ADDRESS_RUN_DEVICE;
	if (run.frame < v->slab->phys->config->max_pfn &&
	    frame_describe(v->slab->phys, (pfn_t)run.frame).state != FRAME_NO_MEMORY) {
		run.kind = ADDRESS_RUN_MEMORY;
		run.zone = phys_zone_of(v->slab->phys, (pfn_t)run.frame);
	}
	return run;
}

/* Makes `next`, which follows, a part of the run. false: it is something else. */
static bool join(struct address_run *run, const struct address_run *next)
{
	u64 apart = run->frame + run->pages;

	if (next->kind != run->kind || next->zone != run->zone || run->kind == ADDRESS_RUN_GUARD)
		return false;
	if (run->kind == ADDRESS_RUN_NOTHING) {
		run->pages += next->pages;
		return true;
	}
	if (run->step < 0 || (run->pages == 1 && next->pages == 1 && next->frame + 1 == run->frame)) {
		if (next->pages > 1 || next->frame + run->pages != run->frame)
			return false;
		run->step = -1;
	} else if (next->frame != apart) {
		return false;
	}
	run->pages += next->pages;
	return true;
}

struct address_run address_run_at(const struct virt_system *v, u64 start, u64 last, u64 guard)
{
	struct address_run run = piece(v, start, guard);
	u64 most = ((last - start) >> page_shift(v)) + 1;

	while (run.pages < most) {
		struct address_run next = piece(v, start + (run.pages << page_shift(v)), guard);

		if (!join(&run, &next))
			break;
	}
	if (run.pages > most)
		run.pages = most;
	return run;
}
