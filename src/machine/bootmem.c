/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/bootmem.h"

#include <string.h>

void bootmem_init(struct bootmem *b, const struct phys_config *config)
{
	memset(b, 0, sizeof *b);
	b->config = config;
}

static u64 align_up(u64 x, u64 align)
{
	return (x + align - 1) & ~(align - 1);
}

static u64 page_size(const struct bootmem *b)
{
	return UINT64_C(1) << b->config->page_shift;
}

void bootmem_reserve(struct bootmem *b, u64 start, u64 end)
{
	unsigned first = 0, last;

	while (first < b->count && b->taken[first].end < start)
		first++;
	for (last = first; last < b->count && b->taken[last].start <= end; last++) {
		if (b->taken[last].start < start)
			start = b->taken[last].start;
		if (b->taken[last].end > end)
			end = b->taken[last].end;
	}
	if (last == first && b->count == BOOTMEM_TAKEN) {
		b->failed = true;
		return;
	}
	/* The ranges first .. last-1 become one. */
	memmove(&b->taken[first + 1], &b->taken[last], (b->count - last) * sizeof b->taken[0]);
	b->count = b->count - last + first + 1;
	b->taken[first] = (struct desc_range){ start, end };
}

void bootmem_release(struct bootmem *b, u64 start, u64 end)
{
	struct desc_range old[BOOTMEM_TAKEN];
	unsigned count = b->count;

	memcpy(old, b->taken, count * sizeof old[0]);
	b->count = 0;
	for (unsigned i = 0; i < count; i++) {
		if (old[i].start < start && old[i].start < old[i].end)
			bootmem_reserve(b, old[i].start, old[i].end < start ? old[i].end : start);
		if (old[i].end > end)
			bootmem_reserve(b, old[i].start > end ? old[i].start : end, old[i].end);
	}
}

unsigned bootmem_gaps(const struct bootmem *b, struct desc_range gap[BOOTMEM_GAPS])
{
	const struct phys_config *c = b->config;
	unsigned gaps = 0, t = 0;

	for (unsigned m = 0; m < c->memory_ranges; m++) {
		u64 at = (u64)c->memory[m].start << c->page_shift;
		u64 end = (u64)c->memory[m].end << c->page_shift;

		while (t < b->count && b->taken[t].end <= at)
			t++;
		for (unsigned i = t; at < end; i++) {
			u64 stop = i < b->count && b->taken[i].start < end ? b->taken[i].start : end;

			if (stop > at)
				gap[gaps++] = (struct desc_range){ at, stop };
			at = stop == end ? end : b->taken[i].end;
		}
	}
	return gaps;
}

u64 bootmem_take_high(struct bootmem *b, u64 bytes, u64 align, u64 from, u64 limit)
{
	struct desc_range gap[BOOTMEM_GAPS];

	for (unsigned g = bootmem_gaps(b, gap); g-- > 0;) {
		u64 start = gap[g].start > from ? gap[g].start : from;
		u64 end = gap[g].end < limit ? gap[g].end : limit;
		u64 at;

		if (end < start || end - start < bytes)
			continue;
		at = (end - bytes) & ~(align - 1);
		if (at < start)
			continue;
		bootmem_reserve(b, at, at + bytes);
		return at;
	}
	b->failed = true;
	return 0;
}

/* The first page from `from` on behind which there are `bytes` in free pages; 0: none. */
static u64 find_pages(const struct bootmem *b, u64 bytes, u64 align, u64 from)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);
	u64 page = page_size(b);

	for (unsigned g = 0; g < gaps; g++) {
		u64 start = align_up(gap[g].start > from ? gap[g].start : from, align > page ? align : page);

		if (start < gap[g].end && gap[g].end - start >= align_up(bytes, page))
			return start;
	}
	return 0;
}

u64 bootmem_take_low(struct bootmem *b, u64 bytes, u64 align, u64 goal)
{
	u64 page = page_size(b);
	u64 at = find_pages(b, bytes, align, goal && b->last > goal ? b->last : goal);

	if (!at)
		at = find_pages(b, bytes, align, 0);
	if (!at) {
		b->failed = true;
		return 0;
	}
	b->last = at;
	if (align < page && b->rest % page && align_up(b->rest, page) == at)
		at = align_up(b->rest, align);
	b->rest = at + bytes;
	bootmem_reserve(b, at, b->rest);
	return at;
}
