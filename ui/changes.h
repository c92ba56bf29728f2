/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an operation did to page frames and to the lists, told from its events:
 * so it is known at any zoom, for operations undone, and half way through.
 */
#ifndef KM_UI_CHANGES_H
#define KM_UI_CHANGES_H

#include "event/event.h"
#include "phys/phys.h"
#include "session/eventlog.h"

/* Changes beyond this are not noted. */
#define CHANGES_LIMIT 16384

struct changes_frames {
	pfn_t start, end; /* end is the first frame behind it */
};

struct changes_block {
	pfn_t pfn;
	unsigned order;
};

struct changes_set {
	struct changes_frames *frames;
	size_t count, capacity;
};

struct changes {
	struct changes_set now; /* frames in another state: handed out, given back, moved to or from a per-CPU list */
	struct changes_set left; /* frames from which a page moved elsewhere */
	struct changes_block *blocks; /* put on a list, or taken from it */
	size_t block_count, block_capacity;
	bool incomplete; /* more happened than is noted */
};

void changes_clear(struct changes *c);
void changes_free(struct changes *c);

/* Notes what the first `count` events of `log` did. Out of memory, less is noted. */
void changes_add(struct changes *c, const struct phys *p, const struct eventlog *log, size_t count);

/* To be called after the last changes_add() and before a question. */
void changes_finish(struct changes *c);

/* Is a frame of [start, end) in the set, which is one of `changes`? */
bool changes_has_frame(const struct changes_set *set, pfn_t start, pfn_t end);

/* Was this block put on a list or taken from one? */
bool changes_has_block(const struct changes *c, pfn_t pfn, unsigned order);

/* What an event is about. */
struct changes_place {
	pfn_t pfn; /* PFN_NONE: no frame */
	int zone; /* -1: none */
	bool has_list; /* order and type are those of a free list */
	bool pcp; /* a per-CPU list of the zone */
	unsigned order, type;
};

struct changes_place changes_place(const struct phys *p, const struct event *e);

#endif
