/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/zone_walk.h"

#include "base/text.h"
#include "phys/request.h"

#include <inttypes.h>
#include <string.h>

/* A request begins: what came before it belongs to another. */
static void begin(const struct view *v, struct zone_walk *w, const struct event *e)
{
	struct request rq;

	memset(w, 0, sizeof *w);
	w->single = e->kind == EV_REQUEST && e->arg[0] < view_phys(v)->config->orders;
	if (!w->single)
		return;
	request_first(view_phys(v), (gfp_t)e->arg[1], (unsigned)e->arg[0], &rq);
	w->reserve_index = rq.reserve_index;
}

static void note_figures(struct zone_try *t, const struct event *e)
{
	u64 less = e->arg[3] + e->arg[4];

	t->checked = true;
	t->mark = (enum wmark)e->arg[1];
	t->usable = e->arg[2] > less ? e->arg[2] - less : 0;
	t->need = e->arg[5] + e->arg[6];
	t->state = e->kind == EV_WMARK_OK ? TRY_ALLOWED : TRY_REFUSED;
}

/* An event in the course of a try. */
static void note_in_try(struct zone_try *t, const struct event *e)
{
	switch (e->kind) {
	case EV_WMARK_OK:
	case EV_WMARK_LOW:
		note_figures(t, e);
		break;
	case EV_WMARK_ORDER:
		t->state = TRY_REFUSED_ORDER;
		t->order = (unsigned)e->arg[1];
		t->order_pages = e->arg[2];
		t->order_need = e->arg[3];
		break;
	case EV_WMARK_NO_BLOCK:
	case EV_ZONE_EMPTY:
		t->state = e->kind == EV_ZONE_EMPTY ? TRY_NOTHING : TRY_REFUSED_BLOCK;
		t->order = (unsigned)e->arg[1];
		break;
	case EV_HANDED_OUT:
		if (t->state == TRY_OPEN || t->state == TRY_ALLOWED)
			t->state = TRY_SERVED;
		break;
	default:
		break;
	}
}

void zone_walk_read(const struct view *v, struct zone_walk *w)
{
	const struct eventlog *log = view_events(v);
	size_t shown = view_events_shown(v);

	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < shown; i++) {
		const struct event *e = &log->events[i];

		if (e->kind == EV_REQUEST || e->kind == EV_REQUEST_BULK)
			begin(v, w, e);
		else if (e->kind == EV_LEFT_OUT)
			*w = (struct zone_walk){ .lost = true };
		else if (w->lost)
			continue;
		else if (e->kind == EV_ZONE_TRY && w->count < ZONE_TRIES)
			w->tries[w->count++] = (struct zone_try){ .zone = (unsigned)e->arg[0] };
		else if (e->kind == EV_FAILED)
			w->failed = true;
		else if (w->count > 0)
			note_in_try(&w->tries[w->count - 1], e);
	}
	if (log && shown == log->count && !log->gap && eventlog_lost(log))
		*w = (struct zone_walk){ .lost = true };
}

const struct zone_try *zone_walk_last(const struct zone_walk *w, unsigned zone)
{
	for (unsigned i = w->count; i-- > 0;)
		if (w->tries[i].zone == zone)
			return &w->tries[i];
	return NULL;
}

bool zone_try_same(const struct zone_try *a, const struct zone_try *b)
{
	return a->zone == b->zone && a->state == b->state && a->checked == b->checked && a->mark == b->mark &&
	       a->usable == b->usable && a->need == b->need && a->order == b->order &&
	       a->order_pages == b->order_pages && a->order_need == b->order_need;
}

/* ------------------------------------------------------------------ as text */

const char *zone_try_word(const struct zone_try *t)
{
	switch (t->state) {
	case TRY_OPEN:
		return _("tried");
	case TRY_ALLOWED:
		return _("allowed");
	case TRY_SERVED:
		return _("served");
	case TRY_NOTHING:
		return _("has none");
	default:
		return _("refused");
	}
}

static const char *mark_name(enum wmark mark)
{
	static const char *const names[WMARK_COUNT] = { N_("min"), N_("low"), N_("high") };

	return _(names[mark]);
}

/* What had to be exceeded: "901 = low 21 + 880 kept back". */
static void put_need(const struct view *v, const struct zone_walk *w, const struct zone_try *t, struct strbuf *out)
{
	const struct zone *zone = &view_phys(v)->zone[t->zone];
	u64 reserve = w->single ? zone->lowmem_reserve[w->reserve_index] : 0;
	u64 mark = (u64)zone->wmark[t->mark] + zone->boost;
	bool lowered = t->need < mark + reserve;

	/* A request for many pages adds their number; then the sum must do. */
	if (!w->single || t->need < reserve) {
		strbuf_printf(out, "%" PRIu64, t->need);
		return;
	}
	if (lowered || reserve > 0)
		strbuf_printf(out, "%" PRIu64 " = ", t->need);
	strbuf_printf(out, "%s %" PRIu64, mark_name(t->mark), mark);
	if (lowered && reserve > 0)
		strbuf_printf(out, _(" lowered to %" PRIu64), t->need - reserve);
	else if (lowered)
		strbuf_puts(out, _(" lowered"));
	if (reserve > 0)
		strbuf_printf(out, _(" + %" PRIu64 " kept back"), reserve);
}

void zone_try_sentence(const struct view *v, const struct zone_walk *w, const struct zone_try *t, struct strbuf *out)
{
	strbuf_printf(out, "%s", zone_try_word(t));
	if (t->state == TRY_NOTHING) {
		strbuf_printf(out, _(": pages enough, but no block of order %u that it may take"), t->order);
	} else if (t->state == TRY_REFUSED_BLOCK) {
		strbuf_printf(out, _(": pages enough, but no block of order %u or above"), t->order);
	} else if (t->state == TRY_REFUSED_ORDER) {
		strbuf_printf(out,
			      text_of_n(": %" PRIu64 " page in blocks of order %u and above <= %" PRIu64,
					": %" PRIu64 " pages in blocks of order %u and above <= %" PRIu64,
					t->order_pages),
			      t->order_pages, t->order, t->order_need);
	} else if (!t->checked) {
		if (t->state == TRY_SERVED)
			strbuf_puts(out, _(": no watermark was asked"));
	} else {
		strbuf_printf(out,
			      t->state == TRY_REFUSED ? _(": %" PRIu64 " usable <= ") : _(": %" PRIu64 " usable > "),
			      t->usable);
		put_need(v, w, t, out);
	}
}

void zone_walk_outcome(const struct view *v, const struct zone_walk *w, struct strbuf *out)
{
	const struct zone_try *last = w->count ? &w->tries[w->count - 1] : NULL;
	char name[VIEW_ZONE_NAME];

	if (w->lost)
		strbuf_puts(out, _("request: not among the events kept"));
	else if (w->failed)
		strbuf_printf(out, _("request: NULL after try %u"), w->count);
	else if (last && last->state == TRY_SERVED)
		strbuf_printf(out, _("request: served by %s, try %u"), view_zone_name(v, last->zone, name), w->count);
	else if (last)
		strbuf_printf(out, _("request: at %s, try %u"), view_zone_name(v, last->zone, name), w->count);
}
