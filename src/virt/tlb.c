/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/tlb.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/page_alloc.h"
#include "virt/page_table.h"
#include "virt/translate.h"

#include <inttypes.h>

_Static_assert(sizeof(struct tlb_entry) == 32, "an entry lies within one chunk of the arena");

/* 6.1 forgets so many pages one by one; more are not worth it (tlb_single_page_flush_ceiling). */
#define SINGLE_PAGES 33

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static bool is_list(const struct virt_system *v)
{
	return v->config->rule == VMAP_LIST;
}

const char *tlb_why_text(const struct virt_system *v, enum tlb_why why)
{
	switch (why) {
	case TLB_UNMAPPED:
		return _("an area was unmapped: vfree(), vunmap(), iounmap()");
	case TLB_PURGED:
		return _("a purge of areas that were given back");
	case TLB_DEVICE:
		return _("ioremap() had mapped an area");
	case TLB_TABLE:
		return _("a big page of ioremap() took the place of an empty page table");
	case TLB_KMAP_WRAP:
		return _("the slots of kmap() had come round");
	case TLB_FIXMAP:
		return _("set_fixmap(), clear_fixmap(), one page of one CPU");
	default:
		return is_list(v) ? _("kmap_atomic(), one page of one CPU")
				  : _("kunmap_atomic(), kunmap_local(), one page of one CPU");
	}
}

/* ------------------------------------------------------------- entries */

static struct tlb_entry *slot(const struct virt_system *v, unsigned cpu, u32 n)
{
	return &v->tlb[cpu * TLB_ENTRIES + n];
}

const struct tlb_entry *tlb_entry(const struct virt_system *v, unsigned cpu, u32 n)
{
	return slot(v, cpu, n);
}

static u64 bytes_of(const struct virt_system *v, const struct tlb_entry *e)
{
	return UINT64_C(1) << page_table_shift(v, e->level);
}

static void forget(struct virt_system *v, struct tlb_entry *e)
{
	arena_touch(phys_of(v)->arena, e);
	*e = (struct tlb_entry){ 0 };
	v->state->tlb_used--;
}

/* One CPU forgets what lies in [start, last]. */
static void forget_range(struct virt_system *v, unsigned cpu, u64 start, u64 last)
{
	for (u32 n = 0; n < TLB_ENTRIES && v->state->tlb_used; n++) {
		struct tlb_entry *e = slot(v, cpu, n);

		if (e->level && e->page <= last && e->page + (bytes_of(v, e) - 1) >= start)
			forget(v, e);
	}
}

const struct tlb_entry *tlb_find(const struct virt_system *v, u64 address)
{
	for (u32 n = 0; v->state->tlb_used && n < TLB_ENTRIES; n++) {
		const struct tlb_entry *e = slot(v, phys_of(v)->state->cpu, n);

		if (e->level && address >= e->page && address - e->page < bytes_of(v, e))
			return e;
	}
	return NULL;
}

bool tlb_is_stale(const struct virt_system *v, u64 address)
{
	const struct tlb_entry *e = tlb_find(v, address);
	struct table_leaf leaf;

	if (!e)
		return false;
	leaf = page_table_leaf(v, address);
	return leaf.entry != e->entry || leaf.level != e->level;
}

u64 tlb_physical(const struct virt_system *v, u64 address)
{
	const struct tlb_entry *e = v->state ? tlb_find(v, address) : NULL;
	u64 at;

	if (!e)
		return translate_physical(v, address);
	at = (e->entry & PTE_FRAME & -bytes_of(v, e)) + (address - e->page);
	return at >> phys_of(v)->config->page_shift < phys_of(v)->config->max_pfn ? at : TRANSLATE_NONE;
}

/* A place for a new entry: one that is not in use, else the oldest. */
static struct tlb_entry *place(struct virt_system *v)
{
	struct tlb_entry *oldest = slot(v, phys_of(v)->state->cpu, 0);

	for (u32 n = 0; n < TLB_ENTRIES; n++) {
		struct tlb_entry *e = slot(v, phys_of(v)->state->cpu, n);

		if (!e->level)
			return e;
		if (e->age < oldest->age)
			oldest = e;
	}
	forget(v, oldest);
	return oldest;
}

void tlb_use(struct virt_system *v, u64 address)
{
	struct table_leaf leaf = page_table_leaf(v, address);
	struct tlb_entry *e;

	if (tlb_is_stale(v, address)) {
		u64 at = tlb_physical(v, address);

		EMIT(phys_of(v)->observer, TLB_STALE, address, at >> phys_of(v)->config->page_shift);
		return;
	}
	if (tlb_find(v, address) || !page_table_maps(&leaf))
		return;
	e = place(v);
	arena_touch(phys_of(v)->arena, e);
	*e = (struct tlb_entry){ leaf.start, leaf.entry, leaf.level, ++v->state->tlb_age, { 0, 0 } };
	v->state->tlb_used++;
}

/* ------------------------------------------------------------- flushes */

void tlb_flush(struct virt_system *v, u64 start, u64 end, enum tlb_why why)
{
	u64 pages = (end - start) >> phys_of(v)->config->page_shift;
	bool all = is_list(v) || pages > SINGLE_PAGES;

	for (unsigned cpu = 0; cpu < phys_of(v)->config->cpus; cpu++)
		forget_range(v, cpu, all ? 0 : start, all ? UINT64_MAX : end - 1);
	v->state->tlb_flush[why]++;
	if (all)
		EMIT(phys_of(v)->observer, TLB_FLUSHED, start, pages);
	else
		EMIT(phys_of(v)->observer, TLB_FLUSHED_PAGES, start, pages);
}

void tlb_flush_page(struct virt_system *v, u64 address, enum tlb_why why)
{
	forget_range(v, phys_of(v)->state->cpu, address, address);
	v->state->tlb_flush[why]++;
	EMIT(phys_of(v)->observer, TLB_FLUSHED_ONE, address);
}

u32 tlb_flushes(const struct virt_system *v)
{
	u32 sum = 0;

	for (unsigned why = 0; v->state && why < TLB_WHYS; why++)
		sum += v->state->tlb_flush[why];
	return sum;
}

/* ------------------------------------------------------------- hash, invariants */

u64 tlb_hash(const struct virt_system *v)
{
	u64 h = HASH_INIT;

	for (unsigned why = 0; why < TLB_WHYS; why++)
		h = hash_word(h, v->state->tlb_flush[why]);
	for (u32 n = 0; v->state->tlb_used && n < phys_of(v)->config->cpus * TLB_ENTRIES; n++)
		if (v->tlb[n].level)
			h = hash_word(hash_word(hash_word(h, n), v->tlb[n].page), v->tlb[n].entry);
	return hash_word(h, v->state->tlb_age);
}

/* What an entry of a CPU must be. */
static bool check_entry(const struct virt_system *v, unsigned cpu, const struct tlb_entry *e, struct status *st)
{
	if (e->level > v->config->levels || (e->page & (bytes_of(v, e) - 1)) || !(e->entry & PTE_PRESENT) ||
	    e->age > v->state->tlb_age)
		return status_fail(st, STATUS_INVALID, _("CPU %u remembers 0x%" PRIx64 " wrongly"), cpu, e->page);
	for (u32 n = 0; n < TLB_ENTRIES; n++) {
		const struct tlb_entry *other = slot(v, cpu, n);

		if (other != e && other->level && other->page >= e->page && other->page - e->page < bytes_of(v, e))
			return status_fail(st, STATUS_INVALID, _("CPU %u remembers 0x%" PRIx64 " twice"), cpu, e->page);
	}
	return true;
}

bool tlb_check(const struct virt_system *v, struct status *st)
{
	u32 used = 0;

	for (unsigned cpu = 0; cpu < phys_of(v)->config->cpus; cpu++) {
		for (u32 n = 0; n < TLB_ENTRIES; n++) {
			const struct tlb_entry *e = slot(v, cpu, n);

			used += e->level != 0;
			if (e->level && !check_entry(v, cpu, e, st))
				return false;
		}
	}
	return used == v->state->tlb_used || status_fail(st, STATUS_INVALID, _("TLBs have %u entries, not %u"),
							 (unsigned)used, (unsigned)v->state->tlb_used);
}
