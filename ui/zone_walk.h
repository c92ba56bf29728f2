/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The walk of the last request down the zone list, told from its events: which
 * zones were tried, which refused and why, which served.
 */
#ifndef KM_UI_ZONE_WALK_H
#define KM_UI_ZONE_WALK_H

#include "ui/view.h"

/* A request passes the zones a few times; tries beyond this are not noted. */
#define ZONE_TRIES (4 * PHYS_ZONES)

enum zone_try_state {
	TRY_OPEN, /* nothing came of it yet */
	TRY_ALLOWED, /* its watermark allows it; nothing came of that yet */
	TRY_SERVED,
	TRY_NOTHING, /* it was allowed, but the zone had no such block */
	TRY_REFUSED, /* too few pages */
	TRY_REFUSED_ORDER, /* too few pages in large blocks */
	TRY_REFUSED_BLOCK, /* no block large enough */
};

struct zone_try {
	unsigned zone;
	enum zone_try_state state;
	bool checked; /* the figures of the watermark are known */
	enum wmark mark;
	u64 usable, need; /* pages that the request could count on; more than `need` had to be there */
	unsigned order; /* of the refusals that tell one */
	u64 order_pages, order_need;
};

struct zone_walk {
	struct zone_try tries[ZONE_TRIES];
	unsigned count;
	bool lost; /* more happened than is kept: what the last request did is not known */
	bool failed; /* the request got nothing */
	bool single; /* one block: reserve_index is known */
	unsigned reserve_index; /* which lowmem_reserve counted */
};

/* Reads the events that are to be shown. No request among them: count is 0, and failed and lost are false. */
void zone_walk_read(const struct view *v, struct zone_walk *w);

/* The last try at a zone, or NULL. */
const struct zone_try *zone_walk_last(const struct zone_walk *w, unsigned zone);

/* Did both come to the same, with the same figures? */
bool zone_try_same(const struct zone_try *a, const struct zone_try *b);

static inline bool zone_try_refused(const struct zone_try *t)
{
	return t->state >= TRY_NOTHING;
}

/* Did its figures decide, so that what was needed is worth a mark? */
static inline bool zone_try_marks(const struct zone_try *t)
{
	return t->checked && t->state != TRY_REFUSED_ORDER && t->state != TRY_REFUSED_BLOCK;
}

/* "served", in one word. */
const char *zone_try_word(const struct zone_try *t);

/* Appends what happened with its figures: "refused: 23 usable <= 901 = low 21 + 880 kept back". */
void zone_try_sentence(const struct view *v, const struct zone_walk *w, const struct zone_try *t, struct strbuf *out);

/* Appends what came of the walk: "request: served by DMA, try 3". Nothing if there was none. */
void zone_walk_outcome(const struct view *v, const struct zone_walk *w, struct strbuf *out);

#endif
