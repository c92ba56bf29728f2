/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/list_cache.h"

#include "base/text.h"
#include "phys/blocklist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than anyone scrolls through. */
#define RUNS_LIMIT 65536

/* Fewer blocks than this are shown one by one. */
#define RUN_LEAST 4

void list_cache_free(struct list_cache *c)
{
	if (c)
		free(c->runs);
	free(c);
}

static bool add_run(struct list_cache *c, struct list_section *s, struct list_run run)
{
	if (c->run_count == RUNS_LIMIT)
		return false;
	if (c->run_count == c->run_capacity) {
		size_t capacity = c->run_capacity ? c->run_capacity * 2 : 64;
		struct list_run *runs = realloc(c->runs, capacity * sizeof *runs);

		if (!runs)
			return false;
		c->runs = runs;
		c->run_capacity = capacity;
	}
	c->runs[c->run_count++] = run;
	s->run_count++;
	s->left_out -= run.blocks;
	return true;
}

/* Adds a run, or its blocks one by one if they are few. */
static bool add_blocks(struct list_cache *c, struct list_section *s, struct list_run run)
{
	/* May be the difference downwards: pfn arithmetic is modulo 2^32. */
	pfn_t step = run.blocks > 1 ? (run.last - run.first) / (run.blocks - 1) : 0;

	if (run.blocks > 1 && run.last < run.first)
		step = -((run.first - run.last) / (run.blocks - 1));
	if (run.blocks >= RUN_LEAST)
		return add_run(c, s, run);
	for (u32 i = 0; i < run.blocks; i++) {
		pfn_t pfn = run.first + i * step;

		if (!add_run(c, s, (struct list_run){ pfn, pfn, 1, run.changed }))
			return false;
	}
	return true;
}

static void walk(struct view *v, struct list_section *s, const struct block_list *list)
{
	const struct phys *p = view_phys(v);
	pfn_t length = (pfn_t)1 << s->order, step = 0;
	struct list_run run = { .blocks = 0 };
	bool room = true;

	for (pfn_t pfn = list->head; pfn != PFN_NONE && room; pfn = blocklist_next(p, s->order, pfn)) {
		bool changed = changes_has_block(&v->changes, pfn, s->order);
		pfn_t difference = pfn - run.last;
		bool joins = run.blocks && changed == run.changed &&
			     (run.blocks == 1 ? difference == length || difference == -length : difference == step);

		if (joins) {
			step = difference;
			run.last = pfn;
			run.blocks++;
			continue;
		}
		if (run.blocks)
			room = add_blocks(v->list, s, run);
		run = (struct list_run){ pfn, pfn, 1, changed };
	}
	if (run.blocks && room)
		add_blocks(v->list, s, run);
}

/* Adds a list. `name` may be "". */
static void add_section(struct view *v, const struct block_list *list, unsigned order, const char *name)
{
	struct list_cache *c = v->list;
	struct list_section *s = &c->section[c->sections];

	if (c->sections == LIST_SECTIONS)
		return;
	c->sections++;
	*s = (struct list_section){
		.order = order, .blocks = list->count, .left_out = list->count, .run = c->run_count
	};
	snprintf(s->name, sizeof s->name, "%s", name);
	walk(v, s, list);
}

static void add_free_lists(struct view *v)
{
	const struct zone *zone = &view_phys(v)->zone[v->zone];
	unsigned types = view_phys(v)->config->types;

	if (types == 1 || v->type != MT_COUNT) {
		add_section(v, &zone->list[v->order][types == 1 ? 0 : v->type], v->order, "");
		return;
	}
	for (unsigned t = 0; t < types; t++)
		if (zone->list[v->order][t].count)
			add_section(v, &zone->list[v->order][t], v->order, migratetype_name(t));
}

static void add_pcp_lists(struct view *v)
{
	const struct phys *p = view_phys(v);
	const struct pcp *pcp = phys_pcp(p, v->zone, p->state->cpu);

	if (p->config->pcp_rule == PCP_HOT_COLD) {
		add_section(v, &pcp->set[0].list[0], 0, _("hot"));
		add_section(v, &pcp->set[1].list[0], 0, _("cold"));
		return;
	}
	for (unsigned l = 0; l < p->config->pcp_orders * MT_PCPTYPES && l < PHYS_PCP_LISTS; l++) {
		char name[48];

		if (!pcp->set[0].list[l].count)
			continue;
		snprintf(name, sizeof name, _("order %u, %s"), l / MT_PCPTYPES, migratetype_name(l % MT_PCPTYPES));
		add_section(v, &pcp->set[0].list[l], l / MT_PCPTYPES, name);
	}
}

void list_cache_prepare(struct view *v)
{
	struct list_cache *c = v->list;

	if (!c)
		c = v->list = calloc(1, sizeof *c);
	if (!c || !v->session->machine.alive)
		return;
	if (c->state == v->seen && c->zone == v->zone && c->order == v->order && c->type == v->type)
		return;
	c->state = v->seen;
	c->zone = v->zone;
	c->order = v->order;
	c->type = v->type;
	c->sections = 0;
	c->run_count = 0;
	if (v->order == VIEW_PCP)
		add_pcp_lists(v);
	else
		add_free_lists(v);
}
