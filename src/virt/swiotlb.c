/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/swiotlb.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/page.h"

#define SLOT (UINT64_C(1) << SWIOTLB_SHIFT) /* bytes */

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static const struct swiotlb_state *state(const struct virt_system *v)
{
	return &v->state->swiotlb;
}

static u32 slots_of(u64 bytes)
{
	return (u32)((bytes + SLOT - 1) >> SWIOTLB_SHIFT);
}

static u64 address_of(const struct virt_system *v, u32 slot)
{
	return state(v)->start + ((u64)slot << SWIOTLB_SHIFT);
}

/* ------------------------------------------------------------- boot */

static u32 power_above(u32 n)
{
	u32 power = 1;

	while (power < n)
		power <<= 1;
	return power;
}

u32 swiotlb_areas(u32 cpus)
{
	return power_above(cpus);
}

u32 swiotlb_slots(u64 bytes, u32 areas)
{
	u32 least = SWIOTLB_SEGMENT * areas, slots = bytes < (u64)VIRT_SWIOTLB_SLOTS << SWIOTLB_SHIFT
							 ? power_above(slots_of(bytes))
							 : VIRT_SWIOTLB_SLOTS;

	return slots < least ? least : slots;
}

void swiotlb_start(struct virt_system *v, u64 start, u32 slots, u32 areas, bool force)
{
	v->state->swiotlb = (struct swiotlb_state){ .start = start, .slots = slots, .areas = areas, .force = force };
}

bool swiotlb_holds(const struct virt_system *v, u64 at)
{
	return swiotlb_active(v) && at - state(v)->start < (u64)state(v)->slots << SWIOTLB_SHIFT;
}

/* ------------------------------------------------------------- slots */

static u32 slot_of(const struct virt_system *v, u64 at)
{
	return (u32)((at - state(v)->start) >> SWIOTLB_SHIFT);
}

static struct swiotlb_slot *touch(struct virt_system *v, u32 slot)
{
	arena_touch(phys_of(v)->arena, &v->slot[slot]);
	return &v->slot[slot];
}

static u32 area_slots(const struct virt_system *v)
{
	return state(v)->slots / state(v)->areas;
}

/* Are `count` slots from `slot` on free, and in one segment? */
static bool fits(const struct virt_system *v, u32 slot, u32 count)
{
	u32 n = 0;

	if (count > SWIOTLB_SEGMENT - slot % SWIOTLB_SEGMENT)
		return false;
	while (n < count && !v->slot[slot + n].bytes)
		n++;
	return n == count;
}

/* Slots side by side in an area; UINT32_MAX: none. *looked: places that were looked at. */
static u32 find_in_area(struct virt_system *v, u32 area, u64 bytes, u32 *looked)
{
	u32 size = area_slots(v), first = area * size, count = slots_of(bytes);
	unsigned page_shift = phys_of(v)->config->page_shift;
	/* What has a page or more begins with one. */
	u32 stride = bytes >> page_shift ? 1u << (page_shift - SWIOTLB_SHIFT) : 1;
	u32 index = (state(v)->index[area] + stride - 1) / stride * stride;

	if (count > size - state(v)->used[area])
		return UINT32_MAX;
	for (u32 seen = 0; seen < size; seen += stride) {
		if (index >= size)
			index = 0;
		++*looked;
		if (fits(v, first + index, count))
			return first + index;
		index += stride;
	}
	return UINT32_MAX;
}

/* The CPU's own area, then the others. */
static u32 find(struct virt_system *v, u64 bytes, u32 *looked)
{
	u32 own = phys_of(v)->state->cpu % state(v)->areas;

	for (u32 n = 0; n < state(v)->areas; n++) {
		u32 slot = find_in_area(v, (own + n) % state(v)->areas, bytes, looked);

		if (slot != UINT32_MAX)
			return slot;
	}
	return UINT32_MAX;
}

u32 swiotlb_used(const struct virt_system *v)
{
	u32 used = 0;

	for (u32 n = 0; n < state(v)->areas; n++)
		used += state(v)->used[n];
	return used;
}

u64 swiotlb_mapped(const struct virt_system *v, u64 at)
{
	return v->slot[slot_of(v, at)].bytes;
}

/* ------------------------------------------------------------- copying */

void swiotlb_copy(struct virt_system *v, u64 at, u64 bytes, bool to_device)
{
	const struct swiotlb_slot *s = &v->slot[slot_of(v, at)];
	u64 other = s->from + (at - state(v)->start) % SLOT;
	u64 from = to_device ? other : at, to = to_device ? at : other;
	u8 part[256];

	if (!s->bytes)
		return;
	for (u64 done = 0; done < bytes; done += sizeof part) {
		size_t size = bytes - done < sizeof part ? (size_t)(bytes - done) : sizeof part;

		page_read(phys_of(v), from + done, part, size);
		page_write(phys_of(v), to + done, part, size);
	}
	if (to_device)
		EMIT(phys_of(v)->observer, SWIOTLB_TO_DEVICE, bytes, from, to);
	else
		EMIT(phys_of(v)->observer, SWIOTLB_FROM_DEVICE, bytes, from, to);
}

/* ------------------------------------------------------------- mapping */

u64 swiotlb_map(struct virt_system *v, u64 from, u64 bytes)
{
	u32 count = bytes <= SWIOTLB_SEGMENT * SLOT ? slots_of(bytes) : SWIOTLB_SEGMENT + 1, looked = 0, area;
	u32 slot = count <= SWIOTLB_SEGMENT ? find(v, bytes, &looked) : UINT32_MAX;

	if (slot == UINT32_MAX) {
		if (count > SWIOTLB_SEGMENT)
			EMIT(phys_of(v)->observer, SWIOTLB_TOO_LARGE, bytes, SWIOTLB_SEGMENT * SLOT);
		else
			EMIT(phys_of(v)->observer, SWIOTLB_FULL, count, swiotlb_used(v), state(v)->slots);
		return SWIOTLB_NONE;
	}
	for (u32 n = 0; n < count; n++)
		*touch(v, slot + n) = (struct swiotlb_slot){ from + n * SLOT, (u32)(bytes - n * SLOT), 0 };
	area = slot / area_slots(v);
	v->state->swiotlb.index[area] = (slot % area_slots(v) + count) % area_slots(v);
	v->state->swiotlb.used[area] += count;
	EMIT(phys_of(v)->observer, SWIOTLB_TAKEN, count, slot, address_of(v, slot), looked);
	swiotlb_copy(v, address_of(v, slot), bytes, true);
	return address_of(v, slot);
}

/* Does the mapping begin before this slot, which is in use? */
static bool is_middle(const struct virt_system *v, u32 slot)
{
	const struct swiotlb_slot *s = &v->slot[slot];

	return slot % SWIOTLB_SEGMENT && s[-1].bytes == s->bytes + SLOT && s[-1].from == s->from - SLOT;
}

void swiotlb_release(struct virt_system *v, u64 at)
{
	u32 slot = slot_of(v, at), count = slots_of(v->slot[slot].bytes);

	/* The slots before stay in use, and count those behind as theirs. */
	if (is_middle(v, slot))
		v->state->swiotlb.torn = 1;

	for (u32 n = 0; n < count; n++)
		*touch(v, slot + n) = (struct swiotlb_slot){ 0 };
	v->state->swiotlb.used[slot / area_slots(v)] -= count;
	EMIT(phys_of(v)->observer, SWIOTLB_RELEASED, count, slot, swiotlb_used(v));
}

/* ------------------------------------------------------------- hash and invariants */

u64 swiotlb_hash(const struct virt_system *v)
{
	u64 h = HASH_INIT;

	if (!swiotlb_active(v))
		return h;
	h = hash_word(hash_word(hash_word(h, state(v)->start), state(v)->slots),
		      (u64)state(v)->force | (u64)state(v)->torn << 1);
	for (u32 n = 0; n < state(v)->areas; n++)
		h = hash_word(hash_word(h, state(v)->index[n]), state(v)->used[n]);
	for (u32 n = 0; (swiotlb_used(v) || state(v)->torn) && n < state(v)->slots; n++)
		if (v->slot[n].bytes)
			h = hash_word(hash_word(hash_word(h, n), v->slot[n].from), v->slot[n].bytes);
	return h;
}

bool swiotlb_check(const struct virt_system *v, struct status *st)
{
	if (!swiotlb_active(v))
		return true;
	if (!state(v)->areas || state(v)->areas > PHYS_CPUS || area_slots(v) % SWIOTLB_SEGMENT)
		return status_fail(st, STATUS_INVALID, _("the slots of swiotlb are divided into %u areas"),
				   (unsigned)state(v)->areas);
	for (u32 area = 0; area < state(v)->areas; area++) {
		u32 used = 0;

		for (u32 n = 0; n < area_slots(v); n++) {
			const struct swiotlb_slot *s = &v->slot[area * area_slots(v) + n];

			used += s->bytes != 0;
			/* A mapping that goes on does so in the next slot, unless drivers tore one. */
			if (s->bytes > SLOT && !state(v)->torn &&
			    (n % SWIOTLB_SEGMENT == SWIOTLB_SEGMENT - 1 || s[1].bytes != s->bytes - SLOT ||
			     s[1].from != s->from + SLOT))
				return status_fail(st, STATUS_INVALID, _("a mapping of swiotlb breaks off at slot %u"),
						   (unsigned)(area * area_slots(v) + n));
		}
		/* Who gives the rest of a torn one back is believed: the kernel counts slots twice. */
		if ((used != state(v)->used[area] && !state(v)->torn) || state(v)->index[area] >= area_slots(v))
			return status_fail(st, STATUS_INVALID, _("area %u of swiotlb counts %u slots in use, not %u"),
					   (unsigned)area, (unsigned)state(v)->used[area], (unsigned)used);
	}
	return true;
}
