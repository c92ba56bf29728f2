/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_compare.h"

#include "base/text.h"
#include "phys/blocklist.h"
#include "phys/frame.h"
#include "phys/pageblock.h"
#include "session/replay_cache_compare.h"
#include "session/replay_cma.h"
#include "session/replay_tunables.h"
#include "session/replay_virt.h"

#include <stdlib.h>
#include <string.h>

/* A comparison: which lists the snapshot has named; the others must be empty. */
struct comparison {
	struct replay *r;
	const struct phys *p;
	u64 line;
	u32 *free_named; /* [zone * MT_COUNT + type], a bit an order */
	u32 *pcp_named; /* [(zone * cpus + cpu) * 2 + set], a bit a list */
	u64 movable; /* frames that L lines have named */
	u64 zones_named, blocks_named; /* a bit a zone */
	unsigned areas_named; /* a bit a CMA area */
	bool hashed; /* the S line was seen */
};

/* In pcp_named: the set's counters. */
#define PCP_COUNTERS (UINT32_C(1) << 31)

u32 replay_compare_counter(const struct zone *zone, unsigned counter)
{
	switch (counter) {
	case COUNTER_FREE:
		return zone->free;
	case COUNTER_CMA:
		return zone->free_cma;
	case COUNTER_HIGHATOMIC:
		return zone->highatomic;
	case COUNTER_BOOST:
		return zone->boost;
	case COUNTER_ISOLATED:
		return zone->isolated;
	case COUNTER_FLAGS:
		return zone->flags;
	default:
		return zone->wmark[counter - COUNTER_MIN];
	}
}

static enum replay_outcome number_differs(struct comparison *k, const char *what, u64 expected, u64 got)
{
	strbuf_printf(&k->r->difference.expected, "%s=%llu", what, (unsigned long long)expected);
	strbuf_printf(&k->r->difference.got, "%s=%llu", what, (unsigned long long)got);
	return replay_differs(k->r, k->line);
}

/* Has something else changed what this line begins with? */
static bool drifted(const struct comparison *k, const char *kind, const char *from, const char *to)
{
	struct strbuf name = STRBUF_INIT;
	bool answer;

	if (k->r->drift.count == 0)
		return false;
	strbuf_puts(&name, kind);
	strbuf_add(&name, from, (size_t)(to - from));
	answer = replay_drifted(k->r, strbuf_str(&name));
	strbuf_free(&name);
	return answer;
}

static enum replay_outcome compare_zone(struct comparison *k, struct recording_cursor *c)
{
	const char *from = c->at;
	struct recording_counters counters;
	unsigned zone;
	u64 type;

	if (!recording_zone(c, k->p->config, &zone) || !recording_key(c, "idx", PHYS_ZONE_TYPES - 1, &type) ||
	    !recording_zone_counters(c, &counters))
		return REPLAY_BAD;
	k->zones_named |= UINT64_C(1) << zone;
	if (type != k->p->config->zone[zone].type)
		return number_differs(k, "idx", type, k->p->config->zone[zone].type);
	if (drifted(k, "zone", from, c->at))
		return REPLAY_SAME;
	for (unsigned n = 0; n < COUNTERS; n++) {
		u32 got = replay_compare_counter(&k->p->zone[zone], n);

		if ((counters.present >> n & 1) && counters.value[n] != got)
			return number_differs(k, recording_counter_name(n), counters.value[n], got);
	}
	return REPLAY_SAME;
}

static enum replay_outcome compare_blocks(struct comparison *k, struct recording_cursor *c)
{
	unsigned zone, type;

	if (!recording_block_zone(c, k->p->config, &zone))
		return REPLAY_BAD;
	k->blocks_named |= UINT64_C(1) << zone;
	for (u32 n = 0; n < pageblock_count(k->p, zone); n++) {
		unsigned got = pageblock_type_at(k->p, zone, n);
		unsigned pfn = pageblock_start(k->p, zone, n);

		if (!recording_block_type(c, &type))
			return REPLAY_BAD;
		if (type == got)
			continue;
		strbuf_printf(&k->r->difference.expected, _("the page block at %u has type %c"), pfn,
			      type == MT_NONE ? '-' : migratetype_letter(type));
		strbuf_printf(&k->r->difference.got, _("type %c"), got == MT_NONE ? '-' : migratetype_letter(got));
		return replay_differs(k->r, k->line);
	}
	return recording_done(c) ? REPLAY_SAME : REPLAY_BAD;
}

static enum replay_outcome compare_movable(struct comparison *k, struct recording_cursor *c)
{
	struct recording_run run;
	unsigned zone;
	pfn_t pfn;

	if (!recording_zone(c, k->p->config, &zone))
		return REPLAY_BAD;
	run = recording_run(c, 0);
	while (recording_run_next(&run, &pfn)) {
		if (pfn >= k->p->config->max_pfn || !(k->p->frame[pfn].flags & FRAME_MOVABLE)) {
			strbuf_printf(&k->r->difference.expected, _("page frame %u counts as movable"), (unsigned)pfn);
			strbuf_puts(&k->r->difference.got, _("it does not"));
			return replay_differs(k->r, k->line);
		}
		k->movable++;
	}
	return run.failed ? REPLAY_BAD : REPLAY_SAME;
}

/* Compares a list of the machine with the rest of the line, entry by entry. */
static enum replay_outcome compare_list(struct comparison *k, const struct block_list *list, unsigned order,
					unsigned pcp_type, const struct recording_cursor *c)
{
	struct recording_run run = recording_run(c, order);
	pfn_t got = list->head, pfn;
	u64 entry = 1;

	for (; recording_run_next(&run, &pfn); entry++) {
		unsigned type = run.type == MT_NONE ? pcp_type : run.type;

		if (got != pfn || (pcp_type != MT_NONE && k->p->frame[pfn].type != type)) {
			strbuf_printf(&k->r->difference.expected, _("entry %llu of the list is %u"),
				      (unsigned long long)entry, (unsigned)pfn);
			if (got == PFN_NONE)
				strbuf_puts(&k->r->difference.got, _("the list has ended"));
			else if (got != pfn)
				strbuf_printf(&k->r->difference.got, "%u", (unsigned)got);
			else
				strbuf_printf(&k->r->difference.got, _("it remembers type %c"),
					      migratetype_letter(k->p->frame[pfn].type));
			return replay_differs(k->r, k->line);
		}
		got = blocklist_next(k->p, order, got);
	}
	if (run.failed)
		return REPLAY_BAD;
	if (got == PFN_NONE)
		return REPLAY_SAME;
	strbuf_printf(&k->r->difference.expected, _("the list ends behind entry %llu"), (unsigned long long)entry - 1);
	strbuf_printf(&k->r->difference.got, _("it goes on with %u"), (unsigned)got);
	return replay_differs(k->r, k->line);
}

static enum replay_outcome compare_free_list(struct comparison *k, struct recording_cursor *c)
{
	const char *from = c->at;
	struct recording_place at;

	if (!recording_free_place(c, k->p->config, &at))
		return REPLAY_BAD;
	k->free_named[at.zone * MT_COUNT + at.type] |= 1u << at.order;
	if (drifted(k, "free", from, c->at))
		return REPLAY_SAME;
	if (!recording_literal(c, ":"))
		return REPLAY_BAD;
	return compare_list(k, &k->p->zone[at.zone].list[at.order][at.type], at.order, MT_NONE, c);
}

static const struct pcp_set *set_at(const struct comparison *k, const struct recording_place *at)
{
	return &phys_pcp(k->p, at->zone, at->cpu)->set[at->set];
}

static u32 *pcp_named(const struct comparison *k, const struct recording_place *at)
{
	return &k->pcp_named[(at->zone * k->p->config->cpus + at->cpu) * 2 + at->set];
}

static enum replay_outcome compare_pcp_list(struct comparison *k, struct recording_cursor *c)
{
	const char *from = c->at;
	struct recording_place at;

	if (!recording_pcp_list_place(c, k->p->config, &at))
		return REPLAY_BAD;
	*pcp_named(k, &at) |= UINT32_C(1) << at.list;
	if (drifted(k, "pcp", from, c->at))
		return REPLAY_SAME;
	if (!recording_literal(c, ":"))
		return REPLAY_BAD;
	return compare_list(k, &set_at(k, &at)->list[at.list], at.order, k->p->config->types > 1 ? at.type : MT_NONE,
			    c);
}

static enum replay_outcome compare_pcp(struct comparison *k, struct recording_cursor *c)
{
	const char *from = c->at;
	const struct pcp_set *set;
	struct recording_place at;
	u64 value;

	if (!recording_pcp_place(c, k->p->config, &at))
		return REPLAY_BAD;
	*pcp_named(k, &at) |= PCP_COUNTERS;
	if (drifted(k, "pcpc", from, c->at))
		return REPLAY_SAME;
	set = set_at(k, &at);
	const struct {
		const char *name;
		u32 value;
	} fields[] = {
		{ "count", set->count }, { "high", set->high }, { "batch", set->batch }, { "ff", set->free_factor }
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		value = fields[i].value;
		if (!recording_key_if(c, fields[i].name, UINT32_MAX, &value))
			return REPLAY_BAD;
		if (value != fields[i].value)
			return number_differs(k, fields[i].name, value, fields[i].value);
	}
	return REPLAY_SAME;
}

static enum replay_outcome compare_area(struct comparison *k, struct recording_cursor *c)
{
	unsigned area = 0;
	enum replay_outcome outcome = replay_cma_compare(k->r, c, &area);

	k->areas_named |= 1u << area;
	return outcome;
}

static enum replay_outcome compare_hash(struct comparison *k, struct recording_cursor *c)
{
	u64 hash, got;

	if (!recording_hex(c, &hash, _("the hash of the state")))
		return REPLAY_BAD;
	k->hashed = true;
	got = phys_state_hash(k->p);
	if (got == hash || k->r->drift.count)
		return REPLAY_SAME;
	strbuf_printf(&k->r->difference.expected, _("the state hash %016llx"), (unsigned long long)hash);
	strbuf_printf(&k->r->difference.got, "%016llx", (unsigned long long)got);
	return replay_differs(k->r, k->line);
}

static enum replay_outcome compare_line(struct comparison *k, enum line_kind kind, struct recording_cursor *c)
{
	switch (kind) {
	case LINE_TUNABLES:
		return replay_tunables_compare(k->r, c);
	case LINE_ZONE:
		return compare_zone(k, c);
	case LINE_BLOCKS:
		return compare_blocks(k, c);
	case LINE_MOVABLE:
		return compare_movable(k, c);
	case LINE_FREE_LIST:
		return compare_free_list(k, c);
	case LINE_PCP:
		return compare_pcp(k, c);
	case LINE_PCP_LIST:
		return compare_pcp_list(k, c);
	case LINE_CMA:
		return compare_area(k, c);
	case LINE_STATE:
		return compare_hash(k, c);
	case LINE_AREA:
		return replay_virt_line(k->r, *c);
	default:
		return replay_cache_compare_takes(kind) ? replay_cache_compare_line(k->r, kind, *c) : REPLAY_SAME;
	}
}

/* A list that has entries in the machine, and that the snapshot does not have. */
static enum replay_outcome list_left_out(struct comparison *k, struct strbuf *name, const struct block_list *list)
{
	enum replay_outcome outcome = REPLAY_SAME;

	if (!replay_drifted(k->r, strbuf_str(name))) {
		strbuf_printf(&k->r->difference.expected, _("no entries in list %s"), strbuf_str(name));
		strbuf_printf(&k->r->difference.got, _("%u, the first is %u"), (unsigned)list->count,
			      (unsigned)list->head);
		outcome = replay_differs(k->r, k->line);
	}
	strbuf_free(name);
	return outcome;
}

static enum replay_outcome free_lists_left_out(struct comparison *k, unsigned zone)
{
	for (unsigned order = 0; order < k->p->config->orders; order++) {
		for (unsigned type = 0; type < k->p->config->types; type++) {
			const struct block_list *list = &k->p->zone[zone].list[order][type];
			struct strbuf name = STRBUF_INIT;

			if (list->count == 0 || (k->free_named[zone * MT_COUNT + type] >> order & 1))
				continue;
			strbuf_printf(&name, "free %s %u %c ", k->p->config->zone[zone].name, order,
				      migratetype_letter(type));
			if (list_left_out(k, &name, list) != REPLAY_SAME)
				return REPLAY_DIFFERS;
		}
	}
	return REPLAY_SAME;
}

static enum replay_outcome pcp_lists_left_out(struct comparison *k, unsigned zone, unsigned cpu)
{
	const struct phys_config *config = k->p->config;

	for (unsigned s = 0; s < 2; s++) {
		for (unsigned l = 0; l < PHYS_PCP_LISTS; l++) {
			const struct block_list *list = &phys_pcp(k->p, zone, cpu)->set[s].list[l];
			struct strbuf name = STRBUF_INIT;

			if (list->count == 0 || (k->pcp_named[(zone * config->cpus + cpu) * 2 + s] >> l & 1))
				continue;
			strbuf_printf(&name, "pcp %s %u %u ", config->zone[zone].name, cpu, l / MT_PCPTYPES);
			if (config->pcp_rule == PCP_HOT_COLD)
				strbuf_puts(&name, s ? "cold " : "hot ");
			else
				strbuf_printf(&name, "%c ", migratetype_letter(l % MT_PCPTYPES));
			if (list_left_out(k, &name, list) != REPLAY_SAME)
				return REPLAY_DIFFERS;
		}
	}
	return REPLAY_SAME;
}

/* Frames of one page block of a zone that are in use and count as movable. */
static u32 movable_in_block(const struct phys *p, unsigned zone, u32 n)
{
	const struct zone_config *zc = &p->config->zone[zone];
	pfn_t pfn = pageblock_start(p, zone, n), end = pfn + (UINT32_C(1) << p->config->pageblock_order);
	u32 got = 0;

	if (pfn < zc->start_pfn)
		pfn = zc->start_pfn;
	if (end > zc->start_pfn + zc->spanned)
		end = zc->start_pfn + zc->spanned;
	for (; pfn < end; pfn++) {
		if (p->frame[pfn].flags & FRAME_MOVABLE) {
			enum frame_state state = frame_describe(p, pfn).state;

			got += state != FRAME_FREE && state != FRAME_PCP;
		}
	}
	return got;
}

/* No more frames than the snapshot has named may count as movable. */
static enum replay_outcome movable_left_out(struct comparison *k)
{
	u64 got = 0;

	for (unsigned zone = 0; zone < k->p->config->zones; zone++)
		for (u32 n = 0; n < pageblock_count(k->p, zone); n++)
			if (pageblock_type_at(k->p, zone, n) != MT_NONE)
				got += movable_in_block(k->p, zone, n);
	return got == k->movable ? REPLAY_SAME
				 : number_differs(k, _("frames in use that count as movable"), k->movable, got);
}

/* A line that every snapshot has is not in this one. */
static enum replay_outcome line_missing(struct comparison *k, struct status *st, const char *word, const char *name)
{
	status_fail(st, STATUS_FORMAT, _("%s:%llu: the snapshot that ends here has no line %s %s"), k->r->path,
		    (unsigned long long)k->line + 1, word, name);
	return REPLAY_BAD;
}

/* The counters of every zone and per-CPU set, the types of every zone's page blocks, the areas. */
static enum replay_outcome lines_left_out(struct comparison *k, struct status *st)
{
	const struct phys_config *config = k->p->config;
	unsigned sets = config->pcp_rule == PCP_HOT_COLD ? 2 : 1;

	if (k->areas_named + 1 != 1u << config->cma_areas)
		return line_missing(k, st, "CMA", config->cma[__builtin_ctz(~k->areas_named)].name);
	for (struct recording_place at = { 0 }; at.zone < config->zones; at.zone++) {
		const char *name = config->zone[at.zone].name;

		if (!(k->zones_named >> at.zone & 1))
			return line_missing(k, st, "ZONE", name);
		if (config->types > 1 && !(k->blocks_named >> at.zone & 1))
			return line_missing(k, st, "B", name);
		for (at.cpu = 0; at.cpu < config->cpus; at.cpu++)
			for (at.set = 0; at.set < sets; at.set++)
				if (!(*pcp_named(k, &at) & PCP_COUNTERS))
					return line_missing(k, st, "PC", name);
	}
	return REPLAY_SAME;
}

static enum replay_outcome left_out(struct comparison *k)
{
	for (unsigned zone = 0; zone < k->p->config->zones; zone++) {
		if (free_lists_left_out(k, zone) != REPLAY_SAME)
			return REPLAY_DIFFERS;
		for (unsigned cpu = 0; cpu < k->p->config->cpus; cpu++)
			if (pcp_lists_left_out(k, zone, cpu) != REPLAY_SAME)
				return REPLAY_DIFFERS;
	}
	return movable_left_out(k);
}

enum replay_outcome replay_compare(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	const struct phys_config *config = r->machine.phys.config;
	struct comparison k = { .r = r, .p = &r->machine.phys };
	enum replay_outcome outcome = REPLAY_SAME;

	replay_cache_compare_begin(r);
	k.free_named = calloc((size_t)config->zones * MT_COUNT, sizeof(*k.free_named));
	k.pcp_named = calloc((size_t)config->zones * config->cpus * 2, sizeof(*k.pcp_named));
	if (!k.free_named || !k.pcp_named) {
		status_fail(st, STATUS_NO_MEMORY, _("%s: there is no memory to compare it"), r->path);
		outcome = REPLAY_BAD;
	}
	for (size_t n = 0; n < snapshot->count && outcome == REPLAY_SAME; n++) {
		struct recording_cursor c = recording_block_cursor(snapshot, n, r->path, st);

		k.line = c.line;
		outcome = compare_line(&k, snapshot->line[n].kind, &c);
	}
	if (outcome == REPLAY_SAME && !k.hashed) {
		status_fail(st, STATUS_FORMAT, _("%s:%llu: the snapshot that ends here has no hash (S)"), r->path,
			    (unsigned long long)k.line + 1);
		outcome = REPLAY_BAD;
	}
	if (outcome == REPLAY_SAME)
		outcome = lines_left_out(&k, st);
	if (outcome == REPLAY_SAME)
		outcome = left_out(&k);
	if (outcome == REPLAY_SAME)
		outcome = replay_cache_compare_end(r, k.line, true);
	if (outcome == REPLAY_SAME)
		outcome = replay_virt_left_out(r, snapshot, st);
	free(k.free_named);
	free(k.pcp_named);
	return outcome;
}

/* Pages on the lists of a zone: free ones, and those of all CPUs. */
static void count_pages(const struct phys *p, unsigned zone, u64 *free, u64 *pcp)
{
	*free = *pcp = 0;
	for (unsigned order = 0; order < p->config->orders; order++)
		for (unsigned type = 0; type < p->config->types; type++)
			*free += (u64)p->zone[zone].list[order][type].count << order;
	for (unsigned cpu = 0; cpu < p->config->cpus; cpu++)
		for (unsigned s = 0; s < 2; s++)
			*pcp += phys_pcp(p, zone, cpu)->set[s].count;
}

enum replay_outcome replay_compare_check(struct replay *r, struct recording_cursor c)
{
	struct comparison k = { .r = r, .p = &r->machine.phys, .line = c.line };
	u64 lists, pcp, free, got_lists, got_pcp;
	unsigned zone;

	if (!recording_zone(&c, k.p->config, &zone) || !recording_key(&c, "lists", UINT32_MAX, &lists) ||
	    !recording_key(&c, "pcp", UINT32_MAX, &pcp) || !recording_key(&c, "nr_free_pages", UINT32_MAX, &free))
		return REPLAY_BAD;
	count_pages(k.p, zone, &got_lists, &got_pcp);
	if (lists != got_lists)
		return number_differs(&k, "lists", lists, got_lists);
	if (pcp != got_pcp)
		return number_differs(&k, "pcp", pcp, got_pcp);
	return free == k.p->zone[zone].free ? REPLAY_SAME
					    : number_differs(&k, "nr_free_pages", free, k.p->zone[zone].free);
}
