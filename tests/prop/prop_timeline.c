/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time travel: random commands, some of which fail half way, with undo, redo,
 * goto and a past that is now and then too dear to keep.  Beside the session
 * stands the list of hashes that it had after each command: wherever it goes,
 * it must be as it was there, and so must its variables.  At the end the same
 * commands, done once and in order by another session, give the same state.
 *
 * SEED=n repeats a run, OPS=n sets its length (a machine).
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "phys/page_alloc.h"
#include "session/session.h"
#include "tests/prop/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMANDS 600
#define NAMES 24

struct run {
	struct session s;
	struct rng rng;
	u64 hash[COMMANDS + 1]; /* after so many commands */
	u64 sum[COMMANDS + 1]; /* of the variables */
	size_t known; /* commands that were done and not overwritten */
	struct status st;
};

/*
 * The language: "get NAME ORDER", "put NAME", "cpu N", "drain", and "spoil N",
 * which takes N pages and then fails.
 */
static bool do_command(void *context, const char *text, struct status *st)
{
	struct session *s = context;
	struct phys *p = &s->machine.phys;
	const struct value *v;
	unsigned number;
	char name[8];

	if (sscanf(text, "get %7s %u", name, &number) == 2)
		return vars_set(&s->vars, name, value_page(page_alloc(p, 0, number)));
	if (sscanf(text, "put %7s", name) == 1) {
		v = vars_get(&s->vars, name);
		if (!v || value_is_null(v))
			return status_fail(st, STATUS_INVALID, "there is no %s", name);
		return page_free(p, (pfn_t)v->number, p->frame[v->number].order, st) &&
		       vars_set(&s->vars, name, value_page(PFN_NONE));
	}
	if (sscanf(text, "cpu %u", &number) == 1) {
		p->state->cpu = number;
		return true;
	}
	if (sscanf(text, "spoil %u", &number) == 1) {
		for (unsigned i = 0; i < number; i++)
			vars_set(&s->vars, "spoilt", value_page(page_alloc(p, 0, 0)));
		return status_fail(st, STATUS_INVALID, "spoilt");
	}
	page_drain_local(p);
	return true;
}

static u64 sum_of_variables(const struct session *s)
{
	u64 sum = vars_count(&s->vars);

	for (size_t i = 0; i < vars_count(&s->vars); i++)
		sum = sum * 31 + (u64)vars_get(&s->vars, vars_name(&s->vars, i))->number;
	return sum;
}

static bool is_as_it_was(struct run *r)
{
	size_t n = session_number(&r->s);

	return machine_hash(&r->s.machine) == r->hash[n] && sum_of_variables(&r->s) == r->sum[n] &&
	       invariants_hold(&r->s.machine, &r->st);
}

static void make_command(struct run *r, char text[32])
{
	u64 what = rng_below(&r->rng, 100), name = rng_below(&r->rng, NAMES);

	if (what < 50)
		snprintf(text, 32, "get v%u %u", (unsigned)name, (unsigned)rng_below(&r->rng, 5));
	else if (what < 85)
		snprintf(text, 32, "put v%u", (unsigned)name);
	else if (what < 90)
		snprintf(text, 32, "cpu %u", (unsigned)rng_below(&r->rng, r->s.machine.config.cpus));
	else if (what < 95)
		snprintf(text, 32, "drain");
	else
		snprintf(text, 32, "spoil %u", (unsigned)rng_below(&r->rng, 200));
}

/* A new command: it counts, or it has changed nothing. */
static bool command(struct run *r)
{
	struct status why = STATUS_INIT;
	char text[32];
	bool ok;

	if (session_number(&r->s) == COMMANDS)
		return session_goto(&r->s, COMMANDS / 2, &r->st) && is_as_it_was(r);
	make_command(r, text);
	if (!session_begin(&r->s, text, &r->st))
		return false;
	ok = do_command(&r->s, text, &why);
	if (!session_end(&r->s, ok, &r->st))
		return false;
	if (!ok)
		return is_as_it_was(r);
	r->known = session_number(&r->s);
	r->hash[r->known] = machine_hash(&r->s.machine);
	r->sum[r->known] = sum_of_variables(&r->s);
	return r->s.count == r->known;
}

static bool travel(struct run *r)
{
	size_t at = session_number(&r->s);
	bool ok;

	switch (rng_below(&r->rng, 8)) {
	case 0:
		ok = session_goto(&r->s, rng_below(&r->rng, r->known + 1), &r->st);
		break;
	case 1:
	case 2:
	case 3:
		ok = at == r->known || session_redo(&r->s, 1 + rng_below(&r->rng, r->known - at), &r->st);
		break;
	default:
		at = at > 9 ? 9 : at;
		ok = !at || session_undo(&r->s, 1 + rng_below(&r->rng, at), &r->st);
	}
	return ok && r->s.count == r->known && is_as_it_was(r);
}

/* Another session that never went back arrives at the same state. */
static bool straight_on(struct run *r)
{
	struct session other;
	bool same = session_open(&other, &r->s.desc, r->s.seed, &r->st);

	for (size_t n = 1; same && n <= session_number(&r->s); n++) {
		const char *text = session_command(&r->s, n)->text;

		same = session_begin(&other, text, &r->st) && do_command(&other, text, &r->st) &&
		       session_end(&other, true, &r->st) && machine_hash(&other.machine) == r->hash[n];
	}
	session_close(&other);
	return same;
}

static bool run(const char *name, const char *setting, u64 seed, u64 operations)
{
	struct run *r = calloc(1, sizeof *r);
	struct machine_desc desc;
	u64 i = 0;
	bool good = r && desc_load(&desc, name, &r->st) && desc_set(&desc, setting, &r->st) &&
		    desc_set(&desc, "cpus=3", &r->st) && session_open(&r->s, &desc, seed, &r->st);

	if (good) {
		r->rng.state = seed;
		r->s.run = do_command;
		r->s.run_context = &r->s;
		r->hash[0] = machine_hash(&r->s.machine);
		r->sum[0] = sum_of_variables(&r->s);
	}
	for (; good && i < operations; i++) {
		/* So little that only the last commands can be kept; or nothing; or all. */
		if (i % 500 == 0)
			r->s.past_budget = i % 1000 ? SESSION_PAST_BUDGET : rng_below(&r->rng, 3) * 100 * 1024;
		good = rng_below(&r->rng, 10) ? command(r) : travel(r);
	}
	good = good && straight_on(r);
	if (!good)
		printf("%s: after operation %" PRIu64 " of SEED=%" PRIu64 " the state is not what it was: %s\n", name,
		       i, seed, r ? r->st.message : "out of memory");
	if (r)
		session_close(&r->s);
	free(r);
	return good;
}

int main(void)
{
	u64 seed = from_environment("SEED", 1986), operations = from_environment("OPS", 3000);
	bool good = true;

	printf("SEED=%" PRIu64 " OPS=%" PRIu64 "\n", seed, operations);
	good = run("i386-2.6.18", "mem=32M", seed, operations) && good;
	good = run("x86_64-6.1-slub", "mem=64M", seed + 1, operations) && good;
	good = run("textbook-1M", "mem=512K", seed + 2, operations) && good;
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
