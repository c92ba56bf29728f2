/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The right word nearest to one that was mistyped. */
#ifndef KM_BASE_NEAREST_H
#define KM_BASE_NEAREST_H

#include "base/types.h"

struct nearest {
	const char *word; /* what was typed */
	const char *best; /* the nearest candidate so far; NULL: none is near enough to be meant */
	unsigned distance; /* edits between the two */
};

#define NEAREST_INIT(word)      \
	{                       \
		(word), NULL, 0 \
	}

/* Offers a candidate; it must live as long as `n`. */
void nearest_try(struct nearest *n, const char *candidate);

/* Letters to insert, remove, replace or swap with the next, to make one word of the other. Case does not count. */
unsigned nearest_distance(const char *a, const char *b);

#endif
