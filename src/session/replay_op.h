/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An operation of a recording while it is done: its arguments, its results, what differs. */
#ifndef KM_SESSION_REPLAY_OP_H
#define KM_SESSION_REPLAY_OP_H

#include "session/replay.h"

struct replay_op {
	struct replay *r;
	struct phys *p;
	const struct recording_block *block; /* its lines, the `op` line first */
	struct recording_cursor args; /* behind the operation's name */
	struct status *st;
	size_t results; /* `r` lines that were looked at */
};

typedef enum replay_outcome replay_op_function(struct replay_op *op);

/* The next `r` line; false: there is no more. */
bool replay_op_result(struct replay_op *op, struct recording_cursor *c);

/* The same; false with a message if there is none. */
bool replay_op_need_result(struct replay_op *op, struct recording_cursor *c);

/* The recording has the result that stands at `c`; the model has what the format says. */
enum replay_outcome replay_op_differs(struct replay_op *op, const struct recording_cursor *c, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The kernel has done it, the model refuses. */
enum replay_outcome replay_op_refused(struct replay_op *op, const struct status *why);

/* Prints the page the model returned (PFN_NONE: NULL) as a recording has it. */
void replay_op_print_page(const struct replay_op *op, pfn_t pfn, struct strbuf *out);

/*
 * Compares the next result with what the model returned, as text.  If the
 * recording may tell more behind it, `rest` stands there afterwards; else NULL.
 */
enum replay_outcome replay_op_compare(struct replay_op *op, const char *got, struct recording_cursor *rest);

/* Arguments: gfp=0x..:..., and any other number. */
bool replay_op_gfp(const struct replay_op *op, gfp_t *gfp);
bool replay_op_number(const struct replay_op *op, const char *key, u64 *value);

/* Lets go of the handle of h=, which must hold at `pfn` a block of this order, or (bytes not 0) an exact allocation. */
enum replay_outcome replay_op_take_handle(struct replay_op *op, pfn_t pfn, unsigned order, u32 bytes);

#endif
