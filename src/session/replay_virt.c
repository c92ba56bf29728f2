/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/replay_virt.h"

#include "base/text.h"
#include "slab/kmem_cache.h"
#include "virt/kmap.h"
#include "virt/page_table.h"
#include "virt/vmalloc.h"

#include <inttypes.h>
#include <string.h>

static const char *const state_names[VMAP_STATES] = { "", "busy", "lazy", "free" };

/* A line of an area: busy <start>-<end> size= flags= pages= [phys=], or lazy|free <start>-<end>. */
struct area_line {
	unsigned state;
	u64 start, end;
	u64 flags, pages, phys;
};

/* Which kind of line it is, by what stands behind its first word. */
enum line_of { LINE_OF_AREA, LINE_OF_LAZY_PAGES, LINE_OF_LAST_SLOT, LINE_OF_SLOTS };

static enum line_of kind_of(struct recording_cursor *c)
{
	c->at += strspn(c->at, " ");
	if (recording_skip(c, "lazy_nr "))
		return LINE_OF_LAZY_PAGES;
	if (recording_skip(c, "last_pkmap_nr="))
		return LINE_OF_LAST_SLOT;
	return *c->at == '\0' || (*c->at >= '0' && *c->at <= '9') ? LINE_OF_SLOTS : LINE_OF_AREA;
}

static bool read_area(struct recording_cursor *c, struct area_line *line)
{
	char word[8];

	memset(line, 0, sizeof(*line));
	if (!recording_word(c, word, sizeof(word), _("the state of an area")))
		return false;
	for (unsigned state = VMAP_BUSY; state < VMAP_STATES; state++)
		if (strcmp(word, state_names[state]) == 0)
			line->state = state;
	if (!line->state)
		return recording_expected(c, _("an area that is busy, lazy or free before this"));
	c->at += strspn(c->at, " ");
	if (!recording_hex(c, &line->start, _("where the area begins")) || !recording_literal(c, "-") ||
	    !recording_hex(c, &line->end, _("where the area ends")))
		return false;
	if (line->state != VMAP_BUSY)
		return true;
	if (!recording_key_hex(c, "flags", &line->flags) || !recording_key(c, "pages", UINT32_MAX, &line->pages))
		return false;
	return !strstr(c->at, "phys=") || recording_key_hex(c, "phys", &line->phys);
}

static struct virt_system *virt_of(struct replay *r)
{
	return &r->machine.virt;
}

/* ------------------------------------------------------------- loading */

static bool load_area(struct replay *r, struct recording_cursor *c)
{
	struct virt_system *v = virt_of(r);
	u64 page = UINT64_C(1) << r->machine.config.page_shift;
	struct area_line line;
	struct vmap_area *area;

	if (!read_area(c, &line))
		return false;
	area = vmap_area_load(v, line.state, line.start, line.end);
	if (!area)
		return recording_expected(c, _("fewer areas"));
	area->flags = (u32)line.flags;
	area->nr_pages = (u32)line.pages;
	area->phys = line.phys;
	for (u64 at = 0; line.state == VMAP_BUSY && at < vmalloc_area_bytes(v, area); at += page)
		if (!page_table_make(v, line.start + at, TABLE_BOOT))
			return recording_expected(c, _("areas that need fewer page tables"));
	return true;
}

/* <slot>:<count>:<pfn> ... */
static bool load_slots(struct replay *r, struct recording_cursor *c)
{
	u64 slot, count, pfn;

	for (c->at += strspn(c->at, " "); *c->at; c->at += strspn(c->at, " ")) {
		if (!recording_number(c, virt_of(r)->config->last_pkmap, &slot, _("a slot of kmap()")) ||
		    !recording_literal(c, ":") || !recording_number(c, UINT32_MAX, &count, _("a count")) ||
		    !recording_literal(c, ":") ||
		    !recording_number(c, r->machine.config.max_pfn - 1, &pfn, _("a page frame")))
			return false;
		if (!kmap_load(virt_of(r), (u32)slot, (u32)count, (pfn_t)pfn))
			return recording_expected(c, _("slots that exist"));
	}
	return true;
}

static bool load_line(struct replay *r, struct recording_cursor c)
{
	u64 number;

	switch (kind_of(&c)) {
	case LINE_OF_LAZY_PAGES:
		return true;
	case LINE_OF_LAST_SLOT:
		if (!recording_number(&c, UINT32_MAX, &number, _("a slot of kmap()")))
			return false;
		virt_of(r)->state->last_pkmap_nr = (u32)number;
		return true;
	case LINE_OF_SLOTS:
		return load_slots(r, &c);
	default:
		return load_area(r, &c);
	}
}

/*
 * The kernel's first object of the cache, made at boot, is that of all free
 * addresses; where an area is cut in two, the upper part keeps the object.  So
 * the uppermost free area has the first object of the first slab.  The objects of
 * the areas below are not told.
 */
static void load_first_object(struct replay *r, const struct kmem_cache *cache)
{
	struct virt_system *v = virt_of(r);
	const struct slab_system *s = &r->machine.slab;
	const struct phys *p = &r->machine.phys;
	struct vmap_area *last = vmap_area_at(v, v->state->last[VMAP_FREE]);

	for (pfn_t pfn = 0; last && pfn < p->config->direct_map_end; pfn++) {
		const struct page *page = page_find(p, pfn);

		if (!page || page->kind != PAGE_SLAB || page->head != pfn || page->slab.cache != slab_slot(s, cache))
			continue;
		last->vmap_area = slab_address(s, pfn) + (s->cpu ? cache->slub.red_left_pad : page->slab.s_mem);
		return;
	}
}

bool replay_virt_load(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	const struct kmem_cache *cache;

	if (!virt_of(r)->state)
		return true;
	for (size_t n = 0; n < snapshot->count; n++)
		if (snapshot->line[n].kind == LINE_AREA &&
		    !load_line(r, recording_block_cursor(snapshot, n, r->path, st)))
			return false;
	cache = kmem_cache_by_name(&r->machine.slab, "vmap_area");
	if (cache && virt_of(r)->config->rule == VMAP_FREE_AREAS) {
		virt_of(r)->state->area_cache = slab_slot(&r->machine.slab, cache) + 1;
		/* A search that found its place without cutting an area in two has left it behind. */
		virt_of(r)->state->spare_node = VIRT_OBJECT_UNKNOWN;
		load_first_object(r, cache);
	}
	return true;
}

/* ------------------------------------------------------------- comparing */

/* The recording has what stands at `c`; the model has `got`, which this frees. */
static enum replay_outcome compare_text(struct replay *r, const struct recording_cursor *c, struct strbuf *got)
{
	size_t length = strlen(c->at);
	enum replay_outcome outcome = REPLAY_SAME;

	while (length && c->at[length - 1] == ' ')
		length--;
	if (strlen(strbuf_str(got)) != length || strncmp(c->at, strbuf_str(got), length) != 0) {
		strbuf_puts(&r->difference.expected, c->at);
		strbuf_puts(&r->difference.got, strbuf_str(got));
		outcome = replay_differs(r, c->line);
	}
	strbuf_free(got);
	return outcome;
}

static enum replay_outcome compare_area(struct replay *r, struct recording_cursor c)
{
	const struct virt_system *v = virt_of(r);
	const struct recording_cursor begin = c;
	struct strbuf got = STRBUF_INIT;
	const struct vmap_area *area;
	struct area_line line;
	u64 size;

	if (!read_area(&c, &line))
		return REPLAY_BAD;
	area = vmap_area_first(v, line.state);
	while (area && area->start != line.start)
		area = vmap_area_next(v, area);
	if (!area) {
		strbuf_printf(&got, _("no %s area begins there"), state_names[line.state]);
		return compare_text(r, &begin, &got);
	}
	strbuf_printf(&got, "%s %" PRIx64 "-%" PRIx64, state_names[line.state], area->start, area->end);
	size = vmalloc_area_bytes(v, area) + (UINT64_C(1) << r->machine.config.page_shift);
	if (line.state == VMAP_BUSY)
		strbuf_printf(&got, " size=%" PRIx64 " flags=%x pages=%u", size, (unsigned)area->flags,
			      (unsigned)area->nr_pages);
	if (line.state == VMAP_BUSY && v->config->rule == VMAP_LIST && area->phys)
		strbuf_printf(&got, " phys=%" PRIx64, area->phys);
	return compare_text(r, &begin, &got);
}

static enum replay_outcome compare_slots(struct replay *r, const struct recording_cursor *c)
{
	const struct virt_system *v = virt_of(r);
	struct strbuf got = STRBUF_INIT;

	for (u32 n = 0; n < v->config->last_pkmap; n++)
		if (v->kmap[n].count)
			strbuf_printf(&got, "%s%u:%u:%u", got.length ? " " : "", (unsigned)n,
				      (unsigned)v->kmap[n].count, (unsigned)v->kmap[n].pfn);
	return compare_text(r, c, &got);
}

enum replay_outcome replay_virt_line(struct replay *r, struct recording_cursor c)
{
	const struct virt_system *v = virt_of(r);
	struct strbuf got = STRBUF_INIT;

	if (!v->state)
		return REPLAY_SAME;
	switch (kind_of(&c)) {
	case LINE_OF_LAZY_PAGES:
		strbuf_printf(&got, "%" PRIu64, v->state->lazy_pages);
		return compare_text(r, &c, &got);
	case LINE_OF_LAST_SLOT:
		strbuf_printf(&got, "%u", (unsigned)v->state->last_pkmap_nr);
		return compare_text(r, &c, &got);
	case LINE_OF_SLOTS:
		return compare_slots(r, &c);
	default:
		return compare_area(r, c);
	}
}

enum replay_outcome replay_virt_left_out(struct replay *r, const struct recording_block *snapshot, struct status *st)
{
	const struct virt_system *v = virt_of(r);
	u32 lines[VMAP_STATES] = { 0 };
	struct area_line line;

	for (size_t n = 0; v->state && n < snapshot->count; n++) {
		struct recording_cursor c = recording_block_cursor(snapshot, n, r->path, st);

		if (snapshot->line[n].kind != LINE_AREA || kind_of(&c) != LINE_OF_AREA)
			continue;
		if (!read_area(&c, &line))
			return REPLAY_BAD;
		lines[line.state]++;
	}
	for (unsigned state = VMAP_BUSY; v->state && state < VMAP_STATES; state++) {
		if (lines[state] == v->state->count[state])
			continue;
		strbuf_printf(&r->difference.expected, _("%s areas: %u"), state_names[state], (unsigned)lines[state]);
		strbuf_printf(&r->difference.got, "%u", (unsigned)v->state->count[state]);
		return replay_differs(r, snapshot->line[snapshot->count - 1].number);
	}
	return REPLAY_SAME;
}
