/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slab/object_parts.h"

#include "base/text.h"
#include "slab/slab_debug.h"
#include "slab/slab_report.h"
#include "slab/slab_store.h"
#include "slab/slub_debug.h"
#include "slab/slub_geometry.h"

static void add(struct object_parts *p, int from, int to, enum part_kind kind, const char *name)
{
	if (from < to && p->count < OBJECT_PARTS)
		p->part[p->count++] = (struct object_part){ .from = from, .to = to, .kind = kind, .name = name };
}

/* One that the kernel looks at. */
static void add_checked(struct object_parts *p, int from, int to, enum part_kind kind, const char *name, u64 expected,
			int word)
{
	size_t count = p->count;

	add(p, from, to, kind, name);
	if (p->count > count) {
		p->part[count].expected = expected;
		p->part[count].word = word;
	}
}

static void add_red(struct object_parts *p, int from, int to, u64 expected, int word)
{
	add_checked(p, from, to, PART_RED, N_("red"), expected, word);
}

/* The user's bytes; a list or a pointer lies in [from, to) of those that are free. */
static void add_data(const struct object_info *o, struct object_parts *p, bool poison, int from, int to,
		     const char *pointer)
{
	int end = (int)o->cache->object_size;
	bool free = o->state != OBJECT_USED;
	enum part_kind kind = free && poison ? PART_POISON : PART_DATA;
	const char *name = free && poison ? N_("poison") : N_("data");

	if (from >= to) {
		add(p, 0, end, kind, name);
		return;
	}
	add(p, 0, from, kind, name);
	add(p, from, to, PART_POINTER, pointer);
	add(p, to, end, kind, name);
}

static void find_slub(const struct slab_system *s, const struct object_info *o, struct object_parts *p)
{
	const struct slab_config *config = s->config;
	const struct kmem_cache *c = o->cache;
	int word = (int)config->word, at = (int)c->slub.inuse, track = (int)slub_geometry_track(config->word);
	bool red = c->flags & config->rules->flag->red_zone, outside = slub_geometry_pointer_outside(c);
	u64 byte = o->state == OBJECT_USED ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE;
	int pointer = outside || o->state == OBJECT_USED ? 0 : (int)c->slub.offset;
	int looked_at = (c->flags & config->rules->flag->poison) != 0;

	if (red)
		add_red(p, -(int)c->slub.red_left_pad, 0, byte, 1);
	add_data(o, p, c->flags & SLUB_OBJECT_POISON, pointer, outside || o->state == OBJECT_USED ? 0 : pointer + word,
		 N_("next"));
	if (red)
		add_red(p, (int)c->object_size, at, byte, 1);
	else
		add_checked(p, (int)c->object_size, at, PART_PADDING, N_("padding"), POISON_INUSE, looked_at);
	if (outside) {
		add(p, at, at + word, PART_POINTER, N_("next"));
		at += word;
	}
	if (c->flags & config->rules->flag->store_user) {
		add(p, at, at + track, PART_TRACK, N_("got"));
		add(p, at + track, at + 2 * track, PART_TRACK, N_("freed"));
		at = (int)slub_geometry_padding(config, c);
		add(p, (int)slub_geometry_info_end(config, c) + 2 * track, at, PART_TRACK, N_("asked"));
	}
	add_checked(p, at, (int)slub_geometry_from_object(c), PART_PADDING, N_("padding"), POISON_INUSE, looked_at);
}

static void find_slab(const struct slab_system *s, const struct object_info *o, struct object_parts *p)
{
	const struct slab_config *config = s->config;
	const struct kmem_cache *c = o->cache;
	const struct slab_report *report = config->rules->store->report;
	const struct page *page = page_find(s->phys, o->slab);
	bool red = c->flags & config->rules->flag->red_zone, user = c->flags & config->rules->flag->store_user;
	int end = (int)(c->size - c->slab.obj_offset), word = (int)config->word, bytes = (int)report->red_bytes;
	int users = user ? (int)report->user_bytes : 0, behind = red ? end - users - bytes : end - users;
	u64 should = o->state == OBJECT_USED ? report->red_active : report->red_inactive;
	/* 6.1: the list of free objects may lie in one of them. */
	bool list = c->slab.objfreelist && page->slab.freelist == o->address - c->slab.obj_offset;

	add(p, -(int)c->slab.obj_offset, red ? -bytes : 0, PART_PADDING, N_("padding"));
	if (red)
		add_red(p, -bytes, 0, should, bytes);
	add_data(o, p, (c->flags & config->rules->flag->poison) && !list, 0,
		 list && o->state != OBJECT_USED ? (int)c->slab.management : 0, N_("list"));
	add(p, (int)c->object_size, behind, PART_PADDING, N_("padding"));
	if (red)
		add_red(p, behind, behind + bytes, should, bytes);
	add(p, end - users, user ? end - word : 0, PART_PADDING, N_("padding"));
	if (user)
		add(p, end - word, end, PART_TRACK, N_("user"));
}

struct object_parts object_parts_of(const struct slab_system *s, const struct object_info *info)
{
	struct object_parts p = { .count = 0 };

	if (s->config->allocator == SLAB_SLUB)
		find_slub(s, info, &p);
	else
		find_slab(s, info, &p);
	return p;
}

bool object_parts_bad(const struct object_info *info, const struct object_part *part, int at, u8 byte)
{
	if (part->kind == PART_POISON)
		return byte != (at + 1 == (int)info->cache->object_size ? POISON_END : POISON_FREE);
	return part->word && byte != (u8)(part->expected >> 8 * ((at - part->from) % part->word));
}

bool object_parts_value(const struct slab_system *s, const struct object_part *part, const u8 *bytes, u64 *value)
{
	int word = (int)s->config->word;

	if (!(part->kind == PART_POINTER && part->to - part->from == word) &&
	    !(part->kind == PART_TRACK && part->to - part->from >= word))
		return false;
	*value = 0;
	for (int n = word; n-- > 0;)
		*value = *value << 8 | bytes[n];
	return true;
}
