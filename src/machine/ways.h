/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways to get memory in a kernel, each as a function that asks for a piece
 * of so many bytes.  For comparing them: what was got is not meant to be given
 * back, so ask a copy of a machine.
 */
#ifndef KM_MACHINE_WAYS_H
#define KM_MACHINE_WAYS_H

#include "machine/machine.h"

/* What was got. */
struct way_piece {
	u64 address; /* of the first byte; 0: high memory, which has none */
	pfn_t pfn; /* of the first page, if there is no address */
	u64 bytes; /* that may be used: as many as asked for, or more */
};

struct way_request {
	u64 bytes; /* not 0 */
	gfp_t gfp; /* for ways that are told a mask */
	gfp_t extra; /* flags to be added where a way has a mask of its own */
	u64 handle; /* what `prepare` made; of a window: the page to be seen through it, 0: one is got for it */
};

struct way {
	const char *name; /* the kernel's function */
	/* Has the machine's kernel this function, and does it make sense there? */
	bool (*exists)(const struct machine *m);
	/* What must be there before one can ask for so many bytes: a cache, a pool.  false: refused. NULL: nothing. */
	bool (*prepare)(struct machine *m, u64 bytes, u64 *handle);
	/* NULL: it serves only while the kernel boots. false: the kernel's answer is NULL. */
	bool (*ask)(struct machine *m, const struct way_request *rq, struct way_piece *piece);
	/* The most bytes that one request can ever get on this machine, whatever is free. */
	u64 (*limit)(const struct machine *m);
	bool masked; /* it is told a GFP mask */
	/* The mask that its pages come with, one by one, so that its most may be very much. NULL: they do not. */
	gfp_t (*single)(const struct machine *m);
	bool window; /* it makes a page seen that may be there already: what can run out are windows */
	bool mutex; /* it takes a mutex, so that it may always sleep */
};

/* All ways, the nearest to the page allocator first; *count of them. */
const struct way *ways_table(size_t *count);

/* The frame of page number `n` of the piece, or of a device; PFN_NONE: nothing is there. */
pfn_t ways_frame(const struct machine *m, const struct way_piece *piece, u64 n);

/* The largest range of physical addresses below 4 GiB where no RAM lies: *start and bytes; 0: there is none. */
u64 ways_hole(const struct machine *m, u64 *start);

#endif
