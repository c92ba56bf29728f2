/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_load.h"

#include "base/text.h"
#include "phys/load.h"
#include "phys/pageblock.h"
#include "session/replay_cache_compare.h"
#include "session/replay_cache_load.h"
#include "session/replay_cma.h"
#include "session/replay_compare.h"
#include "session/replay_header_slab.h"
#include "session/replay_tunables.h"
#include "session/replay_virt.h"

bool replay_load_wants(enum line_kind kind)
{
	switch (kind) {
	case LINE_TUNABLES:
	case LINE_ZONE:
	case LINE_BLOCKS:
	case LINE_MOVABLE:
	case LINE_FREE_LIST:
	case LINE_PCP:
	case LINE_PCP_LIST:
	case LINE_CMA:
	case LINE_AREA:
	case LINE_STATE:
		return true;
	default:
		return replay_cache_compare_takes(kind);
	}
}

static bool load_blocks(struct phys *p, struct recording_cursor *c)
{
	unsigned zone, type;

	if (!recording_block_zone(c, p->config, &zone))
		return false;
	for (u32 n = 0; n < pageblock_count(p, zone); n++) {
		if (!recording_block_type(c, &type))
			return false;
		pageblock_set_type_at(p, zone, n, type);
	}
	return recording_done(c);
}

/* The counters that do not follow from the lists; the others are compared later. */
static bool load_zone(struct phys *p, struct recording_cursor *c)
{
	struct recording_counters counters;
	struct zone *z;
	unsigned zone;

	if (!recording_zone(c, p->config, &zone) || !recording_zone_counters(c, &counters))
		return false;
	z = &p->zone[zone];
	z->highatomic = counters.value[COUNTER_HIGHATOMIC];
	z->boost = counters.value[COUNTER_BOOST];
	z->isolated = counters.value[COUNTER_ISOLATED];
	z->flags = counters.value[COUNTER_FLAGS];
	if (!(counters.present >> COUNTER_MIN & 1))
		return recording_expected(c, "wm=");
	for (unsigned w = 0; w < WMARK_COUNT; w++)
		z->wmark[w] = counters.value[COUNTER_MIN + w];
	return true;
}

static bool load_movable_frames(struct phys *p, struct recording_cursor *c)
{
	struct recording_run run;
	unsigned zone;
	pfn_t pfn;

	if (!recording_zone(c, p->config, &zone))
		return false;
	run = recording_run(c, 0);
	while (recording_run_next(&run, &pfn))
		if (!load_movable(p, pfn, c->st))
			return recording_failed(c);
	return !run.failed;
}

static bool load_free_list(struct phys *p, struct recording_cursor *c)
{
	struct recording_place place;
	struct recording_run run;
	pfn_t pfn;

	if (!recording_free_place(c, p->config, &place) || !recording_literal(c, ":"))
		return false;
	run = recording_run(c, place.order);
	while (recording_run_next(&run, &pfn))
		if (!load_free_block(p, place.zone, pfn, place.order, place.type, c->st))
			return recording_failed(c);
	return !run.failed;
}

static bool load_pcp(struct phys *p, struct recording_cursor *c)
{
	u64 high, batch, free_factor = 0, most = UINT64_C(1) << 24;
	struct recording_place place;
	struct pcp_set *set;

	if (!recording_pcp_place(c, p->config, &place) || !recording_key(c, "high", most, &high) ||
	    !recording_key(c, "batch", most, &batch) ||
	    !recording_key_if(c, "ff", p->config->pcp_scale_max, &free_factor))
		return false;
	if (batch == 0)
		return recording_expected(c, _("a batch= of at least one page"));
	set = &phys_pcp(p, place.zone, place.cpu)->set[place.set];
	set->high = (u32)high;
	set->batch = (u32)batch;
	set->free_factor = (u32)free_factor;
	return true;
}

static bool load_pcp_list(struct phys *p, struct recording_cursor *c)
{
	struct recording_place place;
	struct recording_run run;
	pfn_t pfn;

	if (!recording_pcp_list_place(c, p->config, &place) || !recording_literal(c, ":"))
		return false;
	run = recording_run(c, place.order);
	while (recording_run_next(&run, &pfn)) {
		unsigned type = run.type == MT_NONE ? place.type : run.type;

		if (!load_pcp_block(p, place.zone, place.cpu, place.set, place.list, pfn, type, c->st))
			return recording_failed(c);
	}
	return !run.failed;
}

static bool load_line(struct phys *p, enum line_kind kind, struct recording_cursor c)
{
	switch (kind) {
	case LINE_TUNABLES:
		return replay_tunables_load(p, &c);
	case LINE_ZONE:
		return load_zone(p, &c);
	case LINE_BLOCKS:
		return load_blocks(p, &c);
	case LINE_MOVABLE:
		return load_movable_frames(p, &c);
	case LINE_FREE_LIST:
		return load_free_list(p, &c);
	case LINE_PCP:
		return load_pcp(p, &c);
	case LINE_PCP_LIST:
		return load_pcp_list(p, &c);
	case LINE_CMA:
		return replay_cma_load(p, &c);
	default:
		return true;
	}
}

/* Is this line of the snapshot one on what a slab cache was made with? */
static bool is_geometry(const struct recording_block *snapshot, u64 number)
{
	for (size_t n = 0; n < snapshot->count; n++)
		if (snapshot->line[n].number == number)
			return snapshot->line[n].kind == LINE_CACHE;
	return false;
}

enum replay_outcome replay_load(struct replay *r, const struct replay_header *header,
				const struct recording_block *snapshot, struct status *st)
{
	struct slab_config slab = header->slab;
	enum replay_outcome outcome;

	recording_block_clear(&r->drift);
	replay_header_slab_boot(&slab, snapshot);
	if (!replay_reset(r, &header->config, &slab, st))
		return REPLAY_BAD;
	for (size_t n = 0; n < snapshot->count; n++)
		if (!load_line(&r->machine.phys, snapshot->line[n].kind,
			       recording_block_cursor(snapshot, n, r->path, st)))
			return REPLAY_BAD;
	outcome = replay_cache_load(r, snapshot, st);
	if (outcome != REPLAY_SAME)
		return outcome;
	if (!replay_virt_load(r, snapshot, st))
		return REPLAY_BAD;
	outcome = replay_compare(r, snapshot, st);
	if (outcome == REPLAY_DIFFERS && !is_geometry(snapshot, r->difference.line)) {
		status_fail(st, STATUS_FORMAT,
			    _("%s:%llu: the snapshot contradicts itself: it says %s, but it holds %s"), r->path,
			    (unsigned long long)r->difference.line, strbuf_str(&r->difference.expected),
			    strbuf_str(&r->difference.got));
		outcome = REPLAY_BAD;
	}
	if (outcome == REPLAY_SAME)
		replay_told_all(r);
	return outcome;
}
