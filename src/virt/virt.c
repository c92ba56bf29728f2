/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/virt.h"

#include "base/hash.h"
#include "base/text.h"
#include "virt/vmap_area.h"

#include <string.h>

static size_t in_chunks(size_t bytes)
{
	return (bytes + ARENA_CHUNK - 1) & ~(size_t)(ARENA_CHUNK - 1);
}

size_t virt_arena_size(const struct virt_config *config)
{
	return config->rule == VMAP_ABSENT ? 0 : in_chunks(VIRT_AREAS * sizeof(struct vmap_area));
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
	if (!v->state || !v->area)
		return status_fail(st, STATUS_NO_MEMORY, _("the state of the address space does not fit in the arena"));
	return true;
}

/* The same place in the arena of another machine of the same layout. */
static void *same_place(const struct arena *from, const void *at, const struct arena *to)
{
	return at ? to->base + ((const u8 *)at - from->base) : NULL;
}

void virt_rebase(struct virt_system *v, const struct virt_system *from, struct slab_system *slab)
{
	const struct arena *a = from->slab->phys->arena, *b = slab->phys->arena;

	*v = *from;
	v->slab = slab;
	v->state = same_place(a, from->state, b);
	v->area = same_place(a, from->area, b);
}

static u64 area_hash(const struct vmap_area *area, u64 h)
{
	h = hash_word(hash_word(hash_word(h, area->start), area->end), area->phys);
	h = hash_word(hash_word(hash_word(h, area->vm_struct), area->vmap_area), area->pages);
	h = hash_word(hash_word(hash_word(h, area->nr_pages), area->flags), area->state);
	return hash_word(hash_word(h, area->owner), area->pages_order);
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
	return hash_word(hash_word(h, s->tlb_flushes), s->tlb_page_flushes);
}
