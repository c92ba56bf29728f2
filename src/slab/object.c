/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/object.h"

#include "base/text.h"

static size_t notes_of_page(const struct phys_config *config)
{
	return ((size_t)1 << config->page_shift) / OBJECT_NOTE_BYTES;
}

size_t object_arena_size(const struct phys_config *config)
{
	return phys_page_slots(config) * notes_of_page(config) * sizeof(u32) + ARENA_CHUNK;
}

bool object_init(struct slab_system *s)
{
	s->object_owner =
	    arena_array(s->phys->arena, s->phys->page_slots * notes_of_page(s->phys->config), sizeof *s->object_owner);
	return s->object_owner;
}

/* Where the note of the object at an address of a slab is. */
static u32 *note_at(const struct slab_system *s, u64 address)
{
	const struct phys_config *c = s->phys->config;
	u64 at = slab_physical(s, address), page = UINT64_C(1) << c->page_shift;
	size_t slot = (size_t)(page_find(s->phys, (pfn_t)(at >> c->page_shift)) - s->phys->page);

	return &s->object_owner[slot * notes_of_page(c) + (size_t)(at & (page - 1)) / OBJECT_NOTE_BYTES];
}

void object_note(struct slab_system *s, u64 address)
{
	u32 *note;

	/* Who wrote over the list of free objects may be handed out anything. */
	if (slab_of(s, address) == PFN_NONE)
		return;
	note = note_at(s, address);
	if (*note == s->phys->state->owner)
		return;
	arena_touch(s->phys->arena, note);
	*note = s->phys->state->owner;
}

/* ------------------------------------------------------------- looking */

struct search {
	const struct slab_system *s;
	struct object_info info;
	u64 wanted; /* address */
	bool found;
	void (*see)(void *context, const struct object_info *info);
	void *context;
};

static void look(void *context, u32 index, u64 address, unsigned state)
{
	struct search *search = context;
	struct object_info *info = &search->info;

	if (search->found || search->wanted < address || search->wanted - address >= info->cache->size)
		return;
	search->found = true;
	info->index = index;
	info->address = address;
	info->state = state;
}

bool object_at(const struct slab_system *s, u64 address, struct object_info *info)
{
	struct search search = { .s = s, .wanted = address };

	search.info.cache = kmem_cache_of(s, address);
	if (!search.info.cache)
		return false;
	search.info.slab = slab_of(s, address);
	s->config->rules->objects(s, search.info.cache, search.info.slab, &search, look);
	if (search.found)
		search.info.owner = *note_at(s, search.info.address);
	*info = search.info;
	return search.found;
}

static void tell_used(void *context, u32 index, u64 address, unsigned state)
{
	struct search *search = context;
	struct object_info *info = &search->info;

	if (state != OBJECT_USED)
		return;
	info->index = index;
	info->address = address;
	info->state = state;
	info->owner = *note_at(search->s, address);
	search->see(search->context, info);
}

void object_each_used(const struct slab_system *s, void (*see)(void *context, const struct object_info *info),
		      void *context)
{
	const struct phys *p = s->phys;
	struct search search = { .s = s, .see = see, .context = context };

	for (pfn_t pfn = 0; s->state && pfn < p->config->max_pfn; pfn++) {
		const struct page *page = page_find(p, pfn);

		if (!page || page->kind != PAGE_SLAB || page->head != pfn)
			continue;
		search.info.cache = &s->cache[page->slab.cache];
		search.info.slab = pfn;
		s->config->rules->objects(s, search.info.cache, pfn, &search, tell_used);
	}
}

const char *object_state_name(unsigned state)
{
	switch (state) {
	case OBJECT_FREE:
		return _("free");
	case OBJECT_CPU:
		return _("free, at a CPU's hand");
	case OBJECT_SHARED:
		return _("free, in the array that CPUs share");
	default:
		return _("in use");
	}
}
