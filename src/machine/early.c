/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/early.h"

#include "base/hash.h"
#include "base/text.h"
#include "machine/boot.h"
#include "machine/machine.h"

#include <inttypes.h>
#include <string.h>

size_t early_root_size(const struct machine_desc *d)
{
	/* 64: what alignment may lose. */
	return d->early ? sizeof(struct early) + 64 : 0;
}

bool early_lay_out(struct machine *m)
{
	if (!m->desc.early)
		return true;
	m->early = arena_root(&m->arena, sizeof *m->early);
	if (m->early)
		boot_steps_begin(&m->early->progress, &m->config);
	return m->early;
}

bool early_is(const struct machine *m)
{
	return m->early && !m->early->over;
}

void early_steps(const struct machine *m, struct boot_steps *steps)
{
	boot_steps_make(steps, &m->desc, &m->config);
}

static bool need_early(const struct machine *m, struct status *st)
{
	return early_is(m) ||
	       status_fail(st, STATUS_INVALID,
			   _("the page allocator runs, boot is over; boot --step begins it again, step by step"));
}

/* ------------------------------------------------------------- the kernel's own steps */

static u64 low_pages(const struct phys_config *c, const struct boot_plan *plan)
{
	u64 pages = 0;

	for (unsigned i = 0; i < plan->count; i++)
		if (!plan->range[i].late && plan->range[i].start < c->direct_map_end)
			pages += plan->range[i].end - plan->range[i].start;
	return pages;
}

static bool hand_over(struct machine *m, const struct boot_steps *steps, struct status *st)
{
	struct phys_config sizes = m->config;
	struct boot_plan plan;

	if (!boot_plan_make(&m->desc, &sizes, steps, &m->early->progress, &plan, st))
		return false;
	m->early->over = 1;
	m->early->handed_over = low_pages(&m->config, &plan);
	boot_hand_over(&m->phys, &m->desc, &sizes, &plan);
	return machine_start(m, plan.swiotlb, st);
}

bool early_step(struct machine *m, struct status *st)
{
	struct boot_steps steps;

	if (!need_early(m, st))
		return false;
	early_steps(m, &steps);
	if (m->early->progress.done == steps.count)
		return hand_over(m, &steps, st);
	return boot_steps_do(&m->early->progress, &steps, m->phys.observer) ||
	       status_fail(st, STATUS_NO_MEMORY, _("Kernel panic - not syncing: no memory is left for %s"),
			   event_boot_use(steps.step[m->early->progress.done].use));
}

/* ------------------------------------------------------------- requests of others */

/* Before RAM and kernel are known, whoever asked would get what is not there, or the kernel itself. */
static bool need_known(const struct machine *m, struct status *st)
{
	struct boot_steps steps;

	if (!need_early(m, st))
		return false;
	early_steps(m, &steps);
	return m->early->progress.done >= steps.known ||
	       status_fail(st, STATUS_INVALID,
			   _("boot does not yet know what is RAM and where the kernel lies: step %" PRIu64 " first"),
			   steps.known - m->early->progress.done);
}

static bool no_room(struct status *st)
{
	return status_fail(st, STATUS_NO_MEMORY, _("memory is cut up into too many pieces"));
}

static bool need_range(u64 start, u64 end, struct status *st)
{
	return start < end || status_fail(st, STATUS_INVALID, _("a size of 0, or one that goes beyond all addresses"));
}

/* Notes what of [start, end) is free now as asked for. */
static bool note_asked(struct early *e, u64 start, u64 end)
{
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(&e->progress.mem, gap);
	bool ok = true;

	for (unsigned g = 0; g < gaps && ok; g++) {
		u64 from = gap[g].start > start ? gap[g].start : start;
		u64 to = gap[g].end < end ? gap[g].end : end;

		if (from < to)
			ok = bootmem_insert(&e->asked, from, to);
	}
	return ok;
}

bool early_take(struct machine *m, struct boot_step r, u64 *at, struct status *st)
{
	struct bootmem *b;

	if (!need_known(m, st))
		return false;
	if (!r.bytes || r.bytes > boot_steps_lowmem_end(&m->config))
		return status_fail(st, STATUS_INVALID,
				   _("boot memory is asked for by bytes: more than 0, and fewer than "
				     "low memory has"));
	if (!r.align || (r.align & (r.align - 1)))
		return status_fail(st, STATUS_INVALID, _("an alignment is a power of two, not %" PRIu64), r.align);
	b = &m->early->progress.mem;
	r.limit = boot_steps_lowmem_end(&m->config);
	if (r.kind == BOOT_STEP_TAKE_LOW) {
		EMIT(m->phys.observer, BOOT_ASK_UP, BOOT_USE_CALLER, r.bytes, r.from);
		*at = bootmem_take_low(b, r.bytes, r.align, r.from, r.limit, m->phys.observer);
	} else {
		EMIT(m->phys.observer, BOOT_ASK_DOWN, BOOT_USE_CALLER, r.bytes, r.limit);
		*at = bootmem_take_high(b, r.bytes, r.align, r.from, r.limit, m->phys.observer);
	}
	return !*at || bootmem_insert(&m->early->asked, *at, *at + r.bytes) || no_room(st);
}

/* Is [start, end) RAM by what the firmware tells? */
static bool is_ram(const struct machine *m, u64 start, u64 end)
{
	const struct phys_config *c = &m->config;

	for (unsigned r = 0; r < c->memory_ranges; r++)
		if ((u64)c->memory[r].start << c->page_shift <= start && end <= (u64)c->memory[r].end << c->page_shift)
			return true;
	return false;
}

bool early_add(struct machine *m, u64 start, u64 end, struct status *st)
{
	if (!need_early(m, st) || !need_range(start, end, st))
		return false;
	if (!is_ram(m, start, end))
		return status_fail(
		    st, STATUS_INVALID,
		    _("the machine has no RAM there, or not all of it: a kernel that believed this would "
		      "crash"));
	if (!bootmem_insert(&m->early->progress.mem.ram, start, end))
		return no_room(st);
	EMIT(m->phys.observer, BOOT_RAM, start, end, end - start);
	return true;
}

bool early_reserve(struct machine *m, u64 start, u64 end, struct status *st)
{
	if (!need_known(m, st) || !need_range(start, end, st))
		return false;
	if (!note_asked(m->early, start, end) || !bootmem_insert(&m->early->progress.mem.taken, start, end))
		return no_room(st);
	EMIT(m->phys.observer, BOOT_KEEP, BOOT_USE_CALLER, start, end);
	return true;
}

bool early_free(struct machine *m, u64 start, u64 end, struct status *st)
{
	if (!need_known(m, st) || !need_range(start, end, st))
		return false;
	if (!bootmem_holds(&m->early->asked, start, end))
		return status_fail(st, STATUS_INVALID,
				   _("not all of that was asked for: what the kernel took for itself must stay"));
	if (!bootmem_remove(&m->early->asked, start, end) || !bootmem_remove(&m->early->progress.mem.taken, start, end))
		return no_room(st);
	EMIT(m->phys.observer, BOOT_GIVEN_BACK, BOOT_USE_CALLER, start, end);
	return true;
}

/* ------------------------------------------------------------- looking at it */

bool early_memory(const struct machine *m, struct bootmem *memory)
{
	struct boot_progress progress;
	struct boot_steps steps;

	if (m->early) {
		*memory = m->early->progress.mem;
		return true;
	}
	if (m->desc.state.zones)
		return false;
	early_steps(m, &steps);
	boot_steps_begin(&progress, &m->config);
	while (progress.done < steps.count && boot_steps_do(&progress, &steps, NULL))
		;
	*memory = progress.mem;
	return true;
}

/* Whole pages of [from, to) that are among the frames [start, end). */
static u64 pages_among(const struct machine *m, const struct desc_range *r, pfn_t start, pfn_t end)
{
	unsigned shift = m->config.page_shift;
	u64 first = (r->start + (UINT64_C(1) << shift) - 1) >> shift, behind = r->end >> shift;

	first = first > start ? first : start;
	behind = behind < end ? behind : end;
	return first < behind ? behind - first : 0;
}

void early_count(const struct machine *m, pfn_t start, pfn_t end, u64 count[FRAME_USED + 1])
{
	const struct bootmem *b = &m->early->progress.mem;
	struct desc_range gap[BOOTMEM_GAPS];
	unsigned gaps = bootmem_gaps(b, gap);
	u64 ram = 0;

	memset(count, 0, (FRAME_USED + 1) * sizeof *count);
	for (u64 i = 0; i < b->ram.count; i++)
		ram += pages_among(m, &b->ram.range[i], start, end);
	for (unsigned g = 0; g < gaps; g++)
		count[FRAME_FREE] += pages_among(m, &gap[g], start, end);
	count[FRAME_RESERVED] = ram - count[FRAME_FREE];
	count[FRAME_NO_MEMORY] = end - start - ram;
}

static u64 ranges_hash(const struct bootmem_ranges *r, u64 h)
{
	for (u64 i = 0; i < r->count; i++)
		h = hash_word(hash_word(h, r->range[i].start), r->range[i].end);
	return hash_word(h, r->count);
}

u64 early_hash(const struct early *e)
{
	const struct bootmem *b = &e->progress.mem;
	u64 h = hash_word(hash_word(hash_word(HASH_INIT, e->over), e->handed_over), e->progress.done);

	for (u64 n = 0; n < e->progress.done; n++)
		h = hash_word(hash_word(h, e->progress.got[n].start), e->progress.got[n].end);
	h = ranges_hash(&e->asked, ranges_hash(&b->taken, ranges_hash(&b->ram, h)));
	return hash_word(hash_word(h, b->last), b->rest);
}

/* Do the ranges ascend, apart from each other? */
static bool in_order(const struct bootmem_ranges *r)
{
	if (r->count > BOOTMEM_RANGES)
		return false;
	for (u64 i = 0; i < r->count; i++)
		if (r->range[i].start >= r->range[i].end || (i && r->range[i].start <= r->range[i - 1].end))
			return false;
	return true;
}

bool early_check(const struct machine *m, struct status *st)
{
	const struct early *e = m->early;
	struct boot_steps steps;

	if (!e)
		return true;
	early_steps(m, &steps);
	if (e->over > 1 || e->progress.done > steps.count || (e->over && e->progress.done < steps.count))
		return status_fail(st, STATUS_INVALID, _("boot: %" PRIu64 " steps of %u are done"), e->progress.done,
				   steps.count);
	if (!in_order(&e->progress.mem.ram) || !in_order(&e->progress.mem.taken) || !in_order(&e->asked))
		return status_fail(st, STATUS_INVALID, _("boot: ranges of memory overlap, or are not in order"));
	for (u64 i = 0; i < e->asked.count; i++)
		if (!bootmem_holds(&e->progress.mem.taken, e->asked.range[i].start, e->asked.range[i].end))
			return status_fail(st, STATUS_INVALID,
					   _("boot: what was asked for at 0x%" PRIx64 " is not taken"),
					   e->asked.range[i].start);
	for (unsigned z = 0; z < m->config.zones && !e->over; z++)
		if (m->phys.zone[z].free)
			return status_fail(st, STATUS_INVALID, _("boot: zone %s has free pages before the hand-over"),
					   m->config.zone[z].name);
	return true;
}
