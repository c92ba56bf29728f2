/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/bootmem.h"

#include "event/event.h"

#include <string.h>

void bootmem_init(struct bootmem *b, u64 page_size)
{
	memset(b, 0, sizeof *b);
	b->page = page_size;
}

static u64 align_up(u64 x, u64 align)
{
	return (x + align - 1) & ~(align - 1);
}

/* ------------------------------------------------------------- ranges */

bool bootmem_insert(struct bootmem_ranges *r, u64 start, u64 end)
{
	u64 first = 0, last;

	while (first < r->count && r->range[first].end < start)
		first++;
	for (last = first; last < r->count && r->range[last].start <= end; last++) {
		if (r->range[last].start < start)
			start = r->range[last].start;
		if (r->range[last].end > end)
			end = r->range[last].end;
	}
	if (last == first && r->count == BOOTMEM_RANGES)
		return false;
	/* The ranges first .. last-1 become one. */
	memmove(&r->range[first + 1], &r->range[last], (size_t)(r->count - last) * sizeof r->range[0]);
	r->count = r->count - last + first + 1;
	r->range[first] = (struct desc_range){ start, end };
	return true;
}

bool bootmem_remove(struct bootmem_ranges *r, u64 start, u64 end)
{
	struct bootmem_ranges left = { .count = 0 };
	bool fits = true;

	for (u64 i = 0; i < r->count; i++) {
		const struct desc_range *old = &r->range[i];

		if (old->start < start)
			fits &= bootmem_insert(&left, old->start, old->end < start ? old->end : start);
		if (old->end > end)
			fits &= bootmem_insert(&left, old->start > end ? old->start : end, old->end);
	}
	if (fits)
		*r = left;
	return fits;
}

bool bootmem_holds(const struct bootmem_ranges *r, u64 start, u64 end)
{
	for (u64 i = 0; i < r->count; i++)
		if (r->range[i].start <= start && end <= r->range[i].end)
			return true;
	return false;
}

unsigned bootmem_gaps(const struct bootmem *b, struct desc_range gap[BOOTMEM_GAPS])
{
	const struct bootmem_ranges *taken = &b->taken;
	unsigned gaps = 0;
	u64 t = 0;

	for (u64 m = 0; m < b->ram.count; m++) {
		u64 at = b->ram.range[m].start, end = b->ram.range[m].end;

		while (t < taken->count && taken->range[t].end <= at)
			t++;
		for (u64 i = t; at < end; i++) {
			u64 stop = i < taken->count && taken->range[i].start < end ? taken->range[i].start : end;

			if (stop > at)
				gap[gaps++] = (struct desc_range){ at, stop };
			at = stop == end ? end : taken->range[i].end;
		}
	}
	return gaps;
}

/* ------------------------------------------------------------- requests */

static u64 take(struct bootmem *b, u64 at, u64 bytes, struct observer *observer)
{
	if (!bootmem_insert(&b->taken, at, at + bytes))
		return 0;
	EMIT(observer, BOOT_TAKEN, at, at + bytes, bytes);
	return at;
}

u64 bootmem_take_high(struct bootmem *b, u64 bytes, u64 align, u64 from, u64 limit, struct observer *observer)
{
	struct desc_range gap[BOOTMEM_GAPS];

	if (from < b->page)
		from = b->page;
	for (unsigned g = bootmem_gaps(b, gap); g-- > 0;) {
		u64 start = gap[g].start > from ? gap[g].start : from;
		u64 end = gap[g].end < limit ? gap[g].end : limit;

		if (end >= start && end - start >= bytes && ((end - bytes) & ~(align - 1)) >= start)
			return take(b, (end - bytes) & ~(align - 1), bytes, observer);
	}
	EMIT(observer, BOOT_NONE, bytes);
	return 0;
}

/* The first page from `from` on behind which there are `bytes` in free pages below `limit`; 0: none. */
static u64 find_pages(const struct bootmem *b, u64 bytes, u64 align, u64 from, u64 limit)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);
	u64 step = align > b->page ? align : b->page;

	for (unsigned g = 0; g < gaps; g++) {
		u64 start = align_up(gap[g].start > from ? gap[g].start : from, step);
		u64 end = gap[g].end < limit ? gap[g].end : limit;

		if (start < end && end - start >= align_up(bytes, b->page))
			return start;
	}
	return 0;
}

/* The page where a request is served; 0: nowhere. */
static u64 choose_page(const struct bootmem *b, u64 bytes, u64 align, u64 goal, u64 limit, struct observer *observer)
{
	u64 from = goal, at;

	if (goal && b->last > goal && b->last < limit) {
		from = b->last;
		EMIT(observer, BOOT_FROM_LAST, from);
	}
	at = find_pages(b, bytes, align, from, limit);
	if (!at && from) {
		EMIT(observer, BOOT_FROM_BOTTOM, from);
		at = find_pages(b, bytes, align, 0, limit);
	}
	return at;
}

u64 bootmem_take_low(struct bootmem *b, u64 bytes, u64 align, u64 goal, u64 limit, struct observer *observer)
{
	u64 at = choose_page(b, bytes, align, goal, limit, observer);

	if (!at) {
		EMIT(observer, BOOT_NONE, bytes);
		return 0;
	}
	b->last = at;
	if (align < b->page && b->rest % b->page && align_up(b->rest, b->page) == at) {
		EMIT(observer, BOOT_IN_REST, align_up(b->rest, align), at - align_up(b->rest, align));
		at = align_up(b->rest, align);
	}
	b->rest = at + bytes;
	return take(b, at, bytes, observer);
}
