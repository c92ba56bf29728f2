/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_change.h"

#include "base/hash.h"
#include "base/text.h"
#include "phys/pageblock.h"
#include "session/replay_cache_compare.h"
#include "session/replay_compare.h"

#include <stdio.h>
#include <string.h>

/* A `c` line, taken apart. */
struct change {
	enum change_kind {
		CHANGE_FREE,
		CHANGE_PCP_LIST,
		CHANGE_PCP,
		CHANGE_ZONE,
		CHANGE_BLOCK,
		CHANGE_CACHE,
	} kind;
	struct recording_place place;
	u32 before, after, hash; /* entries, or types of a page block */
	pfn_t head, tail; /* PFN_NONE: not given, the list is empty */
	pfn_t pfn; /* of the page block */
	struct recording_cursor cache; /* behind `cache` */
	struct recording_counters counters;
	u32 pcp[4]; /* as pcp_fields; UINT32_MAX: not given */
};

static const char *const pcp_fields[4] = { "count", "ff", "high", "batch" };

/* The first of pcp_fields that is computed from zone sizes and tunables. */
#define PCP_FIGURES 2

static u32 *pcp_field(struct pcp_set *set, unsigned field)
{
	u32 *const fields[4] = { &set->count, &set->free_factor, &set->high, &set->batch };

	return fields[field];
}

/* <before>><after> h= [head= tail=] */
static bool read_list(struct recording_cursor *c, struct change *change)
{
	u64 before, after, hash, head = PFN_NONE, tail = PFN_NONE;
	struct recording_cursor value;

	if (!recording_number(c, UINT32_MAX, &before, _("the number of entries before")) ||
	    !recording_literal(c, ">") || !recording_number(c, UINT32_MAX, &after, _("the number of entries after")) ||
	    !recording_key_hex(c, "h", &hash) || !recording_key_if(c, "head", PHYS_PFN_LIMIT, &head) ||
	    !recording_key_if(c, "tail", PHYS_PFN_LIMIT, &tail))
		return false;
	if (after && (!recording_find(c, "head", &value) || !recording_find(c, "tail", &value)))
		return recording_expected(c, _("head= and tail= of the list"));
	change->before = (u32)before;
	change->after = (u32)after;
	change->hash = (u32)hash;
	change->head = (pfn_t)head;
	change->tail = (pfn_t)tail;
	return true;
}

static bool read_pcp(struct recording_cursor *c, struct change *change)
{
	for (unsigned n = 0; n < ARRAY_SIZE(pcp_fields); n++) {
		u64 value = UINT32_MAX;

		if (!recording_key_if(c, pcp_fields[n], UINT32_MAX - 1, &value))
			return false;
		change->pcp[n] = (u32)value;
	}
	return true;
}

static bool read_block(struct recording_cursor *c, const struct phys_config *config, struct change *change)
{
	const struct zone_config *zone;
	unsigned before, after;
	u64 pfn;

	if (!recording_zone(c, config, &change->place.zone))
		return false;
	zone = &config->zone[change->place.zone];
	if (!recording_number(c, PHYS_PFN_LIMIT, &pfn, _("the first page frame of a page block")))
		return false;
	if (pfn >> config->pageblock_order < zone->start_pfn >> config->pageblock_order ||
	    pfn >= (u64)zone->start_pfn + zone->spanned || config->types == 1 ||
	    pfn & ((UINT64_C(1) << config->pageblock_order) - 1))
		return recording_expected(c, _("the first page frame of a page block of the zone before this"));
	if (!recording_type(c, &before) || !recording_literal(c, ">") || !recording_type(c, &after))
		return false;
	change->pfn = (pfn_t)pfn;
	change->before = before;
	change->after = after;
	return true;
}

static bool read_change(struct recording_cursor *c, const struct phys_config *config, struct change *change)
{
	char word[16];

	*change = (struct change){ .kind = CHANGE_CACHE };
	if (!recording_word(c, word, sizeof(word), _("what changed")))
		return false;
	if (strcmp(word, "free") == 0) {
		change->kind = CHANGE_FREE;
		return recording_free_place(c, config, &change->place) && read_list(c, change);
	}
	if (strcmp(word, "pcp") == 0) {
		change->kind = CHANGE_PCP_LIST;
		return recording_pcp_list_place(c, config, &change->place) && read_list(c, change);
	}
	if (strcmp(word, "pcpc") == 0) {
		change->kind = CHANGE_PCP;
		return recording_pcp_place(c, config, &change->place) && read_pcp(c, change);
	}
	if (strcmp(word, "zone") == 0) {
		change->kind = CHANGE_ZONE;
		return recording_zone(c, config, &change->place.zone) && recording_zone_counters(c, &change->counters);
	}
	if (strcmp(word, "blk") == 0) {
		change->kind = CHANGE_BLOCK;
		return read_block(c, config, change);
	}
	change->cache = *c;
	return strcmp(word, "cache") == 0 ||
	       recording_expected(c, _("free, pcp, pcpc, zone, blk or cache before this"));
}

bool replay_change_check(const struct phys_config *config, struct recording_cursor c)
{
	struct change change;

	return read_change(&c, config, &change);
}

static void print_list(struct strbuf *out, u32 before, u32 after, u32 hash, pfn_t head, pfn_t tail)
{
	strbuf_printf(out, "%u>%u h=%08x", (unsigned)before, (unsigned)after, (unsigned)hash);
	if (after)
		strbuf_printf(out, " head=%u tail=%u", (unsigned)head, (unsigned)tail);
}

static enum replay_outcome compare_list(struct replay *r, u64 line, const struct change *change,
					struct block_list *told, const struct block_list *list)
{
	u32 hash = hash_fold(phys_list_hash(&r->machine.phys, list, change->place.order));

	if (told->count != change->before || list->count != change->after || hash != change->hash ||
	    list->head != change->head || list->tail != change->tail) {
		print_list(&r->difference.expected, change->before, change->after, change->hash, change->head,
			   change->tail);
		print_list(&r->difference.got, told->count, list->count, hash, list->head, list->tail);
		return replay_differs(r, line);
	}
	*told = *list;
	return REPLAY_SAME;
}

static enum replay_outcome number_differs(struct replay *r, u64 line, const char *what, u32 expected, u32 got)
{
	strbuf_printf(&r->difference.expected, "%s=%u", what, (unsigned)expected);
	strbuf_printf(&r->difference.got, "%s=%u", what, (unsigned)got);
	return replay_differs(r, line);
}

static enum replay_outcome compare_pcp(struct replay *r, u64 line, const struct change *change, struct pcp_set *told,
				       struct pcp_set *set)
{
	for (unsigned n = 0; n < ARRAY_SIZE(pcp_fields); n++) {
		u32 got = *pcp_field(set, n);

		if (change->pcp[n] == UINT32_MAX)
			continue;
		if (change->pcp[n] != got)
			return number_differs(r, line, pcp_fields[n], change->pcp[n], got);
		*pcp_field(told, n) = got;
	}
	return REPLAY_SAME;
}

static void set_counter(struct zone *zone, unsigned counter, u32 value)
{
	u32 *const counters[COUNTERS] = {
		&zone->free,
		&zone->free_cma,
		&zone->highatomic,
		&zone->boost,
		&zone->isolated,
		&zone->flags,
		&zone->wmark[WMARK_MIN],
		&zone->wmark[WMARK_LOW],
		&zone->wmark[WMARK_HIGH],
	};

	*counters[counter] = value;
}

static enum replay_outcome compare_zone(struct replay *r, u64 line, const struct change *change)
{
	struct zone *told = &r->told.zone[change->place.zone];
	const struct zone *zone = &r->machine.phys.zone[change->place.zone];

	for (unsigned n = 0; n < COUNTERS; n++) {
		u32 got = replay_compare_counter(zone, n);

		if (!(change->counters.present >> n & 1))
			continue;
		if (change->counters.value[n] != got)
			return number_differs(r, line, recording_counter_name(n), change->counters.value[n], got);
		set_counter(told, n, got);
	}
	return REPLAY_SAME;
}

static enum replay_outcome compare_block(struct replay *r, u64 line, const struct change *change)
{
	const struct phys *p = &r->machine.phys;
	unsigned zone = change->place.zone;
	u32 n =
	    (change->pfn >> p->config->pageblock_order) - (pageblock_start(p, zone, 0) >> p->config->pageblock_order);
	unsigned before = r->told.block_type[zone][n];
	unsigned after = pageblock_type_at(p, zone, n);

	if (before != change->before || after != change->after) {
		strbuf_printf(&r->difference.expected, "%c>%c", migratetype_letter(change->before),
			      migratetype_letter(change->after));
		strbuf_printf(&r->difference.got, "%c>%c", before == MT_NONE ? '-' : migratetype_letter(before),
			      after == MT_NONE ? '-' : migratetype_letter(after));
		return replay_differs(r, line);
	}
	r->told.block_type[zone][n] = (u8)after;
	return REPLAY_SAME;
}

static enum replay_outcome compare(struct replay *r, u64 line, const struct change *change)
{
	const struct recording_place *at = &change->place;
	struct phys *p = &r->machine.phys;
	size_t cpu = (size_t)at->zone * p->config->cpus + at->cpu;

	switch (change->kind) {
	case CHANGE_FREE:
		return compare_list(r, line, change, &r->told.zone[at->zone].list[at->order][at->type],
				    &p->zone[at->zone].list[at->order][at->type]);
	case CHANGE_PCP_LIST:
		return compare_list(r, line, change, &r->told.pcp[cpu].set[at->set].list[at->list],
				    &p->pcp[cpu].set[at->set].list[at->list]);
	case CHANGE_PCP:
		return compare_pcp(r, line, change, &r->told.pcp[cpu].set[at->set], &p->pcp[cpu].set[at->set]);
	case CHANGE_ZONE:
		return compare_zone(r, line, change);
	case CHANGE_BLOCK:
		return compare_block(r, line, change);
	default:
		return replay_cache_compare_change(r, change->cache);
	}
}

enum replay_outcome replay_change(struct replay *r, struct recording_cursor c)
{
	struct change change;

	if (!read_change(&c, r->machine.phys.config, &change))
		return REPLAY_BAD;
	return compare(r, c.line, &change);
}

/* Can pages for small objects come from, or go through, this list, so that an operation may change it on the side? */
static bool holds_kernel_pages(const struct phys_config *config, const struct change *change)
{
	if (change->kind != CHANGE_FREE && change->kind != CHANGE_PCP_LIST)
		return false;
	return config->types == 1 || change->place.type == MT_UNMOVABLE || change->place.type == MT_RECLAIMABLE;
}

/* Lets the machine's counts stand where the line has others; were there such? */
static bool counts_differ(struct replay *r, struct change *change)
{
	const struct recording_place *at = &change->place;
	const struct phys *p = &r->machine.phys;
	struct pcp_set *set = &p->pcp[(size_t)at->zone * p->config->cpus + at->cpu].set[at->set];
	bool differ = false;

	for (unsigned n = 0; n < PCP_FIGURES && change->kind == CHANGE_PCP; n++) {
		if (change->pcp[n] == UINT32_MAX || change->pcp[n] == *pcp_field(set, n))
			continue;
		change->pcp[n] = *pcp_field(set, n);
		differ = true;
	}
	if (change->kind == CHANGE_ZONE && (change->counters.present >> COUNTER_FREE & 1) &&
	    change->counters.value[COUNTER_FREE] != p->zone[at->zone].free) {
		change->counters.value[COUNTER_FREE] = p->zone[at->zone].free;
		differ = true;
	}
	return differ;
}

enum replay_outcome replay_change_loosely(struct replay *r, struct recording_cursor c, bool *other)
{
	enum replay_outcome outcome;
	struct change change;

	*other = true;
	if (!read_change(&c, r->machine.phys.config, &change))
		return REPLAY_BAD;
	if (r->leeway == REPLAY_BACKGROUND)
		return REPLAY_SAME;
	*other = counts_differ(r, &change);
	outcome = compare(r, c.line, &change);
	if (outcome != REPLAY_DIFFERS || !holds_kernel_pages(r->machine.phys.config, &change))
		return outcome;
	*other = true;
	strbuf_clear(&r->difference.expected);
	strbuf_clear(&r->difference.got);
	return REPLAY_SAME;
}

/* Something changed in the machine that no line told. */
static enum replay_outcome untold(struct replay *r, u64 line, const char *what, u32 told, u32 got)
{
	strbuf_printf(&r->difference.expected, _("no change of %s, %u"), what, (unsigned)told);
	strbuf_printf(&r->difference.got, "%u", (unsigned)got);
	return replay_differs(r, line);
}

static enum replay_outcome untold_list(struct replay *r, u64 line, const char *what, const struct block_list *told,
				       const struct block_list *list)
{
	strbuf_printf(&r->difference.expected, _("no change of list %s"), what);
	strbuf_printf(&r->difference.got, "%u>%u", (unsigned)told->count, (unsigned)list->count);
	if (list->count)
		strbuf_printf(&r->difference.got, " head=%u tail=%u", (unsigned)list->head, (unsigned)list->tail);
	return replay_differs(r, line);
}

static bool same_list(const struct block_list *a, const struct block_list *b)
{
	return a->count == b->count && a->head == b->head && a->tail == b->tail;
}

static enum replay_outcome untold_in_zone(struct replay *r, unsigned zone, u64 line)
{
	const struct phys_config *config = r->machine.phys.config;
	const struct zone *got = &r->machine.phys.zone[zone];
	const struct zone *told = &r->told.zone[zone];
	char what[64];

	for (unsigned n = 0; n < COUNTERS; n++) {
		u32 a = replay_compare_counter(told, n), b = replay_compare_counter(got, n);

		if (a == b)
			continue;
		snprintf(what, sizeof(what), "zone %s %s=", config->zone[zone].name, recording_counter_name(n));
		return untold(r, line, what, a, b);
	}
	for (unsigned order = 0; order < config->orders; order++) {
		for (unsigned type = 0; type < config->types; type++) {
			if (same_list(&told->list[order][type], &got->list[order][type]))
				continue;
			snprintf(what, sizeof(what), "free %s %u %c", config->zone[zone].name, order,
				 migratetype_letter(type));
			return untold_list(r, line, what, &told->list[order][type], &got->list[order][type]);
		}
	}
	for (u32 n = 0; n < pageblock_count(&r->machine.phys, zone); n++) {
		unsigned type = pageblock_type_at(&r->machine.phys, zone, n);

		if (type == r->told.block_type[zone][n])
			continue;
		strbuf_printf(&r->difference.expected, _("no change of the page block at %u"),
			      (unsigned)pageblock_start(&r->machine.phys, zone, n));
		strbuf_printf(&r->difference.got, _("type %c"), migratetype_letter(type));
		return replay_differs(r, line);
	}
	return REPLAY_SAME;
}

/* The lists and counters of one per-CPU set. */
static enum replay_outcome untold_in_set(struct replay *r, unsigned zone, unsigned cpu, unsigned s, u64 line)
{
	const struct phys_config *config = r->machine.phys.config;
	size_t index = (size_t)zone * config->cpus + cpu;
	struct pcp_set *told = &r->told.pcp[index].set[s], *got = &r->machine.phys.pcp[index].set[s];
	const char *name = config->zone[zone].name;
	bool hot_cold = config->pcp_rule == PCP_HOT_COLD;
	char what[64];

	for (unsigned n = 0; n < ARRAY_SIZE(pcp_fields); n++) {
		if (*pcp_field(told, n) == *pcp_field(got, n))
			continue;
		snprintf(what, sizeof(what), "pcpc %s %u %s%s=", name, cpu,
			 !hot_cold ? ""
			 : s       ? "cold "
				   : "hot ",
			 pcp_fields[n]);
		return untold(r, line, what, *pcp_field(told, n), *pcp_field(got, n));
	}
	for (unsigned l = 0; l < PHYS_PCP_LISTS; l++) {
		if (same_list(&told->list[l], &got->list[l]))
			continue;
		if (hot_cold)
			snprintf(what, sizeof(what), "pcp %s %u 0 %s", name, cpu, s ? "cold" : "hot");
		else
			snprintf(what, sizeof(what), "pcp %s %u %u %c", name, cpu, l / MT_PCPTYPES,
				 migratetype_letter(l % MT_PCPTYPES));
		return untold_list(r, line, what, &told->list[l], &got->list[l]);
	}
	return REPLAY_SAME;
}

enum replay_outcome replay_change_end(struct replay *r, u64 line, u64 hash)
{
	const struct phys_config *config = r->machine.phys.config;
	enum replay_outcome outcome;
	u64 got;

	for (unsigned zone = 0; zone < config->zones; zone++) {
		outcome = untold_in_zone(r, zone, line);
		for (unsigned n = 0; n < config->cpus * 2 && outcome == REPLAY_SAME; n++)
			outcome = untold_in_set(r, zone, n / 2, n % 2, line);
		if (outcome != REPLAY_SAME)
			return outcome;
	}
	outcome = replay_cache_compare_end(r, line, false);
	if (outcome != REPLAY_SAME)
		return outcome;
	got = phys_state_hash(&r->machine.phys);
	if (got == hash || r->drift.count)
		return REPLAY_SAME;
	strbuf_printf(&r->difference.expected, _("the state hash %016llx"), (unsigned long long)hash);
	strbuf_printf(&r->difference.got, "%016llx", (unsigned long long)got);
	return replay_differs(r, line);
}
