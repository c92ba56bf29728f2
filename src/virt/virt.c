/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/virt.h"

#include "base/hash.h"
#include "base/text.h"
#include "slab/kmem_cache.h"
#include "virt/device.h"
#include "virt/dma_pool.h"
#include "virt/page_table.h"
#include "virt/swiotlb.h"
#include "virt/tlb.h"
#include "virt/vmap_area.h"

#include <inttypes.h>
#include <string.h>

size_t virt_arena_size(const struct virt_config *config)
{
	if (config->rule == VMAP_ABSENT)
		return 0;
	return arena_chunks(VIRT_AREAS * sizeof(struct vmap_area)) +
	       arena_chunks(VIRT_KMAP_SLOTS * sizeof(struct kmap_slot)) +
	       arena_chunks(PHYS_CPUS * TLB_ENTRIES * sizeof(struct tlb_entry)) +
	       arena_chunks(VIRT_DEVICES * sizeof(struct device)) +
	       arena_chunks(VIRT_SWIOTLB_SLOTS * sizeof(struct swiotlb_slot)) +
	       arena_chunks(VIRT_POOLS * sizeof(struct dma_pool)) +
	       arena_chunks(VIRT_POOL_PAGES * sizeof(struct dma_pool_page)) + VIRT_BOOT_TABLES * ARENA_CHUNK;
}

size_t virt_root_size(const struct virt_config *config)
{
	return config->rule == VMAP_ABSENT ? 0 : sizeof(struct virt_state) + 64;
}

bool virt_init(struct virt_system *v, const struct virt_config *config, struct slab_system *slab, struct status *st)
{
	struct arena *arena = slab->phys->arena;

	memset(v, 0, sizeof *v);
	v->config = config;
	v->slab = slab;
	if (config->rule == VMAP_ABSENT)
		return true;
	v->state = arena_root(arena, sizeof *v->state);
	v->area = arena_array(arena, VIRT_AREAS, sizeof *v->area);
	v->kmap = arena_array(arena, VIRT_KMAP_SLOTS, sizeof *v->kmap);
	v->tlb = arena_array(arena, PHYS_CPUS * TLB_ENTRIES, sizeof *v->tlb);
	v->device = arena_array(arena, VIRT_DEVICES, sizeof *v->device);
	v->slot = arena_array(arena, VIRT_SWIOTLB_SLOTS, sizeof *v->slot);
	v->pool = arena_array(arena, VIRT_POOLS, sizeof *v->pool);
	v->pool_page = arena_array(arena, VIRT_POOL_PAGES, sizeof *v->pool_page);
	v->boot_table = arena_array(arena, VIRT_BOOT_TABLES, ARENA_CHUNK);
	if (!v->state || !v->area || !v->kmap || !v->tlb || !v->device || !v->slot || !v->pool || !v->pool_page ||
	    !v->boot_table)
		return status_fail(st, STATUS_NO_MEMORY, _("the state of the address space does not fit in the arena"));
	v->state->boot_tables = 1;
	return true;
}

bool virt_start(struct virt_system *v, struct status *st)
{
	struct kmem_cache *cache;

	if (v->config->rule != VMAP_FREE_AREAS)
		return true;
	/* As with the other caches of boot, nothing is allocated for it until it is used. */
	v->slab->state->up = 0;
	cache = kmem_cache_create_early(v->slab, "vmap_area", v->config->sizeof_vmap_area, 0, 0);
	v->slab->state->up = 1;
	if (!cache || !vmap_area_load(v, VMAP_FREE, 1, v->config->free_end))
		return status_fail(st, STATUS_NO_MEMORY, _("there is no memory for areas of kernel addresses"));
	v->state->area_cache = slab_slot(v->slab, cache) + 1;
	return true;
}

void virt_rebase(struct virt_system *v, const struct virt_system *from, struct slab_system *slab)
{
	const struct arena *a = from->slab->phys->arena, *b = slab->phys->arena;

	*v = *from;
	v->slab = slab;
	v->warn_alloc = NULL;
	v->warn_context = NULL;
	v->state = arena_same_place(a, from->state, b);
	v->area = arena_same_place(a, from->area, b);
	v->kmap = arena_same_place(a, from->kmap, b);
	v->tlb = arena_same_place(a, from->tlb, b);
	v->device = arena_same_place(a, from->device, b);
	v->slot = arena_same_place(a, from->slot, b);
	v->pool = arena_same_place(a, from->pool, b);
	v->pool_page = arena_same_place(a, from->pool_page, b);
	v->boot_table = arena_same_place(a, from->boot_table, b);
}

static u64 area_hash(const struct vmap_area *area, u64 h)
{
	h = hash_word(hash_word(hash_word(h, area->start), area->end), area->phys);
	h = hash_word(hash_word(hash_word(h, area->vm_struct), area->vmap_area), area->pages);
	h = hash_word(hash_word(hash_word(h, area->nr_pages), area->flags), area->state);
	return hash_word(h, area->owner);
}

/* Eight bytes of a table that is in no frame, least one first. */
static u64 hash_entry(const u8 *byte, u64 at, u64 h)
{
	u64 word = 0;

	for (unsigned n = 8; n--;)
		word = word << 8 | byte[n];
	return word ? hash_word(hash_word(h, at), word) : h;
}

/* Slots that are in use, and tables that are in no frame. */
static u64 rest_hash(const struct virt_system *v, u64 h)
{
	for (u32 n = 0; n < VIRT_KMAP_SLOTS; n++)
		if (v->kmap[n].count || v->kmap[n].pfn)
			h = hash_word(hash_word(hash_word(h, n), v->kmap[n].count), v->kmap[n].pfn);
	for (u32 n = 0; n < v->state->kmap_waiting && n < VIRT_KMAP_WAITERS; n++)
		h = hash_word(hash_word(h, v->state->kmap_waiter[n].command), v->state->kmap_waiter[n].pfn);
	for (u32 n = 0; n < v->state->boot_tables; n++)
		for (size_t at = 0; at < ARENA_CHUNK; at += sizeof(u64))
			h = hash_entry(v->boot_table + (size_t)n * ARENA_CHUNK + at, n * (u64)ARENA_CHUNK + at, h);
	for (u32 n = 0; n < v->state->asides; n++)
		h = hash_word(hash_word(hash_word(h, v->state->aside[n].maker), v->state->aside[n].first),
			      v->state->aside[n].used);
	return h;
}

u64 virt_hash(const struct virt_system *v)
{
	const struct virt_state *s = v->state;
	u64 h = HASH_INIT;

	if (!s)
		return h;
	for (unsigned state = VMAP_BUSY; state < VMAP_STATES; state++)
		for (const struct vmap_area *a = vmap_area_first(v, state); a; a = vmap_area_next(v, a))
			h = area_hash(a, h);
	h = hash_word(hash_word(hash_word(h, s->lazy_pages), s->spare_node), s->last_pkmap_nr);
	h = hash_word(hash_word(hash_word(h, s->boot_tables), s->tables), s->atomic_depth);
	h = hash_word(h, s->top);
	h = hash_word(hash_word(hash_word(h, device_hash(v)), swiotlb_hash(v)), dma_pool_hash(v));
	h = hash_word(hash_word(hash_word(h, s->warned), s->full_told), s->full_since);
	return rest_hash(v, hash_word(hash_word(h, tlb_hash(v)), s->area_cache));
}

/* Where addresses are busy, lazy or free, they are one of the three, and no address is lost. */
static bool check_cover(const struct virt_system *v, struct status *st)
{
	u64 covered = 0;

	if (v->config->rule != VMAP_FREE_AREAS || !(v->state->first[VMAP_FREE] || v->state->first[VMAP_BUSY]))
		return true;
	for (unsigned state = VMAP_BUSY; state < VMAP_STATES; state++)
		for (const struct vmap_area *a = vmap_area_first(v, state); a; a = vmap_area_next(v, a))
			covered += a->end - a->start;
	return covered == v->config->free_end - 1 ||
	       status_fail(st, STATUS_INVALID, _("areas cover 0x%" PRIx64 " bytes of addresses, not 0x%" PRIx64),
			   covered, v->config->free_end - 1);
}

/* A page that is mapped by kmap() is in high memory, and lies in one slot. */
static bool check_slots(const struct virt_system *v, struct status *st)
{
	const struct phys_config *c = v->slab->phys->config;

	for (u32 n = 0; n < v->config->last_pkmap; n++) {
		const struct kmap_slot *slot = &v->kmap[n];

		if (slot->count && (slot->pfn < c->direct_map_end || slot->pfn >= c->max_pfn))
			return status_fail(st, STATUS_INVALID, _("slot %u of kmap() holds page 0x%" PRIx32),
					   (unsigned)n, slot->pfn);
		if (slot->count && page_table_frame(v, v->config->pkmap_base + ((u64)n << c->page_shift)) != slot->pfn)
			return status_fail(st, STATUS_INVALID,
					   _("slot %u of kmap() holds page 0x%" PRIx32 ", but the page table another"),
					   (unsigned)n, slot->pfn);
	}
	return v->state->last_pkmap_nr < v->config->last_pkmap || !v->state->last_pkmap_nr ||
	       status_fail(st, STATUS_INVALID, _("kmap() looks at slot %u, which is none"),
			   (unsigned)v->state->last_pkmap_nr);
}

/* Those that sleep in kmap() want pages of high memory, and are as many as are counted. */
static bool check_waiters(const struct virt_system *v, struct status *st)
{
	const struct virt_state *s = v->state;

	if (s->kmap_waiting > VIRT_KMAP_WAITERS ||
	    (s->kmap_waiting < VIRT_KMAP_WAITERS && s->kmap_waiter[s->kmap_waiting].command))
		return status_fail(st, STATUS_INVALID, _("%u tasks sleep in kmap(), and more are named, or fewer"),
				   (unsigned)s->kmap_waiting);
	for (u32 n = 0; n < s->kmap_waiting; n++)
		if (s->kmap_waiter[n].pfn < v->slab->phys->config->direct_map_end ||
		    s->kmap_waiter[n].pfn >= v->slab->phys->config->max_pfn)
			return status_fail(st, STATUS_INVALID,
					   _("a task sleeps in kmap() for page 0x%" PRIx32 ", which needs no slot"),
					   s->kmap_waiter[n].pfn);
	return true;
}

bool virt_check(const struct virt_system *v, struct status *st)
{
	return !v->state || (vmap_area_check(v, st) && check_cover(v, st) && page_table_check(v, st) &&
			     tlb_check(v, st) && check_slots(v, st) && check_waiters(v, st) && device_check(v, st) &&
			     swiotlb_check(v, st) && dma_pool_check(v, st));
}
