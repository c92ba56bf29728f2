/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions that answer the queries of queries.def, one each. */
#ifndef KM_SHELL_ANSWERS_H
#define KM_SHELL_ANSWERS_H

#include "session/session.h"

/* A question whose numbers are known and in range. */
struct query {
	const struct session *session;
	const struct machine *machine;
	unsigned zone, type, cpu;
	unsigned owner; /* of pages: a file or a process */
	const struct kmem_cache *cache;
	const char *tunable; /* of /proc/sys/vm, as written */
	u64 index; /* order, page frame, or number of a list */
};

/* `query` is a struct query. *v is VALUE_NONE before, and the caller's after. false: what this machine has not. */
#define QUERY(path, function, meaning) bool answers_##function(const void *query, struct value *v, struct status *st);
#include "shell/queries.def"
#undef QUERY

#endif
