/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/address_look.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* More runs than anyone scrolls through; frames behind those that follow are not marked. */
#define RUNS_LIMIT 65536

static u64 page_size(const struct view *v)
{
	return UINT64_C(1) << view_phys(v)->config->page_shift;
}

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

/* ------------------------------------------------------------- what events name */

enum unit { BYTES, PAGES, ONE_PAGE };

/* Events on addresses: which argument is the address, and what the next one counts. */
static const struct {
	enum event_kind kind;
	int address; /* -1: none */
	enum unit unit;
} kinds[] = {
	{ EV_AREA_FOUND, 0, BYTES },       { EV_AREA_GONE, 0, BYTES },     { EV_AREA_LAZY, 0, PAGES },
	{ EV_KMAP_SLOT, 1, ONE_PAGE },     { EV_KMAP_AGAIN, 1, ONE_PAGE }, { EV_KMAP_ATOMIC, 1, ONE_PAGE },
	{ EV_IOREMAP_FIXED, 1, ONE_PAGE }, { EV_FIXMAP_SET, 1, ONE_PAGE }, { EV_FIXMAP_CLEARED, 1, ONE_PAGE },
	{ EV_AREA_PURGE, -1, BYTES },      { EV_AREA_WANTED, -1, BYTES },  { EV_IOREMAP_RAM, -1, BYTES },
	{ EV_KMAP_WRAP, -1, BYTES },       { EV_KMAP_FULL, -1, BYTES },
};

/* Is the event about addresses? If it names some, they are in *range; else that is empty. */
static bool event_range(const struct view *v, const struct event *e, struct address_range *range)
{
	*range = (struct address_range){ 0, 0 };
	/* The count of a slot goes down: told is the slot. */
	if (e->kind == EV_KMAP_DOWN) {
		range->start = view_virt(v)->config->pkmap_base + e->arg[0] * page_size(v);
		range->end = range->start + page_size(v);
		return true;
	}
	for (size_t n = 0; n < ARRAY_SIZE(kinds); n++) {
		u64 bytes = page_size(v);

		if (kinds[n].kind != e->kind)
			continue;
		if (kinds[n].address < 0)
			return true;
		if (kinds[n].unit != ONE_PAGE)
			bytes = e->arg[kinds[n].address + 1] * (kinds[n].unit == PAGES ? page_size(v) : 1);
		range->start = e->arg[kinds[n].address];
		range->end = range->start + bytes;
		return true;
	}
	return false;
}

bool address_look_about(const struct view *v, u64 *address)
{
	const struct eventlog *log = view_events(v);
	bool about = false, made = false;

	*address = 0;
	for (size_t i = 0; i < view_events_shown(v); i++) {
		const struct event *e = &log->events[i];
		struct address_range range;

		if (!event_range(v, e, &range))
			continue;
		about = true;
		/* The area itself comes before the one that the array of its pages may need. */
		if (range.start && (!made || v->stepping))
			*address = range.start;
		made |= e->kind == EV_AREA_FOUND;
	}
	return about;
}

static void add_touched(struct view *v, const struct eventlog *log, size_t count)
{
	struct address_look *l = v->space;

	for (size_t i = 0; i < count && i < log->count; i++) {
		struct address_range range, *touched;

		if (!event_range(v, &log->events[i], &range) || range.start == range.end)
			continue;
		touched = reserve(l->touched, l->touched_count, &l->touched_capacity, sizeof *touched);
		if (!touched)
			return;
		l->touched = touched;
		l->touched[l->touched_count++] = range;
	}
}

static int compare_ranges(const void *one, const void *other)
{
	const struct address_range *a = one, *b = other;

	return a->start < b->start ? -1 : a->start > b->start;
}

static void find_touched(struct view *v)
{
	struct address_look *l = v->space;

	/* Events of what was taken back are gone, but what they touched is known. */
	if (view_went_back(v))
		return;
	l->touched_count = 0;
	for (size_t n = v->marked_from + 1; n <= v->marked_to && v->before.valid; n++) {
		const struct command *command = session_command(v->session, n);

		if (command)
			add_touched(v, &command->events, command->events.count);
	}
	if (v->session->recording)
		add_touched(v, v->session->recording, view_events_shown(v));
	if (l->touched_count)
		qsort(l->touched, l->touched_count, sizeof *l->touched, compare_ranges);
}

/* ------------------------------------------------------------- what changed */

static bool is_touched(const struct view *v, u64 start, u64 end)
{
	const struct address_look *l = v->space;
	size_t low = 0, high = l->touched_count;

	/* The first that begins behind `start`; the one before it may reach into it. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (l->touched[middle].start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return (low < l->touched_count && l->touched[low].start < end) || (low > 0 && l->touched[low - 1].end > start);
}

static char sign_of(u64 now, u64 before)
{
	return now > before ? '+' : now < before ? '-' : 0;
}

char address_look_item_sign(const struct view *v, const struct address_item *item)
{
	u32 slot = item->slot + (item->kind == ADDRESS_ATOMIC ? view_virt(v)->config->last_pkmap : 0);

	if (!v->before.valid || item->kind == ADDRESS_TOP)
		return 0;
	if (item->kind == ADDRESS_KMAP || item->kind == ADDRESS_ATOMIC)
		return sign_of(address_map_slot_count(view_virt(v), item), v->before.slot_count[slot]);
	/* Of many events not all are kept, but an area knows its command. */
	if (!is_touched(v, item->start, item->start + item->bytes) &&
	    (view_went_back(v) || !item->area || vmap_area_at(view_virt(v), item->area)->owner <= v->before.number))
		return 0;
	return item->kind == ADDRESS_FREE || item->kind == ADDRESS_LAZY ? '-' : '+';
}

/* Slots that somebody has now, less those before. The count of one of kmap() is 1 when nobody has it any more. */
static char slots_sign(const struct view *v, bool atomic)
{
	u32 first = atomic ? view_virt(v)->config->last_pkmap : 0;
	u32 end = atomic ? VIRT_KMAP_SLOTS : view_virt(v)->config->last_pkmap;
	u64 now = 0, before = 0;

	for (u32 n = first; n < end; n++) {
		now += view_virt(v)->kmap[n].count > !atomic;
		before += v->before.slot_count[n] > !atomic;
	}
	return sign_of(now, before);
}

/* A fixed address was set, or leads nowhere any more. */
static char fixed_sign(const struct view *v, const struct address_part *part)
{
	const struct address_look *l = v->space;
	char sign = slots_sign(v, true);

	for (size_t n = 0; n < l->touched_count && !sign; n++)
		if (l->touched[n].start >= part->region.start && l->touched[n].start <= part->region.last)
			sign = address_map_item(&l->map, l->touched[n].start) ? '+' : '-';
	return sign;
}

char address_look_part_sign(const struct view *v, const struct address_part *part)
{
	char sign;

	if (!v->before.valid)
		return 0;
	switch (part->region.kind) {
	case REGION_VMALLOC:
		sign = sign_of(part->used, v->before.areas);
		return sign ? sign : sign_of(view_virt(v)->state->lazy_pages, v->before.lazy_pages);
	case REGION_PKMAP:
		return slots_sign(v, false);
	case REGION_FIXMAP:
		return fixed_sign(v, part);
	default:
		return 0;
	}
}

/* ------------------------------------------------------------- what is chosen */

const struct address_part *address_look_part(const struct view *v)
{
	return address_map_part(&v->space->map, v->addresses.address);
}

const struct address_item *address_look_item(const struct view *v)
{
	return v->addresses.part ? NULL : address_map_item(&v->space->map, v->addresses.address);
}

size_t address_look_run(const struct view *v, u64 page)
{
	const struct address_choice *c = &v->space->choice;
	size_t low = 0, high = c->count;

	/* The first that begins behind it; counted from the start, as an area may go on at address 0. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (c->run[middle].start - c->start <= page - c->start)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : 0;
}

struct address_run address_look_page(const struct view *v, u64 page)
{
	struct address_run run = v->space->choice.run[address_look_run(v, page)];
	u64 number = (page - run.start) / page_size(v);

	run.frame += run.step > 0 ? number : -number;
	run.start = page;
	run.pages = 1;
	run.step = 1;
	return run;
}

static void find_runs(struct view *v, struct address_choice *c)
{
	for (u64 done = 0; done < c->bytes && c->count < RUNS_LIMIT;) {
		struct address_run *run = reserve(c->run, c->count, &c->capacity, sizeof *run);

		if (!run)
			return;
		c->run = run;
		run += c->count++;
		*run = address_run_at(view_virt(v), c->start + done, c->start + c->bytes - 1, c->guard);
		done += run->pages * page_size(v);
	}
}

static int compare_frames(const void *one, const void *other)
{
	const struct changes_frames *a = one, *b = other;

	return a->start < b->start ? -1 : a->start > b->start;
}

static void add_frames(struct changes_set *set, const struct address_run *run)
{
	u64 first = run->step > 0 ? run->frame : run->frame - (run->pages - 1);
	struct changes_frames *frames;

	if (run->kind != ADDRESS_RUN_MEMORY)
		return;
	frames = reserve(set->frames, set->count, &set->capacity, sizeof *frames);
	if (!frames)
		return;
	set->frames = frames;
	set->frames[set->count++] = (struct changes_frames){ (pfn_t)first, (pfn_t)(first + run->pages) };
}

/* The frames of all runs. */
static void add_all(struct address_choice *c)
{
	struct changes_set *set = &c->behind;
	size_t kept = 0;

	for (size_t n = 0; n < c->count; n++)
		add_frames(set, &c->run[n]);
	if (!set->count)
		return;
	qsort(set->frames, set->count, sizeof *set->frames, compare_frames);
	for (size_t n = 1; n < set->count; n++) {
		if (set->frames[n].start > set->frames[kept].end)
			set->frames[++kept] = set->frames[n];
		else if (set->frames[n].end > set->frames[kept].end)
			set->frames[kept].end = set->frames[n].end;
	}
	set->count = kept + 1;
}

static void find_behind(struct view *v, struct address_choice *c)
{
	struct address_run page;

	c->behind.count = 0;
	switch (c->reach) {
	case VIEW_SPACE:
		/* All of the direct map is no news. */
		if (!v->addresses.part)
			add_all(c);
		break;
	case VIEW_PAGES:
		add_frames(&c->behind, &c->run[address_look_run(v, c->page)]);
		break;
	case VIEW_EACH_PAGE:
		page = address_look_page(v, c->page);
		add_frames(&c->behind, &page);
		break;
	}
}

static void find_choice(struct view *v, bool other_state)
{
	struct address_choice *c = &v->space->choice;
	const struct address_item *item = address_look_item(v);
	const struct address_part *part = address_look_part(v);
	u64 start = 0, bytes = 0, guard = 0;

	if (item) {
		start = item->start;
		bytes = item->kind == ADDRESS_FREE || item->kind == ADDRESS_LAZY ? 0 : item->bytes;
		guard = address_map_guard(view_virt(v), item);
	} else if (!part->count && part->region.kind != REGION_USER && part->region.kind != REGION_NO_ADDRESS) {
		start = part->region.start;
		bytes = part->region.last - start + 1;
	}
	if (other_state || c->start != start || c->bytes != bytes) {
		*c = (struct address_choice){
			start, bytes, guard, .run = c->run, .capacity = c->capacity, .behind = c->behind
		};
		find_runs(v, c);
		other_state = true;
	}
	/* A part without anything has no pages to look at. */
	if (!item && c->count == 1 && c->run[0].kind == ADDRESS_RUN_NOTHING)
		c->count = 0;
	if (!c->count)
		v->addresses.reach = VIEW_SPACE;
	if (!other_state && c->reach == v->addresses.reach && c->page == v->addresses.page)
		return;
	c->reach = v->addresses.reach;
	c->page = v->addresses.page;
	find_behind(v, c);
}

/* At the start: the part that has the most to show. */
static void choose_first(struct view *v)
{
	v->addresses.chosen = true;
	v->addresses.address = view_virt(v)->config->vmalloc_start;
	v->addresses.part = true;
}

void address_look_prepare(struct view *v)
{
	struct address_look *l = v->space;
	bool other_state;

	if (!l)
		l = v->space = calloc(1, sizeof *l);
	if (!l || !view_has_addresses(v))
		return;
	other_state = l->state != v->seen;
	if (other_state) {
		l->state = v->seen;
		l->good = address_map_make(&l->map, view_virt(v));
		find_touched(v);
	}
	if (!l->good)
		return;
	if (!v->addresses.chosen)
		choose_first(v);
	/* What was chosen may be gone; the part that it was in stays. */
	if (!v->addresses.part && !address_look_item(v))
		v->addresses.part = true;
	find_choice(v, other_state);
}

void address_look_choose(struct view *v, u64 address)
{
	v->addresses.chosen = true;
	v->addresses.address = v->addresses.page = address;
	v->addresses.part = false;
	v->addresses.reach = VIEW_SPACE;
	v->addresses.tables = false;
	v->addresses.linked = true;
	v->about_addresses = true;
	v->about_objects = false;
}

void address_look_free(struct address_look *l)
{
	if (!l)
		return;
	address_map_free(&l->map);
	free(l->choice.run);
	free(l->choice.behind.frames);
	free(l->touched);
	free(l);
}

/* ------------------------------------------------------------- the frames behind it */

bool address_look_is_behind(const struct view *v, pfn_t start, pfn_t end)
{
	return v->addresses.linked && v->space && v->space->good &&
	       changes_has_frame(&v->space->choice.behind, start, end);
}

u64 address_look_link(const struct view *v)
{
	const struct address_choice *c = v->space ? &v->space->choice : NULL;
	u64 h = HASH_INIT;

	if (!v->addresses.linked || !c)
		return 0;
	h = hash_word(hash_word(h, c->start), c->bytes);
	return hash_word(hash_word(h, c->reach), c->page) | 1;
}
