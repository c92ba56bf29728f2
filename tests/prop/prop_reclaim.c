/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lists of pages that can be reclaimed, under random use of files and
 * processes, against the simplest model there is: arrays of pages, youngest
 * first.  Use must put and activate as in the model, page for page; reclaim of
 * clean files must take from the tail of the inactive list and from nowhere
 * else; whoever comes and goes must leave nothing behind; and the invariants
 * hold after every operation.
 *
 * SEED=n repeats a run, OPS=n sets its length.
 */
#include "base/rng.h"
#include "machine/invariants.h"
#include "machine/machine.h"
#include "phys/kswapd.h"
#include "phys/lru.h"
#include "phys/mapping.h"
#include "phys/page_alloc.h"
#include "phys/swap.h"
#include "phys/vmscan.h"
#include "phys/writeback.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 6
#define FILE_PAGES 64
#define LISTED (FILES * FILE_PAGES)
#define ENOUGH 128 /* inactive pages, of which a run of reclaim takes less than all */

/* A list of the model: which page of which file. */
struct naive_list {
	struct naive_page {
		unsigned file;
		u32 index;
	} page[LISTED];
	u32 count;
};

struct run {
	struct machine m;
	struct rng rng;
	unsigned file[FILES];
	bool referenced[FILES][FILE_PAGES];
	/* What 6.1 remembers of a page that was taken: how many went or became active before it, and 1. */
	u32 evicted[FILES][FILE_PAGES];
	u32 age;
	struct naive_list inactive, active;
	u64 reclaimed, activated, refaults, killed, swapped;
	char wrong[256];
};

static bool wrong(struct run *r, const char *what, u64 number)
{
	if (!r->wrong[0])
		snprintf(r->wrong, sizeof r->wrong, "%s: %" PRIu64, what, number);
	return false;
}

/* ------------------------------------------------------------- the model */

static int find(const struct naive_list *l, unsigned file, u32 index)
{
	for (u32 i = 0; i < l->count; i++)
		if (l->page[i].file == file && l->page[i].index == index)
			return (int)i;
	return -1;
}

static void take(struct naive_list *l, u32 at)
{
	l->count--;
	memmove(&l->page[at], &l->page[at + 1], (l->count - at) * sizeof *l->page);
}

static void put(struct naive_list *l, unsigned file, u32 index)
{
	memmove(&l->page[1], &l->page[0], l->count * sizeof *l->page);
	l->page[0] = (struct naive_page){ file, index };
	l->count++;
}

/* A page is brought in: had it stayed if as many more were inactive as are active? */
static bool comes_back_active(struct run *r, unsigned file, u32 index)
{
	u32 evicted = r->evicted[file][index];

	r->evicted[file][index] = 0;
	if (reclaim_by_zone(&r->m.phys) || !evicted || r->age - (evicted - 1) > r->active.count)
		return false;
	r->age++;
	r->refaults++;
	return true;
}

/* A page is read: new ones to the head of the inactive list, the second use of one makes it active. */
static void model_read(struct run *r, unsigned file, u32 index)
{
	int at = find(&r->inactive, file, index);

	if (at < 0 && find(&r->active, file, index) < 0) {
		put(comes_back_active(r, file, index) ? &r->active : &r->inactive, file, index);
		r->referenced[file][index] = true;
	} else if (!r->referenced[file][index]) {
		r->referenced[file][index] = true;
	} else if (at >= 0) {
		take(&r->inactive, (u32)at);
		put(&r->active, file, index);
		r->referenced[file][index] = false;
		r->activated++;
		r->age++;
	}
}

static void model_forget(struct run *r, unsigned file)
{
	memset(r->evicted[file], 0, sizeof r->evicted[file]);
	for (u32 i = r->inactive.count; i-- > 0;)
		if (r->inactive.page[i].file == file)
			take(&r->inactive, i);
	for (u32 i = r->active.count; i-- > 0;)
		if (r->active.page[i].file == file)
			take(&r->active, i);
}

/* ------------------------------------------------------------- comparing */

/* The machine has one zone's worth of files: all pages are taken from the highest zone. */
static const struct block_list *real_list(const struct run *r, bool active)
{
	const struct phys *p = &r->m.phys;

	if (reclaim_by_zone(p))
		return &p->lruvec[r->m.config.zones - 1].list[active ? LRU_ACTIVE : LRU_INACTIVE];
	return &p->lruvec[0].list[active ? LRU_ACTIVE_FILE : LRU_INACTIVE_FILE];
}

static bool same(struct run *r, const struct naive_list *l, bool active)
{
	const struct phys *p = &r->m.phys;
	const struct block_list *list = real_list(r, active);
	pfn_t pfn = list->head;

	if (list->count != l->count)
		return wrong(r, active ? "length of the active list" : "length of the inactive list", list->count);
	for (u32 i = 0; i < l->count; i++, pfn = blocklist_next(p, 0, pfn)) {
		const struct page_lru *lru = &page_find(p, pfn)->lru;

		if (lru->mapping != r->file[l->page[i].file] || lru->index != l->page[i].index)
			return wrong(r, active ? "another page is active at" : "another page is inactive at", i);
	}
	return true;
}

/* ------------------------------------------------------------- operations */

static bool make_file(struct run *r, unsigned n)
{
	struct status st = STATUS_INIT;
	char name[8];

	snprintf(name, sizeof name, "f%u", n);
	r->file[n] = mapping_make(&r->m.phys, OWNER_FILE, name, &st);
	return r->file[n] != OWNER_NOBODY || wrong(r, "no file", n);
}

static bool read_some(struct run *r)
{
	unsigned n = (unsigned)rng_below(&r->rng, FILES);
	u32 from = (u32)rng_below(&r->rng, FILE_PAGES), pages = 1 + (u32)rng_below(&r->rng, FILE_PAGES - from), brought;

	if (mapping_read(&r->m.phys, r->file[n], from, pages, &brought) != USE_DONE)
		return wrong(r, "no memory to read", n);
	for (u32 index = from; index < from + pages; index++)
		model_read(r, n, index);
	return true;
}

static bool remove_one(struct run *r)
{
	unsigned n = (unsigned)rng_below(&r->rng, FILES);

	mapping_end(&r->m.phys, r->file[n]);
	model_forget(r, n);
	return make_file(r, n);
}

/* Lists of the model as they are in the machine now: reclaim may have made active pages inactive. */
static void learn(struct run *r, struct naive_list *l, bool active)
{
	const struct phys *p = &r->m.phys;

	l->count = 0;
	for (pfn_t pfn = real_list(r, active)->head; pfn != PFN_NONE; pfn = blocklist_next(p, 0, pfn)) {
		const struct page_lru *lru = &page_find(p, pfn)->lru;
		unsigned n = 0;

		while (r->file[n] != lru->mapping)
			n++;
		l->page[l->count++] = (struct naive_page){ n, lru->index };
		r->referenced[n][lru->index] = lru->flags & LRU_REFERENCED;
	}
}

static bool is_in_memory(const struct run *r, const struct naive_page *page)
{
	return mapping_place(&r->m.phys, r->file[page->file], page->index)->state == PLACE_MEMORY;
}

/* What is gone must be the tail of the inactive list as it was: clean pages of files are not spared for having been
 * read. */
static bool reclaim(struct run *r)
{
	struct phys *p = &r->m.phys;
	u32 before = r->inactive.count, gone = 0;

	/* Of fewer pages it might come to those that it has just made inactive. */
	if (before < ENOUGH)
		return true;
	vmscan_direct(p, p->gfp->wait | p->gfp->io | p->gfp->fs, 0, p->config->gfp_zone[0]);
	while (gone < before && !is_in_memory(r, &r->inactive.page[before - 1 - gone])) {
		const struct naive_page *page = &r->inactive.page[before - 1 - gone++];

		r->evicted[page->file][page->index] = ++r->age;
	}
	for (u32 i = 0; i + gone < before; i++)
		if (!is_in_memory(r, &r->inactive.page[i]))
			return wrong(r, "a page was taken that is not at the tail", i);
	r->reclaimed += gone;
	learn(r, &r->inactive, false);
	learn(r, &r->active, true);
	return true;
}

static bool exact_step(struct run *r)
{
	bool ok;

	switch (rng_below(&r->rng, 8)) {
	case 0:
		ok = remove_one(r);
		break;
	case 1:
		ok = reclaim(r);
		break;
	default:
		ok = read_some(r);
	}
	return ok && same(r, &r->inactive, false) && same(r, &r->active, true);
}

/* Everything together, with memory nearly full: nothing may be lost. */
static bool wild_step(struct run *r)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	struct phys *p = &r->m.phys;
	struct status st = STATUS_INIT;
	const char *name = names[rng_below(&r->rng, ARRAY_SIZE(names))];
	u32 from = (u32)rng_below(&r->rng, 14000), pages = 1 + (u32)rng_below(&r->rng, 5000), brought;
	unsigned process = mapping_make(p, OWNER_PROCESS, name, &st), file = mapping_make(p, OWNER_FILE, name, &st);
	pfn_t pfn;

	switch (rng_below(&r->rng, 9)) {
	case 0:
	case 1:
		r->killed += mapping_touch(p, process, from, pages, &brought) == USE_KILLED;
		break;
	case 2:
		mapping_read(p, file, from, pages, &brought);
		break;
	case 3:
		mapping_write(p, file, from, pages, &brought);
		break;
	case 4:
		mapping_end(p, rng_below(&r->rng, 2) ? process : file);
		break;
	case 5:
		kswapd_let_time_pass(p, rng_below(&r->rng, 20000));
		break;
	case 6:
		if (!swap_on(p, 3000, &st))
			swap_off(p, &st);
		break;
	case 7:
		pfn = page_alloc(p, p->gfp->wait | p->gfp->io | p->gfp->fs | p->gfp->kswapd,
				 (unsigned)rng_below(&r->rng, 6));
		if (pfn != PFN_NONE && !page_free(p, pfn, p->frame[pfn].order, &st))
			return wrong(r, "it cannot be given back", pfn);
		break;
	default:
		kswapd_command_ended(p);
		vmscan_drop_caches(p);
	}
	r->swapped = reclaim_counted(p, -1, VM_PSWPOUT);
	return true;
}

/* ------------------------------------------------------------- running */

static bool boot(struct run *r, const char *machine)
{
	struct machine_desc desc;
	struct status st = STATUS_INIT;

	if (desc_load(&desc, machine, &st) && desc_set(&desc, "mem=64M", &st) &&
	    desc_set(&desc, "allocator=none", &st) && machine_boot(&r->m, &desc, NULL, &st))
		return true;
	snprintf(r->wrong, sizeof r->wrong, "%.200s", st.message);
	return false;
}

static bool one_run(struct run *r, const char *machine, u64 ops, bool wild)
{
	bool ok = boot(r, machine);

	for (unsigned n = 0; ok && !wild && n < FILES; n++)
		ok = make_file(r, n);
	for (u64 op = 0; ok && op < ops; op++) {
		struct status st = STATUS_INIT;

		ok = wild ? wild_step(r) : exact_step(r);
		if (ok && !invariants_hold(&r->m, &st)) {
			snprintf(r->wrong, sizeof r->wrong, "op %" PRIu64 ": %.200s", op, st.message);
			ok = false;
		}
	}
	machine_free(&r->m);
	return ok;
}

int main(void)
{
	static const char *const machines[] = { "i386-2.6.18", "i386-6.1-slab", "x86_64-6.1-slub" };
	u64 seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 0) : 1;
	u64 ops = getenv("OPS") ? strtoull(getenv("OPS"), NULL, 0) : 300;
	static struct run r;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(machines); i++) {
		const char *machine = machines[i / 2];

		memset(&r, 0, sizeof r);
		r.rng.state = seed;
		if (!one_run(&r, machine, ops, i % 2)) {
			printf("%s, SEED=%" PRIu64 ": %s\n", machine, seed, r.wrong);
			return EXIT_FAILURE;
		}
		printf("%s, seed %" PRIu64 ", %" PRIu64 " operations: %" PRIu64 " reclaimed, %" PRIu64
		       " activated, %" PRIu64 " soon back, %" PRIu64 " killed, %" PRIu64 " swapped\n",
		       machine, seed, ops, r.reclaimed, r.activated, r.refaults, r.killed, r.swapped);
	}
	return EXIT_SUCCESS;
}
