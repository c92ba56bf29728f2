/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cache_look.h"

#include "slab/kmem_cache.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more item. Returns the items, which may have moved; NULL: out of memory. */
static void *reserve(void *items, size_t count, size_t *capacity, size_t size)
{
	size_t room = *capacity ? *capacity * 2 : 64;

	if (count < *capacity)
		return items;
	items = realloc(items, room * size);
	if (items)
		*capacity = room;
	return items;
}

const struct kmem_cache *cache_look_chosen(const struct view *v)
{
	return view_has_caches(v) && v->objects.cache ? &view_slab(v)->cache[v->objects.cache - 1] : NULL;
}

/* ------------------------------------------------------------- all caches */

static int compare_rows(const void *one, const void *other)
{
	const struct cache_row *a = one, *b = other;

	if (a->key != b->key)
		return a->key > b->key ? -1 : 1;
	return strcmp(a->figures.cache->name, b->figures.cache->name);
}

static void add_row(struct view *v, const struct kmem_cache *cache)
{
	struct cache_look *c = v->look;
	struct cache_row row = { slab_slot(view_slab(v), cache), slabtop_row(&v->session->machine, cache), 0 };
	const struct cache_count *before = cache_counts_find(&v->caches_before, row.slot);
	struct cache_row *rows;

	/* One that has just lost its last slab is still of interest. */
	if (!row.figures.info.num_slabs && !(before && before->slabs) && !v->objects.all &&
	    row.slot + 1 != v->objects.cache) {
		c->left_out++;
		return;
	}
	row.key = slabtop_value(&row.figures, v->objects.sort);
	rows = reserve(c->rows, c->row_count, &c->row_capacity, sizeof *rows);
	if (!rows)
		return;
	c->rows = rows;
	c->rows[c->row_count++] = row;
}

static void find_rows(struct view *v)
{
	struct cache_look *c = v->look;
	const struct slab_system *s = view_slab(v);

	c->row_count = c->left_out = 0;
	for (const struct kmem_cache *k = kmem_cache_first(s); k; k = kmem_cache_next(s, k))
		add_row(v, k);
	if (c->row_count)
		qsort(c->rows, c->row_count, sizeof *c->rows, compare_rows);
}

/* ------------------------------------------------------------- what was touched */

static void add_touched(struct cache_look *c, const struct eventlog *log, size_t count)
{
	for (size_t i = 0; i < count && i < log->count; i++) {
		const struct event *e = &log->events[i];
		int at = cache_look_field(e, 'a');
		u64 *touched;

		if (at < 0 || (cache_look_field(e, 'k') < 0 && e->kind != EV_SLUB_HAND_OUT))
			continue;
		touched = reserve(c->touched, c->touched_count, &c->touched_capacity, sizeof *touched);
		if (!touched)
			return;
		c->touched = touched;
		c->touched[c->touched_count++] = e->arg[at];
	}
}

static int compare_addresses(const void *one, const void *other)
{
	const u64 *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

static void find_touched(struct view *v)
{
	struct cache_look *c = v->look;

	/* Events of what was taken back are gone, but what they touched is known. */
	if (view_went_back(v))
		return;
	c->touched_count = 0;
	for (size_t n = v->marked_from + 1; n <= v->marked_to && v->before.valid; n++) {
		const struct command *command = session_command(v->session, n);

		if (command)
			add_touched(c, &command->events, command->events.count);
	}
	if (v->session->recording)
		add_touched(c, v->session->recording, view_events_shown(v));
	if (c->touched_count)
		qsort(c->touched, c->touched_count, sizeof *c->touched, compare_addresses);
}

void cache_look_prepare(struct view *v)
{
	struct cache_look *c = v->look;

	if (!c)
		c = v->look = calloc(1, sizeof *c);
	if (!c || !view_has_caches(v))
		return;
	if (c->state == v->seen && c->sort == v->objects.sort && c->all == v->objects.all &&
	    c->cache == v->objects.cache)
		return;
	c->state = v->seen;
	c->sort = v->objects.sort;
	c->all = v->objects.all;
	c->cache = v->objects.cache;
	find_rows(v);
	if (cache_look_chosen(v))
		cache_slabs_find(&c->slabs, view_slab(v), cache_look_chosen(v));
	else
		c->slabs.count = 0;
	find_touched(v);
}

void cache_look_free(struct cache_look *c)
{
	if (!c)
		return;
	free(c->rows);
	cache_slabs_free(&c->slabs);
	free(c->touched);
	free(c);
}

/* ------------------------------------------------------------- objects */

int cache_look_field(const struct event *e, char type)
{
	const char *fields = event_fields(e->kind), *at = strchr(fields, type);

	return at ? (int)(at - fields) : -1;
}

/* An object that is looked for. */
struct search {
	u64 address; /* any in it */
	u32 size; /* from one object to the next */
	u32 before; /* bytes in front of what the user has */
	u32 want; /* its index */
	u64 object;
	u32 index;
	unsigned state;
};

static void see_address(void *context, u32 index, u64 address, unsigned state)
{
	struct search *s = context;

	if (s->address - (address - s->before) >= s->size)
		return;
	s->object = address;
	s->index = index;
	s->state = state;
}

static void see_index(void *context, u32 index, u64 address, unsigned state)
{
	struct search *s = context;

	if (index != s->want)
		return;
	s->object = address;
	s->state = state;
}

u64 cache_look_object(const struct view *v, u64 address, u32 *index)
{
	const struct slab_system *s = view_slab(v);
	const struct kmem_cache *cache = cache_look_chosen(v);
	pfn_t slab = slab_of(s, address);
	struct search search = { .address = address };

	if (!cache || slab == PFN_NONE || page_find(view_phys(v), slab)->slab.cache != slab_slot(s, cache))
		return 0;
	search.size = cache->size;
	search.before = cache_slabs_before(view_slab(v), cache);
	s->config->rules->objects(s, cache, slab, &search, see_address);
	*index = search.index;
	return search.object;
}

u64 cache_look_address(const struct view *v, pfn_t slab, u32 index, unsigned *state)
{
	const struct slab_system *s = view_slab(v);
	struct search search = { .want = index, .state = OBJECT_USED };

	s->config->rules->objects(s, cache_look_chosen(v), slab, &search, see_index);
	*state = search.state;
	return search.object;
}

bool cache_look_is_touched(const struct view *v, u64 address)
{
	const struct kmem_cache *cache = cache_look_chosen(v);
	u64 from = address - cache_slabs_before(view_slab(v), cache);
	size_t low = 0, high = v->look->touched_count;

	/* The first that is not below. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (v->look->touched[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < v->look->touched_count && v->look->touched[low] - from < cache->size;
}

u64 cache_look_touched(const struct view *v, const struct event *e)
{
	int cache = cache_look_field(e, 'k'), at = cache_look_field(e, 'a');
	u32 index;

	if (at < 0 || (cache >= 0 && e->arg[cache] + 1 != v->objects.cache))
		return 0;
	return cache_look_object(v, e->arg[at], &index);
}

static bool hands_out(enum event_kind kind)
{
	return kind == EV_SLAB_TAKEN || kind == EV_SLUB_HIT || kind == EV_SLUB_HAND_OUT;
}

size_t cache_look_getter(const struct view *v, u64 address)
{
	const struct kmem_cache *cache = cache_look_chosen(v);
	u32 before = cache_slabs_before(view_slab(v), cache);

	for (size_t n = session_number(v->session); n > 0; n--) {
		const struct command *c = session_command(v->session, n);

		for (size_t i = 0; c && i < c->events.count; i++) {
			const struct event *e = &c->events.events[i];

			/* SLAB tells of the place in the slab, which is in front of what the user gets. */
			if (hands_out(e->kind) && address - e->arg[cache_look_field(e, 'a')] <= before)
				return n;
		}
	}
	return 0;
}

u32 cache_look_at_hand(const struct view *v, unsigned cpu, void (*see)(void *context, u64 address), void *context)
{
	return cache_slabs_at_hand(view_slab(v), cache_look_chosen(v), cpu, see, context);
}
