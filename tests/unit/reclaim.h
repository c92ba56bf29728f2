/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of reclaim share: a machine of 64 MiB without small objects, and its files and processes. */
#ifndef KM_TESTS_UNIT_RECLAIM_H
#define KM_TESTS_UNIT_RECLAIM_H

#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/mapping.h"
#include "phys/page_alloc.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char *const kernels[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

static struct machine m;
static struct phys *p = &m.phys;
static struct status st;

static inline void boot(const char *name, const char *setting)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st) &&
			  desc_set(&desc, "allocator=none", &st) && (!setting || desc_set(&desc, setting, &st)),
		      "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
}

static inline void halt(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static inline gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert(gfp_by_name(m.config.gfp, name, &value));
	return value;
}

static inline unsigned owner(enum owner_kind kind, const char *name)
{
	unsigned n = mapping_make(p, kind, name, &st);

	ck_assert_msg(n != OWNER_NOBODY, "%s", st.message);
	return n;
}

static inline unsigned file(const char *name)
{
	return owner(OWNER_FILE, name);
}

static inline struct owner *about(unsigned n)
{
	return &p->reclaim->owner[n];
}

/* Runs all of the suite; what main() returns. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
