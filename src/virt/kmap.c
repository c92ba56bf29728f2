/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/kmap.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "virt/page_table.h"
#include "virt/tlb.h"
#include "virt/warn.h"

#include <inttypes.h>
#include <string.h>

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static unsigned page_shift(const struct virt_system *v)
{
	return phys_of(v)->config->page_shift;
}

static u64 slot_address(const struct virt_system *v, u32 slot)
{
	return v->config->pkmap_base + ((u64)slot << page_shift(v));
}

static struct kmap_slot *touch(struct virt_system *v, u32 slot)
{
	arena_touch(phys_of(v)->arena, &v->kmap[slot]);
	return &v->kmap[slot];
}

/* The table of the slots was made by boot, so this cannot fail. */
static void enter(struct virt_system *v, u64 address, pfn_t pfn)
{
	page_table_map(v, address, (u64)pfn << page_shift(v), PTE_KERNEL | v->config->nx, 1);
}

/* 2.6: who calls kmap_atomic() says which slot. */
static bool by_type(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

/* ------------------------------------------------------------- kmap() */

u32 kmap_slot_of(const struct virt_system *v, pfn_t pfn)
{
	for (u32 n = 0; v->state && n < v->config->last_pkmap; n++)
		if (v->kmap[n].count && v->kmap[n].pfn == pfn)
			return n;
	return KMAP_NO_SLOT;
}

u64 kmap_address(const struct virt_system *v, pfn_t pfn)
{
	u64 address = page_address(phys_of(v), pfn);
	u32 slot;

	if (address)
		return address;
	slot = kmap_slot_of(v, pfn);
	return slot == KMAP_NO_SLOT ? 0 : slot_address(v, slot);
}

/* Unmaps the slots that nobody uses: the others may then trust that no CPU remembers them. */
static void flush(struct virt_system *v)
{
	u32 flushed = 0;

	for (u32 n = 0; n < v->config->last_pkmap; n++) {
		if (v->kmap[n].count != 1)
			continue;
		*touch(v, n) = (struct kmap_slot){ 0 };
		page_table_unmap(v, slot_address(v, n));
		flushed++;
	}
	EMIT(phys_of(v)->observer, KMAP_WRAP, flushed);
	/* 2.6 does it in any case. */
	if (flushed || by_type(v))
		tlb_flush(v, slot_address(v, 0), slot_address(v, v->config->last_pkmap), TLB_KMAP_WRAP);
}

/* The next slot that nobody has; KMAP_NO_SLOT: all are in use. */
static u32 find_slot(struct virt_system *v)
{
	u32 left = v->config->last_pkmap;

	for (; left; left--) {
		v->state->last_pkmap_nr = (v->state->last_pkmap_nr + 1) % v->config->last_pkmap;
		if (!v->state->last_pkmap_nr) {
			/* What is free now may lie anywhere: all of them are looked at once more. */
			flush(v);
			left = v->config->last_pkmap;
		}
		if (!v->kmap[v->state->last_pkmap_nr].count)
			return v->state->last_pkmap_nr;
	}
	return KMAP_NO_SLOT;
}

bool kmap_would_sleep(const struct virt_system *v, pfn_t pfn)
{
	if (kmap_address(v, pfn))
		return false;
	for (u32 n = 0; n < v->config->last_pkmap; n++)
		if (v->kmap[n].count < 2)
			return false;
	return true;
}

u64 kmap_map(struct virt_system *v, pfn_t pfn)
{
	struct observer *observer = phys_of(v)->observer;
	u64 address = page_address(phys_of(v), pfn);
	u32 slot;

	if (address) {
		EMIT(observer, KMAP_LOW, pfn, address);
		return address;
	}
	slot = kmap_slot_of(v, pfn);
	if (slot != KMAP_NO_SLOT) {
		touch(v, slot)->count++;
		EMIT(observer, KMAP_AGAIN, pfn, slot_address(v, slot), slot, v->kmap[slot].count);
		return slot_address(v, slot);
	}
	slot = find_slot(v);
	if (slot == KMAP_NO_SLOT) {
		EMIT(observer, KMAP_FULL, v->config->last_pkmap);
		return 0;
	}
	*touch(v, slot) = (struct kmap_slot){ 2, pfn };
	enter(v, slot_address(v, slot), pfn);
	EMIT(observer, KMAP_SLOT, pfn, slot_address(v, slot), slot);
	return slot_address(v, slot);
}

bool kmap_wait(struct virt_system *v, pfn_t pfn)
{
	struct virt_state *s = v->state;

	if (s->kmap_waiting == VIRT_KMAP_WAITERS)
		return false;
	s->kmap_waiter[s->kmap_waiting++] = (struct kmap_waiter){ phys_of(v)->state->owner, pfn };
	EMIT(phys_of(v)->observer, KMAP_WAITS, phys_of(v)->state->owner, pfn);
	return true;
}

u32 kmap_waiter(const struct virt_system *v)
{
	return v->state && v->state->kmap_waiting ? v->state->kmap_waiter[0].command : 0;
}

bool kmap_wake(struct virt_system *v, u32 *command, pfn_t *pfn, u64 *address)
{
	struct virt_state *s = v->state;
	u32 n = 0;

	while (n < s->kmap_waiting && kmap_would_sleep(v, s->kmap_waiter[n].pfn))
		n++;
	if (n == s->kmap_waiting)
		return false;
	*command = s->kmap_waiter[n].command;
	*pfn = s->kmap_waiter[n].pfn;
	s->kmap_waiting--;
	memmove(&s->kmap_waiter[n], &s->kmap_waiter[n + 1], (s->kmap_waiting - n) * sizeof s->kmap_waiter[0]);
	s->kmap_waiter[s->kmap_waiting] = (struct kmap_waiter){ 0, 0 };
	EMIT(phys_of(v)->observer, KMAP_WAKES, *command, *pfn);
	*address = kmap_map(v, *pfn);
	return true;
}

bool kmap_unmap(struct virt_system *v, pfn_t pfn, struct status *st)
{
	u32 slot;

	if (by_type(v) && preempt_in_interrupt(phys_of(v))) {
		slab_bug(v->slab, "arch/i386/mm/highmem.c", 0);
		return status_fail(st, STATUS_INVALID, _("kunmap() must not be called in an interrupt: BUG"));
	}
	if (page_address(phys_of(v), pfn))
		return true;
	slot = kmap_slot_of(v, pfn);
	if (slot == KMAP_NO_SLOT || v->kmap[slot].count < 2) {
		slab_bug(v->slab, "mm/highmem.c", 0);
		return status_fail(st, STATUS_INVALID, _("nobody has page 0x%" PRIx32 " mapped by kmap(): BUG"), pfn);
	}
	touch(v, slot)->count--;
	EMIT(phys_of(v)->observer, KMAP_DOWN, slot, v->kmap[slot].count);
	return true;
}

bool kmap_load(struct virt_system *v, u32 slot, u32 count, pfn_t pfn)
{
	if (slot >= v->config->last_pkmap)
		return false;
	*touch(v, slot) = (struct kmap_slot){ count, pfn };
	enter(v, slot_address(v, slot), pfn);
	return true;
}

/* ------------------------------------------------------------- kmap_atomic() */

/* Where the slots of this CPU begin, among all. */
static u32 first_slot(const struct virt_system *v)
{
	return v->config->last_pkmap + phys_of(v)->state->cpu * v->config->km_slots;
}

static u64 atomic_address(const struct virt_system *v, u32 type)
{
	u64 index = v->config->fix_kmap_begin + (u64)phys_of(v)->state->cpu * v->config->km_slots + type;

	return v->config->fixaddr_top - (index << page_shift(v));
}

u64 kmap_fixed_index(const struct virt_system *v, u64 address)
{
	return (v->config->fixaddr_top - (address & -(UINT64_C(1) << page_shift(v)))) >> page_shift(v);
}

u32 kmap_atomic_depth(const struct virt_system *v)
{
	u32 depth = 0;

	while (depth < v->config->km_slots && v->kmap[first_slot(v) + depth].count)
		depth++;
	return depth;
}

pfn_t kmap_atomic_page(const struct virt_system *v, u32 type)
{
	return type < v->config->km_slots ? page_table_frame(v, atomic_address(v, type)) : PFN_NONE;
}

u64 kmap_atomic_map(struct virt_system *v, pfn_t pfn, u32 type, bool atomic, struct status *st)
{
	u64 address = page_address(phys_of(v), pfn);

	if (!address && !by_type(v))
		type = kmap_atomic_depth(v);
	if (type >= v->config->km_slots && by_type(v)) {
		status_fail(st, STATUS_INVALID, _("a CPU has %u slots, numbered from 0"),
			    (unsigned)v->config->km_slots);
		return 0;
	}
	v->state->atomic_depth += atomic;
	if (atomic)
		preempt_disable(phys_of(v));
	if (!address && !by_type(v) && type + 1 >= v->config->km_slots) {
		slab_bug(v->slab, "mm/highmem.c", 0);
		status_fail(st, STATUS_INVALID, _("%u pages are mapped already, and no more can be: BUG"), type);
		return 0;
	}
	if (address) {
		EMIT(phys_of(v)->observer, KMAP_LOW, pfn, address);
		return address;
	}
	address = atomic_address(v, type);
	touch(v, first_slot(v) + type)->count++;
	v->kmap[first_slot(v) + type].pfn = pfn;
	enter(v, address, pfn);
	if (by_type(v))
		tlb_flush_page(v, address, TLB_KMAP_ATOMIC);
	EMIT(phys_of(v)->observer, KMAP_ATOMIC, pfn, address, kmap_fixed_index(v, address));
	return address;
}

/* Unmaps the uppermost slot of the stack; the processor is told to forget `address`, which should be there. */
static void pop(struct virt_system *v, u64 address, u32 last)
{
	u64 top = atomic_address(v, last);

	address &= -(UINT64_C(1) << page_shift(v));
	if (address != top && warn_is_first(v, WARN_KMAP_ORDER))
		warn_print(v, "mm/highmem.c kunmap_local_indexed", "%s", "");
	*touch(v, first_slot(v) + last) = (struct kmap_slot){ 0 };
	page_table_unmap(v, top);
	tlb_flush_page(v, address, TLB_KMAP_ATOMIC);
	if (address != top)
		EMIT(phys_of(v)->observer, KMAP_NOT_LAST, address, top);
}

bool kmap_atomic_unmap(struct virt_system *v, u64 address, bool atomic, struct status *st)
{
	u64 index = kmap_fixed_index(v, address) - kmap_fixed_index(v, atomic_address(v, 0));
	bool fixed = page_of_address(phys_of(v), address) == PFN_NONE;
	u32 depth = by_type(v) ? 0 : kmap_atomic_depth(v);

	if (fixed && (index >= v->config->km_slots || (!depth && !v->kmap[first_slot(v) + index].count)))
		return status_fail(st, STATUS_INVALID, _("nothing is mapped at 0x%" PRIx64), address);
	if (atomic && !v->state->atomic_depth)
		return status_fail(st, STATUS_INVALID, _("no kmap_atomic() is to be undone"));
	if (fixed && depth)
		pop(v, address, depth - 1);
	else if (fixed)
		touch(v, first_slot(v) + (u32)index)->count--;
	v->state->atomic_depth -= atomic;
	if (atomic)
		preempt_enable(phys_of(v));
	return true;
}
