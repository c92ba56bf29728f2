/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reclaim that must not leave anything behind: failures of kswapd, names of those who ended, an emptied swap area. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/fallback.h"
#include "phys/kswapd.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/oom.h"
#include "phys/page.h"
#include "phys/page_alloc.h"
#include "phys/swap.h"
#include "phys/vmscan.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct machine m;
static struct phys *const p = &m.phys;
static struct status st;
static u32 brought;

static void boot(const char *name)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st) &&
			  desc_set(&desc, "allocator=none", &st) && machine_boot(&m, &desc, NULL, &st),
		      "%s", st.message);
}

static void halt(void)
{
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	machine_free(&m);
}

static gfp_t gfp(const char *name)
{
	gfp_t value = 0;

	ck_assert(gfp_by_name(m.config.gfp, name, &value));
	return value;
}

static unsigned process(const char *name)
{
	unsigned n = mapping_make(p, OWNER_PROCESS, name, &st);

	ck_assert_msg(n != OWNER_NOBODY, "%s", st.message);
	return n;
}

/* Woken, but the memory came back before it ran: that is no failure. With nothing to free it is one. */
START_TEST(failures)
{
	struct kswapd *k;

	boot("x86_64-6.1-slub");
	k = &p->reclaim->kswapd[0];
	for (unsigned i = 0; i < 20; i++) {
		k->awake = 1;
		k->highest_zone = PHYS_ZONE_TYPES - 1;
		kswapd_run(p);
	}
	ck_assert_uint_eq(k->failures, 0);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	ck_assert_uint_eq(k->awake, 1);
	kswapd_run(p);
	ck_assert_uint_eq(k->failures, 1);
	halt();
}
END_TEST

/* What happened names a process after it has ended, whoever came then. */
START_TEST(names_of_the_ended)
{
	struct strbuf text = STRBUF_INIT;
	struct event_names names;
	struct event ended = { EV_OWNER_ENDED, { 0, 3 } }, points = { EV_OOM_POINTS, { 0, (u64)-900 } };
	u64 before;

	boot("i386-2.6.18");
	names = phys_names(p);
	ck_assert_uint_eq(process("editor"), 0);
	mapping_end(p, 0);
	before = machine_hash(&m);
	ck_assert_uint_eq(process("httpd"), 1);
	event_sentence(&ended, &names, &text);
	event_sentence(&points, &names, &text);
	ck_assert_ptr_nonnull(strstr(strbuf_str(&text), "editor ends"));
	ck_assert_ptr_nonnull(strstr(strbuf_str(&text), "editor has -900 points"));
	strbuf_free(&text);
	mapping_end(p, 1);
	/* Another place is the next: that must show. */
	ck_assert_uint_ne(machine_hash(&m), before);
	for (unsigned n = 2; n < RECLAIM_OWNERS; n++)
		ck_assert_uint_eq(process((char[]){ 'p', (char)('0' + n / 64), (char)('0' + n % 64), 0 }), n);
	ck_assert_uint_eq(process("last"), 0);
	halt();
}
END_TEST

/* Half of memory is mapped, and nothing else can be had: the first direct reclaim must get to it by itself. */
START_TEST(distress_within_a_reclaim)
{
	unsigned editor;

	boot("i386-2.6.18");
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	editor = process("editor");
	ck_assert(swap_on(p, 16384, &st));
	mapping_touch(p, editor, 0, 6000, &brought);
	for (u32 n = 0; n < brought; n++)
		lru_change(p, mapping_place(p, editor, n)->value, 0, LRU_YOUNG);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	ck_assert_uint_gt(vmscan_direct(p, gfp("GFP_KERNEL"), 0, PHYS_ZONE_TYPES - 1), 0);
	halt();
}
END_TEST

/* __GFP_NORETRY goes before __GFP_NOFAIL in 2.6.18. */
START_TEST(no_retry_without_fail)
{
	boot("i386-2.6.18");
	mapping_touch(p, process("editor"), 0, 1000, &brought);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_NOFS") | p->gfp->noretry | p->gfp->nofail, 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 0);
	halt();
}
END_TEST

/* What is brought back makes reclaim write a page whose slot is still to be freed. */
START_TEST(area_emptied_in_need)
{
	pfn_t out, cached;
	unsigned editor;

	boot("i386-2.6.18");
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	editor = process("editor");
	ck_assert(swap_on(p, 1024, &st));
	mapping_touch(p, editor, 0, 2, &brought);
	out = mapping_place(p, editor, 0)->value;
	cached = mapping_place(p, editor, 1)->value;
	ck_assert(swap_add(p, out) && swap_add(p, cached));
	lru_take(p, out);
	mapping_set_clean(p, out);
	mapping_evict(p, out);
	ck_assert_uint_eq(p->reclaim->owner[editor].swapped, 1);
	mapping_read(p, mapping_make(p, OWNER_FILE, "log", &st), 0, 64, &brought);
	lru_take(p, cached);
	lru_change(p, cached, 0, LRU_IS_ACTIVE | LRU_YOUNG);
	lru_put(p, cached, AT_TAIL);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	for (unsigned z = 0; z < m.config.zones; z++)
		p->lruvec[z].scan_inactive = 64;
	ck_assert_msg(swap_off(p, &st), "%s", st.message);
	ck_assert_uint_gt(reclaim_counted(p, -1, VM_PSWPOUT), 0);
	ck_assert_uint_eq(p->reclaim->swap_used, 0);
	halt();
}
END_TEST

/* Less is counted as reserved than a page block has: giving one up leaves none, not a number below zero. */
START_TEST(reserve_given_up)
{
	struct request rq;
	unsigned zone;
	pfn_t pfn;

	boot("x86_64-6.1-slub");
	pfn = page_alloc(p, gfp("GFP_ATOMIC"), 2);
	ck_assert_uint_ne(pfn, PFN_NONE);
	zone = (unsigned)phys_zone_of(p, pfn);
	fallback_reserve_highatomic(p, zone, pfn);
	ck_assert_uint_gt(p->zone[zone].highatomic, 1);
	p->zone[zone].highatomic = 1;
	request_first(p, gfp("GFP_KERNEL"), 0, &rq);
	ck_assert(fallback_unreserve_highatomic(p, &rq, true));
	ck_assert_uint_eq(p->zone[zone].highatomic, 0);
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kswapd");
	TCase *tc = tcase_create("kswapd");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, failures);
	tcase_add_test(tc, names_of_the_ended);
	tcase_add_test(tc, distress_within_a_reclaim);
	tcase_add_test(tc, no_retry_without_fail);
	tcase_add_test(tc, area_emptied_in_need);
	tcase_add_test(tc, reserve_given_up);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
