/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions about the state: zone.Normal.nr_free[3], from the table queries.def. */
#ifndef KM_SHELL_QUERIES_H
#define KM_SHELL_QUERIES_H

#include "session/session.h"
#include "shell/diag.h"

/* Members and indexes that a path can have. */
#define QUERIES_STEPS 8

/* A piece of a path as written: `.name`, or `[index]` if name is NULL. */
struct query_step {
	const char *name;
	struct value index; /* borrowed */
	size_t start; /* where it stands in the text */
};

struct query_info {
	const char *path;
	bool (*get)(const void *query, struct value *v, struct status *st);
	const char *meaning; /* N_() */
};

/* All queries; *count of them. */
const struct query_info *queries_table(size_t *count);

/* Does a path begin with this name? */
bool queries_is_root(const char *name);

/*
 * Answers the longest query that `steps` begin with; *used of them were taken.
 * *v is the caller's.  false: there is no such query, or an index is out of
 * range, as the diag says.
 */
bool queries_get(const struct session *s, const struct query_step *steps, size_t count, size_t *used, struct value *v,
		 struct diag *diag);

/* Tells what may follow these steps: names, and "[" for an index. */
void queries_next(const struct machine *m, const struct query_step *steps, size_t count,
		  void (*found)(void *context, const char *name), void *context);

#endif
