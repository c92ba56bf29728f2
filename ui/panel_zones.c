/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel_zones.h"

#include "base/text.h"
#include "machine/early.h"
#include "phys/lru.h"
#include "ui/cma_use.h"
#include "ui/wrap.h"
#include "ui/zone_gauge.h"
#include "ui/zone_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns in front of the gauge: a name. */
#define LABEL 10

/* Behind it: what is free, how that stands to the marks, what the last request did there. */
#define VERDICT 12
#define WALK 12

/* From here on what is on per-CPU lists and in use are columns too. */
#define COLS_FOR_COUNTS 100
#define GAUGE_MOST 100

/* How much is told: each includes what stands before it. */
enum detail {
	DETAIL_GAUGES,
	DETAIL_WALK, /* each try of the last request, with its figures */
	DETAIL_MARKS, /* the figures of the marks of the zone that is chosen */
	DETAIL_ZONE, /* and its reserves and per-CPU lists */
	DETAIL_ALL, /* of all zones */
};

/* Where rows are drawn; a NULL grid only measures. */
struct pen {
	const struct view *v;
	struct grid *g;
	struct rect r;
	int first; /* row of the content that is at the top */
	int row; /* the next */
	int chosen, chosen_end; /* the rows of the zone that is chosen; the end is the row behind them */
	const struct zone_walk *walk;
	int gauge, count_cols, counts; /* columns of the gauge and of a number; numbers of a row */
};

static bool pen_shows(const struct pen *p)
{
	return p->g && p->row >= p->first && p->row < p->first + p->r.rows;
}

static int pen_y(const struct pen *p)
{
	return p->r.y + p->row - p->first;
}

static struct pen pen_start(const struct view *v, struct grid *g, struct rect r, const struct zone_walk *walk)
{
	struct pen p = { .v = v, .g = g, .r = r, .walk = walk };
	char number[24];
	u32 most = 0;

	for (unsigned z = 0; z < view_phys(v)->config->zones; z++)
		if (view_phys(v)->zone[z].managed > most)
			most = view_phys(v)->zone[z].managed;
	p.count_cols = snprintf(number, sizeof number, "%" PRIu32, most) + 2;
	if (p.count_cols < 9)
		p.count_cols = 9;
	p.counts = r.cols < COLS_FOR_COUNTS ? 1 : 3;
	p.gauge = r.cols - LABEL - p.counts * p.count_cols - VERDICT - WALK - 1;
	if (p.gauge > GAUGE_MOST)
		p.gauge = GAUGE_MOST;
	if (p.gauge < ZONE_GAUGE_PIECES)
		p.gauge = ZONE_GAUGE_PIECES;
	return p;
}

/* -------------------------------------------------------------------- rows */

/* Does any zone have watermarks? */
static bool has_marks(const struct view *v)
{
	for (unsigned z = 0; z < view_phys(v)->config->zones; z++)
		if (view_phys(v)->zone[z].wmark[WMARK_HIGH])
			return true;
	return false;
}

/* Above the rows, and always visible. */
static void draw_scale(const struct pen *p)
{
	static const char *const marks[] = { N_("0"), N_("min"), N_("low"), N_("high") };
	static const char *const counts[] = { N_("free"), N_("per-CPU"), N_("used") };
	int x = p->r.x + LABEL, y = p->r.y - 1;

	if (!early_is(&p->v->session->machine)) {
		for (int i = 0; i < (has_marks(p->v) ? ZONE_GAUGE_PIECES : 1); i++)
			grid_put(p->g, y, x + p->gauge / (ZONE_GAUGE_PIECES + 1) * i, p->gauge, STYLE_TITLE,
				 _(marks[i]));
		grid_put_right(p->g, y, x + p->gauge - 6, 6, STYLE_TITLE, p->v->glyphs, _("all"));
	}
	x += p->gauge;
	for (int i = 0; i < p->counts; i++, x += p->count_cols)
		grid_put_right(p->g, y, x, p->count_cols, STYLE_TITLE, p->v->glyphs, _(counts[i]));
	if (p->walk->count)
		grid_put_cut(p->g, y, x + VERDICT, WALK, STYLE_TITLE, p->v->glyphs, _("request"));
}

static enum style try_style(const struct zone_try *t)
{
	if (t->state == TRY_SERVED)
		return STYLE_GOOD;
	return zone_try_refused(t) ? STYLE_WARNING : STYLE_TEXT;
}

/* "2 refused": the last try of a zone. */
static void put_word(const struct pen *p, int x, const struct zone_try *t)
{
	char text[64];

	snprintf(text, sizeof text, "%u %s", (unsigned)(t - p->walk->tries) + 1, zone_try_word(t));
	grid_put_cut(p->g, pen_y(p), x, p->r.x + p->r.cols - x, try_style(t), p->v->glyphs, text);
}

static void put_gauge(struct pen *p, unsigned zone)
{
	const struct zone_try *t = zone_walk_last(p->walk, zone);
	int x = p->r.x + LABEL, y = pen_y(p);
	bool chosen = p->v->zone == zone;
	char name[VIEW_ZONE_NAME];
	struct zone_gauge gauge;

	if (chosen)
		p->chosen = p->row;
	if (pen_shows(p)) {
		zone_gauge_make(p->v, zone, p->gauge, &gauge);
		if (chosen)
			grid_glyph(p->g, y, p->r.x, STYLE_FOCUS, p->v->glyphs, GLYPH_FOCUS);
		grid_put_cut(p->g, y, p->r.x + 1, LABEL - 2, chosen ? STYLE_FOCUS : STYLE_TITLE, p->v->glyphs,
			     view_zone_name(p->v, zone, name));
		zone_gauge_draw(&gauge, p->g, p->v->glyphs, y, x, t && zone_try_marks(t) ? t->need : UINT64_MAX);
		x += p->gauge;
		for (int i = 0; i < p->counts; i++, x += p->count_cols) {
			const u64 count[] = { gauge.free, gauge.pcp, gauge.lru + gauge.used };
			char number[24];

			snprintf(number, sizeof number, "%" PRIu64, count[i]);
			grid_put_right(p->g, y, x, p->count_cols, STYLE_TEXT, p->v->glyphs, number);
		}
		grid_put_cut(p->g, y, x + 1, VERDICT - 1, zone_gauge_style(&gauge), p->v->glyphs,
			     zone_gauge_verdict(&gauge));
		if (t)
			put_word(p, x + VERDICT, t);
	}
	p->row++;
}

/* Text in rows of its own, below the gauge. */
static void put_text(struct pen *p, enum style style, const char *text)
{
	int cols = p->r.cols - LABEL - 1;
	const char *line;
	size_t bytes;

	while (wrap_next(&text, cols > 1 ? cols : 1, &line, &bytes)) {
		if (pen_shows(p))
			grid_put_bytes(p->g, pen_y(p), p->r.x + LABEL, cols, style, line, bytes);
		p->row++;
	}
}

/* A try at the zone with the same figures, at `from` or later; as many as there are tries: none. */
static unsigned find_same(const struct zone_walk *w, const struct zone_try *t, unsigned from)
{
	while (from < w->count && !zone_try_same(&w->tries[from], t))
		from++;
	return from;
}

/* What the tries at the zone came to; those that came to the same are told once: "1, 4 refused: ...". */
static void put_tries(struct pen *p, unsigned zone)
{
	const struct zone_walk *w = p->walk;

	for (unsigned i = 0; i < w->count; i++) {
		const struct zone_try *t = &w->tries[i];
		struct strbuf text = STRBUF_INIT;

		if (t->zone != zone || find_same(w, t, 0) < i)
			continue;
		for (unsigned n = i; n < w->count; n = find_same(w, t, n + 1))
			strbuf_printf(&text, n == i ? "%u" : ", %u", n + 1);
		strbuf_putc(&text, ' ');
		zone_try_sentence(p->v, w, t, &text);
		/* The same mark stands in the gauge. */
		if (zone_try_marks(t) && zone_try_same(t, zone_walk_last(w, zone)) && pen_shows(p))
			grid_glyph(p->g, pen_y(p), p->r.x + LABEL - 2, STYLE_CHANGED, p->v->glyphs, GLYPH_DOWN);
		put_text(p, try_style(t), strbuf_str(&text));
		strbuf_free(&text);
	}
}

/* The figures of the marks, each below its mark. */
static void put_marks(struct pen *p, unsigned zone)
{
	struct zone_gauge gauge;
	char number[24];

	zone_gauge_make(p->v, zone, p->gauge, &gauge);
	if (!gauge.marks)
		return;
	if (pen_shows(p)) {
		int x = p->r.x + LABEL, y = pen_y(p);

		grid_put_cut(p->g, y, p->r.x + 2, LABEL - 3, STYLE_DIM, p->v->glyphs, _("pages"));
		for (int i = 1; i < ZONE_GAUGE_PIECES; i++)
			grid_printf(p->g, y, x + gauge.at[i], gauge.at[i + 1] - gauge.at[i] - 1, STYLE_TEXT, "%" PRIu64,
				    gauge.level[i]);
		snprintf(number, sizeof number, "%" PRIu64, gauge.level[ZONE_GAUGE_PIECES]);
		grid_put_right(p->g, y, x + gauge.at[ZONE_GAUGE_PIECES - 1] + 8,
			       gauge.cols - gauge.at[ZONE_GAUGE_PIECES - 1] - 8, STYLE_TEXT, p->v->glyphs, number);
	}
	p->row++;
}

/* Appends what the zone keeps from requests that a higher zone of its node could serve. */
static void put_reserve(const struct view *v, unsigned zone, struct strbuf *out)
{
	const struct phys *p = view_phys(v);
	bool first = true;

	for (unsigned z = 0; z < p->config->zones; z++) {
		const struct zone_config *above = &p->config->zone[z];

		if (above->node != p->config->zone[zone].node || above->type <= p->config->zone[zone].type)
			continue;
		strbuf_printf(out,
			      first ? text_of_n("keeps back %" PRIu32 " page from requests that %s could serve",
						"keeps back %" PRIu32 " pages from requests that %s could serve",
						p->zone[zone].lowmem_reserve[above->type])
				    : _(", %" PRIu32 " that %s could"),
			      p->zone[zone].lowmem_reserve[above->type], above->name);
		first = false;
	}
}

static void put_reserves(struct pen *p, unsigned zone)
{
	const struct zone *z = &view_phys(p->v)->zone[zone];
	struct strbuf text = STRBUF_INIT;

	put_reserve(p->v, zone, &text);
	if (z->boost)
		strbuf_printf(&text, _("%smarks raised by %" PRIu32), text.length ? "; " : "", z->boost);
	if (z->highatomic)
		strbuf_printf(&text, _("%shigh-atomic reserve %" PRIu32), text.length ? "; " : "", z->highatomic);
	if (z->free_cma)
		strbuf_printf(&text,
			      text_of_n("%s%" PRIu32 " of the free pages is CMA's",
					"%s%" PRIu32 " of the free pages are CMA's", z->free_cma),
			      text.length ? "; " : "", z->free_cma);
	put_text(p, STYLE_DIM, strbuf_str(&text));
	strbuf_free(&text);
}

/* The contiguous memory areas in the zone. */
static void put_cma(struct pen *p, unsigned zone)
{
	const struct phys *phys = view_phys(p->v);

	for (unsigned n = 0; n < phys->config->cma_areas; n++) {
		const struct cma_config *area = &phys->config->cma[n];
		struct strbuf text = STRBUF_INIT;
		struct cma_use use;

		if (phys_zone_of(phys, area->base_pfn) != (int)zone)
			continue;
		use = cma_use_count(phys, n, area->base_pfn, area->base_pfn + area->count);
		strbuf_printf(&text,
			      _("CMA area %s, %" PRIu32 " pages from 0x%" PRIx32 ": %" PRIu64 " free, %" PRIu64
				" lent to movable pages, %" PRIu64 " given out"),
			      area->name, area->count, area->base_pfn, use.free, use.lent, use.given);
		put_text(p, STYLE_DIM, strbuf_str(&text));
		strbuf_free(&text);
	}
}

/* Pages of the zone that reclaim may take back, by list. */
static void put_lru(struct pen *p, unsigned zone)
{
	const struct phys *phys = view_phys(p->v);
	const struct zone_pages *pages;
	struct strbuf text = STRBUF_INIT;

	if (!zone_gauge_lru(phys, zone))
		return;
	pages = &phys->zone_pages[zone];
	strbuf_puts(&text, _("can be reclaimed: "));
	for (unsigned list = 0; list < (reclaim_by_zone(phys) ? LRU_ACTIVE + 1u : LRU_LISTS); list++)
		strbuf_printf(&text, "%s%s %" PRIu32, list ? ", " : "", lru_name(phys, (enum lru_list)list),
			      pages->lru[list]);
	if (pages->dirty || pages->writeback)
		strbuf_printf(&text, _("; dirty %" PRIu32 ", being written %" PRIu32), pages->dirty, pages->writeback);
	put_text(p, STYLE_DIM, strbuf_str(&text));
	strbuf_free(&text);
}

/* What the thread of the zone's node does, and the swap area. */
static void put_kswapd(struct pen *p, unsigned zone)
{
	const struct phys *phys = view_phys(p->v);
	unsigned node = phys->config->zone[zone].node;
	const struct kswapd *k = reclaim_exists(phys) ? &phys->reclaim->kswapd[node] : NULL;
	struct strbuf text = STRBUF_INIT;
	u64 pages = 0;

	for (unsigned z = 0; z < phys->config->zones; z++)
		pages += zone_gauge_lru(phys, z);
	/* Where there never was anything to reclaim it is not worth a line. */
	if (!k || (!pages && !k->awake && !phys->reclaim->swap_pages && phys->reclaim->kswapd_mode == KSWAPD_AUTO))
		return;
	strbuf_printf(&text, "kswapd%u ", node);
	if (phys->reclaim->kswapd_mode == KSWAPD_OFF)
		strbuf_puts(&text, _("is stopped"));
	else if (k->awake)
		strbuf_printf(&text, _("is awake, for order %" PRIu32), k->order);
	else
		strbuf_puts(&text, _("sleeps"));
	if (phys->reclaim->swap_pages)
		strbuf_printf(&text, _("; swap: %" PRIu32 " of %" PRIu32 " pages used"), phys->reclaim->swap_used,
			      phys->reclaim->swap_pages);
	put_text(p, k->awake ? STYLE_WARNING : STYLE_DIM, strbuf_str(&text));
	strbuf_free(&text);
}

static void put_cpus(struct pen *p, unsigned zone)
{
	const struct phys *phys = view_phys(p->v);

	for (unsigned cpu = 0; cpu < phys->config->cpus && view_has_pcp(p->v); cpu++) {
		const struct pcp_set *s = phys_pcp(phys, zone, cpu)->set;
		struct strbuf text = STRBUF_INIT;

		strbuf_printf(&text, "cpu%u ", cpu);
		if (phys->config->pcp_rule == PCP_HOT_COLD)
			strbuf_printf(&text,
				      _("hot %" PRIu32 ", high %" PRIu32 ", batch %" PRIu32 "; cold %" PRIu32
					", high %" PRIu32 ", batch %" PRIu32),
				      s[0].count, s[0].high, s[0].batch, s[1].count, s[1].high, s[1].batch);
		else
			strbuf_printf(&text,
				      _("holds %" PRIu32 ", high %" PRIu32 ", batch %" PRIu32 ", free_factor %" PRIu32),
				      s[0].count, s[0].high, s[0].batch, s[0].free_factor);
		put_text(p, STYLE_DIM, strbuf_str(&text));
		strbuf_free(&text);
	}
}

/* For whoever sees the first gauge: what a mark is for, or why there is none. */
static void put_explanation(struct pen *p)
{
	if (early_is(&p->v->session->machine)) {
		p->row++;
		put_text(
		    p, STYLE_DIM,
		    _("All memory still belongs to boot. mem_init gives what is available of it to the zones; then "
		      "the page allocator runs."));
		return;
	}
	if (!has_marks(p->v))
		return;
	p->row++;
	put_text(p, STYLE_DIM,
		 _("A request needs a zone where more than low stays free. If there is none, kswapd is woken to "
		   "free pages up to high, and min is enough. What is below min is for urgent requests."));
}

static void put_all(struct pen *p, enum detail detail, bool explain)
{
	/* Zones that have no pages yet have no reserves or lists either. */
	if (early_is(&p->v->session->machine))
		detail = DETAIL_GAUGES;
	for (unsigned z = 0; z < view_phys(p->v)->config->zones; z++) {
		bool chosen = z == p->v->zone || detail == DETAIL_ALL;

		put_gauge(p, z);
		if (detail >= DETAIL_MARKS && chosen)
			put_marks(p, z);
		if (detail >= DETAIL_WALK && has_marks(p->v))
			put_tries(p, z);
		if (detail >= DETAIL_ZONE && chosen) {
			put_reserves(p, z);
			put_cma(p, z);
			put_lru(p, z);
			put_kswapd(p, z);
			put_cpus(p, z);
		}
		if (z == p->v->zone)
			p->chosen_end = p->row;
	}
	if (explain)
		put_explanation(p);
}

/* Rows, the scale's included. */
static int measure(const struct view *v, const struct zone_walk *walk, int cols, enum detail detail, bool explain)
{
	struct pen p = pen_start(v, NULL, (struct rect){ .cols = cols }, walk);

	put_all(&p, detail, explain);
	return 1 + p.row;
}

/* ------------------------------------------------------------------- panel */

static int zones_rows(const struct view *v, int cols)
{
	struct zone_walk walk;

	zone_walk_read(v, &walk);
	return measure(v, &walk, cols, DETAIL_ZONE, walk.count == 0);
}

/* As much as there is room for, or all of a zone if that is asked for. */
static enum detail choose_detail(const struct view *v, const struct zone_walk *walk, struct rect r)
{
	enum detail detail = DETAIL_ALL, least = DETAIL_GAUGES;

	if (v->zones_detail && r.rows > measure(v, walk, r.cols, DETAIL_GAUGES, false))
		least = DETAIL_ZONE;
	while (detail > least && measure(v, walk, r.cols, detail, false) > r.rows)
		detail--;
	return detail;
}

/* Draws, or finds out what it would draw. Returns the rows below the scale that there are. */
static int draw(const struct view *v, struct grid *g, struct rect r, const struct zone_walk *walk, int *first)
{
	enum detail detail = choose_detail(v, walk, r);
	bool explain = measure(v, walk, r.cols, detail, true) <= r.rows;
	struct rect below = { r.y + 1, r.x, r.rows - 1, r.cols };
	struct pen p = pen_start(v, NULL, below, walk);
	int top;

	put_all(&p, detail, explain);
	/* The zone that is chosen is visible, its beginning at least. */
	top = p.chosen_end > below.rows ? p.chosen_end - below.rows : 0;
	if (top > p.chosen)
		top = p.chosen;
	*first = (int)panel_first((size_t)top + v->zones_scroll, (size_t)p.row, below.rows);
	if (g) {
		p = pen_start(v, g, below, walk);
		p.first = *first;
		draw_scale(&p);
		put_all(&p, detail, explain);
	}
	return p.row;
}

static void zones_draw(const struct view *v, struct grid *g, struct rect r)
{
	struct zone_walk walk;
	int first, total;

	zone_walk_read(v, &walk);
	total = draw(v, g, r, &walk, &first);
	panel_arrows(g, (struct rect){ r.y + 1, r.x, r.rows - 1, r.cols }, v->glyphs, (size_t)first, (size_t)total);
}

static void zones_caption(const struct view *v, struct rect r, struct strbuf *left, struct strbuf *right)
{
	struct zone_walk walk;

	zone_walk_read(v, &walk);
	if (early_is(&v->session->machine))
		strbuf_puts(left, _("zones: no pages yet"));
	else if (!has_marks(v))
		strbuf_puts(left, _("zones: free pages"));
	else if (r.cols < COLS_FOR_COUNTS)
		strbuf_puts(left, _("zones, scale stretched at the marks"));
	else
		strbuf_puts(left, _("zones: free pages and watermarks, scale stretched at the marks"));
	zone_walk_outcome(v, &walk, right);
}

static void choose_zone(struct view *v, unsigned zone)
{
	v->zone = zone;
	v->type = MT_COUNT;
	v->zones_scroll = v->list_scroll = 0;
}

static bool zones_key(struct view *v, struct rect r, int key)
{
	struct zone_walk walk;
	int first, total;

	switch (key) {
	case KEY_UP_:
		if (v->zone > 0)
			choose_zone(v, v->zone - 1);
		return true;
	case KEY_DOWN_:
		if (v->zone + 1 < view_phys(v)->config->zones)
			choose_zone(v, v->zone + 1);
		return true;
	case KEY_PAGE_UP:
		v->zones_scroll = 0;
		return true;
	case KEY_PAGE_DOWN:
		zone_walk_read(v, &walk);
		total = draw(v, NULL, r, &walk, &first);
		if (first + r.rows - 1 < total)
			v->zones_scroll += r.rows > 3 ? (size_t)r.rows - 2 : 1;
		return true;
	case 'd':
		v->zones_detail = !v->zones_detail;
		v->zones_scroll = 0;
		return true;
	}
	return false;
}

const struct panel panel_zones = {
	.name = "zones",
	.title = N_("zones"),
	.rows = zones_rows,
	.draw = zones_draw,
	.caption = zones_caption,
	.key = zones_key,
	.help = N_("Up Down choose a zone, d details, PgUp PgDn scroll"),
};
