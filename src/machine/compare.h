/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways to get memory (machine/ways.h), compared by asking: each figure is
 * what a copy of the machine did, in the state that the machine is in.
 */
#ifndef KM_MACHINE_COMPARE_H
#define KM_MACHINE_COMPARE_H

#include "event/event.h"
#include "machine/ways.h"
#include "virt/region.h"

/* Lie the frames of a piece side by side? */
enum compare_frames {
	COMPARE_PAGE, /* it is never more than a page */
	COMPARE_ADJACENT, /* yes: otherwise the request fails */
	COMPARE_SINGLE, /* no: any pages will do */
	COMPARE_DEVICE, /* yes, but they are a device's */
	COMPARE_UNKNOWN, /* now, not even a page is given */
};

/* May a request sleep? COMPARE_UNTRIED: there is no memory for what one needs to ask. */
enum compare_sleep { COMPARE_UNTRIED, COMPARE_NEVER, COMPARE_BY_MASK, COMPARE_ALWAYS };

/* One request, and what it took. */
struct compare_cost {
	bool got;
	struct way_piece piece;
	u64 frames; /* behind the piece */
	u64 runs; /* in how many rows of frames side by side they lie */
	int zone; /* of the first; -1: it is no memory of the machine */
	u64 pages; /* that the page allocator has less: of the piece, tables, slabs */
	u64 tables; /* page tables among them */
	u64 steps; /* events */
};

/* What can be said of a way without a size. */
struct compare_row {
	bool now_given; /* it gives something now */
	bool about; /* `now` is added up from free pages, as trying would touch each of very many */
	enum compare_frames frames;
	enum compare_sleep sleep;
	enum region_kind region; /* where its address lies; meaningless without one */
	bool address; /* it has one */
	int zone; /* of a single page; -1: none */
	u64 now, limit; /* bytes: the most in one piece now, and whatever were free; 0: nothing, or unknown */
	u64 least; /* bytes that the smallest request takes of what is handed out */
};

struct compare {
	struct machine copy; /* as the machine is; each request is taken back */
	struct observer observer; /* of the copy */
	u64 events;
	bool waited; /* an event said that the request would sleep */
	bool killed; /* an event said that it had a process killed */
	bool spoilt; /* the host's memory ran out */
};

/*
 * Copies the machine, which must have a page allocator.  `c` must not be moved
 * and is closed in any case.  false with a message.
 */
bool compare_open(struct compare *c, const struct machine *m, struct status *st);
void compare_close(struct compare *c);

/* Asks for `bytes` (not 0), as with GFP_KERNEL. false with a message: the host's memory ran out. */
bool compare_ask(struct compare *c, const struct way *way, u64 bytes, struct compare_cost *cost, struct status *st);

/* Asks in all manners that the row needs. false with a message as above. */
bool compare_way(struct compare *c, const struct way *way, struct compare_row *row, struct status *st);

#endif
