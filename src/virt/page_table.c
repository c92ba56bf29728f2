/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "virt/page_table.h"

#include "base/text.h"
#include "phys/page_alloc.h"
#include "slab/kmem_cache.h"
#include "virt/tlb.h"

#include <inttypes.h>

/* A table: in a frame, or one of boot's. */
struct table {
	bool boot;
	u64 number; /* page frame, or which one of boot's */
};

static struct phys *phys_of(const struct virt_system *v)
{
	return v->slab->phys;
}

static struct table topmost(const struct virt_system *v)
{
	return (struct table){ !v->state->top, v->state->top };
}

static u64 load(const struct virt_system *v, const struct table_step *step)
{
	u64 value = 0;

	if (!step->boot)
		return page_load(phys_of(v), step->at, v->config->entry);
	for (unsigned n = v->config->entry; n; n--)
		value = value << 8 | v->boot_table[step->at + n - 1];
	return value;
}

static bool store(struct virt_system *v, struct table_step *step, u64 value)
{
	step->entry = value;
	if (!step->boot)
		return page_store(phys_of(v), step->at, value, v->config->entry);
	arena_touch(phys_of(v)->arena, v->boot_table + step->at);
	for (unsigned n = 0; n < v->config->entry; n++)
		v->boot_table[step->at + n] = (u8)(value >> (8 * n));
	return true;
}

static struct table_step look(const struct virt_system *v, struct table table, u64 address, unsigned level)
{
	struct table_step step = { .boot = table.boot, .level = level };
	unsigned shift = phys_of(v)->config->page_shift;

	step.index = (u32)(address >> page_table_shift(v, level) & ((UINT64_C(1) << v->config->index_bits) - 1));
	step.at = (table.number << shift) + (u64)step.index * v->config->entry;
	step.entry = load(v, &step);
	return step;
}

/* The table that an entry points to. */
static struct table below(const struct virt_system *v, u64 entry)
{
	return (struct table){ entry & PTE_BOOT, (entry & PTE_FRAME) >> phys_of(v)->config->page_shift };
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
	struct table table = topmost(v);
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

u64 page_table_entry(const struct virt_system *v, const struct table_step *step, u32 index)
{
	struct table_step other = *step;

	other.at += ((u64)index - step->index) * v->config->entry;
	return load(v, &other);
}

pfn_t page_table_frame(const struct virt_system *v, u64 address)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);
	unsigned level = v->config->levels - steps + 1, shift = phys_of(v)->config->page_shift;
	u64 entry, pfn;

	if (!steps || !((entry = step[steps - 1].entry) & PTE_PRESENT) || (level > 1 && !(entry & PTE_HUGE)))
		return PFN_NONE;
	pfn = ((entry & PTE_FRAME) >> shift) + ((address & ((UINT64_C(1) << page_table_shift(v, level)) - 1)) >> shift);
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

/* Whose pages are used when a maker's own are all taken. */
static enum table_maker next_maker(enum table_maker maker)
{
	switch (maker) {
	case TABLE_HEAD:
		return TABLE_BUFFER;
	case TABLE_BUFFER:
		return TABLE_MEMORY;
	case TABLE_BOOT:
		return TABLE_NOBODY;
	default:
		return TABLE_BOOT;
	}
}

/* A frame that was set aside; PFN_NONE: none is left. */
static pfn_t take_aside(struct virt_system *v, enum table_maker maker)
{
	for (; maker != TABLE_NOBODY; maker = next_maker(maker)) {
		for (u32 n = 0; n < v->state->asides; n++) {
			struct table_aside *aside = &v->state->aside[n];

			if (aside->maker == maker && aside->used < aside->count)
				return aside->first + aside->used++;
		}
	}
	return PFN_NONE;
}

static u64 take_boots(struct virt_system *v, enum table_maker maker)
{
	unsigned shift = phys_of(v)->config->page_shift;
	pfn_t pfn = take_aside(v, maker);

	if (pfn != PFN_NONE)
		return (u64)pfn << shift | PTE_TABLE;
	if (v->state->boot_tables == VIRT_BOOT_TABLES)
		return 0;
	return ((u64)v->state->boot_tables++ << shift) | PTE_TABLE | PTE_BOOT;
}

/* The entry of a new table, below `level`. With three levels the topmost entries have no bits of protection. */
static u64 new_table(struct virt_system *v, u64 address, unsigned level, enum table_maker maker)
{
	bool top = level == v->config->levels;
	u64 entry;

	if (maker == TABLE_NOBODY)
		return 0;
	if (maker == TABLE_ALLOCATOR && !(top && v->config->boot_upper))
		entry = take(v, address);
	else
		entry = take_boots(v, maker == TABLE_ALLOCATOR ? TABLE_BOOT : maker);
	return entry && top && level == 3 ? (entry & (PTE_FRAME | PTE_BOOT)) | PTE_PRESENT : entry;
}

/* The table at `level` that `address` goes through, made if it is missing; *table. false: it is not there. */
static bool descend(struct virt_system *v, u64 address, unsigned to, enum table_maker maker, struct table *table)
{
	*table = topmost(v);
	for (unsigned level = v->config->levels; level > to; level--) {
		struct table_step step = look(v, *table, address, level);

		if (!(step.entry & PTE_PRESENT)) {
			u64 entry = new_table(v, address, level, maker);

			if (!entry || !store(v, &step, entry))
				return false;
		}
		if (is_last(v, step.entry, level))
			return false;
		*table = below(v, step.entry);
	}
	return true;
}

bool page_table_make_level(struct virt_system *v, u64 address, unsigned level, enum table_maker maker)
{
	struct table table;

	return descend(v, address, level, maker, &table);
}

bool page_table_make(struct virt_system *v, u64 address, enum table_maker maker)
{
	return page_table_make_level(v, address, 1, maker);
}

/*
 * A big page comes in the place of a table that has become empty: the kernel
 * gives that back, and lets CPUs forget it (pmd_free_pte_page() of x86_64).
 */
static void drop_table(struct virt_system *v, u64 address, u64 entry, unsigned level)
{
	struct phys *p = phys_of(v);
	pfn_t pfn = (pfn_t)((entry & PTE_FRAME) >> p->config->page_shift);
	struct status ignored = STATUS_INIT;

	if (!(entry & PTE_PRESENT) || is_last(v, entry, level) || (entry & PTE_BOOT) || page_table_is_boots(v, pfn))
		return;
	EMIT(p->observer, TABLE_DROPPED, pfn, address);
	tlb_flush(v, address, address + (UINT64_C(1) << p->config->page_shift), TLB_TABLE);
	v->state->tables--;
	page_disown(p, pfn, 0);
	page_free(p, pfn, 0, &ignored);
}

bool page_table_map(struct virt_system *v, u64 address, u64 at, u64 bits, unsigned level)
{
	struct table table;
	struct table_step step;

	if (!descend(v, address, level, TABLE_ALLOCATOR, &table))
		return false;
	step = look(v, table, address, level);
	if (level > 1)
		drop_table(v, address, step.entry, level);
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

/* ------------------------------------------------------------- what boot does */

void page_table_set_aside(struct virt_system *v, enum table_maker maker, u64 pfn, u64 pages)
{
	struct table_aside aside = { maker, (pfn_t)pfn, (u32)pages, 0 };

	if (v->state->asides < VIRT_ASIDES)
		v->state->aside[v->state->asides++] = aside;
	/* Nothing is in it yet. */
	if (maker == TABLE_TOP) {
		v->state->top = (pfn_t)pfn;
		v->state->aside[v->state->asides - 1].used = 1;
	}
}

bool page_table_is_boots(const struct virt_system *v, pfn_t pfn)
{
	for (u32 n = 0; v->state && n < v->state->asides; n++)
		if (pfn - v->state->aside[n].first < v->state->aside[n].used)
			return true;
	return false;
}

void page_table_make_fixed(struct virt_system *v)
{
	const struct virt_config *c = v->config;
	u64 page = UINT64_C(1) << phys_of(v)->config->page_shift;
	/* With SLAB the table of kmap() comes out of the buffer of the direct map. */
	enum table_maker kmap = c->rule == VMAP_LIST ? TABLE_FIXED : TABLE_BUFFER;

	for (u64 at = c->fixaddr_start; at <= c->fixaddr_top; at += page)
		page_table_make(v, at, TABLE_FIXED);
	for (u64 n = 0; n < c->last_pkmap; n++)
		page_table_make(v, c->pkmap_base + n * page, kmap);
}

void page_table_set_top(struct virt_system *v, u32 index, u64 entry)
{
	struct table_step step =
	    look(v, topmost(v), (u64)index << page_table_shift(v, v->config->levels), v->config->levels);

	store(v, &step, entry);
}

bool page_table_map_range(struct virt_system *v, u64 address, u64 at, u64 bytes, u64 bits, unsigned level,
			  enum table_maker maker)
{
	u64 unit = UINT64_C(1) << page_table_shift(v, level), last = address + bytes - 1;
	struct table table;

	for (u64 done = 0; done < bytes; done += unit) {
		struct table_step step;

		/* The way down is the same until a table ends. */
		if (!done || !((address + done) & ((unit << v->config->index_bits) - 1)))
			if (!descend(v, address + done, level, maker, &table))
				return false;
		step = look(v, table, address + done, level);
		if (!store(v, &step, (at + done) | bits | (level > 1 ? PTE_HUGE : 0)))
			return false;
		if (last - (address + done) < unit)
			break;
	}
	return true;
}

bool page_table_split(struct virt_system *v, u64 address)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);
	struct table_step *big = &step[steps - 1];
	u64 old = big->entry, unit, table;

	if (!(old & PTE_PRESENT) || big->level == 1 || !(old & PTE_HUGE))
		return true;
	unit = UINT64_C(1) << page_table_shift(v, big->level - 1);
	/* The kernel takes the page from the page allocator; which one it was at boot is not told. */
	table = take_boots(v, TABLE_BOOT);
	if (!table || !store(v, big, table))
		return false;
	return page_table_map_range(v, address & -(unit << v->config->index_bits), old & PTE_FRAME,
				    unit << v->config->index_bits, (old & ~PTE_FRAME) & ~(u64)PTE_HUGE, big->level - 1,
				    TABLE_NOBODY);
}

bool page_table_protect(struct virt_system *v, u64 start, u64 end, u64 clear, u64 set)
{
	struct table_leaf leaf;

	for (u64 at = start; at < end; at = leaf.start + leaf.bytes) {
		struct table_step step[TABLE_LEVELS];
		unsigned steps;

		leaf = page_table_leaf(v, at);
		while (page_table_maps(&leaf) && leaf.level > 1 && (leaf.start < at || leaf.start + leaf.bytes > end)) {
			if (!page_table_split(v, at))
				return false;
			leaf = page_table_leaf(v, at);
		}
		steps = page_table_walk(v, at, step);
		if (page_table_maps(&leaf) && !store(v, &step[steps - 1], (leaf.entry & ~clear) | set))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- looking */

struct table_leaf page_table_leaf(const struct virt_system *v, u64 address)
{
	struct table_step step[TABLE_LEVELS];
	unsigned steps = page_table_walk(v, address, step);
	struct table_leaf leaf = { .level = step[steps - 1].level, .entry = step[steps - 1].entry };

	leaf.bytes = UINT64_C(1) << page_table_shift(v, leaf.level);
	leaf.start = address & -leaf.bytes;
	return leaf;
}

unsigned page_table_last_level(const struct virt_system *v, u64 address)
{
	struct table_leaf leaf = page_table_leaf(v, address);

	return page_table_maps(&leaf) ? leaf.level : 1;
}

void page_table_bits(u64 entry, struct strbuf *out)
{
	static const struct {
		u64 bit;
		const char *name;
	} bits[] = {
		{ PTE_PRESENT, "P" },    { PTE_WRITE, "RW" },   { PTE_USER, "US" }, { PTE_THROUGH, "PWT" },
		{ PTE_UNCACHED, "PCD" }, { PTE_ACCESSED, "A" }, { PTE_DIRTY, "D" }, { PTE_HUGE, "PS" },
		{ PTE_GLOBAL, "G" },     { PTE_NX, "NX" },
	};
	const char *blank = "";

	for (size_t n = 0; n < ARRAY_SIZE(bits); n++) {
		if (!(entry & bits[n].bit))
			continue;
		strbuf_printf(out, "%s%s", blank, bits[n].name);
		blank = " ";
	}
}

const char *page_table_level_name(const struct virt_system *v, unsigned level)
{
	static const char *const names[] = { "pte", "pmd", "pud", "pgd" };

	return names[level == v->config->levels ? 3 : level - 1];
}

/* ------------------------------------------------------------- checks */

/* Tables that were found. */
struct found {
	u32 taken; /* from the page allocator */
	u32 boots;
};

/* Is the table that an entry points to one? */
static bool check_table(const struct virt_system *v, struct table table, struct found *found, struct status *st)
{
	const struct page *page = table.boot ? NULL : page_find(phys_of(v), (pfn_t)table.number);

	if (table.boot || page_table_is_boots(v, (pfn_t)table.number)) {
		found->boots++;
		return true;
	}
	found->taken++;
	return (page && page->kind == PAGE_TABLE) ||
	       status_fail(st, STATUS_INVALID, _("page 0x%" PRIx64 " is used as a page table, but is none"),
			   table.number);
}

/* Levels end, but tables that point to others twice must not be counted for ever. */
static bool too_many(const struct virt_system *v, const struct found *found)
{
	u32 boots = v->state->boot_tables + (UINT32_C(1) << v->config->index_bits);

	for (u32 n = 0; n < v->state->asides; n++)
		boots += v->state->aside[n].used;
	return found->taken > v->state->tables || found->boots > boots;
}

static bool count(const struct virt_system *v, struct table table, unsigned level, struct found *found,
		  struct status *st)
{
	u64 entries = UINT64_C(1) << v->config->index_bits;

	for (u64 n = 0; n < entries && level > 1; n++) {
		struct table_step step = look(v, table, n << page_table_shift(v, level), level);

		if (!(step.entry & PTE_PRESENT) || is_last(v, step.entry, level))
			continue;
		if (!check_table(v, below(v, step.entry), found, st))
			return false;
		if (too_many(v, found))
			return true;
		if (!count(v, below(v, step.entry), level - 1, found, st))
			return false;
	}
	return true;
}

bool page_table_check(const struct virt_system *v, struct status *st)
{
	struct found found = { 0, 0 };

	if (v->state->asides > VIRT_ASIDES)
		return status_fail(st, STATUS_INVALID, _("boot set too many ranges of pages aside for page tables"));
	if (!count(v, topmost(v), v->config->levels, &found, st))
		return false;
	return found.taken == v->state->tables ||
	       status_fail(st, STATUS_INVALID, _("%u page tables were taken, but %u are in use"),
			   (unsigned)v->state->tables, (unsigned)found.taken);
}
