/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events told together, so that the story of an operation stays short: lists
 * that are empty one after the other, a block split or merged several times,
 * and rounds of the same steps.
 */
#ifndef KM_EVENT_FOLD_H
#define KM_EVENT_FOLD_H

#include "event/event.h"

enum fold_kind {
	FOLD_ONE, /* a single event */
	FOLD_EMPTY, /* free lists of rising order, all empty */
	FOLD_SPLIT, /* a block, split again and again */
	FOLD_MERGE, /* a block, merged again and again */
	FOLD_ROUNDS, /* the lines before it happen again */
};

/* A line of the story. */
struct fold {
	enum fold_kind kind;
	size_t first, count; /* the events it stands for */
	size_t lines, rounds; /* of FOLD_ROUNDS: how many lines before it, and how many times more */
};

/* All zero: empty. */
struct fold_list {
	struct fold *folds;
	size_t count, capacity;
};

/*
 * Makes the lines of `count` events; `list` may hold others, whose room is
 * used.  All events are in one of the lines, in order.  false: out of memory;
 * the list is then empty.
 */
bool fold_events(struct fold_list *list, const struct event *events, size_t count);

/* The same, but a line an event. */
bool fold_none(struct fold_list *list, size_t count);

void fold_free(struct fold_list *list);

/* Appends what a line says, translated, without a newline. `events` are those it was made of. */
void fold_sentence(const struct fold *f, const struct event *events, const struct event_names *names,
		   struct strbuf *out);

#endif
