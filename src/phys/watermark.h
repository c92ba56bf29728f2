/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May a zone serve a request?  Watermarks and the pages kept back from lower zones. */
#ifndef KM_PHYS_WATERMARK_H
#define KM_PHYS_WATERMARK_H

#include "phys/request.h"

/* What is compared, in pages; signed, because what cannot be used may exceed what is free. */
struct watermark_level {
	s64 free; /* that the request may count on, without the block it asks for */
	s64 mark; /* of which so many must be left, without the reserve */
	s64 reserve; /* and these, kept back from requests that could be served higher up */
};

/* What decides about this request: it is refused where free <= mark + reserve. */
void watermark_level(const struct phys *p, unsigned zone, const struct request *rq, struct watermark_level *l);

/* A mark of so many pages, less what this request may take of it. */
s64 watermark_lowered(s64 mark, const struct request *rq);

/* Does the zone stay above its watermark if it serves this? Tells an observer the figures. */
bool watermark_check(struct phys *p, unsigned zone, const struct request *rq);

/* The same without telling anybody. */
bool watermark_holds(struct phys *p, unsigned zone, const struct request *rq);

/* Would it hold if so many pages more (or fewer) were free? A block must be there already. */
bool watermark_within_reach(const struct phys *p, unsigned zone, const struct request *rq, s64 more);

/* Is there a free block that is large enough for the request? */
bool watermark_has_block(const struct phys *p, unsigned zone, const struct request *rq);

/* As watermark_check(); a single page from a zone with plenty is decided at once, as in the kernel. */
static inline bool watermark_ok(struct phys *p, unsigned zone, const struct request *rq)
{
	const struct zone *z = &p->zone[zone];

	if (rq->order == 0 && !p->observer &&
	    (u64)z->free >
		(u64)z->wmark[rq->mark] + z->boost + z->highatomic + z->free_cma + z->lowmem_reserve[rq->reserve_index])
		return true;
	return watermark_check(p, zone, rq);
}

#endif
