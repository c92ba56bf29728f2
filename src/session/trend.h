/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the zones fared in the course of a session: what was free after each
 * command, to be plotted.  It is the host's memory, no state of the machine:
 * the same commands give the same figures, so those of commands that were
 * taken back stay for redo, until others are done in their place.
 *
 * Its size is bounded: where there are too many commands, every second figure
 * is dropped, and from then on only those of every second command are kept.
 */
#ifndef KM_SESSION_TREND_H
#define KM_SESSION_TREND_H

#include "phys/phys.h"

/* Bytes that it may take up. */
#define TREND_BYTES ((size_t)1 << 20)

enum trend_series {
	TREND_FREE, /* pages on the free lists */
	TREND_FITS, /* requests of an order that the free blocks would serve */
	TREND_UNUSABLE, /* unusable free space index, of 1000 */
	TREND_EXTFRAG, /* fragmentation index, of 1000, or EXTFRAG_FITS */
	TREND_RECLAIMABLE, /* pages of files and processes on the lists of reclaim */
	TREND_RECLAIMED, /* pages that kswapd and requests took back since boot */
	TREND_SERIES
};

/* All zero: empty. */
struct trend {
	u32 *words; /* of a figure: for each zone what is no block, then its free blocks by order */
	unsigned zones, orders;
	size_t count, capacity; /* figures */
	size_t step; /* commands from one figure to the next */
};

/* Is it an index, of 1000? */
static inline bool trend_is_index(enum trend_series series)
{
	return series == TREND_UNUSABLE || series == TREND_EXTFRAG;
}

/* A point of a plot. */
struct trend_point {
	size_t command; /* after which it was; 0: at the start */
	s64 value;
};

/* Notes the state after command `number`. Out of memory: figures farther apart, or none, are kept. */
void trend_note(struct trend *t, const struct phys *p, size_t number);

/* Forgets what came after command `number`. */
void trend_forget(struct trend *t, size_t number);

void trend_free(struct trend *t);

/*
 * Points from the start to the present, which is after command `done`: at
 * least 1, as the present is the state of `p` itself.
 */
size_t trend_points(const struct trend *t, size_t done);

/* The n-th of them: of a zone, and of the series that ask for one, an order. */
struct trend_point trend_point(const struct trend *t, const struct phys *p, size_t done, size_t n, unsigned zone,
			       enum trend_series series, unsigned order);

/* The order that matters most: of a page block where the machine has some, else the largest. */
unsigned trend_usual_order(const struct phys_config *config);

/* How many of the series this machine has: the first ones. */
unsigned trend_series_count(const struct phys *p);

/* "free pages", translated. */
const char *trend_name(enum trend_series series);

/* Appends a value as it is shown: a number, or "0.957" of an index; "-" where it says nothing. */
void trend_format(enum trend_series series, s64 value, struct strbuf *out);

#endif
