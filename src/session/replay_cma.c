/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_cma.h"

#include "base/text.h"
#include "phys/cma.h"
#include "phys/load.h"
#include "session/replay_moves.h"

#include <string.h>

/* A CMA line up to `used:`. */
struct area_line {
	u64 number;
	struct cma_config config;
};

/* <n> name= base_pfn= count= order_per_bit= used: */
static bool read_area(struct recording_cursor *c, struct area_line *line)
{
	struct recording_cursor name;
	u64 base, count, order;

	memset(line, 0, sizeof(*line));
	if (!recording_number(c, PHYS_CMA_AREAS - 1, &line->number, _("the number of a CMA area")))
		return false;
	if (!recording_find(c, "name", &name))
		return recording_expected(c, "name=");
	if (!recording_word(&name, line->config.name, sizeof(line->config.name), _("the area's name")) ||
	    !recording_key(c, "base_pfn", PHYS_PFN_LIMIT - 1, &base) ||
	    !recording_key(c, "count", PHYS_PFN_LIMIT - base, &count) ||
	    !recording_key(c, "order_per_bit", PHYS_ORDERS - 1, &order))
		return false;
	line->config.base_pfn = (pfn_t)base;
	line->config.count = (u32)count;
	line->config.order_per_bit = (unsigned)order;
	c->at = strstr(c->at, "used:");
	if (!c->at) {
		c->at = "";
		return recording_expected(c, "used:");
	}
	c->at += strlen("used:");
	return true;
}

/* Does the area lie inside one zone, in whole units of its bitmap? */
static bool area_is_possible(const struct phys_config *config, const struct cma_config *area)
{
	u32 unit = UINT32_C(1) << area->order_per_bit;

	if (!area->count || (area->count | area->base_pfn) & (unit - 1))
		return false;
	for (unsigned z = 0; z < config->zones; z++) {
		const struct zone_config *zc = &config->zone[z];

		if (area->base_pfn >= zc->start_pfn &&
		    (u64)area->base_pfn + area->count <= (u64)zc->start_pfn + zc->spanned)
			return config->types > 1;
	}
	return false;
}

bool replay_cma_areas(struct phys_config *config, const struct recording_block *snapshot, const char *path,
		      struct status *st)
{
	for (size_t n = 0; n < snapshot->count; n++) {
		struct recording_cursor c = recording_block_cursor(snapshot, n, path, st), start = c;
		struct area_line line;

		if (snapshot->line[n].kind != LINE_CMA)
			continue;
		if (!read_area(&c, &line))
			return false;
		if (line.number != config->cma_areas || !area_is_possible(config, &line.config))
			return recording_expected(&start, _("the next CMA area, inside a zone"));
		config->cma[config->cma_areas++] = line.config;
	}
	return true;
}

/* Reads a line of an area that the machine has, and leaves its list of pages in `run`. */
static bool read_known_area(const struct phys *p, struct recording_cursor *c, struct area_line *line,
			    struct recording_run *run)
{
	struct recording_cursor start = *c;

	if (!read_area(c, line))
		return false;
	if (line->number >= p->config->cma_areas ||
	    memcmp(&line->config, &p->config->cma[line->number], sizeof(line->config)) != 0)
		return recording_expected(&start, _("a CMA area as it was in the first snapshot"));
	*run = recording_run(c, 0);
	return true;
}

/* The next page that is given out; false at the end of the list, or with `failed` set and a message. */
static bool next_used(struct recording_run *run, const struct cma_config *area, pfn_t *pfn)
{
	struct recording_cursor before = run->cursor;

	if (!recording_run_next(run, pfn))
		return false;
	if (*pfn - area->base_pfn < area->count)
		return true;
	run->failed = true;
	return recording_expected(&before, _("pages of the area"));
}

bool replay_cma_load(struct phys *p, struct recording_cursor *c)
{
	struct area_line line;
	struct recording_run run;
	pfn_t pfn;

	if (!read_known_area(p, c, &line, &run))
		return false;
	while (next_used(&run, &line.config, &pfn))
		if (!load_cma_used(p, (unsigned)line.number, pfn, c->st))
			return recording_failed(c);
	return !run.failed;
}

static enum replay_outcome used_differs(struct replay *r, u64 line, pfn_t pfn, bool expected)
{
	struct strbuf *first = expected ? &r->difference.expected : &r->difference.got;
	struct strbuf *second = expected ? &r->difference.got : &r->difference.expected;

	strbuf_printf(first, _("the area has given page %u out"), (unsigned)pfn);
	strbuf_printf(second, _("page %u is there to be given out"), (unsigned)pfn);
	return replay_differs(r, line);
}

/* The list names the first page of each unit and the others of it, all in ascending order. */
enum replay_outcome replay_cma_compare(struct replay *r, struct recording_cursor *c, unsigned *area)
{
	const struct phys *p = &r->machine.phys;
	struct area_line line;
	struct recording_run run;
	pfn_t used = PFN_NONE;

	if (!read_known_area(p, c, &line, &run))
		return REPLAY_BAD;
	*area = (unsigned)line.number;
	if (!next_used(&run, &line.config, &used) && run.failed)
		return REPLAY_BAD;
	for (u32 n = 0; n < line.config.count; n++) {
		pfn_t pfn = line.config.base_pfn + n;
		bool expected = pfn == used;

		if (expected != (p->cma_used[*area][n >> line.config.order_per_bit] != 0))
			return used_differs(r, c->line, pfn, expected);
		used = expected ? PFN_NONE : used;
		if (expected && !next_used(&run, &line.config, &used) && run.failed)
			return REPLAY_BAD;
	}
	return used == PFN_NONE ? REPLAY_SAME : used_differs(r, c->line, used, true);
}

/* area=, h= and count= of an operation. */
static bool read_request(struct replay_op *op, u64 *area, u64 *h, u64 *count)
{
	if (!op->p->config->cma_areas)
		return recording_expected(&op->args, _("a machine with a CMA area before this"));
	*area = 0;
	return recording_key_if(&op->args, "area", op->p->config->cma_areas - 1, area) &&
	       replay_op_number(op, "h", h) &&
	       recording_key(&op->args, "count", UINT32_MAX >> op->p->config->page_shift, count);
}

enum replay_outcome replay_cma_alloc(struct replay_op *op)
{
	struct strbuf got = STRBUF_INIT;
	struct replay_handle handle = { 0 };
	enum replay_outcome outcome;
	u64 area, h, count, align;

	if (!read_request(op, &area, &h, &count) || !recording_key(&op->args, "align", PHYS_ORDERS - 1, &align))
		return REPLAY_BAD;
	handle.pfn = cma_alloc(op->p, (unsigned)area, (u32)count, (unsigned)align);
	handle.bytes = (u32)count << op->p->config->page_shift;
	if (handle.pfn != PFN_NONE && !replay_handle_set(op->r, h, handle, &op->args))
		return REPLAY_BAD;
	outcome = replay_moves_compare(op);
	if (outcome != REPLAY_SAME)
		return outcome;
	if (handle.pfn == PFN_NONE)
		strbuf_puts(&got, "NULL");
	else
		strbuf_printf(&got, "pfn=%u zone=%s", (unsigned)handle.pfn,
			      op->p->config->zone[phys_zone_of(op->p, handle.pfn)].name);
	strbuf_printf(&got, " migrations=%llu", (unsigned long long)op->r->moves.count);
	outcome = replay_op_compare(op, strbuf_str(&got), NULL);
	strbuf_free(&got);
	return outcome;
}

enum replay_outcome replay_cma_release(struct replay_op *op)
{
	struct status why = STATUS_INIT;
	enum replay_outcome outcome;
	u64 area, h, count, pfn;

	if (!read_request(op, &area, &h, &count) || !recording_key(&op->args, "pfn", PHYS_PFN_LIMIT, &pfn))
		return REPLAY_BAD;
	outcome = replay_op_take_handle(op, (pfn_t)pfn, 0, (u32)count << op->p->config->page_shift);
	if (outcome != REPLAY_SAME)
		return outcome;
	if (!cma_release(op->p, (pfn_t)pfn, (u32)count, &why))
		return replay_op_refused(op, &why);
	return replay_op_compare(op, "1", NULL);
}
