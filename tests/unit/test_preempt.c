/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contexts: what may be entered where, what is told of requests that may sleep, and whose rights count. */
#include "machine/machine.h"
#include "phys/page_alloc.h"
#include "phys/preempt.h"
#include "phys/request.h"

#include <check.h>
#include <stdlib.h>

static struct machine m;
static struct phys *p;
static struct status st;
static unsigned told;

static void boot(const char *name)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert(desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st));
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
	p = &m.phys;
}

static gfp_t gfp(const char *name)
{
	gfp_t value;

	ck_assert(gfp_by_name(p->config->gfp, name, &value));
	return value;
}

START_TEST(contexts_nest_and_come_back)
{
	u32 a, b, c;

	boot("i386-2.6.18");
	ck_assert(preempt_may_sleep(p));
	ck_assert(preempt_enter(p, PREEMPT_ATOMIC, &a, &st));
	ck_assert_int_eq(preempt_context(p), PREEMPT_ATOMIC);
	ck_assert(!preempt_may_sleep(p) && !preempt_in_interrupt(p));
	ck_assert(preempt_enter(p, PREEMPT_SOFTIRQ, &b, &st));
	ck_assert_int_eq(preempt_context(p), PREEMPT_SOFTIRQ);
	ck_assert(!preempt_enter(p, PREEMPT_SOFTIRQ, &c, &st));
	ck_assert(preempt_enter(p, PREEMPT_IRQ, &c, &st));
	ck_assert_int_eq(preempt_context(p), PREEMPT_IRQ);
	ck_assert_uint_eq(p->state->preempt_count, 0x10101);
	preempt_leave(p, c);
	ck_assert_int_eq(preempt_context(p), PREEMPT_SOFTIRQ);
	preempt_leave(p, b);
	preempt_leave(p, a);
	ck_assert(preempt_may_sleep(p));
	machine_free(&m);
}
END_TEST

START_TEST(handlers_nest_in_old_kernels_only)
{
	u32 a, b;

	boot("i386-2.6.18");
	ck_assert(preempt_enter(p, PREEMPT_IRQ, &a, &st) && !preempt_irqs_disabled(p));
	ck_assert(preempt_enter(p, PREEMPT_IRQ, &b, &st) && preempt_check(p, &st));
	machine_free(&m);
	boot("x86_64-6.1-slub");
	ck_assert(preempt_enter(p, PREEMPT_IRQ, &a, &st) && preempt_irqs_disabled(p));
	ck_assert(!preempt_enter(p, PREEMPT_IRQ, &b, &st));
	ck_assert_uint_eq(p->state->preempt_count, b);
	machine_free(&m);
}
END_TEST

static void count(void *context, const struct event *e)
{
	(void)context;
	told += e->kind == EV_SLEEP_IN_ATOMIC || e->kind == EV_SLEEP_IN_SOFTIRQ || e->kind == EV_SLEEP_IN_IRQ;
}

START_TEST(sleeping_requests_are_told_and_served)
{
	struct observer observer = { count, NULL };
	u32 before;

	for (int k = PREEMPT_ATOMIC; k <= PREEMPT_IRQ; k++) {
		boot("x86_64-6.1-slub");
		told = 0;
		p->observer = &observer;
		ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 0), PFN_NONE);
		ck_assert_uint_eq(told, 0);
		ck_assert(preempt_enter(p, (enum preempt_context)k, &before, &st));
		ck_assert_uint_ne(page_alloc(p, gfp("GFP_ATOMIC"), 0), PFN_NONE);
		ck_assert_uint_ne(page_alloc(p, gfp("GFP_NOWAIT"), 0), PFN_NONE);
		ck_assert_uint_eq(told, 0);
		ck_assert_uint_ne(page_alloc(p, gfp("GFP_NOIO"), 0), PFN_NONE);
		ck_assert_uint_eq(told, 1);
		machine_free(&m);
	}
}
END_TEST

/* PF_MEMALLOC and a realtime policy are of the task that was interrupted, not of the handler. */
START_TEST(rights_of_the_task_do_not_count_in_interrupts)
{
	struct request rq;
	u32 before;

	boot("i386-2.6.18");
	p->state->memalloc = p->state->realtime = 1;
	request_first(p, gfp("GFP_KERNEL"), 0, &rq);
	request_dig(p, &rq);
	ck_assert(rq.may_use_harder && request_may_drain(p, &rq));
	ck_assert(preempt_enter(p, PREEMPT_ATOMIC, &before, &st));
	request_dig(p, &rq);
	ck_assert(rq.may_use_harder && request_may_drain(p, &rq));
	ck_assert(preempt_enter(p, PREEMPT_IRQ, &before, &st));
	request_dig(p, &rq);
	ck_assert(!rq.may_use_harder && !request_may_drain(p, &rq));
	machine_free(&m);
}
END_TEST

START_TEST(the_context_is_part_of_the_state)
{
	u64 hash;
	u32 before;

	boot("i386-2.6.18");
	hash = machine_hash(&m);
	ck_assert(preempt_enter(p, PREEMPT_ATOMIC, &before, &st));
	ck_assert_uint_ne(machine_hash(&m), hash);
	preempt_leave(p, before);
	ck_assert_uint_eq(machine_hash(&m), hash);
	machine_free(&m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt");
	TCase *tests = tcase_create("preempt");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, contexts_nest_and_come_back);
	tcase_add_test(tests, handlers_nest_in_old_kernels_only);
	tcase_add_test(tests, sleeping_requests_are_told_and_served);
	tcase_add_test(tests, rights_of_the_task_do_not_count_in_interrupts);
	tcase_add_test(tests, the_context_is_part_of_the_state);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
