/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frame of tests that corrupt a sound machine, one kind of state at a time:
 * each corruption is done to a copy, of which the walk over the invariants must
 * say so.  Each test has a struct subject that begins with the machine.
 */
#ifndef KM_TESTS_MUTATE_MUTATE_H
#define KM_TESTS_MUTATE_MUTATE_H

#include "machine/invariants.h"
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>

struct subject;

struct mutation {
	const char *name;
	void (*corrupt)(struct subject *s);
};

/* MUTATIONS(MUTATE_FUNCTION) makes the functions, MUTATIONS(MUTATE_NAMED) the entries of a table. */
#define MUTATE_FUNCTION(name, statement)         \
	static void do_##name(struct subject *s) \
	{                                        \
		statement;                       \
	}
#define MUTATE_NAMED(name, statement) { #name, do_##name },

static inline void mutate_die(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(EXIT_FAILURE);
}

/*
 * Corrupts copies of `machine`; `look` makes of a copy the subject that is
 * corrupted, whose machine is *copy.  Returns how many were not noticed.
 */
static inline unsigned mutate_all(const char *name, const struct machine *machine, struct machine *copy,
				  struct subject *(*look)(void), const struct mutation *mutations, size_t count)
{
	unsigned missed = 0;

	for (size_t k = 0; k < count; k++) {
		struct status st = STATUS_INIT;

		if (!machine_clone(copy, machine, &st) || !invariants_hold(copy, &st))
			mutate_die(st.message);
		mutations[k].corrupt(look());
		if (invariants_hold(copy, &st)) {
			printf("%s: missed: %s\n", name, mutations[k].name);
			missed++;
		} else if (getenv("VERBOSE")) {
			printf("%s: %s: %s\n", name, mutations[k].name, st.message);
		}
		machine_free(copy);
	}
	return missed;
}

#endif
