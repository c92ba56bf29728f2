/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/page_table.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"

#include <inttypes.h>

/* A table: in a frame, or one of boot's. */
struct table {
	bool boot;
	u64 number; /* page frame, or which one of boot's */
};

static const struct table topmost = { .boot = true };

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static u64 load(const struct virt_system *v, const struct table_step *step)
{
	u64 value = 0;

	if (!step->boot)
		return page_load(phys_of(v), step->at, v->config->word);
	for (unsigned n = v->config->word; n; n--)
		value = value << 8 | v->boot_table[step->at + n - 1];
	return value;
}

static bool store(struct virt_system *v, struct table_step *step, u64 value)
{
	step->entry = value;
	if (!step->boot)
		return page_store(phys_of(v), step->at, value, v->config->word);
	arena_touch(phys_of(v)->arena, v->boot_table + step->at);
	for (unsigned n = 0; n < v->config->word; n++)
		v->boot_table[step->at + n] = (u8)(value >> (8 * n));
	return true;
}

static struct table_step look(const struct virt_system *v, struct table table, u64 address, unsigned level)
{
	struct table_step step = { .boot = table.boot };
	unsigned shift = phys_of(v)->config->page_shift;

	step.index = (u32)(address >> page_table_shift(v, level) & ((UINT64_C(1) << v->config->index_bits) - 1));
	step.at = (table.number << shift) + (u64)step.index * v->config->word;
	step.entry = load(v, &step);
	return step;
}

/* The table that an entry points to. */
static struct table below(const struct virt_system *v, u64 entry)
{
	return (struct table){ entry & PTE_BOOT, entry >> phys_of(v)->config->page_shift };
}

/* Does the entry, which is present, end the walk? Entries can be anything: somebody may have written to the table. */
static bool is_last(const struct virt_system *v, u64 entry, unsigned level)
{
	struct table table = below(v, entry);

	if (level == 1 || (entry & PTE_HUGE))
		return true;
	return table.number >= (table.boot ? v->state->boot_tables : phys_of(v)->config->max_pfn);
}

unsigned page_table_walk(const struct virt_system *v, u64 address, struct table_step step[TABLE_LEVELS])
{
	struct table table = topmost;
	unsigned steps = 0;

	for (unsigned level = v->config->levels; level; level--) {
		step[steps] = look(v, table, address, level);
		steps++;
		if (!(step[steps - 1].entry & PTE_PRESENT) || is_last(v, step[steps - 1].entry, level))
			break;
		table = below(v, step[steps - 1].entry);
	}
	return steps;
}

pfn_t page_table_frame(const struct virt_system *v, u64 address)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);
	unsigned level = v->config->levels - steps + 1, shift = phys_of(v)->config->page_shift;
	u64 entry, pfn;

	if (!steps || !((entry = step[steps - 1].entry) & PTE_PRESENT) || (level > 1 && !(entry & PTE_HUGE)))
		return PFN_NONE;
	pfn = (entry >> shift) + ((address & ((UINT64_C(1) << page_table_shift(v, level)) - 1)) >> shift);
	return pfn < PHYS_PFN_LIMIT ? (pfn_t)pfn : PFN_NONE;
}

/* A zeroed page for a table, never given back. 0: there is none. */
static u64 take(struct virt_system *v, u64 address)
{
	struct phys *p = phys_of(v);
	pfn_t pfn = page_alloc(p, kmem_cache_gfp_kernel(v->slab) | p->gfp->zero, 0);

	if (pfn == PFN_NONE || !page_own(p, pfn, 0, PAGE_TABLE))
		return 0;
	page_clear(p, pfn, 1);
	v->state->tables++;
	EMIT(p->observer, TABLE_TAKEN, pfn, address);
	return ((u64)pfn << p->config->page_shift) | PTE_TABLE;
}

static u64 take_boots(struct virt_system *v)
{
	if (v->state->boot_tables == VIRT_BOOT_TABLES)
		return 0;
	return ((u64)v->state->boot_tables++ << phys_of(v)->config->page_shift) | PTE_TABLE | PTE_BOOT;
}

/* The table at `level` that `address` goes through, made if it is missing; *table. false: it is not there. */
static bool descend(struct virt_system *v, u64 address, unsigned to, enum table_maker maker, struct table *table)
{
	*table = topmost;
	for (unsigned level = v->config->levels; level > to; level--) {
		struct table_step step = look(v, *table, address, level);
		bool boots = maker == TABLE_BOOT || (level == v->config->levels && v->config->boot_upper);

		if (!(step.entry & PTE_PRESENT)) {
			u64 entry = maker == TABLE_NOBODY ? 0 : boots ? take_boots(v) : take(v, address);

			if (!entry || !store(v, &step, entry))
				return false;
		}
		if (is_last(v, step.entry, level))
			return false;
		*table = below(v, step.entry);
	}
	return true;
}

bool page_table_make(struct virt_system *v, u64 address, enum table_maker maker)
{
	struct table table;

	return descend(v, address, 1, maker, &table);
}

bool page_table_map(struct virt_system *v, u64 address, u64 at, u64 bits, unsigned level)
{
	struct table table;
	struct table_step step;

	if (!descend(v, address, level, TABLE_ALLOCATOR, &table))
		return false;
	step = look(v, table, address, level);
	return store(v, &step, at | bits | (level > 1 ? PTE_HUGE : 0));
}

void page_table_unmap(struct virt_system *v, u64 address)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);

	if (steps == v->config->levels || (steps && (step[steps - 1].entry & PTE_HUGE)))
		if (step[steps - 1].entry)
			store(v, &step[steps - 1], 0);
}

/* ------------------------------------------------------------- checks */

/* Counts the tables in frames below `table`. */
static bool count(const struct virt_system *v, struct table table, unsigned level, u32 *tables, struct status *st)
{
	struct phys *p = phys_of(v);
	u64 entries = UINT64_C(1) << v->config->index_bits;

	for (u64 n = 0; n < entries && level > 1; n++) {
		struct table_step step = look(v, table, n << page_table_shift(v, level), level);
		struct table next = below(v, step.entry);
		const struct page *page;

		if (!(step.entry & PTE_PRESENT) || is_last(v, step.entry, level))
			continue;
		page = next.boot ? NULL : page_find(p, (pfn_t)next.number);
		if (!next.boot && (!page || page->kind != PAGE_TABLE))
			return status_fail(st, STATUS_INVALID,
					   _("page 0x%" PRIx64 " is used as a page table, but is none"), next.number);
		*tables += !next.boot;
		/* Levels end, but tables that point to others twice must not be counted for ever. */
		if (*tables > v->state->tables)
			return true;
		if (!count(v, next, level - 1, tables, st))
			return false;
	}
	return true;
}

bool page_table_check(const struct virt_system *v, struct status *st)
{
	u32 tables = 0;

	if (!count(v, topmost, v->config->levels, &tables, st))
		return false;
	return tables == v->state->tables ||
	       status_fail(st, STATUS_INVALID, _("%u page tables were taken, but %u are in use"),
			   (unsigned)v->state->tables, (unsigned)tables);
}
