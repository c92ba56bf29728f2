/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking the model against a recording of a real kernel. Nothing is printed here. */
#ifndef KM_SESSION_VERIFY_H
#define KM_SESSION_VERIFY_H

#include "base/status.h"
#include "base/strbuf.h"
#include "base/types.h"

enum verify_outcome {
	VERIFY_EXACT,
	VERIFY_DIFFERS,
	VERIFY_NOT_MODELLED, /* exact up to an operation that the model does not have */
};

struct verify_result {
	enum verify_outcome outcome;
	u64 operations; /* in the file, those before its first snapshot left out */
	u64 before; /* operations before the first snapshot: they have made the state that is loaded */
	u64 exact; /* operations that were done and agreed in everything */
	u64 drifts; /* drift lines in the whole file, and changes that an operation with leeway did not make itself */
	struct strbuf drift; /* those that name a change, each "LINE: TEXT\n" */
	/* Where it ended, if not exact: */
	u64 operation; /* its number, from 1; 0: at a snapshot before the first one */
	u64 line; /* of the recording */
	struct strbuf text; /* of the operation, or the name of the snapshot */
	struct strbuf name; /* of the operation */
	struct strbuf line_text; /* the line of the recording that differs */
	struct strbuf expected, got;
	struct strbuf events; /* the sentences of the operation, a line each */
};

/* Told now and then how many operations of the file were done. */
struct verify_progress {
	void (*tell)(void *context, u64 operations);
	void *context;
};

/*
 * Loads the state that the recording begins with, does its operations, and
 * compares every result and every count after each of them, the state hash,
 * and each snapshot entry by entry.  Stops comparing at the first difference,
 * but reads the file to its end.  `progress` may be NULL.  false with a message
 * (file, line, what was expected): the file cannot be read, or memory is short.
 * `result` is filled in any case, and to be given to verify_result_free().
 *
 * The model runs as it does when nobody watches; at a difference everything is
 * done again with an observer, for the events.
 */
bool verify_file(const char *path, const struct verify_progress *progress, struct verify_result *result,
		 struct status *st);

/* The same with an observer from the start: what is watched must do the same. */
bool verify_file_observed(const char *path, const struct verify_progress *progress, struct verify_result *result,
			  struct status *st);

void verify_result_free(struct verify_result *result);

#endif
