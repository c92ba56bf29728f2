/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phys/frame.h"

#include "base/text.h"
#include "phys/blocklist.h"
#include "phys/pageblock.h"

static pfn_t block_of(pfn_t pfn, unsigned order)
{
	return pfn & ~(((pfn_t)1 << order) - 1);
}

/* Finds the block that `pfn` is in: on a list, or in use. */
static bool find_block(const struct phys *p, pfn_t pfn, struct frame_info *info)
{
	/* The largest order first: most of a large machine is whole blocks. */
	for (unsigned order = p->config->orders; order-- > 0;) {
		pfn_t block = block_of(pfn, order);
		u16 tag = blocklist_tag(p, order, block);
		const struct frame *f = &p->frame[block];

		info->block = block;
		info->order = order;
		if (tag & TAG_FREE) {
			info->state = FRAME_FREE;
			info->type = tag & TAG_LIST;
			return true;
		}
		if (tag & TAG_PCP) {
			info->state = FRAME_PCP;
			info->list = tag & (TAG_LIST | TAG_COLD);
			return true;
		}
		if (arena_written(p->arena, f) && (f->flags & FRAME_HEAD) && f->order == order) {
			info->state = FRAME_USED;
			info->owner = f->owner;
			return true;
		}
	}
	return false;
}

struct frame_info frame_describe(const struct phys *p, pfn_t pfn)
{
	struct frame_info info = { .state = FRAME_NO_MEMORY, .zone = phys_zone_of(p, pfn), .block = pfn };

	if (pfn >= p->config->max_pfn || info.zone < 0 || !phys_has_memory(p, pfn))
		return info;
	info.type = pageblock_type(p, (unsigned)info.zone, pfn);
	if (!find_block(p, pfn, &info)) {
		info.state = FRAME_RESERVED;
		info.block = pfn;
		info.order = 0;
	}
	return info;
}

const char *frame_state_name(enum frame_state state)
{
	static const char *const names[] = {
		[FRAME_NO_MEMORY] = N_("no memory"), [FRAME_RESERVED] = N_("reserved"), [FRAME_FREE] = N_("free"),
		[FRAME_PCP] = N_("per-CPU"),         [FRAME_USED] = N_("used"),
	};

	return _(names[state]);
}

/* Is there RAM behind all of these frames? */
static bool all_memory(const struct phys *p, pfn_t pfn, pfn_t length)
{
	const struct phys_config *c = p->config;
	int zone = phys_zone_of(p, pfn);

	if (!c->memory_ranges)
		return zone >= 0 && c->zone[zone].start_pfn + c->zone[zone].spanned - pfn >= length;
	for (unsigned r = 0; r < c->memory_ranges; r++)
		if (pfn >= c->memory[r].start && pfn < c->memory[r].end)
			return c->memory[r].end - pfn >= length;
	return false;
}

/* The first frame behind `pfn` that may be in another state, `pfn` being in no block. */
static pfn_t end_of_blank(const struct phys *p, pfn_t pfn)
{
	pfn_t step = ARENA_CHUNK / sizeof(struct frame);

	/* No record of the chunk was written, so no block in use begins in it; free ones are looked for. */
	if (pfn % step == 0 && !arena_written(p->arena, &p->frame[pfn]) && all_memory(p, pfn, step)) {
		bool blank = true;

		for (unsigned o = 0; o < p->config->orders && blank; o++) {
			if (!arena_written(p->arena, &p->tag[o][pfn >> o]))
				continue;
			for (pfn_t at = pfn; at < pfn + step && at < p->config->max_pfn; at += (pfn_t)1 << o)
				if (blocklist_tag(p, o, at))
					blank = false;
		}
		if (blank)
			return pfn + step;
	}
	return pfn + 1;
}

/* The first frame behind `pfn`, which has no memory, where some may begin. */
static pfn_t end_of_hole(const struct phys *p, pfn_t pfn)
{
	pfn_t next = p->config->max_pfn;

	if (p->config->memory_ranges) {
		for (unsigned r = 0; r < p->config->memory_ranges; r++)
			if (p->config->memory[r].start > pfn && p->config->memory[r].start < next)
				next = p->config->memory[r].start;
	} else {
		for (unsigned z = 0; z < p->config->zones; z++)
			if (p->config->zone[z].start_pfn > pfn && p->config->zone[z].start_pfn < next)
				next = p->config->zone[z].start_pfn;
	}
	return next > pfn ? next : pfn + 1;
}

/* The end of the free blocks of the largest order that lie side by side from `pfn` on: most of a large machine. */
static pfn_t end_of_largest(const struct phys *p, pfn_t pfn, pfn_t end)
{
	unsigned order = p->config->orders - 1;
	pfn_t length = (pfn_t)1 << order;

	if (pfn & (length - 1))
		return pfn;
	while (end - pfn >= length && pfn < p->config->max_pfn && (blocklist_tag(p, order, pfn) & TAG_FREE))
		pfn += length;
	return pfn;
}

void frame_count(const struct phys *p, pfn_t start, pfn_t end, u64 count[FRAME_USED + 1])
{
	for (unsigned s = 0; s <= FRAME_USED; s++)
		count[s] = 0;
	for (pfn_t pfn = start; pfn < end;) {
		pfn_t next = end_of_largest(p, pfn, end);
		struct frame_info info;

		if (next > pfn) {
			count[FRAME_FREE] += next - pfn;
			pfn = next;
			continue;
		}
		info = frame_describe(p, pfn);

		if (pfn >= p->config->max_pfn)
			next = end;
		else if (info.state == FRAME_NO_MEMORY)
			next = end_of_hole(p, pfn);
		else if (info.state == FRAME_RESERVED)
			next = end_of_blank(p, pfn);
		else
			next = info.block + ((pfn_t)1 << info.order);
		if (next > end || next <= pfn)
			next = end;
		count[info.state] += next - pfn;
		pfn = next;
	}
}
