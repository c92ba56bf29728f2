/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/changes.h"

#include <stdlib.h>
#include <string.h>

void changes_clear(struct changes *c)
{
	c->now.count = c->left.count = c->block_count = 0;
	c->incomplete = false;
}

void changes_free(struct changes *c)
{
	free(c->now.frames);
	free(c->left.frames);
	free(c->blocks);
	memset(c, 0, sizeof *c);
}

/* Room for one more element. */
static bool reserve(void **items, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? *capacity * 2 : 64;
	void *grown;

	if (count >= CHANGES_LIMIT)
		return false;
	if (count < *capacity)
		return true;
	grown = realloc(*items, wanted * size);
	if (!grown)
		return false;
	*items = grown;
	*capacity = wanted;
	return true;
}

static void add_frames(struct changes *c, struct changes_set *set, pfn_t pfn, pfn_t count)
{
	void *items = set->frames;

	if (!reserve(&items, set->count, &set->capacity, sizeof *set->frames)) {
		c->incomplete = true;
		return;
	}
	set->frames = items;
	set->frames[set->count++] = (struct changes_frames){ pfn, pfn + count };
}

/* Boot deals in bytes of physical address space. */
static void add_bytes(struct changes *c, const struct phys *p, u64 start, u64 end)
{
	unsigned shift = p->config->page_shift;

	if (start < end)
		add_frames(c, &c->now, (pfn_t)(start >> shift), (pfn_t)(((end - 1) >> shift) - (start >> shift) + 1));
}

static void add_block(struct changes *c, pfn_t pfn, unsigned order)
{
	void *items = c->blocks;

	if (!reserve(&items, c->block_count, &c->block_capacity, sizeof *c->blocks))
		return;
	c->blocks = items;
	c->blocks[c->block_count++] = (struct changes_block){ pfn, order };
}

/* The order of the blocks on per-CPU list `list`. */
static unsigned pcp_order(const struct phys *p, u64 list)
{
	return p->config->pcp_rule == PCP_BY_TYPE ? (unsigned)(list & TAG_LIST) / MT_PCPTYPES : 0;
}

struct changes_place changes_place(const struct phys *p, const struct event *e)
{
	struct changes_place at = { .pfn = PFN_NONE, .zone = -1 };
	const char *fields = event_fields(e->kind);

	for (size_t i = 0; fields[i]; i++) {
		switch (fields[i]) {
		case 'p': /* the last of several is the one that goes somewhere */
			at.pfn = (pfn_t)e->arg[i];
			break;
		case 'z':
			at.zone = (int)e->arg[i];
			break;
		case 'f':
			at.has_list = true;
			at.order = (unsigned)(e->arg[i] >> 8);
			at.type = (unsigned)(e->arg[i] & 0xff);
			break;
		case 'l':
			at.pcp = true;
			at.order = pcp_order(p, e->arg[i]);
			break;
		}
	}
	if (at.zone < 0 && at.pfn != PFN_NONE)
		at.zone = phys_zone_of(p, at.pfn);
	if (at.zone >= (int)p->config->zones || at.order >= p->config->orders)
		return (struct changes_place){ .pfn = PFN_NONE, .zone = -1 };
	return at;
}

/* Notes what an event did to frames. `source`: the frame that a page left last; that it is given back then is no news.
 */
static void add_event(struct changes *c, const struct phys *p, const struct event *e, const struct changes_place *at,
		      pfn_t *source)
{
	if (e->kind == EV_MIGRATED) {
		*source = (pfn_t)e->arg[0];
		add_frames(c, &c->left, *source, 1);
		add_frames(c, &c->now, at->pfn, 1);
	} else if (e->kind == EV_HANDED_OUT || (e->kind == EV_FREE && (pfn_t)e->arg[0] != *source)) {
		add_frames(c, &c->now, (pfn_t)e->arg[0], (pfn_t)1 << (unsigned)e->arg[1] % PHYS_ORDERS);
	} else if (e->kind == EV_CMA_HANDED_OUT) {
		add_frames(c, &c->now, (pfn_t)e->arg[0], (pfn_t)e->arg[1]);
	} else if (e->kind == EV_BOOT_TAKEN) {
		add_bytes(c, p, e->arg[0], e->arg[1]);
	} else if (e->kind == EV_BOOT_KEEP || e->kind == EV_BOOT_GIVEN_BACK) {
		add_bytes(c, p, e->arg[1], e->arg[2]);
	} else if (at->pfn != PFN_NONE && at->pcp && at->pfn != *source) {
		add_frames(c, &c->now, at->pfn, (pfn_t)1 << at->order);
	}
}

void changes_add(struct changes *c, const struct phys *p, const struct eventlog *log, size_t count)
{
	pfn_t source = PFN_NONE;

	if (eventlog_lost(log))
		c->incomplete = true;
	for (size_t i = 0; i < count && i < log->count; i++) {
		const struct event *e = &log->events[i];
		struct changes_place at = changes_place(p, e);

		add_event(c, p, e, &at, &source);
		if (e->kind == EV_MERGE)
			add_block(c, (pfn_t)e->arg[0], (unsigned)e->arg[1]);
		else if (at.pfn != PFN_NONE && (at.has_list || at.pcp))
			add_block(c, at.pfn, at.order);
	}
}

static int compare_frames(const void *one, const void *other)
{
	const struct changes_frames *a = one, *b = other;

	return a->start < b->start ? -1 : a->start > b->start;
}

static int compare_blocks(const void *one, const void *other)
{
	const struct changes_block *a = one, *b = other;

	if (a->pfn != b->pfn)
		return a->pfn < b->pfn ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Sorts the frames and joins what touches, so that a search finds an overlap at its first look. */
static void finish_set(struct changes_set *set)
{
	size_t kept = 0;

	if (!set->count)
		return;
	qsort(set->frames, set->count, sizeof *set->frames, compare_frames);
	for (size_t i = 1; i < set->count; i++) {
		if (set->frames[i].start > set->frames[kept].end)
			set->frames[++kept] = set->frames[i];
		else if (set->frames[i].end > set->frames[kept].end)
			set->frames[kept].end = set->frames[i].end;
	}
	set->count = kept + 1;
}

void changes_finish(struct changes *c)
{
	if (c->block_count)
		qsort(c->blocks, c->block_count, sizeof *c->blocks, compare_blocks);
	finish_set(&c->now);
	finish_set(&c->left);
}

bool changes_has_frame(const struct changes_set *set, pfn_t start, pfn_t end)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (set->frames[middle].end <= start)
			low = middle + 1;
		else if (set->frames[middle].start >= end)
			high = middle;
		else
			return true;
	}
	return false;
}

bool changes_has_block(const struct changes *c, pfn_t pfn, unsigned order)
{
	const struct changes_block key = { pfn, order };

	return c->block_count && bsearch(&key, c->blocks, c->block_count, sizeof key, compare_blocks) != NULL;
}
