/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages that can be reclaimed: lists, kswapd, direct reclaim, swap, writeback, shrinkers, the killer. */
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/cma.h"
#include "phys/compact.h"
#include "phys/kswapd.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/migrate.h"
#include "phys/oom.h"
#include "phys/page_alloc.h"
#include "phys/shrinker.h"
#include "phys/swap.h"
#include "phys/vmscan.h"
#include "phys/writeback.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char *const kernels[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };

static struct machine m;
static struct phys *p = &m.phys;
static struct status st;
static u32 brought;

static void boot(const char *name, const char *setting)
{
	struct machine_desc desc;

	st = (struct status)STATUS_INIT;
	ck_assert_msg(desc_load(&desc, name, &st) && desc_set(&desc, "mem=64M", &st) &&
			  desc_set(&desc, "allocator=none", &st) && (!setting || desc_set(&desc, setting, &st)),
		      "%s", st.message);
	ck_assert_msg(machine_boot(&m, &desc, NULL, &st), "%s", st.message);
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

static unsigned owner(enum owner_kind kind, const char *name)
{
	unsigned n = mapping_make(p, kind, name, &st);

	ck_assert_msg(n != OWNER_NOBODY, "%s", st.message);
	return n;
}

static unsigned file(const char *name)
{
	return owner(OWNER_FILE, name);
}

static struct owner *about(unsigned n)
{
	return &p->reclaim->owner[n];
}

static pfn_t page_of(unsigned n, u32 index)
{
	const struct place *place = mapping_place(p, n, index);

	return place->state == PLACE_MEMORY ? place->value : PFN_NONE;
}

static bool is_active(unsigned n, u32 index)
{
	return page_find(p, page_of(n, index))->lru.flags & LRU_IS_ACTIVE;
}

static u64 free_pages(void)
{
	u64 sum = 0;

	for (unsigned z = 0; z < m.config.zones; z++)
		sum += p->zone[z].free;
	return sum;
}

/* ------------------------------------------------------------- lists */

START_TEST(second_use_activates)
{
	unsigned log;

	boot(kernels[_i], NULL);
	log = file("log");
	ck_assert_int_eq(mapping_read(p, log, 0, 10, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 10);
	ck_assert(!is_active(log, 3));
	ck_assert_int_eq(mapping_read(p, log, 3, 1, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 0);
	ck_assert(is_active(log, 3));
	ck_assert(!is_active(log, 4));
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_PGACTIVATE), 1);
	halt();
}
END_TEST

/* Writing is a use in 2.6.18, and none in 6.1. */
START_TEST(writing_and_use)
{
	unsigned out;

	boot(kernels[_i], NULL);
	out = file("out");
	mapping_write(p, out, 0, 1, &brought);
	mapping_write(p, out, 0, 1, &brought);
	ck_assert_int_eq(is_active(out, 0), _i == 0);
	ck_assert_uint_eq(reclaim_dirty(p), 1);
	halt();
}
END_TEST

/* Anonymous pages begin active in 2.6.18, inactive in 6.1. */
START_TEST(anonymous_begin)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	editor = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, editor, 0, 5, &brought);
	ck_assert_uint_eq(brought, 5);
	ck_assert_int_eq(is_active(editor, 0), _i == 0);
	ck_assert_uint_eq(reclaim_anon(p), 5);
	ck_assert_uint_eq(mapping_end(p, editor), 5);
	ck_assert_uint_eq(reclaim_anon(p), 0);
	halt();
}
END_TEST

/* ------------------------------------------------------------- reclaim */

/* A file twice as large as memory is read to the end; the oldest pages go, the youngest stay. */
START_TEST(file_larger_than_memory)
{
	unsigned log;

	boot(kernels[_i], NULL);
	log = file("log");
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	ck_assert_int_eq(mapping_read(p, log, 0, 32768, &brought), USE_DONE);
	ck_assert_uint_eq(brought, 32768);
	ck_assert_uint_eq(page_of(log, 0), PFN_NONE);
	ck_assert_uint_ne(page_of(log, 32767), PFN_NONE);
	ck_assert_uint_gt(about(log)->present, 10000);
	ck_assert_uint_gt(reclaim_counted(p, -1, VM_PGSTEAL_DIRECT), 16000);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_PGSTEAL_KSWAPD), 0);
	halt();
}
END_TEST

/* It is woken below low, sleeps while the command lasts, and ends above high in one zone at least. */
START_TEST(kswapd_after_a_command)
{
	unsigned high = 0;

	boot(kernels[_i], NULL);
	mapping_read(p, file("log"), 0, 20000, &brought);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_IDLE;
	kswapd_command_ended(p);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_OFF;
	kswapd_let_time_pass(p, 1000);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 1);
	p->reclaim->kswapd_mode = KSWAPD_AUTO;
	kswapd_command_ended(p);
	ck_assert_uint_eq(p->reclaim->kswapd[0].awake, 0);
	for (unsigned z = 0; z < m.config.zones; z++)
		high += p->zone[z].free > p->zone[z].wmark[WMARK_HIGH];
	ck_assert_uint_ge(high, _i == 0 ? m.config.zones : 1);
	ck_assert_uint_eq(p->reclaim->now_ms, 1000);
	halt();
}
END_TEST

/* Mixing types raises watermarks; kswapd lowers them again. */
START_TEST(kswapd_lowers_boosts)
{
	boot("x86_64-6.1-slub", NULL);
	p->zone[1].boost = 100;
	kswapd_wake_boosted(p, 1);
	kswapd_let_time_pass(p, 1);
	ck_assert_uint_eq(p->zone[1].boost, 0);
	halt();
}
END_TEST

START_TEST(drop_caches)
{
	unsigned log, out;

	boot(kernels[_i], NULL);
	log = file("log");
	out = file("out");
	mapping_read(p, log, 0, 100, &brought);
	mapping_write(p, out, 0, 50, &brought);
	ck_assert_uint_eq(vmscan_drop_caches(p), 100);
	ck_assert_uint_eq(about(log)->present, 0);
	ck_assert_uint_eq(about(out)->present, 50);
	ck_assert_uint_eq(writeback_all(p), 50);
	ck_assert_uint_eq(vmscan_drop_caches(p), 50);
	ck_assert_uint_eq(reclaim_file(p), 0);
	halt();
}
END_TEST

/* Who makes more pages dirty than the limit waits; what is dirty for 30 seconds is written. */
START_TEST(dirty_limits)
{
	unsigned out, note;
	u64 limit, background;

	boot(kernels[_i], NULL);
	out = file("out");
	writeback_limits(p, &limit, &background);
	ck_assert_uint_lt(background, limit);
	mapping_write(p, out, 0, (u32)limit * 2, &brought);
	writeback_limits(p, &limit, &background);
	ck_assert_uint_le(reclaim_dirty(p), limit + RECLAIM_CLUSTER);
	writeback_all(p);
	note = file("note");
	mapping_write(p, note, 0, 3, &brought);
	kswapd_let_time_pass(p, 29000);
	ck_assert_uint_eq(about(note)->dirty, 3);
	kswapd_let_time_pass(p, 1000);
	ck_assert_uint_eq(about(note)->dirty, 0);
	halt();
}
END_TEST

/* A page that comes back soon is active at once; its eviction was a loss. */
START_TEST(refault)
{
	unsigned log;

	boot("x86_64-6.1-slub", NULL);
	mapping_read(p, file("keep"), 0, 1000, &brought);
	mapping_read(p, file("keep"), 0, 1000, &brought);
	log = file("log");
	mapping_read(p, log, 0, 10, &brought);
	vmscan_drop_clean(p, page_of(log, 5));
	mapping_read(p, log, 5, 1, &brought);
	ck_assert_uint_eq(brought, 1);
	ck_assert(is_active(log, 5));
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_REFAULT_FILE), 1);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_ACTIVATE_FILE), 1);
	halt();
}
END_TEST

/* ------------------------------------------------------------- swap */

START_TEST(swap_out_and_in)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	ck_assert(swap_on(p, 8192, &st));
	editor = owner(OWNER_PROCESS, "editor");
	ck_assert_int_eq(mapping_touch(p, editor, 0, 18000, &brought), USE_DONE);
	ck_assert_uint_gt(about(editor)->swapped, 1000);
	ck_assert_uint_eq(about(editor)->swapped + about(editor)->present, 18000);
	ck_assert_uint_ge(p->reclaim->swap_used, about(editor)->swapped);
	ck_assert_msg(invariants_hold(&m, &st), "%s", st.message);
	ck_assert(!swap_off(p, &st));
	for (u32 index = 0; index < 18000; index++) {
		if (mapping_place(p, editor, index)->state != PLACE_SWAP)
			continue;
		ck_assert_int_eq(mapping_touch(p, editor, index, 1, &brought), USE_DONE);
		ck_assert_uint_eq(brought, 1);
		break;
	}
	ck_assert_uint_ge(reclaim_counted(p, -1, VM_PSWPIN), 1);
	mapping_end(p, editor);
	ck_assert_uint_eq(p->reclaim->swap_used, 0);
	ck_assert(swap_off(p, &st));
	ck_assert(!swap_off(p, &st));
	halt();
}
END_TEST

/* ------------------------------------------------------------- masks */

/* Fills memory with what cannot be reclaimed without writing. */
static void fill_with_anon(unsigned process)
{
	mapping_touch(p, process, 0, 8000, &brought);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
}

START_TEST(masks_and_the_killer)
{
	unsigned editor;

	boot(kernels[_i], NULL);
	editor = owner(OWNER_PROCESS, "editor");
	fill_with_anon(editor);
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL") | p->gfp->noretry, 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 0);
	/* Without the file system nobody is killed: it would wait for ever. */
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_NOFS"), 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 1);
	ck_assert_uint_eq(page_alloc(p, gfp("GFP_NOIO") | p->gfp->nofail, 0), PFN_NONE);
	ck_assert_uint_eq(p->reclaim->hung, 1);
	if (_i)
		ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL") | p->gfp->retry, 0), PFN_NONE);
	/* In 6.1 a large block is no reason to kill. */
	if (_i)
		ck_assert_uint_eq(page_alloc(p, gfp("GFP_KERNEL"), 4), PFN_NONE);
	/* Who frees memory must not reclaim. */
	p->state->memalloc = 1;
	while (page_alloc(p, gfp("GFP_KERNEL"), 0) != PFN_NONE)
		continue;
	p->state->memalloc = 0;
	ck_assert_uint_eq(about(editor)->present, 8000);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_OOM_KILL), 0);
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 0), PFN_NONE);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_OOM_KILL), 1);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "editor"), OWNER_NOBODY);
	halt();
}
END_TEST

/* A request that may do I/O waits for dirty pages to be written; one that may not gets none of them. */
START_TEST(dirty_pages_and_masks)
{
	boot(kernels[_i], NULL);
	p->reclaim->dirty_ratio = 100;
	mapping_write(p, file("out"), 0, 3000, &brought);
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 0) != PFN_NONE)
		continue;
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 0), PFN_NONE);
	ck_assert_uint_gt(reclaim_counted(p, -1, VM_PGPGOUT), 0);
	halt();
}
END_TEST

/* ------------------------------------------------------------- the killer */

START_TEST(the_largest_is_killed)
{
	unsigned small, large;

	boot(kernels[_i], NULL);
	small = owner(OWNER_PROCESS, "small");
	large = owner(OWNER_PROCESS, "large");
	mapping_touch(p, small, 0, 1000, &brought);
	mapping_touch(p, large, 0, 3000, &brought);
	ck_assert_int_gt(oom_points(p, large), oom_points(p, small));
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_KILLED);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "large"), OWNER_NOBODY);
	about(small)->oom_adj = oom_adj_least(p);
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_NO_VICTIM);
	about(small)->oom_adj = 0;
	p->reclaim->panic_on_oom = 1;
	ck_assert_int_eq(oom_kill(p, gfp("GFP_KERNEL"), 0), OOM_PANIC);
	halt();
}
END_TEST

START_TEST(points_of_2_6)
{
	unsigned n;

	boot("i386-2.6.18", NULL);
	n = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, n, 0, 1600, &brought);
	ck_assert_int_eq(oom_points(p, n), 1600);
	about(n)->nice = 5;
	ck_assert_int_eq(oom_points(p, n), 3200);
	about(n)->uid = 0;
	ck_assert_int_eq(oom_points(p, n), 200);
	about(n)->oom_adj = 3;
	ck_assert_int_eq(oom_points(p, n), 1600);
	about(n)->oom_adj = -3;
	ck_assert_int_eq(oom_points(p, n), 25);
	about(n)->oom_adj = about(n)->nice = 0;
	about(n)->uid = 1000;
	/* 16 units of computing, of 1024 ticks of 10 ms each, count as 4; 16 units of 1024 seconds running as 2. */
	about(n)->cpu_ms = 16 * 10240;
	ck_assert_int_eq(oom_points(p, n), 400);
	p->reclaim->now_ms = 16 * 1024 * 1000;
	ck_assert_int_eq(oom_points(p, n), 200);
	halt();
}
END_TEST

START_TEST(points_of_6_1)
{
	unsigned n;
	s64 total = 0;

	boot("x86_64-6.1-slub", NULL);
	n = owner(OWNER_PROCESS, "editor");
	mapping_touch(p, n, 0, 1600, &brought);
	ck_assert_int_eq(oom_points(p, n), 1600);
	for (unsigned z = 0; z < m.config.zones; z++)
		total += p->zone[z].managed;
	about(n)->oom_adj = 500;
	ck_assert_int_eq(oom_points(p, n), 1600 + 500 * (total / 1000));
	ck_assert_int_eq(oom_score(p, n), (1000 + (1600 + 500 * (total / 1000)) * 1000 / total) * 2 / 3);
	about(n)->oom_adj = -1000;
	ck_assert_int_eq(oom_score(p, n), 0);
	halt();
}
END_TEST

/* A process that asks for more than there is is killed itself, if it is the largest. */
START_TEST(asker_killed)
{
	unsigned hog;

	boot(kernels[_i], NULL);
	hog = owner(OWNER_PROCESS, "hog");
	ck_assert_int_eq(mapping_touch(p, hog, 0, 20000, &brought), USE_KILLED);
	ck_assert_uint_gt(brought, 10000);
	ck_assert_uint_eq(mapping_find(p, OWNER_PROCESS, "hog"), OWNER_NOBODY);
	ck_assert_uint_eq(reclaim_anon(p), 0);
	halt();
}
END_TEST

/* ------------------------------------------------------------- shrinkers */

static u64 objects, asked, calls;

#define OWNER 7

static u64 count_objects(void *context, u32 owner)
{
	ck_assert_ptr_eq(context, p);
	ck_assert_uint_eq(owner, OWNER);
	return objects;
}

/* Gives up what it is asked for, ten to a page; without __GFP_FS nothing. */
static u64 scan_objects(void *context, u32 owner, gfp_t mask, u64 wanted, u64 *pages)
{
	ck_assert_ptr_eq(context, p);
	ck_assert_uint_eq(owner, OWNER);
	if (!(mask & p->gfp->fs))
		return SHRINKER_STOP;
	wanted = wanted < objects ? wanted : objects;
	asked += wanted;
	calls++;
	objects -= wanted;
	*pages += wanted / 10;
	return wanted;
}

static void own_shrinker(u32 seeks, u64 count)
{
	p->shrinker_calls = (struct shrinker_calls){ count_objects, scan_objects, p };
	ck_assert(shrinker_register(p, OWNER, seeks));
	ck_assert_ptr_eq(shrinker_of(p, OWNER), &p->reclaim->shrinker[0]);
	objects = count;
	asked = calls = 0;
}

START_TEST(shrinkers)
{
	boot(kernels[_i], NULL);
	ck_assert(!vmscan_can_help(p, gfp("GFP_KERNEL")));
	own_shrinker(2, 4096);
	ck_assert(vmscan_can_help(p, gfp("GFP_KERNEL")));
	ck_assert(!vmscan_can_help(p, gfp("GFP_NOFS")));
	/* Twice the share of the lists that was looked at, in batches of 128. */
	ck_assert_uint_eq(shrinker_run_by_share(p, gfp("GFP_KERNEL"), 1000, 15999), 4 * 12);
	ck_assert_uint_eq(asked, 2000 * 4096 / 16000 / 128 * 128);
	ck_assert_uint_eq(calls, asked / 128);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_SLABS_SCANNED), asked);
	objects = 4096;
	asked = p->reclaim->shrinker[0].deferred = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 4);
	ck_assert_uint_eq(asked, 4096 / 16 * 2);
	/* What is less than a batch waits for more. */
	asked = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 12);
	ck_assert_uint_eq(asked, 0);
	shrinker_drop(p);
	ck_assert_uint_eq(objects, 0);
	shrinker_unregister(p, OWNER);
	ck_assert_ptr_null(shrinker_of(p, OWNER));
	objects = 4096;
	ck_assert(!vmscan_can_help(p, gfp("GFP_KERNEL")));
	halt();
}
END_TEST

/* Who may not enter a file system gets nothing; what was due stays due. */
START_TEST(shrinker_without_fs)
{
	boot(kernels[_i], NULL);
	own_shrinker(2, 1024);
	shrinker_run_by_share(p, gfp("GFP_NOFS"), 1000, 1999);
	ck_assert_uint_eq(asked, 0);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 1024);
	shrinker_run_by_priority(p, gfp("GFP_NOFS"), 2);
	ck_assert_uint_eq(asked, 0);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 1024 + 512);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_SLABS_SCANNED), 0);
	halt();
}
END_TEST

/* Objects that cost twice the work are asked for half as often; on 6.1 those that cost none go by halves. */
START_TEST(shrinker_seeks)
{
	boot(kernels[_i], NULL);
	own_shrinker(4, 8192);
	shrinker_run_by_share(p, gfp("GFP_KERNEL"), 1000, 3999);
	ck_assert_uint_eq(asked, 2048);
	objects = 8192;
	asked = p->reclaim->shrinker[0].deferred = 0;
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 2);
	ck_assert_uint_eq(asked, 2048);
	shrinker_unregister(p, OWNER);
	own_shrinker(0, 4096);
	shrinker_run_by_priority(p, gfp("GFP_KERNEL"), 12);
	ck_assert_uint_eq(asked, 2048);
	halt();
}
END_TEST

/* Never more than twice what there is, and in the order in which they registered. */
START_TEST(shrinker_table)
{
	boot(kernels[_i], NULL);
	own_shrinker(1, 300);
	p->reclaim->shrinker[0].deferred = 100000;
	shrinker_run_by_share(p, gfp("GFP_NOFS"), 1, 100);
	ck_assert_uint_eq(p->reclaim->shrinker[0].deferred, 600);
	for (u32 n = 1; n < PHYS_SHRINKERS; n++)
		ck_assert(shrinker_register(p, OWNER + n, 2));
	ck_assert(!shrinker_register(p, 1000, 2));
	shrinker_unregister(p, OWNER + 3);
	ck_assert(shrinker_register(p, 1000, 2));
	ck_assert_uint_eq(p->reclaim->shrinker[3].owner, OWNER + 4);
	ck_assert_uint_eq(p->reclaim->shrinker[PHYS_SHRINKERS - 1].owner, 1000);
	halt();
}
END_TEST

/* ------------------------------------------------------------- moving */

/* A page that moves is found at its new place, at the head of its list, as active as it was. */
START_TEST(moved)
{
	unsigned log;
	pfn_t to, from;

	boot(kernels[_i], NULL);
	log = file("log");
	mapping_read(p, log, 0, 3, &brought);
	mapping_read(p, log, 1, 1, &brought);
	from = page_of(log, 1);
	ck_assert(migrate_is_movable(p, from));
	to = page_alloc(p, gfp("GFP_KERNEL"), 0);
	migrate_page(p, from, to);
	ck_assert_uint_eq(page_of(log, 1), to);
	ck_assert(is_active(log, 1));
	ck_assert_uint_eq(about(log)->present, 3);
	ck_assert(!page_free(p, to, 0, &st));
	ck_assert_ptr_nonnull(strstr(st.message, "belongs to a file"));
	halt();
}
END_TEST

/* An area that files borrow from is emptied: clean pages are dropped, the others move. */
START_TEST(area_emptied)
{
	unsigned log, editor;

	boot("i386-6.1-slab", "cma=16M");
	log = file("log");
	editor = owner(OWNER_PROCESS, "editor");
	mapping_read(p, log, 0, 4000, &brought);
	mapping_touch(p, editor, 0, 4000, &brought);
	ck_assert_uint_eq(cma_alloc(p, 0, m.config.cma[0].count, 0), m.config.cma[0].base_pfn);
	ck_assert_uint_eq(about(editor)->present, 4000);
	ck_assert_uint_lt(about(log)->present, 4000);
	halt();
}
END_TEST

/* Memory enough, but every other page of it is in use: compaction makes a large block, and nothing is killed. */
START_TEST(compaction_for_a_request)
{
	unsigned editor, log;

	boot("x86_64-6.1-slub", NULL);
	editor = owner(OWNER_PROCESS, "editor");
	log = file("log");
	for (u32 index = 0; index < 6000; index++) {
		mapping_read(p, log, index, 1, &brought);
		mapping_touch(p, editor, index, 1, &brought);
	}
	for (u32 index = 0; index < 6000; index++)
		if (page_of(log, index) != PFN_NONE)
			vmscan_drop_clean(p, page_of(log, index));
	while (page_alloc(p, gfp("GFP_NOWAIT") | p->gfp->nowarn, 2) != PFN_NONE)
		continue;
	ck_assert_uint_gt(free_pages(), 4000);
	ck_assert_uint_ne(page_alloc(p, gfp("GFP_KERNEL"), 7), PFN_NONE);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_COMPACT_STALL), 1);
	ck_assert_uint_eq(reclaim_counted(p, -1, VM_COMPACT_SUCCESS), 1);
	ck_assert_uint_eq(about(editor)->present, 6000);
	halt();
}
END_TEST

/* ------------------------------------------------------------- copies */

START_TEST(copies)
{
	struct machine copy;
	u64 hash;

	boot(kernels[_i], NULL);
	ck_assert(swap_on(p, 1000, &st));
	mapping_read(p, file("log"), 0, 20000, &brought);
	mapping_touch(p, owner(OWNER_PROCESS, "editor"), 0, 300, &brought);
	ck_assert(machine_clone(&copy, &m, &st));
	hash = machine_hash(&m);
	ck_assert_uint_eq(machine_hash(&copy), hash);
	ck_assert_msg(invariants_hold(&copy, &st), "%s", st.message);
	lru_mark_accessed(&copy.phys,
			  copy.phys.lruvec[0].list[reclaim_by_zone(p) ? LRU_INACTIVE : LRU_INACTIVE_FILE].head);
	ck_assert_uint_ne(machine_hash(&copy), hash);
	ck_assert_uint_eq(machine_hash(&m), hash);
	machine_free(&copy);
	halt();
}
END_TEST

/* What is replayed has nothing to reclaim, and so nothing is. */
START_TEST(none)
{
	struct machine_desc desc;

	ck_assert(desc_load(&desc, "textbook-1M", &st) && machine_boot(&m, &desc, NULL, &st));
	ck_assert(!reclaim_exists(p));
	ck_assert_uint_eq(reclaim_file(p), 0);
	ck_assert_uint_gt(free_pages(), 0);
	halt();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reclaim");
	TCase *tc = tcase_create("reclaim");
	SRunner *runner = srunner_create(suite);
	int failed, all = sizeof kernels / sizeof *kernels;

	tcase_add_loop_test(tc, second_use_activates, 0, all);
	tcase_add_loop_test(tc, writing_and_use, 0, all);
	tcase_add_loop_test(tc, anonymous_begin, 0, all);
	tcase_add_loop_test(tc, file_larger_than_memory, 0, all);
	tcase_add_loop_test(tc, kswapd_after_a_command, 0, all);
	tcase_add_test(tc, kswapd_lowers_boosts);
	tcase_add_loop_test(tc, drop_caches, 0, all);
	tcase_add_loop_test(tc, dirty_limits, 0, all);
	tcase_add_test(tc, refault);
	tcase_add_loop_test(tc, swap_out_and_in, 0, all);
	tcase_add_loop_test(tc, masks_and_the_killer, 0, all);
	tcase_add_loop_test(tc, dirty_pages_and_masks, 0, all);
	tcase_add_loop_test(tc, the_largest_is_killed, 0, all);
	tcase_add_test(tc, points_of_2_6);
	tcase_add_test(tc, points_of_6_1);
	tcase_add_loop_test(tc, asker_killed, 0, all);
	tcase_add_loop_test(tc, shrinkers, 0, all);
	tcase_add_loop_test(tc, shrinker_without_fs, 0, all);
	tcase_add_loop_test(tc, shrinker_seeks, 0, all);
	tcase_add_loop_test(tc, shrinker_table, 0, all);
	tcase_add_loop_test(tc, moved, 0, all);
	tcase_add_test(tc, area_emptied);
	tcase_add_test(tc, compaction_for_a_request);
	tcase_add_loop_test(tc, copies, 0, all);
	tcase_add_test(tc, none);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
