/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/view.h"

#include "base/hash.h"
#include "ui/address_look.h"
#include "ui/cache_look.h"
#include "ui/list_cache.h"
#include "ui/map_cache.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

void view_init(struct view *v, const struct session *session, enum glyph_set glyphs)
{
	memset(v, 0, sizeof *v);
	v->session = session;
	v->glyphs = glyphs;
	v->type = MT_COUNT;
	v->map_shift = VIEW_FIT;
	v->event_shown = SIZE_MAX;
}

void view_free(struct view *v)
{
	changes_free(&v->changes);
	fold_free(&v->lines);
	list_cache_free(v->list);
	map_cache_free(v->map);
	cache_look_free(v->look);
	address_look_free(v->space);
	cache_counts_free(&v->caches_before);
	cache_counts_free(&v->caches_coming);
	memset(v, 0, sizeof *v);
}

static void remember_zone(struct view_before *b, const struct phys *p, unsigned z)
{
	const struct zone *zone = &p->zone[z];

	b->free[z] = zone->free;
	for (unsigned o = 0; o < PHYS_ORDERS; o++) {
		b->nr_free[z][o] = zone->nr_free[o];
		for (unsigned t = 0; t < MT_COUNT; t++)
			b->list_count[z][o][t] = zone->list[o][t].count;
	}
	for (unsigned s = 0; s < 2; s++)
		b->pcp_count[z][s] = phys_pcp(p, z, p->state->cpu)->set[s].count;
}

static void remember_addresses(struct view_before *b, const struct virt_system *virt)
{
	b->areas = virt->state->count[VMAP_BUSY];
	b->lazy_pages = virt->state->lazy_pages;
	for (u32 n = 0; virt->config->last_pkmap && n < VIRT_KMAP_SLOTS; n++)
		b->slot_count[n] = virt->kmap[n].count;
}

/* Did the operation that was announced do anything by now? Then what differs is its doing. */
static void take_coming(struct view *v)
{
	const struct session *s = v->session;
	bool done = s->done != v->coming.number || (s->recording && s->recording->total > 0);

	if (!v->coming.valid || !done)
		return;
	v->before = v->coming;
	v->coming.valid = false;
	cache_counts_move(&v->caches_before, &v->caches_coming);
}

void view_before_operation(struct view *v)
{
	const struct phys *p = view_phys(v);
	struct view_before *b = &v->coming;

	take_coming(v);
	memset(b, 0, sizeof *b);
	b->valid = v->session->machine.alive;
	b->number = session_number(v->session);
	v->events_scroll = v->text_scroll = 0;
	v->events_all = false;
	v->operations++;
	if (!b->valid)
		return;
	b->zones = p->config->zones;
	b->orders = p->config->orders;
	b->max_pfn = p->config->max_pfn;
	for (unsigned z = 0; z < b->zones; z++)
		remember_zone(b, p, z);
	if (view_has_addresses(v))
		remember_addresses(b, view_virt(v));
	if (view_has_caches(v))
		cache_counts_take(&v->caches_coming, view_slab(v));
	else
		v->caches_coming.count = 0;
}

bool view_went_back(const struct view *v)
{
	return v->before.valid && !v->session->recording && session_number(v->session) < v->before.number;
}

const struct eventlog *view_events(const struct view *v)
{
	const struct command *c;

	if (!v->session->machine.alive || view_went_back(v))
		return NULL;
	if (v->session->recording)
		return v->session->recording;
	c = session_command(v->session, session_number(v->session));
	return c ? &c->events : NULL;
}

size_t view_events_shown(const struct view *v)
{
	const struct eventlog *log = view_events(v);

	if (!log)
		return 0;
	return v->stepping && v->event_shown < log->count ? v->event_shown : log->count;
}

const char *view_command(const struct view *v)
{
	const struct command *c = &v->session->current;

	if (!v->session->recording)
		c = session_command(v->session, session_number(v->session));
	return c ? c->text : NULL;
}

const char *view_zone_name(const struct view *v, unsigned zone, char out[VIEW_ZONE_NAME])
{
	struct event_names names = machine_names(&v->session->machine);
	struct strbuf name = STRBUF_INIT;

	names.zone(names.context, zone, &name);
	snprintf(out, VIEW_ZONE_NAME, "%s", strbuf_str(&name));
	strbuf_free(&name);
	return out;
}

/* `output` behind "COMMAND = ", if it repeats the command. */
static const char *skip_command(const char *output, const char *command)
{
	size_t length = command ? strcspn(command, ";\n") : 0;

	while (length > 0 && command[length - 1] == ' ')
		length--;
	if (length == 0 || strncmp(output, command, length) != 0 || strncmp(output + length, " = ", 3) != 0)
		return output;
	return output + length + 3;
}

const char *view_result(const struct view *v)
{
	unsigned lines = 0;

	if (!v->output || !*v->output || v->refused || v->coming.valid || v->session->recording ||
	    session_number(v->session) != v->before.number + 1)
		return NULL;
	for (const char *c = v->output; *c; c++)
		lines += *c == '\n' || !c[1];
	return lines <= VIEW_RESULT_LINES ? skip_command(v->output, view_command(v)) : NULL;
}

/* A number that is another one when the state may be another one. */
static u64 view_state(const struct view *v)
{
	const struct session *s = v->session;
	u64 h = hash_word(hash_word(HASH_INIT, s->done), s->boots);

	h = hash_word(h, v->operations);
	h = hash_word(h, s->machine.alive);
	h = hash_word(h, s->recording ? s->recording->total + 1 : 0);
	h = hash_word(h, v->stepping ? v->event_shown : SIZE_MAX);
	return h | 1;
}

/* What is chosen must exist on this machine, which may be another than before. */
static void keep_choice_valid(struct view *v)
{
	const struct phys_config *c = view_phys(v)->config;

	if (v->zone >= c->zones)
		v->zone = 0;
	if (v->order >= c->orders && !(v->order == VIEW_PCP && view_has_pcp(v)))
		v->order = c->orders - 1;
	if (v->type != MT_COUNT && v->type >= c->types)
		v->type = MT_COUNT;
	if (c->types == 1)
		v->by_type = v->map_by_type = false;
	if (v->trend_order >= c->orders)
		v->trend_order = c->orders - 1;
	if (v->cursor >= c->max_pfn)
		v->cursor = 0;
	if (!view_has_caches(v))
		v->objects = (struct view_objects){ .sort = v->objects.sort };
	else if (v->objects.cache && !view_slab(v)->cache[v->objects.cache - 1].used)
		v->objects = (struct view_objects){ .sort = v->objects.sort, .all = v->objects.all };
	if (v->objects.object && slab_of(view_slab(v), v->objects.object) == PFN_NONE)
		v->objects.object = 0;
	if (!v->objects.object && v->objects.level == VIEW_BYTES)
		v->objects.level = VIEW_SLABS;
	if (!view_has_addresses(v)) {
		v->addresses = (struct view_addresses){ .reach = VIEW_SPACE };
		v->about_addresses = false;
	}
}

/* At the start: the zone that an ordinary request goes to first, and its largest blocks. */
static void choose_first(struct view *v)
{
	const struct phys_config *c = view_phys(v)->config;

	v->chosen = true;
	v->order = c->orders - 1;
	v->trend_order = trend_usual_order(c);
	for (unsigned z = 0; z < c->zones; z++)
		if (c->zone[z].type <= c->gfp_zone[0] && c->zone[z].node == 0)
			v->zone = z;
	v->cursor = c->zone[v->zone].start_pfn;
}

/* Chooses the list and the frame that the last event was about. */
static void follow_events(struct view *v)
{
	const struct eventlog *log = view_events(v);
	const struct phys *p = view_phys(v);
	bool list = false, frame = false;

	for (size_t i = view_events_shown(v); i-- > 0 && !(list && frame);) {
		const struct event *e = &log->events[i];
		struct changes_place at = changes_place(p, e);
		bool whole = e->kind == EV_HANDED_OUT || e->kind == EV_FREE;

		/* Of a walk that came to no list, the zone tried last. */
		if (!list && e->kind == EV_ZONE_TRY) {
			list = true;
			v->zone = (unsigned)at.zone;
		}
		if (!list && at.zone >= 0 && (at.has_list || at.pcp)) {
			list = true;
			v->zone = (unsigned)at.zone;
			v->order = at.pcp ? VIEW_PCP : at.order;
			if (v->type != MT_COUNT && at.has_list && at.type < p->config->types)
				v->type = at.type;
			v->list_scroll = 0;
		}
		/* After an operation the block it was about matters, in the middle of it the one of this step. */
		if (!frame && at.pfn != PFN_NONE && at.pfn < p->config->max_pfn && (whole || v->stepping)) {
			frame = true;
			v->cursor = v->followed = at.pfn;
		}
	}
}

/*
 * Chooses the cache that the events are about: one that was made, while
 * stepping the one of the last step, else the one that the operation began
 * with; and of it the object that was touched last.
 */
static void follow_objects(struct view *v)
{
	const struct eventlog *log = view_events(v);
	struct view_objects *o = &v->objects;
	u32 cache = SLAB_NONE;

	/* What happens without a sign, as a calculation, is no reason to look elsewhere. */
	if (view_events_shown(v) == 0)
		return;
	for (size_t i = 0; i < view_events_shown(v); i++) {
		const struct event *e = &log->events[i];
		int at = cache_look_field(e, 'k');

		if (at >= 0 && (!cache || v->stepping || e->kind == EV_CACHE_MADE))
			cache = (u32)e->arg[at] + 1;
	}
	v->about_objects = cache && cache <= SLAB_CACHES && view_slab(v)->cache[cache - 1].used;
	if (!v->about_objects)
		return;
	if (cache != o->cache)
		o->object = 0;
	o->cache = cache;
	o->moved = true;
	for (size_t i = view_events_shown(v); i-- > 0;) {
		u64 object = cache_look_touched(v, &log->events[i]);

		if (object) {
			o->object = object;
			break;
		}
	}
	if (o->level == VIEW_BYTES && !o->object)
		o->level = VIEW_SLABS;
	if (o->level == VIEW_CACHES && !o->table_held)
		o->level = VIEW_SLABS;
}

/* Chooses the area or slot that the events are about. */
static void follow_addresses(struct view *v)
{
	u64 address;

	if (view_events_shown(v) == 0)
		return;
	v->about_addresses = address_look_about(v, &address);
	v->addresses.linked = v->about_addresses;
	if (!v->about_addresses || address == 0)
		return;
	v->addresses = (struct view_addresses){ .chosen = true,
						.address = address,
						.linked = true,
						.reach = v->addresses.reach,
						.folded = v->addresses.folded,
						.page = address,
						.tables = v->addresses.tables,
						.walked = address,
						.space_scroll = v->addresses.space_scroll };
}

/* From the command that was the last before to the one that is the last now, in either direction. */
static void find_changes(struct view *v)
{
	const struct session *s = v->session;
	size_t from = v->before.number, to = session_number(s);

	if (from > to) {
		from = to;
		to = v->before.number;
	}
	/* Of commands that were taken back the events are gone; what they did is known if they were the last. */
	if (view_went_back(v) && v->marked_from == from && v->marked_to == to)
		return;
	changes_clear(&v->changes);
	v->marked_from = from;
	v->marked_to = to;
	if (v->before.valid) {
		for (size_t n = from + 1; n <= to && v->changes.now.count < CHANGES_LIMIT; n++) {
			const struct command *c = session_command(s, n);

			if (c)
				changes_add(&v->changes, view_phys(v), &c->events, c->events.count);
		}
		if (s->recording)
			changes_add(&v->changes, view_phys(v), s->recording, view_events_shown(v));
	}
	changes_finish(&v->changes);
}

/* What the events tell, in lines. Out of memory: nothing. */
static void make_lines(struct view *v)
{
	size_t count = view_events_shown(v);

	if (v->stepping)
		fold_none(&v->lines, count);
	else
		fold_events(&v->lines, count ? view_events(v)->events : NULL, count);
}

bool view_refresh(struct view *v)
{
	const struct phys *p = view_phys(v);
	u64 state = view_state(v);

	if (state == v->seen)
		return false;
	v->seen = state;
	take_coming(v);
	if (!v->session->machine.alive) {
		v->before.valid = false;
		changes_clear(&v->changes);
		v->lines.count = 0;
		return true;
	}
	if (v->before.zones != p->config->zones || v->before.orders != p->config->orders ||
	    v->before.max_pfn != p->config->max_pfn || v->before.number > v->session->count)
		v->before.valid = false;
	if (!v->chosen)
		choose_first(v);
	keep_choice_valid(v);
	find_changes(v);
	if (!v->stay && v->before.valid) {
		follow_events(v);
		if (view_has_caches(v))
			follow_objects(v);
		if (view_has_addresses(v))
			follow_addresses(v);
	}
	make_lines(v);
	return true;
}
